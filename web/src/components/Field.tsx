// Field.tsx: a labelled input with hint and error, in the order in which they are read.
import type { ComponentChildren, TargetedEvent } from "preact";
import { t } from "../i18n";

interface FieldFrame {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  isOptional?: boolean;
}

export interface FieldProps extends FieldFrame {
  value: string;
  onInput: (value: string) => void;
  onChange?: ((value: string) => void) | undefined;
  type?: "text" | "password" | "search" | "date" | "month";
  inputMode?: "numeric" | "decimal" | "text" | "search";
  autoComplete?: string;
  list?: string[] | { value: string; label: string }[]; // suggestions
  maxLength?: number;
  width?: "short" | "medium" | "full";
  placeholder?: string;
  hasFocus?: boolean;
  isReadOnly?: boolean;
}

function describedBy({ id, hint, error }: FieldFrame): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
}

export function Frame(props: FieldFrame & { children: ComponentChildren }) {
  const { id, label, hint, error } = props;
  return (
    <div class={`field ${error ? "has-error" : ""}`}>
      <label for={id}>
        {label}
        {props.isOptional && <span class="quiet"> ({t("common.optional")})</span>}
      </label>
      {hint && (
        <div id={`${id}-hint`} class="hint">
          {hint}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} class="field-error">
          <span aria-hidden="true">⚠ </span>
          {error}
        </div>
      )}
      {props.children}
    </div>
  );
}

export function Field(props: FieldProps) {
  const { id, list } = props;
  const event = (given: TargetedEvent<HTMLInputElement>) => given.currentTarget.value;
  return (
    <Frame {...props}>
      <input
        id={id}
        name={id}
        class={`input ${props.width ?? "medium"}`}
        type={(props.type ?? "text") as "text"}
        value={props.value}
        inputMode={props.inputMode}
        autocomplete={props.autoComplete ?? "off"}
        spellcheck={false}
        maxLength={props.maxLength}
        placeholder={props.placeholder}
        readOnly={props.isReadOnly}
        list={list ? `${id}-list` : undefined}
        autofocus={props.hasFocus}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={describedBy(props)}
        onInput={(given) => props.onInput(event(given))}
        onChange={props.onChange && ((given) => props.onChange?.(event(given)))}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((each) =>
            typeof each === "string" ? <option value={each} /> : <option value={each.value}>{each.label}</option>,
          )}
        </datalist>
      )}
    </Frame>
  );
}

export interface SelectProps extends FieldFrame {
  value: string;
  choices: { value: string; label: string }[];
  onChange: (value: string) => void;
  width?: "short" | "medium" | "full";
}

export function Select(props: SelectProps) {
  return (
    <Frame {...props}>
      <select
        id={props.id}
        name={props.id}
        class={`input ${props.width ?? "medium"}`}
        value={props.value}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={describedBy(props)}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.choices.map((each) => (
          <option value={each.value} selected={each.value === props.value}>
            {each.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export function Check(props: { id: string; label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <div class="check">
      <input id={props.id} type="checkbox" checked={props.value} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      <label for={props.id}>{props.label}</label>
    </div>
  );
}
