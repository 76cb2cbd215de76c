/* ledger.h: reading the books. Every function reads in the transaction it is given, so several of
 * them in one FISC_TX_READ see one snapshot. */
#ifndef FISC_LEDGER_H
#define FISC_LEDGER_H

#include "fisc/balances.h"
#include "fisc/db.h"

/* Which moment is asked for. Zero values: everything. */
typedef struct {
    bool has_as_of;
    FiscDate as_of;   /* only entries effective by then */
    int64_t known_at; /* only what was in the chain at this batch; 0 = the newest */
} FiscMoment;

/** The master data as known at a batch (0 = now). */
bool fisc_nation_load(FiscTx *tx, int book_id, int64_t known_at, FiscNation **out_nation,
                      GError **error);
/** Turnovers by coding and period, up to and with period @to. Without a moment: checkpoint and
 * tail, exact; with one: folded from the lines. A coding and period may come twice. @entities:
 * codes of those that are wanted, others may be missing; NULL = all. */
bool fisc_balances_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod to,
                        const FiscMoment *moment, GHashTable *entities, FiscBalances **out_balances,
                        GError **error);
/** Financial lines that name a counterparty, of periods [from, to], in chain order. */
bool fisc_posted_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                            FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                            GError **error);
/** The lines that give or take appropriations and estimates (original, changes, carried in) in
 * periods [from, to], in chain order: what a budget is made of. */
bool fisc_limit_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                           FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                           GError **error);
/** Financial lines that stand in an adjustment layer, of periods [from, to], in chain order, with
 * who posted and who approved them. */
bool fisc_layer_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                           FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                           GError **error);
/* A line on one of the codings that were asked for. Its words die with the call. */
typedef struct {
    int64_t entry_id;
    int line_no;
    int coding_id;
    FiscPeriod period;
    FiscDate effective;
    int64_t amount; /* debits positive */
    const char *source, *reference;
    const char *document, *memo; /* NULL = none */
    int64_t batch_no;
    const uint8_t *digest; /* of the entry as it was submitted */
    const char *transfer;  /* NULL = none */
    int64_t corrects;      /* an entry, or 0 */
} FiscCodingLine;
/** Tells @each of every line on the codings, of int32_t, in periods [from, to], in chain order.
 * @each returns false to stop, with the error set. */
bool fisc_coding_lines_stream(FiscTx *tx, int book_id, const GArray *coding_ids, FiscPeriod from,
                              FiscPeriod to, const FiscMoment *moment,
                              bool (*each)(const FiscCodingLine *line, void *data, GError **error),
                              void *data, GError **error);
/** All lines of the entry posted under a reference of a source; empty when there is none. */
bool fisc_posted_lines_of(FiscTx *tx, int book_id, const FiscNation *nation, const char *source,
                          const char *reference, FiscPostedLines **out_lines, GError **error);

/* What is on record under a key: entries, what happened to documents, what was refused. */
typedef enum { FISC_TRACE_ENTRY, FISC_TRACE_EVENT, FISC_TRACE_REFUSAL } FiscTraceKind;

typedef struct {
    const FiscAccount *account; /* of the nation */
    int flow, kind;
    const char *dim[FISC_DIM_COUNT]; /* never NULL */
    int64_t amount;
    const char *item; /* the open item it opens, adds to or takes from; NULL = none */
} FiscTraceLine;

typedef struct {
    FiscTraceKind kind;
    int64_t item_id, batch_no; /* where it stands in the chain */
    const char *posted_at;     /* "2024-06-30 12:00:00", UTC */
    const char *maker;
    const char *entity;    /* "" for an event */
    const char *source;    /* likewise */
    const char *reference; /* of an event its subject */
    /* an entry */
    int64_t entry_id;
    int64_t corrects; /* an entry, or 0 */
    bool reverses;
    FiscDate effective;
    const char *document, *transfer, *memo; /* NULL = none */
    GArray *lines;                          /* of FiscTraceLine */
    /* an event */
    const char *event; /* "document" "item" "override" */
    GPtrArray *fields; /* of const char *: name, value ... */
    /* a refusal */
    FiscRefusals *reasons;
} FiscTraceStep;

