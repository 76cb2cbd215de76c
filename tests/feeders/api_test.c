/* api_test.c: a Tryton, a hledger-web and an iFIX whose answers are broken as a seed says
 * (shaky_api.py). Of each document, what the books say after a pull is what they said before it, or
 * the whole of one true state of the source; somebody who looks all the time never sees anything
 * between. What is posted was kept as the source has it, each record once and in order.
 *
 * The controls: a source that lies, always and in the same words, is believed, which the judge here
 * tells apart from the truth; and a client that believes everything reads what never was. */
#include "tests/feeders/servers.h"
#include "tests/feeders/town.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

extern const FiscTest fisc_api_tests[];

#define RUNS 40
#define RUNS_BRIEF 32 /* the first lies are 28 and 31 */
#define RUNS_LONG 300
#define JOURNAL_RUNS 20
#define JOURNAL_RUNS_BRIEF 10
#define JOURNAL_RUNS_LONG 200
#define TRIES_WHEN_SLOW 5
#define LOOK_EVERY_US 5000
#define EVENT_RUNS 40
#define EVENT_RUNS_BRIEF 30
#define EVENT_RUNS_LONG 300
#define DOCUMENTS_MAX 6
/* What was spent, by days, of the months of a document. */
#define SPENT(from, to)                                                                            \
    "(select coalesce(string_agg(day || ' ' || total, ';' order by day), '') from ("               \
    " select e.effective::text as day, sum(x.amount) as total from ledger.entry e"                 \
    "   cross join unnest(e.coding, e.amount) as x (coding_id, amount)"                            \
    "   join ledger.coding k using (coding_id)"                                                    \
    "   join ledger.master m on m.book_id = k.book_id and m.kind = 'account'"                      \
    "    and m.number = k.account_id and m.subject = '22'"                                         \
    "  where e.effective between '2024-" from "' and '2024-" to "'"                                \
    "  group by e.effective having sum(x.amount) <> 0) t)"

/* A system, and the documents that it gives. */
typedef struct {
    const char *api;
    const char *documents[DOCUMENTS_MAX + 1];
    const char *look; /* a query: what the books say of each document, '|' behind */
    int runs, runs_brief, runs_long;
} Api;

static const Api tryton = {
    "tryton",
    {"moves-2024-01-01-7.json", "moves-2024-02-01-8.json", NULL},
    "select " SPENT("01-01", "01-31") " || '|' || " SPENT("02-01", "02-29") " || '|'",
    RUNS,
    RUNS_BRIEF,
    RUNS_LONG,
};
static const Api hledger = {
    "hledger-web", {"transactions.json", NULL}, "select " SPENT("01-01", "12-31") " || '|'",
    JOURNAL_RUNS,  JOURNAL_RUNS_BRIEF,          JOURNAL_RUNS_LONG,
};

#define SPENT_ON(day) SPENT("01-" day, "01-" day) " || '|'"
static const Api ifix = {
    "ifix",
    {"BILL-E1.json", "BILL-E2.json", "BILL-E3.json", "BILL-E4.json", "BILL-E5.json", "BILL-E6.json",
     NULL},
    "select " SPENT_ON("01") " || " SPENT_ON("02") " || " SPENT_ON("03") " || " SPENT_ON(
        "04") " || " SPENT_ON("05") " || " SPENT_ON("06"),
    EVENT_RUNS,
    EVENT_RUNS_BRIEF,
    EVENT_RUNS_LONG,
};

/* ---- who looks all the time ---- */

typedef struct {
    const Books *books;
    const char *query;
    GHashTable *seen; /* everything that was ever to be seen */
    int is_over;
    GThread *thread;
} Watch;

static gpointer
look_on(gpointer data)
{
    Watch *watch = data;
    PGconn *connection = PQconnectdb(watch->books->admin);
    while (!g_atomic_int_get(&watch->is_over)) {
        PGresult *result = PQexec(connection, watch->query);
        if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            g_error("%s", PQerrorMessage(connection));
        }
        g_hash_table_add(watch->seen, g_strdup(PQgetvalue(result, 0, 0)));
        PQclear(result);
        g_usleep(LOOK_EVERY_US);
    }
    PQfinish(connection);
    return NULL;
}

