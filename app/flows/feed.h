/* feed.h: documents about what a feeder brings, where duties are enforced: one for each run. Its
 * content is kept as a text under a digest, the document names it, and the approval signs what it
 * comes to. docs/decisions/0030-feeds-approved.md. Private to app/flows. */
#ifndef FISC_FLOWS_FEED_H
#define FISC_FLOWS_FEED_H

#include "app/flows/enact.h"
#include "app/flows/intake.h"
#include "fisc/ledger.h"

#define FISC_FEED "feed" /* the action, and the key of the reference */

/** What the content of a run was made from: a digest of the map, the versions of the documents,
 * what the books had of the part, and which months of @from to @to took entries. Caller frees. */
char *fisc_feed_basis(const uint8_t map[32], const GArray *deliveries, const GArray *posted,
                      const GArray *periods, FiscPeriod from, FiscPeriod to);
/** The next open period for an entry of @period, itself while it is open; 0: none. Of a year that
 * the book has never heard of every period is. @periods: of FiscPeriodState. */
FiscPeriod fisc_feed_open_period(const GArray *periods, FiscPeriod period);

bool fisc_feed_is_feed(const FiscDocument *document);
/** Whether the run would still post what the document says: refused with DOCUMENT_CHANGED when
 * there is a newer version, another map, or the books have changed since. */
bool fisc_feed_check(FiscContext *ctx, const FiscNation *nation, const FiscDocument *document,
                     FiscRefusals *refusals, GError **error);
/** Writes down of the run what its document has become; nothing while it waits. With @key (or NULL)
 * and @acknowledges its source is told. */
bool fisc_feed_close(FiscContext *ctx, const FiscDocument *document, bool acknowledges,
                     const FiscSignKey *key, GError **error);
/* feed_totals.c */
/** What a content comes to: columns entity,side,lines,more,less,amount, as
 * fisc_flow_content_totals() has them; a side is an account, debits are more. */
FiscTable *fisc_feed_totals(const FiscSubmission *content, const FiscNation *nation);

/* feed_content.c */
/** Events and entries as text, with all their words. Caller frees. */
char *fisc_feed_content_write(const FiscSubmission *content);
/** Adds what such a text says. */
bool fisc_feed_content_read(FiscSubmission *into, const char *text, gsize length, GError **error);

#endif
