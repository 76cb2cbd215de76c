// answer.tsx: what the books would say to an entry, while it is written: accepted or refused, by which
// control, how much is missing, and the lawful ways out, each of which can be taken from here.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { Problem, write } from "../../api/client";
import type { Refusal, Remedy } from "../../api/types";
import { Button } from "../../components/Button";
import { complaintsOf, ErrorSummary, requestOf } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { codeWords, day, lookUp, money, t } from "../../i18n";
import { consumedStages, endOfMonth, orderOf, remedyOptions } from "./entry";
import type { Entry } from "./entry";
import { isOnlyApproval, Needs } from "./needs";

export const SOURCE = "workplace";
const DEBOUNCE_MS = 400;

export type Answer =
  | { state: "none" | "asking" }
  | { state: "accepted"; warnings: Refusal[] }
  | { state: "refused"; refusals: Refusal[] }
  | { state: "needs"; refusals: Refusal[]; entry: Entry }
  | { state: "failed"; failure: unknown };

/** What a problem of an entry lists, as refusals. */
export function refusalsOf(problem: Problem): Refusal[] {
  return problem.errors as unknown as Refusal[];
}

async function ask(entry: Entry, signal: AbortSignal): Promise<Answer> {
  try {
    const asked = { body: { ...entry }, dryRun: true, query: { source: SOURCE }, signal };
    const receipt = await write("POST", "/v1/entries", asked);
    const warnings = receipt.results[0]?.warnings ?? [];
    return { state: "accepted", warnings };
  } catch (failure) {
    const isRefusal =
      failure instanceof Problem && failure.errors.length > 0 && failure.status < 500;
    if (!isRefusal) {
      return { state: "failed", failure };
    }
    const refusals = refusalsOf(failure);
    return isOnlyApproval(refusals) ? { state: "needs", refusals, entry } : { state: "refused", refusals };
  }
}

