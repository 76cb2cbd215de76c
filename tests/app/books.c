/* books.c: flows that must not fail, and questions to the database. */
#include "tests/app/books.h"
#include "fisc/feeder.h"
#include "fisc/identity.h"
#include "tests/integrations/fixture.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <string.h>

#define CONNECTIONS 4

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

void
books_open(Books *books)
{
    GError *error = NULL;
    fisc_pool_open(books->uri, NULL, CONNECTIONS, &books->pool, &error);
    die_of(error);
    books->ctx = (FiscContext){.pool = books->pool, .book_id = 1, .actor = "tester"};
}

void
books_close(Books *books)
{
    g_clear_pointer(&books->pool, fisc_pool_close);
    books->ctx.pool = NULL;
}

/* Takes the URI of the database's owner. */
static Books *
books_at(char *admin)
{
    Books *books = g_new0(Books, 1);
    books->admin = admin;
    books->uri = fisc_test_poster_uri(books->admin);
    books_open(books);
    return books;
}

Books *
books_new(void)
{
    return books_at(fisc_test_database_new());
}

Books *
books_filled(const char *name, void (*fill)(Books *books, const void *data), const void *data)
{
    static GHashTable *originals; /* name -> URI of a database that nobody opens again */
    if (originals == NULL) {
        originals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    }
    const char *original = g_hash_table_lookup(originals, name);
    if (original == NULL) {
        Books *books = books_new();
        fill(books, data);
        books_close(books);
        fisc_test_database_analyze(books->admin);
        original = books->admin;
        g_hash_table_insert(originals, g_strdup(name), books->admin);
        g_free(books->uri);
        g_free(books);
    }
    return books_at(fisc_test_database_copy(original));
}

static void
fill_from_folder(Books *books, const void *folder)
{
    g_autoptr(FiscLoadReport) report = books_load(books, folder);
    g_autofree char *refusal = books_first_refusal(report->refusals);
    if (*refusal != '\0') {
        g_error("%s: %s", (const char *)folder, refusal); /* perhaps outside any test */
    }
}

Books *
books_loaded(const char *folder)
{
    return books_filled(folder, fill_from_folder, folder);
}

void
books_free(Books *books)
{
    if (books != NULL) {
        books_close(books);
        fisc_test_database_drop(books->admin);
        g_free(books->admin);
        g_free(books->uri);
        g_free(books);
    }
}

/* ---- the flows ---- */

FiscLoadReport *
books_load(Books *books, const char *folder)
{
    FiscLoadReport *report = NULL;
    GError *error = NULL;
    fisc_flow_load(&books->ctx, folder, &report, &error);
    die_of(error);
    return report;
}

void
books_must_load(Books *books, const char *folder)
{
    g_autoptr(FiscLoadReport) report = books_load(books, folder);
    g_autofree char *refusal = books_first_refusal(report->refusals);
    FISC_ASSERT_TEXT(refusal, "");
}

void
books_must_load_entities(Books *books, const char *entities)
{
    char *folder = fixture_folder("entities.csv", entities, NULL);
    books_must_load(books, folder);
    fixture_remove(folder);
}

char *
books_put_feeders(Books *books, const char *text)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *document = NULL;
    GError *error = NULL;
    fisc_flow_feeder_put(&books->ctx, text, strlen(text), "test", &document, &receipt, refusals,
                         &error);
    die_of(error);
    return refusals->len > 0 ? fisc_refusal_to_text(refusals->pdata[0], 2) : NULL;
}

void
books_must_put_feeders(Books *books, const char *text)
{
    g_autofree char *refused = books_put_feeders(books, text);
    FISC_ASSERT_TEXT(refused != NULL ? refused : "", "");
}

void
books_must_map(Books *books, const char *feeder, const char *folder)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscMapAnswer) answer = NULL;
    GError *error = NULL;
    fisc_flow_feeder_map(&books->ctx, feeder, folder, 0, NULL, &answer, refusals, &error);
    die_of(error);
    g_autofree char *refused = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(refused, "");
}

