// list.tsx: which reports there are, by what they are about.
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { lookUp, t, type Key } from "../../i18n";
import { useRead } from "../../load";
import { query } from "../../router";
import { text } from "../../table";
import { link } from "../../router";

/** Families in the order in which people look for them. What none of them names stands in the last. */
const FAMILIES: { title: Key; reports: string[] }[] = [
  { title: "statements.family.statements", reports: ["gfs", "ipsas", "ipsas24", "cofog-economic", "trial-balance"] },
  { title: "statements.family.budget", reports: ["budget-stages", "budget-execution", "budget-book", "control-exceptions", "pefa", "budgetary-resources"] },
  { title: "statements.family.group", reports: ["eliminations", "asymmetries", "transfers", "adjustments", "completeness"] },
];
const NOT_LISTED = ["layout"]; // needs the name of a layout

export function reportTitle(name: string): string {
  return lookUp(`report.${name}`) ?? name;
}

function Family(props: { title: string; reports: { name: string; description: string }[] }) {
  const { unit, period } = query.value;
  return (
    <section class="card">
      <h2>{props.title}</h2>
      <ul class="plain">
        {props.reports.map(({ name, description }) => (
          <li>
            <a href={link(`/statements/${encodeURIComponent(name)}`, { unit, period })}>{reportTitle(name)}</a>
            <div class="quiet small">{lookUp(`report.${name}.about`) ?? description}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function StatementListScreen() {
  const { data, failure, again } = useRead("/v1/reports");
  const there = (data?.rows ?? [])
    .map((row) => ({ name: text(row, "name") || text(row, "report"), description: text(row, "description") }))
    .filter(({ name }) => !NOT_LISTED.includes(name));
  const pick = (names: string[]) => names.flatMap((name) => there.find((each) => each.name === name) ?? []);
  const named = new Set(FAMILIES.flatMap((family) => family.reports));
  const others = there.filter(({ name }) => !named.has(name));
  return (
    <>
      <h1 tabIndex={-1}>{t("statements.title")}</h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {!data && failure === null && <Spinner />}
      <div class="cards">
        {data && FAMILIES.map(({ title, reports }) => <Family title={t(title)} reports={pick(reports)} />)}
        {others.length > 0 && <Family title={t("statements.family.more")} reports={others} />}
      </div>
    </>
  );
}
