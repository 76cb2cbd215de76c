/* balances.c: the containers of balances.h. Reading them from the books is ledger/reader.c. */
#include "fisc/balances.h"

FiscBalances *
fisc_balances_new(void)
{
    FiscBalances *balances = g_new0(FiscBalances, 1);
    balances->codings = g_ptr_array_new_with_free_func(g_free);
    balances->rows = g_array_new(FALSE, TRUE, sizeof(FiscBalance));
    balances->chunk = g_string_chunk_new(4096);
    return balances;
}

void
fisc_balances_free(FiscBalances *balances)
{
    if (balances == NULL) {
        return;
    }
    g_ptr_array_unref(balances->codings);
    g_array_unref(balances->rows);
    g_string_chunk_free(balances->chunk);
    g_free(balances);
}

FiscBalancesIndex *
fisc_balances_index_new(const FiscBalances *balances)
{
    FiscBalancesIndex *index = g_new0(FiscBalancesIndex, 1);
    index->rows =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < balances->rows->len; i++) {
        const char *entity = g_array_index(balances->rows, FiscBalance, i).coding->entity;
        GArray *rows = g_hash_table_lookup(index->rows, entity);
        if (rows == NULL) {
            rows = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(index->rows, (void *)entity, rows);
        }
        g_array_append_val(rows, i);
    }
    return index;
}

void
fisc_balances_index_free(FiscBalancesIndex *index)
{
    if (index != NULL) {
        g_hash_table_unref(index->rows);
        g_free(index);
    }
}

const char *
fisc_balances_text(FiscBalances *balances, const char *text)
{
    return g_string_chunk_insert_const(balances->chunk, text != NULL ? text : "");
}

FiscPostedLines *
fisc_posted_lines_new(void)
{
    FiscPostedLines *lines = g_new0(FiscPostedLines, 1);
    lines->rows = g_array_new(FALSE, TRUE, sizeof(FiscPostedLine));
    lines->chunk = g_string_chunk_new(4096);
    return lines;
}

void
fisc_posted_lines_free(FiscPostedLines *lines)
{
    if (lines == NULL) {
        return;
    }
    g_array_unref(lines->rows);
    g_string_chunk_free(lines->chunk);
    g_free(lines);
}
