/* random.h: numbers that one seed decides, the same on every machine. */
#ifndef FISC_SIM_RANDOM_H
#define FISC_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} SimRandom;

SimRandom sim_random_new(uint64_t seed);
uint64_t sim_random_next(SimRandom *random);
/** 0 .. count - 1. */
int sim_random_below(SimRandom *random, int count);
/** From @low to @high, both included. */
int sim_random_between(SimRandom *random, int low, int high);
/** True @percent times of a hundred. */
bool sim_random_chance(SimRandom *random, int percent);

#endif
