/* engine_fact.c: facts that statements are read by: what they name must be on record. Their form
 * is judged in fact.c, their meaning in reporting. */
#include "fisc/fact.h"
#include "ledger/engine_internal.h"
#include <string.h>

/* The kind of master record that a field of a type names; NULL: none. */
static const char *
kind_named(FiscFactType type)
{
    switch (type) {
    case FISC_FACT_ENTITY:
    case FISC_FACT_ENTITIES:
        return "entity";
    case FISC_FACT_GROUP:
        return "group";
    case FISC_FACT_ACCOUNT:
        return "account";
    default:
        return NULL;
    }
}

static bool
check_named(const FiscEngine *engine, const FiscEvent *event, const FiscFactField *field,
            FiscRefusals *refusals)
{
    const char *kind = kind_named(field->type);
    const char *text = fisc_event_field(event, field->name);
    g_auto(GStrv) codes = g_strsplit(kind != NULL && text != NULL ? text : "", " ", -1);
    bool is_good = true;
    for (char **code = codes; *code != NULL; code++) {
        if (**code != '\0' && fisc_engine_master(engine, kind, *code) == NULL) {
            fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field->name,
                              "%s \"%s\": no %s \"%s\" is on record", event->kind, event->subject,
                              kind, *code);
            is_good = false;
        }
    }
    return is_good;
}

/* What was given to the public stays what it was: a correction is a publication of its own. */
static bool
check_published(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    bool is_published = strcmp(event->kind, "publication") == 0;
    const FiscMaster *old =
        is_published ? fisc_engine_master(engine, event->kind, event->subject) : NULL;
    bool is_same = old == NULL || old->fields->len == event->fields->len;
    for (guint i = 0; old != NULL && is_same && i < event->fields->len; i++) {
        is_same = strcmp(old->fields->pdata[i], event->fields->pdata[i]) == 0;
    }
    if (!is_same) {
        fisc_refusals_add(refusals, FISC_ERROR_MASTER_CONFLICT, NULL, 0, NULL,
                          "publication \"%s\" is on record with another content: what corrects it "
                          "has a name of its own, and says what it replaces",
                          event->subject);
    }
    return is_same;
}

bool
fisc_engine_check_fact(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    if (!fisc_fact_check(event, refusals)) {
        return false;
    }
    bool is_good = check_published(engine, event, refusals);
    for (const FiscFactField *field = fisc_fact_kind(event->kind)->fields; field->name != NULL;
         field++) {
        is_good = check_named(engine, event, field, refusals) && is_good;
    }
    return is_good;
}
