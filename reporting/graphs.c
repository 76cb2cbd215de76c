/* graphs.c: which graphs a statement has: a row of a table each. */
#include "reporting/graphs.h"
#include "reporting/labels.h"
#include <string.h>

#define CODES_MAX 12

/* Bars of the rows with these codes; of a code that ends in "*", of all rows below it that are as
 * long. */
static const struct {
    const char *statement, *name, *words;
    const char *codes[CODES_MAX];
} bars[] = {
    {"SOO", "revenue-by-class", "Revenue by class", {"11", "12", "13", "14"}},
    {"SOO",
     "expense-by-class",
     "Expense by class",
     {"21", "22", "23", "24", "25", "26", "27", "28"}},
    {"COFOG_DIV", "expenditure-by-function", "Expenditure by function", {"7**"}},
    {"BS_CLOSE", "liabilities-by-instrument", "Liabilities by instrument", {"63**"}},
};

/* From revenue to net lending. */
static const struct {
    const char *code;
    int sign;
    bool is_total;
} steps[] = {
    {"1", 1, true},    {"21", -1, false}, {"22", -1, false}, {"23", -1, false},
    {"24", -1, false}, {"25", -1, false}, {"26", -1, false}, {"27", -1, false},
    {"28", -1, false}, {"NOB", 1, true},  {"31", -1, false}, {"NLB", 1, true},
};

/* "7**" matches "701"; "63" itself only "63". */
static bool
is_asked(const char *code, const char *pattern)
{
    gsize stem = strcspn(pattern, "*");
    return strlen(code) == strlen(pattern) && strncmp(code, pattern, stem) == 0;
}

static bool
has_amount(const FiscTable *table, const FiscRow *row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (column->kind == FISC_COLUMN_AMOUNT && row->cells[i].number != 0) {
            return true;
        }
    }
    return false;
}

/* The rows that have an amount, in the table's order. */
static GPtrArray *
rows_of(const FiscTable *table, const char *const *codes)
{
    GPtrArray *rows = g_ptr_array_new();
    int column = fisc_table_column(table, "code");
    for (guint i = 0; column >= 0 && i < table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        const char *code = row->cells[column].text;
        for (int k = 0; !row->heading && k < CODES_MAX && codes[k] != NULL; k++) {
            if (code != NULL && is_asked(code, codes[k]) && has_amount(table, row)) {
                g_ptr_array_add(rows, row);
            }
        }
    }
    return rows;
}

static void
add_bars(const FiscDossier *dossier, FiscDossierPart *part)
{
    for (guint i = 0; i < G_N_ELEMENTS(bars); i++) {
        if (strcmp(bars[i].statement, part->name) != 0) {
            continue;
        }
        g_autoptr(GPtrArray) rows = rows_of(part->table, bars[i].codes);
        if (rows->len > 0) {
            FiscGraph *graph =
                fisc_graphs_new(dossier, part, FISC_GRAPH_BARS, bars[i].name, bars[i].words);
            fisc_graphs_fill(graph, dossier, part->table, rows);
            fisc_graphs_keep(part, graph);
        }
    }
}

/* Nothing is drawn when a total is missing: of another standard, the steps would not add up. */
static void
add_waterfall(const FiscDossier *dossier, FiscDossierPart *part)
{
    const FiscTable *table = part->table;
    FiscGraph *graph = fisc_graphs_new(dossier, part, FISC_GRAPH_WATERFALL, "revenue-to-lending",
                                       "From revenue to net lending");
    FiscGraphSeries *series = fisc_graph_add_series(graph, fisc_label(dossier->language, "Amount"));
    bool is_whole = true;
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        const FiscRow *row = fisc_graphs_row(table, steps[i].code);
        __int128 amount = fisc_graphs_amount(table, row);
        is_whole = is_whole && (row != NULL || !steps[i].is_total);
        if (row != NULL && (steps[i].is_total || amount != 0)) {
            g_autofree char *label = fisc_graphs_label(table, row);
            fisc_graph_add_category(graph, label, steps[i].is_total);
            fisc_graph_add_amount(series, steps[i].sign * amount);
        }
    }
    if (is_whole) {
        fisc_graphs_keep(part, graph);
    } else {
        fisc_graph_free(graph);
    }
}

/* Reports of a budget have their own columns: those of them that a reader compares. */
static void
add_stages(const FiscDossier *dossier, FiscDossierPart *part)
{
    enum { ROWS_MAX = 16 };
    static const char *const stages[] = {"final",      "accrued", "obligated",
                                         "recognized", "paid",    "collected"};
    const FiscTable *table = part->table;
    if (fisc_table_column(table, "final") < 0 || table->rows->len > ROWS_MAX ||
        table->rows->len == 0) {
        return;
    }
    FiscGraph *graph =
        fisc_graphs_new(dossier, part, FISC_GRAPH_BARS, "budget-and-actual", "Budget and actual");
    for (guint i = 0; i < table->rows->len; i++) {
        g_autofree char *label = fisc_graphs_label(table, g_ptr_array_index(table->rows, i));
        fisc_graph_add_category(graph, label, false);
    }
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
        int column = fisc_table_column(table, stages[i]);
        if (column < 0) {
            continue;
        }
        g_autofree char *english = g_strdup(stages[i]);
        *english = g_ascii_toupper(*english);
        FiscGraphSeries *series =
            fisc_graph_add_series(graph, fisc_label(dossier->language, english));
        for (guint k = 0; k < table->rows->len; k++) {
            const FiscRow *row = g_ptr_array_index(table->rows, k);
            fisc_graph_add_amount(series, row->cells[column].number);
        }
    }
    fisc_graphs_keep(part, graph);
}

void
fisc_graphs_add(FiscDossier *dossier, const FiscStatementQuery *query)
{
    for (guint i = 0; i < dossier->parts->len; i++) {
        FiscDossierPart *part = g_ptr_array_index(dossier->parts, i);
        bool is_one = query->unit != NULL && g_strcmp0(part->unit, query->unit) == 0;
        add_bars(dossier, part);
        add_stages(dossier, part);
        if (strcmp(part->name, "SOO") == 0) {
            add_waterfall(dossier, part);
        }
        if (is_one && strcmp(part->name, "SOO") == 0) {
            fisc_graphs_add_budget(dossier, part, query);
        }
        if (is_one && strcmp(part->name, "SSUC") == 0) {
            fisc_graphs_add_months(dossier, part, query);
        }
    }
}
