/* replay.c: see replay.h. An objection to what the engine itself decided is a false alarm. */
#include "tests/sim/replay.h"

static const FiscDecidedEvent *
find_event(const FiscBatch *batch, int item)
{
    for (guint i = 0; i < batch->events->len; i++) {
        const FiscDecidedEvent *event = batch->events->pdata[i];
        if (event->item == item) {
            return event;
        }
    }
    return NULL;
}

static const FiscDecidedEntry *
find_entry(const FiscBatch *batch, int item)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        const FiscDecidedEntry *entry = batch->entries->pdata[i];
        if (entry->item == item) {
            return entry;
        }
    }
    return NULL;
}

static const FiscDecidedRefusal *
find_refusal(const FiscBatch *batch, int item)
{
    for (guint i = 0; i < batch->refusals->len; i++) {
        const FiscDecidedRefusal *refusal = batch->refusals->pdata[i];
        if (refusal->item == item) {
            return refusal;
        }
    }
    g_assert_not_reached();
}

static void
replay_item(FiscReplay *replay, const FiscBatch *batch, int item, FiscRefusals *objections)
{
    const FiscDecidedEvent *event = find_event(batch, item);
    const FiscDecidedEntry *entry = find_entry(batch, item);
    if (event != NULL) {
        const FiscEvent words = {
            .kind = event->kind, .subject = event->subject, .fields = event->fields};
        fisc_replay_event(replay, &words, event->number, event->maker, objections);
    } else if (entry != NULL) {
        fisc_replay_entry(replay, entry, objections);
    } else {
        fisc_replay_refusal(replay, find_refusal(batch, item), objections);
    }
}

void
sim_replay_batch(FiscReplay *replay, const FiscBatch *batch, GString *objections)
{
    g_autoptr(FiscRefusals) said = fisc_refusals_new();
    fisc_replay_time(replay, batch->posted_at_us);
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(replay, &g_array_index(batch->codings, FiscDecidedCoding, i), said);
    }
    for (int item = 0; item < batch->items; item++) {
        replay_item(replay, batch, item, said);
    }
    for (guint i = 0; i < said->len; i++) {
        g_autofree char *text = fisc_refusal_to_text(said->pdata[i], 0);
        g_string_append_printf(objections, "  deciding batch %" G_GINT64_FORMAT " again: %s\n",
                               batch->batch_no, text);
    }
}
