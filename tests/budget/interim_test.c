/* interim_test.c: what may be spent before there is a law: shares, months, texts (rule R16). */
#include "fisc/enactment.h"
#include "tests/support/suite.h"
#include <string.h>

#define SEED 16

extern const FiscTest fisc_interim_tests[];

static FiscNation *
small_nation(void)
{
    FiscNation *nation = fisc_nation_new();
    fisc_nation_add_entity(nation, "AGY", "Agency", "S13112", "12", true, "");
    fisc_nation_add_entity(nation, "MIN", "Ministry", "S13111", "11", true, "");
    return nation;
}

static void
add(FiscInterim *interim, const char *entity, const char *programme, int64_t amount)
{
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_PROGRAMME] = programme, [FISC_DIM_COUNTERPARTY] = "CORP"};
    fisc_interim_add(interim, entity, dim, amount);
}

static int64_t
given(const FiscInterim *interim, int line, int months)
{
    const FiscInterimLine *of = interim->lines->pdata[line];
    int64_t sum = 0;
    for (int i = 0; i < months; i++) {
        sum += of->month[i];
    }
    return sum;
}

/* R16: last year 1,200: January 100, by February 200, and twelve months are the whole. */
static void
test_shares_are_cumulative(void)
{
    static const struct {
        int64_t appropriated;
        int64_t by_january, by_february, by_december;
    } cases[] = {
        {1200, 100, 200, 1200},
        {1000, 83, 167, 1000},
        {7, 1, 1, 7},
        {5, 0, 1, 5},
        {0, 0, 0, 0},
        {-12, 0, 0, 0},
        {INT64_MAX, INT64_MAX / 12 + 1, INT64_MAX / 6, INT64_MAX},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int step = 1; step <= 12; step += 11) { /* month by month, and all at once */
            g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
            add(interim, "MIN", "1", cases[i].appropriated);
            for (int month = step; month <= 12; month += step) {
                fisc_interim_give(interim, month);
            }
            FISC_ASSERT_INT(given(interim, 0, 1), cases[i].by_january);
            FISC_ASSERT_INT(given(interim, 0, 2), cases[i].by_february);
            FISC_ASSERT_INT(given(interim, 0, 12), cases[i].by_december);
        }
    }
}

/* Whatever was appropriated and whichever months are given together: by each month exactly the
 * rounded twelfths, counted from the year's begin, never more than the whole. */
static void
test_shares_at_random(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    for (int round = 0; round < 2000; round++) {
        g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
        int64_t whole = (int64_t)g_rand_int(random) * g_rand_int_range(random, 1, 1000);
        add(interim, "MIN", "1", whole);
        for (int month = 0; month < 12;) {
            month = g_rand_int_range(random, month + 1, 13);
            fisc_interim_give(interim, month);
        }
        for (int month = 1; month <= 12; month++) {
            /* the whole number nearest to whole x month / 12, upwards from the half */
            int64_t twelfths = whole / 12 * month + (whole % 12 * month * 2 + 12) / 24;
            FISC_ASSERT_INT(given(interim, 0, month), twelfths);
        }
        FISC_ASSERT_INT(given(interim, 0, 12), whole);
    }
}

static void
test_lines_are_added_up(void)
{
    g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
    add(interim, "MIN", "2", 500);
    add(interim, "MIN", "1", 700);
    add(interim, "AGY", "9", 60);
    add(interim, "MIN", "1", 500);
    fisc_interim_give(interim, 1);
    FISC_ASSERT_INT(interim->lines->len, 3);
    static const char *const entities[] = {"AGY", "MIN", "MIN"};
    static const int64_t amounts[] = {60, 1200, 500};
    for (guint i = 0; i < interim->lines->len; i++) {
        const FiscInterimLine *line = interim->lines->pdata[i];
        FISC_ASSERT_TEXT(line->entity, entities[i]);
        FISC_ASSERT_INT(line->appropriated, amounts[i]);
    }
}

