/* madrid_test.c: the published execution of Madrid's budget of 2018, loaded into the ledger once
 * and asked back: every figure of the answers in tests/data/madrid-2018-oracle, which were worked
 * out from the same files by other means. */
#include "fisc/ledger.h"
#include "tests/app/drilling.h"
#include "tests/integrations/fixture.h"
#include "tests/reporting/identities.h"
#include "tests/support/compare_package.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_madrid_walk_tests[];
int fisc_madrid_walk_set_up(void);
int fisc_madrid_walk_tear_down(void);

#define YEAR 2018
#define PERIOD "2018"
#define CITY "CITY"

static struct {
    char *folder;
    char *answers;
    Books *books;
    FiscLoadReport *loaded;
} madrid;

int
fisc_madrid_walk_set_up(void)
{
    madrid.folder = books_source_path("examples/madrid-2018");
    madrid.answers = fisc_test_data("madrid-2018-oracle");
    madrid.books = books_new();
    madrid.loaded = books_load(madrid.books, madrid.folder);
    return madrid.loaded->refusals->len == 0 ? 0 : 1;
}

int
fisc_madrid_walk_tear_down(void)
{
    g_clear_pointer(&madrid.loaded, fisc_load_report_free);
    g_clear_pointer(&madrid.books, books_free);
    g_clear_pointer(&madrid.answers, g_free);
    g_clear_pointer(&madrid.folder, g_free);
    return 0;
}

/* ---- asking ---- */

typedef struct {
    FiscTable *table;
    GHashTable *rows; /* "a|b" -> FiscRow */
} Indexed;

static void
indexed_clear(Indexed *indexed)
{
    g_hash_table_unref(indexed->rows);
    fisc_table_free(indexed->table);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Indexed, indexed_clear)

static Indexed
ask(const FiscReportQuery *query, int key_columns)
{
    FiscReportQuery of_year = *query;
    of_year.period = PERIOD;
    FiscTable *table = books_report(madrid.books, &of_year);
    return (Indexed){table, books_index(table, key_columns)};
}

static Indexed
ask_stages(const char *by, bool revenue, int key_columns)
{
    return ask(&(FiscReportQuery){.name = "budget-stages", .by = by, .revenue = revenue},
               key_columns);
}

static int64_t
amount(const Indexed *indexed, const char *key, const char *column)
{
    return books_amount(indexed->table, indexed->rows, key, column);
}

static int64_t
sum_of(const Indexed *indexed, const char *column)
{
    int position = fisc_table_column(indexed->table, column);
    CU_ASSERT_FATAL(position >= 0);
    __int128 sum = 0;
    for (guint i = 0; i < indexed->table->rows->len; i++) {
        const FiscRow *row = indexed->table->rows->pdata[i];
        sum += row->cells[position].number;
    }
    return (int64_t)sum;
}

static GPtrArray *
read_answers(const char *file)
{
    GPtrArray *rows = naive_csv_read(madrid.answers, file);
    CU_ASSERT_FATAL(rows->len > 0);
    return rows;
}

static int64_t
answer(GHashTable *row, const char *column)
{
    CU_ASSERT_FATAL(g_hash_table_contains(row, column));
    return naive_amount(answer_word(row, column));
}

/* One comparison; only a difference is worth a message. */
static void
check(int64_t actual, int64_t expected, const char *what, const char *key)
{
    if (actual != expected) {
        g_autofree char *where = g_strdup_printf("%s of %s", what, key);
        fisc_assert_int(actual, expected, where, __FILE__, __LINE__);
    }
}

/* The class of what is no flow in GFS terms is empty in the ledger. */
static const char *
class_of(const char *word)
{
    return strcmp(word, "not_gfs") == 0 ? "" : word;
}

/* ---- the stages of the budget ---- */

typedef struct {
    const char *answer; /* column of the answers */
    const char *column; /* column of the report */
} Stage;

static void
compare_stages(const Indexed *report, const char *file, const char *const keys[2],
               const Stage *stages, gsize count)
{
    g_autoptr(GPtrArray) rows = read_answers(file);
    int64_t totals[8] = {0};
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *unit = answer_word(row, keys[0]);
        g_autofree char *key = g_strdup_printf("%s|%s", unit, class_of(answer_word(row, keys[1])));
        bool is_total = strcmp(unit, "AGGREGATE") == 0;
        for (gsize k = 0; k < count; k++) {
            int64_t actual =
                is_total ? sum_of(report, stages[k].column) : amount(report, key, stages[k].column);
            check(actual, answer(row, stages[k].answer), stages[k].answer, key);
            totals[k] += is_total ? 0 : answer(row, stages[k].answer);
        }
    }
    /* The report has nothing that the answers do not list. */
    for (gsize k = 0; k < count; k++) {
        FISC_ASSERT_INT(sum_of(report, stages[k].column), totals[k]);
    }
}

static void
test_expenditure_by_unit_and_class(void)
{
    static const char *const keys[] = {"unit", "gfsm2014"};
    static const Stage stages[] = {{"initial", "original"},
                                   {"final", "final"},
                                   {"committed", "committed"},
                                   {"obligation", "obligated"}};
    g_auto(Indexed) report = ask_stages("entity,gfs_code", false, 2);
    compare_stages(&report, "expenditure_by_unit_gfs_2018.csv", keys, stages, G_N_ELEMENTS(stages));
}

static void
test_expenditure_by_department(void)
{
    static const char *const keys[] = {"unit", "section"};
    static const Stage stages[] = {{"initial", "original"},
                                   {"final", "final"},
                                   {"authorized", "authorized"},
                                   {"committed", "committed"},
                                   {"obligation", "obligated"}};
    g_auto(Indexed) report = ask_stages("entity,section", false, 2);
    compare_stages(&report, "expenditure_by_department_2018.csv", keys, stages,
                   G_N_ELEMENTS(stages));
}

static void
test_revenue_by_unit_and_class(void)
{
    static const char *const keys[] = {"unit", "gfsm2014"};
    static const Stage stages[] = {{"initial", "original"},
                                   {"final", "final"},
                                   {"recognized_accrual", "recognized"},
                                   {"collected_cash", "collected"}};
    g_auto(Indexed) report = ask_stages("entity,gfs_code", true, 2);
    compare_stages(&report, "revenue_by_unit_gfs_2018.csv", keys, stages, G_N_ELEMENTS(stages));
}

