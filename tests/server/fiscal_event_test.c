/* fiscal_event_test.c: fiscal events published to us as to an iFIX: each is taken once, however
 * often and in whatever company it comes; what the books say of them is what they say. */
#include "fisc/feeder.h"
#include "fisc/money.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_fiscal_event_tests[];

#define EXAMPLE "examples/ifix"
#define PATH "/v1/feeders/nandpur/fiscal/events/v1/_publish"
#define MESSAGE(events)                                                                            \
    "{\"requestHeader\":{\"ts\":1777703400000,\"version\":\"1.0.0\",\"msgId\":\"m\"},"             \
    "\"fiscalEvent\":[" events "]}"
#define AMOUNT(amount) "{\"amount\":" amount ",\"coaCode\":\"0215-01-102-01-01-01\"}"
#define EVENT_OF(tenant, type, reference, time, amounts)                                           \
    "{\"tenantId\":\"" tenant "\",\"eventType\":\"" type "\",\"eventTime\":" time                  \
    ",\"referenceId\":\"" reference "\",\"amountDetails\":[" amounts "]}"
#define EVENT(reference, amount)                                                                   \
    EVENT_OF("pb.nandpur", "DEMAND", reference, "1776190200000", AMOUNT(amount))
/* What each account holds. */
#define BALANCES                                                                                   \
    "select m.subject, sum(x.amount)::int8 from ledger.entry e"                                    \
    " cross join unnest(e.coding, e.amount) as x (coding_id, amount)"                              \
    " join ledger.coding k using (coding_id)"                                                      \
    " join ledger.master m on m.book_id = k.book_id and m.kind = 'account'"                        \
    "  and m.number = k.account_id group by 1 having sum(x.amount) <> 0"

static void
must(bool is_done, GError *error)
{
    if (!is_done) {
        g_error("%s", error->message);
    }
}

static char *
read_example(const char *name)
{
    g_autofree char *relative = g_build_filename(EXAMPLE, name, NULL);
    g_autofree char *path = books_source_path(relative);
    char *text = NULL;
    must(g_file_get_contents(path, &text, NULL, NULL), NULL);
    return text;
}

/* The example's town, for which ana publishes. */
static Serving *
town_new(void)
{
    g_autofree char *package = books_source_path(EXAMPLE);
    g_autofree char *map = books_source_path(EXAMPLE "/map");
    g_autofree char *feeders = read_example("feeders.csv");
    g_auto(GStrv) sides = g_strsplit(feeders, "publisher=nandpur-system", -1);
    g_autofree char *text = g_strjoinv("publisher=ana", sides);
    Books *books = books_new();
    books_must_load(books, package);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscMapAnswer) answer = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *document = NULL;
    must(fisc_flow_feeder_put(&books->ctx, text, strlen(text), "test", &document, &receipt,
                              refusals, &error) &&
             fisc_flow_feeder_map(&books->ctx, "nandpur", map, 0, NULL, &answer, refusals, &error),
         error);
    g_autofree char *refused = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(refused, "");
    return serving_new(books, NULL);
}

static void
publish_as(Serving *town, const char *person, const char *path, const char *message,
           ServingAnswer *out_answer)
{
    g_autofree char *token = serving_sign_in(town, person);
    g_autofree char *headers = g_strconcat(token, "Content-Type: application/json\r\n", NULL);
    CU_ASSERT_TRUE(serving_request(town, "POST", path, headers, message, out_answer));
}

/* "taken known ..." of the events, or "status code place". Caller frees. */
static char *
publish(Serving *town, const char *message)
{
    g_auto(ServingAnswer) answer = {0};
    publish_as(town, "ana", PATH, message, &answer);
    if (answer.status != 202) {
        return g_strdup_printf("%d %s %s", answer.status, serving_answer_text(&answer, "code"),
                               serving_answer_text(&answer, "errors/0/field"));
    }
    GString *told = g_string_new(NULL);
    json_t *events = json_object_get(answer.json, "fiscalEvent"), *event;
    gsize index;
    json_array_foreach(events, index, event)
    {
        g_string_append_printf(told, "%s%s", index > 0 ? " " : "",
                               json_string_value(json_object_get(event, "status")));
    }
    return g_string_free(told, FALSE);
}

