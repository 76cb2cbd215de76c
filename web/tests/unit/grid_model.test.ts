// grid_model.test.ts: the grid without a screen: mirrors src/grid/model.ts, clipboard.ts and window.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCsv, formatTsv, parseCsv, parseTsv } from "../../src/grid/clipboard";
import { GridModel } from "../../src/grid/model";
import type { GridColumn } from "../../src/grid/column";
import { piecesOf, visibleRows } from "../../src/grid/window";

const columns: GridColumn[] = [
  { id: "line", title: "Line", kind: "code", isReadOnly: true },
  { id: "title", title: "Title", kind: "text" },
  { id: "request", title: "Request", kind: "amount" },
  { id: "due", title: "Due", kind: "date" },
];

const grid = (
  rows: string[][] = [
    ["L1", "Chalk", "10.00", ""],
    ["L2", "", "", ""],
  ],
  canGrow = false,
) => new GridModel(columns, rows, { convention: "point", locale: "en", canGrow, rowsMax: 6 });

const texts = (model: GridModel) =>
  Array.from({ length: model.rowCount }, (_, row) =>
    columns.map((_column, at) => model.shown(row, at)).join("|"),
  );

test("what is written is kept in one spelling, or stays with its error", () => {
  const model = grid();
  assert.ok(model.write(1, 2, "1,234.5"));
  assert.equal(model.value(1, 2), "1234.50");
  assert.ok(model.write(1, 2, "1.234"));
  assert.equal(model.error(1, 2), "AMOUNT_AMBIGUOUS");
  assert.equal(model.shown(1, 2), "1.234");
  assert.equal(model.value(1, 2), "");
  assert.deepEqual(model.problems(), [
    { row: 1, column: 2, error: "AMOUNT_AMBIGUOUS", text: "1.234" },
  ]);
  assert.equal(model.write(1, 0, "X"), false, "a column that is not for writing");
});

test("undo and redo take back and bring again whole steps", () => {
  const model = grid(undefined, true);
  model.moveTo(0, 1);
  model.paste("a\t1\nb\t2\nc\t3");
  assert.deepEqual(texts(model), ["L1|a|1.00|", "L2|b|2.00|", "|c|3.00|"]);
  model.write(2, 1, "d");
  model.undo();
  model.undo();
  assert.deepEqual(texts(model), ["L1|Chalk|10.00|", "L2|||"]);
  assert.equal(model.undo(), null);
  model.redo();
  model.redo();
  assert.deepEqual(texts(model), ["L1|a|1.00|", "L2|b|2.00|", "|d|3.00|"]);
  model.undo();
  model.write(0, 1, "new");
  assert.equal(model.redo(), null, "a new change forgets what was undone");
});

test("a paste says what it wrote, what is wrong and what had no place", () => {
  const model = grid(undefined, true);
  model.moveTo(1, 0);
  const result = model.paste("X\tbooks\t1.234\t2024-01-01\textra\nY\tpens\t5\t");
  assert.deepEqual(result, { cells: 6, rowsAdded: 1, errors: 1, readOnly: 2, dropped: 1 });
  assert.deepEqual(model.selection, { top: 1, bottom: 2, left: 0, right: 3 });
  model.moveTo(5, 1);
  assert.equal(
    model.paste("1\n2\n3\n4\n5\n6\n7").dropped,
    3,
    "no more rows than the grid may have",
  );
  const fixed = grid();
  fixed.moveTo(1, 1);
  assert.equal(fixed.paste("a\nb").dropped, 1, "a grid that does not grow");
});

test("one cell fills the selection it is pasted into", () => {
  const model = grid();
  model.moveTo(0, 2);
  model.moveTo(1, 2, true);
  assert.equal(model.paste("7").cells, 2);
  assert.deepEqual(texts(model), ["L1|Chalk|7.00|", "L2||7.00|"]);
});

test("fill-down copies the first row of the selection, or the row above a cell", () => {
  const model = grid();
  model.moveTo(1, 2);
  assert.equal(model.fillDown(), 1);
  assert.equal(model.value(1, 2), "10.00");
  model.moveTo(0, 0);
  model.moveTo(1, 3, true);
  assert.equal(model.fillDown(), 1, "only what differs and may be written");
  assert.deepEqual(texts(model), ["L1|Chalk|10.00|", "L2|Chalk|10.00|"]);
  model.moveTo(0, 1);
  assert.equal(model.fillDown(), 0);
});

test("a copied range is what a spreadsheet pastes", () => {
  const model = grid([
    ["L1", 'Books, "old"', "1000.00", ""],
    ["L2", "two\nlines", "", "2024-01-02"],
  ]);
  model.selectAll();
  assert.equal(model.copy(), 'L1\t"Books, ""old"""\t1,000.00\t\nL2\t"two\nlines"\t\t2024-01-02');
  assert.deepEqual(parseTsv(model.copy()), [
    ["L1", 'Books, "old"', "1,000.00", ""],
    ["L2", "two\nlines", "", "2024-01-02"],
  ]);
});

