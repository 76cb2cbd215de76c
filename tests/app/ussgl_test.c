/* ussgl_test.c: one annual appropriation from enactment to close, in a chart of two sets: the
 * books of tests/data/ussgl-chain, whose answers were worked without this program.
 *
 * Loaded at once, and journal by journal as a bureau would post them, with what each step leaves
 * available, the attempts that must be refused at their step, trial balances before and after
 * closing, and the Statement of Budgetary Resources. */
#include "fisc/csv.h"
#include "tests/app/books.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_ussgl_tests[];

#define DATA "ussgl-chain"
#define UNIT "BUREAU"
#define HEADER "journal_id,date,entity,account,set,debit,credit,memo\n"
#define STEPS 12

/* ---- the data ---- */

static FiscCsv *
read_csv(const char *file)
{
    static const FiscCsvOptions options = {.allow_unknown = true};
    g_autofree char *relative = g_build_filename(DATA, file, NULL);
    g_autofree char *path = fisc_test_data(relative);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscCsv *csv = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_csv_read(path, &options, &csv, refusals, NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    return csv;
}

static const char *
field(const FiscCsv *csv, guint row, const char *column)
{
    return fisc_csv_field(csv, &g_array_index(csv->rows, FiscCsvRow, row),
                          fisc_csv_column(csv, column));
}

/* Minor units of an amount of the files, which are whole; 0 for none. */
static int64_t
cents(const char *text)
{
    return g_ascii_strtoll(text, NULL, 10) * 100;
}

/* The package without its journals: who and by what rules. Freed by fixture_remove(). */
static char *
folder_without_journals(void)
{
    static const char *const files[] = {"package.csv", "entities.csv", "accounts.csv",
                                        "controls.csv", "links.csv"};
    char *folder = fixture_folder("README.md", "", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *relative = g_build_filename(DATA, files[i], NULL);
        g_autofree char *path = fisc_test_data(relative);
        g_autofree char *text = NULL;
        CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &text, NULL, NULL));
        fixture_write(folder, files[i], text);
    }
    return folder;
}

