// window.ts: which rows of a long grid are in the document: those in view, some around them, and the one
// that has the focus, wherever it is; and what height stands for the others.

export interface Viewport {
  top: number; /* pixels that are scrolled away above the first row */
  height: number;
  rowHeight: number;
}

export type Piece = { kind: "row"; row: number } | { kind: "gap"; from: number; rows: number };

const OVERSCAN = 12;

/** The rows in view and those around them: [from, to). */
export function visibleRows(
  viewport: Viewport,
  count: number,
  overscan = OVERSCAN,
): [number, number] {
  if (viewport.rowHeight <= 0) {
    return [0, Math.min(count, 2 * overscan)];
  }
  const first = Math.floor(viewport.top / viewport.rowHeight) - overscan;
  const last = Math.ceil((viewport.top + viewport.height) / viewport.rowHeight) + overscan;
  const from = Math.min(Math.max(first, 0), Math.max(count - 1, 0));
  return [from, Math.min(Math.max(last, from), count)];
}

/** Rows and gaps in their order; `active` is among the rows even when it is far away. */
export function piecesOf(from: number, to: number, active: number, count: number): Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  const add = (row: number) => {
    if (row > next) {
      pieces.push({ kind: "gap", from: next, rows: row - next });
    }
    pieces.push({ kind: "row", row });
    next = row + 1;
  };
  if (active >= 0 && active < from) {
    add(active);
  }
  for (let row = from; row < to; row++) {
    add(row);
  }
  if (active >= to && active < count) {
    add(active);
  }
  if (next < count) {
    pieces.push({ kind: "gap", from: next, rows: count - next });
  }
  return pieces;
}
