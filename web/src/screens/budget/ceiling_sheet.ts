// ceiling_sheet.ts: the ceilings of a version as a grid: the columns of their text, and beside each what is
// requested under it, what is proposed, and the room that the limit in its cell leaves.
import type { Row, Table } from "../../api/types";
import type { GridColumn } from "../../grid/column";
import { isAmount, subtract } from "../../money";

/** The columns of the text. The server takes them in any order: here what is used most stands first. */
export const CEILING_NAMES = [
  "ceiling",
  "entity",
  "programme",
  "economic",
  "nature",
  "year",
  "amount",
  "article",
  "section",
  "gfs_code",
];
const SPOKEN_OF = ["entity", "programme", "section", "economic", "gfs_code", "nature", "year"];
const KEYS = ["ceiling", ...SPOKEN_OF];
const REQUIRED = ["ceiling", "year", "amount"];
const WORDS = ["ceiling", "article"]; // may have spaces

/** What the lines come to that a ceiling speaks of. */
export interface Use {
  requested: string;
  proposed: string;
}

/** The states of a version in which ceilings may be set. */
export function mayBeSet(state: string): boolean {
  return ["draft", "called", "review"].includes(state);
}

/* "entity=SCH nature=new year=2025": the row as reports of the server name it. */
function keyText(values: Record<string, string>): string {
  return SPOKEN_OF.flatMap((name) => (values[name] ? [`${name}=${values[name]}`] : [])).join(
    " ",
  );
}

const nameOfUse = (ceiling: string, key: string) => `${ceiling}\t${key}`;

/** What the report of the ceilings says, by ceiling and key. */
export function usesOf(table: Table): Map<string, Use> {
  const text = (row: Row, column: string) => (row[column] as string | null | undefined) ?? "";
  return new Map(
    table.rows.map((row) => [
      nameOfUse(text(row, "ceiling"), text(row, "key")),
      { requested: text(row, "requested"), proposed: text(row, "proposed") },
    ]),
  );
}

/** What is known of a row; of one that is not saved yet, nothing. */
export function useOf(
  uses: ReadonlyMap<string, Use>,
  values: Record<string, string>,
): Use | undefined {
  return uses.get(nameOfUse(values.ceiling ?? "", keyText(values)));
}

/** What a limit leaves: below zero, more is proposed than it allows. "" when there is nothing to tell. */
export function roomOf(uses: ReadonlyMap<string, Use>, values: Record<string, string>): string {
  const proposed = useOf(uses, values)?.proposed;
  return isAmount(values.amount) && isAmount(proposed) ? subtract(values.amount, proposed) : "";
}

/** The columns of the grid: those of the text, and beside the limit what follows from it. */
export function ceilingColumns(
  uses: ReadonlyMap<string, Use>,
  decimals: number,
  isWritable: boolean,
  title: (name: string) => string,
): GridColumn[] {
  const written = CEILING_NAMES.map(
    (name): GridColumn => ({
      id: name,
      title: title(name),
      kind: name === "amount" ? "amount" : WORDS.includes(name) ? "text" : "code",
      isReadOnly: !isWritable,
      isKey: KEYS.includes(name),
      isRequired: REQUIRED.includes(name),
      ...(name === "amount" ? { decimals } : {}),
      width: name === "ceiling" ? "wide" : name === "amount" ? "middle" : "narrow",
    }),
  );
  const computed = (
    name: string,
    from: (values: Record<string, string>) => string,
  ): GridColumn => ({
    id: name,
    title: title(name),
    kind: "amount",
    isReadOnly: true,
    width: "middle",
    computed: from,
  });
  const behind = CEILING_NAMES.indexOf("amount") + 1;
  return [
    ...written.slice(0, behind),
    computed("room", (values) => roomOf(uses, values)), // first: what is over is seen without scrolling
    computed("requested", (values) => useOf(uses, values)?.requested ?? ""),
    computed("proposed", (values) => useOf(uses, values)?.proposed ?? ""),
    ...written.slice(behind),
  ];
}

/** Of how many of the units a ceiling speaks: "MIN" of one, "MIN*" of all whose code begins so. */
export function reachOf(code: string, units: readonly string[]): number {
  return code.endsWith("*")
    ? units.filter((unit) => unit.startsWith(code.slice(0, -1))).length
    : units.filter((unit) => unit === code).length;
}
