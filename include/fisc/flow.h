/* flow.h: the walks, where subjects meet. One command or one handler calls one of these.
 *
 * A flow returns false only when the system failed; a refusal is in its result. */
#ifndef FISC_FLOW_H
#define FISC_FLOW_H

#include "fisc/context.h"
#include "fisc/ledger.h"
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
 * What is refused for funds that expired reservations hold is asked again, once, after those were
 * released.
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

/** Releases what reservations and orders still hold that have expired, of an entity or, NULL, of
 * all. One result for each, refused ones included: the period of a release has to be open. */
bool
fisc_flow_expire(FiscContext *ctx, const char *entity, FiscReceipt **out_receipt, GError **error);

/* What would be, if ... Nothing is written. */
typedef struct {
    const char *name; /* of the text, for messages */
    const char *data; /* journals.csv or NDJSON: entries, virements, releases, events */
    gsize length;
    const char *against_name; /* what is taken as posted before; NULL = the books as they are */
    const char *against;
    gsize against_length;
    const char *source; /* under which references are looked up */
    const char *scale;  /* other prices, "economic=22:+5%,gfs_code=31*:-2.5%"; NULL = as given */
    bool atomic;        /* all entries or none; else each on its own */
} FiscWhatIfQuery;

typedef struct {
    FiscReceipt *receipt;   /* of the entries tried; refusals of funds with their remedies */
    FiscReceipt *against;   /* of what is taken as posted before, or NULL */
    FiscTable *keys;        /* control,level,key,before,effect,after,limit,ceiling,over */
    FiscRefusals *refusals; /* of the texts: then there is nothing else */
    GPtrArray *remarks;     /* of char *: what the price changes did */
    FiscSubmission *submission, *assumed; /* what the receipts speak of */
} FiscWhatIf;

/** Decides entries, virements, releases and other prices against every control, as if they were
 * posted now, and writes nothing. @before is what was available of a key, @effect what the accepted
 * entries take (or give). */
bool fisc_flow_what_if(FiscContext *ctx, const FiscWhatIfQuery *query, FiscWhatIf **out_answer,
                       GError **error);
void fisc_what_if_free(FiscWhatIf *answer);

/** Where the money of one key stands: columns control,level,key,budget,released,reserved,committed,
 *  accrued,paid,available, and ceiling,used_percent when a control tolerates more than the budget.
 *  While no release is on record, released = budget. */
bool fisc_flow_funds(FiscContext *ctx, const char *entity, int year,
                     const char *const dim[FISC_DIM_COUNT], FiscTable **out_table, GError **error);

/** Changes the state of a period ("202406") or of a whole year ("2024") to "open", "closed" or
 *  "sealed". */
bool fisc_flow_period_set(FiscContext *ctx, const char *period, const char *state,
                          FiscReceipt **out_receipt, GError **error);
/** Columns period,state. */
bool fisc_flow_period_list(FiscContext *ctx, FiscTable **out_table, GError **error);

/* Documents: what takes two persons. Refusals are in the receipts. */

typedef struct {
    const char *id;     /* NULL: made of its content, so that the same proposal twice is one */
    const char *action; /* "budget" "commitment" "claim" "payment" "revenue" "journal" "payee"
                           "period" "rules" "grant" "override" */
    const char *entity; /* whose rights its approvers need; NULL: of its entries, "*" if it has
                           events or several */
    const char *reason; /* why, for those who approve; stays for ever: it names no natural person */
    const char *payload; /* its content as NDJSON, when the text shall stay as it is; or NULL */
    int needs;           /* approvals; at least what the law asks for. 0 = that */
} FiscDocumentDraft;

/** Proposes what @content would do; nothing of it is posted. Its entries carry the id as their
 * document, unless they name one. FAILED when a journal has no words for the content. */
bool fisc_flow_document_propose(FiscContext *ctx, const FiscDocumentDraft *draft,
                                FiscSubmission *content, char **out_id, FiscReceipt **out_receipt,
                                GError **error);
