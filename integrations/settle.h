/* settle.h: what has to be posted and reversed so that the books say what a source says now. Pure.
 *
 * The ledger is the only memory: what a feeder has posted is known by its references. An entry is
 * posted under the name that its source gives it; when the source says it differently, that one is
 * reversed and the entry is posted again under NAME@2. So the same documents read again, by the
 * same map or by another, end in the same books, however often, and after any interruption. */
#ifndef FISC_INTEGRATIONS_SETTLE_H
#define FISC_INTEGRATIONS_SETTLE_H

#include "fisc/entry.h"

/* What is on record under one reference, in the order it was posted. */
typedef struct {
    char *reference;
    FiscPeriod period;
    uint8_t digest[32];
} FiscPostedReference;
void fisc_posted_reference_clear(gpointer data);

typedef struct {
    GPtrArray *reversed; /* of char *: references of what is to be reversed, newest first */
    int posted;          /* entries left in the submission: those that are to be posted */
    int unchanged;
    int restated; /* posted in another period than their date's, which is no longer open */
} FiscSettlement;

/** Which period takes an entry that belongs to @period: itself while it is open, else the next that
 * is; 0: none. */
typedef FiscPeriod (*FiscOpenPeriod)(FiscPeriod period, gpointer data);

/** Leaves in @wanted what has to be posted, under the names it gets, and tells what has to be
 * reversed. @posted: of FiscPostedReference. Where a period is closed, what is new goes to the next
 * open one with its own date. */
void fisc_settle(FiscSubmission *wanted, const GArray *posted, FiscOpenPeriod open_period,
                 gpointer data, FiscSettlement *out_settlement);
void fisc_settlement_clear(FiscSettlement *settlement);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscSettlement, fisc_settlement_clear)

#endif
