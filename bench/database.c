/* database.c: see database.h. */
#include "bench/database.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_PREFIX "fisc_bench_"
#define APPLICATION_ROLE "fisc_poster"
#define CONNECTIONS 12 /* of the pool: the poster's own, and eight readers */

/* The mark by which leftovers are known as ours. */
#define MARK "fisc bench: temporary"

static void
ignore_notice(void *data, const PGresult *result)
{
    (void)data;
    (void)result;
}

bool
fisc_bench_database_fail(PGconn *connection, const char *what, GError **error)
{
    g_autofree char *message = g_strdup(PQerrorMessage(connection));
    return fisc_fail(error, FISC_ERROR_FAILED, "%s: %s", what, g_strchomp(message));
}

static PGconn *
connect_to(const char *uri, GError **error)
{
    PGconn *connection = PQconnectdb(uri);
    if (PQstatus(connection) != CONNECTION_OK) {
        g_autofree char *message = g_strdup(PQerrorMessage(connection));
        fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s", g_strchomp(message));
        PQfinish(connection);
        return NULL;
    }
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    return connection;
}

static bool
run(PGconn *connection, const char *sql, GError **error)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           fisc_bench_database_fail(connection, sql, error);
}

/* ---- making and dropping ---- */

/* A value of a connection string, quoted. */
static void
append_parameter(GString *text, const char *keyword, const char *value)
{
    g_string_append_printf(text, "%s%s='", text->len > 0 ? " " : "", keyword);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\'' || *at == '\\') {
            g_string_append_c(text, '\\');
        }
        g_string_append_c(text, *at);
    }
    g_string_append_c(text, '\'');
}

/* @uri with another database. */
static char *
uri_with(const char *uri, const char *database, GError **error)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(uri, &message);
    if (options == NULL) {
        fisc_fail(error, FISC_ERROR_USAGE, "%s",
                  message != NULL ? g_strchomp(message) : "the database's address makes no sense");
        PQfreemem(message);
        return NULL;
    }
    GString *text = g_string_new(NULL);
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        if (option->val != NULL && strcmp(option->keyword, "dbname") != 0) {
            append_parameter(text, option->keyword, option->val);
        }
    }
    append_parameter(text, "dbname", database);
    PQconninfoFree(options);
    return g_string_free(text, FALSE);
}

/* What a killed bench left: marked as ours and used by nobody. */
static bool
drop_leftovers(PGconn *connection, GError **error)
{
    PGresult *result = PQexec(connection, "select quote_ident(datname) from pg_database d"
                                          " where datname like '" NAME_PREFIX "%'"
                                          " and shobj_description(oid, 'pg_database') = '" MARK "'"
                                          " and not exists (select from pg_stat_activity a"
                                          "                  where a.datname = d.datname)");
    bool is_done = PQresultStatus(result) == PGRES_TUPLES_OK ||
                   fisc_bench_database_fail(connection, "looking for leftovers", error);
    for (int i = 0; is_done && i < PQntuples(result); i++) {
        g_autofree char *sql =
            g_strdup_printf("drop database if exists %s", PQgetvalue(result, i, 0));
        is_done = run(connection, sql, error);
    }
    PQclear(result);
    return is_done;
}

static bool
create(FiscBenchDatabase *database, GError **error)
{
    PGconn *server = connect_to(database->server_uri, error);
    if (server == NULL) {
        return false;
    }
    g_autofree char *sql = g_strdup_printf("create database %s template template0", database->name);
    g_autofree char *mark = g_strdup_printf("comment on database %s is '" MARK "'", database->name);
    bool is_done =
        drop_leftovers(server, error) && run(server, sql, error) && run(server, mark, error);
    PQfinish(server);
    return is_done;
}

bool
fisc_bench_database_new(const char *server_uri, FiscBenchDatabase **out_database, GError **error)
{
    g_autoptr(FiscBenchDatabase) database = g_new0(FiscBenchDatabase, 1);
    database->name = g_strdup_printf(NAME_PREFIX "%d", (int)getpid());
    database->server_uri = g_strdup(server_uri);
    g_autofree char *uri = uri_with(server_uri, database->name, error);
    if (uri == NULL || !create(database, error)) {
        return false;
    }
    database->uri = g_steal_pointer(&uri); /* from here on there is something to drop */
    database->connection = connect_to(database->uri, error);
    if (database->connection == NULL || !fisc_migrate(database->uri, error) ||
        !fisc_pool_open(database->uri, APPLICATION_ROLE, CONNECTIONS, &database->pool, error)) {
        return false;
    }
    *out_database = g_steal_pointer(&database);
    return true;
}