/** The same with a text as `fisc post` takes it. Refusals of the text come in @refusals, and
 * nothing is proposed. */
bool
fisc_flow_document_propose_text(FiscContext *ctx, const FiscDocumentDraft *draft, const char *name,
                                const char *data, gsize length, const char *source, char **out_id,
                                FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error);
/** Approves; with the last approval the content is posted, in one batch or not at all. Approving
 * again what one has approved gets the first answer again. *out_state: what the document is now,
 * NULL when refused. NOT_FOUND when there is none. */
bool fisc_flow_document_approve(FiscContext *ctx, const char *id, const char *remark,
                                char **out_state, FiscReceipt **out_receipt, GError **error);
/** By somebody who may approve it, and by its maker. */
bool fisc_flow_document_reject(FiscContext *ctx, const char *id, const char *remark,
                               FiscReceipt **out_receipt, GError **error);
bool fisc_flow_document_withdraw(FiscContext *ctx, const char *id, const char *remark,
                                 FiscReceipt **out_receipt, GError **error);
/** Columns document,state,action,entity,maker,needs,approved_by,reason. @state NULL: all. */
bool
fisc_flow_document_list(FiscContext *ctx, const char *state, FiscTable **out_table, GError **error);
/** With every step and its content. NOT_FOUND. */
bool fisc_flow_document_show(FiscContext *ctx, const char *id, FiscDocument **out_document,
                             GError **error);

/* Changes of a budget, each proposed as a document. */

typedef struct {
    const char *id; /* of the document and its entry; NULL: made of the words below */
    const char *entity;
    const char *period;               /* of a release: "2024", "2024-Q1", "2024-03" */
    FiscDate on;                      /* of a virement */
    const char *from[FISC_DIM_COUNT]; /* of a virement: the line that gives */
    const char *to[FISC_DIM_COUNT];   /* the line that gets */
    const char *amount;               /* decimal, in the entity's currency */
    const char *reason;
} FiscBudgetOrder;

typedef struct {
    const char *id;
    const char *control, *key; /* the key as refusals print it */
    const char *amount;        /* the most that the key may be exceeded by, in all */
    const char *expires;       /* ISO, the last day */
    const char *article, *reason;
} FiscOverrideOrder;

/** Proposes an allotment, dated with the first day of its period. NOT_FOUND for an unknown entity,
 * USAGE for an amount or a period that is none. */
bool fisc_flow_budget_release(FiscContext *ctx, const FiscBudgetOrder *order, char **out_id,
                              FiscReceipt **out_receipt, GError **error);
bool fisc_flow_budget_virement(FiscContext *ctx, const FiscBudgetOrder *order, char **out_id,
                               FiscReceipt **out_receipt, GError **error);
bool fisc_flow_budget_override(FiscContext *ctx, const FiscOverrideOrder *order, char **out_id,
                               FiscReceipt **out_receipt, GError **error);
/** The rules that hold on a day: columns kind,name,from,to,article,rule. */
bool fisc_flow_budget_rules(FiscContext *ctx, FiscDate on, FiscTable **out_table, GError **error);

typedef struct {
    const char *name;     /* "gfs" "eliminations" "asymmetries" "budget-execution" "budget-stages"
                             "control-exceptions" "trial-balance" "budgetary-resources" */
    const char *unit;     /* entity or group, NULL = all where the report can */
    const char *period;   /* "2024", "2024-Q3", "2024-06" */
    const char *as_of;    /* ISO date or NULL: only entries effective by then */
    const char *known_at; /* batch number or NULL: only what was posted by then */
    const char *standard; /* "gfsm2014" (default) */
    bool unconsolidated;
    bool before_closing;   /* leave period 13 out */
    const char *statement; /* gfs: only these statements, "SOO,SSUC"; NULL = all */
    const char *by;        /* budget-stages: dimensions; eliminations: "pair"; or NULL */
    bool revenue, over_only;
    const char *control; /* control-exceptions: only this one; NULL = all */
    bool detail;         /* control-exceptions: each key over */
} FiscReportQuery;

