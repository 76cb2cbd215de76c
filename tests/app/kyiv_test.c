/* kyiv_test.c: Kyiv's books, month by month, read from the reports as published and compared with
 * tests/data/kyiv-2021-2024-oracle, which was worked out from the same files by other means: the
 * cash statement of 43 months, to the kopeck. */
#include "tests/app/books.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_kyiv_tests[];
int fisc_kyiv_set_up(void);
int fisc_kyiv_tear_down(void);

#define MONTHS 43

static struct {
    Books *books;
    char *answers;
} kyiv;

int
fisc_kyiv_set_up(void)
{
    g_autofree char *folder = books_source_path("examples/kyiv-2021-2024");
    kyiv.answers = fisc_test_data("kyiv-2021-2024-oracle");
    kyiv.books = books_new();
    g_autoptr(FiscLoadReport) loaded = books_load(kyiv.books, folder);
    g_autofree char *first = books_first_refusal(loaded->refusals);
    if (*first != '\0') {
        g_printerr("Kyiv: %s\n", first);
    }
    return *first != '\0' ? 1 : 0;
}

int
fisc_kyiv_tear_down(void)
{
    g_clear_pointer(&kyiv.books, books_free);
    g_clear_pointer(&kyiv.answers, g_free);
    return 0;
}

/* A report of the months from January to that of a day. */
static FiscTable *
report_to(const char *name, const char *day, const char *statements)
{
    g_autofree char *period = g_strdup_printf("%.4s-01..%.7s", day, day);
    FiscReportQuery query = {
        .name = name, .unit = "KYIV", .period = period, .statement = statements};
    return books_report(kyiv.books, &query);
}

/* What a code of the answers is in our statements. */
static const struct {
    const char *code;
    const char *plus, *minus; /* "SSUC|C1"; NULL = nothing */
    const char *other;        /* taken from the sum, too */
    int sign;
} meanings[] = {
    {"C1", "SSUC|C1", NULL, NULL, 1},
    {"C2", "SSUC|C2", NULL, NULL, 1},
    {"CIO", "SSUC|CIO", NULL, NULL, 1},
    {"C31", "SSUC|C31", NULL, NULL, 1},
    {"C31.1", "SSUC|C31.1", NULL, NULL, 1},
    {"C31.2", "SSUC|C31.2", NULL, NULL, 1},
    {"C2M", "SSUC|C2M", NULL, NULL, 1},
    {"CSD", "SSUC|CSD", NULL, NULL, 1},
    /* The answers keep other settlements apart; for us they are a receivable like others. */
    {"C32x", "SSUC|C32x", "SOO|3208", NULL, 1},
    {"OTHER_SETTLEMENTS", "SOO|3208", NULL, NULL, -1},
    {"C33", "SSUC|C33", NULL, NULL, 1},
    {"NCB", "SSUC|NCB", NULL, NULL, 1},
    {"4202_FX", "SOEF|4202", NULL, NULL, 1},
    {"CASH_OPEN", "BS_OPEN|6202", NULL, NULL, 1},
    {"CASH_CLOSE", "BS_CLOSE|6202", NULL, NULL, 1},
    /* The national balance counts lending as expenditure. */
    {"NATIONAL_BALANCE", "SSUC|CSD", "SSUC|C32x", "SOO|3208", 1},
    {"NATIONAL_FINANCING", "SSUC|CSD", "SSUC|C32x", "SOO|3208", -1},
};

static int64_t
figure(const FiscTable *table, GHashTable *index, const char *code)
{
    for (guint i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (strcmp(meanings[i].code, code) != 0) {
            continue;
        }
        int64_t sum = books_amount(table, index, meanings[i].plus, "amount");
        if (meanings[i].minus != NULL) {
            sum -= books_amount(table, index, meanings[i].minus, "amount");
        }
        if (meanings[i].other != NULL) {
            sum += books_amount(table, index, meanings[i].other, "amount");
        }
        return sum * meanings[i].sign;
    }
    g_error("the answers have a code \"%s\" that nobody knows", code);
}

/* statement|code -> row */
static GHashTable *
index_by_code(const FiscTable *table)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading) {
            g_hash_table_insert(
                index, g_strconcat(books_text(row, 0), "|", books_text(row, 2), NULL), row);
        }
    }
    return index;
}

static void
test_the_cash_statement_of_every_month_is_right_to_the_kopeck(void)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(kyiv.answers, "ssuc_by_month.csv");
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GHashTable) index = NULL;
    g_autofree char *day = NULL;
    guint months = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *end = g_hash_table_lookup(row, "period_end");
        if (g_strcmp0(day, end) != 0) {
            g_free(day);
            day = g_strdup(end);
            g_clear_pointer(&index, g_hash_table_unref);
            g_clear_pointer(&table, fisc_table_free);
            table = report_to("gfs", day, "SOO,SSUC,SOEF,BS_OPEN,BS_CLOSE");
            index = index_by_code(table);
            months++;
        }
        const char *code = g_hash_table_lookup(row, "code");
        FISC_ASSERT_INT(figure(table, index, code),
                        naive_amount(g_hash_table_lookup(row, "amount_uah")));
    }
    FISC_ASSERT_INT(months, MONTHS);
    FISC_ASSERT_INT(rows->len, MONTHS * G_N_ELEMENTS(meanings));
}

static bool
is_credit(const char *code)
{
    return code[0] == '1' || g_str_has_suffix(code, ".2");
}

static void
test_each_class_is_right_to_the_kopeck(void)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(kyiv.answers, "gfs_detail.csv");
    guint checked = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *code = g_hash_table_lookup(row, "gfsm2014");
        g_autoptr(FiscTable) table =
            report_to("trial-balance", g_hash_table_lookup(row, "period_end"), NULL);
        g_autoptr(GHashTable) index = books_index(table, 2);
        g_autofree char *key = g_strconcat("KYIV|", code, NULL);
        int64_t net =
            books_amount(table, index, key, "debit") - books_amount(table, index, key, "credit");
        FISC_ASSERT_INT(is_credit(code) ? -net : net,
                        naive_amount(g_hash_table_lookup(row, "amount_uah")));
        checked++;
    }
    FISC_ASSERT_INT(checked, 235);
}

/* The months of a year, side by side, are the year; a year begins with what the one before left. */
static void
test_months_add_up_to_the_year(void)
{
    FiscReportQuery query = {
        .name = "gfs", .unit = "KYIV", .period = "2023", .statement = "SSUC", .beside = "months"};
    g_autoptr(FiscTable) table = books_report(kyiv.books, &query);
    int first = fisc_table_column(table, "2023-01"), year = fisc_table_column(table, "2023");
    guint checked = 0;
    CU_ASSERT_FATAL(first >= 0 && year == first + 12);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        __int128 sum = 0;
        for (int month = 0; !row->heading && month < 12; month++) {
            sum += row->cells[first + month].number;
        }
        CU_ASSERT(row->heading || sum == row->cells[year].number);
        checked += row->heading ? 0 : 1;
    }
    CU_ASSERT(checked >= 15);
}

const FiscTest fisc_kyiv_tests[] = {
    {"the cash statement of every month is right to the kopeck",
     test_the_cash_statement_of_every_month_is_right_to_the_kopeck},
    {"each class is right to the kopeck", test_each_class_is_right_to_the_kopeck},
    {"months add up to the year", test_months_add_up_to_the_year},
    {NULL, NULL},
};
