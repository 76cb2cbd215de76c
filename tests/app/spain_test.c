/* spain_test.c: Spain's State budget of 2018, imported as a version from the files as published,
 * and compared with tests/data/spain-2018-oracle, which was worked out from the same files by other
 * means: to the euro, each euro once. */
#include "fisc/budget_consolidated.h"
#include "fisc/ledger.h"
#include "tests/app/books.h"
#include "tests/support/compare_package.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_spain_tests[];
int fisc_spain_set_up(void);
int fisc_spain_tear_down(void);

#define YEAR 2018
#define GROUP "PGE"
#define ENTITIES 246

static const FiscPlanFrame frame = {"2018", YEAR, 1, 2};

static struct {
    char *answers;
    Books *books;
    FiscNation *nation;
    FiscPackage *package;
    FiscPlanLines *lines;
} spain;

static void
load_nation(void)
{
    g_autoptr(FiscTx) tx = NULL;
    GError *error = NULL;
    if (!fisc_tx_begin(spain.books->pool, FISC_TX_READ, &tx, &error) ||
        !fisc_nation_load(tx, 1, 0, &spain.nation, &error)) {
        g_error("%s", error->message);
    }
}

/* A set-up has no test to fail: what was refused is printed, and its suite fails. */
static int
told(const FiscRefusals *refusals)
{
    g_autofree char *first = books_first_refusal(refusals);
    if (*first != '\0') {
        g_printerr("Spain 2018: %s\n", first);
    }
    return *first != '\0' ? 1 : 0;
}

int
fisc_spain_set_up(void)
{
    GError *error = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *folder = books_source_path("examples/spain-2018");
    spain.answers = fisc_test_data("spain-2018-oracle");
    spain.books = books_new();
    g_autoptr(FiscLoadReport) loaded = books_load(spain.books, folder);
    if (told(loaded->refusals) != 0) {
        return 1;
    }
    load_nation();
    if (!fisc_package_read_plan(folder, spain.nation, "op", YEAR, &spain.package, refusals,
                                &error)) {
        g_error("%s", error->message);
    }
    if (spain.package != NULL) {
        const char *text = spain.package->plan;
        spain.lines = fisc_plan_lines_read(&frame, "plan", text, strlen(text), NULL, refusals);
    }
    return told(refusals);
}

