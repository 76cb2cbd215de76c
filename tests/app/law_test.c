/* law_test.c: another budget law: what it says differently, and a year decided again under it.
 *
 * The school of school.h in 2024, in the order posted. Goods have 300.00 (280.00 and a virement of
 * 20.00), the roof 150.00:
 *
 *   SCH/1  goods     120.50   goods 120.50
 *   SCH/2  roof      140.00   roof  140.00
 *   SCH/3  payment of SCH/1
 *   SCH/A  goods     100.00   goods 220.50
 *   SCH/W  wages      10.00   nobody voted wages: outside every control
 *   SCH/B  goods      50.00   goods 270.50
 *   SCH/C  goods     100.00   refused: 29.50 are left, 70.50 are missing
 *   SCH/D  goods      20.00   goods 290.50
 */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_law_walk_tests[];

#define COLUMNS                                                                                    \
    "entity,reference,date,was,would_be,control,key,requested,shortfall,article,reason\n"
#define ROOF "entity=SCH gfs_code=3111.1 cofog=70912 year=2024"
#define GOODS "entity=SCH gfs_code=22 cofog=70912 year=2024"
/* Of the refusal on record, when the law keeps the control as it is. */
#define STILL_REFUSED                                                                              \
    "SCH,SCH/C,2024-06-01,refused,refused,budget," GOODS                                           \
    ",100.00,70.50,,as far as this control goes: the log keeps no lines of what was refused\n"

static Books *
year_books(void)
{
    Books *books = school_books();
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("A", "2024-04-01", "100.00"));
    books_must_post(books, SCHOOL_HEADER "W,2024-04-15,SCH,2111,10.00,,CORP,70912,,,,\n"
                                         "W,2024-04-15,SCH,3308,,10.00,CORP,,,,,\n");
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("B", "2024-05-01", "50.00"));
    g_autoptr(FiscReceipt) refused =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("C", "2024-06-01", "100.00"));
    FISC_ASSERT_INT(refused->refused, 1);
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("D", "2024-07-01", "20.00"));
    return books;
}

/* The answer as CSV, or what was refused of the folder. */
static char *
text_of(const FiscTable *table, const FiscRefusals *refusals)
{
    if (refusals->len > 0) {
        return fixture_dump(refusals);
    }
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}

static char *
replay(Books *books, const char *rules, bool by_control)
{
    const FiscLawTrial trial = {.year = 2024, .rules = rules, .by_control = by_control};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    int64_t before = books_batch(books);
    if (!fisc_flow_law_replay(&books->ctx, &trial, &table, refusals, &error)) {
        return g_strdup(error->message);
    }
    FISC_ASSERT_INT(books_batch(books), before); /* nothing is written */
    if (table != NULL) {
        for (guint i = 0; i < table->notes->len; i++) {
            CU_ASSERT_PTR_NULL(strstr(table->notes->pdata[i], "would be refused today"));
        }
    }
    return text_of(table, refusals);
}

/* Replays under the rules of one file. */
static char *
replay_file(Books *books, const char *file, const char *text, bool by_control)
{
    char *folder = fixture_folder(file, text, NULL);
    char *answer = replay(books, folder, by_control);
    fixture_remove(folder);
    return answer;
}

static char *
diff(Books *books, const char *before, const char *after)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_law_diff(&books->ctx, before, after, &table, refusals, &error)) {
        return g_strdup(error->message);
    }
    return text_of(table, refusals);
}

/* ---- a year again ---- */

static void
test_the_same_rules(void)
{
    g_autoptr(Books) books = year_books();
    g_autofree char *answer = replay(books, "2024-12-31", false);
    FISC_ASSERT_TEXT(answer, COLUMNS STILL_REFUSED);
}

/* The budget warns from one half on; and all that is spent stays within what was voted at first:
 * 280.00 and 150.00, of which 440.50 would be used, wages included. */
