// lookups.ts: what pickers search: accounts, budget lines, entities. What was found once is remembered by
// its code, so that its name can stand beside it.
import { read } from "../api/client";
import type { Row } from "../api/types";
import { money } from "../i18n";
import type { Option, Search } from "./Combobox";

const LIMIT = 30;

const names = new Map<string, string>();

export function remember(kind: string, option: Option): void {
  names.set(`${kind}/${option.code}`, option.name);
}

export function nameFound(kind: string, code: string): string | undefined {
  return names.get(`${kind}/${code}`);
}

const text = (row: Row, column: string): string => (row[column] as string | null | undefined) ?? "";

/** What is meant most likely comes first: the code itself, then names that begin so. */
export function ranked(words: string, options: readonly Option[]): Option[] {
  const rank = ({ code, name }: Option) =>
    code.toLowerCase() === words ? 0 : name.toLowerCase().startsWith(words) ? 1 : 2;
  return [...options].sort((a, b) => rank(a) - rank(b));
}

function searchIn(
  kind: string,
  path: "/v1/entities" | "/v1/accounts" | "/v1/budget-lines",
  fixed: () => { entity?: string; year?: string },
  optionOf: (row: Row) => Option,
): Search {
  return async (words, signal) => {
    const query = { ...fixed(), q: words.trim(), limit: LIMIT };
    const table = await read(path, { query, signal });
    const options = table.rows.map(optionOf);
    options.forEach((option) => remember(kind, option));
    return ranked(words.trim().toLowerCase(), options);
  };
}

export const searchEntities: Search = searchIn(
  "entity",
  "/v1/entities",
  () => ({}),
  (row) => ({
    code: text(row, "entity"),
    name: text(row, "name"),
  }),
);

/* Accounts of a national chart: an account that is nothing but a GFS code is sent as one. */
const national = new Set<string>();

export const searchAccounts: Search = searchIn(
  "account",
  "/v1/accounts",
  () => ({}),
  (row) => {
    const code = text(row, "account");
    if (text(row, "gfs") !== code) {
      national.add(code);
    }
    return { code, name: text(row, "name") };
  },
);

export function isNational(code: string): boolean {
  return national.has(code);
}

/** The dimensions that name a budget line, in the order in which people write them. */
export const LINE_DIMENSIONS = [
  "section",
  "programme",
  "economic",
  "gfs_code",
  "cofog",
  "fund",
  "project",
  "region",
  "source_of_finance",
] as const;

/** "programme=1 economic=22": as refusals and the command line write it. */
export function lineText(codes: Record<string, unknown>): string {
  return LINE_DIMENSIONS.flatMap((name) =>
    codes[name] ? [`${name}=${String(codes[name])}`] : [],
  ).join(" ");
}

/** The codes of such a text; null: it is none. */
export function lineCodes(line: string): Record<string, string> | null {
  const codes: Record<string, string> = {};
  for (const word of line.split(/\s+/).filter(Boolean)) {
    const [, name, code] = /^([a-z_]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined || code === undefined) {
      return null;
    }
    codes[name] = code;
  }
  return codes;
}

/** The budget lines of an entity in a year, with what is available. */
export function searchLines(entity: () => string, year: () => string): Search {
  return searchIn(
    "line",
    "/v1/budget-lines",
    () => ({ entity: entity(), year: year() }),
    (row) => ({
      code: lineText(row),
      name: text(row, "name"),
      note: money(text(row, "available")),
    }),
  );
}
