/* plan.h: what the walks of a budget that is being prepared share. */
#ifndef FISC_FLOWS_PLAN_H
#define FISC_FLOWS_PLAN_H

#include "app/flows/internal.h"
#include "fisc/formulation.h"

#define FISC_PLAN_SOURCE "budget" /* of the steps */
#define FISC_PLAN_VERSION "budget_version"

/* A version and the procedures, as of one moment. */
typedef struct {
    FiscTx *tx; /* that snapshot, as long as the desk is open */
    FiscVersion *version;
    GArray *rules; /* of FiscRecord: the steps of all procedures, in the order they came */
} FiscPlanDesk;

/** @name: "2019-draft" or "2019-draft@3". NOT_FOUND. */
bool fisc_plan_desk_open(FiscPlanDesk *desk, FiscContext *ctx, const char *name, GError **error);
void fisc_plan_desk_clear(FiscPlanDesk *desk);
/** Takes "2019-draft@3" apart; 0 without a number. USAGE. Caller frees the code. */
bool fisc_plan_split_name(const char *name, char **out_code, int *out_step_no, GError **error);
/** The step of a procedure; NULL when it has none of that name. */
const FiscRecord *fisc_plan_rule(const FiscPlanDesk *desk, const char *procedure, const char *step);
/** "budget_part" of "budget_part/2019-draft/lines/MIN". Caller frees. */
char *fisc_plan_procedure(const char *subject);
/** One word among words separated by spaces. */
bool fisc_plan_has_word(const char *words, const char *word);
/** The names of a procedure's steps, for messages. Caller frees. */
char *fisc_plan_step_names(const FiscPlanDesk *desk, const char *procedure);
/** A version alone, in somebody's snapshot: "2019-draft" or "2019-draft@3". NOT_FOUND. */
bool fisc_plan_version_open(FiscTx *tx, FiscContext *ctx, const char *name,
                            FiscVersion **out_version, GError **error);
/** The entities that have lines in either of two versions, in order. Caller unrefs. */
GPtrArray *fisc_plan_entities(const FiscVersion *a, const FiscVersion *b);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPlanDesk, fisc_plan_desk_clear)

/** Takes the lines of entities out that the context may not see. Always true. */
bool fisc_plan_keep_own(const FiscContext *ctx, FiscVersion *version);

#endif
