/* carry.h: what the ledger knows of a year that ends: by which rules something may be carried over,
 * and where every budget line of an entity stands.
 *
 * What follows from the two, the proposal, is the budget's business (fisc/budget.h). */
#ifndef FISC_CARRY_H
#define FISC_CARRY_H

#include "fisc/entry.h"
#include "fisc/poster.h"

/* What a rule speaks of. */
#define FISC_CARRY_STAGES(X)                                                                       \
    X(COMMITMENT, "commitment", "open commitments, item by item")                                  \
    X(AUTHORIZATION, "authorization", "open reservations, item by item")                           \
    X(FREE, "free", "what of a line nobody has spent, committed or blocked")

typedef enum {
#define X(name, word, meaning) FISC_CARRY_##name,
    FISC_CARRY_STAGES(X)
#undef X
        FISC_CARRY_STAGE_COUNT
} FiscCarryStage;

/* On what ground something is carried. */
#define FISC_CARRY_KINDS(X)                                                                        \
    X(SPECIFIED, "specified", "the law or the budget names it beforehand")                         \
    X(ACCIDENT, "accident", "contracted, and unavoidably unpaid")                                  \
    X(CONTINUING, "continuing", "the appropriation outlives its year")

typedef enum {
#define X(name, word, meaning) FISC_CARRY_KIND_##name,
    FISC_CARRY_KINDS(X)
#undef X
        FISC_CARRY_KIND_COUNT
} FiscCarryKind;

/** "specified"; and back, -1 when the word is none. */
const char *fisc_carry_kind_word(FiscCarryKind kind);
int fisc_carry_kind_find(const char *word);

/* The beginning of a code: "economic=6". */
typedef struct {
    FiscDimension dim;
    char *prefix;
} FiscCarryTest;

typedef struct {
    char *name;
    int order;            /* rules are tried in ascending order, then by name */
    GHashTable *entities; /* codes; NULL = every entity */
    GArray *key;          /* of FiscCarryTest: one of each dimension that is named must hold */
    FiscCarryStage stage;
    FiscCarryKind kind;
    bool is_listed;    /* only items that an event carry_item names, under this kind */
    bool may_again;    /* also what was carried into this year under the same kind */
    int64_t cap;       /* millionths of the appropriation, of free money; -1 = none */
    FiscDate from, to; /* the last day of the year lies between them */
    char *article;     /* NULL = none cited */
} FiscCarryRule;

/** Reads the fields of an event carry_rule. NULL with the field and what is wrong with it. */
FiscCarryRule *fisc_carry_rule_parse(const char *name, GPtrArray *fields, const char **out_field,
                                     const char **out_wrong);
void fisc_carry_rule_free(FiscCarryRule *rule);
/** Whether the rule binds an entity on the last day of a year. */
bool fisc_carry_rule_holds(const FiscCarryRule *rule, const char *entity, FiscDate on);
/** Whether a budget line passes the rule's tests. Words may be NULL. */
bool fisc_carry_rule_fits(const FiscCarryRule *rule, const char *const dim[FISC_DIM_COUNT]);

/* Pure checks of events, with a refusal that names the field. */
/** carry_rule, subject its name. */
bool fisc_carry_rule_check(const FiscEvent *event, FiscRefusals *refusals);
/** carry_item, subject ENTITY/ITEM: fields kind (of the rules that list), reason, article. */
bool fisc_carry_item_check(const FiscEvent *event, FiscRefusals *refusals);
/** carry, subject ENTITY/ITEM or ENTITY/LINE: fields kind, year (from which), amount, article. */
bool fisc_carry_check(const FiscEvent *event, FiscRefusals *refusals);
/** complementary, subject a year: fields until, article. */
bool fisc_complementary_check(const FiscEvent *event, FiscRefusals *refusals);

/* The year's position ------------------------------------------------------------------------- */

/* What was carried into the year, as its event says. */
typedef struct {
    int kind; /* FiscCarryKind; -1 = nothing */
    int year; /* from which */
    int64_t amount;
} FiscCarryRecord;

/* An open commitment or reservation. No string is NULL, but @listed and @currency. */
typedef struct {
    const char *name;
    FiscStage stage; /* COMMITMENT or AUTHORIZATION */
    const char *dim[FISC_DIM_COUNT];
    int64_t open;           /* above zero */
    const char *currency;   /* of @foreign; NULL = the entity's own */
    int64_t foreign;        /* open in it, without a sign */
    int listed;             /* FiscCarryKind by an event carry_item; -1 = it is on no list */
    FiscCarryRecord before; /* how it came into this year; kind -1 = it did not */
    int64_t done;           /* carried out of this year already */
} FiscYearItem;

/* Codings of one set of words: a row of the budget, or where something is spent. */
typedef struct {
    const char *dim[FISC_DIM_COUNT];
    int64_t budget;   /* appropriations, changes, carried in less out */
    int64_t consumed; /* all stages, and blocks */
} FiscYearRow;

/* A budget line: what the entity's finest absolute control limits under one key; where there is
 * none, the same words. */
typedef struct {
    const char *name;      /* "programme=1 economic=22"; "-" = the key is the entity alone */
    int64_t appropriation; /* with its changes */
    int64_t carry;         /* carried in, less what was carried out already */
    int64_t paid, accrued, committed, reserved, blocked;
    GPtrArray *rows;  /* of FiscYearRow, those with a budget first */
    GPtrArray *items; /* of FiscYearItem, commitments first, then by name */
    /* of the runs on record */
    int round, reversed;    /* runs, and how many of the first were taken back */
    int64_t free_done;      /* free money, carried out of this year already */
    FiscCarryRecord before; /* free money, carried into this year */
} FiscYearLine;

typedef struct _FiscYearPosition {
    char *entity;
    int year;
    int decimals;     /* of the entity's currency: set by who asks */
    GPtrArray *lines; /* of FiscYearLine, by name */
    GPtrArray *rules; /* of FiscCarryRule that hold on the last day, in the order tried */
    GStringChunk *chunk;
} FiscYearPosition;

FiscYearPosition *fisc_year_position_new(const char *entity, int year, int decimals);
void fisc_year_position_free(FiscYearPosition *position);
/** Adds an empty line, item or row; for tests and the engine. Texts are copied. */
FiscYearLine *fisc_year_position_line(FiscYearPosition *position, const char *name);
FiscYearItem *fisc_year_line_item(FiscYearPosition *position, FiscYearLine *line, const char *name,
                                  FiscStage stage, const char *const dim[FISC_DIM_COUNT]);
FiscYearRow *fisc_year_line_row(FiscYearPosition *position, FiscYearLine *line,
                                const char *const dim[FISC_DIM_COUNT]);

/** What a line is called where a name has little room: in references and subjects. Caller frees. */
char *fisc_year_line_id(const char *name);

/** The entities that have a budget line in a year: codes as keys. Caller unrefs. */
bool
fisc_poster_year_entities(FiscPoster *poster, int year, GHashTable **out_entities, GError **error);
/** Fills in lines and rules, exact at the last committed batch. */
bool fisc_poster_year(FiscPoster *poster, FiscYearPosition *position, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscYearPosition, fisc_year_position_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscCarryRule, fisc_carry_rule_free)

#endif
