// index.ts: the words of the screens in the language of the person, and numbers and dates as his
// country writes them. A key that is missing in a language does not compile.
import { batch, signal } from "@preact/signals";
import { format as formatDecimal, isAmount } from "../money";
import type { en } from "./en";

export type Key = keyof typeof en;
export type Words = Record<Key, string>;
export type Language = "en" | "es";

/* Each language travels by itself: a person needs one. */
const sources: Record<Language, () => Promise<Words>> = {
  en: async () => (await import("./en")).en,
  es: async () => (await import("./es")).es,
};
const STORE = "fisc.language";
const words = signal<Partial<Words>>({});

function preferred(): Language {
  const kept = typeof localStorage === "undefined" ? null : localStorage.getItem(STORE);
  const asked = kept ?? (typeof navigator === "undefined" ? "en" : navigator.language);
  return asked.startsWith("es") ? "es" : "en";
}

export const language = signal<Language>(preferred());

/** The locale of numbers and dates: the person's own where it is of the chosen language. */
export function locale(): string {
  const own = typeof navigator === "undefined" ? "en-GB" : navigator.language;
  return own.startsWith(language.value) ? own : language.value === "es" ? "es-ES" : "en-GB";
}

/** Fetches the words, then changes all of the screen at once. */
export async function setLanguage(chosen: Language): Promise<void> {
  const given = await sources[chosen]();
  batch(() => {
    words.value = given;
    language.value = chosen;
  });
  localStorage.setItem(STORE, chosen);
  document.documentElement.lang = chosen;
}

/** Before the first word is shown. */
export function startLanguage(): Promise<void> {
  return setLanguage(language.value);
}

export type Params = Record<string, string | number>;

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function t(key: Key, params: Params = {}): string {
  return fill(words.value[key] ?? key, params);
}

/** A text with a number: "documents" takes "documents.one" for 1 and "documents.other" else. */
export function tn(key: string, count: number, params: Params = {}): string {
  const form = new Intl.PluralRules(locale()).select(count) === "one" ? "one" : "other";
  return fill(lookUp(`${key}.${form}`) ?? key, { count: integer(count), ...params });
}

/** A word that may not be there: names of columns, roles, codes. */
export function lookUp(key: string): string | undefined {
  return (words.value as Record<string, string | undefined>)[key];
}

/** The title of a column: in the person's language, else made from its name. */
export function columnTitle(name: string): string {
  const plain = name.replace(/_/g, " ");
  return lookUp(`column.${name}`) ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** What an error code means to a person; undefined where there are no words for it. */
export function codeWords(code: string): string | undefined {
  return lookUp(`code.${code}`);
}

export function money(amount: string | null | undefined, decimals?: number): string {
  return isAmount(amount) ? formatDecimal(amount, locale(), decimals) : (amount ?? "");
}

export function integer(value: number): string {
  return formatDecimal(String(Math.trunc(value)), locale());
}

/** Parts per million as a percentage with one decimal. */
export function percent(millionths: number): string {
  const tenths = Math.round(millionths / 1000);
  return `${formatDecimal((tenths / 10).toFixed(1), locale(), 1)}\u00a0%`;
}

/** "2024-03-31" as the locale writes a day; what is none stays as it is. */
export function day(iso: string | null | undefined): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  if (!found) {
    return iso ?? "";
  }
  const date = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])));
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(date);
}

/** A moment, with its time in the zone of the reader. */
export function moment(at: Date | string | null | undefined): string {
  const date = typeof at === "string" ? new Date(at) : at;
  if (!date || Number.isNaN(date.getTime())) {
    return typeof at === "string" ? at : "";
  }
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(date);
}

export function clock(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(at);
}
