/* grouping_test.c: what must hold of any books, in several currencies and calendars, however their
 * units are grouped: consolidation asks who is inside, and nothing else. */
#include "fisc/lens.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_grouping_tests[];

#define SEEDS 6
#define CODE 2
#define AMOUNT 4

static const char *const items[] = {"SOO NOB", "SOO NLB",   "SSUC CSD",  "SOEF 4",
                                    "SOEF 5",  "BS_OPEN 6", "BS_CLOSE 6"};
static const char *const transit_items[] = {"NOB", "NLB",       "CSD",      "4",
                                            "5",   "opening 6", "closing 6"};

/* U1 and U4 in euros, U2 and U5 in dollars, U3 in won; the years of U2 and U3 begin elsewhere. */
static void
mix(NaiveBooks *books, GRand *rand)
{
    static const char *const currencies[] = {"EUR", "USD", "KRW", "EUR", "USD"};
    for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
        lensing_currency(books, random_unit(unit), currencies[unit - 1]);
    }
    lensing_calendar(books, "U2", "07");
    lensing_calendar(books, "U3", "04");
    for (int month = 0; month < 36; month++) {
        static const char *const kinds[] = {"closing", "average"};
        for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
            int year = 2029 + month / 12;
            FiscDate day = fisc_date_make(month % 12 == 11 ? year + 1 : year,
                                          month % 12 == 11 ? 1 : month % 12 + 2, 1) -
                           1;
            char date[FISC_DATE_TEXT];
            fisc_date_format(day, date);
            g_autofree char *dollar = g_strdup_printf("0.%04d", g_rand_int_range(rand, 7000, 9999));
            g_autofree char *won = g_strdup_printf("%d.%02d", g_rand_int_range(rand, 1300, 1500),
                                                   g_rand_int_range(rand, 0, 100));
            lensing_rate(books, "USD", "EUR", date, kinds[kind], dollar);
            lensing_rate(books, "EUR", "KRW", date, kinds[kind], won);
        }
    }
}

static NaiveBooks *
seeded(guint32 seed, const char *calendar)
{
    NaiveBooks *books = random_books_new(seed, seed % 2 == 0);
    GRand *rand = g_rand_new_with_seed(seed);
    mix(books, rand);
    g_rand_free(rand);
    FiscLensQuery query = {.unit = "ALL",
                           .from = books->year * 100,
                           .to = books->year * 100 + 13,
                           .calendar = calendar,
                           .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "");
    return books;
}

static int64_t
item_of(const FiscTable *table, const char *item)
{
    g_auto(GStrv) words = g_strsplit(item, " ", 2);
    return amount_of(table, words[0], words[1]);
}

/* Statement, code, label and amount of every row: all that may not depend on the group's name. */
static char *
figures_of(const FiscTable *table)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading) {
            g_string_append_printf(text, "%s %s %s %" G_GINT64_FORMAT "\n", text_at(table, i, 0),
                                   text_at(table, i, CODE), text_at(table, i, 3),
                                   amount_at(table, i, AMOUNT));
        }
    }
    return g_string_free(text, FALSE);
}

static void
shuffle(GRand *rand, gpointer *list, int count)
{
    for (int i = count - 1; i > 0; i--) {
        int other = g_rand_int_range(rand, 0, i + 1);
        gpointer kept = list[i];
        list[i] = list[other];
        list[other] = kept;
    }
}

/* What remains of the balances when every part has left out what passes inside it. */
static void
eliminate_inside(NaiveBooks *books, GHashTable *part_of)
{
    GArray *rows = books->balances->rows;
    guint kept = 0;
    for (guint i = 0; i < rows->len; i++) {
        FiscBalance row = g_array_index(rows, FiscBalance, i);
        const char *code = row.coding->account->gfs;
        const char *other = row.coding->dim[FISC_DIM_COUNTERPARTY];
        void *own_part = g_hash_table_lookup(part_of, row.coding->entity);
        bool is_contribution = g_str_has_prefix(code, "12") || g_str_has_prefix(code, "212");
        bool is_inside = *other != '\0' && own_part != NULL && !is_contribution &&
                         g_hash_table_lookup(part_of, other) == own_part;
        /* Cash is left out with its counterparty, its row of the cash statement with its payee. */
        if (!is_inside || row.coding->dim[FISC_DIM_CASH_CODE][0] != '\0') {
            g_array_index(rows, FiscBalance, kept++) = row;
        }
    }
    g_array_set_size(rows, kept);
}

/* The same members in any order make the same figures. */
static void
test_any_order_of_members_is_the_same(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = seeded(seed, seed % 3 == 0 ? "own" : NULL);
        GRand *rand = g_rand_new_with_seed(seed + 100);
        gpointer units[RANDOM_UNITS];
        for (int i = 0; i < RANDOM_UNITS; i++) {
            units[i] = (gpointer)random_unit(i + 1);
        }
        shuffle(rand, units, RANDOM_UNITS);
        g_autofree char *members =
            g_strjoin(" ", units[0], units[1], units[2], units[3], units[4], NULL);
        fisc_nation_add_group(books->nation, "ANY", "Any order", members);
        g_autoptr(FiscTable) all = read_year(books, "ALL");
        g_autofree char *expected = figures_of(all);
        g_autoptr(FiscTable) any = read_year(books, "ANY");
        g_autofree char *once = figures_of(any);
        FISC_ASSERT_TEXT(once, expected);
        g_rand_free(rand);
    }
}

