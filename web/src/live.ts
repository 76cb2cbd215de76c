// live.ts: what happens in the books, as it happens. By events of the server (SSE); where they do not
// come, by asking for the newest batch. Whoever listens is told that there is something new, and reads
// it by itself: so an event that was lost costs nothing but a moment.
import { signal } from "@preact/signals";
import { address, freshness, read, type Query } from "./api/client";

const ASK_EVERY_MS = 5_000;
const AGAIN_AFTER_MS = 10_000;

/** How news come: for the person, who should know how live "live" is. */
export const liveness = signal<"live" | "asking" | "off">("off");

export interface News {
  batch: number | null;
  event: string;
  data: unknown;
}

type Listener = (news: News) => void;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function batchOf(event: MessageEvent, data: unknown): number | null {
  const named = typeof data === "object" && data !== null ? (data as { batch?: unknown }).batch : undefined;
  const batch = Number(named ?? event.lastEventId.split(".")[0]);
  return batch > 0 ? batch : null;
}

/** Tells @listener of batches, and of positions of a unit and period. Returns how to stop. */
export function listen(query: Query, listener: Listener): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  let isStopped = false;
  let known = freshness.value.batch;

  const ask = async () => {
    try {
      const { batch } = await read("/v1/book");
      liveness.value = "asking";
      if (batch !== known) {
        known = batch;
        listener({ batch, event: "batch", data: null });
      }
    } catch {
      liveness.value = "off";
    }
  };
  const open = () => {
    if (isStopped || document.hidden) {
      return;
    }
    source = new EventSource(address("/v1/events", query));
    source.onopen = () => {
      liveness.value = "live";
      clearInterval(timer);
    };
    source.onerror = () => {
      source?.close();
      source = null;
      clearInterval(timer);
      let asked = 0;
      timer = window.setInterval(() => {
        void ask();
        asked += ASK_EVERY_MS;
        if (asked >= AGAIN_AFTER_MS && !source) {
          asked = 0;
          open();
        }
      }, ASK_EVERY_MS);
      void ask();
    };
    for (const name of ["batch", "position", "document"]) {
      source.addEventListener(name, (event) => {
        const data = parse((event as MessageEvent<string>).data);
        const batch = batchOf(event as MessageEvent, data);
        known = batch ?? known;
        freshness.value = { batch: batch ?? freshness.value.batch, at: new Date() };
        listener({ batch, event: name, data });
      });
    }
  };
  /* A page that nobody looks at holds no connection. */
  const onVisibility = () => {
    if (document.hidden) {
      source?.close();
      source = null;
      clearInterval(timer);
    } else if (!source) {
      listener({ batch: null, event: "batch", data: null });
      open();
    }
  };
  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    isStopped = true;
    source?.close();
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onVisibility);
    liveness.value = "off";
  };
}
