// looking.mjs: an auditor goes from net lending to a published payment and its proof, and lets the books be
// verified; somebody watches the position while others post.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkPage } from "../harness.mjs";
import { stage, tabToButton, tabToLink, tabUntil, withPage } from "../steps.mjs";

test("an auditor goes from net lending to a published payment, and checks its proof", () =>
  withPage("ines", "/statements/gfs?unit=SCH&period=2024", async (page) => {
    const row = page.getByRole("row", { name: /Net lending \(\+\)/ }).first();
    await row.waitFor();
    await checkPage(page, "a statement");
    await row.getByRole("link").last().click();
    await page.getByRole("tab", { name: "Source rows" }).click();
    await page.getByText("arda/payments").first().waitFor();
    await checkPage(page, "a drill");
    await page.getByRole("link", { name: "2024-0071" }).click();
    await page.getByText("School books of the second term").first().waitFor();
    await checkPage(page, "an entry");
    await checkProof(page);
  }));

/* Saves the proof as a file, and lets the program say what it is worth, without server and database. */
async function checkProof(page) {
  await page.getByRole("button", { name: "Make the proof" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the proof as a file" }).click();
  const file = join(stage.book.scratch, "proof.json");
  await (await saving).saveAs(file);
  const told = await stage.book.fisc(
    null,
    "proof",
    "--check",
    file,
    "--head-key",
    join(stage.book.data, "keys/head.key.pub"),
  );
  assert.match(told, /2024-0071/);
  await checkPage(page, "a proof");
}

test("an auditor gets from net lending to the proof by keyboard only", () =>
  withPage("ines", "/statements/gfs?unit=SCH&period=2024", async (page) => {
    await page
      .getByRole("row", { name: /Net lending \(\+\)/ })
      .first()
      .waitFor();
    const amount = await page
      .getByRole("row", { name: /Net lending \(\+\)/ })
      .first()
      .getByRole("link")
      .last()
      .innerText();
    await page.locator("main h1").focus();
    await tabToLink(page, amount);
    await page.keyboard.press("Enter");
    await tabUntil(page, () => document.activeElement?.getAttribute("role") === "tab", "the tabs");
    await page.keyboard.press("End");
    await page.getByRole("link", { name: "2024-0071" }).waitFor();
    await tabToLink(page, "2024-0071");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Make the proof" }).waitFor();
    await tabToButton(page, "Make the proof");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save the proof as a file" }).waitFor();
  }));

test("the position moves while somebody else posts", () =>
  withPage("ines", "/position?unit=SCH&period=2024", async (page) => {
    const expense = page.locator(".tiles li", { hasText: /^Expense/ }).first();
    await expense.waitFor();
    await page.getByText("Live", { exact: false }).first().waitFor();
    const before = await expense.innerText();
    await post("W-LIVE", "30");
    await expense.getByText("+30.00").waitFor(); // a moment after the figure itself
    assert.notEqual(await expense.innerText(), before);
    await checkPage(page, "a position that has moved");
  }));

/* An invoice of the school board, by the command line. */
async function post(id, amount) {
  const file = join(stage.book.scratch, `${id}.csv`);
  const rows = [
    "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,memo",
    `${id},2024-06-03,SCH,2111,${amount},,HH,70912,Overtime`,
    `${id},2024-06-03,SCH,3308,,${amount},HH,,`,
  ];
  writeFileSync(file, `${rows.join("\n")}\n`);
  await stage.book.fisc("mary", "post", file, "--source", "walk");
}

test("an auditor lets the books be verified and sees the verdict", () =>
  withPage("ines", "/verification", async (page) => {
    await page.getByRole("heading", { name: "Are the books what was posted?" }).waitFor();
    await checkPage(page, "verification, before");
    await page.getByRole("button", { name: /^Verify/ }).click();
    await page.locator(".notice.good, .notice.bad").first().waitFor();
    assert.equal(await page.locator(".notice.bad").count(), 0, "the books are what was posted");
    await checkPage(page, "verification, done");
  }));
