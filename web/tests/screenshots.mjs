// screenshots.mjs [DIR]: the pictures of docs/workplace.md, made from the book of the tests (tests/book): a school
// board and its city. FISC and FISC_WEB as for run.sh. Run it again when a screen looks different.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { newPage, signIn, startBook, startBrowser, stopBook, typeCell } from "./e2e/harness.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../../docs/images");
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 400, height: 800 } };

async function writeEntry(page) {
  await page.getByLabel("Date", { exact: true }).fill("2024-05-10");
  await page.getByLabel("Memo").fill("School books of the third term");
  await page.getByRole("gridcell").first().focus();
  for (const [account, line, debit, credit] of [
    ["22", "cofog=70912 gfs_code=22", "900", ""],
    ["3308", "", "", "900"],
  ]) {
    await typeCell(page, account);
    await typeCell(page, line);
    await typeCell(page, debit);
    await typeCell(page, credit);
    await typeCell(page, "CORP", "Enter");
    await page.keyboard.press("Home");
  }
  await page.locator('.answer[data-state="refused"]').waitFor();
}

async function proposeVirement(page) {
  await writeEntry(page);
  await page.getByRole("button", { name: "Propose this virement" }).click();
  await page.getByLabel("Reason", { exact: true }).fill("Books of the third term");
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  await page.getByRole("link", { name: "Show it" }).waitFor();
}

async function pasteLines(page) {
  const names = [
    "Teachers",
    "School books",
    "Heating",
    "Cleaning",
    "Meals",
    "Repairs",
    "Buses",
    "Libraries",
  ];
  const rows = Array.from(
    { length: 500 },
    (_, at) =>
      `L${String(at + 1).padStart(3, "0")}\t${names[at % names.length]} ${at + 1}\t22\t70912\t1${at % 10}0.50`,
  );
  await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
  await page
    .getByLabel("Copied cells")
    .fill(["Line\tName\tGFS\tCOFOG\tRequest 2025", ...rows].join("\n"));
  await page.getByText(/new 500/).waitFor();
}

/* name, who, where, what is done there first */
const PICTURES = [
  ["journal", "mary", "/journal", writeEntry],
  ["approvals", "dora", "/approvals", async (page) => page.getByRole("link").first().waitFor()],
  [
    "approval",
    "dora",
    "/approvals",
    async (page) => {
      await page.locator("main table a").first().click();
      await page.getByRole("table", { name: "Funds before and after" }).waitFor();
    },
  ],
  [
    "budget",
    "mary",
    "/budget/2025-draft/lines/SCH",
    async (page) => {
      await pasteLines(page);
      await page.getByRole("button", { name: /Take over/ }).click();
      await page.getByRole("gridcell", { name: "L001" }).waitFor();
    },
  ],
  ["budget-paste", "mary", "/budget/2025-draft/lines/SCH", pasteLines],
  [
    "statement",
    "ines",
    "/statements/gfs?unit=SCH&period=2024",
    async (page) => page.getByText("Net lending").first().waitFor(),
  ],
  [
    "drill",
    "ines",
    "/drill?key=gfs%2FSCH%2F2024%2FSOO%2FNLB&to=rows",
    async (page) => page.getByText("School books").first().waitFor(),
  ],
];

async function openVersion({ fisc }) {
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
  await fisc("olaf", "budget", "step", "2025-draft", "call", "--reason", "Circular 1");
}

async function take(browser, book, size, [name, person, at, prepare]) {
  const page = await newPage(browser, book, { viewport: SIZES[size], reducedMotion: "reduce" });
  await signIn(page, book, person, at);
  await prepare(page);
  await page.waitForTimeout(500);
  await page.screenshot({
    path: join(out, size === "wide" ? `${name}.png` : `${name}-narrow.png`),
  });
  await page.context().close();
}

mkdirSync(out, { recursive: true });
const book = await startBook({ prepare: openVersion });
const browser = await startBrowser();
try {
  const page = await newPage(browser, book);
  await signIn(page, book, "mary", "/journal");
  await proposeVirement(page);
  await page.context().close();
  for (const size of Object.keys(SIZES)) {
    for (const picture of PICTURES) {
      await take(browser, book, size, picture);
    }
  }
} finally {
  await browser.close();
  await stopBook(book);
}
