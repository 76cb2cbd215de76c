// step_up.tsx: acts are confirmed, all of a list at once: by a passkey where the person has one and this browser can,
// else by a code. What is signed is the digests of these acts, and nothing else.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, write } from "../../api/client";
import { Button } from "../../components/Button";
import { complaintsOf } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { t, tn } from "../../i18n";
import { canUsePasskeys, Declined, usePasskey } from "../../passkey";
import { hasFactor, useWays } from "../../session";

export interface StepUpProps {
  digests: string[]; // of 200 acts at most, none of them twice
  submit: string; // what the button says: "Confirm and approve"
  onStep: (step: string) => Promise<void>;
  onCancel: () => void;
}

function tell(failure: unknown, isCode: boolean): string {
  if (failure instanceof Declined) {
    return t("step_up.declined");
  }
  if (failure instanceof Problem && failure.code === "CONFIRMATION_WRONG") {
    return t(isCode ? "step_up.wrong_code" : "step_up.wrong_passkey");
  }
  if (failure instanceof Problem && failure.code === "STEP_UP_NEEDED") {
    return t("step_up.unlike");
  }
  return complaintsOf(failure)[0]?.text ?? "";
}

export function StepUp(props: StepUpProps) {
  const ways = useWays();
  const [isCodeWanted, setCodeWanted] = useState(false);
  const canPasskey = hasFactor("passkey") && ways?.passkey === true && canUsePasskeys();
  if (ways === undefined) {
    return null;
  }
  return canPasskey && !isCodeWanted ? (
    <ByPasskey {...props} onOther={hasFactor("totp") ? () => setCodeWanted(true) : undefined} />
  ) : (
    <ByCode {...props} onOther={canPasskey ? () => setCodeWanted(false) : undefined} />
  );
}

type WayProps = StepUpProps & { onOther: (() => void) | undefined };

function ByPasskey({ digests, submit, onStep, onCancel, onOther }: WayProps) {
  const [error, setError] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  const confirm = async () => {
    setError(null);
    try {
      const { options } = await write("POST", "/v1/step-ups/challenge", { body: { digests }, withoutKey: true });
      const assertion = await usePasskey(options);
      const { step } = await write("POST", "/v1/step-ups", { body: { digests, assertion }, withoutKey: true });
      await onStep(step ?? "");
    } catch (failure) {
      setError(tell(failure, false));
    }
  };
  return (
    <div ref={box} class="proposal" role="group" aria-label={submit}>
      <p class="small">{tn("step_up.hint", digests.length)}</p>
      {error && (
        <p class="field-error" role="alert">
          <span aria-hidden="true">⚠ </span>
          {error}
        </p>
      )}
      <div class="actions">
        <Button kind="primary" onPress={confirm}>
          {t("step_up.passkey")}
        </Button>
        {onOther && (
          <Button kind="plain" onPress={onOther}>
            {t("step_up.use_code")}
          </Button>
        )}
        <Button onPress={onCancel}>{t("common.cancel")}</Button>
      </div>
    </div>
  );
}

function ByCode({ digests, submit, onStep, onCancel, onOther }: WayProps) {
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const confirm = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { digests, code: code.replace(/\s/g, "") };
      const { step } = await write("POST", "/v1/step-ups", { body, withoutKey: true });
      await onStep(step ?? "");
    } catch (failure) {
      setError(tell(failure, true));
      form.current?.querySelector("input")?.select(); // the next one is typed over it
    } finally {
      setBusy(false);
    }
  };
  return (
    <form ref={form} class="proposal" onSubmit={confirm} noValidate>
      <Field
        id="approval-code"
        label={t("sign_in.code")}
        hint={tn("approvals.code_hint", digests.length)}
        error={error}
        value={code}
        onInput={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={40}
        width="short"
      />
      <div class="actions">
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {submit}
        </Button>
        {onOther && (
          <Button kind="plain" onPress={onOther}>
            {t("step_up.use_passkey")}
          </Button>
        )}
        <Button onPress={onCancel}>{t("common.cancel")}</Button>
      </div>
    </form>
  );
}
