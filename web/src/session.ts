// session.ts: who is signed in. When a session ends while somebody works, the screen stays as it is and
// a dialog asks him to sign in again; the request that met the end goes on after that.
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { forget, Problem, read, setGuard, write } from "./api/client";
import type { AnswerTo, BodyOf } from "./api/paths";
import { usePasskey } from "./passkey";
import type { Session, SignInStep } from "./api/types";

/** undefined: not known yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);
/** The session has ended under somebody who works. */
export const isOver = signal(false);

export const roleNames = computed(() => new Set((session.value?.roles ?? []).map((held) => held.role)));

let whoWaits: ((isBack: boolean) => void)[] = [];

setGuard({
  who: () => session.value?.person ?? "",
  csrf: () => session.value?.csrf ?? null,
  renew: () => {
    if (!session.value) {
      session.value = null;
      return Promise.resolve(false);
    }
    isOver.value = true;
    return new Promise((resolve) => whoWaits.push(resolve));
  },
});

function release(isBack: boolean): void {
  const waiting = whoWaits;
  whoWaits = [];
  isOver.value = false;
  waiting.forEach((resolve) => resolve(isBack));
}

function begin(given: Session): void {
  const before = session.value;
  if (before && before.person !== given.person) {
    location.reload(); // nothing of the other person may stay on the screen
    return;
  }
  session.value = given;
  release(true);
}

/** Whether somebody is signed in already, by the cookie. */
export async function find(): Promise<void> {
  try {
    session.value = await read("/v1/session");
  } catch (failure) {
    session.value = null;
    if (!(failure instanceof Problem && failure.status === 401)) {
      throw failure;
    }
  }
}

async function step(path: "/v1/session" | "/v1/session/totp" | "/v1/session/password" | "/v1/session/passkey", body: BodyOf<typeof path, "post">): Promise<SignInStep | null> {
  const answer = await write("POST", path, { body, withoutKey: true });
  if ("needs" in answer) {
    return answer;
  }
  begin(answer);
  return null;
}

export type Ways = AnswerTo<"/v1/session/ways", "get">;

const ways = signal<Ways | undefined>(undefined);

/** By which ways somebody may sign in here; undefined: not known yet. Without an answer: by password. */
export function useWays(): Ways | undefined {
  useEffect(() => {
    if (ways.value === undefined) {
      read("/v1/session/ways")
        .then((given) => (ways.value = given))
        .catch(() => (ways.value = { password: true, passkey: false, provider: null, step: null } as unknown as Ways));
    }
  }, []);
  return ways.value;
}

/** Whether the person has this to be known by. */
export function hasFactor(factor: "password" | "totp" | "passkey"): boolean {
  return ((session.value?.factors ?? []) as string[]).includes(factor);
}

/** A new second factor has made the session strong; it goes on under another id. */
export function strengthen(csrf: string | null | undefined, factor: "totp" | "passkey"): void {
  const before = session.value;
  if (before) {
    const factors = [...new Set([...((before.factors ?? []) as string[]), factor])];
    session.value = { ...before, strong: true, factors, csrf: csrf ?? before.csrf };
  }
}

/** The session was ended: nothing of it stays, and the sign-in screen comes. */
export function leave(): void {
  forget();
  sessionStorage.clear();
  session.value = null;
  release(false);
}

/** By what a passkey signs. @person: whose it has to be. */
export async function signInWithPasskey(person?: string): Promise<SignInStep | null> {
  const { options } = await write("POST", "/v1/session/passkey/challenge", { withoutKey: true });
  const assertion = await usePasskey(options);
  return step("/v1/session/passkey", { assertion, ...(person ? { person } : {}) });
}

/** What is still missing; null: the person is signed in. */
export function signIn(person: string, password: string): Promise<SignInStep | null> {
  return step("/v1/session", { person, password });
}

export function signInWithCode(ticket: string, code: string): Promise<SignInStep | null> {
  return step("/v1/session/totp", { ticket, code });
}

export function signInWithOwnPassword(ticket: string, password: string): Promise<SignInStep | null> {
  return step("/v1/session/password", { ticket, password });
}

export async function signOut(): Promise<void> {
  try {
    await write("DELETE", "/v1/session", { withoutKey: true });
  } finally {
    leave();
  }
}

/** Holds one of these roles, for whatever entity. Without roles on record everybody may look. */
export function hasRole(...roles: string[]): boolean {
  return roles.length === 0 || roles.some((role) => roleNames.value.has(role));
}

/** Sees the unit: all of the book, or it is one of his. */
export function seesAll(): boolean {
  return session.value?.scope.all ?? false;
}