/** Walk 4: one snapshot, then pure building. The names of reports: fisc_flow_report_names(). */
bool fisc_flow_report(FiscContext *ctx, const FiscReportQuery *query, FiscTable **out_table,
                      GError **error);
/** NULL-terminated pairs name, description. */
const char *const *fisc_flow_report_names(void);

/** One key through the books: the entries that carry it as reference, document, transfer or open
 * item with all that hangs together with them, the documents behind them, what was refused under
 * their references, and what is open now; see fisc_trace_load(). Columns
 * batch,posted_at,entry,source,reference,date,who,step,entity,account,side,amount,from,to,item,key,
 * title,memo. NOT_FOUND when there is nothing. */
bool fisc_flow_trace(FiscContext *ctx, const char *key, FiscTable **out_table, GError **error);

/* Persons and what they may do. What is refused is in the receipt. */

/* A role for a person. */
typedef struct {
    const char *person, *role;
    const char *entity;           /* NULL: all of them */
    const char *from, *to;        /* ISO days, or NULL */
    const char *reason, *expires; /* of an exception: why, and its last day */
} FiscGrantWords;

/** Registers a human being, or changes the name: one national identity is one person. The books
 * keep digests; the name stands outside the chain, the identity nowhere. */
bool fisc_flow_person_add(FiscContext *ctx, const char *code, const char *name,
                          const char *national_id, FiscReceipt **out_receipt, GError **error);
bool fisc_flow_person_disable(FiscContext *ctx, const char *code, FiscReceipt **out_receipt,
                              GError **error);
/** Erases the name. NOT_FOUND when there is none. */
bool fisc_flow_person_forget(FiscContext *ctx, const char *code, GError **error);
/** The first person of two proposes a role. */
bool fisc_flow_grant_propose(FiscContext *ctx, const FiscGrantWords *words,
                             FiscReceipt **out_receipt, GError **error);
/** "active": the second confirms what was proposed; "refused"; "revoked", which takes one.
 * NOT_FOUND when nobody has proposed it. */
bool fisc_flow_grant_decide(FiscContext *ctx, const FiscGrantWords *words, const char *state,
                            FiscReceipt **out_receipt, GError **error);
/** The actor, who is the @principal, passes his role on to @words->person, or somebody ends it. */
bool fisc_flow_delegate(FiscContext *ctx, const char *principal, const FiscGrantWords *words,
                        bool ends, FiscReceipt **out_receipt, GError **error);
/** Loads the matrix of duties that the program ships, and makes the first two, who confirm each
 * other. Both are registered before. */
bool fisc_flow_person_init(FiscContext *ctx, const char *administrator,
                           const char *security_officer, FiscReceipt **out_receipt, GError **error);
/** The first to call it proposes that duties are enforced, the second brings it in force. */
bool
fisc_flow_enforce(FiscContext *ctx, bool *out_enforced, FiscReceipt **out_receipt, GError **error);
/** Columns person,name,state,roles. @both: who holds two duties that must not meet on one chain. */
bool fisc_flow_person_list(FiscContext *ctx, bool both, FiscTable **out_table, GError **error);
/** Columns what,role,entity,state,from,to,maker,checker,reason. NOT_FOUND. */
bool
fisc_flow_person_show(FiscContext *ctx, const char *code, FiscTable **out_table, GError **error);
/** Columns action,approvals and one for each role. */
bool fisc_flow_matrix(FiscContext *ctx, FiscTable **out_table, GError **error);
/** What a person may do today, by which role: columns person,action,entity,right,allowed,by.
 * @entity "*": the whole of the books. */
bool fisc_flow_person_check(FiscContext *ctx, const char *person, const char *action,
                            const char *entity, FiscTable **out_table, GError **error);

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
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscWhatIf, fisc_what_if_free)

#endif