/* ---- balances ---- */

/* All balances of the year, with the master data that explains them. */
typedef struct {
    FiscNation *nation;
    FiscBalances *balances;
    GHashTable *members; /* of the city */
} Ledger;

static void
ledger_clear(Ledger *ledger)
{
    g_hash_table_unref(ledger->members);
    fisc_balances_free(ledger->balances);
    fisc_nation_free(ledger->nation);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ledger, ledger_clear)

static Ledger
read_ledger(void)
{
    Ledger ledger = {0};
    g_autoptr(FiscTx) tx = NULL;
    GError *error = NULL;
    if (!fisc_tx_begin(madrid.books->pool, FISC_TX_READ, &tx, &error) ||
        !fisc_nation_load(tx, 1, 0, &ledger.nation, &error) ||
        !fisc_balances_load(tx, 1, ledger.nation, YEAR * 100 + 13, NULL, NULL, &ledger.balances,
                            &error)) {
        g_error("%s", error->message);
    }
    ledger.members = fisc_nation_perimeter(ledger.nation, CITY);
    return ledger;
}

static void
add_to(GHashTable *sums, const char *key, int64_t more)
{
    int64_t *sum = g_hash_table_lookup(sums, key);
    if (sum == NULL) {
        sum = g_new0(int64_t, 1);
        g_hash_table_insert(sums, g_strdup(key), sum);
    }
    *sum += more;
}

static int64_t
sum_at(GHashTable *sums, const char *key)
{
    const int64_t *sum = g_hash_table_lookup(sums, key);
    return sum != NULL ? *sum : 0;
}

static GHashTable *
sums_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* Debit less credit of accounts as posted, over the units: "2631", "311.1". */
static GHashTable *
sum_accounts(void)
{
    g_auto(Indexed) report = ask(&(FiscReportQuery){.name = "trial-balance", .unit = CITY}, 2);
    GHashTable *sums = sums_new();
    for (guint i = 0; i < report.table->rows->len; i++) {
        const FiscRow *row = report.table->rows->pdata[i];
        add_to(sums, books_text(row, 1), (int64_t)(row->cells[2].number - row->cells[3].number));
    }
    return sums;
}

/* ---- consolidation ---- */

/* What the city leaves out by code, as the eliminations list it; @kind as they say it. */
static GHashTable *
sum_eliminations(const char *kind)
{
    g_auto(Indexed) report = {
        books_report(madrid.books,
                     &(FiscReportQuery){.name = "eliminations", .unit = CITY, .period = PERIOD}),
        g_hash_table_new(NULL, NULL)};
    GHashTable *sums = sums_new();
    for (guint i = 0; i < report.table->rows->len; i++) {
        const FiscRow *row = report.table->rows->pdata[i];
        FISC_ASSERT_TEXT(books_text(row, 0), CITY);
        if (strcmp(books_text(row, 5), kind) == 0) {
            add_to(sums, books_text(row, 4), (int64_t)row->cells[6].number);
        }
    }
    return sums;
}

/* The accrual side: what was posted, what is left out, and what the statement prints. */
typedef struct {
    const char *basis;    /* of the answers */
    const char *kind;     /* of the eliminations */
    int sign;             /* of the accounts, debit positive */
    GHashTable *accounts; /* posted, by code */
    GHashTable *eliminated;
    const Indexed *consolidated, *unconsolidated; /* statements of the city */
    guint printed;                                /* classes with a row of their own */
} Accrual;

static void
check_accrual(Accrual *accrual, GHashTable *row, const char *code)
{
    int64_t posted = accrual->sign * sum_at(accrual->accounts, code);
    int64_t eliminated = sum_at(accrual->eliminated, code);
    check(posted, answer(row, "aggregate"), accrual->basis, code);
    check(eliminated, answer(row, "eliminated"), "eliminated", code);
    check(posted - eliminated, answer(row, "consolidated"), "consolidated", code);

    g_autofree char *key = g_strdup_printf("SOO|" CITY "|%s", code);
    if (g_hash_table_contains(accrual->consolidated->rows, key)) {
        int64_t sign = g_str_has_prefix(code, "33") ? -1 : 1; /* repaid is incurred, negative */
        check(sign * amount(accrual->consolidated, key, "amount"), answer(row, "consolidated"),
              "statement", code);
        check(sign * amount(accrual->unconsolidated, key, "amount"), answer(row, "aggregate"),
              "unconsolidated statement", code);
        accrual->printed++;
    }
}

static Indexed
ask_statements(bool unconsolidated)
{
    return ask(&(FiscReportQuery){.name = "gfs", .unit = CITY, .unconsolidated = unconsolidated},
               3);
}

static void
compare_accrual(const char *basis, const char *kind, int sign)
{
    g_autoptr(GPtrArray) rows = read_answers("gfs_consolidated_2018.csv");
    g_autoptr(GHashTable) accounts = sum_accounts();
    g_autoptr(GHashTable) eliminated = sum_eliminations(kind);
    g_auto(Indexed) consolidated = ask_statements(false);
    g_auto(Indexed) unconsolidated = ask_statements(true);
    Accrual accrual = {basis, kind, sign, accounts, eliminated, &consolidated, &unconsolidated, 0};
    guint classes = 0;
    for (guint i = 0; i < rows->len; i++) {
        if (strcmp(answer_word(rows->pdata[i], "basis"), basis) == 0) {
            check_accrual(&accrual, rows->pdata[i], answer_word(rows->pdata[i], "gfsm2014"));
            classes++;
        }
    }
    CU_ASSERT(classes > 15 && accrual.printed > 15);
}

static void
test_consolidated_obligations(void)
{
    compare_accrual("obligation", "payable", 1);
}

static void
test_consolidated_recognized(void)
{
    compare_accrual("recognized", "receivable", -1);
}

