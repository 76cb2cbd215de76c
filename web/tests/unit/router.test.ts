// router.test.ts mirrors src/router.ts: what needs no window.
import { test } from "node:test";
import assert from "node:assert/strict";

Object.assign(globalThis, { location: { pathname: "/", search: "" } });
const { link, match } = await import("../../src/router");

test("matches a path with its words", () => {
  const cases: [string, string, Record<string, string> | null][] = [
    ["/", "/", {}],
    ["/statements", "/statements/", {}],
    ["/statements/:report", "/statements/gfs", { report: "gfs" }],
    ["/statements/:report", "/statements", null],
    ["/approvals/:document", "/approvals/A%2F1", { document: "A/1" }],
    ["/approvals/:document", "/approvals/%zz", { document: "%zz" }],
    ["/statements", "/budget", null],
  ];
  for (const [pattern, path, expected] of cases) {
    assert.deepEqual(match(pattern, path), expected, `${pattern} ${path}`);
  }
});

test("writes an address without what is empty", () => {
  assert.equal(link("/drill", { key: "gfs/GG/2024", to: "", from: null }), "/drill?key=gfs%2FGG%2F2024");
  assert.equal(link("/", {}), "/");
});
