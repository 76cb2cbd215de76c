// parts.tsx: the parts of the journal screen: head, lines, totals, the proposal, and what became of it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { Button } from "../../components/Button";
import { Field, Select } from "../../components/Field";
import { Picker, pickEditor } from "../../grid/Combobox";
import { LedgerGrid } from "../../grid/LedgerGrid";
import { nameFound, searchAccounts, searchEntities, searchLines } from "../../grid/lookups";
import type { GridModel } from "../../grid/model";
import { money, t } from "../../i18n";
import { isZero } from "../../money";
import { link } from "../../router";
import type { Receipt } from "../../api/types";
import { SOURCE } from "./answer";
import { totalsOf, type EntryHead } from "./entry";

const ACTIONS = ["claim", "payment", "commitment", "revenue", "journal", "direct_payment"] as const;

export interface Posted {
  kind: "posted" | "proposed";
  reference: string;
  receipt: Pick<Receipt, "results">;
  document: string | null;
}

export function HeadForm({
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
export function Lines({
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

export function Balance({ rows, decimals }: { rows: Record<string, string>[]; decimals: number }) {
  const totals = totalsOf(rows, decimals);
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

export function Propose({
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

export function Proposed({ documents }: { documents: string[] }) {
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

export function Done({ posted, onNew }: { posted: Posted; onNew: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const result = posted.receipt.results[0];
  const { document } = posted;
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