/* Economic classes 400, 410, 700, 710 of revenue come from within the group. */
static GHashTable *
sum_internal_collections(void)
{
    static const char *const internal[] = {"400", "410", "700", "710"};
    g_auto(Indexed) report = ask_stages("gfs_code,economic:3", true, 2);
    GHashTable *sums = sums_new();
    for (guint i = 0; i < report.table->rows->len; i++) {
        const FiscRow *row = report.table->rows->pdata[i];
        for (guint k = 0; k < G_N_ELEMENTS(internal); k++) {
            if (strcmp(books_text(row, 1), internal[k]) == 0) {
                int column = fisc_table_column(report.table, "collected");
                add_to(sums, books_text(row, 0), (int64_t)row->cells[column].number);
            }
        }
    }
    return sums;
}

/* Cash that came from units of the city, by the payer on the cash lines themselves. */
static int64_t
sum_internal_cash(void)
{
    g_auto(Ledger) ledger = read_ledger();
    int64_t sum = 0;
    for (guint i = 0; i < ledger.balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(ledger.balances->rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        if (g_str_has_prefix(coding->dim[FISC_DIM_CASH_CODE], "1") &&
            fisc_nation_is_inside(ledger.nation, ledger.members,
                                  coding->dim[FISC_DIM_CASH_COUNTERPARTY])) {
            sum += row->debit - row->credit;
        }
    }
    return sum;
}

static void
test_consolidated_collections(void)
{
    g_autoptr(GPtrArray) rows = read_answers("gfs_consolidated_2018.csv");
    g_autoptr(GHashTable) eliminated = sum_internal_collections();
    g_auto(Indexed) collected = ask_stages("gfs_code", true, 1);
    g_auto(Indexed) consolidated = ask_statements(false);
    g_auto(Indexed) unconsolidated = ask_statements(true);
    int64_t inside = 0, all = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *code = class_of(answer_word(row, "gfsm2014"));
        if (strcmp(answer_word(row, "basis"), "collected") == 0) {
            int64_t aggregate = amount(&collected, code, "collected");
            check(aggregate, answer(row, "aggregate"), "collected", code);
            check(sum_at(eliminated, code), answer(row, "eliminated"), "eliminated", code);
            check(aggregate - sum_at(eliminated, code), answer(row, "consolidated"), "consolidated",
                  code);
            inside += answer(row, "eliminated");
            all += code[0] == '1' ? answer(row, "consolidated") : 0;
        }
    }
    FISC_ASSERT_INT(inside, 24277134789);
    FISC_ASSERT_INT(sum_internal_cash(), inside);
    FISC_ASSERT_INT(amount(&consolidated, "SSUC|" CITY "|C1", "amount"), all);
    FISC_ASSERT_INT(amount(&unconsolidated, "SSUC|" CITY "|C1", "amount"), all + inside);
}

static void
test_headlines(void)
{
    static const struct {
        const char *answer, *code;
    } headlines[] = {
        {"1 Revenue", "1"}, {"2 Expense (no CFC in the source)", "2"}, {"NOB without CFC", "NOB"}};
    g_autoptr(GPtrArray) rows = read_answers("gfs_consolidated_2018.csv");
    g_auto(Indexed) statements = ask_statements(false);
    int found = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        for (guint k = 0; k < G_N_ELEMENTS(headlines); k++) {
            if (strcmp(answer_word(row, "gfsm2014"), headlines[k].answer) == 0) {
                g_autofree char *key = g_strdup_printf("SOO|" CITY "|%s", headlines[k].code);
                FISC_ASSERT_INT(amount(&statements, key, "amount"), answer(row, "consolidated"));
                found++;
            }
        }
    }
    FISC_ASSERT_INT(found, 3);
}

static void
test_expenditure_by_function(void)
{
    g_autoptr(GPtrArray) rows = read_answers("cofog_2018.csv");
    g_auto(Indexed) statements = ask_statements(true);
    FISC_ASSERT_INT(rows->len, 10);
    for (guint i = 0; i < rows->len; i++) {
        const char *division = answer_word(rows->pdata[i], "cofog_division");
        g_autofree char *key = g_strdup_printf("COFOG_DIV|" CITY "|%s", division);
        CU_ASSERT(g_hash_table_contains(statements.rows, key));
        check(amount(&statements, key, "amount"), answer(rows->pdata[i], "obligation"), "function",
              division);
    }
}

/* ---- transfers within the city ---- */

/* "paid|001|410": grants whose other party is inside, by the first three digits of the national
 * economic class. */
static GHashTable *
sum_transfers(void)
{
    g_auto(Ledger) ledger = read_ledger();
    GHashTable *sums = sums_new();
    for (guint i = 0; i < ledger.balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(ledger.balances->rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        bool is_paid = coding->account->class_ == FISC_CLASS_EXPENSE;
        bool is_received = coding->account->class_ == FISC_CLASS_REVENUE;
        if ((is_paid || is_received) && fisc_nation_is_inside(ledger.nation, ledger.members,
                                                              coding->dim[FISC_DIM_COUNTERPARTY])) {
            g_autofree char *key = g_strdup_printf("%s|%s|%.3s", is_paid ? "paid" : "received",
                                                   coding->entity, coding->dim[FISC_DIM_ECONOMIC]);
            int64_t net = row->debit - row->credit;
            add_to(sums, key, is_paid ? net : -net);
            add_to(sums, is_paid ? "paid" : "received", is_paid ? net : -net);
        }
    }
    return sums;
}

static void
test_internal_transfers(void)
{
    g_autoptr(GPtrArray) rows = read_answers("internal_transfers_2018.csv");
    g_autoptr(GHashTable) sums = sum_transfers();
    guint listed = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *side = answer_word(row, "side");
        const char *unit = answer_word(row, "unit");
        if (strcmp(unit, "TOTAL") != 0) {
            g_autofree char *key =
                g_strdup_printf("%s|%s|%s", side, unit, answer_word(row, "economic_prefix"));
            check(sum_at(sums, key), answer(row, "amount"), "transfer", key);
            listed++;
        } else if (strcmp(side, "difference") == 0) {
            FISC_ASSERT_INT(sum_at(sums, "paid") - sum_at(sums, "received"), answer(row, "amount"));
        } else {
            FISC_ASSERT_INT(sum_at(sums, side), answer(row, "amount"));
        }
    }
    FISC_ASSERT_INT(sum_at(sums, "paid"), 27400892124);
    FISC_ASSERT_INT(sum_at(sums, "received"), 27413392124);
    FISC_ASSERT_INT(g_hash_table_size(sums), listed + 2);
}

