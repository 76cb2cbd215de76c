// sending.tsx: marked documents go to the server one after the other: what is confirmed where a second factor is wanted,
// all of them at once; how far it is; and in the end what was not approved.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import { currencyOf } from "../../book";
import { Button } from "../../components/Button";
import { announce } from "../../components/live";
import { integer, money, t, tn } from "../../i18n";
import { session } from "../../session";
import { StepUp } from "../account/step_up";
import { decisionComplaints } from "./complaints";
import { approveEach, digestsOf, hasSuspense, Stopped, sumsOf, type Outcome, type Seen, type Sum } from "./several";

interface Asked {
  rest: Seen[];
  isAgain: boolean; // what was confirmed before is over
  resolve: (step: string) => void;
  reject: (failure: Error) => void;
}

export interface Sending {
  done: number;
  total: number; // 0: nothing is under way
  asked: Asked | null; // what waits for its confirmation
  outcome: Outcome | null;
  start: (marked: Seen[]) => Promise<void>;
  stop: () => void;
}

async function post({ document, digest }: Seen, step: string | null): Promise<void> {
  await write("POST", "/v1/documents/{document}/approve", {
    path: { document },
    body: { digest },
    ...(step === null ? {} : { headers: { "X-Fisc-Step-Up": step } }),
  });
}

const takesStep = (failure: unknown) =>
  failure instanceof Problem && failure.code === "STEP_UP_NEEDED" && session.value?.strong !== false;

/** @onEnd: when all have had their turn, with those that were not sent. Whoever leaves the page stops it. */
export function useSending(onEnd: (unsent: Seen[]) => void): Sending {
  const [turn, setTurn] = useState({ done: 0, total: 0 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isStopped = useRef(false);
  useEffect(() => () => void (isStopped.current = true), []);

  const confirm = (rest: Seen[], isAgain: boolean) =>
    new Promise<string>((resolve, reject) => setAsked({ rest, isAgain, resolve, reject })).finally(() => setAsked(null));
  const start = async (marked: Seen[]) => {
    isStopped.current = false;
    setOutcome(null);
    setTurn({ done: 0, total: marked.length });
    const came = await approveEach(marked, {
      send: post,
      confirm,
      takesStep,
      isStopped: () => isStopped.current,
      onDone: (done) => setTurn({ done, total: marked.length }),
      whyOf: (failure) => decisionComplaints(failure).map((each) => each.text).join("; "),
    });
    setTurn({ done: 0, total: 0 });
    setOutcome(came);
    onEnd(came.unsent);
  };
  const stop = () => {
    isStopped.current = true;
    asked?.reject(new Stopped());
  };
  return { ...turn, asked, outcome, start, stop };
}

export function SendingPanel({ sending }: { sending: Sending }) {
  const { done, total, asked, outcome, stop } = sending;
  if (total === 0) {
    return outcome && <Told outcome={outcome} />;
  }
  return (
    <section class="card sending" aria-label={t("approvals.sending")}>
      {(asked === null || done > 0) && (
        <p>
          <progress max={total} value={done} aria-label={t("approvals.sending")} />{" "}
          {t("approvals.sent_of", { done, total })}
        </p>
      )}
      {asked ? (
        <>
          {asked.isAgain && <p role="alert">{t("approvals.over")}</p>}
          <ToConfirm rest={asked.rest} />
          <StepUp
            key={asked.rest.length}
            digests={digestsOf(asked.rest)}
            submit={tn("approvals.confirm_marked", asked.rest.length)}
            onStep={async (step) => asked.resolve(step)}
            onCancel={stop}
          />
        </>
      ) : (
        <Button onPress={stop}>{t("approvals.stop")}</Button>
      )}
    </section>
  );
}

const withCurrency = (amount: string, { currency }: Sum) => [money(amount), currency].filter(Boolean).join(" ");

/* What the list has shown of them, added up: no press without knowing how much it is. */
function ToConfirm({ rest }: { rest: Seen[] }) {
  const { sums, others } = sumsOf(rest, currencyOf);
  const unusual = sums.filter(hasSuspense);
  return (
    <dl class="facts">
      <dt>{t("approvals.to_confirm")}</dt>
      <dd>{tn("approvals.count", rest.length)}</dd>
      {sums.length > 0 && <dt>{t("approvals.total")}</dt>}
      {sums.map((sum) => (
        <dd class="unbroken">{withCurrency(sum.value, sum)}</dd>
      ))}
      {unusual.length > 0 && <dt>{t("feeders.column.suspense")}</dt>}
      {unusual.map((sum) => (
        <dd class="unbroken">
          <span aria-hidden="true">⚠ </span>
          {withCurrency(sum.suspense, sum)}
        </dd>
      ))}
      {sums.length > 0 && others > 0 && (
        <>
          <dt>{t("approvals.no_total")}</dt>
          <dd>{integer(others)}</dd>
        </>
      )}
    </dl>
  );
}

const linkTo = (document: string) => <a href={`/approvals/${encodeURIComponent(document)}`}>{document}</a>;

/* What came of it; the focus comes here, for the button that was pressed is gone. */
function Told({ outcome }: { outcome: Outcome }) {
  const { approved, left, unsent } = outcome;
  const box = useRef<HTMLElement>(null);
  const words = tn("approvals.approved_count", approved.length);
  const tone = left.length > 0 ? "bad" : unsent.length > 0 ? "warn" : "good";
  useEffect(() => {
    box.current?.focus();
    announce(words);
  }, [outcome]);
  return (
    <section ref={box} class={`notice ${tone}`} tabIndex={-1} aria-label={t("approvals.sent")}>
      <p>{words}</p>
      {left.length > 0 && (
        <>
          <p>{tn("approvals.left_count", left.length)}</p>
          <ul>
            {left.map(({ document, why }) => (
              <li>
                {linkTo(document)}: {why}
              </li>
            ))}
          </ul>
        </>
      )}
      {unsent.length > 0 && <p>{tn("approvals.unsent_count", unsent.length)}</p>}
      {approved.length > 0 && (
        <details>
          <summary>{t("approvals.which")}</summary>
          <ul>
            {approved.map((document) => (
              <li>{linkTo(document)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
