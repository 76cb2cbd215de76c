// journal_entry.test.ts mirrors src/screens/journal/entry.ts and src/grid/lookups.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineCodes, lineText, ranked } from "../../src/grid/lookups";
import {
  cellOf,
  consumedStages,
  endOfMonth,
  entryOf,
  isAskable,
  journalColumns,
  orderOf,
  remedyOptions,
  totalsOf,
} from "../../src/screens/journal/entry";
import type { Remedy } from "../../src/api/types";
import { GridModel } from "../../src/grid/model";

const head = { entity: "E", date: "2024-02-05", reference: "A-7", document: "", memo: "Chalk" };
const remedy = (given: Partial<Remedy>): Remedy => ({
  kind: "virement",
  option: 1,
  from: null,
  to: null,
  amount: "10.00",
  date: null,
  rule: null,
  article: null,
  approval: null,
  approvals: 1,
  ...given,
});

test("a row becomes a line with the codes of its budget line and only what was filled in", () => {
  const rows = [
    {
      account: "22",
      line: "programme=1 economic=22",
      debit: "30.00",
      credit: "",
      counterparty_entity: "CORP",
    },
    { account: "10100", line: "", debit: "0.00", credit: "30.00", cash_code: "22" },
  ];
  assert.deepEqual(
    entryOf(head, rows, (code) => code === "10100"),
    {
      entity: "E",
      journal_id: "A-7",
      date: "2024-02-05",
      memo: "Chalk",
      lines: [
        {
          programme: "1",
          economic: "22",
          gfs_code: "22",
          debit: "30.00",
          counterparty_entity: "CORP",
        },
        { account: "10100", credit: "30.00", cash_code: "22" },
      ],
    },
  );
});

test("a stage in place of an account is a budgetary move, and counts in no total", () => {
  const rows = [{ account: "commitment", line: "gfs_code=22 cofog=70912", debit: "5.00" }];
  assert.deepEqual(entryOf(head, rows, () => false).lines, [
    { gfs_code: "22", cofog: "70912", stage: "commitment", debit: "5.00" },
  ]);
  assert.deepEqual(totalsOf(rows, 2), { debit: "0.00", credit: "0.00", difference: "0.00" });
  assert.ok(isAskable(head, rows));
});

test("totals are exact, and the server is asked when there are two amounts", () => {
  const rows = [
    { account: "22", debit: "0.10" },
    { account: "22", debit: "0.20" },
    { account: "3202", credit: "0.30" },
  ];
  assert.deepEqual(totalsOf(rows, 2), { debit: "0.30", credit: "0.30", difference: "0.00" });
  assert.ok(isAskable(head, rows));
  assert.ok(!isAskable({ ...head, entity: "" }, rows));
  assert.ok(!isAskable(head, rows.slice(0, 1)));
});

test("amounts have the decimals of the currency: none, two or three", () => {
  const cases: [number, string, string | null, string][] = [
    [0, "1250", "1250", "0"],
    [0, "12.50", null, "0"],
    [2, "12.5", "12.50", "0.00"],
    [3, "12.505", "12.505", "0.000"],
    [3, "12.5", "12.500", "0.000"],
  ];
  for (const [decimals, typed, kept, zero] of cases) {
    const model = new GridModel(journalColumns((id) => id, decimals), [[]], { convention: "point", locale: "en" });
    model.write(0, 2, typed);
    assert.equal(model.value(0, 2), kept ?? "");
    assert.equal(model.error(0, 2), kept === null ? "AMOUNT_DECIMALS" : null);
    assert.equal(totalsOf([], decimals).debit, zero);
  }
});

test("what was kept is judged anew under a currency of other decimals", () => {
  const model = new GridModel(journalColumns((id) => id, 0), [], { convention: "comma", locale: "es" });
  model.reset([["22", "", "1234.00"], ["22", "", "1234.50"]]);
  assert.equal(model.value(0, 2), "1234");
  assert.equal(model.error(1, 2), "AMOUNT_DECIMALS");
  assert.equal(model.shown(1, 2), "1234.50");
});

test("what the server says of a member stands at its cell", () => {
  const cases: [string | null, unknown][] = [
    ["/lines/0/debit", { row: 2, column: "debit" }],
    ["/lines/1/gfs_code", { row: 5, column: "account" }],
    ["/lines/1/programme", { row: 5, column: "line" }],
    ["/0/lines/1/counterparty_entity", { row: 5, column: "counterparty_entity" }],
    ["/lines/7/debit", null],
    ["/date", null],
    [null, null],
  ];
  for (const [pointer, expected] of cases) {
    assert.deepEqual(cellOf(pointer, [2, 5]), expected, String(pointer));
  }
});

test("a budget line is written as refusals write it", () => {
  assert.equal(
    lineText({ economic: "22", programme: "1", name: "Goods" }),
    "programme=1 economic=22",
  );
  assert.deepEqual(lineCodes(" programme=1  economic=22 "), { programme: "1", economic: "22" });
  assert.equal(lineCodes("goods"), null);
});

test("remedies of one number are one way out, and each step can be proposed", () => {
  const remedies = [
    remedy({ from: "economic=22", to: "economic=21" }),
    remedy({ kind: "cover" }),
    remedy({
      kind: "override",
      option: 2,
      to: "entity=E year=2024",
      rule: "vote",
      article: "Art. 9",
    }),
    remedy({ kind: "release", option: 3, to: "economic=21", date: "2024-02-01" }),
  ];
  assert.deepEqual(
    remedyOptions(remedies).map((steps) => steps.length),
    [2, 1, 1],
  );
  const orders = remedies.map((each) => orderOf(each, head, "why", "2024-02-29"));
  assert.deepEqual(orders, [
    {
      path: "/v1/virements",
      body: {
        amount: "10.00",
        reason: "why",
        entity: "E",
        date: "2024-02-05",
        from: { economic: "22" },
        to: { economic: "21" },
      },
    },
    null,
    {
      path: "/v1/overrides",
      body: {
        amount: "10.00",
        reason: "why",
        control: "vote",
        key: "entity=E year=2024",
        expires: "2024-02-29",
        article: "Art. 9",
      },
    },
    {
      path: "/v1/releases",
      body: {
        amount: "10.00",
        reason: "why",
        entity: "E",
        period: "2024-02",
        line: { economic: "21" },
      },
    },
  ]);
  assert.equal(endOfMonth("2024-02-05"), "2024-02-29");
  assert.deepEqual(consumedStages({ reserved: "0.00", paid: "5.00" }), [["paid", "5.00"]]);
});

test("a search shows what is meant most likely first", () => {
  const option = (code: string, name: string) => ({ code, name });
  const found = [
    option("114", "Taxes on goods"),
    option("22", "Goods and services"),
    option("goods", "A code"),
  ];
  assert.deepEqual(
    ranked("goods", found).map(({ code }) => code),
    ["goods", "22", "114"],
  );
});
