/* initdb.c: makes a cluster in a temporary folder and renames it into place when it is whole.
 *
 * A command may be killed at any point of this, and a half made cluster looks much like a whole
 * one. The rename decides: what bears the final name is complete, what bears another is swept away
 * by the next command. Roles and the database are made later, by cluster.c, over a connection. */
#include "core/db/initdb.h"
#include "core/base/kill_point.h"
#include "fisc/backup.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_PREFIX "postgres.new-"
#define OPEN_FOLDERS_MAX 16

/* Appended to initdb's own file, where the last word counts. The socket's folder is not here: it
 * depends on who starts the server, so it is given on its command line. */
static const char settings[] =
    "\n# ---- fisc ----\n"
    "listen_addresses = ''          # no network: a socket in a private folder\n"
    "unix_socket_permissions = 0700\n"
    "max_connections = 60\n"
    "shared_buffers = 256MB\n"
    "jit = off                      # queries are short and prepared\n"
    "# Durability: what is acknowledged survives kill -9 and power loss.\n"
    "fsync = on\n"
    "synchronous_commit = on\n"
    "full_page_writes = on\n"
    "wal_level = replica            # a backup or a standby may be wanted later\n"
    "archive_mode = on              # `fisc backup` says where to; until then nowhere:\n"
    "archive_command = '/bin/true'  # switching it on would take a restart\n"
    "min_wal_size = 256MB\n"
    "max_wal_size = 2GB\n"
    "checkpoint_timeout = 15min\n"
    "timezone = 'UTC'\n"
    "log_timezone = 'UTC'\n"
    "datestyle = 'iso, ymd'\n"
    "logging_collector = off        # the output goes to <data>/log\n"
    "log_destination = 'stderr'\n"
    "log_line_prefix = '%m [%p] %u@%d '\n";

static const char host_rules[] = "# Only local users that pg_ident.conf knows.\n"
                                 "local all all peer map=fisc\n"
                                 "local replication fisc_admin peer map=fisc\n";

static const char *const roles[] = {"fisc_admin", "fisc_poster", "fisc_reader"};

static int
remove_one(const char *path, const struct stat *state G_GNUC_UNUSED, int kind G_GNUC_UNUSED,
           struct FTW *walk G_GNUC_UNUSED)
{
    remove(path);
    return 0; /* go on: what cannot go now goes the next time */
}

void
fisc_folder_remove(const char *path)
{
    nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}

static void
sweep_leftovers(const FiscPlace *place)
{
    g_autoptr(GDir) folder = g_dir_open(place->data_dir, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_prefix(name, TEMPORARY_PREFIX)) {
            g_autofree char *path = g_build_filename(place->data_dir, name, NULL);
            fisc_folder_remove(path);
        }
    }
}

static bool
run_initdb(const FiscPlace *place, const char *folder, GError **error)
{
    g_autofree char *initdb = NULL;
    if (!fisc_program_find("initdb", &initdb, error)) {
        return false;
    }
    const char *argv[] = {initdb,
                          "--data-checksums",
                          "--encoding=UTF8",
                          "--locale=C.UTF-8",
                          "--auth=peer",
                          "--username=fisc_admin",
                          "--no-instructions",
                          "--pgdata",
                          folder,
                          NULL};
    return fisc_program_run(&place->account, argv, error);
}

/* Who may connect as whom: the account, and the caller when that is another (root). */
static char *
write_ident_rules(const FiscPlace *place)
{
    GString *text = g_string_new("# map, operating system's user, role\n");
    const char *users[] = {place->account.name, place->account.is_other ? "root" : NULL};
    for (gsize user = 0; user < G_N_ELEMENTS(users) && users[user] != NULL; user++) {
        for (gsize role = 0; role < G_N_ELEMENTS(roles); role++) {
            g_string_append_printf(text, "fisc \"%s\" %s\n", users[user], roles[role]);
        }
    }
    return g_string_free(text, FALSE);
}

/* Durable before the rename makes the cluster real. */
static bool
write_settings(const FiscPlace *place, const char *folder, GError **error)
{
    g_autofree char *ident_rules = write_ident_rules(place);
    return fisc_place_write(place, folder, "postgresql.conf", O_APPEND, settings, error) &&
           fisc_place_write(place, folder, "pg_hba.conf", O_TRUNC, host_rules, error) &&
           fisc_place_write(place, folder, "pg_ident.conf", O_TRUNC, ident_rules, error);
}

static void
sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static bool
put_in_place(const FiscPlace *place, const char *folder, GError **error)
{
    sync_folder(folder);
    fisc_kill_point("initdb.before_rename");
    if (rename(folder, place->postgres_dir) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "could not rename %s to %s: %s", folder,
                         place->postgres_dir, strerror(errno));
    }
    sync_folder(place->data_dir);
    return true;
}

bool
fisc_initdb_make(const FiscPlace *place, GError **error)
{
    sweep_leftovers(place);
    g_autofree char *folder = g_build_filename(place->data_dir, TEMPORARY_PREFIX "XXXXXX", NULL);
    if (g_mkdtemp_full(folder, 0700) == NULL ||
        chown(folder, place->account.uid, place->account.gid) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "could not make the folder %s: %s", folder,
                         strerror(errno));
    }
    if (!run_initdb(place, folder, error) || !write_settings(place, folder, error) ||
        !put_in_place(place, folder, error)) {
        fisc_folder_remove(folder);
        return false;
    }
    return true;
}
