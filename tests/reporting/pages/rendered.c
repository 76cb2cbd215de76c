/* rendered.c: making reports, and running the programs that look at them. */
#include "tests/reporting/pages/rendered.h"
#include "reporting/graphs.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE "90" /* seconds, for machines that do much else */

Rendered
rendered_open(const char *unit, const char *language, FiscPeriod from, FiscPeriod to)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    Rendered rendered = {.books = naive_books_read(folder)};
    rendered.dossier = fisc_dossier_from_table(read_statements(rendered.books, unit, from, to));
    fisc_dossier_translate(rendered.dossier, language);
    FiscDossierScope *scope = &rendered.dossier->scope;
    scope->unit = g_strdup(unit);
    scope->name = g_strdup("Arda");
    scope->currency = g_strdup("EUR");
    scope->from = from;
    scope->to = to;
    scope->batch_no = 7;
    fisc_dossier_add_fact(rendered.dossier, "Books", "batch 7, posted 2025-01-31 12:00 UTC");
    FiscStatementQuery query = {.nation = rendered.books->nation,
                                .balances = rendered.books->balances,
                                .unit = unit,
                                .from = from,
                                .to = to};
    fisc_graphs_add(rendered.dossier, &query);
    return rendered;
}

void
rendered_close(Rendered *rendered)
{
    fisc_dossier_free(rendered->dossier);
    naive_books_free(rendered->books);
}

FiscDossier *
rendered_table(const char *title, int amounts)
{
    FiscTable *table = fisc_table_new("table", title, 2);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    for (int i = 0; i < amounts; i++) {
        g_autofree char *name = g_strdup_printf("amount_%d", i + 1);
        fisc_table_add_column(table, name, FISC_COLUMN_AMOUNT);
    }
    return fisc_dossier_from_table(table);
}

FiscRow *
rendered_row(FiscDossier *dossier, const char *code, const char *label, __int128 amount)
{
    FiscTable *table = ((FiscDossierPart *)g_ptr_array_index(dossier->parts, 0))->table;
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, code);
    fisc_table_set_text(table, row, 1, label);
    for (guint i = 2; i < table->columns->len; i++) {
        fisc_table_set_amount(table, row, (int)i, amount);
    }
    return row;
}

GString *
rendered_bytes(const FiscDossier *dossier, const char *format)
{
    GString *bytes = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    bool is_made = fisc_dossier_format(format)->render(dossier, bytes, &error);
    FISC_ASSERT_TEXT(is_made ? "" : error->message, "");
    return bytes;
}

static char *
save(const GString *bytes)
{
    char *path = NULL;
    int fd = g_file_open_tmp("fisc-pages-XXXXXX", &path, NULL);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    CU_ASSERT_FATAL(g_file_set_contents(path, bytes->str, (gssize)bytes->len, NULL));
    return path;
}

char *
rendered_seen(const GString *bytes, const char *const *words)
{
    g_autofree char *path = save(bytes);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *complaint = NULL;
    g_autoptr(GError) error = NULL;
    char *said = NULL;
    int status = 0;
    g_ptr_array_add(argv, (gpointer) "timeout");
    g_ptr_array_add(argv, (gpointer)PATIENCE);
    for (; *words != NULL; words++) {
        g_ptr_array_add(argv, strcmp(*words, "FILE") == 0 ? path : (gpointer)*words);
    }
    g_ptr_array_add(argv, NULL);
    bool is_run = g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &said, &complaint, &status, &error);
    g_unlink(path);
    FISC_ASSERT_TEXT(is_run ? "" : error->message, "");
    FISC_ASSERT_TEXT(complaint, "");
    FISC_ASSERT_INT(status, 0);
    return said != NULL ? said : g_strdup("");
}

char *
rendered_text(const GString *pdf, int page)
{
    g_autofree char *first = g_strdup_printf("%d", MAX(page, 1));
    g_autofree char *last = g_strdup_printf("%d", page > 0 ? page : 9999);
    const char *const words[] = {"pdftotext", "-layout", "-f", first, "-l",
                                 last,        "FILE",    "-",  NULL};
    return rendered_seen(pdf, words);
}

int
rendered_pages(const GString *pdf)
{
    static const char *const words[] = {"pdfinfo", "FILE", NULL};
    g_autofree char *said = rendered_seen(pdf, words);
    const char *pages = strstr(said, "Pages:");
    return pages != NULL ? (int)g_ascii_strtoll(pages + strlen("Pages:"), NULL, 10) : 0;
}

int
rendered_count(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}
