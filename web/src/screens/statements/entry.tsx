// entry.tsx: one entry: who posted what when, its lines, what is open of it, and its proof.
import type { Entry } from "../../api/types";
import { DataTable, Notes } from "../../components/DataTable";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { columnTitle, day, moment, t } from "../../i18n";
import { useRead } from "../../load";
import { query } from "../../router";
import { Proof } from "../verification/proof";
import { linkedCell, linkedHeading, Path, traceHref } from "./drill";

const FACTS: Exclude<keyof Entry, "lines">[] = ["date", "entity", "memo", "document", "transfer", "corrects", "actor", "posted_at", "source", "batch", "entry", "receipt"];

function Fact(props: { name: string; value: string | number | boolean }) {
  const { name, value } = props;
  const shown = name === "posted_at" ? moment(String(value)) : name === "date" ? day(String(value)) : String(value);
  return (
    <>
      <dt>{columnTitle(name)}</dt>
      <dd class={name === "receipt" ? "mono" : undefined}>
        {name === "document" || name === "transfer" ? <a href={traceHref(shown)}>{shown}</a> : shown}
      </dd>
    </>
  );
}

export function EntryScreen() {
  const { reference = "", source } = query.value;
  const { data, failure, again } = useRead(reference ? "/v1/entries/{reference}" : null, { path: { reference }, query: { source } });
  const trace = useRead(reference ? "/v1/trace/{key}" : null, { path: { key: reference } });
  return (
    <>
      <Path here={t("entry.here")} />
      <h1 tabIndex={-1}>{t("entry.title", { reference })}</h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && failure === null && <Spinner />}
      {data && failure === null && (
        <>
          <dl class="facts">
            {FACTS.map((name) => {
              const value = data[name];
              return value === null || value === undefined || value === "" ? null : <Fact name={name} value={value} />;
            })}
          </dl>
          <DataTable table={data.lines} caption={t("entry.lines")} isDense />
          <Proof key={reference} reference={reference} source={source} />
          {trace.isLoading && !trace.data && <Spinner label={t("entry.trace_reading")} />}
          {trace.data && trace.data.rows.length > 0 && (
            <>
              <DataTable table={trace.data} caption={t("entry.trace")} isDense cell={linkedCell} heading={linkedHeading} />
              <Notes table={trace.data} />
            </>
          )}
        </>
      )}
    </>
  );
}

/* Who did what under one document or transfer, and what is open of it. */
export function TraceScreen() {
  const key = query.value["key"] ?? "";
  const { data, failure, again } = useRead(key ? "/v1/trace/{key}" : null, { path: { key } });
  return (
    <>
      <Path here={t("trace.here")} />
      <h1 tabIndex={-1}>{data?.title ?? key}</h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && failure === null && <Spinner />}
      {data && failure === null && (
        <>
          <DataTable table={data} isCaptionUnseen isDense cell={linkedCell} heading={linkedHeading} />
          <Notes table={data} />
        </>
      )}
    </>
  );
}
