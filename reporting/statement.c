/* statement.c: every GFSM 2014 statement of a unit or group, and statements of national charts:
 * layouts filled with figures.
 *
 * Which rows there are, and what each adds up, is data (reporting/layouts/); which lines count is
 * figures.c's. Here figures meet rows, memoranda are added, and notes stand where they concern what
 * is read: below the title of a statement, below a row, or below everything. */
#include "fisc/statement.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/cell_key.h"
#include "reporting/completeness.h"
#include "reporting/coverage.h"
#include "reporting/layers.h"
#include "reporting/layout.h"
#include "reporting/period_label.h"
#include <string.h>

enum { STATEMENT, UNIT, CODE, LABEL, AMOUNT };

/* One statement while its rows are written. */
typedef struct {
    const FiscLayout *layout;
    const FiscFigures *figures;
    const FiscPerimeter *perimeter;
    const char *unit;
    const FiscStatementQuery *query;
    FiscTable *table;
    GHashTable *values;  /* code of a row -> __int128 */
    GHashTable *written; /* codes that have their row */
} Writer;

static __int128
evaluate(const Writer *writer, const FiscLayoutRow *row)
{
    __int128 sum = 0;
    for (guint i = 0; i < row->terms->len; i++) {
        const FiscTerm *term = &g_array_index(row->terms, FiscTerm, i);
        if (term->source >= 0) {
            sum += term->sign * fisc_figures_get(writer->figures, term->source, term->code);
        } else {
            sum += term->sign * *(__int128 *)g_hash_table_lookup(writer->values, term->code);
        }
    }
    return sum;
}

/* Under which name the figure is taken apart (cell_key.h). */
static void
set_key(const Writer *writer, FiscRow *row, const char *code)
{
    const FiscStatementQuery *query = writer->query;
    const char *report = query->layout != NULL ? FISC_CELL_LAYOUT : FISC_CELL_STATEMENT;
    g_autofree char *path = fisc_cell_path(report, writer->unit, query->from, query->to,
                                           writer->layout->statement, code);
    fisc_table_set_drill(writer->table, row, AMOUNT, path);
}

static void
write_row(Writer *writer, const FiscLayoutRow *layout, const char *code, const char *label,
          __int128 amount)
{
    FiscTable *table = writer->table;
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, STATEMENT, writer->layout->statement);
    fisc_table_set_text(table, row, UNIT, writer->unit);
    fisc_table_set_text(table, row, CODE, code);
    fisc_table_set_text(table, row, LABEL,
                        label[0] != '\0' ? label : fisc_figures_label(writer->figures, code));
    fisc_table_set_amount(table, row, AMOUNT, amount);
    set_key(writer, row, code);
    row->level = layout->level + (layout->deeper && strlen(code) > layout->digits ? 1 : 0);
    row->strong = layout->strong;
}

static void
write_words(FiscTable *table, const char *words, int level)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, LABEL, words);
    row->heading = true;
    row->level = level;
}

/* A note beside what it concerns: among the rows for people, with its place for programs. */
static void
write_note(FiscTable *table, const char *unit, const char *statement, const char *text)
{
    write_words(table, text, statement != NULL ? 1 : 0);
    fisc_table_add_note_about(table, unit, statement, true, text);
}

static void
write_notes(FiscTable *table, const char *unit, const char *statement, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        write_note(table, unit, statement, g_ptr_array_index(texts, i));
    }
}

static void
write_notes_of_statement(const Writer *writer)
{
    g_auto(GStrv) like = g_strsplit(fisc_layout_like(writer->layout->statement), ",", -1);
    for (char **statement = like; *statement != NULL; statement++) {
        g_autoptr(GPtrArray) coverage = fisc_coverage_notes(writer->perimeter, *statement);
        g_autoptr(GPtrArray) transit =
            fisc_transit_notes(fisc_figures_transit(writer->figures), *statement);
        write_notes(writer->table, writer->unit, writer->layout->statement, coverage);
        write_notes(writer->table, writer->unit, writer->layout->statement, transit);
    }
}

static void
write_heading(Writer *writer, const FiscLayoutRow *layout)
{
    if (layout->level > 0) {
        write_words(writer->table, layout->label, layout->level);
        return;
    }
    /* A statement's title names the unit too: reports of several units stand in one table. */
    g_autofree char *title = g_strdup_printf("%s, %s", layout->label, writer->unit);
    write_words(writer->table, title, 0);
    write_notes_of_statement(writer);
}

static void
write_note_of_row(const Writer *writer, const char *code)
{
    const char *statement = writer->layout->statement;
    g_autofree char *text = fisc_transit_explain(fisc_figures_transit(writer->figures),
                                                 fisc_layout_like(statement), code);
    if (text != NULL) {
        write_note(writer->table, writer->unit, statement, text);
    }
}

