/* commit_test.c: the line to PostgreSQL cut at every byte of the exchange that carries a batch, in
 * both directions. Whatever byte it was: the answer is definite and the entry is there once. How
 * long the slowest answer took is printed; it is definite because the bound was not reached. */
#include "fisc/poster.h"
#include "tests/fault/invariants.h"
#include "tests/fault/proxy.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>

#define SHORT_STEP 23 /* bytes between two cuts of the way to the server, in the short form */
#define NEAR 12       /* bytes at both ends that the short form does not skip */
#define MEASURES 5
#define RESOLVE_SECONDS_LOW "1"
#define RESOLVE_SECONDS_MAX 30 /* without that; see ledger/poster_batch.c */

extern const FiscTest fisc_commit_tests[];

typedef struct {
    char *admin_uri, *uri;
    FaultProxy *proxy;
    FiscPool *pool;
    FiscPoster *poster;
    int number; /* of the next entry */
    double slowest_seconds;
} Bench;

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
bench_open(Bench *bench)
{
    *bench = (Bench){.admin_uri = fisc_test_database_new()};
    bench->uri = fisc_test_poster_uri(bench->admin_uri);
    bench->proxy = fault_proxy_new(bench->uri);
    GError *error = NULL;
    fisc_pool_open(fault_proxy_uri(bench->proxy), NULL, 3, &bench->pool, &error);
    die_of(error);
    fisc_poster_open(bench->pool, 1, &bench->poster, &error);
    die_of(error);
    g_autoptr(FiscSubmission) books = fault_books("absolute", 1000);
    g_autoptr(FiscReceipt) receipt = NULL;
    fisc_poster_submit(bench->poster, books, &receipt, &error);
    die_of(error);
}

static void
bench_close(Bench *bench)
{
    fisc_poster_close(bench->poster);
    fisc_pool_close(bench->pool);
    fault_proxy_free(bench->proxy);
    g_free(bench->admin_uri);
    g_free(bench->uri);
}

/* Posts one entry; the receipt, or NULL with the failure. */
static FiscReceipt *
post(Bench *bench, int number, GError **error)
{
    g_autofree char *reference = g_strdup_printf("C%06d", number);
    g_autoptr(FiscSubmission) submission = fault_entry_in(202406, reference);
    FiscReceipt *receipt = NULL;
    gint64 begin = g_get_monotonic_time();
    fisc_poster_submit(bench->poster, submission, &receipt, error);
    double seconds = (double)(g_get_monotonic_time() - begin) / 1e6;
    bench->slowest_seconds = MAX(bench->slowest_seconds, seconds);
    return receipt;
}

static void
post_quietly(Bench *bench)
{
    GError *error = NULL;
    fisc_receipt_free(post(bench, bench->number++, &error));
    die_of(error);
}

static int64_t
count_entries(const Bench *bench)
{
    g_autofree char *count = fault_query(bench->admin_uri, "select count(*) from ledger.entry"
                                                           " where reference like 'C%'");
    return g_ascii_strtoll(count, NULL, 10);
}

/* One cut. The line is warm before: the exchange is the batch and its answer, nothing else. */
static void
cut_at(Bench *bench, FaultDirection direction, int64_t byte)
{
    post_quietly(bench);
    g_autoptr(GError) error = NULL;
    fault_proxy_arm(bench->proxy, direction, byte);
    g_autoptr(FiscReceipt) receipt = post(bench, bench->number, &error);
    if (receipt == NULL) {
        g_autofree char *what = g_strdup_printf(
            "the cut %s byte %" G_GINT64_FORMAT,
            direction == PROXY_TO_SERVER ? "to the server after" : "to the client after", byte);
        fisc_assert_text(error->message, "definite", what, __FILE__, __LINE__);
    } else {
        FISC_ASSERT_INT(receipt->posted, 1);
    }
    bench->number++;
}

