/* plan_write.c: contents that were computed from what parts have now (a merge, a baseline) are
 * written with what they were computed from as their base, so that the engine refuses them when
 * somebody edited meanwhile. */
#include "app/flows/internal.h"
#include "app/flows/plan_write.h"
#include <string.h>

#define TABLE_STEP "set"

static void
free_part(void *data)
{
    FiscPlanNewPart *part = data;
    g_free(part->entity);
    g_free(part->content);
    g_free(part->text);
    g_free(part);
}

GPtrArray *
fisc_plan_new_parts(void)
{
    return g_ptr_array_new_with_free_func(free_part);
}

static void
add(GPtrArray *parts, const FiscVersion *version, FiscPartKind kind, const char *entity,
    char *content, char *text)
{
    FiscPlanNewPart *part = g_new0(FiscPlanNewPart, 1);
    part->kind = kind;
    part->entity = g_strdup(entity);
    part->part = fisc_version_part(version, kind, entity);
    part->content = content;
    part->text = text;
    g_ptr_array_add(parts, part);
    if (part->part != NULL && strcmp(part->part->content, content) == 0) {
        g_ptr_array_set_size(parts, (int)parts->len - 1); /* nothing new */
    }
}

void
fisc_plan_new_parts_add(GPtrArray *parts, const FiscVersion *version, FiscPartKind kind,
                        const char *entity, char *text)
{
    add(parts, version, kind, entity, fisc_content_digest(text), text);
}

void
fisc_plan_new_parts_add_kept(GPtrArray *parts, const FiscVersion *version, FiscPartKind kind,
                             const char *entity, const char *content)
{
    add(parts, version, kind, entity, g_strdup(content), NULL);
}

static bool
keep_texts(FiscContext *ctx, const GPtrArray *parts, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint i = 0; i < parts->len; i++) {
        const FiscPlanNewPart *part = parts->pdata[i];
        if (part->text != NULL) {
            g_ptr_array_add(texts, part->text);
        }
    }
    return fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) &&
           fisc_content_keep(tx, (const char *const *)texts->pdata, texts->len, error) &&
           fisc_flow_end_write(ctx, g_steal_pointer(&tx), error);
}

static bool
add_step(FiscContext *ctx, FiscSubmission *submission, const FiscPlanDesk *desk,
         const FiscPlanNewPart *part, const char *step, const char *reason, GError **error)
{
    const FiscVersion *version = desk->version;
    bool is_lines = fisc_part_is_of_entity(part->kind);
    g_autofree char *subject = fisc_part_subject(version->version, part->kind, part->entity);
    g_autofree char *procedure = fisc_plan_procedure(subject);
    const FiscRecord *rule = fisc_plan_rule(desk, procedure, is_lines ? step : TABLE_STEP);
    if (rule == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "the procedure %s of this book has no step \"%s\"", procedure,
                         is_lines ? step : TABLE_STEP);
    }
    const FiscCaseWords words = {.before = part->part != NULL ? part->part->fields : NULL,
                                 .rule = rule->fields,
                                 .step = strchr(rule->subject, '/') + 1,
                                 .actor = ctx->actor,
                                 .on_behalf = ctx->on_behalf,
                                 .content = part->content,
                                 .base = part->part != NULL ? part->part->content : "",
                                 .reason = reason};
    FiscEvent *event = fisc_case_event(submission, subject, &words);
    if (part->part == NULL) {
        g_autofree char *parent = fisc_version_subject(version->version);
        fisc_case_event_add(submission, event, "entity", is_lines ? part->entity : "*");
        fisc_case_event_add(submission, event, "parent", parent);
    }
    return true;
}

bool
fisc_plan_write(FiscContext *ctx, FiscPlanDesk *desk, const char *step, const char *reason,
                const GPtrArray *parts, FiscPlanDone *out_done, FiscReceipt **out_receipt,
                GError **error)
{
    if (parts->len == 0) {
        *out_done = (FiscPlanDone){NULL};
        *out_receipt = fisc_receipt_new(); /* nothing new */
        return true;
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_PLAN_SOURCE, ctx->actor);
    for (guint i = 0; i < parts->len; i++) {
        if (!add_step(ctx, submission, desk, parts->pdata[i], step, reason, error)) {
            return false;
        }
    }
    g_clear_pointer(&desk->tx, fisc_tx_rollback);
    if (!keep_texts(ctx, parts, error) ||
        !fisc_flow_post(ctx, submission, true, false, out_receipt, error)) {
        return false;
    }
    *out_done = (FiscPlanDone){.step = g_strdup(step), .changed = (int)parts->len};
    return true;
}