static void
watch_begin(Watch *watch, const Books *books, const char *query)
{
    *watch = (Watch){.books = books, .query = query};
    watch->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    watch->thread = g_thread_new("looks", look_on, watch);
}

static void
watch_end(Watch *watch)
{
    g_atomic_int_set(&watch->is_over, 1);
    g_thread_join(watch->thread);
}

/* ---- one pull, and what it did ---- */

/* What is known of a document before or after a pull. */
typedef struct {
    char *books;    /* what the books say */
    char *delivery; /* number of the newest that is kept; "" */
} State;

typedef struct {
    const Api *api;
    Source *source;
    Town town;
    json_t *truths[DOCUMENTS_MAX]; /* of the seed in which what is kept of a document came */
    int whole, nothing, lies, naive;
    GHashTable *struck; /* kinds of faults that have struck */
} Rig;

static void
state_clear(State *state)
{
    g_clear_pointer(&state->books, g_free);
    g_clear_pointer(&state->delivery, g_free);
}

static void
read_states(const Rig *rig, State states[DOCUMENTS_MAX])
{
    g_autofree char *all = books_ask(rig->town.books, rig->api->look);
    g_auto(GStrv) parts = g_strsplit(all, "|", -1);
    for (int i = 0; rig->api->documents[i] != NULL; i++) {
        g_autofree char *sql = g_strdup_printf("select delivery_id from intake.delivery where "
                                               "document = '%s' order by version desc limit 1",
                                               rig->api->documents[i]);
        states[i] = (State){g_strdup(parts[i]), books_ask(rig->town.books, sql)};
    }
}

static json_t *
ask(const Rig *rig, const char *path)
{
    g_autofree char *text = source_ask(rig->source, path);
    json_t *answer = text != NULL ? json_loads(text, 0, NULL) : NULL;
    if (answer == NULL) {
        g_error("the source does not say %s", path);
    }
    return answer;
}

/* The newest bytes of a document; NULL when they are no JSON. */
static json_t *
read_kept(const Rig *rig, const State *state)
{
    g_autofree char *sql =
        g_strdup_printf("select encode(b.bytes, 'base64') from intake.delivery d join intake.body b"
                        " using (book_id, digest) where d.delivery_id = %s",
                        state->delivery);
    g_autofree char *packed = books_ask(rig->town.books, sql);
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(packed, &length);
    return json_loadb((const char *)bytes, length, 0, NULL);
}

/* ---- the judge ---- */

/* What became of a document's part in a pull; FISC_PULL_SKIPPED: it was not reached, or nothing of
 * it was new. */
static FiscPullOutcome
outcome_of(const FiscPullReport *report, const Api *api, const char *document)
{
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (api->documents[1] == NULL || strcmp(run->part, document) == 0) {
            return run->outcome;
        }
    }
    return FISC_PULL_SKIPPED;
}

/* Whether one of the source's true states is what the books say, and what was kept. */
static bool
is_a_version(const json_t *truth, const char *document, const char *books, const json_t *kept)
{
    gsize index;
    json_t *version;
    json_array_foreach(json_object_get(truth, "versions"), index, version)
    {
        const json_t *of = json_object_get(version, document);
        if (strcmp(json_string_value(json_object_get(of, "books")), books) == 0 &&
            json_equal(json_object_get(of, "document"), kept)) {
            return true;
        }
    }
    return false;
}

/* Somebody saw what the books said neither before nor after. */
static bool
is_seen_between(const Watch *watch, int number, const char *before, const char *after)
{
    GHashTableIter iter;
    gpointer all;
    g_hash_table_iter_init(&iter, watch->seen);
    while (g_hash_table_iter_next(&iter, &all, NULL)) {
        g_auto(GStrv) parts = g_strsplit(all, "|", -1);
        if (strcmp(parts[number], before) != 0 && strcmp(parts[number], after) != 0) {
            return true;
        }
    }
    return false;
}

