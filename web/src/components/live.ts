// live.ts: what happens without a change of place is said in the live region of the page.
import { signal } from "@preact/signals";

export const announcement = signal("");

export function announce(text: string): void {
  announcement.value = "";
  setTimeout(() => (announcement.value = text), 50); // the same words twice are said twice
}
