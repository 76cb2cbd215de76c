/* target.h: where a fetch goes: a URL taken apart by the one parser that also makes the connection,
 * and held against the rules. */
#ifndef FISC_NET_TARGET_H
#define FISC_NET_TARGET_H

#include "fisc/fetch.h"
#include <curl/curl.h>

typedef struct {
    CURLU *url;
    FiscScheme scheme;
    char *host; /* lower case, without the dot at the end; IPv6 in brackets */
    char *name; /* "host:port", as rules and messages have it */
} FiscTarget;

/** Refuses what the rules do not name. VALUE_INVALID for a URL that is none or that carries what
 * does not belong there; PEER_FORBIDDEN by the rules. */
bool fisc_target_read(const FiscFetchRules *rules, const char *url, FiscTarget **out_target,
                      GError **error);
void fisc_target_free(FiscTarget *target); /* NULL does nothing */

/** May a connection to this address be made? *out_address (owned): the address as text. */
bool fisc_target_admits(const FiscTarget *target, const FiscFetchRules *rules,
                        const struct sockaddr *socket_address, char **out_address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTarget, fisc_target_free)

#endif
