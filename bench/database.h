/* database.h: the temporary database of a bench: made, warmed, questioned, dropped.
 *
 * It lies beside the database that was named, never in it. Superuser's connections make the peers'
 * tables and check what was written; fisc itself works through a pool in its own role. */
#ifndef FISC_BENCH_DATABASE_H
#define FISC_BENCH_DATABASE_H

#include "bench/bench.h"
#include "fisc/db.h"
#include <libpq-fe.h>

typedef struct {
    char *name;
    char *server_uri;
    char *uri; /* of the temporary database, as the same superuser */
    PGconn *connection;
    FiscPool *pool; /* in the role of the application */
} FiscBenchDatabase;

/** Makes an empty database with the program's schema. Takes away those that killed benches left. */
bool
fisc_bench_database_new(const char *server_uri, FiscBenchDatabase **out_database, GError **error);
/** Closes and drops it. */
void fisc_bench_database_free(FiscBenchDatabase *database);

/** Runs statements as the superuser. */
bool fisc_bench_database_run(FiscBenchDatabase *database, const char *sql, GError **error);
/** The first column of the first row, "" when there is none. Caller frees. */
char *fisc_bench_database_ask(FiscBenchDatabase *database, const char *sql, GError **error);
/** Another connection as the superuser. NULL with @error. PQfinish() it. */
PGconn *fisc_bench_database_connect(const FiscBenchDatabase *database, GError **error);
/** FAILED with PostgreSQL's message, always false. */
bool fisc_bench_database_fail(PGconn *connection, const char *what, GError **error);

/** Fills and recycles as much WAL as the bench is going to write, as far as the server keeps it: a
 * commit into a segment that was never written takes 3 ms and more, which would be charged to
 * whoever comes there first. */
bool fisc_bench_database_warm(FiscBenchDatabase *database, int megabytes, GError **error);
/** Says in the result on what it was found: server, settings that matter, machine. */
bool
fisc_bench_database_describe(FiscBenchDatabase *database, FiscBenchResult *result, GError **error);

/* A question that must have an answer for figures to count. */
typedef struct {
    const char *what; /* "every entry has its reference" */
    const char *sql;
    const char *expected; /* NULL: "t" */
} FiscBenchInvariant;

/** FAILED names the first of @count invariants that does not hold. */
bool fisc_bench_database_check(FiscBenchDatabase *database, const FiscBenchInvariant *invariants,
                               gsize count, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBenchDatabase, fisc_bench_database_free)

#endif
