// several.test.ts mirrors src/screens/approvals/several.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { approveEach, digestsOf, hasSuspense, markedOf, Stopped, sumsOf, type Seen } from "../../src/screens/approvals/several";
import type { Row } from "../../src/api/types";
import { tableOf } from "../../src/table";

const one = (document: string, more: Partial<Seen> = {}): Seen => ({ document, digest: `d-${document}`, entity: "E", value: "", suspense: "", ...more });
const row = (document: string, digest: string, may_approve: string) => ({ document, digest, may_approve }) as Row;

/** Refused for want of a confirmation. */
class Wanted extends Error {}

interface Server {
  wanted?: boolean; // a confirmation is
  lasts?: number; // so many acts of one are done before it is over
  refused?: Record<string, Error>;
  stopsAfter?: number;
  declines?: boolean; // the person gives no confirmation
}

/* What was sent and by which step, what was confirmed, the turns, and what came of it. */
async function run(names: string[], { wanted = false, lasts = Infinity, refused = {}, stopsAfter = Infinity, declines = false }: Server = {}) {
  const sent: string[] = [];
  const confirmed: string[] = [];
  const turns: number[] = [];
  let left = 0; // of the newest confirmation
  const outcome = await approveEach(names.map((name) => one(name)), {
    send: async ({ document, digest }, step) => {
      assert.equal(digest, `d-${document}`);
      sent.push(`${document}${step === null ? "" : ` ${step}`}`);
      if (refused[document]) {
        throw refused[document];
      }
      if (wanted && (step !== `step ${confirmed.length}` || left-- <= 0)) {
        throw new Wanted("confirm it");
      }
    },
    confirm: async (rest, isAgain) => {
      confirmed.push(`${rest.map(({ document }) => document).join("")}${isAgain ? " again" : ""}`);
      left = lasts;
      if (declines) {
        throw new Stopped();
      }
      return `step ${confirmed.length}`;
    },
    takesStep: (failure) => failure instanceof Wanted,
    isStopped: () => sent.length >= stopsAfter,
    onDone: (done) => turns.push(done),
    whyOf: (failure) => (failure as Error).message,
  });
  return { sent, confirmed, turns, ...outcome, unsent: outcome.unsent.map(({ document }) => document) };
}

test("marked is what is shown with the digest it was marked by, and may be approved", () => {
  const table = tableOf("documents", "", [], [row("A", "1", "Y"), row("B", "2", "Y"), row("C", "3", "N"), row("D", "4", "Y")]);
  const marks = new Map([["A", "1"], ["B", "other"], ["C", "3"], ["E", "5"]]);
  assert.deepEqual(markedOf(table, marks).map(({ document, digest }) => [document, digest]), [["A", "1"]]);
  assert.deepEqual(markedOf(undefined, marks), []);
});

test("sends one after the other with its digest, and goes on after a refusal", async () => {
  const { sent, confirmed, turns, approved, left } = await run(["A", "B", "C"], { refused: { B: new Error("changed") } });
  assert.deepEqual([sent, confirmed, turns], [["A", "B", "C"], [], [1, 2, 3]]);
  assert.deepEqual([approved, left], [["A", "C"], [{ document: "B", why: "changed" }]]);
});

test("a confirmation is asked for once, for all that are left when it is wanted", async () => {
  const { sent, confirmed, approved } = await run(["A", "B", "C"], { wanted: true });
  assert.deepEqual([confirmed, approved], [["ABC"], ["A", "B", "C"]]);
  assert.deepEqual(sent, ["A", "A step 1", "B step 1", "C step 1"]);
  const later = await run(["A", "B", "C"], { wanted: true, refused: { A: new Error("changed") } });
  assert.deepEqual([later.confirmed, later.approved], [["BC"], ["B", "C"]]);
});

test("a confirmation that is over is asked for once more, for what is left; one that does nothing is not", async () => {
  const over = await run(["A", "B", "C", "D", "E"], { wanted: true, lasts: 2 });
  assert.deepEqual([over.confirmed, over.approved.join("")], [["ABCDE", "CDE again", "E again"], "ABCDE"]);
  const useless = await run(["A", "B"], { wanted: true, lasts: 0 });
  assert.deepEqual([useless.confirmed, useless.approved], [["AB"], []]);
  assert.deepEqual(useless.left, ["A", "B"].map((document) => ({ document, why: "confirm it" })));
});

test("who stops, or gives up a confirmation, sends nothing more, and is told what was not sent", async () => {
  const pressed = await run(["A", "B", "C"], { stopsAfter: 1 });
  assert.deepEqual([pressed.sent, pressed.approved, pressed.left, pressed.unsent], [["A"], ["A"], [], ["B", "C"]]);
  const declined = await run(["A", "B", "C"], { wanted: true, declines: true });
  assert.deepEqual([declined.sent, declined.approved, declined.left, declined.unsent], [["A"], [], [], ["A", "B", "C"]]);
});

test("what is confirmed is each digest once, and what it comes to by currency", () => {
  assert.deepEqual(digestsOf([one("A"), one("B"), one("C", { digest: "d-A" })]), ["d-A", "d-B"]);
  const currencies: Record<string, string> = { TOWN: "EUR", CITY: "USD" };
  const marked = [
    one("A", { entity: "TOWN", value: "0.10", suspense: "0.00" }),
    one("B", { entity: "CITY", value: "9007199254740993.01", suspense: "2.50" }),
    one("C", { entity: "TOWN", value: "0.20" }),
    one("D", { entity: "TOWN" }),
    one("F", { entity: "*", value: "5.00" }),
    one("G", { entity: "*", value: "7.00", suspense: "0.00" }),
  ];
  const { sums, others } = sumsOf(marked, (entity) => currencies[entity] ?? null);
  assert.deepEqual(sums.map(({ currency, value }) => [currency, value]), [["EUR", "0.30"], ["USD", "9007199254740993.01"]]);
  assert.deepEqual(sums.filter(hasSuspense).map(({ suspense }) => suspense), ["2.50"]);
  assert.equal(others, 3);
});
