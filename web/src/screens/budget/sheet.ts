// sheet.ts: the text of a part as a grid, and back as the text the server takes, with the columns that lines
// have; and what somebody pastes from a spreadsheet as rows of a grid: which column is which, what is new,
// what cannot be read.
import { parseCsv, formatCsv, parseTsv } from "../../grid/clipboard";
import type { GridColumn } from "../../grid/column";
import type { Position } from "../../grid/history";
import type { FilledRow } from "../../grid/model";
import { detectConvention, parseValue, type Convention, type ValueError } from "../../grid/value";
import { add } from "../../money";

export interface Frame {
  year: number;
  years: number;
  decimals: number;
  step: Step;
}

/** Which step a change of the lines is, told by the state of the version. */
export type Step = "prepare" | "request" | "mark" | "amend" | "none";

export function stepOf(version: string, part: string): Step {
  if (version === "draft" && (part === "open" || part === "")) {
    return "prepare";
  }
  if (version === "called" && (part === "open" || part === "")) {
    return "request";
  }
  if (version === "review" && (part === "submitted" || part === "marked")) {
    return "mark";
  }
  return version === "tabled" && part === "agreed" ? "amend" : "none";
}

const FIGURES = ["baseline", "request", "mark", "amendment"];
const CODES = [
  "section",
  "programme",
  "economic",
  "gfs_code",
  "cofog",
  "fund",
  "project",
  "region",
  "source_of_finance",
];
const ALWAYS = [
  "line",
  "title",
  "programme",
  "economic",
  "gfs_code",
  "cofog",
  "nature",
  "quantity",
  "unit_price",
];
const LONG = ["title", "justification", "mark_reason", "amendment_reason"];
const AMOUNTS = ["unit_price", "total_cost", "quantity"];

function mayChange(step: Step, name: string): boolean {
  const figure = FIGURES.find((each) => name.startsWith(`${each}_`) && /_\d{4}$/.test(name));
  switch (step) {
    case "prepare":
      return true;
    case "request":
      return (
        (figure === undefined || figure === "request") &&
        !["mark_reason", "amendment_reason"].includes(name)
      );
    case "mark":
      return figure === "mark" || name === "mark_reason";
    case "amend":
      return figure === "amendment" || ["amendment_reason", "article", "annex"].includes(name);
    default:
      return false;
  }
}

/** The names of the columns that a sheet shows: what it always has, what this step writes, what is filled. */
export function columnNames(
  frame: Frame,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const years = Array.from({ length: frame.years }, (_, at) => frame.year + at);
  const own: Record<Step, string> = {
    prepare: "request",
    request: "request",
    mark: "mark",
    amend: "amendment",
    none: "request",
  };
  const written = years.map((year) => `${own[frame.step]}_${year}`);
  const filled = header.filter(
    (name, at) =>
      name !== "entity" && rows.some((row) => (row[at] ?? "") !== "" && row[at] !== "expenditure"),
  );
  const extra =
    frame.step === "mark"
      ? ["mark_reason"]
      : frame.step === "amend"
        ? ["amendment_reason"]
        : ["justification"];
  const wanted = new Set([...ALWAYS, ...filled, ...written, ...extra]);
  const order = [
    "line", "title", "side", ...CODES, "counterparty_entity", "nature", "quantity", "unit_price", "total_cost", "tags",
    ...FIGURES.flatMap((figure) => years.map((year) => `${figure}_${year}`)),
    "mark_reason", "amendment_reason", "article", "annex", "justification",
  ]; // prettier-ignore
  return order.filter((name) => wanted.has(name));
}

/** The columns of the grid; what the step may not change is for reading. */
export function sheetColumns(
  names: readonly string[],
  frame: Frame,
  title: (name: string) => string,
): GridColumn[] {
  return names.map((name) => {
    const isFigure = /_\d{4}$/.test(name);
    const isAmount = isFigure || AMOUNTS.includes(name);
    return {
      id: name,
      title: title(name),
      kind: isAmount ? "amount" : CODES.includes(name) || name === "line" ? "code" : "text",
      isReadOnly: !mayChange(frame.step, name),
      isRequired: name === "line",
      isKey: name === "line",
      ...(isFigure
        ? { decimals: frame.decimals }
        : isAmount
          ? { decimals: 6, decimalsMin: 0 }
          : {}),
      width: LONG.includes(name) ? "wide" : name === "line" || isAmount ? "middle" : "narrow",
    } satisfies GridColumn;
  });
}

