/* engine_internal.h: what the engine's files share. */
#ifndef FISC_LEDGER_ENGINE_INTERNAL_H
#define FISC_LEDGER_ENGINE_INTERNAL_H

#include "ledger/engine.h"

#define FISC_KEY_PARTS_MAX 8

typedef struct {
    char *kind;
    char *subject;
    int number;
    GPtrArray *fields; /* of char *: name, value ...; owned */
} FiscMaster;

typedef struct {
    int number;
    FiscClass class_;
    char *code;
    char *gfs;
    int kind;
    FiscStage stage;
} FiscEngineAccount;

typedef struct {
    int32_t entity_id;
    int32_t account_id;
    int32_t flow;
    int32_t kind;
    int32_t dim[FISC_DIM_COUNT]; /* symbols; 0 = "" */
} FiscCodingKey;

typedef struct {
    int year;
    int64_t debit, credit; /* turnovers */
} FiscYearTotal;

typedef struct {
    FiscCodingKey key;
    int id;
    FiscStage stage;
    GPtrArray *years;  /* of FiscYearTotal */
    GPtrArray *cached; /* of FiscKeyState, for cached_year and cached_version */
    int cached_year;
    int cached_version;
} FiscEngineCoding;

typedef enum { FISC_LEVEL_NONE, FISC_LEVEL_TRACK, FISC_LEVEL_ABSOLUTE } FiscLevel;
/* What becomes of a key without an appropriation: refuse it, take it as appropriated with zero
 * (where the law binds at a higher level), or leave it outside the control. */
typedef enum { FISC_ABSENT_REFUSE, FISC_ABSENT_ZERO, FISC_ABSENT_NONE } FiscAbsent;

typedef struct {
    int dim;    /* FiscDimension, or -1 for the entity */
    int length; /* first so many characters; 0 = all */
} FiscKeyPart;

typedef struct {
    char *name;
    FiscLevel level;
    FiscAbsent absent;
    GHashTable *entities; /* codes; NULL = every entity */
    FiscKeyPart parts[FISC_KEY_PARTS_MAX];
    int part_count;
} FiscControl;

typedef struct {
    int32_t control;
    int32_t year;
    int32_t part[FISC_KEY_PARTS_MAX]; /* symbols */
} FiscKeyName;

typedef struct {
    FiscKeyName name;
    const FiscControl *control;
    int64_t limit;
    int64_t rows; /* appropriation lines seen */
    int64_t stage[FISC_STAGE_COUNT];
    /* while one entry is judged */
    int64_t before_limit, before_consumed;
    bool is_touched;
} FiscKeyState;

/* A budget line is on record though its amount is zero: its key exists, and nothing may be spent.
 */
typedef struct {
    FiscCodingKey key;
    int year;
} FiscBudgetLine;

typedef enum {
    FISC_UNDO_AMOUNT,
    FISC_UNDO_CODING,
    FISC_UNDO_MASTER,
    FISC_UNDO_REFERENCE,
    FISC_UNDO_HANDS, /* of an open item: back to what it had */
} FiscUndoKind;

typedef struct {
    FiscUndoKind kind;
    int64_t *slot;
    int64_t old;
    int version; /* of the controls, when the slot belongs to a key: a refold made new keys; else 0
                  */
    char *master_kind, *master_subject;
    GPtrArray *master_fields; /* NULL: there was none */
    char *reference;
    struct _FiscItem *item;
    GArray *hands; /* NULL: it had none */
} FiscUndo;

/* A batch with what takes it back. Two of them: one is written while the next is decided. */
typedef struct {
    FiscBatch batch;
    GHashTable *references; /* decided in it -> FiscPostedReference */
    GArray *undo;           /* of FiscUndo */
} FiscEngineBatch;

struct _FiscEngine {
    int book_id;
    int64_t batch_no;
    uint8_t head[FISC_HASH_BYTES];
    int64_t next_item, next_entry;

    GHashTable *symbols;     /* text -> number */
    GPtrArray *symbol_texts; /* number -> text */

    GHashTable *masters;     /* "kind\x1fsubject" -> FiscMaster */
    GHashTable *numbering;   /* kind -> next number */
    GPtrArray *entity_codes; /* number - 1 -> code */
    GPtrArray *accounts;     /* number - 1 -> FiscEngineAccount */
    GHashTable *periods;     /* YYYYPP -> is open */
    GPtrArray *controls;     /* of FiscControl */
    int controls_version;
    GHashTable
        *budget_lines; /* subject -> FiscBudgetLine: keys that exist with nothing appropriated */
    GHashTable *key_states; /* FiscKeyName -> FiscKeyState */
    GPtrArray *touched;     /* of FiscKeyState, while a group is judged */