/** The answer to an entry, a moment after its last change. @prepare: what has to be known of it first. */
export function useAnswer(
  entry: Entry | null,
  turn: number,
  prepare: () => Promise<Entry | null>,
): Answer {
  const [answer, setAnswer] = useState<Answer>({ state: "none" });
  const content = entry === null ? "" : JSON.stringify(entry);
  useEffect(() => {
    if (content === "") {
      setAnswer({ state: "none" });
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      setAnswer({ state: "asking" });
      const whole = await prepare();
      const next: Answer = whole === null ? { state: "none" } : await ask(whole, stop.signal);
      if (!stop.signal.aborted) {
        setAnswer(next);
      }
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [content, turn]);
  return answer;
}

/* Showing ------------------------------------------------------------------------------------- */

function stagesText(refusal: Refusal): string {
  const parts = consumedStages(refusal.stages);
  return parts
    .map(([stage, amount]) => `${lookUp(`stage.${stage}`) ?? stage} ${money(amount)}`)
    .join(", ");
}

function Fund({ refusal }: { refusal: Refusal }) {
  const stages = stagesText(refusal);
  return (
    <dl class="facts funds">
      <dt>{t("answer.control")}</dt>
      <dd>
        {refusal.control}
        {refusal.article && (
          <span class="quiet"> {t("answer.by", { article: refusal.article })}</span>
        )}
      </dd>
      <dt>{t("answer.key")}</dt>
      <dd class="mono">{refusal.key}</dd>
      <dt>{t("answer.limit")}</dt>
      <dd class="amount">{money(refusal.limit)}</dd>
      <dt>{t("answer.consumed")}</dt>
      <dd class="amount">
        {money(refusal.consumed)}
        {stages && <span class="quiet small stages">{stages}</span>}
      </dd>
      <dt>{t("answer.requested")}</dt>
      <dd class="amount">{money(refusal.requested)}</dd>
      <dt class="short">{t("answer.shortfall")}</dt>
      <dd class="amount short">{money(refusal.shortfall)}</dd>
    </dl>
  );
}

export interface RemedyUse {
  entry: Entry;
  onDate: (date: string) => void;
  onProposed: (document: string) => void;
}

export function RefusalView({ refusal, use }: { refusal: Refusal; use: RemedyUse | null }) {
  const remedies = refusal.remedies ?? [];
  return (
    <li class="refusal">
      <p class="refusal-title">{codeWords(refusal.code) ?? refusal.detail ?? refusal.code}</p>
      {refusal.control !== null && <Fund refusal={refusal} />}
      {refusal.control === null && codeWords(refusal.code) !== undefined && (
        <p class="small">{refusal.detail}</p>
      )}
      {refusal.hint && <p class="small quiet">{refusal.hint}</p>}
      {use !== null && remedies.length > 0 && <Remedies remedies={remedies} use={use} />}
    </li>
  );
}

function Remedies({ remedies, use }: { remedies: Remedy[]; use: RemedyUse }) {
  if (remedies.every((remedy) => remedy.kind === "none")) {
    return <p>{t("remedy.none")}</p>;
  }
  return (
    <>
      <h3>{t("remedy.title")}</h3>
      <ol class="remedies">
        {remedyOptions(remedies).map((steps) => (
          <li>
            {steps.map((remedy) => (
              <RemedyStep remedy={remedy} use={use} />
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

function remedyText(remedy: Remedy): string {
  const params = {
    amount: money(remedy.amount),
    from: remedy.from ?? "",
    to: remedy.to ?? "",
    date: day(remedy.date),
  };
  return t(`remedy.${remedy.kind as "virement"}`, params);
}

function byWhom(remedy: Remedy): string {
  const who = remedy.approval
    ? (lookUp(`role.${remedy.approval}`) ?? remedy.approval)
    : t("remedy.second_person");
  const rule = [remedy.rule, remedy.article].filter(Boolean).join(", ");
  return [rule, remedy.approvals > 0 || remedy.approval ? t("remedy.approved_by", { who }) : ""]
    .filter(Boolean)
    .join("; ");
}

function RemedyStep({ remedy, use }: { remedy: Remedy; use: RemedyUse }) {
  const [isOpen, setOpen] = useState(false);
  const canPropose = orderOf(remedy, use.entry, "", "") !== null;
  return (
    <div class="remedy">
      <p>
        {remedyText(remedy)}
        {byWhom(remedy) && <span class="quiet small remedy-rule">{byWhom(remedy)}</span>}
      </p>
      {remedy.kind === "wait" && remedy.date !== null && (
        <Button onPress={() => use.onDate(remedy.date ?? "")}>
          {t("remedy.use_date", { date: day(remedy.date) })}
        </Button>
      )}
      {canPropose && !isOpen && (
        <Button onPress={() => setOpen(true)}>
          {t(`remedy.propose.${remedy.kind as "virement"}`)}
        </Button>
      )}
      {canPropose && isOpen && (
        <ProposalForm remedy={remedy} use={use} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

function ProposalForm({
  remedy,
  use,
  onClose,
}: {
  remedy: Remedy;
  use: RemedyUse;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const [expires, setExpires] = useState(endOfMonth(use.entry.date));
  const [failure, setFailure] = useState<unknown>(null);
  const [isMissing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const id = `remedy-${remedy.kind}-${remedy.option ?? 0}`;
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const propose = async () => {
    setMissing(reason.trim() === "");
    const order = orderOf(remedy, use.entry, reason.trim(), expires);
    if (order === null || reason.trim() === "") {
      return;
    }
    try {
      const { document } = await write("POST", order.path, { body: order.body });
      announce(t("remedy.proposed", { document: document ?? "" }));
      use.onProposed(document ?? "");
    } catch (caught) {
      setFailure(caught);
    }
  };
  return (
    <form
      ref={form}
      class="proposal"
      onSubmit={(event) => {
        event.preventDefault();
        void propose();
      }}
    >
      {failure !== null && (
        <ErrorSummary complaints={complaintsOf(failure)} request={requestOf(failure)} />
      )}
      <Field
        id={`${id}-reason`}
        label={t("remedy.reason")}
        hint={t("remedy.reason_hint")}
        error={isMissing ? t("remedy.reason_missing") : null}
        value={reason}
        onInput={setReason}
        width="full"
      />
      {remedy.kind === "override" && (
        <Field
          id={`${id}-expires`}
          label={t("remedy.expires")}
          type="date"
          value={expires}
          onInput={setExpires}
        />
      )}
      <div class="actions">
        <Button kind="primary" onPress={propose}>
          {t("remedy.send")}
        </Button>
        <Button onPress={onClose}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}

function headingOf(answer: Answer): string {
  return t(`answer.${answer.state}`);
}

/** The panel beside the grid. It is said when it changes its mind. */
export function AnswerPanel({
  answer,
  use,
  onAgain,
}: {
  answer: Answer;
  use: RemedyUse | null;
  onAgain: () => void;
}) {
  const heading = headingOf(answer);
  useEffect(() => {
    if (answer.state === "accepted" || answer.state === "refused" || answer.state === "needs") {
      announce(heading);
    }
  }, [answer.state]);
  const tone = { accepted: "good", refused: "bad", needs: "warn", failed: "warn", none: "", asking: "" }[answer.state];
  const sign = { accepted: "✓ ", refused: "✕ ", needs: "✎ ", failed: "⚠ ", none: "", asking: "" }[answer.state];
  return (
    <section
      class={`notice answer ${tone}`}
      aria-labelledby="answer-title"
      data-state={answer.state}
    >
      <h2 id="answer-title">
        <span aria-hidden="true">{sign}</span>
        {heading}
      </h2>
      {answer.state === "none" && <p class="quiet">{t("answer.none_text")}</p>}
      {answer.state === "accepted" && <Warnings warnings={answer.warnings} />}
      {answer.state === "refused" && (
        <ul class="refusals">
          {answer.refusals.map((refusal) => (
            <RefusalView refusal={refusal} use={use} />
          ))}
        </ul>
      )}
      {answer.state === "needs" && <Needs entry={answer.entry} refusals={answer.refusals} />}
      {answer.state === "failed" && <p>{complaintsOf(answer.failure)[0]?.text}</p>}
      {(answer.state === "refused" || answer.state === "failed") && (
        <Button onPress={onAgain}>{t("answer.again")}</Button>
      )}
    </section>
  );
}

function Warnings({ warnings }: { warnings: Refusal[] }) {
  if (warnings.length === 0) {
    return <p class="quiet">{t("answer.accepted_text")}</p>;
  }
  return (
    <ul class="refusals">
      {warnings.map((warning) => (
        <RefusalView refusal={warning} use={null} />
      ))}
    </ul>
  );
}
