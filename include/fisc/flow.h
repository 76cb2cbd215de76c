/* flow.h: the walks, where subjects meet. One command or one handler calls one of these.
 *
 * A flow returns false only when the system failed; a refusal is in its result. */
#ifndef FISC_FLOW_H
#define FISC_FLOW_H

#include "fisc/budget.h"
#include "fisc/context.h"
#include "fisc/dossier.h"
#include "fisc/formulation.h"
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
/* Entries as a request brings them; the rest of FiscPackageBody the walk knows. */
typedef struct {
    FiscBodyKind kind;
    const char *data;
    gsize length;
    const char *source;
    const char *key; /* names JSON entries that have no name, by their place; NULL = refused */
    bool atomic;
} FiscPostRequest;

/** Walk 1 of the body of a request, within the context's scope: an entity outside of it is unknown,
 * and a reference begins with its entity, so that none tells of another's. */
bool fisc_flow_post_body(FiscContext *ctx, const FiscPostRequest *request,
                         FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error);

/** Master data that are kept between walks: FiscContext.masters, beside a poster that is kept
 * open. Thread-safe. */
FiscMasters *fisc_masters_new(void);
void fisc_masters_free(FiscMasters *masters);

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
/** The same of many (@ids ends with NULL), one after the other, so that some may be refused and the
 * others stand; the books are opened once. @told after each: state NULL and receipt NULL: there is
 * no such document. False when the system fails: those told before stand. */
typedef void (*FiscApprovalTold)(const char *id, const char *state, const FiscReceipt *receipt,
                                 gpointer data);
bool fisc_flow_documents_approve(FiscContext *ctx, const char *const *ids, const char *remark,
                                 FiscApprovalTold told, gpointer data, GError **error);
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
                             "budget-book" "pefa" "control-exceptions" "trial-balance"
                             "budgetary-resources" */
    const char *unit;     /* entity or group, NULL = all where the report can */
    const char *period;   /* "2024", "2024-Q3", "2024-06" */
    const char *as_of;    /* ISO date or NULL: only entries effective by then */
    const char *known_at; /* batch number or NULL: only what was posted by then */
    const char *rules_at; /* batch number or NULL: master data, layouts and rules as of then */
    const char *standard; /* "gfsm2014" (default) */
    bool unconsolidated;
    bool before_closing;   /* leave period 13 out */
    const char *statement; /* gfs: only these statements, "SOO,SSUC"; NULL = all */
    const char *by;        /* budget-stages: dimensions; eliminations: "pair"; or NULL */
    bool revenue, over_only;
    const char *control;     /* control-exceptions: only this one; NULL = all */
    bool detail;             /* control-exceptions: each key over; budget-book: each act */
    const char *where;       /* budget-book: "programme=231 economic=22"; NULL = every line */
    const char *years;       /* budget-book: so many earlier years, too; NULL = none */
    const char *contingency; /* pefa: lines of the contingency vote, "programme=929"; or NULL */
    const char *beside;      /* more columns: "quarters", "months", "years=2", "members",
                                "period=2023", "as-of=2024-03-31", "known-at=500",
                                "standard=gfsm2001", "unit=LGN", several with ","; or NULL */
    bool change;             /* with @beside: the first column less each of the others */
    const char *layout;      /* layout: the name of a layout on record; or NULL */
    const char *language;    /* of labels and titles: "en" "es" "ko" "ru"; NULL = en */
    const char *comparatives, *calendar, *currency, *allocation; /* of FiscLensQuery */
    const char *layer;   /* of statements: of FiscStatementQuery; NULL = all */
    const char *across;  /* pivot: a segment whose words are columns; NULL = one column */
    const char *measure; /* pivot: "net" (NULL), "paid" ...: reporting/measure.c */
} FiscReportQuery;

/** Walk 4: one snapshot, then pure building. The names of reports: fisc_flow_report_names(). */
bool fisc_flow_report(FiscContext *ctx, const FiscReportQuery *query, FiscTable **out_table,
                      GError **error);
