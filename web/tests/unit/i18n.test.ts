// i18n.test.ts mirrors src/i18n: the same keys, the same places to fill, no text forgotten.
import { test } from "node:test";
import assert from "node:assert/strict";
import { en } from "../../src/i18n/en";
import { es } from "../../src/i18n/es";

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("has every word in both languages, with the same places to fill", () => {
  assert.deepEqual(Object.keys(es).sort(), Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    const other = es[key as keyof typeof en];
    assert.ok(text.trim() !== "" && other.trim() !== "", key);
    assert.deepEqual(places(other), places(text), key);
  }
});

test("has both forms of what is counted", () => {
  const counted = Object.keys(en).filter((key) => key.endsWith(".other"));
  assert.ok(counted.length > 0);
  for (const key of counted) {
    assert.ok(`${key.slice(0, -".other".length)}.one` in en, key);
  }
});
