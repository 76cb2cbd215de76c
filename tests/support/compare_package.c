/* compare_package.c: reports and answers as words and minor units, so that "5" and "5.00" are the
 * same. Reads answers with the naive reader; knows nothing of how the reports were made. */
#include "tests/support/compare_package.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

enum { STATEMENT, UNIT, CODE, LABEL, AMOUNT };

/* Rows that the program prints beyond the answers: residence of financing in the cash statement. */
static const char *const documented_extras[] = {"SSUC C321x", "SSUC C322x", "SSUC C331",
                                                "SSUC C332"};

const char *
answer_word(GHashTable *row, const char *column)
{
    const char *value = g_hash_table_lookup(row, column);
    return value != NULL ? value : "";
}

static const char *
cell_text(const FiscRow *row, int column)
{
    return row->cells[column].text != NULL ? row->cells[column].text : "";
}

static bool
is_memorandum(const FiscRow *row)
{
    return g_str_equal(cell_text(row, STATEMENT), "MEMO");
}

/* ---- statements ---- */

/* The four parts of an integrated row as numbers. */
static char *
label_figures(const char *label)
{
    g_auto(GStrv) parts = g_strsplit(label, "|", -1);
    GString *figures = g_string_new(NULL);
    for (char **part = parts; *part != NULL; part++) {
        g_string_append_printf(figures, " %" G_GINT64_FORMAT, naive_amount(*part));
    }
    return g_string_free(figures, FALSE);
}

/* "1250", or for an integrated row " 0 1250 0 0 = 1250". */
static char *
row_figures(const char *statement, const char *label, int64_t amount)
{
    if (!g_str_equal(statement, "STOCKFLOW")) {
        return g_strdup_printf("%" G_GINT64_FORMAT, amount);
    }
    g_autofree char *parts = label_figures(label);
    return g_strdup_printf("%s = %" G_GINT64_FORMAT, parts, amount);
}

/* "SOO 31.1" -> figures. A code that stands twice in a statement fails. */
static GHashTable *
actual_figures(const FiscTable *table)
{
    GHashTable *figures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading || is_memorandum(row)) {
            continue;
        }
        CU_ASSERT(g_hash_table_insert(
            figures, g_strdup_printf("%s %s", cell_text(row, STATEMENT), cell_text(row, CODE)),
            row_figures(cell_text(row, STATEMENT), cell_text(row, LABEL),
                        (int64_t)row->cells[AMOUNT].number)));
    }
    return figures;
}

static GHashTable *
expected_figures(GPtrArray *answers, const char *unit)
{
    GHashTable *figures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < answers->len; i++) {
        GHashTable *row = g_ptr_array_index(answers, i);
        const char *statement = answer_word(row, "statement");
        if (g_str_equal(answer_word(row, "unit"), unit)) {
            g_hash_table_insert(figures,
                                g_strdup_printf("%s %s", statement, answer_word(row, "code")),
                                row_figures(statement, answer_word(row, "label"),
                                            naive_amount(answer_word(row, "amount"))));
        }
    }
    return figures;
}

static bool
is_zero(const char *figures)
{
    return figures[strspn(figures, " 0=")] == '\0';
}

static void
report_missing(GHashTable *have, GHashTable *want, const char *unit, const char *verb,
               GString *problems)
{
    GHashTableIter iterator;
    void *key = NULL, *value = NULL;
    g_hash_table_iter_init(&iterator, want);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        const char *found = g_hash_table_lookup(have, key);
        if (found == NULL ? !is_zero(value) : !g_str_equal(found, value)) {
            g_string_append_printf(problems, "%s %s: %s %s, %s; ", unit, (char *)key, verb,
                                   (char *)value, found != NULL ? found : "nothing");
        }
    }
}

void
compare_statements(const FiscTable *table, GPtrArray *answers, const char *unit)
{
    g_autoptr(GHashTable) actual = actual_figures(table);
    g_autoptr(GHashTable) expected = expected_figures(answers, unit);
    g_autoptr(GString) problems = g_string_new(NULL);
    CU_ASSERT(g_hash_table_size(expected) > 0);
    report_missing(actual, expected, unit, "expected", problems);
    for (guint i = 0; i < G_N_ELEMENTS(documented_extras); i++) {
        g_hash_table_remove(actual, documented_extras[i]);
    }
    report_missing(expected, actual, unit, "printed", problems);
    FISC_ASSERT_TEXT(problems->str, "");
}

