// Button.tsx: a button that shows that it works, and cannot be pressed twice meanwhile.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";

export interface ButtonProps {
  children: ComponentChildren;
  onPress?: (() => void | Promise<unknown>) | undefined;
  kind?: "primary" | "secondary" | "danger" | "plain";
  type?: "button" | "submit";
  isBusy?: boolean;
  isDisabled?: boolean;
  label?: string; // where the content is a sign
  keys?: string; // "Control+Enter": told to assistive technology
  class?: string;
  pressed?: boolean;
  expanded?: boolean;
  controls?: string;
}

export function Button(props: ButtonProps) {
  const [isWorking, setWorking] = useState(false);
  const isBusy = props.isBusy || isWorking;
  const press = async () => {
    const result = isBusy ? undefined : props.onPress?.();
    if (result instanceof Promise) {
      setWorking(true);
      try {
        await result;
      } finally {
        setWorking(false);
      }
    }
  };
  return (
    <button
      type={props.type ?? "button"}
      class={`button ${props.kind ?? "secondary"} ${props.class ?? ""}`}
      onClick={props.onPress ? press : undefined}
      aria-disabled={isBusy || props.isDisabled || undefined}
      disabled={props.isDisabled}
      aria-label={props.label}
      aria-keyshortcuts={props.keys}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
    >
      {isBusy && <span class="spin" aria-hidden="true" />}
      {props.children}
      {isBusy && <span class="unseen">{t("common.loading")}</span>}
    </button>
  );
}