static int64_t
sum_all(GHashTable *sums)
{
    GHashTableIter iterator;
    void *sum = NULL;
    int64_t total = 0;
    g_hash_table_iter_init(&iterator, sums);
    while (g_hash_table_iter_next(&iterator, NULL, &sum)) {
        total += *(int64_t *)sum;
    }
    return total;
}

static void
test_eliminations(void)
{
    g_autoptr(GHashTable) payable = sum_eliminations("payable");
    g_autoptr(GHashTable) receivable = sum_eliminations("receivable");
    FISC_ASSERT_INT(sum_all(payable), 27400892124);
    FISC_ASSERT_INT(sum_all(receivable), 27413392124);
}

static void
test_asymmetry(void)
{
    FiscReportQuery query = {.name = "asymmetries", .period = PERIOD};
    g_autofree char *csv = books_report_csv(madrid.books, &query);
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,payer_amount,receiver_amount,difference,"
                          "class,owner,since,days\n"
                          "001,902,capital,0.00,125000.00,-125000.00,coverage,001,2018-12-31,0\n");
}

/* ---- payments ---- */

/* What the cash lines of the payment list paid, by line of the budget: "001/002/23270/22602". */
static GHashTable *
sum_payments(void)
{
    static const char sql[] =
        "select document, -sum(amount)::bigint from (select document, unnest(coding) as coding_id,"
        " unnest(amount) as amount from ledger.entry where source_id = (select number"
        " from ledger.master where kind = 'source' and subject = 'madrid-2018/pagos')) line"
        " where coding_id = any (array(select coding_id from ledger.coding where account_id ="
        " (select account_id from ledger.account where code = '6202'))) group by 1";
    return books_ask_amounts(madrid.books, sql);
}

static void
test_payments_against_obligations(void)
{
    static const char *const statuses[] = {"equal", "paid_less", "paid_more"};
    g_autoptr(GPtrArray) rows = read_answers("payments_vs_obligations_2018.csv");
    g_autoptr(GHashTable) payments = sum_payments();
    g_auto(Indexed) stages = ask_stages("entity,section,programme,economic", false, 4);
    int counts[3] = {0};
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *organic = answer_word(row, "section");
        g_autofree char *line =
            g_strdup_printf("%.3s/%s/%s/%s", organic, organic + 3, answer_word(row, "programme"),
                            answer_word(row, "economic"));
        g_autofree char *key = g_strdelimit(g_strdup(line), "/", '|');
        int64_t paid = sum_at(payments, line);
        int64_t owed = amount(&stages, key, "obligated");
        int status = paid == owed ? 0 : paid < owed ? 1 : 2;
        check(paid, answer(row, "payments"), "payments", line);
        check(owed, answer(row, "obligation"), "obligation", line);
        /* What exceeds this year's obligation pays closed years, not this budget. */
        check(amount(&stages, key, "paid"), MIN(paid, owed), "paid of this budget", line);
        if (strcmp(statuses[status], answer_word(row, "status")) != 0) {
            FISC_ASSERT_TEXT(statuses[status], answer_word(row, "status"));
        }
        counts[status]++;
    }
    FISC_ASSERT_INT(counts[0], 1995);
    FISC_ASSERT_INT(counts[1], 394);
    FISC_ASSERT_INT(counts[2], 47);
    FISC_ASSERT_INT(g_hash_table_size(payments), rows->len);
    FISC_ASSERT_INT(sum_all(payments), 356239698010);
    FISC_ASSERT_INT(sum_of(&stages, "paid"), 356239698010 - 2118749848);
}

static void
test_closed_years(void)
{
    g_auto(Indexed) statements = ask_statements(false);
    FISC_ASSERT_INT(amount(&statements, "BS_OPEN|" CITY "|6308", "amount"), 2118749848);
    FISC_ASSERT_INT(amount(&statements, "BS_OPEN|" CITY "|6", "amount"), -2118749848);
    books_expect(madrid.books,
                 "select count(*) from ledger.entry where period = 201800"
                 " and reference like 'closed-years/%' and memo like 'Opening payable:%'",
                 "47");
    books_expect(madrid.books, "select count(*) from ledger.entry where period = 201800", "47");
}

/* ---- control ---- */

static void
test_no_chapter_is_over(void)
{
    FiscReportQuery query = {
        .name = "budget-stages", .by = "entity,programme:1,economic:1", .over_only = true};
    g_auto(Indexed) over = ask(&query, 3);
    g_auto(Indexed) all = ask_stages("entity,programme:1,economic:1", false, 3);
    FISC_ASSERT_INT(over.table->rows->len, 0);
    /* Two of the 65 keys of the source have no amount in any stage, so nothing to post. */
    FISC_ASSERT_INT(all.table->rows->len, 63);
    int final = fisc_table_column(all.table, "final");
    int authorized = fisc_table_column(all.table, "authorized");
    for (guint i = 0; i < all.table->rows->len; i++) {
        const FiscRow *row = all.table->rows->pdata[i];
        CU_ASSERT(row->cells[authorized].number <= row->cells[final].number);
    }
}

static void
test_lines_over(void)
{
    FiscReportQuery query = {
        .name = "budget-stages", .by = "entity,section,programme,economic", .over_only = true};
    g_auto(Indexed) over = ask(&query, 4);
    FISC_ASSERT_INT(over.table->rows->len, 1352);
    FISC_ASSERT_INT(sum_of(&over, "authorized") - sum_of(&over, "final"), 9316877761);
}

/* A published line of the budget, read without the importer: names without accents need no iconv,
 * and no field of the file is quoted. */
typedef struct {
    char **fields;
    int64_t amount[6]; /* initial, change, final, authorized, committed, obligation */
} PublishedLine;

static void
published_line_free(gpointer data)
{
    PublishedLine *line = data;
    g_strfreev(line->fields);
    g_free(line);
}

