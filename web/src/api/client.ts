// client.ts: how screens speak with the server, and the only way they do. Failures are of two kinds:
// a Problem, which the server said, and NoAnswer, where nobody knows. A write whose outcome is unknown
// is sent again under its key a few times before a person is asked to.
import { signal } from "@preact/signals";
import { fillPath, type AnswerTo, type Asked, type BodyOf, type Method, type Path, type Rest } from "./paths";
import { keyOf, nameWrite, settle } from "./pending";
import type { ProblemBody, ProblemError } from "./types";

const TIMEOUT_MS = 20_000;
const REPORT_TIMEOUT_MS = 120_000;
const SLOW_PATHS = /^\/v1\/(reports|drill|trace|export)\b/;
const AGAIN_AFTER_MS = [400, 1500, 4000]; // after an unknown outcome, or a server that is busy
const KEPT_ANSWERS_MAX = 60;

/** What the server refused or could not do, in its own words. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: ProblemError[];
  readonly body: ProblemBody;
  readonly retryAfter: number | null;
  constructor(body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail || body.title);
    this.status = body.status;
    this.code = body.code;
    this.errors = body.errors ?? [];
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** No answer came. Of a write nobody knows whether it was done; sent again it keeps its key. */
export class NoAnswer extends Error {
  readonly reason: "offline" | "timeout";
  readonly key: string | null;
  constructor(reason: "offline" | "timeout", key: string | null) {
    super(reason);
    this.reason = reason;
    this.key = key;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface ReadOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

export interface WriteOptions extends ReadOptions {
  type?: string;
  headers?: Record<string, string>;
  /** Nothing is written, so no key is needed and a second try costs nothing. */
  dryRun?: boolean;
  /** Session routes have no keys. */
  withoutKey?: boolean;
}

export interface Answer<T> {
  data: T;
  status: number;
  headers: Headers;
}

/** The newest batch the last answer knew, and when that answer came: how fresh the screen is. */
export const freshness = signal<{ batch: number | null; at: Date | null }>({ batch: null, at: null });
/** How long the last reading took, for the footer. */
export const lastTook = signal<number | null>(null);
/** Whether the last request found the server. */
export const isOnline = signal(true);

interface Guard {
  who: () => string;
  csrf: () => string | null;
  /** Resolves when the person has signed in again; false: he will not. */
  renew: () => Promise<boolean>;
}

let guard: Guard = { who: () => "", csrf: () => null, renew: async () => false };

/** session.ts tells who asks, and what to do when the session is over. */
export function setGuard(given: Guard): void {
  guard = given;
}

export function address(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "" && value !== false) {
      words.set(name, String(value));
    }
  }
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

/* What any path may be asked with, where it does not matter which one it is. */
interface AnyAsked {
  path?: Record<string, string> | undefined;
  query?: Query | undefined;
}

/** Where a path is read: for links, and to know one question from another. */
export function addressOf<P extends Path<"get">>(path: P, ...[asked]: Rest<Asked<P, "get">>): string {
  const { path: names, query } = (asked ?? {}) as AnyAsked;
  return address(fillPath(path, names), query);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function send(url: string, init: RequestInit, options: ReadOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const stop = options.signal ? anyOf(options.signal, timeout) : timeout;
  const begun = performance.now();
  try {
    const response = await fetch(url, { credentials: "same-origin", ...init, signal: stop });
    isOnline.value = true;
    const batch = Number(response.headers.get("Fisc-Batch") ?? "");
    freshness.value = { batch: batch > 0 ? batch : freshness.value.batch, at: new Date() };
    lastTook.value = Math.round(performance.now() - begun);
    return response;
  } catch (failure) {
    if (options.signal?.aborted) {
      throw failure; // the screen has gone on: nobody waits
    }
    isOnline.value = timeout.aborted;
    throw new NoAnswer(timeout.aborted ? "timeout" : "offline", null);
  }
}

/* AbortSignal.any is younger than the browsers that people have. */
function anyOf(one: AbortSignal, other: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const each of [one, other]) {
    if (each.aborted) {
      both.abort(each.reason);
    }
    each.addEventListener("abort", () => both.abort(each.reason), { once: true });
  }
  return both.signal;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  const after = Number(response.headers.get("Retry-After") ?? "");
  let body: ProblemBody;
  try {
    body = JSON.parse(text) as ProblemBody;
    body.status ??= response.status;
    body.code ??= `HTTP_${response.status}`;
  } catch {
    body = { title: response.statusText, status: response.status, code: `HTTP_${response.status}` };
  }
  return new Problem(body, after > 0 ? after : null);
}

async function dataOf<T>(response: Response): Promise<T> {
  if (response.status === 204) {
    return undefined as T;
  }
  const type = response.headers.get("Content-Type") ?? "";
  return (type.includes("json") ? response.json() : response.text()) as Promise<T>;
}

/* Sent once more when the person had to sign in again meanwhile. */
async function sendSignedIn(url: string, init: () => RequestInit, options: ReadOptions): Promise<Response> {
  const response = await send(url, init(), options);
  if (response.status === 401 && !url.startsWith("/v1/session") && (await guard.renew())) {
    return send(url, init(), options);
  }
  return response;
}

/* Reading ------------------------------------------------------------------------------------- */

const kept = new Map<string, { tag: string; data: unknown }>();

function keep(url: string, tag: string | null, data: unknown): void {
  kept.delete(url);
  if (tag) {
    kept.set(url, { tag, data });
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT_ANSWERS_MAX && oldest !== undefined) {
      kept.delete(oldest);
    }
  }
}