void
books_expect_done(FiscReceipt *receipt, GError *error)
{
    die_of(error);
    g_autofree char *refusal = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(refusal, "");
    fisc_receipt_free(receipt);
}

void
books_must_register(Books *books, const char *person)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_flow_person_add(&books->ctx, person, person, person, &receipt, &error);
    books_expect_done(receipt, error);
}

void
books_must_init_duties(Books *books, BooksOffice office)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books_must_register(books, office.admin);
    books_must_register(books, office.guard);
    fisc_flow_person_init(&books->ctx, office.admin, office.guard, &receipt, &error);
    books_expect_done(receipt, error);
}

void
books_must_give(Books *books, BooksOffice office, const char *person, const char *role,
                const char *entity)
{
    const FiscGrantWords words = {.person = person, .role = role, .entity = entity};
    const char *actor = books->ctx.actor;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = office.admin;
    books_must_register(books, person);
    fisc_flow_grant_propose(&books->ctx, &words, &receipt, &error);
    books_expect_done(receipt, error);
    books->ctx.actor = office.guard;
    fisc_flow_grant_decide(&books->ctx, &words, "active", &receipt, &error);
    books_expect_done(receipt, error);
    books->ctx.actor = actor;
}

void
books_must_enforce(Books *books, BooksOffice office)
{
    const char *const both[] = {office.admin, office.guard};
    bool is_enforced = false;
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        FiscContext own = books->ctx;
        FiscReceipt *receipt = NULL;
        GError *error = NULL;
        own.actor = both[i];
        fisc_flow_enforce(&own, &is_enforced, &receipt, &error);
        books_expect_done(receipt, error);
    }
    CU_ASSERT(is_enforced);
}

FiscReceipt *
books_post(Books *books, const char *text)
{
    FiscReceipt *receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    fisc_flow_post_text(&books->ctx, "text", text, strlen(text), "test", false, false, &receipt,
                        refusals, &error);
    die_of(error);
    g_autofree char *refusal = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(refusal, "");
    return receipt;
}

void
books_must_post(Books *books, const char *text)
{
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    CU_ASSERT(receipt->posted > 0);
    FISC_ASSERT_INT(receipt->repeated + receipt->refused, 0);
}

FiscTable *
books_report(Books *books, const FiscReportQuery *query)
{
    FiscTable *table = NULL;
    GError *error = NULL;
    fisc_flow_report(&books->ctx, query, &table, &error);
    die_of(error);
    return table;
}

char *
books_report_csv(Books *books, const FiscReportQuery *query)
{
    g_autoptr(FiscTable) table = books_report(books, query);
    GString *out = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, out);
    return g_string_free(out, FALSE);
}

void
books_set_period(Books *books, const char *period, const char *state)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    fisc_flow_period_set(&books->ctx, period, state, &receipt, &error);
    die_of(error);
    CU_ASSERT_PTR_NULL(receipt->refusals);
}

/* ---- the database ---- */

/* Caller clears the result. */
static PGresult *
query(const Books *books, const char *sql)
{
    PGconn *connection = PQconnectdb(books->admin);
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        g_error("%s: %s", sql, PQerrorMessage(connection));
    }
    PQfinish(connection);
    return result;
}

char *
books_ask(const Books *books, const char *sql)
{
    PGresult *result = query(books, sql);
    char *answer = g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return answer;
}

GHashTable *
books_ask_amounts(const Books *books, const char *sql)
{
    PGresult *result = query(books, sql);
    GHashTable *amounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < PQntuples(result); i++) {
        int64_t *amount = g_new(int64_t, 1);
        *amount = g_ascii_strtoll(PQgetvalue(result, i, 1), NULL, 10);
        g_hash_table_insert(amounts, g_strdup(PQgetvalue(result, i, 0)), amount);
    }
    PQclear(result);
    return amounts;
}

void
books_expect(const Books *books, const char *sql, const char *expected)
{
    g_autofree char *answer = books_ask(books, sql);
    fisc_assert_text(answer, expected, sql, __FILE__, __LINE__);
}

