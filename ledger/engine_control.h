/* engine_control.h: controls, their keys, and what stands on them: shared by the files that parse
 * definitions (engine_control.c), take keys (engine_key.c), fold amounts
 * into them (engine_fold.c), judge (engine_judge.c),
 * let pass by override (engine_override.c), cover from other keys (engine_cover.c), answer
 * (engine_funds.c) and decide again (engine_replay.c). */
#ifndef FISC_LEDGER_ENGINE_CONTROL_H
#define FISC_LEDGER_ENGINE_CONTROL_H

#include "ledger/engine_internal.h"

#define FISC_KEY_PARTS_MAX 8
#define FISC_PART_ENTITY (-1)
#define FISC_PART_ACCOUNT (-2)
#define FISC_MONTHS 12
#define FISC_MILLION 1000000 /* a share of 100 % */

/* How strictly a control binds. In ascending order. */
typedef enum {
    FISC_LEVEL_NONE,     /* keeps no record */
    FISC_LEVEL_TRACK,    /* lists what is over */
    FISC_LEVEL_ADVISORY, /* warns, and lets pass */
    FISC_LEVEL_ABSOLUTE, /* refuses */
} FiscLevel;

/* What becomes of a key without an appropriation: refuse it, take it as appropriated with zero
 * (where the law binds at a higher level), or leave it outside the control. */
typedef enum { FISC_ABSENT_REFUSE, FISC_ABSENT_ZERO, FISC_ABSENT_NONE } FiscAbsent;

/* A part of the fiscal year, by its length. In ascending order. */
typedef enum { FISC_INTERVAL_PERIOD, FISC_INTERVAL_QUARTER, FISC_INTERVAL_YEAR } FiscInterval;

typedef struct {
    int dim;    /* FiscDimension, FISC_PART_ENTITY or FISC_PART_ACCOUNT */
    int length; /* first so many characters; 0 = all */
    int depth;  /* the ancestor at this depth of the dimension's tree, the root at 1; 0 = itself */
} FiscKeyPart;

/* What a line does to a key, by its stage: it makes the limit, or adds to a sum. */
typedef enum {
    FISC_SLOT_NONE = -2,
    FISC_SLOT_LIMIT = -1,
    FISC_SLOT_RESERVED = FISC_CONSUMED_RESERVED,
    FISC_SLOT_COMMITTED = FISC_CONSUMED_COMMITTED,
    FISC_SLOT_ACCRUED = FISC_CONSUMED_ACCRUED,
    FISC_SLOT_PAID = FISC_CONSUMED_PAID,
    FISC_SLOT_BLOCKED = FISC_CONSUMED_BLOCKED,
    FISC_SLOT_RELEASED, /* counts only where releases consume; else it is there to be shown */
    FISC_SLOT_COUNT
} FiscKeySlot;

typedef struct {
    char *name;
    FiscLevel level;
    FiscAbsent absent;
    GHashTable *entities; /* codes; NULL = every entity */
    FiscKeyPart parts[FISC_KEY_PARTS_MAX];
    int part_count;
    bool has_tree;                  /* a part of the key is an ancestor */
    int8_t slots[FISC_STAGE_COUNT]; /* FiscKeySlot of every stage; all NONE with @accounts */
    bool is_release_consuming;
    GHashTable *accounts; /* codes of an accounts control; NULL = by stages */
    int side;             /* of an accounts control, what is available: 1 debit, -1 credit */
    FiscInterval interval, boundary; /* counted from the start of one to the end of the other */
    int64_t tolerance;               /* millionths of the limit */
    int64_t cap;  /* of the tolerance, in ten-thousandths of the main unit; -1 = none */
    int64_t warn; /* millionths of the limit; -1 = never */
    FiscDate from, to;
    bool is_overridable;
    char *article; /* NULL = none cited */
} FiscControl;

typedef struct {
    int32_t control;
    int32_t year;
    int32_t part[FISC_KEY_PARTS_MAX]; /* symbols */
} FiscKeyName;

typedef struct {
    int64_t limit;
    int64_t slot[FISC_SLOT_COUNT];
} FiscKeySums;

/* Months of a year that count together: both from 1 to 12. The opening period counts with the
 * first month, the adjustments with the last. */
typedef struct {
    int first, last;
} FiscWindow;

typedef struct _FiscKeyState {
    FiscKeyName name;
    const FiscControl *control;
    int64_t rows; /* above zero when there is a limit line */
    FiscKeySums year;
    FiscKeySums *months; /* 12 of them; NULL when only the whole year counts */
    /* while one entry is judged */
    FiscKeySums before;
    int64_t revalued; /* what is left has become less by so much, and nobody has spent it: holding
                         gains, and limits that no longer grow */
    bool is_touched;
    bool is_changed; /* since the last news: see funds_board.h */
} FiscKeyState;

typedef struct _FiscGrowthState FiscGrowthState; /* engine_grow.c */

/* A key that a coding falls under, and what its amounts do there. */
typedef struct _FiscKeyUse {
    FiscKeyState *state;
    FiscKeySlot slot;
    int sign;                /* of debit less credit */
    FiscGrowthState *growth; /* by which the limit of the key grows; NULL = the amounts count there
                                themselves */
    bool is_base;            /* of a growth: what was estimated, not what came in */
} FiscKeyUse;

/* One of the conditions that words like "entity=MIN economic=3*" name. */
typedef struct {
    int dim; /* FiscDimension or FISC_PART_ENTITY */
    bool is_prefix;
    char *text;
} FiscWhereTerm;

/* What a key holds in a window. */
typedef struct {
    int64_t limit;
    int64_t consumed;
    int64_t stage[FISC_CONSUMED_COUNT]; /* @consumed by stage */
    int64_t released;                   /* to be shown; 0 where releases make the limit */
} FiscKeyAmounts;

