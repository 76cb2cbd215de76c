// value.ts: what a person may write into a cell, and what is kept of it.
//
// Kept is one spelling: amounts "1234.50", dates "2024-06-30", texts without spaces around them. What
// has two readings is refused and never guessed: "1.234" is a thousand to one reader and a little
// more than one to the next.

import { format, isAmount, signs } from "../money";

export type ValueKind = "text" | "code" | "amount" | "date";

/** "point": 1,234.50; "comma": 1.234,50. */
export type Convention = "point" | "comma";

export type ValueError =
  | "AMOUNT_INVALID"
  | "AMOUNT_AMBIGUOUS"
  | "AMOUNT_SEPARATORS"
  | "AMOUNT_DECIMALS"
  | "AMOUNT_NEGATIVE"
  | "DATE_INVALID"
  | "DATE_AMBIGUOUS"
  | "CODE_SPACES"
  | "TEXT_LONG"
  | "VALUE_MISSING"
  | "CODE_UNKNOWN";

export type Parsed = { value: string } | { error: ValueError };

export interface ValueRules {
  decimals?: number; /* of amounts; 2 when not given */
  decimalsMin?: number; /* that are written out; as many as `decimals` when not given */
  isNegative?: boolean; /* amounts below zero are taken */
  lengthMax?: number;
  isRequired?: boolean;
}

const SPACES = /[\u0020\u00a0\u2007\u2009\u202f]/g;
const DECIMALS_USUAL = 2;
const LENGTH_USUAL = 1000;

export function conventionOf(locale: string): Convention {
  return signs(locale).decimal === "," ? "comma" : "point";
}

/* The sign and the rest; parentheses are how ledgers write what is below zero. */
function splitSign(text: string): { sign: string; digits: string } {
  const inner = /^\((.*)\)$/.exec(text);
  if (inner !== null) {
    return { sign: "-", digits: inner[1] ?? "" };
  }
  const signed = /^([-\u2212+])(.*)$/.exec(text);
  if (signed === null) {
    return { sign: "", digits: text };
  }
  return { sign: signed[1] === "+" ? "" : "-", digits: signed[2] ?? "" };
}

function withDecimals(sign: string, whole: string, fraction: string, rules: ValueRules): Parsed {
  const decimals = rules.decimals ?? DECIMALS_USUAL;
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > decimals) {
    return { error: "AMOUNT_DECIMALS" };
  }
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const shown = kept.padEnd(rules.decimalsMin ?? decimals, "0");
  const tail = shown !== "" ? `.${shown}` : "";
  const isZero = /^0*$/.test(digits + kept);
  return { value: `${isZero ? "" : sign}${digits}${tail}` };
}

/** A decimal string as a cell of these rules keeps it: a currency of other decimals may not take it. */
export function fitAmount(value: string, rules: ValueRules): Parsed {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  return whole === "" ? { value } : withDecimals(sign, whole, fraction, rules);
}

