/* pair_test.c: two servers on one database behind a balancer, and one of them killed again and
 * again. What was acknowledged is there once; what was not has no other answer than "ask again with
 * the same key", and asking again gives it. */
#include "app/flows/signin.h"
#include "tests/app/school.h"
#include "tests/server/balancer.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 4
#define SHORT_REQUESTS 30 /* of each client, at least */
#define SHORT_KILLS 3
#define LONG_SECONDS 600
#define PATIENCE_S 120 /* a bound for what never comes */
#define SEED 20261122u

extern const FiscTest fisc_pair_tests[];

/* One request of a client, and what it was told. */
typedef struct {
    char *reference;
    int64_t entry; /* of its acknowledgement */
} Known;

typedef struct {
    Node *nodes[2];
    Balancer *balancer;
    char *headers; /* of who posts */
    int kills;
    gint done;    /* requests that have their answer */
    gint is_over; /* the last kill has been */
    gint unknown; /* answers that said to ask again, and answers that never came */
} Pair;

typedef struct {
    Pair *pair;
    int number;
    int requests;
    GArray *known; /* of Known */
    char *trouble; /* an answer that must not be; NULL */
} Client;

/* Asking ----------------------------------------------------------------------------------------
 */

/* A fine: no budget runs out, however long it goes on. */
static char *
body_of(const char *reference)
{
    return g_strdup_printf(
        "{\"entity\":\"SCH\",\"journal_id\":\"%s\",\"date\":\"2024-03-05\",\"lines\":["
        "{\"gfs_code\":\"3208\",\"debit\":\"0.01\",\"counterparty_entity\":\"CORP\"},"
        "{\"gfs_code\":\"143\",\"credit\":\"0.01\",\"counterparty_entity\":\"CORP\"}]}",
        reference);
}

static int64_t
entry_of(const ServingAnswer *answer)
{
    const json_t *results = json_object_get(answer->json, "results");
    return json_integer_value(json_object_get(json_array_get(results, 0), "entry"));
}

/* 201 or 200: on record. 409 IN_FLIGHT and 503: ask again. Anything else is definite, too, but not
 * what these requests deserve. */
static bool
ask_once(Pair *pair, int port, const char *reference, int64_t *out_entry, char **out_trouble)
{
    g_autofree char *body = body_of(reference);
    g_autofree char *headers = g_strdup_printf(
        "%sContent-Type: application/json\r\nIdempotency-Key: %s\r\n", pair->headers, reference);
    g_auto(ServingAnswer) answer = {0};
    if (!node_ask(port, "POST", "/v1/entries", headers, body, &answer)) {
        g_atomic_int_inc(&pair->unknown);
        return false;
    }
    if (answer.status == 200 || answer.status == 201) {
        *out_entry = entry_of(&answer);
        return true;
    }
    if (answer.status == 503 || answer.status == 409) {
        g_atomic_int_inc(&pair->unknown);
        return false;
    }
    *out_trouble = g_strdup_printf("%s: %d %s", reference, answer.status, answer.body);
    return false;
}

static bool
ask(Client *client, const char *reference, int64_t *out_entry)
{
    Pair *pair = client->pair;
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < until && client->trouble == NULL) {
        if (ask_once(pair, balancer_port(pair->balancer), reference, out_entry, &client->trouble)) {
            return true;
        }
        g_usleep(5000);
    }
    if (client->trouble == NULL) {
        client->trouble = g_strdup_printf("%s: no answer", reference);
    }
    return false;
}

static gpointer
work(gpointer data)
{
    Client *client = data;
    for (int i = 0; i < client->requests || !g_atomic_int_get(&client->pair->is_over); i++) {
        g_autofree char *reference = g_strdup_printf("P%d-%d", client->number, i);
        Known known = {0};
        if (!ask(client, reference, &known.entry)) {
            break;
        }
        known.reference = g_steal_pointer(&reference);
        g_array_append_val(client->known, known);
        g_atomic_int_inc(&client->pair->done);
    }
    return NULL;
}

/* Killing ---------------------------------------------------------------------------------------
 */

static void
kill_one(Pair *pair, GRand *random)
{
    int before = g_atomic_int_get(&pair->done);
    int wanted = g_rand_int_range(random, 3, 15);
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (g_atomic_int_get(&pair->done) < before + wanted && g_get_monotonic_time() < until) {
        g_usleep(1000);
    }
    Node *victim = pair->nodes[g_rand_int_range(random, 0, 2)];
    node_kill(victim);
    node_restart(victim);
    pair->kills++;
}

