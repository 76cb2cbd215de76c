// budget_sheet.test.ts mirrors src/screens/budget/sheet.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GridModel } from "../../src/grid/model";
import {
  columnNames,
  figureTotals,
  mergePaste,
  readPaste,
  sheetColumns,
  sheetRows,
  sheetText,
  stepOf,
} from "../../src/screens/budget/sheet";
import type { Frame } from "../../src/screens/budget/sheet";

const frame: Frame = { year: 2025, years: 2, decimals: 2, step: "request" };
const text =
  'line,entity,side,gfs_code,programme,title,baseline_2025,request_2025\nL1,MOE,expenditure,211,1,Teachers,90.00,100.00\nL2,MOE,expenditure,22,1,"Books, maps",,5.00\n';
const header = text.split("\n")[0]!.split(",");
const names = columnNames(
  frame,
  header,
  text
    .split("\n")
    .slice(1, 3)
    .map((row) => row.split(",")),
);
const columns = sheetColumns(names, frame, (name) => name.replace(/_/g, " "));
const known = sheetRows(text, names).map((row) =>
  Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])),
);

test("a sheet shows what it always has, what the step writes and what is filled", () => {
  assert.ok(
    names.includes("baseline_2025") &&
      names.includes("request_2026") &&
      names.includes("justification"),
  );
  assert.ok(!names.includes("entity") && !names.includes("side") && !names.includes("mark_2025"));
  assert.equal(names[0], "line");
});

test("a step writes its own figures only", () => {
  const fixed = (step: Frame["step"]) =>
    sheetColumns(
      ["line", "title", "baseline_2025", "request_2025", "mark_2025"],
      { ...frame, step },
      String,
    )
      .filter((column) => column.isReadOnly === true)
      .map((column) => column.id);
  assert.deepEqual(fixed("request"), ["baseline_2025", "mark_2025"]);
  assert.deepEqual(fixed("mark"), ["line", "title", "baseline_2025", "request_2025"]);
  assert.deepEqual(fixed("prepare"), []);
  assert.equal(fixed("none").length, 5);
});

test("the step is told by where version and part are", () => {
  const cases: [string, string, string][] = [
    ["draft", "", "prepare"],
    ["called", "open", "request"],
    ["called", "submitted", "none"],
    ["review", "submitted", "mark"],
    ["tabled", "agreed", "amend"],
    ["enacted", "agreed", "none"],
  ];
  for (const [version, part, step] of cases) {
    assert.equal(stepOf(version, part), step, `${version}/${part}`);
  }
});

test("the text of the server comes back as it was", () => {
  assert.deepEqual(sheetRows(sheetText(names, known), names), sheetRows(text, names));
  assert.equal(known[1]?.title, "Books, maps");
  assert.equal(figureTotals(names, known, 2).request_2025, "105.00");
});

test("a paste with a header is matched by names, and says what is new and what is wrong", () => {
  const pasted = readPaste(
    "Line\tRequest 2025\tBaseline 2025\tColour\nL1\t1.234,50\t1\tred\nL3\t7,00\t2\tblue\nL3\tmuch\t\t\n",
    columns,
    known,
    { locale: "en", usual: "point" },
  );
  assert.deepEqual(pasted.columns, ["line", "request_2025", null, null]);
  assert.deepEqual(pasted.ignored, ["Baseline 2025", "Colour"]);
  assert.equal(pasted.convention, "comma");
  assert.deepEqual([pasted.added, pasted.changed, pasted.unchanged], [2, 1, 0]);
  assert.deepEqual(pasted.errors, [
    { row: 4, column: "request_2025", error: "AMOUNT_INVALID", text: "much" },
    { row: 4, column: "line", error: "ROW_TWICE", text: "L3" },
  ]);
});

test("a paste without a header goes by the order of the columns", () => {
  const pasted = readPaste("L2\tBooks\n", columns, known, { locale: "en", usual: "point" });
  assert.deepEqual(pasted.columns, ["line", "title"]);
  const merged = mergePaste(known, pasted);
  assert.deepEqual(
    merged.map((row) => `${row.line} ${row.title} ${row.request_2025}`),
    ["L1 Teachers 100.00", "L2 Books 5.00"],
  );
});

test("five hundred pasted lines are one step that can be taken back", () => {
  const rows = Array.from({ length: 500 }, (_, at) => `N${at}\tLine ${at}\t1\t22\t22`).join("\n");
  const pasted = readPaste(rows, columns, known, { locale: "en", usual: "point" });
  const model = new GridModel(columns, sheetRows(text, names), {
    convention: "point",
    locale: "en",
    canGrow: true,
  });
  model.replace(mergePaste(known, pasted).map((row) => names.map((name) => row[name] ?? "")));
  assert.equal(model.rowCount, 502);
  assert.equal(model.problems().length, 0);
  model.undo();
  assert.equal(model.rowCount, 2);
});

test("a sheet takes the decimals of the currency it is in", () => {
  const cases: [number, string, string][] = [
    [0, "5", "5"],
    [3, "5.125", "5.125"],
  ];
  for (const [decimals, typed, total] of cases) {
    const own: Frame = { ...frame, decimals };
    const model = new GridModel(sheetColumns(names, own, (name) => name), [[]], { convention: "point", locale: "en" });
    const at = model.columnAt("request_2025");
    model.write(0, at, typed);
    const rows = model.filledRows().map(({ values }) => values);
    assert.equal(figureTotals(names, rows, decimals)["request_2025"], total);
    model.write(0, at, `${typed}${decimals === 0 ? ".5" : "5"}`);
    assert.equal(model.error(0, at), "AMOUNT_DECIMALS");
  }
});
