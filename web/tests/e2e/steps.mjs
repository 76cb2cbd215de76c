// steps.mjs: what walks have in common: the book and the browser of a file of tests, a person's page, and going
// about by keyboard alone.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { keepShot, newPage, signIn, startBook, startBrowser, stopBook, totp } from "./harness.mjs";

/** What the walks of a file go through: set before the first, gone after the last. */
export const stage = { book: null, browser: null };

/** @given as startBook takes it. */
export function useBook(given) {
  before(async () => {
    stage.book = await startBook(given);
    stage.browser = await startBrowser();
  });
  after(async () => {
    await stage.browser?.close();
    if (stage.book) {
      await stopBook(stage.book);
    }
  });
}

export async function withPage(person, at, walk, options) {
  const page = await newPage(stage.browser, stage.book, options);
  try {
    await signIn(page, stage.book, person, at);
    await walk(page);
    assert.deepEqual(page.complaints, []);
  } catch (failure) {
    await keepShot(page, `failed-${person}-${Date.now()}`);
    const seen = await page.locator("body").innerText({ timeout: 2000 }).catch(() => "nothing");
    failure.message += `\nThe page showed: ${seen.slice(0, 2000)}`;
    throw failure;
  } finally {
    await page.context().close();
  }
}

export async function focused(page, attribute) {
  return page.evaluate((name) => document.activeElement?.getAttribute(name) ?? "", attribute);
}

export async function tabUntil(page, isThere, what) {
  for (let presses = 0; presses < 120; presses++) {
    if (await page.evaluate(isThere, what)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${what}`);
}

export const tabTo = (page, id) => tabUntil(page, (wanted) => document.activeElement?.id === wanted, id);
export const tabToButton = (page, name) =>
  tabUntil(
    page,
    (wanted) =>
      document.activeElement?.tagName === "BUTTON" &&
      document.activeElement.textContent.trim() === wanted,
    name,
  );
export const tabToLink = (page, name) =>
  tabUntil(
    page,
    (wanted) =>
      document.activeElement?.tagName === "A" &&
      document.activeElement.textContent.trim() === wanted,
    name,
  );

/** The mark of a document in the list of approvals. */
export const tabToMark = (page, document) =>
  tabUntil(page, (wanted) => document.activeElement?.getAttribute("aria-label") === wanted, `Mark ${document}`);

/** Types words into a cell that searches, goes down to an option, takes it and goes on. */
export async function pick(page, words, name) {
  const option = page.getByRole("option", typeof name === "string" ? { name, exact: true } : { name });
  await page.keyboard.type(words);
  await option.first().waitFor();
  for (let presses = 0; presses < 20; presses++) {
    if ((await option.first().getAttribute("aria-selected")) === "true") {
      await page.keyboard.press("Tab");
      return;
    }
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`the arrows do not lead to ${name}`);
}

/* Each code is good once: the one before now sets it up, so that this one and the next are left. */
export async function giveSecondFactor(person) {
  const told = await stage.book.fisc(person, "person", "totp", person);
  const secret = /secret=([A-Z2-7]+)/.exec(told)[1];
  await stage.book.fisc(person, "person", "totp", person, "--code", totp(secret, -1));
  return secret;
}

/** A device with a passkey inside, as a telephone is one; the browser plays it. */
export async function giveDevice(page, credential = null) {
  const link = await page.context().newCDPSession(page);
  await link.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await link.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  if (credential) {
    await link.send("WebAuthn.addCredential", { authenticatorId, credential });
  }
  return {
    credential: async () =>
      (await link.send("WebAuthn.getCredentials", { authenticatorId })).credentials[0],
    knowsHim: (isUserVerified) =>
      link.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    remove: () => link.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}
