// approvals.tsx: one document that waits for a second person, with all that is to be known before it is signed: who
// made it, what it holds, what it changes, and the digest that is signed.
import { useState } from "preact/hooks";
import { announce } from "../../components/live";
import { Problem, write } from "../../api/client";
import type { Document } from "../../api/types";
import { Button } from "../../components/Button";
import { ErrorSummary, Failure, requestOf, type Complaint } from "../../components/ErrorSummary";
import { Field } from "../../components/Field";
import { Spinner } from "../../components/Spinner";
import { lookUp, moment, t } from "../../i18n";
import { useRead } from "../../load";
import { useDocumentNews } from "../../news";
import { session } from "../../session";
import type { ScreenProps } from "..";
import { StepUp } from "../account/step_up";
import { decisionComplaints } from "./complaints";
import { Content } from "./content";
import { StateTag } from "./list";

export function ApprovalScreen({ words }: ScreenProps) {
  const id = words.document ?? "";
  const document = useRead("/v1/documents/{document}", { path: { document: id } });
  useDocumentNews(document.again, id);
  const data = document.data;
  if (data === undefined) {
    return document.failure !== null ? (
      <Failure failure={document.failure} onRetry={document.again} />
    ) : (
      <Spinner />
    );
  }
  return (
    <>
      <p class="small">
        <a href="/approvals">{t("approvals.back")}</a>
      </p>
      <h1 tabIndex={-1}>
        {data.document} <StateTag state={data.state} />
      </h1>
      {document.failure !== null && <Failure failure={document.failure} onRetry={document.again} />}
      <div class="approval">
        <div class="approval-main">
          <Facts data={data} />
          <Content data={data} />
          <Steps steps={data.steps} />
        </div>
        {(data.state === "proposed" || data.state === "approved") && (
          <Decision data={data} onDone={document.again} />
        )}
      </div>
    </>
  );
}

function withPrincipal(person: string, principal: string | null): string {
  return principal ? t("approvals.for", { person, principal }) : person;
}

function Facts({ data }: { data: Document }) {
  return (
    <dl class="facts">
      <dt>{t("approvals.action")}</dt>
      <dd>{lookUp(`action.${data.action}`) ?? data.action}</dd>
      <dt>{t("approvals.entity")}</dt>
      <dd>{data.entity === "*" || !data.entity ? t("approvals.whole_book") : data.entity}</dd>
      <dt>{t("approvals.maker")}</dt>
      <dd>{withPrincipal(data.maker, data.on_behalf)}</dd>
      <dt>{t("approvals.reason")}</dt>
      <dd>{data.reason || <span class="quiet">{t("common.none")}</span>}</dd>
      <dt>{t("approvals.approvals")}</dt>
      <dd>{t("approvals.approvals_of", { given: data.approved_by.length, needed: data.needs })}</dd>
      <dt>{t("approvals.digest")}</dt>
      <dd>
        <span class="mono">{data.digest.replace(/(.{8})(?=.)/g, "$1 ")}</span>
      </dd>
    </dl>
  );
}

function Steps({ steps }: { steps: Document["steps"] }) {
  return (
    <section>
      <h2>{t("approvals.steps")}</h2>
      <ol class="steps">
        {steps.map((step) => (
          <li>
            <b>{lookUp(`doc_step.${step.step}`) ?? step.step}</b>{" "}
            {withPrincipal(step.person, step.on_behalf)}
            {step.at && <span class="quiet">, {moment(step.at)}</span>}
            {step.remark && <q>{step.remark}</q>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/* Deciding ------------------------------------------------------------------------------------ */

type Verb = "approve" | "reject" | "withdraw";

function Decision({ data, onDone }: { data: Document; onDone: () => void }) {
  const [remark, setRemark] = useState("");
  const [remarkError, setRemarkError] = useState<string | null>(null);
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [request, setRequest] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<Verb | null>(null);
  const isMaker = data.maker === session.value?.person || data.on_behalf === session.value?.person;

  const send = async (verb: Verb, step: string | null) => {
    const body = {
      ...(remark.trim() ? { remark: remark.trim() } : {}),
      ...(verb === "withdraw" ? {} : { digest: data.digest }),
    };
    const answer = await write("POST", `/v1/documents/{document}/${verb}`, {
      path: { document: data.document },
      body,
      ...(step ? { headers: { "X-Fisc-Step-Up": step } } : {}),
    });
    announce(
      t(`approvals.did.${verb}`, {
        document: data.document,
        state: lookUp(`state.${answer.state}`) ?? answer.state,
      }),
    );
    setWaiting(null);
    setComplaints([]);
    onDone();
  };
  const decide = async (verb: Verb, step: string | null = null) => {
    const isMissing = verb === "reject" && remark.trim() === "";
    setRemarkError(isMissing ? t("approvals.remark_missing") : null);
    if (isMissing) {
      document.getElementById("approval-remark")?.focus();
      return;
    }
    try {
      await send(verb, step);
    } catch (failure) {
      if (
        failure instanceof Problem &&
        failure.code === "STEP_UP_NEEDED" &&
        step === null &&
        session.value?.strong !== false
      ) {
        setWaiting(verb);
        return;
      }
      setComplaints(decisionComplaints(failure));
      setRequest(requestOf(failure));
    }
  };
  return (
    <section class="card decision" aria-labelledby="decision-title">
      <h2 id="decision-title">{t("approvals.decide")}</h2>
      <ErrorSummary complaints={complaints} request={request} />
      {isMaker ? <p>{t("approvals.own")}</p> : <p class="small">{t("approvals.signs")}</p>}
      <Field
        id="approval-remark"
        label={t("approvals.remark")}
        hint={t("remedy.reason_hint")}
        error={remarkError}
        value={remark}
        onInput={setRemark}
        width="full"
      />
      {waiting !== null && (
        <StepUp
          digests={[data.digest]}
          submit={t(`approvals.confirm.${waiting}`)}
          onStep={(step) => decide(waiting, step)}
          onCancel={() => setWaiting(null)}
        />
      )}
      {waiting === null && (
        <div class="actions">
          {!isMaker && (
            <>
              <Button kind="primary" onPress={() => decide("approve")}>
                {t("approvals.approve")}
              </Button>
              <Button kind="danger" onPress={() => decide("reject")}>
                {t("approvals.reject")}
              </Button>
            </>
          )}
          {isMaker && <Button onPress={() => decide("withdraw")}>{t("approvals.withdraw")}</Button>}
        </div>
      )}
    </section>
  );
}