/* Class "new projects": nothing; the first class that matches is the one. */
static void
test_classes(void)
{
    static const struct {
        const char *classes;
        int64_t by_february; /* of 1,200 on programme 17 of MIN */
        const char *refusal;
    } cases[] = {
        {"programme,share\n1,0\n", 0, ""},
        {"programme,share\n2,0\n", 200, ""},
        {"programme,share\n17,1/6\n1,0\n", 400, ""},
        {"programme,share\n1,0\n17,1/6\n", 0, ""},
        {"entity,programme,share,article\nAGY,,0,Art. 9\nMIN,,1,Art. 8\n", 1200, ""},
        {"entity,share\nMIN,2/12\n", 400, ""},
        {"programme,share\n1,2\n", 0, "VALUE_INVALID share"},
        {"programme,share\n1,1/0\n", 0, "VALUE_INVALID share"},
        {"programme,share\n1,1/2/3\n", 0, "VALUE_INVALID share"},
        {"programme,share\n1,-1/12\n", 0, "VALUE_INVALID share"},
        {"programme,share\n1,\n", 0, "VALUE_INVALID share"},
        {"programme\n1\n", 0, "COLUMN_MISSING share"},
        {"party,share\n1,0\n", 0, "COLUMN_UNKNOWN party"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        add(interim, "MIN", "17", 1200);
        bool is_good = fisc_interim_classify(interim, "classes.csv", cases[i].classes,
                                             strlen(cases[i].classes), refusals);
        FISC_ASSERT_INT(is_good, *cases[i].refusal == '\0');
        if (!is_good) {
            const FiscRefusal *refusal = refusals->pdata[0];
            g_autofree char *text =
                g_strdup_printf("%s %s", fisc_error_name(refusal->code), refusal->field);
            FISC_ASSERT_TEXT(text, cases[i].refusal);
            continue;
        }
        fisc_interim_give(interim, 2);
        fisc_assert_int(given(interim, 0, 2), cases[i].by_february, cases[i].classes, __FILE__,
                        __LINE__);
    }
}

/* ---- texts ---- */

static char *
text_of(const FiscInterim *interim)
{
    g_autoptr(FiscNation) nation = small_nation();
    return fisc_interim_write(interim, nation);
}

static FiscInterim *
interim_of(const char *text)
{
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscInterim *interim = fisc_interim_read("text", text, strlen(text), nation, refusals);
    FISC_ASSERT_INT(refusals->len, 0);
    return interim;
}

static void
test_texts(void)
{
    g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
    add(interim, "MIN", "1", 120000);
    add(interim, "AGY", "a \"b\", c", 999);
    fisc_interim_give(interim, 2);
    g_autofree char *text = text_of(interim);
    FISC_ASSERT_CONTAINS(text, ",1200.00,1/12,,100.00,100.00,,,,,,,,,,\n");
    g_autoptr(FiscInterim) again = interim_of(text);
    FISC_ASSERT_INT(again->year, 2019);
    FISC_ASSERT_INT(again->through, 2);
    g_autofree char *same = text_of(again);
    FISC_ASSERT_TEXT(same, text);
}

static void
test_continues(void)
{
    g_autoptr(FiscInterim) first = fisc_interim_new(2019);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    static const char classes[] = "programme,share\n2,1/6\n";
    add(first, "MIN", "1", 1200);
    add(first, "MIN", "2", 1200);
    fisc_interim_classify(first, "c", classes, strlen(classes), refusals);
    fisc_interim_give(first, 1);
    g_autofree char *text = text_of(first);
    g_autoptr(FiscInterim) before = interim_of(text);
    g_autoptr(FiscInterim) next = fisc_interim_new(2019);
    add(next, "MIN", "1", 1200);
    add(next, "MIN", "3", 600); /* found later */
    fisc_interim_continue(next, before);
    fisc_interim_give(next, 2);
    static const int64_t by_february[] = {200, 0,
                                          100}; /* programme 2 was not appropriated at all */
    for (int i = 0; i < 3; i++) {
        FISC_ASSERT_INT(given(next, i, 2), by_february[i]);
    }
    FISC_ASSERT_INT(given(next, 1, 1), 200); /* what was given stays on record */
}

/* ---- entries ---- */

static char *
dump(const FiscSubmission *content)
{
    GString *text = g_string_new(NULL);
    char date[FISC_DATE_TEXT];
    for (guint i = 0; i < content->events->len; i++) {
        const FiscEvent *event = content->events->pdata[i];
        g_string_append_printf(text, "%s %s\n", event->kind, event->subject);
    }
    for (guint i = 0; i < content->entries->len; i++) {
        const FiscEntry *entry = content->entries->pdata[i];
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, 0);
        g_autofree char *reference = g_strdup(entry->reference);
        *strrchr(reference, '/') = '\0'; /* the digest of the line's name */
        g_string_append_printf(text, "%s %s %s %" G_GINT64_FORMAT " %s\n",
                               fisc_date_format(entry->effective, date), reference, line->account,
                               line->amount, line->dim[FISC_DIM_PROGRAMME]);
    }
    return g_string_free(text, FALSE);
}

