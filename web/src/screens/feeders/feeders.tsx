// feeders.tsx: outside systems whose books are taken: the register, trouble first, and one feeder with its runs, what of
// it stands in suspense, and what that may mean.
import type { Column, Row, Table } from "../../api/types";
import { addressOf } from "../../api/client";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { Tabs } from "../../components/Tabs";
import { day, integer, lookUp, percent, t, tn, type Key } from "../../i18n";
import { useRead } from "../../load";
import { query, setQuery } from "../../router";
import { seesAll } from "../../session";
import { text } from "../../table";
import type { ScreenProps } from "..";
import { Pull } from "./pull";
import { daysSince, momentOf, OutcomeTag, shareOf, StandingTag, standingOf, STANDINGS } from "./standing";

const here = (feeder: string) => `/feeders/${encodeURIComponent(feeder)}`;

/* The register ---------------------------------------------------------------------------------- */

const EXTRA: Column[] = ["standing", "share"].map((name) => ({ name, kind: "text", for_machines: false }));
const REGISTER = ["title", "standing", "answered", "due", "share", "suspense", "run"];

function register(table: Table): Table {
  const rows = table.rows
    .map((row) => ({ ...row, standing: standingOf(row), share: shareOf(row) }) as Row)
    .sort((one, other) => STANDINGS.indexOf(standingOf(one)) - STANDINGS.indexOf(standingOf(other)));
  return { ...table, columns: [...table.columns, ...EXTRA], rows, levels: [], strong: [], headings: [] };
}

function Late(props: { row: Row }) {
  const hours = Number(props.row["late_h"] ?? 0);
  return hours > 0 ? (
    <>
      <br />
      <span class="quiet small">{hours >= 48 ? tn("feeders.late_days", Math.floor(hours / 24)) : tn("feeders.late_hours", hours)}</span>
    </>
  ) : null;
}

function registerCell(row: Row, column: Column) {
  const feeder = text(row, "feeder");
  switch (column.name) {
    case "title":
      return <a href={here(feeder)}>{text(row, "title") || feeder}</a>;
    case "standing":
      return <StandingTag standing={standingOf(row)} />;
    case "answered":
      return (
        <>
          {momentOf(text(row, "answered")) || t("feeders.never_answered")}
          <Late row={row} />
        </>
      );
    case "due":
      return text(row, "state") === "active" ? momentOf(text(row, "due")) || t("feeders.due_now") : "";
    case "run":
      return row["run"] ? (
        <a href={`${here(feeder)}/runs/${row["run"]}`} aria-label={t("feeders.run_of", { run: String(row["run"]), feeder })}>
          {String(row["run"])}
        </a>
      ) : (
        ""
      );
    default:
      return undefined;
  }
}

function Summary(props: { table: Table }) {
  const counts = STANDINGS.map((standing) => [standing, props.table.rows.filter((row) => standingOf(row) === standing).length] as const);
  return (
    <ul class="counts">
      {counts
        .filter(([, count]) => count > 0)
        .map(([standing, count]) => (
          <li>
            <StandingTag standing={standing} /> <strong>{integer(count)}</strong>
          </li>
        ))}
    </ul>
  );
}

export function FeedersScreen() {
  const { data, failure, isLoading, again } = useRead("/v1/feeders");
  return (
    <>
      <h1 tabIndex={-1}>{t("feeders.title")}</h1>
      <p>{t("feeders.about")}</p>
      {seesAll() && <Pull onEnd={again} />}
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {data === undefined && isLoading && <Spinner />}
      {data && data.rows.length === 0 && (
        <Empty title={t("feeders.none")}>
          <p>{t("feeders.none_text")}</p>
        </Empty>
      )}
      {data && data.rows.length > 0 && (
        <>
          <Summary table={data} />
          <DataTable table={register(data)} caption={t("feeders.register")} isCaptionUnseen columns={REGISTER} cell={registerCell} keepsEmpty titles={titles()} />
        </>
      )}
    </>
  );
}

const OWN = ["answered", "due", "share", "run", "standing", "suspense", "title", "began", "outcome", "rows", "value", "posted", "reversed", "unchanged", "code", "since", "proposed", "score", "reasons"];

function titles(): Record<string, string> {
  return Object.fromEntries(OWN.map((name) => [name, t(`feeders.column.${name}` as Key)]));
}

/* One feeder ------------------------------------------------------------------------------------ */

function Facts(props: { row: Row }) {
  const { row } = props;
  const every = text(row, "every");
  const facts: [Key, preact.ComponentChildren][] = [
    ["feeders.fact.standing", <StandingTag standing={standingOf(row)} />],
    ["feeders.fact.answered", <>{momentOf(text(row, "answered")) || t("feeders.never_answered")}<Late row={row} /></>],
    ["feeders.fact.due", `${momentOf(text(row, "due")) || t("feeders.due_now")} (${lookUp(`feeders.every.${every}`) ?? every})`],
    ["feeders.fact.breaker", t(text(row, "breaker") === "open" ? "feeders.breaker.open" : "feeders.breaker.closed", { failures: integer(Number(row["failures"] ?? 0)) })],
    ["feeders.fact.entities", text(row, "entities")],
    ["feeders.fact.connector", text(row, "connector")],
    ["feeders.fact.documents", t("feeders.fact.documents_of", { documents: integer(Number(row["documents"] ?? 0)), certified: integer(Number(row["certified"] ?? 0)) })],
    ["feeders.fact.share", shareOf(row) || t("feeders.nothing_looked_up")],
  ];
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <>
          <dt>{t(label)}</dt>
          <dd>{value}</dd>
        </>
      ))}
      {text(row, "note") !== "" && (
        <>
          <dt>{t("feeders.fact.note")}</dt>
          <dd>{text(row, "note")}</dd>
        </>
      )}
    </dl>
  );
}

