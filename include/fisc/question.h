/* question.h: saved questions: the words of a report under a name, on record as a fact, so that
 * everybody asks the same and nobody types it again. They are asked of the books as they are then.
 */
#ifndef FISC_QUESTION_H
#define FISC_QUESTION_H

#include "fisc/flow.h"

/** Puts a question on record, or other words under its name. What is refused is in the receipt;
 * where duties are enforced it waits for approval as *out_document (owned; else NULL). USAGE for a
 * name with blanks or "/", and for no report. */
bool fisc_flow_question_save(FiscContext *ctx, const char *name, const char *title,
                             const FiscReportQuery *query, char **out_document,
                             FiscReceipt **out_receipt, GError **error);
/** It is asked no more; the record stays. NOT_FOUND. */
bool fisc_flow_question_remove(FiscContext *ctx, const char *name, char **out_document,
                               FiscReceipt **out_receipt, GError **error);
/** Columns question,title,words. */
bool fisc_flow_question_list(FiscContext *ctx, FiscTable **out_table, GError **error);
/** Asks it. Words that @changes gives (its name is not read) stand instead of those on record:
 * another period, another moment. NOT_FOUND. */
bool fisc_flow_question_run(FiscContext *ctx, const char *name, const FiscReportQuery *changes,
                            FiscTable **out_table, GError **error);

#endif
