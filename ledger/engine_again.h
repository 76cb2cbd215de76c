/* engine_again.h: entries on record decided again, under other rules than they were posted under.
 *
 * engine_replay.h asks whether the log is what the engine had to write; this one asks what would
 * have become of it. It is fed a log item by item, with the rules that shall hold instead of those
 * on record, and says of each entry whether its funds suffice and whether a virement is allowed.
 * Persons, documents and open periods are not asked again: they were there. */
#ifndef FISC_LEDGER_ENGINE_AGAIN_H
#define FISC_LEDGER_ENGINE_AGAIN_H

#include "ledger/engine.h"

typedef struct _FiscAgain FiscAgain;

/* A line of an entry on record, or one that is added to it. */
typedef struct {
    int32_t account_id, flow, kind;
    const char *dim[FISC_DIM_COUNT]; /* "" = none */
    int64_t amount;
    bool if_budgeted; /* left out where no control keeps a record of its key */
} FiscAgainLine;

typedef struct {
    const char *reference;
    int entity_id;
    FiscPeriod period;
    FiscDate effective;
    bool reverses;
    const FiscAgainLine *lines; /* without what a cover pool drew: that is drawn again */
    guint count;
} FiscAgainEntry;

FiscAgain *fisc_again_new(int book_id);
void fisc_again_free(FiscAgain *again); /* NULL does nothing */
/** Takes an event, a rule or master data, as it is. */
void fisc_again_event(FiscAgain *again, const char *kind, const char *subject, int number,
                      char *const *fields, int count);
/** The time of the batch that the next items are of: overrides expire by it. */
void fisc_again_time(FiscAgain *again, int64_t posted_at_us);
/** Takes an entry without asking. */
void fisc_again_take(FiscAgain *again, const FiscAgainEntry *entry);
/** Decides an entry: true when it is accepted, then it is taken, perhaps with @warnings. Else
 * @refusals say why, and nothing is taken. Refusals carry control, key, amounts and article. */
bool fisc_again_decide(FiscAgain *again, const FiscAgainEntry *entry, FiscRefusals *refusals,
                       FiscRefusals *warnings);

typedef enum { FISC_AGAIN_UNKNOWN, FISC_AGAIN_ACCEPTED, FISC_AGAIN_REFUSED } FiscAgainAnswer;
/** Whether a control would let a request pass now that it has refused on record: UNKNOWN when there
 * is no such control or key any more. */
FiscAgainAnswer fisc_again_ask(FiscAgain *again, const char *control, const char *key,
                               int64_t requested, int64_t *out_shortfall);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscAgain, fisc_again_free)

#endif
