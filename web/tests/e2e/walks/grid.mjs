// grid.mjs: the grid by keys, as a spreadsheet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPage, typeCell } from "../harness.mjs";
import { withPage } from "../steps.mjs";

test("a grid edits, fills, copies, pastes and takes back by keys", () =>
  withPage("mary", "/journal", async (page) => {
    const cell = (row, column) => page.locator(`tr[data-row="${row}"] td`).nth(column);
    await page.getByRole("gridcell").first().focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await typeCell(page, "22", "Enter");
    await page.keyboard.press("Control+d");
    assert.equal(await cell(1, 0).locator(".grid-value").innerText(), "22");
    await page.keyboard.press("Control+z");
    assert.equal(await cell(1, 0).locator(".grid-value").innerText(), "");
    await page.keyboard.press("Control+y");
    await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+v");
    assert.equal(
      await cell(4, 0).locator(".grid-value").innerText(),
      "22",
      "a paste adds the row it needs",
    );
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await typeCell(page, "1.234", "Enter");
    await page.keyboard.press("ArrowUp");
    assert.equal(await cell(0, 2).getAttribute("aria-invalid"), "true");
    assert.match(await page.locator(".grid-note").innerText(), /two ways/);
    await page.keyboard.press("F2");
    await page.keyboard.type("9");
    await page.keyboard.press("Escape");
    assert.equal(
      await cell(0, 2).locator(".grid-value").innerText(),
      "1.234",
      "Esc leaves the cell as it was",
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement.closest("[role=grid]")),
      null,
      "Esc, then Tab leaves the grid",
    );
    await checkPage(page, "a grid with an error");
  }));
