/* drill_test.c: every figure down to what it was made of: on the books of Arda, all of them. */
#include "reporting/cell_key.h"
#include "tests/app/drilling.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_drill_walk_tests[];
int fisc_drill_walk_set_up(void);
int fisc_drill_walk_tear_down(void);

#define LAST_PERIOD 202413

static struct {
    Books *books;
    char *folder;
} arda;

int
fisc_drill_walk_set_up(void)
{
    arda.folder = fisc_test_data("arda-2024");
    arda.books = books_loaded(arda.folder);
    return 0;
}

int
fisc_drill_walk_tear_down(void)
{
    g_clear_pointer(&arda.books, books_free);
    g_clear_pointer(&arda.folder, g_free);
    return 0;
}

/* In memory: every figure of every unit ----------------------------------------------------------
 */

static guint
expect_unit(const Drilling *drilling, const FiscStatementQuery *query)
{
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_statement_build(query, &table, NULL));
    return drilling_expect_all(drilling, query, table);
}

/* Every unit that has statements, and every group. */
static guint
expect_all_units(const Drilling *drilling, const FiscStatementQuery *like)
{
    const FiscNation *nation = drilling->nation;
    FiscStatementQuery query = *like;
    guint figures = 0;
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        query.unit = entity->code;
        figures += entity->reporting ? expect_unit(drilling, &query) : 0;
    }
    for (guint i = 0; i < nation->groups->len; i++) {
        query.unit = ((const FiscGroup *)nation->groups->pdata[i])->code;
        figures += expect_unit(drilling, &query);
    }
    return figures;
}

static void
test_every_figure(void)
{
    static const FiscPeriod ranges[][2] = {
        {202400, 202413}, {202404, 202406}, {202406, 202406}, {202400, 202412}};
    g_autoptr(Drilling) drilling = drilling_read(arda.books, LAST_PERIOD);
    for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
        FiscStatementQuery query = {.nation = drilling->nation,
                                    .balances = drilling->balances,
                                    .from = ranges[i][0],
                                    .to = ranges[i][1]};
        CU_ASSERT(expect_all_units(drilling, &query) > 500);
        query.unconsolidated = true;
        CU_ASSERT(expect_all_units(drilling, &query) > 500);
    }
}

static void
test_every_standard(void)
{
    g_autoptr(Drilling) drilling = drilling_read(arda.books, LAST_PERIOD);
    for (const char *const *family = fisc_statement_families(); *family != NULL; family += 2) {
        FiscStatementQuery query = {.nation = drilling->nation,
                                    .balances = drilling->balances,
                                    .from = LAST_PERIOD - 13,
                                    .to = LAST_PERIOD,
                                    .family = *family};
        CU_ASSERT(expect_all_units(drilling, &query) > 100);
    }
}

/* Through the walk -------------------------------------------------------------------------------
 */

static FiscTable *
drill(const char *key, const char *to, guint limit)
{
    FiscTable *table = NULL;
    g_autoptr(GError) error = NULL;
    FiscDrillQuery query = {.key = key, .to = to, .limit = limit};
    if (!fisc_flow_drill(&arda.books->ctx, &query, &table, &error)) {
        g_error("%s: %s", key, error->message);
    }
    return table;
}

/* Every figure of a report, by the key that it prints. Returns how many. */
static guint
expect_report(const FiscReportQuery *query, const char *to)
{
    g_autoptr(FiscTable) table = books_report(arda.books, query);
    guint figures = 0, every = fisc_test_is_brief() ? 7 : 1;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (guint column = 0; column < table->columns->len; column++) {
            const FiscCell *cell = &row->cells[column];
            if (cell->drill != NULL && figures++ % every == 0) {
                g_autoptr(FiscTable) parts = drill(cell->drill, to, 0);
                fisc_assert_int((long long)drilling_total(parts), (long long)cell->number,
                                cell->drill, __FILE__, __LINE__);
            }
        }
    }
    return figures;
}