static void
test_a_stricter_law(void)
{
    static const char rules[] =
        "control,level,absent,key,entities,limit,warn,from,article\n"
        "budget,absolute,none,entity gfs_code cofog,*,,50,2025-01-01,Art. 9\n"
        "voted,absolute,refuse,entity,*,appropriation,,2025-01-01,Art. 10\n";
    g_autoptr(Books) books = year_books();
    g_autofree char *answer = replay_file(books, "controls.csv", rules, false);
    FISC_ASSERT_TEXT(
        answer, COLUMNS
        "SCH,SCH/2,2024-02-10,accepted,warned,budget," ROOF ",140.00,0.00,Art. 9,BUDGET_WARNING\n"
        "SCH,SCH/A,2024-04-01,accepted,warned,budget," GOODS ",100.00,0.00,Art. 9,BUDGET_WARNING\n"
        "SCH,SCH/B,2024-05-01,accepted,warned,budget," GOODS
        ",50.00,0.00,Art. 9,BUDGET_WARNING\n" STILL_REFUSED
        "SCH,SCH/D,2024-07-01,accepted,refused,voted,entity=SCH year=2024,20.00,10.50,Art. 10,"
        "BUDGET_EXCEEDED\n");
    g_autofree char *totals = replay_file(books, "controls.csv", rules, true);
    FISC_ASSERT_TEXT(totals, "control,refused,requested,shortfall,warned,accepted\n"
                             "budget,0,0.00,0.00,3,0\n"
                             "voted,1,20.00,10.50,0,0\n");
}

/* What nobody voted was let pass; now it is not. */
static void
test_what_no_control_reached(void)
{
    static const char rules[] = "control,level,absent,key,entities\n"
                                "budget,absolute,refuse,entity gfs_code cofog,*\n";
    g_autoptr(Books) books = year_books();
    g_autofree char *answer = replay_file(books, "controls.csv", rules, false);
    FISC_ASSERT_TEXT(answer, COLUMNS "SCH,SCH/W,2024-04-15,accepted,refused,budget,"
                                     "entity=SCH gfs_code=2111 cofog=70912 year=2024,"
                                     "10.00,10.00,,NO_BUDGET\n" STILL_REFUSED);
}

/* A reservation that would not have been made takes its invoice with it; the payment of another
 * invoice stays. */
static void
test_what_falls_with_it(void)
{
    static const char header[] = "journal_id,date,entity,gfs_code,cofog,stage,debit,credit,"
                                 "counterparty_entity,item,relieves\n";
    static const char rules[] = "control,level,absent,key,entities,limit\n"
                                "cap,absolute,none,entity gfs_code cofog,*,appropriation\n";
    g_autoptr(Books) books = school_books();
    g_autofree char *reserve =
        g_strconcat(header, "R,2024-04-01,SCH,22,70912,authorization,165,,,RES-1,\n", NULL);
    g_autofree char *invoice = g_strconcat(header,
                                           "I,2024-05-01,SCH,22,70912,,60,,CORP,,RES-1\n"
                                           "I,2024-05-01,SCH,3308,,,,60,CORP,,\n",
                                           NULL);
    books_must_post(books, reserve);
    books_must_post(books, invoice);
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("K", "2024-06-01", "10.00"));
    /* Goods: 120.50 of 280.00 are used; 165.00 more would be 5.50 too many. 10.00 are not. */
    g_autofree char *answer = replay_file(books, "controls.csv", rules, false);
    FISC_ASSERT_TEXT(answer,
                     COLUMNS "SCH,SCH/R,2024-04-01,accepted,refused,cap," GOODS
                             ",165.00,5.50,,BUDGET_EXCEEDED\n"
                             "SCH,SCH/I,2024-05-01,accepted,follows,,,,,,it stands on SCH/R\n");
}

/* No control is in the folder: those on record stay. */
static void
test_virements(void)
{
    static const char rules[] = "rule,order,same,donor_not,article\n"
                                "current,1,entity cofog,gfs_code=31,Art. 52\n";
    g_autoptr(Books) books = school_books();
    books_must_post(books, SCHOOL_HEADER "V,2024-05-01,SCH,22,0.50,,,70912,,,change,More\n"
                                         "V,2024-05-01,SCH,3111.1,-0.50,,,70912,,,change,Less\n");
    g_autofree char *answer = replay_file(books, "virement_rules.csv", rules, false);
    FISC_ASSERT_CONTAINS(answer, "SCH,SCH/V,2024-05-01,accepted,refused,,,,,,");
    FISC_ASSERT_CONTAINS(answer, "no rule lets the virement pass: ");
    g_autofree char *totals = replay_file(books, "virement_rules.csv", rules, true);
    FISC_ASSERT_TEXT(totals, "control,refused,requested,shortfall,warned,accepted\n"
                             "virement_rule,1,0.00,0.00,0,0\n");
}

