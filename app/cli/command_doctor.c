/* command_doctor.c: `fisc doctor`: what is here and what is missing. It starts and changes nothing.
 */
#include "app/cli/commands.h"

typedef struct {
    FiscTable *table;
    bool is_sound;
} Findings;

static void report(Findings *findings, const char *what, bool is_sound, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void
report(Findings *findings, const char *what, bool is_sound, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *found = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    FiscRow *row = fisc_table_add_row(findings->table);
    fisc_table_set_text(findings->table, row, 0, what);
    fisc_table_set_text(findings->table, row, 1, is_sound ? "ok" : "missing");
    fisc_table_set_text(findings->table, row, 2, found);
    findings->is_sound = findings->is_sound && is_sound;
}

/* What a program says of its version; NULL when it does not run. */
static char *
version_of(const char *path)
{
    const char *argv[] = {path, "--version", NULL};
    char *said = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL, &status,
                      NULL) ||
        !g_spawn_check_wait_status(status, NULL)) {
        g_free(said);
        return NULL;
    }
    return g_strstrip(said);
}

static void
examine_programs(Findings *findings)
{
    static const char *const names[] = {"postgres", "initdb", "pg_ctl", "psql"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = fisc_cli_postgres_program(names[i]);
        g_autofree char *version = path != NULL ? version_of(path) : NULL;
        if (version != NULL) {
            report(findings, names[i], true, "%s: %s", path, version);
        } else {
            report(findings, names[i], false, "not found: install postgresql-15");
        }
    }
}

static const char *
schema_of_program(void)
{
    const char *last = "none";
    for (const FiscSqlFile *file = fisc_sql_migrations; file->name != NULL; file++) {
        last = file->name;
    }
    return last;
}

static void
examine_schema(Findings *findings, const char *uri)
{
    bool is_current = false;
    g_autoptr(GError) error = NULL;
    if (!fisc_cli_is_current(uri, &is_current, &error)) {
        report(findings, "schema", false, "%s", error->message);
    } else if (is_current) {
        report(findings, "schema", true, "%s", schema_of_program());
    } else {
        report(findings, "schema", true, "not %s yet: the next command brings it up to date",
               schema_of_program());
    }
}

/* A cluster that runs is only adopted by opening it. */
static void
examine_cluster(Findings *findings, const FiscCli *cli)
{
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    bool is_there = g_file_test(data_dir, G_FILE_TEST_IS_DIR);
    report(findings, "data", true, "%s%s", data_dir, is_there ? "" : ": made by the first command");
    if (!fisc_cluster_is_running(data_dir)) {
        report(findings, "cluster", true, "down: the next command starts it");
        return;
    }
    report(findings, "cluster", true, "running");
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_cluster_open(data_dir, &cluster, &error)) {
        examine_schema(findings, cluster->poster_uri);
    } else {
        report(findings, "schema", false, "%s", error->message);
    }
}

bool
fisc_command_doctor(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table =
        fisc_table_new("doctor", "What fisc finds here", FISC_JSON_DECIMALS);
    fisc_table_add_column(table, "what", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "state", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "found", FISC_COLUMN_TEXT);
    Findings findings = {table, true};
    report(&findings, "fisc", true, "%s", FISC_VERSION);
    const char *db = fisc_cli_option(cli, "db");
    if (db != NULL) {
        examine_schema(&findings, db);
    } else {
        examine_programs(&findings);
        examine_cluster(&findings, cli);
    }
    report(&findings, "actor", true, "%s", cli->actor);
    *out_status = findings.is_sound ? 0 : fisc_error_exit_status(FISC_ERROR_SETUP);
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}
