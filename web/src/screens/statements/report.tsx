// report.tsx: one report. Everything that chooses what is shown stands in the address; every figure that
// can be taken apart is a link.
import { useState } from "preact/hooks";
import { addressOf, type Query } from "../../api/client";
import { figureUnits, newestYear, unitLabel, usualUnit } from "../../book";
import { Button } from "../../components/Button";
import { Check, Field, Select } from "../../components/Field";
import { DataTable, Notes } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/ErrorSummary";
import { PeriodPicker, UnitPicker } from "../../components/Pickers";
import { Spinner } from "../../components/Spinner";
import { language, lookUp, t, tn } from "../../i18n";
import { useRead } from "../../load";
import { yearBefore } from "../../period";
import { link, query, setQuery } from "../../router";
import { cutTable, depthOf } from "../../table";
import type { ScreenProps } from "..";
import { reportTitle } from "./list";

const STATEMENTS = ["SOO", "SSUC", "BS_CLOSE", "BS_OPEN", "SOEF", "STCNW", "STOCKFLOW", "COFOG", "COFOG_DIV", "COUNTERPART", "MEMO"];
const WITH_STATEMENTS = ["gfs"];
const FORMATS = ["xlsx", "csv", "pdf", "html"];
const SCALES = ["", "3", "6"];
const WORDS = ["as_of", "known_at", "by", "where", "control"]; // handed on as they are

interface Choice {
  unit: string;
  period: string;
  beside: string;
  statement: string;
  depth: string;
  scale: string;
}

function choiceOf(report: string): Choice {
  const given = query.value;
  return {
    unit: given["unit"] ?? usualUnit.value,
    period: given["period"] ?? newestYear.value,
    beside: given["beside"] ?? "",
    statement: WITH_STATEMENTS.includes(report) ? (given["statement"] ?? "SOO") : "",
    depth: given["depth"] ?? "",
    scale: given["scale"] ?? "",
  };
}

/** What the server is asked. "all" statements is what it gives when none is named. */
function questionOf(choice: Choice): Query {
  const given = query.value;
  const words = Object.fromEntries(WORDS.map((name) => [name, given[name]]));
  return {
    ...words,
    unit: choice.unit,
    period: choice.period,
    beside: choice.beside === "year" ? `period=${yearBefore(choice.period)}` : choice.beside,
    change: choice.beside === "year" || undefined,
    statement: choice.statement === "all" ? "" : choice.statement,
    over: given["over"] === "true" || undefined,
    unconsolidated: given["unconsolidated"] === "true" || undefined,
    language: language.value === "en" ? "" : language.value,
  };
}

function besideChoices() {
  return [
    { value: "", label: t("report.beside.none") },
    { value: "year", label: t("report.beside.year") },
    { value: "quarters", label: t("report.beside.quarters") },
    { value: "months", label: t("report.beside.months") },
    { value: "years=2", label: t("report.beside.years") },
    { value: "members", label: t("report.beside.members") },
  ];
}

function MoreFilters() {
  const given = query.value;
  const set = (name: string) => (value: string) => setQuery({ [name]: value.trim() || null });
  const [asOf, setAsOf] = useState(given["as_of"] ?? "");
  const [knownAt, setKnownAt] = useState(given["known_at"] ?? "");
  return (
    <>
      <Field
        id="as_of"
        type="date"
        label={t("report.as_of")}
        value={asOf}
        onInput={setAsOf}
        onChange={set("as_of")}
        width="short"
      />
      <Field
        id="known_at"
        label={t("report.known_at")}
        value={knownAt}
        onInput={setKnownAt}
        onChange={set("known_at")}
        inputMode="numeric"
        placeholder={t("report.known_at_now")}
        width="short"
      />
      <Check
        id="unconsolidated"
        label={t("report.unconsolidated")}
        value={given["unconsolidated"] === "true"}
        onChange={(value) => setQuery({ unconsolidated: value ? "true" : null })}
      />
    </>
  );
}