/** The cells of a text of the server, in the order of the columns. */
export function sheetRows(text: string, names: readonly string[]): string[][] {
  const [header = [], ...rows] = parseCsv(text);
  const places = names.map((name) => header.indexOf(name));
  return rows.map((row) => places.map((at) => (at < 0 ? "" : (row[at] ?? ""))));
}

/** The text that a put takes. Columns that the grid does not show were empty, and stay so. */
export function sheetText(
  names: readonly string[],
  rows: readonly Record<string, string>[],
): string {
  return formatCsv([names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]);
}

export interface Fault extends Position {
  twin?: number; // the row that is the same already; none: the cell has to be filled
}

/** What a sheet says before the server is asked: cells that have to be filled, rows that stand twice. */
export function faultsOf(columns: readonly GridColumn[], filled: readonly FilledRow[]): Fault[] {
  const keys = columns.filter(({ isKey }) => isKey === true).map(({ id }) => id);
  const seen = new Map<string, number>();
  return filled.flatMap(({ row, values }) => {
    const faults: Fault[] = columns.flatMap(({ id, isRequired }, column) =>
      isRequired === true && (values[id] ?? "") === "" ? [{ row, column }] : [],
    );
    const twin = seen.get(keyOf(keys, values));
    if (twin !== undefined && faults.length === 0) {
      faults.push({ row, column: 0, twin });
    }
    seen.set(keyOf(keys, values), twin ?? row);
    return faults;
  });
}

/** Sums of the figures by column, of what is spent. */
export function figureTotals(
  names: readonly string[],
  rows: readonly Record<string, string>[],
  decimals: number,
): Record<string, string> {
  const zero = decimals > 0 ? `0.${"0".repeat(decimals)}` : "0";
  const spent = rows.filter((row) => row.side !== "revenue");
  const figures = names.filter((name) => /_\d{4}$/.test(name));
  return Object.fromEntries(
    figures.map((name) => [name, add(zero, ...spent.map((row) => row[name] || zero))]),
  );
}

/* Pasting ------------------------------------------------------------------------------------- */

export interface PastedCell {
  row: number; // of the pasted text, from 1, its header counted
  column: string;
  error: ValueError | "ROW_TWICE" | "ROW_UNCLEAR";
  text: string;
}

export interface Pasted {
  hasHeader: boolean;
  convention: Convention;
  columns: (string | null)[]; // which column of the sheet each pasted one is; null: left out
  keys: string[]; // the pasted columns by which rows are told apart
  ignored: string[]; // titles that are no column, or one that may not be written
  rows: Record<string, string>[];
  added: number;
  changed: number;
  unchanged: number;
  errors: PastedCell[];
}

const plain = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, "_");

/* "Request 2025", "request_2025" and the title in the person's language are the same column. */
function columnOf(title: string, columns: readonly GridColumn[]): GridColumn | undefined {
  return columns.find(
    (column) => plain(column.id) === plain(title) || plain(column.title) === plain(title),
  );
}

function cellsOf(text: string): string[][] {
  const first = text.split(/\r\n|\n|\r/, 1)[0] ?? "";
  return first.includes("\t") || !first.includes(",") ? parseTsv(text) : parseCsv(text);
}

export interface PasteChoice {
  locale: string;
  usual: Convention;
  convention?: Convention | undefined; // chosen by the person; else found out
}

