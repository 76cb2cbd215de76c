// drill.tsx: what a figure is made of: balances, entries, lines, documents, the rows it was read from.
import type { ComponentChildren } from "preact";
import type { Column, Row, Table } from "../../api/types";
import { DataTable, Notes, cellText } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { Tabs } from "../../components/Tabs";
import { Button } from "../../components/Button";
import { t } from "../../i18n";
import { useRead } from "../../load";
import { link, query, setQuery } from "../../router";
import { text } from "../../table";

const LEVELS = ["balances", "entries", "lines", "documents", "rows"] as const;
const FIRST_ROWS = 50;
const ROWS_MAX = 1000;

export function entryHref(reference: string, source: string): string {
  return link("/entry", { reference, source, from: location.pathname + location.search });
}

export function traceHref(key: string): string {
  return link("/trace", { key, from: location.pathname + location.search });
}

/** References lead to their entry, documents to all that was done under them. */
export function linkedCell(row: Row, column: Column): ComponentChildren | undefined {
  const value = text(row, column.name);
  if (!value) {
    return undefined;
  }
  if (column.name === "reference") {
    return <a href={entryHref(value, text(row, "source"))}>{value}</a>;
  }
  if (column.name === "document" || column.name === "transfer") {
    return <a href={traceHref(value)}>{value}</a>;
  }
  return column.name === "entry" ? cellText(row[column.name] as string, column) : undefined;
}

/** The heading of what was done at once: its reference leads to the entry. */
export function linkedHeading(words: string, next: Row | undefined): ComponentChildren {
  const reference = text(next, "reference");
  const at = reference ? words.indexOf(reference) : -1;
  if (at < 0 || text(next, "step") !== "entry") {
    return words;
  }
  return (
    <>
      {words.slice(0, at)}
      <a href={entryHref(reference, text(next, "source"))}>{reference}</a>
      {words.slice(at + reference.length)}
    </>
  );
}

/* Numbers of the machine are left to the entry itself. */
function columnsFor(table: Table, level: string): string[] {
  const without = level === "rows" ? ["entry"] : ["entry", "source"];
  return table.columns.filter((column) => !column.for_machines && !without.includes(column.name)).map((column) => column.name);
}

/** The way back: where one came from. An address of another site is none. */
export function Path(props: { here: string }) {
  const from = query.value["from"] ?? "";
  const isOurs = from.startsWith("/") && !from.startsWith("//");
  return (
    <p class="path">
      {isOurs && (
        <>
          <a href={from}>← {t("common.back")}</a> ·{" "}
        </>
      )}
      <span class="quiet">{props.here}</span>
    </p>
  );
}

export function DrillScreen() {
  const { key = "", to = "balances" } = query.value;
  const limit = Number(query.value["limit"] ?? FIRST_ROWS);
  const { data, failure, isLoading, again } = useRead(key ? "/v1/drill" : null, { query: { key, to, limit } });
  const isMore = data !== undefined && data.rows.length >= limit && limit < ROWS_MAX;
  return (
    <>
      <Path here={key} />
      <h1 tabIndex={-1}>{data?.title ?? t("drill.title")}</h1>
      {!key && <Empty title={t("drill.no_key")}>{t("drill.no_key_hint")}</Empty>}
      {key && (
        <Tabs
          label={t("drill.levels")}
          tabs={LEVELS.map((id) => ({ id, label: t(`drill.to.${id}`) }))}
          chosen={to}
          onChoose={(level) => setQuery({ to: level, limit: null }, "replace")}
        >
          <p class="quiet">{t(`drill.about.${to as (typeof LEVELS)[number]}`)}</p>
          {failure !== null && <Failure failure={failure} onRetry={again} />}
          {!data && failure === null && <Spinner />}
          {data && isLoading && failure === null && <Spinner />}
          {data && failure === null && (
            <div aria-busy={isLoading} class={isLoading ? "stale" : undefined}>
              {data.rows.length === 0 ? (
                <Empty title={t("drill.nothing")} />
              ) : (
                <DataTable table={data} isCaptionUnseen isDense columns={columnsFor(data, to)} cell={linkedCell} />
              )}
              {isMore && (
                <div class="actions">
                  <Button onPress={() => setQuery({ limit: String(Math.min(limit * 5, ROWS_MAX)) }, "replace")}>{t("common.more")}</Button>
                </div>
              )}
              <Notes table={data} />
            </div>
          )}
        </Tabs>
      )}
    </>
  );
}
