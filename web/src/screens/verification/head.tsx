// head.tsx: a signed head of the books, for people.
import { money, moment, t } from "../../i18n";
import type { Head } from "./note";

export function HeadLines(props: { head: Head }) {
  const { head } = props;
  return (
    <dl class="facts">
      <dt>{t("head.size")}</dt>
      <dd>{money(head.size)}</dd>
      <dt>{t("head.at")}</dt>
      <dd>{moment(head.time)}</dd>
      <dt>{t("head.root")}</dt>
      <dd class="mono">{head.root}</dd>
      {head.signedBy.length > 0 && (
        <>
          <dt>{t("head.by")}</dt>
          <dd class="mono">{head.signedBy.join(", ")}</dd>
        </>
      )}
    </dl>
  );
}
