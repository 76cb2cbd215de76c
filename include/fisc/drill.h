/* drill.h: one figure of a report, taken apart: the balances it adds up, and from their lines the
 * entries, the documents and the rows of published files behind it. Pure; what the key of a figure
 * looks like is reporting/cell_key.h.
 *
 * Whatever the level, the parts add up to the figure. What no line on record is behind (a lens of
 * the report made it) is a part of its own, never spread over lines. */
#ifndef FISC_DRILL_H
#define FISC_DRILL_H

#include "fisc/ledger.h"
#include "fisc/statement.h"

/* X(NAME, word, what a row is) */
#define FISC_DRILL_LEVELS(X)                                                                       \
    X(BALANCES, "balances", "a coding with its sum")                                               \
    X(ENTRIES, "entries", "an entry")                                                              \
    X(LINES, "lines", "a line of an entry")                                                        \
    X(DOCUMENTS, "documents", "a document")                                                        \
    X(ROWS, "rows", "a row of a published file, as its reference names it")

typedef enum {
#define X(name, word, meaning) FISC_DRILL_##name,
    FISC_DRILL_LEVELS(X)
#undef X
        FISC_DRILL_LEVEL_COUNT
} FiscDrillLevel;

/** USAGE names the levels there are. NULL is the balances. */
bool fisc_drill_level_find(const char *word, FiscDrillLevel *out_level, GError **error);

/* A coding that counts in the figure. A line of it counts so often as its period and side say. */
typedef struct {
    const FiscCoding *coding;
    int before;        /* lines before the period */
    int debit, credit; /* lines of the period */
    __int128 posted;   /* what those lines add up to that count at all, debits positive */
    __int128 counted;  /* its part of the figure */
    __int128 made;     /* of @counted, what the report made: no line is behind it */
} FiscDrillPart;

typedef struct {
    char *name;    /* of the figure, for people: "SOO 31.1, CITY, 2018: Acquisitions" */
    char *formula; /* "flow 1 - flow 2", as its layout says it */
    __int128 figure;
    int decimals;
    FiscPeriod from, to;       /* of the figure */
    bool is_seen_through_lens; /* lines need not add up to what a coding counts: the rest is made */
    GArray *parts;             /* of FiscDrillPart; codings are the balances' */
    GHashTable *places;        /* coding_id and period -> place + 1 of the part with its lines */
} FiscDrill;

/** A figure of a statement: @code is a row's, or one that a list prints. NOT_FOUND when the
 * statement has none such. */
bool fisc_drill_statement(const FiscStatementQuery *query, const char *statement, const char *code,
                          FiscDrill **out_drill, GError **error);
/** A figure of the trial balance: @column is "debit", "credit" or "balance". */
bool fisc_drill_trial_balance(const FiscStatementQuery *query, const char *column,
                              const char *account, FiscDrill **out_drill, GError **error);
/** A figure of the stages of a budget: @words as --by takes them, each with its "=WORD". */
bool fisc_drill_stages(const FiscStatementQuery *query, const char *column, const char *words,
                       bool revenue, FiscDrill **out_drill, GError **error);
/** A figure of a table by any segments: @words as --by takes them, each with its "=WORD"; the
 * words of --where or NULL. */
bool fisc_drill_pivot(const FiscStatementQuery *query, const char *measure, const char *words,
                      const char *where, FiscDrill **out_drill, GError **error);
void fisc_drill_free(FiscDrill *drill);

/* From lines to a table ------------------------------------------------------------------------ */

/** Where an entry came from, as files say it that are read again. */
typedef struct {
    const char *file;
    int line;
    const uint8_t *digest; /* of the entry as the file makes it */
} FiscDrillOrigin;
/** NULL when the files make no such entry. */
typedef const FiscDrillOrigin *(*FiscDrillOriginFind)(const char *source, const char *reference,
                                                      gpointer data);

typedef struct _FiscDrillTable FiscDrillTable;

/** @limit: rows printed at most; the largest are not looked for, the first are kept; what is left
 * out is told and added up. 0 = all. @find NULL: no files were named. */
FiscDrillTable *fisc_drill_table_new(const FiscDrill *drill, FiscDrillLevel level, guint limit,
                                     FiscDrillOriginFind find, gpointer data);
void fisc_drill_table_free(FiscDrillTable *table);
/** The codings whose lines are wanted, of int32_t, and the periods; false when there are none.
 * Caller unrefs. */
bool fisc_drill_wants_lines(const FiscDrill *drill, FiscDrillLevel level, GArray **out_coding_ids,
                            FiscPeriod *out_from, FiscPeriod *out_to);
/** Lines come in chain order. */
void fisc_drill_table_add(FiscDrillTable *table, const FiscCodingLine *line);
/** The table, when all lines were added. FAILED when its rows do not add up to the figure: then
 * the books are not what the report was made from. */
bool fisc_drill_table_take(FiscDrillTable *drilled, FiscTable **out_table, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDrill, fisc_drill_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDrillTable, fisc_drill_table_free)

#endif