    GPtrArray *codings;       /* id - 1 -> FiscEngineCoding */
    GHashTable *coding_index; /* FiscCodingKey -> FiscEngineCoding */

    GHashTable *items; /* FiscItemName -> FiscItem: see engine_item.c */

    GHashTable *known; /* borrowed */
    bool is_overflown; /* a sum passed its bound since the group began */
    FiscEngineBatch slots[2];
    FiscEngineBatch *current;  /* being decided */
    FiscEngineBatch *launched; /* being written, decided before current; or NULL */
};

/* How far a batch and its undo list had come. */
typedef struct {
    guint undo, entries, events, codings;
    int items, lines;
} FiscMark;

/* What a line says beside coding and amount: in step with them. */
typedef struct {
    int32_t item;     /* symbol; 0 = none */
    int32_t relieves; /* symbol; 0 = none */
    bool is_final;
    int32_t currency; /* symbol; 0 = the entity's own */
    int64_t foreign;
} FiscLineNote;

/* One entry on its way through the engine. */
typedef struct {
    FiscEngine *engine;
    const FiscSubmission *submission;
    const FiscEntry *entry;
    FiscRefusals *refusals;
    int entity_id;
    int source_id;
    int maker;
    FiscPeriod period;
    GArray *coding[2]; /* financial, budgetary: of int32_t */
    GArray *amount[2]; /* of int64_t */
    GArray *note[2];   /* of FiscLineNote */
    GArray *hands;     /* of int32_t: duty, person, duty, person ...; sorted pairs */
    FiscRefusals *warnings;
    int opening_lines, lines;
} FiscDecision;

/* A hand: the duty that an entry exercises and the person who did, or on whose behalf. */
typedef enum {
    FISC_DUTY_NONE,
    FISC_DUTY_BUDGET,     /* appropriation, allotment, virement */
    FISC_DUTY_COMMITMENT, /* reservation, order */
    FISC_DUTY_CLAIM,      /* verified invoice, voucher: it orders the disbursement */
    FISC_DUTY_PAYMENT,    /* the cash goes out */
    FISC_DUTY_REVENUE,    /* assessment, receipt */
    FISC_DUTY_JOURNAL,    /* a manual journal, a reversal */
    FISC_DUTY_COUNT
} FiscDuty;

/* engine.c */
FiscMark fisc_engine_mark(const FiscEngine *engine);
void fisc_engine_undo_to(FiscEngine *engine, FiscMark to);
FiscEngineCoding *fisc_engine_add_coding(FiscEngine *engine, const FiscCodingKey *key);
const FiscPostedReference *
fisc_engine_find_reference(const FiscEngine *engine, const char *source, const char *reference);
void fisc_decided_refusal_free(gpointer data);

/** The day of the batch that is being decided: its time in UTC. */
FiscDate fisc_engine_today(const FiscEngine *engine);

/* engine_entry.c */
FiscEngineCoding *fisc_engine_intern(FiscEngine *engine, const FiscCodingKey *key);
/** Appends a line the engine makes itself: relief, cover. */
void fisc_engine_append_line(FiscDecision *decision, const FiscCodingKey *key, int64_t amount,
                             const FiscLineNote *note);
/** Decides one entry: its result is set, or refusals are appended to the decision. */
void fisc_engine_decide_entry(FiscDecision *decision, FiscResult *result);

int32_t fisc_engine_symbol(FiscEngine *engine, const char *text);
const char *fisc_engine_symbol_text(const FiscEngine *engine, int32_t symbol);
/** Adds with undo. Sums are bounded by 2^60, so that a few of them never overflow together; beyond
 * it engine->is_overflown is set and the group will be refused. */
void fisc_engine_add(FiscEngine *engine, int64_t *slot, int64_t amount);
/** The same for a slot of a key state. */
void fisc_engine_add_key(FiscEngine *engine, int64_t *slot, int64_t amount);

/* engine_event.c */
/** The value of a field among name, value pairs; NULL when it is not there. */
const char *fisc_engine_field(GPtrArray *fields, const char *name);
/** Decides one event: drops it when nothing changes, else records it. False with a refusal. */
bool fisc_engine_decide_event(FiscEngine *engine, const FiscEvent *event, int maker,
                              FiscRefusals *refusals);
void fisc_engine_set_master(FiscEngine *engine, const char *kind, const char *subject, int number,
                            GPtrArray *fields);
