// table.test.ts mirrors src/table.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { amountOf, cutTable, depthOf } from "../../src/table";
import type { Table } from "../../src/api/types";

const table: Table = {
  name: "gfs",
  title: "Statement",
  columns: [],
  rows: [{ code: "1", amount: "3.00" }, { code: "11", amount: "2.00" }, { code: "111", amount: "2.00" }, { code: "2", amount: "1.00" }],
  levels: [0, 1, 2, 0],
  strong: [true, false, false, true],
  headings: [{ before: 0, text: "Operations" }, { before: 2, text: "within" }, { before: 4, text: "end" }],
};

test("cuts what is indented deeper, and keeps headings before the next row that is left", () => {
  const cut = cutTable(table, 0);
  assert.deepEqual(cut.rows.map((row) => row["code"]), ["1", "2"]);
  assert.deepEqual(cut.levels, [0, 0]);
  assert.deepEqual(cut.strong, [true, true]);
  assert.deepEqual(cut.headings, [{ before: 0, text: "Operations" }, { before: 1, text: "within" }, { before: 2, text: "end" }]);
  assert.equal(cutTable(table, 9).rows.length, 4);
});

test("finds depth and amounts", () => {
  assert.equal(depthOf(table), 2);
  assert.equal(depthOf({ ...table, levels: [] }), 0);
  assert.equal(amountOf(table, "11"), "2.00");
  assert.equal(amountOf(table, "99"), null);
});
