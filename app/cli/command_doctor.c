/* command_doctor.c: `fisc doctor`: what is here, what is missing, and what to do about it. It
 * starts and changes nothing.
 */
#include "app/cli/commands.h"
#include "app/cli/doctor.h"

void
fisc_doctor_say(FiscFindings *findings, const char *what, FiscDoctorState state, const char *remedy,
                const char *format, ...)
{
    static const char *const words[] = {"ok", "attention", "missing"};
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *found = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    FiscRow *row = fisc_table_add_row(findings->table);
    fisc_table_set_text(findings->table, row, 0, what);
    fisc_table_set_text(findings->table, row, 1, words[state]);
    fisc_table_set_text(findings->table, row, 2, found);
    fisc_table_set_text(findings->table, row, 3, remedy != NULL ? remedy : "");
    findings->is_sound = findings->is_sound && state != FISC_DOCTOR_MISSING;
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
examine_programs(FiscFindings *findings)
{
    static const char *const names[] = {"postgres", "initdb",        "pg_ctl",
                                        "psql",     "pg_basebackup", "pg_verifybackup"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = fisc_cli_postgres_program(names[i]);
        g_autofree char *version = path != NULL ? version_of(path) : NULL;
        if (version != NULL) {
            fisc_doctor_say(findings, names[i], FISC_DOCTOR_OK, NULL, "%s: %s", path, version);
        } else {
            fisc_doctor_say(findings, names[i], FISC_DOCTOR_MISSING, "install postgresql-15",
                            "not found");
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
examine_schema(FiscFindings *findings, const char *uri)
{
    FiscSchemaState state = FISC_SCHEMA_NONE;
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_pool_open(uri, NULL, 1, &pool, &error) || !fisc_migrate_look(pool, &state, &error)) {
        fisc_doctor_say(findings, "schema", FISC_DOCTOR_MISSING, "see that the database answers",
                        "%s", error->message);
    } else if (state == FISC_SCHEMA_NEWER) {
        fisc_doctor_say(findings, "schema", FISC_DOCTOR_MISSING, fisc_schema_advice(state),
                        "newer than %s", schema_of_program());
    } else if (state == FISC_SCHEMA_CURRENT) {
        fisc_doctor_say(findings, "schema", FISC_DOCTOR_OK, NULL, "%s", schema_of_program());
    } else {
        fisc_doctor_say(findings, "schema", FISC_DOCTOR_OK, fisc_schema_advice(state), "not %s yet",
                        schema_of_program());
    }
}

/* A cluster that runs is only adopted by opening it. */
static void
examine_cluster(FiscFindings *findings, const FiscCli *cli)
{
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    bool is_there = g_file_test(data_dir, G_FILE_TEST_IS_DIR);
    fisc_doctor_say(findings, "data", FISC_DOCTOR_OK, NULL, "%s%s", data_dir,
                    is_there ? "" : ": made by the first command");
    if (!fisc_cluster_is_running(data_dir)) {
        fisc_doctor_say(findings, "cluster", FISC_DOCTOR_OK, NULL,
                        "down: the next command starts it");
        return;
    }
    fisc_doctor_say(findings, "cluster", FISC_DOCTOR_OK, NULL, "running");
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_cluster_open(data_dir, &cluster, &error)) {
        examine_schema(findings, cluster->poster_uri);
        fisc_doctor_database(findings, cluster->poster_uri, NULL);
    } else {
        fisc_doctor_say(findings, "schema", FISC_DOCTOR_MISSING, "see the log of the database",
                        "%s", error->message);
    }
}

static const char *
option_of(const char *name, const void *cli)
{
    return fisc_cli_option(cli, name);
}

bool
fisc_command_doctor(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table =
        fisc_table_new("doctor", "What fisc finds here", FISC_JSON_DECIMALS);
    static const char *const columns[] = {"what", "state", "found", "do"};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    FiscFindings findings = {table, true};
    g_autoptr(FiscConfig) config = NULL;
    g_autoptr(GError) mistake = NULL;
    fisc_doctor_say(&findings, "fisc", FISC_DOCTOR_OK, NULL, "%s", FISC_VERSION);
    if (!fisc_config_load(fisc_cli_option(cli, "config"), option_of, cli, &config, &mistake)) {
        fisc_doctor_say(&findings, "settings", FISC_DOCTOR_MISSING,
                        "mend it: fisc serve does not start on it", "%s", mistake->message);
    }
    const char *db = fisc_cli_option(cli, "db");
    if (db != NULL) {
        examine_schema(&findings, db);
        fisc_doctor_database(&findings, db, "fisc_poster");
    } else {
        examine_programs(&findings);
        examine_cluster(&findings, cli);
    }
    fisc_doctor_machine(&findings, cli, config);
    fisc_doctor_say(&findings, "actor", FISC_DOCTOR_OK, NULL, "%s", cli->actor);
    *out_status = findings.is_sound ? 0 : fisc_error_exit_status(FISC_ERROR_SETUP);
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}
