/* migrate.c: brings a database to this program's schema. Migrations run once, in order; a routine
 * runs again when its text changed. One process at a time, under an advisory lock, each file in one
 * transaction that also records it: killed anywhere, a second run goes on. */
#include "core/base/kill_point.h"
#include "core/db/internal.h"
#include <string.h>

#define LOCK "select pg_advisory_lock(7221349)"
#define UNLOCK "select pg_advisory_unlock(7221349)"

static const char bootstrap[] =
    "create schema if not exists core;"
    "comment on schema core is 'What fisc knows about its own schema.';"
    "create table if not exists core.applied ("
    " name text primary key, digest text not null, applied_at timestamptz not null default now());"
    "comment on table core.applied is 'Migrations and routines of fisc that this database has.';"
    "comment on column core.applied.name is 'File under sql/, without its ending.';"
    "comment on column core.applied.digest is 'SHA-256 of its text: a routine with another runs "
    "again.';"
    "comment on column core.applied.applied_at is 'When it ran last.';";

static bool
execute(PGconn *connection, const char *sql, const char *what, GError **error)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!is_done) {
        fisc_db_fail(connection, result, what, error);
    }
    PQclear(result);
    return is_done;
}

/* Names and digests that the database has; NULL when it has no schema of ours. */
static GHashTable *
load_applied(PGconn *connection)
{
    PGresult *result = PQexec(connection, "select name, digest from core.applied");
    GHashTable *applied = NULL;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        applied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (int i = 0; i < PQntuples(result); i++) {
            g_hash_table_insert(applied, g_strdup(PQgetvalue(result, i, 0)),
                                g_strdup(PQgetvalue(result, i, 1)));
        }
    }
    PQclear(result);
    return applied;
}

static bool
has_file(GHashTable *applied, const FiscSqlFile *file)
{
    return g_strcmp0(g_hash_table_lookup(applied, file->name), file->digest) == 0;
}

/* A migration on record that this program does not have: the schema is newer than we are. */
static const char *
find_foreign(GHashTable *applied)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, applied);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        bool is_ours = !g_ascii_isdigit(((const char *)name)[0]);
        for (const FiscSqlFile *file = fisc_sql_migrations; file->name != NULL && !is_ours;
             file++) {
            is_ours = strcmp(file->name, name) == 0;
        }
        if (!is_ours) {
            return name;
        }
    }
    return NULL;
}

static bool
is_current(GHashTable *applied)
{
    for (const FiscSqlFile *file = fisc_sql_migrations; file->name != NULL; file++) {
        if (!has_file(applied, file)) {
            return false;
        }
    }
    for (const FiscSqlFile *file = fisc_sql_routines; file->name != NULL; file++) {
        if (!has_file(applied, file)) {
            return false;
        }
    }
    return find_foreign(applied) == NULL;
}

static bool
apply(PGconn *connection, const FiscSqlFile *file, bool is_routine, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "begin; %s\n%s\n; reset role;"
        "insert into core.applied (name, digest) values ('%s', '%s')"
        " on conflict (name) do update set digest = excluded.digest, applied_at = now(); commit",
        is_routine ? "set local role fisc_owner;" : "", file->text, file->name, file->digest);
    fisc_kill_point("migrate.before_file");
    if (!execute(connection, sql, file->name, error)) {
        PQclear(PQexec(connection, "rollback"));
        return false;
    }
    fisc_kill_point("migrate.after_file");
    return true;
}

static bool
apply_missing(PGconn *connection, GHashTable *applied, GError **error)
{
    for (const FiscSqlFile *file = fisc_sql_migrations; file->name != NULL; file++) {
        const char *known = g_hash_table_lookup(applied, file->name);
        if (known != NULL && strcmp(known, file->digest) != 0) {
            return fisc_fail(error, FISC_ERROR_SETUP,
                             "migration %s was edited after it ran on this database", file->name);
        }
        if (known == NULL && !apply(connection, file, false, error)) {
            return false;
        }
    }
    for (const FiscSqlFile *file = fisc_sql_routines; file->name != NULL; file++) {
        if (!has_file(applied, file) && !apply(connection, file, true, error)) {
            return false;
        }
    }
    return execute(connection, "select ledger.open_book(1, 'main')", "opening the book", error);
}

static bool
migrate_locked(PGconn *connection, GError **error)
{
    /* IF NOT EXISTS needs the right to create even when there is nothing to do. */
    g_autoptr(GHashTable) applied = load_applied(connection);
    if (applied == NULL) {
        if (!execute(connection, bootstrap, "preparing the schema", error)) {
            return false;
        }
        applied = load_applied(connection);
    }
    const char *foreign = find_foreign(applied);
    if (foreign != NULL) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "the database is newer than this program: it has migration %s", foreign);
    }
    return is_current(applied) || apply_missing(connection, applied, error);
}

static void
ignore_notice(void *data, const PGresult *result)
{
    (void)data;
    (void)result;
}

bool
fisc_migrate(const char *uri, GError **error)
{
    PGconn *connection = PQconnectdb(uri);
    bool is_done = false;
    if (PQstatus(connection) != CONNECTION_OK) {
        g_autofree char *message = g_strdup(PQerrorMessage(connection));
        fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s", g_strchomp(message));
    } else {
        PQsetNoticeReceiver(connection, ignore_notice, NULL);
        is_done = execute(connection, LOCK, "waiting for another migration", error) &&
                  migrate_locked(connection, error);
        PQclear(PQexec(connection, UNLOCK));
    }
    PQfinish(connection);
    return is_done;
}

bool
fisc_migrate_look(FiscPool *pool, FiscSchemaState *out_state, GError **error)
{
    FiscTx *tx = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_AUTO, &tx, error)) {
        return false;
    }
    PGconn *connection = tx->connection->connection;
    g_autoptr(GHashTable) applied = load_applied(connection);
    if (applied == NULL && PQstatus(connection) != CONNECTION_OK) {
        fisc_tx_rollback(tx);
        return fisc_fail(error, FISC_ERROR_UNAVAILABLE, "the database went away");
    }
    *out_state = applied == NULL                 ? FISC_SCHEMA_NONE
                 : find_foreign(applied) != NULL ? FISC_SCHEMA_NEWER
                 : is_current(applied)           ? FISC_SCHEMA_CURRENT
                                                 : FISC_SCHEMA_OLDER;
    return fisc_tx_commit(tx, error);
}

const char *
fisc_schema_advice(FiscSchemaState state)
{
    static const char *const advice[] = {
        [FISC_SCHEMA_CURRENT] = "",
        [FISC_SCHEMA_NONE] = "the database has no schema of fisc: make it with `fisc init`",
        [FISC_SCHEMA_OLDER] = "the schema is older than this program: bring it up to date with "
                              "`fisc init`, when every server of the old program has ended",
        [FISC_SCHEMA_NEWER] = "the schema is newer than this program: install the program that "
                              "made it",
    };
    return advice[state];
}

bool
fisc_migrate_is_current(FiscPool *pool, bool *out_current, GError **error)
{
    FiscSchemaState state = FISC_SCHEMA_NONE;
    if (!fisc_migrate_look(pool, &state, error)) {
        return false;
    }
    *out_current = state == FISC_SCHEMA_CURRENT;
    return true;
}
