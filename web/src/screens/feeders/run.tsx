// run.tsx: one run: how far it came, why it is quarantined, what the source is told.
import { addressOf, Problem } from "../../api/client";
import type { Column, Row } from "../../api/types";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { integer, lookUp, money, t } from "../../i18n";
import { useRead } from "../../load";
import { text } from "../../table";
import type { ScreenProps } from "..";
import { momentOf, OutcomeTag, shareOf } from "./standing";

function Stages(props: { run: string }) {
  const { data, failure, again } = useRead("/v1/runs/{run}/stages", { path: { run: props.run } });
  if (!data) {
    return failure !== null ? <Failure failure={failure} onRetry={again} /> : <Spinner />;
  }
  return data.rows.length === 0 ? (
    <Empty title={t("feeders.no_stages")} />
  ) : (
    <ol class="stages">
      {data.rows.map((row) => (
        <li class={text(row, "stage") === "quarantined" ? "bad" : undefined}>
          <strong>{lookUp(`feeders.stage.${text(row, "stage")}`) ?? text(row, "stage")}</strong>{" "}
          <span class="quiet small">{momentOf(text(row, "at").slice(0, 19))}</span>
          {text(row, "detail") !== "" && <span class="why small">{text(row, "detail")}</span>}
        </li>
      ))}
    </ol>
  );
}

function rejectCell(row: Row, column: Column) {
  if (column.name === "line") {
    return row["line"] ? String(row["line"]) : t("feeders.whole_file");
  }
  if (column.name === "code") {
    return <code>{text(row, "code")}</code>;
  }
  if (column.name === "detail") {
    const [rule, detail] = [lookUp(`feeders.rule.${text(row, "code")}`), text(row, "detail")];
    return rule === undefined ? detail : `${rule} ${detail}`;
  }
  return undefined;
}

function rejectTitles(): Record<string, string> {
  return {
    file: t("feeders.column.file"),
    line: t("feeders.column.line"),
    field: t("feeders.column.field"),
    code: t("feeders.column.rule"),
    detail: t("feeders.column.detail"),
  };
}

function Rejects(props: { run: string }) {
  const path = { run: props.run };
  const { data, failure, again } = useRead("/v1/runs/{run}/rejects", { path });
  if (!data) {
    return failure !== null ? <Failure failure={failure} onRetry={again} /> : <Spinner />;
  }
  if (data.rows.length === 0) {
    return <p>{t("feeders.no_rejects")}</p>;
  }
  return (
    <>
      <p>
        <a class="button secondary" download href={addressOf("/v1/runs/{run}/rejects", { path, query: { format: "csv" } })}>
          {t("feeders.save_rejects")}
        </a>
      </p>
      <DataTable table={data} caption={t("feeders.rejects")} isCaptionUnseen columns={["file", "line", "field", "code", "detail"]} cell={rejectCell} titles={rejectTitles()} />
    </>
  );
}

/* What is signed is the very text: shown as it is. */
function Receipt(props: { run: string }) {
  const { data, failure, again } = useRead("/v1/runs/{run}/receipt", { path: { run: props.run } });
  if (!data) {
    const isNone = failure instanceof Problem && failure.status === 404;
    return isNone ? <p>{t("feeders.no_receipt")}</p> : failure !== null ? <Failure failure={failure} onRetry={again} /> : <Spinner />;
  }
  return (
    <>
      <pre class="receipt" tabIndex={0} aria-label={t("feeders.receipt")}>
        {data.receipt}
      </pre>
      <p class="quiet small break">{data.signature ? t("feeders.signature", { signature: data.signature }) : t("feeders.unsigned")}</p>
    </>
  );
}

function Head(props: { row: Row }) {
  const { row } = props;
  return (
    <>
      <p>
        <OutcomeTag outcome={text(row, "outcome")} /> {momentOf(text(row, "began"))} {text(row, "document")}
      </p>
      {text(row, "reason") !== "" && <p class="notice bad">{text(row, "reason")}</p>}
      <p>
        {["quarantined", "staged", "superseded"].includes(text(row, "outcome")) ? t("feeders.nothing_posted") : t("feeders.run_counts", {
          rows: integer(Number(row["rows"] ?? 0)),
          value: money(text(row, "value")),
          posted: integer(Number(row["posted"] ?? 0)),
          reversed: integer(Number(row["reversed"] ?? 0)),
          unchanged: integer(Number(row["unchanged"] ?? 0)),
        })}
        {shareOf(row) !== "" && ` ${t("feeders.run_share", { share: shareOf(row) })}`}
      </p>
    </>
  );
}

export function RunScreen({ words }: ScreenProps) {
  const [feeder, run] = [words.feeder ?? "", words.run ?? ""];
  const { data, failure, again } = useRead("/v1/runs", { query: { feeder } });
  const row = data?.rows.find((each) => String(each["run"]) === run);
  return (
    <>
      <p>
        <a href={`/feeders/${encodeURIComponent(feeder)}`}>{t("feeders.back_to", { feeder })}</a>
      </p>
      <h1 tabIndex={-1}>{t("feeders.run_of", { run, feeder })}</h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && failure === null && <Spinner />}
      {data && !row && <Empty title={t("feeders.no_run")} />}
      {row && (
        <>
          <Head row={row} />
          <h2>{t("feeders.rejects")}</h2>
          <Rejects run={run} />
          <h2>{t("feeders.stages")}</h2>
          <Stages run={run} />
          <h2>{t("feeders.receipt")}</h2>
          <Receipt run={run} />
        </>
      )}
    </>
  );
}
