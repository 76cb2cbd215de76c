/* gate_peer.h: who is at the other end of a connection, and which of them are proxies whose word
 * about their own clients counts. */
#ifndef FISC_SERVER_GATE_PEER_H
#define FISC_SERVER_GATE_PEER_H

#include "fisc/error.h"
#include <stdint.h>
#include <sys/socket.h>

#define FISC_ADDRESS_SIZE 64

/* A connection's other end. Shared by the gate and what stands behind it; nothing of it changes
 * once it is known. */
typedef struct {
    uint64_t id;                     /* no other connection has it */
    char address[FISC_ADDRESS_SIZE]; /* "127.0.0.1", "2001:db8::1", "unix" */
    char *subject;                   /* RFC 4514, of the client's certificate; NULL */
    int64_t user;                    /* user id at the other end of a unix socket; -1 */
    bool is_secure;                  /* by TLS */
    bool is_proxy;                   /* one that is trusted */
    gint holds;
} FiscGatePeer;

/* Addresses and networks: "127.0.0.1, 10.0.0.0/8, 2001:db8::/32, unix". */
typedef struct _FiscProxies FiscProxies;

/** @text NULL or empty: none. USAGE when a word is no address. */
bool fisc_proxies_read(const char *text, FiscProxies **out_proxies, GError **error);
void fisc_proxies_free(FiscProxies *proxies);
bool fisc_proxies_has(const FiscProxies *proxies, const char *address);
/** Whose request it is by X-Forwarded-For as a trusted proxy sent it: the last address in it that
 * is no trusted proxy itself; what stands before that the client may have made up. NULL when the
 * header says nothing. Caller frees. */
char *fisc_proxies_client(const FiscProxies *proxies, const char *forwarded_for);

FiscGatePeer *fisc_gate_peer_new(uint64_t id, int socket, const FiscProxies *proxies);
FiscGatePeer *fisc_gate_peer_ref(FiscGatePeer *peer);
void fisc_gate_peer_unref(FiscGatePeer *peer);
/** What connections are counted by: an address, or the /64 network of IPv6, in which a client may
 * take any. NULL: they are not counted. Caller frees. */
char *fisc_gate_peer_origin(const FiscGatePeer *peer);

#endif
