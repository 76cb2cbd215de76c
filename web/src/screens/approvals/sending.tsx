// sending.tsx: marked documents go to the server one after the other: how far it is, the confirmation that each of them
// takes where a second factor is wanted, and in the end what was not approved.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import { Button } from "../../components/Button";
import { announce } from "../../components/live";
import { t, tn } from "../../i18n";
import { session } from "../../session";
import { StepUp } from "../account/step_up";
import { decisionComplaints } from "./complaints";
import { approveEach, Stopped, type Left, type Seen } from "./several";

interface Asked extends Seen {
  resolve: (step: string) => void;
  reject: (failure: Error) => void;
}

interface Outcome {
  approved: number;
  left: Left[];
}

export interface Sending {
  done: number;
  total: number; // 0: nothing is under way
  asked: Asked | null; // which document waits for its confirmation
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

/** @onEnd: when all have had their turn. Whoever leaves the page stops it. */
export function useSending(onEnd: () => void): Sending {
  const [turn, setTurn] = useState({ done: 0, total: 0 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isStopped = useRef(false);
  useEffect(() => () => void (isStopped.current = true), []);

  const confirm = (one: Seen) =>
    new Promise<string>((resolve, reject) => setAsked({ ...one, resolve, reject })).finally(() => setAsked(null));
  const start = async (marked: Seen[]) => {
    let isStepWanted = false; // after the first that was refused without, nobody tries without
    const send = async (one: Seen) => {
      try {
        await post(one, isStepWanted ? await confirm(one) : null);
      } catch (failure) {
        if (isStepWanted || !takesStep(failure)) {
          throw failure;
        }
        isStepWanted = true;
        await post(one, await confirm(one));
      }
    };
    isStopped.current = false;
    setOutcome(null);
    setTurn({ done: 0, total: marked.length });
    const left = await approveEach(marked, {
      send,
      isStopped: () => isStopped.current,
      onDone: (done) => setTurn({ done, total: marked.length }),
      whyOf: (failure) => decisionComplaints(failure).map((each) => each.text).join("; "),
      stopped: t("approvals.not_sent"),
    });
    setTurn({ done: 0, total: 0 });
    setOutcome({ approved: marked.length - left.length, left });
    onEnd();
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
      <p>
        <progress max={total} value={done} aria-label={t("approvals.sending")} />{" "}
        {t("approvals.sent_of", { done, total })}
      </p>
      {asked ? (
        <>
          <p>{t("approvals.confirm_one", { document: asked.document })}</p>
          <StepUp
            key={asked.document}
            digest={asked.digest}
            submit={t("approvals.confirm.approve")}
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

/* What came of it; the focus comes here, for the button that was pressed is gone. */
function Told({ outcome }: { outcome: Outcome }) {
  const box = useRef<HTMLElement>(null);
  const words = tn("approvals.approved_count", outcome.approved);
  useEffect(() => {
    box.current?.focus();
    announce(words);
  }, [outcome]);
  return (
    <section ref={box} class={`notice ${outcome.left.length > 0 ? "bad" : "good"}`} tabIndex={-1} aria-label={t("approvals.sent")}>
      <p>{words}</p>
      {outcome.left.length > 0 && (
        <>
          <p>{tn("approvals.left_count", outcome.left.length)}</p>
          <ul>
            {outcome.left.map(({ document, why }) => (
              <li>
                <a href={`/approvals/${encodeURIComponent(document)}`}>{document}</a>: {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
