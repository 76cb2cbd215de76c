/* sealed_book.c: see sealed_book.h. */
#include "tests/ledger/sealed_book.h"
#include "ledger/merkle.h"
#include "ledger/verify_rows.h"
#include "tests/support/database.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define LINES_MAX 6

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
ignore_notice(void *data, const char *message)
{
    (void)data;
    (void)message;
}

/* Asking ----------------------------------------------------------------------------------- */

static PGresult *
execute(const SealedBook *book, const char *sql)
{
    PGresult *result = PQexec(book->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        g_error("%s\n%s", sql, PQresultErrorMessage(result));
    }
    return result;
}

char *
sealed_book_ask(const SealedBook *book, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    PGresult *result = execute(book, sql);
    char *answer = g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return answer;
}

int64_t
sealed_book_number(const SealedBook *book, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *answer = sealed_book_ask(book, "%s", sql);
    return g_ascii_strtoll(answer, NULL, 10);
}

int
sealed_book_run(const SealedBook *book, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    PGresult *result = execute(book, sql);
    int changed = (int)g_ascii_strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return changed;
}

/* Posting ---------------------------------------------------------------------------------- */

static void
post_on(FiscPoster *poster, const char *text, FiscDate effective)
{
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("test", text);
    for (guint i = 0; i < submission->entries->len; i++) {
        FiscEntry *entry = submission->entries->pdata[i];
        entry->effective = effective;
        fisc_entry_digest(entry);
    }
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    submission->record_refusals = true;
    fisc_poster_submit_each(poster, submission, &receipt, &error);
    die_of(error);
}

static void
post_worksheet(FiscPoster *poster, const char *text)
{
    post_on(poster, text, fisc_date_make(2024, 6, 15));
}

static void
add_money_lines(FiscSubmission *submission, FiscEntry *entry, GRand *random)
{
    static const char *const accounts[] = {"22", "3308", "3202", "28"};
    int pairs = g_rand_int_range(random, 1, LINES_MAX / 2 + 1);
    int64_t amount = 0;
    for (int i = 0; i < 2 * pairs; i++) {
        amount = i % 2 == 0 ? g_rand_int_range(random, 1, 100000) : -amount;
        FiscLine line = {.account = accounts[g_rand_int_range(random, 0, 4)], .amount = amount};
        g_autofree char *project = g_strdup_printf("P%d", g_rand_int_range(random, 0, 5));
        line.dim[FISC_DIM_PROJECT] = fisc_submission_text(submission, project);
        *fisc_entry_line(entry) = line;
    }
}

static void
add_commitment(FiscSubmission *submission, FiscEntry *entry, GRand *random)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    g_autofree char *programme = g_strdup_printf("%d", g_rand_int_range(random, 1, 4));
    dim[FISC_DIM_PROGRAMME] = fisc_submission_text(submission, programme);
    fisc_entry_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT,
                    g_rand_int_range(random, 1, 40000), dim, 0);
}

/* Orders, some in dollars: opened and added to, invoiced, or cancelled in part. Few names, so that
 * they meet; what takes too much is refused. */
static void
add_order(FiscSubmission *submission, FiscEntry *entry, GRand *random)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    int number = g_rand_int_range(random, 1, 7);
    int step = g_rand_int_range(random, 0, 5);
    bool is_invoice = step == 3;
    int64_t amount = g_rand_int_range(random, 2, 8000) * (step == 4 ? -1 : 1);
    g_autofree char *item = g_strdup_printf("PO-%d", number);
    dim[FISC_DIM_PROGRAMME] = number < 4 ? "1" : "2";
    fisc_entry_move(entry, FISC_STAGE_AVAILABLE,
                    is_invoice ? FISC_STAGE_OBLIGATION : FISC_STAGE_COMMITMENT, amount, dim, 0);
    FiscLine *line = &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
    *(is_invoice ? &line->relieves : &line->item) = fisc_submission_text(submission, item);
    if (number % 2 == 0) {
        line->currency = "USD";
        line->foreign = line->amount / 2;
    }
}

static void
add_words(FiscSubmission *submission, FiscEntry *entry, GRand *random, int number)
{
    g_autofree char *text = g_strdup_printf("%d", number);
    if (g_rand_boolean(random)) {
        entry->memo = fisc_submission_text(submission, text);
    }
    if (g_rand_boolean(random)) {
        entry->document = fisc_submission_text(submission, text);
    }
    if (g_rand_int_range(random, 0, 4) == 0) {
        entry->transfer = fisc_submission_text(submission, text);
    }
}

static void
add_entry(FiscSubmission *submission, GRand *random, const char *prefix, int number)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    g_autofree char *reference = g_strdup_printf("%s/%d", prefix, number);
    g_autofree char *earlier =
        g_strdup_printf("%s/%d", prefix, g_rand_int_range(random, 1, number + 1));
    entry->reference = fisc_submission_text(submission, reference);
    entry->entity = g_rand_boolean(random) ? "E" : "F";
    entry->effective = fisc_date_make(2024, g_rand_int_range(random, 1, 13), 15);
    add_words(submission, entry, random, number);
    if (number > 1 && strcmp(earlier, reference) != 0 && g_rand_int_range(random, 0, 5) == 0) {
        entry->corrects = fisc_submission_text(submission, earlier);
    }
    int kind = g_rand_int_range(random, 0, 6);
    if (kind <= 1) {
        add_commitment(submission, entry, random);
    } else if (kind == 2) {
        add_order(submission, entry, random);
    } else {
        add_money_lines(submission, entry, random);
    }
}

