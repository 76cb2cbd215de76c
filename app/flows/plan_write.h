/* plan_write.h: several parts of a version get contents that were made from what they have now: all
 * in one submission, and none when somebody else was faster. */
#ifndef FISC_FLOWS_PLAN_WRITE_H
#define FISC_FLOWS_PLAN_WRITE_H

#include "app/flows/plan.h"

typedef struct {
    FiscPartKind kind;
    char *entity;         /* "" for a table; owned */
    const FiscPart *part; /* that it was made from; NULL: the part begins. Borrowed */
    char *content;        /* its digest, in hex; owned */
    char *text;           /* NULL: it is kept already; owned */
} FiscPlanNewPart;

/** A list of FiscPlanNewPart. Caller unrefs. */
GPtrArray *fisc_plan_new_parts(void);
/** Appends a part with a text, which it takes over, unless that is what the part has. */
void fisc_plan_new_parts_add(GPtrArray *parts, const FiscVersion *version, FiscPartKind kind,
                             const char *entity, char *text);
/** Appends one with a content that is kept already. */
void fisc_plan_new_parts_add_kept(GPtrArray *parts, const FiscVersion *version, FiscPartKind kind,
                                  const char *entity, const char *content);
/** Writes them, the lines by the step @step, tables by "set". The desk's transaction ends. */
bool fisc_plan_write(FiscContext *ctx, FiscPlanDesk *desk, const char *step, const char *reason,
                     const GPtrArray *parts, FiscPlanDone *out_done, FiscReceipt **out_receipt,
                     GError **error);

#endif
