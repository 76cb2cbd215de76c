/* gate_wire.h: the client's side of a connection: a socket, bare or under TLS. GnuTLS stays behind
 * gate_wire.c. Nothing here blocks. */
#ifndef FISC_SERVER_GATE_WIRE_H
#define FISC_SERVER_GATE_WIRE_H

#include "fisc/error.h"

typedef struct _FiscTls FiscTls;   /* certificates of this server */
typedef struct _FiscWire FiscWire; /* one connection */

/* What reading, writing and shaking hands return besides a count of bytes. */
#define FISC_WIRE_END 0      /* the other side sends nothing more */
#define FISC_WIRE_AGAIN (-1) /* not now: wait for fisc_wire_events() */
#define FISC_WIRE_BROKEN (-2)

/** Files in PEM. @client_ca: whose certificates of clients are taken; NULL: none are asked for.
 * A client without one is let in all the same; who he is, the sign-in has to find out. */
bool fisc_tls_open(const char *cert, const char *key, const char *client_ca, FiscTls **out_tls,
                   GError **error);
void fisc_tls_close(FiscTls *tls);

/** Takes over a socket that does not block. @tls NULL: a bare one. */
FiscWire *fisc_wire_new(int socket, FiscTls *tls);
void fisc_wire_free(FiscWire *wire);
int fisc_wire_socket(const FiscWire *wire);
/** Whether both directions are closed, or it is broken. */
bool fisc_wire_is_gone(const FiscWire *wire);

/** 1 when hands are shaken; at once on a bare socket. */
int fisc_wire_shake(FiscWire *wire);
/** EPOLLIN or EPOLLOUT: what the handshake waits for. */
unsigned fisc_wire_shaking_events(const FiscWire *wire);
/** RFC 4514 subject of the client's certificate; NULL. Caller frees. */
char *fisc_wire_subject(const FiscWire *wire);

gssize fisc_wire_read(FiscWire *wire, void *out, gsize size);
/** After FISC_WIRE_AGAIN the same bytes have to come first again; more may follow them. */
gssize fisc_wire_write(FiscWire *wire, const void *data, gsize length);
/** Tells the other side that nothing more comes. */
void fisc_wire_shut(FiscWire *wire);

#endif