/* The rows of one journal, as a text to be posted alone. */
static char *
journal_text(const FiscCsv *journals, const char *id)
{
    static const char *const columns[] = {"account", "set", "debit", "credit", "memo"};
    GString *text = g_string_new(HEADER);
    for (guint i = 0; i < journals->rows->len; i++) {
        if (strcmp(field(journals, i, "journal_id"), id) != 0) {
            continue;
        }
        g_string_append_printf(text, "%s,2024-06-30," UNIT, id);
        for (guint k = 0; k < G_N_ELEMENTS(columns); k++) {
            g_string_append_c(text, ',');
            fisc_csv_append(text, field(journals, i, columns[k]));
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* ---- the books ---- */

static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    char *folder = folder_without_journals();
    books_must_load(books, folder);
    fixture_remove(folder);
    books_set_period(books, "2024", "open");
}

static Books *
new_books(void)
{
    return books_filled("ussgl without journals", fill, NULL);
}

static Books *
loaded_books(void)
{
    g_autofree char *folder = fisc_test_data(DATA);
    return books_loaded(folder);
}

static FiscTable *
trial_balance(Books *books, bool before_closing)
{
    FiscReportQuery query = {
        .name = "trial-balance", .unit = UNIT, .period = "2024", .before_closing = before_closing};
    return books_report(books, &query);
}

/* Debit positive, 0 for an account without postings. */
static int64_t
balance_of(const FiscTable *table, const char *account)
{
    g_autoptr(GHashTable) index = books_index(table, 2);
    g_autofree char *key = g_strdup_printf(UNIT "|%s", account);
    return books_amount(table, index, key, "balance");
}

/* ---- availability ---- */

/* "allotted_4610" is account 461000. */
static char *
account_of_column(const char *column)
{
    return g_strconcat(strrchr(column, '_') + 1, "00", NULL);
}

static void
expect_availability(Books *books, const FiscCsv *expected, guint step)
{
    g_autoptr(FiscTable) table = trial_balance(books, false);
    for (guint i = 1; i < expected->columns->len; i++) {
        const char *column = expected->columns->pdata[i];
        g_autofree char *account = account_of_column(column);
        g_autofree char *actual =
            g_strdup_printf("%s %s %" G_GINT64_FORMAT, field(expected, step, "after"), column,
                            -balance_of(table, account));
        g_autofree char *wanted =
            g_strdup_printf("%s %s %" G_GINT64_FORMAT, field(expected, step, "after"), column,
                            cents(field(expected, step, column)));
        FISC_ASSERT_TEXT(actual, wanted);
    }
}

/* The control of each account says the same. */
static void
expect_funds(Books *books, const FiscCsv *expected, guint step)
{
    static const struct {
        const char *control, *column;
    } controls[] = {
        {"unapportioned", "unapportioned_4450"},
        {"apportionment", "apportioned_4510"},
        {"allotment", "allotted_4610"},
        {"commitments", "committed_4700"},
        {"undelivered-orders", "undelivered_4801"},
        {"delivered-orders-unpaid", "delivered_unpaid_4901"},
    };
    const char *any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_funds(&books->ctx, UNIT, 2024, any, &table, NULL));
    g_autoptr(GHashTable) index = books_index(table, 1);
    for (guint i = 0; i < G_N_ELEMENTS(controls); i++) {
        FISC_ASSERT_INT(books_amount(table, index, controls[i].control, "available"),
                        cents(field(expected, step, controls[i].column)));
    }
}

/* ---- attempts that must be refused ---- */

#define ROW(account, set, debit, credit)                                                           \
    "N,2024-06-30," UNIT "," account "," set "," debit "," credit ",\n"

typedef struct {
    const char *name;
    const char *after; /* the step behind which it is tried */
    const char *rows;
    const char *code;    /* NULL: allowed */
    const char *control; /* or what the detail says */
    int64_t shortfall;   /* whole units */
} Attempt;

static const char obligate_2300[] = ROW("461000", "B", "2300", "") ROW("480100", "B", "", "2300");

static const Attempt attempts[] = {
    {"apportion more than is enacted", "T01",
     ROW("445000", "B", "10001", "") ROW("451000", "B", "", "10001"), "BUDGET_EXCEEDED",
     "unapportioned", 1},
    {"N3", "T03", ROW("451000", "B", "600", "") ROW("461000", "B", "", "600"), "BUDGET_EXCEEDED",
     "apportionment", 100},
    {"order more than is committed", "T04",
     ROW("470000", "B", "6001", "") ROW("480100", "B", "", "6001"), "BUDGET_EXCEEDED",
     "commitments", 1},
    {"N2 first", "T06", obligate_2300, NULL, NULL, 0},
    {"N5", "T06",
     ROW("610000", "P", "3000", "") ROW("211000", "P", "", "3000") ROW("310700", "P", "3000", "")
         ROW("570000", "P", "", "3000"),
     "LINKED_SET",
     "appropriations-used: account 310700 moves by 3,000.00, and 490100 490200 together by 0.00",
     0},
    {"N5 with the halves across each other", "T06",
     ROW("610000", "P", "3000", "") ROW("490100", "B", "", "3000"), "ENTRY_UNBALANCED",
     "budgetary and financial lines must each balance", 0},
    {"N4", "T08",
     ROW("490100", "B", "500", "") ROW("490200", "B", "", "500") ROW("211000", "P", "500", "")
         ROW("101000", "P", "", "500"),
     "BUDGET_EXCEEDED", "delivered-orders-unpaid", 100},
    {"N2 then", "T09", obligate_2300, "BUDGET_EXCEEDED", "allotment", 600},
    {"N6", "T10",
     ROW("480100", "B", "2900", "") ROW("490100", "B", "", "2900") ROW("610000", "P", "2900", "")
         ROW("211000", "P", "", "2900") ROW("310700", "P", "2900", "")
             ROW("570000", "P", "", "2900"),
     "BUDGET_EXCEEDED", "undelivered-orders", 1600},
    {"N1", "T12", ROW("461000", "B", "1800", "") ROW("470000", "B", "", "1800"), "BUDGET_EXCEEDED",
     "allotment", 100},
};

/* What is allowed is only decided; what is refused is really tried, and leaves nothing. */
static FiscReceipt *
try(Books *books, const Attempt *attempt)
{
    g_autofree char *text = g_strconcat(HEADER, attempt->rows, NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    bool is_dry = attempt->code == NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_post_text(&books->ctx, attempt->name, text, strlen(text),
                                             attempt->name, false, is_dry, &receipt, refusals,
                                             NULL));
    FISC_ASSERT_INT(refusals->len, 0);
    FISC_ASSERT_INT(receipt->results->len, 1);
    return receipt;
}

static void
expect_refusal(const Attempt *attempt, const FiscRefusal *refusal)
{
    FISC_ASSERT_TEXT(fisc_error_name(refusal->code), attempt->code);
    if (refusal->control == NULL) {
        FISC_ASSERT_CONTAINS(refusal->detail, attempt->control);
        return;
    }
    FISC_ASSERT_TEXT(refusal->control, attempt->control);
    FISC_ASSERT_TEXT(refusal->key, "entity=" UNIT " year=2024");
    FISC_ASSERT_INT(refusal->shortfall, attempt->shortfall * 100);
}

static void
try_attempts_after(Books *books, const char *step)
{
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        const Attempt *attempt = &attempts[i];
        if (strcmp(attempt->after, step) != 0) {
            continue;
        }
        g_autoptr(FiscReceipt) receipt = try(books, attempt);
        const FiscResult *result = receipt->results->pdata[0];
        if (attempt->code == NULL) {
            FISC_ASSERT_INT(result->kind, FISC_RESULT_POSTED);
            continue;
        }
        FISC_ASSERT_INT(result->kind, FISC_RESULT_REFUSED);
        CU_ASSERT_PTR_NOT_NULL_FATAL(result->refusals);
        expect_refusal(attempt, result->refusals->pdata[0]);
    }
}

