// LedgerGrid.tsx: a grid for rows of figures, worked by keyboard: a real table, of which only the rows in
// view are in the document. One cell has the focus (roving tabindex); what is in the cells is the model's.
import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { announce } from "../components/live";
import { editorKey, goOn, keysOf, onCopy, onPaste, PAGE_ROWS, type Then } from "./keys";
import type { GridModel } from "./model";
import { piecesOf, visibleRows } from "./window";

export interface EditorProps {
  label: string;
  value: string;
  onCommit: (text: string, then: Then) => void;
  onCancel: () => void;
}

export interface LedgerGridProps {
  model: GridModel;
  label: string;
  /** Editors other than a plain field, by the id of the column. */
  editors?: Record<string, ComponentType<EditorProps>>;
  /** What stands beside a code, as its name. */
  nameOf?: (column: string, value: string) => string | undefined;
  /** Rows that are to be seen at once; the grid scrolls within itself. */
  rowsShown?: number;
}

interface Editing {
  row: number;
  column: number;
  text: string;
}

/** The sentence for what is wrong in a cell; null: nothing. */
export function cellMessage(model: GridModel, row: number, column: number): string | null {
  const error = model.error(row, column);
  return error !== null ? t(`grid.error.${error}`) : model.remark(row, column);
}

/** Draws again whenever the model changes. */
export function useGrid(model: GridModel): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const stop = model.subscribe(() => again(undefined));
    return () => void stop();
  }, [model]);
}

export function LedgerGrid(props: LedgerGridProps): JSX.Element {
  const { model, label } = props;
  useGrid(model);
  const scroller = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  const leaves = useRef(false); // the next Tab goes out of the grid
  const [editing, setEditing] = useState<Editing | null>(null);
  const isOpen = useRef(false); // a field that goes away is left, too: what it says then is not heard
  const view = useViewport(scroller);
  const { cursor } = model;

  /* The focus follows the cursor, also onto a row that was not in the document. */
  useLayoutEffect(() => {
    const cell = scroller.current?.querySelector<HTMLElement>("[data-cursor]");
    if (hasFocus.current && editing === null && cell && document.activeElement !== cell) {
      cell.focus({ preventScroll: true });
    }
  });
  useLayoutEffect(() => {
    const [cell, left, top] = [scroller.current?.querySelector("[data-cursor]"), scrollX, scrollY];
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!hasFocus.current) {
      scrollTo(left, top); // the person is elsewhere on the page: only the grid moves
    }
  }, [cursor.row, cursor.column]);

  const edit = (text?: string) => {
    const { row, column } = model.cursor;
    if (model.isHeld || model.columns[column]?.isReadOnly === true) {
      announce(t(model.isHeld ? "grid.held" : "grid.read_only"));
      return;
    }
    isOpen.current = true;
    setEditing({ row, column, text: text ?? model.shown(row, column) });
  };
  const close = (then: Then) => {
    isOpen.current = false;
    hasFocus.current = then !== "elsewhere";
    setEditing(null);
  };
  const commit = (text: string, then: Then) => {
    if (editing === null || !isOpen.current) {
      return;
    }
    const { row, column } = editing;
    close(then);
    model.write(row, column, text);
    const message = cellMessage(model, row, column);
    if (message !== null) {
      announce(`${model.columns[column]?.title ?? ""}: ${message}`);
    }
    goOn(model, then);
  };
  const keys = keysOf({ model, edit, leaves });

  return (
    <div class="grid-frame">
      <div
        class="grid-scroller"
        ref={scroller}
        data-rows={props.rowsShown ?? PAGE_ROWS}
        onScroll={view.measure}
      >
        <table
          role="grid"
          class="ledger-grid"
          aria-label={label}
          aria-rowcount={model.rowCount + 1}
          aria-colcount={model.columns.length + 1}
          aria-multiselectable="true"
          onKeyDown={editing === null ? keys : undefined}
          onFocusIn={() => (hasFocus.current = true)}
          onFocusOut={(event) => {
            const next = event.relatedTarget as Node | null;
            if (next === null && !document.hasFocus()) {
              return; // another window: the person comes back to this cell
            }
            if (next !== null || isOpen.current) {
              hasFocus.current = next !== null && scroller.current?.contains(next) === true;
            }
            leaves.current = leaves.current && hasFocus.current;
          }}
          onCopy={(event) => editing === null && onCopy(event, model)}
          onCut={(event) => editing === null && onCopy(event, model) && model.clear()}
          onPaste={(event) => editing === null && onPaste(event, model)}
        >
          <Head model={model} />
          <Body
            {...props}
            view={view}
            editing={editing}
            edit={edit}
            commit={commit}
            cancel={() => close("stay")}
          />
        </table>
      </div>
      <CellNote
        at={`${t("grid.row")} ${cursor.row + 1}, ${model.columns[cursor.column]?.title ?? ""}`}
        message={cellMessage(model, cursor.row, cursor.column)}
      />
    </div>
  );
}

/* Drawing ------------------------------------------------------------------------------------- */

