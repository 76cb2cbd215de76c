/* generator.h: what a random nation does next.
 *
 * The generator looks at the model to be interesting (it repeats references that exist, closes
 * periods that are open, corrects what was posted), but what it asks for may be anything, wrong
 * things included. */
#ifndef FISC_SIM_GENERATOR_H
#define FISC_SIM_GENERATOR_H

#include "tests/sim/model.h"
#include "tests/sim/random.h"

typedef struct {
    SimRandom random;
    int entities;       /* of the vocabulary, that this nation begins with */
    int years;          /* from 2024 on: 1 or 2 */
    int amount_max;     /* of a move: small against appropriations, or large */
    int control_events; /* per cent of units that change a control in mid-stream */
    bool has_huge;      /* amounts near the largest sum */
    int next_reference;
    GArray *pending; /* of SimEvent: the nation's beginning, still to be told */
} SimGenerator;

/** Chooses a nation. */
void sim_generator_init(SimGenerator *generator, uint64_t seed);
void sim_generator_clear(SimGenerator *generator);
void sim_generate(SimGenerator *generator, const SimModel *model, SimUnit *out_unit);

#endif
