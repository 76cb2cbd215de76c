// Combobox.tsx: a field that finds codes by code or by words while one types (ARIA combobox with a
// listbox). What is typed stands also when nothing was chosen: the server says whether it exists.
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { announce } from "../components/live";
import { Frame } from "../components/Field";
import { editorKey } from "./keys";
import { focusAtEnd } from "./LedgerGrid";
import type { EditorProps } from "./LedgerGrid";

export interface Option {
  code: string;
  name: string;
  /** At the right, as what is available. */
  note?: string;
}

export type Search = (words: string, signal: AbortSignal) => Promise<Option[]>;

const DEBOUNCE_MS = 200;

interface Found {
  options: Option[];
  isOver: boolean; /* the search has answered */
}

/* Options for what is typed; an answer that comes too late is dropped. */
function useSearch(search: Search, words: string, isOpen: boolean): Found {
  const [found, setFound] = useState<Found>({ options: [], isOver: false });
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      search(words, stop.signal)
        .then((options) => !stop.signal.aborted && setFound({ options, isOver: true }))
        .catch(() => !stop.signal.aborted && setFound({ options: [], isOver: true }));
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words, isOpen]);
  return found;
}

interface ListState {
  words: string;
  setWords: (words: string) => void;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  active: number;
  setActive: (at: number) => void;
  found: Found;
}

/* The mark is on a code, not on a place: an answer that comes while one goes down the list leaves it there. */
function useList(search: Search, value: string, opensAtOnce: boolean): ListState {
  const [words, setWords] = useState(value);
  const [isOpen, setOpen] = useState(opensAtOnce);
  const [marked, setMarked] = useState<string | null>(null);
  const found = useSearch(search, words, isOpen);
  useEffect(() => {
    if (isOpen && found.isOver) {
      announce(t("pick.found", { count: found.options.length }));
    }
  }, [found]);
  const type = (typed: string) => {
    setMarked(null);
    setWords(typed);
  };
  const active = found.options.findIndex((option) => option.code === marked);
  const setActive = (at: number) => setMarked(found.options[at]?.code ?? null);
  return { words, setWords: type, isOpen, setOpen, active, setActive, found };
}

/* The arrows; true: the key was for the list. */
function moveInList(event: KeyboardEvent, list: ListState): boolean {
  const count = list.found.options.length;
  const to: Record<string, number> = {
    ArrowDown: (list.active + 1) % Math.max(count, 1),
    ArrowUp: list.active <= 0 ? count - 1 : list.active - 1,
  };
  const next = to[event.key];
  if (next === undefined) {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  if (list.isOpen) {
    list.setActive(count > 0 ? next : -1);
  } else {
    list.setOpen(true);
  }
  return true;
}

interface ListProps {
  id: string;
  label: string;
  list: ListState;
  field: { current: HTMLInputElement | null };
  choose: (option: Option) => void;
}

/* In the top layer of the page, under its field: a grid that scrolls would cut it off. */
function List({ id, label, list, field, choose }: ListProps): JSX.Element {
  const box = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => box.current?.showPopover?.(), []);
  useLayoutEffect(() => {
    const place = () => {
      const at = field.current?.getBoundingClientRect();
      if (!box.current || !at) {
        return;
      }
      const height = box.current.offsetHeight;
      const isBelow = at.bottom + height < innerHeight || at.top < height;
      box.current.style.top = `${isBelow ? at.bottom + 2 : at.top - height - 2}px`;
      const left = Math.min(at.left, innerWidth - box.current.offsetWidth - 4);
      box.current.style.left = `${Math.max(left, 4)}px`;
    };
    place();
    addEventListener("scroll", place, true);
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, true);
      removeEventListener("resize", place);
    };
  });
  useLayoutEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [list.active]);
  return (
    <ul id={id} ref={box} class="pick-list" role="listbox" aria-label={label} popover="manual">
      {list.found.options.map((option, at) => (
        <li
          key={option.code}
          id={`${id}-${at}`}
          role="option"
          class="pick-option"
          aria-selected={at === list.active}
          onMouseDown={(event) => {
            event.preventDefault();
            choose(option);
          }}
        >
          <b class="pick-code">{option.code}</b> <span class="pick-name">{option.name}</span>
          {option.note !== undefined && <span class="pick-note">{option.note}</span>}
        </li>
      ))}
      {list.found.isOver && list.found.options.length === 0 && (
        <li class="pick-none" role="option" aria-disabled="true" aria-selected="false">
          {t("pick.none")}
        </li>
      )}
    </ul>
  );
}

