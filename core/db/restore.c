/* restore.c: a backup becomes a cluster again, up to a moment.
 *
 * It happens in a working folder beside the new one: the base is copied, PostgreSQL reads the
 * archived log up to the target and begins a timeline of its own, the settings that made it do so
 * are taken away, and only then the folder gets its name. The cluster takes no connection before it
 * has arrived. */
#include "core/db/backup_internal.h"
#include "core/db/lock.h"
#include "core/db/server.h"
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPY_SECONDS_MAX (12 * 3600)
#define RECOVERY_SECONDS_MAX (12 * 3600)
#define LOCK_WAIT_MS 1000

static const char *const passing_settings[] = {
    "restore_command",          "recovery_target_time",   "recovery_target_xid",
    "recovery_target_timeline", "recovery_target_action", "hot_standby",
    "archive_timeout",
};

/* Ready to recover ------------------------------------------------------------------------------
 */

/* A text in a configuration file: quotes are doubled, and so are backslashes. */
static char *
quote_setting(const char *text)
{
    GString *quoted = g_string_new("'");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'' || *at == '\\') {
            g_string_append_c(quoted, *at);
        }
        g_string_append_c(quoted, *at);
    }
    g_string_append_c(quoted, '\'');
    return g_string_free(quoted, FALSE);
}

static char *
restore_command(const char *dir)
{
    g_autofree char *wal_dir = g_build_filename(dir, BACKUP_LOG, NULL);
    g_autofree char *quoted = g_shell_quote(wal_dir);
    g_auto(GStrv) parts = g_strsplit(quoted, "%", -1);
    g_autofree char *q = g_strjoinv("%%", parts);
    return g_strdup_printf("cp %s/%%f \"%%p\"", q);
}

static char *
recovery_settings(const char *dir, const FiscRestoreTarget *target)
{
    g_autofree char *command = restore_command(dir);
    g_autofree char *quoted = quote_setting(command);
    GString *text = g_string_new("\n");
    g_string_append_printf(text, "restore_command = %s\n", quoted);
    g_string_append(text, "recovery_target_timeline = 'current'\n"
                          "hot_standby = off\n"
                          "archive_command = '/bin/true'\n");
    if (target->kind == FISC_RESTORE_TIME) {
        g_autofree char *time = quote_setting(target->time);
        g_string_append_printf(text, "recovery_target_time = %s\n", time);
    } else if (target->kind == FISC_RESTORE_COMMIT) {
        g_autofree char *commit = quote_setting(target->commit);
        g_string_append_printf(text, "recovery_target_xid = %s\n", commit);
    }
    if (target->kind != FISC_RESTORE_LATEST) {
        g_string_append(text, "recovery_target_action = 'promote'\n");
    }
    return g_string_free(text, FALSE);
}

static bool
copy_base(const FiscPlace *place, const FiscBackup *backup, GError **error)
{
    const char *argv[] = {
        "/bin/cp",           "--archive", "--reflink=auto", "--no-target-directory", backup->path,
        place->postgres_dir, NULL};
    /* The account makes the folder's content; the folder around it is ours. */
    if (chown(place->data_dir, place->account.uid, place->account.gid) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", place->data_dir, g_strerror(errno));
    }
    return fisc_program_run_for(&place->account, argv, COPY_SECONDS_MAX, error);
}

/* Recovering ------------------------------------------------------------------------------------
 */

/* What PostgreSQL's last words mean. */
static bool
explain(GError *failure, const FiscBackup *backup, GError **error)
{
    static const struct {
        const char *words, *meaning;
    } cases[] = {
        {"before configured recovery target was reached",
         "the archived log ends before that moment, or nothing was written after it: --to latest "
         "restores all there is"},
        {"before consistent recovery point", "that moment lies before the backup"},
        {"could not locate required checkpoint record",
         "the log that belongs to the backup is missing"},
        {"requested timeline", "the archived log is that of another database"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (strstr(failure->message, cases[i].words) != NULL) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s (%s)", cases[i].meaning,
                             backup->name);
        }
    }
    return fisc_fail(error, FISC_ERROR_SETUP, "%s was not restored: %s", backup->name,
                     failure->message);
}

