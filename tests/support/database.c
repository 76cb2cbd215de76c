/* database.c: the cluster, the template and the clones behind database tests.
 *
 * The template is named after the digest of the schema's files, so programs of two versions may
 * share a cluster. It bears that name only when its migration is complete.
 *
 * These clusters do not wait for the disk. What dies in a test is a process, and what it wrote the
 * kernel keeps, so waiting would prove nothing, and making and dropping a database for every test
 * costs a checkpoint each. Tests of durability have clusters of their own, as the product makes
 * them: tests/db/cluster_test.c, tests/fault/server_test.c. */
#include "tests/support/database.h"
#include "fisc/cluster.h"
#include "fisc/db.h"
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPLATE_LOCK 8260123 /* advisory; serializes the making of templates */
#define OPEN_FOLDERS_MAX 16

/* The one test program's state; a forked child sees it but does not own it. */
static struct {
    FiscCluster *cluster;
    GPtrArray *databases; /* names of the clones, for dropping */
    char *template_name;
    char *own_folder; /* NULL when the cluster is shared */
    pid_t owner;
} state;

static void
require(bool is_done, GError *error)
{
    if (!is_done) {
        fprintf(stderr, "tests cannot go on: %s\n", error->message);
        abort();
    }
}

static int
remove_one(const char *path, const struct stat *info G_GNUC_UNUSED, int kind G_GNUC_UNUSED,
           struct FTW *walk G_GNUC_UNUSED)
{
    return remove(path);
}

void
fisc_test_folder_remove(const char *path)
{
    if (path != NULL) {
        nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
    }
}

char *
fisc_test_folder_new(void)
{
    char *folder = g_build_filename(g_get_tmp_dir(), "fisc-test-XXXXXX", NULL);
    if (g_mkdtemp(folder) == NULL || chmod(folder, 0755) != 0) {
        fprintf(stderr, "tests cannot go on: no temporary folder %s\n", folder);
        abort();
    }
    return folder;
}

static char *
uri_with(const char *uri, const char *database, const char *role)
{
    const char *path = strstr(uri, ":///");
    const char *query = strchr(uri, '?');
    const char *user = strstr(uri, "&user=");
    g_assert(path != NULL && query != NULL && user != NULL);
    g_autofree char *name =
        database != NULL ? g_strdup(database) : g_strndup(path + 4, (gsize)(query - path - 4));
    return g_strdup_printf("postgresql:///%s%.*s&user=%s", name, (int)(user - query), query, role);
}

char *
fisc_test_poster_uri(const char *admin_uri)
{
    return uri_with(admin_uri, NULL, "fisc_poster");
}

char *
fisc_test_reader_uri(const char *admin_uri)
{
    return uri_with(admin_uri, NULL, "fisc_reader");
}

char *
fisc_test_uri_as(const char *admin_uri, const char *role)
{
    return uri_with(admin_uri, NULL, role);
}

char *
fisc_test_pass(const char *admin_uri, const char *entities)
{
    g_autofree char *uri = fisc_test_poster_uri(admin_uri);
    const char *values[] = {entities};
    PGconn *connection = PQconnectdb(uri);
    PGresult *result =
        PQexecParams(connection, "select access.make_pass(string_to_array($1, ' '), 1)", 1, NULL,
                     values, NULL, NULL, 0);
    if (PQntuples(result) != 1) {
        fprintf(stderr, "tests cannot go on: %s\n", PQerrorMessage(connection));
        abort();
    }
    char *pass = g_strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(connection);
    return pass;
}

static bool
run(PGconn *connection, const char *statement)
{
    PGresult *result = PQexec(connection, statement);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void G_GNUC_PRINTF(2, 3) must_run(PGconn *connection, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *statement = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (!run(connection, statement)) {
        fprintf(stderr, "tests cannot go on: %s: %s\n", statement, PQerrorMessage(connection));
        abort();
    }
}

static PGconn *
connect_to_maintenance(void)
{
    g_autofree char *uri = uri_with(state.cluster->admin_uri, "postgres", "fisc_admin");
    PGconn *connection = PQconnectdb(uri);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "tests cannot go on: %s\n", PQerrorMessage(connection));
        abort();
    }
    must_run(connection, "set client_min_messages = warning");
    return connection;
}

static bool
has_database(PGconn *connection, const char *name)
{
    const char *values[] = {name};
    PGresult *result = PQexecParams(connection, "select 1 from pg_database where datname = $1", 1,
                                    NULL, values, NULL, NULL, 0);
    bool is_there = PQntuples(result) == 1;
    PQclear(result);
    return is_there;
}

static char *
name_template(void)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    const FiscSqlFile *lists[] = {fisc_sql_migrations, fisc_sql_routines};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (const FiscSqlFile *file = lists[i]; file->name != NULL; file++) {
            g_checksum_update(checksum, (const guchar *)file->digest, -1);
        }
    }
    return g_strdup_printf("fisc_template_%.12s", g_checksum_get_string(checksum));
}

