/* transfer.h: the two units' entries of one grant, matched: what arrived, what is under way. Pure.
 *
 * By the id that both entries carry (FiscEntry.transfer), else by amount, days and words, with a
 * score: docs/transfers.md. Grants are what consolidation compares: 263 here, 133 there. */
#ifndef FISC_TRANSFER_H
#define FISC_TRANSFER_H

#include "fisc/balances.h"
#include "fisc/table.h"

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances; /* up to @to, of all that may be seen */
    const FiscPostedLines *lines; /* on fisc_transfers_codings(), from fisc_transfers_since() on */
    const char *unit;             /* a group: what passes inside it, NULL = the widest; an entity:
                                     what it gives and gets */
    FiscPeriod from, to;
    FiscDate at;      /* the day up to which age is counted; 0 = the last of @to */
    GHashTable *seen; /* codes of the entities whose books may be seen; NULL = all */
} FiscTransferQuery;

/** Columns transfer,payer,receiver,kind,payer_amount,receiver_amount,difference,state,score,owner,
 *  since,days,payer_entries,receiver_entries: what was recorded in the period, and what was not
 * even at its end, the latter first. State: "in transit", "differs", "received only", "ambiguous",
 *  "one side" (the other's books may not be seen), "matched". Notes: sums by state, and that what
 * is open at the end is what was open at the beginning and the asymmetry of the period. NOT_FOUND
 * when the unit is unknown. */
bool
fisc_statement_transfers(const FiscTransferQuery *query, FiscTable **out_table, GError **error);

/** What is to be read for it; @query->lines are not needed. The codings, of int32_t, that caller
 *  unrefs, and the first period of which lines count: behind the last month before @from at whose
 *  end the two sides were even. */
bool fisc_transfers_wanted(const FiscTransferQuery *query, GArray **out_coding_ids,
                           FiscPeriod *out_since, GError **error);

#endif
