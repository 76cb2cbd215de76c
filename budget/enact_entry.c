/* enact_entry.c: the entries and events that laws and interim budgets are made of. What is a law,
 * and what of it changes another, is in enact.c. Pure. */
#include "budget/enact.h"

bool
fisc_enact_is_dimension(int dimension)
{
    return dimension != FISC_DIM_COUNTERPARTY && dimension != FISC_DIM_CASH_CODE &&
           dimension != FISC_DIM_CASH_COUNTERPARTY;
}

static bool
is_given(const char *const dim[FISC_DIM_COUNT], int i)
{
    return fisc_enact_is_dimension(i) && dim[i] != NULL && *dim[i] != '\0';
}

char *
fisc_enact_line_name(const char *entity, const char *const dim[FISC_DIM_COUNT])
{
    GString *name = g_string_new(entity);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_given(dim, i)) {
            g_string_append_printf(name, "/%s=%s", fisc_dimension_column((FiscDimension)i), dim[i]);
        }
    }
    return g_string_free(name, FALSE);
}

FiscEvent *
fisc_enact_line_event(FiscSubmission *into, const char *kind, const char *entity, int year,
                      const char *const dim[FISC_DIM_COUNT])
{
    g_autofree char *name = fisc_enact_line_name(entity, dim);
    g_autofree char *subject = g_strdup_printf("%s/%d", name, year);
    g_autofree char *of_year = g_strdup_printf("%d", year);
    FiscEvent *event =
        fisc_submission_event(into, kind, subject, "entity", entity, "year", of_year, NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_given(dim, i)) {
            g_ptr_array_add(event->fields, (char *)fisc_dimension_column((FiscDimension)i));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(into, dim[i]));
        }
    }
    return event;
}

/* A memo is for people: a title that is too long is cut between two characters. */
static char *
fit_memo(const char *memo)
{
    const char *end = memo + strnlen(memo, FISC_MEMO_MAX);
    while (*end != '\0' && ((unsigned char)*end & 0xc0) == 0x80) {
        end--;
    }
    return g_strndup(memo, (gsize)(end - memo));
}

FiscEntry *
fisc_enact_entry(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                 const char *document, FiscDate on, const char *memo, FiscStage from,
                 int64_t amount, const char *const dim[FISC_DIM_COUNT])
{
    const char *words[FISC_DIM_COUNT] = {NULL};
    g_autofree char *fitted = fit_memo(memo);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[i] = is_given(dim, i) ? fisc_submission_text(into, dim[i]) : NULL;
    }
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = fisc_submission_text(into, entity->code);
    entry->reference = fisc_submission_text(into, reference);
    entry->document = fisc_submission_text(into, document);
    entry->effective = on;
    entry->memo = fisc_submission_text(into, fitted);
    entry->decimals = entity->decimals;
    fisc_entry_move(entry, from, fisc_stage_counterpart(from), amount, words, 0);
    fisc_entry_digest(entry);
    return entry;
}
