// pull.tsx: having books taken now: a button, how far it is, what came of it. The work is a job of the server: it goes
// on when the page is left.
import { write } from "../../api/client";
import type { Job } from "../../api/types";
import { Button } from "../../components/Button";
import { Failure } from "../../components/ErrorSummary";
import { announce } from "../../components/live";
import { integer, lookUp, t, tn } from "../../i18n";
import { isRunning, useJob } from "../../job";
import { hasRole, session } from "../../session";

interface Pulled {
  feeder: string;
  document: string;
  outcome: string;
  run: number | null;
  posted: number;
  reversed: number;
  unchanged: number;
  reason: string | null;
}

/** Where roles say nothing, duties are not in force: then everybody may. The server decides again. */
function mayPull(): boolean {
  return session.value?.roles.length === 0 || hasRole("ministry_officer", "integration");
}

function Progress(props: { job: Job }) {
  const { done, total } = props.job.progress;
  return (
    <p role="status">
      {total ? <progress max={total} value={done} aria-label={t("feeders.pulling")} /> : <progress aria-label={t("feeders.pulling")} />}{" "}
      {total ? t("feeders.progress", { done: integer(done), total: integer(total) }) : t("feeders.pulling")}
    </p>
  );
}

function runsOf(job: Job): Pulled[] {
  return (job.result as { runs?: Pulled[] } | null)?.runs ?? [];
}

function Line(props: { run: Pulled }) {
  const { run } = props;
  const name = run.document === "" ? run.feeder : `${run.feeder}, ${run.document}`;
  return (
    <li>
      {run.run === null ? name : <a href={`/feeders/${encodeURIComponent(run.feeder)}/runs/${run.run}`}>{name}</a>}:{" "}
      {lookUp(`feeders.outcome.${run.outcome}`) ?? run.outcome}
      {run.posted + run.reversed > 0 && ` (${t("feeders.counts", { posted: integer(run.posted), reversed: integer(run.reversed) })})`}
      {run.reason && run.outcome !== "posted" ? ` – ${run.reason}` : ""}
    </li>
  );
}

const SHOWN_MAX = 20;

/* Trouble first: who has taken a hundred books wants to know of the one that failed. */
function Result(props: { job: Job }) {
  const runs = runsOf(props.job);
  const isBad = (run: Pulled) => run.outcome === "quarantined" || run.outcome === "failed";
  const bad = runs.filter(isBad).length;
  const shown = [...runs.filter(isBad), ...runs.filter((run) => !isBad(run))].slice(0, SHOWN_MAX);
  const title = props.job.state === "cancelled" ? t("feeders.cancelled") : bad > 0 ? tn("feeders.ended_bad", bad) : t("feeders.ended");
  return (
    <div class={`notice ${bad > 0 ? "bad" : "good"}`} id="pull-result">
      <p>
        <strong>
          <span aria-hidden="true">{bad > 0 ? "✗ " : "✓ "}</span>
          {title}
        </strong>
      </p>
      {runs.length === 0 ? (
        <p>{t("feeders.nothing_due")}</p>
      ) : (
        <ul>
          {shown.map((run) => (
            <Line run={run} />
          ))}
        </ul>
      )}
      {runs.length > SHOWN_MAX && <p>{t("feeders.more_runs", { count: integer(runs.length - SHOWN_MAX) })}</p>}
    </div>
  );
}

/** @feeder: only this one; else all whose time has come. */
export function Pull(props: { feeder?: string; onEnd: () => void }) {
  const { job, trouble, start, setTrouble } = useJob(
    () =>
      props.feeder === undefined
        ? write("POST", "/v1/pulls", { body: {} })
        : write("POST", "/v1/feeders/{feeder}/pull", { path: { feeder: props.feeder }, body: {} }),
    () => {
      announce(t("feeders.ended"));
      props.onEnd();
    },
  );
  const cancel = () => write("DELETE", "/v1/jobs/{job}", { path: { job: job?.job ?? "" } }).catch(setTrouble);
  if (!mayPull()) {
    return null;
  }
  return (
    <section class="pull" aria-label={t("feeders.pull_region")}>
      {job && isRunning(job) ? (
        <>
          <Progress job={job} />
          <Button onPress={cancel}>{t("feeders.cancel")}</Button>
        </>
      ) : (
        <Button kind="primary" onPress={start}>
          {props.feeder === undefined ? t("feeders.pull_due") : t("feeders.pull_one")}
        </Button>
      )}
      {trouble !== null && <Failure failure={trouble} />}
      {job && !isRunning(job) && !job.problem && <Result job={job} />}
    </section>
  );
}
