/* connection.c: from the options to an open database: the embedded cluster, or with --db another
 * one; its schema; the context of the flows. */
#include "app/cli/cli.h"

#define CONNECTIONS_MAX 4
#define BOOK_ID 1

/* Where the schema is made, and where and as whom the flows work. */
typedef struct {
    const char *admin_uri;
    const char *uri;
    const char *role; /* NULL: @uri signs in as the role itself */
} Target;

char *
fisc_cli_data_dir(const FiscCli *cli)
{
    const char *given = fisc_cli_option(cli, "data");
    return given != NULL ? g_strdup(given) : fisc_cluster_default_dir();
}

char *
fisc_cli_secret_key(const FiscCli *cli)
{
    const char *given = fisc_cli_option(cli, "secret-key");
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    return given != NULL                        ? g_strdup(given)
           : fisc_cli_option(cli, "db") != NULL ? NULL
                                                : g_build_filename(data_dir, "secret.key", NULL);
}

static bool
find_target(FiscCli *cli, Target *out_target, GError **error)
{
    const char *db = fisc_cli_option(cli, "db");
    if (db != NULL) {
        *out_target = (Target){db, db, "fisc_poster"};
        return true;
    }
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    if (cli->cluster == NULL && !fisc_cluster_open(data_dir, &cli->cluster, error)) {
        return false;
    }
    *out_target = (Target){cli->cluster->admin_uri, cli->cluster->poster_uri, NULL};
    return true;
}

bool
fisc_cli_find(FiscCli *cli, GError **error)
{
    Target target;
    return find_target(cli, &target, error);
}

bool
fisc_cli_is_current(const char *uri, bool *out_current, GError **error)
{
    g_autoptr(FiscPool) pool = NULL;
    return fisc_pool_open(uri, NULL, 1, &pool, error) &&
           fisc_migrate_is_current(pool, out_current, error);
}

static bool
ready_context(FiscCli *cli, const Target *target, GError **error)
{
    cli->context = (FiscContext){
        .book_id = FISC_CLI_BOOK,
        .actor = cli->actor,
        .on_behalf = cli->on_behalf,
        .progress = fisc_cli_progress,
        .progress_data = &cli->progress,
    };
    int connections = cli->connections > 0 ? cli->connections : CONNECTIONS_MAX;
    return fisc_pool_open(target->uri, target->role, connections, &cli->context.pool, error);
}

bool
fisc_cli_open(FiscCli *cli, GError **error)
{
    Target target;
    bool is_current = false;
    if (!find_target(cli, &target, error) || !fisc_cli_is_current(target.uri, &is_current, error)) {
        return false;
    }
    if (!is_current && !fisc_migrate(target.admin_uri, error)) {
        return false;
    }
    return ready_context(cli, &target, error);
}

bool
fisc_cli_migrate(FiscCli *cli, GError **error)
{
    Target target;
    return find_target(cli, &target, error) && fisc_migrate(target.admin_uri, error) &&
           ready_context(cli, &target, error);
}

void
fisc_cli_close(FiscCli *cli)
{
    g_clear_pointer(&cli->context.pool, fisc_pool_close);
    g_clear_pointer(&cli->cluster, fisc_cluster_free);
    fisc_cli_progress_end(&cli->progress);
}

char *
fisc_cli_postgres_program(const char *name)
{
    const char *folders[] = {g_getenv("FISC_PG_BIN"), "/usr/lib/postgresql/15/bin"};
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path =
            folders[i] != NULL ? g_build_filename(folders[i], name, NULL) : NULL;
        if (path != NULL && g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
            return g_steal_pointer(&path);
        }
    }
    return g_find_program_in_path(name);
}
