/* enact_test.c: from the lines of a version to the entries of a law, as tables: what is
 * appropriated, what a supplement changes, what is refused. */
#include "fisc/enactment.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_enact_tests[];

/* ---- versions and laws ---- */

typedef struct {
    const char *entity, *line;
    FiscPlanSide side;
    const char *programme, *economic;
    int64_t amount;
    int64_t mark, amendment; /* 0 = not given, -1 = given as zero */
} Row;

static FiscNation *
small_nation(void)
{
    FiscNation *nation = fisc_nation_new();
    fisc_nation_add_entity(nation, "AGY", "Agency", "S13112", "12", true, "");
    fisc_nation_add_entity(nation, "MIN", "Ministry", "S13111", "11", true, "");
    fisc_nation_add_entity(nation, "KWT", "Embassy", "S13111", "13", true, "KWD");
    return nation;
}

static void
set_figure(FiscPlanLine *line, FiscFigureKind figure, int64_t amount)
{
    line->figure[figure].is_given = amount != 0;
    line->figure[figure].amount[0] = MAX(amount, 0);
}

static FiscPlanLines *
version_of(const char *name, const Row *rows)
{
    FiscPlanFrame frame = {.version = name, .year = 2019, .years = 4, .decimals = 2};
    FiscPlanLines *lines = fisc_plan_lines_new(&frame);
    for (; rows->line != NULL; rows++) {
        FiscPlanLine *line = fisc_plan_lines_add(lines);
        line->entity = fisc_plan_lines_text(lines, rows->entity);
        line->line = fisc_plan_lines_text(lines, rows->line);
        line->side = rows->side;
        line->dim[FISC_DIM_PROGRAMME] = fisc_plan_lines_text(lines, rows->programme);
        line->dim[FISC_DIM_ECONOMIC] = fisc_plan_lines_text(lines, rows->economic);
        line->title = fisc_plan_lines_text(lines, "Paper");
        line->figure[FISC_FIGURE_REQUEST].is_given = true;
        line->figure[FISC_FIGURE_REQUEST].amount[0] = rows->amount;
        line->figure[FISC_FIGURE_REQUEST].amount[1] = 777; /* an outer year: the plan alone */
        set_figure(line, FISC_FIGURE_MARK, rows->mark);
        set_figure(line, FISC_FIGURE_AMENDMENT, rows->amendment);
    }
    return lines;
}

/* "2019-01-01 L/MIN/1 B11 100 programme=1": what people would compare by eye. */
static void
append_entry(GString *text, const FiscEntry *entry)
{
    char date[FISC_DATE_TEXT];
    const FiscLine *line = &g_array_index(entry->lines, FiscLine, 0);
    const FiscLine *contra = &g_array_index(entry->lines, FiscLine, 1);
    g_string_append_printf(text, "%s %s %s>%s %" G_GINT64_FORMAT,
                           fisc_date_format(entry->effective, date), entry->reference,
                           line->account, contra->account, line->amount);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (line->dim[i] != NULL) {
            g_string_append_printf(text, " %s", line->dim[i]);
        }
    }
    g_string_append_c(text, '\n');
}

static char *
dump(const FiscSubmission *content)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < content->events->len; i++) {
        const FiscEvent *event = content->events->pdata[i];
        g_string_append_printf(text, "%s %s\n", event->kind, event->subject);
    }
    for (guint i = 0; i < content->entries->len; i++) {
        append_entry(text, content->entries->pdata[i]);
    }
    return g_string_free(text, FALSE);
}

static char *
dump_refusals(const FiscRefusals *refusals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%s %s\n", fisc_error_name(refusal->code), refusal->field);
    }
    return g_string_free(text, FALSE);
}

/* The law of @rows, or of what differs from @base, as text; refusals as text when refused. */
static char *
enact(const Row *rows, const Row *base)
{
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = version_of("2019-bill", rows);
    g_autoptr(FiscPlanLines) before = base != NULL ? version_of("2019-law", base) : NULL;
    FiscEnactment enactment = {.law = "L",
                               .title = "The budget",
                               .on = fisc_date_make(2019, 1, 1),
                               .base = base != NULL ? "2019-law" : NULL};
    bool is_good = fisc_budget_enact(content, &enactment, lines, before, nation, refusals);
    FISC_ASSERT_INT(is_good, refusals->len == 0);
    return is_good ? dump(content) : dump_refusals(refusals);
}

#define SPEND FISC_SIDE_EXPENDITURE
#define EARN FISC_SIDE_REVENUE
#define END                                                                                        \
    {                                                                                              \
        .line = NULL                                                                               \
    }

