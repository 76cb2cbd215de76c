/* internal.h: what the flows share. */
#ifndef FISC_FLOWS_INTERNAL_H
#define FISC_FLOWS_INTERNAL_H

#include "core/base/sign.h"
#include "fisc/budget.h"
#include "fisc/flow.h"

/* submit.c */
/** The poster that the context keeps open, or a new one. The caller closes it. */
bool fisc_flow_open_poster(FiscContext *ctx, FiscPoster **out_poster, GError **error);
/** fisc_poster_submit(); in a dry run what it would answer, with nothing written. */
bool fisc_flow_submit(FiscContext *ctx, FiscPoster *poster, const FiscSubmission *submission,
                      FiscReceipt **out_receipt, GError **error);
/** fisc_poster_submit_all(); in a dry run each is tried by itself, as if the others were not there.
 */
bool fisc_flow_submit_all(FiscContext *ctx, FiscPoster *poster, const GPtrArray *submissions,
                          GPtrArray **out_receipts, GError **error);
bool fisc_flow_submit_each(FiscContext *ctx, FiscPoster *poster, const FiscSubmission *submission,
                           FiscReceipt **out_receipt, GError **error);
/** Commits what a walk wrote beside the chain; in a dry run takes it back. @tx is gone either way.
 */
bool fisc_flow_end_write(FiscContext *ctx, FiscTx *tx, GError **error);

/* scope.c: cuts to what the context may see what the database does not cut. */
/** False for who sees the whole book. */
bool fisc_flow_is_limited(const FiscContext *ctx);
/** DENIED for who does not see it: of walks that take all units together. */
bool fisc_flow_check_book(const FiscContext *ctx, GError **error);
/** Whether a control's key, "entity=001 economic=22", is of a unit that may be seen. */
bool fisc_flow_sees_key(const FiscContext *ctx, const char *key);
/** Leaves of an array of FiscFunds what may be seen. */
void fisc_flow_keep_funds(const FiscContext *ctx, GPtrArray *funds);
/** A unit, or a group all of whose members may be seen; NULL passes. NOT_FOUND, as for what does
 * not exist. */
bool fisc_flow_check_unit(const FiscContext *ctx, const FiscNation *nation, const char *unit,
                          GError **error);
/** Entries and events of units that may not be seen are refused as of units that nobody knows. */
bool fisc_flow_check_content(const FiscContext *ctx, const FiscSubmission *content,
                             FiscRefusals *refusals);
/** What is refused for want of a duty tells nothing else; figures of other units are taken out. */
void fisc_flow_hide(const FiscContext *ctx, FiscReceipt *receipt);

/** post.c: appends the exact reversal of a posted entry, given by its lines: REFERENCE/reversal. */
void fisc_flow_add_reversal(FiscSubmission *submission, const FiscPostedLines *lines,
                            const char *reference, FiscDate effective, const char *reason);

/** load.c: after so many entries were posted at once, if they are many: tells the planner. */
bool fisc_flow_refresh_statistics(FiscContext *ctx, int64_t posted, GError **error);

/** Adds the events that bring the fourteen periods of a year (00 to 13) to a state. */
void fisc_flow_add_year(FiscSubmission *submission, int year, const char *state);

/** The master data, and what the budget's plan needs to know. */
bool fisc_flow_read_nation(FiscContext *ctx, FiscNation **out_nation, FiscBudgetView **out_view,
                           GError **error);

/* masters.c: master data as of some batch, shared and not changed. */
typedef struct {
    gint holds;
    int version;        /* fisc_poster_masters_version() when it was read */
    FiscNation *nation; /* as the ledger has it */
    FiscNation *texts;  /* of fisc_package_nation(): what texts are read with */
    FiscBudgetView *view;
} FiscMasterCopy;

/** The context's masters when they are as new as the poster, or read now. */
bool fisc_flow_take_masters(FiscContext *ctx, FiscMasterCopy **out_copy, GError **error);
/** When codes were refused as unknown that another writer may have brought: reads again. */
bool fisc_flow_renew_masters(FiscContext *ctx, const FiscRefusals *refusals, FiscMasterCopy **copy,
                             bool *out_is_renewed, GError **error);
void fisc_master_copy_unref(FiscMasterCopy *copy);
/** fisc_budget_plan(), with what the submission itself brings. */
void fisc_flow_plan(const FiscMasterCopy *copy, FiscSubmission *submission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMasterCopy, fisc_master_copy_unref)

/** After a submission that was not atomic, or that was and failed: when entries were refused for
 * funds that expired reservations hold, releases those and asks once more. *receipt is then the
 * second answer, with the first for what was posted at once; NULL after a failure. */
bool fisc_flow_cure(FiscContext *ctx, FiscPoster *poster, FiscSubmission *submission, bool atomic,
                    FiscReceipt **receipt, GError **error);

/* budget.c: what orders have in common */
/** "release-3f0a19c2b7de": the same words are the same order, so that sending it twice is once.
 * Caller frees. */
char *fisc_flow_id_of_words(const char *what, const char *const *words, int count);
bool fisc_flow_load_nation(FiscContext *ctx, FiscNation **out_nation, GError **error);
/** NOT_FOUND. */
bool fisc_flow_find_entity(const FiscNation *nation, const char *code,
                           const FiscEntity **out_entity, GError **error);
/** USAGE for what is no amount, or zero. */
bool fisc_flow_take_amount(const char *text, int decimals, int64_t *out_amount, GError **error);

/** fact.c: whether duties are enforced. */
bool fisc_flow_is_enforced(FiscContext *ctx, bool *out_enforced, GError **error);
/** Puts facts on record; where duties are enforced it proposes them as a document instead,
 * for a second person: *out_document is then its id, else NULL. */
bool fisc_flow_put_facts(FiscContext *ctx, FiscSubmission *facts, const char *reason,
                         char **out_document, FiscReceipt **out_receipt, GError **error);

/** A key that can sign; says how to make one when there is none. */
bool fisc_flow_load_private_key(const char *key_file, FiscSignKey **out_key, GError **error);

#endif