/* What a pool gave then is taken out, and given again by the law's pools: the roof gives 10.00 to
 * the goods, which lack 10.00 of 190.00. Under a law without pools the goods are refused. */
static void
test_cover_pools(void)
{
    static const char head[] = "cover,control,receiver,donor,mode,article\n";
    static const char pool[] = "cover,control,receiver,donor,mode,article\n"
                               "works,budget,entity=SCH gfs_code=22 cofog=70912,"
                               "entity=SCH gfs_code=3111.1 cofog=70912,unilateral,Art. 20\n";
    static const char event[] =
        "{\"event\":{\"kind\":\"cover\",\"subject\":\"works\",\"fields\":{\"control\":\"budget\","
        "\"receiver\":\"entity=SCH gfs_code=22 cofog=70912\",\"mode\":\"unilateral\","
        "\"donor\":\"entity=SCH gfs_code=3111.1 cofog=70912\"}}}\n";
    g_autoptr(Books) books = school_books();
    g_autoptr(FiscReceipt) receipt = books_post(books, event);
    CU_ASSERT_PTR_NULL(receipt->refusals);
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("P", "2024-05-01", "189.50"));
    g_autofree char *same = replay(books, "2024-12-31", false);
    FISC_ASSERT_TEXT(same, COLUMNS);
    g_autofree char *with = replay_file(books, "covers.csv", pool, false);
    FISC_ASSERT_TEXT(with, COLUMNS);
    g_autofree char *without = replay_file(books, "covers.csv", head, false);
    FISC_ASSERT_TEXT(without, COLUMNS "SCH,SCH/P,2024-05-01,warned,refused,budget," GOODS
                                      ",189.50,10.00,,BUDGET_EXCEEDED\n");
}

/* ---- against a plain model ---- */

#define PURCHASES 120

/* What is refused of purchases of the given cents, in order, when @room is left: "R7 R9 ...". */
static char *
refuse_plainly(const int *cents, const bool *is_posted, int room)
{
    GString *refused = g_string_new(NULL);
    for (int i = 0; i < PURCHASES; i++) {
        bool fits = cents[i] <= room;
        room -= is_posted[i] && fits ? cents[i] : 0;
        if (is_posted[i] && !fits) {
            g_string_append_printf(refused, "SCH/R%d ", i);
        }
    }
    return g_string_free(refused, FALSE);
}

/* The references of what was accepted and would be refused, as refuse_plainly() gives them. */
static char *
refused_of(const char *answer)
{
    GString *refused = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", 6);
        if (g_strv_length(cells) == 6 && strcmp(cells[3], "accepted") == 0 &&
            strcmp(cells[4], "refused") == 0) {
            g_string_append_printf(refused, "%s ", cells[1]);
        }
    }
    return g_string_free(refused, FALSE);
}

/* 179.50 are left of the goods; under a law that knows no virements 159.50. */
static void
test_random_purchases(void)
{
    static const char rules[] = "control,level,absent,key,entities,limit\n"
                                "cap,absolute,none,entity gfs_code cofog,*,appropriation\n";
    int cents[PURCHASES];
    bool is_posted[PURCHASES];
    g_autoptr(GRand) rand = g_rand_new_with_seed(2024);
    g_autoptr(GString) text = g_string_new(SCHOOL_HEADER);
    for (int i = 0; i < PURCHASES; i++) {
        cents[i] = g_rand_int_range(rand, 1, 1200);
        g_string_append_printf(text,
                               "R%d,2024-05-01,SCH,22,%d.%02d,,CORP,70912,,,,\n"
                               "R%d,2024-05-01,SCH,3308,,%d.%02d,CORP,,,,,\n",
                               i, cents[i] / 100, cents[i] % 100, i, cents[i] / 100,
                               cents[i] % 100);
    }
    g_autoptr(Books) books = school_books();
    g_autoptr(FiscReceipt) receipt = books_post(books, text->str);
    for (int i = 0; i < PURCHASES; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        is_posted[i] = result->kind == FISC_RESULT_POSTED;
    }
    g_autofree char *answer = replay_file(books, "controls.csv", rules, false);
    g_autofree char *refused = refused_of(answer);
    g_autofree char *expected = refuse_plainly(cents, is_posted, 15950);
    CU_ASSERT_TRUE(*expected != '\0');
    FISC_ASSERT_TEXT(refused, expected);
}

