// list.tsx: documents that wait for a second person. Of feeds it says what they bring, so that what is unusual is seen;
// the rest is marked and approved by one press.
import { useState } from "preact/hooks";
import type { Query } from "../../api/client";
import type { Column, Row, Table } from "../../api/types";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/ErrorSummary";
import { Select } from "../../components/Field";
import { useKeyHelp, type KeyGroup } from "../../components/KeyHelp";
import { Spinner } from "../../components/Spinner";
import { integer, lookUp, money, t, tn } from "../../i18n";
import { useRead } from "../../load";
import { isZero } from "../../money";
import { useDocumentNews } from "../../news";
import { query, setQuery } from "../../router";
import { text } from "../../table";
import { SendingPanel, useSending } from "./sending";
import { isFeed, markedOf, mayApprove, seenOf, type Seen } from "./several";

const STATES = ["proposed", "done", "rejected", "withdrawn"] as const;
const PAGE_ROWS = 200; // as many as one confirmation takes

/* What is listed beside documents of one state. */
const LISTS: Record<string, Query> = { waiting: { waiting: true }, mine: { mine: true }, all: {} };
const COLUMNS = ["mark", "document", "state", "feeder", "period", "entries", "reversed", "value", "suspense", "action", "entity", "maker", "needs", "approved_by", "reason"];
const MARK: Column = { name: "mark", kind: "integer", for_machines: false };

const KEYS: KeyGroup = {
  title: "approvals.title",
  rows: [
    { keys: ["Space"], meaning: "approvals.key.mark" },
    { keys: ["Ctrl+Enter"], meaning: "approvals.key.approve" },
  ],
};
const APPROVE = "approve-marked"; // by this class the keys find the button

const nothing = () => undefined;

/* From a mark far down the list to the button above it; pressing that is another stroke. */
function leadToApprove(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    document.querySelector<HTMLElement>(`.${APPROVE}`)?.focus();
  }
}

export function ApprovalsScreen() {
  const state = query.value.state ?? "waiting";
  const cursor = query.value.cursor;
  const documents = useRead("/v1/documents", {
    query: { ...(LISTS[state] ?? { state }), limit: PAGE_ROWS, cursor },
  });
  const [marks, setMarks] = useState(new Map<string, string>());
  useKeyHelp(KEYS);
  const sending = useSending((unsent) => {
    setMarks(new Map(unsent.map(({ document, digest }) => [document, digest])));
    documents.again();
  });
  const isSending = sending.total > 0;
  useDocumentNews(isSending ? nothing : documents.again); // what is approved here is news, too
  const table = documents.data;
  const marked = markedOf(table, marks);
  const mark = (rows: Row[], isMarked: boolean) => {
    const changed = new Map(marks);
    for (const { document, digest } of rows.map(seenOf)) {
      isMarked ? changed.set(document, digest) : changed.delete(document);
    }
    setMarks(changed);
  };
  return (
    <>
      <h1 tabIndex={-1}>{t("approvals.title")}</h1>
      <div class="filters">
        <StateSelect state={state} />
        <Button onPress={documents.again}>{t("approvals.again")}</Button>
      </div>
      {documents.failure !== null && (
        <Failure failure={documents.failure} onRetry={documents.again} />
      )}
      {table === undefined && documents.isLoading && <Spinner />}
      <SendingPanel sending={sending} />
      {table !== undefined && !isSending && (
        <Marks
          rows={table.rows.filter(mayApprove)}
          marked={marked}
          onMark={mark}
          onApprove={() => void sending.start(marked)}
        />
      )}
      {table !== undefined && table.rows.length === 0 && (
        <Empty title={t("approvals.empty")}>
          <p>{t("approvals.empty_text")}</p>
        </Empty>
      )}
      {table !== undefined && table.rows.length > 0 && (
        <div onKeyDown={leadToApprove}>
          <DataTable
            table={shown(table)}
            caption={t("approvals.list")}
            isCaptionUnseen
            columns={COLUMNS}
            titles={titles()}
            cell={(row, column) =>
              column.name === "mark" ? (
                <Mark row={row} marks={marks} isDisabled={isSending} onMark={mark} />
              ) : (
                documentCell(row, column)
              )
            }
          />
        </div>
      )}
      <Pages next={table?.next ?? null} cursor={cursor} isDisabled={isSending} />
    </>
  );
}

