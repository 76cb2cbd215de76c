/* engine_hold.h: what an auditor holds: asked by the files of the engine that decide. */
#ifndef FISC_LEDGER_ENGINE_HOLD_H
#define FISC_LEDGER_ENGINE_HOLD_H

#include "ledger/engine_internal.h"

/** An empty list of holds in force. */
GPtrArray *fisc_engine_hold_list(void);
void fisc_engine_set_hold(FiscEngine *engine, const FiscMaster *master);
void fisc_engine_remove_hold(FiscEngine *engine, const FiscMaster *master);

/** What an event of a hold must obey, whoever may make it; @old is NULL when it is placed. False
 * with a refusal. */
bool fisc_engine_check_hold(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
                            int actor, FiscRefusals *refusals);
bool fisc_engine_check_hold_rule(const FiscEngine *engine, const FiscEvent *event,
                                 FiscRefusals *refusals);
/** The right that it takes to place or release it; without a person. Borrows of the event. */
FiscAct fisc_engine_hold_act(const FiscEngine *engine, const FiscEvent *event);

/** Refuses an entry that touches what is held: a refusal for each hold. */
void fisc_engine_judge_holds(FiscDecision *decision);
/** The same of an entry on record; before it is folded. */
void fisc_engine_object_holds(const FiscEngine *engine, const FiscDecidedEntry *entry,
                              FiscRefusals *objections);
/** Whether a document may go on: it is not held, nor its entity. False with refusals. */
bool fisc_engine_check_held_document(const FiscEngine *engine, const char *document,
                                     const char *entity, FiscRefusals *refusals);
/** The same of an event that gives money or lets it be spent. */
bool fisc_engine_check_held_event(const FiscEngine *engine, const FiscEvent *event,
                                  FiscRefusals *refusals);

#endif
