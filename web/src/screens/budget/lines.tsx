// lines.tsx: the lines of one entity in a version, as a grid of thousands of rows: written, pasted from a
// spreadsheet, saved as one change, submitted. Who saved in the meantime is never overwritten.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { announce } from "../../components/live";
import { addressOf, Problem, readUrl, write } from "../../api/client";
import type { ProblemError } from "../../api/types";
import { Button } from "../../components/Button";
import {
  complaintsOf,
  ErrorSummary,
  Failure,
  requestOf,
  type Complaint,
} from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { useKeyHelp } from "../../components/KeyHelp";
import { Spinner } from "../../components/Spinner";
import { cellMessage, LedgerGrid, useGrid } from "../../grid/LedgerGrid";
import { gridKeyRows } from "../../grid/keys";
import { parseCsv } from "../../grid/clipboard";
import { GridModel } from "../../grid/model";
import { conventionOf } from "../../grid/value";
import { codeWords, columnTitle, locale, money, t } from "../../i18n";
import { useRead } from "../../load";
import { compare } from "../../money";
import { decimalsOf } from "../../book";
import { holdBack } from "../../router";
import type { ScreenProps } from "..";
import { PasteDialog } from "./paste";
import {
  columnNames,
  figureTotals,
  mergePaste,
  sheetColumns,
  sheetRows,
  sheetText,
  stepOf,
  type Frame,
  type Pasted,
} from "./sheet";
import { Ceilings, State, versionPath, word } from "./versions";

const ROWS_AT_FIRST = 10;
const COMPLAINTS_MAX = 20;

interface Sheet {
  model: GridModel;
  names: string[];
  frame: Frame;
  base: string; /* digest of the content that is edited, as If-Match takes it */
}

export function titleOf(name: string): string {
  const [, figure, year] = /^(\w+)_(\d{4})$/.exec(name) ?? [];
  return figure === undefined ? columnTitle(name) : `${columnTitle(figure)} ${year}`;
}

async function textOf(version: string, entity: string): Promise<{ text: string; base: string }> {
  try {
    const asked = { path: { version, kind: "lines" }, query: { entity, format: "csv" } };
    const answer = await readUrl<string>(addressOf("/v1/budgets/{version}/parts/{kind}", asked));
    return { text: answer.data, base: answer.headers.get("ETag") ?? '""' };
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 404) {
      return { text: "", base: '""' };
    }
    throw failure;
  }
}

function sheetOf(text: string, base: string, frame: Frame): Sheet {
  const [header = [], ...rows] = parseCsv(text);
  const names = columnNames(frame, header, rows);
  const columns = sheetColumns(names, frame, titleOf);
  const cells = sheetRows(text, names);
  const empty = Array.from({ length: ROWS_AT_FIRST }, () => [] as string[]);
  const options = {
    convention: conventionOf(locale()),
    locale: locale(),
    canGrow: frame.step === "request" || frame.step === "prepare",
  };
  return {
    model: new GridModel(columns, cells.length > 0 ? cells : empty, options),
    names,
    frame,
    base,
  };
}

/* Reads the sheet when it is known where the version stands. */
function useSheet(version: string, entity: string, turn: number) {
  const versions = useRead("/v1/budgets");
  const parts = useRead("/v1/budgets/{version}", { path: { version } });
  const ceilings = useRead("/v1/budgets/{version}/ceilings", { path: { version } }); // its amounts have the version's decimals
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const own = versions.data?.rows.find((row) => word(row, "version") === version);
  const part = parts.data?.rows.find(
    (row) => word(row, "kind") === "lines" && word(row, "entity") === entity,
  );
  const state = part === undefined ? "" : word(part, "state");
  const hasDecimals = ceilings.data !== undefined || ceilings.failure !== null;
  const isKnown = own !== undefined && parts.data !== undefined && hasDecimals;
  useEffect(() => {
    if (own === undefined || !isKnown) {
      return;
    }
    const frame = {
      year: Number(word(own, "year")),
      years: Number(word(own, "years")),
      decimals: ceilings.data?.decimals ?? decimalsOf(entity),
      step: stepOf(word(own, "state"), state),
    };
    textOf(version, entity)
      .then(({ text, base }) => setSheet(sheetOf(text, base, frame)))
      .catch(setFailure);
  }, [isKnown, own && word(own, "state"), state, turn]);
  const again = () => {
    versions.again();
    parts.again();
  };
  return { sheet, failure: failure ?? versions.failure ?? parts.failure, state, again };
}

