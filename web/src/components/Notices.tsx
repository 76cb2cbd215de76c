// Notices.tsx: what holds for every screen and must not be overlooked: the server does not answer, or it only
// shows. While it does not answer it is asked again and again, so that a person need not.
import { useEffect, useState } from "preact/hooks";
import { addressOf, isOnline, readUrl } from "../api/client";
import { clock, t } from "../i18n";
import { useRead } from "../load";

const ASK_AGAIN_MS = 3000;

/* Since when nothing has been heard; null: the server answers. */
function useSilence(): Date | null {
  const [since, setSince] = useState<Date | null>(null);
  const isSilent = !isOnline.value;
  useEffect(() => {
    setSince(isSilent ? new Date() : null);
    if (!isSilent) {
      return;
    }
    const url = addressOf("/v1/service");
    const timer = setInterval(() => void readUrl(url).catch(() => undefined), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isSilent]);
  return since;
}

function Silence() {
  const since = useSilence();
  return (
    <div role="status">
      {since && (
        <p class="notice warn banner">
          <span aria-hidden="true">⚠ </span>
          {t("notice.silent", { time: clock(since) })}
        </p>
      )}
    </div>
  );
}

/* A server on a replica: it may be asked for anything and writes nothing. */
function ReadOnly() {
  const { data } = useRead("/v1/service");
  if (data?.mode !== "read-only") {
    return null;
  }
  return (
    <p class="notice banner">
      <span aria-hidden="true">ⓘ </span>
      {t("notice.read_only")} {data.primary && <a href={data.primary}>{t("notice.primary")}</a>}
    </p>
  );
}

export function Notices() {
  return (
    <>
      <Silence />
      <ReadOnly />
    </>
  );
}
