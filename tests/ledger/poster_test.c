/* poster_test.c: posting on a real PostgreSQL: retries, races between threads and between
 * processes, what the database itself refuses, and balances that are exact at every moment. */
#include "fisc/poster.h"
#include "fisc/ledger.h"
#include "ledger/engine.h"
#include "ledger/restore.h"
#include "tests/ledger/poster_books.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int fisc_poster_tests_end(void);

#define BOOKS                                                                                      \
    "entity E Ministry\nentity F Agency\ncontrol vote absolute refuse 'entity programme'\n"

static Books
new_books(void)
{
    Books books = {.admin = fisc_test_database_new()};
    books.uri = fisc_test_poster_uri(books.admin);
    open_books(&books);
    return books;
}

static void
end_books(Books *books)
{
    close_books(books);
    g_free(books->admin);
    g_free(books->uri);
}

/* Posts every line of a worksheet on its own; returns the receipt. */
static FiscReceipt *
post_from(const Books *books, const char *source, const char *text)
{
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission(source, text);
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    submission->record_refusals = true;
    fisc_poster_submit_each(books->poster, submission, &receipt, &error);
    die_of(error);
    return receipt;
}

static FiscReceipt *
post(const Books *books, const char *text)
{
    return post_from(books, "test", text);
}

static void
expect_counts(const Books *books, const char *text, int posted, int repeated, int refused)
{
    g_autoptr(FiscReceipt) receipt = post(books, text);
    FISC_ASSERT_INT(receipt->posted, posted);
    FISC_ASSERT_INT(receipt->repeated, repeated);
    FISC_ASSERT_INT(receipt->refused, refused);
}

/* First column of the first row, as text; "" for no row. */
static char *
ask(const Books *books, const char *sql)
{
    PGconn *connection = PQconnectdb(books->admin);
    PGresult *result = PQexec(connection, sql);
    char *answer =
        g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result));
    PQclear(result);
    PQfinish(connection);
    return answer;
}

static void
expect_answer(const Books *books, const char *sql, const char *expected)
{
    g_autofree char *answer = ask(books, sql);
    fisc_assert_text(answer, expected, sql, __FILE__, __LINE__);
}

static int64_t
available(const Books *books, const char *programme)
{
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = programme};
    g_autoptr(GPtrArray) funds = NULL;
    GError *error = NULL;
    fisc_poster_funds(books->poster, "E", 2024, dim, &funds, &error);
    die_of(error);
    return funds->len > 0 ? ((FiscFunds *)funds->pdata[0])->available : INT64_MIN;
}

static const char chain_is_whole[] =
    "select coalesce(bool_and(b.prev_hash = p.hash and b.first_entry = p.first_entry + "
    "p.entry_count"
    " and b.first_item = p.first_item + p.item_count"
    " and b.hash = ledger.batch_hash(b.prev_hash, b.root, b.book_id, b.batch_no, b.first_item,"
    "   b.item_count, b.first_entry, b.entry_count, b.line_count, b.first_coding, b.coding_count, "
    "b.engine, b.posted_at)"
    " and (select count(*) from ledger.entry e where e.batch_no = b.batch_no) = b.entry_count), "
    "true)::text"
    " from ledger.batch b join ledger.batch p on p.batch_no = b.batch_no - 1";

static const char entries_are_dense[] =
    "select (count(*) = coalesce(max(entry_id), 0))::text from ledger.entry";

static void
expect_whole_chain(const Books *books)
{
    expect_answer(books, chain_is_whole, "true");
    expect_answer(books, entries_are_dense, "true");
}

static void
test_posts_once(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\npost A2 E dr 22 6 cr 3308 6\n", 2, 0,
                  0);
    expect_counts(&books, "post A1 E dr 22 5 cr 3308 5\npost A3 E dr 22 7 cr 3308 7\n", 1, 1, 0);
    g_autoptr(FiscReceipt) first = post_from(&books, "other", "post B1 E dr 22 1 cr 3308 1\n");
    g_autoptr(FiscReceipt) again = post_from(&books, "other", "post B1 E dr 22 1 cr 3308 1\n");
    const FiscResult *one = first->results->pdata[0];
    const FiscResult *two = again->results->pdata[0];
    FISC_ASSERT_INT(two->kind, FISC_RESULT_REPEATED);
    FISC_ASSERT_INT(two->entry_id, one->entry_id);
    CU_ASSERT_EQUAL(memcmp(one->hash, two->hash, 32), 0);
    g_autoptr(FiscReceipt) conflict = post_from(&books, "other", "post B1 E dr 22 2 cr 3308 2\n");
    FISC_ASSERT_INT(((FiscResult *)conflict->results->pdata[0])->kind, FISC_RESULT_CONFLICT);
    expect_answer(&books, "select count(*) from ledger.entry", "4");
    expect_whole_chain(&books);
    end_books(&books);
}