function Head({ model }: { model: GridModel }): JSX.Element {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" role="columnheader" aria-colindex={1} class="grid-number">
          <span class="unseen">{t("grid.row")}</span>
        </th>
        {model.columns.map((column, at) => (
          <th
            key={column.id}
            scope="col"
            role="columnheader"
            aria-colindex={at + 2}
            class={`grid-${column.kind} ${column.width ?? ""} ${at === 0 ? "grid-frozen" : ""}`}
          >
            {column.title}
            {column.isRequired === true && <span class="unseen"> {t("grid.required")}</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/* By the object model: a style attribute is against the policy of the page. */
function setHeight(cell: HTMLElement | null, pixels: number): void {
  if (cell) {
    cell.style.height = `${pixels}px`;
  }
}

interface BodyProps extends LedgerGridProps {
  view: View;
  editing: Editing | null;
  edit: (text?: string) => void;
  commit: (text: string, then: Then) => void;
  cancel: () => void;
}

function Body(props: BodyProps): JSX.Element {
  const { model, view } = props;
  const [from, to] = visibleRows(view, model.rowCount);
  const pieces = piecesOf(from, to, model.cursor.row, model.rowCount);
  return (
    <tbody>
      {pieces.map((piece) =>
        piece.kind === "gap" ? (
          <tr key={`gap-${piece.from}`} aria-hidden="true" class="grid-gap">
            <td
              colSpan={model.columns.length + 1}
              ref={(cell) => setHeight(cell, piece.rows * view.rowHeight)}
            />
          </tr>
        ) : (
          <Row key={piece.row} {...props} row={piece.row} />
        ),
      )}
    </tbody>
  );
}

function Row(props: BodyProps & { row: number }): JSX.Element {
  const { model, row } = props;
  return (
    <tr aria-rowindex={row + 2} data-row={row}>
      <th scope="row" role="rowheader" aria-colindex={1} class="grid-number">
        {row + 1}
      </th>
      {model.columns.map((column, at) => (
        <Cell key={column.id} {...props} column={at} />
      ))}
    </tr>
  );
}

function Cell(props: BodyProps & { row: number; column: number }): JSX.Element {
  const { model, row, column, editing } = props;
  const rules = model.columns[column]!;
  const isCursor = model.cursor.row === row && model.cursor.column === column;
  const isEdited = editing?.row === row && editing.column === column;
  const message = cellMessage(model, row, column);
  const name = props.nameOf?.(rules.id, model.value(row, column));
  const classes = [
    `grid-${rules.kind}`,
    rules.width ?? "",
    column === 0 ? "grid-frozen" : "",
    message !== null ? "grid-wrong" : "",
    rules.isReadOnly === true ? "grid-fixed" : "",
  ];
  return (
    <td
      role="gridcell"
      class={classes.join(" ")}
      aria-colindex={column + 2}
      aria-selected={model.isSelected(row, column)}
      aria-readonly={rules.isReadOnly === true ? "true" : undefined}
      aria-invalid={message !== null ? "true" : undefined}
      data-cursor={isCursor ? "" : undefined}
      tabIndex={isCursor && !isEdited ? 0 : -1}
      onMouseDown={(event) => !isEdited && model.moveTo(row, column, event.shiftKey)}
      onMouseOver={(event) => event.buttons === 1 && !isEdited && model.moveTo(row, column, true)}
      onDblClick={() => props.edit()}
    >
      {isEdited ? (
        <Editor {...props} label={`${rules.title}, ${t("grid.row")} ${row + 1}`} />
      ) : (
        <>
          <span class="grid-value">{model.shown(row, column)}</span>
          {name !== undefined && <span class="grid-name"> {name}</span>}
          {message !== null && <span class="unseen">. {message}</span>}
        </>
      )}
    </td>
  );
}

function Editor(props: BodyProps & { label: string }): JSX.Element | null {
  const { editing, model, commit, cancel } = props;
  if (editing === null) {
    return null;
  }
  const Special = props.editors?.[model.columns[editing.column]!.id] ?? PlainEditor;
  return <Special label={props.label} value={editing.text} onCommit={commit} onCancel={cancel} />;
}

function PlainEditor({ label, value, onCommit, onCancel }: EditorProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => focusAtEnd(field.current), []);
  return (
    <input
      ref={field}
      class="grid-editor"
      aria-label={label}
      defaultValue={value}
      autocomplete="off"
      onKeyDown={(event) => editorKey(event, () => field.current?.value ?? "", onCommit, onCancel)}
      onBlur={(event) => onCommit(event.currentTarget.value, "elsewhere")}
    />
  );
}

/** The errors of the active cell, for who does not hear them. */
function CellNote({ at, message }: { at: string; message: string | null }): JSX.Element {
  return (
    <p class="grid-note" data-wrong={message !== null ? "" : undefined}>
      {message !== null ? `${at}: ${message}` : t("grid.hint")}
    </p>
  );
}

export function focusAtEnd(field: HTMLInputElement | null): void {
  field?.focus({ preventScroll: true });
  field?.setSelectionRange(field.value.length, field.value.length);
}

/* The window ----------------------------------------------------------------------------------- */

interface View {
  top: number;
  height: number;
  rowHeight: number;
  measure: () => void;
}

/* What is in view; the height of a row is measured, since the person may have made letters larger. */
function useViewport(scroller: { current: HTMLDivElement | null }): View {
  const [view, setView] = useState({ top: 0, height: 0, rowHeight: 0 });
  const measure = () => {
    const box = scroller.current;
    const row = box?.querySelector<HTMLElement>("tbody tr[data-row]");
    const next = {
      top: box?.scrollTop ?? 0,
      height: box?.clientHeight ?? 0,
      rowHeight: row?.getBoundingClientRect().height ?? 0,
    };
    setView((last) =>
      last.top === next.top && last.height === next.height && last.rowHeight === next.rowHeight
        ? last
        : next,
    );
  };
  useLayoutEffect(() => {
    measure();
    const watcher = new ResizeObserver(measure);
    if (scroller.current) {
      watcher.observe(scroller.current);
    }
    return () => watcher.disconnect();
  }, []);
  return { ...view, measure };
}