static GPtrArray *
read_published_lines(void)
{
    enum { FIRST_AMOUNT = 10 };
    g_autofree char *path = g_build_filename(madrid.folder, "ejecucion_gastos.csv", NULL);
    g_autofree char *text = NULL;
    CU_ASSERT_FATAL(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) rows = g_strsplit_set(text, "\r\n", -1);
    GPtrArray *lines = g_ptr_array_new_with_free_func(published_line_free);
    for (int i = 1; rows[i] != NULL; i++) {
        if (*rows[i] == '\0') {
            continue;
        }
        PublishedLine *line = g_new0(PublishedLine, 1);
        line->fields = g_strsplit(rows[i], ";", -1);
        for (gsize k = 0; k < G_N_ELEMENTS(line->amount); k++) {
            g_auto(GStrv) groups = g_strsplit(line->fields[FIRST_AMOUNT + k], ".", -1);
            g_autofree char *number = g_strjoinv("", groups);
            line->amount[k] = naive_amount(g_strdelimit(number, ",", '.'));
        }
        g_ptr_array_add(lines, line);
    }
    return lines;
}

/* What the published lines of a key come to. */
typedef struct {
    int64_t final, authorized;
} PublishedKey;

static const struct {
    const char *control, *level;
    bool has_section;
    int programme, economic; /* first characters; 5 = all of them */
    guint keys, over;        /* a key counts, whether it has an amount or not */
    int64_t excess;
} exceptions[] = {
    {"chapter", "absolute", false, 1, 1, 65, 0, 0},
    {"article", "advisory", true, 5, 2, 2583, 491, 5962871229},
    {"line", "track", true, 5, 5, 7244, 1352, 9316877761},
};

/* Of one control: the keys of the source, with what the source says of each. */
static GHashTable *
sum_published_keys(gsize at, GPtrArray *lines)
{
    enum { UNIT = 0, SECTION = 2, PROGRAMME = 4, ECONOMIC = 8, FINAL = 2, AUTHORIZED = 3 };
    GHashTable *keys = sums_new();
    for (guint i = 0; i < lines->len; i++) {
        const PublishedLine *line = lines->pdata[i];
        g_autofree char *key = g_strdup_printf(
            "%s|%s|%.*s|%.*s", line->fields[UNIT],
            exceptions[at].has_section ? line->fields[SECTION] : "", exceptions[at].programme,
            line->fields[PROGRAMME], exceptions[at].economic, line->fields[ECONOMIC]);
        PublishedKey *sum = g_hash_table_lookup(keys, key);
        if (sum == NULL) {
            sum = g_new0(PublishedKey, 1);
            g_hash_table_insert(keys, g_steal_pointer(&key), sum);
        }
        sum->final += line->amount[FINAL];
        sum->authorized += line->amount[AUTHORIZED];
    }
    return keys;
}

/* How the counts come about: authorized above the final credit, added up by key. */
static void
test_exceptions_of_the_source(void)
{
    g_autoptr(GPtrArray) lines = read_published_lines();
    FISC_ASSERT_INT(lines->len, 7244);
    for (gsize at = 0; at < G_N_ELEMENTS(exceptions); at++) {
        g_autoptr(GHashTable) keys = sum_published_keys(at, lines);
        GHashTableIter iterator;
        void *value = NULL;
        guint over = 0;
        int64_t excess = 0;
        g_hash_table_iter_init(&iterator, keys);
        while (g_hash_table_iter_next(&iterator, NULL, &value)) {
            const PublishedKey *key = value;
            over += key->authorized > key->final ? 1 : 0;
            excess += MAX(key->authorized - key->final, 0);
        }
        FISC_ASSERT_INT(g_hash_table_size(keys), exceptions[at].keys);
        FISC_ASSERT_INT(over, exceptions[at].over);
        FISC_ASSERT_INT(excess, exceptions[at].excess);
    }
}

static void
test_exceptions_of_every_control(void)
{
    g_auto(Indexed) report = ask(&(FiscReportQuery){.name = "control-exceptions", .unit = CITY}, 1);
    FISC_ASSERT_INT(report.table->rows->len, G_N_ELEMENTS(exceptions));
    for (gsize at = 0; at < G_N_ELEMENTS(exceptions); at++) {
        const char *control = exceptions[at].control;
        const FiscRow *row = g_hash_table_lookup(report.rows, control);
        CU_ASSERT_FATAL(row != NULL);
        FISC_ASSERT_TEXT(books_text(row, 1), exceptions[at].level);
        FISC_ASSERT_INT(amount(&report, control, "keys"), exceptions[at].keys);
        FISC_ASSERT_INT(amount(&report, control, "keys_over"), exceptions[at].over);
        FISC_ASSERT_INT(amount(&report, control, "over"), exceptions[at].excess);
    }
}

static void
test_exceptions_in_detail(void)
{
    static const char *const control = "article";
    g_auto(Indexed) report = ask(
        &(FiscReportQuery){
            .name = "control-exceptions", .unit = CITY, .control = control, .detail = true},
        3);
    FISC_ASSERT_INT(report.table->rows->len, 491);
    FISC_ASSERT_INT(sum_of(&report, "over"), 5962871229);
    FISC_ASSERT_INT(sum_of(&report, "consumed") - sum_of(&report, "limit"), 5962871229);
    const FiscRow *largest = report.table->rows->pdata[0];
    FISC_ASSERT_TEXT(books_text(largest, 2),
                     "entity=001 section=100 programme=01111 economic=35 year=2018");
    FISC_ASSERT_CONTAINS(books_text(largest, 3), "Not binding");
    int over = fisc_table_column(report.table, "over");
    FISC_ASSERT_INT((int64_t)largest->cells[over].number, 893879320);
    CU_ASSERT(((FiscRow *)report.table->rows->pdata[1])->cells[over].number <= 893879320);
}

