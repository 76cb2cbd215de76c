/* replay.h: the chain read again, item by item, by somebody who trusts nothing but the lines.
 *
 * Folds the budgetary lines of a book by (entity, programme, year) and says where an entry took
 * more than there was, or a refusal was wrong: the proof that control held, whoever posted what
 * when. */
#ifndef FISC_FAULT_REPLAY_H
#define FISC_FAULT_REPLAY_H

#include <glib.h>
#include <stdint.h>

typedef struct {
    int64_t entries, refusals;
    GHashTable *available; /* key text -> int64_t *: what is left */
    GString *complaints;
} FaultReplay;

/** Reads the whole chain in one snapshot. */
FaultReplay *fault_replay(const char *admin_uri);
void fault_replay_free(FaultReplay *replay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultReplay, fault_replay_free)

#endif