/* "1 0 0": entries posted, repeated, refused; "failed". */
static void
expect_receipt(const GPtrArray *receipts, guint at, const char *expected)
{
    const FiscReceipt *receipt = receipts->pdata[at];
    g_autofree char *told = receipt != NULL ? g_strdup_printf("%d %d %d", receipt->posted,
                                                              receipt->repeated, receipt->refused)
                                            : g_strdup("failed");
    FISC_ASSERT_TEXT(told, expected);
}

static void
test_submits_several(void)
{
    static const char *const texts[] = {
        "post A1 E dr 22 5 cr 3308 5\n",
        "post A2 E dr 22 6 cr 3308 6\npost A3 X dr 22 7 cr 3308 7\n", /* nobody knows X */
        "post A1 E dr 22 5 cr 3308 5\n",
        "post A4 E dr 22 8 cr 3308 8\npost A5 E dr 22 9 cr 3308 9\n",
    };
    Books books = new_books();
    g_autoptr(GPtrArray) submissions =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    g_autoptr(GPtrArray) receipts = NULL;
    GError *error = NULL;
    expect_counts(&books, BOOKS, 0, 0, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_ptr_array_add(submissions, fisc_worksheet_submission("test", texts[i]));
    }
    FISC_ASSERT_INT(fisc_poster_submit_all(books.poster, submissions, &receipts, &error), true);
    die_of(error);
    FISC_ASSERT_INT(receipts->len, 4);
    expect_receipt(receipts, 0, "1 0 0");
    expect_receipt(receipts, 1, "0 0 2");
    expect_receipt(receipts, 2, "0 1 0");
    expect_receipt(receipts, 3, "2 0 0");
    expect_answer(&books,
                  "select string_agg(reference, ' ' order by entry_id) from ledger.reference",
                  "A1 A4 A5");
    expect_whole_chain(&books);
    end_books(&books);
}

static void
test_writes_nothing_for_nothing_new(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\n", 1, 0, 0);
    g_autofree char *before = ask(&books, "select max(batch_no) from ledger.batch");
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\n", 0, 1, 0);
    expect_answer(&books, "select max(batch_no) from ledger.batch", before);
    end_books(&books);
}

static void
test_records_refusals(void)
{
    Books books = new_books();
    expect_counts(&books,
                  BOOKS "enact A1 E 10 programme=1\n"
                        "move A2 E available>commitment 25 programme=1\n",
                  1, 0, 1);
    expect_answer(
        &books,
        "select code[1] || ' ' || control[1] || ' ' || key[1] || ' ' || ceiling[1] || ' ' ||"
        " consumed[1] || ' ' || requested[1] from ledger.refusal",
        "BUDGET_EXCEEDED vote entity=E programme=1 year=2024 1000 0 2500");
    expect_counts(&books, "post A3 E dr 22 5 cr 3308 6\n", 0, 0, 1);
    expect_answer(&books, "select count(*) from ledger.refusal", "1");
    expect_whole_chain(&books);
    end_books(&books);
}

static void
test_survives_reopening(void)
{
    Books books = new_books();
    expect_counts(&books,
                  BOOKS "enact A1 E 100 programme=1\n"
                        "move A2 E available>commitment 30 programme=1\n",
                  2, 0, 0);
    GError *error = NULL;
    fisc_poster_checkpoint(books.poster, &error);
    die_of(error);
    expect_counts(&books, "move A3 E available>commitment 20 programme=1\n", 1, 0, 0);
    close_books(&books); /* 30 lie in the checkpoint, 20 in the tail */
    open_books(&books);
    FISC_ASSERT_INT(available(&books, "1"), 5000);
    expect_counts(&books, "move A4 E available>commitment 51 programme=1\n", 0, 0, 1);
    expect_whole_chain(&books);
    end_books(&books);
}

