/* place.h: where an embedded cluster lives: its folders, its lock files, its account.
 *
 * Internal to core/db. */
#ifndef FISC_CORE_DB_PLACE_H
#define FISC_CORE_DB_PLACE_H

#include "core/db/program.h"

typedef struct {
    char *data_dir;         /* absolute, without symbolic links */
    char *postgres_dir;     /* the cluster itself; owned by the account */
    char *log_path;         /* what the server and the keeper say */
    char *start_lock_path;  /* held while the cluster is made, started or stopped */
    char *keeper_lock_path; /* held by the keeper as long as it lives */
    FiscAccount account;
} FiscPlace;

/** Names the place; touches nothing. */
bool fisc_place_find(const char *data_dir, FiscPlace **out_place, GError **error);
/** Names the place and makes the folders it needs. SETUP when a parent folder shuts the account
 * out, naming that folder. */
bool fisc_place_prepare(const char *data_dir, FiscPlace **out_place, GError **error);
void fisc_place_free(FiscPlace *place);

/** True when there is a cluster; false with @error unset when there is none. SETUP when what is
 * there is another version's, another account's or no cluster at all. */
bool fisc_place_has_cluster(const FiscPlace *place, GError **error);
/** Makes the private folder for the socket, short enough for its path to fit. Caller frees. */
bool fisc_place_make_socket_dir(const FiscPlace *place, char **out_dir, GError **error);

/** Writes a file of the cluster's account, readable by nobody else, and sees it on the disk.
 * @flags: of open(): O_APPEND or O_TRUNC. */
bool fisc_place_write(const FiscPlace *place, const char *folder, const char *name, int flags,
                      const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPlace, fisc_place_free)

#endif