void fisc_engine_remove_master(FiscEngine *engine, const char *kind, const char *subject);
const FiscMaster *
fisc_engine_master(const FiscEngine *engine, const char *kind, const char *subject);
/** The number of a person or source; registers it when new. */
int fisc_engine_register(FiscEngine *engine, const char *kind, const char *subject, int maker);
/** Number of an entity; 0 when unknown. */
int fisc_engine_entity(const FiscEngine *engine, const char *code);

/* engine_control.c */
/** The table of key states. */
GHashTable *fisc_engine_key_table(void);
void fisc_engine_set_control(FiscEngine *engine, const char *name, GPtrArray *fields);
void fisc_engine_remove_control(FiscEngine *engine, const char *name);
/** NULL, or what is wrong with the definition (static text). */
const char *fisc_engine_check_control(const FiscEngine *engine, const FiscEvent *event);
/** Adds turnovers to a coding's total and to the keys it falls under. */
void fisc_engine_fold(FiscEngine *engine, FiscEngineCoding *coding, int year, int64_t debit,
                      int64_t credit);
/** Puts a budget line without amount on record, or takes it away (then refold). */
void fisc_engine_set_budget_line(FiscEngine *engine, const char *subject, GPtrArray *fields);
void fisc_engine_remove_budget_line(FiscEngine *engine, const char *subject);
/** Rebuilds every key from the codings' totals, after a control came, changed or went. */
void fisc_engine_refold(FiscEngine *engine);
/** True when a control keeps a record of this coding's key: a line marked if_budgeted stays. */
bool fisc_engine_is_budgeted(FiscEngine *engine, FiscEngineCoding *coding, int year);
/** "entity=001 programme=2 year=2018". Caller frees. */
char *fisc_engine_key_text(const FiscEngine *engine, const FiscKeyState *state);
/** Judges the keys touched since the last call, all of them; appends a refusal for each that fails.
 */
void fisc_engine_judge(FiscEngine *engine, const FiscEntry *entry, FiscRefusals *refusals);

/** Covers shortfalls of the touched keys from their pools, as far as they reach: appends the
 * automatic virement to the decision and folds it (rule R13). */
void fisc_engine_cover(FiscDecision *decision);

/* engine_item.c */
GHashTable *fisc_engine_item_table(void);
/** Works out what the lines relieve and appends the lines that give it back; refuses what would
 * take more than is open. Nothing is folded yet. */
void fisc_engine_take_items(FiscDecision *decision);
/** Folds the decided lines into the items, with undo; and the decision's hands. */
void fisc_engine_fold_items(FiscDecision *decision);
/** Takes back the hands of an item. */
void fisc_engine_undo_hands(FiscEngine *engine, FiscUndo *undo);

/* engine_duty.c */
/** Judges whether maker and delegate may do this, over the whole chain of documents (rule R21);
 * adds their hands to the decision. */
void fisc_engine_judge_duties(FiscDecision *decision);
/** The same for an event, and what events of persons, roles, grants and delegations must obey.
 * False with a refusal. */
bool fisc_engine_judge_event(FiscEngine *engine, const FiscSubmission *submission,
                             const FiscEvent *event, int maker, FiscRefusals *refusals);

/* engine_document.c */
/** What a submission that carries out a document must obey: approved, and nothing else than what
 * was approved. Returns the document's maker, who answers for its entries; 0 with a refusal; the
 * actor's number when there is no document. */
int fisc_engine_judge_document(FiscEngine *engine, const FiscSubmission *submission, int actor,
                               FiscRefusals *refusals);

/* engine_virement.c */
/** A virement must lie inside a rule (rule R12). Before its lines are folded. */
void fisc_engine_judge_virement(FiscDecision *decision);

/* engine_link.c */
/** Accounts of a linked set must move together. */
void fisc_engine_judge_links(FiscDecision *decision);
const char *fisc_engine_check_link(const FiscEngine *engine, const FiscEvent *event);

/* engine_replay.c */
/** Puts the reasons of a refused group's entry in terms of the log, where the rest of the group is
 * not. False when nothing of it follows from the log: then it does not go on record. */
bool fisc_engine_restate(const FiscEngine *engine, FiscDecidedRefusal *refusal);

/* batch.c */
void fisc_batch_hash_entry(const FiscBatch *batch, FiscDecidedEntry *entry);
/** Root and hash of a batch whose entries are hashed already. */
void fisc_batch_seal(FiscBatch *batch);

#endif
