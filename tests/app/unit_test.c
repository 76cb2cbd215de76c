/* unit_test.c: units that change, through the flows: what is handed over, and what reports then
 * say. */
#include "fisc/unit.h"
#include "fisc/money.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_unit_tests[];

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static Books *
new_arda(void)
{
    Books *books = books_new();
    g_autofree char *folder = fisc_test_data("arda-2024");
    books_must_load(books, folder);
    books_set_period(books, "2025", "open");
    return books;
}

static FiscDate
day(const char *text)
{
    FiscDate date = 0;
    FISC_ASSERT_INT(fisc_date_parse(text, &date), 1);
    return date;
}

/* ---- successions ---- */

/* The road fund becomes a part of the budgetary central government. */
static const char *const road_fund[] = {"RDF", NULL};

static FiscSuccessionDone
succeed(Books *books, const char *into, const char *rule, bool is_dry)
{
    FiscSuccessionOrder order = {.entities = road_fund,
                                 .into = into,
                                 .rule = rule,
                                 .on = day("2025-01-01"),
                                 .article = "Act 7/2024",
                                 .is_dry = is_dry};
    FiscSuccessionDone done = {0};
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_unit_succeed(&books->ctx, &order, &done, &error);
    die_of(error);
    return done;
}

static void
approve(Books *books, const char *id)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *state = NULL;
    GError *error = NULL;
    books->ctx.actor = "anna";
    fisc_flow_document_approve(&books->ctx, id, NULL, &state, &receipt, &error);
    die_of(error);
    FISC_ASSERT_TEXT(state, "done");
}

static int64_t
figure(Books *books, const FiscReportQuery *query, const char *statement, const char *code)
{
    g_autoptr(FiscTable) table = books_report(books, query);
    g_autoptr(GHashTable) index = books_index(table, 3);
    g_autofree char *key = g_strdup_printf("%s|%s|%s", statement, query->unit, code);
    return books_amount(table, index, key, "amount");
}

static int64_t
closing(Books *books, const char *unit, const char *period, const char *code)
{
    FiscReportQuery query = {.name = "gfs", .unit = unit, .period = period};
    return figure(books, &query, "BS_CLOSE", code);
}

static void
test_a_unit_is_closed(void)
{
    g_autoptr(Books) books = new_arda();
    int64_t both = closing(books, "BCG", "2024", "6") + closing(books, "RDF", "2024", "6");
    int64_t group = closing(books, "CG", "2024", "6");
    g_auto(FiscSuccessionDone) dry = succeed(books, "BCG", NULL, true);
    FISC_ASSERT_INT(dry.moves->rows->len > 0, 1);
    FISC_ASSERT_TEXT(dry.entries, NULL);
    books_expect(books, "select count(*) from ledger.master where kind = 'succession'", "0");

    g_auto(FiscSuccessionDone) done = succeed(books, "BCG", NULL, false);
    FISC_ASSERT_TEXT(done.facts, NULL);
    FISC_ASSERT_INT(done.moves->rows->len, dry.moves->rows->len);
    g_auto(FiscSuccessionDone) again = succeed(books, "BCG", NULL, false);
    FISC_ASSERT_TEXT(again.entries, done.entries);
    books_expect(books, "select count(*) from ledger.master where kind = 'document'", "1");
    approve(books, done.entries);
    FISC_ASSERT_INT(closing(books, "RDF", "2025", "6"), 0);
    FISC_ASSERT_INT(closing(books, "RDF", "2025", "62"), 0);
    FISC_ASSERT_INT(closing(books, "BCG", "2025", "6"), both);
    FISC_ASSERT_INT(closing(books, "CG", "2025", "6"), group);

    g_auto(FiscSuccessionDone) nothing = succeed(books, "BCG", NULL, false);
    FISC_ASSERT_INT(nothing.moves->rows->len, 0);
    FISC_ASSERT_TEXT(nothing.entries, NULL);
    books_expect_whole(books);
}

/* What was moved can be taken back, entry by entry. */
static void
test_a_hand_over_is_reversed(void)
{
    g_autoptr(Books) books = new_arda();
    int64_t before = closing(books, "RDF", "2024", "6");
    g_auto(FiscSuccessionDone) done = succeed(books, "BCG LGS", "BCG:2 LGS:1", false);
    approve(books, done.entries);
    g_autofree char *list = books_ask(books, "select string_agg(reference, ' ' order by entry_id)"
                                             " from ledger.entry where period = 202501");
    g_auto(GStrv) references = g_strsplit(list, " ", -1);
    FISC_ASSERT_INT(g_strv_length(references) >= 3, 1);
    for (char **reference = references; *reference != NULL; reference++) {
        g_autoptr(FiscReceipt) receipt = NULL;
        GError *error = NULL;
        fisc_flow_reverse(&books->ctx, "unit", *reference, day("2025-01-01"), "a mistake", &receipt,
                          &error);
        die_of(error);
        FISC_ASSERT_INT(receipt->posted, 1);
    }
    FISC_ASSERT_INT(closing(books, "RDF", "2025", "6"), before);
    FISC_ASSERT_INT(closing(books, "LGS", "2025", "6"), closing(books, "LGS", "2024", "6"));
}

