/* remedy_search.h: money looked for among the lines of a budget: shared by the file that searches
 * (remedy_search.c) and the one that makes remedies of what was found (remedy.c). */
#ifndef FISC_BUDGET_REMEDY_SEARCH_H
#define FISC_BUDGET_REMEDY_SEARCH_H

#include "fisc/budget.h"

/* What a key has left, once the refused entry is paid, and what it lacks. */
typedef struct {
    const FiscKeyPosition *key;
    const FiscRefusal *refusal; /* NULL: it does not refuse */
    int64_t left;
    int64_t shortfall; /* still to be found */
} FiscKeyNeed;

/* One line gives to another. */
typedef struct {
    const FiscLinePosition *from, *to;
    int64_t amount;
    const FiscRulePosition *rule; /* NULL: virements are free */
} FiscTransfer;

typedef struct {
    const FiscBudgetPosition *position;
    GHashTable *barred; /* of FiscLinePosition: do not give; or NULL */
    GHashTable *needs;  /* FiscKeyPosition -> FiscKeyNeed */
    GHashTable *rooms;  /* FiscCapPosition -> int64_t: what may still leave */
    GPtrArray *failing; /* of FiscKeyNeed: those that refuse, in the order of the refusals */
    bool is_strange;    /* something refuses that is no key of a budget line */
    bool is_cut;        /* it would have taken more transfers than anybody wants */
} FiscRemedySearch;

/** Begins a search, with nothing found yet. */
FiscRemedySearch *fisc_remedy_search_new(const FiscBudgetPosition *position,
                                         const FiscRefusals *refusals, GHashTable *barred);
void fisc_remedy_search_free(FiscRemedySearch *search);
FiscKeyNeed *fisc_remedy_search_need(const FiscRemedySearch *search, const FiscKeyPosition *key);
/** The key of a control by its text, with or without a year or a window; NULL when no line falls
 * under it. */
FiscKeyNeed *
fisc_remedy_search_find(const FiscRemedySearch *search, const char *control, const char *key);
bool fisc_line_has_key(const FiscLinePosition *line, const FiscKeyPosition *key);
/** True when the search finds transfers whenever there are any: one line lacks funds, and keys and
 * caps lie inside one another or apart, but never cross. */
bool fisc_remedy_search_is_exact(const FiscRemedySearch *search);
/** Finds transfers that cover what the failing keys lack, but not those that releases limit, by
 * rules that ask for at most so many approvals. Few of them, from lines that can give much. False
 * when there is not enough; then the search is spoilt. */
bool
fisc_remedy_search_transfers(FiscRemedySearch *search, int approvals_max, GArray *out_transfers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRemedySearch, fisc_remedy_search_free)

#endif
