// passkeys.tsx: one's passkeys: which there are, a new one, one less.
import { useState } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorSummary, Failure } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { announce } from "../../components/live";
import { moment, t } from "../../i18n";
import { useRead } from "../../load";
import { canUsePasskeys, makePasskey } from "../../passkey";
import { hasFactor, strengthen, useWays } from "../../session";
import { useWork } from "./work";

interface Passkey {
  passkey: string;
  name: string;
  made_at: string;
}

export function Passkeys() {
  const list = useRead("/v1/passkeys");
  const rows = (list.data?.rows ?? []) as unknown as Passkey[];
  const ways = useWays();
  const isHere = ways?.passkey === true && canUsePasskeys();
  return (
    <section class="card" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{t("passkeys.title")}</h2>
      <p>{t("passkeys.about")}</p>
      {list.failure !== null && <Failure failure={list.failure} onRetry={list.again} />}
      {list.data !== undefined && rows.length === 0 && <p class="quiet">{t("passkeys.none")}</p>}
      {rows.length > 0 && <PasskeyTable rows={rows} onChange={list.again} />}
      {ways !== undefined && !isHere && <p class="quiet">{t("passkeys.elsewhere")}</p>}
      {isHere && <NewPasskey onDone={list.again} />}
    </section>
  );
}

function PasskeyTable(props: { rows: Passkey[]; onChange: () => void }) {
  const [doubted, setDoubted] = useState<Passkey | null>(null);
  return (
    <>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{t("passkeys.name")}</th>
            <th scope="col">{t("passkeys.made")}</th>
            <th scope="col">
              <span class="unseen">{t("passkeys.remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.passkey}>
              <th scope="row">{row.name}</th>
              <td>{moment(row.made_at)}</td>
              <td>
                <Button kind="plain" label={t("passkeys.remove_one", { name: row.name })} onPress={() => setDoubted(row)}>
                  {t("passkeys.remove")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {doubted && <Removal passkey={doubted} onClose={() => setDoubted(null)} onDone={props.onChange} />}
    </>
  );
}

function Removal(props: { passkey: Passkey; onClose: () => void; onDone: () => void }) {
  const { complaints, isBusy, work } = useWork();
  const { passkey, name } = props.passkey;
  const remove = () =>
    work(async () => {
      await write("DELETE", "/v1/passkeys/{passkey}", { path: { passkey }, withoutKey: true });
      announce(t("passkeys.removed", { name }));
      props.onClose();
      props.onDone();
    });
  return (
    <Dialog title={t("passkeys.remove")} onClose={props.onClose}>
      <ErrorSummary complaints={complaints} />
      <p>{t("passkeys.remove_sure", { name })}</p>
      <div class="actions">
        <Button kind="danger" isBusy={isBusy} onPress={remove}>
          {t("passkeys.remove")}
        </Button>
        <Button onPress={props.onClose}>{t("common.cancel")}</Button>
      </div>
    </Dialog>
  );
}

function NewPasskey(props: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { complaints, setComplaints, isBusy, work, errorOf } = useWork("passkey-password");
  const needsPassword = hasFactor("password");
  const submit = (event: Event) => {
    event.preventDefault();
    const missing = [
      ...(name.trim() ? [] : [{ text: t("passkeys.name_missing"), field: "passkey-name" }]),
      ...(password || !needsPassword ? [] : [{ text: t("account.password_missing"), field: "passkey-password" }]),
    ];
    if (missing.length > 0) {
      setComplaints(missing);
      return;
    }
    void work(async () => {
      const body = needsPassword ? { password } : {};
      setPassword("");
      const { options } = await write("POST", "/v1/passkeys/challenge", { body, withoutKey: true });
      const credential = await makePasskey(options);
      const made = await write("POST", "/v1/passkeys", { body: { name: name.trim(), credential }, withoutKey: true });
      strengthen(made.csrf, "passkey");
      setName("");
      announce(t("passkeys.added", { name: name.trim() }));
      props.onDone();
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary complaints={complaints} />
      <Field id="passkey-name" label={t("passkeys.name")} hint={t("passkeys.name_hint")} error={errorOf("passkey-name")} value={name} onInput={setName} maxLength={60} />
      {needsPassword && (
        <Field id="passkey-password" type="password" autoComplete="current-password" label={t("account.password_again")} error={errorOf("passkey-password")} value={password} onInput={setPassword} />
      )}
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t("passkeys.add")}
        </Button>
      </div>
    </form>
  );
}
