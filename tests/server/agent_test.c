/* agent_test.c: a unit hands its books over by itself: what it says is taken as it said it, by
 * nobody else, once; and nothing is lost while the line is down. */
#include "app/agent/agent_queue.h"
#include "fisc/handover.h"
#include "fisc/feeder.h"
#include "fisc/scope.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

extern const FiscTest fisc_agent_tests[];

#define HEADER "id,line,date,code,description,debit,credit,amount\n"
#define OPENING HEADER "o1,1,2024-01-01,,opening balances,assets:bank,equity:opening,1000.00\n"
#define TAX "t2,1,2024-02-15,,tax,assets:bank,revenues:property tax,300.00\n"

/* A server with a town whose agent has the key, and the town's folder. */
typedef struct {
    Serving *serving;
    FiscSignKey *key;
    char *token;
    char *dir, *queue_dir, *address, *host;
} Town;

static void
remove_tree(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        g_file_test(inner, G_FILE_TEST_IS_DIR) ? remove_tree(inner) : (void)g_unlink(inner);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(path);
}

static void
must(bool is_done, GError *error)
{
    if (!is_done) {
        g_error("%s", error->message);
    }
}

static void
put_feeder(Town *town)
{
    Books *books = town->serving->books;
    g_autofree char *public_key = fisc_sign_key_text(town->key);
    g_autofree char *text =
        g_strdup_printf("feeder,title,entities,connector,at,documents,read,trust\n"
                        "town,A town,TOWN,agent,agent:,journal.csv,together,agent=%s\n",
                        public_key);
    g_autofree char *map = books_source_path("examples/hledger-town/map");
    books_must_put_feeders(books, text);
    books_must_map(books, "town", map);
}

static void
find_server(Town *town)
{
    g_free(town->address);
    g_free(town->host);
    town->host = g_strdup_printf("127.0.0.1:%d", town->serving->port);
    town->address = g_strdup_printf("http://%s", town->host);
}

static Town
town_new(void)
{
    Town town = {.dir = g_dir_make_tmp("fisc-agent-XXXXXX", NULL)};
    g_autofree char *package = books_source_path("examples/hledger-town");
    Books *books = books_new();
    books_must_load(books, package);
    town.serving = serving_new(books, NULL);
    must(fisc_sign_key_new("agent", &town.key, NULL), NULL);
    put_feeder(&town);
    g_autofree char *header = serving_sign_in(town.serving, "ana");
    town.token = g_strstrip(g_strdup(header + strlen("Authorization: Bearer ")));
    town.queue_dir = g_build_filename(town.dir, ".queue", NULL);
    find_server(&town);
    return town;
}

static void
town_clear(Town *town)
{
    serving_free(town->serving);
    fisc_sign_key_free(town->key);
    remove_tree(town->dir);
    g_free(town->dir);
    g_free(town->queue_dir);
    g_free(town->token);
    g_free(town->address);
    g_free(town->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Town, town_clear)

static void
touch_file(const Town *town, const char *name, time_t when)
{
    g_autofree char *path = g_build_filename(town->dir, name, NULL);
    const struct utimbuf then = {when, when};
    must(utime(path, &then) == 0, NULL);
}

/* A file that nobody writes any more. */
static void
write_file(const Town *town, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(town->dir, name, NULL);
    must(g_file_set_contents(path, text, -1, NULL), NULL);
    touch_file(town, name, 1718000000);
}

static void
write_sparse(const Town *town, const char *name, off_t bytes)
{
    g_autofree char *path = g_build_filename(town->dir, name, NULL);
    write_file(town, name, "x");
    must(truncate(path, bytes) == 0, NULL);
    touch_file(town, name, 1718000000);
}

static void
remove_file(const Town *town, const char *name)
{
    g_autofree char *path = g_build_filename(town->dir, name, NULL);
    must(g_unlink(path) == 0, NULL);
}

static FiscAgentRound
round_of(const Town *town, const char *certified_by)
{
    FiscAgentRound round = {0};
    g_autoptr(GError) error = NULL;
    const FiscAgentOrder order = {.dir = town->dir,
                                  .queue_dir = town->queue_dir,
                                  .server = town->address,
                                  .feeder = "town",
                                  .token = town->token,
                                  .certified_by = certified_by,
                                  .key = town->key,
                                  .private_address = town->host,
                                  .is_plain = true};
    must(fisc_agent_round(&order, &round, &error), error);
    return round;
}

/* "queued sent refused waiting" of a round. */
static void
expect_round(const Town *town, const char *certified_by, const char *expected)
{
    g_auto(FiscAgentRound) round = round_of(town, certified_by);
    g_autofree char *told =
        g_strdup_printf("%d %d %d %d", round.queued, round.sent, round.refused, round.waiting);
    FISC_ASSERT_TEXT(told, expected);
}

static void
expect_posted(Town *town, int entries)
{
    static const char *const names[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = names};
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GError) error = NULL;
    must(fisc_flow_pull(&town->serving->books->ctx, &order, &report, &error), error);
    g_autofree char *expected = g_strdup_printf("%d", entries);
    books_expect(town->serving->books, "select count(*) from ledger.entry", expected);
}

