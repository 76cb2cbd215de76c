/* record.h: what the database would hold of a simulated book: its batches' items, and nothing the
 * engine keeps for itself. A fresh engine is restored from it, as a new process would be. */
#ifndef FISC_SIM_RECORD_H
#define FISC_SIM_RECORD_H

#include "ledger/engine.h"

typedef struct {
    int entity_id, account_id, flow, kind;
    const char *dim[FISC_DIM_COUNT];
} SimCoding;

typedef struct _SimRecord SimRecord;

SimRecord *sim_record_new(void);
void sim_record_free(SimRecord *record);
/** Keeps a batch that was committed. */
void sim_record_add(SimRecord *record, const FiscBatch *batch);
/** What is on record under the references of a submission, corrected ones too; adds to @known. */
void sim_record_find(const SimRecord *record, const FiscSubmission *submission, GHashTable *known);
const SimCoding *sim_record_coding(const SimRecord *record, int coding_id);
/** A new engine from totals up to @checkpoint entries and the lines after them. */
FiscEngine *sim_record_restore(const SimRecord *record, int64_t checkpoint);
/** Brings an engine that was at an earlier batch up to the head. */
void sim_record_catch_up(const SimRecord *record, FiscEngine *engine);
int64_t sim_record_entries(const SimRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimRecord, sim_record_free)

#endif
