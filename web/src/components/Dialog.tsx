// Dialog.tsx: the browser's own modal window: it keeps the focus inside and gives it back.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";

export function Dialog(props: {
  title: string;
  children: ComponentChildren;
  onClose?: (() => void) | undefined; // without it the window cannot be left
  class?: string;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const title = useId();
  /* Open before what is in it looks for the focus. */
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      box.current?.close();
      (before as HTMLElement | null)?.focus?.();
    };
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    props.onClose?.();
  };
  return (
    <dialog ref={box} class={`dialog ${props.class ?? ""}`} aria-labelledby={title} onCancel={cancel}>
      <div class="dialog-head">
        <h2 id={title}>{props.title}</h2>
        {props.onClose && (
          <button type="button" class="button plain" aria-label={t("common.close")} onClick={props.onClose}>
            ✕
          </button>
        )}
      </div>
      {props.children}
    </dialog>
  );
}