static void
test_hands_over(void)
{
    g_auto(Town) town = town_new();
    write_file(&town, "journal.csv", OPENING);
    expect_round(&town, "", "1 1 0 0");
    expect_round(&town, "", "0 0 0 0");
    expect_posted(&town, 1);
    write_file(&town, "journal.csv", OPENING TAX);
    expect_round(&town, "", "1 1 0 0");
    expect_posted(&town, 2);
    books_expect(town.serving->books,
                 "select string_agg(version || status, ' ' order by version) from intake.delivery",
                 "1provisional 2provisional");
    expect_round(&town, "Mayor Lund", "1 1 0 0"); /* the same figures, and who answers for them */
    expect_round(&town, "", "0 0 0 0");
    books_expect(town.serving->books,
                 "select status || signer from intake.delivery where version = 3",
                 "certifiedMayor Lund");
    expect_posted(&town, 2);
}

static void
test_loses_nothing(void)
{
    g_auto(Town) town = town_new();
    g_autofree char *good = g_strdup(town.address);
    g_free(town.address);
    town.address = g_strdup("http://127.0.0.1:1"); /* nobody listens there */
    g_free(town.host);
    town.host = g_strdup("127.0.0.1:1");
    write_file(&town, "journal.csv", OPENING);
    expect_round(&town, "", "1 0 0 1");
    write_file(&town, "journal.csv", OPENING TAX);
    expect_round(&town, "", "1 0 0 2");
    /* The power went between the body and what names it. */
    write_file(&town, ".queue/00000003.body", "half of");
    find_server(&town);
    expect_round(&town, "", "0 2 0 0");
    FISC_ASSERT_TEXT(town.address, good);
    expect_posted(&town, 2);
}

static void
test_lays_aside(void)
{
    g_auto(Town) town = town_new();
    write_file(&town, "a-holiday.jpg", "no document of the feeder");
    write_file(&town, "journal.csv", OPENING);
    expect_round(&town, "", "2 1 1 0");
    expect_round(&town, "", "0 0 0 0");
    expect_posted(&town, 1);
    /* More than is taken: told each round, until somebody takes it away, and nobody waits for it.
     */
    write_sparse(&town, "b-scan.csv", 33 * 1024 * 1024);
    expect_round(&town, "", "0 0 1 0");
    remove_file(&town, "b-scan.csv");
    /* Written again, it is handed over again: the register may have learned of it. */
    touch_file(&town, "a-holiday.jpg", 1718000001);
    expect_round(&town, "", "1 0 1 0");
    /* A wrong token or key is no fault of the document: it waits. */
    write_file(&town, "journal.csv", OPENING TAX);
    g_free(town.token);
    town.token = g_strdup("fisc_nothing");
    expect_round(&town, "", "1 0 0 1");
    FiscSignKey *own = town.key;
    g_autofree char *header = serving_sign_in(town.serving, "ana");
    g_free(town.token);
    town.token = g_strstrip(g_strdup(header + strlen("Authorization: Bearer ")));
    must(fisc_sign_key_new("other", &town.key, NULL), NULL);
    expect_round(&town, "", "0 0 0 1");
    fisc_sign_key_free(town.key);
    town.key = own;
    expect_round(&town, "", "0 1 0 0");
}

static void
test_one_at_a_time(void)
{
    g_auto(Town) town = town_new();
    const FiscAgentOrder order = {.dir = town.dir, .queue_dir = town.queue_dir};
    g_auto(FiscAgentRound) round = {0};
    g_autoptr(GError) error = NULL;
    int lock = -1;
    must(fisc_agent_queue_open(&order, &lock, NULL), NULL);
    CU_ASSERT_FALSE(fisc_agent_round(&order, &round, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_UNAVAILABLE));
    fisc_agent_queue_close(lock);
}

/* What is said, and what is signed: they differ where somebody altered something. */
typedef struct {
    const char *document, *version, *certified_by, *text;
    const char *signed_document, *signed_version, *signed_certified_by, *signed_text;
    const char *expected;
} Saying;

