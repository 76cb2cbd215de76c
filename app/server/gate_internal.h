/* gate_internal.h: what the parts of the gate share. */
#ifndef FISC_SERVER_GATE_INTERNAL_H
#define FISC_SERVER_GATE_INTERNAL_H

#include "app/server/gate.h"
#include "app/server/gate_wire.h"
#include <pthread.h>

typedef enum {
    LINK_SHAKING,   /* hands, by TLS */
    LINK_READING,   /* a request, or waiting for one */
    LINK_ANSWERING, /* the request is whole and handed on */
    LINK_LEAVING,   /* what is left is sent, then it closes */
} FiscLinkPhase;

/* One connection. */
typedef struct {
    FiscGate *gate;
    FiscGatePeer *peer;
    char *origin; /* what it is counted by; NULL: it is not */
    FiscWire *wire;
    FiscGateParser *parser;
    FiscLinkPhase phase;
    int hop;                  /* our end of the pair to the library; -1: none yet, or no more */
    GByteArray *in;           /* come, not vetted yet */
    GByteArray *forward;      /* vetted, on its way to the library */
    GByteArray *back;         /* on its way to the client */
    bool is_answered;         /* the library has written the whole answer ... */
    bool is_hop_dry;          /* ... and since then nothing was left to be read of it */
    bool is_spoken_for;       /* bytes of an answer to this request have come back */
    bool is_shut;             /* the client was told that nothing more comes */
    bool is_dead;             /* freed when the events at hand are through */
    bool is_turned_away;      /* beyond the limit of connections: not counted among them */
    int64_t deadline_us;      /* of the phase; 0: none */
    int64_t back_deadline_us; /* for a reader who lets his answer wait; 0: he does not */
    unsigned wire_events, hop_events; /* what epoll was asked for */
} FiscGateLink;

struct _FiscGate {
    FiscGateOptions options;
    FiscTls *tls;
    GArray *listeners; /* of FiscListener */
    int port;
    int epoll, wake; /* an eventfd */
    pthread_t thread;
    bool is_running;
    /* The thread's own. */
    GHashTable *links;   /* id of the peer -> FiscGateLink */
    GHashTable *origins; /* address -> number of connections */
    GPtrArray *dead;
    uint64_t next_id;
    int turned_away;
    bool is_accepting;
    bool is_leaving; /* nobody comes any more; who is here goes when he has his answer */
    /* Between threads. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    GArray *answered; /* of uint64_t: ids of peers */
    bool is_draining, is_ending;
    int count; /* of links */
};

/* gate_link.c */
FiscGateLink *fisc_gate_link_new(FiscGate *gate, int socket, bool is_tls);
void fisc_gate_link_free(FiscGateLink *link);
/** Moves whatever can be moved. */
void fisc_gate_link_progress(FiscGateLink *link);
/** Answers with a problem and closes; what was on its way to the library is cut off. */
void fisc_gate_link_refuse(FiscGateLink *link, const FiscGateRefusal *refusal);
/** Sends what is left, then closes. */
void fisc_gate_link_leave(FiscGateLink *link);
bool fisc_gate_link_is_idle(const FiscGateLink *link);
/** Ends it when a deadline has passed. */
void fisc_gate_link_check_time(FiscGateLink *link, int64_t now_us);
/** What it waits for, as epoll says it. */
unsigned fisc_gate_link_wire_events(const FiscGateLink *link);
unsigned fisc_gate_link_hop_events(const FiscGateLink *link);

/* gate_listen.c */
typedef struct {
    int socket;
    bool is_unix;
    char *path; /* of a unix socket */
} FiscListener;

/** Opens every address of the list. */
bool fisc_gate_listen(const char *listen, GArray *listeners, GError **error);
/** Closes them; sockets of the file system are removed. */
void fisc_gate_unlisten(GArray *listeners);
int fisc_gate_listening_port(int socket);

#endif