int
fisc_spain_tear_down(void)
{
    g_clear_pointer(&spain.lines, fisc_plan_lines_free);
    g_clear_pointer(&spain.package, fisc_package_free);
    g_clear_pointer(&spain.nation, fisc_nation_free);
    g_clear_pointer(&spain.books, books_free);
    g_clear_pointer(&spain.answers, g_free);
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

typedef bool (*Statement)(const FiscConsolidatedQuery *query, FiscTable **out_table,
                          GError **error);

static Indexed
ask(Statement build, const char *unit, const char *by, int key_columns)
{
    FiscConsolidatedQuery query = {
        .nation = spain.nation, .lines = spain.lines, .unit = unit, .by = by};
    FiscTable *table = NULL;
    GError *error = NULL;
    if (!build(&query, &table, &error)) {
        g_error("%s", error->message);
    }
    return (Indexed){table, books_index(table, key_columns)};
}

static int64_t
amount(const Indexed *indexed, const char *key, const char *column)
{
    return books_amount(indexed->table, indexed->rows, key, column);
}

static GPtrArray *
read_answers(const char *file)
{
    GPtrArray *rows = naive_csv_read(spain.answers, file);
    CU_ASSERT_FATAL(rows->len > 0);
    return rows;
}

/* Answers are in euros, books in cents. */
static int64_t
answer(GHashTable *row, const char *column)
{
    CU_ASSERT_FATAL(g_hash_table_contains(row, column));
    return naive_amount(answer_word(row, column));
}

static void
check(int64_t actual, int64_t expected, const char *what, const char *key)
{
    if (actual != expected) {
        g_autofree char *where = g_strdup_printf("%s of %s", what, key);
        fisc_assert_int(actual, expected, where, __FILE__, __LINE__);
    }
}

/* ---- the import ---- */

static void
test_takes_each_euro_once(void)
{
    static const struct {
        const char *remark;
    } remarks[] = {
        {"gastos.csv: 8727 rows are sums of others; 0 differ from their parts"},
        {"ingresos.csv: 1426 rows are sums of others; 0 differ from their parts"},
    };
    const FiscPackage *package = spain.package;
    FISC_ASSERT_INT(spain.lines->lines->len, 14589 + 966);
    FISC_ASSERT_INT(package->totals->len, 2);
    for (guint i = 0; i < package->totals->len; i++) {
        const FiscControlTotal *total = package->totals->pdata[i];
        CU_ASSERT_TRUE(total->has_expected && total->sum == total->expected);
    }
    for (guint i = 0; i < G_N_ELEMENTS(remarks); i++) {
        bool is_told = g_ptr_array_find_with_equal_func(package->remarks, remarks[i].remark,
                                                        g_str_equal, NULL);
        FISC_ASSERT_TEXT(is_told ? remarks[i].remark : "not told", remarks[i].remark);
    }
}

/* ---- chapters ---- */

static void
test_chapters_of_each_subsector(void)
{
    static const char *const units[] = {"STATE", "AGENCIES", "SSF", "OTHER"};
    g_autoptr(GPtrArray) rows = read_answers("chapter_totals_2018.csv");
    int compared = 0;
    for (guint u = 0; u < G_N_ELEMENTS(units); u++) {
        g_auto(Indexed) report = ask(fisc_statement_budget_consolidated, units[u], "economic:1", 2);
        for (guint i = 0; i < rows->len; i++) {
            GHashTable *row = rows->pdata[i];
            if (strcmp(answer_word(row, "subsector"), units[u]) != 0) {
                continue;
            }
            bool is_revenue = strcmp(answer_word(row, "side"), "I") == 0;
            g_autofree char *key = g_strdup_printf("%s|%s", is_revenue ? "revenue" : "expenditure",
                                                   answer_word(row, "chapter"));
            check(amount(&report, key, "aggregate"), answer(row, "amount_eur"), units[u], key);
            compared++;
        }
        /* Two rows are totals; no other may be in the report alone: see the sums of the group. */
        CU_ASSERT_TRUE(report.table->rows->len > 2);
    }
    FISC_ASSERT_INT(compared, (int)rows->len - 2); /* the last two are the aggregates */
}

static void
test_consolidated_totals(void)
{
    static const struct {
        const char *item, *key, *column;
    } items[] = {
        {"expenditure_aggregate", "expenditure|total", "aggregate"},
        {"internal_transfers_000X", "expenditure|total", "eliminated"},
        {"expenditure_consolidated", "expenditure|total", "consolidated"},
        {"revenue_aggregate", "revenue|total", "aggregate"},
        {"internal_transfers_received", "revenue|total", "eliminated"},
        {"revenue_consolidated", "revenue|total", "consolidated"},
    };
    g_autoptr(GPtrArray) rows = read_answers("consolidated_2018.csv");
    g_auto(Indexed) report = ask(fisc_statement_budget_consolidated, GROUP, NULL, 2);
    for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
        bool is_found = false;
        for (guint k = 0; k < rows->len; k++) {
            GHashTable *row = rows->pdata[k];
            if (strcmp(answer_word(row, "item"), items[i].item) == 0) {
                check(amount(&report, items[i].key, items[i].column), answer(row, "amount_eur"),
                      items[i].item, items[i].key);
                is_found = true;
            }
        }
        CU_ASSERT_TRUE(is_found);
    }
    /* No internal loans: nothing of chapters 8 and 9 is left out. */
    FISC_ASSERT_INT(amount(&report, "expenditure|8", "eliminated"), 0);
    FISC_ASSERT_INT(amount(&report, "expenditure|9", "eliminated"), 0);
}

/* ---- who promises whom what ---- */

static void
test_pairs_of_internal_transfers(void)
{
    g_autoptr(GPtrArray) rows = read_answers("internal_transfers_2018.csv");
    g_auto(Indexed) report = ask(fisc_statement_budget_pairs, GROUP, NULL, 3);
    FISC_ASSERT_INT(report.table->rows->len, rows->len); /* 19 pairs and the total */
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        bool is_total = strcmp(answer_word(row, "payer"), "TOTAL") == 0;
        g_autofree char *pair =
            g_strdup_printf("%s|%s|%s", answer_word(row, "payer"), answer_word(row, "receiver"),
                            answer_word(row, "kind"));
        const char *key = is_total ? "total|total|all" : pair;
        CU_ASSERT_TRUE(g_hash_table_contains(report.rows, key));
        check(amount(&report, key, "paid"), answer(row, "paid_eur"), "paid", key);
        check(amount(&report, key, "received"), answer(row, "received_eur"), "received", key);
        check(amount(&report, key, "difference"), answer(row, "difference_eur"), "difference", key);
    }
    FISC_ASSERT_INT(amount(&report, "total|total|all", "paid"), 28752569120 * 100);
    FISC_ASSERT_INT(amount(&report, "total|total|all", "received"), 28752569120 * 100);
}