/* Two thirds and one third, to the cent; what all have together stays. */
static void
test_a_unit_is_split(void)
{
    g_autoptr(Books) books = new_arda();
    int64_t cash = closing(books, "RDF", "2024", "6202");
    int64_t before = closing(books, "LGS", "2024", "6202");
    int64_t group = closing(books, "GG", "2024", "6");
    int64_t weights[] = {2, 1}, parts[2];
    fisc_amount_split(cash, weights, 2, parts);
    g_auto(FiscSuccessionDone) done = succeed(books, "BCG LGS", "BCG:2 LGS:1", false);
    approve(books, done.entries);
    FISC_ASSERT_INT(cash > 0, 1);
    FISC_ASSERT_INT(closing(books, "LGS", "2025", "6202"), before + parts[1]);
    FISC_ASSERT_INT(closing(books, "RDF", "2025", "6202"), 0);
    FISC_ASSERT_INT(closing(books, "GG", "2025", "6"), group);
}

/* Restated, the one that took all over is what the group of both was: every figure of every
 * statement. */
static void
test_restated_the_successor_is_both(void)
{
    g_autoptr(Books) books = new_arda();
    FiscReportQuery group = {.name = "gfs",
                             .unit = "CG",
                             .period = "2024",
                             .statement = "SOO,SSUC,SOEF,BS_OPEN,BS_CLOSE,COFOG_DIV"};
    FiscReportQuery restated = group, reported = group;
    restated.unit = reported.unit = "BCG";
    restated.comparatives = "restated=2025";
    reported.comparatives = "reported";
    g_auto(FiscSuccessionDone) done = succeed(books, "BCG", NULL, false);
    approve(books, done.entries);
    g_autoptr(FiscTable) expected = books_report(books, &group);
    g_autoptr(FiscTable) table = books_report(books, &restated);
    g_autoptr(GHashTable) index = books_index(table, 3);
    int compared = 0;
    for (guint i = 0; i < expected->rows->len; i++) {
        const FiscRow *row = expected->rows->pdata[i];
        if (row->heading) {
            continue;
        }
        g_autofree char *key = g_strdup_printf("%s|BCG|%s", books_text(row, 0), books_text(row, 2));
        int64_t amount = books_amount(table, index, key, "amount");
        g_autofree char *got = g_strdup_printf("%s %" G_GINT64_FORMAT, key, amount);
        g_autofree char *wanted =
            g_strdup_printf("%s %" G_GINT64_FORMAT, key,
                            (int64_t)row->cells[fisc_table_column(expected, "amount")].number);
        FISC_ASSERT_TEXT(got, wanted);
        compared++;
    }
    FISC_ASSERT_INT(compared > 100, 1);
    FISC_ASSERT_INT(figure(books, &reported, "SOO", "1") == figure(books, &restated, "SOO", "1"),
                    0);
}

/* ---- facts ---- */

/* "" or what was refused or failed. Caller frees. */
static char *
answer_of(FiscReceipt *receipt, GError *error)
{
    g_autoptr(GError) failure = error;
    g_autoptr(FiscReceipt) owned = receipt;
    if (failure != NULL) {
        return g_strdup(failure->message);
    }
    return owned->refusals != NULL && owned->refusals->len > 0
               ? fisc_refusal_to_text(owned->refusals->pdata[0], 2)
               : g_strdup("");
}

static char *
change(Books *books, const FiscUnitChange *what)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    g_autofree char *document = NULL;
    fisc_flow_unit_change(&books->ctx, what, &document, &receipt, &error);
    return answer_of(receipt, error);
}

static char *
move(Books *books, const char *entity, const char *group, const char *on, bool is_end)
{
    FiscMembership what = {.entity = entity, .group = group, .day = day(on), .is_end = is_end};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    g_autofree char *document = NULL;
    fisc_flow_unit_membership(&books->ctx, &what, &document, &receipt, &error);
    return answer_of(receipt, error);
}

