/* engine_replay.h: decides a log again: what the engine would have said to each item, in chain
 * order, with the master data, the periods and the controls that were in force then. */
#ifndef FISC_LEDGER_ENGINE_REPLAY_H
#define FISC_LEDGER_ENGINE_REPLAY_H

#include "ledger/engine.h"

typedef struct _FiscReplay FiscReplay;

FiscReplay *fisc_replay_new(int book_id);
void fisc_replay_free(FiscReplay *replay); /* NULL does nothing */

/** The time of the batch that the next items are of: overrides and reservations expire by it. */
void fisc_replay_time(FiscReplay *replay, int64_t posted_at_us);

/* Each appends what the engine would have objected to, and then takes the item as it is: one wrong
 * item must not make all later ones look wrong. Numbers out of range are objected to and left out.
 */
void fisc_replay_event(FiscReplay *replay, const FiscEvent *event, int number, int maker,
                       FiscRefusals *objections);
void
fisc_replay_coding(FiscReplay *replay, const FiscDecidedCoding *coding, FiscRefusals *objections);
void fisc_replay_entry(FiscReplay *replay, const FiscDecidedEntry *entry, FiscRefusals *objections);
/** @refusal: its reasons as recorded. An objection says what follows from the log instead. */
void fisc_replay_refusal(FiscReplay *replay, const FiscDecidedRefusal *refusal,
                         FiscRefusals *objections);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscReplay, fisc_replay_free)

#endif