/** NULL-terminated pairs name, description. */
const char *const *fisc_flow_report_names(void);
/* Takes one unit's statements. */
typedef void (*FiscReportEmit)(FiscTable *part, gpointer data);
/** The report "gfs" of every unit and group, each by itself as soon as it is built. */
bool fisc_flow_report_units(FiscContext *ctx, const FiscReportQuery *query, FiscReportEmit emit,
                            gpointer data, GError **error);
/** A report bound for a reader: fisc_flow_report(), its statements one by one, with their charts
 * and what they were made from. */
bool fisc_flow_dossier(FiscContext *ctx, const FiscReportQuery *query, FiscDossier **out_dossier,
                       GError **error);
/** NULL-terminated pairs name, description of the formats of dossiers. */
const char *const *fisc_flow_dossier_formats(void);
/** True for a format that is no text. */
bool fisc_flow_dossier_is_binary(const char *format);
/** Renders in a format of fisc_flow_dossier_formats(). USAGE when there is none. */
bool fisc_flow_render(const FiscDossier *dossier, const char *format, GString *out, GError **error);

/* Layouts of statements that a nation writes itself: app/flows/layout.c, docs/layouts.md. */

typedef struct {
    const char *file; /* its name in refusals */
    const char *data;
    gsize length;
} FiscLayoutText;

/** Checks a text without any books: every mistake comes in @refusals, by file, line and field. */
void fisc_flow_layout_check(const FiscLayoutText *text, FiscRefusals *refusals);
/** Puts a layout on record under a name, or another text under one that is there. What the check
 * refuses, which knows the accounts on record too, comes in @refusals, and then there is no
 * receipt. *out_document (owned): the document to be approved where duties are enforced, else NULL.
 */
bool fisc_flow_layout_add(FiscContext *ctx, const char *name, const FiscLayoutText *text,
                          const char *reason, char **out_document, FiscReceipt **out_receipt,
                          FiscRefusals *refusals, GError **error);
/** Columns layout,title,kept,rows: those on record, then those of the program. */
bool fisc_flow_layout_list(FiscContext *ctx, FiscTable **out_table, GError **error);
/** The text of one: on record, national, or of a family as "gfsm2014/SOO". USAGE. */
bool fisc_flow_layout_show(FiscContext *ctx, const char *name, char **out_text, GError **error);

/* What a figure is made of: app/flows/drill.c. */

typedef struct {
    const char *key;   /* of the figure, as reports give it: reporting/cell_key.h */
    const char *to;    /* "balances" (NULL), "entries", "lines", "documents", "rows" */
    guint limit;       /* rows at most; 0 = all */
    const char *files; /* of "rows": a folder whose rows are held against what is on record; NULL */
} FiscDrillQuery;

/** Takes a figure apart. The rows' column "counted" adds up to the figure, at every level; notes
 * say the figure and how much of it is not shown. NOT_FOUND, USAGE for a key that names none. */
bool fisc_flow_drill(FiscContext *ctx, const FiscDrillQuery *query, FiscTable **out_table,
                     GError **error);

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
/** The same as it could have been signed when there were @size batches. NOT_FOUND when there are
 * fewer. */
bool fisc_flow_head_between(FiscContext *ctx, const char *key_file, int64_t from, int64_t size,
                            char **out_note, GError **error);

/* Entries for another fisc that takes them: docs/integrations.md, docs/hashes.md. */
typedef struct {
    const char *entity;
    FiscPeriod period;
    int part;     /* from 1 */
    int64_t size; /* under the head of so many batches; 0: of all */
} FiscSealedOrder;
/** How many entries there are of each unit and period that may be seen, as a signed text.
 * @entities: of these; NULL: of all. */
bool fisc_flow_sealed_list(FiscContext *ctx, const char *key_file, const char *const *entities,
                           char **out_text, GError **error);
/** A part of a unit's period, as JSON: its entries with their proof under one head. @whole: a pool
 * that sees the whole book, since a proof is made of what stands beside an entry. NOT_FOUND. */