static void
expect_publish(Serving *town, const char *message, const char *expected)
{
    g_autofree char *told = publish(town, message);
    FISC_ASSERT_TEXT(told, expected);
}

static char *
pull(Serving *town)
{
    static const char *const names[] = {"nandpur", NULL};
    const FiscPullOrder order = {.feeders = names};
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GError) error = NULL;
    int posted = 0, reversed = 0, wrong = 0;
    must(fisc_flow_pull(&town->books->ctx, &order, &report, &error), error);
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        posted += run->posted;
        reversed += run->reversed;
        wrong += run->outcome != FISC_PULL_POSTED && run->outcome != FISC_PULL_UNCHANGED;
    }
    books_expect_whole(town->books);
    return g_strdup_printf("%d posted %d reversed %d wrong", posted, reversed, wrong);
}

static void
expect_pull(Serving *town, const char *expected)
{
    g_autofree char *told = pull(town);
    FISC_ASSERT_TEXT(told, expected);
}

/* ---- what is published is what the books say ---- */

static int64_t
amounts_of(json_t *event)
{
    int64_t sum = 0;
    gsize index;
    json_t *amount;
    json_array_foreach(json_object_get(event, "amountDetails"), index, amount)
    {
        /* Two decimals at most, far below what a float holds: to look, not to post. */
        sum += (int64_t)(json_number_value(json_object_get(amount, "amount")) * 100 + 0.5);
    }
    return sum;
}

/* What the kinds of events add up to in a message. */
static GHashTable *
sums_of(const char *message)
{
    GHashTable *sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    json_t *root = json_loads(message, 0, NULL), *event;
    gsize index;
    json_array_foreach(json_object_get(root, "fiscalEvent"), index, event)
    {
        const char *type = json_string_value(json_object_get(event, "eventType"));
        const int64_t *before = g_hash_table_lookup(sums, type);
        int64_t *sum = g_new0(int64_t, 1);
        *sum = (before != NULL ? *before : 0) + amounts_of(event);
        g_hash_table_replace(sums, g_strdup(type), sum);
    }
    json_decref(root);
    return sums;
}

static int64_t
sum_of(GHashTable *sums, const char *name)
{
    const int64_t *sum = g_hash_table_lookup(sums, name);
    return sum != NULL ? *sum : 0;
}

static void
expect_balances(Serving *town, const char *message)
{
    g_autoptr(GHashTable) said = sums_of(message);
    g_autoptr(GHashTable) books = books_ask_amounts(town->books, BALANCES);
    int64_t demands = sum_of(said, "DEMAND"), receipts = sum_of(said, "RECEIPT");
    int64_t bills = sum_of(said, "BILL"), payments = sum_of(said, "PAYMENT");
    CU_ASSERT_TRUE(demands > 0 && receipts > 0 && bills > 0 && payments > 0);
    FISC_ASSERT_INT(sum_of(books, "6208"), demands - receipts);
    FISC_ASSERT_INT(sum_of(books, "6202"), receipts - payments);
    FISC_ASSERT_INT(sum_of(books, "6308"), payments - bills);
    FISC_ASSERT_INT(sum_of(books, "1422"), -demands);
    FISC_ASSERT_INT(sum_of(books, "22") + sum_of(books, "2111"), bills);
    FISC_ASSERT_INT(g_hash_table_size(books), 6);
}

static void
test_published(void)
{
    g_autoptr(Serving) town = town_new();
    g_autofree char *message = read_example("events.json");
    expect_publish(town, message, "taken taken taken taken taken taken");
    expect_pull(town, "8 posted 0 reversed 0 wrong");
    expect_balances(town, message);
    /* After midnight in India, and the day before in Greenwich. */
    books_expect(town->books,
                 "select string_agg(distinct effective::text, ' ') from ledger.entry "
                 "where document = 'WS-2026-0001' and memo like 'DEMAND%'",
                 "2026-04-01");
    /* What was demanded and received is found together. */
    books_expect(town->books,
                 "select string_agg(memo, ', ' order by effective, memo) from ledger.entry "
                 "where document = 'EB-2026-0031'",
                 "BILL EB-2026-0031, PAYMENT PV-2026-0044");
    books_expect(town->books, "select count(*) from intake.run where outcome = 'posted'", "6");
}

