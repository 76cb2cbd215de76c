/* plan_report.c: ceilings and tags of a version as tables. Pure. */
#include "budget/plan_report.h"
#include "budget/plan_ceiling.h"
#include "budget/plan_value.h"
#include <stdlib.h>
#include <string.h>

int
fisc_plan_add_year_columns(FiscTable *table, const FiscPlanFrame *frame)
{
    int first = (int)table->columns->len;
    for (int i = 0; i < frame->years; i++) {
        g_autofree char *name = g_strdup_printf("proposed_%d", frame->year + i);
        fisc_table_add_column(table, name, FISC_COLUMN_AMOUNT);
    }
    return first;
}

/* Ceilings --------------------------------------------------------------------------------------
 */

static void
add_ceiling(FiscTable *table, const FiscPlanCeiling *ceiling)
{
    FiscRow *row = fisc_table_add_row(table);
    g_autofree char *key = fisc_plan_ceiling_key(ceiling);
    fisc_table_set_text(table, row, 0, ceiling->name);
    fisc_table_set_text(table, row, 1, key);
    fisc_table_set_amount(table, row, 2, ceiling->lines);
    fisc_table_set_amount(table, row, 3, ceiling->limit);
    fisc_table_set_amount(table, row, 4, ceiling->requested);
    fisc_table_set_amount(table, row, 5, ceiling->marked);
    fisc_table_set_amount(table, row, 6, ceiling->proposed);
    fisc_table_set_amount(table, row, 7, ceiling->limit - ceiling->proposed);
    fisc_table_set_text(table, row, 8, ceiling->proposed > ceiling->limit ? "yes" : "");
    row->strong = ceiling->proposed > ceiling->limit;
}

FiscTable *
fisc_plan_ceilings_table(const FiscPlanLines *lines, const char *ceilings, FiscRefusals *refusals)
{
    static const char *const amounts[] = {"limit", "requested", "marked", "proposed", "room"};
    g_autoptr(GPtrArray) list = NULL;
    g_autoptr(FiscPlanTable) read = fisc_plan_ceilings_read(lines, ceilings, &list, refusals);
    if (read == NULL) {
        return NULL;
    }
    FiscTable *table = fisc_table_new("ceilings", "Ceilings", lines->frame.decimals);
    fisc_table_add_column(table, "ceiling", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "key", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        fisc_table_add_column(table, amounts[i], FISC_COLUMN_AMOUNT);
    }
    fisc_table_add_column(table, "over", FISC_COLUMN_TEXT);
    for (guint i = 0; i < list->len; i++) {
        add_ceiling(table, list->pdata[i]);
    }
    return table;
}

/* Tags ------------------------------------------------------------------------------------------
 */

/* What counts for one tag in one programme, in hundredths of a minor unit. */
typedef struct {
    char *tag, *programme;
    __int128 hundredths[FISC_PLAN_YEARS_MAX];
    __int128 amount[FISC_PLAN_YEARS_MAX]; /* once the tag's cells are rounded together */
} Cell;

static void
free_cell(void *data)
{
    Cell *cell = data;
    g_free(cell->tag);
    g_free(cell->programme);
    g_free(cell);
}

static guint
hash_cell(const void *data)
{
    const Cell *cell = data;
    return g_str_hash(cell->tag) * 31 + g_str_hash(cell->programme);
}

static int
compare_cells(const void *a, const void *b)
{
    const Cell *left = a, *right = b;
    int order = strcmp(left->tag, right->tag);
    return order != 0 ? order : strcmp(left->programme, right->programme);
}

static gboolean
is_same_cell(const void *a, const void *b)
{
    return compare_cells(a, b) == 0;
}

static void
count_tag(GHashTable *cells, const char *tag, gsize length, int percent, const FiscPlanLine *line,
          int years)
{
    Cell *key = g_new0(Cell, 1);
    key->tag = g_strndup(tag, length);
    key->programme = g_strdup(line->dim[FISC_DIM_PROGRAMME]);
    Cell *cell = g_hash_table_lookup(cells, key);
    if (cell == NULL) {
        g_hash_table_add(cells, key);
        cell = key;
    } else {
        free_cell(key);
    }
    for (int year = 0; year < years; year++) {
        cell->hundredths[year] += (__int128)fisc_plan_line_amount(line, year) * percent;
    }
}