/* Recovery may take hours; only then is the server asked for too long. */
static bool
start(const FiscPlace *place, char **out_socket_dir, GError **error)
{
    int64_t until = g_get_monotonic_time() + (int64_t)RECOVERY_SECONDS_MAX * G_USEC_PER_SEC;
    for (;;) {
        g_autoptr(GError) failure = NULL;
        if (fisc_server_start(place, out_socket_dir, &failure)) {
            return true;
        }
        bool is_slow = g_error_matches(failure, FISC_ERROR, FISC_ERROR_UNAVAILABLE) &&
                       fisc_server_find(place, NULL) != 0;
        if (!is_slow || g_get_monotonic_time() > until) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
}

static bool
forget_settings(const char *socket_dir, GError **error)
{
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    PGconn *connection = PQconnectdb(uri);
    bool is_done = PQstatus(connection) == CONNECTION_OK;
    for (gsize i = 0; is_done && i < G_N_ELEMENTS(passing_settings); i++) {
        g_autofree char *statement = g_strdup_printf("alter system reset %s", passing_settings[i]);
        PGresult *result = PQexec(connection, statement);
        is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (!is_done) {
        fisc_fail(error, FISC_ERROR_DATABASE, "%s", PQerrorMessage(connection));
    }
    PQfinish(connection);
    return is_done;
}

static bool
recover(const FiscPlace *place, const FiscBackup *backup, GError **error)
{
    g_autofree char *socket_dir = NULL;
    g_autoptr(GError) failure = NULL;
    if (!start(place, &socket_dir, &failure)) {
        fisc_server_stop(place, NULL);
        return explain(failure, backup, error);
    }
    bool is_ready = forget_settings(socket_dir, error);
    return fisc_server_stop(place, is_ready ? error : NULL) && is_ready;
}

/* Restoring -------------------------------------------------------------------------------------
 */

static bool
restore_in(const FiscPlace *place, const char *dir, const FiscBackup *backup,
           const FiscRestoreTarget *target, GError **error)
{
    g_autofree char *settings = recovery_settings(dir, target);
    return copy_base(place, backup, error) &&
           fisc_place_write(place, place->postgres_dir, "postgresql.auto.conf", O_APPEND, settings,
                            error) &&
           fisc_place_write(place, place->postgres_dir, "recovery.signal", O_APPEND, "", error) &&
           recover(place, backup, error);
}

static bool
is_free(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    return folder != NULL ? g_dir_read_name(folder) == NULL
                          : !g_file_test(path, G_FILE_TEST_EXISTS);
}

bool
fisc_backup_restore(const char *dir, const FiscBackup *backup, const FiscRestoreTarget *target,
                    const char *new_dir, GError **error)
{
    g_autoptr(FiscPlace) place = NULL;
    g_autofree char *from = g_canonicalize_filename(dir, NULL);
    g_autofree char *to = g_canonicalize_filename(new_dir, NULL);
    g_autofree char *working = g_strconcat(to, ".restoring", NULL);
    int lock = -1;
    if (!is_free(to)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%s is there already: a restore needs a folder of its own", to);
    }
    if (!fisc_place_prepare(working, &place, error) ||
        !fisc_lock_take(place->start_lock_path, LOCK_WAIT_MS, &lock, error)) {
        return false;
    }
    fisc_folder_remove(place->postgres_dir); /* of a restore that was killed */
    bool is_restored = restore_in(place, from, backup, target, error);
    fisc_lock_release(lock);
    if (is_restored && rename(working, to) != 0) {
        is_restored =
            fisc_fail(error, FISC_ERROR_IO, "could not name %s: %s", to, g_strerror(errno));
    }
    if (!is_restored) {
        fisc_folder_remove(working);
    } else if (chown(to, geteuid(), getegid()) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", to, g_strerror(errno));
    }
    return is_restored;
}
