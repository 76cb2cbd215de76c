// Tabs.tsx: parts of one screen, by the keys that WAI-ARIA gives them: arrows, Home, End.
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export interface Tab {
  id: string;
  label: string;
}

export function Tabs(props: { label: string; tabs: Tab[]; chosen: string; onChoose: (id: string) => void; children: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent, at: number) => {
    const last = props.tabs.length - 1;
    const target = { ArrowLeft: at === 0 ? last : at - 1, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
    const tab = target === undefined ? undefined : props.tabs[target];
    if (tab) {
      event.preventDefault();
      props.onChoose(tab.id);
      list.current?.querySelector<HTMLElement>(`#tab-${CSS.escape(tab.id)}`)?.focus();
    }
  };
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label={props.label}>
        {props.tabs.map(({ id, label }, at) => (
          <button
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === props.chosen}
            aria-controls={`panel-${id}`}
            tabIndex={id === props.chosen ? 0 : -1}
            onClick={() => props.onChoose(id)}
            onKeyDown={(event) => move(event, at)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`panel-${props.chosen}`} aria-labelledby={`tab-${props.chosen}`} tabIndex={0} class="panel">
        {props.children}
      </div>
    </>
  );
}