const RUNS = ["run", "began", "outcome", "document", "rows", "value", "share", "posted", "reversed", "unchanged"];

function Runs(props: { feeder: string }) {
  const { data, failure, again } = useRead("/v1/runs", { query: { feeder: props.feeder } });
  if (!data) {
    return failure !== null ? <Failure failure={failure} onRetry={again} /> : <Spinner />;
  }
  const rows = data.rows.map((row) => ({ ...row, share: shareOf(row) }) as Row);
  const cell = (row: Row, column: Column) => {
    switch (column.name) {
      case "run":
        return (
          <a href={`${here(props.feeder)}/runs/${row["run"]}`} aria-label={t("feeders.run", { run: String(row["run"]) })}>
            {String(row["run"])}
          </a>
        );
      case "began":
        return momentOf(text(row, "began"));
      case "outcome":
        return (
          <>
            <OutcomeTag outcome={text(row, "outcome")} />
            {text(row, "reason") !== "" && <span class="why small">{text(row, "reason")}</span>}
          </>
        );
      default:
        return undefined;
    }
  };
  return rows.length === 0 ? (
    <Empty title={t("feeders.no_runs")} />
  ) : (
    <DataTable table={{ ...data, rows, columns: [...data.columns, ...EXTRA] }} caption={t("feeders.runs")} isCaptionUnseen columns={RUNS} cell={cell} titles={titles()} />
  );
}

/* A code once, its proposals below each other. */
function proposalCell(row: Row, column: Column) {
  const isFirst = Number(row["rank"] ?? 0) <= 1;
  switch (column.name) {
    case "code":
      return isFirst ? (
        <>
          {text(row, "code")} <span class="quiet">{text(row, "title")}</span>
        </>
      ) : (
        <span class="unseen">{text(row, "code")}</span>
      );
    case "value":
    case "rows":
      return isFirst ? undefined : "";
    case "since":
      return isFirst && text(row, "since") !== "" ? `${day(text(row, "since"))} (${tn("feeders.days", daysSince(text(row, "since")))})` : "";
    case "proposed":
      return row["rank"] ? (
        <>
          <strong>{text(row, "proposed") || t("feeders.no_class")}</strong> {text(row, "name")}
        </>
      ) : (
        <span class="quiet">{t("feeders.no_proposal")}</span>
      );
    case "score":
      return row["rank"] ? percent(Number(row["score"])) : "";
    case "reasons":
      return <span class="small">{text(row, "reasons")}</span>;
    default:
      return undefined;
  }
}

const PROPOSALS = ["code", "rows", "value", "since", "proposed", "score", "reasons"];

function Suspense(props: { feeder: string }) {
  const { data, failure, again } = useRead("/v1/feeders/{feeder}/proposals", { path: { feeder: props.feeder } });
  if (!data) {
    return failure !== null ? <Failure failure={failure} onRetry={again} /> : <Spinner label={t("feeders.looking")} />;
  }
  const tables = [...new Set(data.rows.map((row) => text(row, "table")))];
  return data.rows.length === 0 ? (
    <Empty title={t("feeders.all_known")} />
  ) : (
    <>
      <p>{t("feeders.suspense_about")}</p>
      {tables.map((table) => (
        <section>
          <h2>{t("feeders.missing_in", { table })}</h2>
          <DataTable table={{ ...data, rows: data.rows.filter((row) => text(row, "table") === table) }} caption={t("feeders.missing_in", { table })} isCaptionUnseen columns={PROPOSALS} cell={proposalCell} titles={titles()} />
          <p>
            <a class="button secondary" download href={addressOf("/v1/feeders/{feeder}/proposals/{table}", { path: { feeder: props.feeder, table } })}>
              {t("feeders.save_rows")}
            </a>
          </p>
        </section>
      ))}
      <p>
        {t("feeders.suspense_next")} <code>fisc feeder map {props.feeder} DIR --dry-run</code>
      </p>
    </>
  );
}

export function FeederScreen({ words }: ScreenProps) {
  const feeder = words.feeder ?? "";
  const { data, failure, again } = useRead("/v1/feeders");
  const row = data?.rows.find((each) => text(each, "feeder") === feeder);
  const chosen = query.value.part === "suspense" ? "suspense" : "runs";
  const tabs = [
    { id: "runs", label: t("feeders.runs") },
    { id: "suspense", label: t("feeders.suspense") },
  ];
  return (
    <>
      <p>
        <a href="/feeders">{t("feeders.back")}</a>
      </p>
      <h1 tabIndex={-1}>{(row && text(row, "title")) || feeder}</h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {data && !row && <Empty title={t("feeders.unknown")} />}
      {row && (
        <>
          <Facts row={row} />
          <Pull feeder={feeder} onEnd={again} />
          <Tabs label={t("feeders.parts")} tabs={tabs} chosen={chosen} onChoose={(id) => setQuery({ part: id === "runs" ? null : id }, "replace")}>
            {chosen === "runs" ? <Runs key={text(row, "run")} feeder={feeder} /> : <Suspense key={text(row, "run")} feeder={feeder} />}
          </Tabs>
          <Button onPress={again}>{t("feeders.again")}</Button>
        </>
      )}
    </>
  );
}