static void
write_single(Writer *writer, const FiscLayoutRow *layout)
{
    __int128 *value = g_new(__int128, 1);
    *value = evaluate(writer, layout);
    g_hash_table_insert(writer->values, layout->code, value);
    if (layout->show == FISC_SHOW_ALWAYS || *value != 0) {
        write_row(writer, layout, layout->code, layout->label, *value);
        write_note_of_row(writer, layout->code);
    }
}

static void
write_list(Writer *writer, const FiscLayoutRow *layout)
{
    const FiscTerm *term = &g_array_index(layout->terms, FiscTerm, 0);
    g_autoptr(GPtrArray) codes = fisc_figures_codes(writer->figures, term->source, term->code,
                                                    layout->digits, layout->deeper);
    for (guint i = 0; i < codes->len; i++) {
        const char *code = g_ptr_array_index(codes, i);
        __int128 amount = fisc_figures_get(writer->figures, term->source, code);
        bool has_row = g_hash_table_contains(writer->layout->codes, code) ||
                       g_hash_table_contains(writer->written, code);
        if (!has_row && (layout->show == FISC_SHOW_POSTED || amount != 0)) {
            g_hash_table_add(writer->written, (void *)code);
            write_row(writer, layout, code, "", amount);
        }
    }
}

/* Opening and the three flows of a stock code, side by side; true when any of them is not 0. */
static bool
integrated_label(const Writer *writer, const char *stock, GString *label)
{
    static const char flows[] = "345";
    char amount[FISC_SUM_TEXT];
    int decimals = writer->table->decimals;
    __int128 opening = fisc_figures_get(writer->figures, FISC_SOURCE_OPEN, stock);
    bool is_used = opening != 0;
    g_string_assign(label, fisc_sum_format(opening, decimals, amount));
    for (const char *flow = flows; *flow != '\0'; flow++) {
        g_autofree char *code = g_strdup_printf("%c%s", *flow, stock + 1);
        __int128 sum = fisc_figures_get(writer->figures, FISC_SOURCE_FLOW, code);
        is_used = is_used || sum != 0;
        g_string_append_printf(label, "|%s", fisc_sum_format(sum, decimals, amount));
    }
    return is_used;
}

static void
write_integrated(Writer *writer, const FiscLayoutRow *layout)
{
    const FiscTerm *term = &g_array_index(layout->terms, FiscTerm, 0);
    g_autoptr(GPtrArray) codes = fisc_figures_codes(writer->figures, term->source, term->code,
                                                    layout->digits, layout->deeper);
    g_autoptr(GString) label = g_string_new(NULL);
    for (guint i = 0; i < codes->len; i++) {
        const char *code = g_ptr_array_index(codes, i);
        if (integrated_label(writer, code, label)) {
            write_row(writer, layout, code, label->str,
                      fisc_figures_get(writer->figures, term->source, code));
        }
    }
}

static void
write_assumption(Writer *writer, const FiscLayoutRow *layout)
{
    write_note(writer->table, writer->unit, writer->layout->statement, layout->label);
}

static void
write_layout_row(Writer *writer, const FiscLayoutRow *row)
{
    static void (*const writers[])(Writer *, const FiscLayoutRow *) = {
        [FISC_LAYOUT_HEADING] = write_heading, [FISC_LAYOUT_ROW] = write_single,
        [FISC_LAYOUT_LIST] = write_list,       [FISC_LAYOUT_INTEGRATED] = write_integrated,
        [FISC_LAYOUT_NOTE] = write_assumption,
    };
    writers[row->kind](writer, row);
}

static void
write_layout(const FiscLayout *layout, const FiscStatementQuery *query, const FiscFigures *figures,
             const FiscPerimeter *perimeter, FiscTable *table)
{
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GHashTable) written = g_hash_table_new(g_str_hash, g_str_equal);
    Writer writer = {layout, figures, perimeter, perimeter->unit, query, table, values, written};
    for (guint i = 0; i < layout->rows->len; i++) {
        write_layout_row(&writer, g_ptr_array_index(layout->rows, i));
    }
}

static bool
write_statement(const FiscLayoutFile *file, const FiscStatementQuery *query,
                const FiscFigures *figures, const FiscPerimeter *perimeter, FiscTable *table,
                GError **error)
{
    g_autoptr(FiscLayout) layout = NULL;
    if (!fisc_layout_parse(file, &layout, error)) {
        return false;
    }
    write_layout(layout, query, figures, perimeter, table);
    return true;
}

static void
write_memorandum(FiscTable *table, const FiscMemorandum *memorandum, bool is_first)
{
    if (is_first) {
        g_autofree char *title =
            g_strdup_printf("Memorandum items on record, %s", memorandum->unit);
        write_words(table, title, 0);
    }
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, STATEMENT, "MEMO");
    fisc_table_set_text(table, row, UNIT, memorandum->unit);
    fisc_table_set_text(table, row, CODE, memorandum->code);
    fisc_table_set_text(table, row, LABEL, memorandum->label);
    fisc_table_set_amount(table, row, AMOUNT, memorandum->amount);
}

