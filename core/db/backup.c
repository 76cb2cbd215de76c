/* backup.c: takes backups of an embedded cluster and looks after its archive of the log.
 *
 * The copy is pg_basebackup's, the archive is written by PostgreSQL's archiver through a command of
 * ours: a log file gets its checksum, is made durable and only then bears its name; one that is
 * there already is never overwritten by another. How a backup becomes a cluster again is in
 * restore.c. */
#include "core/db/backup_internal.h"
#include "core/db/server.h"
#include "fisc/cluster.h"
#include <errno.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_SECONDS_MAX (12 * 3600)
#define ARCHIVE_SECONDS_MAX 120
#define REPLICATION_RULE "local replication fisc_admin peer map=fisc\n"

/* Statements ---------------------------------------------------------------------------------- */

static PGconn *
connect_as_admin(const char *admin_uri, GError **error)
{
    PGconn *connection = PQconnectdb(admin_uri);
    if (PQstatus(connection) != CONNECTION_OK) {
        g_autofree char *message = g_strdup(PQerrorMessage(connection));
        fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s", g_strchomp(message));
        PQfinish(connection);
        return NULL;
    }
    return connection;
}

/* The first value of the answer; NULL with @error. Caller frees. */
static char *
ask(PGconn *connection, const char *statement, GError **error)
{
    PGresult *result = PQexec(connection, statement);
    ExecStatusType status = PQresultStatus(result);
    char *answer = NULL;
    if (status == PGRES_TUPLES_OK && PQntuples(result) > 0) {
        answer = g_strdup(PQgetvalue(result, 0, 0));
    } else if (status == PGRES_COMMAND_OK) {
        answer = g_strdup("");
    } else {
        g_autofree char *message = g_strdup(PQerrorMessage(connection));
        fisc_fail(error, FISC_ERROR_DATABASE, "%s: %s", statement, g_strchomp(message));
    }
    PQclear(result);
    return answer;
}

static bool
do_(PGconn *connection, const char *statement, GError **error)
{
    g_autofree char *answer = ask(connection, statement, error);
    return answer != NULL;
}

/* The folder ---------------------------------------------------------------------------------- */

/* As the cluster's account, which writes into it. */
static bool
make_folder(const FiscAccount *account, const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) != 0 ||
        (account->is_other && lchown(path, account->uid, account->gid) != 0)) {
        return fisc_fail(error, FISC_ERROR_IO, "could not make the folder %s: %s", path,
                         g_strerror(errno));
    }
    return true;
}

/* A path in a shell command in a setting: quoted for the shell, and no '%' of its own. */
static char *
archive_command(const char *wal_dir)
{
    g_autofree char *quoted = g_shell_quote(wal_dir);
    g_auto(GStrv) parts = g_strsplit(quoted, "%", -1);
    g_autofree char *q = g_strjoinv("%%", parts);
    return g_strdup_printf("if test -f %s/%%f; then cmp -s %%p %s/%%f; else "
                           "cp %%p %s/.%%f.new && sha256sum < %%p > %s/%%f.sha256 && "
                           "sync %s/.%%f.new %s/%%f.sha256 && mv %s/.%%f.new %s/%%f && sync %s; fi",
                           q, q, q, q, q, q, q, q, q);
}

/* The archive --------------------------------------------------------------------------------- */

/* Clusters that were made before backups were thought of let nobody copy them. */
static bool
allow_replication(const FiscPlace *place, PGconn *connection, GError **error)
{
    g_autofree char *path = g_build_filename(place->postgres_dir, "pg_hba.conf", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, NULL, &failure)) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", failure->message);
    }
    if (strstr(text, REPLICATION_RULE) != NULL) {
        return true;
    }
    g_autofree char *longer = g_strconcat(text, REPLICATION_RULE, NULL);
    if (!g_file_set_contents_full(path, longer, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                  &failure) ||
        lchown(path, place->account.uid, place->account.gid) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "could not write %s", path);
    }
    return do_(connection, "select pg_reload_conf()", error);
}

