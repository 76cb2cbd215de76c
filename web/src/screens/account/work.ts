// work.ts: what the sections of one's sign-in share: a step that may fail, told in the section itself.
import { useState } from "preact/hooks";
import { Problem } from "../../api/client";
import { complaintsOf, type Complaint } from "../../components/ErrorSummary";
import { t } from "../../i18n";
import { Declined, KnownAlready } from "../../passkey";

/* What a failure means here, at the field it belongs to. */
function tell(failure: unknown, field?: string): Complaint[] {
  if (failure instanceof Declined) {
    return [{ text: t("passkeys.declined") }];
  }
  if (failure instanceof KnownAlready) {
    return [{ text: t("passkeys.known") }];
  }
  if (failure instanceof Problem && failure.code === "CONFIRMATION_WRONG") {
    return [{ text: t("account.wrong"), field }];
  }
  if (failure instanceof Problem && failure.code === "STEP_UP_NEEDED") {
    return [{ text: t("account.strong_first") }];
  }
  if (failure instanceof Problem && failure.status === 422) {
    return [{ text: failure.message, field }];
  }
  return complaintsOf(failure);
}

/** One thing at a time; what went wrong stays until the next. @field: whose fault a wrong word is. */
export function useWork(field?: string) {
  const [complaints, setComplaints] = useState<Complaint[]>([]);
  const [isBusy, setBusy] = useState(false);
  const work = async (step: () => Promise<void>) => {
    setBusy(true);
    setComplaints([]);
    try {
      await step();
    } catch (failure) {
      setComplaints(tell(failure, field));
    } finally {
      setBusy(false);
    }
  };
  const errorOf = (id: string) => complaints.find((each) => each.field === id)?.text;
  return { complaints, setComplaints, isBusy, work, errorOf };
}
