// sign_in.tsx: name and password, then the second factor where the person has one; or a passkey, which is both; or
// the identity provider, where there is one.
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../api/client";
import type { SignInStep } from "../api/types";
import { Button } from "../components/Button";
import { complaintsOf, ErrorSummary, requestOf, type Complaint } from "../components/ErrorSummary";
import { Field } from "../components/Field";
import { t } from "../i18n";
import { canUsePasskeys, Declined } from "../passkey";
import { path, query } from "../router";
import { signIn, signInWithCode, signInWithOwnPassword, signInWithPasskey, useWays, type Ways } from "../session";

function complaintsOfSignIn(failure: unknown, isCode: boolean): Complaint[] {
  if (failure instanceof Problem && failure.status === 429 && failure.retryAfter) {
    return [{ text: t("sign_in.wait", { seconds: failure.retryAfter }) }];
  }
  if (failure instanceof Problem && failure.status === 401) {
    return isCode ? [{ text: t("sign_in.code_wrong"), field: "code" }] : [{ text: t("code.SIGN_IN_FAILED"), field: "person" }];
  }
  return complaintsOf(failure);
}

function complaintsOfPasskey(failure: unknown): Complaint[] {
  if (failure instanceof Declined) {
    return [{ text: t("sign_in.passkey_declined") }];
  }
  if (failure instanceof Problem && failure.status === 401) {
    return [{ text: t("sign_in.passkey_failed") }];
  }
  return complaintsOfSignIn(failure, false);
}

interface StepProps {
  ticket: string;
  person: string;
  onNext: (next: SignInStep | null) => void;
  onAgain: () => void;
}

function AgainButton(props: { onAgain: () => void }) {
  return (
    <Button kind="plain" onPress={props.onAgain}>
      {t("sign_in.again")}
    </Button>
  );
}

/* A ticket that is over, or was used, is told like a wrong one: beginning again always helps. */
function useStep(onNext: StepProps["onNext"]) {
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [isBusy, setBusy] = useState(false);
  const go = async (call: () => Promise<SignInStep | null>, failed: (failure: unknown) => Complaint[]) => {
    setBusy(true);
    try {
      onNext(await call());
    } catch (failure) {
      setComplaints(failed(failure));
    } finally {
      setBusy(false);
    }
  };
  return { complaints, setComplaints, isBusy, go };
}

function CodeStep(props: StepProps) {
  const [code, setCode] = useState("");
  const { complaints, setComplaints, isBusy, go } = useStep(props.onNext);
  useEffect(() => document.getElementById("code")?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const plain = code.replace(/\s/g, "");
    if (!plain) {
      setComplaints([{ text: t("sign_in.code_missing"), field: "code" }]);
      return;
    }
    setCode("");
    void go(() => signInWithCode(props.ticket, plain), (failure) => complaintsOfSignIn(failure, true));
  };
  return (
    <form class="sign-in" onSubmit={submit} noValidate>
      <h1 tabIndex={-1}>{t("sign_in.code.title")}</h1>
      <ErrorSummary complaints={complaints} />
      <Field
        id="code"
        label={t("sign_in.code")}
        hint={`${t("sign_in.code_hint")} ${t("sign_in.code_recovery")}`}
        error={complaints.find((each) => each.field === "code")?.text}
        value={code}
        onInput={setCode}
        autoComplete="one-time-code"
        width="short"
      />
      <div class="actions">
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {t("sign_in.code_submit")}
        </Button>
        <AgainButton onAgain={props.onAgain} />
      </div>
    </form>
  );
}

function PasskeyStep(props: StepProps) {
  const { complaints, isBusy, go } = useStep(props.onNext);
  useEffect(() => document.getElementById("use-passkey")?.querySelector("button")?.focus(), []);
  return (
    <div class="sign-in">
      <h1 tabIndex={-1}>{t("sign_in.passkey.title")}</h1>
      <p>{t("sign_in.passkey.about")}</p>
      <ErrorSummary complaints={complaints} />
      <div class="actions" id="use-passkey">
        <Button kind="primary" isBusy={isBusy} onPress={() => go(() => signInWithPasskey(props.person || undefined), complaintsOfPasskey)}>
          {t("sign_in.passkey")}
        </Button>
        <AgainButton onAgain={props.onAgain} />
      </div>
    </div>
  );
}

const PASSWORD_MIN = 15;