/* The key of another chart: accounts that may not be overdrawn. */
static void
test_a_chart_of_two_sets(void)
{
    g_autofree char *folder = fisc_test_data("ussgl-chain");
    g_autoptr(Books) books = books_loaded(folder);
    g_autofree char *answer = replay(books, folder, false);
    FISC_ASSERT_TEXT(answer, COLUMNS);
}

static void
test_what_cannot_be_tried(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *nowhere = replay(books, "/nonexistent/rules", false);
    FISC_ASSERT_TEXT(nowhere, "/nonexistent/rules: there is no such folder");
    g_autofree char *empty = replay_file(books, "entities.csv",
                                         "entity,name,sector,cp_code,reporting\n"
                                         "ZOO,Zoo,S1313,12,Y\n",
                                         false);
    FISC_ASSERT_CONTAINS(empty, ":0::FILE_EMPTY");
    g_autofree char *bad = replay_file(books, "controls.csv",
                                       "control,level,absent,key,entities\n"
                                       "budget,strict,none,entity,*\n",
                                       false);
    FISC_ASSERT_CONTAINS(bad, "controls.csv:2:level:VALUE_INVALID");
    FiscLawTrial trial = {.year = 1999, .rules = "2024-01-01"};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_flow_law_replay(&books->ctx, &trial, &table, refusals, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

/* ---- differences ---- */

static void
test_differences(void)
{
    g_autoptr(Books) books = school_books();
    char *folder = fixture_folder("controls.csv",
                                  "control,level,absent,key,entities,tolerance,article\n"
                                  "budget,advisory,none,entity gfs_code cofog,*,5,Art. 9\n"
                                  "total,absolute,refuse,entity,SCH,,\n",
                                  NULL);
    g_autofree char *answer = diff(books, "2024-12-31", folder);
    FISC_ASSERT_TEXT(
        answer, "kind,name,what,field,before,after,article\n"
                "control,budget,changed,article,,Art. 9,Art. 9\n"
                "control,budget,changed,entities,SCH,*,Art. 9\n"
                "control,budget,changed,level,absolute,advisory,Art. 9\n"
                "control,budget,changed,tolerance,,5,Art. 9\n"
                "control,total,added,,,level=absolute absent=refuse key=entity entities=SCH,\n");
    g_autofree char *back = diff(books, folder, "2024-12-31");
    FISC_ASSERT_CONTAINS(back, "control,total,removed,,level=absolute absent=refuse");
    g_autofree char *none = diff(books, folder, folder);
    FISC_ASSERT_TEXT(none, "kind,name,what,field,before,after,article\n");
    fixture_remove(folder);
}

const FiscTest fisc_law_walk_tests[] = {
    {"a year decided again under its own rules is the same", test_the_same_rules},
    {"a stricter law warns and refuses, and what it refuses is not spent", test_a_stricter_law},
    {"a law reaches what no control reached", test_what_no_control_reached},
    {"what stands on a refused reservation falls with it", test_what_falls_with_it},
    {"rules of virements are tried without new controls", test_virements},
    {"cover pools give again what they gave", test_cover_pools},
    {"refuses of random purchases what a plain model refuses", test_random_purchases},
    {"a chart of two sets keeps its own rules", test_a_chart_of_two_sets},
    {"says what cannot be tried", test_what_cannot_be_tried},
    {"lists what another law says differently", test_differences},
    {NULL, NULL},
};
