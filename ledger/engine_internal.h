/* engine_internal.h: what the engine's files share. */
#ifndef FISC_LEDGER_ENGINE_INTERNAL_H
#define FISC_LEDGER_ENGINE_INTERNAL_H

#include "ledger/engine.h"
#include "fisc/carry.h"
#include "fisc/identity.h"

/* Sums are bounded, so that a few of them never overflow together. */
#define FISC_SUM_BOUND ((int64_t)1 << 60)

typedef struct _FiscLinks FiscLinks;

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

typedef struct _FiscTurnover {
    struct _FiscTurnover *earlier; /* came to the coding before it; NULL: it was the first */
    int64_t debit, credit;
    FiscPeriod period;
} FiscTurnover;

typedef struct {
    FiscCodingKey key;
    int id;
    FiscStage stage;
    bool is_by_period;        /* budgetary: its turnovers are kept by period, others by year */
    FiscTurnover *turnovers;  /* the latest that came; of a whole year under its period 00 */
    FiscTurnover first;       /* most codings have no other: in place, it costs no block */
    struct _FiscKeyUse *uses; /* keys it falls under, in uses_year and while uses_version holds */
    int use_count;
    int uses_year;
    int uses_version;
} FiscEngineCoding;

typedef enum {
    FISC_UNDO_AMOUNT,
    FISC_UNDO_CODING,
    FISC_UNDO_MASTER,
    FISC_UNDO_REFERENCE,
    FISC_UNDO_HANDS, /* of an open item: back to what it had */
    FISC_UNDO_ITEM,  /* a coding was added to an open item: its group is in @old */
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
    bool is_outdated;     /* a definition has changed since the keys were folded */
    GPtrArray *overrides; /* see engine_override.c */
    GPtrArray *covers;    /* see engine_cover.c */
    GPtrArray *growths;   /* see engine_grow.c */
    GPtrArray *reserves;  /* see engine_reserve.c */
    GPtrArray *holds;     /* in force: see engine_hold.c */
    GHashTable
        *budget_lines; /* subject -> FiscBudgetLine: keys that exist with nothing appropriated */
    GHashTable *key_states;   /* FiscKeyName -> FiscKeyState */
    GPtrArray *touched;       /* of FiscKeyState, while a group is judged */
    GPtrArray *changed;       /* of FiscKeyState, since the last news; NULL = nobody wants them */
    bool is_all_changed;      /* the keys were made anew since */
    int64_t restored_masters; /* so often others' master data or budget lines were read */

    GPtrArray *codings;       /* id - 1 -> FiscEngineCoding */
    GHashTable *coding_index; /* FiscCodingKey -> FiscEngineCoding */

    GHashTable *items;         /* FiscItemName -> FiscItem: see engine_item.c */
    FiscLinks *links;          /* linked sets; NULL before the first: see engine_link.c */
    GPtrArray *virement_rules; /* NULL before the first: see engine_virement_rule.c */

    GHashTable *case_children; /* case -> set of the cases it is the parent of; NULL before the
                                  first: see engine_case_child.c */

    FiscRegistry *registry; /* persons, roles, grants, delegations: see engine_duty.c */

    GHashTable *known;  /* borrowed */
    bool is_overflown;  /* a sum passed its bound since the group began */
    bool is_authorized; /* a rehearsal that does not ask for duties and approvals */
    FiscEngineBatch slots[2];
    FiscEngineBatch *current;  /* being decided */
    FiscEngineBatch *launched; /* being written, decided before current; or NULL */
};

/* How far a batch and its undo list had come. */
typedef struct {
    guint undo, entries, events, codings;
    int items, lines;
} FiscMark;

/* What an open item holds on one coding, debit positive. */
typedef struct {
    int32_t coding_id;
    int64_t amount, foreign;
} FiscItemPart;