function Filters(props: { report: string; choice: Choice; deepest: number }) {
  const { choice } = props;
  const [isMore, setMore] = useState(["as_of", "known_at", "unconsolidated"].some((name) => query.value[name]));
  const depths = Array.from({ length: props.deepest }, (_, at) => ({ value: String(at), label: t("report.depth.to", { level: at + 1 }) }));
  return (
    <div class="filters" role="search" aria-label={t("report.filters")}>
      <UnitPicker id="unit" value={choice.unit} onPick={(unit) => setQuery({ unit, period: choice.period })} />
      <PeriodPicker id="period" value={choice.period} onPick={(period) => setQuery({ period, unit: choice.unit })} />
      {WITH_STATEMENTS.includes(props.report) && (
        <Select
          id="statement"
          label={t("report.statement")}
          value={choice.statement}
          choices={[...STATEMENTS, "all"].map((value) => ({ value, label: lookUp(`statement.${value}`) ?? value }))}
          onChange={(statement) => setQuery({ statement })}
        />
      )}
      <Select
        id="beside"
        label={t("report.beside")}
        value={choice.beside}
        choices={besideChoices()}
        onChange={(beside) => setQuery({ beside: beside || null })}
        width="short"
      />
      {depths.length > 0 && (
        <Select
          id="depth"
          label={t("report.depth")}
          value={choice.depth}
          choices={[...depths, { value: "", label: t("report.depth.all") }]}
          onChange={(depth) => setQuery({ depth: depth || null }, "replace")}
          width="short"
        />
      )}
      <Select
        id="scale"
        label={t("report.scale")}
        value={choice.scale}
        choices={SCALES.map((value) => ({ value, label: t(`report.scale.${value || "0"}` as "report.scale.0") }))}
        onChange={(scale) => setQuery({ scale: scale || null }, "replace")}
        width="short"
      />
      {isMore ? <MoreFilters /> : <Button onPress={() => setMore(true)}>{t("report.more")}</Button>}
    </div>
  );
}

function Exports(props: { report: string; question: Query }) {
  return (
    <div class="actions" aria-label={t("report.exports")} role="group">
      {FORMATS.map((format) => (
        <a class="button secondary" download href={addressOf("/v1/reports/{report}", { path: { report: props.report }, query: { ...props.question, format } })}>
          {format.toUpperCase()}
        </a>
      ))}
      <Button onPress={() => print()}>{t("report.print")}</Button>
    </div>
  );
}

export function ReportScreen(props: ScreenProps) {
  const report = props.words["report"] ?? "";
  const choice = choiceOf(report);
  const question = questionOf(choice);
  const { data, failure, isLoading, again } = useRead(choice.period ? "/v1/reports/{report}" : null, { path: { report }, query: question });
  const shown = data && choice.depth !== "" ? cutTable(data, Number(choice.depth)) : data;
  const pinned = query.value["known_at"];
  return (
    <>
      <p class="path">
        <a href={link("/statements", { unit: choice.unit, period: choice.period })}>{t("statements.title")}</a> ›
      </p>
      <h1 tabIndex={-1}>{reportTitle(report)}</h1>
      <Filters key={report} report={report} choice={choice} deepest={data ? depthOf(data) : 0} />
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && isLoading && failure === null && <Spinner />}
      {data && isLoading && failure === null && <Spinner />}
      {shown && failure === null && (
        <div aria-busy={isLoading} class={isLoading ? "stale" : undefined}>
          <div class="above-table">
            <p>
              <strong>{unitLabel(choice.unit)}</strong>, {choice.period}
              {pinned && ` · ${t("report.pinned", { batch: pinned })}`}
              {figureUnits(choice.scale) && <span class="quiet"> · {figureUnits(choice.scale)}</span>}
            </p>
            <Exports report={report} question={question} />
          </div>
          {shown.rows.length === 0 ? (
            <Empty title={t("report.empty")}>{t("report.empty_hint")}</Empty>
          ) : (
            <DataTable
              table={shown}
              isCaptionUnseen
              scale={Number(choice.scale || "0")}
              drillHref={(key) => link("/drill", { key, from: location.pathname + location.search })}
            />
          )}
          <p class="quiet small">{tn("common.rows", shown.rows.length)}</p>
          <Notes table={shown} />
        </div>
      )}
    </>
  );
}
