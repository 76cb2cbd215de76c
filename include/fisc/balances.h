/* balances.h: sums of the ledger by coding and period: all that a statement is made of. */
#ifndef FISC_BALANCES_H
#define FISC_BALANCES_H

#include "fisc/nation.h"

/* A coding in words. Strings are interned in the owner: equal words are equal pointers there. */
typedef struct {
    int coding_id;
    const char *entity;
    const FiscAccount *account; /* of the nation the balances were loaded with */
    int flow;                   /* FiscFlow */
    int kind;
    const char *dim[FISC_DIM_COUNT]; /* never NULL: "" = not given */
} FiscCoding;

typedef struct {
    const FiscCoding *coding;
    FiscPeriod period;
    int64_t debit; /* turnovers, both >= 0 */
    int64_t credit;
} FiscBalance;

typedef struct {
    int64_t batch_no;   /* the batch these sums are exact at */
    GPtrArray *codings; /* of FiscCoding; owned */
    GArray *rows;       /* of FiscBalance */
    GStringChunk *chunk;
} FiscBalances;

FiscBalances *fisc_balances_new(void);
void fisc_balances_free(FiscBalances *balances);

/* Which rows are of which entity, for who asks about one entity after the other. It holds as long
 * as the balances stay as they were. */
typedef struct {
    GHashTable *rows; /* entity code -> GArray of guint */
} FiscBalancesIndex;

FiscBalancesIndex *fisc_balances_index_new(const FiscBalances *balances);
void fisc_balances_index_free(FiscBalancesIndex *index);
/** Interns a string; NULL becomes "". */
const char *fisc_balances_text(FiscBalances *balances, const char *text);

/* One line of a posted entry, with its entry's words: what drill-down and eliminations list. */
typedef struct {
    int64_t entry_id;
    int line_no;
    FiscCoding coding;
    FiscPeriod period;
    FiscDate effective;
    int64_t amount;
    const char *reference;
    const char *document;
    const char *source;
    const char *memo;
    const char *item;     /* the open item it names; NULL = none */
    const char *currency; /* of the entry's foreign amounts; NULL = none */
    int64_t foreign;
    /* of fisc_limit_lines_load(); else 0 and NULL */
    int64_t batch_no;
    const char *posted_at; /* "2024-06-30 12:00", UTC */
    const char *maker;
    bool reverses;        /* the exact reversal of another entry */
    const char *transfer; /* id shared with the other side; of walk "transfers" only; NULL = none */
    int64_t corrects;     /* likewise: the entry that this one corrects; 0 = none */
    const char *approvers; /* of fisc_layer_lines_load(): of its document; NULL = none */
} FiscPostedLine;

typedef struct {
    GArray *rows; /* of FiscPostedLine, in order of entry and line */
    GStringChunk *chunk;
} FiscPostedLines;

FiscPostedLines *fisc_posted_lines_new(void);
void fisc_posted_lines_free(FiscPostedLines *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBalances, fisc_balances_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBalancesIndex, fisc_balances_index_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPostedLines, fisc_posted_lines_free)

#endif
