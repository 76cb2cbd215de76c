// types.ts: what the server says, as far as screens look at it.

export interface Column {
  name: string;
  title?: string;
  kind: "text" | "amount" | "integer";
  for_machines?: boolean;
}

export type Cell = string | number | null | undefined;

export interface Row {
  [column: string]: Cell | Record<string, string>;
  drill?: Record<string, string>;
}

export interface Note {
  unit?: string | null;
  about?: string | null;
  text: string;
}

/** The answer of every route that lists or reports. */
export interface Table {
  name: string;
  title: string;
  decimals?: number;
  columns: Column[];
  rows: Row[];
  levels?: number[];
  strong?: boolean[];
  headings?: { before: number; text: string }[];
  notes?: Note[];
  next?: string | null;
}

export interface ProblemError {
  pointer?: string;
  code: string;
  detail: string;
  field?: string;
  row?: number;
  hint?: string;
  remedies?: unknown[];
  [more: string]: unknown;
}

/** RFC 9457. */
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

export interface Result {
  reference: string;
  status: "posted" | "repeated" | "conflict" | "refused" | string;
  entry?: number | null;
  batch?: number | null;
  receipt?: string | null;
  refusals?: ProblemError[];
  warnings?: ProblemError[];
  [more: string]: unknown;
}

/** What became of a submission. */
export interface Receipt {
  results: Result[];
  posted: number;
  repeated: number;
  refused: number;
  events: number;
  batch: number | null;
  dry_run: boolean;
  [more: string]: unknown;
}

export interface Held {
  role: string;
  entity: string | null;
  from?: string | null;
  to?: string | null;
}

export interface Session {
  person: string;
  name: string;
  roles: Held[];
  scope: { all: boolean; entities: string[] };
  strong: boolean;
  csrf: string;
  expires_at: string;
}

/** Signing in goes on: a code, or a password of one's own for the one that was given. */
export interface SignInStep {
  needs: "totp" | "password";
  ticket: string;
}

export interface Book {
  book: string;
  batch: number;
  hash?: string | null;
  environment?: string | null;
  years: number[];
  duties_enforced: boolean;
  currency: string;
  entities: number;
  groups: number;
  [more: string]: unknown;
}
