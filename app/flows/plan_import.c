/* plan_import.c: walk 3 for a budget that is being prepared: published files become lines of a
 * version, as the profiles of their folder say.
 *
 * Everything is read and checked first; then the folder's master data is loaded, which may be done
 * again and again, and all parts of the version get their content in one submission. */
#include "app/flows/plan.h"
#include "fisc/package.h"
#include <string.h>

void
fisc_plan_import_clear(FiscPlanImport *import)
{
    g_clear_pointer(&import->loaded, fisc_load_report_free);
    g_clear_pointer(&import->refusals, g_ptr_array_unref);
    g_clear_pointer(&import->receipt, fisc_receipt_free);
    g_clear_pointer(&import->totals, g_ptr_array_unref);
    g_clear_pointer(&import->remarks, g_ptr_array_unref);
    fisc_plan_done_clear(&import->done);
}

/* The frame and the entities of a version, which is let go before anything is written. */
typedef struct {
    FiscVersion *version;
    FiscNation *nation;
} Target;

static void
target_clear(Target *target)
{
    g_clear_pointer(&target->version, fisc_version_free);
    g_clear_pointer(&target->nation, fisc_nation_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

static bool
read_target(FiscContext *ctx, const char *version, Target *target, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_version_load(tx, ctx->book_id, version, &target->version, error) &&
           fisc_nation_load(tx, ctx->book_id, 0, &target->nation, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* Parts that the version has and the files do not: they stay as they are. */
static void
remark_left_parts(const Target *target, const FiscPlanLines *lines, GPtrArray *remarks)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < lines->lines->len; i++) {
        g_hash_table_add(told, (char *)((const FiscPlanLine *)lines->lines->pdata[i])->entity);
    }
    for (guint i = 0; i < target->version->parts->len; i++) {
        const FiscPart *part = target->version->parts->pdata[i];
        if (part->kind == FISC_PART_LINES && !g_hash_table_contains(told, part->entity)) {
            g_ptr_array_add(remarks, g_strdup_printf("the files have no lines of %s: its part of "
                                                     "the version stays as it is",
                                                     part->entity));
        }
    }
}

/* Lines as the version will read them, so that a dry run refuses what a put would. */
static bool
check_text(const Target *target, const char *text, FiscPlanImport *import)
{
    g_autoptr(FiscPlanLines) lines =
        fisc_plan_lines_read(&target->version->frame, "lines of the profiles", text, strlen(text),
                             NULL, import->refusals);
    if (lines == NULL) {
        return false;
    }
    import->lines = (int)lines->lines->len;
    remark_left_parts(target, lines, import->remarks);
    return true;
}

/* NULL with refusals. */
static bool
read_text(FiscContext *ctx, const FiscPlanImportOrder *order, FiscPlanImport *import,
          char **out_text, GError **error)
{
    g_auto(Target) target = {NULL};
    g_autoptr(FiscPackage) package = NULL;
    if (!read_target(ctx, order->version, &target, error) ||
        !fisc_package_read_plan(order->folder, target.nation, ctx->actor,
                                target.version->frame.year, &package, import->refusals, error)) {
        return false;
    }
    if (package != NULL) {
        import->totals = g_ptr_array_ref(package->totals);
        import->remarks = g_ptr_array_ref(package->remarks);
        *out_text = check_text(&target, package->plan, import) ? g_strdup(package->plan) : NULL;
    }
    return true;
}

static bool
put_text(FiscContext *ctx, const FiscPlanImportOrder *order, const char *data,
         FiscPlanImport *import, GError **error)
{
    const FiscPlanText text = {.version = order->version,
                               .kind = FISC_PART_LINES,
                               .step = order->step,
                               .reason = order->reason,
                               .name = "lines of the profiles",
                               .data = data,
                               .length = strlen(data)};
    return fisc_flow_plan_put(ctx, &text, &import->done, &import->receipt, import->refusals, error);
}

static bool
run(FiscContext *ctx, const FiscPlanImportOrder *order, FiscPlanImport *import, GError **error)
{
    g_autofree char *text = NULL;
    if (!read_text(ctx, order, import, &text, error)) {
        return false;
    }
    if (text == NULL || order->dry_run) {
        return true;
    }
    if (!fisc_flow_load(ctx, order->folder, &import->loaded, error)) {
        return false;
    }
    for (guint i = 0; i < import->loaded->refusals->len; i++) {
        g_ptr_array_add(import->refusals, fisc_refusal_copy(import->loaded->refusals->pdata[i]));
    }
    return import->refusals->len > 0 || put_text(ctx, order, text, import, error);
}

bool
fisc_flow_plan_import(FiscContext *ctx, const FiscPlanImportOrder *order,
                      FiscPlanImport *out_import, GError **error)
{
    g_auto(FiscPlanImport) import = {.refusals = fisc_refusals_new()};
    if (!run(ctx, order, &import, error)) {
        g_prefix_error(error, "%s: ", order->folder);
        return false;
    }
    *out_import = import;
    import = (FiscPlanImport){0};
    return true;
}
