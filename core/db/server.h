/* server.h: the running server of an embedded cluster.
 *
 * Internal to core/db. Whoever starts or stops one holds the start lock of its place. */
#ifndef FISC_CORE_DB_SERVER_H
#define FISC_CORE_DB_SERVER_H

#include "core/db/place.h"

/** The process id of the live server, or 0. @out_socket_dir (may be NULL): where it listens, NULL
 * as long as it does not. */
pid_t fisc_server_find(const FiscPlace *place, char **out_socket_dir);
/** Adopts the live server or starts one, and waits until it answers. SETUP, with the end of its
 * log, when it will not start; UNAVAILABLE when it takes longer than a minute. */
bool fisc_server_start(const FiscPlace *place, char **out_socket_dir, GError **error);
/** Stops it in an orderly way, without waiting for clients; fine when it is down. */
bool fisc_server_stop(const FiscPlace *place, GError **error);
/** True when connections are accepted there. */
bool fisc_server_answers(const char *socket_dir);
/** How to connect: a libpq URI. Caller frees. */
char *fisc_server_uri(const char *socket_dir, const char *database, const char *role);

#endif
