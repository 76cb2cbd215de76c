// ErrorSummary.tsx: what went wrong, at the top, with the focus on it. Each line leads to its field.
import { useEffect, useRef } from "preact/hooks";
import { NoAnswer, Problem } from "../api/client";
import { codeWords, t } from "../i18n";

export interface Complaint {
  text: string;
  field?: string | undefined; // id of the input
}

/** What a failure means, in lines. @fieldOf: which input a pointer of the server means. */
export function complaintsOf(failure: unknown, fieldOf: (pointer: string) => string | undefined = () => undefined): Complaint[] {
  if (failure instanceof NoAnswer) {
    return [{ text: t(failure.key ? "error.unknown" : failure.reason === "offline" ? "error.offline" : "error.timeout") }];
  }
  if (!(failure instanceof Problem)) {
    return [{ text: t("error.unexpected", { detail: failure instanceof Error ? failure.message : String(failure) }) }];
  }
  if (failure.errors.length > 0) {
    return failure.errors.map((each) => ({
      text: each.detail || codeWords(each.code) || each.code,
      field: fieldOf(each.pointer ?? each.field ?? ""),
    }));
  }
  const words = codeWords(failure.code);
  return [{ text: words ?? failure.message }];
}

export function requestOf(failure: unknown): string | null {
  const id = failure instanceof Problem && failure.status >= 500 ? failure.body.instance : undefined;
  return id ? id.replace("urn:fisc:request:", "") : null;
}

export function ErrorSummary(props: { complaints: Complaint[]; request?: string | null; title?: string; onRetry?: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const words = props.complaints.map((each) => each.text).join("\n");
  useEffect(() => {
    if (words) {
      box.current?.focus();
    }
  }, [words]);
  if (props.complaints.length === 0) {
    return null;
  }
  const lead = (event: Event, field: string) => {
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return (
    <div ref={box} class="error-summary" role="alert" tabIndex={-1}>
      <h2>{props.title ?? t("error.title")}</h2>
      <ul>
        {props.complaints.map(({ text, field }) => (
          <li>
            {field ? (
              <a href={`#${field}`} onClick={(event) => lead(event, field)}>
                {text}
              </a>
            ) : (
              text
            )}
          </li>
        ))}
      </ul>
      {props.request && <p class="quiet">{t("error.request", { id: props.request })}</p>}
      {props.onRetry && (
        <button type="button" class="button secondary" onClick={props.onRetry}>
          {t("common.retry")}
        </button>
      )}
    </div>
  );
}

/** A failure of reading, with a way to try again. */
export function Failure(props: { failure: unknown; onRetry?: () => void }) {
  return (
    <ErrorSummary
      complaints={complaintsOf(props.failure)}
      request={requestOf(props.failure)}
      {...(props.onRetry ? { onRetry: props.onRetry } : {})}
    />
  );
}