/* ---- an original budget ---- */

static void
test_original(void)
{
    static const Row rows[] = {
        {"AGY", "1", SPEND, "9", "22", 5000}, {"MIN", "1", SPEND, "1", "21", 10000},
        {"MIN", "2", SPEND, "1", "22", 0},    {"MIN", "3", EARN, "", "30", 8000},
        {"MIN", "4", EARN, "", "31", 0},      END,
    };
    g_autofree char *text = enact(rows, NULL);
    FISC_ASSERT_TEXT(text, "law L\n"
                           "budget_line MIN/programme=1/economic=22/2019\n"
                           "2019-01-01 L/AGY/1 B11>B20 5000 9 22\n"
                           "2019-01-01 L/MIN/1 B11>B20 10000 1 21\n"
                           "2019-01-01 L/MIN/3 B31>B30 8000 30\n");
}

/* What the legislature makes of it prevails, and what it took away is marked. */
static void
test_amendments(void)
{
    static const Row rows[] = {
        {"MIN", "1", SPEND, "1", "21", 10000, .mark = 9000, .amendment = 9500},
        {"MIN", "2", SPEND, "1", "22", 10000, .mark = 9000, .amendment = 8000},
        {"MIN", "3", SPEND, "1", "23", 10000, .amendment = -1},
        {"MIN", "4", SPEND, "1", "24", 10000, .mark = 9000},
        {"MIN", "5", EARN, "", "30", 10000, .amendment = 5000},
        END,
    };
    g_autofree char *text = enact(rows, NULL);
    FISC_ASSERT_TEXT(text, "law L\n"
                           "cut_line MIN/programme=1/economic=22/2019\n"
                           "budget_line MIN/programme=1/economic=23/2019\n"
                           "cut_line MIN/programme=1/economic=23/2019\n"
                           "2019-01-01 L/MIN/1 B11>B20 9500 1 21\n"
                           "2019-01-01 L/MIN/2 B11>B20 8000 1 22\n"
                           "2019-01-01 L/MIN/4 B11>B20 9000 1 24\n"
                           "2019-01-01 L/MIN/5 B31>B30 5000 30\n");
}

static void
test_words_of_an_entry(void)
{
    static const Row rows[] = {{"MIN", "1", SPEND, "1", "21", 100}, END};
    static const struct {
        const char *article, *annex, *own_article, *own_annex, *title, *memo;
    } cases[] = {
        {"", "", "", "", "Paper", "Paper"},
        {"Art. 2", "Annex I", "", "", "Paper", "Art. 2, Annex I: Paper"},
        {"Art. 2", "Annex I", "Art. 7", "", "Paper", "Art. 7, Annex I: Paper"},
        {"Art. 2", "", "", "Annex III", "Paper", "Art. 2, Annex III: Paper"},
        {"Art. 2", "", "", "", "", "Art. 2"},
        {NULL, NULL, "", "", "", ""},
    };
    g_autoptr(FiscNation) nation = small_nation();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscPlanLines) lines = version_of("v", rows);
        FiscPlanLine *line = lines->lines->pdata[0];
        line->article = cases[i].own_article;
        line->annex = cases[i].own_annex;
        line->title = cases[i].title;
        line->dim[FISC_DIM_COUNTERPARTY] = "CORP"; /* who is paid is not the budget's */
        line->dim[FISC_DIM_GFS] = "22";
        FiscEnactment enactment = {.law = "L",
                                   .title = "T",
                                   .on = fisc_date_make(2019, 1, 1),
                                   .article = cases[i].article,
                                   .annex = cases[i].annex};
        CU_ASSERT_TRUE(fisc_budget_enact(content, &enactment, lines, NULL, nation, refusals));
        const FiscEntry *entry = content->entries->pdata[0];
        FISC_ASSERT_TEXT(entry->memo, cases[i].memo);
        FISC_ASSERT_TEXT(entry->document, "L");
        FISC_ASSERT_TEXT(g_array_index(entry->lines, FiscLine, 0).dim[FISC_DIM_COUNTERPARTY], NULL);
        FISC_ASSERT_TEXT(g_array_index(entry->lines, FiscLine, 0).dim[FISC_DIM_GFS], "22");
        fisc_entry_check(entry, refusals);
        FISC_ASSERT_INT(refusals->len, 0);
    }
}