/* A budget line is on record though its amount is zero: its key exists, and nothing may be spent.
 */
typedef struct {
    FiscCodingKey key;
    int year;
} FiscBudgetLine;

/* engine_control.c */
/** Reads a percentage into parts of FISC_MILLION. NULL, or what is wrong with it. */
const char *fisc_share_parse(const char *text, int64_t *out_share);
const FiscControl *fisc_engine_control(const FiscEngine *engine, const char *name);
const char *fisc_level_word(FiscLevel level);
/** True when the control keeps a record of the entity. */
bool fisc_control_covers(const FiscControl *control, const char *entity);
/** True when an entry effective on that day is judged by the control. */
bool fisc_control_is_in_force(const FiscControl *control, FiscDate effective);
/** Decimals of the currency of the entity that a key belongs to. */
int fisc_key_decimals(const FiscEngine *engine, const FiscKeyName *name);
/** The limit and what may be spent beyond it by tolerance (rule R6). */
int64_t fisc_key_ceiling(const FiscEngine *engine, const FiscKeyState *state, int64_t limit);

/* engine_key.c */
/** Reads "entity programme:1 economic@2" into at most FISC_KEY_PARTS_MAX parts. NULL, or what is
 * wrong with it. */
const char *
fisc_key_parts_parse(const char *text, FiscKeyPart parts[FISC_KEY_PARTS_MAX], int *out_count);
/** "programme" of a part. */
const char *fisc_key_part_column(const FiscKeyPart *part);
/** What a coding has there: the code, its beginning, or its ancestor, as a symbol. */
int32_t
fisc_key_part_symbol(FiscEngine *engine, const FiscKeyPart *part, const FiscCodingKey *coding);
/** The month, from 1 to 12, that a period counts with. */
int fisc_month_of(FiscPeriod period);
FiscWindow fisc_control_window(const FiscControl *control, FiscPeriod period);
/** Moves to the next boundary inside the same interval; false when there is none. */
bool fisc_control_next_window(const FiscControl *control, FiscWindow *window);
/** "entity=001 programme=2 year=2018", or "... year=2018 period=201805". Caller frees. */
char *fisc_key_text(const FiscEngine *engine, const FiscKeyState *state, FiscWindow window);
/** Reads a key as printed: its parts, the year (0 when the text names none) and the window, which
 * must be there when the control counts by one. With @out_window NULL the text ends at the year.
 * False when it is no key of the control. */
bool fisc_key_parse(const FiscEngine *engine, const FiscControl *control, const char *text,
                    FiscKeyName *out_name, FiscWindow *out_window);

/* engine_fold.c */
/** NULL when nothing was ever counted on the key. */
FiscKeyState *fisc_key_find(FiscEngine *engine, const FiscKeyName *name);
FiscKeyAmounts fisc_key_amounts(const FiscKeyState *state, FiscWindow window);
__int128 fisc_key_consumed(const FiscKeyState *state, const FiscKeySums *sums);

/** A table by FiscKeyName that owns nothing. */
GHashTable *fisc_engine_key_index(void);
/** The state of a key, made when it is new; while keys are folded. */
FiscKeyState *fisc_key_take(FiscEngine *engine, const FiscKeyName *name);

/* engine_funds.c */
/** Appends what a key holds, window by window; nothing when it is not on record, or its definition
 * is not of the year. */
void
fisc_engine_append_funds(const FiscEngine *engine, const FiscKeyState *state, GPtrArray *out_funds);
/** For g_ptr_array_sort(): by control and key. */
gint fisc_funds_compare(gconstpointer a, gconstpointer b);

/* engine_where.c */
/** Reads conditions into an array of FiscWhereTerm, which is there in any case. NULL, or what is
 * wrong with them. */
const char *fisc_where_parse(const char *text, GArray **out_where);
/** The one entity that they name; NULL when there is none. */
const char *fisc_where_entity(const GArray *where);
bool fisc_where_has(const GArray *where, const char *entity, const char *const dim[FISC_DIM_COUNT]);
bool fisc_where_matches(const FiscEngine *engine, const GArray *where, const FiscCodingKey *coding);

/* engine_grow.c */
/** Appends the growths that lines of the coding move, at most as many as there are. */
int fisc_growth_uses(FiscEngine *engine, const FiscEngineCoding *coding, int year,
                     FiscKeyUse *out_uses);
/** Counts a line; returns by how much the limit of the key changes with it. */
int64_t fisc_growth_fold(FiscEngine *engine, const FiscKeyUse *use, int64_t debit, int64_t credit);
/** The same for what was decided before: nothing takes it back. */
int64_t
fisc_growth_refold(const FiscEngine *engine, const FiscKeyUse *use, int64_t debit, int64_t credit);
/** By how much the limit of a key has grown, and by which rules: "fees (Art. 53)"; caller frees,
 * NULL when by none. */
int64_t fisc_growth_of_key(const FiscEngine *engine, const FiscKeyState *key, char **out_rules);

/* engine_judge.c */
/** What may be spent in the entry's window and, because of what is already on record, in the later
 * ones of the same interval: the least of them. */
int64_t fisc_key_available(const FiscKeyState *state, FiscPeriod period);
/** What the entry that is being judged has asked of the key and it does not have. */
int64_t fisc_key_shortage(const FiscKeyState *state, FiscPeriod period);

/* engine_override.c */
/** By how much a key may be exceeded on the engine's day; appends the names of the overrides that
 * say so to @out_names when it is not NULL. */
__int128 fisc_engine_override(const FiscEngine *engine, const char *control, const char *key,
                              int decimals, GString *out_names);

#endif
