// read_only.mjs: a server that only shows says so on every screen, and a write that reaches it is refused in words.
import { test } from "node:test";
import { checkPage, serve } from "../harness.mjs";
import { stage, withPage } from "../steps.mjs";
import { writeInvoice } from "./entries.mjs";

test("a server that only shows says so, and refuses in words what is written", () =>
  withPage("mary", "/", async (page) => {
    const other = { ...stage.book, url: "", server: null, options: ["--read-only"] };
    await serve(other);
    try {
      page.alsoFrom = other.url; // the cookie holds on every port of this machine
      await page.goto(`${other.url}/journal`);
      await page.locator(".banner").getByText(/only shows/).waitFor();
      await writeInvoice(page, "13", "7098");
      await page.getByRole("button", { name: "Post", exact: true }).click();
      await page.getByRole("alert").getByText(/only shows/).waitFor();
      await checkPage(page, "a server that only shows");
    } finally {
      other.server.kill("SIGTERM");
    }
  }));
