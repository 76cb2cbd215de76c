/* law_walk.h: the log on its way through the two engines of law_replay.c. */
#ifndef FISC_BUDGET_LAW_WALK_H
#define FISC_BUDGET_LAW_WALK_H

#include "fisc/budget.h"
#include "fisc/law.h"
#include "ledger/engine_again.h"
#include "ledger/verify_rows.h"

typedef struct {
    FiscTx *tx;
    int book_id;
    const FiscNation *nation;
    const FiscLawReplayQuery *query;
    FiscLawReplay *replay;
    /* filled by fisc_law_walk() */
    FiscAgain *then; /* with the rules on record */
    FiscAgain *now;  /* with those of the law */
    bool has_law;
    FiscBudgetView *view;     /* what the law controls */
    GPtrArray *entity_codes;  /* number - 1 -> code */
    GPtrArray *account_codes; /* likewise */
    GHashTable *account_numbers;
    GArray *codings;       /* number - 1 -> FiscLogCoding, its words in @chunk */
    GArray *lines;         /* of FiscAgainLine: of the entry at hand */
    GArray *planned;       /* likewise, with those the law adds */
    FiscSubmission *words; /* of the entry that is planned */
    GStringChunk *chunk;
    GHashTable *items;          /* "entity item" that accepted entries have opened */
    GHashTable *fallen_items;   /* -> reference of the entry that was left out */
    GHashTable *fallen_entries; /* int64_t -> likewise */
} FiscLawWalk;

/** Reads the whole log, and hands its items on. */
bool fisc_law_walk(FiscLawWalk *walk, GError **error);
/** From now on the rules of the law hold; once. */
void fisc_law_walk_take_law(FiscLawWalk *walk);
/** "" for a number that is none. */
const char *fisc_law_walk_entity(const FiscLawWalk *walk, int number);
/** An entry of the log as it was decided, without what a cover pool drew. Its lines are the walk's.
 */
void fisc_law_walk_words(FiscLawWalk *walk, const FiscLogEntry *log, FiscAgainEntry *out_entry);
/** Adds the budgetary lines that the law asks for, where the entry had none. True when it did. */
bool fisc_law_walk_plan(FiscLawWalk *walk, const FiscLogEntry *log, FiscAgainEntry *entry);

/* law_replay.c */
void fisc_law_walk_take_entry(FiscLawWalk *walk, const FiscLogEntry *log);
void fisc_law_walk_take_refusal(FiscLawWalk *walk, const FiscLogRefusal *log);

#endif