static void
kill_on(Pair *pair)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    bool is_long = g_getenv("FISC_TEST_LONG") != NULL;
    int64_t until = g_get_monotonic_time() + LONG_SECONDS * G_USEC_PER_SEC;
    for (int i = 0; is_long ? g_get_monotonic_time() < until : i < SHORT_KILLS; i++) {
        kill_one(pair, random);
    }
    g_atomic_int_set(&pair->is_over, 1);
}

/* The test --------------------------------------------------------------------------------------
 */

static char *
sign_in(Books *books, const char *person)
{
    char token[FISC_SECRET_TEXT] = "";
    FiscContext own = books->ctx;
    FiscTokenWords words = {.person = person, .name = "pair", .uses = "admin"};
    g_autoptr(GError) error = NULL;
    own.actor = person;
    if (!fisc_flow_token_make(&own, &words, token, &error)) {
        g_error("%s", error->message);
    }
    return g_strdup_printf("Authorization: Bearer %s\r\n", token);
}

/* The same request, asked of the other server as well: the answer of then. */
static void
check_answers(Pair *pair, const Client *client)
{
    for (guint i = 0; i < client->known->len; i += MAX(client->known->len / 3, 1)) {
        const Known *known = &g_array_index(client->known, Known, i);
        for (int node = 0; node < 2; node++) {
            g_autofree char *trouble = NULL;
            int64_t entry = 0;
            CU_ASSERT(ask_once(pair, pair->nodes[node]->port, known->reference, &entry, &trouble));
            FISC_ASSERT_INT(entry, known->entry);
        }
    }
}

static void
check_record(GHashTable *entries, const Client *client)
{
    for (guint i = 0; i < client->known->len; i++) {
        const Known *known = &g_array_index(client->known, Known, i);
        g_autofree char *reference = g_strconcat("SCH/", known->reference, NULL);
        const int64_t *entry = g_hash_table_lookup(entries, reference);
        CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
        FISC_ASSERT_INT(*entry, known->entry);
    }
}

static void
free_clients(Client *clients)
{
    for (int i = 0; i < CLIENTS; i++) {
        for (guint k = 0; k < clients[i].known->len; k++) {
            g_free(g_array_index(clients[i].known, Known, k).reference);
        }
        g_array_unref(clients[i].known);
        g_free(clients[i].trouble);
    }
}

static void
test_loses_nothing_when_one_is_killed(void)
{
    g_autoptr(Books) books = school_books();
    Pair pair = {.headers = sign_in(books, "ana")};
    Client clients[CLIENTS];
    GThread *threads[CLIENTS];
    pair.nodes[0] = node_start("--db", books->admin, NULL);
    pair.nodes[1] = node_start("--db", books->admin, NULL);
    pair.balancer = balancer_new(pair.nodes, 2);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (Client){.pair = &pair,
                              .number = i,
                              .requests = SHORT_REQUESTS,
                              .known = g_array_new(FALSE, FALSE, sizeof(Known))};
        threads[i] = g_thread_new("client", work, &clients[i]);
    }
    kill_on(&pair);
    for (int i = 0; i < CLIENTS; i++) {
        g_thread_join(threads[i]);
    }
    guint known = 0;
    g_autoptr(GHashTable) entries = books_ask_amounts(
        books, "select reference, entry_id from ledger.reference where reference like 'SCH/P%'");
    for (int i = 0; i < CLIENTS; i++) {
        FISC_ASSERT_TEXT(clients[i].trouble != NULL ? clients[i].trouble : "", "");
        CU_ASSERT(clients[i].known->len >= SHORT_REQUESTS);
        known += clients[i].known->len;
        check_record(entries, &clients[i]);
        check_answers(&pair, &clients[i]);
    }
    g_autofree char *count =
        books_ask(books, "select count(*) from ledger.reference where reference like 'SCH/P%'");
    FISC_ASSERT_INT(g_ascii_strtoll(count, NULL, 10), known);
    books_expect_whole(books);
    printf("(seed %u: %d kills, %u entries acknowledged, %d answers to ask again) ", SEED,
           pair.kills, known, g_atomic_int_get(&pair.unknown));
    for (int i = 0; i < 2; i++) {
        CU_ASSERT(balancer_passed(pair.balancer, i) > 0);
    }
    free_clients(clients);
    balancer_free(pair.balancer);
    FISC_ASSERT_INT(node_end(pair.nodes[0]), 0); /* and in an orderly way it ends with 0 */
    node_free(pair.nodes[0]);
    node_free(pair.nodes[1]);
    g_free(pair.headers);
}

const FiscTest fisc_pair_tests[] = {
    {"two servers on one database lose nothing and repeat nothing when one is killed",
     test_loses_nothing_when_one_is_killed},
    {NULL, NULL},
};
