// model.ts: what is in a grid and what a person does to it, without a screen: cells with their errors,
// selection, editing, fill, copy, paste, undo. Every change is one step that can be taken back. What it
// looks like and which key does what is LedgerGrid's.

import { formatTsv, parseTsv } from "./clipboard";
import { fitted, textOf, type GridColumn } from "./column";
import { applyTo, History, type Change, type GridCell, type Patch, type Position, type Step } from "./history";
import { parseValue, showValue } from "./value";
import type { Convention, ValueError } from "./value";

export interface Range {
  top: number;
  left: number;
  bottom: number; /* inclusive */
  right: number;
}

export interface PasteResult {
  cells: number;
  rowsAdded: number;
  errors: number;
  readOnly: number; /* cells that were left as they are */
  dropped: number; /* cells beyond the last column or the greatest number of rows */
}

export interface CellProblem extends Position {
  error: ValueError | null; /* null: `text` says it */
  text: string;
}

export interface FilledRow {
  row: number;
  values: Record<string, string>; /* by the ids of the columns */
}

export interface GridOptions {
  convention: Convention;
  locale: string;
  rowsMax?: number;
  canGrow?: boolean;
}

const ROWS_MAX = 20000;

export class GridModel {
  readonly columns: readonly GridColumn[];
  readonly options: GridOptions;
  cursor: Position = { row: 0, column: 0 };
  anchor: Position = { row: 0, column: 0 };
  /** Counts changes of any kind; who draws compares it. */
  version = 0;
  /** Counts changes of content alone. */
  revision = 0;
  /** While it is so nothing changes: what is in the grid is under way to somebody. */
  isHeld = false;
  private rows: GridCell[][];
  private history = new History();
  private remarks = new Map<string, string>();
  private listeners = new Set<() => void>();

  constructor(
    columns: readonly GridColumn[],
    rows: readonly (readonly string[])[],
    options: GridOptions,
  ) {
    this.columns = columns;
    this.options = options;
    this.rows = rows.map((row) => columns.map((_, at) => row[at] ?? ""));
  }

  /* Reading ---------------------------------------------------------------------------------- */

  get rowCount(): number {
    return this.rows.length;
  }

  cell(row: number, column: number): GridCell {
    const computed = this.columns[column]?.computed;
    return computed === undefined
      ? (this.rows[row]?.[column] ?? "")
      : computed(this.valuesOf(row));
  }

  /** The value as it is kept; "" when what was written is none. */
  value(row: number, column: number): string {
    const cell = this.cell(row, column);
    return typeof cell === "string" ? cell : "";
  }

  /* What is kept in a row, without what follows from it. */
  private valuesOf(row: number): Record<string, string> {
    const values: Record<string, string> = {};
    this.columns.forEach((column, at) => {
      if (column.computed === undefined) {
        values[column.id] = this.value(row, at);
      }
    });
    return values;
  }

  /** As a person reads and edits it. */
  shown(row: number, column: number): string {
    const cell = this.cell(row, column);
    const kind = this.columns[column]?.kind ?? "text";
    return typeof cell === "string" ? showValue(kind, cell, this.options.convention) : cell.text;
  }

  error(row: number, column: number): ValueError | null {
    const cell = this.cell(row, column);
    return typeof cell === "string" ? null : cell.error;
  }

  /** What somebody else, as the server, says of a cell. */
  remark(row: number, column: number): string | null {
    return this.remarks.get(`${row}:${column}`) ?? null;
  }

  columnAt(id: string): number {
    return this.columns.findIndex((column) => column.id === id);
  }

  /** Rows of kept values, those without any left out, with their numbers. */
  filledRows(): FilledRow[] {
    const filled: FilledRow[] = [];
    this.rows.forEach((cells, row) => {
      if (cells.some((cell) => textOf(cell) !== "")) {
        filled.push({ row, values: this.valuesOf(row) });
      }
    });
    return filled;
  }

  isEmptyRow(row: number): boolean {
    return (this.rows[row] ?? []).every((cell) => textOf(cell) === "");
  }

