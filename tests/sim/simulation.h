/* simulation.h: one random nation after the other, the engine against the model. */
#ifndef FISC_SIM_SIMULATION_H
#define FISC_SIM_SIMULATION_H

#include "tests/sim/model.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_NATION_OPERATIONS 400 /* how long a nation lives */

typedef struct {
    int64_t operations; /* entries and events decided and compared */
    int64_t nations, batches, undone, landed, crashed, restored, followed, funds_compared;
    int64_t posted, repeated, conflicts, refused, funds_refusals, warnings, groups;
    int64_t item_lines, given_back;    /* lines that name an open item; entries with relief */
    int64_t by_code[FISC_ERROR_COUNT]; /* refusals and warnings of every kind, agreed on */
} SimStatistics;

/** Runs the nation of a seed for @operations. False at the first difference, with a story that
 * names the seed and ends with the last submissions. @mistake: of the model, on purpose. Adds to
 * @statistics. */
bool sim_run_nation(uint64_t seed, int64_t operations, SimMistake mistake,
                    SimStatistics *statistics, char **out_story);
/** Runs nations from @seed on until @operations are done. */
bool sim_run(uint64_t seed, int64_t operations, SimStatistics *statistics, char **out_story);

#endif