/* Numbers are kept as they were written, and the bytes of each event as they came. */
static void
test_verbatim(void)
{
    g_autoptr(Serving) town = town_new();
    expect_publish(town, MESSAGE(EVENT("R/1", "90071992547409.91") " ,\n " EVENT("2", "1.50e1")),
                   "taken taken");
    books_expect(town->books,
                 "select string_agg(encode(b.bytes, 'escape'), '|' order by d.delivery_id) "
                 "from intake.delivery d join intake.body b using (book_id, digest)",
                 EVENT("R/1", "90071992547409.91") "|" EVENT("2", "1.50e1"));
    expect_pull(town, "2 posted 0 reversed 0 wrong");
    g_autoptr(GHashTable) books = books_ask_amounts(town->books, BALANCES);
    FISC_ASSERT_INT(sum_of(books, "1422"), -(INT64_C(9007199254740991) + 1500));
}

/* ---- again ---- */

static void
test_again(void)
{
    g_autoptr(Serving) town = town_new();
    expect_publish(town, MESSAGE(EVENT("1", "10.00") "," EVENT("2", "20.00")), "taken taken");
    /* In another company, twice in one message, and after it was posted. */
    expect_publish(town, MESSAGE(EVENT("3", "30.00") "," EVENT("1", "10.00")), "taken known");
    expect_publish(town, MESSAGE(EVENT("4", "40.00") "," EVENT("4", "40.00")), "taken known");
    expect_pull(town, "4 posted 0 reversed 0 wrong");
    expect_publish(town, MESSAGE(EVENT("2", "20.00")), "known");
    expect_pull(town, "0 posted 0 reversed 0 wrong");
    books_expect(town->books, "select count(*) from ledger.entry", "4");
    /* Another content is a new version; the former one does not come back over it. */
    expect_publish(town, MESSAGE(EVENT("2", "21.00")), "taken");
    expect_pull(town, "1 posted 1 reversed 0 wrong");
    expect_publish(town, MESSAGE(EVENT("2", "20.00")), "known");
    expect_pull(town, "0 posted 0 reversed 0 wrong");
    g_autoptr(GHashTable) books = books_ask_amounts(town->books, BALANCES);
    FISC_ASSERT_INT(sum_of(books, "1422"), -10100);
    /* Of another kind it is another event, and an id is the same whenever it is asked for. */
    g_auto(ServingAnswer) first = {0};
    g_auto(ServingAnswer) second = {0};
    publish_as(town, "ana", PATH "?dry_run=true", MESSAGE(EVENT("2", "20.00")), &first);
    publish_as(town, "ana", PATH, MESSAGE(EVENT("2", "22.00")), &second);
    FISC_ASSERT_TEXT(serving_answer_text(&first, "fiscalEvent/0/id"),
                     serving_answer_text(&second, "fiscalEvent/0/id"));
    FISC_ASSERT_INT(strlen(serving_answer_text(&first, "fiscalEvent/0/id")), 36);
    FISC_ASSERT_TEXT(serving_answer_text(&second, "responseHeader/msgId"), "m");
    FISC_ASSERT_TEXT(serving_answer_text(&second, "responseHeader/status"), "successful");
}

/* ---- what is wrong ---- */

#define GOOD EVENT("good", "1")
#define FIRST "/fiscalEvent/1"

