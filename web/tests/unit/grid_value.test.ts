// grid_value.test.ts: mirrors src/grid/value.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  conventionOf,
  detectConvention,
  parseAmount,
  parseDate,
  parseValue,
  showValue,
} from "../../src/grid/value";
import type { Convention, Parsed, ValueRules } from "../../src/grid/value";

const told = (parsed: Parsed) => ("value" in parsed ? parsed.value : parsed.error);

test("amounts are read by the convention of the locale, and what has two readings is refused", () => {
  const cases: [string, Convention, string, ValueRules?][] = [
    ["1234.5", "point", "1234.50"],
    ["1,234.50", "point", "1234.50"],
    ["1,234", "point", "1234.00"],
    ["12,345,678.9", "point", "12345678.90"],
    [" 1 234.50 ", "point", "1234.50"],
    ["1'234.50", "point", "1234.50"],
    ["0.125", "point", "AMOUNT_DECIMALS"],
    ["0.120", "point", "0.12"],
    ["1.234", "point", "AMOUNT_AMBIGUOUS"],
    ["1.234,50", "point", "AMOUNT_SEPARATORS"],
    ["1,50", "point", "AMOUNT_SEPARATORS"],
    ["1,2345", "point", "AMOUNT_SEPARATORS"],
    ["1.2.3", "point", "AMOUNT_SEPARATORS"],
    ["1.234,50", "comma", "1234.50"],
    ["1.234", "comma", "1234.00"],
    ["1,5", "comma", "1.50"],
    ["1,234", "comma", "AMOUNT_AMBIGUOUS"],
    ["1,234.50", "comma", "AMOUNT_SEPARATORS"],
    ["12.50", "comma", "AMOUNT_SEPARATORS"],
    ["1,234", "point", "AMOUNT_AMBIGUOUS", { decimals: 3 }],
    ["1.234", "point", "1.234", { decimals: 3 }],
    ["1234", "point", "1234", { decimals: 0 }],
    ["12.5", "point", "AMOUNT_DECIMALS", { decimals: 0 }],
    ["12.50", "point", "12.5", { decimals: 6, decimalsMin: 0 }],
    ["-5", "point", "AMOUNT_NEGATIVE"],
    ["-5", "point", "-5.00", { isNegative: true }],
    ["\u22125", "point", "-5.00", { isNegative: true }],
    ["(1,000.00)", "point", "-1000.00", { isNegative: true }],
    ["-0", "point", "0.00"],
    ["0012", "point", "12.00"],
    ["92233720368547758.07", "point", "92233720368547758.07"],
    ["1e3", "point", "AMOUNT_INVALID"],
    ["12 EUR", "point", "AMOUNT_INVALID"],
    [".", "point", "AMOUNT_INVALID"],
    [".5", "point", "0.50"],
    ["5.", "point", "5.00"],
  ];
  for (const [text, convention, expected, rules] of cases) {
    assert.equal(
      told(parseAmount(text, convention, rules)),
      expected,
      `"${text}" by ${convention}`,
    );
  }
});

test("dates are read where they have one reading", () => {
  const cases: [string, string, string][] = [
    ["2024-06-30", "en", "2024-06-30"],
    ["2024-6-3", "en", "2024-06-03"],
    ["2024-02-30", "en", "DATE_INVALID"],
    ["30/06/2024", "es", "2024-06-30"],
    ["05/06/2024", "es", "2024-06-05"],
    ["05/06/2024", "en", "DATE_AMBIGUOUS"],
    ["30/06/2024", "en", "2024-06-30"],
    ["06/30/2024", "en", "2024-06-30"],
    ["06/30/2024", "es", "DATE_INVALID"],
    ["06/06/2024", "en", "2024-06-06"],
    ["yesterday", "en", "DATE_INVALID"],
    ["1600-01-01", "en", "DATE_INVALID"],
  ];
  for (const [text, locale, expected] of cases) {
    assert.equal(told(parseDate(text, locale)), expected, `"${text}" in ${locale}`);
  }
});

test("an empty cell is empty unless it has to be filled, a code has no spaces", () => {
  assert.equal(told(parseValue("amount", " ", "point", "en")), "");
  assert.equal(told(parseValue("code", "", "point", "en", { isRequired: true })), "VALUE_MISSING");
  assert.equal(told(parseValue("code", "22 1", "point", "en")), "CODE_SPACES");
  assert.equal(told(parseValue("code", " 221 ", "point", "en")), "221");
  assert.equal(
    told(parseValue("text", "x".repeat(11), "point", "en", { lengthMax: 10 })),
    "TEXT_LONG",
  );
});

test("amounts are shown with groups, a real minus and the mark of the locale", () => {
  assert.equal(showValue("amount", "-1234567.50", "point"), "\u22121,234,567.50");
  assert.equal(showValue("amount", "1234567.50", "comma"), "1.234.567,50");
  assert.equal(showValue("amount", "100", "comma"), "100");
  assert.equal(showValue("code", "1234567", "point"), "1234567");
  assert.equal(conventionOf("es"), "comma");
  assert.equal(conventionOf("en"), "point");
});

test("the convention of a pasted text is that in which most of it can be read", () => {
  assert.equal(detectConvention(["1.234,50", "1.000"], "point"), "comma");
  assert.equal(detectConvention(["1,234.50", "12"], "comma"), "point");
  assert.equal(detectConvention(["12", "13"], "comma"), "comma");
});
