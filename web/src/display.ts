// display.ts: how a person likes his screen: kept on his machine, not on the server.
import { effect, signal } from "@preact/signals";

const STORE = "fisc.compact";

export const isCompact = signal(localStorage.getItem(STORE) === "yes");

export function followDisplay(): void {
  effect(() => {
    document.documentElement.classList.toggle("compact", isCompact.value);
    localStorage.setItem(STORE, isCompact.value ? "yes" : "no");
  });
}