static bool
set_archive(PGconn *connection, const char *wal_dir, GError **error)
{
    g_autofree char *command = archive_command(wal_dir);
    char *literal = PQescapeLiteral(connection, command, strlen(command));
    g_autofree char *statement = g_strdup_printf("alter system set archive_command = %s", literal);
    PQfreemem(literal);
    return do_(connection, statement, error) &&
           do_(connection, "alter system set archive_timeout = '60s'", error) &&
           do_(connection, "alter system set archive_mode = on", error) &&
           do_(connection, "select pg_reload_conf()", error);
}

/* Archiving begins with the server: older clusters, which run without, start anew once. */
static bool
restart_when_needed(const char *data_dir, PGconn **connection, GError **error)
{
    g_autoptr(FiscCluster) cluster = NULL;
    g_autofree char *mode = ask(*connection, "show archive_mode", error);
    g_autofree char *others = ask(*connection,
                                  "select count(*) from pg_stat_activity where backend_type = "
                                  "'client backend' and pid <> pg_backend_pid() and "
                                  "application_name <> 'fisc-keeper'",
                                  error);
    if (mode == NULL || others == NULL) {
        return false;
    }
    if (strcmp(mode, "on") == 0) {
        return true;
    }
    if (strcmp(others, "0") != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "the database has to be restarted once to archive its log, and somebody "
                         "is connected: end fisc serve, run fisc stop, and try again");
    }
    g_clear_pointer(connection, PQfinish);
    if (!fisc_cluster_stop(data_dir, error) || !fisc_cluster_open(data_dir, &cluster, error)) {
        return false;
    }
    *connection = connect_as_admin(cluster->admin_uri, error);
    return *connection != NULL;
}

/* Ends the log file that is being written, and waits until it and all before are archived. */
static bool
finish_log(PGconn *connection, GError **error)
{
    g_autofree char *last = ask(connection, "select pg_walfile_name(pg_switch_wal() - 1)", error);
    if (last == NULL) {
        return false;
    }
    int64_t until = g_get_monotonic_time() + ARCHIVE_SECONDS_MAX * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < until) {
        g_autofree char *archived =
            ask(connection, "select coalesce(last_archived_wal, '') from pg_stat_archiver", error);
        if (archived == NULL) {
            return false;
        }
        if (strcmp(archived, last) >= 0) {
            return true;
        }
        g_usleep(20000);
    }
    g_autofree char *failed =
        ask(connection, "select coalesce(last_failed_wal, 'none') from pg_stat_archiver", error);
    return failed != NULL &&
           fisc_fail(
               error, FISC_ERROR_IO,
               "the log is not archived after %d seconds (failed: %s): see the database's log",
               ARCHIVE_SECONDS_MAX, failed);
}

/* Taking -------------------------------------------------------------------------------------- */

static bool
copy_cluster(const FiscPlace *place, const char *admin_uri, const char *path, GError **error)
{
    g_autofree char *program = NULL;
    if (!fisc_program_find("pg_basebackup", &program, error)) {
        return false;
    }
    const char *argv[] = {program,
                          "--dbname",
                          admin_uri,
                          "--pgdata",
                          path,
                          "--format=plain",
                          "--wal-method=stream",
                          "--checkpoint=fast",
                          "--manifest-checksums=SHA256",
                          "--no-password",
                          NULL};
    return fisc_program_run_for(&place->account, argv, COPY_SECONDS_MAX, error);
}

static char *
new_name(const char *dir)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    for (int number = 1;; number++) {
        g_autofree char *stamp = g_date_time_format(now, BACKUP_PREFIX "%Y%m%dT%H%M%SZ");
        char *name = number == 1 ? g_strdup(stamp) : g_strdup_printf("%s-%d", stamp, number);
        g_autofree char *path = g_build_filename(dir, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
            return name;
        }
        g_free(name);
    }
}

/* Under a working name first: what bears a base's name is whole. */
static bool
take(const FiscPlace *place, const char *admin_uri, const char *dir, char **out_name,
     GError **error)
{
    g_autofree char *name = new_name(dir);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *working = g_strdup_printf("%s/.%s.new", dir, name);
    if (!copy_cluster(place, admin_uri, working, error)) {
        fisc_folder_remove(working);
        return false;
    }
    if (rename(working, path) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "could not rename %s: %s", working,
                         g_strerror(errno));
    }
    *out_name = g_steal_pointer(&name);
    return true;
}

