// verification.tsx: are the books what was posted? The last answer, a new question, and the proof of
// a single entry for somebody outside.
import { useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import { Button } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { complaintsOf, ErrorSummary, Failure } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { announce } from "../../components/live";
import { Spinner } from "../../components/Spinner";
import { integer, moment, t } from "../../i18n";
import type { Job, Verification } from "../../api/types";
import { isRunning, useJob } from "../../job";
import { useRead } from "../../load";
import { go } from "../../router";
import { HeadLines } from "./head";
import { readNote } from "./note";
import { OfflineCheck } from "./proof";

export function VerdictNotice(props: { last: Verification }) {
  const { last } = props;
  return (
    <div class={`notice ${last.clean ? "good" : "bad"}`}>
      <p>
        <strong>
          <span aria-hidden="true">{last.clean ? "✓ " : "✗ "}</span>
          {last.clean ? t("verify.good") : t("verify.bad", { count: integer(last.findings.length + last.dropped) })}
        </strong>
      </p>
      <p class="small">
        {t("verify.at", { time: moment(last.verified_at), person: last.person })}{" "}
        {t("verify.looked_at", { batches: integer(last.batches), entries: integer(last.entries), lines: integer(last.lines) })}
      </p>
      {last.findings.length > 0 && (
        <ul>
          {last.findings.map((each) => (
            <li>{each.text}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Progress(props: { job: Job }) {
  const { done, total } = props.job.progress;
  return (
    <p role="status">
      {total ? (
        <>
          <progress max={total} value={done} /> {t("verify.progress", { done: integer(done), total: integer(total) })}
        </>
      ) : (
        <>
          <progress /> {t("verify.running")}
        </>
      )}
    </p>
  );
}

function Verify() {
  const { data: last, failure, again } = useRead("/v1/verification");
  const { job, trouble, start } = useJob(
    () => write("POST", "/v1/verifications", { body: {} }),
    () => {
      announce(t("verify.ended"));
      again();
    },
  );
  const isNever = failure instanceof Problem && failure.status === 404;
  return (
    <section aria-labelledby="verify-title">
      <h2 id="verify-title">{t("verify.last")}</h2>
      {failure !== null && !isNever && <Failure failure={failure} onRetry={again} />}
      {trouble !== null && <Failure failure={trouble} />}
      {!last && failure === null && <Spinner />}
      {isNever && !job && <Empty title={t("verify.never")} />}
      {last && failure === null && <VerdictNotice last={last} />}
      {job && isRunning(job) ? (
        <Progress job={job} />
      ) : (
        <Button kind="primary" onPress={start}>
          {t("verify.start")}
        </Button>
      )}
      <p class="quiet">{t("verify.about")}</p>
    </section>
  );
}

export function HeadFacts() {
  const { data, failure } = useRead("/v1/head");
  const head = typeof data === "string" ? readNote(data) : null;
  if (failure !== null) {
    return <p class="quiet">{failure instanceof Problem && failure.status === 404 ? t("head.none") : complaintsOf(failure)[0]?.text}</p>;
  }
  return head && <HeadLines head={head} />;
}

function FindEntry() {
  const [reference, setReference] = useState("");
  const [source, setSource] = useState("");
  const [isMissing, setMissing] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    setMissing(!reference.trim());
    if (reference.trim()) {
      go("/entry", { reference: reference.trim(), source: source.trim(), from: "/verification" });
    }
  };
  const words = isMissing ? t("proof.reference_missing") : null;
  return (
    <form onSubmit={submit} aria-labelledby="find-title" noValidate>
      <h2 id="find-title">{t("proof.find")}</h2>
      <p>{t("proof.about")}</p>
      <ErrorSummary complaints={words ? [{ text: words, field: "reference" }] : []} />
      <Field id="reference" label={t("column.reference")} hint={t("proof.reference_hint")} error={words} value={reference} onInput={setReference} />
      <Field id="source" label={t("column.source")} isOptional hint={t("proof.source_hint")} value={source} onInput={setSource} />
      <Button kind="primary" type="submit">
        {t("proof.open")}
      </Button>
      <OfflineCheck file="proof.json" />
    </form>
  );
}

export function VerificationScreen() {
  return (
    <>
      <h1 tabIndex={-1}>{t("verify.title")}</h1>
      <div class="two">
        <Verify />
        <section aria-labelledby="head-title">
          <h2 id="head-title">{t("head.title")}</h2>
          <p class="quiet">{t("head.about")}</p>
          <HeadFacts />
        </section>
      </div>
      <FindEntry />
    </>
  );
}
