// outage.mjs: the server goes away while somebody writes: nothing typed is lost, it is said plainly, and what is sent
// again is never done twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPage, endServer, serve } from "../harness.mjs";
import { stage, withPage } from "../steps.mjs";
import { writeInvoice } from "./entries.mjs";

/* The keys under which entries were sent, dry runs apart. */
function keysSent(page) {
  const keys = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && /\/v1\/entries\?(?!.*dry_run)/.test(request.url())) {
      keys.push(request.headers()["idempotency-key"]);
    }
  });
  return keys;
}

async function countEntries(page, reference) {
  const { rows } = await page.evaluate(() =>
    fetch("/v1/entries?entity=SCH&limit=200").then((answer) => answer.json()),
  );
  return rows.filter((row) => row.reference === reference).length;
}

test("a server that goes away loses nothing that was written, and posts it once", () =>
  withPage("mary", "/journal", async (page) => {
    const keys = keysSent(page);
    await writeInvoice(page, "11", "7098");
    await page.getByRole("heading", { name: "The books take this entry" }).waitFor();
    const reference = await page.getByLabel("Reference", { exact: true }).inputValue();
    await endServer(stage.book, "SIGKILL");
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await page.getByRole("alert").getByText(/not known whether this was done/).waitFor();
    await page.locator(".banner").getByText(/has not answered since/).waitFor();
    assert.equal(await page.locator('tr[data-row="0"] td .grid-value').first().innerText(), "22");
    assert.equal(await page.getByLabel("Memo").inputValue(), "School books");
    await checkPage(page, "an entry, while the server is away");

    await serve(stage.book);
    await page.locator(".banner").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await page.getByRole("heading", { name: "Posted" }).waitFor();
    assert.ok(keys.length > 1);
    assert.equal(new Set(keys).size, 1, "the same key each time");
    assert.equal(await countEntries(page, `SCH/${reference}`), 1);
  }));

test("an entry whose answer was lost on the way is on record once", () =>
  withPage("mary", "/journal", async (page) => {
    let isLost = false;
    await page.route(/\/v1\/entries\?(?!.*dry_run)/, async (route) => {
      if (!isLost) {
        isLost = true;
        await route.fetch(); // the books have it; the person does not know
        await route.abort("connectionreset");
      } else {
        await route.continue();
      }
    });
    await writeInvoice(page, "12", "7098");
    await page.getByRole("heading", { name: "The books take this entry" }).waitFor();
    const reference = await page.getByLabel("Reference", { exact: true }).inputValue();
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await page.getByRole("heading", { name: "Posted" }).waitFor();
    assert.ok(isLost);
    assert.equal(await countEntries(page, `SCH/${reference}`), 1);
  }));
