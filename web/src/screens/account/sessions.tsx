// sessions.tsx: where one is signed in, and the end of all of it.
import { useEffect } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { ErrorSummary, Failure } from "../../components/ErrorSummary";
import { announce } from "../../components/live";
import { moment, t } from "../../i18n";
import { useRead } from "../../load";
import { leave, session } from "../../session";
import { useWork } from "./work";

interface Session {
  session: string;
  made_at: string;
  used_at: string;
  address: string;
  strong: string;
}

export function Sessions() {
  const list = useRead("/v1/sessions");
  const rows = (list.data?.rows ?? []) as unknown as Session[];
  const { complaints, isBusy, work } = useWork();
  const csrf = session.value?.csrf; // another one: a second factor was made, and other sessions have ended
  useEffect(list.again, [csrf]);
  const endAll = () =>
    work(async () => {
      await write("DELETE", "/v1/sessions/{session}", { path: { session: "all" }, withoutKey: true });
      announce(t("sessions.ended"));
      leave();
    });
  return (
    <section class="card" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t("sessions.title")}</h2>
      {list.failure !== null && <Failure failure={list.failure} onRetry={list.again} />}
      <ErrorSummary complaints={complaints} />
      <div class="table-frame" tabIndex={0} role="region" aria-labelledby="sessions-title">
        <table class="data">
          <thead>
            <tr>
              {(["began", "used", "address", "strong"] as const).map((name) => (
                <th scope="col">{t(`sessions.${name}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.session}>
                <td>{moment(row.made_at)}</td>
                <td>{moment(row.used_at)}</td>
                <td>{row.address}</td>
                <td>{t(row.strong === "yes" ? "sessions.yes" : "sessions.no")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="actions">
        <Button isBusy={isBusy} onPress={endAll}>
          {t("sessions.end_all")}
        </Button>
      </div>
    </section>
  );
}
