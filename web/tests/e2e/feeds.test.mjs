// feeds.test.mjs: duties in force: who integrates pulls two months of a town, an officer of the ministry looks at what
// they bring, marks both and approves them by one press and a passkey, by keyboard only; then they are in the books.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkFits, checkPage, keepShot, newPage, PASSWORD, PEOPLE, signIn } from "./harness.mjs";
import { giveDevice, stage, tabToButton, tabToMark, useBook } from "./steps.mjs";

const PROFILE = `[file]
name = ledger.csv
source = outside/ledger
currency = EUR
key = {number}
steps = Expense

[columns]
number = number
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
entity = SCH
date = {day}
memo = {text}
amount = amount
debit = {class}
credit = 3308
`;
const CODES = "code,title,gfs,note\n6201,Office paper,22,\n6400,Salaries,2111,\n";
const HEADER = "number,day,code,text,amount\n";
const JANUARY = `${HEADER}1,2024-01-30,6400,Salaries of January,1200.00\n2,2024-01-31,6201,Office paper,19.95\n`;
const FEBRUARY = `${HEADER}3,2024-02-28,6400,Salaries of February,1210.00\n4,2024-02-29,6999,Nobody knows,95.50\n`;

useBook({
  people: { ...PEOPLE, pia: { name: "Pia Sand", role: "integration", entity: null } },
  prepare: openFeeder,
});

/* Put on record before duties are in force: of that, other walks tell. */
async function openFeeder({ fisc, scratch }) {
  const [map, drop] = [`${scratch}/map`, `${scratch}/town`];
  mkdirSync(map);
  mkdirSync(drop);
  writeFileSync(`${map}/ledger.profile`, PROFILE);
  writeFileSync(`${map}/codes.csv`, CODES);
  writeFileSync(`${drop}/2024-01.csv`, JANUARY);
  writeFileSync(`${drop}/2024-02.csv`, FEBRUARY);
  const rows = ["feeder,title,entities,connector,at,documents,read", `town,A town,SCH,folder,${drop},2024-*.csv=ledger.csv,each`];
  writeFileSync(`${scratch}/feeders.csv`, `${rows.join("\n")}\n`);
  await fisc(null, "feeder", "put", `${scratch}/feeders.csv`);
  await fisc(null, "feeder", "map", "town", map, "--reason", "first map");
  await fisc("ana", "person", "enforce");
  await fisc("ben", "person", "enforce");
}

/* At localhost: browsers give passkeys there without TLS. */
async function walkAs(person, at, walk) {
  stage.book.url = stage.book.url.replace("127.0.0.1", "localhost");
  const page = await newPage(stage.browser, stage.book);
  try {
    await signIn(page, stage.book, person, at);
    await walk(page);
    assert.deepEqual(page.complaints, []);
  } catch (failure) {
    await keepShot(page, `failed-${person}-${Date.now()}`);
    const seen = await page.locator("body").innerText({ timeout: 2000 }).catch(() => "nothing");
    failure.message += `\nThe page showed: ${seen.slice(0, 2000)}`;
    throw failure;
  } finally {
    await page.context().close();
  }
}

const press = (page, key = "Enter") => page.keyboard.press(key);

async function debitOf(page, account) {
  const answer = await page.request.get(`${stage.book.url}/v1/reports/trial-balance?period=2024&unit=SCH`);
  assert.equal(answer.status(), 200, await answer.text());
  return (await answer.json()).rows.find((row) => row.account === account).debit;
}

async function addPasskey(page) {
  await giveDevice(page);
  await page.goto(`${stage.book.url}/account`);
  const section = page.getByRole("region", { name: "Passkeys" });
  await section.getByLabel("Name").fill("Key");
  await section.getByLabel("Your password, once more").fill(PASSWORD);
  await press(page);
  await section.getByRole("rowheader", { name: "Key" }).waitFor();
}

test("who pulls stages a document for each run, and approves none of them", () =>
  walkAs("pia", "/feeders/town", async (page) => {
    await page.getByRole("button", { name: "Take its books now" }).click();
    await page.getByRole("link", { name: "Run 2" }).waitFor();
    await page.goto(`${stage.book.url}/approvals?state=proposed`);
    await page.getByRole("link", { name: "FEED-2" }).waitFor();
    assert.equal(await page.getByRole("checkbox").count(), 0);
    assert.equal(await page.getByRole("button", { name: /Approve/ }).count(), 0);
    await page.getByRole("link", { name: "FEED-2" }).click();
    await page.getByText("You made this document").waitFor();
    assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
  }));

test("an officer without a second factor approves none, and is told why of each", () =>
  walkAs("olaf", "/approvals", async (page) => {
    await page.getByRole("button", { name: "Mark all feeds shown (2)" }).click();
    await page.getByRole("button", { name: "Approve 2 marked" }).click();
    const told = page.getByRole("region", { name: "What came of it" });
    await told.getByText("0 documents approved.").waitFor();
    assert.match(await told.getByRole("listitem").nth(1).innerText(), /FEED-\d: .*second factor/);
    await checkPage(page, "documents that were not approved");
  }));

test("an officer sees what is unusual, marks by keyboard, and approves many by one press and one signature", () =>
  walkAs("dora", "/", async (page) => {
    await addPasskey(page);
    await page.goto(`${stage.book.url}/approvals`);
    const january = page.getByRole("row", { name: /2024-01\.csv/ });
    assert.match(await january.innerText(), /town · 2024-01\.csv\s+2024-01\s+2\s+0\s+1,219\.95\s+0\.00/);
    assert.match(await page.getByRole("row", { name: /2024-02\.csv/ }).innerText(), /⚠\s*95\.50/);
    await checkPage(page, "feeds that wait");
    await checkFits(page, "feeds that wait");
    await keepShot(page, "approvals-feeds");
    await page.locator("main h1").focus();
    await tabToButton(page, "Mark all feeds shown (2)");
    await press(page);
    await tabToMark(page, "FEED-2");
    await press(page, "Space"); // the unusual one
    await page.getByRole("button", { name: "Approve 1 marked" }).waitFor();
    await press(page, "Space");
    await press(page, "Control+Enter"); // to the button
    await press(page);
    const asked = page.getByRole("region", { name: "Approving" });
    await asked.getByText("One signature, for these 2 documents and nothing else.").waitFor();
    assert.match(await asked.innerText(), /2 documents\s+Total\s+2,525\.45 EUR\s+In suspense\s+⚠\s*95\.50 EUR/);
    await checkPage(page, "a confirmation of several");
    await keepShot(page, "approvals-confirm");
    await press(page); // its button has the focus
    const told = page.getByRole("region", { name: "What came of it" });
    await told.getByText("2 documents approved.").waitFor();
    await page.getByText("Nothing waits").waitFor();
    await checkPage(page, "documents that were approved");
    assert.equal(await debitOf(page, "2111"), "3850.00"); // 1440.00 before
    assert.equal(await debitOf(page, "22"), "2550.10"); // 2530.15 before
  }));
