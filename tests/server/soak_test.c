/* soak_test.c: a server under everything at once stays as it is: its memory, its descriptors, its
 * threads, its processes of PostgreSQL; and what it acknowledged is on record once.
 *
 * FISC_TEST_LONG=1 goes on for twenty minutes, FISC_SOAK_SECONDS=N for as long as that. The short
 * form asserts the same but for the trend of memory, which a few seconds say nothing about. */
#include "app/flows/signin.h"
#include "tests/app/school.h"
#include "tests/server/soak_load.h"
#include "tests/server/soak_sample.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>

#define LONG_SECONDS 1200
#define TREND_SECONDS_LEAST 600 /* a trend over less than this says nothing */
#define SAMPLE_MS 5000
#define SHORT_SAMPLES 10
#define SHORT_SAMPLE_MS 400
#define LOOK_MS 100
#define ROWS_MAX 48
#define PATIENCE_S 120 /* a bound for what never comes */

/* What is flat. A trend is taken over the last two thirds. What the server's heap holds tells of a
 * leak: a byte lost with each request would be 480 kB an hour. What the system gave it goes up in
 * steps, whenever some coincidence of large requests finds no room between what is there; left
 * alone, the allocator made 12,095 of it. */
#define USED_KB_AN_HOUR 2048
#define RESIDENT_KB_AN_HOUR 8192
#define BACKEND_KB_AN_HOUR 4096 /* of each process of PostgreSQL behind it */
/* Of the lanes, and of jobs; each is made when it is needed. */
#define WORKERS_MAX (8 + 64 + 2 + 4 + 2)
#define BACKENDS_MAX (8 + 8 + 2) /* two pools, and what follows the chain */

#define PERSON "ana"
#define PASSWORD "blue horses run slowly"

extern const FiscTest fisc_soak_tests[];

typedef struct {
    Books *books;
    Node *node;
    SoakDoor door;
    SoakLoad *load;
    GArray *samples; /* of SoakSample */
    SoakSample idle; /* before the load */
} Soak;

/* 0: the short form. */
static int
seconds_of_soak(void)
{
    const char *wanted = g_getenv("FISC_SOAK_SECONDS");
    return wanted != NULL ? atoi(wanted) : g_getenv("FISC_TEST_LONG") != NULL ? LONG_SECONDS : 0;
}

/* Connections that were cut off are closed as soon as the server sees it. */
static void
sample_silence(const Soak *soak, SoakSample *out_last)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * (int64_t)G_USEC_PER_SEC;
    do {
        g_usleep(LOOK_MS * 1000);
        *out_last = (SoakSample){0};
        soak_sample(soak->node, soak->door.reader, soak->books, out_last);
    } while (out_last->client_connections > 0 && g_get_monotonic_time() < until);
}

/* Opening ------------------------------------------------------------------------------------- */

static char *
make_token(const FiscContext *ctx, const char *name, const char *uses)
{
    char token[FISC_SECRET_TEXT] = "";
    FiscContext own = *ctx;
    FiscTokenWords words = {.person = PERSON, .name = name, .uses = uses};
    g_autoptr(GError) error = NULL;
    own.actor = PERSON;
    if (!fisc_flow_token_make(&own, &words, token, &error)) {
        g_error("%s", error->message);
    }
    return g_strdup_printf("Authorization: Bearer %s\r\n", token);
}

static void
set_password(const FiscContext *ctx)
{
    FiscContext own = *ctx;
    FiscHasher *hasher = fisc_hasher_new();
    g_autoptr(GError) error = NULL;
    own.actor = PERSON;
    if (!fisc_flow_password_set(&own, hasher, PERSON, NULL, PASSWORD, &error)) {
        g_error("%s", error->message);
    }
    fisc_hasher_free(hasher);
}

