// harness.mjs: a server with a small book, made anew for each test file, and a browser that listens for what a
// page should never do: errors on the console, violations of its policy, requests to others.
//
// FISC names the program, FISC_WEB the folder of the bundle, FISC_CHROMIUM the browser. What was started is
// ended by its process id, and the folder of the books goes with it.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

const START_MS = 60_000;
const STEP_MS = Number(process.env.FISC_STEP_MS ?? 30_000); // machines that test are slow
export const PASSWORD = "correct horse 47 staple";

const program = process.env.FISC ?? join(root, "build/fisc");
const web = process.env.FISC_WEB ?? join(root, "build/web");

/* Who works in the book. Everybody has the same password; nobody else ever signs in here. */
export const PEOPLE = {
  mary: { name: "Mary Adu", role: "agency_accountant", entity: "SCH" },
  paul: { name: "Paul Kern", role: "approver", entity: "SCH" },
  dora: { name: "Dora Vega", role: "ministry_officer", entity: null },
  olaf: { name: "Olaf Brun", role: "ministry_officer", entity: null },
  ines: { name: "Ines Sola", role: "auditor", entity: null },
};

export async function startBook({
  folder = join(here, "../book"),
  people = PEOPLE,
  isEnforced = false, // duties in force: who may do what is a matter of roles
  prepare = async () => {},
} = {}) {
  assert.ok(existsSync(program), `the program is missing: FISC=${program}`);
  assert.ok(existsSync(join(web, "index.html")), `the bundle is missing: FISC_WEB=${web}`);
  const scratch = mkdtempSync(join(tmpdir(), "fisc-e2e-"));
  chmodSync(scratch, 0o755); // as root the cluster runs under another account
  const data = join(scratch, "data");
  const fisc = (actor, ...words) =>
    run(program, ["--data", data, ...(actor ? ["--actor", actor] : []), ...words], {
      env: { ...process.env, FISC_ACTOR: "" },
      maxBuffer: 64 * 1024 * 1024,
    }).then(({ stdout }) => stdout);
  const book = { scratch, data, fisc, url: "", server: null };
  try {
    await fisc(null, "load", folder);
    await fisc(null, "head", "--new-key");
    await makePeople(book, people);
    if (isEnforced) {
      await fisc("ana", "person", "enforce");
      await fisc("ben", "person", "enforce");
    }
    await prepare(book);
    await serve(book);
    return book;
  } catch (failure) {
    await stopBook(book);
    throw failure;
  }
}

async function makePeople({ fisc, scratch }, people) {
  const file = join(scratch, "password");
  writeFileSync(file, `${PASSWORD}\n`, { mode: 0o600 });
  await fisc(null, "person", "add", "ana", "--name", "Ana Ruiz", "--id", "ID-ana");
  await fisc(null, "person", "add", "ben", "--name", "Ben Oko", "--id", "ID-ben");
  await fisc(null, "person", "init", "ana", "ben");
  for (const [person, { name, role, entity }] of Object.entries(people)) {
    const where = entity ? ["--entity", entity] : [];
    await fisc("ana", "person", "add", person, "--name", name, "--id", `ID-${person}`);
    await fisc("ana", "person", "grant", person, "--role", role, ...where);
    await fisc("ben", "person", "confirm", person, "--role", role, ...where);
    await fisc(person, "person", "password", person, "--password-file", file);
  }
}

/** Starts the server; again at the same address when it has been there before. */
export function serve(book) {
  const listen = book.url === "" ? "127.0.0.1:0" : new URL(book.url).host;
  const words = ["--data", book.data, "serve", "--listen", listen, "--web", web, ...(book.options ?? [])];
  book.server = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  book.log = "";
  book.server.stderr.on("data", (text) => (book.log = (book.log + text).slice(-20_000)));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no server: ${book.log}`)), START_MS);
    book.server.once("exit", (code, signal) =>
      reject(new Error(`the server ended with ${code ?? signal}: ${book.log}`)),
    );
    book.server.stdout.on("data", (text) => {
      const port = /port (\d+)/.exec(String(text))?.[1];
      if (port) {
        clearTimeout(timer);
        book.url = `http://127.0.0.1:${port}`;
        resolve();
      }
    });
  });
}

/** @signal: SIGKILL for a server that is gone from one moment to the next. */
export async function endServer(book, signal = "SIGTERM") {
  if (book.server && book.server.exitCode === null && book.server.signalCode === null) {
    const ended = new Promise((resolve) => book.server.once("exit", resolve));
    book.server.kill(signal);
    await ended;
  }
}

export async function stopBook(book) {
  await endServer(book);
  await book.fisc(null, "stop").catch(() => undefined);
  rmSync(book.scratch, { recursive: true, force: true });
}

/* The browser --------------------------------------------------------------------------------- */

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.FISC_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-GB"],
  });
}

/** A page of its own, as a person's browser would be. `complaints` gathers what must not happen. */
export async function newPage(browser, book, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  page.complaints = [];
  page.on("console", (message) => {
    // What the server refuses is told by the browser, too; the screen has to deal with it.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) {
      page.complaints.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (failure) => page.complaints.push(`error: ${failure.message}`));
  page.on("request", (request) => {
    const own = [book.url, page.alsoFrom ?? book.url, "data:"];
    if (!own.some((address) => request.url().startsWith(address))) {
      page.complaints.push(`request to others: ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return page;
}

/** @code: of the second factor, for who has one. */
export async function signIn(page, book, person, at = "/", code = "") {
  await page.goto(book.url + at);
  await page.getByLabel("Name for signing in").fill(person);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  if (code !== "") {
    await page.getByLabel(/authenticator/).fill(code);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Keeps what a page showed when a walk failed, where FISC_SHOTS says. */
export async function keepShot(page, name) {
  if (process.env.FISC_SHOTS) {
    await page
      .screenshot({ path: join(process.env.FISC_SHOTS, `${name}.png`) })
      .catch(() => undefined);
  }
}

/** Fails when the page has done what it must not do, or axe finds something serious on it. */
export async function checkPage(page, what) {
  assert.deepEqual(page.complaints, [], what);
  await page.evaluate(axeSource).catch(() => undefined);
  const found = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  const serious = found.violations.filter(
    ({ impact }) => impact === "serious" || impact === "critical",
  );
  const told = serious.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => node.html)
        .join(" | ")}`,
  );
  assert.deepEqual(told, [], `axe on ${what}`);
}

/** Whether something stands beyond the edge of the window. What scrolls within itself may be wider. */
export async function checkFits(page, what) {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(over <= 1, `${what} is ${over} px wider than the window`);
}

/** Writes into the cell that has the focus and goes on to the next. */
export async function typeCell(page, text, key = "Tab") {
  if (text !== "") {
    await page.keyboard.type(text);
  }
  await page.keyboard.press(key);
}

/** What an authenticator shows now, or so many half minutes later: RFC 6238. @secret: base32 */
export function totp(secret, later) {
  const bits = [...secret.replace(/=+$/, "")]
    .map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", key).update(counter).digest();
  const from = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
