/* random.c: splitmix64, by Sebastiano Vigna: tiny, good enough, and no library may change it. */
#include "tests/sim/random.h"

SimRandom
sim_random_new(uint64_t seed)
{
    return (SimRandom){seed};
}

uint64_t
sim_random_next(SimRandom *random)
{
    uint64_t word = random->state += 0x9e3779b97f4a7c15u;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

int
sim_random_below(SimRandom *random, int count)
{
    return (int)(sim_random_next(random) % (uint64_t)count);
}

int
sim_random_between(SimRandom *random, int low, int high)
{
    return low + sim_random_below(random, high - low + 1);
}

bool
sim_random_chance(SimRandom *random, int percent)
{
    return sim_random_below(random, 100) < percent;
}
