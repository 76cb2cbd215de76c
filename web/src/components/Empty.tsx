// Empty.tsx: what a person reads where there is nothing, and what to do next.
import type { ComponentChildren } from "preact";

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}
