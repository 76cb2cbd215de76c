/* engine_feed.c: entries that an outside system (a feeder) brings, where duties are enforced.
 *
 * Its payments and orders were made elsewhere, by others; here they are only taken over. So they
 * exercise one duty, "feed": who pulls stages them, an officer of the ministry approves them, as a
 * document about nothing else. This is so for what the feeder may speak of and for nobody else's
 * entries: their source is the feeder's name, their entity one of its own, by the register that the
 * book has of it. Where a chain has been in other hands, its duties are asked for. */
#include "ledger/engine_internal.h"
#include <string.h>

#define STAGE 'S'

static bool
has_word(const char *list, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list != NULL ? list : "", " ", -1);
    return word != NULL && g_strv_contains((const char *const *)words, word);
}

bool
fisc_engine_is_fed(const FiscEngine *engine, const FiscMaster *document, const char *source,
                   const char *entity)
{
    if (document == NULL || source == NULL ||
        g_strcmp0(fisc_engine_field(document->fields, "action"), FISC_ACTION_FEED) != 0 ||
        g_strcmp0(fisc_engine_field(document->fields, "source"), source) != 0) {
        return false;
    }
    return has_word(fisc_engine_master_field(engine, "feeder", source, "entities"), entity);
}

bool
fisc_engine_is_fed_event(const FiscEngine *engine, const FiscMaster *document, const char *source,
                         const FiscEvent *event)
{
    g_autofree char *entity = strcmp(event->kind, "due") == 0 ? fisc_event_entity(event) : NULL;
    return entity != NULL && fisc_engine_is_fed(engine, document, source, entity);
}

/* Entries ------------------------------------------------------------------------------------ */

/* Items that were opened before duties were in force have the hands of who pulled then. */
static bool
is_own_chain(const FiscDecision *decision)
{
    const FiscEngine *engine = decision->engine;
    for (guint i = 0; i + 1 < decision->hands->len; i += 2) {
        int person = g_array_index(decision->hands, int32_t, i + 1);
        if (!fisc_engine_may(engine, person, 0, FISC_ACTION_FEED, STAGE, decision->entity_id)) {
            return false;
        }
    }
    return true;
}

bool
fisc_engine_is_fed_entry(const FiscDecision *decision, const FiscMaster *document)
{
    return fisc_engine_is_fed(decision->engine, document, decision->submission->source,
                              decision->entry->entity) &&
           is_own_chain(decision);
}

void
fisc_engine_judge_fed(FiscDecision *decision, const char *principal)
{
    const FiscEngine *engine = decision->engine;
    FiscAct act = {.person = fisc_engine_person(engine, decision->maker),
                   .principal = principal,
                   .action = FISC_ACTION_FEED,
                   .right = STAGE,
                   .entity = decision->entry->entity,
                   .on = fisc_engine_today(engine)};
    fisc_registry_judge(engine->registry, &act, decision->refusals);
}

/* On record ---------------------------------------------------------------------------------- */

static bool
could_stage(const FiscEngine *engine, int maker, const char *entity)
{
    FiscAct act = {.person = fisc_engine_person(engine, maker),
                   .action = FISC_ACTION_FEED,
                   .right = STAGE,
                   .entity = entity,
                   .on = fisc_engine_today(engine)};
    return fisc_engine_could(engine, &act);
}

/* The source of an entry on record is known by its number. */
static bool
is_source(const FiscEngine *engine, const char *name, int source_id)
{
    const FiscMaster *source = name != NULL ? fisc_engine_master(engine, "source", name) : NULL;
    return source != NULL && source->number == source_id;
}

bool
fisc_engine_was_fed_entry(const FiscEngine *engine, const FiscDecidedEntry *entry,
                          const GArray *carried)
{
    const char *entity = engine->entity_codes->pdata[entry->entity_id - 1];
    for (guint i = 0; i < carried->len; i++) {
        const FiscCarried *one = &g_array_index(carried, FiscCarried, i);
        const char *source = fisc_engine_field(one->document->fields, "source");
        if (one->maker == entry->maker && is_source(engine, source, entry->source_id) &&
            fisc_engine_is_fed(engine, one->document, source, entity)) {
            return could_stage(engine, entry->maker, entity);
        }
    }
    return false;
}

bool
fisc_engine_was_fed_event(const FiscEngine *engine, const FiscEvent *event, int actor,
                          const GArray *carried)
{
    g_autofree char *entity = fisc_event_entity(event);
    for (guint i = 0; i < carried->len; i++) {
        const FiscCarried *one = &g_array_index(carried, FiscCarried, i);
        const char *source = fisc_engine_field(one->document->fields, "source");
        if (one->actor == actor && fisc_engine_is_fed_event(engine, one->document, source, event)) {
            return could_stage(engine, one->maker, entity);
        }
    }
    return false;
}