/* A title may be longer than a memo; it is cut where a character ends. */
static void
test_long_titles(void)
{
    static const Row rows[] = {{"MIN", "1", SPEND, "1", "21", 100}, END};
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = version_of("v", rows);
    g_autoptr(GString) title = g_string_new("a"); /* odd, so that the limit falls into an é */
    for (int i = 0; i < FISC_MEMO_MAX; i++) {
        g_string_append(title, "é");
    }
    ((FiscPlanLine *)lines->lines->pdata[0])->title = title->str;
    FiscEnactment enactment = {.law = "L", .title = "T", .on = fisc_date_make(2019, 1, 1)};
    CU_ASSERT_TRUE(fisc_budget_enact(content, &enactment, lines, NULL, nation, refusals));
    const FiscEntry *entry = content->entries->pdata[0];
    FISC_ASSERT_INT(strlen(entry->memo), FISC_MEMO_MAX - 1);
    CU_ASSERT_TRUE(g_utf8_validate(entry->memo, -1, NULL));
}

/* ---- a supplement ---- */

static const Row enacted[] = {
    {"AGY", "1", SPEND, "9", "22", 5000},
    {"MIN", "1", SPEND, "1", "21", 10000},
    {"MIN", "2", SPEND, "1", "22", 6000},
    {"MIN", "3", EARN, "", "30", 8000},
    END,
};

static void
test_supplements(void)
{
    static const struct {
        const char *what;
        Row rows[6];
        const char *expected;
    } cases[] = {
        {"more, less and new; increases first",
         {{"AGY", "1", SPEND, "9", "22", 4000},
          {"MIN", "1", SPEND, "1", "21", 10000},
          {"MIN", "2", SPEND, "1", "22", 7500},
          {"MIN", "3", EARN, "", "30", 8100},
          {"MIN", "4", SPEND, "2", "22", 300},
          END},
         "law L\n"
         "2019-01-01 L/MIN/2 B12>B20 1500 1 22\n"
         "2019-01-01 L/MIN/3 B32>B30 100 30\n"
         "2019-01-01 L/MIN/4 B12>B20 300 2 22\n"
         "2019-01-01 L/AGY/1 B12>B20 -1000 9 22\n"},
        {"gone",
         {{"AGY", "1", SPEND, "9", "22", 5000}, {"MIN", "1", SPEND, "1", "21", 10000}, END},
         "law L\n"
         "2019-01-01 L/MIN/2/before B12>B20 -6000 1 22\n"
         "2019-01-01 L/MIN/3/before B32>B30 -8000 30\n"},
        {"for something else: all of it moves",
         {{"AGY", "1", SPEND, "9", "22", 5000},
          {"MIN", "1", SPEND, "2", "21", 10000},
          {"MIN", "2", SPEND, "1", "22", 6000},
          {"MIN", "3", EARN, "", "30", 8000},
          END},
         "law L\n"
         "2019-01-01 L/MIN/1 B12>B20 10000 2 21\n"
         "2019-01-01 L/MIN/1/before B12>B20 -10000 1 21\n"},
        {"a new line of zero, and an old one that comes to zero",
         {{"AGY", "1", SPEND, "9", "22", 5000},
          {"MIN", "1", SPEND, "1", "21", 10000},
          {"MIN", "2", SPEND, "1", "22", 0},
          {"MIN", "3", EARN, "", "30", 8000},
          {"MIN", "4", SPEND, "3", "22", 0},
          END},
         "law L\n"
         "budget_line MIN/programme=3/economic=22/2019\n"
         "2019-01-01 L/MIN/2 B12>B20 -6000 1 22\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = enact(cases[i].rows, enacted);
        fisc_assert_text(text, cases[i].expected, cases[i].what, __FILE__, __LINE__);
    }
}

/* ---- refusals ---- */

static void
test_refusals(void)
{
    static const struct {
        const char *what;
        Row rows[4];
        const char *expected;
    } cases[] = {
        {"an unknown entity, once",
         {{"NIX", "1", SPEND, "1", "1", 1}, {"NIX", "2", SPEND, "1", "1", 0}, END},
         "ENTITY_UNKNOWN entity\n"},
        {"an entity of another currency",
         {{"KWT", "1", SPEND, "1", "1", 1}, END},
         "AMOUNT_DECIMALS entity\n"},
        {"one reference for two lines",
         {{"MIN", "1", SPEND, "1", "1", 1}, {"MIN", "1", SPEND, "2", "1", 1}, END},
         "DUPLICATE_ROW line\n"},
        {"no line", {END}, "VALUE_MISSING lines\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = enact(cases[i].rows, NULL);
        fisc_assert_text(text, cases[i].expected, cases[i].what, __FILE__, __LINE__);
    }
    g_autofree char *same = enact(enacted, enacted);
    FISC_ASSERT_TEXT(same, "VALUE_MISSING lines\n");
    char name[FISC_CODE_MAX + 1];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const Row rows[] = {{"MIN", name, SPEND, "1", "1", 1}, END};
    g_autofree char *long_name = enact(rows, NULL);
    FISC_ASSERT_TEXT(long_name, "VALUE_INVALID line\n");
}

static FiscPlanLines *
many_lines(int count)
{
    FiscPlanFrame frame = {.version = "v", .year = 2019, .years = 1, .decimals = 2};
    FiscPlanLines *lines = fisc_plan_lines_new(&frame);
    for (int i = 0; i < count; i++) {
        char name[16];
        FiscPlanLine *line = fisc_plan_lines_add(lines);
        g_snprintf(name, sizeof name, "%06d", i);
        line->entity = "MIN";
        line->line = fisc_plan_lines_text(lines, name);
        line->figure[FISC_FIGURE_REQUEST].is_given = true;
        line->figure[FISC_FIGURE_REQUEST].amount[0] = i + 1;
    }
    return lines;
}

static void
test_size(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    FiscEnactment enactment = {.law = "L", .title = "T", .on = fisc_date_make(2019, 1, 1)};
    for (int over = 0; over <= 1; over++) {
        g_autoptr(FiscSubmission) content = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscPlanLines) lines = many_lines(FISC_GROUP_ENTRIES_MAX + over);
        fisc_budget_enact(content, &enactment, lines, NULL, nation, refusals);
        g_autofree char *text = dump_refusals(refusals);
        FISC_ASSERT_TEXT(text, over ? "ENTRY_TOO_LARGE lines\n" : "");
    }
}

/* What was enacted and what the supplement changes add up to what the supplement says. */
static int64_t
sum_of(const FiscSubmission *content, const char *programme)
{
    int64_t sum = 0;
    for (guint i = 0; i < content->entries->len; i++) {
        const FiscEntry *entry = content->entries->pdata[i];
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, 0);
        sum += g_strcmp0(line->dim[FISC_DIM_PROGRAMME], programme) == 0 ? line->amount : 0;
    }
    return sum;
}

