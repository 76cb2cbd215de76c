// madrid.test.mjs: the published year of a real city, with duties in force: an auditor goes from its net lending to one
// of 31,500 published payments and its proof; who may do what is decided by roles.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkFits, checkPage, newPage, signIn, totp, typeCell } from "./harness.mjs";
import { giveSecondFactor, stage, tabToButton, tabToLink, useBook, withPage } from "./steps.mjs";

const LINE = "001/016/92000/21300"; // repair of machines, general administration
const PEOPLE = {
  marta: { name: "Marta Gil", role: "ministry_officer", entity: null },
  rosa: { name: "Rosa Ruiz", role: "agency_accountant", entity: "001" },
  luis: { name: "Luis Vega", role: "approver", entity: "001" },
  irene: { name: "Irene Soto", role: "auditor", entity: null },
};

useBook({
  folder: join(fileURLToPath(import.meta.url), "../../../../examples/madrid-2018"),
  people: PEOPLE,
  isEnforced: true,
});

test("an auditor goes from net lending to a published payment, and checks its proof", () =>
  withPage("irene", "/statements/gfs?unit=CITY&period=2018", async (page) => {
    const row = page.getByRole("row", { name: /Net lending \(\+\)/ }).first();
    await row.waitFor();
    await checkPage(page, "the statement of a city");
    await row.getByRole("link").last().click();
    await page.getByRole("tab", { name: "Documents" }).click();
    await page.getByRole("link", { name: "001/002/23270/20901" }).waitFor();
    await checkPage(page, "net lending by documents");
    await page.goto(`${stage.book.url}/trace?key=${encodeURIComponent(LINE)}`);
    await page.getByRole("link", { name: "pagos.csv/23964" }).first().waitFor();
    await checkPage(page, "a budget line through the books");
    await page.getByRole("link", { name: "pagos.csv/23964" }).first().click();
    await page.getByText("397.99").first().waitFor();
    await checkPage(page, "a published payment");
    await checkProof(page, "pagos.csv/23964");
  }));

/* Saves the proof, and lets the program say what it is worth, without server and database. */
async function checkProof(page, reference) {
  await page.getByRole("button", { name: "Make the proof" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the proof as a file" }).click();
  const file = join(stage.book.scratch, "proof.json");
  await (await saving).saveAs(file);
  const key = join(stage.book.data, "keys/head.key.pub");
  const told = await stage.book.fisc(null, "proof", "--check", file, "--head-key", key);
  assert.ok(told.includes(reference));
}

test("an auditor gets from net lending to the proof of a payment by keyboard only", () =>
  withPage("irene", `/trace?key=${encodeURIComponent(LINE)}`, async (page) => {
    await page.getByRole("link", { name: "pagos.csv/23964" }).first().waitFor();
    await page.locator("main h1").focus();
    await tabToLink(page, "pagos.csv/23964");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Make the proof" }).waitFor();
    await tabToButton(page, "Make the proof");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save the proof as a file" }).waitFor();
  }));

/* A claim for lamps of the city hall: the cells of two rows, by column. */
async function writeLamps(page, amount, credited) {
  await page.getByLabel("Date", { exact: true }).fill("2018-12-31");
  await page.getByLabel("Memo").fill("Lamps for the city hall");
  const line = "section=016 programme=92000 economic=21300 cofog=701";
  const rows = [
    { 0: "22", 1: line, 2: amount },
    { 0: credited, 3: amount },
  ];
  for (const [row, cells] of rows.entries()) {
    for (const [column, text] of Object.entries(cells)) {
      await page.locator(`tr[data-row="${row}"] td`).nth(Number(column)).click();
      await typeCell(page, text, "Enter");
    }
  }
}

test("where duties are in force, an accountant pays nothing, sees what a claim takes, and proposes it", async () => {
  const secret = await giveSecondFactor("luis");
  let document = "";
  await withPage("rosa", "/journal", async (page) => {
    await writeLamps(page, "750", "3202");
    await page.getByText("Your roles do not allow this").waitFor();
    await checkPage(page, "a payment that is not one's duty");
    await page.getByRole("button", { name: "Clear all" }).click();
    await writeLamps(page, "7500000", "3308");
    await page.getByRole("heading", { name: "This entry takes an approval" }).waitFor();
    await page.getByText("not enough").waitFor(); // the law binds the chapter
    await checkPage(page, "a claim beyond the budget of a city");
    await page.getByRole("button", { name: "Clear all" }).click();
    await writeLamps(page, "750", "3308");
    await page.getByText(/Available, chapter/).waitFor();
    assert.equal(await page.getByText("not enough").count(), 0);
    await page.getByRole("button", { name: "Propose for approval" }).click();
    await page.getByLabel("Reason", { exact: true }).fill("Dark corridors");
    await page.getByRole("button", { name: "Propose", exact: true }).click();
    await page.getByRole("heading", { name: /Proposed/ }).waitFor();
    document = await page.locator("main dd a").innerText();
  });
  await withPage("irene", `/approvals/${document}`, async (page) => {
    await page.getByRole("button", { name: "Approve" }).click();
    await page.locator(".error-summary").waitFor();
    await checkPage(page, "an approval that is not one's duty");
  });
  await approveWithCode("luis", secret, document);
});

async function approveWithCode(person, secret, document) {
  const page = await newPage(stage.browser, stage.book);
  try {
    await signIn(page, stage.book, person, `/approvals/${document}`, totp(secret, 0));
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByLabel(/authenticator/).fill(totp(secret, 1));
    await page.getByRole("button", { name: "Confirm and approve" }).click();
    await page.locator("h1 .tag", { hasText: "done" }).waitFor();
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.context().close();
  }
}

test("every screen holds a city's year, on a desk and on a phone", async () => {
  const screens = [
    "/",
    "/position",
    "/statements",
    "/statements/gfs?unit=CITY&period=2018",
    `/trace?key=${encodeURIComponent(LINE)}`,
    "/approvals",
    "/budget",
    "/verification",
  ];
  for (const [viewport, colorScheme] of [
    [{ width: 1366, height: 768 }, "light"],
    [{ width: 400, height: 800 }, "dark"],
  ]) {
    const look = async (page) => {
      for (const screen of screens) {
        await page.goto(stage.book.url + screen);
        await page.locator("main h1").waitFor();
        await page.waitForFunction(() => document.querySelector("main .spinner") === null);
        const what = `${screen} at ${viewport.width} px, ${colorScheme}`;
        await checkFits(page, what);
        await checkPage(page, what);
      }
    };
    await withPage("irene", "/", look, { viewport, colorScheme });
  }
});