function fieldProps(id: string, list: ListState) {
  return {
    role: "combobox" as const,
    autocomplete: "off",
    spellcheck: false,
    "aria-autocomplete": "list" as const,
    "aria-expanded": list.isOpen,
    "aria-controls": list.isOpen ? id : undefined,
    "aria-activedescendant": list.isOpen && list.active >= 0 ? `${id}-${list.active}` : undefined,
  };
}

/** A cell's editor that searches; Enter and Tab take the option that is marked, or what was typed. */
export function pickEditor(search: Search, onPick?: (option: Option) => void) {
  return function PickEditor({ label, value, onCommit, onCancel }: EditorProps): JSX.Element {
    const id = useId();
    const field = useRef<HTMLInputElement>(null);
    const list = useList(search, value, true);
    useLayoutEffect(() => focusAtEnd(field.current), []);
    const choose = (option: Option | undefined, text: string): string => {
      if (option !== undefined) {
        onPick?.(option);
      }
      return option?.code ?? text;
    };
    return (
      <>
        <input
          ref={field}
          class="grid-editor"
          aria-label={label}
          value={list.words}
          {...fieldProps(id, list)}
          onInput={(event) => list.setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!moveInList(event, list)) {
              const text = () =>
                choose(list.found.options[list.active], field.current?.value ?? "");
              editorKey(event, text, onCommit, onCancel);
            }
          }}
          onBlur={(event) => onCommit(event.currentTarget.value, "elsewhere")}
        />
        <List
          id={id}
          label={label}
          list={list}
          field={field}
          choose={(option) => onCommit(choose(option, ""), "next")}
        />
      </>
    );
  };
}

export interface PickerProps {
  id: string;
  label: string;
  value: string;
  search: Search;
  onChange: (code: string) => void;
  hint?: string;
  error?: string | null;
}

/** The same as a field of a form. */
export function Picker({
  id,
  label,
  value,
  search,
  onChange,
  hint,
  error,
}: PickerProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const list = useList(search, value, false);
  useEffect(() => list.setWords(value), [value]);
  const choose = (option: Option) => {
    list.setWords(option.code);
    list.setOpen(false);
    onChange(option.code);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const marked = list.isOpen ? list.found.options[list.active] : undefined;
    if (moveInList(event, list)) {
      return;
    }
    if (event.key === "Enter" && marked !== undefined) {
      event.preventDefault();
      choose(marked);
    } else if (event.key === "Enter") {
      list.setOpen(false); // what was typed stands, and the form it is in is sent
      onChange(field.current?.value.trim() ?? "");
    } else if (event.key === "Tab" && marked !== undefined) {
      choose(marked);
    } else if (event.key === "Escape" && list.isOpen) {
      event.stopPropagation();
      list.setOpen(false);
    }
  };
  const frame = { id, label, hint, error };
  return (
    <Frame {...frame}>
      <input
        ref={field}
        id={id}
        class="input medium"
        value={list.words}
        aria-describedby={
          [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined
        }
        aria-invalid={error ? true : undefined}
        {...fieldProps(`${id}-list`, list)}
        onInput={(event) => {
          list.setWords(event.currentTarget.value);
          list.setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          list.setOpen(false);
          onChange(field.current?.value.trim() ?? "");
        }}
      />
      {list.isOpen && (
        <List id={`${id}-list`} label={label} list={list} field={field} choose={choose} />
      )}
    </Frame>
  );
}
