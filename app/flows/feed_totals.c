/* feed_totals.c: what a document about a feed comes to, for who approves it: by entity and account,
 * what is posted and, apart, what is taken back. */
#include "app/flows/feed.h"
#include <string.h>

typedef struct {
    char *entity, *side;
    int64_t lines;
    __int128 more, less; /* debits, credits */
} Total;

static void
total_free(gpointer data)
{
    Total *total = data;
    g_free(total->entity);
    g_free(total->side);
    g_free(total);
}

static Total *
find_total(GPtrArray *totals, GHashTable *index, const FiscEntry *entry, const char *account)
{
    g_autofree char *side = g_strconcat(account, entry->reverses ? " taken back" : "", NULL);
    g_autofree char *key = g_strjoin("\t", entry->entity, side, NULL);
    Total *total = g_hash_table_lookup(index, key);
    if (total == NULL) {
        total = g_new0(Total, 1);
        total->entity = g_strdup(entry->entity);
        total->side = g_steal_pointer(&side);
        g_ptr_array_add(totals, total);
        g_hash_table_insert(index, g_steal_pointer(&key), total);
    }
    return total;
}

static void
add_entry(GPtrArray *totals, GHashTable *index, const FiscEntry *entry)
{
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        Total *total = find_total(totals, index, entry, line->account);
        total->lines++;
        *(line->amount > 0 ? &total->more : &total->less) += ABS(line->amount);
    }
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const Total *x = *(Total *const *)a;
    const Total *y = *(Total *const *)b;
    int order = strcmp(x->entity, y->entity);
    return order != 0 ? order : strcmp(x->side, y->side);
}

FiscTable *
fisc_feed_totals(const FiscSubmission *content, const FiscNation *nation)
{
    static const char *const names[] = {"more", "less", "amount"};
    g_autoptr(GPtrArray) totals = g_ptr_array_new_with_free_func(total_free);
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < content->entries->len; i++) {
        add_entry(totals, index, content->entries->pdata[i]);
    }
    g_ptr_array_sort(totals, compare);
    const FiscEntity *first =
        totals->len > 0 ? fisc_nation_entity(nation, ((Total *)totals->pdata[0])->entity) : NULL;
    FiscTable *table =
        fisc_table_new("feed", "What the document posts", first != NULL ? first->decimals : 2);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "side", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], FISC_COLUMN_AMOUNT);
    }
    for (guint i = 0; i < totals->len; i++) {
        const Total *total = totals->pdata[i];
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, total->entity);
        fisc_table_set_text(table, row, 1, total->side);
        fisc_table_set_amount(table, row, 2, total->lines);
        fisc_table_set_amount(table, row, 3, total->more);
        fisc_table_set_amount(table, row, 4, total->less);
        fisc_table_set_amount(table, row, 5, total->more - total->less);
    }
    return table;
}
