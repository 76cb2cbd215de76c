// journal.tsx: writing an entry. While it is written the books are asked whether they would take it; when
// they would not, the ways out stand beside it. What is written stays in this tab until it is posted.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { Problem, write } from "../../api/client";
import type { Book, Receipt } from "../../api/types";
import { Button } from "../../components/Button";
import {
  complaintsOf,
  ErrorSummary,
  requestOf,
  type Complaint,
} from "../../components/ErrorSummary";
import { Field, Select } from "../../components/Field";
import { useKeyHelp } from "../../components/KeyHelp";
import { Picker, pickEditor, type Search } from "../../grid/Combobox";
import { cellMessage, gridKeyRows, LedgerGrid, useGrid } from "../../grid/LedgerGrid";
import {
  isNational,
  nameFound,
  searchAccounts,
  searchEntities,
  searchLines,
} from "../../grid/lookups";
import { GridModel } from "../../grid/model";
import { conventionOf } from "../../grid/value";
import { columnTitle, locale, lookUp, money, t } from "../../i18n";
import { useRead } from "../../load";
import { isZero } from "../../money";
import { link, query } from "../../router";
import { session } from "../../session";
import { AnswerPanel, refusalsOf, SOURCE, useAnswer, type RemedyUse } from "./answer";
import {
  cellOf,
  entryOf,
  isAskable,
  journalColumns,
  totalsOf,
  type Entry,
  type EntryHead,
} from "./entry";

const DRAFT = "fisc.draft.journal";
const ROWS_AT_FIRST = 4;
const DECIMALS = 2;
const ACTIONS = ["claim", "payment", "commitment", "revenue", "journal", "direct_payment"] as const;

interface Draft {
  head: EntryHead;
  rows: string[][];
}

function newReference(): string {
  return `W-${Date.now().toString(36).toUpperCase()}`;
}

function emptyHead(): EntryHead {
  const own = session.value?.roles.find((held) => held.entity && held.entity !== "*")?.entity;
  return {
    entity: query.value.entity ?? own ?? session.value?.scope.entities[0] ?? "",
    date: query.value.date ?? new Date().toISOString().slice(0, 10),
    reference: newReference(),
    document: "",
    memo: "",
  };
}

function emptyRows(): string[][] {
  return Array.from({ length: ROWS_AT_FIRST }, () => []);
}

function loadDraft(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null") as Draft | null;
    return kept ?? { head: emptyHead(), rows: emptyRows() };
  } catch {
    return { head: emptyHead(), rows: emptyRows() };
  }
}

function saveDraft(head: EntryHead, model: GridModel): void {
  const rows = Array.from({ length: model.rowCount }, (_, row) =>
    model.columns.map((_column, at) => model.value(row, at)),
  );
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ head, rows }));
  } catch {
    // A full store keeps no draft; the page itself still has it.
  }
}

/* Looks up what was typed and not chosen: names, and whether an account is of the national chart. */
async function prepared(head: EntryHead, model: GridModel): Promise<Entry> {
  const rows = model.filledRows().map(({ values }) => values);
  const signal = new AbortController().signal;
  const lookUpAll = (kind: string, search: Search, columns: string[]) => {
    const codes = new Set(rows.flatMap((row) => columns.map((column) => row[column] ?? "")));
    const unknown = [...codes].filter((code) => code !== "" && nameFound(kind, code) === undefined);
    return unknown.map((code) => search(code, signal).catch(() => []));
  };
  await Promise.all([
    ...lookUpAll("account", searchAccounts, ["account"]),
    ...lookUpAll("entity", searchEntities, ["counterparty_entity", "cash_counterparty"]),
  ]);
  return entryOf(head, rows, isNational);
}

function headComplaints(head: EntryHead): Complaint[] {
  const needed: [string, keyof EntryHead][] = [
    [t("journal.entity_missing"), "entity"],
    [t("journal.date_missing"), "date"],
    [t("journal.reference_missing"), "reference"],
  ];
  return needed
    .filter(([, name]) => head[name] === "")
    .map(([text, name]) => ({ text, field: `journal-${name}` }));
}

function gridComplaints(model: GridModel): Complaint[] {
  return model.problems(20).map(({ row, column }) => ({
    text: `${t("grid.row")} ${row + 1}, ${model.columns[column]?.title ?? ""}: ${cellMessage(model, row, column) ?? ""}`,
  }));
}

interface Posted {
  kind: "posted" | "proposed";
  reference: string;
  receipt: Receipt & { document?: string };
}

