/* statement.c: every GFSM 2014 statement of a unit or group: layouts filled with figures.
 *
 * Which rows there are, and what each adds up, is data (reporting/layouts/); which lines count is
 * figures.c's. Here figures meet rows, memoranda are added, and notes say what a reader must know.
 */
#include "fisc/statement.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/layout.h"
#include "reporting/period_label.h"
#include <string.h>

enum { STATEMENT, UNIT, CODE, LABEL, AMOUNT };

/* One statement while its rows are written. */
typedef struct {
    const FiscLayout *layout;
    const FiscFigures *figures;
    const char *unit;
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

static void
write_row(Writer *writer, const FiscLayoutRow *layout, const char *code, const char *label,
          __int128 amount)
{
    FiscTable *table = writer->table;
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, STATEMENT, writer->layout->statement);
    fisc_table_set_text(table, row, UNIT, writer->unit);
    fisc_table_set_text(table, row, CODE, code);
    fisc_table_set_text(table, row, LABEL, label[0] != '\0' ? label : fisc_gfs_label(code));
    fisc_table_set_amount(table, row, AMOUNT, amount);
    row->level = layout->level + (layout->deeper && strlen(code) > layout->digits ? 1 : 0);
    row->strong = layout->strong;
}

static void
write_heading(Writer *writer, const FiscLayoutRow *layout)
{
    /* The first heading names the unit too: reports of several units stand in one table. */
    g_autofree char *title = g_strdup_printf("%s, %s", layout->label, writer->unit);
    FiscRow *row = fisc_table_add_row(writer->table);
    fisc_table_set_text(writer->table, row, LABEL, layout->level == 0 ? title : layout->label);
    row->heading = true;
    row->level = layout->level;
}

static void
write_single(Writer *writer, const FiscLayoutRow *layout)
{
    __int128 *value = g_new(__int128, 1);
    *value = evaluate(writer, layout);
    g_hash_table_insert(writer->values, layout->code, value);
    if (layout->show == FISC_SHOW_ALWAYS || *value != 0) {
        write_row(writer, layout, layout->code, layout->label, *value);
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
write_layout_row(Writer *writer, const FiscLayoutRow *row)
{
    static void (*const writers[])(Writer *, const FiscLayoutRow *) = {
        [FISC_LAYOUT_HEADING] = write_heading,
        [FISC_LAYOUT_ROW] = write_single,
        [FISC_LAYOUT_LIST] = write_list,
        [FISC_LAYOUT_INTEGRATED] = write_integrated,
    };
    writers[row->kind](writer, row);
}

static bool
write_statement(const FiscLayoutFile *file, const FiscFigures *figures, const char *unit,
                FiscTable *table, GError **error)
{
    g_autoptr(FiscLayout) layout = NULL;
    if (!fisc_layout_parse(file, &layout, error)) {
        return false;
    }
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GHashTable) written = g_hash_table_new(g_str_hash, g_str_equal);
    Writer writer = {layout, figures, unit, table, values, written};
    for (guint i = 0; i < layout->rows->len; i++) {
        write_layout_row(&writer, g_ptr_array_index(layout->rows, i));
    }
    return true;
}

static void
write_memorandum(FiscTable *table, const FiscMemorandum *memorandum, bool is_first)
{
    if (is_first) {
        g_autofree char *title =
            g_strdup_printf("Memorandum items on record, %s", memorandum->unit);
        FiscRow *heading = fisc_table_add_row(table);
        fisc_table_set_text(table, heading, LABEL, title);
        heading->heading = true;
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

static void
note_coverage(const FiscNation *nation, const FiscPerimeter *perimeter, FiscTable *table)
{
    for (guint i = 0; i < nation->notes->len; i++) {
        const FiscNote *note = g_ptr_array_index(nation->notes, i);
        if (!g_str_equal(note->unit, perimeter->unit) &&
            !fisc_perimeter_has(perimeter, note->unit)) {
            continue;
        }
        if (g_str_equal(note->statement, "*")) {
            fisc_table_add_note(table, "Coverage, %s: %s", note->unit, note->text);
        } else {
            fisc_table_add_note(table, "Coverage, %s, %s: %s", note->unit, note->statement,
                                note->text);
        }
    }
}

static FiscTable *
new_table(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title =
        g_strdup_printf("Government finance statistics (GFSM 2014), %s %s, %s%s", query->unit,
                        perimeter->name, period, query->unconsolidated ? ", unconsolidated" : "");
    FiscTable *table = fisc_table_new("gfs", title, perimeter->decimals);
    fisc_table_add_column(table, "statement", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "unit", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    g_array_index(table->columns, FiscColumn, STATEMENT).for_machines = true;
    g_array_index(table->columns, FiscColumn, UNIT).for_machines = true;
    return table;
}

bool
fisc_statement_build(const FiscStatementQuery *query, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(FiscFigures) figures = fisc_figures_new(query, perimeter);
    g_autoptr(FiscTable) table = new_table(query, perimeter);
    for (const FiscLayoutFile *file = fisc_layout_files; file->statement != NULL; file++) {
        if (!write_statement(file, figures, query->unit, table, error)) {
            return false;
        }
    }
    write_memoranda(query, table);
    fisc_figures_notes(figures, table);
    note_coverage(query->nation, perimeter, table);
    *out_table = g_steal_pointer(&table);
    return true;
}
