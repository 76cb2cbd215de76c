// entry.ts: rows of the journal grid as an entry of the API, and what the API says of it back at the cells.
import { add, compare, isZero, subtract, zeroOf } from "../../money";
import type { BodyOf } from "../../api/paths";
import type { Refusal, Remedy } from "../../api/types";
import type { GridColumn } from "../../grid/column";
import { lineCodes } from "../../grid/lookups";

export type LineRow = Record<string, string>;

export interface EntryHead {
  entity: string;
  date: string;
  reference: string;
  document: string;
  memo: string;
}

export interface EntryLine {
  [member: string]: string;
}

export interface Entry {
  entity: string;
  journal_id: string;
  date: string;
  memo?: string;
  document?: string;
  lines: EntryLine[];
}

/* Budgetary moves: written in place of an account. */
export const STAGES = [
  "authorization",
  "commitment",
  "obligation",
  "payment",
  "recognition",
  "collection",
];

const PLAIN_MEMBERS = ["counterparty_entity", "cash_code", "cash_counterparty", "item", "relieves"];

export function journalColumns(title: (id: string) => string, decimals: number): GridColumn[] {
  return [
    { id: "account", title: title("account"), kind: "code", width: "wide" },
    { id: "line", title: title("line"), kind: "text", width: "wide" },
    { id: "debit", title: title("debit"), kind: "amount", decimals },
    { id: "credit", title: title("credit"), kind: "amount", decimals },
    { id: "counterparty_entity", title: title("counterparty_entity"), kind: "code" },
    { id: "cash_code", title: title("cash_code"), kind: "code", width: "narrow" },
    { id: "cash_counterparty", title: title("cash_counterparty"), kind: "code" },
    { id: "item", title: title("item"), kind: "code" },
    { id: "relieves", title: title("relieves"), kind: "code" },
  ];
}

function lineOf(row: LineRow, isNational: (code: string) => boolean): EntryLine {
  const line: EntryLine = { ...(lineCodes(row.line ?? "") ?? {}) };
  const account = row.account ?? "";
  if (isNational(account)) {
    delete line.gfs_code; // the chart tells it
  }
  if (STAGES.includes(account) || account.includes(">")) {
    line.stage = account;
  } else if (account !== "") {
    line[isNational(account) ? "account" : "gfs_code"] = account;
  }
  for (const side of ["debit", "credit"]) {
    const amount = row[side] ?? "";
    if (amount !== "" && !isZero(amount)) {
      line[side] = amount;
    }
  }
  for (const member of PLAIN_MEMBERS) {
    if (row[member]) {
      line[member] = row[member];
    }
  }
  return line;
}

/** The entry that the rows say; the API judges it. */
export function entryOf(
  head: EntryHead,
  rows: readonly LineRow[],
  isNational: (code: string) => boolean,
): Entry {
  return {
    entity: head.entity,
    journal_id: head.reference,
    date: head.date,
    ...(head.memo ? { memo: head.memo } : {}),
    ...(head.document ? { document: head.document } : {}),
    lines: rows.map((row) => lineOf(row, isNational)),
  };
}

export interface Totals {
  debit: string;
  credit: string;
  /** Debit less credit: zero when the entry balances. */
  difference: string;
}

/** Sums of the financial lines; a budgetary move balances by itself. */
export function totalsOf(rows: readonly LineRow[], decimals: number): Totals {
  const zero = zeroOf(decimals);
  const financial = rows.filter(
    (row) => !STAGES.includes(row.account ?? "") && !(row.account ?? "").includes(">"),
  );
  const sum = (side: string) => add(zero, ...financial.map((row) => row[side] || zero));
  const [debit, credit] = [sum("debit"), sum("credit")];
  return { debit, credit, difference: subtract(debit, credit) };
}

/** Whether there is enough to ask the server: two amounts or a budgetary move, and nothing that cannot be read. */
export function isAskable(head: EntryHead, rows: readonly LineRow[]): boolean {
  const amounts = rows.filter((row) => row.debit || row.credit);
  const hasMove = rows.some((row) => STAGES.includes(row.account ?? ""));
  return (
    head.entity !== "" &&
    head.date !== "" &&
    (amounts.length > 1 || (hasMove && amounts.length > 0))
  );
}

export interface Pointed {
  row: number; // of the grid
  column: string;
}

/** "/lines/2/debit" of an entry that was made of the grid's rows @numbers; null: it is not at a cell. */
export function cellOf(
  pointer: string | null | undefined,
  numbers: readonly number[],
): Pointed | null {
  const [, at, member] = /lines\/(\d+)\/(\w+)$/.exec(pointer ?? "") ?? [];
  const row = at === undefined ? undefined : numbers[Number(at)];
  if (row === undefined || member === undefined) {
    return null;
  }
  const own: Record<string, string> = { gfs_code: "account", stage: "account" };
  const known = ["account", "debit", "credit", ...PLAIN_MEMBERS];
  return { row, column: own[member] ?? (known.includes(member) ? member : "line") };
}

/* Remedies ------------------------------------------------------------------------------------ */

/** Steps that are taken together, by their number. */
export function remedyOptions(remedies: readonly Remedy[]): Remedy[][] {
  const options = new Map<number, Remedy[]>();
  remedies.forEach((remedy, at) => {
    const number = remedy.option ?? -at;
    options.set(number, [...(options.get(number) ?? []), remedy]);
  });
  return [...options.values()];
}

/** What proposes a remedy, and where. */
export type Order = {
  [P in "/v1/virements" | "/v1/releases" | "/v1/overrides"]: { path: P; body: BodyOf<P, "post"> };
}["/v1/virements" | "/v1/releases" | "/v1/overrides"];

/** What proposes a remedy; null where there is nothing to propose. */
export function orderOf(
  remedy: Remedy,
  entry: Pick<Entry, "entity" | "date">,
  reason: string,
  expires: string,
): Order | null {
  const [from, to] = [lineCodes(remedy.from ?? "") ?? {}, lineCodes(remedy.to ?? "") ?? {}];
  const common = { amount: remedy.amount ?? "", reason };
  const { entity, date } = entry;
  switch (remedy.kind) {
    case "virement":
      return { path: "/v1/virements", body: { ...common, entity, date, from, to } };
    case "release": {
      const period = (remedy.date ?? date).slice(0, 7);
      return { path: "/v1/releases", body: { ...common, entity, period, line: to } };
    }
    case "override": {
      const key = { control: remedy.rule ?? "", key: remedy.to ?? "" };
      const law = remedy.article ? { article: remedy.article } : {};
      return { path: "/v1/overrides", body: { ...common, ...key, expires, ...law } };
    }
    default:
      return null;
  }
}

/** The last day of the month of a day: until when an override is asked for. */
export function endOfMonth(date: string): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** A step of a funds refusal that consumed something, for showing. */
export function consumedStages(
  stages: Refusal["stages"] | undefined,
): [string, string][] {
  const known = Object.entries(stages ?? {}) as [string, string | null][];
  return known.flatMap(([stage, amount]) => (amount !== null && compare(amount, "0") !== 0 ? [[stage, amount]] : []));
}