/* Not being able to drop it is said, for nobody else will. */
static void
drop(const FiscBenchDatabase *database)
{
    g_autoptr(GError) error = NULL;
    PGconn *server = connect_to(database->server_uri, &error);
    g_autofree char *sql =
        g_strdup_printf("drop database if exists %s with (force)", database->name);
    if (server == NULL || !run(server, sql, &error)) {
        g_printerr("the temporary database %s stays: %s\n", database->name, error->message);
    }
    PQfinish(server);
}

void
fisc_bench_database_free(FiscBenchDatabase *database)
{
    if (database == NULL) {
        return;
    }
    g_clear_pointer(&database->pool, fisc_pool_close);
    PQfinish(database->connection);
    if (database->uri != NULL) {
        drop(database);
    }
    g_free(database->name);
    g_free(database->server_uri);
    g_free(database->uri);
    g_free(database);
}

/* ---- statements ---- */

bool
fisc_bench_database_run(FiscBenchDatabase *database, const char *sql, GError **error)
{
    return run(database->connection, sql, error);
}

char *
fisc_bench_database_ask(FiscBenchDatabase *database, const char *sql, GError **error)
{
    PGresult *result = PQexec(database->connection, sql);
    char *answer = NULL;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        answer = g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    } else {
        fisc_bench_database_fail(database->connection, sql, error);
    }
    PQclear(result);
    return answer;
}

PGconn *
fisc_bench_database_connect(const FiscBenchDatabase *database, GError **error)
{
    return connect_to(database->uri, error);
}

bool
fisc_bench_database_check(FiscBenchDatabase *database, const FiscBenchInvariant *invariants,
                          gsize count, GError **error)
{
    for (gsize i = 0; i < count; i++) {
        const char *expected = invariants[i].expected != NULL ? invariants[i].expected : "t";
        g_autofree char *answer = fisc_bench_database_ask(database, invariants[i].sql, error);
        if (answer == NULL) {
            return false;
        }
        if (strcmp(answer, expected) != 0) {
            return fisc_fail(error, FISC_ERROR_FAILED,
                             "what was written does not add up: %s (found \"%s\")",
                             invariants[i].what, answer);
        }
    }
    return true;
}

/* ---- circumstances ---- */

/* Beyond this the server makes a checkpoint by itself and recycles what was written. */
static bool
find_warm_megabytes_max(FiscBenchDatabase *database, int *out_megabytes, GError **error)
{
    g_autofree char *answer = fisc_bench_database_ask(
        database,
        "select setting::int * 3 / 4 from pg_settings where name = 'max_wal_size'" /* in MB */,
        error);
    if (answer == NULL) {
        return false;
    }
    *out_megabytes = (int)g_ascii_strtoll(answer, NULL, 10);
    return true;
}

bool
fisc_bench_database_warm(FiscBenchDatabase *database, int megabytes, GError **error)
{
    int megabytes_max = 0;
    if (!find_warm_megabytes_max(database, &megabytes_max, error)) {
        return false;
    }
    g_autofree char *fill = g_strdup_printf(
        "select count(pg_logical_emit_message(false, 'fisc bench', repeat('0', 1048576)))"
        " from generate_series(1, %d)",
        MIN(megabytes, megabytes_max));
    /* A checkpoint makes segments that are no longer needed into those that come next. */
    return run(database->connection, "checkpoint", error) &&
           run(database->connection, fill, error) &&
           run(database->connection, "select pg_switch_wal()", error) &&
           run(database->connection, "checkpoint", error);
}

static char *
find_processor(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL)) {
        return g_strdup("unknown");
    }
    const char *at = strstr(text, "model name");
    at = at != NULL ? strchr(at, ':') : NULL;
    gsize length = at != NULL ? strcspn(at + 1, "\n") : 0;
    return length > 0 ? g_strstrip(g_strndup(at + 1, length)) : g_strdup("unknown");
}

/* Others at work on the machine make every figure doubtful: say so beside it. */
static void
describe_load(FiscBenchResult *result)
{
    double load;
    if (getloadavg(&load, 1) == 1) {
        fisc_bench_result_set(result, "load_before", "%.1f", load);
    }
}

bool
fisc_bench_database_describe(FiscBenchDatabase *database, FiscBenchResult *result, GError **error)
{
    static const char *const asked[] = {"server_version",     "shared_buffers",   "fsync",
                                        "synchronous_commit", "full_page_writes", "wal_sync_method",
                                        "max_wal_size"};
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autofree char *sql = g_strdup_printf("show %s", asked[i]);
        g_autofree char *value = fisc_bench_database_ask(database, sql, error);
        if (value == NULL) {
            return false;
        }
        fisc_bench_result_set(result, i == 0 ? "postgresql" : asked[i], "%s", value);
    }
    g_autofree char *processor = find_processor();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format(now, "%Y-%m-%d");
    fisc_bench_result_set(result, "cores", "%d", (int)g_get_num_processors());
    fisc_bench_result_set(result, "processor", "%s", processor);
    fisc_bench_result_set(result, "date", "%s", date);
    describe_load(result);
    return true;
}
