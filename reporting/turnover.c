/* turnover.c: one look-up per balance row; what a coding means is judged once, by others. */
#include "reporting/turnover.h"
#include "reporting/layers.h"

static FiscTurnover *
find_turnover(GHashTable *index, GArray *turnovers, const FiscCoding *coding)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(index, coding));
    if (found == 0) {
        FiscTurnover turnover = {.coding = coding};
        g_array_append_val(turnovers, turnover);
        found = turnovers->len;
        g_hash_table_insert(index, (void *)coding, GUINT_TO_POINTER(found));
    }
    return &g_array_index(turnovers, FiscTurnover, found - 1);
}

/* The turnovers while they are added up. */
typedef struct {
    const FiscStatementQuery *query;
    GArray *turnovers;
    GHashTable *index; /* coding -> 1 + its place */
} Summing;

static void
take_row(Summing *summing, const FiscBalance *row)
{
    if (row->period > summing->query->to ||
        !fisc_layers_count(summing->query->layer, row->coding->dim[FISC_DIM_LAYER])) {
        return;
    }
    FiscTurnover *turnover = find_turnover(summing->index, summing->turnovers, row->coding);
    __int128 net = (__int128)row->debit - row->credit;
    if (row->period < summing->query->from) {
        turnover->before += net;
    } else {
        turnover->during += net;
        turnover->debit += row->debit;
        turnover->credit += row->credit;
        turnover->is_moved = true;
    }
}

static int
compare_numbers(const void *a, const void *b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* The rows of the members, in the order of the balances. */
static GArray *
rows_of_members(const FiscBalancesIndex *index, const FiscPerimeter *perimeter)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    GHashTableIter iterator;
    void *entity = NULL;
    g_hash_table_iter_init(&iterator, perimeter->members);
    while (g_hash_table_iter_next(&iterator, &entity, NULL)) {
        const GArray *rows = g_hash_table_lookup(index->rows, entity);
        if (rows != NULL) {
            g_array_append_vals(numbers, rows->data, rows->len);
        }
    }
    g_array_sort(numbers, compare_numbers);
    return numbers;
}

static void
take_indexed(Summing *summing, const FiscPerimeter *perimeter)
{
    g_autoptr(GArray) numbers = rows_of_members(summing->query->index, perimeter);
    for (guint i = 0; i < numbers->len; i++) {
        guint number = g_array_index(numbers, guint, i);
        take_row(summing, &g_array_index(summing->query->balances->rows, FiscBalance, number));
    }
}

static void
take_all(Summing *summing, const FiscPerimeter *perimeter)
{
    const GArray *rows = summing->query->balances->rows;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        if (fisc_perimeter_has(perimeter, row->coding->entity)) {
            take_row(summing, row);
        }
    }
}

GArray *
fisc_turnovers(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    g_autoptr(GHashTable) index = g_hash_table_new(NULL, NULL);
    Summing summing = {query, g_array_new(FALSE, FALSE, sizeof(FiscTurnover)), index};
    if (query->index != NULL) {
        take_indexed(&summing, perimeter);
    } else {
        take_all(&summing, perimeter);
    }
    return summing.turnovers;
}