/* What cannot be answered is said so, and not answered with something else. */
static void
test_exceptions_that_cannot_be_told(void)
{
    static const struct {
        FiscReportQuery query;
        FiscError code;
        const char *message;
    } cases[] = {
        {{.control = "ceiling"}, FISC_ERROR_NOT_FOUND, "control ceiling has no key on record"},
        {{.unit = "NOBODY"}, FISC_ERROR_NOT_FOUND, "\"NOBODY\""},
        {{.as_of = "2018-06-30"}, FISC_ERROR_USAGE, "knows the books as they are"},
        {{.known_at = "1"}, FISC_ERROR_USAGE, "knows the books as they are"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscReportQuery query = cases[i].query;
        query.name = "control-exceptions";
        query.period = PERIOD;
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE_FATAL(fisc_flow_report(&madrid.books->ctx, &query, &table, &error));
        FISC_ASSERT_INT(error->code, cases[i].code);
        FISC_ASSERT_CONTAINS(error->message, cases[i].message);
    }
}

static void
test_chapter_refuses(void)
{
    g_auto(Indexed) chapters = ask_stages("entity,programme:1,economic:1", false, 3);
    int64_t available = amount(&chapters, "001|2|2", "available");
    CU_ASSERT_FATAL(available > 0);
    int64_t too_much = available + 1;
    g_autofree char *text = g_strdup_printf(
        "journal_id,date,entity,gfs_code,debit,credit,cofog,programme,economic,section,stage\n"
        "OWN-1,2018-12-31,001,22,%" G_GINT64_FORMAT ".%02d,,708,23106,22799,027,commitment\n",
        too_much / 100, (int)(too_much % 100));
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    /* Only tried, so that the books of the other tests stay as they are. */
    fisc_flow_post_text(&madrid.books->ctx, "own", text, strlen(text), "test", false, true,
                        &receipt, refusals, &error);
    CU_ASSERT_PTR_NULL_FATAL(error);
    FISC_ASSERT_INT(refusals->len, 0);
    FISC_ASSERT_INT(receipt->refused, 1);
    const FiscResult *result = receipt->results->pdata[0];
    const FiscRefusal *refusal = result->refusals->pdata[0];
    FISC_ASSERT_TEXT(fisc_error_name(refusal->code), "BUDGET_EXCEEDED");
    FISC_ASSERT_TEXT(refusal->control, "chapter");
    FISC_ASSERT_TEXT(refusal->key, "entity=001 programme=2 economic=2 year=2018");
    FISC_ASSERT_INT(refusal->requested, too_much);
    FISC_ASSERT_INT(refusal->shortfall, 1);
    FISC_ASSERT_INT(result->refusals->len, 1); /* the line is only tracked */
}

/* ---- what loading said ---- */

static const struct {
    const char *title;
    int posted;
} steps[] = {
    {"master data", 0},
    {"ejecucion_gastos.csv: Appropriations", 5750},
    {"ejecucion_gastos.csv: Changes", 1878},
    {"ejecucion_gastos.csv: Authorizations", 6095},
    {"ejecucion_gastos.csv: Commitments", 6081},
    {"ejecucion_gastos.csv: Obligations", 5994},
    {"ejecucion_ingresos.csv: Estimates", 169},
    {"ejecucion_ingresos.csv: Changes of estimates", 43},
    {"ejecucion_ingresos.csv: Recognized", 215},
    {"ejecucion_ingresos.csv: Collected", 209},
    {"pagos.csv: Payables of closed years", 47},
    {"pagos.csv: Payments", 31500},
};

static void
test_steps(void)
{
    FISC_ASSERT_INT(madrid.loaded->steps->len, G_N_ELEMENTS(steps));
    for (guint i = 0; i < MIN(G_N_ELEMENTS(steps), madrid.loaded->steps->len); i++) {
        const FiscLoadStep *step = madrid.loaded->steps->pdata[i];
        FISC_ASSERT_TEXT(step->title, steps[i].title);
        FISC_ASSERT_INT(step->posted, steps[i].posted);
        FISC_ASSERT_INT(step->repeated + step->refused, 0);
    }
}

static void
test_control_totals(void)
{
    FISC_ASSERT_INT(madrid.loaded->totals->len, 12);
    for (guint i = 0; i < madrid.loaded->totals->len; i++) {
        const FiscControlTotal *total = madrid.loaded->totals->pdata[i];
        CU_ASSERT(total->has_expected && total->sum == total->expected && total->rows > 0);
    }
}

static void
test_remarks(void)
{
    static const char *const remarks[] = {
        "ejecucion_gastos.csv:2453: initial credit and change differ from the final credit: by "
        "-0.01",
        "ejecucion_gastos.csv:2507: initial credit and change differ from the final credit: by "
        "0.03",
        "ejecucion_ingresos.csv: final revenue and final expenditure differ: by -0.45"};
    for (guint i = 0; i < G_N_ELEMENTS(remarks); i++) {
        CU_ASSERT(g_ptr_array_find_with_equal_func(madrid.loaded->remarks, remarks[i], g_str_equal,
                                                   NULL));
    }
}

/* ---- the budget book ---- */

/* Initial, changes by kind, final: all of it the published figures, by unit and class. */
static void
test_book_ties_to_the_source(void)
{
    static const char *const keys[] = {"unit", "gfsm2014"};
    static const Stage stages[] = {{"initial", "original"}, {"final", "revised"}};
    g_auto(Indexed) book =
        ask(&(FiscReportQuery){.name = "budget-book", .by = "entity,gfs_code"}, 2);
    compare_stages(&book, "expenditure_by_unit_gfs_2018.csv", keys, stages, G_N_ELEMENTS(stages));
    FISC_ASSERT_INT(sum_of(&book, "original"), 503480768700);
    FISC_ASSERT_INT(sum_of(&book, "supplements"), 113051814067); /* the final less the initial */
    FISC_ASSERT_INT(sum_of(&book, "revised"), 616532582767);
    FISC_ASSERT_INT(sum_of(&book, "virements_in"), sum_of(&book, "virements_out"));
    FISC_ASSERT_INT(sum_of(&book, "carried_in"), 0);
}

/* What is called a virement moves inside one unit and area; what is left goes one way there. */
static void
test_virements_cancel_in_each_unit_and_area(void)
{
    g_auto(Indexed) areas =
        ask(&(FiscReportQuery){.name = "budget-book", .by = "entity,programme:1"}, 2);
    g_autoptr(FiscTable) acts = books_report(
        madrid.books,
        &(FiscReportQuery){
            .name = "budget-book", .period = PERIOD, .by = "entity,programme:1", .detail = true});
    int in = fisc_table_column(areas.table, "virements_in");
    int out = fisc_table_column(areas.table, "virements_out");
    for (guint i = 0; i < areas.table->rows->len; i++) {
        const FiscRow *row = areas.table->rows->pdata[i];
        CU_ASSERT(row->cells[in].number == row->cells[out].number);
    }
    g_autoptr(GHashTable) way = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < acts->rows->len; i++) {
        const FiscRow *row = acts->rows->pdata[i];
        const char *kind = books_text(row, fisc_table_column(acts, "kind"));
        if (strcmp(kind, "supplement") != 0 && strcmp(kind, "cut") != 0) {
            continue;
        }
        g_autofree char *area = g_strdup_printf("%s|%s", books_text(row, 0), books_text(row, 1));
        const char *before = g_hash_table_lookup(way, area);
        CU_ASSERT(before == NULL || strcmp(before, kind) == 0);
        g_hash_table_insert(way, g_steal_pointer(&area), (void *)kind);
    }
    FISC_ASSERT_INT(g_hash_table_size(way), 14);
}