static void
test_tells_the_one_asymmetry(void)
{
    g_auto(Indexed) report = ask(fisc_statement_budget_pairs, GROUP, NULL, 3);
    FISC_ASSERT_INT(amount(&report, "STATE|AGENCIES|capital", "difference"), 50000000);
    FISC_ASSERT_INT(amount(&report, "STATE|AGENCIES|current", "difference"), -50000000);
    int column = fisc_table_column(report.table, "difference");
    int differing = 0;
    for (guint i = 0; i < report.table->rows->len; i++) {
        const FiscRow *row = report.table->rows->pdata[i];
        differing += row->cells[column].number != 0 ? 1 : 0;
    }
    FISC_ASSERT_INT(differing, 2);
}

/* ---- what the budget is in GFS terms ---- */

/* Both sides together, as the answers have them. */
static int64_t
both_sides(const Indexed *report, const char *code, const char *column)
{
    g_autofree char *spent = g_strconcat("expenditure|", code, NULL);
    g_autofree char *raised = g_strconcat("revenue|", code, NULL);
    return amount(report, spent, column) + amount(report, raised, column);
}

/* The answers by GFS code were made of articles. The capital formation of Social Security is
 * published without articles, so they leave all of it out: it is in the answers by chapter. */
static int64_t
without_articles(const char *unit, const char *code)
{
    bool is_concerned = (strcmp(unit, "SSF") == 0 || strcmp(unit, GROUP) == 0) &&
                        (strcmp(code, "311.1") == 0 || strcmp(code, "total") == 0);
    g_autoptr(GPtrArray) rows = read_answers("chapter_totals_2018.csv");
    for (guint i = 0; is_concerned && i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        if (strcmp(answer_word(row, "side"), "G") == 0 &&
            strcmp(answer_word(row, "subsector"), "SSF") == 0 &&
            strcmp(answer_word(row, "chapter"), "6") == 0) {
            return answer(row, "amount_eur");
        }
    }
    return 0;
}

static void
compare_gfs(const char *unit, const char *answer_unit, const char *column, const GPtrArray *rows)
{
    g_auto(Indexed) report = ask(fisc_statement_budget_consolidated, unit, "gfs_code", 2);
    int64_t expected = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *code = answer_word(row, "gfsm2014");
        if (strcmp(answer_word(row, "unit"), answer_unit) == 0) {
            const char *class_ = strcmp(code, "not_gfs") == 0 ? "" : code;
            check(both_sides(&report, class_, column) - without_articles(unit, class_),
                  answer(row, "amount_eur"), answer_unit, code);
            expected += answer(row, "amount_eur");
        }
    }
    CU_ASSERT_TRUE(expected > 0);
    /* There is nothing else. */
    FISC_ASSERT_INT(both_sides(&report, "total", column) - without_articles(unit, "total"),
                    expected);
}

static void
test_gfs_view_of_the_budget(void)
{
    static const char *const units[] = {"STATE", "AGENCIES", "OTHER", "SSF"};
    g_autoptr(GPtrArray) rows = read_answers("gfs_budget_2018.csv");
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        compare_gfs(units[i], units[i], "aggregate", rows);
    }
    compare_gfs(GROUP, "CONSOLIDATED", "consolidated", rows);
}

/* ---- the whole way: a version, its steps, a law ---- */

static bool
is_accepted(const FiscReceipt *receipt)
{
    return (receipt->refusals == NULL || receipt->refusals->len == 0) && receipt->refused == 0;
}

static void
step(const char *who, const char *path, const char *word, int expected)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_auto(FiscPlanDone) done = {NULL};
    GError *error = NULL;
    spain.books->ctx.actor = who;
    if (!fisc_flow_plan_step(&spain.books->ctx, path, word, "as the law of budgets asks", &done,
                             &receipt, refusals, &error)) {
        g_error("%s", error->message);
    }
    g_autofree char *refused = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(refused, "");
    CU_ASSERT_TRUE(is_accepted(receipt));
    FISC_ASSERT_INT(done.changed, expected);
}

static void
open_version(void)
{
    const FiscPlanOpening opening = {.version = "2018",
                                     .title = "State budget 2018",
                                     .reason = "the published budget",
                                     .year = YEAR,
                                     .years = 1,
                                     .decimals = 2};
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    spain.books->ctx.actor = "ana";
    if (!fisc_flow_plan_open(&spain.books->ctx, &opening, &receipt, &error)) {
        g_error("%s", error->message);
    }
    CU_ASSERT_TRUE_FATAL(is_accepted(receipt));
}