/* "whole", "nothing", or what is wrong. */
static const char *
judge(Rig *rig, const FiscPullReport *report, const Watch *watch, int number, const State *before,
      const State *after)
{
    const char *document = rig->api->documents[number];
    FiscPullOutcome outcome = outcome_of(report, rig->api, document);
    if (is_seen_between(watch, number, before->books, after->books)) {
        return "half-to-be-seen";
    }
    if (outcome != FISC_PULL_POSTED) {
        return strcmp(before->books, after->books) == 0 ? "nothing" : "posted-and-told-otherwise";
    }
    json_t *kept = read_kept(rig, after);
    bool is_whole = is_a_version(rig->truths[number], document, after->books, kept);
    json_decref(kept);
    return is_whole ? "whole" : "what-never-was";
}

/* ---- a seed ---- */

static void
write_trial(const Rig *rig, int seed)
{
    g_autofree char *text = g_strdup_printf("{\"api\": \"%s\", \"seed\": %d}", rig->api->api, seed);
    town_write(rig->source->folder, "trial.json", text);
}

static FiscPullReport *
pull(Rig *rig)
{
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = feeders, .secrets_dir = rig->town.secrets, .tries = 2};
    FiscPullReport *report = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_pull(&rig->town.books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    return report;
}

/* What is kept of a document may be posted by a later pull only: it is judged by the truth of its
 * own time. */
static void
note_truths(Rig *rig, json_t *truth, const State before[], const State after[])
{
    for (int i = 0; rig->api->documents[i] != NULL; i++) {
        if (strcmp(before[i].delivery, after[i].delivery) != 0) {
            json_decref(rig->truths[i]);
            rig->truths[i] = json_incref(truth);
        }
    }
}

/* The verdicts on all documents, "whole nothing". Caller frees. */
static char *
pull_and_judge(Rig *rig, json_t **out_truth)
{
    State before[DOCUMENTS_MAX] = {{0}}, after[DOCUMENTS_MAX] = {{0}};
    Watch watch;
    GString *told = g_string_new(NULL);
    read_states(rig, before);
    watch_begin(&watch, rig->town.books, rig->api->look);
    g_autoptr(FiscPullReport) report = pull(rig);
    watch_end(&watch);
    read_states(rig, after);
    *out_truth = ask(rig, "/truth/");
    note_truths(rig, *out_truth, before, after);
    for (int i = 0; rig->api->documents[i] != NULL; i++) {
        g_string_append_printf(told, "%s%s", i > 0 ? " " : "",
                               judge(rig, report, &watch, i, &before[i], &after[i]));
        state_clear(&before[i]);
        state_clear(&after[i]);
    }
    g_hash_table_unref(watch.seen);
    return g_string_free(told, FALSE);
}

/* Whether each verdict is one of two. */
static bool
is_all(const char *told, const char *word, const char *other)
{
    g_auto(GStrv) words = g_strsplit(told, " ", -1);
    bool is_it = true;
    for (int i = 0; words[i] != NULL; i++) {
        is_it = is_it && (strcmp(words[i], word) == 0 || strcmp(words[i], other) == 0);
    }
    return is_it;
}

static void
expect_seed(const Rig *rig, int seed, const char *fault, const char *told, bool is_right)
{
    if (!is_right) {
        g_autofree char *actual =
            g_strdup_printf("%s, seed %d, %s: %s", rig->api->api, seed, fault, told);
        FISC_ASSERT_TEXT(actual, "whole or nothing");
    }
}

/* Where nothing is wrong, everything is taken; a machine that is busy may look like an outage. */
static char *
pull_until_whole(Rig *rig, char *told)
{
    for (int i = 1; i < TRIES_WHEN_SLOW && is_all(told, "nothing", "nothing"); i++) {
        json_t *truth = NULL;
        g_free(told);
        told = pull_and_judge(rig, &truth);
        json_decref(truth);
    }
    return told;
}

/* ---- the controls ---- */

/* Whether a client that believes everything reads what never was. */
static bool
is_naive_wrong(const Rig *rig, const json_t *truth)
{
    json_t *naive = ask(rig, "/naive/");
    bool is_wrong = false;
    const char *document;
    json_t *content;
    json_object_foreach(naive, document, content)
    {
        const json_t *of =
            json_object_get(json_array_get(json_object_get(truth, "versions"), 0), document);
        is_wrong = is_wrong || !json_equal(json_object_get(of, "document"), content);
    }
    json_decref(naive);
    return is_wrong;
}

/* ---- all seeds ---- */

