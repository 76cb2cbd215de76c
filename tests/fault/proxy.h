/* proxy.h: stands between a client and PostgreSQL, on a socket of its own, and cuts the line after
 * a chosen byte: before it reaches the server, or before it reaches the client. */
#ifndef FISC_FAULT_PROXY_H
#define FISC_FAULT_PROXY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { PROXY_TO_SERVER, PROXY_TO_CLIENT } FaultDirection;

typedef struct _FaultProxy FaultProxy;

/** @uri: of the server behind. The proxy listens in a folder of its own. */
FaultProxy *fault_proxy_new(const char *uri);
void fault_proxy_free(FaultProxy *proxy); /* cuts everything */
/** How to connect through it. Borrowed. */
const char *fault_proxy_uri(const FaultProxy *proxy);

/** From now on counts the bytes of both directions; cuts all lines, once, when @bytes of @direction
 * have passed. -1: counts only. */
void fault_proxy_arm(FaultProxy *proxy, FaultDirection direction, int64_t bytes);
/** Bytes that passed since it was armed. */
int64_t fault_proxy_passed(FaultProxy *proxy, FaultDirection direction);
/** True when the armed cut has happened. */
bool fault_proxy_has_cut(FaultProxy *proxy);
/** As long as it is shut, nobody gets through: lines are cut, and new ones refused. */
void fault_proxy_shut(FaultProxy *proxy, bool is_shut);
/** Shuts by itself at the armed cut. */
void fault_proxy_shut_at_cut(FaultProxy *proxy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultProxy, fault_proxy_free)

#endif
