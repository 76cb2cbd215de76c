// several.test.ts mirrors src/screens/approvals/several.ts.
import { test } from "node:test";
import assert from "node:assert/strict";
import { approveEach, markedOf, Stopped, type Seen } from "../../src/screens/approvals/several";
import type { Row } from "../../src/api/types";
import { tableOf } from "../../src/table";

const seen = (...names: string[]): Seen[] => names.map((document) => ({ document, digest: `d-${document}` }));
const row = (document: string, digest: string, may_approve: string) => ({ document, digest, may_approve }) as Row;

/* Sends to a server that refuses some; what was sent, the turns, and what was left. */
async function run(names: string[], refused: Record<string, Error>, stopsAfter = Infinity) {
  const sent: string[] = [];
  const turns: number[] = [];
  const left = await approveEach(seen(...names), {
    send: async ({ document, digest }) => {
      sent.push(digest);
      if (refused[document]) {
        throw refused[document];
      }
    },
    isStopped: () => sent.length >= stopsAfter,
    onDone: (done) => turns.push(done),
    whyOf: (failure) => (failure as Error).message,
    stopped: "stopped",
  });
  return { sent, turns, left };
}

test("marked is what is shown with the digest it was marked by, and may be approved", () => {
  const table = tableOf("documents", "", [], [row("A", "1", "Y"), row("B", "2", "Y"), row("C", "3", "N"), row("D", "4", "Y")]);
  const marks = new Map([["A", "1"], ["B", "other"], ["C", "3"], ["E", "5"]]);
  assert.deepEqual(markedOf(table, marks), [{ document: "A", digest: "1" }]);
  assert.deepEqual(markedOf(undefined, marks), []);
});

test("sends one after the other with its digest, and goes on after a refusal", async () => {
  const { sent, turns, left } = await run(["A", "B", "C"], { B: new Error("changed") });
  assert.deepEqual(sent, ["d-A", "d-B", "d-C"]);
  assert.deepEqual(turns, [1, 2, 3]);
  assert.deepEqual(left, [{ document: "B", why: "changed" }]);
});

test("who stops, or gives up a confirmation, sends nothing more, and is told what was not sent", async () => {
  const rest = ["B", "C"].map((document) => ({ document, why: "stopped" }));
  const pressed = await run(["A", "B", "C"], {}, 1);
  assert.deepEqual([pressed.sent, pressed.left], [["d-A"], rest]);
  const declined = await run(["A", "B", "C"], { B: new Stopped() });
  assert.deepEqual([declined.sent, declined.left], [["d-A", "d-B"], rest]);
});
