/* clients.c: see clients.h. */
#include "bench/clients.h"
#include <time.h>

#define WAIT_STEP_US (50 * 1000)

typedef struct {
    FiscBenchClients *clients;
    FiscBenchRandom random;
    GThread *thread;
    GError *error;
    int64_t posted, refused;
    gint64 answered; /* read by others while it grows */
    FiscBenchHistogram latency;
} Client;

struct _FiscBenchClients {
    FiscBenchPosting posting;
    int count;
    Client *client;
    GMutex mutex;
    GCond changed;
    int ready;       /* so many have begun, or failed to */
    bool is_started; /* they may post */
    gint is_stopping;
    gint has_failed;
    int64_t begun_at_ns;
};

static int64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool
post_one(Client *client, void *state)
{
    const FiscBenchPosting *posting = &client->clients->posting;
    FiscBenchVoucher voucher;
    bool is_posted = false;
    fisc_bench_voucher_draw(posting->nation, &client->random, &voucher);
    int64_t begun_at_ns = now_ns();
    if (!posting->post(posting->shared, state, &voucher, &is_posted, &client->error)) {
        return false;
    }
    fisc_bench_histogram_add(&client->latency, now_ns() - begun_at_ns);
    client->posted += is_posted ? 1 : 0;
    client->refused += is_posted ? 0 : 1;
    __atomic_add_fetch(&client->answered, 1, __ATOMIC_RELAXED);
    return true;
}

/* Connecting is no part of the measure: nobody posts before all can. */
static void
wait_for_start(FiscBenchClients *clients)
{
    g_mutex_lock(&clients->mutex);
    clients->ready++;
    g_cond_broadcast(&clients->changed);
    while (!clients->is_started) {
        g_cond_wait(&clients->changed, &clients->mutex);
    }
    g_mutex_unlock(&clients->mutex);
}

static void
give_start(FiscBenchClients *clients)
{
    g_mutex_lock(&clients->mutex);
    while (clients->ready < clients->count) {
        g_cond_wait(&clients->changed, &clients->mutex);
    }
    clients->is_started = true;
    clients->begun_at_ns = now_ns();
    g_cond_broadcast(&clients->changed);
    g_mutex_unlock(&clients->mutex);
}

static gpointer
run_client(gpointer data)
{
    Client *client = data;
    FiscBenchClients *clients = client->clients;
    const FiscBenchPosting *posting = &clients->posting;
    void *state = NULL;
    bool is_good =
        posting->begin == NULL || posting->begin(posting->shared, &state, &client->error);
    wait_for_start(clients);
    while (is_good && g_atomic_int_get(&clients->is_stopping) == 0) {
        is_good = post_one(client, state);
    }
    if (!is_good) {
        g_atomic_int_set(&clients->has_failed, 1);
        g_atomic_int_set(&clients->is_stopping, 1);
    }
    if (posting->end != NULL && state != NULL) {
        posting->end(state);
    }
    return NULL;
}

FiscBenchClients *
fisc_bench_clients_start(const FiscBenchPosting *posting, int count, uint64_t seed, uint64_t stream)
{
    FiscBenchClients *clients = g_new0(FiscBenchClients, 1);
    clients->posting = *posting;
    clients->count = count;
    clients->client = g_new0(Client, count);
    g_mutex_init(&clients->mutex);
    g_cond_init(&clients->changed);
    for (int i = 0; i < count; i++) {
        Client *client = &clients->client[i];
        client->clients = clients;
        client->random = fisc_bench_random(seed, (stream << 16) + (uint64_t)i + 1);
        client->thread = g_thread_new("bench", run_client, client);
    }
    give_start(clients);
    return clients;
}

int64_t
fisc_bench_clients_answered(const FiscBenchClients *clients)
{
    int64_t answered = 0;
    for (int i = 0; i < clients->count; i++) {
        answered += __atomic_load_n(&clients->client[i].answered, __ATOMIC_RELAXED);
    }
    return answered;
}

bool
fisc_bench_clients_have_failed(const FiscBenchClients *clients)
{
    return g_atomic_int_get(&clients->has_failed) != 0;
}

double
fisc_bench_seconds_since(int64_t moment_us)
{
    return (double)(g_get_monotonic_time() - moment_us) / G_USEC_PER_SEC;
}

void
fisc_bench_clients_wait(const FiscBenchClients *clients, int64_t wait_us)
{
    int64_t until_us = g_get_monotonic_time() + wait_us;
    int64_t left_us = wait_us;
    while (left_us > 0 && !fisc_bench_clients_have_failed(clients)) {
        g_usleep((gulong)MIN(left_us, WAIT_STEP_US));
        left_us = until_us - g_get_monotonic_time();
    }
}

bool
fisc_bench_clients_stop(FiscBenchClients *clients, FiscBenchRun *out_run, GError **error)
{
    FiscBenchRun run = {0};
    GError *failure = NULL;
    g_atomic_int_set(&clients->is_stopping, 1);
    for (int i = 0; i < clients->count; i++) {
        Client *client = &clients->client[i];
        g_thread_join(client->thread);
        run.posted += client->posted;
        run.refused += client->refused;
        fisc_bench_histogram_merge(&run.latency, &client->latency);
        if (failure == NULL) {
            failure = g_steal_pointer(&client->error);
        }
        g_clear_error(&client->error);
    }
    run.seconds = (double)(now_ns() - clients->begun_at_ns) / 1e9;
    g_cond_clear(&clients->changed);
    g_mutex_clear(&clients->mutex);
    g_free(clients->client);
    g_free(clients);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return false;
    }
    *out_run = run;
    return true;
}

bool
fisc_bench_clients_run(const FiscBenchPosting *posting, int count, int seconds, uint64_t seed,
                       uint64_t stream, FiscBenchRun *out_run, GError **error)
{
    FiscBenchClients *clients = fisc_bench_clients_start(posting, count, seed, stream);
    fisc_bench_clients_wait(clients, (int64_t)seconds * G_USEC_PER_SEC);
    return fisc_bench_clients_stop(clients, out_run, error);
}

double
fisc_bench_run_rate(const FiscBenchRun *run)
{
    return run->seconds > 0 ? (double)(run->posted + run->refused) / run->seconds : 0;
}