export function JournalScreen() {
  const draft = useMemo(loadDraft, []);
  const [head, setHead] = useState<EntryHead>(draft.head);
  const [posted, setPosted] = useState<Posted | null>(null);
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [proposed, setProposed] = useState<string[]>([]);
  const [turn, setTurn] = useState(0);
  const book = useRead<Book>("/v1/book");
  const headNow = useRef(head);
  headNow.current = head;
  const model = useMemo(() => {
    const options = { convention: conventionOf(locale()), locale: locale(), canGrow: true };
    return new GridModel(
      journalColumns(
        (id) => (id === "line" ? t("column.line.journal") : columnTitle(id)),
        DECIMALS,
      ),
      draft.rows,
      options,
    );
  }, []);
  useGrid(model);
  useKeyHelp({
    title: "keys.group.grid",
    rows: [...gridKeyRows(), { keys: ["Ctrl+S"], meaning: "grid.key.save" }],
  });

  const filled = model.filledRows();
  const rows = filled.map(({ values }) => values);
  const numbers = filled.map(({ row }) => row);
  const entry = entryOf(head, rows, isNational);
  const hasErrors = model.problems(1).some((problem) => problem.error !== null);
  const answer = useAnswer(isAskable(head, rows) && !hasErrors ? entry : null, turn, () =>
    prepared(headNow.current, model),
  );

  useEffect(() => saveDraft(head, model), [head, model.revision]);
  useEffect(() => {
    const refusals = answer.state === "refused" ? answer.refusals : [];
    model.setRemarks(
      refusals.flatMap((refusal) => {
        const cell = cellOf(refusal.field, numbers);
        const column = cell === null ? -1 : model.columnAt(cell.column);
        return cell === null || column < 0
          ? []
          : [{ row: cell.row, column, text: refusal.detail ?? refusal.code }];
      }),
    );
  }, [answer]);

  const change = (part: Partial<EntryHead>) => setHead({ ...head, ...part });
  const begin = () => {
    setHead({ ...emptyHead(), entity: head.entity, date: head.date });
    model.reset(emptyRows());
    setPosted(null);
    setComplaints([]);
    setProposed([]);
  };
  const send = async (as: Posted["kind"], path: string, body: (entry: Entry) => unknown) => {
    const found = [...headComplaints(head), ...(hasErrors ? gridComplaints(model) : [])];
    setComplaints(found);
    if (found.length > 0) {
      return;
    }
    try {
      const whole = await prepared(head, model);
      const receipt = await write<Receipt & { document?: string }>("POST", path, {
        body: body(whole),
        ...(as === "posted" ? { query: { source: SOURCE } } : {}),
      });
      sessionStorage.removeItem(DRAFT);
      setPosted({ kind: as, reference: `${whole.entity}/${whole.journal_id}`, receipt });
    } catch (failure) {
      setComplaints(refusalComplaints(failure));
      setRequest(requestOf(failure));
      setTurn(turn + 1);
    }
  };
  const post = () => send("posted", "/v1/entries", (whole) => whole);
  const use: RemedyUse = {
    entry,
    onDate: (date) => change({ date }),
    onProposed: (document) => setProposed([...proposed, document]),
  };

  if (posted !== null) {
    return <Done posted={posted} onNew={begin} />;
  }
  return (
    <>
      <h1 tabIndex={-1}>{t("journal.title")}</h1>
      <ErrorSummary complaints={complaints} request={request} />
      <div
        class="journal"
        onKeyDown={(event) => {
          if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void post();
          }
        }}
      >
        <div class="journal-main">
          <HeadForm head={head} change={change} />
          <Lines model={model} head={headNow} answer={answer} />
          <Balance rows={rows} />
          <div class="actions">
            <Button kind="primary" keys="Control+S" onPress={post}>
              {t("journal.post")}
            </Button>
            <Propose
              isFirst={book.data?.duties_enforced === true}
              onPropose={(action, reason) =>
                send("proposed", "/v1/documents", (whole) => ({
                  action,
                  reason,
                  entity: whole.entity,
                  source: SOURCE,
                  entries: [whole],
                }))
              }
            />
            <Button kind="plain" onPress={begin}>
              {t("journal.clear")}
            </Button>
          </div>
        </div>
        <div class="journal-aside">
          <Proposed documents={proposed} />
          <AnswerPanel answer={answer} use={use} onAgain={() => setTurn(turn + 1)} />
        </div>
      </div>
    </>
  );
}

function refusalComplaints(failure: unknown): Complaint[] {
  if (failure instanceof Problem && failure.errors.length > 0) {
    return refusalsOf(failure).map((refusal) => ({
      text: `${lookUp(`code.${refusal.code}`) ?? refusal.code}: ${refusal.detail ?? ""}`,
    }));
  }
  return complaintsOf(failure);
}

function HeadForm({
  head,
  change,
}: {
  head: EntryHead;
  change: (part: Partial<EntryHead>) => void;
}) {
  return (
    <div class="filters">
      <Picker
        id="journal-entity"
        label={t("journal.entity")}
        value={head.entity}
        search={searchEntities}
        onChange={(entity) => change({ entity })}
      />
      <Field
        id="journal-date"
        label={t("journal.date")}
        type="date"
        value={head.date}
        onInput={(date) => change({ date })}
        width="short"
      />
      <Field
        id="journal-reference"
        label={t("journal.reference")}
        value={head.reference}
        onInput={(reference) => change({ reference: reference.trim() })}
        width="short"
      />
      <Field
        id="journal-document"
        label={t("journal.document")}
        isOptional
        value={head.document}
        onInput={(document) => change({ document })}
        width="short"
      />
      <Field
        id="journal-memo"
        label={t("journal.memo")}
        value={head.memo}
        onInput={(memo) => change({ memo })}
        maxLength={500}
      />
    </div>
  );
}

