// ceilings.test.mjs: a ceiling that a request exceeds: the agency is told what is missing, the ministry sees who is over;
// what is cut back is submitted, and the room that is left shows. And how an officer sets ceilings.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkFits, checkPage } from "./harness.mjs";
import { stage, tabToButton, tabToLink, tabUntil, useBook, withPage } from "./steps.mjs";

useBook({ prepare: openBudget });

async function openBudget({ fisc, scratch }) {
  const file = `${scratch}/ceilings.csv`;
  writeFileSync(file, "ceiling,entity,year,amount,article\nschool board,SCH,2025,60000,Circular 1\n");
  await fisc("dora", "budget", "open", "2025-draft", "--year", "2025", "--years", "1", "--title", "Budget 2025");
  await fisc("dora", "budget", "put", "2025-draft", "ceilings", file, "--reason", "Cabinet of 2 April");
  await fisc("olaf", "budget", "step", "2025-draft", "call", "--reason", "Circular 1");
  await openUnlimited(fisc, scratch);
}

/* A version without ceilings, in which the school board has asked for 62,500. */
async function openUnlimited(fisc, scratch) {
  const lines = `${scratch}/lines.csv`;
  writeFileSync(lines, "line,title,gfs_code,cofog,request_2026\nL1,Teachers,22,70912,50000\nL2,School books,22,70912,12500\n");
  await fisc("dora", "budget", "open", "2026-draft", "--year", "2026", "--years", "2", "--title", "Budget 2026");
  await fisc("olaf", "budget", "step", "2026-draft", "call", "--reason", "Circular 1");
  await fisc("mary", "budget", "put", "2026-draft", "lines", lines, "--entity", "SCH", "--reason", "Request");
}

