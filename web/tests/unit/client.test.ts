// client.test.ts mirrors src/api/client.ts and pending.ts: keys that survive what nobody answered.
import { beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";

const store = new Map<string, string>();
if (globalThis.crypto === undefined) {
  Object.assign(globalThis, { crypto: webcrypto }); // Node 18 has it under another name
}
Object.assign(globalThis, {
  sessionStorage: {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, value: string) => void store.set(name, value),
  },
});
const { address, addressOf, NoAnswer, Problem, read, setGuard, write } = await import("../../src/api/client");

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: string | null;
}
let sent: Sent[] = [];
let answers: (() => Response)[] = [];
Object.assign(globalThis, {
  fetch: async (url: string, init: { headers: Record<string, string>; body?: string }) => {
    sent.push({ url, headers: init.headers, body: init.body ?? null });
    const next = answers.shift();
    if (!next) {
      throw new TypeError("no connection");
    }
    return next();
  },
  setTimeout: (call: () => void) => void queueMicrotask(call), // no test waits
});

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => () =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

beforeEach(() => {
  store.clear();
  sent = [];
  answers = [];
  setGuard({ who: () => "ana", csrf: () => "c-1", renew: async () => false });
});

test("writes addresses without empty words, and fills in the names of a path", () => {
  assert.equal(address("/v1/x", { a: "", b: null, c: false, d: true, e: 0 }), "/v1/x?d=true&e=0");
  assert.equal(addressOf("/v1/documents/{document}", { path: { document: "V/1 2" } }), "/v1/documents/V%2F1%202");
  assert.equal(addressOf("/v1/documents", { query: { waiting: true, state: "" } }), "/v1/documents?waiting=true");
});

test("leaves slashes in references, which have them", () => {
  assert.equal(addressOf("/v1/entries/{reference}", { path: { reference: "BCG/A 006" } }), "/v1/entries/BCG/A%20006");
  assert.equal(addressOf("/v1/trace/{key}", { path: { key: "001/016/9#" } }), "/v1/trace/001/016/9%23");
});

test("sends the same write again under the same key while its outcome is unknown", async () => {
  await assert.rejects(write("POST", "/v1/entries", { body: { a: 1 } }), NoAnswer);
  const keys = new Set(sent.map((each) => each.headers["Idempotency-Key"]));
  assert.equal(keys.size, 1);
  assert.ok(sent.length > 1);
  answers = [json(201, { posted: 1 })];
  sent = [];
  assert.deepEqual(await write("POST", "/v1/entries", { body: { a: 1 } }), { posted: 1 });
  assert.ok(keys.has(sent[0]?.headers["Idempotency-Key"]));
  assert.equal(sent[0]?.headers["X-Fisc-Csrf"], "c-1");
});

test("makes a new key once a write was answered, and for another write", async () => {
  answers = [json(201, {}), json(201, {}), json(422, { title: "no", status: 422, code: "UNBALANCED" }), json(201, {})];
  await write("POST", "/v1/entries", { body: { a: 1 } });
  await write("POST", "/v1/entries", { body: { a: 1 } });
  await assert.rejects(write("POST", "/v1/entries", { body: { a: 2 } }), Problem);
  await write("POST", "/v1/entries", { body: { a: 2 } });
  const keys = sent.map((each) => each.headers["Idempotency-Key"]);
  assert.equal(new Set(keys).size, 4);
});

test("tries again after an outcome the server does not know, and when it is busy", async () => {
  answers = [
    json(503, { title: "Busy", status: 503, code: "BUSY" }, { "Retry-After": "1" }),
    json(500, { title: "?", status: 500, code: "OUTCOME_UNKNOWN", outcome: "unknown" }),
    json(201, { posted: 1 }),
  ];
  assert.deepEqual(await write("POST", "/v1/entries", { body: {} }), { posted: 1 });
  assert.equal(new Set(sent.map((each) => each.headers["Idempotency-Key"])).size, 1);
});

test("never repeats a refusal", async () => {
  answers = [json(422, { title: "no", status: 422, code: "BUDGET_EXCEEDED", errors: [{ code: "BUDGET_EXCEEDED", detail: "too much", pointer: "/0" }] })];
  await assert.rejects(write("POST", "/v1/entries", { body: {} }), (failure: unknown) => {
    assert.ok(failure instanceof Problem);
    assert.equal(failure.code, "BUDGET_EXCEEDED");
    assert.equal(failure.errors[0]?.pointer, "/0");
    return true;
  });
  assert.equal(sent.length, 1);
});

test("sends no key with a dry run", async () => {
  answers = [json(200, {})];
  await write("POST", "/v1/entries", { body: {}, dryRun: true });
  assert.equal(sent[0]?.url, "/v1/entries?dry_run=true");
  assert.equal(sent[0]?.headers["Idempotency-Key"], undefined);
});

test("shows what it had when nothing has changed", async () => {
  answers = [json(200, { rows: 1 }, { ETag: '"7"' }), () => new Response(null, { status: 304 })];
  assert.deepEqual(await read("/v1/t"), { rows: 1 });
  assert.deepEqual(await read("/v1/t"), { rows: 1 });
  assert.equal(sent[1]?.headers["If-None-Match"], '"7"');
});

test("goes on after signing in again, and fails when nobody does", async () => {
  const over = json(401, { title: "Sign in", status: 401, code: "SIGN_IN" });
  setGuard({ who: () => "ana", csrf: () => "c-2", renew: async () => true });
  answers = [over, json(201, { posted: 1 })];
  assert.deepEqual(await write("POST", "/v1/entries", { body: {} }), { posted: 1 });
  setGuard({ who: () => "ana", csrf: () => null, renew: async () => false });
  answers = [over];
  await assert.rejects(read("/v1/other"), Problem);
});

test("makes a problem of an answer that is none", async () => {
  answers = [() => new Response("<html>", { status: 502 })];
  await assert.rejects(read("/v1/z"), (failure: unknown) => failure instanceof Problem && failure.code === "HTTP_502");
});