/** What was last read at an address, to show at once while it is read again. */
export function peek(url: string): unknown {
  return kept.get(url)?.data;
}

/** Forgets what was read: another person sees other things. */
export function forget(): void {
  kept.clear();
}

/** Reads an address as addressOf made it. */
export async function readUrl<T>(url: string, options: ReadOptions = {}): Promise<Answer<T>> {
  const known = kept.get(url);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (known) {
    headers["If-None-Match"] = known.tag;
  }
  const isSlow = SLOW_PATHS.test(url);
  const timeoutMs = options.timeoutMs ?? (isSlow ? REPORT_TIMEOUT_MS : TIMEOUT_MS);
  const response = await sendSignedIn(url, () => ({ headers }), { ...options, timeoutMs });
  if (response.status === 304 && known) {
    return { data: known.data as T, status: 304, headers: response.headers };
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  const data = await dataOf<T>(response);
  keep(url, response.headers.get("ETag"), data);
  return { data, status: response.status, headers: response.headers };
}

/** Reads a path. */
export async function read<P extends Path<"get">>(path: P, ...[asked]: Rest<Asked<P, "get"> & ReadOptions>): Promise<AnswerTo<P, "get">> {
  const { path: names, query, ...options } = (asked ?? {}) as AnyAsked & ReadOptions;
  return (await readUrl<AnswerTo<P, "get">>(address(fillPath(path, names), query), options)).data;
}

/* Writing ------------------------------------------------------------------------------------- */

function isUnknown(problem: Problem): boolean {
  return problem.body.outcome === "unknown" || problem.code === "OUTCOME_UNKNOWN" || problem.status === 502 || problem.status === 504;
}

function isBusy(problem: Problem): boolean {
  return problem.status === 503 && problem.code !== "READ_ONLY";
}

async function tryWrite<T>(url: string, init: () => RequestInit, options: WriteOptions): Promise<Answer<T>> {
  const response = await sendSignedIn(url, init, options);
  if (!response.ok) {
    throw await problemOf(response);
  }
  return { data: await dataOf<T>(response), status: response.status, headers: response.headers };
}

function mayTryAgain(failure: unknown, options: WriteOptions): boolean {
  if (options.signal?.aborted || options.withoutKey) {
    return false;
  }
  return failure instanceof NoAnswer || (failure instanceof Problem && (isUnknown(failure) || isBusy(failure)));
}

async function insist<T>(url: string, init: () => RequestInit, options: WriteOptions): Promise<Answer<T>> {
  for (const pause of AGAIN_AFTER_MS) {
    try {
      return await tryWrite<T>(url, init, options);
    } catch (failure) {
      if (!mayTryAgain(failure, options)) {
        throw failure;
      }
      await wait(failure instanceof Problem && failure.retryAfter ? failure.retryAfter * 1000 : pause);
    }
  }
  return tryWrite<T>(url, init, options);
}

async function writeUrl<T>(method: string, url: string, given: unknown, options: WriteOptions): Promise<Answer<T>> {
  const isText = typeof given === "string";
  const body = given === undefined ? null : isText ? given : JSON.stringify(given);
  const needsKey = !options.dryRun && !options.withoutKey;
  const name = needsKey ? await nameWrite(guard.who(), method, url, body ?? "") : null;
  const key = name ? keyOf(name) : null;
  const init = (): RequestInit => {
    const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
    const csrf = guard.csrf();
    if (csrf) {
      headers["X-Fisc-Csrf"] = csrf;
    }
    if (key) {
      headers["Idempotency-Key"] = key;
    }
    if (body !== null) {
      headers["Content-Type"] = options.type ?? (isText ? "text/plain; charset=utf-8" : "application/json");
    }
    return { method, headers, body };
  };
  try {
    const answer = await insist<T>(url, init, options);
    if (name) {
      settle(name);
    }
    return answer;
  } catch (failure) {
    if (name && failure instanceof Problem && !isUnknown(failure) && !isBusy(failure)) {
      settle(name);
    }
    throw failure instanceof NoAnswer ? new NoAnswer(failure.reason, key) : failure;
  }
}

type Sent<P extends Path<M>, M extends Method> = Asked<P, M> &
  WriteOptions & {
    /** An object is sent as JSON; a text as @type says. */
    body?: BodyOf<P, M>;
  };

/** Sends a write and waits for what became of it. */
export async function write<V extends "POST" | "PUT" | "DELETE", P extends Path<Lowercase<V>>>(
  method: V,
  path: P,
  ...[sent]: Rest<Sent<P, Lowercase<V>>>
): Promise<AnswerTo<P, Lowercase<V>>> {
  const { path: names, query, body, ...options } = (sent ?? {}) as AnyAsked & WriteOptions & { body?: unknown };
  const url = address(fillPath(path, names), { ...query, ...(options.dryRun ? { dry_run: true } : {}) });
  return (await writeUrl<AnswerTo<P, Lowercase<V>>>(method, url, body, options)).data;
}
