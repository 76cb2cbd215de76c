// money.test.ts mirrors src/money.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { add, compare, format, isAmount, millionths, negate, parse, scale, subtract } from "../../src/money";

test("adds what no double could hold", () => {
  assert.equal(add("9007199254740993.01", "0.02"), "9007199254740993.03");
  assert.equal(add("0.1", "0.2"), "0.3");
  assert.equal(add("1.00", "-1.00"), "0.00");
  assert.equal(add("5", "0.5"), "5.5");
  assert.equal(add(), "0");
  assert.equal(subtract("1.00", "2.50"), "-1.50");
  assert.equal(negate("-0.05"), "0.05");
});

test("compares by value, not by text", () => {
  const cases: [string, string, number][] = [
    ["10", "9.99", 1],
    ["-10", "9", -1],
    ["1.0", "1.000", 0],
    ["-0.01", "0", -1],
  ];
  for (const [left, right, expected] of cases) {
    assert.equal(compare(left, right), expected, `${left} ${right}`);
  }
});

test("knows an amount", () => {
  for (const [text, expected] of [["1.00", true], ["-3", true], ["1,00", false], ["", false], [null, false], [3, false]]) {
    assert.equal(isAmount(text), expected, String(text));
  }
});

test("writes with the signs of the locale, always grouped", () => {
  const cases: [string, string, number | undefined, string][] = [
    ["1234567.5", "en", 2, "1,234,567.50"],
    ["-1234567.50", "es", undefined, "\u22121.234.567,50"],
    ["1234.00", "es", undefined, "1.234,00"],
    ["999", "en", undefined, "999"],
    ["-0.004", "en", 2, "0.00"],
    ["-0.006", "en", 2, "\u22120.01"],
    ["0", "en", 2, "0.00"],
    ["123456789012345678901.99", "en", 2, "123,456,789,012,345,678,901.99"],
  ];
  for (const [amount, locale, decimals, expected] of cases) {
    assert.equal(format(amount, locale, decimals), expected);
  }
});

test("rounds half away from zero when it shows millions", () => {
  assert.equal(scale("1500000.00", 6, 1), "1.5");
  assert.equal(scale("-1550000.00", 6, 1), "-1.6");
  assert.equal(scale("49999.99", 6, 1), "0.0");
  assert.equal(scale("12.30", 0, 2), "12.30");
});

test("measures a bar without a double", () => {
  assert.equal(millionths("25.00", "100"), 250000);
  assert.equal(millionths("1", "0"), 0);
});

test("takes what people type, and refuses what has no single meaning", () => {
  const cases: [string, string, string | null][] = [
    ["1,234.50", "en", "1234.50"],
    ["1.234,50", "en", "1234.50"],
    ["1.234,50", "es", "1234.50"],
    ["1.234", "es", "1234"],
    ["1.234", "en", "1.234"],
    ["1,234", "en", "1234"],
    ["1234,5", "es", "1234.5"],
    ["1234,5", "en", "1234.5"],
    ["1,234,567", "es", "1234567"],
    ["1.234.567", "en", "1234567"],
    ["(12.00)", "en", "-12.00"],
    ["12.00-", "en", "-12.00"],
    ["\u221212", "en", "-12"],
    ["1 234,50", "es", "1234.50"],
    [".5", "en", "0.5"],
    ["007", "en", "7"],
    ["-0", "en", "0"],
    ["", "en", null],
    ["abc", "en", null],
    ["1,2,3", "en", null],
    ["1.2.3", "es", null],
    ["1e3", "en", null],
    ["--1", "en", null],
    ["12,34.5", "en", null],
  ];
  for (const [typed, locale, expected] of cases) {
    assert.equal(parse(typed, locale), expected, `${typed} in ${locale}`);
  }
});