/* Memoranda are facts on record, not sums of the books (convention 13). */
static void
write_memoranda(const FiscStatementQuery *query, FiscTable *table)
{
    bool is_first = true;
    for (guint i = 0; i < query->nation->memoranda->len; i++) {
        const FiscMemorandum *memorandum = g_ptr_array_index(query->nation->memoranda, i);
        if (g_str_equal(memorandum->unit, query->unit) &&
            memorandum->year == fisc_period_year(query->to)) {
            write_memorandum(table, memorandum, is_first);
            is_first = false;
        }
    }
}

static FiscTable *
new_table(const char *name, const char *title, int decimals)
{
    FiscTable *table = fisc_table_new(name, title, decimals);
    fisc_table_add_column(table, "statement", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "unit", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    g_array_index(table->columns, FiscColumn, STATEMENT).for_machines = true;
    g_array_index(table->columns, FiscColumn, UNIT).for_machines = true;
    return table;
}

static FiscTable *
new_family_table(const FiscStatementQuery *query, const FiscLayoutFamily *family,
                 const FiscPerimeter *perimeter)
{
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title =
        g_strdup_printf("%s, %s %s, %s%s", family->title, query->unit, perimeter->name, period,
                        query->unconsolidated ? ", unconsolidated" : "");
    return new_table("gfs", title, perimeter->decimals);
}

static char *
title_of_layout(const FiscStatementQuery *query, const FiscLayout *layout,
                const FiscPerimeter *perimeter)
{
    const FiscLayoutRow *heading = g_ptr_array_index(layout->rows, 0);
    g_autofree char *period = fisc_period_label(query->from, query->to);
    return g_strdup_printf("%s, %s %s, %s%s", heading->label, query->unit, perimeter->name, period,
                           query->unconsolidated ? ", unconsolidated" : "");
}

/* What is not classified concerns who shows classes. */
static bool
is_over_gfs(const FiscLayout *layout)
{
    for (guint i = 0; i < layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(layout->rows, i);
        for (guint k = 0; k < row->terms->len; k++) {
            int source = g_array_index(row->terms, FiscTerm, k).source;
            if (source >= 0 && source < FISC_SOURCE_ACCOUNT_OPEN) {
                return true;
            }
        }
    }
    return false;
}

/* What concerns the whole: coverage, whose reports are in, which layers count. */
static void
write_general_notes(const FiscStatementQuery *query, const FiscPerimeter *perimeter,
                    FiscTable *table)
{
    g_autoptr(GPtrArray) general = fisc_coverage_notes(perimeter, "*");
    g_autofree char *completeness =
        fisc_completeness_note(perimeter, query->balances, query->from, query->to);
    write_notes(table, query->unit, NULL, general);
    if (completeness != NULL) {
        write_note(table, query->unit, NULL, completeness);
    }
    if (query->layer != NULL) {
        g_autofree char *layer = g_strdup_printf("Layers that count here: %s", query->layer);
        write_note(table, query->unit, NULL, layer);
    }
}

bool
fisc_statement_national(const FiscStatementQuery *query, FiscTable **out_table, GError **error)
{
    FiscLayoutFile file = {NULL, NULL, NULL};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_layout_find(query->nation, query->layout, &file, error)) {
        return false;
    }
    if (query->unit == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the statement is of a unit: name one");
    }
    g_autoptr(FiscLayout) layout = NULL;
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error) ||
        !fisc_layers_check(query->layer, query->balances, error) ||
        !fisc_layout_parse(&file, &layout, error)) {
        return false;
    }
    g_autoptr(FiscFigures) figures = fisc_figures_new(query, perimeter);
    g_autofree char *title = title_of_layout(query, layout, perimeter);
    g_autoptr(FiscTable) table = new_table(file.statement, title, perimeter->decimals);
    write_layout(layout, query, figures, perimeter, table);
    if (is_over_gfs(layout)) {
        fisc_figures_notes(figures, table);
    }
    *out_table = g_steal_pointer(&table);
    return true;
}

bool
fisc_statement_build(const FiscStatementQuery *query, FiscTable **out_table, GError **error)
{
    const FiscLayoutFamily *family = NULL;
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_layout_family_find(query->family, &family, error) ||
        !fisc_layout_check_asked(family, query->statement, error) ||
        !fisc_layers_check(query->layer, query->balances, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(FiscFigures) figures = fisc_figures_new(query, perimeter);
    g_autoptr(FiscTable) table = new_family_table(query, family, perimeter);
    write_general_notes(query, perimeter, table);
    for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
        if (fisc_layout_is_asked(query->statement, file->statement) &&
            !write_statement(file, query, figures, perimeter, table, error)) {
            return false;
        }
    }
    if (query->statement == NULL) {
        write_memoranda(query, table);
    }
    fisc_figures_notes(figures, table);
    *out_table = g_steal_pointer(&table);
    return true;
}
