/* trace.c: one key through the books. */
#include "app/flows/internal.h"
#include "fisc/gfs.h"
#include "fisc/ledger.h"

static void
add_row(FiscTable *table, const FiscPostedLine *line)
{
    const FiscAccount *account = line->coding.account;
    bool is_budgetary = account->class_ == FISC_CLASS_BUDGETARY;
    char date[FISC_DATE_TEXT];
    char code[FISC_GFS_CODE];
    FiscRow *row = fisc_table_add_row(table);
    FiscCell *entry = &row->cells[0];
    entry->number = line->entry_id;
    entry->is_set = true;
    fisc_table_set_text(table, row, 1, line->source);
    fisc_table_set_text(table, row, 2, line->reference);
    fisc_table_set_text(table, row, 3, fisc_date_format(line->effective, date));
    fisc_table_set_text(table, row, 4, line->coding.entity);
    if (account->national || is_budgetary) {
        fisc_table_set_text(table, row, 5, account->code);
    } else {
        fisc_gfs_compose(account->gfs, line->coding.flow, line->coding.kind, code);
        fisc_table_set_text(table, row, 5, code);
    }
    fisc_table_set_text(table, row, 6, is_budgetary ? "budgetary" : "financial");
    fisc_table_set_amount(table, row, 7, line->amount);
    fisc_table_set_text(table, row, 8, account->name);
    fisc_table_set_text(table, row, 9, line->memo);
}

bool
fisc_flow_trace(FiscContext *ctx, const char *key, FiscTable **out_table, GError **error)
{
    static const char *const names[] = {"entry",   "source", "reference", "date",  "entity",
                                        "account", "side",   "amount",    "title", "memo"};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscPostedLines) lines = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, ctx->book_id, 0, &nation, error) ||
        !fisc_posted_lines_trace(tx, ctx->book_id, nation, key, &lines, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (lines->rows->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "no entry has \"%s\" as reference, document or transfer", key);
    }
    g_autofree char *title = g_strdup_printf("Trace of %s", key);
    FiscTable *table = fisc_table_new("trace", title, 2);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i],
                              i == 0   ? FISC_COLUMN_INTEGER
                              : i == 7 ? FISC_COLUMN_AMOUNT
                                       : FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < lines->rows->len; i++) {
        add_row(table, &g_array_index(lines->rows, FiscPostedLine, i));
    }
    *out_table = table;
    return true;
}
