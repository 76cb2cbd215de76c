// feeders.test.mjs: outside books: an officer goes by keyboard from the register to why a run is quarantined, has the
// corrected file taken and sees it end; codes that nobody knows get proposals; an auditor looks, and takes nothing.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkFits, checkPage, keepShot } from "./harness.mjs";
import { stage, tabToButton, tabToLink, tabUntil, useBook, withPage } from "./steps.mjs";

useBook({ prepare: openFeeders });

const PROFILE = `[file]
name = ledger.csv
source = outside/ledger
currency = EUR
key = {number}
steps = Expense

[columns]
number = number
unit = unit
day = day
code = code
text = text
amount = amount

[amounts]
amount = plus

[value class]
map = codes.csv
of = {code}
title = {text}
prefix = code
result = gfs
missing = suspense
suspense = 2
weigh = amount

[entry expense]
step = Expense
reference = {number}
entity = {unit}
date = {day}
memo = {text}
amount = amount
debit = {class}
credit = 3308
`;
const CODES = "code,title,gfs,note\n6201,Office paper,22,\n6202,School books,22,\n6400,Salaries,2111,\n";
const HEADER = "number,unit,day,code,text,amount\n";
const CLINIC = `${HEADER}1,CITY,2024-03-01,6400,Salaries,1200.00\n2,CITY,2024-03-02,6201,Office paper,19.95\n`;
const LIBRARY = `${HEADER}1,SCH,2024-03-01,6202,School books,410.00\n2,SCH,2024-03-05,6203,School books for readers,95.50\n`;

const at = (name) => `${stage.book?.scratch ?? ""}/${name}`;

/* Two feeders that drop a file in a folder each: one has a code that nobody knows, the other an amount that is none. */
async function openFeeders({ fisc, scratch }) {
  const map = `${scratch}/map`;
  for (const folder of [map, `${scratch}/clinic`, `${scratch}/library`]) {
    mkdirSync(folder);
  }
  writeFileSync(`${map}/ledger.profile`, PROFILE);
  writeFileSync(`${map}/codes.csv`, CODES);
  writeFileSync(`${scratch}/clinic/ledger.csv`, CLINIC.replace("19.95", "19.9x"));
  writeFileSync(`${scratch}/library/ledger.csv`, LIBRARY);
  const rows = [
    "feeder,title,entities,connector,at,documents,read",
    `clinic,City clinic,CITY,folder,${scratch}/clinic,ledger.csv,together`,
    `library,School library,SCH,folder,${scratch}/library,ledger.csv,together`,
  ];
  writeFileSync(`${scratch}/feeders.csv`, `${rows.join("\n")}\n`);
  await fisc(null, "feeder", "put", `${scratch}/feeders.csv`);
  await fisc(null, "feeder", "map", "clinic", map, "--reason", "first map");
  await fisc(null, "feeder", "map", "library", map, "--reason", "first map");
  await fisc(null, "pull", "library");
  await fisc(null, "pull", "clinic").catch(({ code }) => assert.equal(code, 6));
}

const press = (page) => page.keyboard.press("Enter");

/* The row of the clinic stands first: it needs somebody. */
async function walkToRejects(page) {
  await tabToLink(page, "Feeders");
  await press(page);
  await page.getByRole("heading", { name: "Feeders" }).waitFor();
  const first = page.getByRole("row").nth(1);
  await first.getByText("Quarantined").waitFor();
  assert.match(await first.innerText(), /City clinic/);
  await checkPage(page, "the register of feeders");
  await keepShot(page, "feeders");
  await tabToLink(page, "City clinic");
  await press(page);
  await page.getByRole("heading", { name: "City clinic" }).waitFor();
  await page.getByRole("link", { name: /^Run \d+$/ }).first().waitFor();
  await checkPage(page, "a feeder");
  await tabUntil(page, () => /^Run \d+$/.test(document.activeElement?.getAttribute("aria-label") ?? ""), "the run");
  await press(page);
}

test("an officer goes from the register to a reject, and has the corrected file taken, by keyboard only", () =>
  withPage("dora", "/", async (page) => {
    await page.locator("main h1").focus();
    await walkToRejects(page);
    const reject = page.getByRole("row", { name: /ledger\.csv/ });
    await reject.waitFor();
    assert.match(await reject.innerText(), /ledger\.csv\s+3\s+amount\s+AMOUNT/);
    await checkPage(page, "why a run is quarantined");
    await keepShot(page, "feeder-run");
    const saving = page.waitForEvent("download");
    await tabToLink(page, "Download for the source (CSV)");
    await press(page);
    const file = at("rejects.csv");
    await (await saving).saveAs(file);
    assert.match(readFileSync(file, "utf8"), /^file,line,field,code,detail\r?\nledger\.csv,3,amount,AMOUNT/);
    writeFileSync(at("clinic/ledger.csv"), CLINIC);
    await page.locator("main h1").focus();
    await page.keyboard.press("Shift+Tab");
    await press(page); // back to the feeder
    await page.getByRole("button", { name: "Take its books now" }).waitFor();
    await tabToButton(page, "Take its books now");
    await press(page);
    await page.locator("#pull-result").getByText("The books are taken.").waitFor();
    await page.locator("#pull-result").getByText(/2 posted/).waitFor();
    await page.locator("dl.facts").getByText("In order").waitFor();
    await checkPage(page, "a feeder whose books were taken");
  }));

test("a code that nobody knows has a proposal with reasons, and rows for the map", () =>
  withPage("dora", "/feeders/library?part=suspense", async (page) => {
    const row = page.getByRole("row", { name: /6203/ }).first();
    await row.waitFor();
    assert.match(await row.innerText(), /School books for readers[\s\S]*95\.50[\s\S]*22[\s\S]*%[\s\S]*begins like/);
    await checkPage(page, "proposals for codes");
    await keepShot(page, "feeder-proposals");
    const saving = page.waitForEvent("download");
    await tabToLink(page, "Download rows for the table (CSV)");
    await press(page);
    const file = at("rows.csv");
    await (await saving).saveAs(file);
    assert.match(readFileSync(file, "utf8"), /^code,title,gfs,note\n# 6203 .*\n6203,School books for readers,22,\n$/);
  }));

test("an auditor looks at everything, and takes nothing", () =>
  withPage("ines", "/feeders", async (page) => {
    await page.getByRole("link", { name: "School library" }).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Take/ }).count(), 0);
    await page.getByRole("link", { name: "School library" }).click();
    await page.getByRole("link", { name: /^Run \d+$/ }).first().click();
    await page.getByText("Receipt given").waitFor();
    await page.locator("pre.receipt").getByText("library").waitFor();
    await checkPage(page, "a run with its receipt");
  }));

test("the pages of feeders fit a phone, and speak Spanish", () =>
  withPage(
    "dora",
    "/feeders",
    async (page) => {
      for (const screen of ["/feeders", "/feeders/library", "/feeders/library?part=suspense", "/feeders/library/runs/1"]) {
        await page.goto(stage.book.url + screen);
        await page.locator("main h1").waitFor();
        await checkFits(page, `${screen} at 400 px`);
        await checkPage(page, `${screen} at 400 px`);
      }
      await page.goto(`${stage.book.url}/feeders`);
      await page.getByRole("button", { name: "Español" }).click();
      await page.getByRole("heading", { name: "Fuentes externas" }).waitFor();
    },
    { viewport: { width: 400, height: 800 } },
  ));
