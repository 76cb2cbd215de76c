/* procedure.c: the procedures of a budget: the table that is shipped, as events, and the event of a
 * step in one of them. Whether a step may be taken is the engine's (ledger/engine_case.c); which
 * table holds is what is on record, the shipped one is only what a book begins with. Pure. */
#include "fisc/formulation.h"
#include "fisc/ledger.h"
#include <string.h>

extern const char fisc_budget_procedures[];

#define FIRST_FIELD 2 /* behind procedure and step */

void
fisc_procedure_events(FiscSubmission *submission)
{
    g_auto(GStrv) lines = g_strsplit(fisc_budget_procedures, "\n", -1);
    g_auto(GStrv) head = g_strsplit(lines[0], ",", -1);
    for (int i = 1; lines[i] != NULL; i++) {
        g_auto(GStrv) row = g_strsplit(lines[i], ",", -1);
        if (row[0] == NULL || *row[0] == '\0') {
            continue;
        }
        g_assert(g_strv_length(row) == g_strv_length(head)); /* compiled in: a bug */
        g_autofree char *subject = g_strconcat(row[0], "/", row[1], NULL);
        FiscEvent *event = fisc_submission_event(submission, "procedure", subject, NULL);
        for (int k = FIRST_FIELD; head[k] != NULL; k++) {
            if (*row[k] != '\0') {
                g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, head[k]));
                g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, row[k]));
            }
        }
    }
}

/* Steps --------------------------------------------------------------------------------------- */

/* What every step says anew, as the engine has it. */
static bool
is_said_anew(const char *name)
{
    static const char *const names[] = {"step",     "state", "content", "base",      "children",
                                        "requires", "hands", "reason",  "on_behalf", NULL};
    return g_strv_contains(names, name);
}

static void
add_field(FiscSubmission *submission, FiscEvent *event, const char *name, const char *value)
{
    if (value != NULL && *value != '\0') {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
    }
}

static const char *
field_of(char *const *fields, const char *name)
{
    return fisc_case_field(fields, name);
}

FiscEvent *
fisc_case_event(FiscSubmission *submission, const char *subject, const FiscCaseWords *words)
{
    char *const *before = words->before;
    FiscEvent *event = fisc_submission_event(submission, "case", subject, NULL);
    bool by_document = *field_of(words->rule, "document") == 'Y';
    bool is_other_hand = *field_of(words->rule, "other_hand") == 'Y';
    bool edits = *field_of(words->rule, "edits") == 'Y';
    const char *on_behalf = by_document ? NULL : words->on_behalf;
    g_autofree char *hands = fisc_case_hands(field_of(before, "hands"), words->actor, on_behalf,
                                             is_other_hand, by_document);
    add_field(submission, event, "step", words->step);
    add_field(submission, event, "state", field_of(words->rule, "to"));
    for (int i = 0; before != NULL && before[i] != NULL && before[i + 1] != NULL; i += 2) {
        if (!is_said_anew(before[i])) {
            add_field(submission, event, before[i], before[i + 1]);
        }
    }
    const char *now = field_of(before, "content");
    const char *base = words->base != NULL ? words->base : edits ? now : NULL;
    add_field(submission, event, "content", words->content != NULL ? words->content : now);
    add_field(submission, event, "base", base);
    add_field(submission, event, "children", words->children);
    add_field(submission, event, "requires", words->requires_);
    add_field(submission, event, "hands", hands);
    add_field(submission, event, "on_behalf", on_behalf);
    add_field(submission, event, "reason", words->reason);
    return event;
}

void
fisc_case_event_add(FiscSubmission *submission, FiscEvent *event, const char *name,
                    const char *value)
{
    add_field(submission, event, name, value);
}