bool fisc_flow_sealed_part(FiscContext *ctx, FiscPool *whole, const char *key_file,
                           const FiscSealedOrder *order, char **out_json, GError **error);
/** The proof, as JSON, that an entry is in the books, under the newest head of @head_file, or with
 * NULL a fresh one signed with @key_file. NOT_FOUND when there is no such entry. */
bool fisc_flow_proof(FiscContext *ctx, const char *source, const char *reference,
                     const char *head_file, const char *key_file, char **out_json, GError **error);
/** Checks such a proof without a database. *out_wrong: NULL, or why it does not hold; else
 * *out_says what it proves. The keys (NULL = not asked) must have signed and cosigned its head. */
bool fisc_flow_proof_check(const char *file, const char *head_key, const char *witness_key,
                           char **out_wrong, char **out_says, GError **error);

/* Budgets that are being prepared: docs/formulation.md. A version is named "2019-draft" or, to be
 * looked at as it stood when it took its third step, "2019-draft@3". A part of it is
 * "2019-draft/ceilings" or "2019-draft/lines/MIN". What the books refuse is in the receipts. */

typedef struct {
    const char *version, *title, *reason;
    int year, years; /* the budget year, and how many with the outer years */
    int decimals;    /* of its currency */
} FiscPlanOpening;

/** Opens a version; puts the procedures that are shipped on record, as far as none are there. Where
 * duties are enforced and they are missing they are proposed as a document first, and the answer
 * says so. USAGE for a name or a number that is none. */
bool fisc_flow_plan_open(FiscContext *ctx, const FiscPlanOpening *opening,
                         FiscReceipt **out_receipt, GError **error);
/** A new version in draft, whose parts have the contents of those of @from. */
bool fisc_flow_plan_branch(FiscContext *ctx, const char *from, const FiscPlanOpening *opening,
                           FiscReceipt **out_receipt, GError **error);

/* A text for one part, or for the lines of several entities. */
typedef struct {
    const char *version;
    FiscPartKind kind;
    const char *entity; /* of lines: whose; NULL = of every entity that the text has */
    const char *step;   /* that gives it its content; NULL: the first that may as things are */
    const char *reason;
    const char *base; /* the content that was edited, in hex, "" = none; NULL: what it is now */
    bool is_patch;    /* the text says only some columns of some lines; the rest stays */
    const char *name; /* of the text, for messages */
    const char *data;
    gsize length;
} FiscPlanText;

typedef struct {
    char *step;    /* that was taken; NULL when nothing was to be done */
    int changed;   /* parts that have a new content */
    int unchanged; /* parts whose content is what it was: nothing happens to them */
} FiscPlanDone;

/** Gives parts a new content, all of them or none. Refusals of the text itself, of what the step
 * may change and of ceilings come in @refusals, and then nothing is written. */
bool fisc_flow_plan_put(FiscContext *ctx, const FiscPlanText *text, FiscPlanDone *out_done,
                        FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error);
void fisc_plan_done_clear(FiscPlanDone *done);

/** Lets a version or its parts take a step that changes no content: "2019-draft",
 * "2019-draft/lines/MIN", or "2019-draft/lines" for every part that may take it. Refusals of
 * ceilings come in @refusals. */
bool fisc_flow_plan_step(FiscContext *ctx, const char *path, const char *step, const char *reason,
                         FiscPlanDone *out_done, FiscReceipt **out_receipt, FiscRefusals *refusals,
                         GError **error);

/** The canonical text of a part or, for lines without @entity, of all of them. @step_no: behind the
 * so-many-th step of the part's case; 0 = now, or as the version's name says. *out_content: its
 * digest in hex, "" for several parts (owned). */
bool
fisc_flow_plan_get(FiscContext *ctx, const char *version, FiscPartKind kind, const char *entity,
                   int step_no, char **out_text, char **out_content, GError **error);
