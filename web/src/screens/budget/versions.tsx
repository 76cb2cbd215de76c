// versions.tsx: the versions of budgets there are, and one version: its parts, its ceilings with their
// room, the steps it can take, and another version to compare it with.
import { useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { write } from "../../api/client";
import type { Row, Table } from "../../api/types";
import { Button } from "../../components/Button";
import { DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import {
  complaintsOf,
  ErrorSummary,
  Failure,
  requestOf,
  type Complaint,
} from "../../components/ErrorSummary";
import { Field, Select } from "../../components/Field";
import { Spinner } from "../../components/Spinner";
import { Picker } from "../../grid/Combobox";
import { searchEntities } from "../../grid/lookups";
import { lookUp, t } from "../../i18n";
import { useRead } from "../../load";
import { go } from "../../router";
import { hasRole, seesAll } from "../../session";
import type { ScreenProps } from "..";
import { mayBeSet } from "./ceiling_sheet";

export const versionPath = (version: string, ...more: string[]): string =>
  ["/budget", version, ...more]
    .map((part, at) => (at === 0 ? part : encodeURIComponent(part)))
    .join("/");

export const word = (row: Row, column: string): string =>
  (row[column] as string | null | undefined) ?? "";

export function State({ state }: { state: string }) {
  const tones: Record<string, string> = {
    open: "warn",
    called: "warn",
    submitted: "",
    agreed: "good",
    enacted: "good",
    rejected: "bad",
  };
  return <span class={`tag ${tones[state] ?? ""}`}>{lookUp(`plan.${state}`) ?? state}</span>;
}

/** Who opens versions and sets ceilings, as far as a screen can tell: the server decides. */
export function isOfficer(): boolean {
  return hasRole("ministry_officer") || !hasRole("agency_accountant", "auditor", "approver");
}

/* All versions -------------------------------------------------------------------------------- */

export function VersionsScreen() {
  const versions = useRead("/v1/budgets");
  const rows = versions.data?.rows ?? [];
  return (
    <>
      <h1 tabIndex={-1}>{t("budget.title")}</h1>
      {versions.failure !== null && <Failure failure={versions.failure} onRetry={versions.again} />}
      {versions.data === undefined && versions.isLoading && <Spinner />}
      {versions.data !== undefined && rows.length === 0 && (
        <Empty title={t("budget.empty")}>{t("budget.empty_text")}</Empty>
      )}
      {versions.data !== undefined && rows.length > 0 && (
        <DataTable
          table={versions.data}
          caption={t("budget.versions")}
          isCaptionUnseen
          columns={["version", "title", "year", "state", "origin", "law"]}
          cell={(row, column) =>
            column.name === "version" ? (
              <a href={versionPath(word(row, "version"))}>{word(row, "version")}</a>
            ) : column.name === "state" ? (
              <State state={word(row, "state")} />
            ) : undefined
          }
        />
      )}
      {isOfficer() && <OpenVersion />}
    </>
  );
}

function OpenVersion() {
  const [version, setVersion] = useState("");
  const [year, setYear] = useState(String(new Date().getFullYear() + 1));
  const [title, setTitle] = useState("");
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const open = async () => {
    if (!/^\S+$/.test(version) || !/^\d{4}$/.test(year)) {
      setComplaints([
        {
          text: t("budget.open_missing"),
          field: /^\S+$/.test(version) ? "budget-year" : "budget-version",
        },
      ]);
      return;
    }
    try {
      await write("POST", "/v1/budgets", {
        body: { version, year: Number(year), ...(title ? { title } : {}) },
      });
      go(versionPath(version));
    } catch (failure) {
      setComplaints(complaintsOf(failure));
    }
  };
  return (
    <details class="card">
      <summary>{t("budget.open")}</summary>
      <ErrorSummary complaints={complaints} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <Field
          id="budget-version"
          label={t("budget.version")}
          hint={t("budget.version_hint")}
          value={version}
          onInput={setVersion}
          width="short"
        />
        <Field
          id="budget-year"
          label={t("budget.year")}
          value={year}
          onInput={setYear}
          inputMode="numeric"
          width="short"
        />
        <Field
          id="budget-title"
          label={t("budget.name")}
          isOptional
          value={title}
          onInput={setTitle}
        />
        <Button type="submit" kind="primary">
          {t("budget.open_send")}
        </Button>
      </form>
    </details>
  );
}

/* One version --------------------------------------------------------------------------------- */

const STEPS: Record<string, string[]> = {
  draft: ["call", "withdraw"],
  called: ["review", "withdraw"],
  review: ["reopen", "agree", "withdraw"],
  agreed: ["table"],
  tabled: ["reject"],
};

export function VersionScreen({ words }: ScreenProps) {
  const version = words.version ?? "";
  const path = { version };
  const versions = useRead("/v1/budgets");
  const parts = useRead("/v1/budgets/{version}", { path });
  const ceilings = useRead("/v1/budgets/{version}/ceilings", { path });
  const own = versions.data?.rows.find((row) => word(row, "version") === version);
  const again = () => {
    versions.again();
    parts.again();
    ceilings.again();
  };
  if (parts.data === undefined) {
    return parts.failure !== null ? (
      <Failure failure={parts.failure} onRetry={parts.again} />
    ) : (
      <Spinner />
    );
  }
  return (
    <>
      <p class="small">
        <a href="/budget">{t("budget.back")}</a>
      </p>
      <h1 tabIndex={-1}>
        {version} {own && <State state={word(own, "state")} />}
      </h1>
      {own && word(own, "title") && <p class="quiet">{word(own, "title")}</p>}
      {own && <VersionSteps version={version} state={word(own, "state")} onDone={again} />}
      <Parts version={version} table={parts.data} />
      <OwnPart version={version} />
      {ceilings.data !== undefined && <Ceilings table={ceilings.data} />}
      {own && <SetCeilings version={version} state={word(own, "state")} table={ceilings.data} />}
      <Compare version={version} versions={versions.data?.rows ?? []} />
    </>
  );
}

function VersionSteps({
  version,
  state,
  onDone,
}: {
  version: string;
  state: string;
  onDone: () => void;
}) {
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const steps = STEPS[state] ?? [];
  if (steps.length === 0 || hasRole("auditor", "agency_accountant")) {
    return null;
  }
  const take = async (step: string) => {
    try {
      await write("POST", "/v1/budgets/{version}/steps", {
        path: { version },
        body: { step, ...(reason.trim() ? { reason: reason.trim() } : {}) },
      });
      announce(t("budget.step_done", { step: lookUp(`plan_step.${step}`) ?? step }));
      setComplaints([]);
      onDone();
    } catch (failure) {
      setComplaints(complaintsOf(failure));
      setRequest(requestOf(failure));
    }
  };
  return (
    <>
      <ErrorSummary complaints={complaints} request={request} />
      <div class="filters">
        <Field
          id="step-reason"
          label={t("remedy.reason")}
          isOptional
          value={reason}
          onInput={setReason}
        />
        {steps.map((step) => (
          <Button onPress={() => take(step)}>{lookUp(`plan_step.${step}`) ?? step}</Button>
        ))}
      </div>
    </>
  );
}

function Parts({ version, table }: { version: string; table: Table }) {
  const rows = table.rows.filter((row) => word(row, "kind") === "lines");
  if (rows.length === 0) {
    return <Empty title={t("budget.no_parts")}>{t("budget.no_parts_text")}</Empty>;
  }
  return (
    <DataTable
      table={{ ...table, rows }}
      caption={t("budget.parts")}
      columns={["entity", "state"]}
      cell={(row, column) =>
        column.name === "entity" ? (
          <a href={versionPath(version, "lines", word(row, "entity"))}>{word(row, "entity")}</a>
        ) : (
          <State state={word(row, "state")} />
        )
      }
    />
  );
}

/* Lines of an entity that has none yet. */
function OwnPart({ version }: { version: string }) {
  const entity = useRef("");
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (entity.current) {
          go(versionPath(version, "lines", entity.current));
        }
      }}
    >
      <Picker
        id="budget-entity"
        label={t("budget.entity")}
        value=""
        search={searchEntities}
        onChange={(code) => void (entity.current = code)}
      />
      <Button type="submit">{t("budget.edit_lines")}</Button>
    </form>
  );
}

