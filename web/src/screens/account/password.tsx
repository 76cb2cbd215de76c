// password.tsx: another password. All sessions end with it, this one too: the sign-in screen comes next.
import { useState } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { ErrorSummary } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { t } from "../../i18n";
import { hasFactor, leave } from "../../session";
import { useWork } from "./work";

const PASSWORD_MIN = 15;

export function PasswordChange() {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const { complaints, setComplaints, isBusy, work, errorOf } = useWork("password-old");
  if (!hasFactor("password")) {
    return null;
  }
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = [
      ...(old ? [] : [{ text: t("account.password_missing"), field: "password-old" }]),
      ...([...fresh].length >= PASSWORD_MIN ? [] : [{ text: t("sign_in.own_short"), field: "password-new" }]),
      ...(fresh === again ? [] : [{ text: t("sign_in.own_differs"), field: "password-again" }]),
    ];
    if (wrong.length > 0) {
      setComplaints(wrong);
      return;
    }
    void work(async () => {
      await write("POST", "/v1/passwords", { body: { old, password: fresh }, withoutKey: true });
      leave();
    });
  };
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">{t("password.title")}</h2>
      <p>{t("password.about")}</p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary complaints={complaints} />
        <Field id="password-old" type="password" autoComplete="current-password" label={t("password.old")} error={errorOf("password-old")} value={old} onInput={setOld} />
        <Field id="password-new" type="password" autoComplete="new-password" label={t("sign_in.own")} hint={t("sign_in.own_hint")} error={errorOf("password-new")} value={fresh} onInput={setFresh} />
        <Field id="password-again" type="password" autoComplete="new-password" label={t("sign_in.own_again")} error={errorOf("password-again")} value={again} onInput={setAgain} />
        <div class="actions">
          <Button type="submit" isBusy={isBusy}>
            {t("password.change")}
          </Button>
        </div>
      </form>
    </section>
  );
}