/** Columns version,state,year,years,title,origin,law. */
bool fisc_flow_plan_versions(FiscContext *ctx, FiscTable **out_table, GError **error);
/** The parts of a version: columns kind,entity,state,content. */
bool
fisc_flow_plan_parts(FiscContext *ctx, const char *version, FiscTable **out_table, GError **error);
/** What happened to a version and all its parts, or to those that @path names: columns
 * batch,posted_at,who,on_behalf,case,step,from,to,reason,content. */
bool
fisc_flow_plan_history(FiscContext *ctx, const char *path, FiscTable **out_table, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPlanDone, fisc_plan_done_clear)
/* Enactment: a version becomes law, as a document whose content is told by reference
 * (docs/enactment.md). */

typedef struct {
    const char *version;         /* that was tabled */
    const char *law, *title;     /* "L-2018-6" and what people call it */
    FiscDate on;                 /* from when it counts; 0 = 1 January, or today of a supplement */
    const char *id;              /* of the document; NULL = the law */
    const char *kind;            /* "original" "supplement"; NULL: told by the version's origin */
    const char *article, *annex; /* of lines that name none; or NULL */
    const char *reason;
} FiscEnactOrder;

typedef struct {
    int year, from_year; /* a part of what was appropriated in @from_year */
    int month;           /* up to and with the first of this month, 1 to 12 */
    const char *id;      /* of the document; NULL = "INTERIM-2019-01" */
    const char *article, *reason;
    const char *classes; /* shares other than a twelfth: docs/enactment.md; NULL = none */
    gsize classes_length;
    const char *classes_name; /* for messages */
} FiscInterimOrder;

/** Proposes the law, or with @dry_run only tells what it would do. *out_totals: columns
 * entity,side,lines,more,less,amount, with a note when nothing limits an entity; NULL when refused.
 * NOT_FOUND for a version that there is not. */
bool
fisc_flow_budget_enact(FiscContext *ctx, const FiscEnactOrder *order, bool dry_run, char **out_id,
                       FiscTable **out_totals, FiscReceipt **out_receipt, GError **error);
/** Proposes what may be spent up to a month while there is no law. *out_totals likewise, NULL also
 * when the month was given before. */
bool fisc_flow_budget_interim(FiscContext *ctx, const FiscInterimOrder *order, char **out_id,
                              FiscTable **out_totals, FiscReceipt **out_receipt, GError **error);
/** What a document by reference does, as above; NULL for any other, and for one whose version has
 * changed since. */
bool fisc_flow_document_totals(FiscContext *ctx, const FiscDocument *document,
                               FiscTable **out_totals, GError **error);

/* Blocks, cuts and reserves: app/flows/block.c. */

typedef struct {
    FiscBlockKind kind;
    const char *id; /* NULL: made of the words below */
    const char *entity;
    FiscDate on;
    const char *where[FISC_DIM_COUNT]; /* "2", or "2*": what begins so; NULL = any */
    const char *amount;                /* decimal, in all; or NULL */
    const char *percent;               /* of each line, "5" or "2.5"; or NULL */
    bool of_available;
    const char *article, *reason;
} FiscBlockOrder;

/* What was proposed, in all. */
typedef struct {
    int lines;
    int64_t total;
    int decimals;
} FiscBlockSum;

/** Proposes to hold back, let go or cut on every budget line that is meant. NOT_FOUND when none is,
 * USAGE for an amount or a percentage that is none. Without either all that is blocked is let go.
 */
bool fisc_flow_budget_block(FiscContext *ctx, const FiscBlockOrder *order, FiscBlockSum *out_sum,
                            char **out_id, FiscReceipt **out_receipt, GError **error);
/** Proposes to draw @order->amount from the line @order->from of the reserve's entity for the line
 * @order->to of @order->entity; needs as many approvals as the rule of that reserve names. */
bool fisc_flow_budget_draw(FiscContext *ctx, const char *reserve, const FiscBudgetOrder *order,
                           char **out_id, FiscReceipt **out_receipt, GError **error);

/* Published files as lines of a version: app/flows/plan_import.c, plan_consolidated.c. */

typedef struct {
    const char *folder, *version;
    const char *step; /* that gives parts their content; NULL: the first that may as things are */
    const char *reason;
    bool dry_run; /* read and check only */
} FiscPlanImportOrder;