/* ---- the tests ---- */

static void
test_each_journal_leaves_what_is_available(void)
{
    g_autoptr(FiscCsv) journals = read_csv("journals.csv");
    g_autoptr(FiscCsv) expected = read_csv("expected_availability.csv");
    g_autoptr(Books) books = new_books();
    FISC_ASSERT_INT(expected->rows->len, STEPS);
    for (guint step = 0; step < expected->rows->len; step++) {
        const char *id = field(expected, step, "after");
        g_autofree char *text = journal_text(journals, id);
        books_must_post(books, text);
        expect_availability(books, expected, step);
        expect_funds(books, expected, step);
        try_attempts_after(books, id);
        expect_availability(books, expected, step); /* no attempt left anything */
    }
    books_expect_whole(books);
}

/* Every account of the file with its title and side, nothing else that is not zero. */
static void
expect_trial_balance(Books *books, const char *file, bool before_closing)
{
    g_autoptr(FiscCsv) expected = read_csv(file);
    g_autoptr(FiscTable) table = trial_balance(books, before_closing);
    GString *wanted = g_string_new(NULL);
    GString *actual = g_string_new(NULL);
    int balance = fisc_table_column(table, "balance");
    for (guint i = 0; i < expected->rows->len; i++) {
        bool is_budgetary = strcmp(field(expected, i, "set"), "B") == 0;
        g_string_append_printf(
            wanted, "%s|%s|%s|%" G_GINT64_FORMAT "\n", field(expected, i, "account"),
            field(expected, i, "title"), is_budgetary ? "budgetary" : "financial",
            cents(field(expected, i, "debit")) - cents(field(expected, i, "credit")));
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (row->cells[balance].number != 0) {
            g_string_append_printf(actual, "%s|%s|%s|%" G_GINT64_FORMAT "\n",
                                   books_text(row, fisc_table_column(table, "account")),
                                   books_text(row, fisc_table_column(table, "title")),
                                   books_text(row, fisc_table_column(table, "side")),
                                   (int64_t)row->cells[balance].number);
        }
    }
    FISC_ASSERT_TEXT(actual->str, wanted->str);
    FISC_ASSERT_INT(table->notes->len, 0); /* every balance is on its normal side */
    g_string_free(wanted, TRUE);
    g_string_free(actual, TRUE);
}