export function Ceilings({ table }: { table: Table }) {
  if (table.rows.length === 0) {
    return null;
  }
  return (
    <DataTable
      table={table}
      caption={t("budget.ceilings")}
      columns={["ceiling", "key", "limit", "requested", "proposed", "room"]}
      cell={(row, column) =>
        column.name === "ceiling" && word(row, "over") ? (
          <>
            {word(row, "ceiling")} <span class="tag bad">✕ {t("budget.over")}</span>
          </>
        ) : undefined
      }
    />
  );
}

/* The way to the sheet of ceilings, while they may be set. */
function SetCeilings({ version, state, table }: { version: string; state: string; table: Table | undefined }) {
  if (!isOfficer() || !seesAll() || !mayBeSet(state)) {
    return null;
  }
  return (
    <p class="actions">
      {table?.rows.length === 0 && <span class="quiet">{t("budget.no_ceilings")}</span>}
      <a href={versionPath(version, "ceilings")}>{t("budget.edit_ceilings")}</a>
    </p>
  );
}

function Compare({ version, versions }: { version: string; versions: Row[] }) {
  const others = versions.map((row) => word(row, "version")).filter((name) => name !== version);
  const [other, setOther] = useState("");
  if (others.length === 0) {
    return null;
  }
  const chosen = other || (others[0] ?? "");
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        go(versionPath(version, "compare", chosen));
      }}
    >
      <Select
        id="budget-other"
        label={t("budget.compare_with")}
        value={chosen}
        choices={others.map((name) => ({ value: name, label: name }))}
        onChange={setOther}
      />
      <Button type="submit">{t("budget.compare")}</Button>
    </form>
  );
}

/* Two versions side by side ------------------------------------------------------------------- */

export function CompareScreen({ words }: ScreenProps) {
  const [version, other] = [words.version ?? "", words.other ?? ""];
  const path = { version: other, other: version };
  const sums = useRead("/v1/budgets/{version}/compare/{other}", { path, query: { by: "entity" } });
  const changes = useRead("/v1/budgets/{version}/compare/{other}", { path });
  return (
    <>
      <p class="small">
        <a href={versionPath(version)}>{t("budget.back_to", { version })}</a>
      </p>
      <h1 tabIndex={-1}>{t("budget.compare_title", { before: other, after: version })}</h1>
      <p class="small">
        <a href={versionPath(other, "compare", version)}>{t("budget.compare_swap")}</a>
      </p>
      {sums.failure !== null && <Failure failure={sums.failure} onRetry={sums.again} />}
      {sums.data !== undefined && (
        <DataTable table={sums.data} caption={t("budget.compare_sums")} />
      )}
      {changes.data !== undefined && changes.data.rows.length > 0 && (
        <DataTable table={changes.data} caption={t("budget.compare_changes")} isDense />
      )}
      {changes.data !== undefined && changes.data.rows.length === 0 && (
        <Empty title={t("budget.compare_none")} />
      )}
      {changes.data === undefined && changes.isLoading && <Spinner />}
    </>
  );
}