/* Migrated under a working name, so that a killed program leaves no template that is half made. */
static void
ensure_template(PGconn *connection)
{
    must_run(connection, "select pg_advisory_lock(%d)", TEMPLATE_LOCK);
    if (!has_database(connection, state.template_name)) {
        g_autofree char *working_name = g_strconcat(state.template_name, "_new", NULL);
        must_run(connection, "drop database if exists %s with (force)", working_name);
        must_run(connection, "create database %s", working_name);
        g_autofree char *uri = uri_with(state.cluster->admin_uri, working_name, "fisc_admin");
        g_autoptr(GError) error = NULL;
        require(fisc_migrate(uri, &error), error);
        must_run(connection, "alter database %s rename to %s", working_name, state.template_name);
    }
    must_run(connection, "select pg_advisory_unlock(%d)", TEMPLATE_LOCK);
}

static void
leave_disk_alone(PGconn *connection)
{
    must_run(connection, "alter system set fsync = off");
    must_run(connection, "alter system set full_page_writes = off");
    must_run(connection, "select pg_reload_conf()");
}

static void
down_at_exit(void)
{
    fisc_test_cluster_down();
}

static void
ensure_cluster(void)
{
    if (state.cluster != NULL) {
        return;
    }
    const char *shared = g_getenv("FISC_TEST_DATA_DIR");
    state.own_folder = shared == NULL ? fisc_test_folder_new() : NULL;
    state.owner = getpid();
    state.databases = g_ptr_array_new_with_free_func(g_free);
    state.template_name = name_template();
    static bool is_registered; /* once, however often the cluster comes and goes */
    if (!is_registered) {
        atexit(down_at_exit);
        is_registered = true;
    }
    g_autoptr(GError) error = NULL;
    require(fisc_cluster_open(shared != NULL ? shared : state.own_folder, &state.cluster, &error),
            error);
    PGconn *connection = connect_to_maintenance();
    leave_disk_alone(connection);
    ensure_template(connection);
    PQfinish(connection);
}

const char *
fisc_test_data_dir(void)
{
    ensure_cluster();
    return state.cluster->data_dir;
}

static char *
make_database(const char *template_name)
{
    static int number; /* never used again by this process, so a dropped name stays dropped */
    char *name = g_strdup_printf("fisc_test_%d_%d", (int)getpid(), ++number);
    PGconn *connection = connect_to_maintenance();
    must_run(connection, "drop database if exists %s with (force)", name);
    /* As files: through the buffers and the log it costs thirty times as much. */
    must_run(connection, "create database %s template %s strategy file_copy", name, template_name);
    PQfinish(connection);
    g_ptr_array_add(state.databases, name);
    return uri_with(state.cluster->admin_uri, name, "fisc_admin");
}

char *
fisc_test_database_new(void)
{
    ensure_cluster();
    return make_database(state.template_name);
}

static char *
name_in(const char *uri)
{
    const char *name = strstr(uri, ":///") + strlen(":///");
    return g_strndup(name, strcspn(name, "?"));
}

void
fisc_test_database_analyze(const char *admin_uri)
{
    PGconn *connection = PQconnectdb(admin_uri);
    must_run(connection, "analyze");
    PQfinish(connection);
}

char *
fisc_test_database_copy(const char *admin_uri)
{
    g_autofree char *name = name_in(admin_uri);
    return make_database(name);
}

void
fisc_test_database_drop(const char *admin_uri)
{
    g_autofree char *name = name_in(admin_uri);
    guint place = 0;
    if (state.databases == NULL || state.owner != getpid() ||
        !g_ptr_array_find_with_equal_func(state.databases, name, g_str_equal, &place)) {
        return;
    }
    PGconn *connection = connect_to_maintenance();
    must_run(connection, "drop database if exists %s with (force)", name);
    PQfinish(connection);
    g_ptr_array_remove_index_fast(state.databases, place);
}

static void
drop_databases(void)
{
    PGconn *connection = connect_to_maintenance();
    for (guint i = 0; i < state.databases->len; i++) {
        must_run(connection, "drop database if exists %s with (force)",
                 (const char *)state.databases->pdata[i]);
    }
    PQfinish(connection);
}

int
fisc_test_cluster_down(void)
{
    if (state.owner != getpid()) {
        return 0; /* nothing was made, or a forked child exits: its parent still works */
    }
    if (state.own_folder != NULL) {
        g_autoptr(GError) error = NULL;
        if (!fisc_cluster_stop(state.own_folder, &error) &&
            !g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND)) {
            fprintf(stderr, "the test cluster in %s stays: %s\n", state.own_folder, error->message);
        } else {
            fisc_test_folder_remove(state.own_folder);
        }
    } else if (state.cluster != NULL) {
        drop_databases();
    }
    g_clear_pointer(&state.cluster, fisc_cluster_free);
    g_clear_pointer(&state.databases, g_ptr_array_unref);
    g_clear_pointer(&state.template_name, g_free);
    g_clear_pointer(&state.own_folder, g_free);
    state.owner = 0;
    return 0;
}
