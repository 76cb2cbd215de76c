// home.tsx: what waits for the person who has signed in, by role; how far the budget is used; what was
// posted last. A part that the server does not give to this person is left out, not shown as broken.
import type { ComponentChildren } from "preact";
import type { Row, Table } from "../api/types";
import { book, figureUnits, isGroup, newestYear, unitLabel, usualUnit } from "../book";
import { UseBar } from "../components/Bars";
import { DataTable } from "../components/DataTable";
import { Spinner } from "../components/Spinner";
import { day, integer, lookUp, moment, t, tn } from "../i18n";
import { useRead } from "../load";
import { isAmount } from "../money";
import { useDocumentNews } from "../news";
import { link } from "../router";
import { hasRole, session } from "../session";
import { text } from "../table";
import { entryHref } from "./statements/drill";
import { HeadFacts, VerdictNotice } from "./verification/verification";

const LIST_MAX = 6;
const BARS_MAX = 8;

function Card(props: { title: string; children: ComponentChildren; href?: string; more?: string; class?: string }) {
  return (
    <section class={`card ${props.class ?? ""}`}>
      <h2>{props.title}</h2>
      {props.children}
      {props.href && (
        <p class="card-more">
          <a href={props.href}>{props.more}</a>
        </p>
      )}
    </section>
  );
}

function reads(loaded: { failure: unknown; data: Table | undefined }): boolean {
  return loaded.failure === null;
}

function DocumentLine(props: { row: Row }) {
  const { row } = props;
  const action = text(row, "action");
  return (
    <li>
      <a href={`/approvals/${encodeURIComponent(text(row, "document"))}`}>{text(row, "document")}</a>
      <span class="quiet small">
        {" "}
        {lookUp(`action.${action}`) ?? action}, {text(row, "entity")}, {text(row, "maker")}
      </span>
      {text(row, "reason") && <div class="small">{text(row, "reason")}</div>}
    </li>
  );
}

function Waiting() {
  const documents = useRead("/v1/documents", { query: { waiting: true, limit: LIST_MAX + 1 } });
  useDocumentNews(documents.again);
  if (!reads(documents)) {
    return null;
  }
  const rows = documents.data?.rows ?? [];
  return (
    <Card title={t("home.waiting")} {...(rows.length > 0 ? { href: "/approvals", more: t("home.waiting.all") } : {})}>
      {!documents.data && <Spinner />}
      {documents.data && rows.length === 0 && <p class="quiet">{t("home.waiting.none")}</p>}
      <ul class="plain">
        {rows.slice(0, LIST_MAX).map((row) => (
          <DocumentLine row={row} />
        ))}
      </ul>
    </Card>
  );
}

function Mine() {
  const documents = useRead("/v1/documents", { query: { mine: true, state: "proposed", limit: LIST_MAX } });
  const rows = documents.data?.rows ?? [];
  if (!reads(documents) || rows.length === 0) {
    return null;
  }
  return (
    <Card title={t("home.mine")} href="/approvals?mine=true" more={t("home.mine.all")}>
      <ul class="plain">
        {rows.map((row) => (
          <DocumentLine row={row} />
        ))}
      </ul>
    </Card>
  );
}

const BUDGET_DONE = ["enacted", "closed", "withdrawn", "archived"];

