/* allocate_test.c: costs shared out by their drivers: worked by hand, and no sum of the books
 * changes. */
#include "fisc/lens.h"
#include "fisc/pivot.h"
#include "reporting/drill.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_allocate_tests[];

static void
spend(NaiveBooks *books, const char *programme, const char *code, int64_t amount, int month)
{
    FiscPeriod period = 202400 + month;
    naive_post(books, &(NaiveLine){.entity = "MIN",
                                   .code = code,
                                   .period = period,
                                   .amount = amount,
                                   .programme = programme,
                                   .counterparty = "HH"});
    naive_post(books, &(NaiveLine){.entity = "MIN",
                                   .code = "3202",
                                   .period = period,
                                   .amount = -amount,
                                   .counterparty = "BANK"});
}

/* 1,000.00 of administration (programme 900) for two programmes with wages of 600.00 and 300.00. */
static NaiveBooks *
books_of_ministry(void)
{
    NaiveBooks *books = naive_books_new();
    books->year = 2024;
    naive_entity(books, "MIN", "11");
    naive_outsider(books, "HH", "14");
    naive_outsider(books, "BANK", "12");
    spend(books, "900", "22", 70001, 1);
    spend(books, "900", "2111", 29999, 2);
    spend(books, "101", "2111", 60000, 3);
    spend(books, "102", "2111", 30000, 3);
    spend(books, "102", "22", 5000, 4);
    return books;
}

static void
step(NaiveBooks *books, const char *number, const char *from, const char *to, const char *driver)
{
    char *const fields[] = {"allocation", "overhead", "step",     (char *)number, "from",
                            (char *)from, "to",       (char *)to, "driver",       (char *)driver};
    g_autofree char *subject = g_strconcat("overhead/", number, NULL);
    fisc_nation_add_fact(books->nation, "allocation", subject, fields, G_N_ELEMENTS(fields));
}

static bool
allocate(NaiveBooks *books, const char *name, GPtrArray *notes, GError **error)
{
    FiscLensQuery query = {.from = 202400, .to = 202413, .allocation = name};
    return fisc_lens_allocate(books->nation, &query, books->balances, notes, error);
}

static GPtrArray *
must_allocate(NaiveBooks *books)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    bool is_done = allocate(books, "overhead", notes, &error);
    FISC_ASSERT_TEXT(is_done ? "" : error->message, "");
    return notes;
}

/* "101=1,266.67 102=...": expense by a segment. */
static char *
expense_by(const NaiveBooks *books, const char *by, const char *where)
{
    FiscPivotQuery query = {.nation = books->nation,
                            .balances = books->balances,
                            .from = 202400,
                            .to = 202413,
                            .by = by,
                            .where = where,
                            .measure = "expense"};
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_pivot_build(&query, &table, NULL));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        g_string_append_printf(text, "%s%s=%" G_GINT64_FORMAT, i > 0 ? " " : "",
                               text_at(table, i, 0), amount_at(table, i, 1));
    }
    return g_string_free(text, FALSE);
}