export function LinesScreen({ words }: ScreenProps) {
  const [version, entity] = [words.version ?? "", words.entity ?? ""];
  const [turn, setTurn] = useState(0);
  const { sheet, failure, state, again } = useSheet(version, entity, turn);
  return (
    <>
      <p class="small">
        <a href={versionPath(version)}>{t("budget.back_to", { version })}</a>
      </p>
      <h1 tabIndex={-1}>
        {t("budget.lines_of", { version, entity })} {state && <State state={state} />}
      </h1>
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {sheet === null && failure === null && <Spinner />}
      {sheet !== null && (
        <Workbench
          key={sheet.base + sheet.frame.step}
          version={version}
          entity={entity}
          sheet={sheet}
          onChanged={() => {
            again();
            setTurn(turn + 1);
          }}
        />
      )}
    </>
  );
}

/* Complaints of the server about rows of the text stand at their cells. */
function remarksOf(problem: Problem, model: GridModel, numbers: readonly number[]) {
  return problem.errors.flatMap((error) => {
    const row = numbers[Number(error.line ?? 0) - 2];
    const column = model.columnAt(String(error.field ?? ""));
    return row === undefined || column < 0
      ? []
      : [{ row, column, text: error.detail || error.code }];
  });
}

function complaintsOfPut(
  failure: unknown,
  model: GridModel,
  numbers: readonly number[],
): Complaint[] {
  if (!(failure instanceof Problem)) {
    return complaintsOf(failure);
  }
  if (failure.code === "CASE_CHANGED" || failure.status === 412) {
    return [{ text: t("budget.changed_meanwhile") }];
  }
  const listed = failure.errors.slice(0, COMPLAINTS_MAX).map((error) => {
    const row = numbers[Number(error.line ?? 0) - 2];
    const column = model.columns[model.columnAt(String(error.field ?? ""))]?.title;
    const where = [row === undefined ? "" : `${t("grid.row")} ${row + 1}`, column ?? ""]
      .filter(Boolean)
      .join(", ");
    return {
      text: [where, codeWords(error.code) ?? "", error.detail, limitText(error)]
        .filter(Boolean)
        .join(": "),
    };
  });
  return listed.length > 0 ? listed : complaintsOf(failure);
}

/* "limit 60,000.00, requested 72,750.00, missing 12,750.00" of a ceiling. */
function limitText(error: ProblemError): string {
  const parts = ["limit", "requested", "shortfall"] as const;
  const known = parts.filter((part) => typeof error[part] === "string");
  return known
    .map((part) => `${t(`answer.${part}`).toLowerCase()} ${money(error[part] as string)}`)
    .join(", ");
}

interface WorkbenchProps {
  version: string;
  entity: string;
  sheet: Sheet;
  onChanged: () => void;
}

