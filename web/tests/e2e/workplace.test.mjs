// workplace.test.mjs: what people do in a day, in a browser: an accountant posts, is refused, takes a remedy that a
// second person approves; an auditor goes from net lending to a published payment and its proof; a budget officer
// pastes five hundred lines and a second one submits them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  checkFits,
  checkPage,
  keepShot,
  newPage,
  signIn,
  startBook,
  startBrowser,
  stopBook,
  totp,
  typeCell,
} from "./harness.mjs";

let book;
let browser;

before(async () => {
  book = await startBook({ prepare: openBudget });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  if (book) {
    await stopBook(book);
  }
});

/* A version that has been called, with a ceiling, so that agencies write their requests. */
async function openBudget({ fisc, scratch }) {
  const ceilings = `${scratch}/ceilings.csv`;
  writeFileSync(
    ceilings,
    "ceiling,entity,year,amount,article\nschool board,SCH,2025,60000,Circular 1\n",
  );
  await fisc(
    "dora",
    "budget",
    "open",
    "2025-draft",
    "--year",
    "2025",
    "--years",
    "2",
    "--title",
    "Budget 2025",
  );
  await fisc(
    "dora",
    "budget",
    "put",
    "2025-draft",
    "ceilings",
    ceilings,
    "--reason",
    "Cabinet of 2 April",
  );
  await fisc("olaf", "budget", "step", "2025-draft", "call", "--reason", "Circular 1");
}

async function withPage(person, at, walk, options) {
  const page = await newPage(browser, book, options);
  try {
    await signIn(page, book, person, at);
    await walk(page);
    assert.deepEqual(page.complaints, []);
  } catch (failure) {
    await keepShot(page, `failed-${person}-${Date.now()}`);
    throw failure;
  } finally {
    await page.context().close();
  }
}

/* Rows of an invoice: an expense on a budget line against a payable. */
async function writeInvoice(page, amount) {
  await page.getByLabel("Date", { exact: true }).fill("2024-05-10");
  await page.getByLabel("Memo").fill("School books");
  await page.getByRole("gridcell").first().focus();
  await typeCell(page, "22");
  await typeCell(page, "cofog=70912 gfs_code=22");
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
    await page.keyboard.type("use of goods");
    await page.getByRole("option", { name: "22 Use of goods and services", exact: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type("7098");
    await page.getByRole("option", { name: /cofog=7098/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
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

async function focused(page, attribute) {
  return page.evaluate((name) => document.activeElement?.getAttribute(name) ?? "", attribute);
}

async function tabUntil(page, isThere, what) {
  for (let presses = 0; presses < 120; presses++) {
    if (await page.evaluate(isThere, what)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${what}`);
}

const tabTo = (page, id) => tabUntil(page, (wanted) => document.activeElement?.id === wanted, id);
const tabToButton = (page, name) =>
  tabUntil(
    page,
    (wanted) =>
      document.activeElement?.tagName === "BUTTON" &&
      document.activeElement.textContent.trim() === wanted,
    name,
  );
const tabToLink = (page, name) =>
  tabUntil(
    page,
    (wanted) =>
      document.activeElement?.tagName === "A" &&
      document.activeElement.textContent.trim() === wanted,
    name,
  );

test("an approval with a second factor is confirmed by a code of its own", async () => {
  const secret = await giveSecondFactor("olaf");
  const order = [
    "--entity",
    "SCH",
    "--from",
    "gfs_code=2711 cofog=71020",
    "--to",
    "gfs_code=22 cofog=7098",
    "--amount",
    "25",
  ];
  await book.fisc(
    "mary",
    "budget",
    "virement",
    ...order,
    "--date",
    "2024-06-03",
    "--reason",
    "Audit",
    "--id",
    "V-STEP",
  );
  const page = await newPage(browser, book);
  try {
    await signIn(page, book, "olaf", "/approvals/V-STEP", totp(secret, 0));
    await page.getByRole("button", { name: "Approve" }).click();
    const code = page.getByLabel(/authenticator/);
    await code.fill("000000");
    await page.getByRole("button", { name: "Confirm and approve" }).click();
    await page.locator(".field-error").waitFor();
    await checkPage(page, "a wrong code");
    await code.fill(totp(secret, 1));
    await page.getByRole("button", { name: "Confirm and approve" }).click();
    await page.locator("h1 .tag", { hasText: "done" }).waitFor();
  } finally {
    await keepShot(page, "second-factor");
    await page.context().close();
  }
});

/* Each code is good once: the one before now sets it up, so that this one and the next are left. */
async function giveSecondFactor(person) {
  const told = await book.fisc(person, "person", "totp", person);
  const secret = /secret=([A-Z2-7]+)/.exec(told)[1];
  await book.fisc(person, "person", "totp", person, "--code", totp(secret, -1));
  return secret;
}

/* The grid ------------------------------------------------------------------------------------ */

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

/* Budget -------------------------------------------------------------------------------------- */

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
    await page.getByText(/Lines: 500; new 500/).waitFor();
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
    await book.fisc(
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
  const file = `${book.scratch}/ceilings.csv`;
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
    await page.getByText(/Lines: 20; new 20/).waitFor();
    await tabToButton(page, "Take over 20 lines");
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

/* Auditing ------------------------------------------------------------------------------------ */

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
  const file = join(book.scratch, "proof.json");
  await (await saving).saveAs(file);
  const told = await book.fisc(
    null,
    "proof",
    "--check",
    file,
    "--head-key",
    join(book.data, "keys/head.key.pub"),
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

/* Sizes --------------------------------------------------------------------------------------- */

test("no screen loses content at 400 pixels or when everything is twice as large", async () => {
  const screens = [
    "/",
    "/journal",
    "/approvals",
    "/budget",
    "/budget/2025-draft",
    "/budget/2025-draft/lines/SCH",
  ];
  for (const viewport of [
    { width: 400, height: 800 },
    { width: 640, height: 400 },
  ]) {
    await withPage(
      "mary",
      "/",
      async (page) => {
        for (const screen of screens) {
          await page.goto(book.url + screen);
          await page.locator("main h1").waitFor();
          await checkFits(page, `${screen} at ${viewport.width} px`);
          await checkPage(page, `${screen} at ${viewport.width} px`);
        }
      },
      { viewport },
    );
  }
});

test("the screens speak Spanish", () =>
  withPage("mary", "/journal", async (page) => {
    await page.getByRole("button", { name: "Español" }).click();
    await page.getByRole("heading", { name: "Asiento" }).waitFor();
    await page.getByRole("button", { name: "Contabilizar" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "es");
  }));
