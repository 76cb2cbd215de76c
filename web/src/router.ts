// router.ts: the address is the state. What a screen shows stands in path and query, so that a link
// sent to a colleague, the back button and a reload all lead to the same figures.
import { computed, signal } from "@preact/signals";
import { t } from "./i18n";

export interface Place {
  path: string;
  query: Record<string, string>;
}

function here(): Place {
  const query: Record<string, string> = {};
  new URLSearchParams(location.search).forEach((value, name) => (query[name] = value));
  return { path: location.pathname, query };
}

export const place = signal<Place>(here());
export const path = computed(() => place.value.path);
export const query = computed(() => place.value.query);
/** Counts the changes of screen: the shell moves the focus and says the title. */
export const arrivals = signal(0);

function addressOf(path: string, query: Record<string, string | undefined | null>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      words.set(name, value);
    }
  }
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

export const link = addressOf;

/** Goes to another screen. Asks nobody: see holdBack(). */
export function go(path: string, query: Record<string, string | undefined | null> = {}): void {
  if (!mayLeave()) {
    return;
  }
  const isOther = path !== place.value.path;
  history.pushState(null, "", addressOf(path, query));
  place.value = here();
  if (isOther) {
    arrivals.value++;
    scrollTo(0, 0);
  }
}

/** Changes the query of this screen. @how "replace": without a step for the back button. */
export function setQuery(changes: Record<string, string | undefined | null>, how: "push" | "replace" = "push"): void {
  const merged: Record<string, string | undefined | null> = { ...place.value.query, ...changes };
  const address = addressOf(place.value.path, merged);
  if (address !== location.pathname + location.search) {
    history[how === "push" ? "pushState" : "replaceState"](null, "", address);
    place.value = here();
  }
}

/* A screen with work that is not saved asks before it is left. */
let unsaved: (() => boolean) | null = null;

/** @isUnsaved: whether something would be lost. Returns how to take the question back. */
export function holdBack(isUnsaved: () => boolean): () => void {
  unsaved = isUnsaved;
  return () => {
    unsaved = unsaved === isUnsaved ? null : unsaved;
  };
}

function mayLeave(): boolean {
  return !unsaved?.() || confirm(t("leave.question"));
}

/** "/statements/:report" against "/statements/gfs": the words, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.replace(/(.)\/$/, "$1").split("/");
  const words: Record<string, string> = {};
  if (wanted.length !== given.length) {
    return null;
  }
  for (const [at, part] of wanted.entries()) {
    const found = given[at] ?? "";
    if (part.startsWith(":") && found !== "") {
      words[part.slice(1)] = decode(found);
    } else if (part !== found) {
      return null;
    }
  }
  return words;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* Links within are followed without a reload; those with a modifier are the browser's. */
function onClick(event: MouseEvent): void {
  const anchor = (event.target as Element | null)?.closest?.("a");
  if (!anchor || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  const isOurs = anchor.origin === location.origin && !anchor.pathname.startsWith("/v1/") && !anchor.hasAttribute("download") && !anchor.target;
  if (!isOurs || anchor.getAttribute("href")?.startsWith("#")) {
    return;
  }
  event.preventDefault();
  go(anchor.pathname, Object.fromEntries(new URLSearchParams(anchor.search)));
}

export function start(): void {
  addEventListener("popstate", () => {
    const before = place.value.path;
    if (!mayLeave()) {
      history.pushState(null, "", addressOf(before, place.value.query));
      return;
    }
    place.value = here();
    if (before !== place.value.path) {
      arrivals.value++;
    }
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved?.()) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", onClick);
}