static void
test_trial_balances_before_and_after_closing(void)
{
    g_autoptr(Books) books = loaded_books();
    expect_trial_balance(books, "expected_trial_balance_preclosing.csv", true);
    expect_trial_balance(books, "expected_trial_balance_postclosing.csv", false);
}

static void
test_ties_between_the_two_sets(void)
{
    g_autoptr(Books) books = loaded_books();
    g_autoptr(FiscTable) before = trial_balance(books, true);
    g_autoptr(FiscTable) after = trial_balance(books, false);
    int64_t obligations =
        -balance_of(before, "480100") - balance_of(before, "490100") - balance_of(before, "490200");
    int64_t unobligated = -balance_of(before, "445000") - balance_of(before, "451000") -
                          balance_of(before, "461000") - balance_of(before, "470000");
    FISC_ASSERT_INT(balance_of(after, "101000"), balance_of(after, "420100"));
    FISC_ASSERT_INT(balance_of(after, "101000"), cents("3900"));
    FISC_ASSERT_INT(balance_of(before, "211000"), balance_of(before, "490100"));
    FISC_ASSERT_INT(balance_of(after, "211000"), balance_of(after, "490100"));
    FISC_ASSERT_INT(obligations, cents("7800"));
    FISC_ASSERT_INT(unobligated + obligations, cents("10000"));
    FISC_ASSERT_INT(unobligated, cents("2200"));
    FISC_ASSERT_INT(-balance_of(after, "465000"), unobligated);
}

