// bench.tsx: a part of a version as somebody works on it: its text in a grid, pasted into, checked, saved as one
// change. Who saved in the meantime is never overwritten; what the server refuses stands at its cell.
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { addressOf, Problem, readUrl, write } from "../../api/client";
import type { ProblemError } from "../../api/types";
import { Button } from "../../components/Button";
import { complaintsOf, ErrorSummary, requestOf, type Complaint } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { useKeyHelp } from "../../components/KeyHelp";
import { cellMessage, LedgerGrid, useGrid, type EditorProps } from "../../grid/LedgerGrid";
import { gridKeyRows } from "../../grid/keys";
import type { GridColumn } from "../../grid/column";
import { GridModel, type FilledRow } from "../../grid/model";
import { conventionOf } from "../../grid/value";
import { codeWords, locale, money, t } from "../../i18n";
import { holdBack } from "../../router";
import { PasteDialog } from "./paste";
import { faultsOf, mergePaste, sheetRows, sheetText, type Pasted } from "./sheet";

const ROWS_AT_FIRST = 10;
const ROWS_SHOWN = 18;
const COMPLAINTS_MAX = 20;

/** Which part of a version it is. */
export interface PartName {
  version: string;
  kind: "lines" | "ceilings";
  entity?: string;
}

export interface Sheet {
  model: GridModel;
  names: string[]; /* the columns of the text */
  base: string; /* digest of the content that is edited, as If-Match takes it */
}

/** The text of a part, and what to name as If-Match. A part that is not there yet is empty. */
export async function textOf({ version, kind, entity }: PartName): Promise<{ text: string; base: string }> {
  try {
    const asked = { path: { version, kind }, query: { ...(entity ? { entity } : {}), format: "csv" as const } };
    const answer = await readUrl<string>(addressOf("/v1/budgets/{version}/parts/{kind}", asked));
    return { text: answer.data, base: answer.headers.get("ETag") ?? '""' };
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 404) {
      return { text: "", base: '""' };
    }
    throw failure;
  }
}

/** A text in a grid; one that has no rows begins with empty ones. */
export function sheetModel(columns: readonly GridColumn[], text: string, canGrow: boolean): GridModel {
  const cells = sheetRows(
    text,
    columns.map(({ id }) => id),
  );
  const empty = Array.from({ length: ROWS_AT_FIRST }, () => [] as string[]);
  const options = { convention: conventionOf(locale()), locale: locale(), canGrow };
  return new GridModel(columns, cells.length > 0 ? cells : empty, options);
}

/* What is wrong ------------------------------------------------------------------------------- */

/* "limit 60,000.00, requested 72,750.00, missing 12,750.00" of a ceiling. */
function limitText(error: ProblemError): string {
  const parts = ["limit", "requested", "shortfall"] as const;
  const known = parts.filter((part) => typeof error[part] === "string");
  return known
    .map((part) => `${t(`answer.${part}`).toLowerCase()} ${money(error[part] as string)}`)
    .join(", ");
}

function ruleText(error: ProblemError): string {
  return [codeWords(error.code) ?? "", error.detail, limitText(error)].filter(Boolean).join(": ");
}

/* Where a row of the text that was sent stands in the grid. */
function rowOf(error: ProblemError, sent: readonly FilledRow[]): number | undefined {
  return sent[Number(error.line ?? 0) - 2]?.row;
}

/* Complaints of the server about rows of the text stand at their cells. */
function remarksOf(problem: Problem, model: GridModel, sent: readonly FilledRow[]) {
  return problem.errors.flatMap((error) => {
    const row = rowOf(error, sent);
    const column = model.columnAt(String(error.field ?? ""));
    return row === undefined || column < 0
      ? []
      : [{ row, column, text: ruleText(error) || error.code }];
  });
}

function whereText(model: GridModel, row: number | undefined, column: number): string {
  const title = model.columns[column]?.title ?? "";
  return [row === undefined ? "" : `${t("grid.row")} ${row + 1}`, title].filter(Boolean).join(", ");
}

function complaintsOfPut(failure: unknown, model: GridModel, sent: readonly FilledRow[]): Complaint[] {
  if (!(failure instanceof Problem)) {
    return complaintsOf(failure);
  }
  if (failure.code === "CASE_CHANGED" || failure.status === 412) {
    return [{ text: t("budget.changed_meanwhile") }];
  }
  const listed = failure.errors.slice(0, COMPLAINTS_MAX).map((error) => {
    const where = whereText(model, rowOf(error, sent), model.columnAt(String(error.field ?? "")));
    return { text: [where, ruleText(error)].filter(Boolean).join(": ") };
  });
  return listed.length > 0 ? listed : complaintsOf(failure);
}

/* What the grid itself finds wrong, marked at its cells; nothing is sent as long as there is any. */
function ownComplaints(model: GridModel, filled: readonly FilledRow[]): Complaint[] {
  const faults = faultsOf(model.columns, filled).map(({ row, column, twin }) => ({
    row,
    column,
    text: twin === undefined ? t("grid.error.VALUE_MISSING") : t("budget.row_twice", { row: twin + 1 }),
  }));
  model.setRemarks(faults.filter(({ row, column }) => model.error(row, column) === null));
  const wrong = model.problems(COMPLAINTS_MAX);
  return wrong.map(({ row, column }) => ({
    text: `${whereText(model, row, column)}: ${cellMessage(model, row, column) ?? ""}`,
  }));
}