static void
test_tries_without_writing(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "enact A1 E 100 programme=1\n", 1, 0, 0);
    g_autoptr(FiscSubmission) submission =
        fisc_worksheet_submission("test", "move A2 E available>commitment 100 programme=1\n");
    for (int i = 0; i < 2; i++) {
        g_autoptr(FiscReceipt) receipt = NULL;
        GError *error = NULL;
        fisc_poster_try(books.poster, submission, &receipt, &error);
        die_of(error);
        FISC_ASSERT_INT(receipt->posted, 1);
    }
    expect_answer(&books, "select count(*) from ledger.entry", "1");
    FISC_ASSERT_INT(available(&books, "1"), 10000);
    end_books(&books);
}

static void
test_reads_another_writer(void)
{
    Books one = new_books();
    Books two = one;
    expect_counts(&one, BOOKS "enact A1 E 100 programme=1\n", 1, 0, 0);
    open_books(&two);
    expect_counts(&one, "move A2 E available>commitment 60 programme=1\n", 1, 0, 0);
    expect_counts(&two, "move B1 E available>commitment 60 programme=1\n", 0, 0, 1);
    expect_counts(&two, "enact B2 E 50 programme=2\n", 1, 0, 0);
    expect_counts(&one, "move A3 E available>commitment 50 programme=2\n", 1, 0, 0);
    FISC_ASSERT_INT(available(&two, "2"), 0);
    close_books(&two);
    expect_whole_chain(&one);
    end_books(&one);
}

/* R10
 * ---------------------------------------------------------------------------------------------- */

typedef struct {
    const Books *books;
    int number;
    int posted;
} Request;

static gpointer
request_ten(gpointer data)
{
    Request *request = data;
    g_autofree char *text =
        g_strdup_printf("move R%d E available>commitment 10 programme=1\n", request->number);
    g_autoptr(FiscReceipt) receipt = post(request->books, text);
    request->posted = receipt->posted;
    return NULL;
}

/* @count threads ask for 10 each, numbers from @first; returns how many got it. */
static int
request_at_once(const Books *books, int first, int count)
{
    GThread *threads[100];
    Request requests[100];
    int posted = 0;
    for (int i = 0; i < count; i++) {
        requests[i] = (Request){books, first + i, 0};
        threads[i] = g_thread_new("request", request_ten, &requests[i]);
    }
    for (int i = 0; i < count; i++) {
        g_thread_join(threads[i]);
        posted += requests[i].posted;
    }
    return posted;
}

static void
test_hundred_threads(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "enact A1 E 500 programme=1\n", 1, 0, 0);
    FISC_ASSERT_INT(request_at_once(&books, 0, 100), 50);
    FISC_ASSERT_INT(available(&books, "1"), 0);
    expect_answer(&books, "select count(*) from ledger.refusal", "50");
    expect_whole_chain(&books);
    end_books(&books);
}

/* Runs in a process of its own, with its own connections; exits with the number posted. */
static pid_t
fork_requests(const Books *books, int first, int count)
{
    pid_t pid = fork();
    if (pid == 0) {
        Books own = {.admin = books->admin, .uri = books->uri};
        open_books(&own);
        int posted = request_at_once(&own, first, count);
        close_books(&own);
        _exit(posted);
    }
    return pid;
}