test("Tab goes to the next cell that can be written, and says when there is none", () => {
  const model = grid();
  model.moveTo(0, 3);
  assert.ok(model.step(1));
  assert.deepEqual(model.cursor, { row: 1, column: 1 });
  assert.ok(model.step(-1));
  assert.deepEqual(model.cursor, { row: 0, column: 3 });
  model.moveTo(1, 3);
  assert.equal(model.step(1), false);
  model.moveTo(0, 1);
  assert.equal(model.step(-1), false);
});

test("rows come and go; one empty row stays", () => {
  const model = grid(undefined, true);
  model.moveTo(0, 1);
  assert.ok(model.insertRows(1, 2));
  assert.deepEqual(texts(model), ["L1|Chalk|10.00|", "|||", "|||", "L2|||"]);
  model.selectAll();
  assert.equal(model.removeRows(), 4);
  assert.deepEqual(texts(model), ["|||"]);
  model.undo();
  assert.equal(model.rowCount, 4);
  assert.equal(model.insertRows(0, 3), false, "no more than rowsMax");
  assert.equal(grid().insertRows(0), false);
});

test("remarks of the server stand at a cell until it is written", () => {
  const model = grid();
  model.setRemarks([{ row: 0, column: 2, text: "too much" }]);
  assert.equal(model.remark(0, 2), "too much");
  assert.equal(model.problems()[0]?.text, "too much");
  model.write(0, 2, "5");
  assert.equal(model.remark(0, 2), null);
});

test("tab-separated and comma-separated texts are read as they are written", () => {
  const rows = [
    ["a", 'b "c"', ""],
    ["1,5", "x\ty", "z\r\nw"],
  ];
  assert.deepEqual(parseTsv(formatTsv(rows)), rows);
  assert.deepEqual(parseCsv(formatCsv(rows)), rows);
  assert.deepEqual(parseTsv("a\tb\r\nc\t\r\n"), [
    ["a", "b"],
    ["c", ""],
  ]);
  assert.deepEqual(parseTsv('5" pipe\t"open'), [['5" pipe', '"open']]);
  assert.deepEqual(parseTsv("a\t"), [["a", ""]]);
  assert.deepEqual(parseTsv(""), []);
  assert.deepEqual(parseCsv("\ufeffa,b\n1,\n"), [
    ["a", "b"],
    ["1", ""],
  ]);
  assert.throws(() => parseCsv('a,"b\n'), /quote/);
});

test("five thousand rows are drawn as those in view and the one with the focus", () => {
  const [from, to] = visibleRows({ top: 28 * 2500, height: 560, rowHeight: 28 }, 5000);
  assert.deepEqual([from, to], [2488, 2532]);
  const pieces = piecesOf(from, to, 10, 5000);
  assert.deepEqual(pieces.slice(0, 3), [
    { kind: "gap", from: 0, rows: 10 },
    { kind: "row", row: 10 },
    { kind: "gap", from: 11, rows: 2477 },
  ]);
  const rows = pieces.reduce((sum, piece) => sum + (piece.kind === "row" ? 1 : piece.rows), 0);
  assert.equal(rows, 5000);
  assert.deepEqual(piecesOf(0, 3, 1, 3).length, 3);
  assert.deepEqual(visibleRows({ top: 99999, height: 100, rowHeight: 20 }, 10), [9, 10]);
});

test("rows that are kept already go in as they are, whatever the person's language", () => {
  const model = new GridModel(columns, [[]], { convention: "comma", locale: "es", canGrow: true });
  model.replace([
    ["L1", "Tiza", "1234.50", "2025-01-31"],
    ["L2", "Libros", "100.00", ""],
  ]);
  assert.deepEqual([model.value(0, 2), model.shown(0, 2)], ["1234.50", "1.234,50"]);
  assert.deepEqual(model.problems(), []);
});

test("what is under way to somebody does not change", () => {
  const model = grid(undefined, true);
  assert.ok(model.write(0, 1, "Paper"));
  model.isHeld = true;
  assert.equal(model.write(0, 1, "Pens"), false);
  assert.equal(model.insertRows(1), false);
  model.paste("Pens");
  model.removeRows();
  assert.equal(model.undo(), null);
  assert.deepEqual(texts(model), ["L1|Paper|10.00|", "L2|||"]);
  model.isHeld = false;
  assert.notEqual(model.undo(), null);
  assert.deepEqual(texts(model), ["L1|Chalk|10.00|", "L2|||"]);
});
