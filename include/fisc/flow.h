/* flow.h: the walks, where subjects meet. One command or one handler calls one of these.
 *
 * A flow returns false only when the system failed; a refusal is in its result. */
#ifndef FISC_FLOW_H
#define FISC_FLOW_H

#include "fisc/context.h"
#include "fisc/package.h"
#include "fisc/poster.h"
#include "fisc/statement.h"
#include "fisc/verify.h"

typedef struct {
    char *title;
    int posted, repeated, refused;
} FiscLoadStep;

typedef struct {
    char *package;
    int events;             /* master data written */
    GPtrArray *steps;       /* of FiscLoadStep */
    FiscRefusals *refusals; /* nothing was posted when there are any */
    GPtrArray *totals;      /* of FiscControlTotal (package.h) */
    GPtrArray *remarks;     /* of char * */
} FiscLoadReport;

/** Walk 3, from a folder: read and check all, rehearse all against the ledger, then post in
 * batches. Refused as a whole when anything is refused. Killed half-way, a second run completes it.
 */
bool fisc_flow_load(FiscContext *ctx, const char *dir, FiscLoadReport **out_report, GError **error);
void fisc_load_report_free(FiscLoadReport *report);

/** Walk 1. Adds the budgetary lines, then posts: each entry on its own, or as one group (@atomic).
 * A refusal is in the receipt. @dry_run decides and writes nothing. Planning appends to
 * @submission. */
bool fisc_flow_post(FiscContext *ctx, FiscSubmission *submission, bool atomic, bool dry_run,
                    FiscReceipt **out_receipt, GError **error);
/** Reads a text (journals.csv or NDJSON) with the ledger's master data, then walk 1. Refusals of
 * the text itself come in @refusals and nothing is posted. */
bool fisc_flow_post_text(FiscContext *ctx, const char *name, const char *data, gsize length,
                         const char *source, bool atomic, bool dry_run, FiscReceipt **out_receipt,
                         FiscRefusals *refusals, GError **error);
/** Posts the exact reversal of a posted entry in the period of @effective, with its reference
 *  followed by "/reversal". NOT_FOUND when there is no such entry. */
bool
fisc_flow_reverse(FiscContext *ctx, const char *source, const char *reference, FiscDate effective,
                  const char *reason, FiscReceipt **out_receipt, GError **error);

/** Where the money of one key stands: columns control,level,key,budget,released,reserved,committed,
 *  accrued,paid,available. (No releases yet: released = budget.) */
bool fisc_flow_funds(FiscContext *ctx, const char *entity, int year,
                     const char *const dim[FISC_DIM_COUNT], FiscTable **out_table, GError **error);

/** Changes the state of a period ("202406") or of a whole year ("2024") to "open", "closed" or
 *  "sealed". */
bool fisc_flow_period_set(FiscContext *ctx, const char *period, const char *state,
                          FiscReceipt **out_receipt, GError **error);
/** Columns period,state. */
bool fisc_flow_period_list(FiscContext *ctx, FiscTable **out_table, GError **error);

typedef struct {
    const char *name;     /* "gfs" "eliminations" "asymmetries" "budget-execution" "budget-stages"
                             "trial-balance" */
    const char *unit;     /* entity or group, NULL = all where the report can */
    const char *period;   /* "2024", "2024-Q3", "2024-06" */
    const char *as_of;    /* ISO date or NULL: only entries effective by then */
    const char *known_at; /* batch number or NULL: only what was posted by then */
    const char *standard; /* "gfsm2014" (default) */
    bool unconsolidated;
    const char *statement; /* gfs: only these statements, "SOO,SSUC"; NULL = all */
    const char *by;        /* budget-stages: dimensions; eliminations: "pair"; or NULL */
    bool revenue, over_only;
} FiscReportQuery;

/** Walk 4: one snapshot, then pure building. The names of reports: fisc_flow_report_names(). */
bool fisc_flow_report(FiscContext *ctx, const FiscReportQuery *query, FiscTable **out_table,
                      GError **error);
/** NULL-terminated pairs name, description. */
const char *const *fisc_flow_report_names(void);

/** One key through the books: every entry whose reference, document or transfer is @key. Columns
 *  entry,source,reference,date,entity,account,side,amount,title,memo. NOT_FOUND when there is none.
 */
bool fisc_flow_trace(FiscContext *ctx, const char *key, FiscTable **out_table, GError **error);

/** Walk of an auditor: see fisc/verify.h. The context's progress is told. */
bool fisc_flow_verify(FiscContext *ctx, const FiscVerifyOptions *options,
                      FiscVerifyReport **out_report, GError **error);

/** Makes the key that signs heads, in @key_file (0600) and @key_file.pub; never overwrites one.
 * @environment: what heads call this database; NULL = a random name. */
bool fisc_flow_head_key(const char *key_file, const char *environment, char **out_key_id,
                        GError **error);
/** The signed head of the book as a note (docs/hashes.md), with the proof that it follows the first
 * @from batches; -1: without. TAMPERED when there are fewer. */
bool fisc_flow_head(FiscContext *ctx, const char *key_file, int64_t from, char **out_note,
                    GError **error);
/** The proof, as JSON, that an entry is in the books, under the newest head of @head_file, or with
 * NULL a fresh one signed with @key_file. NOT_FOUND when there is no such entry. */
bool fisc_flow_proof(FiscContext *ctx, const char *source, const char *reference,
                     const char *head_file, const char *key_file, char **out_json, GError **error);
/** Checks such a proof without a database. *out_wrong: NULL, or why it does not hold; else
 * *out_says what it proves. The keys (NULL = not asked) must have signed and cosigned its head. */
bool fisc_flow_proof_check(const char *file, const char *head_key, const char *witness_key,
                           char **out_wrong, char **out_says, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLoadReport, fisc_load_report_free)

#endif
