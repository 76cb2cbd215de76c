// keys.ts: which key does what in a grid, and what is said of it to those who do not see it. What a deed does
// to the cells is the model's.
import type { KeyRow } from "../components/KeyHelp";
import { announce } from "../components/live";
import { t } from "../i18n";
import type { GridModel, PasteResult } from "./model";

export const PAGE_ROWS = 15;

/** Where the cursor goes when a cell is written; "elsewhere": the person has left the field already. */
export type Then = "stay" | "down" | "next" | "before" | "elsewhere";

/** Where the cursor goes when a cell has been written. */
export function goOn(model: GridModel, then: Then): void {
  if (then === "down") {
    if (model.cursor.row === model.rowCount - 1) {
      model.insertRows(model.rowCount);
    }
    model.move(1, 0);
  } else if (then === "next" || then === "before") {
    tab(model, then === "next" ? 1 : -1);
  }
}

/* To the next cell; behind the last one to a new row, unless the last row is still empty. */
function tab(model: GridModel, direction: 1 | -1): boolean {
  if (model.step(direction)) {
    return true;
  }
  const last = model.rowCount - 1;
  return (
    direction === 1 &&
    !model.isEmptyRow(last) &&
    model.insertRows(last + 1) &&
    model.step(direction)
  );
}

/** Enter, Tab and Escape of a field in a cell. */
export function editorKey(
  event: KeyboardEvent,
  text: () => string,
  onCommit: (text: string, then: Then) => void,
  onCancel: () => void,
): void {
  event.stopPropagation();
  if (event.isComposing) {
    return;
  }
  const then: Partial<Record<string, Then>> = {
    Enter: "down",
    Tab: event.shiftKey ? "before" : "next",
    F2: "stay",
  };
  const next = then[event.key];
  if (next !== undefined) {
    event.preventDefault();
    onCommit(text(), next);
  } else if (event.key === "Escape") {
    event.preventDefault();
    onCancel();
  }
}

interface Hand {
  model: GridModel;
  edit: (text?: string) => void;
  leaves: { current: boolean };
}

type Deed = (model: GridModel, event: KeyboardEvent) => void;

const MOVES: Record<string, Deed> = {
  ArrowUp: (model, event) =>
    event.ctrlKey
      ? model.moveTo(0, model.cursor.column, event.shiftKey)
      : model.move(-1, 0, event.shiftKey),
  ArrowDown: (model, event) =>
    event.ctrlKey
      ? model.moveTo(model.rowCount - 1, model.cursor.column, event.shiftKey)
      : model.move(1, 0, event.shiftKey),
  ArrowLeft: (model, event) => model.move(0, -1, event.shiftKey),
  ArrowRight: (model, event) => model.move(0, 1, event.shiftKey),
  Home: (model, event) => model.moveTo(event.ctrlKey ? 0 : model.cursor.row, 0, event.shiftKey),
  End: (model, event) =>
    model.moveTo(
      event.ctrlKey ? model.rowCount - 1 : model.cursor.row,
      model.columns.length - 1,
      event.shiftKey,
    ),
  PageUp: (model, event) => model.move(-PAGE_ROWS, 0, event.shiftKey),
  PageDown: (model, event) => model.move(PAGE_ROWS, 0, event.shiftKey),
  Delete: (model, event) =>
    announce(
      event.ctrlKey
        ? t("grid.rows_removed", { rows: model.removeRows() })
        : t("grid.cleared", { cells: model.clear() }),
    ),
  Backspace: (model) => announce(t("grid.cleared", { cells: model.clear() })),
};

const WITH_CONTROL: Record<string, Deed> = {
  a: (model) => model.selectAll(),
  d: (model) => announce(t("grid.filled", { cells: model.fillDown() })),
  z: (model, event) => (event.shiftKey ? redo(model) : undo(model)),
  y: (model) => redo(model),
  enter: (model) => {
    const at = model.cursor.row + 1;
    announce(model.insertRows(at) ? t("grid.row_added") : t("grid.full"));
    model.moveTo(at, 0);
  },
};

function undo(model: GridModel): void {
  announce(model.undo() !== null ? t("grid.undone") : t("grid.nothing_undone"));
}

function redo(model: GridModel): void {
  announce(model.redo() !== null ? t("grid.redone") : t("grid.nothing_redone"));
}

/** What each key does while no cell is edited. */
export function keysOf({ model, edit, leaves }: Hand): (event: KeyboardEvent) => void {
  return (event) => {
    const isControl = event.ctrlKey || event.metaKey;
    const deed = isControl
      ? (WITH_CONTROL[event.key.toLowerCase()] ?? MOVES[event.key])
      : MOVES[event.key];
    if (event.key === "Tab") {
      if (!leaves.current && !event.altKey && !isControl && tab(model, event.shiftKey ? -1 : 1)) {
        event.preventDefault();
      }
      return;
    }
    leaves.current = event.key === "Escape";
    if (event.key === "Escape") {
      model.moveTo(model.cursor.row, model.cursor.column);
      announce(t("grid.tab_leaves"));
    } else if (deed !== undefined && !event.altKey) {
      event.preventDefault();
      deed(model, event);
    } else if (event.key === "F2" || event.key === "Enter") {
      event.preventDefault();
      edit();
    } else if (event.key.length === 1 && !isControl && !event.altKey) {
      event.preventDefault();
      edit(event.key);
    }
  };
}

/* The clipboard ------------------------------------------------------------------------------- */

export function onCopy(event: ClipboardEvent, model: GridModel): boolean {
  event.preventDefault();
  event.clipboardData?.setData("text/plain", model.copy());
  const { top, bottom, left, right } = model.selection;
  announce(t("grid.copied", { cells: (bottom - top + 1) * (right - left + 1) }));
  return true;
}

export function onPaste(event: ClipboardEvent, model: GridModel): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  event.preventDefault();
  if (text !== "") {
    announce(pasteMessage(model.paste(text)));
  }
}

function pasteMessage(result: PasteResult): string {
  const parts = [t("grid.pasted", { cells: result.cells })];
  if (result.rowsAdded > 0) {
    parts.push(t("grid.rows_added", { rows: result.rowsAdded }));
  }
  if (result.errors > 0) {
    parts.push(t("grid.paste_errors", { errors: result.errors }));
  }
  if (result.readOnly > 0) {
    parts.push(t("grid.paste_read_only", { cells: result.readOnly }));
  }
  if (result.dropped > 0) {
    parts.push(t("grid.paste_dropped", { cells: result.dropped }));
  }
  return parts.join(" ");
}

/** What the sheet of keys says of a grid. */
export function gridKeyRows(): KeyRow[] {
  return [
    { keys: ["Enter"], meaning: "grid.key.edit" },
    { keys: ["Tab"], meaning: "grid.key.tab" },
    { keys: ["Esc", "Tab"], meaning: "grid.key.leave" },
    { keys: ["Ctrl+Home"], meaning: "grid.key.ends" },
    { keys: ["Shift+↓"], meaning: "grid.key.range" },
    { keys: ["Ctrl+D"], meaning: "grid.key.fill" },
    { keys: ["Ctrl+C", "Ctrl+V"], meaning: "grid.key.copy" },
    { keys: ["Ctrl+Z", "Ctrl+Y"], meaning: "grid.key.undo" },
    { keys: ["Ctrl+Enter"], meaning: "grid.key.insert" },
    { keys: ["Ctrl+Delete"], meaning: "grid.key.remove" },
  ];
}
