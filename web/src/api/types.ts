// types.ts: what the server says, by the names that screens use. The shapes are those of the description of the
// API (schema.ts); where it allows null and these screens never see one, it is said here, once.
import type { components } from "./schema";

type Schemas = components["schemas"];
type Sure<T, K extends keyof T> = Omit<T, K> & { [P in K]: NonNullable<T[P]> };

/** The answer of every route that lists or reports. */
export type Table = Schemas["Table"];
export type Column = Table["columns"][number];
/** A value for each column; `drill` holds the keys of figures that can be taken apart. */
export type Row = Table["rows"][number];
export type Cell = string | number | null | undefined;

export type Remedy = Schemas["Remedy"];
export type Refusal = Schemas["Refusal"];

/** One of the faults of a problem: the pointer to it, or what a Refusal tells. */
export type ProblemError = Partial<Refusal> & { pointer?: string; code: string };

/** RFC 9457. What did not come from this server has less; what a refused write tells is in it, too. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  instance?: string;
  outcome?: "unknown";
  errors?: ProblemError[];
  [more: string]: unknown;
}

/** What became of a submission. */
export type Receipt = Sure<Schemas["Receipt"], "results" | "dry_run">;
/** A document and what became of it; its id is null where nobody has to approve. */
export type Proposal = Sure<Schemas["Proposal"], "state" | "results" | "dry_run">;
export type Document = Schemas["Document"];
export type Entry = Schemas["Entry"];
export type Verification = Schemas["Verification"];
export type Book = Schemas["Book"];
export type StepUp = Sure<Schemas["StepUp"], "step">;

/** Work that takes longer than a request. */
export type Job = Omit<Sure<Schemas["Job"], "job" | "state">, "progress" | "problem"> & {
  progress: { done: number; total: number };
  problem: ProblemBody | null;
};

export type Held = NonNullable<Schemas["Session"]["roles"]>[number] & { role: string };

/** Who is signed in. Only tokens have no end, and only they need no csrf. */
export type Session = Omit<Sure<Schemas["Session"], "person" | "name" | "strong" | "csrf" | "expires_at">, "roles" | "scope"> & {
  roles: Held[];
  scope: { all: boolean; entities: string[] };
};

/** Signing in goes on: a code, or a password of one's own for the one that was given. */
export type SignInStep = Schemas["SignInStep"];

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** An answer as the description has it, by the names above. */
export type Told<T> =
  Same<T, Schemas["Session"]> extends true
    ? Session
    : Same<T, Schemas["Job"]> extends true
      ? Job
      : Same<T, Schemas["Receipt"]> extends true
        ? Receipt
        : Same<T, Schemas["Proposal"]> extends true
          ? Proposal
          : Same<T, Schemas["StepUp"]> extends true
            ? StepUp
            : T;
