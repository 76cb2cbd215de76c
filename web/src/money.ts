// money.ts: amounts as the decimal strings they travel as. No Number ever holds money: what is added or
// compared goes through BigInt, what is shown is grouped by hand with the signs of the locale.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

interface Parts {
  units: bigint; // in the smallest unit
  decimals: number;
}

function take(amount: string): Parts {
  const found = DECIMAL.exec(amount);
  if (!found) {
    throw new Error(`not an amount: ${amount}`);
  }
  const fraction = found[3] ?? "";
  const units = BigInt((found[2] ?? "0") + fraction);
  return { units: found[1] ? -units : units, decimals: fraction.length };
}

function give({ units, decimals }: Parts): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  if (decimals === 0) {
    return sign + digits;
  }
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function widen({ units, decimals }: Parts, to: number): bigint {
  return units * 10n ** BigInt(to - decimals);
}

export function isAmount(text: unknown): text is string {
  return typeof text === "string" && DECIMAL.test(text);
}

/** Nothing, with so many decimals. */
export function zeroOf(decimals: number): string {
  return give({ units: 0n, decimals });
}

/** The sum, with as many decimals as the finest of them has. */
export function add(...amounts: string[]): string {
  const parts = amounts.map(take);
  const decimals = Math.max(0, ...parts.map((part) => part.decimals));
  return give({ units: parts.reduce((sum, part) => sum + widen(part, decimals), 0n), decimals });
}

export function negate(amount: string): string {
  const { units, decimals } = take(amount);
  return give({ units: -units, decimals });
}

export function subtract(amount: string, other: string): string {
  return add(amount, negate(other));
}

/** -1, 0 or 1. */
export function compare(amount: string, other: string): number {
  const units = take(subtract(amount, other)).units;
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

export function isZero(amount: string): boolean {
  return take(amount).units === 0n;
}

export function isNegative(amount: string): boolean {
  return take(amount).units < 0n;
}

/** How much @part is of @whole in parts per million, for a bar's length; 0 of nothing. */
export function millionths(part: string, whole: string): number {
  const [a, b] = [take(part), take(whole)];
  const decimals = Math.max(a.decimals, b.decimals);
  const under = widen(b, decimals);
  return under === 0n ? 0 : Number((widen(a, decimals) * 1_000_000n) / under);
}

/** Divided by 10^@digits, rounded half away from zero to @decimals: "in millions". */
export function scale(amount: string, digits: number, decimals: number): string {
  const { units, decimals: has } = take(amount);
  const drop = has + digits - decimals;
  if (drop <= 0) {
    return give({ units: units * 10n ** BigInt(-drop), decimals });
  }
  const by = 10n ** BigInt(drop);
  const absolute = units < 0n ? -units : units;
  const rounded = (absolute + by / 2n) / by;
  return give({ units: units < 0n ? -rounded : rounded, decimals });
}

export interface Signs {
  group: string;
  decimal: string;
}

const signsOf = new Map<string, Signs>();

/** The signs a locale writes numbers with. */
export function signs(locale: string): Signs {
  let found = signsOf.get(locale);
  if (!found) {
    const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
    const part = (type: string, otherwise: string) =>
      parts.find((each) => each.type === type)?.value ?? otherwise;
    found = { group: part("group", "\u00a0"), decimal: part("decimal", ".") };
    signsOf.set(locale, found);
  }
  return found;
}

/** "-1234567.5" as "−1.234.567,50" in Spanish with two decimals. The minus is the long one. */
export function format(amount: string, locale: string, decimals?: number): string {
  const parts = take(amount);
  const wanted = decimals ?? parts.decimals;
  const [whole = "0", fraction] = scale(give(parts), 0, wanted).replace("-", "").split(".");
  const { group, decimal } = signs(locale);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const isMinus = parts.units < 0n && /[1-9]/.test(whole + (fraction ?? ""));
  return (isMinus ? "\u2212" : "") + grouped + (fraction === undefined ? "" : decimal + fraction);
}

/** What a person typed or pasted, as a decimal string; null when it is no amount. Takes the signs of
 * the locale, "1,234.50" and "1.234,50" where only one reading is possible, spaces, a minus before or
 * behind, and parentheses for below zero. */
export function parse(typed: string, locale: string): string | null {
  let text = typed.trim().replace(/[\u2212\u2013]/g, "-").replace(/[\s\u00a0\u202f']/g, "");
  const inParentheses = /^\((.*)\)$/.exec(text);
  let isMinus = inParentheses !== null;
  text = inParentheses?.[1] ?? text;
  if (/^-|-$/.test(text)) {
    isMinus = !isMinus;
    text = text.replace(/^-|-$/, "");
  }
  const decimal = decimalSign(text, signs(locale).decimal);
  const group = decimal === "," ? "." : ",";
  const [whole = "", fraction, ...more] = text.split(decimal);
  const isGrouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(whole) && !whole.includes(decimal);
  const digits = isGrouped ? whole.split(group).join("") : whole;
  if (more.length > 0 || !/^\d*$/.test(digits) || (fraction ?? "").match(/\D/) || !/\d/.test(text)) {
    return null;
  }
  const plain = (digits || "0").replace(/^0+(?=\d)/, "") + (fraction ? `.${fraction}` : "");
  return isMinus && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/* Where both signs stand the last one is the decimal sign; one that stands twice is none. Of a single
 * one the locale decides, unless what follows cannot be a group of three. */
function decimalSign(text: string, ofLocale: string): string {
  const comma = text.lastIndexOf(",");
  const point = text.lastIndexOf(".");
  if (comma >= 0 && point >= 0) {
    return comma > point ? "," : ".";
  }
  const sign = comma >= 0 ? "," : ".";
  const at = Math.max(comma, point);
  if (at < 0) {
    return ofLocale === "," ? "," : ".";
  }
  if (text.indexOf(sign) !== at) {
    return sign === "," ? "." : ",";
  }
  const isGroupLike = /^\d{1,3}$/.test(text.slice(0, at)) && text.length - at === 4;
  return sign === ofLocale || !isGroupLike ? sign : sign === "," ? "." : ",";
}
