/* browse_document.c: documents, the newest first, for those whose turn it may be. */
#include "app/flows/browsing.h"

bool
fisc_flow_document_browse(FiscContext *ctx, const FiscDocumentFilter *filter, const FiscPage *page,
                          FiscTable **out_table, char **out_next, GError **error)
{
    g_auto(FiscPageRows) rows = {NULL};
    int64_t before = -1;
    if (!fisc_browse_number(page, &before, error)) {
        return false;
    }
    FiscArg key = fisc_int4((int32_t)CLAMP(before, 0, G_MAXINT32));
    key.length = before < 0 ? -1 : key.length;
    if (!fisc_browse_ask(ctx, page, FISC_SQL_LEDGER_BROWSE_DOCUMENTS,
                         FISC_ARGS(fisc_int4(ctx->book_id), key, fisc_text(filter->state),
                                   fisc_text(filter->entity), fisc_text(filter->maker),
                                   fisc_text(filter->waits_for),
                                   fisc_int4(fisc_browse_limit(page) + 1)),
                         &rows, error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("documents", "Documents", 0);
    fisc_browse_columns(table, "document,state,action,entity,maker,needs,approved_by,reason");
    for (int i = 0; i < rows.count; i++) {
        FiscRow *row = fisc_table_add_row(table);
        for (guint column = 0; column < table->columns->len; column++) {
            fisc_browse_text(table, row, (int)column, rows.rows, i, (int)column + 1);
        }
    }
    *out_next =
        rows.has_more ? g_strdup_printf("%d", fisc_rows_int4(rows.rows, rows.count - 1, 0)) : NULL;
    *out_table = table;
    return true;
}
