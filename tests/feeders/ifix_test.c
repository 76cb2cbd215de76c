/* ifix_test.c: fiscal events, asked of an iFIX by the time at which it took them: first, again,
 * later, said twice, said otherwise, and what its answers have of their own. Broken answers are
 * api_test.c's. */
#include "tests/feeders/servers.h"
#include "tests/feeders/town.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_ifix_tests[];

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AMOUNT(id, amount)                                                                         \
    "{\"id\":\"" id "\",\"amount\":" amount ",\"coaId\":\"c\",\"fromBillingPeriod\":0}"

typedef struct {
    Source *source;
    Town town;
    int64_t now_ms;
} Rig;

static Rig
rig_new(void)
{
    Rig rig = {.source = source_start(), .now_ms = g_get_real_time() / 1000};
    g_autofree char *at = g_strdup_printf("http://127.0.0.1:%d/ifix/", rig.source->http);
    g_autofree char *trust =
        g_strdup_printf("http=yes;private=127.0.0.1:%d;zone=+00:00", rig.source->http);
    rig.town = town_new_ifix(at, trust);
    return rig;
}

static void
rig_clear(Rig *rig)
{
    town_free(&rig->town);
    source_stop(rig->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rig, rig_clear)

/* An event that iFIX took so many minutes ago. Caller frees. */
static char *
event(const Rig *rig, const char *id, const char *reference, int minutes, const char *amounts)
{
    return g_strdup_printf(
        "{\"id\":\"%s\",\"tenantId\":\"pb\",\"eventType\":\"Bill\",\"eventTime\":1704110400000,"
        "\"ingestionTime\":%" G_GINT64_FORMAT ",\"referenceId\":\"%s\",\"linkedEventId\":null,"
        "\"receivers\":[null],\"attributes\":null,\"amountDetails\":[%s]}",
        id, rig->now_ms - (int64_t)minutes * 60 * 1000, reference, amounts);
}

/* Writes what iFIX has; takes the texts, which end with NULL. */
static void
set_events(const Rig *rig, char *const *events)
{
    g_autofree char *list = g_strjoinv(",", (char **)events);
    g_autofree char *text = g_strconcat("[", list, "]", NULL);
    town_write(rig->source->folder, "events.json", text);
    for (int i = 0; events[i] != NULL; i++) {
        g_free(events[i]);
    }
}

#define SET(rig, ...) set_events(rig, (char *const[]){__VA_ARGS__, NULL})

/* "posted reversed unchanged" of all runs of a pull. */
static void
expect_pull(Rig *rig, const char *expected)
{
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = feeders, .tries = 1};
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GError) error = NULL;
    int posted = 0, reversed = 0, unchanged = 0;
    if (!fisc_flow_pull(&rig->town.books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        posted += run->posted;
        reversed += run->reversed;
        unchanged += run->unchanged;
        FISC_ASSERT_INT(run->refusals->len, 0);
    }
    g_autofree char *told = g_strdup_printf("%d %d %d", posted, reversed, unchanged);
    FISC_ASSERT_TEXT(told, expected);
    books_expect_whole(rig->town.books);
}

#define SUPPLIES                                                                                   \
    "select coalesce(sum(x.amount), 0) from ledger.entry e"                                        \
    " cross join unnest(e.coding, e.amount) as x (coding_id, amount)"                              \
    " join ledger.coding k using (coding_id) join ledger.master m on m.book_id = k.book_id"        \
    "  and m.kind = 'account' and m.number = k.account_id and m.subject = '22'"

static void
test_life(void)
{
    g_auto(Rig) rig = rig_new();
    /* More than a page, the last one first, one of them a year old. */
    SET(&rig, event(&rig, "5", "E5", 10, AMOUNT("a5", "5")),
        event(&rig, "4", "E/4", 11, AMOUNT("a4", "4.00")),
        event(&rig, "3", "E3", 12, AMOUNT("a3", "3.5")),
        event(&rig, "2", "E2", 13, AMOUNT("a2", "2")),
        event(&rig, "1", "E1", 525600, AMOUNT("a1", "1")));
    expect_pull(&rig, "5 0 0");
    books_expect(rig.town.books, SUPPLIES, "1550");
    expect_pull(&rig, "0 0 0");
    /* iFIX was sent E2 once more, and has taken it as another event; nothing is posted of it. */
    SET(&rig, event(&rig, "9", "E2", 5, AMOUNT("b2", "2.00")),
        event(&rig, "2", "E2", 13, AMOUNT("a2", "2")));
    expect_pull(&rig, "0 0 1");
    /* And once more in other words: what it took last counts, in whatever order it tells. */
    SET(&rig, event(&rig, "2", "E2", 13, AMOUNT("a2", "2")),
        event(&rig, "12", "E2", 3, AMOUNT("c2", "7")),
        event(&rig, "9", "E2", 5, AMOUNT("b2", "2.00")));
    expect_pull(&rig, "1 1 0");
    books_expect(rig.town.books, SUPPLIES, "2050");
    /* An amount stands once for each receiver, in any order. */
    SET(&rig,
        event(&rig, "20", "E6", 2,
              AMOUNT("x", "1") "," AMOUNT("y", "2") "," AMOUNT("x", "1") "," AMOUNT("y", "2")));
    expect_pull(&rig, "2 0 0");
    SET(&rig, event(&rig, "20", "E6", 2, AMOUNT("y", "2") "," AMOUNT("x", "1")));
    expect_pull(&rig, "0 0 0");
    books_expect(rig.town.books, SUPPLIES, "2350");
}

