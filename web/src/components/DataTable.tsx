// DataTable.tsx: a table of the server as a table of the page: captions and scopes for those who listen,
// aligned figures for those who look, a link under each figure that can be taken apart.
import type { ComponentChildren } from "preact";
import type { Cell, Column, Row, Table } from "../api/types";
import { columnTitle, day, integer, money } from "../i18n";
import { isAmount, isNegative, isZero, scale } from "../money";
import { drillKey } from "../table";

export interface DataTableProps {
  table: Table;
  caption?: string;
  isCaptionUnseen?: boolean;
  columns?: string[]; // which, in which order; else all that are for people
  titles?: Record<string, string>; // where a column is to be called otherwise
  drillHref?: ((key: string) => string) | undefined; // where a figure that can be taken apart leads
  cell?: (row: Row, column: Column, at: number) => ComponentChildren | undefined; // undefined: as usual
  heading?: (text: string, next: Row | undefined) => ComponentChildren; // over the rows that follow
  decimals?: number;
  scale?: number; // amounts in 10 to this power: 3 for thousands
  isDense?: boolean;
  keepsEmpty?: boolean; // else a column without a single value is left out
  onRow?: (row: Row, at: number) => void;
}

export function visibleColumns(table: Table, names?: string[]): Column[] {
  if (names) {
    return names.flatMap((name) => table.columns.find((each) => each.name === name) ?? []);
  }
  return table.columns.filter((each) => !each.for_machines);
}

function hasValues(table: Table, { name }: Column): boolean {
  return table.rows.length === 0 || table.rows.some((row) => row[name] !== null && row[name] !== undefined && row[name] !== "");
}

/** A cell as text for people. */
export function cellText(value: Cell, column: Column, decimals?: number): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (column.kind === "amount" && isAmount(value)) {
    return money(value, decimals);
  }
  if (column.kind === "integer" && typeof value === "number" && !/batch|entry|year|period|line|hash/.test(column.name)) {
    return integer(value);
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? day(String(value)) : String(value);
}

function CellOf(props: { row: Row; column: Column; at: number; of: DataTableProps; isFirst: boolean }) {
  const { row, column, at, of } = props;
  const value = row[column.name] as Cell;
  const level = props.isFirst ? Math.min(of.table.levels?.[at] ?? 0, 6) : 0;
  const isNumber = column.kind !== "text";
  const isMinus = column.kind === "amount" && isAmount(value) && isNegative(value);
  const isDay = !isNumber && /^\d{4}-\d{2}-\d{2}$/.test(String(value));
  const isZeroAmount = column.kind === "amount" && isAmount(value) && isZero(value);
  const isName = props.isFirst && /label|name|title|memo/.test(column.name);
  const classes = [isNumber && "number", isZeroAmount && "zero", isName && "name", isDay && "day", isMinus && "minus", level > 0 && `level-${level}`].filter(Boolean).join(" ");
  const isScaled = !!of.scale && column.kind === "amount" && isAmount(value);
  const text = isScaled ? money(scale(value, of.scale ?? 0, 1)) : cellText(value, column, of.decimals ?? of.table.decimals);
  const key = drillKey(row, column.name);
  const own = of.cell?.(row, column, at);
  const content = own !== undefined ? own : key && of.drillHref && text ? <a href={of.drillHref(key)}>{text}</a> : text;
  if (props.isFirst) {
    return (
      <th scope="row" class={classes || undefined}>
        {content}
      </th>
    );
  }
  return <td class={classes || undefined}>{content}</td>;
}

/* The column that names a row: the first of words. */
function nameColumn(columns: Column[]): number {
  const named = columns.findIndex((each) => /label|name|title/.test(each.name) && each.kind === "text");
  return named >= 0 ? named : Math.max(0, columns.findIndex((each) => each.kind === "text"));
}

export function DataTable(props: DataTableProps) {
  const { table } = props;
  const columns = visibleColumns(table, props.columns).filter((column) => props.keepsEmpty || hasValues(table, column));
  const headings = new Map((table.headings ?? []).map((each) => [each.before, each.text]));
  const naming = nameColumn(columns);
  return (
    <div class="table-frame" role="region" aria-label={props.caption ?? table.title} tabIndex={0}>
      <table class={`data ${props.isDense ? "dense" : ""}`}>
        <caption class={props.isCaptionUnseen ? "unseen" : undefined}>{props.caption ?? table.title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={column.kind === "text" ? undefined : "number"}>
                {props.titles?.[column.name] ?? columnTitle(column.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <>
              {headings.has(at) && (
                <tr class="heading">
                  <th scope="colgroup" colSpan={columns.length}>
                    <span class="heading-words">{props.heading?.(headings.get(at) ?? "", row) ?? headings.get(at)}</span>
                  </th>
                </tr>
              )}
              <tr class={table.strong?.[at] ? "strong" : undefined} onClick={props.onRow && (() => props.onRow?.(row, at))}>
                {columns.map((column, index) => (
                  <CellOf row={row} column={column} at={at} of={props} isFirst={index === naming} />
                ))}
              </tr>
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Notes(props: { table: Table; about?: string }) {
  const notes = (props.table.notes ?? []).filter((note) => !props.about || !note.about || note.about.split(",").includes(props.about));
  if (notes.length === 0) {
    return null;
  }
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li>{note.text}</li>
      ))}
    </ul>
  );
}
