// journal.tsx: writing an entry. While it is written the books are asked whether they would take it; when
// they would not, the ways out stand beside it. What is written stays in this tab until it is posted.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import { Button } from "../../components/Button";
import { complaintsOf, ErrorSummary, requestOf, type Complaint } from "../../components/ErrorSummary";
import { useKeyHelp } from "../../components/KeyHelp";
import { useGrid } from "../../grid/LedgerGrid";
import { gridKeyRows } from "../../grid/keys";
import { isNational } from "../../grid/lookups";
import { GridModel } from "../../grid/model";
import { conventionOf } from "../../grid/value";
import { columnTitle, locale, lookUp, t } from "../../i18n";
import { useRead } from "../../load";
import { AnswerPanel, refusalsOf, SOURCE, useAnswer, type RemedyUse } from "./answer";
import { decimalsOf } from "../../book";
import { dropDraft, emptyHead, emptyRows, gridComplaints, headComplaints, loadDraft, prepared, rowsOf, saveDraft } from "./draft";
import { cellOf, entryOf, isAskable, journalColumns, type Entry, type EntryHead } from "./entry";
import { Balance, Done, HeadForm, Lines, Propose, Proposed, type Posted } from "./parts";

/* Of another currency it has another number of decimals: what was written is judged anew. */
function modelOf(rows: string[][], decimals: number): GridModel {
  const title = (id: string) => (id === "line" ? t("column.line.journal") : columnTitle(id));
  const options = { convention: conventionOf(locale()), locale: locale(), canGrow: true };
  const model = new GridModel(journalColumns(title, decimals), [], options);
  model.reset(rows.length > 0 ? rows : emptyRows());
  return model;
}

function nameOf(entry: Entry): string {
  return `${entry.entity}/${entry.journal_id}`;
}

async function postEntry(entry: Entry): Promise<Posted> {
  const receipt = await write("POST", "/v1/entries", { body: { ...entry }, query: { source: SOURCE } });
  return { kind: "posted", reference: nameOf(entry), receipt, document: null };
}

async function proposeEntry(entry: Entry, action: string, reason: string): Promise<Posted> {
  const { entity } = entry;
  const body = { action, reason, entity, source: SOURCE, entries: [entry] };
  const receipt = await write("POST", "/v1/documents", { body });
  return { kind: "proposed", reference: nameOf(entry), receipt, document: receipt.document };
}

export function JournalScreen() {
  const draft = useMemo(loadDraft, []);
  const [head, setHead] = useState<EntryHead>(draft.head);
  const [posted, setPosted] = useState<Posted | null>(null);
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [proposed, setProposed] = useState<string[]>([]);
  const [turn, setTurn] = useState(0);
  const book = useRead("/v1/book");
  const headNow = useRef(head);
  headNow.current = head;
  const decimals = decimalsOf(head.entity);
  const rowsNow = useRef(() => draft.rows);
  const model = useMemo(() => modelOf(rowsNow.current(), decimals), [decimals]);
  rowsNow.current = () => rowsOf(model);
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
  /* @submit: sends the entry, made whole, and says what became of it. */
  const send = async (submit: (whole: Entry) => Promise<Posted>) => {
    const found = [...headComplaints(head), ...(hasErrors ? gridComplaints(model) : [])];
    setComplaints(found);
    if (found.length > 0) {
      return;
    }
    try {
      const told = await submit(await prepared(head, model));
      dropDraft();
      setPosted(told);
    } catch (failure) {
      setComplaints(refusalComplaints(failure));
      setRequest(requestOf(failure));
      setTurn(turn + 1);
    }
  };
  const post = () => send(postEntry);
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
          <Balance rows={rows} decimals={decimals} />
          <div class="actions">
            <Button kind="primary" keys="Control+S" onPress={post}>
              {t("journal.post")}
            </Button>
            <Propose
              isFirst={book.data?.duties_enforced === true}
              onPropose={(action, reason) => send((whole) => proposeEntry(whole, action, reason))}
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
