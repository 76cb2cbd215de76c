/* ifix.h: fiscal events of iFIX, India's fiscal information exchange (decision 31): what one says,
 * and by what two are the same. Private to integrations/, the walk that takes published events and
 * its tests.
 *
 * iFIX gives every copy of an event that it is sent an id of its own. Here an event is known by
 * what its source calls it: tenant, kind and reference. */
#ifndef FISC_INTEGRATIONS_IFIX_H
#define FISC_INTEGRATIONS_IFIX_H

#include "fisc/refusal.h"
#include "integrations/json_text.h"

#define FISC_IFIX_ID_TEXT 37
#define FISC_IFIX_AMOUNTS_MAX 1000
#define FISC_IFIX_PUBLISHED "ifix:" /* `at` of a feeder whose events are published to us */

typedef struct {
    json_t *value;                               /* borrowed; numbers are texts in it */
    const char *tenant, *type, *reference;       /* type: in capitals */
    const char *linked_event, *linked_reference; /* ""; what it follows */
    char id[FISC_IFIX_ID_TEXT];
    int64_t event_ms;
    int64_t ingestion_ms; /* 0: it does not say */
} FiscIfixEvent;

/** Reads an event; each fault is a refusal whose field is @pointer and where below it. False with
 * refusals. The texts of *out_event are borrowed from @value. */
bool fisc_ifix_event_read(json_t *value, const char *document, const char *pointer,
                          FiscIfixEvent *out_event, FiscRefusals *refusals);
/** The document that it is: "RECEIPT-R-17.json". Caller frees. */
char *fisc_ifix_document(const FiscIfixEvent *event);
/** SHA-256 of what it says, in whatever order; what iFIX adds to each copy counts when @is_copy.
 * Caller frees. */
char *fisc_ifix_digest(const FiscIfixEvent *event, bool is_copy);
/** Its amounts, each once and in one order: iFIX repeats them for each receiver. Caller unrefs. */
json_t *fisc_ifix_amounts(const FiscIfixEvent *event);

/** Minutes by which days begin before those of UTC: "+05:30", which NULL stands for, too. */
bool fisc_ifix_zone(const char *text, int *out_minutes);
/** The day of a time in a zone. */
FiscDate fisc_ifix_day(int64_t ms, int zone_minutes);
/** A whole number of milliseconds since 1970, to the year 2199. */
bool fisc_ifix_time(const char *text, int64_t *out_ms);

#endif
