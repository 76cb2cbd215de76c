/* feed_position.c: where a unit stands in a period, for screens that stay open. */
#include "app/server/feed.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

/* The lines that a position is made of, by the codes of their rows. */
static const char *const codes[] = {"1", "2", "NOB", "NLB", "CSD", "NCB", NULL};

static json_t *
figures_of(const FiscTable *table)
{
    char buffer[FISC_AMOUNT_TEXT];
    json_t *figures = json_object();
    int code_at = fisc_table_column(table, "code"), amount_at = fisc_table_column(table, "amount");
    for (guint i = 0; code_at >= 0 && amount_at >= 0 && i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        const char *code = row->cells[code_at].text;
        const FiscCell *cell = &row->cells[amount_at];
        if (code != NULL && g_strv_contains(codes, code) && cell->is_set) {
            json_object_set_new(
                figures, code,
                json_string(fisc_amount_format((int64_t)cell->number, table->decimals, buffer)));
        }
    }
    return figures;
}

char *
fisc_feed_position(FiscContext *ctx, const char *unit, const char *period, int64_t batch,
                   GError **error)
{
    const FiscReportQuery query = {
        .name = "gfs", .unit = unit, .period = period, .statement = "SOO,SSUC"};
    g_autoptr(FiscTable) table = NULL;
    if (!fisc_flow_report(ctx, &query, &table, error)) {
        return NULL;
    }
    json_t *position = json_pack("{s:s, s:s, s:I, s:o}", "unit", unit, "period", period, "batch",
                                 (json_int_t)batch, "figures", figures_of(table));
    char *text = json_dumps(position, JSON_COMPACT);
    char *copy = g_strdup(text);
    free(text);
    json_decref(position);
    return copy;
}