static int
exit_status_of(pid_t pid)
{
    int status = 0;
    g_assert(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_two_processes(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "enact A1 E 500 programme=1\n", 1, 0, 0);
    close_books(&books);
    pid_t one = fork_requests(&books, 0, 50);
    pid_t two = fork_requests(&books, 50, 50);
    int posted = exit_status_of(one);
    posted += exit_status_of(two);
    open_books(&books);
    FISC_ASSERT_INT(posted, 50);
    FISC_ASSERT_INT(available(&books, "1"), 0);
    expect_answer(&books, "select count(*) from ledger.reference where reference like 'R%'", "50");
    expect_whole_chain(&books);
    end_books(&books);
}

/* The database on its own
 * ---------------------------------------------------------------------------- */

/* True when the statement fails with this SQLSTATE for this role. */
static void
expect_sqlstate(const char *uri, const char *sql, const char *expected)
{
    PGconn *connection = PQconnectdb(uri);
    PGresult *result = PQexec(connection, sql);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    fisc_assert_text(sqlstate != NULL ? sqlstate : "done", expected, sql, __FILE__, __LINE__);
    PQclear(result);
    PQfinish(connection);
}

static void
test_application_role(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\n", 1, 0, 0);
    g_autofree char *reader = fisc_test_reader_uri(books.admin);
    PGconn *connection = PQconnectdb(books.admin);
    PGresult *tables = PQexec(
        connection, "select c.oid::regclass::text, (select quote_ident(attname) from pg_attribute a"
                    " where a.attrelid = c.oid and attnum = 1) from pg_class c"
                    " where relnamespace in ('ledger'::regnamespace, 'core'::regnamespace)"
                    " and relkind in ('r', 'p')");
    CU_ASSERT_TRUE(PQntuples(tables) > 20);
    for (int i = 0; i < PQntuples(tables); i++) {
        const char *table = PQgetvalue(tables, i, 0);
        const char *column = PQgetvalue(tables, i, 1);
        g_autofree char *statements[] = {
            g_strdup_printf("update %s set %s = %s", table, column, column),
            g_strdup_printf("delete from %s", table), g_strdup_printf("truncate %s", table),
            g_strdup_printf("insert into %s select * from %s", table, table),
            g_strdup_printf("drop table %s", table)};
        for (guint k = 0; k < G_N_ELEMENTS(statements); k++) {
            expect_sqlstate(books.uri, statements[k], "42501");
            expect_sqlstate(reader, statements[k], "42501");
            g_free(statements[k]);
            statements[k] = NULL;
        }
    }
    PQclear(tables);
    PQfinish(connection);
    expect_sqlstate(books.uri, "select ledger.set_period(1, 1, 202406, 'open')", "42501");
    expect_sqlstate(books.uri, "select pg_read_file('/etc/passwd')", "42501");
    end_books(&books);
}

/* What a reader sees of the tables that belong to entities: theirs, as the request says, or
 * nothing. */
static void
test_reader_scope(void)
{
    static const struct {
        const char *entities, *expected;
    } cases[] = {
        {NULL, "0"}, {"", "0"}, {"E", "1"}, {"E F", "2"}, {"*", "2"}, {"F X", "1"},
    };
    static const char *const tables[] = {"entry", "balance", "open_item"};
    Books books = new_books();
    expect_counts(
        &books, BOOKS "post A1 E dr 22 5 cr 3308 5 item=I1\npost A2 F dr 22 5 cr 3308 5 item=I1\n",
        2, 0, 0);
    fisc_poster_checkpoint(books.poster, NULL);
    g_autofree char *reader = fisc_test_reader_uri(books.admin);
    PGconn *connection = PQconnectdb(reader);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *pass =
            cases[i].entities != NULL ? fisc_test_pass(books.admin, cases[i].entities) : NULL;
        g_autofree char *set = g_strdup_printf("set fisc.pass = '%s'", pass != NULL ? pass : "");
        PQclear(PQexec(connection, set));
        for (gsize k = 0; k < G_N_ELEMENTS(tables); k++) {
            g_autofree char *sql =
                g_strdup_printf("select count(distinct entity_id) from ledger.%s", tables[k]);
            PGresult *result = PQexec(connection, sql);
            fisc_assert_text(PQgetvalue(result, 0, 0), cases[i].expected, sql, __FILE__, __LINE__);
            PQclear(result);
        }
    }
    PQfinish(connection);
    end_books(&books);
}

/* Calls the append routine by hand, as a lying client would; @entry is a row of ledger.posting. */
static char *
lying_batch(const char *codings, const char *entry, int items, int lines, const char *link)
{
    return g_strdup_printf(
        "select * from ledger.post_batch(1, (select max(batch_no) + 1 from ledger.batch),"
        " %s, sha256('x'), (select ledger.batch_hash(b.hash, sha256('x'), 1, b.batch_no + 1,"
        " b.first_item + b.item_count, %d, b.first_entry + b.entry_count, %d, %d,"
        " b.first_coding + b.coding_count, cardinality(%s), 1::smallint, '2024-06-15 00:00:00+00')"
        " from ledger.batch b order by batch_no desc limit 1), 1::smallint, 771724800000000, %d, "
        "%d,"
        " %s, '{}', "
        "'{}', %s)",
        link, items, items, lines, codings, items, lines, codings, entry);
}