typedef struct {
    GPtrArray *totals;      /* of FiscControlTotal; NULL when refused */
    GPtrArray *remarks;     /* of char *; likewise */
    int lines;              /* that were read */
    FiscLoadReport *loaded; /* the folder's master data; NULL of a dry run */
    FiscPlanDone done;
    FiscReceipt *receipt; /* NULL of a dry run, and when the files were refused */
    FiscRefusals *refusals;
} FiscPlanImport;

/** Reads a folder with profiles that make lines of a budget (docs/profile-format.md), loads its
 * master data, and gives all parts their content in one submission. What the files refuse is in
 * out_import->refusals, what the books refuse in its receipt. NOT_FOUND for no such version. */
bool fisc_flow_plan_import(FiscContext *ctx, const FiscPlanImportOrder *order,
                           FiscPlanImport *out_import, GError **error);
void fisc_plan_import_clear(FiscPlanImport *import);

typedef struct {
    const char *version; /* or "2019-draft@3" */
    const char *unit;    /* NULL = every entity */
    const char *by;      /* dimensions as of budget-stages; NULL = the chapters: economic:1 */
    int year;            /* 0 = the budget year */
    bool pairs;          /* who promises whom what, instead */
    bool enacted;        /* beside what the books have as original appropriations and estimates */
} FiscPlanConsolidation;

/** A version consolidated: see fisc/budget_consolidated.h. */
bool fisc_flow_plan_consolidated(FiscContext *ctx, const FiscPlanConsolidation *query,
                                 FiscTable **out_table, GError **error);

/* The end of a budget year: docs/year-end.md. */

typedef struct {
    int year;
    const char *entity;   /* NULL: every one that has a budget in the year */
    const char *document; /* its name; of a second one NAME-2. NULL: made of the content */
    int period;           /* of the year, that what leaves it is posted in: 12 or 13; 0 = 13 */
    bool is_reversal;     /* what the runs on record did is taken back */
    bool is_dry;          /* only the table */
    gsize bytes_max;      /* of the text of one document; 0 = as many as a document may have */
} FiscYearEndOrder;

/** Proposes, as documents of one entity each, that open orders, requests and free money are carried
 * over as the rules say, or that this is taken back. @out_table (owned): what becomes of every
 * line, columns entity,line,item,stage,kind,budget,paid,accrued,carried,lapsed,rule,article,why; no
 * rows of a reversal. @out_documents (owned): ids of what was proposed, of char *; none when there
 * is nothing to do. @out_receipt: of the first document that was refused, or empty. */
bool fisc_flow_year_end(FiscContext *ctx, const FiscYearEndOrder *order, FiscTable **out_table,
                        GPtrArray **out_documents, FiscReceipt **out_receipt, GError **error);

typedef struct {
    int year;             /* that begins */
    const char *entity;   /* NULL: all */
    const char *document; /* its name, with @entity; NULL: made of the content */
    bool is_dry;          /* only the table */
} FiscOpenYearOrder;

/** Proposes, as documents of one entity each, that what was committed for a year before it began
 * becomes a commitment of its budget: item "PO-7" becomes "PO-7/2025". @out_table: columns
 * entity,item,becomes,amount. The rest as of fisc_flow_year_end(). */
bool fisc_flow_open_year(FiscContext *ctx, const FiscOpenYearOrder *order, FiscTable **out_table,
                         GPtrArray **out_documents, FiscReceipt **out_receipt, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPlanImport, fisc_plan_import_clear)
/* Versions beside each other: app/flows/plan_compare.c, plan_merge.c, plan_look.c. */

typedef struct {
    const char *before, *after; /* "2019-draft", or as it stood: "2019-draft@3" */
    const char *entity;         /* only its lines; NULL = all */
    const char *by;             /* sums by "entity,programme:1" instead of changes; or NULL */
} FiscPlanComparison;

/** Columns entity,line,what,before,after,who,on_behalf,at,batch,reason: every change of a line,
 * with the step that made it. With @by columns side,...,year,before,after,difference. */
