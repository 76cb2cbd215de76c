// content.tsx: what a document would post, in words of the ledger, and what it would change: each key of
// each control before and after, as `fisc try` finds it.
import { useEffect, useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import type { Column, Document, Row, Table } from "../../api/types";
import { decimalsOf } from "../../book";
import { DataTable } from "../../components/DataTable";
import { Spinner } from "../../components/Spinner";
import { lineText } from "../../grid/lookups";
import { day, money, t } from "../../i18n";
import { add, isZero, zeroOf } from "../../money";
import { tableOf } from "../../table";

interface EventItem {
  event: { kind: string; subject: string; fields: Record<string, string> };
}

export interface EntryItem {
  entity?: string;
  journal_id?: string;
  reference?: string;
  date?: string;
  memo?: string;
  lines: Record<string, string>[];
}

/* What is proposed by reference, as a law, is one line that names its texts. */
export type ContentItem = EventItem | EntryItem | Record<string, unknown> | string;

const isEvent = (item: ContentItem): item is EventItem =>
  typeof item === "object" && "event" in item;
const isEntry = (item: ContentItem): item is EntryItem =>
  typeof item === "object" && Array.isArray((item as EntryItem).lines);

export function Content({ data }: { data: Document }) {
  const content = (data.content ?? []) as ContentItem[];
  const events = content.filter(isEvent);
  const entries = content.filter(isEntry);
  const others = content.filter((item) => !isEvent(item) && !isEntry(item));
  return (
    <section>
      <h2>{t("approvals.content")}</h2>
      {data.totals !== null && <DataTable table={data.totals} />}
      {events.map((item) => (
        <EventView item={item} />
      ))}
      {entries.map((item) => (
        <EntryView item={item} />
      ))}
      {others.map((item) => (
        <pre class="mono small reference">
          {typeof item === "string" ? item : JSON.stringify(item, null, 2)}
        </pre>
      ))}
      {(data.state === "proposed" || data.state === "approved") && entries.length > 0 && (
        <Difference data={data} />
      )}
    </section>
  );
}

function EventView({ item }: { item: EventItem }) {
  const { kind, subject, fields } = item.event;
  return (
    <>
      <h3>
        {kind} <span class="mono">{subject}</span>
      </h3>
      <dl class="facts">
        {Object.entries(fields).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

const LINE_COLUMNS: Column[] = [
  { name: "account", kind: "text", for_machines: false },
  { name: "line", kind: "text", for_machines: false },
  { name: "counterparty_entity", kind: "text", for_machines: false },
  { name: "debit", kind: "amount", for_machines: false },
  { name: "credit", kind: "amount", for_machines: false },
];

function lineRow(line: Record<string, string>): Row {
  const account = line.stage ?? line.account ?? line.gfs_code ?? "";
  const isBudgetary = line.stage !== undefined;
  const { gfs_code, ...others } = line;
  return {
    account,
    line: lineText(
      isBudgetary ? line : line.account !== undefined ? { ...others, gfs_code } : others,
    ),
    counterparty_entity: line.counterparty_entity ?? line.cash_counterparty ?? null,
    debit: line.debit ?? null,
    credit: line.credit ?? null,
  };
}

function EntryView({ item }: { item: EntryItem }) {
  const reference = item.reference ?? [item.entity, item.journal_id].filter(Boolean).join("/");
  const decimals = decimalsOf(item.entity ?? "");
  const sum = add(zeroOf(decimals), ...item.lines.map((line) => line.debit ?? "0"));
  const table = tableOf("lines", reference, LINE_COLUMNS, item.lines.map(lineRow), decimals);
  const caption = `${[reference, day(item.date), isZero(sum) ? "" : money(sum)].filter(Boolean).join(" · ")}${item.memo ? ` – ${item.memo}` : ""}`;
  return <DataTable table={table} caption={caption} isDense />;
}

/* Before and after ---------------------------------------------------------------------------- */

interface Tried {
  keys?: Table;
  results?: { status: string; refusals?: { code: string; detail: string | null }[] }[];
}

type Effect =
  { state: "asking" } | { state: "known"; tried: Tried } | { state: "failed"; text: string };

function useEffectOf(content: ContentItem[]): Effect {
  const [effect, setEffect] = useState<Effect>({ state: "asking" });
  const text = JSON.stringify(content);
  useEffect(() => {
    const stop = new AbortController();
    write("POST", "/v1/try", {
      body: { entries: content, mode: "atomic" },
      signal: stop.signal,
    })
      .then((tried) => setEffect({ state: "known", tried: tried as Tried }))
      .catch((failure) => {
        if (failure instanceof Problem && failure.body.keys !== undefined) {
          setEffect({ state: "known", tried: failure.body as unknown as Tried });
        } else if (!stop.signal.aborted) {
          setEffect({
            state: "failed",
            text: failure instanceof Error ? failure.message : String(failure),
          });
        }
      });
    return () => stop.abort();
  }, [text]);
  return effect;
}

function Difference({ data }: { data: Document }) {
  const effect = useEffectOf((data.content ?? []) as ContentItem[]);
  return (
    <>
      <h2>{t("approvals.difference")}</h2>
      {effect.state === "asking" && <Spinner />}
      {effect.state === "failed" && (
        <p class="quiet">{t("approvals.difference_unknown", { detail: effect.text })}</p>
      )}
      {effect.state === "known" && <Effects tried={effect.tried} />}
    </>
  );
}

function Effects({ tried }: { tried: Tried }) {
  const all = (tried.results ?? []).flatMap((result) => result.refusals ?? []);
  const refusals = all.filter(({ code }) => code !== "APPROVAL_MISSING"); // it is what this screen is for
  return (
    <>
      {refusals.length > 0 && (
        <div class="notice bad">
          <p>{t("approvals.would_refuse")}</p>
          <ul>
            {refusals.map((refusal) => (
              <li>{refusal.detail ?? refusal.code}</li>
            ))}
          </ul>
        </div>
      )}
      {tried.keys !== undefined && tried.keys.rows.length > 0 ? (
        <DataTable
          table={tried.keys}
          caption={t("approvals.difference_table")}
          isCaptionUnseen
          columns={["control", "key", "before", "effect", "after", "limit", "over"]}
        />
      ) : (
        <p class="quiet">{t("approvals.no_difference")}</p>
      )}
    </>
  );
}
