/* analysis_test.c: the views for analysts: what they say is what the reports say, every column is
 * explained, and a reader sees the rows of his own entities only. */
#include "fisc/money.h"
#include "tests/app/books.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <string.h>

extern const FiscTest fisc_analysis_tests[];
int fisc_analysis_tear_down(void);

/* One set for all tests. */
static Books *books;

/* So that no view is empty: who could not leak, would pass. */
static const char more[] = "{\"event\":{\"kind\":\"history\",\"subject\":\"LGN/"
                           "2025-01-01\",\"fields\":{\"entity\":\"LGN\","
                           "\"from\":\"2025-01-01\",\"sector\":\"S1312\"}}}\n"
                           "{\"event\":{\"kind\":\"history\",\"subject\":\"RDF/"
                           "2025-01-01\",\"fields\":{\"entity\":\"RDF\","
                           "\"from\":\"2025-01-01\",\"name\":\"Road Agency\"}}}\n"
                           "{\"event\":{\"kind\":\"membership\",\"subject\":\"LG/LGN/"
                           "2020-01-01\",\"fields\":{\"group\":\"LG\","
                           "\"entity\":\"LGN\",\"from\":\"2020-01-01\",\"to\":\"2024-12-31\"}}}\n";

static void
propose(const char *id, const char *entity)
{
    static const char content[] =
        "{\"event\":{\"kind\":\"note\",\"subject\":\"n\",\"fields\":{\"unit\":\"GG\","
        "\"statement\":\"*\",\"text\":\"x\"}}}\n";
    FiscDocumentDraft draft = {.id = id, .action = "rules", .entity = entity, .reason = "a test"};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *out_id = NULL;
    GError *error = NULL;
    if (!fisc_flow_document_propose_text(&books->ctx, &draft, "text", content, strlen(content),
                                         "test", &out_id, &receipt, refusals, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_TEXT(out_id, id);
}

/* By the first test that asks, since only a test may assert. */
static void
fill(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    if (books != NULL) {
        return;
    }
    books = books_loaded(folder);
    g_autoptr(FiscReceipt) receipt = books_post(books, more);
    FISC_ASSERT_INT(receipt->events, 4); /* and the source */
    propose("D-LGN", "LGN");
    propose("D-RDF", "RDF");
    propose("D-ALL", "*");
}

int
fisc_analysis_tear_down(void)
{
    g_clear_pointer(&books, books_free);
    return 0;
}

/* What a reader who may see @entities, NULL: all, gets as the first cell. Caller frees. */
static char *
ask_as_reader(const char *entities, const char *sql)
{
    g_autofree char *uri = fisc_test_reader_uri(books->admin);
    g_autofree char *pass = fisc_test_pass(books->admin, entities != NULL ? entities : "*");
    PGconn *connection = PQconnectdb(uri);
    g_autofree char *set = g_strdup_printf("set fisc.pass = '%s'", pass);
    PQclear(PQexec(connection, set));
    PGresult *result = PQexec(connection, sql);
    char *answer = PQresultStatus(result) != PGRES_TUPLES_OK ? g_strdup(PQerrorMessage(connection))
                   : PQntuples(result) > 0                   ? g_strdup(PQgetvalue(result, 0, 0))
                                                             : g_strdup("");
    PQclear(result);
    PQfinish(connection);
    return answer;
}

static void
expect_as_reader(const char *entities, const char *sql, const char *expected)
{
    g_autofree char *answer = ask_as_reader(entities, sql);
    FISC_ASSERT_TEXT(answer, expected);
}

/* The views of the schema: those with a column "entity", or those without. */
static char **
list_views(bool with_entity)
{
    g_autofree char *sql = g_strdup_printf(
        "select string_agg(c.relname, ' ' order by c.relname) from pg_class c"
        " where c.relnamespace = 'analysis'::regnamespace and c.relkind = 'v' and %s exists"
        " (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'entity')",
        with_entity ? "" : "not");
    g_autofree char *names = books_ask(books, sql);
    return g_strsplit(names, " ", -1);
}

static void
test_every_column_is_explained(void)
{
    fill();
    books_expect(books,
                 "select coalesce(string_agg(format('%I.%I', c.relname, a.attname), ' '), '')"
                 "  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
                 " where c.relnamespace = 'analysis'::regnamespace and c.relkind = 'v'"
                 "   and col_description(c.oid, a.attnum) is null",
                 "");
    books_expect(books,
                 "select coalesce(string_agg(c.relname, ' '), '') from pg_class c"
                 " where c.relnamespace = 'analysis'::regnamespace and c.relkind = 'v'"
                 "   and (obj_description(c.oid) is null"
                 "        or not coalesce('security_invoker=true' = any (c.reloptions), false))",
                 "");
}

/* Only the chart and the periods are of no entity. */
static void
test_a_reader_sees_own_rows_only(void)
{
    fill();
    g_auto(GStrv) others = list_views(false);
    g_autofree char *without = g_strjoinv(" ", others);
    FISC_ASSERT_TEXT(without, "account period");
    g_auto(GStrv) views = list_views(true);
    FISC_ASSERT_INT(g_strv_length(views) >= 10, 1);
    for (int i = 0; views[i] != NULL; i++) {
        g_autofree char *seen =
            g_strdup_printf("select coalesce(string_agg(distinct entity, ' '), '') || "
                            "case when count(*) > 0 then '' else ' nothing' end from analysis.%s",
                            views[i]);
        g_autofree char *counted = g_strdup_printf(
            "select '%s ' || count(*) from analysis.%s where entity = 'LGN'", views[i], views[i]);
        g_autofree char *all = ask_as_reader(NULL, counted);
        bool has_budget = strcmp(views[i], "budget_position") != 0; /* Arda's is the centre's */
        expect_as_reader("LGN", seen, has_budget ? "LGN" : " nothing");
        expect_as_reader("LGN", counted, all);
        expect_as_reader("", seen, " nothing");
    }
    expect_as_reader("BCG", "select string_agg(distinct entity, ' ') from analysis.budget_position",
                     "BCG");
}

static void
test_documents_of_the_whole_book(void)
{
    fill();
    static const char list[] =
        "select coalesce(string_agg(document, ' ' order by document), '') from analysis.document";
    expect_as_reader(NULL, list, "D-ALL D-LGN D-RDF");
    expect_as_reader("LGN", list, "D-LGN");
    expect_as_reader("", list, "");
}

static void
test_memberships_have_dates(void)
{
    fill();
    expect_as_reader(
        NULL,
        "select string_agg(concat_ws(' ', \"group\", entity, valid_from, valid_to), "
        "', ' order by \"group\", entity) from analysis.entity_group",
        "CG BCG, CG RDF, GG BCG, GG LGN, GG LGS, GG RDF, LG LGN 2020-01-01 2024-12-31, "
        "LG LGS");
}

/* A report's amount as text. */
static char *
reported(const FiscReportQuery *query, int keys, const char *key, const char *column)
{
    g_autoptr(FiscTable) table = books_report(books, query);
    g_autoptr(GHashTable) index = books_index(table, keys);
    char amount[FISC_AMOUNT_TEXT];
    return g_strdup(fisc_amount_format(books_amount(table, index, key, column), 2, amount));
}

static void
test_flows_are_those_of_the_statements(void)
{
    fill();
    static const struct {
        const char *key, *code;
    } cases[] = {
        {"SOO|BCG|1", "1%"},
        {"SOO|BCG|2", "2%"},
        {"SOO|BCG|31.1", "31%.1"},
        {"SOO|BCG|33", "33%"},
    };
    FiscReportQuery query = {
        .name = "gfs", .unit = "BCG", .period = "2024", .unconsolidated = true};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sql =
            g_strdup_printf("select sum(amount) from analysis.gfs_flow where entity = 'BCG'"
                            " and year = 2024 and gfs_posted like '%s'",
                            cases[i].code);
        g_autofree char *expected = reported(&query, 3, cases[i].key, "amount");
        expect_as_reader("BCG", sql, expected);
    }
}

static void
test_balances_are_those_of_the_trial_balance(void)
{
    fill();
    FiscReportQuery query = {.name = "trial-balance", .unit = "BCG", .period = "2024"};
    g_autofree char *cash = reported(&query, 2, "BCG|6202", "balance");
    expect_as_reader(
        "BCG",
        "select sum(amount) from analysis.balance where account = '6202' and year <= 2024"
        "   and flow = 'opening'",
        cash);
    expect_as_reader("BCG", "select sum(debit) - sum(credit) from analysis.line", "0.00");
    expect_as_reader(
        "BCG",
        "select count(*) from (select account, sum(amount) from analysis.line group by 1"
        " except select account, sum(amount) from analysis.balance group by 1) odd",
        "0");
}

static void
test_budget_is_that_of_the_stages(void)
{
    fill();
    FiscReportQuery query = {
        .name = "budget-stages", .unit = "BCG", .period = "2024", .by = "entity"};
    static const char *const columns[] = {"original",  "change",    "final", "authorized",
                                          "committed", "obligated", "paid",  "available"};
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_autofree char *expected = reported(&query, 1, "BCG", columns[i]);
        g_autofree char *sql = g_strdup_printf(
            "select sum(%s) from analysis.budget_position where year = 2024", columns[i]);
        expect_as_reader("BCG", sql, expected);
    }
}