function Budgets() {
  const budgets = useRead("/v1/budgets");
  const rows = (budgets.data?.rows ?? []).filter((row) => !BUDGET_DONE.includes(text(row, "step") || text(row, "state")));
  if (!reads(budgets) || rows.length === 0) {
    return null;
  }
  return (
    <Card title={t("home.budgets")} href="/budget" more={t("home.budgets.all")}>
      <ul class="plain">
        {rows.slice(0, LIST_MAX).map((row) => (
          <li>
            <a href={`/budget/${encodeURIComponent(text(row, "version"))}`}>{text(row, "title") || text(row, "version")}</a>
            <span class="quiet small"> {text(row, "step") || text(row, "state")}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Periods() {
  const periods = useRead("/v1/periods");
  const open = (periods.data?.rows ?? []).filter((row) => text(row, "state") === "open").map((row) => text(row, "period"));
  if (!reads(periods)) {
    return null;
  }
  return (
    <Card title={t("home.periods")}>
      {!periods.data && <Spinner />}
      {periods.data && open.length === 0 && <p class="quiet">{t("home.periods.none")}</p>}
      {open.length > 0 && (
        <p>
          {tn("home.periods.open", open.length)}: <span class="quiet">{open.length > 4 ? `${open[0]} … ${open[open.length - 1]}` : open.join(", ")}</span>
        </p>
      )}
    </Card>
  );
}

function Audit() {
  const last = useRead("/v1/verification");
  return (
    <Card title={t("home.audit")} class="wide" href="/verification" more={t("home.audit.all")}>
      {last.data && last.failure === null ? <VerdictNotice last={last.data} /> : <p class="quiet">{t("verify.never")}</p>}
      <HeadFacts />
    </Card>
  );
}

/** Entities of a group; of one entity its kinds of expense. */
function Bars() {
  const unit = usualUnit.value;
  const period = newestYear.value;
  const by = isGroup(unit) ? "entity" : "economic:1";
  const stages = useRead(unit && period ? "/v1/reports/{report}" : null, { path: { report: "budget-stages" }, query: { unit, period, by } });
  const rows = (stages.data?.rows ?? []).filter((row) => isAmount(row["final"]) && isAmount(row["obligated"]) );
  if (!reads(stages) || (stages.data && rows.length === 0)) {
    return null;
  }
  return (
    <Card
      title={t("home.bars", { period })}
      class="wide"
      href={link("/statements/budget-stages", { unit, period })}
      more={t("home.bars.all")}
    >
      <p class="quiet small">
        {[unitLabel(unit), t("home.bars.about"), figureUnits("")].filter(Boolean).join(" · ")}
      </p>
      {!stages.data && <Spinner />}
      <div class="use-list">
        {rows.slice(0, BARS_MAX).map((row) => (
          <UseBar
            label={by === "entity" ? unitLabel(text(row, "entity")) : text(row, "economic") || unitLabel(unit)}
            used={text(row, "obligated")}
            whole={text(row, "final")}
            href={link("/statements/budget-stages", { unit: by === "entity" ? text(row, "entity") : unit, period })}
          />
        ))}
      </div>
    </Card>
  );
}

function Recent() {
  const entries = useRead("/v1/entries", { query: { limit: LIST_MAX } });
  if (!reads(entries) || (entries.data && entries.data.rows.length === 0)) {
    return null;
  }
  return (
    <section class="card wide">
      {!entries.data && <Spinner />}
      {entries.data && (
        <DataTable
          table={entries.data}
          caption={t("home.recent")}
          columns={["reference", "date", "entity", "memo", "amount", "actor"]}
          isDense
          cell={(row, column) =>
            column.name === "reference" ? (
              <a href={entryHref(text(row, "reference"), text(row, "source"))}>{text(row, "reference")}</a>
            ) : column.name === "date" ? (
              day(text(row, "date"))
            ) : undefined
          }
        />
      )}
    </section>
  );
}

export function HomeScreen() {
  const isAuditor = hasRole("auditor");
  const given = book.value;
  return (
    <>
      <h1 tabIndex={-1}>{t("home.hello", { name: session.value?.name ?? "" })}</h1>
      {given && (
        <p class="quiet">
          {t("home.book", { book: given.book, batch: integer(given.batch) })}
          {typeof given["posted_at"] === "string" && `, ${moment(given["posted_at"])}`}
        </p>
      )}
      <div class="cards">
        {isAuditor && <Audit />}
        {!isAuditor && <Waiting />}
        <Mine />
        <Budgets />
        {hasRole("ministry_officer", "approver", "agency_accountant") && <Periods />}
        <Bars />
      </div>
      <Recent />
    </>
  );
}
