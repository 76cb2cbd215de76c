// provider.test.mjs: signing in by an identity provider in a browser. The provider (tests/server/provider) is at
// localhost and the workplace at 127.0.0.1, which to a browser are two sites: what it does with cookies on the way from
// one to the other is what this is about.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkPage, endServer, newPage, serve, startBook, startBrowser, stopBook } from "./harness.mjs";
import { stage } from "./steps.mjs";

const START = fileURLToPath(new URL("../../../tests/server/provider/start.sh", import.meta.url));
const SECRET = "a secret: of+the client/%";

let provider = null;
let why = ""; // there is none

async function startProvider(base) {
  provider = spawn("bash", [START, `${base}/v1/session/provider/return`], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, PROVIDER_HOST: "localhost" },
  });
  const [line] = await once(createInterface(provider.stdout), "line");
  return line.startsWith("issuer ") ? line.slice("issuer ".length) : ((why = line), null);
}

// The server is started a second time, at an address that the provider knows.
before(async () => {
  stage.book = await startBook();
  stage.browser = await startBrowser();
  const { book } = stage;
  const issuer = await startProvider(book.url);
  if (!issuer) return;
  await endServer(book);
  const secret = `${book.scratch}/provider.secret`;
  writeFileSync(secret, SECRET, { mode: 0o600 });
  await book.fisc("ana", "person", "provider", "mary", "--issuer", issuer, "--subject", "sub-mary");
  Object.assign(process.env, {
    FISC_BASE_URL: book.url,
    FISC_PROVIDER_ISSUER: issuer,
    FISC_PROVIDER_CLIENT: "fisc",
    FISC_PROVIDER_SECRET: secret,
    FISC_PROVIDER_NAME: "Ministry login",
    FISC_PROVIDER_ADDRESSES: "127.0.0.0/8,::1/128",
  });
  await serve(book);
});

after(async () => {
  provider?.stdin.end();
  provider?.kill();
  await stage.browser?.close();
  if (stage.book) await stopBook(stage.book);
});

/* A browser of whom the provider knows as @account; "-" says no there. */
async function withBrowser(account, walk) {
  const page = await newPage(stage.browser, stage.book, {
    extraHTTPHeaders: { "X-Account": account },
  });
  try {
    await walk(page);
    const own = page.complaints.filter((text) => !text.includes(process.env.FISC_PROVIDER_ISSUER));
    assert.deepEqual(own, []); // to go to the provider is what was asked for
  } finally {
    await page.context().close();
  }
}

test("whom the provider knows comes in where he was going", async (t) => {
  if (why) return t.skip(why);
  await withBrowser("sub-mary", async (page) => {
    await page.goto(`${stage.book.url}/approvals`);
    await page.getByRole("link", { name: /Ministry login/ }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/approvals");
    assert.ok(!page.url().includes("code="));
    const cookies = await page.context().cookies(stage.book.url);
    const session = cookies.find(({ name }) => name === "fisc");
    assert.deepEqual([session?.sameSite, session?.httpOnly], ["Strict", true]);
    await page.reload();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: /Ministry login/ }).waitFor();
  });
});

test("whom nobody has linked is told so, and finds back", async (t) => {
  if (why) return t.skip(why);
  for (const account of ["sub-nobody", "-"]) {
    await withBrowser(account, async (page) => {
      await page.goto(stage.book.url);
      await page.getByRole("link", { name: /Ministry login/ }).click();
      await page.getByText("You are not signed in.").waitFor();
      page.complaints = page.complaints.filter((text) => !text.includes(process.env.FISC_PROVIDER_ISSUER));
      await checkPage(page, `the page for ${account}`);
      await page.getByRole("link", { name: "Back to signing in" }).click();
      await page.getByLabel("Password", { exact: true }).waitFor();
    });
  }
});
