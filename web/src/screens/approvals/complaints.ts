// complaints.ts: why a document was not decided, in lines.
import { Problem } from "../../api/client";
import { complaintsOf, type Complaint } from "../../components/ErrorSummary";
import { codeWords } from "../../i18n";

export function decisionComplaints(failure: unknown): Complaint[] {
  if (!(failure instanceof Problem)) {
    return complaintsOf(failure);
  }
  const words = codeWords(failure.code);
  const errors = failure.errors.map((each) => ({
    text: [codeWords(each.code), each.detail].filter(Boolean).join(": "),
  }));
  return errors.length > 0
    ? errors
    : [{ text: [words, failure.message].filter(Boolean).join(": ") }];
}
