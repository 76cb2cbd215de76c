/* entry.h: journal entries as words, before the engine has decided anything.
 *
 * An entry belongs to one entity and balances per side: its financial lines and its budgetary
 * lines each sum to zero. Lines name accounts and segments by code; the engine interns them.
 * Strings are borrowed from the FiscSubmission's chunk and live as long as it. */
#ifndef FISC_ENTRY_H
#define FISC_ENTRY_H

#include "fisc/date.h"
#include "fisc/refusal.h"

/* The dimensions of a coding beside entity, account, flow and kind.
 * X(NAME, column in files and tables, what it is) */
#define FISC_DIMENSIONS(X)                                                                         \
    X(COUNTERPARTY, "counterparty_entity", "the other party: an entity or a group as a class")     \
    X(FUNCTION, "cofog", "function of government (COFOG)")                                         \
    X(GFS, "gfs_code", "GFS class of a budgetary line")                                            \
    X(SECTION, "section", "administrative unit inside the entity")                                 \
    X(PROGRAMME, "programme", "programme")                                                         \
    X(ECONOMIC, "economic", "national economic class")                                             \
    X(FUND, "fund", "fund")                                                                        \
    X(PROJECT, "project", "project")                                                               \
    X(REGION, "region", "region")                                                                  \
    X(SOURCE, "source_of_finance", "source of finance")                                            \
    X(CASH_CODE, "cash_code", "row of the cash statement, for a cash line")                        \
    X(CASH_COUNTERPARTY, "cash_counterparty", "payer or payee, for a cash line")                   \
    X(LAYER, "layer", "empty = reported; otherwise the name of an adjustment layer")

typedef enum {
#define X(name, column, meaning) FISC_DIM_##name,
    FISC_DIMENSIONS(X)
#undef X
        FISC_DIM_COUNT
} FiscDimension;

/** "cofog" of FISC_DIM_FUNCTION. */
const char *fisc_dimension_column(FiscDimension dimension);
/** The dimension of a column name; -1 when it is none. Also knows "function", "counterparty". */
int fisc_dimension_find(const char *column);

/* The stages of a budget line. Each has one budgetary account in the chart (see stage_account).
 * X(NAME, word, account, name of the account) */
#define FISC_STAGES(X)                                                                             \
    X(NONE, "", "", "")                                                                            \
    X(APPROPRIATION, "appropriation", "B11", "Appropriations, original")                           \
    X(CHANGE, "change", "B12", "Appropriations, changes")                                          \
    X(AVAILABLE, "available", "B20", "Funds available")                                            \
    X(AUTHORIZATION, "authorization", "B21", "Authorized (reserved)")                              \
    X(COMMITMENT, "commitment", "B22", "Committed")                                                \
    X(OBLIGATION, "obligation", "B23", "Obligated (accrued, unpaid)")                              \
    X(PAYMENT, "payment", "B24", "Paid")                                                           \
    X(ESTIMATE, "estimate", "B31", "Revenue estimates, original")                                  \
    X(ESTIMATE_CHANGE, "estimate_change", "B32", "Revenue estimates, changes")                     \
    X(OUTSTANDING, "outstanding", "B30", "Revenue estimates, outstanding")                         \
    X(RECOGNITION, "recognition", "B33", "Revenue recognized, uncollected")                        \
    X(COLLECTION, "collection", "B34", "Revenue collected")                                        \
    X(RELEASE, "release", "B13", "Allotments (released)")                                          \
    X(ALLOTTED, "allotted", "B19", "Allotments, contra")                                           \
    X(CARRY, "carry", "B14", "Appropriations, carried in from the year before")                    \
    X(BLOCK, "block", "B25", "Blocked")                                                            \
    X(AUTHORITY, "authority", "B15", "Commitment authority for this year, given earlier")          \
    X(LATER, "later", "B18", "Commitment authority, unused")                                       \
    X(LATER_COMMITMENT, "later_commitment", "B26", "Committed before the year began")

typedef enum {
#define X(name, word, account, title) FISC_STAGE_##name,
    FISC_STAGES(X)
#undef X
        FISC_STAGE_COUNT
} FiscStage;

const char *fisc_stage_word(FiscStage stage);
const char *fisc_stage_account(FiscStage stage);
const char *fisc_stage_title(FiscStage stage);
/** -1 when the word is no stage. */
int fisc_stage_find(const char *word);
/** Where an amount comes from when it enters @stage and the input does not say:
 *  appropriation, change and carry feed AVAILABLE, the spending stages and blocks draw on it;
 *  likewise OUTSTANDING; authority feeds LATER, on which commitments of years to come draw; a
 *  release stands against ALLOTTED. */
FiscStage fisc_stage_counterpart(FiscStage stage);

