// paste.tsx: lines from a spreadsheet: what was pasted is shown before it is taken over, with each cell that
// cannot be read by row and column.
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select } from "../../components/Field";
import type { GridColumn } from "../../grid/column";
import { conventionOf, type Convention } from "../../grid/value";
import { locale, t } from "../../i18n";
import { readPaste, type Pasted } from "./sheet";

const PREVIEW_ROWS = 6;
const ERRORS_SHOWN = 20;

interface PasteProps {
  columns: readonly GridColumn[];
  known: readonly Record<string, string>[];
  onTake: (pasted: Pasted) => void;
  onClose: () => void;
}

export function PasteDialog({ columns, known, onTake, onClose }: PasteProps) {
  const [text, setText] = useState("");
  const [convention, setConvention] = useState<Convention | "">("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const choice = {
    locale: locale(),
    usual: conventionOf(locale()),
    convention: convention || undefined,
  };
  const pasted = text.trim() === "" ? null : readPaste(text, columns, known, choice);
  const canTake = pasted !== null && pasted.rows.length > 0 && pasted.errors.length === 0;
  return (
    <Dialog title={t("paste.title")} class="wide" onClose={onClose}>
      <p>{t("paste.text")}</p>
      <label for="paste-text">{t("paste.field")}</label>
      <textarea
        id="paste-text"
        ref={field}
        class="input full paste-text"
        rows={5}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {pasted !== null && (
        <>
          <div class="filters">
            <Select
              id="paste-convention"
              label={t("paste.convention")}
              value={pasted.convention}
              choices={[
                { value: "point", label: "1,234.50" },
                { value: "comma", label: "1.234,50" },
              ]}
              onChange={(value) => setConvention(value as Convention)}
            />
          </div>
          <Preview pasted={pasted} columns={columns} />
        </>
      )}
      <div class="actions">
        <Button
          kind="primary"
          isDisabled={!canTake}
          onPress={() => (pasted === null ? undefined : onTake(pasted))}
        >
          {t("paste.take", { rows: pasted?.rows.length ?? 0 })}
        </Button>
        <Button onPress={onClose}>{t("common.cancel")}</Button>
      </div>
    </Dialog>
  );
}

function Preview({ pasted, columns }: { pasted: Pasted; columns: readonly GridColumn[] }) {
  const titleOf = (id: string) => columns.find((column) => column.id === id)?.title ?? id;
  const shown = pasted.columns.filter((name): name is string => name !== null);
  return (
    <>
      <p role="status">
        {t("paste.found", {
          rows: pasted.rows.length,
          added: pasted.added,
          changed: pasted.changed,
          unchanged: pasted.unchanged,
        })}{" "}
        {pasted.ignored.length > 0 && t("paste.ignored", { columns: pasted.ignored.join(", ") })}
      </p>
      {pasted.errors.length > 0 && (
        <div class="notice bad" role="alert">
          <p>{t("paste.errors", { errors: pasted.errors.length })}</p>
          <ul>
            {pasted.errors.slice(0, ERRORS_SHOWN).map((error) => (
              <li>
                {t("grid.row")} {error.row}, {titleOf(error.column)}: <q>{error.text}</q>{" "}
                {t(`grid.error.${error.error}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="table-frame" role="region" aria-label={t("paste.preview")} tabIndex={0}>
        <table class="data dense">
          <caption>{t("paste.preview")}</caption>
          <thead>
            <tr>
              {shown.map((name) => (
                <th scope="col">{titleOf(name)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pasted.rows.slice(0, PREVIEW_ROWS).map((row) => (
              <tr>
                {shown.map((name) => (
                  <td>{row[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