static int
post_random(FiscPoster *poster, GRand *random, const char *prefix, int number)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("random", "clerk");
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    int count = g_rand_int_range(random, 1, 12);
    for (int i = 0; i < count; i++) {
        add_entry(submission, random, prefix, ++number);
    }
    for (guint i = 0; i < submission->entries->len; i++) {
        fisc_entry_digest(submission->entries->pdata[i]);
    }
    fisc_submission_salt(submission);
    submission->record_refusals = true;
    if (g_rand_int_range(random, 0, 4) == 0) {
        fisc_poster_submit(poster, submission, &receipt, &error); /* all or nothing */
    } else {
        fisc_poster_submit_each(poster, submission, &receipt, &error);
    }
    die_of(error);
    return number;
}

void
sealed_book_post(SealedBook *book, GRand *random, int batches, const char *prefix)
{
    FiscPoster *poster = NULL;
    GError *error = NULL;
    int number = 0;
    fisc_poster_open(book->pool, 1, &poster, &error);
    die_of(error);
    for (int i = 0; i < batches; i++) {
        number = post_random(poster, random, prefix, number);
        if (i == batches / 2) {
            fisc_poster_checkpoint(poster, &error);
            die_of(error);
        }
    }
    fisc_poster_close(poster);
}

/* Books ------------------------------------------------------------------------------------ */

static void
open_book(SealedBook *book)
{
    GError *error = NULL;
    book->connection = PQconnectdb(book->admin);
    g_assert(PQstatus(book->connection) == CONNECTION_OK);
    PQsetNoticeProcessor(book->connection, ignore_notice, NULL);
    fisc_pool_open(book->uri, NULL, 2, &book->pool, &error);
    die_of(error);
}

static void
close_book(SealedBook *book)
{
    g_clear_pointer(&book->connection, PQfinish);
    g_clear_pointer(&book->pool, fisc_pool_close);
}

SealedBook *
sealed_book_new(GRand *random, int batches)
{
    SealedBook *book = g_new0(SealedBook, 1);
    FiscPoster *poster = NULL;
    GError *error = NULL;
    book->admin = fisc_test_database_new();
    book->uri = fisc_test_poster_uri(book->admin);
    open_book(book);
    fisc_poster_open(book->pool, 1, &poster, &error);
    die_of(error);
    post_worksheet(poster, "entity E Ministry\nentity F Agency\n"
                           "control vote absolute refuse 'entity programme'\n"
                           "enact B1 E 1000 programme=1\nenact B2 F 900 programme=2\n"
                           "enact B3 E 500 programme=2\n");
    fisc_poster_close(poster);
    sealed_book_post(book, random, batches / 2, "first");
    fisc_poster_open(book->pool, 1, &poster, &error);
    die_of(error);
    post_worksheet(poster, "period 202402 closed\n"
                           "post R1 E dr 22 7 cr 3308 7\nenact B4 change E -100 programme=1\n"
                           "move O1 F available>commitment 9 programme=2 item=ORDER currency=USD "
                           "foreign=7\n"
                           "move O2 F available>obligation 4 programme=2 item=BILL relieves=ORDER "
                           "currency=USD foreign=3\n");
    post_on(poster, "post R2 E dr 22 7 cr 3308 7\n", fisc_date_make(2024, 2, 15)); /* closed */
    fisc_poster_close(poster);
    sealed_book_post(book, random, batches - batches / 2, "second");
    return book;
}

static void
drop_checks(const SealedBook *book)
{
    sealed_book_run(
        book, "do $$ declare c record; begin"
              " for c in select conrelid::regclass as of_table, conname from pg_constraint"
              "   where contype = 'c' and connamespace = 'ledger'::regnamespace"
              "     and conislocal and conrelid <> 0 loop"
              "   execute format('alter table %%s drop constraint %%I', c.of_table, c.conname);"
              " end loop; end $$");
}

/* @uri with another database: the name is the last word of the path or of dbname. */
static char *
uri_of_copy(const SealedBook *book, const char *uri, const char *name)
{
    g_autofree char *current = g_strdup(PQdb(book->connection));
    g_auto(GStrv) parts = g_strsplit(uri, current, 2);
    g_assert(g_strv_length(parts) == 2);
    return g_strconcat(parts[0], name, parts[1], NULL);
}

static void
run_elsewhere(const char *maintenance, const char *sql)
{
    SealedBook server = {.connection = PQconnectdb(maintenance)};
    g_assert(PQstatus(server.connection) == CONNECTION_OK);
    PQsetNoticeProcessor(server.connection, ignore_notice, NULL);
    sealed_book_run(&server, "%s", sql);
    PQfinish(server.connection);
}