/* @answer: names are known when it is there, so the lines are drawn again. */
function Lines({
  model,
  head,
}: {
  model: GridModel;
  head: { current: EntryHead };
  answer: unknown;
}) {
  const editors = useMemo(
    () => ({
      account: pickEditor(searchAccounts),
      line: pickEditor(
        searchLines(
          () => head.current.entity,
          () => head.current.date.slice(0, 4),
        ),
      ),
      counterparty_entity: pickEditor(searchEntities),
      cash_counterparty: pickEditor(searchEntities),
    }),
    [],
  );
  const kinds: Record<string, string> = {
    counterparty_entity: "entity",
    cash_counterparty: "entity",
  };
  return (
    <LedgerGrid
      model={model}
      label={t("journal.lines")}
      editors={editors}
      nameOf={(column, value) => nameFound(kinds[column] ?? column, value)}
      rowsShown={10}
    />
  );
}

function Balance({ rows }: { rows: Record<string, string>[] }) {
  const totals = totalsOf(rows, DECIMALS);
  const isBalanced = isZero(totals.difference);
  return (
    <p class="balance" role="group" aria-label={t("journal.totals")}>
      <span>
        {t("journal.debit")} <b>{money(totals.debit)}</b>
      </span>
      <span>
        {t("journal.credit")} <b>{money(totals.credit)}</b>
      </span>
      <span class={isBalanced ? "" : "minus"}>
        {isBalanced
          ? `✓ ${t("journal.balanced")}`
          : `⚠ ${t("journal.difference")} ${money(totals.difference)}`}
      </span>
    </p>
  );
}

function Propose({
  isFirst,
  onPropose,
}: {
  isFirst: boolean;
  onPropose: (action: string, reason: string) => Promise<void>;
}) {
  const [isOpen, setOpen] = useState(false);
  const [action, setAction] = useState<string>("claim");
  const [reason, setReason] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (isOpen) {
      form.current?.querySelector("select")?.focus();
    }
  }, [isOpen]);
  if (!isOpen) {
    return (
      <Button kind={isFirst ? "primary" : "secondary"} onPress={() => setOpen(true)}>
        {t("journal.propose")}
      </Button>
    );
  }
  return (
    <form
      ref={form}
      class="proposal card"
      onSubmit={(event) => {
        event.preventDefault();
        void onPropose(action, reason.trim());
      }}
    >
      <Select
        id="journal-action"
        label={t("journal.action")}
        value={action}
        onChange={setAction}
        choices={ACTIONS.map((value) => ({ value, label: t(`action.${value}`) }))}
      />
      <Field
        id="journal-reason"
        label={t("remedy.reason")}
        hint={t("remedy.reason_hint")}
        value={reason}
        onInput={setReason}
        width="full"
      />
      <div class="actions">
        <Button kind="primary" type="submit">
          {t("journal.propose_send")}
        </Button>
        <Button onPress={() => setOpen(false)}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}

function Proposed({ documents }: { documents: string[] }) {
  if (documents.length === 0) {
    return null;
  }
  return (
    <div class="notice good" role="status">
      {documents.map((document) => (
        <p>
          <span aria-hidden="true">✓ </span>
          {t("remedy.proposed", { document })}{" "}
          <a href={`/approvals/${encodeURIComponent(document)}`}>{t("remedy.show")}</a>
        </p>
      ))}
      <p class="small">{t("remedy.then")}</p>
    </div>
  );
}

function Done({ posted, onNew }: { posted: Posted; onNew: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const result = posted.receipt.results[0];
  const document = posted.receipt.document;
  const title = posted.kind === "posted" ? t("journal.posted") : t("journal.proposed");
  useEffect(() => {
    heading.current?.focus();
    announce(title);
  }, []);
  return (
    <section class="notice good done">
      <h1 ref={heading} tabIndex={-1}>
        <span aria-hidden="true">✓ </span>
        {title}
      </h1>
      <dl class="facts">
        <dt>{t("journal.reference")}</dt>
        <dd>{posted.reference}</dd>
        {document && (
          <>
            <dt>{t("journal.document_id")}</dt>
            <dd>
              <a href={`/approvals/${encodeURIComponent(document)}`}>{document}</a>
            </dd>
          </>
        )}
        {posted.kind === "posted" && result && (
          <>
            <dt>{t("journal.entry")}</dt>
            <dd>
              {result.entry} ({t("journal.batch")} {result.batch})
            </dd>
            <dt>{t("journal.receipt")}</dt>
            <dd class="mono">{result.receipt}</dd>
          </>
        )}
      </dl>
      {posted.kind === "posted" && (
        <p>
          <a href={link("/entry", { reference: posted.reference, source: SOURCE })}>
            {t("journal.proof")}
          </a>
        </p>
      )}
      <Button kind="primary" onPress={onNew}>
        {t("journal.new")}
      </Button>
    </section>
  );
}