typedef struct {
    GPtrArray *steps; /* of FiscTraceStep, in chain order */
    bool is_cut;      /* there are more than FISC_TRACE_ENTRIES_MAX entries: the oldest are here */
    GStringChunk *chunk;
} FiscTrace;

#define FISC_TRACE_ENTRIES_MAX 1000
/** The entries that carry @key as reference, document, transfer or open item, what corrects or is
 * corrected by them, whatever shares an open item with them, and so on along the chain; with the
 * documents that carried them out and what was refused under their references. */
bool fisc_trace_load(FiscTx *tx, int book_id, const FiscNation *nation, const char *key,
                     FiscTrace **out_trace, GError **error);
void fisc_trace_free(FiscTrace *trace);

typedef struct {
    FiscPeriod period;
    char *state;
} FiscPeriodState;
/** Every period on record, in order: an array of FiscPeriodState. Caller unrefs. */
bool fisc_periods_load(FiscTx *tx, int book_id, GArray **out_periods, GError **error);

/* A document as it is on record: see ledger/engine_document.c for what it may become. No word is
 * NULL. */
typedef struct {
    int64_t batch_no;
    char *posted_at; /* "2024-06-30 12:00", UTC */
    char *person;    /* who took the step */
    char *on_behalf; /* "" = his own duty */
    char *state;     /* behind the step */
    char *approved_by;
    char *remark;
} FiscDocumentStep;

typedef struct {
    char *id, *action, *entity;
    char *state; /* proposed approved rejected withdrawn done */
    char *maker, *maker_for;
    char *source;       /* of its content */
    char *approved_by;  /* persons, separated by spaces */
    char *approved_for; /* whom some of them acted for; likewise */
    char *reason, *digest;
    char *payload; /* its content as NDJSON */
    int needs;     /* approvals */
    GArray *steps; /* of FiscDocumentStep */
} FiscDocument;

/** *out_document stays NULL when nobody ever proposed it. */
bool fisc_document_load(FiscTx *tx, int book_id, const char *id, FiscDocument **out_document,
                        GError **error);
void fisc_document_free(FiscDocument *document);

/* The newest event of a subject. */
typedef struct {
    char *subject;
    char **fields; /* name, value ... */
    int count;
} FiscRecord;
/** What is on record now of a kind of event: an array of FiscRecord, in the order of its first
 * mention. Caller unrefs. */
bool
fisc_records_load(FiscTx *tx, int book_id, const char *kind, GArray **out_records, GError **error);
/** The same of some subjects; those that are not on record are missing. */
bool fisc_records_find(FiscTx *tx, int book_id, const char *kind, const GPtrArray *subjects,
                       GArray **out_records, GError **error);
/** The steps of documents that came with a batch, in order; of the last step the state is "done".
 */
bool fisc_documents_of_batch(FiscTx *tx, int book_id, int64_t batch_no, GArray **out_records,
                             GError **error);
/** The value of a field, or NULL. */
const char *fisc_record_field(const FiscRecord *record, const char *name);

/* Cases: what moves by the steps of a procedure (ledger/engine_case.c). */

#define FISC_CASE_SUBJECT_MAX 600 /* bytes of "<procedure>/<id>" */
#define FISC_CASE_DIGEST_TEXT 65  /* SHA-256 in hex, and its end */

/* A case among those of one parent. */
typedef struct {
    const char *subject;
    const char *content; /* SHA-256 in hex; NULL or "" = none */
} FiscCaseChild;

/** What a step of the parent says of its children: SHA-256, in hex, over "subject NUL content \n"
 * of each in order of subject. Pure; sorts @children. */
void fisc_case_children_digest(FiscCaseChild *children, guint count,
                               char out_hex[FISC_CASE_DIGEST_TEXT]);
/** Who has a hand in a case behind a step: the actor and whom he acts for join those before; a step
 * that takes another hand begins a new list, and one that comes with a document leaves it as it is.
 * Pure. Caller frees. */
char *fisc_case_hands(const char *hands_before, const char *actor, const char *on_behalf,
                      bool is_other_hand, bool by_document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTrace, fisc_trace_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDocument, fisc_document_free)

#endif
