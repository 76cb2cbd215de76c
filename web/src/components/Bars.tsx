// Bars.tsx: charts as drawings of our own: bars, each with its figure in words, and the same as a table.
import { useState } from "preact/hooks";
import type { Table } from "../api/types";
import { money, percent, t } from "../i18n";
import { isAmount, isNegative, millionths, compare } from "../money";
import { Button } from "./Button";
import { DataTable } from "./DataTable";

/** How much of a whole is used. Over the whole: a sign and words, not a colour alone. */
export function UseBar(props: { label: string; used: string; whole: string; href?: string }) {
  const share = millionths(props.used, props.whole);
  const isOver = compare(props.used, props.whole) > 0;
  const width = Math.max(0, Math.min(1_000_000, share)) / 10_000;
  return (
    <div class="use">
      <div class="use-words">
        <span>{props.href ? <a href={props.href}>{props.label}</a> : props.label}</span>
        <span class={isOver ? "over" : undefined}>
          {isOver && <span aria-hidden="true">▲ </span>}
          {percent(share)}
          {isOver && ` ${t("bar.over")}`}
        </span>
      </div>
      <svg class="use-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" width="100" height="6" />
        <rect class={isOver ? "over" : "part"} width={width} height="6" />
      </svg>
      <div class="quiet small">{t("bar.of", { used: money(props.used), whole: money(props.whole) })}</div>
    </div>
  );
}

export interface Series {
  label: string;
  values: string[];
}

const HEIGHT = 150;
const STEP = 46;

function largest(series: Series[]): string {
  const all = series.flatMap((each) => each.values).map((value) => value.replace("-", ""));
  return all.reduce((most, value) => (compare(value, most) > 0 ? value : most), "0");
}

function heightOf(value: string, most: string): number {
  return (Math.abs(millionths(value, most)) * HEIGHT) / 1_000_000;
}

/** Two or more series over the same steps. Below zero hangs under the line. */
export function BarChart(props: { title: string; steps: string[]; series: Series[]; table: Table }) {
  const [isTable, setTable] = useState(false);
  const { steps, series } = props;
  const most = largest(series);
  const isBelow = series.some((each) => each.values.some((value) => isAmount(value) && isNegative(value)));
  const line = HEIGHT + 14;
  const height = line + (isBelow ? HEIGHT : 0) + 22;
  const width = Math.max(1, steps.length) * STEP + 8;
  const bar = (STEP - 10) / series.length;
  return (
    <figure class="chart">
      <figcaption>
        <h2>{props.title}</h2>
        <Button pressed={isTable} onPress={() => setTable(!isTable)}>
          {t("common.as_table")}
        </Button>
      </figcaption>
      {isTable ? (
        <DataTable table={props.table} caption={props.title} isCaptionUnseen isDense />
      ) : (
        <>
          <ul class="legend">
            {series.map((each, at) => (
              <li>
                <svg width="12" height="12" aria-hidden="true">
                  <rect class={`series-${at}`} width="12" height="12" />
                </svg>{" "}
                {each.label}
              </li>
            ))}
          </ul>
          <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={props.title} class="bars">
            {steps.map((step, index) => (
              <g>
                {series.map((each, at) => {
                  const value = each.values[index] ?? "0";
                  const tall = heightOf(value, most);
                  const top = isAmount(value) && isNegative(value) ? line : line - tall;
                  return (
                    <rect class={`series-${at}`} x={8 + index * STEP + at * bar} y={top} width={bar - 2} height={tall}>
                      <title>{`${each.label}, ${step}: ${money(value)}`}</title>
                    </rect>
                  );
                })}
                <text x={8 + index * STEP + (STEP - 10) / 2} y={height - 6} text-anchor="middle">
                  {step}
                </text>
              </g>
            ))}
            <line x1="0" x2={width} y1={line} y2={line} class="axis" />
          </svg>
        </>
      )}
    </figure>
  );
}
