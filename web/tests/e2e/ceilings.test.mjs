// ceilings.test.mjs: a ceiling that a request exceeds: the agency is told what is missing, the ministry sees who is over;
// what is cut back is submitted, and the room that is left shows.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkPage } from "./harness.mjs";
import { useBook, withPage } from "./steps.mjs";

useBook({ prepare: openBudget });

async function openBudget({ fisc, scratch }) {
  const file = `${scratch}/ceilings.csv`;
  writeFileSync(file, "ceiling,entity,year,amount,article\nschool board,SCH,2025,60000,Circular 1\n");
  await fisc("dora", "budget", "open", "2025-draft", "--year", "2025", "--years", "1", "--title", "Budget 2025");
  await fisc("dora", "budget", "put", "2025-draft", "ceilings", file, "--reason", "Cabinet of 2 April");
  await fisc("olaf", "budget", "step", "2025-draft", "call", "--reason", "Circular 1");
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
