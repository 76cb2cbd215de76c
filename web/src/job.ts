// job.ts: following a job of the server: it is asked for until it has ended. The job goes on when the page is left.
import { useEffect, useState } from "preact/hooks";
import { Problem, read } from "./api/client";
import type { Job } from "./api/types";

const ASK_MS = 700;

export function isRunning(job: Job): boolean {
  return job.state === "waiting" || job.state === "running";
}

/** @begin asks the server for a job; @onEnd when it has ended, whatever came of it. */
export function useJob(begin: () => Promise<Job>, onEnd: () => void) {
  const [job, setJob] = useState<Job | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  useEffect(() => {
    if (!job || !isRunning(job)) {
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const now = await read("/v1/jobs/{job}", { path: { job: job.job } });
        setJob(now);
        if (now.problem) {
          setTrouble(new Problem(now.problem));
        }
        if (!isRunning(now)) {
          onEnd();
        }
      } catch (given) {
        setTrouble(given);
        setJob(null);
      }
    }, ASK_MS);
    return () => clearTimeout(timer);
  }, [job]);
  const start = async () => {
    setTrouble(null);
    try {
      setJob(await begin());
    } catch (given) {
      setTrouble(given);
    }
  };
  return { job, trouble, start, setTrouble };
}