/* Bytes of one exchange, on a warm line: the least of a few, for a checkpoint may pass, too. */
static void
measure(Bench *bench, int64_t out_bytes[2])
{
    out_bytes[PROXY_TO_SERVER] = out_bytes[PROXY_TO_CLIENT] = G_MAXINT64;
    post_quietly(bench);
    for (int i = 0; i < MEASURES; i++) {
        fault_proxy_arm(bench->proxy, PROXY_TO_SERVER, -1);
        post_quietly(bench);
        for (int direction = 0; direction < 2; direction++) {
            int64_t passed = fault_proxy_passed(bench->proxy, (FaultDirection)direction);
            out_bytes[direction] = MIN(out_bytes[direction], passed);
        }
    }
}

static bool
is_chosen(int64_t byte, int64_t bytes)
{
    return g_getenv("FISC_TEST_LONG") != NULL || byte < NEAR || byte >= bytes - NEAR ||
           byte % SHORT_STEP == 0;
}

static void
test_cut_at_every_byte(void)
{
    Bench bench;
    int64_t bytes[2];
    int cuts = 0;
    int happened = 0;
    bench_open(&bench);
    measure(&bench, bytes);
    CU_ASSERT_TRUE(bytes[PROXY_TO_SERVER] > 300 && bytes[PROXY_TO_CLIENT] > 20);
    for (int direction = 0; direction < 2; direction++) {
        for (int64_t byte = 0; byte <= bytes[direction]; byte++) {
            if (is_chosen(byte, bytes[direction])) {
                cut_at(&bench, (FaultDirection)direction, byte);
                happened += fault_proxy_has_cut(bench.proxy) ? 1 : 0;
                cuts++;
            }
        }
    }
    FISC_ASSERT_INT(count_entries(&bench), bench.number);
    g_autofree char *complaints = fault_check_books(bench.admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    printf("\n    %d cuts (%d happened) in %" G_GINT64_FORMAT
           " bytes to the server and %" G_GINT64_FORMAT " back; the slowest answer took %.2f s\n  ",
           cuts, happened, bytes[0], bytes[1], bench.slowest_seconds);
    CU_ASSERT_TRUE(happened >= cuts - 4); /* an exchange may be a byte or two shorter */
    bench_close(&bench);
}

/* The line is cut and stays away: the answer is "unknown", in time; afterwards asking again tells,
 * and writes at most once. */
static void
test_unknown_is_said_in_time(void)
{
    Bench bench;
    int64_t bytes[2];
    g_setenv("FISC_RESOLVE_SECONDS", RESOLVE_SECONDS_LOW, TRUE);
    bench_open(&bench);
    measure(&bench, bytes);
    int64_t places[] = {bytes[PROXY_TO_SERVER] / 2, bytes[PROXY_TO_SERVER]};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GError) error = NULL;
        post_quietly(&bench);
        fault_proxy_arm(bench.proxy, PROXY_TO_SERVER, places[i]);
        fault_proxy_shut_at_cut(bench.proxy);
        g_autoptr(FiscReceipt) lost = post(&bench, bench.number, &error);
        CU_ASSERT_PTR_NULL(lost);
        FISC_ASSERT_TEXT(error != NULL ? fisc_error_name((FiscError)error->code) : "no error",
                         "OUTCOME_UNKNOWN");
        g_autoptr(GError) away = NULL;
        g_autoptr(FiscReceipt) nothing = post(&bench, 900000 + (int)i, &away);
        FISC_ASSERT_TEXT(away != NULL ? fisc_error_name((FiscError)away->code) : "no error",
                         "UNAVAILABLE");
        fault_proxy_shut(bench.proxy, false);
        g_autoptr(GError) late = NULL;
        g_autoptr(FiscReceipt) receipt = post(&bench, bench.number, &late);
        CU_ASSERT_PTR_NOT_NULL_FATAL(receipt);
        FISC_ASSERT_INT(receipt->posted + receipt->repeated, 1);
        bench.number++;
        FISC_ASSERT_INT(count_entries(&bench), bench.number);
    }
    CU_ASSERT_TRUE(bench.slowest_seconds < RESOLVE_SECONDS_MAX);
    g_unsetenv("FISC_RESOLVE_SECONDS");
    bench_close(&bench);
}

const FiscTest fisc_commit_tests[] = {
    {"posts once and says so, whatever byte of the commit the line is cut at",
     test_cut_at_every_byte},
    {"says that an outcome is unknown, in time, and tells it later", test_unknown_is_said_in_time},
    {NULL, NULL},
};