/* The lines of the school board, as somebody copies them from a spreadsheet. */
async function paste(page, lines) {
  await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
  const rows = lines.map(([line, title, amount]) => [line, title, "22", "70912", amount].join("\t"));
  await page.getByLabel("Copied cells").fill(["Line\tName\tGFS\tCOFOG\tRequest 2025", ...rows].join("\n"));
  await page.getByRole("button", { name: /Take over/ }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await submitButton(page).and(page.locator(":enabled")).waitFor();
}

const submitButton = (page) => page.getByRole("button", { name: "Submit", exact: true });
const ceilingRow = (page) => page.getByRole("row", { name: /school board/ });

test("an agency is held to its ceiling, and everybody sees the room that is left", async () => {
  await withPage("mary", "/budget/2025-draft/lines/SCH", async (page) => {
    await paste(page, [
      ["L1", "Teachers", "50000"],
      ["L2", "School books", "12500"],
    ]);
    await submitButton(page).click();
    await page.getByRole("alert").getByText(/limit 60,000\.00, requested 62,500\.00, missing 2,500\.00/).waitFor();
    await checkPage(page, "a request over its ceiling");
  });
  await withPage("dora", "/budget/2025-draft", async (page) => {
    await ceilingRow(page).getByText("over").waitFor();
    assert.match(await ceilingRow(page).innerText(), /62,500\.00/);
    await checkPage(page, "a version with a ceiling that is exceeded");
  });
  await withPage("mary", "/budget/2025-draft/lines/SCH", async (page) => {
    await paste(page, [["L2", "School books", "9500"]]);
    await ceilingRow(page).getByText("500.00").first().waitFor();
  });
  await withPage("paul", "/budget/2025-draft/lines/SCH", async (page) => {
    await submitButton(page).click();
    await page.locator("h1 .tag", { hasText: "submitted" }).waitFor();
    await checkPage(page, "a request under its ceiling");
  });
});

/* The ceilings as somebody copies them from a spreadsheet; the second is of a year that the version does not have. */
const CEILINGS = [
  ["Ceiling", "Entity", "Year", "Limit", "Article"],
  ["school board", "SCH", "2026", "60,000.00", "Circular 1"],
  ["whole city", "", "2031", "900,000.00", "Circular 1"],
];
const cell = (page, row, title) =>
  page
    .getByRole("columnheader", { name: title, exact: false })
    .first()
    .getAttribute("aria-colindex")
    .then((at) => page.locator(`tr[data-row="${row}"] [aria-colindex="${at}"]`));
const isInGrid = () => document.activeElement?.getAttribute("role") === "gridcell";

async function pasteCeilings(page) {
  const text = CEILINGS.map((row) => row.join("\t")).join("\n");
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.getByRole("grid", { name: "Ceilings" }).waitFor();
  await page.locator("main h1").focus();
  await tabUntil(page, isInGrid, "the grid");
  await page.keyboard.press("Escape");
  await tabToButton(page, "Paste from a spreadsheet");
  await page.keyboard.press("Enter");
  await page.locator("#paste-text:focus").waitFor();
  await page.keyboard.press("Control+v");
  await page.getByText(/Rows: 2; new 2/).waitFor();
  await checkPage(page, "ceilings that are pasted");
  await tabToButton(page, "Take over 2 rows");
  await page.keyboard.press("Enter");
}

test("an officer pastes ceilings, mends the one that is refused, and saves, by keyboard only", async () => {
  await withPage("dora", "/budget/2026-draft", async (page) => {
    await page.getByText("There is no ceiling yet").waitFor();
    await tabToLink(page, "Edit ceilings");
    await page.keyboard.press("Enter");
    await pasteCeilings(page);
    await tabToButton(page, "Save");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Row 2, Year: 2031 is not one of the years 2026 to 2027").waitFor();
    await page.locator(".error-summary:focus").waitFor();
    await checkPage(page, "a ceiling that is refused");
    await tabUntil(page, isInGrid, "the grid");
    const year = await cell(page, 1, "Year");
    assert.ok(await year.evaluate((it) => it === document.activeElement && it.ariaInvalid === "true"), "the way leads to what is wrong");
    assert.match(await page.locator(".grid-note").innerText(), /Row 2, Year: 2031 is not one of the years/);
    await page.keyboard.type("2026");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await page.getByText("✓ Saved.").waitFor();
    const board = await cell(page, 0, "Room");
    assert.match(await board.innerText(), /2,500\.00 ✕ over/);
    assert.match(await (await cell(page, 0, "Requested")).innerText(), /62,500\.00/);
    assert.match(await (await cell(page, 0, "Unit")).innerText(), /SCH School board/);
    await checkPage(page, "ceilings that are saved");
    await page.setViewportSize({ width: 400, height: 800 });
    await checkFits(page, "ceilings on a phone");
    await page.setViewportSize({ width: 1280, height: 800 });
    await tabToLink(page, "Back to 2026-draft");
    await page.keyboard.press("Enter");
    await ceilingRow(page).getByText("over").waitFor();
  });
  await withPage("mary", "/budget/2026-draft/lines/SCH", async (page) => {
    await submitButton(page).click();
    await page.getByRole("alert").getByText(/limit 60,000\.00, requested 62,500\.00, missing 2,500\.00/).waitFor();
  });
});

test("ceilings that somebody else saved meanwhile are not overwritten; what is not saved is not left unasked", async () => {
  await withPage("olaf", "/budget/2026-draft/ceilings", async (page) => {
    const limit = await cell(page, 0, "Limit");
    await limit.click();
    await page.keyboard.type("70000");
    await page.keyboard.press("Enter");
    assert.match(await (await cell(page, 0, "Room")).innerText(), /^7,500\.00$/, "the room of what is written");
    const asked = page.waitForEvent("dialog").then((dialog) => dialog.dismiss().then(() => dialog.message()));
    await page.getByRole("link", { name: "Back to 2026-draft" }).click();
    assert.match(await asked, /not saved/);
    const file = `${stage.book.scratch}/other.csv`;
    writeFileSync(file, "ceiling,entity,year,amount\nschool board,SCH,2026,65000\n");
    await stage.book.fisc("dora", "budget", "put", "2026-draft", "ceilings", file, "--reason", "Cabinet of 9 April");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").getByText(/Somebody else saved this sheet meanwhile/).waitFor();
    assert.match(await limit.innerText(), /70,000\.00/, "what was written stays");
  });
  assert.match(await stage.book.fisc("dora", "budget", "get", "2026-draft", "ceilings"), /65000\.00/);
});

test("who works for an agency sees its ceilings, and sets none", () =>
  withPage("mary", "/budget/2026-draft", async (page) => {
    await ceilingRow(page).waitFor();
    assert.equal(await page.getByRole("link", { name: "Edit ceilings" }).count(), 0);
    await page.goto(`${stage.book.url}/budget/2026-draft/ceilings`);
    await page.getByText(/The ministry of finance sets ceilings/).waitFor();
    await ceilingRow(page).waitFor();
    assert.equal(await page.getByRole("grid").count(), 0);
    await checkPage(page, "the ceilings of an agency");
  }));
