// passkey.test.ts: bytes as base64url, there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, textOf } from "../../src/passkey";

test("bytes become base64url without padding, and bytes again", () => {
  const cases: [number[], string][] = [
    [[], ""],
    [[0], "AA"],
    [[0xfb, 0xff], "-_8"],
    [[1, 2, 3], "AQID"],
  ];
  for (const [bytes, text] of cases) {
    assert.equal(textOf(Uint8Array.from(bytes).buffer), text);
    assert.deepEqual([...bytesOf(text)], bytes);
  }
});
