// approvals.mjs: a second person decides: with a second factor, and as soon as there is something to decide.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPage, keepShot, newPage, signIn, totp } from "../harness.mjs";
import { giveSecondFactor, stage, tabToMark, withPage } from "../steps.mjs";

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
  await stage.book.fisc(
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
  const page = await newPage(stage.browser, stage.book);
  try {
    await signIn(page, stage.book, "olaf", "/approvals/V-STEP", totp(secret, 0));
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

/* By keyboard alone. A code is good once in its half minute: three documents, one code. */
test("several documents are approved with one code of an authenticator", async () => {
  const secret = await giveSecondFactor("nora");
  const documents = ["V-ONE", "V-TWO", "V-THREE"];
  for (const id of documents) {
    await propose(id, "1");
  }
  const page = await newPage(stage.browser, stage.book);
  const confirmed = [];
  page.on("response", (answer) => answer.url().endsWith("/v1/step-ups") && confirmed.push(answer.status()));
  try {
    await signIn(page, stage.book, "nora", "/approvals", totp(secret, 0));
    await page.getByRole("link", { name: "V-ONE" }).waitFor();
    for (const id of [...documents].reverse()) { // the newest stands first
      await tabToMark(page, id);
      await page.keyboard.press("Space");
    }
    await page.keyboard.press("Control+Enter"); // to the button
    await page.keyboard.press("Enter");
    await page.getByText("One code, for these 3 documents and nothing else.").waitFor();
    await page.keyboard.type("000000"); // the field has the focus
    await page.keyboard.press("Enter");
    await page.locator(".field-error").waitFor();
    await checkPage(page, "a wrong code for several");
    await keepShot(page, "approvals-code");
    await page.keyboard.type(totp(secret, 1)); // over the wrong one
    await page.keyboard.press("Enter");
    const told = page.getByRole("region", { name: "What came of it" });
    await told.getByText("3 documents approved.").waitFor();
    await checkPage(page, "several that were approved");
    await keepShot(page, "approvals-told");
    assert.deepEqual(confirmed, [403, 201]);
    for (const id of documents) {
      const answer = await page.request.get(`${stage.book.url}/v1/documents/${id}`);
      assert.equal((await answer.json()).state, "done", id);
    }
    assert.deepEqual(page.complaints, []);
  } finally {
    await keepShot(page, "approvals-end");
    await page.context().close();
  }
});

/* Who looks at the list is told by the server: nothing is pressed. */
test("a document that is proposed comes into the list, and what somebody else decides shows", () =>
  withPage("dora", "/approvals", async (page) => {
    await page.locator("main h1").waitFor();
    await propose("V-LIVE", "5");
    await page.getByRole("link", { name: "V-LIVE" }).waitFor();
    await page.getByRole("link", { name: "V-LIVE" }).click();
    await page.getByRole("heading", { name: "Decide" }).waitFor();
    await stage.book.fisc("mary", "doc", "withdraw", "V-LIVE", "--reason", "Not needed");
    await page.locator("h1 .tag", { hasText: "withdrawn" }).waitFor();
    await checkPage(page, "a withdrawn document");
    assert.equal(await page.getByRole("heading", { name: "Decide" }).count(), 0);
  }));

/* The school board asks to move money from its audit to its canteen. */
function propose(id, amount) {
  const keys = ["--from", "gfs_code=2711 cofog=71020", "--to", "gfs_code=22 cofog=7098"];
  const order = ["--entity", "SCH", ...keys, "--amount", amount, "--date", "2024-06-03"];
  return stage.book.fisc("mary", "budget", "virement", ...order, "--reason", "Meals", "--id", id);
}