/* What the source leaves open stands below every book of the city, with both figures. */
static void
test_book_shows_the_differences_of_the_source(void)
{
    static const char *const notes[] = {
        "The source differs from itself, 001: ejecucion_gastos.csv:2453 001/097/16210/22700: "
        "initial credit and change differ from the final credit: 181,790,872.19 against "
        "181,790,872.20, by -0.01",
        "The source differs from itself, 001: ejecucion_gastos.csv:2507 001/097/16301/22700: "
        "initial credit and change differ from the final credit: 206,840,661.63 against "
        "206,840,661.60, by 0.03",
        "The source differs from itself, CITY: ejecucion_ingresos.csv: final revenue and final "
        "expenditure differ: 6,165,325,827.22 against 6,165,325,827.67, by -0.45",
    };
    g_auto(Indexed) book =
        ask(&(FiscReportQuery){.name = "budget-book", .unit = CITY, .by = "entity"}, 1);
    FISC_ASSERT_INT(book.table->notes->len, 1 + G_N_ELEMENTS(notes));
    for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
        FISC_ASSERT_TEXT(book.table->notes->pdata[i + 1], notes[i]);
    }
}

static void
test_coverage_notes(void)
{
    static const char *const partial[] = {
        "Partial: receipts are complete, but payments are those",
        "Partial: no opening balances are published.",
        "In transit: 001 -> 902, capital grants, 125,000.00, owner 001"};
    g_auto(Indexed) statements = ask_statements(false);
    g_autoptr(GString) notes = g_string_new(NULL);
    for (guint i = 0; i < statements.table->notes->len; i++) {
        g_string_append_printf(notes, "%s\n", (char *)statements.table->notes->pdata[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(partial); i++) {
        FISC_ASSERT_CONTAINS(notes->str, partial[i]);
    }
}

static void
test_loading_twice(void)
{
    int64_t before = books_batch(madrid.books);
    g_autoptr(FiscLoadReport) again = books_load(madrid.books, madrid.folder);
    FISC_ASSERT_INT(again->refusals->len, 0);
    FISC_ASSERT_INT(again->steps->len, G_N_ELEMENTS(steps));
    for (guint i = 0; i < MIN(G_N_ELEMENTS(steps), again->steps->len); i++) {
        const FiscLoadStep *step = again->steps->pdata[i];
        FISC_ASSERT_INT(step->posted + step->refused, 0);
        FISC_ASSERT_INT(step->repeated, steps[i].posted);
    }
    FISC_ASSERT_INT(books_batch(madrid.books), before);
    books_expect_whole(madrid.books);
}

/* ---- another law ---- */

static FiscTable *
decide_again(const char *rules)
{
    const FiscLawTrial trial = {.year = YEAR, .rules = rules};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscTable *table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_law_replay(&madrid.books->ctx, &trial, &table, refusals, NULL));
    FISC_ASSERT_INT(refusals->len, 0);
    return table;
}

static void
test_the_year_again(void)
{
    g_autoptr(FiscTable) table = decide_again("2018-12-31");
    FISC_ASSERT_INT(table->rows->len, 0);
    FISC_ASSERT_TEXT(table->notes->pdata[0], "57981 entries were decided again; 0 of them had no "
                                             "budgetary lines and got some under these rules.");
}

/* Were the articles binding, each of the 491 that are over by what is published would have refused,
 * and no other. */
static void
test_a_law_that_binds_articles(void)
{
    g_autofree char *path = g_build_filename(madrid.folder, "controls.csv", NULL);
    g_autofree char *text = NULL;
    CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "\narticle,advisory,zero,", 2);
    g_autofree char *rules = g_strjoinv("\narticle,absolute,refuse,", parts);
    char *folder = fixture_folder("controls.csv", rules, NULL);
    g_autoptr(FiscTable) table = decide_again(folder);
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    fixture_remove(folder);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        FISC_ASSERT_TEXT(books_text(row, fisc_table_column(table, "control")), "article");
        if (strcmp(books_text(row, fisc_table_column(table, "would_be")), "refused") == 0) {
            g_hash_table_add(keys, (gpointer)books_text(row, fisc_table_column(table, "key")));
        }
    }
    FISC_ASSERT_INT(g_hash_table_size(keys), 491);
}

/* ---- a statement of one's own ---- */

static void
add_layout(const char *name, const char *relative)
{
    g_autofree char *path = books_source_path(relative);
    g_autofree char *data = NULL;
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    gsize length = 0;
    CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &data, &length, NULL));
    const FiscLayoutText text = {relative, data, length};
    CU_ASSERT_TRUE_FATAL(fisc_flow_layout_add(&madrid.books->ctx, name, &text, NULL, &document,
                                              &receipt, refusals, NULL));
    FISC_ASSERT_INT(refusals->len, 0);
}

static int64_t
published(const char *file, const char *column)
{
    g_autoptr(GPtrArray) rows = read_answers(file);
    int64_t sum = 0;
    for (guint i = 0; i < rows->len; i++) {
        bool is_total = strcmp(answer_word(rows->pdata[i], "unit"), "AGGREGATE") == 0;
        sum += is_total ? 0 : answer(rows->pdata[i], column);
    }
    return sum;
}

