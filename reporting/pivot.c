/* pivot.c: adding up codings by any segments, down and across.
 *
 * What counts is the measure's, which lines are meant is --where's (stage_keys.c); each cell has
 * the name under which it is taken apart, in the words it was asked for. */
#include "fisc/pivot.h"
#include "fisc/money.h"
#include "reporting/cell_key.h"
#include "reporting/drill.h"
#include "reporting/measure.h"
#include "reporting/period_label.h"
#include "reporting/stage_keys.h"
#include <string.h>

#define COLUMNS_MAX 400
#define NOTHING "(none)" /* what a column is called whose word is empty */

typedef struct {
    const FiscPivotQuery *query;
    const FiscMeasure *measure;
    FiscStageKeys down, across;
    FiscStageWhere where;
    GPtrArray *rows;    /* of char **: the words of each, sorted when all are there */
    GHashTable *row_at; /* words -> char ** of @rows */
    GPtrArray *columns; /* of char *, sorted */
    GHashTable *cells;  /* row and column in words -> __int128 */
} Pivot;

static void
pivot_clear(Pivot *pivot)
{
    fisc_stage_keys_clear(&pivot->down);
    fisc_stage_keys_clear(&pivot->across);
    fisc_stage_where_clear(&pivot->where);
    g_clear_pointer(&pivot->rows, g_ptr_array_unref);
    g_clear_pointer(&pivot->row_at, g_hash_table_unref);
    g_clear_pointer(&pivot->columns, g_ptr_array_unref);
    g_clear_pointer(&pivot->cells, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pivot, pivot_clear)

static void
words_free(gpointer words)
{
    g_strfreev(words);
}

static char *
cell_key(char *const *row, const char *column)
{
    g_autofree char *words = g_strjoinv("\x1f", (char **)row);
    return g_strconcat(words, "\x1e", column, NULL);
}

/* Adding up --------------------------------------------------------------------------------------
 */

static char **
find_row(Pivot *pivot, char **words)
{
    g_autofree char *key = g_strjoinv("\x1f", words);
    char **row = g_hash_table_lookup(pivot->row_at, key);
    if (row == NULL) {
        row = g_strdupv(words);
        g_ptr_array_add(pivot->rows, row);
        g_hash_table_insert(pivot->row_at, g_steal_pointer(&key), row);
    }
    return row;
}

static const char *
find_column(Pivot *pivot, const char *word)
{
    guint index = 0;
    if (!g_ptr_array_find_with_equal_func(pivot->columns, word, g_str_equal, &index)) {
        index = pivot->columns->len;
        g_ptr_array_add(pivot->columns, g_strdup(word));
    }
    return pivot->columns->pdata[index];
}

static void
add_cell(Pivot *pivot, const FiscCoding *coding, __int128 amount)
{
    g_auto(GStrv) down = fisc_stage_key_words(pivot->down.keys, pivot->down.count, coding);
    g_auto(GStrv) across = fisc_stage_key_words(pivot->across.keys, pivot->across.count, coding);
    if (!fisc_stage_keys_want(&pivot->down, down) ||
        !fisc_stage_keys_want(&pivot->across, across)) {
        return;
    }
    const char *column = find_column(pivot, across[0] != NULL ? across[0] : "");
    char *key = cell_key(find_row(pivot, down), column);
    __int128 *cell = g_hash_table_lookup(pivot->cells, key);
    if (cell == NULL) {
        cell = g_new0(__int128, 1);
        g_hash_table_insert(pivot->cells, key, cell);
    } else {
        g_free(key);
    }
    *cell += amount;
}

static bool
is_touched(const FiscDrillPart *part, const FiscDrillSums *sum)
{
    return (part->before != 0 && sum->before != 0) || (part->debit != 0 && sum->debit != 0) ||
           (part->credit != 0 && sum->credit != 0);
}

static void
add_up(Pivot *pivot, const FiscPerimeter *perimeter)
{
    const FiscPivotQuery *query = pivot->query;
    g_autoptr(GHashTable) sums =
        fisc_drill_sums(query->balances, perimeter, query->from, query->to);
    GHashTableIter iterator;
    gpointer coding = NULL, value = NULL;
    g_hash_table_iter_init(&iterator, sums);
    while (g_hash_table_iter_next(&iterator, &coding, &value)) {
        const FiscDrillSums *sum = value;
        FiscDrillPart part = {0};
        if (fisc_measure_weigh(pivot->measure, coding, &part) && is_touched(&part, sum) &&
            fisc_stage_where_has(&pivot->where, coding)) {
            add_cell(pivot, coding, fisc_drill_weighed(&part, sum));
        }
    }
}

static int
compare_rows(const void *a, const void *b)
{
    char *const *left = *(char *const *const *)a;
    char *const *right = *(char *const *const *)b;
    int order = 0;
    for (guint i = 0; order == 0 && left[i] != NULL; i++) {
        order = strcmp(left[i], right[i]);
    }
    return order;
}

static int
compare_columns(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The table --------------------------------------------------------------------------------------
 */

static void
append_key(GString *words, const FiscStageKey *key, const char *word)
{
    g_string_append_printf(words, "%s%s", words->len > 0 ? "," : "", fisc_stage_key_name(key));
    if (key->characters > 0) {
        g_string_append_printf(words, ":%u", key->characters);
    }
    g_string_append_printf(words, "=%s", word);
}

/* @column NULL: all of them. */
static void
set_cell(const Pivot *pivot, FiscTable *table, FiscRow *row, int place, char *const *words,
         const char *column, __int128 amount)
{
    const FiscPivotQuery *query = pivot->query;
    g_autoptr(GString) path = g_string_new(NULL);
    for (guint i = 0; i < pivot->down.count; i++) {
        append_key(path, &pivot->down.keys[i], words[i]);
    }
    if (column != NULL && pivot->across.count > 0) {
        append_key(path, &pivot->across.keys[0], column);
    }
    g_autofree char *key = fisc_cell_path(table->name, query->unit, query->from, query->to,
                                          fisc_measure_name(pivot->measure), path->str);
    fisc_table_set_amount(table, row, place, amount);
    fisc_table_set_drill(table, row, place, key);
}

/* Returns what the row comes to. */
static __int128
write_row(const Pivot *pivot, FiscTable *table, char *const *words)
{
    FiscRow *row = fisc_table_add_row(table);
    int place = (int)pivot->down.count;
    __int128 total = 0;
    for (guint i = 0; i < pivot->down.count; i++) {
        fisc_table_set_text(table, row, (int)i, words[i]);
    }
    for (guint i = 0; i < pivot->columns->len; i++) {
        const char *column = pivot->columns->pdata[i];
        g_autofree char *key = cell_key(words, column);
        const __int128 *cell = g_hash_table_lookup(pivot->cells, key);
        total += cell != NULL ? *cell : 0;
        if (cell != NULL) {
            set_cell(pivot, table, row, place + (int)i, words, column, *cell);
        }
    }
    if (pivot->across.count > 0) {
        set_cell(pivot, table, row, place + (int)pivot->columns->len, words, NULL, total);
    }
    return total;
}

static FiscTable *
new_table(const Pivot *pivot, const FiscPerimeter *perimeter)
{
    const FiscPivotQuery *query = pivot->query;
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title =
        g_strdup_printf("%s%s%s, %s: %s", perimeter->unit, perimeter->unit[0] != '\0' ? " " : "",
                        perimeter->name, period, fisc_measure_name(pivot->measure));
    FiscTable *table = fisc_table_new("pivot", title, perimeter->decimals);
    for (guint i = 0; i < pivot->down.count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&pivot->down.keys[i]), FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < pivot->columns->len; i++) {
        const char *word = pivot->columns->pdata[i];
        const char *name = pivot->across.count == 0 ? "amount" : word[0] != '\0' ? word : NOTHING;
        fisc_table_add_column(table, name, FISC_COLUMN_AMOUNT);
    }
    if (pivot->across.count > 0) {
        fisc_table_add_column(table, "total", FISC_COLUMN_AMOUNT);
    } else if (pivot->columns->len == 0) {
        fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    }
    return table;
}

static FiscTable *
write_table(const Pivot *pivot, const FiscPerimeter *perimeter)
{
    char amount[FISC_SUM_TEXT];
    FiscTable *table = new_table(pivot, perimeter);
    __int128 total = 0;
    for (guint i = 0; i < pivot->rows->len; i++) {
        total += write_row(pivot, table, pivot->rows->pdata[i]);
    }
    fisc_table_add_note(table, "All rows together: %s",
                        fisc_sum_format_grouped(total, table->decimals, amount));
    return table;
}

static bool
read_words(Pivot *pivot, GError **error)
{
    const FiscPivotQuery *query = pivot->query;
    if (!fisc_measure_find(query->measure, &pivot->measure, error) ||
        !fisc_stage_keys_read(query->by != NULL ? query->by : "entity", &pivot->down, error) ||
        (query->across != NULL && !fisc_stage_keys_read(query->across, &pivot->across, error)) ||
        !fisc_stage_where_read(query->nation, query->where, &pivot->where, error)) {
        return false;
    }
    for (guint i = 0; pivot->across.count > 0 && i < pivot->down.count; i++) {
        if (pivot->down.keys[i].dimension == pivot->across.keys[0].dimension) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" goes either down or across",
                             fisc_stage_key_name(&pivot->down.keys[i]));
        }
    }
    return pivot->across.count <= 1 ||
           fisc_fail(error, FISC_ERROR_USAGE,
                     "--across is one segment; rows may have several: --by");
}

bool
fisc_pivot_build(const FiscPivotQuery *query, FiscTable **out_table, GError **error)
{
    g_auto(Pivot) pivot = {.query = query};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!read_words(&pivot, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    pivot.rows = g_ptr_array_new_with_free_func(words_free);
    pivot.row_at = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pivot.columns = g_ptr_array_new_with_free_func(g_free);
    pivot.cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_up(&pivot, perimeter);
    if (pivot.columns->len > COLUMNS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%u columns are too many: --across its first characters, as in economic:2",
                         pivot.columns->len);
    }
    g_ptr_array_sort(pivot.rows, compare_rows);
    g_ptr_array_sort(pivot.columns, compare_columns);
    *out_table = write_table(&pivot, perimeter);
    return true;
}