/* "taken", "known", or the code. Caller frees. */
static char *
take(FiscContext *ctx, const FiscSignKey *key, const Saying *saying)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(saying->text, strlen(saying->text));
    g_autoptr(GBytes) signed_bytes =
        g_bytes_new_static(saying->signed_text, strlen(saying->signed_text));
    const FiscHandover said = {"town", saying->document, saying->version, saying->certified_by,
                               bytes};
    const FiscHandover meant = {"town", saying->signed_document, saying->signed_version,
                                saying->signed_certified_by, signed_bytes};
    uint8_t signature[FISC_SIGNATURE_SIZE];
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    FiscHandoverOutcome outcome = FISC_HANDOVER_TAKEN;
    fisc_handover_sign(&meant, key, signature);
    if (!fisc_flow_handover_take(ctx, &said, signature, &outcome, refusals, &error)) {
        return g_strdup(fisc_error_name((FiscError)error->code));
    }
    if (refusals->len > 0) {
        const FiscRefusal *first = refusals->pdata[0];
        return g_strdup(fisc_error_name(first->code));
    }
    return g_strdup(outcome == FISC_HANDOVER_KNOWN ? "known" : "taken");
}

#define SAYING(document, version, by, text, expected)                                              \
    {                                                                                              \
        document, version, by, text, document, version, by, text, expected                         \
    }

static void
test_what_is_taken(void)
{
    static const Saying sayings[] = {
        SAYING("journal.csv", "1", "", OPENING, "taken"),
        SAYING("journal.csv", "1", "", OPENING, "known"),
        SAYING("journal.csv", "1", "", OPENING TAX, "REFERENCE_CONFLICT"),
        SAYING("journal.csv", "2", "", OPENING TAX, "taken"),
        SAYING("journal.csv", "1", "", OPENING, "known"), /* kept by somebody, and sent again */
        SAYING("journal.csv", "2", "Mayor Lund", OPENING TAX, "taken"),
        SAYING("journal.csv", "2", "", OPENING TAX, "known"), /* no certificate is taken back so */
        SAYING("journal.csv", "", "", OPENING, "VALUE_INVALID"),
        SAYING("journal.csv", "3 3", "", OPENING, "VALUE_INVALID"),
        SAYING("journal.csv", "3", "a\nb", OPENING, "VALUE_INVALID"),
        SAYING("other.csv", "3", "", OPENING, "VALUE_INVALID"),
        SAYING("journal.csv", "3", "", "", "FILE_EMPTY"),
        {"journal.csv", "3", "", OPENING TAX, "journal.csv", "3", "", OPENING, "DENIED"},
        {"journal.csv", "3", "", OPENING, "journal.csv", "2", "", OPENING, "DENIED"},
        {"journal.csv", "3", "Nobody", OPENING, "journal.csv", "3", "", OPENING, "DENIED"},
    };
    g_auto(Town) town = town_new();
    FiscContext *ctx = &town.serving->books->ctx;
    for (gsize i = 0; i < G_N_ELEMENTS(sayings); i++) {
        g_autofree char *told = take(ctx, town.key, &sayings[i]);
        FISC_ASSERT_TEXT(told, sayings[i].expected);
    }
    books_expect(town.serving->books,
                 "select string_agg(version || declared || status, ' ' order by version)"
                 " from intake.delivery",
                 "11provisional 22provisional 32certified");
}

static void
test_of_others(void)
{
    static const Saying saying = SAYING("journal.csv", "1", "", OPENING, "NOT_FOUND");
    g_auto(Town) town = town_new();
    FiscContext ctx = town.serving->books->ctx;
    g_autoptr(FiscScope) scope = fisc_scope_new();
    fisc_scope_add(scope, "ELSEWHERE");
    ctx.scope = scope;
    g_autofree char *told = take(&ctx, town.key, &saying);
    FISC_ASSERT_TEXT(told, saying.expected);
    fisc_scope_add(scope, "TOWN");
    g_autofree char *own = take(&ctx, town.key, &saying);
    FISC_ASSERT_TEXT(own, "taken");
}

const FiscTest fisc_agent_tests[] = {
    {"hands over what is new, once, and what somebody certifies", test_hands_over},
    {"loses nothing while the line is down", test_loses_nothing},
    {"lays aside what is refused, and waits when it is itself", test_lays_aside},
    {"works alone on its queue", test_one_at_a_time},
    {"what was altered, said twice or by another key is not taken", test_what_is_taken},
    {"is not there for who may not see the unit", test_of_others},
    {NULL, NULL},
};