static void
test_keys_of_reports(void)
{
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(arda.books) - 1);
    const struct {
        FiscReportQuery query;
        const char *to;
    } cases[] = {
        {{.name = "gfs", .unit = "GG", .period = "2024", .statement = "SOO"}, "lines"},
        {{.name = "gfs", .unit = "GG", .period = "2024-Q2", .statement = "SSUC"}, "entries"},
        {{.name = "gfs", .unit = "GG", .period = "2024", .statement = "SOO", .known_at = batch},
         "lines"},
        {{.name = "gfs",
          .unit = "GG",
          .period = "2024",
          .statement = "SOO",
          .as_of = "2024-05-31",
          .unconsolidated = true},
         "documents"},
        {{.name = "gfs",
          .unit = "GG",
          .period = "2024",
          .statement = "SOO",
          .standard = "gfsm2001"},
         "rows"},
        {{.name = "trial-balance", .unit = "BCG", .period = "2024"}, "lines"},
        {{.name = "trial-balance", .unit = "BCG", .period = "2024-Q3"}, "entries"},
        {{.name = "budget-stages", .unit = "BCG", .period = "2024", .by = "entity,gfs_code:1"},
         "lines"},
        {{.name = "budget-stages", .unit = "BCG", .period = "2024", .by = "entity"}, "documents"},
        {{.name = "gfs",
          .unit = "CG",
          .period = "2024-Q2",
          .statement = "SOO",
          .beside = "members"},
         "lines"},
        {{.name = "pivot", .period = "2024", .by = "entity", .across = "class"}, "lines"},
        {{.name = "pivot",
          .period = "2024-Q2",
          .unit = "GG",
          .by = "cash_counterparty",
          .where = "entity=BCG",
          .measure = "cash-out"},
         "entries"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CU_ASSERT(expect_report(&cases[i].query, cases[i].to) > 0);
    }
}

/* Revenue of the general government: known from tests/data/arda-2024. */
static void
test_levels(void)
{
    static const struct {
        const char *to;
        int rows;
    } levels[] = {{NULL, 13},      {"balances", 13},  {"lines", 13},
                  {"entries", 12}, {"documents", 12}, {"rows", 12}};
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_autoptr(FiscTable) table = drill("gfs/GG/2024/SOO/1", levels[i].to, 0);
        FISC_ASSERT_INT(table->rows->len, levels[i].rows);
        FISC_ASSERT_INT((long long)drilling_total(table), 339800);
        FISC_ASSERT_TEXT(table->title, "SOO 1, GG, 2024: Revenue");
    }
}

static void
test_limit(void)
{
    g_autoptr(FiscTable) table = drill("gfs/GG/2024/SOO/1", "lines", 4);
    FISC_ASSERT_INT(table->rows->len, 4);
    FISC_ASSERT_INT((long long)drilling_total(table), 290000);
    FISC_ASSERT_TEXT(table->notes->pdata[0], "Formula: flow 1");
    FISC_ASSERT_TEXT(table->notes->pdata[1], "9 more rows are not shown, 498.00 together");
    FISC_ASSERT_TEXT(table->notes->pdata[2], "All rows together: 3,398.00, which is the figure");
}

/* The published files ----------------------------------------------------------------------------
 */

static FiscTable *
drill_files(const char *folder)
{
    FiscTable *table = NULL;
    g_autoptr(GError) error = NULL;
    FiscDrillQuery query = {.key = "gfs/BCG/2024/SOO/111", .to = "rows", .files = folder};
    if (!fisc_flow_drill(&arda.books->ctx, &query, &table, &error)) {
        g_error("%s", error->message);
    }
    return table;
}

static const char *
word(const FiscTable *table, guint row, const char *column)
{
    return books_text(table->rows->pdata[row], fisc_table_column(table, column));
}

