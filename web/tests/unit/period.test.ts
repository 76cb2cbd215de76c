// period.test.ts mirrors src/period.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { isPeriod, periodChoices, yearBefore } from "../../src/period";

test("knows a period", () => {
  const cases: [string, boolean][] = [
    ["2024", true],
    ["2024-Q4", true],
    ["2024-Q5", false],
    ["2024-12", true],
    ["2024-13", false],
    ["2024-01..2024-07", true],
    ["2024..2025", false],
    ["24", false],
    ["", false],
  ];
  for (const [text, expected] of cases) {
    assert.equal(isPeriod(text), expected, text);
  }
});

test("goes back a year in every part", () => {
  assert.equal(yearBefore("2024"), "2023");
  assert.equal(yearBefore("2024-Q1"), "2023-Q1");
  assert.equal(yearBefore("2023-11..2024-02"), "2022-11..2023-02");
});

test("offers the newest year first, then its quarters and months", () => {
  const choices = periodChoices([2023, 2024]);
  assert.deepEqual(choices.slice(0, 6), ["2024", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-01"]);
  assert.equal(choices.length, 34);
});