/* The way back from the list of what is wrong leads to the first of it. */
function goToFirst(model: GridModel): void {
  const first = model.problems(1)[0];
  if (first !== undefined) {
    model.moveTo(first.row, first.column);
  }
}

/* The bench ----------------------------------------------------------------------------------- */

/** What a button that a screen adds is told. */
export interface BenchHand {
  reason: string;
  isDirty: boolean;
  /** Does it, and says what came of it: @done, or why not. */
  attempt: (deed: () => Promise<unknown>, done: string) => Promise<void>;
}

interface BenchProps {
  part: PartName;
  step?: string; // of the procedure; else the server tells it by where the version is
  sheet: Sheet;
  label: string;
  isWritable: boolean;
  lock: string; // what is said where it is not
  onSaved: () => void;
  head?: ComponentChildren;
  more?: (hand: BenchHand) => ComponentChildren;
  editors?: Record<string, ComponentType<EditorProps>>;
  nameOf?: (column: string, value: string) => string | undefined;
}

/* The sheet as a text, against what was read. */
async function putSheet({ part, step, sheet }: BenchProps, sent: readonly FilledRow[], reason: string, dryRun: boolean): Promise<void> {
  const { version, kind, entity } = part;
  await write("PUT", "/v1/budgets/{version}/parts/{kind}", {
    path: { version, kind },
    query: {
      reason: reason.trim() || t("budget.reason_usual"),
      ...(entity ? { entity } : {}),
      ...(step ? { step } : {}),
    },
    body: sheetText(
      sheet.names,
      sent.map(({ values }) => values),
    ),
    type: "text/csv; charset=utf-8",
    headers: { "If-Match": sheet.base },
    dryRun,
  });
}

export function Bench(props: BenchProps) {
  const { sheet } = props;
  const { model } = sheet;
  useGrid(model);
  useKeyHelp({
    title: "keys.group.grid",
    rows: [...gridKeyRows(), { keys: ["Ctrl+S"], meaning: "grid.key.save_sheet" }],
  });
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [saved, setSaved] = useState({ model, revision: 0 });
  const [told, setTold] = useState({ text: "", revision: 0 });
  const [isPasting, setPasting] = useState(false);
  const isDirty = model.revision !== (saved.model === model ? saved.revision : 0);
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  useEffect(() => holdBack(() => dirty.current), []);

  /* Until there is an answer, and a fresh sheet, nothing is written: it would go with the sheet that was sent. */
  const attempt = async (deed: () => Promise<unknown>, done: string, sent: readonly FilledRow[] = [], isTrial = false) => {
    if (model.isHeld) {
      return;
    }
    model.isHeld = true;
    setComplaints([]);
    setTold({ text: "", revision: 0 });
    try {
      await deed();
      model.isHeld = !isTrial;
      setTold({ text: done, revision: isTrial ? model.revision : 0 });
      announce(done);
      if (!isTrial) {
        setSaved({ model, revision: model.revision });
        setReason("");
        props.onSaved();
      }
    } catch (failure) {
      model.isHeld = false;
      if (failure instanceof Problem) {
        model.setRemarks(remarksOf(failure, model, sent));
        goToFirst(model);
      }
      setComplaints(complaintsOfPut(failure, model, sent));
      setRequest(requestOf(failure));
    }
  };
  const put = async (isTrial: boolean) => {
    const sent = model.filledRows();
    const own = ownComplaints(model, sent);
    if (own.length > 0) {
      setComplaints(own);
      goToFirst(model);
      return;
    }
    await attempt(() => putSheet(props, sent, reason, isTrial), t(isTrial ? "budget.checked" : "budget.saved"), sent, isTrial);
  };
  const take = (pasted: Pasted) => {
    const known = model.filledRows().map(({ values }) => values);
    const rows = mergePaste(known, pasted);
    model.replace(rows.map((row) => model.columns.map(({ id }) => row[id] ?? "")));
    setPasting(false);
    announce(t("budget.pasted", { rows: pasted.rows.length }));
  };
  return (
    <div
      onKeyDown={(event) => {
        if (event.key === "s" && (event.ctrlKey || event.metaKey) && props.isWritable && !isPasting) {
          event.preventDefault();
          void (isDirty && put(false));
        }
      }}
    >
      <ErrorSummary complaints={complaints} request={request} />
      {!props.isWritable && <p class="notice">{props.lock}</p>}
      {props.head}
      <LedgerGrid
        model={model}
        label={props.label}
        rowsShown={ROWS_SHOWN}
        {...(props.editors ? { editors: props.editors } : {})}
        {...(props.nameOf ? { nameOf: props.nameOf } : {})}
      />
      {props.isWritable && (
        <div class="filters">
          <Field id="sheet-reason" label={t("remedy.reason")} isOptional value={reason} onInput={setReason} />
          <Button onPress={() => setPasting(true)}>{t("budget.paste")}</Button>
          <Button onPress={() => put(true)}>{t("budget.check")}</Button>
          <Button kind="primary" keys="Control+S" isDisabled={!isDirty} onPress={() => put(false)}>
            {t("budget.save")}
          </Button>
          {props.more?.({ reason: reason.trim(), isDirty, attempt })}
          {told.text !== "" && told.revision === model.revision && <span class="tag good">✓ {told.text}</span>}
        </div>
      )}
      {isPasting && (
        <PasteDialog
          columns={model.columns}
          known={model.filledRows().map(({ values }) => values)}
          onTake={take}
          onClose={() => setPasting(false)}
        />
      )}
    </div>
  );
}