/* The flow of a line (first GFS digit): GFSM 2014 paragraph A8.3. */
typedef enum {
    FISC_FLOW_TRANSACTION = 3,
    FISC_FLOW_HOLDING_GAIN = 4,
    FISC_FLOW_VOLUME_CHANGE = 5,
    FISC_FLOW_OPENING = 6, /* an opening balance: no flow */
} FiscFlow;

typedef struct {
    const char *account; /* as posted: a national number, or a GFS code ("3111.1", "6202", "4") */
    int flow;            /* FiscFlow for a national account; 0 = transaction, or told by the code */
    int kind;       /* 1 acquisition, 2 disposal, 3 consumption; 0 = none, or told by the code */
    int64_t amount; /* minor units, debit positive */
    const char *dim[FISC_DIM_COUNT]; /* NULL or "" = not given */
    bool if_budgeted; /* a budgetary line the engine drops when no control covers its key */
    /* Open items: a reservation, order, claim, payable, advance ... that later lines relieve. NULL
     * = none. */
    const char *item;     /* the item of the entity that this line opens, adds to, or, against the
                             sign it was opened with, takes from: never more than is open */
    const char *relieves; /* a budgetary line only: the item of an earlier stage it draws on. The
                             engine gives back the lesser of its open amount and this line's */
    bool is_final;        /* with @relieves: gives back all that is still open */
    const char *currency; /* of @foreign; NULL = the entity's own, then @foreign is 0 */
    int64_t foreign;      /* the amount in @currency, minor units, signed as @amount */
    int row;              /* line of the input file, 0 if none */
} FiscLine;

typedef struct {
    const char *entity;
    const char *reference; /* unique per source: makes a retry safe */
    FiscDate effective;
    FiscPeriod period; /* 0 = the month of @effective; opening lines go to period 00 */
    const char *memo;
    const char *document;  /* what people know it by: journal id, voucher number; NULL allowed */
    const char *transfer;  /* id shared by the two halves of a transfer; NULL allowed */
    const char *corrects;  /* reference (same source) of the entry this one corrects, or NULL */
    bool reverses;         /* with @corrects: the exact reversal, allowed once */
    GArray *lines;         /* of FiscLine: the financial and explicit budgetary lines */
    uint8_t digest[32];    /* of the words above but the memo, by fisc_entry_digest() */
    uint8_t memo_salt[16]; /* keeps the memo out of every hash: see fisc_submission_salt() */
    const char *file;      /* for refusals */
    int row;
    int decimals; /* of its amounts, for messages; 2 unless set */
} FiscEntry;

/* Something that happened beside the books: master data, a control, a period's state. The engine
 * reads events of the kinds it knows (ledger/engine.h) and keeps all of them in the chain. */
typedef struct {
    const char *kind;    /* "entity" "group" "account" "person" "source" "period" "control" ... */
    const char *subject; /* code of what it is about */
    GPtrArray *fields;   /* of const char *: name, value, name, value ... */
} FiscEvent;

/* A submission is all or nothing: its events and entries commit together or not at all. */
typedef struct {
    const char *source;    /* where the references are unique: "package", "madrid-2018/pagos" */
    const char *actor;     /* person who answers for it */
    const char *on_behalf; /* the person whose duty the actor exercises by delegation, or NULL */
    const char *document;  /* the approved document that this carries out, or NULL: its events and
                              entries are what was approved (engine_document.c) */
    GPtrArray *events;     /* of FiscEvent */
    GPtrArray *entries;    /* of FiscEntry */
    GStringChunk *chunk;   /* owns every string */
    GPtrArray *absorbed;   /* of GStringChunk: what absorbed submissions brought; NULL when none */
    bool record_refusals;  /* funds and period refusals become items of the chain */
} FiscSubmission;

/** Where references live when nothing else is said: the same journal is the same entry whether it
 * comes with a nation package, by `post` or over HTTP. */
#define FISC_SOURCE_PACKAGE "package"
/** The source of releases of what has expired, which anybody may post: fisc_flow_expire(). */
#define FISC_SOURCE_EXPIRY "expiry"
/** The source of what a year-end carries over, and of what takes it back: fisc_flow_year_end(). */
#define FISC_SOURCE_YEAR_END "year-end"

FiscSubmission *fisc_submission_new(const char *source, const char *actor);
void fisc_submission_free(FiscSubmission *submission);
/** Copies @text into the submission; NULL stays NULL. Equal strings are stored once. */
const char *fisc_submission_text(FiscSubmission *submission, const char *text);
/** Appends an empty entry, owned by the submission. */
FiscEntry *fisc_submission_entry(FiscSubmission *submission);
/** Appends a zeroed line to an entry; valid until the next append to that entry. */
FiscLine *fisc_entry_line(FiscEntry *entry);
/** Appends the two budgetary lines of a move between stages: debit the account of @from, credit
 * that of
 *  @to. APPROPRIATION > AVAILABLE enacts, AVAILABLE > AUTHORIZATION > COMMITMENT > OBLIGATION >
 *  PAYMENT spends; ESTIMATE > OUTSTANDING > RECOGNITION > COLLECTION for revenue. @dim is copied
 *  without counterparty and cash dimensions; its strings must belong to the submission. */