/** An amount as a decimal string with the decimals of its currency. */
export function parseAmount(text: string, convention: Convention, rules: ValueRules = {}): Parsed {
  const decimals = rules.decimals ?? DECIMALS_USUAL;
  const { sign, digits } = splitSign(text.trim().replace(/^(-?)\s+/, "$1"));
  const [point, group] = convention === "point" ? [".", ","] : [",", "."];
  const bare = digits.replace(SPACES, " ").trim();
  if (!/^[\d.,' ]*\d[\d.,' ]*$/.test(bare)) {
    return { error: "AMOUNT_INVALID" };
  }
  if (sign === "-" && rules.isNegative !== true && /[1-9]/.test(bare)) {
    return { error: "AMOUNT_NEGATIVE" };
  }
  const at = bare.indexOf(point);
  const whole = at < 0 ? bare : bare.slice(0, at);
  const fraction = at < 0 ? "" : bare.slice(at + 1);
  if (!/^\d*$/.test(fraction)) {
    return { error: "AMOUNT_SEPARATORS" };
  }
  /* 1.234 where the point is decimal and the currency has no third decimal: a thousand elsewhere */
  const isThousandElsewhere = /^[1-9]\d{0,2}$/.test(whole) && fraction.length === 3;
  if (isThousandElsewhere && decimals < 3) {
    return { error: "AMOUNT_AMBIGUOUS" };
  }
  if (/^\d*$/.test(whole)) {
    return withDecimals(sign, whole, fraction, rules);
  }
  /* Groups of three, by one separator throughout. */
  const separator = [group, "'", " "].find((mark) => whole.includes(mark)) ?? group;
  const groups = whole.split(separator);
  const isGrouped =
    /^\d{1,3}$/.test(groups[0] ?? "") && groups.slice(1).every((part) => /^\d{3}$/.test(part));
  if (!isGrouped) {
    return { error: "AMOUNT_SEPARATORS" };
  }
  if (groups.length === 2 && separator === group && at < 0 && decimals >= 3) {
    return { error: "AMOUNT_AMBIGUOUS" };
  }
  return withDecimals(sign, groups.join(""), fraction, rules);
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    year >= 1900 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day
  );
}

function writtenDate(year: number, month: number, day: number): Parsed {
  if (!isDay(year, month, day)) {
    return { error: "DATE_INVALID" };
  }
  const two = (value: number) => value.toString().padStart(2, "0");
  return { value: `${year}-${two(month)}-${two(day)}` };
}

/** A date as 2024-06-30. "05/06/2024" is a day of June where days come first (es), and refused where
 * readers differ (en). */
export function parseDate(text: string, locale: string): Parsed {
  const bare = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(bare);
  if (iso !== null) {
    return writtenDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const other = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(bare);
  if (other === null) {
    return { error: "DATE_INVALID" };
  }
  const [first, second, year] = [Number(other[1]), Number(other[2]), Number(other[3])];
  if (!locale.startsWith("en") || first === second) {
    return writtenDate(year, second, first);
  }
  if (first <= 12 && second <= 12) {
    return { error: "DATE_AMBIGUOUS" };
  }
  return first > 12 ? writtenDate(year, second, first) : writtenDate(year, first, second);
}

function parseText(kind: ValueKind, text: string, rules: ValueRules): Parsed {
  const bare = text.trim();
  if (bare.length > (rules.lengthMax ?? LENGTH_USUAL)) {
    return { error: "TEXT_LONG" };
  }
  return kind === "code" && /\s/.test(bare) ? { error: "CODE_SPACES" } : { value: bare };
}

/** The kept spelling of what was written; an empty cell is "" unless it has to be filled. */
export function parseValue(
  kind: ValueKind,
  text: string,
  convention: Convention,
  locale: string,
  rules: ValueRules = {},
): Parsed {
  if (text.trim() === "") {
    return rules.isRequired === true ? { error: "VALUE_MISSING" } : { value: "" };
  }
  switch (kind) {
    case "amount":
      return parseAmount(text, convention, rules);
    case "date":
      return parseDate(text, locale);
    default:
      return parseText(kind, text, rules);
  }
}

/** How a kept value stands in a cell, and in the field where it is edited. */
export function showValue(kind: ValueKind, value: string, convention: Convention): string {
  return kind === "amount" && isAmount(value) ? format(value, localeOf(convention)) : value;
}

/* Groups and marks go by the convention alone: what is shown can be typed again. */
function localeOf(convention: Convention): string {
  return convention === "point" ? "en" : "de";
}

/** The convention in which a pasted text writes its amounts, when all of them can be read in one only;
 * else `usual`. */
export function detectConvention(
  amounts: readonly string[],
  usual: Convention,
  rules: ValueRules = {},
) {
  const filled = amounts.filter((text) => text.trim() !== "");
  const reads = (convention: Convention) =>
    filled.filter((text) => "value" in parseAmount(text, convention, rules)).length;
  const [point, comma] = [reads("point"), reads("comma")];
  if (point === comma) {
    return usual;
  }
  return point > comma ? "point" : "comma";
}
