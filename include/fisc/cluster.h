/* cluster.h: the embedded PostgreSQL: made, started, adopted, stopped by fisc itself.
 *
 * Lives in <data dir>/postgres. As root it runs under the account "postgres"; the socket is in a
 * short private folder; nobody but the owner can connect (peer and pg_ident). Durable settings.
 * A keeper process stops it after ten idle minutes. Other clusters on the machine are not touched.
 */
#ifndef FISC_CLUSTER_H
#define FISC_CLUSTER_H

#include "fisc/error.h"

typedef struct {
    char *data_dir;   /* absolute */
    char *admin_uri;  /* as fisc_admin, superuser of this cluster: migrations only */
    char *poster_uri; /* as fisc_poster: SELECT and EXECUTE */
} FiscCluster;

/** The default of --data: $XDG_DATA_HOME/fisc, ~/.local/share/fisc, as root /var/lib/fisc. */
char *fisc_cluster_default_dir(void);
/** Makes the cluster when there is none, starts it when it is down, adopts it when it is up. Two
 *  commands at once work: one starts, the other waits. Named errors: the program files of
 * PostgreSQL 15 are missing, a parent folder shuts the cluster's user out, the folder is of another
 * version. */
bool fisc_cluster_open(const char *data_dir, FiscCluster **out_cluster, GError **error);
void fisc_cluster_free(FiscCluster *cluster); /* leaves it running */
/** How to connect as another of its roles. Caller frees. */
char *fisc_cluster_uri_as(const FiscCluster *cluster, const char *role);
/** Stops it (fast). NOT_FOUND when there is none; fine when it is down. */
bool fisc_cluster_stop(const char *data_dir, GError **error);
/** True when it answers. */
bool fisc_cluster_is_running(const char *data_dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscCluster, fisc_cluster_free)

#endif