static void
open_soak(Soak *soak)
{
    soak->books = school_books();
    soak->samples = g_array_new(FALSE, FALSE, sizeof(SoakSample));
    soak->door = (SoakDoor){.writer = make_token(&soak->books->ctx, "soak", "admin"),
                            .reader = make_token(&soak->books->ctx, "soak-reader", "read"),
                            .person = PERSON,
                            .password = PASSWORD};
    set_password(&soak->books->ctx);
    books_close(soak->books); /* who is connected from here on is the server */
    g_autofree char *none = books_ask(
        soak->books, "insert into access.quota (person, requests_hour, rows_hour, alarm_rows)"
                     " values ('" PERSON "', 2000000000, 2000000000, 2000000000) returning ''");
    soak->node = node_start("--db", soak->books->admin, NULL);
    soak->door.port = soak->node->port;
    CU_ASSERT(node_batch(soak->node) > 0);
    sample_silence(soak, &soak->idle);
}

static void
close_soak(Soak *soak)
{
    soak_load_free(soak->load);
    node_free(soak->node);
    g_array_unref(soak->samples);
    g_free(soak->door.writer);
    g_free(soak->door.reader);
    books_free(soak->books);
}

/* Watching ------------------------------------------------------------------------------------ */

static void
watch_for(Soak *soak, int64_t begin, int milliseconds)
{
    SoakSample sample = {0};
    int64_t until = g_get_monotonic_time() + milliseconds * (int64_t)1000;
    while (g_get_monotonic_time() < until) {
        soak_look(soak->node, soak->door.reader, &sample);
        g_usleep(MIN(LOOK_MS, milliseconds) * 1000);
    }
    soak_sample(soak->node, soak->door.reader, soak->books, &sample);
    sample.seconds = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
    sample.requests = soak_load_requests(soak->load);
    g_array_append_val(soak->samples, sample);
}

static void
watch(Soak *soak, int seconds)
{
    int64_t begin = g_get_monotonic_time();
    int64_t until = begin + seconds * (int64_t)G_USEC_PER_SEC;
    soak->load = soak_load_start(&soak->door);
    for (int i = 0; seconds == 0 && i < SHORT_SAMPLES; i++) {
        watch_for(soak, begin, SHORT_SAMPLE_MS);
    }
    while (g_get_monotonic_time() < until) {
        watch_for(soak, begin, SAMPLE_MS);
    }
    soak_load_stop(soak->load);
}

/* Judging ------------------------------------------------------------------------------------- */

static double
resident_of(const SoakSample *sample)
{
    return (double)sample->resident_kb;
}

static double
used_of(const SoakSample *sample)
{
    return (double)sample->used_kb;
}

/* Of one on average: there are more of them whenever there is more to do at once than before. */
static double
backend_memory_of(const SoakSample *sample)
{
    return (double)sample->backends_kb / MAX(sample->backends, 1);
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* Between the counts of one sample a connection comes or goes; of most it is exact. */
static int
usual_own_descriptors(const GArray *samples)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < samples->len; i++) {
        int own = soak_own_descriptors(&g_array_index(samples, SoakSample, i));
        g_array_append_val(numbers, own);
    }
    g_array_sort(numbers, compare_numbers);
    return g_array_index(numbers, int, numbers->len / 2);
}

static void
check_bounds(const Soak *soak, const SoakSample *last)
{
    for (guint i = 0; i < soak->samples->len; i++) {
        const SoakSample *at = &g_array_index(soak->samples, SoakSample, i);
        CU_ASSERT(at->threads <= soak->idle.threads + WORKERS_MAX);
        CU_ASSERT(at->backends <= BACKENDS_MAX);
    }
    FISC_ASSERT_INT(usual_own_descriptors(soak->samples), soak_own_descriptors(&soak->idle));
    FISC_ASSERT_INT(last->client_connections, 0);
    FISC_ASSERT_INT(soak_own_descriptors(last), soak_own_descriptors(&soak->idle));
    FISC_ASSERT_INT(last->lines, last->backends);
}

