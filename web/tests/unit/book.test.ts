// book.test.ts mirrors src/book.ts and src/screens/journal/needs.tsx.
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { sessionStorage: { getItem: () => null, setItem: () => undefined } });
const { book, currencyOf, decimalsOf, units } = await import("../../src/book");
const { isOnlyApproval } = await import("../../src/screens/journal/needs");

const unit = (value: string, currency: string) => ({ value, currency, label: value, isGroup: false, members: 1 });
const bookOf = (decimals: number | null) =>
  ({ book: "main", batch: 1, hash: "", posted_at: "", years: [], duties_enforced: false, currency: null, decimals, entities: 3, groups: 0 });

test("amounts have the decimals that the server tells, or those of the unit where units differ", () => {
  units.value = [unit("SEOUL", "KRW"), unit("KUWAIT", "KWD"), unit("MADRID", "EUR"), unit("ODD", "no currency"), unit("NONE", "")];
  const cases: [number | null, string, number][] = [
    [0, "MADRID", 0],
    [3, "SEOUL", 3],
    [null, "SEOUL", 0],
    [null, "KUWAIT", 3],
    [null, "MADRID", 2],
    [null, "ODD", 2],
    [null, "NONE", 2],
    [null, "NOWHERE", 2],
  ];
  for (const [told, entity, decimals] of cases) {
    book.value = bookOf(told);
    assert.equal(decimalsOf(entity), decimals, `${told} ${entity}`);
  }
});

test("amounts have the currency of their unit, or of the book; of units that differ they have none", () => {
  book.value = { ...bookOf(2), currency: "EUR" };
  units.value = [unit("MADRID", "EUR"), unit("NONE", "")];
  assert.deepEqual(["MADRID", "NONE", "*", "NOWHERE"].map(currencyOf), ["EUR", "EUR", "EUR", "EUR"]);
  units.value = [unit("MADRID", "EUR"), unit("SEOUL", "KRW")];
  assert.deepEqual(["SEOUL", "*"].map(currencyOf), ["KRW", null]);
  book.value = bookOf(2);
  units.value = [unit("NONE", "")];
  assert.deepEqual(["NONE", "*"].map(currencyOf), ["", ""]);
});

test("an entry that misses nothing but an approval is not refused", () => {
  const refusals = (...codes: string[]) => codes.map((code) => ({ code })) as Parameters<typeof isOnlyApproval>[0];
  assert.ok(isOnlyApproval(refusals("APPROVAL_MISSING", "APPROVAL_MISSING")));
  assert.ok(!isOnlyApproval(refusals("APPROVAL_MISSING", "BUDGET_EXCEEDED")));
  assert.ok(!isOnlyApproval([]));
});
