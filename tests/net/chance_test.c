/* chance_test.c: answers by a seed (chance.py), many at a time: exactly the bytes, once, or an
 * error. What the peer did with a seed is asked afterwards, and what the bytes are is computed
 * here.
 */
#include "core/base/hash.h"
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <gio/gio.h>
#include <string.h>

extern const FiscTest fisc_chance_tests[];

#define SEEDS 60
#define SEEDS_BRIEF 24
#define SEEDS_LONG 500
#define AT_ONCE 8
#define STALL_S 4
#define TRIES 4

typedef struct {
    int seed;
    int tries;
    FiscFetchReply *reply;
    GError *error;
} Run;

static int
count_seeds(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL ? SEEDS_LONG
                                              : (fisc_test_is_brief() ? SEEDS_BRIEF : SEEDS);
}

static void
fetch_seed(gpointer data, gpointer user_data)
{
    (void)user_data;
    Run *run = data;
    FiscFetchRules rules = fisc_evil_rules();
    rules.stall_s = STALL_S;
    g_autofree char *path = g_strdup_printf("/random/%d", run->seed);
    fisc_evil_get(&rules, path, &run->reply, &run->error);
    run->tries++;
}

/* What chance.py says the body is: SHA-256 of "SEED:0", "SEED:1", ... in hexadecimal. */
static char *
make_body(int seed, gsize size)
{
    GString *body = g_string_new(NULL);
    for (int i = 0; body->len < size; i++) {
        g_autofree char *text = g_strdup_printf("%d:%d", seed, i);
        uint8_t hash[FISC_HASH_SIZE];
        char hex[FISC_HASH_TEXT];
        fisc_hash_data(text, strlen(text), hash);
        g_string_append(body, fisc_hash_format(hash, hex));
    }
    g_string_truncate(body, size);
    return g_string_free(body, FALSE);
}

/* "cut 16384" */
static char *
ask_plan(int seed, gsize *out_size)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *path = g_strdup_printf("/plan/%d", seed);
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_evil_get(&rules, path, &reply, &error));
    char *plan = fisc_evil_body(reply);
    char *space = strchr(plan, ' ');
    CU_ASSERT_PTR_NOT_NULL_FATAL(space);
    *space = '\0';
    *out_size = (gsize)g_ascii_strtoull(space + 1, NULL, 10);
    return plan;
}

static void
judge(Run *run)
{
    gsize size = 0;
    g_autofree char *plan = ask_plan(run->seed, &size);
    bool is_whole = strcmp(plan, "whole") == 0;
    /* A machine that is busy can look like a peer that stalls: an outage is asked again. */
    while (is_whole && run->tries < TRIES &&
           g_error_matches(run->error, FISC_ERROR, FISC_ERROR_PEER_UNAVAILABLE)) {
        g_clear_error(&run->error);
        fetch_seed(run, NULL);
    }
    g_autofree char *actual = g_strdup_printf("seed %d, %s: %s", run->seed, plan,
                                              run->reply != NULL ? "taken" : "not taken");
    g_autofree char *wanted =
        g_strdup_printf("seed %d, %s: %s", run->seed, plan, is_whole ? "taken" : "not taken");
    FISC_ASSERT_TEXT(actual, wanted);
    CU_ASSERT_EQUAL(run->reply == NULL, run->error != NULL);
    if (run->reply != NULL) {
        g_autofree char *expected = make_body(run->seed, size);
        g_autofree char *body = fisc_evil_body(run->reply);
        FISC_ASSERT_INT(run->reply->bytes, size);
        CU_ASSERT_STRING_EQUAL(body, expected);
    }
}

static void
test_takes_exactly_what_is_whole(void)
{
    int count = count_seeds();
    g_autofree Run *runs = g_new0(Run, (gsize)count);
    GThreadPool *pool = g_thread_pool_new(fetch_seed, NULL, AT_ONCE, TRUE, NULL);
    for (int i = 0; i < count; i++) {
        runs[i].seed = i + 1;
        g_thread_pool_push(pool, &runs[i], NULL);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
    int taken = 0;
    for (int i = 0; i < count; i++) {
        judge(&runs[i]);
        taken += runs[i].reply != NULL;
        g_autofree char *path = g_strdup_printf("/random/%d", runs[i].seed);
        FISC_ASSERT_INT(fisc_evil_count_seen(path), runs[i].tries);
        fisc_fetch_reply_free(runs[i].reply);
        g_clear_error(&runs[i].error);
    }
    /* The control: the seeds hold both kinds. */
    CU_ASSERT_TRUE(taken > count / 5 && taken < count * 4 / 5);
}

const FiscTest fisc_chance_tests[] = {
    {"takes by chance exactly the answers that are whole, each once, many at a time",
     test_takes_exactly_what_is_whole},
    {NULL, NULL},
};
