// several.ts: many documents approved by one press: which may be, what was seen of each, and the sequence, which goes
// on after a refusal and in the end knows what was not approved and why. No page here.
import type { Row, Table } from "../../api/types";
import { text } from "../../table";

/** A document as it was seen: approved is this digest, or nothing. */
export interface Seen {
  document: string;
  digest: string;
}

export interface Left {
  document: string;
  why: string;
}

/** Thrown by who sends: the person wants no more. */
export class Stopped extends Error {}

export function seenOf(row: Row): Seen {
  return { document: text(row, "document"), digest: text(row, "digest") };
}

export function mayApprove(row: Row): boolean {
  return text(row, "may_approve") === "Y" && text(row, "digest") !== "";
}

export function isFeed(row: Row): boolean {
  return text(row, "action") === "feed";
}

/** What of a table is marked: a document that has become another since is not. @marks: digests by document. */
export function markedOf(table: Table | undefined, marks: Map<string, string>): Seen[] {
  return (table?.rows ?? [])
    .filter(mayApprove)
    .map(seenOf)
    .filter(({ document, digest }) => marks.get(document) === digest);
}

interface Sequence {
  send: (one: Seen) => Promise<void>;
  isStopped: () => boolean;
  onDone: (done: number) => void; // so many have had their turn
  whyOf: (failure: unknown) => string;
  stopped: string; // why, of those that were not sent any more
}

/** One after the other, in their order. What was not approved, and why. */
export async function approveEach(marked: Seen[], { send, isStopped, onDone, whyOf, stopped }: Sequence): Promise<Left[]> {
  const left: Left[] = [];
  let isOver = false;
  for (const [at, one] of marked.entries()) {
    isOver ||= isStopped();
    try {
      if (isOver) {
        throw new Stopped();
      }
      await send(one);
    } catch (failure) {
      isOver ||= failure instanceof Stopped;
      left.push({ document: one.document, why: failure instanceof Stopped ? stopped : whyOf(failure) });
    }
    onDone(at + 1);
  }
  return left;
}