static void
test_files(void)
{
    g_autoptr(FiscTable) table = drill_files(arda.folder);
    CU_ASSERT_FATAL(table->rows->len > 0);
    int column = fisc_table_column(table, "file_line");
    const FiscRow *first = table->rows->pdata[0];
    FISC_ASSERT_TEXT(word(table, 0, "file"), "journals.csv");
    FISC_ASSERT_INT((long long)first->cells[column].number, 4);
    for (guint i = 0; i < table->rows->len; i++) {
        FISC_ASSERT_TEXT(word(table, i, "proof"), "same");
    }
}

/* Somebody has edited the file since it was loaded, or has it no longer. */
static void
test_other_files(void)
{
    static const struct {
        const char *journals, *proof;
    } cases[] = {
        {"journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,"
         "cash_counterparty,memo\n"
         "A002,2024-03-31,BCG,3208,1501,,HH,,,,changed\n"
         "A002,2024-03-31,BCG,1111,,1501,HH,,,,changed\n",
         "differs"},
        {"journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,"
         "cash_counterparty,memo\n"
         "A999,2024-03-31,BCG,3208,1500,,HH,,,,another\n"
         "A999,2024-03-31,BCG,1111,,1500,HH,,,,another\n",
         "not in these files"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = fixture_folder("journals.csv", cases[i].journals, NULL);
        g_autoptr(FiscTable) table = drill_files(folder);
        FISC_ASSERT_TEXT(word(table, 0, "proof"), cases[i].proof);
        fixture_remove(folder);
    }
}

static void
test_refusals(void)
{
    static const struct {
        FiscDrillQuery query;
        FiscError code;
        const char *says;
    } cases[] = {
        {{.key = "gfs/GG/2024/SOO"}, FISC_ERROR_USAGE, "REPORT/UNIT/PERIOD/PART/ROW"},
        {{.key = "gfs/GG/2024/SOO/1?what=x"}, FISC_ERROR_USAGE, "what=x"},
        {{.key = "gfs/GG/2024/SOO/1?unconsolidated=x"}, FISC_ERROR_USAGE, "unconsolidated=x"},
        {{.key = "gfs/GG/2024/SOO/1?known-at"}, FISC_ERROR_USAGE, "known-at"},
        {{.key = "pefa/GG/2024/x/y"}, FISC_ERROR_USAGE, "pefa"},
        {{.key = "gfs/NONE/2024/SOO/1"}, FISC_ERROR_NOT_FOUND, "NONE"},
        {{.key = "gfs/GG/2024/NONE/1"}, FISC_ERROR_NOT_FOUND, "NONE"},
        {{.key = "gfs/GG/2024/SOO/999x"}, FISC_ERROR_NOT_FOUND, "999x"},
        {{.key = "gfs/GG/20x4/SOO/1"}, FISC_ERROR_USAGE, "20x4"},
        {{.key = "trial-balance/GG/2024/sum/22"}, FISC_ERROR_NOT_FOUND, "sum"},
        {{.key = "budget-stages/GG/2024/sum/entity"}, FISC_ERROR_NOT_FOUND, "sum"},
        {{.key = "gfs/GG/2024/SOO/1", .to = "atoms"}, FISC_ERROR_USAGE, "documents, rows"},
        {{.key = "gfs/GG/2024/SOO/1", .files = "/x"}, FISC_ERROR_USAGE, "--to rows"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscTable *table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_drill(&arda.books->ctx, &cases[i].query, &table, &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, (int)cases[i].code));
        FISC_ASSERT_CONTAINS(error->message, cases[i].says);
    }
}

const FiscTest fisc_drill_walk_tests[] = {
    {"every figure of every unit is its balances, entries, lines, documents and rows",
     test_every_figure},
    {"so is every figure of every standard", test_every_standard},
    {"the key that a report prints asks for what it printed, whatever it was asked with",
     test_keys_of_reports},
    {"each level of a figure has its rows", test_levels},
    {"what a limit hides is counted and added up", test_limit},
    {"rows of files are the entries on record, word by word", test_files},
    {"a row that was changed since differs", test_other_files},
    {"refuses what is no figure", test_refusals},
    {NULL, NULL},
};
