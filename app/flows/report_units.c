/* report_units.c: the statements of every unit and group, one after the other.
 *
 * A nation has thousands of units: each is built, handed on and forgotten, so memory does not grow
 * with what is printed, and each looks only at balances of its own. */
#include "app/flows/report_snapshot.h"
#include <string.h>

/* The codes of the units that have statements, and of the groups, in order. Caller unrefs. */
static GPtrArray *
list_units(const FiscNation *nation)
{
    GPtrArray *units = g_ptr_array_new();
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        if (entity->reporting) {
            g_ptr_array_add(units, entity->code);
        }
    }
    for (guint i = 0; i < nation->groups->len; i++) {
        g_ptr_array_add(units, ((FiscGroup *)nation->groups->pdata[i])->code);
    }
    return units;
}

bool
fisc_report_each_unit(const FiscReportSnapshot *snapshot, FiscContext *ctx, FiscReportEmit emit,
                      gpointer data, GError **error)
{
    g_autoptr(FiscBalancesIndex) index = fisc_balances_index_new(snapshot->balances);
    g_autoptr(GPtrArray) units = list_units(snapshot->nation);
    for (guint i = 0; i < units->len; i++) {
        FiscStatementQuery query = fisc_report_statement_query(snapshot, units->pdata[i]);
        FiscTable *part = NULL;
        query.index = query.balances == snapshot->balances ? index : NULL;
        if (!fisc_statement_build(&query, &part, error)) {
            return false;
        }
        fisc_report_write_notes(snapshot, part);
        fisc_report_key_cells(snapshot->query, part);
        emit(part, data);
        if (ctx != NULL && ctx->progress != NULL) {
            ctx->progress("statements", i + 1, units->len, ctx->progress_data);
        }
    }
    return units->len > 0 || fisc_fail(error, FISC_ERROR_NOT_FOUND,
                                       "no unit has statements yet: load a package first");
}

bool
fisc_flow_report_units(FiscContext *ctx, const FiscReportQuery *query, FiscReportEmit emit,
                       gpointer data, GError **error)
{
    g_auto(FiscReportSnapshot) snapshot = {0};
    g_autoptr(FiscTx) tx = NULL;
    if (strcmp(query->name, "gfs") != 0 || query->unit != NULL || query->beside != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "only report gfs of every unit comes one unit after the other");
    }
    return fisc_report_read_words(query, &snapshot, error) &&
           fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_report_read(tx, ctx, FISC_REPORT_BALANCES, &snapshot, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error) &&
           fisc_report_each_unit(&snapshot, ctx, emit, data, error);
}