bool fisc_flow_plan_compare(FiscContext *ctx, const FiscPlanComparison *query,
                            FiscTable **out_table, GError **error);

/* Whose change prevails where both changed the same. */
typedef enum { FISC_MERGE_REFUSE, FISC_MERGE_OURS, FISC_MERGE_THEIRS } FiscMergePrevails;

typedef struct {
    const char *from, *into;
    const char *base; /* what both came from; NULL: what the one of them that is a branch of the
                         other began with */
    FiscMergePrevails prevails;
    const char *reason;
} FiscPlanMerging;

/** Brings into a version what another changed since @base, all of it or nothing. Conflicts come in
 * @refusals, each with both values. */
bool fisc_flow_plan_merge(FiscContext *ctx, const FiscPlanMerging *order, FiscPlanDone *out_done,
                          FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error);

/** Columns ceiling,key,lines,limit,requested,marked,proposed,room,over. */
bool fisc_flow_plan_ceilings(FiscContext *ctx, const char *version, FiscTable **out_table,
                             GError **error);
/** Programmes as a tree: columns programme,title,indicator,year,unit,baseline,target,result,
 * reached,proposed_YEAR ...,objective. */
bool fisc_flow_plan_performance(FiscContext *ctx, const char *version, FiscTable **out_table,
                                GError **error);
/** Columns tag,programme,proposed_YEAR ... */
bool
fisc_flow_plan_tags(FiscContext *ctx, const char *version, FiscTable **out_table, GError **error);

typedef struct {
    const char *from, *into; /* the version of the year before, and the one that is prepared */
    const char *entity;      /* NULL = all */
    const char *index;       /* "economic=2:inflation economic=1:wages", or NULL */
    const char *reason;
} FiscPlanCarrying;

/** Gives the lines of a draft the baseline that the year before leaves; lines that it does not
 * have are added. */
bool
fisc_flow_plan_baseline(FiscContext *ctx, const FiscPlanCarrying *order, FiscPlanDone *out_done,
                        FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error);

/* Another budget law: app/flows/law.c. A law is a folder with rules (controls.csv,
 * virement_rules.csv, covers.csv, carry_rules.csv), or a day, for the rules on record that hold
 * then. What a folder has no file of stays as it is. */

/** What one law says differently: columns kind,name,what,field,before,after,article. Refusals of
 * the folders' files come in @refusals, and then there is no table. */
bool fisc_flow_law_diff(FiscContext *ctx, const char *before, const char *after,
                        FiscTable **out_table, FiscRefusals *refusals, GError **error);

typedef struct {
    int year;
    const char *rules;  /* the law */
    const char *entity; /* list only its entries; NULL = all */
    bool by_control;    /* totals by control instead of entries */
} FiscLawTrial;

/** Decides the entries of a year again under another law: columns entity,reference,date,was,
 * would_be,control,key,requested,shortfall,article,reason; or, by control, control,refused,
 * requested,shortfall,warned,accepted. Writes nothing. NOT_FOUND when the year has no entry. */
bool fisc_flow_law_replay(FiscContext *ctx, const FiscLawTrial *trial, FiscTable **out_table,
                          FiscRefusals *refusals, GError **error);

/* The books for other programs: app/flows/export.c. */

typedef struct {
    const char *unit; /* entity or group; NULL = all */
    const char *period;
    const char *style; /* "hledger" when NULL, or "ledger" */
    const char *as_of, *known_at;
} FiscExportQuery;

/** Takes the next part of a text; false with the error set stops. */
typedef bool (*FiscExportSink)(const char *text, gsize length, void *data, GError **error);

/** The entries of a period as a plain text journal, with what stood before it in front: its totals
 * by account are the balances of the trial balance. USAGE, NOT_FOUND. */
bool fisc_flow_export_journal(FiscContext *ctx, const FiscExportQuery *query, FiscExportSink sink,
                              void *data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLoadReport, fisc_load_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscWhatIf, fisc_what_if_free)

#endif