static void
test_refused(void)
{
    static const struct {
        const char *event, *expected;
    } cases[] = {
        {"7", "422 VALUE_INVALID " FIRST},
        {EVENT_OF("", "DEMAND", "1", "1", AMOUNT("1")), "422 VALUE_MISSING " FIRST "/tenantId"},
        {EVENT_OF("pb.other", "DEMAND", "1", "1", AMOUNT("1")), "403 DENIED " FIRST "/tenantId"},
        {EVENT_OF("pb.nandpur", "GIFT", "1", "1", AMOUNT("1")),
         "422 VALUE_INVALID " FIRST "/eventType"},
        {EVENT_OF("pb.nandpur", "BILL", "", "1", AMOUNT("1")),
         "422 VALUE_MISSING " FIRST "/referenceId"},
        {EVENT_OF("pb.nandpur", "BILL", "1", "1.5", AMOUNT("1")),
         "422 DATE_INVALID " FIRST "/eventTime"},
        {EVENT_OF("pb.nandpur", "BILL", "1", "-1", AMOUNT("1")),
         "422 DATE_INVALID " FIRST "/eventTime"},
        {EVENT_OF("pb.nandpur", "BILL", "1", "null", AMOUNT("1")),
         "422 VALUE_MISSING " FIRST "/eventTime"},
        {EVENT_OF("pb.nandpur", "BILL", "1", "1", ""), "422 VALUE_MISSING " FIRST "/amountDetails"},
        {EVENT_OF("pb.nandpur", "BILL", "1", "1", AMOUNT("1") ",7"),
         "422 VALUE_INVALID " FIRST "/amountDetails/1"},
        {EVENT("1", "\"1,5\""), "422 AMOUNT_INVALID " FIRST "/amountDetails/0/amount"},
        {EVENT("1", "true"), "422 VALUE_INVALID " FIRST "/amountDetails/0/amount"},
        {EVENT("1", "1e40"), "422 AMOUNT_INVALID " FIRST "/amountDetails/0/amount"},
        {EVENT("good", "2"), "409 REFERENCE_CONFLICT " FIRST},
        {EVENT_OF("pb.nandpur", "BILL", "1", "1", "{\"amount\":1}"),
         "422 VALUE_MISSING " FIRST "/amountDetails/0/coaCode"},
    };
    g_autoptr(Serving) town = town_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *message = g_strdup_printf(MESSAGE("%s,%s"), GOOD, cases[i].event);
        expect_publish(town, message, cases[i].expected);
    }
    expect_publish(town, MESSAGE(""), "422 VALUE_INVALID /fiscalEvent");
    expect_publish(town, "{\"requestHeader\":{},\"fiscalEvent\":7}",
                   "422 VALUE_INVALID /fiscalEvent");
    /* Of a message that is wrong or cut off nothing is taken. */
    static const char whole[] = MESSAGE(GOOD "," GOOD);
    for (gsize length = 0; length < strlen(whole); length += 7) {
        g_autofree char *cut = g_strndup(whole, length);
        g_autofree char *told = publish(town, cut);
        CU_ASSERT_TRUE(g_str_has_prefix(told, "4"));
    }
    books_expect(town->books, "select count(*) from intake.delivery", "0");
    expect_publish(town, MESSAGE(GOOD), "taken");
}

static void
test_who(void)
{
    static const struct {
        const char *person, *path;
        int status;
    } cases[] = {
        {"ben", PATH, 403},
        {"ana", "/v1/feeders/nobody/fiscal/events/v1/_publish", 404},
        {"ana", "/v1/feeders/nandpur/fiscal/events/v1/_search", 404},
        {"ana", PATH "?dry_run=true", 202},
        {"ana", PATH, 202},
    };
    g_autoptr(Serving) town = town_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        books_expect(town->books, "select count(*) from intake.delivery", "0");
        publish_as(town, cases[i].person, cases[i].path, MESSAGE(GOOD), &answer);
        FISC_ASSERT_INT(answer.status, cases[i].status);
    }
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_TRUE(serving_request(town, "POST", PATH, "Content-Type: application/json\r\n",
                                   MESSAGE(GOOD), &answer));
    FISC_ASSERT_INT(answer.status, 401);
}

const FiscTest fisc_fiscal_event_tests[] = {
    {"events that are published stand in the books, and add up to what was said", test_published},
    {"an event is kept byte for byte, and its numbers digit for digit", test_verbatim},
    {"an event that comes again is known, another content replaces it, an old one does not",
     test_again},
    {"a wrong event is told with its place, and nothing of its message is taken", test_refused},
    {"events are taken from whom the register names, and from nobody else", test_who},
    {NULL, NULL},
};
