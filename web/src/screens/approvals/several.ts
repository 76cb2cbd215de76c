// several.ts: many documents approved by one press: which may be, what was seen of each, what they come to, and the
// sequence, which goes on after a refusal and in the end knows what was not approved and why. No page here.
import type { Row, Table } from "../../api/types";
import { add, isZero } from "../../money";
import { text } from "../../table";

/** A document as it was seen: approved is this digest, or nothing. */
export interface Seen {
  document: string;
  digest: string;
  entity: string;
  value: string; // its total, and what of it is in suspense: "" where the list does not say
  suspense: string;
}

export interface Left {
  document: string;
  why: string;
}

/** Thrown by who sends: the person wants no more. */
export class Stopped extends Error {}

export function seenOf(row: Row): Seen {
  const [document, digest, entity] = [text(row, "document"), text(row, "digest"), text(row, "entity")];
  return { document, digest, entity, value: text(row, "value"), suspense: text(row, "suspense") };
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

export interface Sum {
  currency: string; // "": not named
  value: string;
  suspense: string;
}

/** What they come to by currency, and how many are in no sum: without a total, or of several currencies. */
export function sumsOf(marked: Seen[], currencyOf: (entity: string) => string | null): { sums: Sum[]; others: number } {
  const sums = new Map<string, Sum>();
  let others = 0;
  for (const { entity, value, suspense } of marked) {
    const currency = value === "" ? null : currencyOf(entity);
    if (currency === null) {
      others++;
      continue;
    }
    const before = sums.get(currency) ?? { currency, value: "0", suspense: "0" };
    sums.set(currency, { currency, value: add(before.value, value), suspense: add(before.suspense, suspense || "0") });
  }
  return { sums: [...sums.values()].sort((a, b) => a.currency.localeCompare(b.currency)), others };
}

export const hasSuspense = ({ suspense }: Sum): boolean => !isZero(suspense);

/** Their digests, each once: what is to be confirmed. */
export function digestsOf(marked: Seen[]): string[] {
  return [...new Set(marked.map(({ digest }) => digest))];
}

interface Sequence {
  send: (one: Seen, step: string | null) => Promise<void>;
  confirm: (rest: Seen[], isAgain: boolean) => Promise<string>; // one step for all of them
  takesStep: (failure: unknown) => boolean; // refused for want of one
  isStopped: () => boolean;
  onDone: (done: number) => void; // so many have had their turn
  whyOf: (failure: unknown) => string;
}

export interface Outcome {
  approved: string[];
  left: Left[]; // refused
  unsent: Seen[]; // not sent any more: the person stopped
}

/** One after the other, in their order. Whether a second factor is wanted the server says at the first; it is then asked
 * for once, for all that are left, and once more when that is over before they are through. */
export async function approveEach(marked: Seen[], sequence: Sequence): Promise<Outcome> {
  const { send, confirm, takesStep, isStopped, onDone, whyOf } = sequence;
  const outcome: Outcome = { approved: [], left: [], unsent: [] };
  let step: string | null = null;
  let isFresh = false; // has done nothing yet: what is refused with it, another one would not help
  const approve = async (one: Seen, rest: Seen[]) => {
    try {
      await send(one, step);
    } catch (failure) {
      if (isFresh || !takesStep(failure)) {
        throw failure;
      }
      step = await confirm(rest, step !== null);
      isFresh = true;
      await send(one, step);
    }
    isFresh = false;
    outcome.approved.push(one.document);
  };
  for (const [at, one] of marked.entries()) {
    try {
      if (isStopped()) {
        throw new Stopped();
      }
      await approve(one, marked.slice(at));
    } catch (failure) {
      if (failure instanceof Stopped) {
        outcome.unsent = marked.slice(at);
        break;
      }
      outcome.left.push({ document: one.document, why: whyOf(failure) });
    }
    onDone(at + 1);
  }
  return outcome;
}