SealedBook *
sealed_book_copy(SealedBook *book)
{
    static int copies;
    SealedBook *copy = g_new0(SealedBook, 1);
    g_autofree char *original = g_strdup(PQdb(book->connection));
    g_autofree char *name = g_strdup_printf("%s_copy_%d", original, ++copies);
    copy->admin = uri_of_copy(book, book->admin, name);
    copy->uri = uri_of_copy(book, book->uri, name);
    copy->maintenance = uri_of_copy(book, book->admin, "postgres");
    close_book(book); /* a template must have no visitors */
    g_autofree char *sql =
        g_strdup_printf("create database %s template %s strategy file_copy", name, original);
    run_elsewhere(copy->maintenance, sql);
    open_book(book);
    open_book(copy);
    drop_checks(copy);
    return copy;
}

void
sealed_book_free(SealedBook *book)
{
    if (book != NULL) {
        g_autofree char *name = g_strdup(PQdb(book->connection));
        close_book(book);
        if (book->maintenance != NULL) {
            g_autofree char *sql = g_strdup_printf("drop database %s with (force)", name);
            run_elsewhere(book->maintenance, sql);
        }
        g_free(book->maintenance);
        g_free(book->admin);
        g_free(book->uri);
        g_free(book);
    }
}

/* Sealing again ---------------------------------------------------------------------------- */

static void
append_hex(GString *text, const uint8_t hash[32])
{
    char buffer[FISC_HASH_TEXT];
    g_string_append_printf(text, "'\\x%s'", fisc_hash_format(hash, buffer));
}

void
sealed_book_store_hash(const SealedBook *book, const char *table, const char *key, int64_t number,
                       const char *column, const uint8_t hash[32])
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_hex(text, hash);
    sealed_book_run(book,
                    "update ledger.%s set %s = %s where book_id = 1 and %s = %" G_GINT64_FORMAT,
                    table, column, text->str, key, number);
}

/* Computes every hash of a batch again, from its rows, and stores them. */
static void
seal_batch(const SealedBook *book, FiscTx *tx, FiscLogBatch *batch, const uint8_t before[32])
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    g_autoptr(FiscLogChunk) chunk = fisc_log_chunk_new();
    FiscLogPlace from = {batch->first_item, batch->first_entry, batch->first_coding};
    FiscLogPlace until = {batch->first_item + batch->item_count,
                          batch->first_entry + batch->entry_count,
                          batch->first_coding + batch->coding_count};
    g_assert(fisc_log_read_chunk(tx, 1, &from, &until, hash, chunk, NULL));
    gsize count = (gsize)(batch->coding_count + batch->item_count);
    g_autofree FiscMerkleHash *leaves = g_new0(FiscMerkleHash, count + 1);
    GPtrArray *lists[] = {chunk->entries, chunk->events, chunk->refusals};
    static const char *const names[] = {"entry", "event", "refusal"};
    for (guint i = 0; i < chunk->codings->len; i++) {
        const FiscLogCoding *coding = chunk->codings->pdata[i];
        memcpy(leaves[coding->coding_id - batch->first_coding], coding->computed, 32);
    }
    for (gsize k = 0; k < G_N_ELEMENTS(lists); k++) {
        for (guint i = 0; i < lists[k]->len; i++) {
            const FiscLogItem *item = lists[k]->pdata[i];
            memcpy(leaves[batch->coding_count + item->item_id - batch->first_item], item->computed,
                   32);
            sealed_book_store_hash(book, names[k], "item_id", item->item_id, "hash",
                                   item->computed);
        }
    }
    fisc_merkle_root((const uint8_t(*)[32])leaves, count, batch->root);
    memcpy(batch->prev_hash, before, 32);
    fisc_log_hash_batch(hash, 1, batch, batch->hash);
    sealed_book_store_hash(book, "batch", "batch_no", batch->batch_no, "prev_hash",
                           batch->prev_hash);
    sealed_book_store_hash(book, "batch", "batch_no", batch->batch_no, "root", batch->root);
    sealed_book_store_hash(book, "batch", "batch_no", batch->batch_no, "hash", batch->hash);
}

void
sealed_book_seal(const SealedBook *book, int64_t batch_no)
{
    g_autoptr(GArray) batches = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    FiscTx *tx = NULL;
    g_assert(fisc_tx_begin(book->pool, FISC_TX_AUTO, &tx, NULL));
    g_assert(fisc_log_read_batches(tx, 1, batch_no - 1, 10000, batches, NULL));
    for (guint i = 1; i < batches->len; i++) {
        const FiscLogBatch *before = &g_array_index(batches, FiscLogBatch, i - 1);
        seal_batch(book, tx, &g_array_index(batches, FiscLogBatch, i), before->hash);
    }
    g_assert(fisc_tx_commit(tx, NULL));
}

/* Verifying -------------------------------------------------------------------------------- */

FiscVerifyReport *
sealed_book_verify(const SealedBook *book, const FiscVerifyOptions *options)
{
    FiscVerifyReport *report = NULL;
    GError *error = NULL;
    fisc_verify(book->pool, 1, options, &report, &error);
    die_of(error);
    return report;
}
