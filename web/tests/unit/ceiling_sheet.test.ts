// ceiling_sheet.test.ts mirrors src/screens/budget/ceiling_sheet.ts, and what sheets have in common.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../src/api/types";
import { GridModel } from "../../src/grid/model";
import { CEILING_NAMES, ceilingColumns, mayBeSet, reachOf, usesOf } from "../../src/screens/budget/ceiling_sheet";
import { faultsOf, mergePaste, readPaste, sheetRows, sheetText } from "../../src/screens/budget/sheet";

const text = `ceiling,entity,programme,economic,nature,year,amount,article,section,gfs_code
new policies,,,,new,2025,50.00,Art. 4,,
school board,SCH,,,,2025,60000.00,Circular 1,,
school board,SCH,,,,2026,61000.00,Circular 1,,
`;
const table = {
  rows: [
    { ceiling: "new policies", key: "nature=new year=2025", requested: "0.00", proposed: "0.00" },
    { ceiling: "school board", key: "entity=SCH year=2025", requested: "62500.00", proposed: "62000.00" },
  ],
} as unknown as Table;
const columns = ceilingColumns(usesOf(table), 2, true, (name) => name);
const cells = sheetRows(text, CEILING_NAMES);
const known = cells.map((row) => Object.fromEntries(CEILING_NAMES.map((name, at) => [name, row[at] ?? ""])));
const grid = (rows: string[][] = cells) =>
  new GridModel(columns, rows.map((row) => columns.map(({ id }) => row[CEILING_NAMES.indexOf(id)] ?? "")), { convention: "point", locale: "en", canGrow: true });
const choice = { locale: "en", usual: "point" } as const;

test("beside each ceiling stand what is asked and the room that its cell leaves", () => {
  const model = grid();
  const room = model.columnAt("room");
  assert.equal(model.value(1, model.columnAt("requested")), "62500.00");
  assert.equal(model.value(1, room), "-2000.00");
  assert.equal(model.shown(1, room), "\u22122,000.00");
  model.write(1, model.columnAt("amount"), "62,500");
  assert.equal(model.value(1, room), "500.00", "as the limit is written");
  assert.equal(model.value(2, room), "", "the report says nothing of this row");
  model.write(1, model.columnAt("programme"), "12");
  assert.equal(model.value(1, room), "", "it is another ceiling now");
  assert.equal(model.write(1, room, "1"), false);
});

test("what follows from a row is no part of its text", () => {
  const filled = grid([...cells, []]).filledRows();
  assert.deepEqual(filled.map(({ row }) => row), [0, 1, 2]);
  assert.equal(sheetText(CEILING_NAMES, filled.map(({ values }) => values)), text);
});

test("a pasted row is the ceiling that all its columns name", () => {
  const pasted = readPaste(
    "Ceiling\tentity\tyear\tamount\troom\nschool board\tSCH\t2025\t59000\t1\nschool board\tCITY\t2025\t100\t\n",
    columns,
    known,
    choice,
  );
  assert.deepEqual(pasted.keys, ["ceiling", "entity", "year"]);
  assert.deepEqual(pasted.ignored, ["room"]);
  assert.deepEqual([pasted.added, pasted.changed, pasted.errors], [1, 1, []]);
  const merged = mergePaste(known, pasted);
  assert.deepEqual(
    merged.map((row) => `${row.ceiling} ${row.entity} ${row.year} ${row.amount} ${row.article ?? ""}`),
    [
      "new policies  2025 50.00 Art. 4",
      "school board SCH 2025 59000.00 Circular 1",
      "school board SCH 2026 61000.00 Circular 1",
      "school board CITY 2025 100.00 ",
    ],
  );
});

test("a pasted row that could be several ceilings is taken for none", () => {
  const pasted = readPaste("ceiling\tamount\nschool board\t1\nnew policies\t2\n", columns, known, choice);
  assert.deepEqual(pasted.errors, [{ row: 2, column: "ceiling", error: "ROW_UNCLEAR", text: "school board" }]);
  assert.deepEqual([pasted.added, pasted.changed], [0, 2]);
});

test("cells that have to be filled and rows that stand twice are found before anybody is asked", () => {
  const model = grid([...cells, ["school board", "SCH", "", "", "", "2025", "1"], ["", "SCH"]]);
  const at = (id: string) => model.columnAt(id);
  assert.deepEqual(faultsOf(columns, model.filledRows()), [
    { row: 3, column: 0, twin: 1 },
    { row: 4, column: at("ceiling") },
    { row: 4, column: at("year") },
    { row: 4, column: at("amount") },
  ]);
  assert.deepEqual(faultsOf(columns, grid().filledRows()), []);
});

test("ceilings may be set until a version is agreed", () => {
  const states = ["draft", "called", "review", "agreed", "tabled", "enacted", "rejected", "withdrawn"];
  assert.deepEqual(states.filter(mayBeSet), ["draft", "called", "review"]);
});

test("an entity reaches itself, one with a star all whose code begins so", () => {
  const units = ["MIN", "MINX", "SCH"];
  assert.deepEqual(
    ["MIN", "MIN*", "*", "SHC"].map((code) => reachOf(code, units)),
    [1, 2, 3, 0],
  );
});

test("the sheet of who may not set them is for reading", () => {
  const fixed = ceilingColumns(usesOf(table), 0, false, String);
  assert.ok(fixed.every((column) => column.isReadOnly === true));
});