/* Two lists of the same thing: one in C, one in SQL. */
static void
test_currencies_have_their_decimals(void)
{
    fill();
    g_autoptr(GString) expected = g_string_new(NULL);
    for (int i = 0; i < 26 * 26 * 26; i++) {
        char code[4] = {(char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26), 0};
        int decimals = fisc_currency_decimals(code);
        if (decimals >= 0 && decimals != 2) {
            g_string_append_printf(expected, "%s%d ", code, decimals);
        }
    }
    expect_as_reader(NULL,
                     "select string_agg(code || analysis.decimals(code) || ' ', '' order by code)"
                     "  from (select chr(65 + i / 676) || chr(65 + i / 26 % 26) || chr(65 + i % 26)"
                     "               collate \"C\" as code from generate_series(0, 17575) i) c"
                     " where analysis.decimals(code) <> 2",
                     expected->str);
    expect_as_reader(NULL,
                     "select concat_ws(' ', analysis.amount(-5, 0), analysis.amount(1234, 2),"
                     " analysis.amount(1234, 3), analysis.amount(1234, 4))",
                     "-5 12.34 1.234 0.1234");
}

/* What docs/analysis.md shows: each question has an answer. */
static void
test_the_examples_of_the_page_run(void)
{
    fill();
    g_autofree char *path = books_source_path("docs/analysis.md");
    g_autofree char *page = NULL;
    g_file_get_contents(path, &page, NULL, NULL);
    g_auto(GStrv) blocks = g_strsplit(page != NULL ? page : "", "```sql\n", -1);
    int asked = 0;
    for (int i = 1; blocks[0] != NULL && blocks[i] != NULL; i++) {
        char *end = strstr(blocks[i], ";\n```");
        if (!g_str_has_prefix(blocks[i], "-- ") || end == NULL) {
            continue; /* how a role is made */
        }
        *end = '\0';
        g_autofree char *sql = g_strdup_printf("select count(*) > 0 from (%s\n) q", blocks[i]);
        expect_as_reader(NULL, sql, "t");
        asked++;
    }
    FISC_ASSERT_INT(asked, 5);
}

const FiscTest fisc_analysis_tests[] = {
    {"every view and column is explained, and reads as its reader", test_every_column_is_explained},
    {"a reader sees the rows of own entities, in every view", test_a_reader_sees_own_rows_only},
    {"documents of the whole book are for who sees all of it", test_documents_of_the_whole_book},
    {"memberships have their dates", test_memberships_have_dates},
    {"flows are those of the statements", test_flows_are_those_of_the_statements},
    {"balances are those of the trial balance and of the lines",
     test_balances_are_those_of_the_trial_balance},
    {"budget lines stand where the stages say", test_budget_is_that_of_the_stages},
    {"every currency has its decimals, and amounts are exact", test_currencies_have_their_decimals},
    {"the examples of docs/analysis.md have answers", test_the_examples_of_the_page_run},
    {NULL, NULL},
};
