// history.ts: changes of a grid's cells and rows as values, each with what takes it back; and the steps a person
// took, as far as they can be undone.
import type { ValueError } from "./value";

/** A cell is its value, or what was written and why that is none. */
export type GridCell = string | { text: string; error: ValueError };

export interface Position {
  row: number;
  column: number;
}

export interface Patch extends Position {
  before: GridCell;
  after: GridCell;
}

export type Change =
  | { kind: "cells"; patches: Patch[] }
  | { kind: "insert"; at: number; rows: GridCell[][] }
  | { kind: "remove"; at: number; rows: GridCell[][] };

export interface Step {
  changes: Change[];
  cursor: Position; /* where the person was before it */
}

const STEPS_MAX = 200;

export function applyTo(rows: GridCell[][], change: Change): void {
  switch (change.kind) {
    case "cells":
      for (const { row, column, after } of change.patches) {
        const cells = rows[row];
        if (cells !== undefined) {
          cells[column] = after;
        }
      }
      break;
    case "insert":
      rows.splice(change.at, 0, ...change.rows.map((row) => [...row]));
      break;
    case "remove":
      rows.splice(change.at, change.rows.length);
      break;
  }
}

/** What takes a change back. */
function inverse(change: Change): Change {
  if (change.kind === "cells") {
    return {
      kind: "cells",
      patches: change.patches.map(({ row, column, before, after }) => ({
        row,
        column,
        before: after,
        after: before,
      })),
    };
  }
  return { ...change, kind: change.kind === "insert" ? "remove" : "insert" };
}

export class History {
  private done: Step[] = [];
  private undone: Step[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A new step: what was undone before it cannot be done again. */
  add(step: Step): void {
    this.done.push(step);
    this.undone = [];
    if (this.done.length > STEPS_MAX) {
      this.done.shift();
    }
  }

  /** What takes the last step back, to be applied; null: there is none. */
  back(): Step | null {
    const step = this.done.pop();
    if (step === undefined) {
      return null;
    }
    this.undone.push(step);
    return { changes: [...step.changes].reverse().map(inverse), cursor: step.cursor };
  }

  /** The step that was taken back last, to be applied again; null: there is none. */
  forth(): Step | null {
    const step = this.undone.pop();
    if (step === undefined) {
      return null;
    }
    this.done.push(step);
    return step;
  }

  forget(): void {
    this.done = [];
    this.undone = [];
  }
}