static void
test_shares(void)
{
    static const struct {
        const char *driver, *expected;
    } cases[] = {
        {"shares 101=2 102=1", "101=126667 102=68333 900=0"},
        {"expense gfs_code=2111", NULL}, /* no word of a coding: it measures nothing */
        {"expense account=2111", "101=126667 102=68333 900=0"},
        {"expense", "101=123158 102=71842 900=0"},
        {"shares 102=1", "101=60000 102=135000 900=0"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = books_of_ministry();
        step(books, "1", "programme=900", "programme: 101 102", cases[i].driver);
        if (cases[i].expected == NULL) {
            g_autoptr(GError) error = NULL;
            g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
            CU_ASSERT_FALSE(allocate(books, "overhead", notes, &error));
            continue;
        }
        g_autoptr(GPtrArray) notes = must_allocate(books);
        g_autofree char *sums = expense_by(books, "programme", NULL);
        FISC_ASSERT_TEXT(sums, cases[i].expected);
    }
}

/* What the first step gives to IT goes on with the second: 900 to 101 and 901, 901 to 102. */
static void
test_steps_follow_each_other(void)
{
    g_autoptr(NaiveBooks) books = books_of_ministry();
    step(books, "2", "programme=901", "programme: 102", "shares 102=1");
    step(books, "1", "programme=900", "programme: 101 901", "shares 101=1 901=3");
    g_autoptr(GPtrArray) notes = must_allocate(books);
    g_autofree char *sums = expense_by(books, "programme", NULL);
    FISC_ASSERT_TEXT(sums, "101=85000 102=110000 900=0 901=0");
    FISC_ASSERT_INT(notes->len, 2);
    FISC_ASSERT_TEXT(notes->pdata[0],
                     "Allocation overhead/1: 1,000.00 of programme=900 shared out by shares 101=1 "
                     "901=3: programme=101 250.00, programme=901 750.00");
}

/* Each account keeps its total, and so does every statement. */
static void
test_sums_are_unchanged(void)
{
    g_autoptr(NaiveBooks) before = books_of_ministry();
    g_autoptr(NaiveBooks) after = books_of_ministry();
    step(after, "1", "programme=900", "programme: 101 102", "shares 101=1 102=6");
    g_autoptr(GPtrArray) notes = must_allocate(after);
    g_autofree char *accounts_before = expense_by(before, "account", NULL);
    g_autofree char *accounts_after = expense_by(after, "account", NULL);
    FISC_ASSERT_TEXT(accounts_after, accounts_before);
    g_autoptr(FiscTable) statements_before = read_year(before, "MIN");
    g_autoptr(FiscTable) statements_after = read_year(after, "MIN");
    g_autofree char *csv_before = csv_of(statements_before);
    g_autofree char *csv_after = csv_of(statements_after);
    FISC_ASSERT_TEXT(csv_after, csv_before);
}

static void
test_every_amount_names_its_step(void)
{
    g_autoptr(NaiveBooks) books = books_of_ministry();
    step(books, "1", "programme=900", "programme: 101 102", "shares 101=1 102=1");
    g_autoptr(GPtrArray) notes = must_allocate(books);
    g_autofree char *layers = expense_by(books, "layer", "programme=101");
    FISC_ASSERT_TEXT(layers, "=60000 overhead/1=50000");
    g_autofree char *taken = expense_by(books, "layer", "programme=900");
    FISC_ASSERT_TEXT(taken, "=100000 overhead/1=-100000");
}

/* Behind what was posted are lines; behind what was shared out is the step. */
static void
test_drills_to_the_step(void)
{
    g_autoptr(NaiveBooks) books = books_of_ministry();
    g_autoptr(FiscDrill) drill = NULL;
    g_autoptr(GError) error = NULL;
    step(books, "1", "programme=900", "programme: 101 102", "shares 101=1 102=1");
    g_autoptr(GPtrArray) notes = must_allocate(books);
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = "MIN",
                                .from = 202400,
                                .to = 202413};
    CU_ASSERT_TRUE_FATAL(
        fisc_drill_pivot(&query, "expense", "programme=101", NULL, &drill, &error));
    FISC_ASSERT_INT((long long)drill->figure, 110000);
    __int128 made = 0;
    for (guint i = 0; i < drill->parts->len; i++) {
        const FiscDrillPart *part = &g_array_index(drill->parts, FiscDrillPart, i);
        bool is_of_step = strcmp(part->coding->dim[FISC_DIM_LAYER], "overhead/1") == 0;
        FISC_ASSERT_INT(part->made != 0, is_of_step);
        made += part->made;
    }
    FISC_ASSERT_INT((long long)made, 50000);
}

static void
test_refuses_what_cannot_be_shared(void)
{
    static const struct {
        const char *name, *from, *to, *driver, *says;
    } cases[] = {
        {"other", "programme=900", "programme: 101", "shares 101=1", "no allocation \"other\""},
        {"overhead", "programm=900", "programme: 101", "shares 101=1", "field from"},
        {"overhead", "programme=900", "programme", "shares 101=1", "field to"},
        {"overhead", "programme=900", "entity: A B", "shares A=1", "field to"},
        {"overhead", "programme=900", "programme:  ", "shares 101=1", "field to"},
        {"overhead", "programme=900", "programme: 101", "shares 102=1", "field driver"},
        {"overhead", "programme=900", "programme: 101", "shares 101=1.5", "field driver"},
        {"overhead", "programme=900", "programme: 101", "shares 101=0", "nothing to share by"},
        {"overhead", "programme=900", "programme: 777", "expense", "nothing to share by"},
        {"overhead", "programme=900", "programme: 101", "cost", "no measure"},
        {"overhead", "programme=900", "programme: 101", "credit account=2111", "nothing"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = books_of_ministry();
        g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        step(books, "1", cases[i].from, cases[i].to, cases[i].driver);
        CU_ASSERT_FALSE_FATAL(allocate(books, cases[i].name, notes, &error));
        FISC_ASSERT_CONTAINS(error->message, cases[i].says);
    }
}

static void
test_nothing_asked_nothing_done(void)
{
    g_autoptr(NaiveBooks) books = books_of_ministry();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    guint rows = books->balances->rows->len;
    step(books, "1", "programme=900", "programme: 101 102", "shares 101=1");
    CU_ASSERT(allocate(books, NULL, notes, NULL));
    FISC_ASSERT_INT(books->balances->rows->len, rows);
    FISC_ASSERT_INT(notes->len, 0);
}

const FiscTest fisc_allocate_tests[] = {
    {"a cost is shared out by shares or by a measure of the books", test_shares},
    {"a later step shares out what an earlier one brought", test_steps_follow_each_other},
    {"no account and no statement changes its sum", test_sums_are_unchanged},
    {"every amount that was moved names its step", test_every_amount_names_its_step},
    {"a figure drills to lines and to the step", test_drills_to_the_step},
    {"refuses what cannot be shared, naming step and field", test_refuses_what_cannot_be_shared},
    {"changes nothing when no allocation is asked for", test_nothing_asked_nothing_done},
    {NULL, NULL},
};