void
compare_memoranda(const FiscTable *table, GPtrArray *answers, const char *unit)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autoptr(GString) actual = g_string_new(NULL);
    for (guint i = 0; i < answers->len; i++) {
        GHashTable *row = g_ptr_array_index(answers, i);
        if (g_str_equal(answer_word(row, "unit"), unit)) {
            g_string_append_printf(expected, "%s %" G_GINT64_FORMAT ";", answer_word(row, "code"),
                                   naive_amount(answer_word(row, "amount")));
        }
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading && is_memorandum(row)) {
            g_string_append_printf(actual, "%s %" G_GINT64_FORMAT ";", cell_text(row, CODE),
                                   (int64_t)row->cells[AMOUNT].number);
        }
    }
    FISC_ASSERT_TEXT(actual->str, expected->str);
}

void
compare_transit(const FiscTable *table, GPtrArray *answers, const char *group)
{
    g_autoptr(GString) notes = g_string_new(NULL);
    for (guint i = 0; i < table->notes->len; i++) {
        g_string_append_printf(notes, "%s\n", (char *)g_ptr_array_index(table->notes, i));
    }
    guint pairs = 0;
    for (guint i = 0; i < answers->len; i++) {
        GHashTable *row = g_ptr_array_index(answers, i);
        if (g_str_equal(answer_word(row, "group"), group)) {
            g_autofree char *pair = g_strdup_printf(
                "In transit: %s -> %s, ", answer_word(row, "payer"), answer_word(row, "receiver"));
            FISC_ASSERT_CONTAINS(notes->str, pair);
            pairs++;
        }
    }
    CU_ASSERT_EQUAL(strstr(notes->str, "In transit") != NULL, pairs > 0);
}

/* ---- the other reports: the same rows in the same order, in the columns of the answers ---- */

static char *
expected_words(GHashTable *row, const FiscTable *table)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        const char *value = answer_word(row, column->name);
        if (!g_hash_table_contains(row, column->name)) {
            g_string_append(words, "?,");
        } else if (column->kind == FISC_COLUMN_TEXT) {
            g_string_append_printf(words, "%s,", value);
        } else {
            g_string_append_printf(words, "%" G_GINT64_FORMAT ",", naive_amount(value));
        }
    }
    return g_string_free(words, FALSE);
}

static char *
actual_words(const FiscTable *table, guint index, GHashTable *answer)
{
    const FiscRow *row = g_ptr_array_index(table->rows, index);
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (!g_hash_table_contains(answer, column->name)) {
            g_string_append(words, "?,");
        } else if (column->kind == FISC_COLUMN_TEXT) {
            g_string_append_printf(words, "%s,", cell_text(row, (int)i));
        } else {
            g_string_append_printf(words, "%" G_GINT64_FORMAT ",", (int64_t)row->cells[i].number);
        }
    }
    return g_string_free(words, FALSE);
}

/* Every column of the answers is one of the report, so that none goes uncompared. */
static void
check_columns(const FiscTable *table, const GPtrArray *rows)
{
    GHashTableIter iterator;
    void *name = NULL;
    if (rows->len == 0) {
        return;
    }
    g_hash_table_iter_init(&iterator, g_ptr_array_index(rows, 0));
    while (g_hash_table_iter_next(&iterator, &name, NULL)) {
        CU_ASSERT(fisc_table_column(table, name) >= 0);
    }
}

void
compare_rows(const FiscTable *table, const char *folder, const char *file)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(folder, file);
    FISC_ASSERT_INT(table->rows->len, rows->len);
    check_columns(table, rows);
    for (guint i = 0; i < MIN(rows->len, table->rows->len); i++) {
        g_autofree char *expected = expected_words(g_ptr_array_index(rows, i), table);
        g_autofree char *actual = actual_words(table, i, g_ptr_array_index(rows, i));
        FISC_ASSERT_TEXT(actual, expected);
    }
}
