/* books.c: see books.h. Nothing here knows more of fisc than any importer does. */
#include "bench/books.h"
#include <inttypes.h>

#define BOOK_ID 1
#define SUBMISSION_VOUCHERS (4 * FISC_BATCH_ENTRIES_MAX) /* of an importer */

/* ---- opening ---- */

static bool
submit_master(FiscPoster *poster, const FiscSubmission *submission, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_poster_submit_each(poster, submission, &receipt, error)) {
        return false;
    }
    bool is_good = receipt->refusals == NULL && receipt->refused == 0;
    const FiscRefusals *refusals = receipt->refusals;
    for (guint i = 0; refusals == NULL && i < receipt->results->len; i++) {
        refusals = ((const FiscResult *)receipt->results->pdata[i])->refusals;
    }
    g_autofree char *reason =
        is_good ? NULL : fisc_refusal_to_text(g_ptr_array_index(refusals, 0), 2);
    return is_good ||
           fisc_fail(error, FISC_ERROR_FAILED, "the nation of the bench was refused: %s", reason);
}

bool
fisc_bench_books_open(FiscBenchDatabase *database, const FiscBenchNation *nation,
                      FiscBenchBooks **out_books, GError **error)
{
    g_autoptr(FiscBenchBooks) books = g_new0(FiscBenchBooks, 1);
    g_autoptr(FiscSubmission) master = fisc_bench_nation_master(nation);
    g_autoptr(FiscSubmission) budget = fisc_bench_nation_budget(nation);
    books->database = database;
    books->nation = nation;
    if (!fisc_poster_open(database->pool, BOOK_ID, &books->poster, error) ||
        !submit_master(books->poster, master, error) ||
        !submit_master(books->poster, budget, error) ||
        !fisc_poster_checkpoint(books->poster, error)) {
        return false;
    }
    *out_books = g_steal_pointer(&books);
    return true;
}

void
fisc_bench_books_close(FiscBenchBooks *books)
{
    if (books != NULL) {
        fisc_poster_close(books->poster);
        g_free(books);
    }
}

/* ---- posting ---- */

static bool
post_one(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_posted,
         GError **error)
{
    (void)state;
    const FiscBenchBooks *books = shared;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_BENCH_SOURCE, FISC_BENCH_ACTOR);
    submission->record_refusals = true;
    fisc_bench_voucher_entry(books->nation, voucher, submission);
    fisc_submission_salt(submission);
    if (!fisc_poster_submit(books->poster, submission, &receipt, error)) {
        return false;
    }
    *out_is_posted = receipt->posted == 1;
    return true;
}

FiscBenchPosting
fisc_bench_books_posting(const FiscBenchBooks *books)
{
    return (FiscBenchPosting){books->nation, (void *)books, NULL, post_one, NULL};
}

/* Drawing, building and digesting are inside the measure, as they are for any importer. */
static bool
import_some(const FiscBenchBooks *books, int count, FiscBenchRandom *random, FiscBenchRun *run,
            GError **error)
{
    g_autofree FiscBenchVoucher *vouchers = g_new(FiscBenchVoucher, count);
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_BENCH_SOURCE, FISC_BENCH_ACTOR);
    submission->record_refusals = true;
    for (int i = 0; i < count; i++) {
        fisc_bench_voucher_draw(books->nation, random, &vouchers[i]);
        fisc_bench_voucher_entry(books->nation, &vouchers[i], submission);
    }
    fisc_submission_salt(submission);
    if (!fisc_poster_submit_each(books->poster, submission, &receipt, error)) {
        return false;
    }
    run->posted += receipt->posted;
    run->refused += receipt->refused;
    return true;
}

bool
fisc_bench_books_import(const FiscBenchBooks *books, int seconds, FiscBenchRandom *random,
                        FiscBenchRun *out_run, GError **error)
{
    int64_t begun_at_us = g_get_monotonic_time();
    int64_t until_us = begun_at_us + (int64_t)seconds * G_USEC_PER_SEC;
    int64_t now_us = begun_at_us;
    do {
        if (!import_some(books, SUBMISSION_VOUCHERS, random, out_run, error)) {
            return false;
        }
        now_us = g_get_monotonic_time();
    } while (now_us < until_us);
    out_run->seconds += (double)(now_us - begun_at_us) / G_USEC_PER_SEC;
    return true;
}

bool
fisc_bench_books_import_count(const FiscBenchBooks *books, int64_t vouchers,
                              FiscBenchRandom *random, FiscBenchRun *out_run, GError **error)
{
    for (int64_t done = 0; done < vouchers; done += SUBMISSION_VOUCHERS) {
        int count = (int)MIN(vouchers - done, SUBMISSION_VOUCHERS);
        if (!import_some(books, count, random, out_run, error)) {
            return false;
        }
    }
    return true;
}

/* ---- afterwards ---- */

bool
fisc_bench_books_check(FiscBenchDatabase *database, int64_t posted, int64_t refused, GError **error)
{
    g_autofree char *posted_text = g_strdup_printf("%" PRId64, posted + FISC_BENCH_BUDGETS);
    g_autofree char *refused_text = g_strdup_printf("%" PRId64, refused);
    const FiscBenchInvariant invariants[] = {
        {"every batch follows the one before",
         "select coalesce(bool_and(b.prev_hash = p.hash"
         "   and b.first_entry = p.first_entry + p.entry_count"
         "   and b.first_item = p.first_item + p.item_count"
         "   and b.first_coding = p.first_coding + p.coding_count), false)"
         " and count(*) = (select max(batch_no) from ledger.batch)"
         " from ledger.batch b join ledger.batch p"
         "   on p.book_id = b.book_id and p.batch_no = b.batch_no - 1",
         NULL},
        {"the entries are those acknowledged", "select count(*) from ledger.entry", posted_text},
        {"the entries are numbered without a gap",
         "select count(*) = max(entry_id) from ledger.entry", NULL},
        {"the refusals are those acknowledged", "select count(*) from ledger.refusal",
         refused_text},
        {"every entry has its reference",
         "select not exists (select from ledger.entry e full join ledger.reference r"
         "   on r.entry_id = e.entry_id and r.reference = e.reference and r.digest = e.digest"
         "   where e.entry_id is null or r.entry_id is null)",
         NULL},
        {"the balances are the sums of the lines",
         "select not exists (select from (select coding_id, period,"
         "   sum(greatest(amount, 0)) as debit, sum(greatest(-amount, 0)) as credit"
         "   from ledger.line group by 1, 2) l"
         " full join ledger.balance_now b using (coding_id, period)"
         " where l.debit is distinct from b.debit or l.credit is distinct from b.credit)",
         NULL},
        {"debits equal credits", "select sum(debit) = sum(credit) from ledger.balance_now", NULL},
        {"no budget line is overdrawn",
         "select not exists (select from ledger.balance_now b"
         "   join ledger.coding c using (book_id, coding_id)"
         "   join ledger.account a on a.book_id = c.book_id and a.account_id = c.account_id"
         " where a.code = 'B20' group by c.entity_id, c.programme, c.economic"
         " having sum(b.debit) > sum(b.credit))",
         NULL},
    };
    return fisc_bench_database_check(database, invariants, G_N_ELEMENTS(invariants), error);
}
