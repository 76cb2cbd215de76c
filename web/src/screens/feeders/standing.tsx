// standing.tsx: how a feeder stands, in one word and a sign, and the times and shares of its row.
import { locale, lookUp, percent, t, type Key } from "../../i18n";
import type { Row } from "../../api/types";
import { millionths, subtract } from "../../money";
import { text } from "../../table";

export type Standing = "quarantined" | "silent" | "late" | "never" | "good" | "resting";

/* The gravest first: that is the order of the list, too. */
export const STANDINGS: Standing[] = ["quarantined", "silent", "late", "never", "good", "resting"];

export function standingOf(row: Row): Standing {
  if (text(row, "state") !== "active") {
    return "resting";
  }
  if (text(row, "outcome") === "quarantined") {
    return "quarantined";
  }
  if (Number(row["failures"] ?? 0) > 0) {
    return "silent";
  }
  if (text(row, "answered") === "") {
    return "never";
  }
  return Number(row["late_h"] ?? 0) > 0 ? "late" : "good";
}

const TONES: Record<Standing, [tone: string, sign: string]> = {
  quarantined: ["bad", "✗"],
  silent: ["bad", "✗"],
  late: ["warn", "⚠"],
  never: ["warn", "…"],
  good: ["good", "✓"],
  resting: ["", "–"],
};

export function StandingTag(props: { standing: Standing }) {
  const [tone, sign] = TONES[props.standing];
  return (
    <span class={`tag ${tone}`}>
      <span aria-hidden="true">{sign} </span>
      {t(`feeders.standing.${props.standing}` as Key)}
    </span>
  );
}

export function OutcomeTag(props: { outcome: string }) {
  const tones: Record<string, string> = { posted: "good", unchanged: "good", quarantined: "bad", failed: "bad", lost: "bad" };
  return <span class={`tag ${tones[props.outcome] ?? ""}`}>{lookUp(`feeders.outcome.${props.outcome}`) ?? props.outcome}</span>;
}

/** "2024-06-30 10:22", UTC, for the reader's place and language; seconds tell nothing here. */
export function momentOf(utc: string): string {
  const date = new Date(`${utc.replace(" ", "T")}${utc.length === 16 ? ":00" : ""}Z`);
  return Number.isNaN(date.getTime()) ? utc : new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** The part of the value that has a code of ours; "" where nothing was looked up. */
export function shareOf(row: Row): string {
  const [mapped, suspense] = [text(row, "mapped"), text(row, "suspense")];
  if (mapped === "" || suspense === "" || /^0(\.0+)?$/.test(mapped)) {
    return "";
  }
  const share = millionths(subtract(mapped, suspense), mapped);
  return share > 999_499 && share < 1_000_000 ? `< ${percent(1_000_000)}` : percent(share);
}

/** Whole days since a day, "2024-06-30". */
export function daysSince(day: string): number {
  return Math.max(0, Math.floor((Date.now() - Date.parse(`${day}T00:00:00Z`)) / 86_400_000));
}
