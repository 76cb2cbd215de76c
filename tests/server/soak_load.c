/* soak_load.c: the clients of the load: a thread each, which goes on in rounds. */
#include "tests/server/soak_load.h"
#include "tests/server/soak_client.h"
#include <string.h>

/* How many of each kind, how long they rest between two rounds, and how many rounds they do at
 * least, however short the load is. */
static const struct {
    const char *name;
    SoakRound round;
    int clients, pause_ms, rounds_least;
    int (*table)(void); /* instead of a least: as many as go through it; NULL */
    bool is_poster;     /* goes on until the others are done: listeners wait for what it posts */
} kinds[] = {
    {"posts", soak_post, 3, 15, 32, NULL, true},
    {"questions", soak_read, 2, 30, 0, soak_questions, false},
    {"streams", soak_listen, 2, 200, 6, NULL, false},
    {"sign-ins", soak_sign_in, 1, 1000, 4, NULL, false},
    {"wrong requests", soak_be_wrong, 1, 100, 0, soak_wrongs, false},
    {"jobs", soak_begin_job, 1, 15000, 2, NULL, false},
    {"slow clients", soak_be_slow, 1, 500, 2, NULL, false},
    {"clients that leave", soak_leave, 1, 100, 10, NULL, false},
};

#define CLIENTS_MAX 16
#define NAP_MS 20

typedef struct {
    SoakClient client;
    SoakLoad *load;
    gsize kind;
    GThread *thread;
} Worker;

struct _SoakLoad {
    Worker workers[CLIENTS_MAX];
    int count;
    gint is_over;  /* atomic: they may stop */
    gint others;   /* atomic: clients who do not post, and have not stopped */
    gint requests; /* atomic */
};

/* Working ------------------------------------------------------------------------------------- */

static bool
may_stop(const Worker *worker, int rounds)
{
    gsize kind = worker->kind;
    int least = kinds[kind].table != NULL ? kinds[kind].table() : kinds[kind].rounds_least;
    bool is_needed = kinds[kind].is_poster && g_atomic_int_get(&worker->load->others) > 0;
    return rounds >= least && g_atomic_int_get(&worker->load->is_over) && !is_needed;
}

/* In short naps, as long as nobody waits for the end. */
static void
rest(const Worker *worker)
{
    int64_t until = g_get_monotonic_time() + kinds[worker->kind].pause_ms * (int64_t)1000;
    while (g_get_monotonic_time() < until && !g_atomic_int_get(&worker->load->is_over)) {
        g_usleep(MIN(NAP_MS, kinds[worker->kind].pause_ms) * 1000);
    }
}

static gpointer
work(gpointer data)
{
    Worker *worker = data;
    SoakClient *client = &worker->client;
    for (int round = 0; client->trouble == NULL && !may_stop(worker, round); round++) {
        kinds[worker->kind].round(client, round);
        rest(worker);
    }
    g_clear_pointer(&client->link, serving_link_free);
    if (!kinds[worker->kind].is_poster) {
        g_atomic_int_dec_and_test(&worker->load->others);
    }
    return NULL;
}

SoakLoad *
soak_load_start(const SoakDoor *door)
{
    SoakLoad *load = g_new0(SoakLoad, 1);
    for (gsize kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        for (int i = 0; i < kinds[kind].clients; i++) {
            g_assert(load->count < CLIENTS_MAX);
            Worker *worker = &load->workers[load->count];
            worker->load = load;
            worker->kind = kind;
            worker->client = (SoakClient){.door = door,
                                          .number = load->count++,
                                          .requests = &load->requests,
                                          .known = g_array_new(FALSE, FALSE, sizeof(SoakKnown))};
            load->others += kinds[kind].is_poster ? 0 : 1;
        }
    }
    for (int i = 0; i < load->count; i++) {
        load->workers[i].thread = g_thread_new("client", work, &load->workers[i]);
    }
    return load;
}

int
soak_load_requests(SoakLoad *load)
{
    return g_atomic_int_get(&load->requests);
}

void
soak_load_stop(SoakLoad *load)
{
    g_atomic_int_set(&load->is_over, 1);
    for (int i = 0; i < load->count; i++) {
        g_clear_pointer(&load->workers[i].thread, g_thread_join);
    }
}

/* Afterwards ---------------------------------------------------------------------------------- */

char *
soak_load_troubles(const SoakLoad *load)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < load->count; i++) {
        const char *trouble = load->workers[i].client.trouble;
        if (trouble != NULL) {
            g_string_append_printf(text, "%s%s: %s", text->len > 0 ? "\n" : "",
                                   kinds[load->workers[i].kind].name, trouble);
        }
    }
    return g_string_free(text, FALSE);
}

guint
soak_load_known(const SoakLoad *load, void (*check)(const SoakKnown *known, gpointer),
                gpointer data)
{
    guint count = 0;
    for (int i = 0; i < load->count; i++) {
        const GArray *known = load->workers[i].client.known;
        for (guint k = 0; k < known->len; k++) {
            check(&g_array_index(known, SoakKnown, k), data);
        }
        count += known->len;
    }
    return count;
}

char *
soak_load_words(const SoakLoad *load)
{
    GString *words = g_string_new(NULL);
    for (gsize kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        int asked = 0;
        for (int i = 0; i < load->count; i++) {
            asked += load->workers[i].kind == kind ? load->workers[i].client.asked : 0;
        }
        g_string_append_printf(words, "%s%d of %s", kind > 0 ? ", " : "", asked, kinds[kind].name);
    }
    return g_string_free(words, FALSE);
}

void
soak_load_free(SoakLoad *load)
{
    for (int i = 0; load != NULL && i < load->count; i++) {
        soak_client_clear(&load->workers[i].client);
    }
    g_free(load);
}