void fisc_entry_move(FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
                     const char *const dim[FISC_DIM_COUNT], int row);
/** Appends an event; @... are name, value pairs ended by NULL; a NULL value skips its pair. */
FiscEvent *fisc_submission_event(FiscSubmission *submission, const char *kind, const char *subject,
                                 ...) G_GNUC_NULL_TERMINATED;
/** The value of a field, or NULL. */
const char *fisc_event_field(const FiscEvent *event, const char *name);
/** The entity that an event is about: of a budget line, an open item, an override. NULL: it is of
 * the whole book. Caller frees. */
char *fisc_event_entity(const FiscEvent *event);
/** Moves the entries and events of @other behind those of @into; @other is consumed. */
void fisc_submission_absorb(FiscSubmission *into, FiscSubmission *other);

/** Pure check of the definition of a control, an event of the kind "control": docs/controls.md.
 * False with a refusal that names the field. Whether its accounts are on record is for the engine.
 */
bool fisc_control_check(const FiscEvent *event, FiscRefusals *refusals);
/** Pure check of the definition of a virement rule, an event of the kind "virement_rule". False
 * with a refusal that names the field. */
bool fisc_virement_rule_check(const FiscEvent *event, FiscRefusals *refusals);
/** The same of an event of the kind "growth", and of one of the kind "reserve_rule": whether what
 * they name is on record is for the engine (docs/controls.md, docs/documents.md). */
bool fisc_growth_check(const FiscEvent *event, FiscRefusals *refusals);
bool fisc_reserve_rule_check(const FiscEvent *event, FiscRefusals *refusals);

#define FISC_ENTRY_LINES_MAX 10000
#define FISC_GROUP_ENTRIES_MAX 100000
#define FISC_MEMO_MAX 2000
#define FISC_CODE_MAX 200

/** Pure check of one entry, without a ledger: shape, balance per side (a side is told by the
 *  account: "B.." is budgetary), lengths, reference present. Appends every refusal found. */
void fisc_entry_check(const FiscEntry *entry, FiscRefusals *refusals);
/** Gives every entry a random salt for its memo. A memo may name a natural person, so hashes that
 * are kept for ever hold only SHA-256 of salt and memo: forget both, and nothing of the text is
 * left while every proof still holds. Entries without one get the zero salt. */
void fisc_submission_salt(FiscSubmission *submission);
/** SHA-256 of salt and memo; 32 zero bytes for an entry without memo. */
void fisc_entry_memo_hash(const char *memo, const uint8_t salt[16], uint8_t out_hash[32]);
/** Sets entry->digest: SHA-256 over the entry as submitted (canonical form in docs/hashes.md).
 *  Lines that planning adds later are not part of it. */
void fisc_entry_digest(FiscEntry *entry);
/** SHA-256 over everything a submission does: its source, its events, and the digests and memos of
 * its entries, in order (docs/hashes.md). Events of the kind "document" are left out: this is what
 * the approvals of a document sign. The entries' digests must be set. */
void fisc_submission_digest(const FiscSubmission *submission, uint8_t out_digest[32]);
/** The content of a document, as text, has at most so many bytes. */
#define FISC_DOCUMENT_PAYLOAD_MAX (4 * 1024 * 1024)

/* What became of one entry. */
typedef enum {
    FISC_RESULT_POSTED,
    FISC_RESULT_REPEATED, /* same reference, same content: the first answer again */
    FISC_RESULT_CONFLICT, /* same reference, other content */
    FISC_RESULT_REFUSED,
} FiscResultKind;

typedef struct {
    FiscResultKind kind;
    char *reference;
    int64_t entry_id; /* of the posted entry (first answer for REPEATED); 0 when refused */
    int64_t batch_no;
    uint8_t hash[32];       /* the receipt; zero when refused */
    FiscRefusals *refusals; /* NULL unless CONFLICT or REFUSED */
    FiscRefusals *warnings; /* of a posted entry: tolerated, advised, overridden ...; NULL = none */
    const char *file;
    int row;
} FiscResult;

typedef struct {
    int64_t batch_no;              /* where the events went; 0 when nothing was written */
    GPtrArray *results;            /* of FiscResult, one per entry, in order */
    FiscRefusals *refusals;        /* of events; NULL when none */
    int posted, repeated, refused; /* refused includes conflicts */
    int events;                    /* written: those that changed nothing are no items */
} FiscReceipt;

FiscReceipt *fisc_receipt_new(void);
void fisc_receipt_free(FiscReceipt *receipt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSubmission, fisc_submission_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscReceipt, fisc_receipt_free)

#endif
