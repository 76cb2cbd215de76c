/* stage_keys.h: what a table of budget lines is grouped by, and which lines it speaks of. */
#ifndef FISC_STAGE_KEYS_H
#define FISC_STAGE_KEYS_H

#include "fisc/balances.h"
#include "fisc/error.h"
#include "fisc/nation.h"

/* As if they were dimensions. */
#define FISC_STAGE_KEY_ENTITY (-1)
#define FISC_STAGE_KEY_ACCOUNT (-2) /* as posted */
#define FISC_STAGE_KEY_CLASS (-3)   /* of the account: "revenue" */
#define FISC_STAGE_KEYS_MAX (FISC_DIM_COUNT + 3)

/* One word of the key: a dimension, whole or its first characters. */
typedef struct {
    int dimension;    /* FiscDimension, or one of the above */
    guint characters; /* 0 = all of it */
} FiscStageKey;

typedef struct {
    FiscStageKey keys[FISC_STAGE_KEYS_MAX];
    char *wanted[FISC_STAGE_KEYS_MAX]; /* only keys with this word there; NULL = any */
    guint count;
} FiscStageKeys;

/** Reads "entity,section=027,economic:1": dimensions, each whole or its first N characters, and
 * with "=WORD" only what has that word there. USAGE. */
bool fisc_stage_keys_read(const char *by, FiscStageKeys *out_keys, GError **error);
void fisc_stage_keys_clear(FiscStageKeys *keys);
/** The name of its column. */
const char *fisc_stage_key_name(const FiscStageKey *key);
/** Whether the words of a group are those that are wanted. */
bool fisc_stage_keys_want(const FiscStageKeys *keys, char *const *words);
/** The words of a coding, one for each key and NULL behind them. Caller frees with g_strfreev(). */
char **fisc_stage_key_words(const FiscStageKey *keys, guint count, const FiscCoding *coding);

/* What bears a tag: whatever begins with one of its codes. */
typedef struct {
    int dimension;
    char *beginning;
} FiscStageTag;

#define FISC_STAGE_TAGS_MAX 8

/* Which budget lines: every word the beginning of a code; an entity's is all of it. */
typedef struct {
    int dimension[FISC_STAGE_KEYS_MAX]; /* likewise */
    char *beginning[FISC_STAGE_KEYS_MAX];
    guint count;
    GArray *tags[FISC_STAGE_TAGS_MAX]; /* of FiscStageTag: one of each has to be there */
    guint tag_count;
} FiscStageWhere;

/** Reads "programme=231 economic=22 tag=climate"; NULL and "" are every line. Tags are facts of
 * @nation. USAGE; NOT_FOUND when nothing bears a tag. */
bool fisc_stage_where_read(const FiscNation *nation, const char *text, FiscStageWhere *out_where,
                           GError **error);
void fisc_stage_where_clear(FiscStageWhere *where);
bool fisc_stage_where_has(const FiscStageWhere *where, const FiscCoding *coding);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscStageKeys, fisc_stage_keys_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscStageWhere, fisc_stage_where_clear)

#endif