static void
test_months_are_posted(void)
{
    static const char classes[] = "programme,share\n2,0\n";
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    add(interim, "MIN", "1", 1200);
    add(interim, "MIN", "2", 600);
    fisc_interim_classify(interim, "c", classes, strlen(classes), refusals);
    fisc_interim_give(interim, 3);
    static const struct {
        int after;
        const char *expected;
    } cases[] = {
        {0, "budget_line MIN/programme=2/2019\n"
            "2019-01-01 INTERIM-2019/01/MIN B11 100 1\n"
            "2019-02-01 INTERIM-2019/02/MIN B11 100 1\n"
            "2019-03-01 INTERIM-2019/03/MIN B11 100 1\n"},
        {2, "2019-03-01 INTERIM-2019/03/MIN B11 100 1\n"},
        {3, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        fisc_interim_post(content, interim, cases[i].after, "Art. 134", nation);
        g_autofree char *text = dump(content);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

static void
test_a_law_takes_it_back(void)
{
    static const struct {
        int month, day;
        const char *expected;
    } cases[] = {
        {1, 1,
         "2019-01-01 L/INTERIM/01/MIN B11 -100 1\n"
         "2019-02-01 L/INTERIM/02/MIN B11 -100 1\n"
         "2019-03-01 L/INTERIM/03/MIN B11 -100 1\n"},
        {2, 15,
         "2019-02-15 L/INTERIM/02/MIN B11 -200 1\n"
         "2019-03-01 L/INTERIM/03/MIN B11 -100 1\n"},
        {3, 1, "2019-03-01 L/INTERIM/03/MIN B11 -300 1\n"},
        {6, 30, "2019-06-30 L/INTERIM/03/MIN B11 -300 1\n"},
    };
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscInterim) interim = fisc_interim_new(2019);
    add(interim, "MIN", "1", 1200);
    add(interim, "MIN", "2", 0);
    fisc_interim_give(interim, 3);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        fisc_interim_end(content, interim, "L", fisc_date_make(2019, cases[i].month, cases[i].day),
                         nation);
        g_autofree char *text = dump(content);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

const FiscTest fisc_interim_tests[] = {
    {"gives a twelfth a month, cumulative, and the whole in twelve (R16)",
     test_shares_are_cumulative},
    {"gives every month its twelfths at random (R16)", test_shares_at_random},
    {"adds up what was appropriated to one line", test_lines_are_added_up},
    {"gives classes of lines their own share, or nothing", test_classes},
    {"reads what it has written", test_texts},
    {"goes on from what was given before", test_continues},
    {"posts each month on its first day", test_months_are_posted},
    {"takes all of it back with the law, in no month more than was given",
     test_a_law_takes_it_back},
    {NULL, NULL},
};