static void
check_trends(const Soak *soak, int seconds)
{
    guint warm = soak->samples->len / 3;
    double resident = soak_trend(soak->samples, warm, resident_of);
    double used = soak_trend(soak->samples, warm, used_of);
    double backend = soak_trend(soak->samples, warm, backend_memory_of);
    const SoakSample *first = &g_array_index(soak->samples, SoakSample, warm);
    const SoakSample *end = &g_array_index(soak->samples, SoakSample, soak->samples->len - 1);
    printf("heap used %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " kB, %+.0f kB an hour; "
           "resident %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " kB, %+.0f kB an hour; threads %d "
           "to %d; backends %d to %d, each of %.0f to %.0f kB, %+.0f kB an hour\n",
           first->used_kb, end->used_kb, used, first->resident_kb, end->resident_kb, resident,
           first->threads, end->threads, first->backends, end->backends, backend_memory_of(first),
           backend_memory_of(end), backend);
    if (seconds >= TREND_SECONDS_LEAST) {
        CU_ASSERT(end->used_kb > 0);
        CU_ASSERT(used <= USED_KB_AN_HOUR);
        CU_ASSERT(resident <= RESIDENT_KB_AN_HOUR);
        CU_ASSERT(backend <= BACKEND_KB_AN_HOUR);
    }
}

static void
check_known(const SoakKnown *known, gpointer data)
{
    const int64_t *entry = g_hash_table_lookup(data, known->reference);
    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    FISC_ASSERT_INT(*entry, known->entry);
}

/* The whole of what clients posted was acknowledged in the end, so there is nothing else. */
static guint
check_record(const Soak *soak)
{
    g_autoptr(GHashTable) entries = books_ask_amounts(
        soak->books,
        "select reference, entry_id from ledger.reference where reference like 'SCH/M%'");
    guint known = soak_load_known(soak->load, check_known, entries);
    FISC_ASSERT_INT(g_hash_table_size(entries), known);
    books_expect_whole(soak->books);
    return known;
}

/* `fisc verify`, as an auditor would. */
static void
check_verify(const Soak *soak)
{
    const char *argv[] = {FISC_PROGRAM, "--db", soak->books->admin, "verify", NULL};
    g_autofree char *said = NULL, *complained = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    CU_ASSERT(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said,
                           &complained, &status, &error));
    FISC_ASSERT_TEXT(g_spawn_check_wait_status(status, NULL) ? "" : said, "");
    FISC_ASSERT_TEXT(complained, "");
}

/* The test ------------------------------------------------------------------------------------ */

static void
test_stays_flat(void)
{
    Soak soak = {0};
    SoakSample last = {0};
    int seconds = seconds_of_soak();
    open_soak(&soak);
    watch(&soak, seconds);
    sample_silence(&soak, &last);
    g_autofree char *troubles = soak_load_troubles(soak.load);
    g_autofree char *words = soak_load_words(soak.load);
    FISC_ASSERT_TEXT(troubles, "");
    soak_print(soak.samples, ROWS_MAX);
    check_bounds(&soak, &last);
    if (seconds > 0) {
        check_trends(&soak, seconds);
    }
    FISC_ASSERT_INT(node_end(soak.node), 0);
    guint known = check_record(&soak);
    check_verify(&soak);
    printf("%.0f s, %d requests: %s; %u entries acknowledged, each on record once; descriptors %d "
           "idle, %d in the end with %d backends more\n",
           g_array_index(soak.samples, SoakSample, soak.samples->len - 1).seconds,
           soak_load_requests(soak.load), words, known, soak.idle.descriptors, last.descriptors,
           last.backends - soak.idle.backends);
    close_soak(&soak);
}

const FiscTest fisc_soak_tests[] = {
    {"a server under everything at once holds what it held, and no more", test_stays_flat},
    {NULL, NULL},
};