/* The codings of an item that are open together: on the budgetary side those with the same
 * dimensions and year, so that nothing given back reaches another key; on the financial side those
 * with the same counterparty. A revaluation stands in the group of what it revalues. */
typedef struct {
    FiscCodingKey key; /* of its first coding */
    int year;          /* 0 on the financial side: what is owed is owed beyond the year */
    GPtrArray *parts;  /* of FiscItemPart, in the order opened */
} FiscItemGroup;

typedef struct {
    int32_t entity_id;
    int32_t name; /* symbol */
} FiscItemName;

/* An open item of an entity. Its account, sign and currency are those it was opened with; it is
 * kept when nothing is open any more, so that a reversal finds it again. */
typedef struct _FiscItem {
    FiscItemName name;
    int32_t account_id;
    int32_t currency;  /* symbol; 0 = the entity's own */
    int sign;          /* of the line that opened it: 1 debit, -1 credit */
    GPtrArray *groups; /* of FiscItemGroup, in the order opened */
    GArray *hands;     /* of int32_t, as FiscDecision.hands; NULL = none */
} FiscItem;

/* What a line does to an item. */
typedef struct {
    int32_t entity_id;
    int32_t name;
    const FiscEngineCoding *coding;
    int year; /* of the entry */
    int64_t amount;
    int32_t currency;
    int64_t foreign;
} FiscItemMove;

/* What a line says beside coding and amount: in step with them. */
typedef struct {
    int row;          /* of the input file */
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
    bool has_items;   /* a line names an open item */
    int32_t currency; /* symbol: of every foreign amount of the entry; 0 = none */
    int opening_lines, lines;
    guint behind, group_end; /* entries of the submission that the group brings behind it */
} FiscDecision;

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

