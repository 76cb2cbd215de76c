/* cofog_economic.c: expenditure by function and by economic class at once.
 *
 * Made of the same figures as the statements, with the same eliminations: an amount that counts for
 * a function is told together with the class it was just counted for. So the corner is 2M of the
 * Statement of Operations, the last row is its classes, and the last column is the COFOG table. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "fisc/statement.h"
#include "reporting/cell_key.h"
#include "reporting/coverage.h"
#include "reporting/figures.h"
#include "reporting/layout.h"
#include "reporting/period_label.h"
#include <string.h>

/* "2" and "31": net investment in nonfinancial assets. */
static const char *const classes[] = {"21", "22", "23", "24", "25", "26", "27", "28", "31"};
#define CLASSES G_N_ELEMENTS(classes)

enum { FUNCTION, LABEL, FIRST_CLASS, TOTAL = FIRST_CLASS + CLASSES };

#define EVERYTHING "7"
#define DIVISION_DIGITS 3
#define GROUP_DIGITS 4

/* What a function spent: by class and, with what has no class, in total. */
typedef struct {
    __int128 by_class[CLASSES];
    __int128 total;
} Spent;

typedef struct {
    GHashTable *functions;      /* "7", "701", "7011" -> Spent */
    char class_[FISC_GFS_CODE]; /* that the coding was just counted for */
} Listening;

static Spent *
find_spent(GHashTable *functions, const char *code, gsize digits)
{
    g_autofree char *cut = g_strndup(code, digits);
    Spent *spent = g_hash_table_lookup(functions, cut);
    if (spent == NULL) {
        spent = g_new0(Spent, 1);
        g_hash_table_insert(functions, g_steal_pointer(&cut), spent);
    }
    return spent;
}

static void
spend(Spent *spent, const char *class_, __int128 amount)
{
    spent->total += amount;
    for (guint i = 0; i < CLASSES; i++) {
        if (fisc_gfs_is_under(class_, classes[i])) {
            spent->by_class[i] += amount;
        }
    }
}

static void
hear(const FiscCoding *coding, FiscSource source, const char *code, __int128 amount, gpointer data)
{
    (void)coding;
    Listening *listening = data;
    if (source == FISC_SOURCE_FLOW) {
        g_strlcpy(listening->class_, code, sizeof(listening->class_));
    }
    if (source != FISC_SOURCE_FUNCTION) {
        return;
    }
    spend(find_spent(listening->functions, code, strlen(EVERYTHING)), listening->class_, amount);
    if (strlen(code) >= DIVISION_DIGITS) {
        spend(find_spent(listening->functions, code, DIVISION_DIGITS), listening->class_, amount);
    }
    if (strlen(code) >= GROUP_DIGITS) {
        spend(find_spent(listening->functions, code, GROUP_DIGITS), listening->class_, amount);
    }
}

static void
write_row(FiscTable *table, const char *code, const char *label, const Spent *spent)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, FUNCTION, code);
    fisc_table_set_text(table, row, LABEL, label);
    for (guint i = 0; i < CLASSES; i++) {
        fisc_table_set_amount(table, row, FIRST_CLASS + (int)i, spent->by_class[i]);
    }
    fisc_table_set_amount(table, row, TOTAL, spent->total);
    row->strong = strlen(code) <= DIVISION_DIGITS;
    row->level = strlen(code) == GROUP_DIGITS ? 1 : 0;
}

/* The total is a figure of the table of divisions: it is taken apart there. */
static void
set_key(const FiscStatementQuery *query, FiscTable *table, const char *code)
{
    if (strlen(code) <= DIVISION_DIGITS) {
        g_autofree char *path = fisc_cell_path(FISC_CELL_STATEMENT, query->unit, query->from,
                                               query->to, "COFOG_DIV", code);
        fisc_table_set_drill(table, g_ptr_array_index(table->rows, table->rows->len - 1), TOTAL,
                             path);
    }
}

static int
compare_codes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_functions(const FiscStatementQuery *query, GHashTable *functions, FiscTable *table)
{
    guint count = 0;
    g_autofree const char **codes =
        (const char **)g_hash_table_get_keys_as_array(functions, &count);
    qsort(codes, count, sizeof(codes[0]), compare_codes);
    for (guint i = 0; i < count; i++) {
        if (!g_str_equal(codes[i], EVERYTHING)) {
            write_row(table, codes[i], fisc_gfs_label(codes[i]),
                      g_hash_table_lookup(functions, codes[i]));
            set_key(query, table, codes[i]);
        }
    }
}

