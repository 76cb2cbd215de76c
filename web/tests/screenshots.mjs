// screenshots.mjs [DIR [NAME...]]: the pictures of docs/workplace.md and README.md, made from the published year of a city
// (examples/madrid-2018). FISC and FISC_WEB as for run.sh. Run it again when a screen looks different.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { newPage, signIn, startBook, startBrowser, stopBook, typeCell } from "./e2e/harness.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const city = join(here, "../../examples/madrid-2018");
const federation = join(here, "../../examples/federation-2018");
const only = process.argv.slice(3); // none named: all
const out = process.argv[2] ?? join(here, "../../docs/images");
const SIZES = { wide: { width: 1366, height: 768 }, narrow: { width: 400, height: 800 } };
const ON_A_PHONE = ["statement"];
const LINE = "001/016/92000/21300"; // repair of machines, general administration
const PEOPLE = {
  marta: { name: "Marta Gil", role: "ministry_officer", entity: null },
  raul: { name: "Raúl Cano", role: "ministry_officer", entity: null },
  rosa: { name: "Rosa Ruiz", role: "agency_accountant", entity: "001" },
  irene: { name: "Irene Soto", role: "auditor", entity: null },
};

/* Lamps for more than the area has left: refused, with ways out. */
async function writeEntry(page) {
  await page.getByLabel("Date", { exact: true }).fill("2018-12-31");
  await page.getByLabel("Memo").fill("Lamps for the city hall");
  const line = "section=016 programme=92000 economic=21300 cofog=701";
  const rows = [
    { 0: "22", 1: line, 2: "7500000" },
    { 0: "3202", 3: "7500000", 5: "22" },
  ];
  for (const [row, cells] of rows.entries()) {
    for (const [column, text] of Object.entries(cells)) {
      await page.locator(`tr[data-row="${row}"] td`).nth(Number(column)).click();
      await typeCell(page, text, "Enter");
    }
  }
  await page.locator('.answer[data-state="refused"]').waitFor();
}

/* The published lines of spending as a request for the year after: what was voted is asked for again. */
function publishedLines(count) {
  const text = new TextDecoder("windows-1252").decode(readFileSync(join(city, "ejecucion_gastos.csv")));
  const rows = text.split(/\r?\n/).slice(1).map((row) => row.split(";"));
  const asked = rows.filter(([unit, , , , , , , , , , initial]) => unit === "001" && Number(initial?.replace(",", ".")) > 0);
  return asked.slice(0, count).map(([, , section, , programme, , , , economic, title, initial]) => {
    const line = `${section}/${programme}/${economic}`;
    return [line, title, section, programme, economic, initial.replace(",", ".")].join("\t");
  });
}

/* The same as a file, and a ceiling for each chapter: a little more than is asked, but for goods and services. */
function chapters(scratch) {
  const titles = { 1: "staff", 2: "goods and services", 4: "current transfers", 6: "investment" };
  const classes = { 1: "2111", 2: "22", 4: "2821", 6: "3112" };
  const lines = publishedLines(500).map((line) => line.split("\t")).filter(([, , , , economic]) => economic[0] in titles);
  const text = (cell) => `"${cell.trim().replaceAll('"', '""')}"`;
  const request = lines.map(([line, title, section, programme, economic, asked]) => [line, "001", text(title), section, programme, economic, classes[economic[0]], asked].join(","));
  writeFileSync(`${scratch}/request.csv`, ["line,entity,title,section,programme,economic,gfs_code,request_2019", ...request, ""].join("\n"));
  const limits = Object.entries(titles).map(([chapter, title]) => {
    const asked = lines.filter(([, , , , economic]) => economic.startsWith(chapter)).reduce((sum, line) => sum + Number(line[5]), 0);
    const limit = Math.round((asked * (chapter === "2" ? 0.98 : 1.02)) / 100000) * 100000;
    return `${title},001,${chapter},2019,${limit},Circular 1`;
  });
  writeFileSync(`${scratch}/ceilings.csv`, ["ceiling,entity,economic,year,amount,article", ...limits, ""].join("\n"));
}

async function pasteLines(page) {
  await page.getByRole("button", { name: "Paste from a spreadsheet" }).click();
  const titles = ["Line", "Title", "Section", "Programme", "Economic class", "Request 2019"].join("\t");
  await page.getByLabel("Copied cells").fill([titles, ...publishedLines(500)].join("\n"));
  await page.getByText(/new 500/).waitFor();
}

const heading = (name) => async (page) => page.getByText(name).first().waitFor();

/* name, who, where, what is done there first */
const PICTURES = [
  ["home", "irene", "/", heading("80.7")],
  ["position", "irene", "/position?unit=CITY&period=2018", heading("996,832,893.03")],
  ["statement", "irene", "/statements/gfs?unit=CITY&period=2018", heading("Net lending")],
  ["drill", "irene", "/drill?key=gfs%2FCITY%2F2018%2FSOO%2FNLB&to=documents", heading("001/002/23270/20901")],
  ["trace", "irene", `/trace?key=${encodeURIComponent(LINE)}`, heading("pagos.csv/230")],
  ["proof", "irene", "/entry?reference=pagos.csv%2F23964&source=madrid-2018%2Fpagos", makeProof],
  ["journal", "rosa", "/journal", writeEntry],
  ["approvals", "marta", "/approvals", heading("V-2018-114")],
  ["approval", "marta", "/approvals/V-2018-114", heading("Funds before and after")],
  ["budget", "rosa", "/budget/2019-draft/lines/001", takeLines],
  ["ceilings", "marta", "/budget/2019-chapters/ceilings", heading("goods and services")],
  ["budget-paste", "rosa", "/budget/2019-draft/lines/001", pasteLines],
  ["feeders", "marta", "/feeders", heading("Ayuntamiento de Pinto")],
  ["feeder-run", "marta", "/feeders/alhama/runs/1", heading("What is wrong")],
  ["feeder-codes", "marta", "/feeders/pinto?part=suspense", heading("May mean")],
];

