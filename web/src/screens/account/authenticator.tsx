// authenticator.tsx: the app that shows six digits: set up, or replaced by a new one.
import { useState } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { ErrorSummary } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { announce } from "../../components/live";
import { t } from "../../i18n";
import { hasFactor, strengthen } from "../../session";
import { useWork } from "./work";

export function Authenticator() {
  const [uri, setUri] = useState<string | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const has = hasFactor("totp");
  return (
    <section class="card" aria-labelledby="totp-title">
      <h2 id="totp-title">{t("totp.title")}</h2>
      <p>
        {t("totp.about")} {t(has ? "totp.have" : "totp.none")}
      </p>
      {codes.length > 0 && <Recovery codes={codes} />}
      {uri === null && codes.length === 0 && <Begin isReplaced={has} onBegun={setUri} />}
      {uri !== null && (
        <Confirm
          uri={uri}
          onDone={(given) => {
            setUri(null);
            setCodes(given);
          }}
        />
      )}
    </section>
  );
}

function Begin(props: { isReplaced: boolean; onBegun: (uri: string) => void }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const { complaints, setComplaints, isBusy, work, errorOf } = useWork("totp-password");
  const submit = (event: Event) => {
    event.preventDefault();
    if (password === "") {
      setComplaints([{ text: t("account.password_missing"), field: "totp-password" }]);
      return;
    }
    void work(async () => {
      const body = { password, ...(props.isReplaced ? { code: code.replace(/\s/g, "") } : {}) };
      setPassword("");
      setCode("");
      const begun = await write("POST", "/v1/totp", { body, withoutKey: true });
      props.onBegun(begun.uri ?? "");
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary complaints={complaints} />
      <Field id="totp-password" type="password" autoComplete="current-password" label={t("account.password_again")} error={errorOf("totp-password")} value={password} onInput={setPassword} />
      {props.isReplaced && <Field id="totp-old-code" label={t("totp.old_code")} value={code} onInput={setCode} inputMode="numeric" width="short" />}
      <div class="actions">
        <Button type="submit" isBusy={isBusy}>
          {t(props.isReplaced ? "totp.replace" : "totp.begin")}
        </Button>
      </div>
    </form>
  );
}

function Confirm(props: { uri: string; onDone: (codes: string[]) => void }) {
  const [code, setCode] = useState("");
  const { complaints, isBusy, work, errorOf } = useWork("totp-code");
  const key = new URL(props.uri).searchParams.get("secret") ?? "";
  const submit = (event: Event) => {
    event.preventDefault();
    void work(async () => {
      const plain = code.replace(/\s/g, "");
      setCode("");
      const done = await write("POST", "/v1/totp/confirmation", { body: { code: plain }, withoutKey: true });
      strengthen(done.csrf, "totp");
      announce(t("totp.done"));
      props.onDone((done.recovery_codes ?? []) as string[]);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary complaints={complaints} />
      <h3>{t("totp.key")}</h3>
      <p>{t("totp.key_hint")}</p>
      <p>
        <code class="mono" id="totp-key">
          {key.replace(/(.{4})(?=.)/g, "$1 ")}
        </code>
      </p>
      <p>
        <a href={props.uri}>{t("totp.link")}</a>
      </p>
      <Field id="totp-code" label={t("totp.first_code")} error={errorOf("totp-code")} value={code} onInput={setCode} inputMode="numeric" autoComplete="one-time-code" width="short" />
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t("totp.confirm")}
        </Button>
      </div>
    </form>
  );
}

function Recovery(props: { codes: string[] }) {
  return (
    <>
      <h3>{t("totp.recovery")}</h3>
      <p>{t("totp.recovery_about")}</p>
      <ul>
        {props.codes.map((code) => (
          <li key={code}>
            <code class="mono">{code}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
