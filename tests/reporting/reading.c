/* reading.c: asking the statements for figures. */
#include "tests/reporting/reading.h"
#include <string.h>

enum { STATEMENT, UNIT, CODE, LABEL, AMOUNT };

static FiscTable *
build(const FiscStatementQuery *query)
{
    FiscTable *table = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_statement_build(query, &table, &error)) {
        g_error("statements of %s: %s", query->unit, error->message);
    }
    return table;
}

FiscTable *
read_statements(const NaiveBooks *books, const char *unit, FiscPeriod from, FiscPeriod to)
{
    FiscStatementQuery query = {
        .nation = books->nation, .balances = books->balances, .unit = unit, .from = from, .to = to};
    return build(&query);
}

FiscTable *
read_unconsolidated(const NaiveBooks *books, const char *unit)
{
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = unit,
                                .from = books->year * 100,
                                .to = books->year * 100 + 13,
                                .unconsolidated = true};
    return build(&query);
}

FiscTable *
read_standard(const NaiveBooks *books, const char *unit, const char *family)
{
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = unit,
                                .from = books->year * 100,
                                .to = books->year * 100 + 13,
                                .family = family};
    return build(&query);
}

FiscTable *
read_year(const NaiveBooks *books, const char *unit)
{
    return read_statements(books, unit, books->year * 100, books->year * 100 + 13);
}

const char *
text_at(const FiscTable *table, guint row, int column)
{
    const FiscRow *found = g_ptr_array_index(table->rows, row);
    return found->cells[column].text != NULL ? found->cells[column].text : "";
}

int64_t
amount_at(const FiscTable *table, guint row, int column)
{
    const FiscRow *found = g_ptr_array_index(table->rows, row);
    return (int64_t)found->cells[column].number;
}

static gint64
find_row(const FiscTable *table, const char *statement, const char *code)
{
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, STATEMENT), statement) &&
            g_str_equal(text_at(table, i, CODE), code)) {
            return i;
        }
    }
    return -1;
}

int64_t
amount_of(const FiscTable *table, const char *statement, const char *code)
{
    gint64 row = find_row(table, statement, code);
    return row >= 0 ? amount_at(table, (guint)row, AMOUNT) : 0;
}

bool
has_row(const FiscTable *table, const char *statement, const char *code)
{
    return find_row(table, statement, code) >= 0;
}

/* "NOB -1,205.00" is -120500. */
static int64_t
ungroup(const char *text)
{
    g_autoptr(GString) plain = g_string_new(text);
    g_string_replace(plain, ",", "", 0);
    return naive_amount(plain->str);
}

int64_t
transit_of(const FiscTable *table, const char *item)
{
    static const char total[] = "In transit, sum over units less consolidated: ";
    for (guint i = 0; i < table->notes->len; i++) {
        const char *note = g_ptr_array_index(table->notes, i);
        if (!g_str_has_prefix(note, total)) {
            continue;
        }
        g_auto(GStrv) items = g_strsplit(note + strlen(total), ", ", -1);
        for (char **one = items; *one != NULL; one++) {
            char *space = strrchr(*one, ' ');
            *space = '\0';
            if (g_str_equal(*one, item)) {
                return ungroup(space + 1);
            }
        }
    }
    return 0;
}

char *
notes_of(const FiscTable *table)
{
    GString *notes = g_string_new(NULL);
    for (guint i = 0; i < table->notes->len; i++) {
        g_string_append_printf(notes, "%s\n", (char *)g_ptr_array_index(table->notes, i));
    }
    return g_string_free(notes, FALSE);
}

char *
csv_of(const FiscTable *table)
{
    GString *out = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, out);
    return g_string_free(out, FALSE);
}