function OwnPasswordStep(props: StepProps) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const { complaints, setComplaints, isBusy, go } = useStep(props.onNext);
  useEffect(() => document.getElementById("own")?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong =
      [...password].length < PASSWORD_MIN
        ? [{ text: t("sign_in.own_short"), field: "own" }]
        : password !== again
          ? [{ text: t("sign_in.own_differs"), field: "own-again" }]
          : [];
    setComplaints(wrong);
    if (wrong.length === 0) {
      void go(() => signInWithOwnPassword(props.ticket, password), (failure) => complaintsOf(failure, () => "own"));
    }
  };
  const errorOf = (field: string) => complaints.find((each) => each.field === field)?.text;
  return (
    <form class="sign-in" onSubmit={submit} noValidate>
      <h1 tabIndex={-1}>{t("sign_in.own.title")}</h1>
      <p>{t("sign_in.own.about")}</p>
      <ErrorSummary complaints={complaints} />
      <Field id="own" type="password" autoComplete="new-password" width="full" label={t("sign_in.own")} hint={t("sign_in.own_hint")} error={errorOf("own")} value={password} onInput={setPassword} />
      <Field id="own-again" type="password" autoComplete="new-password" width="full" label={t("sign_in.own_again")} error={errorOf("own-again")} value={again} onInput={setAgain} />
      <div class="actions">
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {t("sign_in.own_submit")}
        </Button>
        <AgainButton onAgain={props.onAgain} />
      </div>
    </form>
  );
}

/* Where somebody is sent back to: this page, with what it shows. */
function here(): string {
  const words = new URLSearchParams(query.value).toString();
  return words ? `${path.value}?${words}` : path.value;
}

/* The ways beside name and password. */
function OtherWays(props: { ways: Ways | undefined; isLone: boolean; isBusy: boolean; onPasskey: () => Promise<void> }) {
  const { ways } = props;
  const provider = ways?.provider;
  const hasPasskey = ways?.passkey === true && canUsePasskeys();
  const hasProvider = provider?.start && !props.isLone;
  if (!hasPasskey && !hasProvider) {
    return null;
  }
  return (
    <div class="other-ways">
      <p class="quiet small">{t("sign_in.or")}</p>
      <div class="actions">
        {hasPasskey && (
          <Button isBusy={props.isBusy} onPress={props.onPasskey}>
            {t("sign_in.passkey")}
          </Button>
        )}
        {hasProvider && (
          <a class="button secondary" href={`${provider.start}?${new URLSearchParams({ to: here() })}`}>
            {t("sign_in.provider", { name: provider.name ?? "" })}
          </a>
        )}
      </div>
    </div>
  );
}

const STEPS = { totp: CodeStep, password: OwnPasswordStep, passkey: PasskeyStep };

/** @person: who was signed in before; the name is then given. */
export function SignIn(props: { person?: string }) {
  const [person, setPerson] = useState(props.person ?? "");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [step, setStep] = useState<SignInStep | null>(null);
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const ways = useWays();
  useEffect(() => document.getElementById(props.person ? "password" : "person")?.focus(), [step]);
  /* What the identity provider's sign-in lacks is told once, and gone on with here. */
  useEffect(() => {
    if (ways?.step?.needs) {
      setStep(ways.step as SignInStep);
    }
  }, [ways]);
  if (step) {
    const Step = STEPS[step.needs];
    return <Step key={step.ticket} ticket={step.ticket ?? ""} person={person.trim()} onNext={setStep} onAgain={() => setStep(null)} />;
  }
  const usePasskeyOf = async () => {
    setComplaints([]);
    try {
      setStep(await signInWithPasskey(props.person));
    } catch (failure) {
      setComplaints(complaintsOfPasskey(failure));
      setRequest(requestOf(failure));
    }
  };
  const check = (): Complaint[] => [
    ...(person.trim() ? [] : [{ text: t("sign_in.person_missing"), field: "person" }]),
    ...(password ? [] : [{ text: t("sign_in.password_missing"), field: "password" }]),
  ];
  const submit = async (event: Event) => {
    event.preventDefault();
    const missing = check();
    setComplaints(missing);
    if (missing.length > 0) {
      return;
    }
    setBusy(true);
    try {
      setStep(await signIn(person.trim(), password));
    } catch (failure) {
      setComplaints(complaintsOfSignIn(failure, false));
      setRequest(requestOf(failure));
    } finally {
      setPassword("");
      setBusy(false);
    }
  };
  const errorOf = (field: string) => complaints.find((each) => each.field === field)?.text;
  return (
    <form ref={form} class="sign-in" onSubmit={submit} noValidate>
      {!props.person && <h1 tabIndex={-1}>{t("sign_in.title")}</h1>}
      <ErrorSummary complaints={complaints} request={request} />
      <Field
        id="person"
        label={t("sign_in.person")}
        error={errorOf("person")}
        value={person}
        onInput={setPerson}
        autoComplete="username"
        isReadOnly={props.person !== undefined}
        width="full"
      />
      <Field
        id="password"
        label={t("sign_in.password")}
        error={errorOf("password")}
        value={password}
        onInput={setPassword}
        type={isShown ? "text" : "password"}
        autoComplete="current-password"
        width="full"
      />
      <div class="actions">
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {t("sign_in.submit")}
        </Button>
        <Button kind="plain" pressed={isShown} controls="password" onPress={() => setShown(!isShown)}>
          {t(isShown ? "sign_in.hide_password" : "sign_in.show_password")}
        </Button>
      </div>
      <OtherWays ways={ways} isLone={props.person !== undefined} isBusy={isBusy} onPasskey={usePasskeyOf} />
      {!props.person && <p class="quiet small">{t("sign_in.privacy")}</p>}
    </form>
  );
}
