/* part_step.c: what happened to a version and its parts: the steps of their cases, as the chain has
 * them. Nothing is decided here: that is ledger/engine_case.c. */
#include "fisc/formulation.h"
#include <string.h>

#define NOWHERE "-" /* the state of a case before its first step */

const char *
fisc_case_field(char *const *fields, const char *name)
{
    for (int i = 0; fields != NULL && fields[i] != NULL && fields[i + 1] != NULL; i += 2) {
        if (strcmp(fields[i], name) == 0) {
            return fields[i + 1];
        }
    }
    return "";
}

static void
step_clear(gpointer data)
{
    FiscCaseStep *step = data;
    char *words[] = {step->posted_at, step->person, step->on_behalf, step->subject, step->step,
                     step->from,      step->to,     step->reason,    step->content};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_free(words[i]);
    }
    g_strfreev(step->fields);
}

/* @states: subject -> the state it is in behind the steps before; both borrowed from the steps. */
static FiscCaseStep
take_step(const FiscRows *rows, int row, GHashTable *states)
{
    int count = 0;
    FiscCaseStep step = {.batch_no = fisc_rows_int8(rows, row, 0),
                         .posted_at = g_strdup(fisc_rows_text(rows, row, 1)),
                         .person = g_strdup(fisc_rows_text(rows, row, 2)),
                         .subject = g_strdup(fisc_rows_text(rows, row, 3))};
    step.fields = fisc_rows_text_array(rows, row, 4, &count);
    step.on_behalf = g_strdup(fisc_case_field(step.fields, "on_behalf"));
    step.step = g_strdup(fisc_case_field(step.fields, "step"));
    step.to = g_strdup(fisc_case_field(step.fields, "state"));
    step.reason = g_strdup(fisc_case_field(step.fields, "reason"));
    step.content = g_strdup(fisc_case_field(step.fields, "content"));
    const char *from = g_hash_table_lookup(states, step.subject);
    step.from = g_strdup(from != NULL ? from : NOWHERE);
    g_hash_table_insert(states, step.subject, step.to);
    return step;
}

bool
fisc_case_steps_load(FiscTx *tx, int book_id, const char *const *subjects, guint subject_count,
                     GArray **out_steps, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GHashTable) states = g_hash_table_new(g_str_hash, g_str_equal);
    if (!fisc_tx_query(tx, FISC_SQL_BUDGET_CASE_STEPS,
                       FISC_ARGS(fisc_int4(book_id), fisc_text_array(subjects, (int)subject_count)),
                       &rows, error)) {
        return false;
    }
    GArray *steps = g_array_new(FALSE, TRUE, sizeof(FiscCaseStep));
    g_array_set_clear_func(steps, step_clear);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscCaseStep step = take_step(rows, i, states);
        g_array_append_val(steps, step);
    }
    *out_steps = steps;
    return true;
}
