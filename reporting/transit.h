/* transit.h: what consolidation leaves behind while two records of one dealing differ.
 *
 * Each side's own record is left out, so a difference stays in the balancing items: it is shown,
 * with its owner, and never spread (convention 15; rule R26; GFSM 2014, 3.166). */
#ifndef FISC_TRANSIT_H
#define FISC_TRANSIT_H

#include "fisc/balances.h"
#include "fisc/table.h"
#include "reporting/perimeter.h"

/* The balancing items of which the units' sum is the consolidated figure and what is in transit.
 * X(NAME, as printed, statement it stands in) */
#define FISC_TRANSIT_ITEMS(X)                                                                      \
    X(NOB, "NOB", "SOO")                                                                           \
    X(NLB, "NLB", "SOO")                                                                           \
    X(DISCREPANCY, "NLBz", "SOO")                                                                  \
    X(CSD, "CSD", "SSUC")                                                                          \
    X(GAINS, "4", "SOEF")                                                                          \
    X(VOLUME, "5", "SOEF")                                                                         \
    X(OPENING, "opening 6", "BS_OPEN")                                                             \
    X(CLOSING, "closing 6", "BS_CLOSE")

typedef enum {
#define X(name, printed, statement) FISC_TRANSIT_##name,
    FISC_TRANSIT_ITEMS(X)
#undef X
        FISC_TRANSIT_ITEM_COUNT
} FiscTransitItem;

typedef struct _FiscTransit FiscTransit;

FiscTransit *fisc_transit_new(const FiscPerimeter *perimeter);
void fisc_transit_free(FiscTransit *transit);
/** Takes what elimination left out of one coding of GFS code @code: its stock at the beginning
 *  (0 for revenue and expense) and its flow, debits positive. */
void fisc_transit_add(FiscTransit *transit, const FiscCoding *coding, const char *code,
                      __int128 opening, __int128 flow);
/** The same for the row that a cash line, debit positive, had in the cash statement. */
void fisc_transit_add_cash(FiscTransit *transit, const FiscCoding *coding, __int128 cash);
/** Sum over units less consolidated. */
__int128 fisc_transit_total(const FiscTransit *transit, FiscTransitItem item);
/** What is to be said at the head of @statement, as texts: every pair that differs, and the totals
 *  of its items. Empty when nothing differs. Caller unrefs. */
GPtrArray *fisc_transit_notes(const FiscTransit *transit, const char *statement);
/** What is to be said right below the row @code of @statement: for what is left when cash that one
 *  unit paid was not collected by the other (SOO NLBz, SSUC CSD), how much and between whom. NULL
 *  for other rows and when nothing is. Caller frees. */
char *fisc_transit_explain(const FiscTransit *transit, const char *statement, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTransit, fisc_transit_free)

#endif