static void
run_seed(Rig *rig, int seed)
{
    json_t *truth = NULL;
    write_trial(rig, seed);
    char *told = pull_and_judge(rig, &truth);
    const char *fault = json_string_value(json_object_get(truth, "fault"));
    const char *kind = json_string_value(json_object_get(truth, "kind"));
    bool is_lie = json_is_true(json_object_get(truth, "lie"));
    bool is_struck = json_integer_value(json_object_get(truth, "struck")) > 0;
    if (strcmp(fault, "none") == 0) {
        told = pull_until_whole(rig, told);
        expect_seed(rig, seed, fault, told, is_all(told, "whole", "whole"));
    } else {
        expect_seed(rig, seed, fault, told,
                    is_all(told, "whole", "nothing") ||
                        (is_lie && is_struck && strstr(told, "half") == NULL));
    }
    rig->lies += is_lie && strstr(told, "what-never-was") != NULL;
    rig->whole += strstr(told, "whole") != NULL;
    rig->nothing += is_all(told, "nothing", "nothing");
    if (is_struck) {
        g_hash_table_add(rig->struck, g_strdup(fault));
    }
    if (strcmp(kind, "list") == 0 && rig->api == &tryton) {
        rig->naive += is_naive_wrong(rig, truth);
    }
    json_decref(truth);
    g_free(told);
}

static void
run_all(Rig *rig)
{
    int runs = g_getenv("FISC_TEST_LONG") != NULL ? rig->api->runs_long
               : fisc_test_is_brief()             ? rig->api->runs_brief
                                                  : rig->api->runs;
    rig->struck = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int seed = 1; seed <= runs; seed++) {
        run_seed(rig, seed);
    }
    books_expect_whole(rig->town.books);
    printf("\n    %s, seeds 1 to %d: %d with something whole, %d with nothing new; %u faults have "
           "struck, %d lies were believed\n",
           rig->api->api, runs, rig->whole, rig->nothing, g_hash_table_size(rig->struck),
           rig->lies);
    CU_ASSERT_TRUE(rig->whole > runs / 5 && rig->nothing > runs / 10);
    CU_ASSERT_TRUE(rig->lies > 0);
    for (int i = 0; i < DOCUMENTS_MAX; i++) {
        json_decref(rig->truths[i]);
    }
    g_hash_table_unref(rig->struck);
}

#define TRUST "ca=%s/tls/ca.pem;total_s=2;max_mb=2;private=127.0.0.1:%d"

static void
test_tryton(void)
{
    g_autoptr(Source) source = source_start();
    g_autofree char *at = g_strdup_printf("https://127.0.0.1:%d/api/town/", source->api);
    g_autofree char *trust = g_strdup_printf(TRUST, source->folder, source->api);
    Rig rig = {
        .api = &tryton, .source = source, .town = town_new_tryton(source->folder, at, trust)};
    run_all(&rig);
    CU_ASSERT_TRUE(rig.naive > 0);
    town_free(&rig.town);
}

static void
test_hledger(void)
{
    g_autoptr(Source) source = source_start();
    g_autofree char *feeder =
        g_strdup_printf("hledger-web,https://127.0.0.1:%d/api/,transactions.json=journal.csv,"
                        "together," TRUST,
                        source->api, source->folder, source->api);
    Rig rig = {.api = &hledger,
               .source = source,
               .town = town_new(feeder, FISC_SOURCE_DIR "/examples/hledger-town/map")};
    run_all(&rig);
    town_free(&rig.town);
}

static void
test_ifix(void)
{
    g_autoptr(Source) source = source_start();
    g_autofree char *at = g_strdup_printf("https://127.0.0.1:%d/api/", source->api);
    g_autofree char *trust = g_strdup_printf(TRUST, source->folder, source->api);
    Rig rig = {.api = &ifix, .source = source, .town = town_new_ifix(at, trust)};
    run_all(&rig);
    town_free(&rig.town);
}

const FiscTest fisc_api_tests[] = {
    {"broken answers of a Tryton: the whole of one true state of a period, or nothing",
     test_tryton},
    {"broken answers of an iFIX: of each event the whole of one true state, or nothing", test_ifix},
    {"broken answers of a hledger-web, too, and only a lie is believed", test_hledger},
    {NULL, NULL},
};