int64_t
books_batch(const Books *books)
{
    g_autofree char *answer = books_ask(books, "select max(batch_no) from ledger.batch");
    return g_ascii_strtoll(answer, NULL, 10);
}

static const char links_hold[] =
    "select coalesce(bool_and(b.prev_hash = p.hash"
    " and b.first_entry = p.first_entry + p.entry_count"
    " and b.first_item = p.first_item + p.item_count"
    " and b.first_coding = p.first_coding + p.coding_count"
    " and b.hash = ledger.batch_hash(b.prev_hash, b.root, b.book_id, b.batch_no, b.first_item,"
    "   b.item_count, b.first_entry, b.entry_count, b.line_count, b.first_coding, b.coding_count, "
    "b.engine, b.posted_at)"
    " and coalesce(e.entries, 0) = b.entry_count), true)::text"
    " from ledger.batch b join ledger.batch p on p.batch_no = b.batch_no - 1"
    " left join (select batch_no, count(*) as entries from ledger.entry group by batch_no) e"
    " on e.batch_no = b.batch_no";

static const char batches_are_dense[] =
    "select (count(*) = max(batch_no) + 1)::text from ledger.batch";

static const char entries_are_dense[] =
    "select (count(*) = coalesce(max(entry_id), 0))::text from ledger.entry";

static const char references_are_single[] =
    "select count(*) from (select source_id, reference from ledger.entry"
    " group by 1, 2 having count(*) > 1) twice";

static const char references_meet_entries[] =
    "select count(*) from ledger.entry e full join ledger.reference r"
    " on r.entry_id = e.entry_id and r.source_id = e.source_id and r.reference = e.reference"
    " and r.digest = e.digest where e.entry_id is null or r.entry_id is null";

static const char balances_meet_lines[] =
    "select count(*) from (select coding_id, period, sum(greatest(amount, 0)) as debit,"
    "   sum(greatest(-amount, 0)) as credit from ledger.line group by 1, 2) l"
    " full join ledger.balance_now b on b.coding_id = l.coding_id and b.period = l.period"
    " where b.debit is distinct from l.debit or b.credit is distinct from l.credit";

void
books_expect_whole(const Books *books)
{
    books_expect(books, links_hold, "true");
    books_expect(books, batches_are_dense, "true");
    books_expect(books, entries_are_dense, "true");
    books_expect(books, references_are_single, "0");
    books_expect(books, references_meet_entries, "0");
    books_expect(books, balances_meet_lines, "0");
}

/* ---- tables ---- */

const char *
books_text(const FiscRow *row, int column)
{
    return row->cells[column].text != NULL ? row->cells[column].text : "";
}

GHashTable *
books_index(const FiscTable *table, int key_columns)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        GString *key = g_string_new(NULL);
        for (int k = 0; k < key_columns; k++) {
            g_string_append_printf(key, "%s%s", k > 0 ? "|" : "", books_text(row, k));
        }
        if (row->heading) {
            g_string_free(key, TRUE);
        } else {
            CU_ASSERT(g_hash_table_insert(index, g_string_free(key, FALSE), row));
        }
    }
    return index;
}

int64_t
books_amount(const FiscTable *table, GHashTable *index, const char *key, const char *column)
{
    int position = fisc_table_column(table, column);
    CU_ASSERT_FATAL(position >= 0);
    const FiscRow *row = g_hash_table_lookup(index, key);
    return row != NULL ? (int64_t)row->cells[position].number : 0;
}

char *
books_first_refusal(const FiscRefusals *refusals)
{
    if (refusals == NULL || refusals->len == 0) {
        return g_strdup("");
    }
    const FiscRefusal *first = refusals->pdata[0];
    return g_strdup_printf("%s %s:%d:%s", fisc_error_name(first->code),
                           first->file != NULL ? first->file : "", first->line,
                           first->field != NULL ? first->field : "");
}

char *
books_source_path(const char *relative)
{
    return g_build_filename(FISC_SOURCE_DIR, relative, NULL);
}
