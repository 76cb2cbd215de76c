/* dossier_test.c: a report's table taken apart: titles, rows and notes land where they belong. */
#include "reporting/render/page_words.h"
#include "tests/reporting/pages/rendered.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_dossier_tests[];

typedef enum { UNIT_NOTE, TITLE, NOTE, HEADING, ROW } Kind;

static void
add(FiscTable *table, Kind kind, const char *statement, const char *words)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 3, words);
    row->heading = kind != ROW;
    row->level = kind == NOTE || kind == HEADING ? 1 : 0;
    if (kind == ROW) {
        fisc_table_set_text(table, row, 0, statement);
        fisc_table_set_text(table, row, 1, "U");
        fisc_table_set_text(table, row, 2, "1");
        fisc_table_set_amount(table, row, 4, 100);
    } else if (kind != TITLE && kind != HEADING) {
        fisc_table_add_note_about(table, "U", statement, true, words);
    }
}

/* Two statements with notes among their rows, and some below. */
static FiscDossier *
two_statements(void)
{
    FiscTable *table = fisc_table_new("gfs", "Statements, U", 2);
    fisc_table_add_column(table, "statement", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "unit", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    add(table, UNIT_NOTE, NULL, "Of the whole unit");
    add(table, TITLE, "SOO", "Operations, U");
    add(table, NOTE, "SOO", "Of operations");
    add(table, HEADING, "SOO", "Transactions");
    add(table, ROW, "SOO", "Revenue");
    add(table, NOTE, "SOO", "Of revenue");
    add(table, TITLE, "SSUC", "Cash, U");
    add(table, ROW, "SSUC", "Receipts");
    fisc_table_add_note_about(table, "U", "SSUC", false, "Below cash");
    fisc_table_add_note(table, "Of everything");
    return fisc_dossier_from_table(table);
}

/* Its rows as words: "h Transactions, n Of operations, r Revenue". Caller frees. */
static char *
rows_of(const FiscTable *table)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        const char *kind = !row->heading ? "r" : fisc_page_is_note(table, row) ? "n" : "h";
        g_string_append_printf(words, "%s%s %s", i > 0 ? ", " : "", kind, row->cells[3].text);
    }
    return g_string_free(words, FALSE);
}

static char *
notes_below(const FiscTable *table)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < table->notes->len; i++) {
        if (!g_array_index(table->note_places, FiscNotePlace, i).is_beside) {
            g_string_append_printf(words, "%s;", (char *)g_ptr_array_index(table->notes, i));
        }
    }
    return g_string_free(words, FALSE);
}

static void
test_a_title_is_no_note_and_notes_stay_with_their_rows(void)
{
    static const struct {
        const char *name, *title, *rows, *below;
    } cases[] = {
        {"SOO", "Operations, U",
         "n Of the whole unit, n Of operations, h Transactions, r Revenue, n Of revenue",
         "Of everything;"},
        {"SSUC", "Cash, U", "r Receipts", "Below cash;"},
    };
    g_autoptr(FiscDossier) dossier = two_statements();
    FISC_ASSERT_INT(dossier->parts->len, 2);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscDossierPart *part = fisc_dossier_part(dossier, "U", cases[i].name);
        CU_ASSERT_PTR_NOT_NULL_FATAL(part);
        g_autofree char *rows = rows_of(part->table);
        g_autofree char *below = notes_below(part->table);
        FISC_ASSERT_TEXT(part->table->title, cases[i].title);
        FISC_ASSERT_TEXT(rows, cases[i].rows);
        FISC_ASSERT_TEXT(below, cases[i].below);
    }
    CU_ASSERT_PTR_NULL(fisc_dossier_part(dossier, "OTHER", "SOO"));
}

static void
test_nothing_is_lost(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    static const char *const names[] = {"SOO",       "SSUC",        "SOEF",      "BS_OPEN",
                                        "BS_CLOSE",  "STCNW",       "STOCKFLOW", "COFOG",
                                        "COFOG_DIV", "COUNTERPART", "MEMO"};
    FISC_ASSERT_INT(arda.dossier->parts->len, G_N_ELEMENTS(names));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const FiscDossierPart *part = g_ptr_array_index(arda.dossier->parts, i);
        FISC_ASSERT_TEXT(part->name, names[i]);
        FISC_ASSERT_TEXT(part->unit, "GG");
        FISC_ASSERT_CONTAINS(part->table->title, ", GG");
        CU_ASSERT(part->table->rows->len > 0);
    }
    rendered_close(&arda);
}

static void
test_columns_are_named_in_sentences(void)
{
    static const struct {
        const char *language, *name, *words;
    } cases[] = {
        {"en", "available_after_accrual", "Available after accrual"},
        {"en", "2024-Q1", "2024-Q1"},
        {"en", "", ""},
        {"es", "amount", "Importe"},
        {"ru", "amount", "Сумма"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = fisc_page_column(cases[i].language, cases[i].name);
        FISC_ASSERT_TEXT(words, cases[i].words);
    }
}

const FiscTest fisc_dossier_tests[] = {
    {"a title is no note, and notes stay with their rows",
     test_a_title_is_no_note_and_notes_stay_with_their_rows},
    {"nothing is lost", test_nothing_is_lost},
    {"columns are named in sentences", test_columns_are_named_in_sentences},
    {NULL, NULL},
};
