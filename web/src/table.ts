// table.ts: what screens do with tables of the server before they show them.
import type { Column, Row, Table } from "./api/types";

/** Only the rows that are indented by at most @depth; headings go with the row they stand before. */
export function cutTable(table: Table, depth: number): Table {
  const levels = table.levels ?? [];
  const kept = table.rows.flatMap((_, at) => ((levels[at] ?? 0) <= depth ? [at] : []));
  const headings = (table.headings ?? []).map(({ before, text }) => {
    const next = kept.findIndex((at) => at >= before);
    return { before: next < 0 ? kept.length : next, text };
  });
  return {
    ...table,
    rows: kept.map((at) => table.rows[at] as Row),
    levels: kept.map((at) => levels[at] ?? 0),
    strong: kept.map((at) => table.strong?.[at] ?? false),
    headings,
  };
}

/** The deepest indentation there is. */
export function depthOf(table: Table): number {
  return Math.max(0, ...(table.levels ?? []));
}

/** The amount in the row that bears a code; null when there is none. */
export function amountOf(table: Table, code: string, column = "amount"): string | null {
  const value = table.rows.find((row) => row["code"] === code)?.[column];
  return typeof value === "string" ? value : null;
}

/** The key of a figure that can be taken apart. */
export function drillKey(row: Row, column: string): string | undefined {
  return (row["drill"] as Record<string, string> | undefined)?.[column];
}

/** A table that was made here. */
export function tableOf(name: string, title: string, columns: Column[], rows: Row[], decimals = 2): Table {
  return { name, title, decimals, columns, rows, levels: [], strong: [], headings: [], notes: [], next: null };
}

export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}