  problems(max = 1000): CellProblem[] {
    const found: CellProblem[] = [];
    for (let row = 0; row < this.rows.length && found.length < max; row++) {
      this.columns.forEach((_, column) => {
        const error = this.error(row, column);
        const remark = this.remark(row, column);
        if (error !== null || remark !== null) {
          found.push({ row, column, error, text: remark ?? this.shown(row, column) });
        }
      });
    }
    return found;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /* Selection -------------------------------------------------------------------------------- */

  get selection(): Range {
    return {
      top: Math.min(this.cursor.row, this.anchor.row),
      bottom: Math.max(this.cursor.row, this.anchor.row),
      left: Math.min(this.cursor.column, this.anchor.column),
      right: Math.max(this.cursor.column, this.anchor.column),
    };
  }

  isSelected(row: number, column: number): boolean {
    const { top, bottom, left, right } = this.selection;
    return row >= top && row <= bottom && column >= left && column <= right;
  }

  /** Goes there, as near as there is a cell; `extend` keeps the other corner of the selection. */
  moveTo(row: number, column: number, extend = false): void {
    this.cursor = {
      row: Math.min(Math.max(row, 0), Math.max(this.rows.length - 1, 0)),
      column: Math.min(Math.max(column, 0), this.columns.length - 1),
    };
    if (!extend) {
      this.anchor = this.cursor;
    }
    this.tell(false);
  }

  move(rows: number, columns: number, extend = false): void {
    this.moveTo(this.cursor.row + rows, this.cursor.column + columns, extend);
  }

  selectAll(): void {
    this.anchor = { row: 0, column: 0 };
    this.cursor = { row: Math.max(this.rows.length - 1, 0), column: this.columns.length - 1 };
    this.tell(false);
  }

  /** To the next cell in reading order that can be written; false: there is none. */
  step(direction: 1 | -1): boolean {
    let at = this.cursor.row * this.columns.length + this.cursor.column + direction;
    const end = this.rows.length * this.columns.length;
    while (at >= 0 && at < end) {
      const column = at % this.columns.length;
      if (this.columns[column]?.isReadOnly !== true) {
        this.moveTo(Math.floor(at / this.columns.length), column);
        return true;
      }
      at += direction;
    }
    return false;
  }

  /* Changing --------------------------------------------------------------------------------- */

  private read(column: number, text: string): GridCell {
    const rules = this.columns[column];
    if (rules === undefined) {
      return text;
    }
    const { convention, locale } = this.options;
    const parsed = parseValue(rules.kind, text, convention, locale, rules);
    return "value" in parsed ? parsed.value : { text, error: parsed.error };
  }

  private patch(row: number, column: number, after: GridCell): Patch | null {
    const before = this.cell(row, column);
    const isSame =
      typeof before === "string" || typeof after === "string"
        ? before === after
        : before.text === after.text && before.error === after.error;
    return isSame ? null : { row, column, before, after };
  }

  private canWrite(column: number): boolean {
    return this.columns[column] !== undefined && this.columns[column]?.isReadOnly !== true;
  }

  /** Writes what a person typed; false: the cell is not for writing, or it stands there already. */
  write(row: number, column: number, text: string): boolean {
    if (!this.canWrite(column) || row >= this.rows.length) {
      return false;
    }
    const patch = this.patch(row, column, this.read(column, text));
    return patch !== null && this.take([{ kind: "cells", patches: [patch] }]);
  }

  /** Marks a value that was found to be none, as a code nobody knows. */
  fault(row: number, column: number, error: ValueError): void {
    const cells = this.rows[row];
    if (cells !== undefined) {
      cells[column] = { text: textOf(this.cell(row, column)), error };
      this.tell(true);
    }
  }

  private patchRange(range: Range, next: (row: number, column: number) => GridCell): number {
    const patches: Patch[] = [];
    for (let row = range.top; row <= range.bottom; row++) {
      for (let column = range.left; column <= range.right; column++) {
        const patch = this.canWrite(column) ? this.patch(row, column, next(row, column)) : null;
        if (patch !== null) {
          patches.push(patch);
        }
      }
    }
    if (patches.length > 0) {
      this.take([{ kind: "cells", patches }]);
    }
    return patches.length;
  }

  /** Empties the selection; how many cells it changed. */
  clear(): number {
    return this.patchRange(this.selection, (_, column) => this.read(column, ""));
  }

  /** Ctrl+D: the first row of the selection, or the row above a single cell, into those below. */
  fillDown(): number {
    const range = this.selection;
    if (range.top === range.bottom) {
      if (range.top === 0) {
        return 0;
      }
      return this.patchRange(range, (row, column) => this.cell(row - 1, column));
    }
    return this.patchRange({ ...range, top: range.top + 1 }, (_, column) =>
      this.cell(range.top, column),
    );
  }

  copy(): string {
    const { top, bottom, left, right } = this.selection;
    const rows: string[][] = [];
    for (let row = top; row <= bottom; row++) {
      const cells: string[] = [];
      for (let column = left; column <= right; column++) {
        cells.push(this.shown(row, column));
      }
      rows.push(cells);
    }
    return formatTsv(rows);
  }

  /** Writes a text of tabs and lines from the top left of the selection on. One cell fills the selection. */
  paste(text: string): PasteResult {
    const range = this.selection;
    const given = parseTsv(text);
    const isOne = given.length === 1 && given[0]?.length === 1;
    const isArea = range.top !== range.bottom || range.left !== range.right;
    if (isOne && isArea) {
      const cells = this.patchRange(range, (_, column) => this.read(column, given[0]?.[0] ?? ""));
      return { cells, rowsAdded: 0, errors: this.errorsIn(range), readOnly: 0, dropped: 0 };
    }
    return this.writeBlock({ row: range.top, column: range.left }, given);
  }

  private writeBlock(from: Position, given: string[][]): PasteResult {
    const result: PasteResult = { cells: 0, rowsAdded: 0, errors: 0, readOnly: 0, dropped: 0 };
    const rowsMax =
      this.options.canGrow === true ? (this.options.rowsMax ?? ROWS_MAX) : this.rows.length;
    const needed = Math.min(from.row + given.length, rowsMax);
    result.rowsAdded = Math.max(needed - this.rows.length, 0);
    const changes: Change[] = [];
    if (result.rowsAdded > 0) {
      const empty = Array.from({ length: result.rowsAdded }, () => this.emptyRow());
      changes.push({ kind: "insert", at: this.rows.length, rows: empty });
    }
    const patches: Patch[] = [];
    given.forEach((texts, down) => {
      texts.forEach((cellText, across) => {
        const [row, column] = [from.row + down, from.column + across];
        if (row >= rowsMax || column >= this.columns.length) {
          result.dropped += cellText === "" ? 0 : 1;
        } else if (!this.canWrite(column)) {
          result.readOnly++;
        } else {
          const after = this.read(column, cellText);
          result.errors += typeof after === "string" ? 0 : 1;
          result.cells++;
          const patch = this.patch(row, column, after);
          if (patch !== null) {
            patches.push(patch);
          }
        }
      });
    });
    if (patches.length > 0) {
      changes.push({ kind: "cells", patches });
    }
    if (changes.length > 0) {
      this.take(changes);
    }
    const width = Math.max(...given.map((row) => row.length), 1);
    this.anchor = from;
    this.cursor = {
      row: Math.min(from.row + given.length, rowsMax) - 1,
      column: Math.min(from.column + width, this.columns.length) - 1,
    };
    this.tell(false);
    return result;
  }

  private errorsIn(range: Range): number {
    let errors = 0;
    for (let row = range.top; row <= range.bottom; row++) {
      for (let column = range.left; column <= range.right; column++) {
        errors += this.error(row, column) !== null ? 1 : 0;
      }
    }
    return errors;
  }

  private emptyRow(): GridCell[] {
    return this.columns.map(() => "");
  }

  /** New empty rows; false: the grid does not grow, or not so far. */
  insertRows(at: number, count = 1): boolean {
    const isFull = this.rows.length + count > (this.options.rowsMax ?? ROWS_MAX);
    if (this.options.canGrow !== true || isFull) {
      return false;
    }
    return this.take([
      { kind: "insert", at, rows: Array.from({ length: count }, () => this.emptyRow()) },
    ]);
  }

  /** Takes the rows of the selection away; at least one empty row stays. */
  removeRows(): number {
    if (this.options.canGrow !== true) {
      return 0;
    }
    const { top, bottom } = this.selection;
    const changes: Change[] = [{ kind: "remove", at: top, rows: this.rows.slice(top, bottom + 1) }];
    if (bottom - top + 1 === this.rows.length) {
      changes.push({ kind: "insert", at: 0, rows: [this.emptyRow()] });
    }
    this.take(changes);
    this.moveTo(top, this.cursor.column);
    return bottom - top + 1;
  }

  /** All rows anew, of kept values, as one step that can be taken back. */
  replace(rows: readonly (readonly string[])[]): void {
    const next = rows.map((row) => this.columns.map((rules, at) => fitted(row[at] ?? "", rules)));
    const before = this.rows.slice();
    this.take([
      { kind: "remove", at: 0, rows: before },
      { kind: "insert", at: 0, rows: next },
    ]);
    this.moveTo(0, 0);
  }

  /** Other content, as from the server: nothing of it can be undone. */
  reset(rows: readonly (readonly string[])[]): void {
    this.rows = rows.map((row) => this.columns.map((rules, at) => fitted(row[at] ?? "", rules)));
    this.history.forget();
    this.remarks.clear();
    this.moveTo(0, 0);
    this.tell(true);
  }

  /** Says something of cells, in place of what was said before. */
  setRemarks(remarks: readonly (Position & { text: string })[]): void {
    if (remarks.length === 0 && this.remarks.size === 0) {
      return;
    }
    this.remarks = new Map(remarks.map(({ row, column, text }) => [`${row}:${column}`, text]));
    this.tell(false);
  }

  /* Undo ------------------------------------------------------------------------------------- */

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
  }

  /** Takes the last step back; the cell it began at, or null. */
  undo(): Position | null {
    return this.isHeld ? null : this.follow(this.history.back());
  }

  redo(): Position | null {
    return this.isHeld ? null : this.follow(this.history.forth());
  }

  private follow(step: Step | null): Position | null {
    if (step === null) {
      return null;
    }
    step.changes.forEach((change) => this.apply(change));
    this.moveTo(step.cursor.row, step.cursor.column);
    this.tell(true);
    return this.cursor;
  }

  private take(changes: Change[]): boolean {
    if (this.isHeld) {
      return false;
    }
    changes.forEach((change) => this.apply(change));
    this.history.add({ changes, cursor: { row: this.selection.top, column: this.selection.left } });
    this.tell(true);
    return true;
  }

  /* What was said of a cell holds until it changes; rows that move take all of it along. */
  private apply(change: Change): void {
    if (change.kind === "cells") {
      change.patches.forEach(({ row, column }) => this.remarks.delete(`${row}:${column}`));
    } else {
      this.remarks.clear();
    }
    applyTo(this.rows, change);
  }

  private tell(isContent: boolean): void {
    this.version++;
    this.revision += isContent ? 1 : 0;
    this.listeners.forEach((listener) => listener());
  }
}