async function makeProof(page) {
  await page.getByRole("button", { name: "Make the proof" }).click();
  await page.getByRole("button", { name: "Save the proof as a file" }).waitFor();
}

async function takeLines(page) {
  await pasteLines(page);
  await page.getByRole("button", { name: /Take over/ }).click();
  await page.getByRole("gridcell", { name: "SUELDOS" }).first().waitFor();
}

/* The published books of a region and three towns: one has a broken line, one map lacks a class, one was never asked. */
async function prepareFeeders({ fisc, scratch }) {
  const feeders = ["alhama", "pinto", "torrelodones", "clm"];
  const titles = ["Ayuntamiento de Alhama de Murcia", "Ayuntamiento de Pinto", "Ayuntamiento de Torrelodones", "Junta de Comunidades de Castilla-La Mancha"];
  const units = ["ALHAMA", "PINTO", "TORRELODONES", "CLM CLM51 CLM55 CLM56 CLM61 CLM70"];
  const spending = "ejecucion_gastos.csv;pagos.csv;ejecucion_ingresos.csv";
  const documents = [spending, spending, "gastos.csv;ingresos.csv;pagos.csv", "ingresos.csv;ejecucion_ingresos.csv;ejecucion_gastos.csv"];
  const rows = feeders.map((name, at) => `${name},${titles[at]},${units[at]},folder,${scratch}/published/${name},${documents[at]},together`);
  const maps = join(scratch, "maps/federation");
  cpSync(join(federation, "published"), join(scratch, "published"), { recursive: true });
  cpSync(federation, maps, { recursive: true });
  cpSync(join(federation, "../maps"), join(scratch, "maps/maps"), { recursive: true });
  writeFileSync(`${scratch}/feeders.csv`, ["feeder,title,entities,connector,at,documents,read", ...rows, ""].join("\n"));
  const spoil = (path, from, to) => writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
  spoil(`${scratch}/published/alhama/ejecucion_ingresos.csv`, "1087000.0,0.0,1087000.0", "1087000.0,0.0,108700O.0");
  await fisc(null, "load", federation);
  await fisc(null, "feeder", "put", `${scratch}/feeders.csv`);
  spoil(join(scratch, "maps/maps/es_economic_to_gfsm2014.csv"), "all,G,2,22,", "all,G,20,22,\nall,G,21,22,\nall,G,22,22,");
  for (const feeder of feeders) {
    await fisc(null, "feeder", "map", feeder, join(maps, feeder), "--reason", "as published");
  }
  await fisc(null, "pull", "alhama").catch(() => undefined);
  await fisc(null, "pull", "pinto", "torrelodones");
}

/* What waits for a second person, and a version that has been called. */
async function prepare(made) {
  await prepareFeeders(made);
  const { fisc } = made;
  const lines = ["--from", "section=016 programme=92000 economic=21300 cofog=701 gfs_code=22"];
  const to = ["--to", "section=016 programme=92000 economic=22000 cofog=701 gfs_code=22"];
  const order = ["--entity", "001", ...lines, ...to, "--amount", "5000", "--date", "2018-12-31"];
  await fisc("rosa", "budget", "virement", ...order, "--reason", "Paper for the registry", "--id", "V-2018-114");
  await fisc("marta", "budget", "open", "2019-draft", "--year", "2019", "--years", "1", "--title", "Budget 2019");
  await fisc("raul", "budget", "step", "2019-draft", "call", "--reason", "Circular 1");
  chapters(made.scratch);
  await fisc("marta", "budget", "open", "2019-chapters", "--year", "2019", "--years", "1", "--title", "By chapter");
  await fisc("marta", "budget", "put", "2019-chapters", "ceilings", `${made.scratch}/ceilings.csv`, "--reason", "Circular 1");
  await fisc("raul", "budget", "step", "2019-chapters", "call", "--reason", "Circular 1");
  await fisc("rosa", "budget", "put", "2019-chapters", "lines", `${made.scratch}/request.csv`, "--entity", "001", "--reason", "as voted");
}

async function take(browser, book, size, [name, person, at, ready]) {
  const page = await newPage(browser, book, { viewport: SIZES[size], reducedMotion: "reduce" });
  await signIn(page, book, person, at);
  await ready(page);
  await page.waitForTimeout(700);
  const file = size === "wide" ? `${name}.png` : `${name}-narrow.png`;
  await page.screenshot({ path: join(out, file) });
  await page.context().close();
}

mkdirSync(out, { recursive: true });
const book = await startBook({ folder: city, people: PEOPLE, prepare });
const browser = await startBrowser();
try {
  const shots = PICTURES.map((picture) => ["wide", picture]);
  const narrow = PICTURES.filter(([name]) => ON_A_PHONE.includes(name)).map((picture) => ["narrow", picture]);
  for (const [size, picture] of [...shots, ...narrow]) {
    if (only.length === 0 || only.includes(picture[0])) {
      await take(browser, book, size, picture).catch((failure) => {
        process.exitCode = 1;
        console.error(`${picture[0]}, ${size}: ${failure.message}`);
      });
    }
  }
} finally {
  await browser.close();
  await stopBook(book);
}
