/* part_lines.c: the lines of a version: the texts of its parts, read and put one behind the other.
 */
#include "fisc/formulation.h"
#include <string.h>

FiscPlanLine *
fisc_plan_lines_copy(FiscPlanLines *into, const FiscPlanLine *line)
{
    FiscPlanLine *copy = fisc_plan_lines_add(into);
    *copy = *line;
    const char **texts[] = {&copy->line,       &copy->entity,      &copy->title,
                            &copy->nature,     &copy->quantity,    &copy->unit_price,
                            &copy->total_cost, &copy->tags,        &copy->justification,
                            &copy->article,    &copy->mark_reason, &copy->amendment_reason,
                            &copy->annex};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        *texts[i] = fisc_plan_lines_text(into, *texts[i]);
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        copy->dim[i] = fisc_plan_lines_text(into, copy->dim[i]);
    }
    return copy;
}

static bool
append_lines(FiscPlanLines *into, const FiscPart *part, const char *text, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = fisc_plan_lines_read(&into->frame, part->subject, text,
                                                          strlen(text), part->entity, refusals);
    if (lines == NULL) {
        g_autofree char *why = refusals->len > 0
                                   ? fisc_refusal_to_text(refusals->pdata[0], into->frame.decimals)
                                   : g_strdup("");
        return fisc_fail(error, FISC_ERROR_FAILED, "%s cannot be read any more: %s", part->subject,
                         why);
    }
    for (guint i = 0; i < lines->lines->len; i++) {
        fisc_plan_lines_copy(into, lines->lines->pdata[i]);
    }
    return true;
}

static bool
is_wanted(const FiscPart *part, const char *entity)
{
    return part->kind == FISC_PART_LINES && *part->content != '\0' &&
           (entity == NULL || strcmp(part->entity, entity) == 0);
}

bool
fisc_version_lines(FiscTx *tx, const FiscVersion *version, const char *entity,
                   FiscPlanLines **out_lines, GError **error)
{
    g_autoptr(GPtrArray) digests = g_ptr_array_new();
    g_autoptr(GHashTable) texts = NULL;
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        if (is_wanted(part, entity)) {
            g_ptr_array_add(digests, part->content);
        }
    }
    if (!fisc_contents_load(tx, (const char *const *)digests->pdata, digests->len, &texts, error)) {
        return false;
    }
    g_autoptr(FiscPlanLines) lines = fisc_plan_lines_new(&version->frame);
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        if (is_wanted(part, entity) &&
            !append_lines(lines, part, g_hash_table_lookup(texts, part->content), error)) {
            return false;
        }
    }
    *out_lines = g_steal_pointer(&lines);
    return true;
}