function Workbench({ version, entity, sheet, onChanged }: WorkbenchProps) {
  const { model, names, frame } = sheet;
  useGrid(model);
  useKeyHelp({ title: "keys.group.grid", rows: gridKeyRows() });
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [saved, setSaved] = useState(model.revision);
  const [isPasting, setPasting] = useState(false);
  const isDirty = model.revision !== saved;
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  useEffect(() => holdBack(() => !dirty.current || confirm(t("leave.question"))), []);

  const put = async (dryRun: boolean) => {
    const filled = model.filledRows();
    const numbers = filled.map(({ row }) => row);
    const wrong = model.problems(COMPLAINTS_MAX).filter((problem) => problem.error !== null);
    if (wrong.length > 0) {
      setComplaints(
        wrong.map(({ row, column }) => ({
          text: `${t("grid.row")} ${row + 1}, ${model.columns[column]?.title ?? ""}: ${cellMessage(model, row, column) ?? ""}`,
        })),
      );
      return;
    }
    try {
      await write("PUT", "/v1/budgets/{version}/parts/{kind}", {
        path: { version, kind: "lines" },
        query: {
          entity,
          reason: reason.trim() || t("budget.reason_usual"),
          ...(frame.step === "none" ? {} : { step: frame.step }),
        },
        body: sheetText(
          names,
          filled.map(({ values }) => values),
        ),
        type: "text/csv; charset=utf-8",
        headers: { "If-Match": sheet.base },
        dryRun,
      });
      setComplaints([]);
      model.setRemarks([]);
      announce(t(dryRun ? "budget.checked" : "budget.saved"));
      if (!dryRun) {
        dirty.current = false;
        setSaved(model.revision);
        onChanged();
      }
    } catch (failure) {
      if (failure instanceof Problem) {
        model.setRemarks(remarksOf(failure, model, numbers));
      }
      setComplaints(complaintsOfPut(failure, model, numbers));
      setRequest(requestOf(failure));
    }
  };
  const submit = async () => {
    try {
      await write("POST", "/v1/budgets/{version}/steps", {
        path: { version },
        body: {
          step: "submit",
          part: `lines/${entity}`,
          ...(reason.trim() ? { reason: reason.trim() } : {}),
        },
      });
      announce(t("budget.submitted"));
      onChanged();
    } catch (failure) {
      setComplaints(complaintsOfPut(failure, model, []));
      setRequest(requestOf(failure));
    }
  };
  const take = (pasted: Pasted) => {
    const known = model.filledRows().map(({ values }) => values);
    const rows = mergePaste(known, pasted).map((row) => names.map((name) => row[name] ?? ""));
    model.replace(rows);
    setPasting(false);
    announce(t("budget.pasted", { rows: pasted.rows.length }));
  };
  const isWritable = frame.step !== "none";
  return (
    <>
      <ErrorSummary complaints={complaints} request={request} />
      {!isWritable && <p class="notice">{t("budget.read_only")}</p>}
      <Totals sheet={sheet} revision={model.revision} />
      <LedgerGrid model={model} label={t("budget.grid")} rowsShown={18} />
      {isWritable && (
        <div class="filters">
          <Field
            id="lines-reason"
            label={t("remedy.reason")}
            isOptional
            value={reason}
            onInput={setReason}
          />
          <Button onPress={() => setPasting(true)}>{t("budget.paste")}</Button>
          <Button onPress={() => put(true)}>{t("budget.check")}</Button>
          <Button kind="primary" isDisabled={!isDirty} onPress={() => put(false)}>
            {t("budget.save")}
          </Button>
          {frame.step === "request" && (
            <Button kind="primary" isDisabled={isDirty || sheet.base === '""'} onPress={submit}>
              {t("budget.submit")}
            </Button>
          )}
        </div>
      )}
      <OwnCeilings version={version} entity={entity} base={sheet.base} />
      {isPasting && (
        <PasteDialog
          columns={model.columns}
          known={model.filledRows().map(({ values }) => values)}
          onTake={take}
          onClose={() => setPasting(false)}
        />
      )}
    </>
  );
}

function Totals({ sheet, revision }: { sheet: Sheet; revision: number }) {
  const { model, names, frame } = sheet;
  const totals = useMemo(
    () =>
      figureTotals(
        names,
        model.filledRows().map(({ values }) => values),
        frame.decimals,
      ),
    [revision],
  );
  const shown = Object.entries(totals).filter(
    ([name, total]) => name.endsWith(String(frame.year)) && compare(total, "0") !== 0,
  );
  return (
    <p class="balance" role="group" aria-label={t("budget.totals")}>
      <span>{t("budget.line_count", { rows: model.filledRows().length })}</span>
      {shown.map(([name, total]) => (
        <span>
          {titleOf(name)} <b>{money(total)}</b>
        </span>
      ))}
    </p>
  );
}

function OwnCeilings({ version, entity, base }: { version: string; entity: string; base: string }) {
  const ceilings = useRead("/v1/budgets/{version}/ceilings", { path: { version } });
  useEffect(() => ceilings.again(), [base]);
  const rows = (ceilings.data?.rows ?? []).filter((row) => {
    const own = /(?:^| )entity=(\S+)/.exec(word(row, "key"))?.[1];
    return (
      own === undefined ||
      own === entity ||
      (own.endsWith("*") && entity.startsWith(own.slice(0, -1)))
    );
  });
  return ceilings.data === undefined ? null : <Ceilings table={{ ...ceilings.data, rows }} />;
}
