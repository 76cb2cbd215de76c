// budget.mjs: a budget officer pastes five hundred lines, a second one submits them; versions side by side.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkPage } from "../harness.mjs";
import { stage, tabToButton, tabUntil, withPage } from "../steps.mjs";

test("a budget officer pastes five hundred lines, sees what is wrong, saves; a second one submits", async () => {
  const lines = Array.from(
    { length: 500 },
    (_, at) => `L${at + 1}\tLine number ${at + 1}\t22\t70912\t1${at % 10}0.50`,
  );
  const text = (rows) => ["Line\tTitle\tGFS\tCOFOG\tRequest 2025", ...rows].join("\n");
  await withPage("mary", "/budget", async (page) => {
    await checkPage(page, "versions");
    await page.getByRole("link", { name: "2025-draft" }).click();
    await page.getByRole("combobox", { name: "Entity" }).fill("SCH");
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: "Budget lines" }).waitFor();
    await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
    await page
      .getByLabel("Copied cells")
      .fill(text([...lines.slice(1), "L1\tChalk\t22\t70912\tmuch"]));
    await page.getByText(/Row 501, Request 2025/).waitFor();
    assert.ok(
      await page.getByRole("button", { name: /Take over/ }).isDisabled(),
      "nothing is taken over with errors",
    );
    await checkPage(page, "a paste with errors");
    await page.getByLabel("Copied cells").fill(text(lines));
    await page.getByText(/Rows: 500; new 500/).waitFor();
    await page.getByRole("button", { name: /Take over 500/ }).click();
    const grid = page.getByRole("grid", { name: "Budget lines" });
    assert.equal(await grid.getAttribute("aria-rowcount"), "501");
    assert.ok(
      (await grid.locator("tbody tr[data-row]").count()) < 100,
      "only what is in view is in the page",
    );
    await grid.locator("[data-cursor]").focus();
    await page.keyboard.press("Control+End");
    await grid.locator('tr[aria-rowindex="501"]').waitFor();
    assert.ok(
      await grid
        .locator('tr[data-row="499"] [data-cursor]')
        .evaluate((cell) => cell === document.activeElement),
    );
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page
      .getByRole("button", { name: "Submit", exact: true })
      .and(page.locator(":enabled"))
      .waitFor();
    await checkPage(page, "lines of a budget");
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText(/More than the ceiling.*missing 12,750\.00/)
      .waitFor();
    await page.locator(".error-summary:focus").waitFor();
    await stage.book.fisc(
      "dora",
      "budget",
      "put",
      "2025-draft",
      "ceilings",
      higherCeiling(),
      "--reason",
      "Cabinet of 9 April",
    );
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText(/second person/i)
      .waitFor();
  });
  await withPage("paul", "/budget/2025-draft/lines/SCH", async (page) => {
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page.locator("h1 .tag", { hasText: "submitted" }).waitFor();
    await checkPage(page, "submitted lines");
  });
});

function higherCeiling() {
  const file = `${stage.book.scratch}/ceilings.csv`;
  writeFileSync(
    file,
    "ceiling,entity,year,amount,article\nschool board,SCH,2025,90000,Circular 2\n",
  );
  return file;
}

test("lines are pasted, saved and submitted by keyboard only", async () => {
  const rows = Array.from({ length: 20 }, (_, at) => `C${at}\tCleaning ${at}\t22\t70111\t50`);
  await withPage("mary", "/budget/2025-draft/lines/CITY", async (page) => {
    await page.getByRole("grid", { name: "Budget lines" }).waitFor();
    await page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      ["Line\tName\tGFS\tCOFOG\tRequest 2025", ...rows].join("\n"),
    );
    await page.locator("main h1").focus();
    await tabUntil(
      page,
      () => document.activeElement?.getAttribute("role") === "gridcell",
      "the grid",
    );
    await page.keyboard.press("Escape");
    await tabToButton(page, "Paste from a spreadsheet");
    await page.keyboard.press("Enter");
    await page.locator("#paste-text:focus").waitFor();
    await page.keyboard.press("Control+v");
    await page.getByText(/Rows: 20; new 20/).waitFor();
    await tabToButton(page, "Take over 20 rows");
    await page.keyboard.press("Enter");
    await tabToButton(page, "Save");
    await page.keyboard.press("Enter");
    await page
      .getByRole("button", { name: "Submit", exact: true })
      .and(page.locator(":enabled"))
      .waitFor();
  });
  await withPage("paul", "/budget/2025-draft/lines/CITY", async (page) => {
    await page.getByRole("grid", { name: "Budget lines" }).waitFor();
    await page.locator("main h1").focus();
    await tabUntil(
      page,
      () => document.activeElement?.getAttribute("role") === "gridcell",
      "the grid",
    );
    await page.keyboard.press("Escape");
    await tabToButton(page, "Submit");
    await page.keyboard.press("Enter");
    await page.locator("h1 .tag", { hasText: "submitted" }).waitFor();
  });
});

test("two versions stand side by side: what differs, by whom", async () => {
  const { fisc } = stage.book;
  await fisc("dora", "budget", "branch", "2025-draft", "2025-plan-b", "--reason", "A second look");
  await withPage("dora", "/budget/2025-draft", async (page) => {
    await page.getByLabel(/Compare with/).selectOption("2025-plan-b");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.locator("main h1", { hasText: "2025-plan-b" }).waitFor();
    await checkPage(page, "versions side by side");
  });
});
