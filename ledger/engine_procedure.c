/* engine_procedure.c: what a step of a procedure may say: an event of the kind "procedure", by the
 * name "PROCEDURE/STEP". What it means is asked in engine_case.c. */
#include "ledger/engine_internal.h"
#include <string.h>

/* What a step of a procedure may say. */
static const struct {
    const char *name;
    bool is_needed;
    const char *letters; /* NULL: any words; else one of these letters, or nothing */
} rule_fields[] = {
    {"from", true, NULL},     {"to", true, NULL},       {"action", true, NULL},
    {"right", true, "MA"},    {"parent", false, NULL},  {"changes", false, NULL},
    {"article", false, NULL}, {"edits", false, "Y"},    {"other_hand", false, "Y"},
    {"document", false, "Y"}, {"carries", false, NULL}, {"children", false, NULL},
};

static const char *
said(const FiscEvent *event, const char *name)
{
    const char *value = fisc_event_field(event, name);
    return value != NULL ? value : "";
}

static bool
refuse_rule(const FiscEvent *event, const char *field, FiscRefusals *refusals, const char *why)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "procedure %s: %s",
                      event->subject, why);
    return false;
}

static bool
is_rule_field(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rule_fields); i++) {
        if (strcmp(rule_fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* "procedure/step", each a word. */
static bool
is_rule_name(const char *subject)
{
    const char *slash = strchr(subject, '/');
    return slash != NULL && slash != subject && slash[1] != '\0' &&
           strchr(slash + 1, '/') == NULL && strpbrk(subject, " \t\n") == NULL &&
           strlen(subject) <= FISC_CODE_MAX;
}

bool
fisc_engine_check_procedure(const FiscEngine *engine, const FiscEvent *event,
                            FiscRefusals *refusals)
{
    (void)engine;
    if (!is_rule_name(event->subject)) {
        return refuse_rule(event, NULL, refusals, "its name is PROCEDURE/STEP");
    }
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        if (!is_rule_field(event->fields->pdata[i])) {
            return refuse_rule(event, event->fields->pdata[i], refusals,
                               "no step has such a field");
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rule_fields); i++) {
        const char *value = said(event, rule_fields[i].name);
        const char *letters = rule_fields[i].letters;
        if (rule_fields[i].is_needed && *value == '\0') {
            return refuse_rule(event, rule_fields[i].name, refusals, "it does not say");
        }
        if (letters != NULL && *value != '\0' &&
            (value[1] != '\0' || strchr(letters, *value) == NULL)) {
            return refuse_rule(event, rule_fields[i].name, refusals, "it is another letter");
        }
    }
    return strpbrk(said(event, "to"), " \t\n") == NULL ||
           refuse_rule(event, "to", refusals, "a step leads to one state");
}
