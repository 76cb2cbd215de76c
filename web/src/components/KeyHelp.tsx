// KeyHelp.tsx: keys that work everywhere, those that a screen adds, and the sheet that lists them.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { lookUp, t } from "../i18n";
import { go } from "../router";
import { Dialog } from "./Dialog";

export interface KeyRow {
  keys: string[]; // as shown: ["g", "s"] is g, then s; ["Ctrl+Enter"] is one stroke
  meaning: string; // a key of the words
}

export interface KeyGroup {
  title: string; // a key of the words
  rows: KeyRow[];
}

/** What the screen that is open adds to the sheet. */
const added = signal<KeyGroup[]>([]);
const isOpen = signal(false);

export function openKeyHelp(): void {
  isOpen.value = true;
}

/** Lists keys of a screen while it is open. The screen itself listens. */
export function useKeyHelp(group: KeyGroup): void {
  useEffect(() => {
    added.value = [...added.value, group];
    return () => {
      added.value = added.value.filter((each) => each !== group);
    };
  }, []);
}

const PLACES: Record<string, string> = { h: "/", p: "/position", s: "/statements", v: "/verification", j: "/journal", a: "/approvals", b: "/budget", f: "/feeders" };

const everywhere: KeyGroup = {
  title: "keys.group.everywhere",
  rows: [
    { keys: ["?"], meaning: "keys.help" },
    { keys: ["g", "h"], meaning: "keys.home" },
    { keys: ["g", "p"], meaning: "keys.position" },
    { keys: ["g", "s"], meaning: "keys.statements" },
    { keys: ["g", "j"], meaning: "journal.nav" },
    { keys: ["g", "a"], meaning: "approvals.nav" },
    { keys: ["g", "b"], meaning: "budget.nav" },
    { keys: ["g", "f"], meaning: "feeders.nav" },
    { keys: ["g", "v"], meaning: "keys.verify" },
    { keys: ["/"], meaning: "keys.search" },
    { keys: ["Esc"], meaning: "keys.close" },
  ],
};

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable], [role=grid], dialog");
}

/** Listens to single letters where nobody types. The shell calls it once. */
export function useGlobalKeys(): void {
  useEffect(() => {
    let isGoing = false;
    let timer = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const place = isGoing ? PLACES[event.key] : undefined;
      isGoing = event.key === "g" && !isGoing;
      clearTimeout(timer);
      timer = window.setTimeout(() => (isGoing = false), 1500);
      if (place) {
        event.preventDefault();
        go(place);
      } else if (event.key === "?") {
        event.preventDefault();
        isOpen.value = true;
      } else if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLElement>("main input, main select")?.focus();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function Keys(props: { keys: string[] }) {
  return (
    <>
      {props.keys.map((key, at) => (
        <>
          {at > 0 && <span class="quiet"> {t("keys.then")} </span>}
          <kbd>{key}</kbd>
        </>
      ))}
    </>
  );
}

export function KeyHelp() {
  if (!isOpen.value) {
    return null;
  }
  return (
    <Dialog title={t("keys.title")} onClose={() => (isOpen.value = false)}>
      {[...added.value, everywhere].map((group) => (
        <table class="keys">
          <caption>{lookUp(group.title) ?? group.title}</caption>
          <tbody>
            {group.rows.map((row) => (
              <tr>
                <th scope="row">
                  <Keys keys={row.keys} />
                </th>
                <td>{lookUp(row.meaning) ?? row.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </Dialog>
  );
}
