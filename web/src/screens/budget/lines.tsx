// lines.tsx: the lines of one entity in a version, as a grid of thousands of rows: written and saved as every sheet
// (bench.tsx), then submitted.
import { useEffect, useMemo, useState } from "preact/hooks";
import { write } from "../../api/client";
import { Button } from "../../components/Button";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { useGrid } from "../../grid/LedgerGrid";
import { parseCsv } from "../../grid/clipboard";
import { columnTitle, money, t } from "../../i18n";
import { useRead } from "../../load";
import { compare } from "../../money";
import { decimalsOf } from "../../book";
import type { ScreenProps } from "..";
import { Bench, sheetModel, textOf, type BenchHand, type Sheet } from "./bench";
import { columnNames, figureTotals, sheetColumns, stepOf, type Frame } from "./sheet";
import { Ceilings, State, versionPath, word } from "./versions";

interface LinesSheet extends Sheet {
  frame: Frame;
}

export function titleOf(name: string): string {
  const [, figure, year] = /^(\w+)_(\d{4})$/.exec(name) ?? [];
  return figure === undefined ? columnTitle(name) : `${columnTitle(figure)} ${year}`;
}

function sheetOf(text: string, base: string, frame: Frame): LinesSheet {
  const [header = [], ...rows] = parseCsv(text);
  const names = columnNames(frame, header, rows);
  const columns = sheetColumns(names, frame, titleOf);
  const canGrow = frame.step === "request" || frame.step === "prepare";
  return { model: sheetModel(columns, text, canGrow), names, frame, base };
}

/* The same content in the same step, as when a part has just begun: what is written on it meanwhile stays. */
function isStill(last: LinesSheet, fresh: LinesSheet): boolean {
  return !last.model.isHeld && last.base === fresh.base && last.frame.step === fresh.frame.step;
}

/* Reads the sheet when it is known where the version stands. */
function useSheet(version: string, entity: string) {
  const versions = useRead("/v1/budgets");
  const parts = useRead("/v1/budgets/{version}", { path: { version } });
  const ceilings = useRead("/v1/budgets/{version}/ceilings", { path: { version } }); // its amounts have the version's decimals
  const [sheet, setSheet] = useState<LinesSheet | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
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
    textOf({ version, kind: "lines", entity })
      .then(({ text, base }) => {
        const fresh = sheetOf(text, base, frame);
        setSheet((last) => (last !== null && isStill(last, fresh) ? last : fresh));
        setFailure(null);
      })
      .catch(setFailure);
  }, [isKnown, own && word(own, "state"), state, turn]);
  const again = () => {
    versions.again();
    parts.again();
    setTurn(turn + 1);
  };
  return { sheet, failure: failure ?? versions.failure ?? parts.failure, state, again };
}

export function LinesScreen({ words }: ScreenProps) {
  const [version, entity] = [words.version ?? "", words.entity ?? ""];
  const { sheet, failure, state, again } = useSheet(version, entity);
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
        <Workbench version={version} entity={entity} sheet={sheet} onChanged={again} />
      )}
    </>
  );
}

interface WorkbenchProps {
  version: string;
  entity: string;
  sheet: LinesSheet;
  onChanged: () => void;
}

function Workbench({ version, entity, sheet, onChanged }: WorkbenchProps) {
  const { model, frame } = sheet;
  useGrid(model);
  const submit = ({ reason, attempt }: BenchHand) => {
    const body = { step: "submit", part: `lines/${entity}`, ...(reason ? { reason } : {}) };
    const send = () => write("POST", "/v1/budgets/{version}/steps", { path: { version }, body });
    return attempt(send, t("budget.submitted"));
  };
  return (
    <>
      <Bench
        part={{ version, kind: "lines", entity }}
        {...(frame.step === "none" ? {} : { step: frame.step })}
        sheet={sheet}
        label={t("budget.grid")}
        isWritable={frame.step !== "none"}
        lock={t("budget.read_only")}
        onSaved={onChanged}
        head={<Totals sheet={sheet} revision={model.revision} />}
        more={(hand) =>
          frame.step === "request" && (
            <Button
              kind="primary"
              isDisabled={hand.isDirty || sheet.base === '""'}
              onPress={() => submit(hand)}
            >
              {t("budget.submit")}
            </Button>
          )
        }
      />
      <OwnCeilings version={version} entity={entity} base={sheet.base} />
    </>
  );
}

function Totals({ sheet, revision }: { sheet: LinesSheet; revision: number }) {
  const { model, names, frame } = sheet;
  const totals = useMemo(
    () =>
      figureTotals(
        names,
        model.filledRows().map(({ values }) => values),
        frame.decimals,
      ),
    [sheet, revision],
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