static GArray *
random_rows(GRand *random)
{
    static const char *const programmes[] = {"1", "2", "3"};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    GArray *rows = g_array_new(TRUE, TRUE, sizeof(Row));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        Row row = {"MIN", names[i],
                   SPEND, programmes[g_rand_int_range(random, 0, 3)],
                   "1",   g_rand_int_range(random, 0, 4) * 100};
        if (g_rand_int_range(random, 0, 4) > 0) {
            g_array_append_val(rows, row);
        }
    }
    return rows;
}

static void
test_supplements_add_up(void)
{
    static const char *const programmes[] = {"1", "2", "3"};
    GRand *random = g_rand_new_with_seed(20190101);
    g_autoptr(FiscNation) nation = small_nation();
    for (int round = 0; round < 500; round++) {
        g_autoptr(GArray) before_rows = random_rows(random);
        g_autoptr(GArray) rows = random_rows(random);
        g_autoptr(FiscPlanLines) before = version_of("a", (const Row *)(void *)before_rows->data);
        g_autoptr(FiscPlanLines) after = version_of("b", (const Row *)(void *)rows->data);
        g_autoptr(FiscSubmission) original = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        g_autoptr(FiscSubmission) change = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        g_autoptr(FiscSubmission) whole = fisc_submission_new(FISC_SOURCE_LAW, "mary");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        FiscEnactment law = {.law = "L", .title = "T", .on = fisc_date_make(2019, 1, 1)};
        fisc_budget_enact(original, &law, before, NULL, nation, refusals);
        fisc_budget_enact(whole, &law, after, NULL, nation, refusals);
        law.base = "a";
        fisc_budget_enact(change, &law, after, before, nation, refusals);
        for (gsize i = 0; i < G_N_ELEMENTS(programmes); i++) {
            FISC_ASSERT_INT(sum_of(original, programmes[i]) + sum_of(change, programmes[i]),
                            sum_of(whole, programmes[i]));
        }
    }
    g_rand_free(random);
}

const FiscTest fisc_enact_tests[] = {
    {"appropriates spending, estimates revenue and knows lines of zero", test_original},
    {"takes the legislature's figure, and marks what it cut", test_amendments},
    {"says article, annex and title of every line, and nobody's name", test_words_of_an_entry},
    {"cuts a title that is longer than a memo between two characters", test_long_titles},
    {"changes what differs from the law before, increases first", test_supplements},
    {"refuses what cannot be enacted, and says why", test_refusals},
    {"enacts 100,000 lines as one group, and refuses one more", test_size},
    {"makes laws and supplements add up to what the supplement says", test_supplements_add_up},
    {NULL, NULL},
};
