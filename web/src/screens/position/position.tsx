// position.tsx: where a unit or a group stands, while it changes: the figures of the statements of
// operations and of cash, read again with each batch that is posted.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Table } from "../../api/types";
import { figureUnits, newestYear, unitLabel, usualUnit } from "../../book";
import { BarChart } from "../../components/Bars";
import { Failure } from "../../components/ErrorSummary";
import { announce } from "../../components/live";
import { PeriodPicker, UnitPicker } from "../../components/Pickers";
import { Spinner } from "../../components/Spinner";
import { clock, language, money, t, type Key } from "../../i18n";
import { listen, liveness, type News } from "../../live";
import { useRead } from "../../load";
import { isNegative, isZero, subtract } from "../../money";
import { yearOf } from "../../period";
import { link, query, setQuery } from "../../router";
import { amountOf, drillKey } from "../../table";

interface Figure {
  code: string;
  statement: "SOO" | "SSUC";
  title: Key;
  about: Key;
}

const FIGURES: Figure[] = [
  { code: "NLB", statement: "SOO", title: "position.nlb", about: "position.nlb.about" },
  { code: "1", statement: "SOO", title: "position.revenue", about: "position.revenue.about" },
  { code: "2", statement: "SOO", title: "position.expense", about: "position.expense.about" },
  { code: "NOB", statement: "SOO", title: "position.nob", about: "position.nob.about" },
  { code: "CSD", statement: "SSUC", title: "position.csd", about: "position.csd.about" },
  { code: "NCB", statement: "SSUC", title: "position.cash", about: "position.cash.about" },
];
const READ_AGAIN_MS = 3000; // batches may come many a second: reports are for eyes

type Figures = Record<string, string>;

function figuresOf({ event, data }: News, unit: string, period: string): Figures | null {
  const given = data as { unit?: string; period?: string; figures?: Figures } | null;
  return event === "position" && given?.figures && given.unit === unit && given.period === period ? given.figures : null;
}

/** The newest figures: the server tells them with each batch. Where it only says that there is a new
 * batch, the report is read again; @turn counts so for whatever else is shown. */
