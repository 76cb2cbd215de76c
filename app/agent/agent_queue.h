/* agent_queue.h: the queue on disk, between agent.c and agent_queue.c. */
#ifndef FISC_AGENT_QUEUE_H
#define FISC_AGENT_QUEUE_H

#include "app/agent/agent.h"
#include "app/agent/agent_database.h"

typedef struct {
    char *number; /* "00000012" */
    char *document, *version, *certified_by;
    GBytes *bytes;
} FiscAgentItem;
void fisc_agent_item_free(FiscAgentItem *item);

/** Makes its folders and takes its lock. UNAVAILABLE while another agent has it. */
bool fisc_agent_queue_open(const FiscAgentOrder *order, int *out_lock, GError **error);
void fisc_agent_queue_close(int lock);
/** What queries gave: of FiscAgentResult; and when they were last altered. */
typedef struct {
    const GPtrArray *results; /* NULL: there are none */
    const FiscAgentDatabase *database;
} FiscAgentFound;

/** Puts what is new or altered into the queue: files, and what was found in a database. What cannot
 * be taken is complained of. */
bool fisc_agent_queue_fill(const FiscAgentOrder *order, const FiscAgentFound *found,
                           FiscAgentRound *round, GError **error);
void fisc_agent_complain(FiscAgentRound *round, const char *name, const char *reason);
/** Numbers, in order. */
bool fisc_agent_queue_list(const FiscAgentOrder *order, GPtrArray **out_numbers, GError **error);
bool fisc_agent_queue_read(const FiscAgentOrder *order, const char *number,
                           FiscAgentItem **out_item, GError **error);
/** Out of the queue, into @folder ("sent", "refused") with what the server said. */
bool fisc_agent_queue_move(const FiscAgentOrder *order, const FiscAgentItem *item,
                           const char *folder, const char *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscAgentItem, fisc_agent_item_free)

#endif