static bool
take_with(const FiscPlace *place, PGconn **connection, const char *dir, char **out_name,
          GError **error)
{
    g_autofree char *wal_dir = g_build_filename(dir, BACKUP_LOG, NULL);
    if (!make_folder(&place->account, dir, error) ||
        !make_folder(&place->account, wal_dir, error) ||
        !allow_replication(place, *connection, error) ||
        !set_archive(*connection, wal_dir, error) ||
        !restart_when_needed(place->data_dir, connection, error)) {
        return false;
    }
    g_autofree char *socket_dir = NULL;
    fisc_server_find(place, &socket_dir); /* it may have moved */
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    return take(place, uri, dir, out_name, error) && finish_log(*connection, error);
}

bool
fisc_backup_take(const char *data_dir, const char *dir, char **out_name, GError **error)
{
    g_autoptr(FiscPlace) place = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    g_autofree char *absolute = g_canonicalize_filename(dir, NULL);
    g_autofree char *name = NULL;
    if (!fisc_cluster_open(data_dir, &cluster, error) ||
        !fisc_place_find(data_dir, &place, error)) {
        return false;
    }
    g_autofree char *inside = g_strconcat(place->data_dir, "/", NULL);
    if (g_str_has_prefix(absolute, inside) || strcmp(absolute, place->data_dir) == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a backup inside of %s is lost with it: name another folder",
                         place->data_dir);
    }
    PGconn *connection = connect_as_admin(cluster->admin_uri, error);
    bool is_taken = connection != NULL && take_with(place, &connection, absolute, &name, error);
    PQfinish(connection);
    if (is_taken) {
        *out_name = g_steal_pointer(&name);
    }
    return is_taken;
}

/* Listing ------------------------------------------------------------------------------------- */

/* "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)" of backup_label. */
static char *
read_first_wal(const char *path)
{
    g_autofree char *label_path = g_build_filename(path, "backup_label", NULL);
    g_autofree char *label = NULL;
    const char *file = NULL;
    if (g_file_get_contents(label_path, &label, NULL, NULL)) {
        file = strstr(label, "(file ");
    }
    return file != NULL && strlen(file) > 6 + WAL_NAME ? g_strndup(file + 6, WAL_NAME) : NULL;
}

static int
compare_backups(gconstpointer a, gconstpointer b)
{
    const FiscBackup *const *first = a, *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

static void
free_backup(gpointer backup)
{
    fisc_backup_free(backup);
}

bool
fisc_backup_list(const char *dir, GPtrArray **out_backups, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *absolute = g_canonicalize_filename(dir, NULL); /* programs run elsewhere */
    g_autoptr(GDir) folder = g_dir_open(absolute, 0, &failure);
    g_autoptr(GPtrArray) backups = g_ptr_array_new_with_free_func(free_backup);
    const char *name = NULL;
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s", failure->message);
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(absolute, name, NULL);
        g_autofree char *first =
            g_str_has_prefix(name, BACKUP_PREFIX) && g_file_test(path, G_FILE_TEST_IS_DIR)
                ? read_first_wal(path)
                : NULL;
        if (first != NULL) {
            FiscBackup *backup = g_new0(FiscBackup, 1);
            backup->name = g_strdup(name);
            backup->path = g_steal_pointer(&path);
            backup->first_wal = g_steal_pointer(&first);
            backup->last_wal = fisc_backup_newest_wal(backup->path, "pg_wal");
            g_ptr_array_add(backups, backup);
        }
    }
    g_ptr_array_sort(backups, compare_backups);
    *out_backups = g_steal_pointer(&backups);
    return true;
}

void
fisc_backup_free(FiscBackup *backup)
{
    if (backup == NULL) {
        return;
    }
    g_free(backup->name);
    g_free(backup->path);
    g_free(backup->first_wal);
    g_free(backup->last_wal);
    g_free(backup);
}