function useNews(unit: string, period: string, again: () => void): { told: Figures | null; turn: number } {
  const [told, setTold] = useState<Figures | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let timer = 0;
    let isTold = false;
    let isFirst = true;
    setTold(null);
    const stop = listen({ unit, period }, (news) => {
      const figures = figuresOf(news, unit, period);
      if (figures) {
        isTold = true;
        setTold(figures);
      }
      const isNew = !isFirst || !figures; // the first only says where things stand
      isFirst = false;
      if (isNew && !timer) {
        timer = window.setTimeout(() => {
          timer = 0;
          if (!isTold) {
            again();
          }
          setTurn((before) => before + 1);
        }, READ_AGAIN_MS);
      }
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [unit, period]);
  return { told, turn };
}

interface Change {
  by: string;
  at: Date;
}

/** What has changed since the screen was opened, figure by figure. */
function useChanges(figures: Figures, about: string): Map<string, Change> {
  const before = useRef<{ about: string; figures: Figures }>({ about: "", figures: {} });
  const [changes, setChanges] = useState<Map<string, Change>>(new Map());
  const words = JSON.stringify(figures);
  useEffect(() => {
    const isOther = before.current.about !== about;
    const found = new Map<string, Change>();
    for (const { code, title } of FIGURES) {
      const now = figures[code];
      const then = isOther ? undefined : before.current.figures[code];
      if (now !== undefined && then !== undefined && !isZero(subtract(now, then))) {
        found.set(code, { by: subtract(now, then), at: new Date() });
        announce(`${t(title)}: ${money(now)}`);
      }
    }
    before.current = { about, figures };
    setChanges((all) => (isOther ? found : new Map([...all, ...found])));
  }, [words, about]);
  return changes;
}

function Tile(props: { figure: Figure; amount: string | null; drill: string | undefined; change: Change | undefined }) {
  const { figure, amount, change } = props;
  const isMinus = amount !== null && isNegative(amount);
  const words = amount === null ? t("position.none") : money(amount);
  const sign = change && !isNegative(change.by) ? "+" : "";
  return (
    <li class={`tile ${figure.code === "NLB" ? "first" : ""}`}>
      <h2>{t(figure.title)}</h2>
      <p class={`figure ${isMinus ? "minus" : ""}`}>
        {props.drill ? <a href={link("/drill", { key: props.drill, from: location.pathname + location.search })}>{words}</a> : words}
      </p>
      <p class="quiet small">{t(figure.about)}</p>
      <p class="change small">{change && t("position.changed", { by: `${sign}${money(change.by)}`, time: clock(change.at) })}</p>
    </li>
  );
}

function drillOf(table: Table, code: string): string | undefined {
  const row = table.rows.find((each) => each["code"] === code);
  return row && drillKey(row, "amount");
}

const MONTHS_OF_YEAR = /^\d{4}-\d{2}$/;

function Months(props: { unit: string; period: string; turn: number }) {
  const { unit } = props;
  const year = yearOf(props.period);
  const { data, again } = useRead(unit && year ? "/v1/reports/{report}" : null, {
    path: { report: "gfs" },
    query: { unit, period: year, statement: "SOO", beside: "months", depth: 0 },
  });
  useEffect(() => {
    if (props.turn > 0) {
      again();
    }
  }, [props.turn]);
  if (!data) {
    return null;
  }
  const months = data.columns.map((column) => column.name).filter((name) => MONTHS_OF_YEAR.test(name));
  const valuesOf = (code: string) => months.map((month) => amountOf(data, code, month) ?? "0");
  const rows = data.rows.filter((row) => row["code"] === "1" || row["code"] === "2");
  const table: Table = { ...data, rows, levels: [], strong: [], headings: [], notes: [], columns: data.columns.filter((column) => !column.for_machines && column.name !== "code") };
  return (
    <BarChart
      title={t("position.months", { year })}
      steps={months.map((month) => month.slice(5))}
      series={[
        { label: t("position.revenue"), values: valuesOf("1") },
        { label: t("position.expense"), values: valuesOf("2") },
      ]}
      table={table}
    />
  );
}

export function PositionScreen() {
  const unit = query.value["unit"] ?? usualUnit.value;
  const period = query.value["period"] ?? newestYear.value;
  const isReady = unit !== "" && period !== "";
  const { data, failure, again } = useRead(isReady ? "/v1/reports/{report}" : null, {
    path: { report: "gfs" },
    query: { unit, period, statement: "SOO,SSUC", language: language.value === "en" ? "" : language.value },
  });
  const { told, turn } = useNews(unit, period, again);
  const figures: Figures = {};
  for (const { code } of FIGURES) {
    const amount = told?.[code] ?? (data ? amountOf(data, code) : null);
    if (amount !== null) {
      figures[code] = amount;
    }
  }
  const changes = useChanges(figures, `${unit}/${period}`);
  return (
    <>
      <h1 tabIndex={-1}>{t("position.title")}</h1>
      <div class="filters">
        <UnitPicker id="unit" value={unit} onPick={(given) => setQuery({ unit: given, period })} />
        <PeriodPicker id="period" value={period} onPick={(given) => setQuery({ period: given, unit })} />
        <p class="live-state">
          <span aria-hidden="true" class={liveness.value}>
            ●
          </span>{" "}
          {t(`live.${liveness.value}`)}
        </p>
      </div>
      <p>
        <strong>{unitLabel(unit)}</strong>, {period}
        {figureUnits("") && <span class="quiet"> · {figureUnits("")}</span>}
      </p>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && failure === null && <Spinner />}
      {data && failure === null && (
        <>
          <ul class="tiles">
            {FIGURES.map((figure) => (
              <Tile figure={figure} amount={figures[figure.code] ?? null} drill={drillOf(data, figure.code)} change={changes.get(figure.code)} />
            ))}
          </ul>
          <p>
            <a href={link("/statements/gfs", { unit, period })}>{t("position.whole")}</a>
          </p>
          <Months unit={unit} period={period} turn={turn} />
        </>
      )}
    </>
  );
}
