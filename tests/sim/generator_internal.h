/* generator_internal.h: what the files of the generator share. */
#ifndef FISC_SIM_GENERATOR_INTERNAL_H
#define FISC_SIM_GENERATOR_INTERNAL_H

#include "tests/sim/generator.h"

#define SIM_FIRST_YEAR 2024
#define SIM_MONTHS 5 /* of each year are in use, with the opening and the adjustment period */

/* A unit in the making. */
typedef struct {
    SimGenerator *generator;
    const SimModel *model;
    SimUnit *unit;
} SimMaking;

/* generator.c */
bool sim_chance(SimMaking *making, int percent);
int sim_below(SimMaking *making, int count);
int64_t sim_any_amount(SimMaking *making);
void sim_choose_dims(SimMaking *making, int *dim);
SimLine *sim_add_line(SimEntry *entry, int account, int64_t amount);
/** Two lines, from one stage to another; returns that on @to. */
SimLine *
sim_add_move(SimEntry *entry, FiscStage from, FiscStage to, int64_t amount, const int *dim);

/* generate_event.c */
/** What a nation begins with. */
void sim_plan_beginning(SimGenerator *generator);
void sim_make_event(SimMaking *making, SimEvent *event);
/** An override or a cover pool, mostly for the key that was exceeded last. */
void sim_make_help_event(SimMaking *making, SimEvent *event);

/* generate_item.c */
/** An entry about open items: opens, relieves, cancels, revalues, pays, reverses. */
void sim_make_item_entry(SimMaking *making, SimEntry *entry);

#endif