/* Spain's own statement, by a file that no program knows: every total is what was published. */
static void
test_budgetary_outturn(void)
{
    static const struct {
        const char *code, *file, *column;
    } rows[] = {
        {"I1", "revenue_by_unit_gfs_2018.csv", "initial"},
        {"I", "revenue_by_unit_gfs_2018.csv", "final"},
        {"D1", "revenue_by_unit_gfs_2018.csv", "collected_cash"},
        {"D", "revenue_by_unit_gfs_2018.csv", "recognized_accrual"},
        {"G1", "expenditure_by_unit_gfs_2018.csv", "initial"},
        {"G", "expenditure_by_unit_gfs_2018.csv", "final"},
        {"O", "expenditure_by_unit_gfs_2018.csv", "obligation"},
    };
    add_layout("RESULTADO", "examples/layouts/resultado_presupuestario.csv");
    g_auto(Indexed) report =
        ask(&(FiscReportQuery){.name = "layout", .layout = "RESULTADO", .unit = CITY}, 3);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *key = g_strdup_printf("RESULTADO|" CITY "|%s", rows[i].code);
        FISC_ASSERT_INT(amount(&report, key, "amount"), published(rows[i].file, rows[i].column));
    }
    FISC_ASSERT_INT(amount(&report, "RESULTADO|" CITY "|R", "amount"),
                    published(rows[3].file, rows[3].column) -
                        published(rows[6].file, rows[6].column));
    FISC_ASSERT_TEXT(report.table->notes->pdata[0],
                     "Antes de ajustes: los créditos gastados financiados con remanente y las "
                     "desviaciones de financiación no constan en los libros.");
}

static void
test_published_rows(void)
{
    drilling_expect_published(madrid.books, madrid.folder);
}

static void
test_identities(void)
{
    static const char *const units[] = {"001", "501", "503",  "506", "508",
                                        "509", "902", "OOAA", CITY};
    static const char *const standards[] = {"gfsm2014", "gfsm2001"};
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        for (guint k = 0; k < G_N_ELEMENTS(standards); k++) {
            FiscReportQuery query = {
                .name = "gfs", .unit = units[i], .period = PERIOD, .standard = standards[k]};
            g_autoptr(FiscTable) table = books_report(madrid.books, &query);
            identities_check(table);
        }
    }
}

/* The corner is the expenditure of the city; sales of land name no function. */
static void
test_functions_by_class(void)
{
    static const char *const standards[] = {NULL, "gfsm2001"};
    for (guint i = 0; i < G_N_ELEMENTS(standards); i++) {
        g_auto(Indexed) cross = ask(
            &(FiscReportQuery){.name = "cofog-economic", .unit = CITY, .standard = standards[i]},
            1);
        FISC_ASSERT_INT(amount(&cross, "7", "total"), 410213285462);
        FISC_ASSERT_INT(amount(&cross, "7", "24"), 14870962298);
        FISC_ASSERT_INT(amount(&cross, "7", "31"), 32305170016);
        FISC_ASSERT_INT(amount(&cross, "", "total"), -3237918137);
        FISC_ASSERT_INT(amount(&cross, "", "31"), -3237918137);
        FISC_ASSERT_CONTAINS(g_ptr_array_index(cross.table->notes, 1), "Coverage: ");
    }
}

const FiscTest fisc_madrid_walk_tests[] = {
    {"each step of the city's year is posted whole", test_steps},
    {"every control total ties", test_control_totals},
    {"the differences of the source are told: 0.01, 0.03 and 0.45", test_remarks},
    {"expenditure by unit and class: initial, final, committed, obligation",
     test_expenditure_by_unit_and_class},
    {"expenditure by department in five stages", test_expenditure_by_department},
    {"revenue by unit and class: initial, final, recognized, collected",
     test_revenue_by_unit_and_class},
    {"obligations by class: aggregate, eliminated, consolidated", test_consolidated_obligations},
    {"recognized revenue by class: aggregate, eliminated, consolidated",
     test_consolidated_recognized},
    {"collections by class: aggregate, eliminated, consolidated", test_consolidated_collections},
    {"revenue, expense and net operating balance of the city", test_headlines},
    {"expenditure by function of government", test_expenditure_by_function},
    {"payers and receivers of internal transfers differ by 125,000.00", test_internal_transfers},
    {"the eliminations are 274,008,921.24 paid and 274,133,921.24 received", test_eliminations},
    {"the one asymmetry is named: 001 to 902, capital, 125,000.00", test_asymmetry},
    {"payments against obligations: 1995 equal, 394 less, 47 more",
     test_payments_against_obligations},
    {"closed years are 21,187,498.48 of opening payables", test_closed_years},
    {"none of the chapters is over", test_no_chapter_is_over},
    {"1,352 lines are over by 93,168,777.61 and listed", test_lines_over},
    {"of what is published, 491 of 2,583 articles and 1,352 of 7,244 lines are over",
     test_exceptions_of_the_source},
    {"the books under three controls have the same exceptions", test_exceptions_of_every_control},
    {"each article that is over is listed with its law, the largest first",
     test_exceptions_in_detail},
    {"exceptions of an unknown control, or as of a day, are not made up",
     test_exceptions_that_cannot_be_told},
    {"a chapter refuses one cent more than it has, naming itself", test_chapter_refuses},
    {"no statement comes without its coverage note", test_coverage_notes},
    {"the identities hold for every unit and the city, in both standards", test_identities},
    {"functions by class add up to the expenditure of the city", test_functions_by_class},
    {"the budget book ties to the published initial and final budget",
     test_book_ties_to_the_source},
    {"virements cancel in each unit and area, and the rest goes one way",
     test_virements_cancel_in_each_unit_and_area},
    {"the book shows the differences of the source with both figures",
     test_book_shows_the_differences_of_the_source},
    {"Spain's budgetary outturn by a layout on record is what was published",
     test_budgetary_outturn},
    {"every figure of the statement of operations is rows that were published",
     test_published_rows},
    {"the year decided again under its own rules is the same", test_the_year_again},
    {"were articles binding, the 491 that are over would have refused",
     test_a_law_that_binds_articles},
    {"the city loaded twice is there once, and no batch is added", test_loading_twice},
    {NULL, NULL},
};
