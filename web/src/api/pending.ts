// pending.ts: the keys under which writes were sent and not yet answered. A write gets its key before
// it leaves; until a definite answer is there the same write, sent again, carries the same key, also
// after a reload of the page. So a person who presses twice, or loses the line, never posts twice.

const STORE = "fisc.pending";
const KEPT_MAX = 50;

interface Pending {
  key: string;
  at: number;
}

function load(): Record<string, Pending> {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "{}") as Record<string, Pending>;
  } catch {
    return {};
  }
}

function save(all: Record<string, Pending>): void {
  const newest = Object.entries(all).sort((a, b) => b[1].at - a[1].at);
  try {
    sessionStorage.setItem(STORE, JSON.stringify(Object.fromEntries(newest.slice(0, KEPT_MAX))));
  } catch {
    // Without storage the key lives as long as the page: a reload may then have to ask again.
  }
}

async function digest(text: string): Promise<string> {
  if (!crypto.subtle) {
    return text; // a page that is not served securely has no digests; its text is a name as well
  }
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a write is known by: who sends what where. */
export function nameWrite(who: string, method: string, address: string, body: string): Promise<string> {
  return digest([who, method, address, body].join("\n"));
}

/** The key of a write that was sent and not answered; else a new one, kept before it is used. */
export function keyOf(write: string): string {
  const all = load();
  const key = all[write]?.key ?? newKey();
  save({ ...all, [write]: { key, at: Date.now() } });
  return key;
}

/** A definite answer is there: the same write would be a new one. */
export function settle(write: string): void {
  const all = load();
  delete all[write];
  save(all);
}
