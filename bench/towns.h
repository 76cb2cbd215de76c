/* towns.h: many local governments that keep books of their own, in charts of their own, and drop a
 * trial balance each month; everything follows from the seed. What they say is written once more as
 * one package, which loads the same entries in bulk. */
#ifndef FISC_BENCH_TOWNS_H
#define FISC_BENCH_TOWNS_H

#include "fisc/error.h"
#include <stdint.h>

#define FISC_BENCH_TOWNS_GROUP "GG"
#define FISC_BENCH_TOWNS_YEAR 2024
#define FISC_BENCH_DIALECTS 3 /* systems that towns use: layouts and schemes of codes */
#define FISC_BENCH_TOWN_CODE 8

typedef struct {
    uint64_t seed;
    int towns;
    int months;
} FiscBenchTowns;

/** "L0001" of the town with the number 1. */
void fisc_bench_town_code(int number, char out_code[FISC_BENCH_TOWN_CODE]);
/** How many entries their books have altogether. */
int64_t fisc_bench_towns_entries(const FiscBenchTowns *towns);
/** Writes below @folder, which is there:
 *    nation/        a package: the towns, their group, the reports that are due
 *    feeders.csv    the towns as feeders; the first of each dialect has its map
 *    map-N/         the map of dialect N, from 1; that of the feeder of town N
 *    drop/TOWN/     twelve trial balances or fewer, 2024-01.csv
 *    bulk/          a package: the same entries as journals */
bool fisc_bench_towns_write(const FiscBenchTowns *towns, const char *folder, GError **error);
/** Removes a folder with all that is in it. */
void fisc_bench_remove_tree(const char *folder);

#endif
