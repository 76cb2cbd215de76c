/* propose.h: what the files of proposals share. Private to app/flows.
 *
 *   propose.c      the walk: what is unknown, what is known, who said it before
 *   propose_map.c  a map taken apart: which codes its profiles look up, in which table
 *   propose_history.c what was said of a code before
 *   propose_read.c the documents there are, for their codes and titles
 *   propose_told.c proposals as a table, and as rows for a table of the map */
#ifndef FISC_FLOWS_PROPOSE_H
#define FISC_FLOWS_PROPOSE_H

#include "app/flows/intake.h"
#include "fisc/csv.h"
#include "integrations/propose.h"

/* Only rows whose column holds one of the words count. */
typedef struct {
    char *column;
    char **words;
} FiscRuleScope;

/* How codes become something: what a value of a profile says of its table. Values that say the same
 * are one rule. */
typedef struct {
    char *path;   /* of the table, from the folder: "../maps/x.csv" */
    char *table;  /* its name */
    char *prefix; /* columns of it */
    char *result;
    GPtrArray *scopes; /* of FiscRuleScope */
    char *suspense;    /* where codes that it does not know stand; NULL: nowhere */
    bool may_be_missing;
    GHashTable *places; /* set of "file:value" */
    FiscCsv *rows;      /* the table; NULL: it cannot be read */
} FiscMapRule;

/** The rules of a packed map; of FiscMapRule. What cannot be understood is left out: whoever reads
 * the map tells that. */
GPtrArray *fisc_map_rules(GBytes *packed);
bool fisc_map_rule_holds(const FiscMapRule *rule, const FiscCsvRow *row);
/** Whether both speak of the same result, within scopes that have words in common. */
bool fisc_map_rules_meet(const FiscMapRule *one, const FiscMapRule *other);
/** The row with the longest prefix of a code; -1: none. */
int fisc_map_rule_find(const FiscMapRule *rule, const char *code);
/** What a row says in words: its columns that are neither prefix nor result nor scope nor note.
 * Caller frees. */
char *fisc_map_rule_title(const FiscMapRule *rule, const FiscCsvRow *row);

/* A code that a rule does not know. */
typedef struct {
    const FiscMapRule *rule;
    char *place; /* "gastos.csv:gfs" */
    char *code, *title, *since;
    int64_t rows;
    __int128 amount;      /* in suspense */
    GPtrArray *proposals; /* of FiscProposal */
} FiscUnknown;

/* What proposals are made of. */
typedef struct {
    FiscContext *ctx;
    FiscMasterCopy *masters;
    FiscFeeder *feeder;
    const char *owner; /* whose map it is */
    GBytes *map;
    GPtrArray *rules;   /* of FiscMapRule */
    GPtrArray *lookups; /* of FiscLookup: the codes of the documents */
    GPtrArray *unknown; /* of FiscUnknown */
} FiscProposing;

/* propose_history.c */
typedef struct {
    GPtrArray *others; /* other maps */
    FiscRows *moves;   /* of intake.moved */
} FiscProposeHistory;
bool fisc_propose_history_load(const FiscProposing *proposing, FiscProposeHistory *history,
                               GError **error);
/** Adds what was said of the code. */
void fisc_propose_history_add(const FiscProposeHistory *history, FiscProposer *proposer,
                              const FiscUnknown *unknown);
void fisc_propose_history_clear(FiscProposeHistory *history);

/** propose_read.c: fills @lookups. */
bool fisc_propose_read(FiscProposing *proposing, const FiscRows *suspense, GError **error);
/** propose_told.c */
FiscTable *fisc_propose_table(const FiscProposing *proposing, const char *table);
/** Rows for the one table that has proposals, or for @table. NOT_FOUND, or USAGE when there are
 * several. */
bool fisc_propose_rows(const FiscProposing *proposing, const char *table, char **out_csv,
                       GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscProposeHistory, fisc_propose_history_clear)

#endif
