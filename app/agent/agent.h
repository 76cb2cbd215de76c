/* agent.h: the small unit's side: what stands in a folder, or in a database of its own, is signed,
 * queued on disk and handed over to a server of fisc when it can be reached. docs/integrations.md.
 *
 * The queue is a folder: NUMBER.json tells what NUMBER.body is. A document is in the queue before
 * anything is sent, stays until the server said that it has it, and is sent as it was queued, so
 * that a power cut, a dead line or a second copy of the agent lose nothing and double nothing. What
 * was sent and what the server refused is kept beside it as json. */
#ifndef FISC_AGENT_H
#define FISC_AGENT_H

#include "core/base/sign.h"

typedef struct {
    const char *dir;      /* its files are documents, but for those that begin with '.' */
    const char *database; /* file that describes documents of a database (agent_database.h); NULL */
    const char *queue_dir; /* made when it is not there */
    const char *server;    /* "https://fisc.example:8443" */
    const char *feeder;
    const char *token;        /* of the API */
    const char *certified_by; /* ""; the figures are provisional */
    const FiscSignKey *key;
    /* How the server is known; NULL: by the system's authorities, at a public address. */
    const char *ca_file, *pinned_keys, *private_address;
    bool is_plain; /* http:// is meant: a tunnel protects it */
} FiscAgentOrder;

typedef struct {
    int queued, sent, refused; /* by this round; refused also: what cannot be taken */
    int waiting;               /* in the queue, still */
    char *away;                /* why the database was not read: it is asked again; NULL */
    char *held_up;             /* why the rest waits; NULL */
    int retry_after_s;         /* as the server asks; -1 */
    GPtrArray *complaints;     /* of char *: of those that were refused */
} FiscAgentRound;

/** Queues what is new or altered, sends what is queued. True also when the server cannot be
 * reached: @held_up tells. UNAVAILABLE when another agent works on the same queue. */
bool fisc_agent_round(const FiscAgentOrder *order, FiscAgentRound *out_round, GError **error);
void fisc_agent_round_clear(FiscAgentRound *round);
/** What became of what was sent: a table of the server's, as text. */
bool fisc_agent_ask(const FiscAgentOrder *order, char **out_text, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscAgentRound, fisc_agent_round_clear)

#endif
