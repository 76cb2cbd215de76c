// note.test.ts mirrors src/screens/verification/note.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readNote } from "../../src/screens/verification/note";

test("reads a signed head", () => {
  const note = "fisc head 1\nbook 1\nsize 4\nroot 93c3\ntime 2026-11-22T07:59:06Z\nenvironment 956b\n\nsigned-by b6ba 8874\ncosigned-by c0de 11\n";
  assert.deepEqual(readNote(note), { size: "4", root: "93c3", time: "2026-11-22T07:59:06Z", environment: "956b", signedBy: ["b6ba", "c0de"] });
});

test("makes nothing of what is no head", () => {
  assert.equal(readNote(""), null);
  assert.equal(readNote("{}"), null);
});