/* Expenditure that has no function: what the classes hold beyond the functions. */
static Spent
without_function(const FiscFigures *figures, const Spent *functions)
{
    Spent spent = {.total = fisc_figures_get(figures, FISC_SOURCE_FLOW, "2") +
                            fisc_figures_get(figures, FISC_SOURCE_FLOW, "31") - functions->total};
    for (guint i = 0; i < CLASSES; i++) {
        spent.by_class[i] =
            fisc_figures_get(figures, FISC_SOURCE_FLOW, classes[i]) - functions->by_class[i];
    }
    return spent;
}

static void
write_rest(const FiscStatementQuery *query, const FiscFigures *figures, GHashTable *functions,
           FiscTable *table)
{
    static const Spent nothing;
    Spent *total = find_spent(functions, EVERYTHING, strlen(EVERYTHING));
    Spent rest = without_function(figures, total);
    if (memcmp(&rest, &nothing, sizeof(rest)) != 0) {
        write_row(table, "", "Without a function", &rest);
    }
    for (guint i = 0; i < CLASSES; i++) {
        total->by_class[i] += rest.by_class[i];
    }
    total->total += rest.total;
    write_row(table, EVERYTHING, "Expenditure", total);
    if (rest.total == 0) {
        set_key(query, table, EVERYTHING);
    }
}

/* What the statements by function do not cover is not here either. */
static void
write_coverage(const FiscPerimeter *perimeter, FiscTable *table)
{
    static const char *const about[] = {"*", "COFOG_DIV"};
    for (guint i = 0; i < G_N_ELEMENTS(about); i++) {
        g_autoptr(GPtrArray) notes = fisc_coverage_notes(perimeter, about[i]);
        for (guint k = 0; k < notes->len; k++) {
            fisc_table_add_note(table, "%s", (const char *)g_ptr_array_index(notes, k));
        }
    }
}

static void
write_notes(const FiscFigures *figures, FiscTable *table)
{
    const FiscRow *last = g_ptr_array_index(table->rows, table->rows->len - 1);
    g_autoptr(GString) names = g_string_new(NULL);
    __int128 rest = last->cells[TOTAL].number;
    for (guint i = 0; i < CLASSES; i++) {
        rest -= last->cells[FIRST_CLASS + i].number;
        g_string_append_printf(names, "%s%s %s", i > 0 ? "; " : "", classes[i],
                               fisc_figures_label(figures, classes[i]));
    }
    fisc_table_add_note(table, "%s", names->str);
    if (rest != 0) {
        char amount[FISC_SUM_TEXT];
        fisc_table_add_note(table, "Expense recorded without a class is in the total only: %s",
                            fisc_sum_format_grouped(rest, table->decimals, amount));
    }
}

static FiscTable *
new_table(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title =
        g_strdup_printf("Expenditure by function and economic class, %s %s, %s%s", perimeter->unit,
                        perimeter->name, period, query->unconsolidated ? ", unconsolidated" : "");
    FiscTable *table = fisc_table_new("cofog-economic", title, perimeter->decimals);
    fisc_table_add_column(table, "function", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    for (guint i = 0; i < CLASSES; i++) {
        fisc_table_add_column(table, classes[i], FISC_COLUMN_AMOUNT);
    }
    fisc_table_add_column(table, "total", FISC_COLUMN_AMOUNT);
    return table;
}

bool
fisc_statement_cofog_economic(const FiscStatementQuery *query, FiscTable **out_table,
                              GError **error)
{
    const FiscLayoutFamily *family = NULL;
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_layout_family_find(query->family, &family, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    Listening listening = {.functions =
                               g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    g_autoptr(GHashTable) functions = listening.functions;
    g_autoptr(FiscFigures) figures = fisc_figures_new_heard(query, perimeter, hear, &listening);
    FiscTable *table = new_table(query, perimeter);
    write_functions(query, functions, table);
    write_rest(query, figures, functions, table);
    write_notes(figures, table);
    write_coverage(perimeter, table);
    *out_table = table;
    return true;
}
