/* gate.h: the gate that stands before libmicrohttpd: it owns the clients' sockets, lets through
 * what is vetted (gate_parse.h), and ends what takes too long or too much.
 *
 * One thread, which never waits for anybody. A connection's requests go one at a time through a
 * socket pair to the library (docs/decisions/0016-gate-before-the-library.md); its answers come
 * back as they are. */
#ifndef FISC_SERVER_GATE_H
#define FISC_SERVER_GATE_H

#include "app/server/gate_parse.h"
#include "app/server/gate_peer.h"
#include "app/server/server_limits.h"

typedef struct _FiscGate FiscGate;

typedef struct {
    const char *listen; /* "127.0.0.1:8700", "[::1]:0", "unix:/run/fisc/fisc.sock"; several with
                           commas */
    const char *tls_cert, *tls_key; /* files in PEM; NULL: no TLS. A unix socket never has it */
    const char *tls_client_ca;      /* NULL: clients are asked for no certificates */
    const FiscProxies *proxies;     /* kept by the caller */
    FiscServerLimits limits;

    /* Called in the gate's thread; they must not wait. */
    /** The near end of a socket pair whose far end the library has; -1 when it takes no more. */
    int (*connect)(FiscGatePeer *peer, gpointer data);
    /** The longest body of a request; the path is decoded. */
    uint64_t (*body_max)(const char *method, const char *path, gpointer data);
    /** A request was refused here, before anybody else saw it. NULL allowed. */
    void (*refused)(const FiscGatePeer *peer, const FiscGateRefusal *refusal, gpointer data);
    gpointer data;
} FiscGateOptions;

/** Listens; whoever comes waits until it starts. SETUP when an address is taken. */
bool fisc_gate_open(const FiscGateOptions *options, FiscGate **out_gate, GError **error);
bool fisc_gate_start(FiscGate *gate, GError **error);
/** The first TCP port it listens on; 0: none. */
int fisc_gate_port(const FiscGate *gate);
/** By any thread: the library has written all of the answer to the request of this peer. */
void fisc_gate_answered(FiscGate *gate, uint64_t peer_id);
/** By any thread: takes no more connections, closes the idle ones and each other when it has its
 * answer. */
void fisc_gate_drain(FiscGate *gate);
/** Waits until no connection is left, or for @wait_ms. */
bool fisc_gate_wait(FiscGate *gate, int64_t wait_ms);
int fisc_gate_count(FiscGate *gate);
/** Ends the thread and every connection, whatever they are at. */
void fisc_gate_stop(FiscGate *gate);
/** After fisc_gate_stop(), when the library says nothing any more. NULL does nothing. */
void fisc_gate_close(FiscGate *gate);

#endif