static void
expect_lie_refused(const Books *books, const char *codings, const char *entry, int items, int lines,
                   const char *sqlstate)
{
    g_autofree char *sql =
        lying_batch(codings, entry, items, lines,
                    "(select hash from ledger.batch order by batch_no desc limit 1)");
    expect_sqlstate(books->uri, sql, sqlstate);
}

#define ROW_WITH(entity, period, coding, amount, reference, items)                                 \
    "array[row(0, " entity ", " period ", '2024-06-15', 1, 2, array[" coding "], array[" amount    \
    "]::bigint[], 1, null, false, null, null, '" reference                                         \
    "', null, null, null, sha256('d'), sha256('h'), " items ")]::ledger.posting[]"
#define ROW(entity, period, coding, amount, reference)                                             \
    ROW_WITH(entity, period, coding, amount, reference, "null, null, null, null")
#define ROW_OF(items) ROW_WITH("1", "202406", "1,2", "5,-5", "L1", items)

static void
test_lying_client(void)
{
    static const char none[] = "'{}'::ledger.new_coding[]";
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\npost A2 F dr 22 5 cr 3308 5\n", 2, 0,
                  0);
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "5,-6", "L1"), 1, 2, "23514");
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "0,0", "L1"), 1, 2, "23514");
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "5,-5", "L1"), 1, 3, "ZC004");
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "5,-5", "L1"), 2, 2, "ZC004");
    expect_lie_refused(&books, none, ROW("1", "209906", "1,2", "5,-5", "L1"), 1, 2, "ZL008");
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "9223372036854775807,1", "L1"), 1, 2,
                       "22003");
    /* Items, foreign amounts and hands have the shape of the lines. */
    static const char *const lying_items[] = {
        ROW_OF("array['X'], null, null, null"),
        ROW_OF("array['X', null], null, null, null"),
        ROW_OF("null, 'USD', null, null"),
        ROW_OF("null, null, array[1, -1]::bigint[], null"),
        ROW_OF("null, 'USD', array[1]::bigint[], null"),
        ROW_OF("null, null, null, array[1, 1]"),
        ROW_OF("array['X', ''], null, null, array[1, 1, 2]"),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lying_items); i++) {
        expect_lie_refused(&books, none, lying_items[i], 1, 2, "23514");
    }
    g_autofree char *unlinked =
        lying_batch(none, ROW("1", "202406", "1,2", "5,-5", "L1"), 1, 2, "sha256('other')");
    expect_sqlstate(books.uri, unlinked, "ZC001");
    expect_answer(&books, "select count(*) from ledger.entry", "2");
    expect_whole_chain(&books);
    /* The same call without a lie goes in: the refusals above are not for another reason. */
    expect_lie_refused(&books, none, ROW("1", "202406", "1,2", "5,-5", "L1"), 1, 2, "done");
    end_books(&books);
}

/* Balances
 * --------------------------------------------------------------------------------------------- */

static const char folds_agree[] =
    "select count(*) from (select coding_id, period, debit, credit from ledger.balance_now"
    " except select coding_id, period, sum(greatest(amount, 0)), sum(greatest(-amount, 0))"
    " from ledger.line group by 1, 2) differences";

static gpointer
post_many(gpointer data)
{
    Books *books = data;
    for (int i = 0; i < 200; i++) {
        g_autofree char *text =
            g_strdup_printf("post M%d E dr 22 %d cr 3308 %d\n", i, i + 1, i + 1);
        g_autoptr(FiscReceipt) receipt = post_from(books, "many", text);
        if (i % 20 == 0) {
            fisc_poster_checkpoint(books->poster, NULL);
        }
    }
    return NULL;
}

static void
test_exact_balances(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\n", 1, 0, 0);
    GThread *thread = g_thread_new("many", post_many, &books);
    for (int i = 0; i < 40; i++) {
        expect_answer(&books, folds_agree, "0");
    }
    g_thread_join(thread);
    expect_answer(&books, folds_agree, "0");
    expect_answer(&books, "select sum(debit) from ledger.balance_now", "2010500");
    end_books(&books);
}

