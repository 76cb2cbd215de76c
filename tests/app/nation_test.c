/* nation_test.c: sample nations with known right answers, loaded into the ledger and reported from
 * it: the same letter that tests/reporting holds statements of naive books to. */
#include "tests/app/books.h"
#include "tests/support/compare_package.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_nation_walk_tests[];
int fisc_nation_set_up(void);
int fisc_nation_tear_down(void);

static struct {
    const char *name;
    const char *year;
    char *folder;
    Books *books;
} nations[] = {{"arda-2024", "2024", NULL, NULL}, {"brea-2023", "2023", NULL, NULL}};

int
fisc_nation_set_up(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        nations[i].folder = fisc_test_data(nations[i].name);
        nations[i].books = books_loaded(nations[i].folder);
    }
    return 0;
}

int
fisc_nation_tear_down(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_clear_pointer(&nations[i].books, books_free);
        g_clear_pointer(&nations[i].folder, g_free);
    }
    return 0;
}

static FiscTable *
report(guint nation, const char *name, const char *unit)
{
    FiscReportQuery query = {.name = name, .unit = unit, .period = nations[nation].year};
    return books_report(nations[nation].books, &query);
}

/* Units with statements, then groups: the words of a column, told by the answers themselves. */
static GPtrArray *
units_of(GPtrArray *answers)
{
    GPtrArray *units = g_ptr_array_new();
    for (guint i = 0; i < answers->len; i++) {
        const char *unit = answer_word(answers->pdata[i], "unit");
        if (!g_ptr_array_find_with_equal_func(units, unit, g_str_equal, NULL)) {
            g_ptr_array_add(units, (char *)unit);
        }
    }
    return units;
}

/* Every unit that reports and every group has answers: none is left out of the comparison. */
static guint
count_units(const char *folder)
{
    g_autoptr(GPtrArray) entities = naive_csv_read(folder, "entities.csv");
    g_autoptr(GPtrArray) groups = naive_csv_read(folder, "groups.csv");
    guint count = groups->len;
    for (guint i = 0; i < entities->len; i++) {
        count += g_str_equal(answer_word(entities->pdata[i], "reporting"), "Y") ? 1 : 0;
    }
    return count;
}

static void
test_statements(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(GPtrArray) answers = naive_csv_read(nations[i].folder, "expected_statements.csv");
        g_autoptr(GPtrArray) units = units_of(answers);
        FISC_ASSERT_INT(units->len, count_units(nations[i].folder));
        for (guint k = 0; k < units->len; k++) {
            g_autoptr(FiscTable) table = report(i, "gfs", units->pdata[k]);
            compare_statements(table, answers, units->pdata[k]);
        }
    }
}

/* The rows of a report as CSV, without the header. */
static void
append_rows(guint nation, const char *unit, GString *text)
{
    g_autoptr(FiscTable) table = report(nation, "gfs", unit);
    g_autoptr(GString) csv = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, csv);
    g_string_append(text, strchr(csv->str, '\n') + 1);
}

static void
test_all_units_at_once(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(GPtrArray) answers = naive_csv_read(nations[i].folder, "expected_statements.csv");
        g_autoptr(GPtrArray) units = units_of(answers);
        g_autoptr(GString) whole = g_string_new(NULL);
        g_autoptr(GString) parts = g_string_new(NULL);
        append_rows(i, NULL, whole);
        for (guint k = 0; k < units->len; k++) {
            append_rows(i, units->pdata[k], parts);
        }
        CU_ASSERT(whole->len > 10000 && g_string_equal(whole, parts));
    }
}

static void
test_memoranda(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(GPtrArray) statements =
            naive_csv_read(nations[i].folder, "expected_statements.csv");
        g_autoptr(GPtrArray) memoranda = naive_csv_read(nations[i].folder, "memorandum.csv");
        g_autoptr(GPtrArray) units = units_of(statements);
        CU_ASSERT(memoranda->len > 0);
        for (guint k = 0; k < units->len; k++) {
            g_autoptr(FiscTable) table = report(i, "gfs", units->pdata[k]);
            compare_memoranda(table, memoranda, units->pdata[k]);
        }
    }
}

static void
test_transit(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(GPtrArray) answers = naive_csv_read(nations[i].folder, "expected_in_transit.csv");
        g_autoptr(GPtrArray) groups = naive_csv_read(nations[i].folder, "groups.csv");
        for (guint k = 0; k < groups->len; k++) {
            const char *group = answer_word(groups->pdata[k], "group");
            g_autoptr(FiscTable) table = report(i, "gfs", group);
            compare_transit(table, answers, group);
        }
    }
}

static void
compare_report(const char *name, const char *file)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(FiscTable) table = report(i, name, NULL);
        compare_rows(table, nations[i].folder, file);
    }
}

static void
test_eliminations(void)
{
    compare_report("eliminations", "expected_eliminations.csv");
}

static void
test_asymmetries(void)
{
    g_autoptr(FiscTable) arda = report(0, "asymmetries", NULL);
    g_autoptr(FiscTable) brea = report(1, "asymmetries", NULL);
    FISC_ASSERT_INT(arda->rows->len, 0);
    CU_ASSERT(brea->rows->len > 0);
    compare_report("asymmetries", "expected_asymmetries.csv");
}

static void
test_budget(void)
{
    compare_report("budget-execution", "expected_budget_execution.csv");
}

static void
test_trial_balance(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        g_autoptr(FiscTable) table = report(i, "trial-balance", NULL);
        __int128 sum = 0, difference = 0;
        for (guint k = 0; k < table->rows->len; k++) {
            const FiscRow *row = table->rows->pdata[k];
            difference += row->cells[2].number - row->cells[3].number;
            sum += row->cells[4].number;
        }
        CU_ASSERT(table->rows->len > 0);
        CU_ASSERT(sum == 0 && difference == 0);
    }
}

static void
test_loading_twice(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(nations); i++) {
        Books *books = nations[i].books;
        int64_t before = books_batch(books);
        g_autoptr(FiscLoadReport) again = books_load(books, nations[i].folder);
        FISC_ASSERT_INT(again->refusals->len, 0);
        for (guint k = 0; k < again->steps->len; k++) {
            const FiscLoadStep *step = again->steps->pdata[k];
            FISC_ASSERT_INT(step->posted, 0);
            FISC_ASSERT_INT(step->refused, 0);
        }
        FISC_ASSERT_INT(books_batch(books), before);
        books_expect_whole(books);
    }
}

const FiscTest fisc_nation_walk_tests[] = {
    {"every statement of every unit and group equals the answers, both ways", test_statements},
    {"all units at once are the units one by one", test_all_units_at_once},
    {"memoranda stand with their unit", test_memoranda},
    {"eliminations equal the answers in order", test_eliminations},
    {"asymmetries equal the answers: none in Arda", test_asymmetries},
    {"what is in transit is named, and only that", test_transit},
    {"budget execution equals the answers in order", test_budget},
    {"the trial balance adds up to nothing", test_trial_balance},
    {"a nation loaded twice is there once, and no batch is added", test_loading_twice},
    {NULL, NULL},
};