static FiscPlanImport
import_folder(bool dry_run)
{
    g_autofree char *folder = books_source_path("examples/spain-2018");
    const FiscPlanImportOrder order = {
        .folder = folder, .version = "2018", .reason = "as published", .dry_run = dry_run};
    FiscPlanImport import = {NULL};
    GError *error = NULL;
    if (!fisc_flow_plan_import(&spain.books->ctx, &order, &import, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_INT(import.refusals->len, 0);
    return import;
}

static void
import_twice(void)
{
    g_auto(FiscPlanImport) rehearsal = import_folder(true);
    CU_ASSERT_PTR_NULL(rehearsal.receipt);
    FISC_ASSERT_INT(rehearsal.lines, (int)spain.lines->lines->len);
    g_auto(FiscPlanImport) first = import_folder(false);
    CU_ASSERT_TRUE_FATAL(is_accepted(first.receipt));
    FISC_ASSERT_TEXT(first.done.step, "prepare");
    FISC_ASSERT_INT(first.done.changed, ENTITIES);
    g_auto(FiscPlanImport) again = import_folder(false);
    FISC_ASSERT_INT(again.done.changed, 0);
    FISC_ASSERT_INT(again.done.unchanged, ENTITIES);
}

static void
enact(void)
{
    const FiscEnactOrder order = {.version = "2018",
                                  .law = "L-2018-6",
                                  .title = "Law 6/2018, of 3 July",
                                  .article = "Art. 2",
                                  .reason = "passed"};
    g_autofree char *id = NULL;
    g_autofree char *state = NULL;
    g_autoptr(FiscTable) totals = NULL;
    g_autoptr(FiscReceipt) proposed = NULL;
    g_autoptr(FiscReceipt) approved = NULL;
    GError *error = NULL;
    books_set_period(spain.books, "2018", "open");
    spain.books->ctx.actor = "ana";
    if (!fisc_flow_budget_enact(&spain.books->ctx, &order, false, &id, &totals, &proposed,
                                &error)) {
        g_error("%s", error->message);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(id);
    spain.books->ctx.actor = "luis";
    if (!fisc_flow_document_approve(&spain.books->ctx, id, NULL, &state, &approved, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_TEXT(state, "done");
}

/* Every line of the version, and nothing else, is on the books with its amount. */
static void
compare_with_books(void)
{
    const FiscPlanConsolidation query = {
        .version = "2018", .unit = GROUP, .by = "entity,programme,economic", .enacted = true};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    if (!fisc_flow_plan_consolidated(&spain.books->ctx, &query, &table, &error)) {
        g_error("%s", error->message);
    }
    int enacted = fisc_table_column(table, "enacted");
    int difference = fisc_table_column(table, "difference");
    int differing = 0, empty = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        differing += row->cells[difference].number != 0 ? 1 : 0;
        empty += row->cells[enacted].number == 0 ? 1 : 0;
    }
    FISC_ASSERT_INT(differing, 0);
    FISC_ASSERT_INT(empty, 0);
    FISC_ASSERT_INT(table->rows->len, spain.lines->lines->len + 2); /* each line is a key */
}

/* The budget as every report of the books shows it, against the published totals. */
static void
compare_stages(void)
{
    static const struct {
        bool revenue;
        const char *expected;
    } sides[] = {{false, "expenditure_aggregate"}, {true, "revenue_aggregate"}};
    g_autoptr(GPtrArray) rows = read_answers("consolidated_2018.csv");
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(FiscTable) table =
            books_report(spain.books, &(FiscReportQuery){.name = "budget-stages",
                                                         .period = "2018",
                                                         .unit = GROUP,
                                                         .by = "entity",
                                                         .revenue = sides[i].revenue});
        int column = fisc_table_column(table, "original");
        __int128 sum = 0;
        for (guint k = 0; k < table->rows->len; k++) {
            sum += ((const FiscRow *)table->rows->pdata[k])->cells[column].number;
        }
        for (guint k = 0; k < rows->len; k++) {
            if (strcmp(answer_word(rows->pdata[k], "item"), sides[i].expected) == 0) {
                check((int64_t)sum, answer(rows->pdata[k], "amount_eur"), "original",
                      sides[i].expected);
            }
        }
    }
}

static void
test_becomes_law_line_by_line(void)
{
    open_version();
    import_twice();
    step("luis", "2018", "call", 1);
    step("luis", "2018/lines", "submit", ENTITIES);
    step("ana", "2018", "review", 1);
    step("eva", "2018/lines", "accept", ENTITIES);
    step("luis", "2018", "agree", 1);
    step("ana", "2018", "table", 1);
    enact();
    compare_with_books();
    compare_stages();
    books_expect_whole(spain.books);
}

const FiscTest fisc_spain_tests[] = {
    {"takes each euro once and finds every sum to be that of its parts", test_takes_each_euro_once},
    {"has the chapters of each subsector", test_chapters_of_each_subsector},
    {"consolidates expenditure and revenue", test_consolidated_totals},
    {"pairs what subsectors pay and receive", test_pairs_of_internal_transfers},
    {"tells the one asymmetry and mends nothing", test_tells_the_one_asymmetry},
    {"shows the budget by GFS code, by unit and consolidated", test_gfs_view_of_the_budget},
    {"becomes law line by line", test_becomes_law_line_by_line},
    {NULL, NULL},
};