/* The lines of the file, and that resources equal their status. */
static void
expect_budgetary_resources(Books *books)
{
    g_autoptr(FiscCsv) expected = read_csv("expected_sbr.csv");
    FiscReportQuery query = {.name = "budgetary-resources", .unit = UNIT, .period = "2024"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    int code = fisc_table_column(table, "code");
    for (guint i = 0; i < table->rows->len; i++) {
        FiscRow *row = table->rows->pdata[i];
        g_hash_table_insert(index, (char *)books_text(row, code), row);
    }
    for (guint i = 0; i < expected->rows->len; i++) {
        const char *line = field(expected, i, "line");
        g_autofree char *actual = g_strdup_printf("%s %" G_GINT64_FORMAT, line,
                                                  books_amount(table, index, line, "amount"));
        g_autofree char *wanted =
            g_strdup_printf("%s %" G_GINT64_FORMAT, line, cents(field(expected, i, "amount")));
        FISC_ASSERT_TEXT(actual, wanted);
    }
    CU_ASSERT_FALSE(g_hash_table_contains(index, "DIFF"));
}

static void
test_statement_of_budgetary_resources(void)
{
    g_autoptr(FiscCsv) journals = read_csv("journals.csv");
    g_autoptr(Books) open = new_books();
    for (int step = 1; step <= STEPS; step++) {
        g_autofree char *id = g_strdup_printf("T%02d", step);
        g_autofree char *text = journal_text(journals, id);
        books_must_post(open, text);
    }
    expect_budgetary_resources(open);
    g_autoptr(Books) closed = loaded_books();
    expect_budgetary_resources(closed); /* of the books before closing, also once they are closed */
}

static void
test_loading_twice_changes_nothing(void)
{
    g_autoptr(Books) books = loaded_books();
    int64_t batch = books_batch(books);
    g_autofree char *folder = fisc_test_data(DATA);
    g_autoptr(FiscLoadReport) report = books_load(books, folder);
    FISC_ASSERT_INT(report->refusals->len, 0);
    FISC_ASSERT_INT(report->events, 0);
    FISC_ASSERT_INT(books_batch(books), batch);
    FISC_ASSERT_INT(report->remarks->len, 2);
    FISC_ASSERT_CONTAINS(report->remarks->pdata[1], "13 accounts without a meaning in GFS");
}

static void
test_a_delivery_is_taken_back_on_both_sides(void)
{
    g_autoptr(FiscCsv) journals = read_csv("journals.csv");
    g_autoptr(FiscCsv) expected = read_csv("expected_availability.csv");
    g_autoptr(Books) books = new_books();
    g_autoptr(FiscReceipt) receipt = NULL;
    for (int step = 1; step <= 7; step++) {
        g_autofree char *id = g_strdup_printf("T%02d", step);
        g_autofree char *text = journal_text(journals, id);
        books_must_post(books, text);
    }
    CU_ASSERT_TRUE(fisc_flow_reverse(&books->ctx, "test", UNIT "/T07", fisc_date_make(2024, 7, 1),
                                     "sent back", &receipt, NULL));
    FISC_ASSERT_INT(receipt->posted, 1);
    expect_availability(books, expected, 5);
    g_autoptr(FiscTable) table = trial_balance(books, false);
    FISC_ASSERT_INT(balance_of(table, "310700"), 0);
    FISC_ASSERT_INT(balance_of(table, "211000"), 0);
}

static void
test_every_decision_follows_from_the_log(void)
{
    g_autoptr(Books) books = loaded_books();
    g_autoptr(FiscVerifyReport) report = NULL;
    FiscVerifyOptions options = {.full = true};
    CU_ASSERT_TRUE_FATAL(fisc_flow_verify(&books->ctx, &options, &report, NULL));
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        FISC_ASSERT_TEXT(text, "");
    }
    books_expect_whole(books);
}

static void
test_other_reports_bear_a_chart_of_two_sets(void)
{
    static const FiscReportQuery queries[] = {
        {.name = "gfs", .unit = UNIT, .period = "2024"},
        {.name = "eliminations", .period = "2024"},
        {.name = "budget-execution", .unit = UNIT, .period = "2024"},
        {.name = "budget-stages", .unit = UNIT, .period = "2024"},
    };
    g_autoptr(Books) books = loaded_books();
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autoptr(FiscTable) table = books_report(books, &queries[i]);
        CU_ASSERT_PTR_NOT_NULL(table);
    }
    g_autoptr(FiscTable) gfs = books_report(books, &queries[0]);
    bool is_said = false;
    for (guint i = 0; i < gfs->notes->len; i++) {
        is_said = is_said || g_str_has_prefix(gfs->notes->pdata[i], "Accounts without a GFS class");
    }
    CU_ASSERT_TRUE(is_said);
}

const FiscTest fisc_ussgl_tests[] = {
    {"each journal leaves what is available, and attempts beyond it are refused",
     test_each_journal_leaves_what_is_available},
    {"trial balances before and after closing", test_trial_balances_before_and_after_closing},
    {"the two sets tie", test_ties_between_the_two_sets},
    {"the Statement of Budgetary Resources, before closing and after",
     test_statement_of_budgetary_resources},
    {"loading twice changes nothing, and says what is in no GFS statement",
     test_loading_twice_changes_nothing},
    {"a delivery is taken back on both sides", test_a_delivery_is_taken_back_on_both_sides},
    {"every decision follows from the log", test_every_decision_follows_from_the_log},
    {"the other reports bear a chart of two sets", test_other_reports_bear_a_chart_of_two_sets},
    {NULL, NULL},
};
