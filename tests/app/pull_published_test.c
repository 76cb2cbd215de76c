/* pull_published_test.c: published files that nobody wrote a program for, taken by a profile and a
 * map: what is pulled is what loading them gives, to the last unit. */
#include "tests/app/pulling.h"
#include "tests/integrations/fixture.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pull_published_tests[];

#define KYIV "examples/kyiv-2021-2024"
#define CAPE_TOWN "examples/cape-town"

/* The accounts of a unit over years, as text. */
static char *
accounts_of(Books *books, const char *unit, const char *period)
{
    const FiscReportQuery query = {.name = "trial-balance", .unit = unit, .period = period};
    return books_report_csv(books, &query);
}

static void
expect_as_loaded(Pulling *pulling, Books *loaded, const char *unit, const char *period)
{
    g_autofree char *pulled = accounts_of(pulling->books, unit, period);
    g_autofree char *expected = accounts_of(loaded, unit, period);
    FISC_ASSERT_TEXT(pulled, expected);
    CU_ASSERT_TRUE(strlen(pulled) > 500);
}

/* ---- Kyiv: a folder that is a package and a map at once ---- */

static void
test_kyiv(void)
{
    static const char *const documents[] = {"incomes.csv", "expenses.csv", "credits.csv",
                                            "debts.csv"};
    g_autofree char *folder = books_source_path(KYIV);
    g_autofree char *entities = pulling_read(KYIV "/entities.csv");
    g_auto(Pulling) kyiv =
        pulling_new(entities, "KYIV", "folder", "incomes.csv;expenses.csv;credits.csv;debts.csv",
                    "together", folder);
    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autofree char *path = g_build_filename(KYIV, documents[i], NULL);
        pulling_drop_copy(&kyiv, documents[i], path);
    }
    g_autoptr(FiscPullReport) report = pulling_pull(&kyiv);
    const FiscPullRun *run = report->runs->pdata[0];
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), "posted");
    FISC_ASSERT_INT(run->reversed + run->restated, 0);
    g_autoptr(Books) loaded = books_loaded(folder);
    expect_as_loaded(&kyiv, loaded, "KYIV", "2021-01..2024-07");
    pulling_expect(&kyiv, "unchanged 0 0 0");
    /* The published files are no part of the map, although they lie beside the profiles. */
    books_expect(kyiv.books,
                 "select max(length(b.bytes)) < 100000 from intake.body b where not exists "
                 "(select from intake.delivery d where d.digest = b.digest)",
                 "t");
}

/* ---- Cape Town: facts that name items and functions by numbers of published lists ---- */

/* Impairment of debts and losses of assets are no expense: items 18 and 26 of the list. */
static int64_t
published_expense(const char *year)
{
    g_autofree char *folder = books_source_path(CAPE_TOWN "/published");
    g_autoptr(GPtrArray) rows = naive_csv_read(folder, "income_expenditure_facts_v2.csv");
    int64_t sum = 0;
    for (guint i = 0; i < rows->len; i++) {
        const char *of = g_hash_table_lookup(rows->pdata[i], "financial_year");
        const char *item = g_hash_table_lookup(rows->pdata[i], "item");
        bool is_expense = strcmp(item, "18") != 0 && strcmp(item, "26") != 0;
        sum += is_expense && strcmp(of, year) == 0
                   ? naive_amount(g_hash_table_lookup(rows->pdata[i], "amount"))
                   : 0;
    }
    return sum;
}

static void
expect_year(Pulling *pulling, const char *year)
{
    const FiscReportQuery query = {
        .name = "gfs", .unit = "CPT", .period = year, .statement = "SOO"};
    g_autoptr(FiscTable) table = books_report(pulling->books, &query);
    int64_t expense = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading && strcmp(books_text(row, 2), "2") == 0) {
            expense = (int64_t)row->cells[fisc_table_column(table, "amount")].number;
        }
    }
    FISC_ASSERT_INT(expense, published_expense(year));
}

static void
test_cape_town(void)
{
    g_autofree char *map = books_source_path(CAPE_TOWN "/map");
    g_autofree char *entities = pulling_read(CAPE_TOWN "/entities.csv");
    g_auto(Pulling) cape =
        pulling_new(entities, "CPT", "folder", "income_expenditure_facts_v2.csv", "together", map);
    g_autofree char *facts = pulling_read(CAPE_TOWN "/published/income_expenditure_facts_v2.csv");
    pulling_drop(&cape, "income_expenditure_facts_v2.csv", facts);
    g_autoptr(FiscPullReport) report = pulling_pull(&cape);
    const FiscPullRun *run = report->runs->pdata[0];
    FISC_ASSERT_TEXT(run->reason, "");
    FISC_ASSERT_INT(run->posted, 744);
    g_autofree char *classified = fisc_pull_classified(run);
    FISC_ASSERT_TEXT(classified, "94.5 %");
    expect_year(&cape, "2018");
    expect_year(&cape, "2020");
    g_autoptr(Books) loaded = books_new();
    g_autofree char *units = books_source_path(CAPE_TOWN);
    books_must_load(loaded, units);
    books_must_load(loaded, map);
    expect_as_loaded(&cape, loaded, "CPT", "2018");
    pulling_expect(&cape, "unchanged 0 0 0");

    /* A row less is not what the publisher's totals say. */
    char *end = g_strrstr(facts, "\n");
    *end = '\0';
    *(strrchr(facts, '\n') + 1) = '\0';
    pulling_drop(&cape, "income_expenditure_facts_v2.csv", facts);
    pulling_expect_quarantine(&cape, "income_expenditure_facts_v2.csv");
}

const FiscTest fisc_pull_published_tests[] = {
    {"Kyiv's 43 months pulled are Kyiv's books loaded, by a map that is the package's folder",
     test_kyiv},
    {"Cape Town's audited expenditure is pulled to the rand by a profile and the published lists",
     test_cape_town},
    {NULL, NULL},
};