static void
count_line(GHashTable *cells, const FiscPlanLine *line, int years)
{
    const char *at = line->tags, *tag = NULL;
    gsize length = 0;
    int percent = 0;
    if (line->side != FISC_SIDE_EXPENDITURE) {
        return;
    }
    if (*line->tags == '\0') {
        count_tag(cells, "*", 1, 100, line, years);
    }
    while (fisc_value_next_tag(&at, &tag, &length, &percent)) {
        count_tag(cells, tag, length, percent, line, years);
    }
}

static int
compare_cell_pointers(const void *a, const void *b)
{
    return compare_cells(*(const Cell *const *)a, *(const Cell *const *)b);
}

/* The cell with the largest remainder that has not been rounded up yet; NULL = none. */
static Cell *
largest_remainder(Cell **cells, guint count, int year)
{
    Cell *largest = NULL;
    int most = -1;
    for (guint i = 0; i < count; i++) {
        bool is_down = cells[i]->amount[year] == cells[i]->hundredths[year] / 100;
        int remainder = (int)(cells[i]->hundredths[year] % 100);
        if (is_down && remainder > most) {
            most = remainder;
            largest = cells[i];
        }
    }
    return largest;
}

/* Rounds the total of a tag half up, and its cells so that they add up to it. */
static __int128
round_cells(Cell **cells, guint count, int year)
{
    __int128 hundredths = 0, given = 0;
    for (guint i = 0; i < count; i++) {
        cells[i]->amount[year] = cells[i]->hundredths[year] / 100;
        given += cells[i]->amount[year];
        hundredths += cells[i]->hundredths[year];
    }
    __int128 total = (hundredths + 50) / 100;
    for (; given < total; given++) {
        largest_remainder(cells, count, year)->amount[year]++;
    }
    return total;
}

static void
add_tag(FiscTable *table, Cell **cells, guint count, int years)
{
    __int128 totals[FISC_PLAN_YEARS_MAX];
    for (int year = 0; year < years; year++) {
        totals[year] = round_cells(cells, count, year);
    }
    FiscRow *total = fisc_table_add_row(table);
    total->strong = true;
    fisc_table_set_text(table, total, 0, cells[0]->tag);
    for (int year = 0; year < years; year++) {
        fisc_table_set_amount(table, total, 2 + year, totals[year]);
    }
    for (guint i = 0; i < count; i++) {
        FiscRow *row = fisc_table_add_row(table);
        row->level = 1;
        fisc_table_set_text(table, row, 0, cells[i]->tag);
        fisc_table_set_text(table, row, 1,
                            *cells[i]->programme != '\0' ? cells[i]->programme : "-");
        for (int year = 0; year < years; year++) {
            fisc_table_set_amount(table, row, 2 + year, cells[i]->amount[year]);
        }
    }
}

static GPtrArray *
sorted_cells(GHashTable *cells)
{
    GHashTableIter iterator;
    void *cell = NULL;
    GPtrArray *sorted = g_ptr_array_new();
    g_hash_table_iter_init(&iterator, cells);
    while (g_hash_table_iter_next(&iterator, &cell, NULL)) {
        g_ptr_array_add(sorted, cell);
    }
    g_ptr_array_sort(sorted, compare_cell_pointers);
    return sorted;
}

FiscTable *
fisc_plan_tags_table(const FiscPlanLines *lines)
{
    g_autoptr(GHashTable) cells = g_hash_table_new_full(hash_cell, is_same_cell, free_cell, NULL);
    FiscTable *table = fisc_table_new("tags", "Tagged spending", lines->frame.decimals);
    fisc_table_add_column(table, "tag", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "programme", FISC_COLUMN_TEXT);
    fisc_plan_add_year_columns(table, &lines->frame);
    for (guint i = 0; i < lines->lines->len; i++) {
        count_line(cells, lines->lines->pdata[i], lines->frame.years);
    }
    g_autoptr(GPtrArray) sorted = sorted_cells(cells);
    for (guint first = 0, behind = 0; first < sorted->len; first = behind) {
        const Cell *cell = sorted->pdata[first];
        while (behind < sorted->len &&
               strcmp(((const Cell *)sorted->pdata[behind])->tag, cell->tag) == 0) {
            behind++;
        }
        add_tag(table, (Cell **)sorted->pdata + first, behind - first, lines->frame.years);
    }
    fisc_table_add_note(table, "A line counts for each of its tags by that tag's percent, so tags "
                               "do not add up; \"*\" is what has no tag.");
    return table;
}
