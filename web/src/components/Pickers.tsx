// Pickers.tsx: unit and period: fields that take a code or a choice, and tell what they cannot take.
import { useEffect, useState } from "preact/hooks";
import { book, units } from "../book";
import { t } from "../i18n";
import { isPeriod, periodChoices } from "../period";
import { Field } from "./Field";

interface PickerProps {
  id: string;
  value: string;
  onPick: (value: string) => void;
  label?: string;
}

/** "CITY", or what was chosen from the list: "CITY Madrid and its agencies". */
function codeOf(typed: string): string {
  const plain = typed.trim();
  const byLabel = units.value.find((unit) => unit.label === plain || unit.value.toUpperCase() === plain.toUpperCase());
  return byLabel?.value ?? plain;
}

export function UnitPicker(props: PickerProps) {
  const [typed, setTyped] = useState(props.value);
  useEffect(() => setTyped(props.value), [props.value]);
  const pick = (value: string) => {
    const code = codeOf(value);
    setTyped(code);
    if (code && code !== props.value) {
      props.onPick(code);
    }
  };
  return (
    <Field
      id={props.id}
      label={props.label ?? t("pick.unit")}
      value={typed}
      onInput={setTyped}
      onChange={pick}
      list={units.value}
      width="short"
    />
  );
}

export function PeriodPicker(props: PickerProps) {
  const [typed, setTyped] = useState(props.value);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => {
    setTyped(props.value);
    setWrong(false);
  }, [props.value]);
  const pick = (value: string) => {
    const period = value.trim().toUpperCase();
    setWrong(!isPeriod(period));
    if (isPeriod(period) && period !== props.value) {
      props.onPick(period);
    }
  };
  return (
    <Field
      id={props.id}
      label={props.label ?? t("pick.period")}
      error={isWrong ? t("pick.period_wrong") : null}
      value={typed}
      onInput={setTyped}
      onChange={pick}
      list={periodChoices(book.value?.years ?? [])}
      width="short"
    />
  );
}
