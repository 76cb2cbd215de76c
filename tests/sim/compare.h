/* compare.h: one simulated nation at work, and the comparisons between its engine and its model. */
#ifndef FISC_SIM_COMPARE_H
#define FISC_SIM_COMPARE_H

#include "tests/sim/generator.h"
#include "tests/sim/record.h"
#include "tests/sim/replay.h"
#include "tests/sim/simulation.h"

typedef struct {
    SimUnit unit;
    FiscSubmission *submission;
    bool is_each; /* every entry on its own, as importers do */
} Request;

typedef struct {
    SimGenerator generator;
    SimModel *model;
    SimRecord *record;
    FiscEngine *engine;
    FiscEngine *follower; /* another process: behind, and catching up now and then */
    FiscReplay *replay;   /* the auditor: decides everything again */
    GPtrArray *requests;  /* of Request: of the batch at work */
    GQueue told;          /* of char *: the last submissions */
    GString *difference;
    SimStatistics *statistics;
    int64_t operations, batches; /* of this nation: what happens depends on nothing else */
} Simulation;

/** Tells a difference: the run ends. */
void sim_differ(Simulation *simulation, const char *format, ...) G_GNUC_PRINTF(2, 3);
bool sim_is_good(const Simulation *simulation);
/** What a group was answered. */
void sim_compare_answer(Simulation *simulation, bool is_engine_good, const FiscReceipt *receipt,
                        const SimAnswer *answer);
/** What is about to be written. */
void sim_compare_batch(Simulation *simulation, const FiscBatch *batch);
/** What every key holds. @who says whose answer it is. */
void sim_compare_funds(Simulation *simulation, FiscEngine *engine, const char *who);

#endif