/* A day before the last pull ended, to now; from the beginning at another address. */
static void
test_cursor(void)
{
    g_auto(Rig) rig = rig_new();
    SET(&rig, event(&rig, "1", "E1", 1, AMOUNT("a1", "1")));
    expect_pull(&rig, "1 0 0");
    g_autofree char *first = source_ask(rig.source, "/asked/");
    expect_pull(&rig, "0 0 0");
    g_autofree char *second = source_ask(rig.source, "/asked/");
    int64_t to_ms = g_ascii_strtoll(strchr(first, ' ') + 1, NULL, 10);
    FISC_ASSERT_INT(atoi(first), 1);
    FISC_ASSERT_INT(g_ascii_strtoll(second, NULL, 10), to_ms - DAY_MS);
    /* An answer that is wrong leaves the cursor where it was. */
    SET(&rig, g_strdup("{\"id\":\"2\",\"ingestionTime\":1}"),
        event(&rig, "3", "E3", 1, AMOUNT("a", "1") "}"));
    town_expect_no_pull(&rig.town, "failed", "127.0.0.1");
    g_autofree char *cursor = books_ask(rig.town.books, "select cursor from intake.watch");
    CU_ASSERT_TRUE(g_str_has_suffix(cursor, "/ifix/") && strstr(cursor, " pb ") != NULL);
}

/* An event that cannot be read keeps nobody else; one that was not asked for is believed nowhere.
 */
static void
test_wrong(void)
{
    g_auto(Rig) rig = rig_new();
    SET(&rig, event(&rig, "1", "E1", 1, AMOUNT("a1", "1")),
        event(&rig, "2", "E2", 1, AMOUNT("a2", "1e30")));
    g_autofree char *told = town_pull(&rig.town);
    FISC_ASSERT_TEXT(told, "posted 1 0 0");
    books_expect(rig.town.books,
                 "select r.part || ' ' || j.field || ' ' || j.code from intake.run r"
                 " join intake.reject j using (book_id, run_id)",
                 "BILL-E2.json /amountDetails/0/amount AMOUNT_INVALID");
    static const char *const strangers[] = {
        "{\"id\":\"1\",\"tenantId\":\"other\",\"eventType\":\"BILL\",\"referenceId\":\"E\","
        "\"ingestionTime\":%" G_GINT64_FORMAT "}",
        "{\"tenantId\":\"pb\",\"eventType\":\"BILL\",\"referenceId\":\"E\","
        "\"ingestionTime\":%" G_GINT64_FORMAT "}",
        "{\"id\":\"1\",\"tenantId\":\"pb\",\"eventType\":\"GIFT\",\"referenceId\":\"E\","
        "\"ingestionTime\":%" G_GINT64_FORMAT "}",
    };
    static const char *const reasons[] = {"not asked for", "without id", "without id"};
    for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++) {
        g_auto(GStrv) sides = g_strsplit(strangers[i], "%" G_GINT64_FORMAT, 2);
        SET(&rig, g_strdup_printf("%s%" G_GINT64_FORMAT "%s", sides[0], rig.now_ms, sides[1]));
        town_expect_no_pull(&rig.town, "failed", reasons[i]);
    }
}

const FiscTest fisc_ifix_tests[] = {
    {"events are taken once, whatever iFIX was sent how often; the last word counts", test_life},
    {"events are asked for by when they were taken, from a day before the last pull", test_cursor},
    {"a wrong event is quarantined by itself; what was not asked for is not taken", test_wrong},
    {NULL, NULL},
};
