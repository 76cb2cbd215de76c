// signing.test.mjs: how people sign in and confirm: a start password, an authenticator, passkeys of a device that the
// browser plays (its virtual authenticator), with and without what should be there. At localhost: browsers give
// passkeys there without TLS.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkFits, checkPage, keepShot, newPage, PASSWORD, PEOPLE, signIn, totp } from "./harness.mjs";
import { giveDevice, stage, useBook } from "./steps.mjs";

const OWN = "quiet rivers carry paper boats";

useBook({
  people: { ...PEOPLE, nora: { name: "Nora Lind", role: "approver", entity: "SCH" } },
  prepare: async ({ fisc, scratch }) => {
    const file = `${scratch}/start`;
    writeFileSync(file, "a start password of hers\n", { mode: 0o600 });
    await fisc("ana", "person", "password", "nora", "--password-file", file);
  },
});

async function withBrowser(name, walk) {
  stage.book.url = stage.book.url.replace("127.0.0.1", "localhost");
  const page = await newPage(stage.browser, stage.book);
  try {
    await walk(page);
    assert.deepEqual(page.complaints, []);
  } catch (failure) {
    await keepShot(page, `failed-${name}-${Date.now()}`);
    throw failure;
  } finally {
    await page.context().close();
  }
}

async function toAccount(page) {
  await page.getByRole("link", { name: /Your sign-in/ }).click();
  await page.getByRole("heading", { name: "Your sign-in" }).waitFor();
}

async function addPasskey(page, name) {
  await toAccount(page);
  const section = page.getByRole("region", { name: "Passkeys" });
  await section.getByLabel("Name").fill(name);
  await section.getByLabel("Your password, once more").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await section.getByRole("rowheader", { name }).waitFor();
}

async function signOut(page) {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
}

async function usePasskey(page) {
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
}

function isIn(page) {
  return page.getByRole("button", { name: "Sign out" }).waitFor();
}

let copied = null; // of paul's passkey, as it was when he had signed in with it once

test("a passkey is added, signs in, and approves", () =>
  withBrowser("passkey", async (page) => {
    const device = await giveDevice(page);
    await signIn(page, stage.book, "paul");
    await addPasskey(page, "Telephone");
    await checkPage(page, "one's sign-in");
    await checkFits(page, "one's sign-in");
    await signOut(page);
    await checkPage(page, "the ways to sign in");
    await usePasskey(page);
    await isIn(page);
    copied = await device.credential();
    await propose("V-KEY");
    await page.goto(`${stage.book.url}/approvals/V-KEY`);
    await page.getByRole("button", { name: "Approve" }).click();
    await device.knowsHim(false);
    await page.getByRole("button", { name: "Confirm with passkey" }).click();
    await page.getByText("Nothing was confirmed").waitFor();
    await checkPage(page, "a confirmation that did not come");
    await device.knowsHim(true);
    await page.getByRole("button", { name: "Confirm with passkey" }).click();
    await page.locator("h1 .tag", { hasText: "done" }).waitFor();
  }));

/* A virement of the school board, which paul may approve. */
function propose(id) {
  const keys = ["--from", "gfs_code=2711 cofog=71020", "--to", "gfs_code=22 cofog=7098"];
  const order = ["--entity", "SCH", ...keys, "--amount", "5", "--date", "2024-06-03"];
  return stage.book.fisc("mary", "budget", "virement", ...order, "--reason", "Meals", "--id", id);
}

test("of a passkey that was copied the one that lags behind is refused, and that is on record", () =>
  withBrowser("copy", async (page) => {
    await page.goto(stage.book.url);
    const old = await giveDevice(page, copied);
    await usePasskey(page);
    await page.getByText("This passkey does not open anything here.").waitFor();
    await old.remove();
    await giveDevice(page, { ...copied, signCount: copied.signCount + 50 });
    await usePasskey(page);
    await isIn(page);
    const told = await stage.book.fisc("ana", "person", "sign-ins", "paul");
    assert.match(told, /there may be a copy of it/);
  }));

test("a device that does not know who holds it signs nobody in", () =>
  withBrowser("stranger", async (page) => {
    await page.goto(stage.book.url);
    const device = await giveDevice(page, { ...copied, signCount: copied.signCount + 90 });
    await device.knowsHim(false);
    await usePasskey(page);
    await page.getByText("Nothing was confirmed").waitFor();
  }));

