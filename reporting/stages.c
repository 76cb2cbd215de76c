/* stages.c: adding up the budgetary accounts of a fiscal year.
 *
 * A budget line's amount moves from stage to stage (fisc/entry.h): what has been paid has left the
 * obligations. These sums are what lies in each stage; cumulative views add the later ones. */
#include "reporting/stages.h"

static void
sum_free(void *pointer)
{
    FiscStageSum *sum = pointer;
    g_strfreev(sum->words);
    g_free(sum);
}

static FiscStageSum *
find_sum(GHashTable *index, GPtrArray *sums, const FiscCoding *coding, const FiscStageKey *keys,
         guint key_count)
{
    char **words = fisc_stage_key_words(keys, key_count, coding);
    g_autofree char *joined = g_strjoinv("\x1f", words);
    FiscStageSum *sum = g_hash_table_lookup(index, joined);
    if (sum != NULL) {
        g_strfreev(words);
        return sum;
    }
    sum = g_new0(FiscStageSum, 1);
    sum->words = words;
    g_ptr_array_add(sums, sum);
    g_hash_table_insert(index, g_steal_pointer(&joined), sum);
    return sum;
}

static int
compare_rows(const void *a, const void *b)
{
    const FiscBalance *left = *(const FiscBalance *const *)a;
    const FiscBalance *right = *(const FiscBalance *const *)b;
    int left_id = left->coding->coding_id;
    int right_id = right->coding->coding_id;
    return (left_id > right_id) - (left_id < right_id);
}

/* Coding ids are dense in the order of first use: sorted by them, keys come up as they did. */
static GPtrArray *
rows_of_year(const FiscPerimeter *perimeter, const FiscBalances *balances, int year,
             const FiscStageWhere *where)
{
    GPtrArray *rows = g_ptr_array_new();
    for (guint i = 0; i < balances->rows->len; i++) {
        FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (row->coding->account->class_ == FISC_CLASS_BUDGETARY &&
            fisc_period_year(row->period) == year &&
            fisc_perimeter_has(perimeter, row->coding->entity) &&
            (where == NULL || fisc_stage_where_has(where, row->coding))) {
            g_ptr_array_add(rows, row);
        }
    }
    g_ptr_array_sort(rows, compare_rows);
    return rows;
}

GPtrArray *
fisc_stages_sum_where(const FiscPerimeter *perimeter, const FiscBalances *balances, int year,
                      const FiscStageKey *keys, guint key_count, const FiscStageWhere *where)
{
    GPtrArray *sums = g_ptr_array_new_with_free_func(sum_free);
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) rows = rows_of_year(perimeter, balances, year, where);
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = g_ptr_array_index(rows, i);
        FiscStageSum *sum = find_sum(index, sums, row->coding, keys, key_count);
        FiscStage stage = row->coding->account->stage;
        sum->balance[stage] += (__int128)row->debit - row->credit;
        sum->is_moved[stage] = true;
    }
    return sums;
}

GPtrArray *
fisc_stages_sum(const FiscPerimeter *perimeter, const FiscBalances *balances, int year,
                const FiscStageKey *keys, guint key_count)
{
    return fisc_stages_sum_where(perimeter, balances, year, keys, key_count, NULL);
}