static void
test_who_leaves_takes_along_what_it_has(void)
{
    g_autoptr(Books) books = new_arda();
    int64_t both = closing(books, "LG", "2024", "6");
    int64_t north = closing(books, "LGN", "2024", "6");
    g_autofree char *left = move(books, "LGS", "LG", "2024-06-30", true);
    FISC_ASSERT_TEXT(left, "");
    FiscReportQuery query = {.name = "gfs", .unit = "LG", .period = "2024"};
    FISC_ASSERT_INT(closing(books, "LG", "2024", "6"), north);
    FISC_ASSERT_INT(both == north, 0);
    FISC_ASSERT_INT(figure(books, &query, "SOO", "NLBz"), 0);
    FISC_ASSERT_INT(figure(books, &query, "BS_CLOSE", "6") - figure(books, &query, "BS_OPEN", "6"),
                    figure(books, &query, "SOO", "NOB") + figure(books, &query, "SOEF", "4") +
                        figure(books, &query, "SOEF", "5"));
    g_autofree char *csv = books_report_csv(books, &query);
    g_autofree char *twice = move(books, "LGS", "LG", "2024-09-30", true);
    FISC_ASSERT_CONTAINS(twice, "LGS is no member of LG");
    g_autofree char *back = move(books, "LGS", "LG", "2025-01-01", false);
    FISC_ASSERT_TEXT(back, "");
    g_autofree char *same = books_report_csv(books, &query);
    FISC_ASSERT_TEXT(same, csv);
    FISC_ASSERT_INT(closing(books, "LG", "2025", "6"), both);
}

static void
test_a_sector_is_a_unit(void)
{
    g_autoptr(Books) books = new_arda();
    int64_t both = closing(books, "LG", "2024", "6");
    FISC_ASSERT_INT(closing(books, "S1313", "2024", "6"), both);
    FiscUnitChange state = {.entity = "LGS", .from = day("2024-07-01"), .sector = "S1312"};
    g_autofree char *changed = change(books, &state);
    FISC_ASSERT_TEXT(changed, "");
    FISC_ASSERT_INT(closing(books, "S1313", "2024", "6") + closing(books, "S1312", "2024", "6"),
                    both);
    FISC_ASSERT_INT(closing(books, "S1312", "2024", "6"), closing(books, "LGS", "2024", "6"));
}

/* Subsectors beside each other: in July one gives what the other gets, and the total is the
 * group's. */
static void
test_subsectors_beside_each_other(void)
{
    static const char *const columns[] = {"S1312", "S1313"};
    g_autoptr(Books) books = new_arda();
    FiscReportQuery alone = {.name = "gfs", .unit = "LGS", .period = "2024"};
    int64_t south = closing(books, "LGS", "2024", "6");
    int64_t own = figure(books, &alone, "SOEF", "5");
    FiscUnitChange state = {.entity = "LGS", .from = day("2024-07-01"), .sector = "S1312"};
    g_autofree char *changed = change(books, &state);
    FISC_ASSERT_TEXT(changed, "");
    FiscReportQuery query = {.name = "gfs",
                             .unit = "LG",
                             .period = "2024",
                             .statement = "SOEF,BS_CLOSE",
                             .beside = "subsectors"};
    for (int restated = 0; restated < 2; restated++) {
        query.comparatives = restated != 0 ? "restated" : NULL;
        g_autoptr(FiscTable) table = books_report(books, &query);
        g_autoptr(GHashTable) index = books_index(table, 3);
        int64_t volume[2], close[2];
        for (int i = 0; i < 2; i++) {
            volume[i] = books_amount(table, index, "SOEF|LG|5", columns[i]);
            close[i] = books_amount(table, index, "BS_CLOSE|LG|6", columns[i]);
        }
        FISC_ASSERT_INT(volume[0] != own, restated == 0); /* what came in in July */
        FISC_ASSERT_INT(close[0], south);
        FISC_ASSERT_INT(close[0] + close[1], closing(books, "LG", "2024", "6"));
    }
}

