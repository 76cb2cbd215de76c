// needs.tsx: an entry that others have to approve. The books decide on it when the document is carried out; until
// then its writer is shown what approval it takes, and what is available on its budget lines.
import type { Refusal } from "../../api/types";
import { lineText, LINE_DIMENSIONS } from "../../grid/lookups";
import { lookUp, money, t } from "../../i18n";
import { useRead } from "../../load";
import { compare, isAmount } from "../../money";
import { text } from "../../table";
import type { Entry, EntryLine } from "./entry";

const LINES_MAX = 4; // whose funds are looked up: an answer is for a glance

/** Whether all that the books miss is an approval. */
export function isOnlyApproval(refusals: readonly Refusal[]): boolean {
  return refusals.length > 0 && refusals.every(({ code }) => code === "APPROVAL_MISSING");
}

/* The lines that use a budget. */
function spendingOf(entry: Entry): EntryLine[] {
  return entry.lines.filter((line) => line["debit"] !== undefined && LINE_DIMENSIONS.some((name) => name !== "gfs_code" && line[name]));
}

function LineFunds({ entry, line }: { entry: Entry; line: EntryLine }) {
  const codes = Object.fromEntries(LINE_DIMENSIONS.flatMap((name) => (line[name] ? [[name, line[name]]] : [])));
  const { data } = useRead("/v1/funds", { query: { entity: entry.entity, period: entry.date.slice(0, 4), ...codes } });
  const asked = line["debit"] ?? "0";
  return (
    <>
      <h3>{lineText(line)}</h3>
      <dl class="facts funds left-over">
        <dt>{t("answer.requested")}</dt>
        <dd class="amount">{money(asked)}</dd>
        {(data?.rows ?? []).map((row) => {
          const available = text(row, "available");
          const isShort = isAmount(available) && compare(asked, available) > 0;
          const isRefused = isShort && text(row, "level") === "absolute";
          return (
            <>
              <dt class={isRefused ? "short" : undefined}>
                {t("answer.available", { control: text(row, "control") })}
                {isShort && <span class="small stages">{isRefused ? `✕ ${t("answer.short")}` : `⚠ ${lookUp(`level.${text(row, "level")}`) ?? text(row, "level")}`}</span>}
              </dt>
              <dd class={isRefused ? "amount short" : "amount"}>{money(available)}</dd>
            </>
          );
        })}
      </dl>
    </>
  );
}

export function Needs({ entry, refusals }: { entry: Entry; refusals: Refusal[] }) {
  return (
    <>
      <ul class="refusals">
        {refusals.map(({ detail }) => (
          <li>{detail}</li>
        ))}
      </ul>
      <p class="small quiet">{t("answer.needs_text")}</p>
      {spendingOf(entry)
        .slice(0, LINES_MAX)
        .map((line) => (
          <LineFunds entry={entry} line={line} />
        ))}
    </>
  );
}
