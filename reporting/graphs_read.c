/* graphs_read.c: from rows of a table to bars. */
#include "fisc/dossier.h"
#include "reporting/graphs.h"
#include "reporting/labels.h"
#include "reporting/period_label.h"
#include "reporting/render/page_words.h"
#include <string.h>

#define SERIES_MAX 4 /* more columns than that are a table, not a picture */

FiscGraph *
fisc_graphs_new(const FiscDossier *dossier, const FiscDossierPart *part, FiscGraphKind kind,
                const char *name, const char *words)
{
    const FiscDossierScope *scope = &dossier->scope;
    bool is_whole = part->unit == NULL || g_strcmp0(part->unit, scope->unit) == 0;
    const char *unit = is_whole && scope->name != NULL ? scope->name : part->unit;
    g_autofree char *period = fisc_period_label(scope->from, scope->to);
    g_autofree char *title = g_strdup_printf("%s, %s, %s", fisc_label(dossier->language, words),
                                             unit != NULL ? unit : "", period);
    return fisc_graph_new(kind, name, title, scope->currency != NULL ? scope->currency : "",
                          part->table->decimals);
}

static bool
is_zero(const FiscGraph *graph)
{
    for (guint i = 0; i < graph->series->len; i++) {
        const FiscGraphSeries *series = g_ptr_array_index(graph->series, i);
        for (guint k = 0; k < series->amounts->len; k++) {
            if (g_array_index(series->amounts, __int128, k) != 0) {
                return false;
            }
        }
    }
    return true;
}

void
fisc_graphs_keep(FiscDossierPart *part, FiscGraph *graph)
{
    if (is_zero(graph)) {
        fisc_graph_free(graph);
    } else {
        fisc_dossier_add_graph(part, graph);
    }
}

const FiscRow *
fisc_graphs_row(const FiscTable *table, const char *code)
{
    int column = fisc_table_column(table, "code");
    for (guint i = 0; column >= 0 && i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading && g_strcmp0(row->cells[column].text, code) == 0) {
            return row;
        }
    }
    return NULL;
}

char *
fisc_graphs_label(const FiscTable *table, const FiscRow *row)
{
    int column = fisc_page_label_column(table);
    char *label = column >= 0 ? fisc_page_cell(table, row, (guint)column) : g_strdup("");
    char *remark = strstr(label, " [");
    if (remark != NULL) {
        *remark = '\0';
    }
    return label;
}

static int
first_amount(const FiscTable *table)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (g_array_index(table->columns, FiscColumn, i).kind == FISC_COLUMN_AMOUNT) {
            return (int)i;
        }
    }
    return -1;
}

__int128
fisc_graphs_amount(const FiscTable *table, const FiscRow *row)
{
    int column = first_amount(table);
    return row != NULL && column >= 0 ? row->cells[column].number : 0;
}

void
fisc_graphs_fill(FiscGraph *graph, const FiscDossier *dossier, const FiscTable *table,
                 const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        g_autofree char *label = fisc_graphs_label(table, g_ptr_array_index(rows, i));
        fisc_graph_add_category(graph, label, false);
    }
    for (guint i = 0; i < table->columns->len && graph->series->len < SERIES_MAX; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (column->kind != FISC_COLUMN_AMOUNT) {
            continue;
        }
        g_autofree char *name = fisc_page_column(dossier->language, column->name);
        FiscGraphSeries *series = fisc_graph_add_series(graph, name);
        for (guint k = 0; k < rows->len; k++) {
            const FiscRow *row = g_ptr_array_index(rows, k);
            fisc_graph_add_amount(series, row->cells[i].number);
        }
    }
}