/* The year before, under the units of this one. */
static void
test_restated_columns_are_of_the_period_asked_for(void)
{
    g_autoptr(Books) books = new_arda();
    g_auto(FiscSuccessionDone) done = succeed(books, "BCG", NULL, false);
    approve(books, done.entries);
    FiscReportQuery query = {.name = "gfs",
                             .unit = "BCG",
                             .period = "2025",
                             .statement = "SOO",
                             .beside = "years=1",
                             .comparatives = "restated"};
    FiscReportQuery group = {.name = "gfs", .unit = "CG", .period = "2024", .statement = "SOO"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    g_autoptr(GHashTable) index = books_index(table, 3);
    FISC_ASSERT_INT(books_amount(table, index, "SOO|BCG|2", "2024"),
                    figure(books, &group, "SOO", "2"));
    FISC_ASSERT_INT(books_amount(table, index, "SOO|BCG|2", "2025"), 0);
}

static void
test_what_makes_no_sense_is_refused(void)
{
    g_autoptr(Books) books = new_arda();
    const struct {
        FiscUnitChange change;
        const char *answer;
    } cases[] = {
        {{.entity = "LGS"}, "say what LGS is from that day on"},
        {{.entity = "LGS", .sector = "local"}, "is not an SNA sector like S13111"},
        {{.entity = "LGS", .cp_code = "9"}, "is not a counterparty code"},
        {{.entity = "LGS", .reporting = "yes"}, "is not Y or N"},
        {{.entity = "NOBODY", .name = "x"}, "no entity \"NOBODY\" is on record"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscUnitChange one = cases[i].change;
        one.from = day("2024-07-01");
        g_autofree char *answer = change(books, &one);
        FISC_ASSERT_CONTAINS(answer, cases[i].answer);
    }
    static const struct {
        const char *entity, *into, *rule, *answer;
    } successions[] = {
        {"NOBODY", "BCG", NULL, "NOBODY"},
        {"RDF", "NOBODY", NULL, "NOBODY"},
        {"RDF", "BCG", "LGS:1", "names a unit that is no successor"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(successions); i++) {
        const char *const entities[] = {successions[i].entity, NULL};
        FiscSuccessionOrder order = {.entities = entities,
                                     .into = successions[i].into,
                                     .rule = successions[i].rule,
                                     .on = day("2025-01-01")};
        g_auto(FiscSuccessionDone) done = {0};
        g_autoptr(GError) error = NULL;
        FISC_ASSERT_INT(fisc_flow_unit_succeed(&books->ctx, &order, &done, &error), 0);
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", successions[i].answer);
    }
    books_expect(books,
                 "select count(*) from ledger.master where kind in ('succession', 'history')", "0");
}

static void
test_what_is_on_record_is_shown(void)
{
    g_autoptr(Books) books = new_arda();
    FiscUnitChange renamed = {.entity = "RDF", .from = day("2024-07-01"), .name = "Road Agency"};
    g_autofree char *changed = change(books, &renamed);
    g_autofree char *left = move(books, "RDF", "CG", "2024-12-31", true);
    FISC_ASSERT_TEXT(changed, "");
    FISC_ASSERT_TEXT(left, "");
    static const struct {
        const char *on, *name, *groups;
    } cases[] = {{"2024-06-30", "Road Development Fund", "CG GG"},
                 {"2024-07-01", "Road Agency", "CG GG"},
                 {"2025-01-01", "Road Agency", "GG"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) list = NULL;
        GError *error = NULL;
        fisc_flow_unit_list(&books->ctx, day(cases[i].on), &list, &error);
        die_of(error);
        g_autoptr(GHashTable) index = books_index(list, 1);
        const FiscRow *row = g_hash_table_lookup(index, "RDF");
        FISC_ASSERT_TEXT(books_text(row, 1), cases[i].name);
        FISC_ASSERT_TEXT(books_text(row, 5), cases[i].groups);
    }
    g_autoptr(FiscTable) shown = NULL;
    GError *error = NULL;
    fisc_flow_unit_show(&books->ctx, "RDF", &shown, &error);
    die_of(error);
    GString *out = g_string_new(NULL);
    fisc_table_render(shown, FISC_FORMAT_CSV, out);
    g_autofree char *csv = g_string_free(out, FALSE);
    FISC_ASSERT_CONTAINS(csv, "2024-07-01,,name,Road Agency,");
    FISC_ASSERT_CONTAINS(csv, "1900-01-01,2024-12-31,member of,CG,");
}

const FiscTest fisc_unit_tests[] = {
    {"a unit is closed: once, and nothing is left", test_a_unit_is_closed},
    {"a hand-over is reversed entry by entry", test_a_hand_over_is_reversed},
    {"a unit is split by parts", test_a_unit_is_split},
    {"restated, who took all over is what the group of both was",
     test_restated_the_successor_is_both},
    {"who leaves a group takes along what it has", test_who_leaves_takes_along_what_it_has},
    {"a sector can be asked about, and a unit changes it", test_a_sector_is_a_unit},
    {"subsectors stand beside each other, and one gets what the other gives",
     test_subsectors_beside_each_other},
    {"restated columns are as of the period that was asked for",
     test_restated_columns_are_of_the_period_asked_for},
    {"what makes no sense is refused", test_what_makes_no_sense_is_refused},
    {"what is on record is shown, as of a day", test_what_is_on_record_is_shown},
    {NULL, NULL},
};
