// tokens.tsx: what programs sign in with in one's name: made, shown once, taken back.
import { useState } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { ErrorSummary, Failure } from "../../components/ErrorSummary";
import { Field, Select } from "../../components/Field";
import { announce } from "../../components/live";
import { moment, t } from "../../i18n";
import { useRead } from "../../load";
import { useWork } from "./work";

const USES = ["read", "read,post", "read,post,approve"] as const;

interface Token {
  token: string;
  entity: string | null;
  uses: string;
  expires_at: string;
  used_at: string | null;
  state: string;
}

export function Tokens() {
  const list = useRead("/v1/tokens");
  const rows = (list.data?.rows ?? []) as unknown as Token[];
  return (
    <section class="card" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{t("tokens.title")}</h2>
      <p>{t("tokens.about")}</p>
      {list.failure !== null && <Failure failure={list.failure} onRetry={list.again} />}
      {list.data !== undefined && rows.length === 0 && <p class="quiet">{t("tokens.none")}</p>}
      {rows.length > 0 && <TokenTable rows={rows} onChange={list.again} />}
      <NewToken onDone={list.again} />
    </section>
  );
}

function TokenTable(props: { rows: Token[]; onChange: () => void }) {
  const { complaints, work } = useWork();
  const revoke = (name: string) =>
    work(async () => {
      await write("DELETE", "/v1/tokens/{token}", { path: { token: name }, withoutKey: true });
      announce(t("tokens.revoked", { name }));
      props.onChange();
    });
  return (
    <>
      <ErrorSummary complaints={complaints} />
      <div class="table-frame" tabIndex={0} role="region" aria-labelledby="tokens-title">
        <table class="data">
          <thead>
            <tr>
              {(["token", "uses", "entity", "expires", "used", "state"] as const).map((name) => (
                <th scope="col">{t(`tokens.${name}`)}</th>
              ))}
              <th scope="col">
                <span class="unseen">{t("tokens.revoke")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr key={row.token}>
                <th scope="row">{row.token}</th>
                <td>{row.uses}</td>
                <td>{row.entity ?? ""}</td>
                <td>{moment(row.expires_at)}</td>
                <td>{row.used_at ? moment(row.used_at) : t("tokens.never")}</td>
                <td>{row.state}</td>
                <td>
                  {row.state === "active" && (
                    <Button kind="plain" label={t("tokens.revoke_one", { name: row.token })} onPress={() => revoke(row.token)}>
                      {t("tokens.revoke")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function NewToken(props: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [uses, setUses] = useState<string>("read");
  const [expires, setExpires] = useState("");
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const { complaints, setComplaints, isBusy, work, errorOf } = useWork("token-name");
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === "") {
      setComplaints([{ text: t("passkeys.name_missing"), field: "token-name" }]);
      return;
    }
    void work(async () => {
      const body = { name: name.trim(), for: uses, ...(expires ? { expires } : {}) };
      const given = await write("POST", "/v1/tokens", { body, withoutKey: true });
      setMade({ name: name.trim(), token: given.token ?? "" });
      setName("");
      props.onDone();
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary complaints={complaints} />
      {made && (
        <div class="notice" role="status">
          <p>{t("tokens.made", { name: made.name })}</p>
          <p>
            <code class="mono">{made.token}</code>
          </p>
          <Button onPress={() => navigator.clipboard.writeText(made.token).then(() => announce(t("account.copied")))}>{t("account.copy")}</Button>
        </div>
      )}
      <div class="filters">
        <Field id="token-name" label={t("tokens.token")} hint={t("tokens.name_hint")} error={errorOf("token-name")} value={name} onInput={setName} maxLength={64} />
        <Select id="token-uses" label={t("tokens.uses")} value={uses} choices={USES.map((value) => ({ value, label: t(`tokens.for.${value}`) }))} onChange={setUses} />
        <Field id="token-expires" type="date" label={t("tokens.days")} isOptional value={expires} onInput={setExpires} />
      </div>
      <div class="actions">
        <Button type="submit" isBusy={isBusy}>
          {t("tokens.make")}
        </Button>
      </div>
    </form>
  );
}
