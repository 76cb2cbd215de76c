/* bench.h: `fisc bench`: the figures of docs/performance.md, measured again on this machine.
 *
 * A bench makes its own data and its own temporary database beside the one it is given, measures
 * fisc and its peers in interleaved rounds, checks what everybody wrote, and drops the database.
 * Only ratios of one run mean something elsewhere; the absolute figures stand beside them. */
#ifndef FISC_BENCH_H
#define FISC_BENCH_H

#include "bench/result.h"

typedef struct {
    const char *server_uri; /* a superuser's; the temporary database is made on that server */
    const char *program;    /* path of fisc itself, for measures that begin with a process */
    int seconds;            /* of each measure */
    int rounds;
    int clients;     /* submitters at once */
    int64_t entries; /* of the text journal of `load` */
    int64_t lines;   /* of the books of `report` */
    int units;       /* of the nation of `statements` and `feeders` */
    uint64_t seed;
    void (*progress)(const char *what, int64_t done, int64_t total, void *data); /* or NULL */
    void *progress_data;
} FiscBenchSettings;

/* What a setting is when nobody says. */
#define FISC_BENCH_SECONDS 3
#define FISC_BENCH_ROUNDS 3
#define FISC_BENCH_CLIENTS 32
#define FISC_BENCH_ENTRIES 100000
#define FISC_BENCH_LINES 1000000
#define FISC_BENCH_GOVERNMENTS 2656
#define FISC_BENCH_SEED 1

#define FISC_BENCH_CLIENTS_MAX 48 /* an embedded cluster takes 60 connections */

/** NULL-terminated pairs name, description. */
const char *const *fisc_bench_names(void);
/** Runs a bench. NOT_FOUND when there is none of that name; FAILED when what was written afterwards
 * does not add up, ours or a peer's: then there are no figures. */
bool fisc_bench_run(const char *name, const FiscBenchSettings *settings,
                    FiscBenchResult **out_result, GError **error);

#endif
