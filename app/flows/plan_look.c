/* plan_look.c: what a version says, in tables: its ceilings and who is over, its programmes and
 * what they reach, its tags. And the baseline that the year before leaves to it. */
#include "app/flows/plan_write.h"
#include "budget/plan_report.h"
#include <string.h>

/* A version with all its lines and the tables that a report asks for. */
typedef struct {
    FiscTx *tx;
    FiscVersion *version;
    FiscPlanLines *lines;
} Look;

static void
look_clear(Look *look)
{
    g_clear_pointer(&look->tx, fisc_tx_rollback);
    g_clear_pointer(&look->version, fisc_version_free);
    g_clear_pointer(&look->lines, fisc_plan_lines_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static bool
look_open(Look *look, FiscContext *ctx, const char *version, const char *entity, GError **error)
{
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &look->tx, error) &&
           fisc_plan_version_open(look->tx, ctx, version, &look->version, error) &&
           fisc_version_lines(look->tx, look->version, entity, &look->lines, error);
}

/* NULL when the version has no such table. */
static bool
read_table(Look *look, FiscPartKind kind, char **out_text, GError **error)
{
    const FiscPart *part = fisc_version_part(look->version, kind, "");
    *out_text = NULL;
    return part == NULL || *part->content == '\0' ||
           fisc_content_load(look->tx, part->content, out_text, error);
}

/* What is on record was accepted once: it can be read. */
static bool
give(FiscTable *table, const FiscRefusals *refusals, FiscTable **out_table, GError **error)
{
    if (table == NULL) {
        g_autofree char *why = fisc_refusal_to_text(refusals->pdata[0], 0);
        return fisc_fail(error, FISC_ERROR_FAILED, "a part cannot be read any more: %s", why);
    }
    *out_table = table;
    return true;
}

/* Whoever sees some units: the rows that are of one of them, of the version as it stands now. */
static bool
read_own_ceilings(Look *look, FiscContext *ctx, const char *version, char **out_text,
                  GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(look->tx, FISC_SQL_BUDGET_OWN_CEILINGS,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(version)), &rows, error)) {
        return false;
    }
    *out_text = fisc_rows_is_null(rows, 0, 0) ? NULL : g_strdup(fisc_rows_text(rows, 0, 0));
    return true;
}

static bool
read_ceilings(Look *look, FiscContext *ctx, const char *version, char **out_text, GError **error)
{
    return fisc_flow_is_limited(ctx) ? read_own_ceilings(look, ctx, version, out_text, error)
                                     : read_table(look, FISC_PART_CEILINGS, out_text, error);
}

bool
fisc_flow_plan_ceilings(FiscContext *ctx, const char *version, FiscTable **out_table,
                        GError **error)
{
    g_auto(Look) look = {NULL};
    g_autofree char *ceilings = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    return look_open(&look, ctx, version, NULL, error) &&
           read_ceilings(&look, ctx, version, &ceilings, error) &&
           give(fisc_plan_ceilings_table(look.lines, ceilings, refusals), refusals, out_table,
                error);
}

bool
fisc_flow_plan_performance(FiscContext *ctx, const char *version, FiscTable **out_table,
                           GError **error)
{
    g_auto(Look) look = {NULL};
    g_autofree char *programmes = NULL, *indicators = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    return look_open(&look, ctx, version, NULL, error) &&
           read_table(&look, FISC_PART_PROGRAMMES, &programmes, error) &&
           read_table(&look, FISC_PART_INDICATORS, &indicators, error) &&
           give(fisc_plan_performance_table(look.lines, programmes, indicators, refusals), refusals,
                out_table, error);
}

bool
fisc_flow_plan_tags(FiscContext *ctx, const char *version, FiscTable **out_table, GError **error)
{
    g_auto(Look) look = {NULL};
    if (!look_open(&look, ctx, version, NULL, error)) {
        return false;
    }
    *out_table = fisc_plan_tags_table(look.lines);
    return true;
}

/* Baseline ------------------------------------------------------------------------------------ */

/* The lines of one entity, as one of the parts to be written. */
static void
add_entity(GPtrArray *parts, const FiscVersion *version, const FiscPlanLines *lines, guint first,
           guint behind)
{
    g_autoptr(FiscPlanLines) own = fisc_plan_lines_new(&lines->frame);
    for (guint i = first; i < behind; i++) {
        fisc_plan_lines_copy(own, lines->lines->pdata[i]);
    }
    const FiscPlanLine *line = own->lines->pdata[0];
    fisc_plan_new_parts_add(parts, version, FISC_PART_LINES, line->entity,
                            fisc_plan_lines_write(own));
}

/* Lines in order of their entities, cut into parts. */
static GPtrArray *
split_parts(const FiscVersion *version, const FiscPlanLines *lines)
{
    GPtrArray *parts = fisc_plan_new_parts();
    for (guint first = 0, behind = 0; first < lines->lines->len; first = behind) {
        const FiscPlanLine *line = lines->lines->pdata[first];
        while (behind < lines->lines->len &&
               strcmp(((const FiscPlanLine *)lines->lines->pdata[behind])->entity, line->entity) ==
                   0) {
            behind++;
        }
        add_entity(parts, version, lines, first, behind);
    }
    return parts;
}

/* What the tables of a version say of its assumptions; NULL when it has none. */
static bool
read_assumptions(const FiscPlanDesk *desk, char **out_text, GError **error)
{
    const FiscPart *part = fisc_version_part(desk->version, FISC_PART_ASSUMPTIONS, "");
    return part == NULL || *part->content == '\0' ||
           fisc_content_load(desk->tx, part->content, out_text, error);
}

bool
fisc_flow_plan_baseline(FiscContext *ctx, const FiscPlanCarrying *order, FiscPlanDone *out_done,
                        FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error)
{
    g_auto(FiscPlanDesk) desk = {NULL};
    g_autofree char *assumptions = NULL;
    g_autoptr(FiscVersion) from = NULL;
    g_autoptr(FiscPlanLines) last = NULL, lines = NULL;
    if (strchr(order->into, '@') != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is how it stood: that stays",
                         order->into);
    }
    if (!fisc_plan_desk_open(&desk, ctx, order->into, error) ||
        !fisc_plan_version_open(desk.tx, ctx, order->from, &from, error) ||
        !read_assumptions(&desk, &assumptions, error) ||
        !fisc_version_lines(desk.tx, from, order->entity, &last, error) ||
        !fisc_version_lines(desk.tx, desk.version, order->entity, &lines, error)) {
        return false;
    }
    if (!fisc_plan_baseline(lines, last, assumptions, order->index, refusals)) {
        *out_done = (FiscPlanDone){NULL};
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        return true;
    }
    g_autoptr(GPtrArray) parts = split_parts(desk.version, lines);
    return fisc_plan_write(ctx, &desk, "prepare", order->reason, parts, out_done, out_receipt,
                           error);
}