/** What a pasted text says about the rows that are there. */
export function readPaste(
  text: string,
  columns: readonly GridColumn[],
  known: readonly Record<string, string>[],
  choice: PasteChoice,
): Pasted {
  const cells = cellsOf(text).filter((row) => row.some((cell) => cell.trim() !== ""));
  const titles = cells[0] ?? [];
  const found = titles.map((title) => columnOf(title, columns));
  const hasHeader = found.some((column) => column !== undefined && column === columns[0]);
  const places = hasHeader ? found : columns.slice(0, titles.length);
  const body = hasHeader ? cells.slice(1) : cells;
  const isWritten = (column: GridColumn | undefined) =>
    column !== undefined && (column.isReadOnly !== true || column.isKey === true);
  const written = titles.map((_, at) => (isWritten(places[at]) ? (places[at]?.id ?? null) : null));
  const amounts = body.flatMap((row) => row.filter((_, at) => places[at]?.kind === "amount"));
  const convention = choice.convention ?? detectConvention(amounts, choice.usual, { decimals: 6 });
  const result: Pasted = {
    hasHeader,
    convention,
    columns: written,
    keys: columns.flatMap(({ id, isKey }) => (isKey === true && written.includes(id) ? [id] : [])),
    ignored: hasHeader
      ? titles.filter((title, at) => title.trim() !== "" && !isWritten(found[at]))
      : [],
    rows: [],
    added: 0,
    changed: 0,
    unchanged: 0,
    errors: [],
  };
  takeRows(result, body, places, known, choice.locale);
  return result;
}

/** What tells a row from others; "" when nothing of it is filled. */
export function keyOf(keys: readonly string[], row: Record<string, string>): string {
  const words = keys.map((name) => row[name] ?? "");
  return words.some((word) => word !== "") ? words.join("\t") : "";
}

function takeRows(
  result: Pasted,
  body: string[][],
  places: readonly (GridColumn | undefined)[],
  known: readonly Record<string, string>[],
  locale: string,
): void {
  const there = new Map(known.map((row) => [keyOf(result.keys, row), row]));
  const unclear = keysTwice(known, result.keys);
  const seen = new Set<string>();
  const fail = (row: number, column: string, error: PastedCell["error"], text: string) =>
    result.errors.push({ row, column, error, text });
  body.forEach((cells, down) => {
    const number = down + (result.hasHeader ? 2 : 1);
    const row: Record<string, string> = {};
    result.columns.forEach((name, at) => {
      const column = places[at];
      if (name === null || column === undefined) {
        return;
      }
      const parsed = parseValue(column.kind, cells[at] ?? "", result.convention, locale, column);
      if ("error" in parsed) {
        fail(number, name, parsed.error, cells[at] ?? "");
      }
      row[name] = "value" in parsed ? parsed.value : (cells[at] ?? "");
    });
    const key = keyOf(result.keys, row);
    const first = result.keys[0] ?? "";
    if (seen.has(key) || unclear.has(key)) {
      fail(number, first, seen.has(key) ? "ROW_TWICE" : "ROW_UNCLEAR", row[first] ?? "");
    }
    if (key !== "") {
      seen.add(key);
    }
    const before = there.get(key);
    const isSame =
      before !== undefined &&
      Object.entries(row).every(([name, value]) => (before[name] ?? "") === value);
    result.added += before === undefined ? 1 : 0;
    result.changed += before !== undefined && !isSame ? 1 : 0;
    result.unchanged += isSame ? 1 : 0;
    result.rows.push(row);
  });
}

function keysTwice(
  rows: readonly Record<string, string>[],
  keys: readonly string[],
): ReadonlySet<string> {
  const [seen, twice] = [new Set<string>(), new Set<string>()];
  for (const key of rows.map((row) => keyOf(keys, row)).filter((each) => each !== "")) {
    (seen.has(key) ? twice : seen).add(key);
  }
  return twice;
}

/** The rows with what was pasted: rows of the same key are changed where they stand, others follow. */
export function mergePaste(
  known: readonly Record<string, string>[],
  pasted: Pasted,
): Record<string, string>[] {
  const fresh = new Map(pasted.rows.map((row) => [keyOf(pasted.keys, row), row]));
  const merged = known.map((row) => ({ ...row, ...fresh.get(keyOf(pasted.keys, row)) }));
  const there = new Set(known.map((row) => keyOf(pasted.keys, row)));
  return [...merged, ...pasted.rows.filter((row) => !there.has(keyOf(pasted.keys, row)))];
}
