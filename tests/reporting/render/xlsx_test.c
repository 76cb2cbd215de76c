/* xlsx_test.c: a dossier as a spreadsheet, opened by LibreOffice: each figure is the statement's,
 * text stays text, and the same dossier gives the same bytes. */
#include "fisc/dossier.h"
#include "fisc/money.h"
#include "fisc/xlsx.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_xlsx_render_tests[];

/* One row whose words a spreadsheet would run, were they no text. */
#define HOSTILE "=1+2"

static FiscDossier *
new_dossier(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    FiscDossier *dossier = fisc_dossier_from_table(read_year(books, "CG"));
    FiscDossierPart *part = dossier->parts->pdata[0];
    int label = fisc_table_column(part->table, "label");
    for (guint i = 0; i < part->table->rows->len; i++) {
        FiscRow *row = part->table->rows->pdata[i];
        if (!row->heading) {
            fisc_table_set_text(part->table, row, label, HOSTILE);
            break;
        }
    }
    fisc_table_add_note(part->table, "%s", "@a note");
    fisc_dossier_add_fact(dossier, "Books", HOSTILE);
    return dossier;
}

static GBytes *
render(const FiscDossier *dossier)
{
    GString *out = g_string_new(NULL);
    CU_ASSERT_TRUE_FATAL(fisc_dossier_format("xlsx")->render(dossier, out, NULL));
    return g_string_free_to_bytes(out);
}

static char *
run(const char *command)
{
    char *said = NULL;
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
    CU_ASSERT_TRUE_FATAL(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, NULL, NULL));
    return said;
}

static int
compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the statements say, in the words of xlsx_check.py. */
static char *
figures_of(const FiscDossier *dossier)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    char amount[FISC_SUM_TEXT];
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = dossier->parts->pdata[i];
        int code = fisc_table_column(part->table, "code");
        int column = fisc_table_column(part->table, "amount");
        for (guint k = 0; k < part->table->rows->len; k++) {
            const FiscRow *row = part->table->rows->pdata[k];
            if (!row->heading) {
                fisc_sum_format(row->cells[column].number, 2, amount);
                g_ptr_array_add(lines, g_strdup_printf("%s %s %s\n", part->name,
                                                       row->cells[code].text, amount));
            }
        }
    }
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("", (char **)lines->pdata);
}

static void
test_says_every_figure_to_a_spreadsheet_program(void)
{
    g_autoptr(FiscDossier) dossier = new_dossier();
    g_autoptr(GBytes) bytes = render(dossier);
    g_autofree char *folder = g_dir_make_tmp("fisc-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "book.xlsx", NULL);
    g_autofree char *script = fisc_test_data("../reporting/render/xlsx_check.py");
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                             (gssize)g_bytes_get_size(bytes), NULL));
    /* Every sheet as a file of its own; numbers as they are stored, not as they are shown. */
    g_autofree char *convert = g_strdup_printf(
        "cd %s && HOME=%s timeout 300 soffice --headless --convert-to "
        "'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' "
        "book.xlsx >/dev/null 2>&1; LC_ALL=C python3 %s . ; cat book-*.csv | grep -c '" HOSTILE "'",
        folder, folder, script);
    g_autofree char *said = run(convert);
    g_autofree char *figures = figures_of(dossier);
    /* The row's label, and the fact on the first sheet: neither became 3. */
    g_autofree char *expected = g_strconcat(figures, "2\n", NULL);
    FISC_ASSERT_TEXT(said, expected);
    g_autofree char *clean = g_strdup_printf("rm -rf %s", folder);
    g_free(run(clean));
}

static void
test_writes_a_dossier_as_the_same_bytes_twice(void)
{
    g_autoptr(FiscDossier) dossier = new_dossier();
    g_autoptr(GBytes) once = render(dossier);
    g_autoptr(GBytes) again = render(dossier);
    CU_ASSERT_TRUE(g_bytes_equal(once, again));
}

/* What stands in the first cell of a sheet, or why it cannot be read as a table. */
static char *
title_of(GBytes *bytes, const char *sheet)
{
    static const FiscCsvOptions any = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    fisc_xlsx_parse("b.xlsx", data, length, sheet, &any, &csv, refusals);
    const FiscRefusal *refusal = refusals->len > 0 ? refusals->pdata[0] : NULL;
    return g_strdup(csv != NULL ? csv->columns->pdata[0] : refusal->detail);
}

static void
test_gives_every_sheet_a_name_of_its_own(void)
{
    static const struct {
        const char *name, *sheet;
    } cases[] = {
        {"SOO", "SOO"},
        {"soo", "soo 2"},
        {"a/b:c", "a_b_c"},
        {"", "fisc"},
        {"Contents", "Contents 2"},
        {"a name that is longer than what a tab can hold", "a name that is longer than what"},
        {"A name that is longer than what a tab can say", "A name that is longer than wh 2"},
    };
    g_autoptr(FiscDossier) dossier = fisc_dossier_new("Names");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *title = g_strdup_printf("T%d", (int)i);
        FiscTable *table = fisc_table_new(cases[i].name, title, 2);
        fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
        fisc_dossier_add_table(dossier, cases[i].name, table);
    }
    g_autoptr(GBytes) bytes = render(dossier);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected = g_strdup_printf("T%d", (int)i);
        g_autofree char *title = title_of(bytes, cases[i].sheet);
        FISC_ASSERT_TEXT(title, expected);
    }
    g_autofree char *front = title_of(bytes, "Contents");
    /* Its list of titles has no heading of its own in the first row. */
    FISC_ASSERT_CONTAINS(front, "stands in a column without a heading");
}

static void
test_refuses_what_no_sheet_takes(void)
{
    g_autoptr(FiscDossier) dossier = fisc_dossier_new("Long");
    g_autofree char *text = g_strnfill(FISC_XLSX_TEXT_MAX + 1, 'x');
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    FiscTable *table = fisc_table_new("t", "t", 2);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_note(table, "%s", text);
    fisc_dossier_add_table(dossier, "t", table);
    CU_ASSERT_FALSE_FATAL(fisc_dossier_format("xlsx")->render(dossier, out, &error));
    FISC_ASSERT_CONTAINS(error->message, "note 1 has a text of more than 32767 characters");
    FISC_ASSERT_INT(out->len, 0);
}

const FiscTest fisc_xlsx_render_tests[] = {
    {"says every figure to a spreadsheet program", test_says_every_figure_to_a_spreadsheet_program},
    {"writes a dossier as the same bytes twice", test_writes_a_dossier_as_the_same_bytes_twice},
    {"gives every sheet a name of its own", test_gives_every_sheet_a_name_of_its_own},
    {"refuses what no sheet takes", test_refuses_what_no_sheet_takes},
    {NULL, NULL},
};
