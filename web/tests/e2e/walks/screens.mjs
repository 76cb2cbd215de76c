// screens.mjs: every screen at every size, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFits, checkPage } from "../harness.mjs";
import { stage, withPage } from "../steps.mjs";

test("no screen loses content at 400 pixels or when everything is twice as large", async () => {
  const screens = [
    "/",
    "/journal",
    "/approvals",
    "/budget",
    "/budget/2025-draft",
    "/budget/2025-draft/lines/SCH",
    "/budget/2025-draft/ceilings",
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
          await page.goto(stage.book.url + screen);
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