test("who has a passkey is asked for it behind the password", () =>
  withBrowser("both", async (page) => {
    await page.goto(stage.book.url);
    await giveDevice(page, { ...copied, signCount: copied.signCount + 120 });
    await page.getByLabel("Name for signing in").fill("paul");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Use your passkey" }).waitFor();
    await checkPage(page, "the passkey behind the password");
    await page.keyboard.press("Enter"); // the button has the focus
    await isIn(page);
    await toAccount(page);
    await page.getByRole("button", { name: "Remove Telephone" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).last().waitFor();
    await checkPage(page, "removing a passkey");
    await page.getByRole("dialog").locator(".danger").click();
    await page.getByText("You have none yet.").waitFor();
    await signOut(page);
    await usePasskey(page);
    await page.getByText("This passkey does not open anything here.").waitFor();
  }));

test("a start password leads to one of one's own", () =>
  withBrowser("start", async (page) => {
    await page.goto(stage.book.url);
    await page.getByLabel("Name for signing in").fill("nora");
    await page.getByLabel("Password", { exact: true }).fill("a start password of hers");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Choose a password of your own" }).waitFor();
    await checkPage(page, "a password of one's own");
    await page.getByLabel("New password").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("Enter 15 characters or more").first().waitFor();
    await page.getByLabel("New password").fill(OWN);
    await page.getByLabel("The same once more").fill(OWN);
    await page.keyboard.press("Enter");
    await isIn(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Name for signing in").fill("nora");
    await page.getByLabel("Password", { exact: true }).fill(OWN);
    await page.keyboard.press("Enter");
    await isIn(page);
  }));

test("an authenticator is set up, asked for, and stood in for by a recovery code", () =>
  withBrowser("authenticator", async (page) => {
    await signIn(page, stage.book, "dora");
    await toAccount(page);
    const section = page.getByRole("region", { name: "Authenticator app" });
    await section.getByLabel("Your password, once more").fill(PASSWORD);
    await section.getByRole("button", { name: "Set up" }).click();
    const secret = (await page.locator("#totp-key").textContent()).replace(/\s/g, "");
    await section.getByLabel("First code of the app").fill(totp(secret, -1));
    await section.getByRole("button", { name: "Confirm" }).click();
    await section.getByRole("heading", { name: "Recovery codes" }).waitFor();
    const recovery = await section.locator("li code").first().textContent();
    await checkPage(page, "recovery codes");
    await signOut(page);
    for (const code of [totp(secret, 0), recovery]) {
      await page.getByLabel("Name for signing in").fill("dora");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      const field = page.getByLabel(/authenticator/);
      await field.fill("000000");
      await page.keyboard.press("Enter");
      await page.getByText(/not right, or was used already/).first().waitFor();
      await checkPage(page, "a wrong code");
      await field.fill(code);
      await page.keyboard.press("Enter");
      await isIn(page);
      await signOut(page);
    }
  }));

test("a token is made, shown once, and taken back; a new password ends the session", () =>
  withBrowser("token", async (page) => {
    await signIn(page, stage.book, "mary");
    await toAccount(page);
    const section = page.getByRole("region", { name: "Tokens of programs" }).first();
    await section.getByLabel("Name").fill("feed");
    await section.getByRole("button", { name: "Make a token" }).click();
    const token = await section.locator("code").textContent();
    const ask = () =>
      fetch(`${stage.book.url}/v1/session`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal((await ask()).status, 200);
    await page.evaluate(() => scrollTo(0, 0)); // what lies half under the head looks small to axe
    await checkPage(page, "a token that was made");
    await section.getByRole("button", { name: "Take feed back" }).click();
    await section.getByRole("button", { name: "Take feed back" }).waitFor({ state: "detached" });
    assert.equal((await ask()).status, 401);
    const password = page.getByRole("region", { name: "Password", exact: true });
    await password.getByLabel("Present password").fill(PASSWORD);
    await password.getByLabel("New password").fill(OWN);
    await password.getByLabel("The same once more").fill(OWN);
    await page.keyboard.press("Enter");
    await page.getByLabel("Name for signing in").waitFor();
  }));