static void
test_plan_of_balances(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS "post A1 E dr 22 5 cr 3308 5\n", 1, 0, 0);
    g_autofree char *plan = ask(&books, "set enable_seqscan = off;"
                                        "explain (format json) select * from ledger.balance_now"
                                        " where book_id = 1 and entity_id = 1");
    CU_ASSERT_PTR_NULL(strstr(plan, "Seq Scan"));
    FISC_ASSERT_CONTAINS(plan, "Index");
    end_books(&books);
}

/* Kills
 * -------------------------------------------------------------------------------------------------
 */

#define KILL_ENTRIES 20000
#define KILLS 4 /* fewer than the batches that so many entries make */

static char *
many_moves(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < KILL_ENTRIES; i++) {
        g_string_append_printf(text, "post K%d E dr 22 1 cr 3308 1\n", i);
    }
    return g_string_free(text, FALSE);
}

static int
newest_batch(const Books *books)
{
    g_autofree char *newest = ask(books, "select max(batch_no) from ledger.batch");
    return atoi(newest);
}

/* Each time a moment after one batch more is on record than at the last. */
static void
test_kill_and_complete(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS, 0, 0, 0);
    close_books(&books);
    g_autofree char *text = many_moves();
    int first = newest_batch(&books);
    for (int round = 0; round < KILLS; round++) {
        pid_t pid = fork();
        if (pid == 0) {
            Books own = {.admin = books.admin, .uri = books.uri};
            open_books(&own);
            fisc_receipt_free(post(&own, text));
            _exit(0);
        }
        while (newest_batch(&books) < first + round) {
        }
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    open_books(&books);
    g_autoptr(FiscReceipt) receipt = post(&books, text);
    FISC_ASSERT_INT(receipt->posted + receipt->repeated, KILL_ENTRIES);
    CU_ASSERT_TRUE(receipt->repeated > 0);
    FISC_ASSERT_INT(receipt->refused, 0);
    expect_answer(&books, "select count(*) from ledger.entry", G_STRINGIFY(KILL_ENTRIES));
    expect_answer(&books, "select sum(debit) from ledger.balance_now", "2000000");
    expect_whole_chain(&books);
    end_books(&books);
}

/* A close racing with posting: what is in the chain before the close is in, what comes after is
 * not. */
static void
test_close_races(void)
{
    Books books = new_books();
    expect_counts(&books, BOOKS, 0, 0, 0);
    GThread *thread = g_thread_new("many", post_many, &books);
    g_usleep(20000);
    Books other = books;
    open_books(&other);
    g_autoptr(FiscReceipt) closing = post_from(&other, "closing", "period 202406 closed\n");
    CU_ASSERT_PTR_NULL(closing->refusals);
    g_thread_join(thread);
    close_books(&other);
    expect_answer(&books,
                  "select count(*) from ledger.entry e where e.period = 202406 and e.batch_no >"
                  " (select since from ledger.period where period = 202406)",
                  "0");
    expect_answer(&books, "select state from ledger.period where period = 202406", "closed");
    expect_whole_chain(&books);
    end_books(&books);
}

int
fisc_poster_tests_end(void)
{
    return fisc_test_cluster_down();
}

const FiscTest fisc_poster_tests[] = {
    {"posts each reference once", test_posts_once},
    {"posts several submissions together, each all or nothing", test_submits_several},
    {"writes no batch when nothing is new", test_writes_nothing_for_nothing_new},
    {"records refusals for funds with their inputs, malformed input not", test_records_refusals},
    {"knows the funds after reopening, from checkpoint and tail", test_survives_reopening},
    {"tries without writing", test_tries_without_writing},
    {"reads what another writer has appended", test_reads_another_writer},
    {"gives 50 of 100 concurrent requests their funds (R10)", test_hundred_threads},
    {"gives 50 of 100 requests of two processes their funds (R10)", test_two_processes},
    {"refuses the application's roles any write of their own, table by table",
     test_application_role},
    {"shows a reader the entities of the request, and nothing without one", test_reader_scope},
    {"refuses a lying client in the database itself", test_lying_client},
    {"shows exact balances while posting and folding go on", test_exact_balances},
    {"reads balances through indexes", test_plan_of_balances},
    {"completes after being killed anywhere, nothing lost, nothing twice", test_kill_and_complete},
    {"lets no entry into a period behind its close", test_close_races},
    {NULL, NULL},
};