/* What the engine does with events of one kind: a row of the table in engine_event.c. */
#define FISC_FIXED_FIELDS_MAX 7
typedef struct {
    const char *kind;
    const char *fixed[FISC_FIXED_FIELDS_MAX]; /* fields that never change, up to the first NULL */
    /* False with a refusal: the event must not be. What was on record before is still asked for by
     * fisc_engine_master(). NULL = anything goes. */
    bool (*check)(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
    /* Takes the master record, new, changed or put back, into the engine's state. */
    void (*derive)(FiscEngine *engine, const FiscMaster *master);
    /* The first event of a subject is undone: takes it out of the engine's state again. */
    void (*remove)(FiscEngine *engine, const FiscMaster *master);
} FiscEventKind;

/* engine_fact.c */
/** Judges an event of a kind of fisc_fact_kinds[]. False with refusals. */
bool
fisc_engine_check_fact(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);

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
bool
fisc_engine_check_control(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
void fisc_engine_set_control(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_control(FiscEngine *engine, const FiscMaster *master);

/* engine_segment.c */
bool
fisc_engine_check_segment(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
/** A segment came, changed or went. */
void fisc_engine_change_segment(FiscEngine *engine, const FiscMaster *master);
/** The ancestor of a code at a depth of the tree of a dimension, by its column, the root at 1; the
 * code itself when it is not that deep. */
const char *
fisc_engine_ancestor(const FiscEngine *engine, const char *column, const char *code, int depth);

/* engine_fold.c */
/** The table of key states. */
GHashTable *fisc_engine_key_table(void);
/** Adds turnovers to a coding's own and to the keys it falls under. */
void fisc_engine_fold(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period,
                      int64_t debit, int64_t credit);
/** The same for what was decided before: without a bound, and nothing takes it back. */
void fisc_engine_fold_restored(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period,
                               int64_t debit, int64_t credit);
/** What a coding has turned over in a year. */
void fisc_engine_turnover(const FiscEngineCoding *coding, int year, __int128 *out_debit,
                          __int128 *out_credit);
/** Puts a budget line without amount on record, or takes it away. */
bool fisc_engine_check_budget_line(const FiscEngine *engine, const FiscEvent *event,
                                   FiscRefusals *refusals);
void fisc_engine_set_budget_line(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_budget_line(FiscEngine *engine, const FiscMaster *master);
/** Every key is rebuilt from the codings' turnovers when it is needed next: a control or a tree
 * came, changed or went. */
void fisc_engine_refold(FiscEngine *engine);
/** Rebuilds the keys now, if that is to be done. */
void fisc_engine_refresh_keys(FiscEngine *engine);
/** Keys no longer count as touched. */
void fisc_engine_forget_touched(FiscEngine *engine);
/** True when a control in force on that day keeps a record of the key, whatever the stage: a line
 * marked if_budgeted stays. */
bool fisc_engine_is_budgeted(FiscEngine *engine, const FiscCodingKey *coding, int year,
                             FiscDate effective);

/* engine_judge.c */
/** Judges the keys touched since the last call, all of them; appends a refusal for each that fails,
 * and a warning for each that has something to say. Reads the decision's engine, entry and period.
 */
void fisc_engine_judge(FiscDecision *decision);

/* engine_override.c */
bool fisc_engine_check_override(const FiscEngine *engine, const FiscEvent *event,
                                FiscRefusals *refusals);
void fisc_engine_set_override(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_override(FiscEngine *engine, const FiscMaster *master);

/* engine_cover.c */
bool
fisc_engine_check_cover(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
void fisc_engine_set_cover(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_cover(FiscEngine *engine, const FiscMaster *master);
/** Covers shortfalls of the touched keys from their pools, when they reach: appends the automatic
 * virement to the decision and folds it (rule R13). */
void fisc_engine_cover(FiscDecision *decision);

/* engine_role.c */
/** Whether a person holds a role for an entity today, by grant or by delegation. @role NULL:
 * anybody does. */
bool fisc_engine_holds_role(const FiscEngine *engine, const char *person, const char *role,
                            const char *entity);

/* engine_block.c */
/** No more is lifted than is blocked. Before the lines are folded. */
void fisc_engine_judge_blocks(FiscDecision *decision);
/** The same of an entry on record; before it is folded. */
void fisc_engine_object_blocks(const FiscEngine *engine, const FiscDecidedEntry *entry,
                               FiscRefusals *objections);

/* engine_grow.c */
/** An empty list of growths. */
GPtrArray *fisc_engine_growth_list(void);
bool
fisc_engine_check_growth(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
void fisc_engine_set_growth(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_growth(FiscEngine *engine, const FiscMaster *master);
/** The keys go, to be folded again: so does what growths have counted. */
void fisc_engine_forget_growths(FiscEngine *engine);

/* engine_reserve.c */
/** An empty list of rules of reserves. */
GPtrArray *fisc_engine_reserve_list(void);
bool
fisc_engine_check_reserve(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
void fisc_engine_set_reserve(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_reserve(FiscEngine *engine, const FiscMaster *master);
bool fisc_engine_check_cut_line(const FiscEngine *engine, const FiscEvent *event,
                                FiscRefusals *refusals);
/** A reserve is within its ceiling, and drawn as the law says (rule R15). After the lines are
 * folded. */
void fisc_engine_judge_reserves(FiscDecision *decision);
/** Objects to a posted entry that takes from a reserve, as far as the log tells. @carried: of
 * FiscCarried. @is_enacted: its batch enacts a law. */
void fisc_engine_object_reserves(const FiscEngine *engine, const FiscDecidedEntry *entry,
                                 const GArray *carried, bool is_enacted, FiscRefusals *objections);

/* engine_item.c */
GHashTable *fisc_engine_item_table(void);
/** NULL when the entity never opened an item of that name. */
FiscItem *fisc_engine_item(const FiscEngine *engine, int32_t entity_id, int32_t name);
/** Whether a line may do this to its item: -1, or the code of the rule that it breaks, with
 * *out_detail (owned). Amounts in the detail have @decimals. */
int fisc_engine_check_item(const FiscEngine *engine, const FiscItemMove *move, int decimals,
                           char **out_detail);
/** Whether less than nothing is open where a line has moved, in either currency. */
bool fisc_engine_is_overdrawn(const FiscEngine *engine, const FiscItemMove *move);
/** Folds the line into its item, which is made when it is new. With undo. */
void fisc_engine_move_item(FiscEngine *engine, const FiscItemMove *move);
/** What a group holds, debit positive. */
void fisc_engine_item_open(const FiscItemGroup *group, __int128 *out_amount, __int128 *out_foreign);
bool fisc_engine_is_budgetary(const FiscEngine *engine, int32_t account_id);
/** Puts pairs of duty and person among others, in order and each once, as they are hashed. */
void fisc_engine_join_hands(GArray *into, const int32_t *hands, guint count);
/** Joins the hands of every item that the decision names, relieved ones included, into its own. */
void fisc_engine_item_hands(FiscDecision *decision);
/** Gives the decision's hands to every item that has a line in the entry, with undo. */
void fisc_engine_fold_items(FiscDecision *decision);
/** Takes back the hands of an item, or a coding that was added to it. */
void fisc_engine_undo_hands(FiscEngine *engine, FiscUndo *undo);
void fisc_engine_undo_item(FiscEngine *engine, const FiscUndo *undo);

/* engine_relief.c */
/** Folds what the lines do to open items, works out what they relieve and appends the lines that
 * give it back; refuses what would take more than is open. The balances are folded later, with all
 * other lines. */
void fisc_engine_take_items(FiscDecision *decision);

/** The account that what an item gives back goes to: of the stage that its own draws on, in the
 * same chart, ours or the nation's. 0: there is none. */
int32_t fisc_engine_item_contra(const FiscEngine *engine, const FiscEngineAccount *account);

/* engine_bound.c */
bool fisc_engine_check_carry_rule(const FiscEngine *engine, const FiscEvent *event,
                                  FiscRefusals *refusals);
bool fisc_engine_check_carry_item(const FiscEngine *engine, const FiscEvent *event,
                                  FiscRefusals *refusals);
bool
fisc_engine_check_carry(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
/** Whether an item holds in a year what was carried into it, for its own purpose only. */
bool fisc_engine_is_bound(const FiscEngine *engine, int32_t entity_id, int32_t name, int year);
/** Whether a line uses funds for the purpose of another: its codes begin with the other's. */
bool fisc_engine_serves(const FiscEngine *engine, const FiscCodingKey *purpose,
                        const FiscCodingKey *used);
/** The account of blocks in the chart of @account. 0: there is none. */
int32_t fisc_engine_block_account(const FiscEngine *engine, const FiscEngineAccount *account);
/** Blocks what the first @submitted lines take from bound items and would set free. */
void fisc_engine_bind_taken(FiscDecision *decision, guint submitted);
/** Objects to an entry on record that set free what was bound. */
void fisc_engine_object_bound(const FiscEngine *engine, const FiscDecidedEntry *entry,
                              FiscRefusals *objections);

/* engine_complement.c */
bool fisc_engine_check_complementary(const FiscEngine *engine, const FiscEvent *event,
                                     FiscRefusals *refusals);
/** What comes behind a year that has a complementary period pays what the year owes, in time. */
void fisc_engine_judge_late(FiscDecision *decision);
void fisc_engine_object_late(const FiscEngine *engine, const FiscDecidedEntry *entry,
                             FiscRefusals *objections);

/* engine_expiry.c */
/** An event of kind "item" has a date that exists. */
bool fisc_engine_check_item_event(const FiscEngine *engine, const FiscEvent *event,
                                  FiscRefusals *refusals);
/** True for the release of items that have expired, and of nothing else: anybody may post it. */
bool fisc_engine_is_expiry(const FiscDecision *decision);

/* engine_replay_item.c */
/** Folds the items of a posted entry and objects to what no engine would have let pass. */
void fisc_engine_replay_items(FiscEngine *engine, const FiscDecidedEntry *entry,
                              FiscRefusals *objections);

/* engine_duty.c */
/** Judges whether maker and delegate may do this, over the whole chain of documents (rule R21);
 * adds their hands to the decision. */
void fisc_engine_judge_duties(FiscDecision *decision);
/** The same of an entry on record, as far as the log tells: objects to a maker without the right,
 * and to duties of one chain that met in his hand. */
void fisc_engine_object_duties(const FiscEngine *engine, const FiscDecidedEntry *entry,
                               const GArray *carried, FiscRefusals *objections);
/* A document that a batch on record has carried out: its step to "done". */
typedef struct {
    const FiscMaster *document;
    int maker, actor; /* who made it, and who took the step */
} FiscCarried;
/** True when one of @carried (of FiscCarried) is about @action and was made by @maker and carried
 * out by @actor; 0 = by anybody. */
bool fisc_engine_is_carried(const GArray *carried, int maker, int actor, const char *action);
/** Whether somebody could do this in his own name, or in that of a person who has passed a role on
 * to him: the log does not tell which. Changes the principal of @act. */
bool fisc_engine_could(const FiscEngine *engine, FiscAct *act);
/** Whether a person is registered and active; everybody is while duties are not enforced. */
bool fisc_engine_is_known(const FiscEngine *engine, int person);
/** Whether a person may do this by the duties on record: see FiscAct in fisc/identity.h.
 * @principal: on whose behalf, 0 = his own duty. @entity_id: 0 = the whole of the books. Always in
 * a book whose duties are not enforced. */
bool fisc_engine_may(const FiscEngine *engine, int person, int principal, const char *action,
                     char right, int entity_id);
/** True when the two are one person, or one is a delegate of the other today. */
bool fisc_engine_share_hand(const FiscEngine *engine, int a, int b);
/** The code of a person's number; "" when nobody has it. */
const char *fisc_engine_person(const FiscEngine *engine, int person);
void fisc_engine_set_identity(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_identity(FiscEngine *engine, const FiscMaster *master);

/* engine_feed.c */
#define FISC_ACTION_FEED "feed" /* an action of the matrix: staged by one, approved by another */
/** Whether a document carries what the feeder @source says of an entity that is its own. */
bool fisc_engine_is_fed(const FiscEngine *engine, const FiscMaster *document, const char *source,
                        const char *entity);
/** The same of an event: that a report has arrived is all that a feeder may say beside entries. */
bool fisc_engine_is_fed_event(const FiscEngine *engine, const FiscMaster *document,
                              const char *source, const FiscEvent *event);
/** The same of an entry, and it leans on nothing that has been in other hands. After the hands of
 * its items were joined. */
bool fisc_engine_is_fed_entry(const FiscDecision *decision, const FiscMaster *document);
/** Whether its maker may stage it. The only duty that it takes. */
void fisc_engine_judge_fed(FiscDecision *decision, const char *principal);
/** The same of what is on record: it came with a document of its maker, who could stage it. */
bool fisc_engine_was_fed_entry(const FiscEngine *engine, const FiscDecidedEntry *entry,
                               const GArray *carried);
bool fisc_engine_was_fed_event(const FiscEngine *engine, const FiscEvent *event, int actor,
                               const GArray *carried);

/* engine_duty_event.c */
/** Whether the maker may make this event, when duties are enforced. False with a refusal. */
bool fisc_engine_judge_event(FiscEngine *engine, const FiscSubmission *submission,
                             const FiscEvent *event, int maker, FiscRefusals *refusals);
/** The same judgement of an event on record, as far as the log tells; before it is taken. */
void fisc_engine_object_event(const FiscEngine *engine, const FiscEvent *event, int maker,
                              const GArray *carried, FiscRefusals *objections);
/** What events of persons, roles, grants and delegations must obey, whoever may make them. */
bool fisc_engine_check_identity(const FiscEngine *engine, const FiscEvent *event, int maker,
                                FiscRefusals *refusals);

/* engine_carry.c */
/** What a submission that carries out a document must obey: proposed before, and nothing else than
 * what was approved, in one piece (@is_whole). Asked before its events, which approve it and close
 * it, are decided. Returns the document's maker, who answers for its entries; 0 with a refusal; the
 * actor's number when there is no document. */
int fisc_engine_judge_document(FiscEngine *engine, const FiscSubmission *submission, int actor,
                               bool is_whole, FiscRefusals *refusals);
/** True when the document of @submission is done already: a retry, whose events changed what they
 * had to change, and are not decided again. */
bool fisc_engine_is_carried_out(const FiscEngine *engine, const FiscSubmission *submission);

/* engine_document.c */
/** Judges one step of a document; @old is NULL when it is proposed. False with a refusal. */
bool fisc_engine_check_document(const FiscEngine *engine, const FiscEvent *event,
                                const FiscMaster *old, int actor, FiscRefusals *refusals);

/* engine_procedure.c */
bool fisc_engine_check_procedure(const FiscEngine *engine, const FiscEvent *event,
                                 FiscRefusals *refusals);

/* engine_case_child.c */
void fisc_engine_set_case(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_case(FiscEngine *engine, const FiscMaster *master);
/** The cases whose parent a case is: subject -> FiscMaster; NULL when it never had one. */
GHashTable *fisc_engine_case_children(const FiscEngine *engine, const char *subject);

/* engine_case.c */
/** Judges one step of a case; @old is NULL when it begins. False with a refusal. */
bool fisc_engine_check_case(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
                            int actor, FiscRefusals *refusals);
/** Whether the step may come with this submission: some take a document, the others a person. */
bool fisc_engine_judge_case(const FiscEngine *engine, const FiscSubmission *submission,
                            const FiscEvent *event, FiscRefusals *refusals);
/** The action that a step of a case takes, and whether it comes with a document about that. NULL
 * and false for a step that no procedure knows. */
const char *fisc_engine_case_action(const FiscEngine *engine, const FiscEvent *event);
bool fisc_engine_is_document_step(const FiscEngine *engine, const FiscEvent *event);

/* engine_virement_rule.c */
bool fisc_engine_check_virement_rule(const FiscEngine *engine, const FiscEvent *event,
                                     FiscRefusals *refusals);
void fisc_engine_set_virement_rule(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_virement_rule(FiscEngine *engine, const FiscMaster *master);

/* engine_virement.c */
/** A virement must lie inside a rule (rule R12). Before its lines are folded. */
void fisc_engine_judge_virement(FiscDecision *decision);
/** Objects to a posted virement that no rule lets pass, whoever approves it. Before it is folded.
 */
void fisc_engine_object_virement(FiscEngine *engine, const FiscDecidedEntry *entry,
                                 FiscRefusals *objections);

/* engine_link.c */
/** Accounts of a linked set must move together. */
void fisc_engine_judge_links(FiscDecision *decision);
bool
fisc_engine_check_link(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals);
void fisc_engine_set_link(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_link(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_links_free(FiscLinks *links);
/** The same judgement of an entry on record. */
void fisc_engine_object_links(const FiscEngine *engine, const FiscDecidedEntry *entry,
                              FiscRefusals *objections);

/* engine_replay.c */
/** Puts the reasons of a refused group's entry in terms of the log, where the rest of the group is
 * not. False when nothing of it follows from the log: then it does not go on record. */
bool fisc_engine_restate(FiscEngine *engine, FiscDecidedRefusal *refusal);

/* batch.c */
void fisc_batch_hash_entry(const FiscBatch *batch, FiscDecidedEntry *entry);
/** Root and hash of a batch whose entries are hashed already. */
void fisc_batch_seal(FiscBatch *batch);

#endif