/* The order in which balances come from the books changes nothing, before the lenses or after. */
static void
test_any_order_of_balances_is_the_same(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        char *figures[2] = {NULL, NULL};
        for (int round = 0; round < 2; round++) {
            g_autoptr(NaiveBooks) books = random_books_new(seed, false);
            GRand *rand = g_rand_new_with_seed(seed);
            mix(books, rand);
            GArray *rows = books->balances->rows;
            for (guint i = rows->len - 1; round == 1 && i > 0; i--) {
                guint other = (guint)g_rand_int_range(rand, 0, (int)i + 1);
                FiscBalance kept = g_array_index(rows, FiscBalance, i);
                g_array_index(rows, FiscBalance, i) = g_array_index(rows, FiscBalance, other);
                g_array_index(rows, FiscBalance, other) = kept;
            }
            g_rand_free(rand);
            FiscLensQuery query = {.unit = "ALL",
                                   .from = books->year * 100,
                                   .to = books->year * 100 + 13,
                                   .calendar = "own",
                                   .currency = "USD"};
            g_autofree char *refusal = lensing_look(books, &query, NULL);
            FISC_ASSERT_TEXT(refusal, "");
            g_autoptr(FiscTable) all = read_year(books, "ALL");
            figures[round] = figures_of(all);
        }
        FISC_ASSERT_TEXT(figures[1], figures[0]);
        g_free(figures[0]);
        g_free(figures[1]);
    }
}

/* First inside the parts of any partition, then between them, or all at once, or twice. */
static void
test_parts_first_or_all_at_once_is_the_same(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = seeded(seed, seed % 2 == 0 ? "own" : NULL);
        GRand *rand = g_rand_new_with_seed(seed + 200);
        g_autoptr(GHashTable) part_of = g_hash_table_new(g_str_hash, g_str_equal);
        for (int i = 1; i <= RANDOM_UNITS; i++) {
            g_hash_table_insert(part_of, (void *)random_unit(i),
                                GINT_TO_POINTER(g_rand_int_range(rand, 1, 4)));
        }
        g_rand_free(rand);
        g_autoptr(FiscTable) at_once = read_year(books, "ALL");
        for (int round = 0; round < 2; round++) {
            eliminate_inside(books, part_of);
            g_autoptr(FiscTable) in_steps = read_year(books, "ALL");
            for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
                FISC_ASSERT_INT(item_of(in_steps, items[i]), item_of(at_once, items[i]));
            }
        }
    }
}

static void
test_sum_of_units_is_consolidated_and_in_transit(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = seeded(seed, seed % 2 == 0 ? "own" : "common");
        g_autoptr(FiscTable) all = read_year(books, "ALL");
        for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
            int64_t sum = 0;
            for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
                g_autoptr(FiscTable) one = read_year(books, random_unit(unit));
                sum += item_of(one, items[i]);
            }
            FISC_ASSERT_INT(sum, item_of(all, items[i]) + transit_of(all, transit_items[i]));
        }
    }
}

/* Closing = opening + flows, the balance is financed, debits equal credits: in euros as in the
 * currency the books are kept in. */
static void
test_identities_hold_in_any_currency(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = seeded(seed, seed % 2 == 0 ? "own" : NULL);
        for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
            g_autoptr(FiscTable) table = read_year(books, random_unit(unit));
            FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
            FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6") - amount_of(table, "BS_OPEN", "6"),
                            amount_of(table, "SOO", "NOB") + amount_of(table, "SOEF", "4") +
                                amount_of(table, "SOEF", "5"));
            FISC_ASSERT_INT(
                amount_of(table, "SSUC", "NCB"),
                amount_of(table, "BS_CLOSE", "6202") - amount_of(table, "BS_OPEN", "6202") -
                    amount_of(table, "SOEF", "4202") - amount_of(table, "SOEF", "5202"));
            FISC_ASSERT_INT(amount_of(table, "SOO", "2M"), amount_of(table, "COFOG_DIV", "7"));
            FISC_ASSERT_INT(amount_of(table, "SOO", "23"), amount_of(table, "SOO", "31.3"));
            FISC_ASSERT_INT(lensing_balance(books, random_unit(unit)), 0);
        }
    }
}

/* A unit in the group's own currency is not touched; translating twice is translating once. */
static void
test_what_is_translated_stays(void)
{
    g_autoptr(NaiveBooks) books = seeded(1, NULL);
    g_autoptr(FiscTable) before = read_year(books, "ALL");
    g_autofree char *expected = figures_of(before);
    FiscLensQuery query = {
        .unit = "ALL", .from = books->year * 100, .to = books->year * 100 + 13, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    g_autoptr(FiscTable) after = read_year(books, "ALL");
    g_autofree char *again = figures_of(after);
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_TEXT(again, expected);
}

const FiscTest fisc_grouping_tests[] = {
    {"any order of members is the same", test_any_order_of_members_is_the_same},
    {"any order of balances is the same", test_any_order_of_balances_is_the_same},
    {"parts first, or all at once, or twice, is the same",
     test_parts_first_or_all_at_once_is_the_same},
    {"sum of units = consolidated + in transit, in any currency and calendar",
     test_sum_of_units_is_consolidated_and_in_transit},
    {"identities hold in any currency", test_identities_hold_in_any_currency},
    {"what is translated stays", test_what_is_translated_stays},
    {NULL, NULL},
};