function StateSelect({ state }: { state: string }) {
  const choices = ["waiting", "mine", ...STATES, "all"].map((value) => ({
    value,
    label: t(`approvals.list.${value as "all"}`),
  }));
  return (
    <Select
      id="approvals-state"
      label={t("approvals.state")}
      value={state}
      choices={choices}
      onChange={(value) => setQuery({ state: value === "waiting" ? null : value, cursor: null })}
    />
  );
}

function Pages(props: { next: string | null; cursor: string | undefined; isDisabled: boolean }) {
  const { next, cursor, isDisabled } = props;
  if (next === null && !cursor) {
    return null;
  }
  return (
    <div class="actions">
      {cursor && (
        <Button isDisabled={isDisabled} onPress={() => setQuery({ cursor: null })}>
          {t("approvals.newest")}
        </Button>
      )}
      {next !== null && (
        <Button isDisabled={isDisabled} onPress={() => setQuery({ cursor: next })}>
          {t("approvals.older")}
        </Button>
      )}
    </div>
  );
}

/* Marks --------------------------------------------------------------------------------------- */

interface MarksProps {
  rows: Row[]; // that may be approved
  marked: Seen[];
  onMark: (rows: Row[], isMarked: boolean) => void;
  onApprove: () => void;
}

function Marks({ rows, marked, onMark, onApprove }: MarksProps) {
  const feeds = rows.filter(isFeed);
  if (rows.length === 0) {
    return null;
  }
  return (
    <div class="actions" role="group" aria-label={t("approvals.several")}>
      {feeds.length > 0 && (
        <Button onPress={() => onMark(feeds, true)}>
          {t("approvals.mark_feeds", { count: integer(feeds.length) })}
        </Button>
      )}
      {marked.length > 0 && <Button onPress={() => onMark(rows, false)}>{t("approvals.unmark")}</Button>}
      <Button kind="primary" class={APPROVE} isDisabled={marked.length === 0} onPress={onApprove}>
        {tn("approvals.approve_marked", marked.length)}
      </Button>
    </div>
  );
}

interface MarkProps {
  row: Row;
  marks: Map<string, string>;
  isDisabled: boolean;
  onMark: (rows: Row[], isMarked: boolean) => void;
}

function Mark({ row, marks, isDisabled, onMark }: MarkProps) {
  const { document, digest } = seenOf(row);
  return mayApprove(row) ? (
    <span class="check">
      <input
        type="checkbox"
        aria-label={t("approvals.mark_one", { document })}
        disabled={isDisabled}
        checked={marks.get(document) === digest}
        onChange={(event) => onMark([row], event.currentTarget.checked)}
      />
    </span>
  ) : (
    ""
  );
}

/* Rows ---------------------------------------------------------------------------------------- */

/* With a column for marks where something may be marked. What columns say of a feed its reason need not. */
function shown(table: Table): Table {
  const rows = table.rows.map((row) => ({
    ...row,
    mark: mayApprove(row) ? 1 : null,
    reason: text(row, "feeder") === "" ? (row["reason"] ?? null) : null,
  }));
  return { ...table, columns: [MARK, ...table.columns], rows: rows as Row[] };
}

function titles(): Record<string, string> {
  return {
    mark: t("approvals.mark"),
    feeder: t("feeders.one"),
    reversed: t("feeders.column.reversed"),
    value: t("approvals.total"),
    suspense: t("feeders.column.suspense"),
  };
}

/* What an officer looks for. */
function Unusual({ words }: { words: string }) {
  return (
    <span class="tag warn">
      <span aria-hidden="true">⚠ </span>
      {words}
    </span>
  );
}

function documentCell(row: Row, { name }: Column) {
  const word = text(row, name);
  switch (name) {
    case "document":
      return <a href={`/approvals/${encodeURIComponent(word)}`}>{word}</a>;
    case "state":
      return <StateTag state={word} />;
    case "action":
      return lookUp(`action.${word}`) ?? word;
    case "feeder":
      return [word, text(row, "part")].filter(Boolean).join(" · ");
    case "period":
      return <span class="unbroken">{word}</span>;
    case "reversed":
      return Number(word) > 0 ? <Unusual words={integer(Number(word))} /> : undefined;
    case "suspense":
      return word !== "" && !isZero(word) ? <Unusual words={money(word)} /> : undefined;
    default:
      return undefined;
  }
}

export function StateTag({ state }: { state: string }) {
  const tones: Record<string, string> = { done: "good", rejected: "bad", proposed: "warn" };
  return <span class={`tag ${tones[state] ?? ""}`}>{lookUp(`state.${state}`) ?? state}</span>;
}
