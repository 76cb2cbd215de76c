// ceilings.tsx: the ceilings of a version as a sheet (bench.tsx), for who may set them; for others, as a table.
import { useEffect, useMemo, useState } from "preact/hooks";
import { read } from "../../api/client";
import type { Table } from "../../api/types";
import { UNITS_MAX, units } from "../../book";
import { Failure } from "../../components/ErrorSummary";
import { Spinner } from "../../components/Spinner";
import { pickEditor, type Search } from "../../grid/Combobox";
import { useGrid } from "../../grid/LedgerGrid";
import { searchEntities } from "../../grid/lookups";
import { columnTitle, t } from "../../i18n";
import { useRead } from "../../load";
import { isNegative } from "../../money";
import { seesAll } from "../../session";
import type { ScreenProps } from "..";
import { Bench, sheetModel, textOf, type Sheet } from "./bench";
import { CEILING_NAMES, ceilingColumns, mayBeSet, reachOf, roomOf, usesOf, type Use } from "./ceiling_sheet";
import { Ceilings, isOfficer, State, versionPath, word } from "./versions";

interface CeilingSheet extends Sheet {
  uses: ReadonlyMap<string, Use>;
  isWritable: boolean;
}

/* What the version page calls the limit, the text calls the amount. */
const titleOf = (name: string) => columnTitle(name === "amount" ? "limit" : name);

function sheetOf(text: string, base: string, table: Table, isWritable: boolean): CeilingSheet {
  const uses = usesOf(table);
  const columns = ceilingColumns(uses, table.decimals, isWritable, titleOf);
  const model = sheetModel(columns, text, isWritable);
  return { model, names: CEILING_NAMES, base, uses, isWritable };
}

/* Reads the sheet with what is requested, when it is known where the version stands. */
function useSheet(version: string) {
  const versions = useRead("/v1/budgets");
  const [sheet, setSheet] = useState<CeilingSheet | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const own = versions.data?.rows.find((row) => word(row, "version") === version);
  const state = own === undefined ? "" : word(own, "state");
  const isKnown = versions.data !== undefined;
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!isKnown) {
      return;
    }
    const path = { version };
    Promise.all([textOf({ version, kind: "ceilings" }), read("/v1/budgets/{version}/ceilings", { path })])
      .then(([{ text, base }, table]) => {
        setSheet(sheetOf(text, base, table, mayBeSet(state)));
        setFailure(null);
      })
      .catch(setFailure);
  }, [isKnown, state, turn]);
  const again = () => {
    versions.again();
    setTurn(turn + 1);
  };
  return { sheet, failure: failure ?? versions.failure, state, again };
}

export function CeilingsScreen({ words }: ScreenProps) {
  const version = words.version ?? "";
  return isOfficer() && seesAll() ? <SheetScreen version={version} /> : <TableScreen version={version} />;
}

function Head({ version, state }: { version: string; state: string }) {
  return (
    <>
      <p class="small">
        <a href={versionPath(version)}>{t("budget.back_to", { version })}</a>
      </p>
      <h1 tabIndex={-1}>
        {t("budget.ceilings_of", { version })} {state && <State state={state} />}
      </h1>
    </>
  );
}

function SheetScreen({ version }: { version: string }) {
  const { sheet, failure, state, again } = useSheet(version);
  return (
    <>
      <Head version={version} state={state} />
      {failure !== null && <Failure failure={failure} onRetry={again} />}
      {sheet === null && failure === null && <Spinner />}
      {sheet !== null && <CeilingsBench version={version} sheet={sheet} onSaved={again} />}
    </>
  );
}

/* Who sees some units sees what holds for them, and sets nothing. */
function TableScreen({ version }: { version: string }) {
  const ceilings = useRead("/v1/budgets/{version}/ceilings", { path: { version } });
  return (
    <>
      <Head version={version} state="" />
      {ceilings.failure !== null && <Failure failure={ceilings.failure} onRetry={ceilings.again} />}
      {ceilings.data === undefined && ceilings.isLoading && <Spinner />}
      <p class="notice">{t("budget.ceilings_of_ministry")}</p>
      {ceilings.data !== undefined && <Ceilings table={ceilings.data} />}
      {ceilings.data?.rows.length === 0 && <p class="quiet">{t("budget.no_ceilings")}</p>}
    </>
  );
}

const searchNatures: Search = async (words) =>
  (["continuing", "new"] as const)
    .filter((code) => code.startsWith(words.trim().toLowerCase()))
    .map((code) => ({ code, name: t(`budget.nature.${code}`) }));

const EDITORS = { entity: pickEditor(searchEntities), nature: pickEditor(searchNatures) };

/* What stands beside an entity: its name, or how many units it reaches. */
function useUnits() {
  return useMemo(() => {
    const own = units.value.filter((unit) => !unit.isGroup);
    const codes = own.map((unit) => unit.value);
    const names = new Map(own.map(({ value, label }) => [value, label.slice(value.length + 1)]));
    const isComplete = codes.length > 0 && codes.length < UNITS_MAX;
    /* A slip of the pen would else be a ceiling that limits nobody. */
    const isNobody = (code: string) => isComplete && code !== "" && reachOf(code, codes) === 0;
    const nameOf = (code: string) =>
      isNobody(code)
        ? `⚠ ${t("budget.no_unit")}`
        : code.endsWith("*")
          ? t("budget.units_reached", { units: reachOf(code, codes) })
          : names.get(code);
    return { isNobody, nameOf };
  }, [units.value]);
}

interface CeilingsBenchProps {
  version: string;
  sheet: CeilingSheet;
  onSaved: () => void;
}

function CeilingsBench({ version, sheet, onSaved }: CeilingsBenchProps) {
  const { model, uses } = sheet;
  useGrid(model);
  const { isNobody, nameOf: nameOfUnit } = useUnits();
  const filled = model.filledRows();
  const over = filled.filter(({ values }) => isOver(roomOf(uses, values))).length;
  const nobody = filled.filter(({ values }) => isNobody(values.entity ?? "")).length;
  const nameOf = (column: string, value: string) =>
    column === "entity" && value !== ""
      ? nameOfUnit(value)
      : column === "room" && isOver(value)
        ? `✕ ${t("budget.over")}`
        : undefined;
  return (
    <Bench
      part={{ version, kind: "ceilings" }}
      sheet={sheet}
      label={t("budget.ceilings")}
      isWritable={sheet.isWritable}
      lock={t("budget.ceilings_read_only")}
      onSaved={onSaved}
      editors={EDITORS}
      nameOf={nameOf}
      head={
        <p class="balance" role="group" aria-label={t("budget.totals")}>
          <span>{t("budget.ceiling_count", { rows: filled.length })}</span>
          {over > 0 && (
            <span class="tag bad">
              ✕ {t("budget.over")}: {over}
            </span>
          )}
          {nobody > 0 && (
            <span class="tag warn">
              ⚠ {t("budget.no_unit")}: {nobody}
            </span>
          )}
        </p>
      }
    />
  );
}

const isOver = (room: string) => room !== "" && isNegative(room);
