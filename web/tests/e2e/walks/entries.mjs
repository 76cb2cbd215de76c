// entries.mjs: an accountant posts, is refused, takes a remedy that a second person approves; also by keyboard only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPage, typeCell } from "../harness.mjs";
import { focused, pick, tabTo, tabToButton, tabToLink, withPage } from "../steps.mjs";

/* Rows of an invoice: an expense on a budget line against a payable. */
export async function writeInvoice(page, amount, cofog = "70912") {
  await page.getByLabel("Date", { exact: true }).fill("2024-05-10");
  await page.getByLabel("Memo").fill("School books");
  await page.getByRole("gridcell").first().focus();
  await typeCell(page, "22");
  await typeCell(page, `cofog=${cofog} gfs_code=22`);
  await typeCell(page, amount);
  await typeCell(page, "");
  await typeCell(page, "CORP", "Enter");
  await page.keyboard.press("Home");
  await typeCell(page, "3308");
  await typeCell(page, "");
  await typeCell(page, "");
  await typeCell(page, amount);
  await typeCell(page, "CORP");
}

test("an accountant posts an entry and gets its receipt", () =>
  withPage("mary", "/journal", async (page) => {
    await writeInvoice(page, "100");
    await page.getByRole("heading", { name: "The books take this entry" }).waitFor();
    await checkPage(page, "journal, accepted");
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await page.getByRole("heading", { name: "Posted" }).waitFor();
    assert.match(await page.locator("main").innerText(), /Receipt\s+[0-9a-f]{64}/);
    await checkPage(page, "journal, posted");
  }));

test("an accountant is refused, takes a remedy, a second person approves, and the entry passes", async () => {
  await withPage("mary", "/journal", async (page) => {
    await writeInvoice(page, "900");
    await page.getByRole("heading", { name: "The books refuse this entry" }).waitFor();
    const told = await page.locator(".answer").innerText();
    const [, missing] = /Limit\s+3,000\.00[^]*Requested\s+900\.00[^]*Missing\s+([\d,]+\.\d\d)/.exec(
      told,
    );
    await checkPage(page, "journal, refused");
    await page.getByRole("button", { name: "Propose this virement" }).click();
    await page.getByLabel("Reason", { exact: true }).fill("Books of the third term");
    await page.getByRole("button", { name: "Propose", exact: true }).click();
    const link = page.getByRole("link", { name: "Show it" });
    await link.waitFor();
    const document = (await link.getAttribute("href")).replace("/approvals/", "");

    await withPage("dora", "/approvals", async (other) => {
      await checkPage(other, "approvals");
      await other.getByRole("link", { name: decodeURIComponent(document) }).click();
      await other.getByRole("heading", { name: "Decide" }).waitFor();
      await other.getByRole("cell", { name: missing }).first().waitFor();
      await other.getByRole("table", { name: "Funds before and after" }).waitFor();
      await checkPage(other, "a document");
      await other.getByRole("button", { name: "Approve" }).click();
      await other.locator("h1 .tag", { hasText: "done" }).waitFor();
    });

    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByRole("heading", { name: "The books take this entry" }).waitFor();
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await page.getByRole("heading", { name: "Posted" }).waitFor();
  });
});

test("what is marked in a list stays marked when a later answer comes", () =>
  withPage("mary", "/journal", async (page) => {
    const option = page.getByRole("option", { name: "22 Use of goods and services", exact: true });
    let release = null;
    const isHeld = new Promise((resolve) => (release = resolve));
    await page.route(/q=use%20of%20g|q=use\+of\+g/, async (route) => {
      await isHeld;
      const response = await route.fetch();
      const table = await response.json();
      table.rows = table.rows.filter((row) => row.account === "22");
      await route.fulfill({ response, json: table });
    });
    await page.getByRole("gridcell").first().focus();
    await page.keyboard.type("use");
    await option.waitFor();
    assert.ok((await page.getByRole("option").count()) > 1, "more than one account is of use");
    const asked = page.waitForRequest(/goods/);
    await page.keyboard.type(" of goods");
    await asked;
    while ((await option.getAttribute("aria-selected")) !== "true") {
      await page.keyboard.press("ArrowDown");
    }
    release();
    await page.getByRole("option").nth(1).waitFor({ state: "detached" });
    assert.equal(await option.getAttribute("aria-selected"), "true");
    await page.keyboard.press("Tab");
    assert.match(await page.getByRole("gridcell").first().innerText(), /^22 /);
  }));

test("an entry is proposed and approved by keyboard only", async () => {
  let document = "";
  await withPage("mary", "/journal", async (page) => {
    await page.locator("main h1").focus();
    await tabTo(page, "journal-date");
    await page.keyboard.type("05052024"); // the browser puts day and month in its own order
    await tabTo(page, "journal-memo");
    await page.keyboard.type("Repair of a window");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page, "role"), "gridcell", "Tab goes from the form into the grid");
    await pick(page, "use of goods", "22 Use of goods and services");
    await pick(page, "7098", /cofog=7098/);
    await typeCell(page, "40");
    await typeCell(page, "");
    await typeCell(page, "CORP", "Enter");
    await page.keyboard.press("Home");
    await typeCell(page, "3308");
    await typeCell(page, "");
    await typeCell(page, "");
    await typeCell(page, "40");
    await typeCell(page, "CORP");
    await page.getByRole("heading", { name: "The books take this entry" }).waitFor();
    await page.keyboard.press("Escape");
    await tabToButton(page, "Propose for approval");
    await page.keyboard.press("Enter");
    await page.getByLabel("Reason", { exact: true }).waitFor();
    await tabTo(page, "journal-reason");
    await page.keyboard.type("Storm damage");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /Proposed/ }).waitFor();
    document = await page.locator("main dd a").innerText();
  });
  await withPage("paul", "/approvals", async (page) => {
    await page.getByRole("link", { name: document }).waitFor();
    await page.locator("main h1").focus();
    await tabToLink(page, document);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Decide" }).waitFor();
    await tabToButton(page, "Approve");
    await page.keyboard.press("Enter");
    await page.locator("h1 .tag", { hasText: "done" }).waitFor();
  });
});
