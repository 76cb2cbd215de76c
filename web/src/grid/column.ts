// column.ts: what a column of a grid says of its cells.
import type { GridCell } from "./history";
import { fitAmount, type ValueKind, type ValueRules } from "./value";

export interface GridColumn extends ValueRules {
  id: string;
  title: string;
  kind: ValueKind;
  isReadOnly?: boolean;
  /** Rows are told apart by these columns together; the first column is one of them. */
  isKey?: boolean;
  /** What stands there follows from the rest of the row; such a column is read only. */
  computed?: (values: Record<string, string>) => string;
  width?: "narrow" | "middle" | "wide";
}

/** What stands in a cell, a value or none. */
export function textOf(cell: GridCell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** A value that is kept already; an amount may have been kept under another currency. */
export function fitted(value: string, rules: GridColumn): GridCell {
  const fit = rules.kind === "amount" ? fitAmount(value, rules) : { value };
  return "value" in fit ? fit.value : { text: value, error: fit.error };
}
