/* drill_madrid.c: every figure of the city's consolidated Statement of Operations down to the rows
 * that were published: each row makes the entry that is on record, and revenue and expense are what
 * stands in its column. The files are read here a second time, by plain means. */
#include "fisc/package.h"
#include "reporting/cell_key.h"
#include "tests/app/drilling.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

#define FIRST 201800
#define LAST 201813

typedef struct {
    FiscPackage *package;
    GHashTable *origins; /* "source reference" -> FiscDrillOrigin */
    GHashTable *lines;   /* file -> GPtrArray of char *: its lines, as bytes */
} Published;

static char *
key_of(const char *source, const char *reference)
{
    return g_strdup_printf("%s %s", source, reference);
}

static const FiscDrillOrigin *
find_origin(const char *source, const char *reference, gpointer data)
{
    const Published *published = data;
    g_autofree char *key = key_of(source, reference);
    return g_hash_table_lookup(published->origins, key);
}

static GPtrArray *
read_lines(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &text, NULL, NULL));
    g_autofree char **lines = g_strsplit(text, "\n", -1);
    GPtrArray *kept = g_ptr_array_new_with_free_func(g_free);
    for (char **line = lines; *line != NULL; line++) {
        g_ptr_array_add(kept, g_strchomp(*line));
    }
    return kept;
}

static void
lines_free(gpointer lines)
{
    g_ptr_array_unref(lines);
}

static void
published_read(Published *published, const char *folder, const FiscNation *nation)
{
    static const char *const files[] = {"ejecucion_gastos.csv", "ejecucion_ingresos.csv"};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    CU_ASSERT_TRUE_FATAL(
        fisc_package_read(folder, nation, "test", &published->package, refusals, NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(published->package);
    published->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < published->package->steps->len; i++) {
        const FiscPackageStep *step = published->package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            const FiscEntry *entry = step->submission->entries->pdata[k];
            FiscDrillOrigin *origin = g_new(FiscDrillOrigin, 1);
            *origin = (FiscDrillOrigin){entry->file, entry->row, entry->digest};
            g_hash_table_insert(published->origins,
                                key_of(step->submission->source, entry->reference), origin);
        }
    }
    published->lines = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, lines_free);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_hash_table_insert(published->lines, (char *)files[i], read_lines(folder, files[i]));
    }
}

static void
published_clear(Published *published)
{
    g_clear_pointer(&published->lines, g_hash_table_unref);
    g_clear_pointer(&published->origins, g_hash_table_unref);
    fisc_package_free(published->package);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Published, published_clear)

/* "139271483,7" is 13927148370. */
static int64_t
cents(const char *text)
{
    const char *comma = strchr(text, ',');
    int64_t whole = strtoll(text, NULL, 10) * 100;
    int64_t part = 0;
    if (comma != NULL) {
        part = g_ascii_digit_value(comma[1]) * 10;
        part += g_ascii_isdigit(comma[2]) ? g_ascii_digit_value(comma[2]) : 0;
    }
    return text[0] == '-' ? whole - part : whole + part;
}

/* What stands in the column of the accrual: the last of an expenditure row, the last but one of a
 * revenue row. */
static int64_t
published_amount(const Published *published, const char *file, int line)
{
    const GPtrArray *lines = g_hash_table_lookup(published->lines, file);
    CU_ASSERT_TRUE_FATAL(lines != NULL && line >= 2 && line <= (int)lines->len);
    const char *text = lines->pdata[line - 1];
    const char *end = strrchr(text, ';');
    const char *last = strcmp(file, "ejecucion_gastos.csv") == 0
                           ? end + 1
                           : (const char *)memrchr(text, ';', (gsize)(end - text)) + 1;
    return cents(last);
}

/* Every row is in the files, and makes what is on record. Returns how many there are. */
static guint
expect_rows(const Published *published, const FiscTable *table, const char *code)
{
    int file = fisc_table_column(table, "file"), line = fisc_table_column(table, "file_line");
    int proof = fisc_table_column(table, "proof"), counted = fisc_table_column(table, "counted");
    bool is_accrual =
        (code[0] == '1' || code[0] == '2') && code[strspn(code, "0123456789")] == '\0';
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (g_strcmp0(books_text(row, proof), "same") != 0) {
            FISC_ASSERT_TEXT(books_text(row, proof), "same");
        }
        if (is_accrual) {
            int64_t amount =
                published_amount(published, books_text(row, file), (int)row->cells[line].number);
            if (amount != (int64_t)row->cells[counted].number) {
                FISC_ASSERT_INT((int64_t)row->cells[counted].number, amount);
            }
        }
    }
    return table->rows->len;
}

void
drilling_expect_published(Books *books, const char *folder)
{
    g_autoptr(Drilling) drilling = drilling_read(books, LAST);
    g_auto(Published) published = {NULL};
    published_read(&published, folder, drilling->nation);
    FiscStatementQuery query = {.nation = drilling->nation,
                                .balances = drilling->balances,
                                .unit = "CITY",
                                .from = FIRST,
                                .to = LAST,
                                .statement = "SOO"};
    g_autoptr(FiscTable) statement = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_statement_build(&query, &statement, NULL));
    int amount = fisc_table_column(statement, "amount");
    guint figures = 0, rows = 0, every = fisc_test_is_brief() ? 8 : 1;
    for (guint i = 0; i < statement->rows->len; i++) {
        const FiscCell *cell = &((const FiscRow *)statement->rows->pdata[i])->cells[amount];
        if (cell->drill == NULL || figures++ % every != 0) {
            continue;
        }
        g_auto(FiscCellKey) key = {NULL};
        CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(cell->drill, &key, NULL));
        g_autoptr(FiscTable) table = drilling_table(drilling, &query, key.part, key.row,
                                                    FISC_DRILL_ROWS, find_origin, &published);
        fisc_assert_int((long long)drilling_total(table), (long long)cell->number, cell->drill,
                        __FILE__, __LINE__);
        rows += expect_rows(&published, table, key.row);
    }
    CU_ASSERT(figures > 40);
    CU_ASSERT(rows > 10000 / every);
}
