// draft.ts: the entry that is being written: kept in this tab until it is posted, made whole before it is
// sent, and what is missing of it.
import type { Complaint } from "../../components/ErrorSummary";
import type { Search } from "../../grid/Combobox";
import { cellMessage } from "../../grid/LedgerGrid";
import { isNational, nameFound, searchAccounts, searchEntities } from "../../grid/lookups";
import type { GridModel } from "../../grid/model";
import { t } from "../../i18n";
import { query } from "../../router";
import { session } from "../../session";
import { entryOf, type Entry, type EntryHead } from "./entry";

const DRAFT = "fisc.draft.journal";
const ROWS_AT_FIRST = 4;

export interface Draft {
  head: EntryHead;
  rows: string[][];
}

function newReference(): string {
  return `W-${Date.now().toString(36).toUpperCase()}`;
}

export function emptyHead(): EntryHead {
  const own = session.value?.roles.find((held) => held.entity && held.entity !== "*")?.entity;
  return {
    entity: query.value.entity ?? own ?? session.value?.scope.entities[0] ?? "",
    date: query.value.date ?? new Date().toISOString().slice(0, 10),
    reference: newReference(),
    document: "",
    memo: "",
  };
}

export function emptyRows(): string[][] {
  return Array.from({ length: ROWS_AT_FIRST }, () => []);
}

export function loadDraft(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null") as Draft | null;
    return kept ?? { head: emptyHead(), rows: emptyRows() };
  } catch {
    return { head: emptyHead(), rows: emptyRows() };
  }
}

export function rowsOf(model: GridModel): string[][] {
  return Array.from({ length: model.rowCount }, (_, row) => model.columns.map((_column, at) => model.value(row, at)));
}

/** What was posted needs no keeping. */
export function dropDraft(): void {
  sessionStorage.removeItem(DRAFT);
}

export function saveDraft(head: EntryHead, model: GridModel): void {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ head, rows: rowsOf(model) }));
  } catch {
    // A full store keeps no draft; the page itself still has it.
  }
}

/* Looks up what was typed and not chosen: names, and whether an account is of the national chart. */
export async function prepared(head: EntryHead, model: GridModel): Promise<Entry> {
  const rows = model.filledRows().map(({ values }) => values);
  const signal = new AbortController().signal;
  const lookUpAll = (kind: string, search: Search, columns: string[]) => {
    const codes = new Set(rows.flatMap((row) => columns.map((column) => row[column] ?? "")));
    const unknown = [...codes].filter((code) => code !== "" && nameFound(kind, code) === undefined);
    return unknown.map((code) => search(code, signal).catch(() => []));
  };
  await Promise.all([
    ...lookUpAll("account", searchAccounts, ["account"]),
    ...lookUpAll("entity", searchEntities, ["counterparty_entity", "cash_counterparty"]),
  ]);
  return entryOf(head, rows, isNational);
}

export function headComplaints(head: EntryHead): Complaint[] {
  const needed: [string, keyof EntryHead][] = [
    [t("journal.entity_missing"), "entity"],
    [t("journal.date_missing"), "date"],
    [t("journal.reference_missing"), "reference"],
  ];
  return needed
    .filter(([, name]) => head[name] === "")
    .map(([text, name]) => ({ text, field: `journal-${name}` }));
}

export function gridComplaints(model: GridModel): Complaint[] {
  return model.problems(20).map(({ row, column }) => ({
    text: `${t("grid.row")} ${row + 1}, ${model.columns[column]?.title ?? ""}: ${cellMessage(model, row, column) ?? ""}`,
  }));
}
