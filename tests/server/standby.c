/* standby.c: pg_basebackup, which also writes how to follow. */
#include "tests/server/standby.h"
#include "core/db/place.h"
#include "core/db/server.h"
#include "fisc/cluster.h"
#include <glib/gstdio.h>

bool
standby_make(const char *primary_dir, const char *replica_dir, GError **error)
{
    g_autoptr(FiscPlace) primary = NULL;
    g_autoptr(FiscPlace) replica = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    g_autofree char *socket_dir = NULL;
    g_autofree char *program = NULL;
    if (!fisc_cluster_open(primary_dir, &cluster, error) ||
        !fisc_place_find(primary_dir, &primary, error) ||
        !fisc_place_prepare(replica_dir, &replica, error) ||
        !fisc_program_find("pg_basebackup", &program, error)) {
        return false;
    }
    fisc_server_find(primary, &socket_dir);
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    const char *argv[] = {program,
                          "--dbname",
                          uri,
                          "--pgdata",
                          replica->postgres_dir,
                          "--write-recovery-conf",
                          "--wal-method=stream",
                          "--checkpoint=fast",
                          NULL};
    /* The account makes the folder, in one that is the caller's. */
    return g_chmod(replica->data_dir, 0777) == 0 &&
           fisc_program_run(&replica->account, argv, error);
}
