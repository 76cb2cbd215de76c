/* replay.h: what `fisc verify --full` would say of a batch: nothing. */
#ifndef FISC_SIM_REPLAY_H
#define FISC_SIM_REPLAY_H

#include "ledger/engine_replay.h"

/** Decides the items of a committed batch again, in order. Appends a line for every objection. */
void sim_replay_batch(FiscReplay *replay, const FiscBatch *batch, GString *objections);

#endif
