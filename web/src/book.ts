// book.ts: the book that is served, and its units: read once for a person, asked for by many screens.
import { computed, effect, signal } from "@preact/signals";
import { read } from "./api/client";
import type { Book, Table } from "./api/types";
import { t } from "./i18n";
import { session } from "./session";
import { text } from "./table";

export const UNITS_MAX = 1000; // more are found by typing their code

export interface Unit {
  value: string; // its code
  label: string; // "001 Ayuntamiento de Madrid"
  isGroup: boolean;
  members: number; // of a group
  currency: string; // of an entity, where it names one
}

export const book = signal<Book | null>(null);
export const units = signal<Unit[]>([]);

function unitsOf(table: Table, column: string, isGroup: boolean): Unit[] {
  return table.rows.map((row) => {
    const code = text(row, column) || text(row, "unit");
    const name = text(row, "name");
    return { value: code, label: name && name !== code ? `${code} ${name}` : code, isGroup, members: text(row, "members").split(" ").length, currency: text(row, "currency") };
  });
}

async function load(): Promise<void> {
  const [given, groups, entities] = await Promise.allSettled([
    read("/v1/book"),
    read("/v1/groups"),
    read("/v1/entities", { query: { limit: UNITS_MAX } }),
  ]);
  book.value = given.status === "fulfilled" ? given.value : null;
  units.value = [
    ...(groups.status === "fulfilled" ? unitsOf(groups.value, "group", true) : []),
    ...(entities.status === "fulfilled" ? unitsOf(entities.value, "entity", false) : []),
  ];
}

let loadedFor = "";

export function followBook(): void {
  effect(() => {
    const person = session.value?.person ?? "";
    if (person !== loadedFor) {
      loadedFor = person;
      book.value = null;
      units.value = [];
      if (person) {
        void load();
      }
    }
  });
}

export const newestYear = computed(() => {
  const years = book.value?.years ?? [];
  return years.length > 0 ? String(Math.max(...years)) : "";
});

/** What a person is shown first: his own unit, else the largest group. */
export const usualUnit = computed(() => {
  const scope = session.value?.scope;
  const own = (session.value?.roles ?? []).find((held) => held.entity && held.entity !== "*")?.entity;
  if (own || (scope && !scope.all)) {
    return own ?? scope?.entities[0] ?? "";
  }
  const groups = units.value.filter((unit) => unit.isGroup).sort((a, b) => b.members - a.members);
  return (groups[0] ?? units.value[0])?.value ?? "";
});

/** In which unit figures are: "EUR, thousands". What the book does not name is left out, not guessed. */
export function figureUnits(scale: string): string {
  const words = scale ? t(`report.scale.${scale}` as "report.scale.0").toLowerCase() : "";
  return [book.value?.currency, words].filter(Boolean).join(", ");
}

const DECIMALS_USUAL = 2;

/* As ISO 4217 has them; the browser knows that list, too. */
function decimalsOfCurrency(currency: string): number {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return maximumFractionDigits ?? DECIMALS_USUAL;
  } catch {
    return DECIMALS_USUAL; // what is written there is no currency
  }
}

/** How many decimals amounts of an entity have: the server says it of the book, except where its units differ. */
export function decimalsOf(entity: string): number {
  const ofBook = book.value?.decimals;
  if (typeof ofBook === "number") {
    return ofBook;
  }
  const own = units.value.find((unit) => !unit.isGroup && unit.value === entity)?.currency;
  return own ? decimalsOfCurrency(own) : DECIMALS_USUAL;
}

/** In which currency amounts of an entity, or of the whole book ("*"), are; "" where none is named; null: of several. */
export function currencyOf(entity: string): string | null {
  const entities = units.value.filter((unit) => !unit.isGroup);
  const own = entities.find((unit) => unit.value === entity);
  const named = new Set((own ? [own] : entities).map((unit) => unit.currency || book.value?.currency || ""));
  return named.size > 1 ? null : ([...named][0] ?? book.value?.currency ?? "");
}

export function isGroup(code: string): boolean {
  return units.value.some((unit) => unit.value === code && unit.isGroup);
}

export function unitLabel(code: string): string {
  return units.value.find((unit) => unit.value === code)?.label ?? code;
}
