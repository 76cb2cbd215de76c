/* fiscal_event.h: fiscal events that a publisher of iFIX (India) sends to us as it would to an
 * iFIX: what is taken of a message, and what becomes of each event. docs/integrations.md,
 * decision 31. */
#ifndef FISC_FISCAL_EVENT_H
#define FISC_FISCAL_EVENT_H

#include "fisc/context.h"
#include "fisc/refusal.h"

#define FISC_EVENTS_MAX 1000 /* of a message */

typedef struct {
    char *id; /* of the form of a UUID: the same for the same event, however often it comes */
    char *tenant, *type, *reference;
    char *document; /* under which it is kept */
    char *sha256;   /* of its own bytes */
    bool is_known;  /* it had been taken before, in these words */
} FiscPublishedEvent;
void fisc_published_event_free(FiscPublishedEvent *event);

/* A message whose events were taken. The texts are "" where it does not say. */
typedef struct {
    char *message, *version, *correlation, *time;
    GPtrArray *events; /* of FiscPublishedEvent, in their order */
} FiscPublishedEvents;
void fisc_published_events_free(FiscPublishedEvents *events);

/** Keeps each event of a message as a document of its own, for the next pull: all of them or none.
 * Refusals name the place in the message, "/fiscalEvent/3/amountDetails/0/amount"; *out_events
 * stays NULL with them. NOT_FOUND: there is no such feeder for who asks; DENIED: it is not he who
 * publishes for it. */
bool
fisc_flow_events_take(FiscContext *ctx, const char *feeder, GBytes *message,
                      FiscPublishedEvents **out_events, FiscRefusals *refusals, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPublishedEvent, fisc_published_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPublishedEvents, fisc_published_events_free)

#endif
