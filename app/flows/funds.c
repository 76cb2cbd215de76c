/* funds.c: where the money of a key stands, right now. */
#include "app/flows/internal.h"

static FiscTable *
build_table(GPtrArray *funds, int decimals)
{
    static const char *const names[] = {"control",  "level",     "key",     "budget", "released",
                                        "reserved", "committed", "accrued", "paid",   "available"};
    FiscTable *table = fisc_table_new("funds", "Funds available", decimals);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], i < 3 ? FISC_COLUMN_TEXT : FISC_COLUMN_AMOUNT);
    }
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, item->control);
        fisc_table_set_text(table, row, 1, item->level);
        fisc_table_set_text(table, row, 2, item->key);
        fisc_table_set_amount(table, row, 3, item->limit);
        fisc_table_set_amount(table, row, 4, item->limit);
        fisc_table_set_amount(table, row, 5, item->stage[FISC_STAGE_AUTHORIZATION]);
        fisc_table_set_amount(table, row, 6, item->stage[FISC_STAGE_COMMITMENT]);
        fisc_table_set_amount(table, row, 7, item->stage[FISC_STAGE_OBLIGATION]);
        fisc_table_set_amount(table, row, 8, item->stage[FISC_STAGE_PAYMENT]);
        fisc_table_set_amount(table, row, 9, item->available);
    }
    fisc_table_add_note(table,
                        "Each amount stands in the stage it has reached: budget = reserved + "
                        "committed + accrued + paid + available.");
    return table;
}

bool
fisc_flow_funds(FiscContext *ctx, const char *entity, int year,
                const char *const dim[FISC_DIM_COUNT], FiscTable **out_table, GError **error)
{
    FiscPoster *poster = NULL;
    g_autoptr(GPtrArray) funds = NULL;
    if (!fisc_poster_open(ctx->pool, ctx->book_id, &poster, error)) {
        return false;
    }
    bool is_done = fisc_poster_funds(poster, entity, year, dim, &funds, error);
    fisc_poster_close(poster);
    if (is_done && funds->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no budget of %s in %d matches", entity,
                         year);
    }
    if (is_done) {
        *out_table = build_table(funds, 2);
    }
    return is_done;
}
