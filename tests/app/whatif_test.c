/* whatif_test.c: what would be, if: entries, virements and other prices against the controls, with
 * nothing written; and the prices themselves. */
#include "app/flows/scale.h"
#include "fisc/chart.h"
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_what_if_tests[];

static FiscWhatIf *
try_query(Books *books, const FiscWhatIfQuery *query)
{
    FiscWhatIf *answer = NULL;
    GError *error = NULL;
    if (!fisc_flow_what_if(&books->ctx, query, &answer, &error)) {
        g_error("%s", error->message);
    }
    return answer;
}

static FiscWhatIfQuery
query_of(const char *text)
{
    return (FiscWhatIfQuery){
        .name = "try.csv", .data = text, .length = strlen(text), .source = "what-if"};
}

/* "reference kind code shortfall" of each result. */
static char *
results_of(const FiscReceipt *receipt)
{
    static const char *const kinds[] = {"posted", "repeated", "conflict", "refused"};
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        g_string_append_printf(text, "%s %s", result->reference, kinds[result->kind]);
        for (guint k = 0; result->refusals != NULL && k < result->refusals->len; k++) {
            const FiscRefusal *refusal = result->refusals->pdata[k];
            g_string_append_printf(text, " %s %" G_GINT64_FORMAT, fisc_error_name(refusal->code),
                                   refusal->shortfall);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static void
expect_results(const FiscReceipt *receipt, const char *expected)
{
    g_autofree char *results = results_of(receipt);
    FISC_ASSERT_TEXT(results, expected);
}

static void
expect_keys(const FiscWhatIf *answer, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *whole =
        g_strconcat("control,level,key,before,effect,after,limit,ceiling,over\n", expected, NULL);
    fisc_table_render(answer->keys, FISC_FORMAT_CSV, text);
    FISC_ASSERT_TEXT(text->str, whole);
}

#define KEY "budget,absolute,entity=SCH gfs_code=22 cofog=70912 year=2024,"
#define ROOF "budget,absolute,entity=SCH gfs_code=3111.1 cofog=70912 year=2024,"

static void
test_entries(void)
{
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    FiscWhatIfQuery query = query_of(SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "100.00")
                                         SCHOOL_GOODS("12", "2024-05-01", "80.00")
                                             SCHOOL_GOODS("13", "2024-05-01", "1"));
    g_autoptr(FiscWhatIf) answer = try_query(books, &query);
    expect_results(answer->receipt,
                   "SCH/11 posted\nSCH/12 refused BUDGET_EXCEEDED 50\nSCH/13 posted\n");
    expect_keys(answer, KEY "179.50,-101.00,78.50,300.00,300.00,0.00\n");
    /* A way out stands on what is accepted before. */
    const FiscResult *refused = answer->receipt->results->pdata[1];
    const FiscRefusal *refusal = refused->refusals->pdata[0];
    CU_ASSERT_PTR_NOT_NULL_FATAL(refusal->remedies);
    const FiscRemedy *remedy = refusal->remedies->pdata[0];
    FISC_ASSERT_TEXT(fisc_remedy_word(remedy->kind), "virement");
    FISC_ASSERT_INT(remedy->amount, 50);
    FISC_ASSERT_TEXT(remedy->from, "cofog=70912 gfs_code=3111.1");
    FISC_ASSERT_INT(books_batch(books), before);
    books_expect(books, "select count(*) from ledger.refusal", "0");
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
}

static void
test_all_or_nothing(void)
{
    g_autoptr(Books) books = school_books();
    FiscWhatIfQuery query = query_of(SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "100.00")
                                         SCHOOL_GOODS("12", "2024-05-01", "80.00"));
    query.atomic = true;
    g_autoptr(FiscWhatIf) answer = try_query(books, &query);
    expect_results(answer->receipt,
                   "SCH/11 refused ATOMIC_GROUP 0\nSCH/12 refused BUDGET_EXCEEDED 50\n");
    expect_keys(answer, "");
}

/* A virement from the roof to the goods, and then what it makes possible. */
static void
test_against_a_virement(void)
{
    static const char virement[] =
        SCHOOL_HEADER "V,2024-05-01,SCH,22,0.50,,,70912,,,change,More\n"
                      "V,2024-05-01,SCH,3111.1,-0.50,,,70912,,,change,Less\n";
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    FiscWhatIfQuery query = query_of(SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "180.00"));
    query.against_name = "virement.csv";
    query.against = virement;
    query.against_length = strlen(virement);
    g_autoptr(FiscWhatIf) answer = try_query(books, &query);
    expect_results(answer->against, "SCH/V posted\n");
    expect_results(answer->receipt, "SCH/11 posted\n");
    expect_keys(answer, KEY "180.00,-180.00,0.00,300.50,300.50,0.00\n");

    FiscWhatIfQuery alone = query_of(virement);
    g_autoptr(FiscWhatIf) moved = try_query(books, &alone);
    expect_keys(moved, KEY "179.50,0.50,180.00,300.50,300.50,0.00\n" ROOF
                           "10.00,-0.50,9.50,149.50,149.50,0.00\n");
    FISC_ASSERT_INT(books_batch(books), before);
}

static void
test_prices(void)
{
    g_autoptr(Books) books = school_books();
    FiscWhatIfQuery query = query_of(SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "170.00"));
    query.scale = "gfs_code=22:+5%";
    g_autoptr(FiscWhatIf) answer = try_query(books, &query);
    expect_results(answer->receipt, "SCH/11 posted\n");
    expect_keys(answer, KEY "179.50,-178.50,1.00,300.00,300.00,0.00\n");
    FISC_ASSERT_TEXT(answer->remarks->pdata[0],
                     "gfs_code=22:+5%: 1 line, 170.00 becomes 178.50, rounded away 0.0000");
    query.scale = "gfs_code=22:+5.6%";
    g_autoptr(FiscWhatIf) dearer = try_query(books, &query);
    expect_results(dearer->receipt, "SCH/11 refused BUDGET_EXCEEDED 2\n");
}

/* By its own source a posted entry is on record; by the source of what-ifs everything is new. */
static void
test_what_is_on_record(void)
{
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00");
    g_autoptr(Books) books = school_books();
    books_must_post(books, text);
    FiscWhatIfQuery query = query_of(text);
    query.source = "test";
    g_autoptr(FiscWhatIf) known = try_query(books, &query);
    expect_results(known->receipt, "SCH/11 repeated\n");
    expect_keys(known, "");
    query.source = "what-if";
    g_autoptr(FiscWhatIf) anew = try_query(books, &query);
    expect_results(anew->receipt, "SCH/11 posted\n");
}

static void
test_faulty_words(void)
{
    static const char *const scales[] = {"",
                                         "22:+5%",
                                         "gfs_code=22",
                                         "gfs_code=22:5%",
                                         "gfs_code=22:+5",
                                         "x=1:+5%",
                                         "gfs_code=:+5%",
                                         "gfs_code=22:-101%",
                                         ":+5%",
                                         "gfs_code=22:+1.1234567%",
                                         "a",
                                         "gfs_code=22:+-5%"};
    g_autoptr(Books) books = school_books();
    FiscWhatIfQuery query = query_of(SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00"));
    for (guint i = 0; i < G_N_ELEMENTS(scales); i++) {
        g_autoptr(FiscWhatIf) answer = NULL;
        g_autoptr(GError) error = NULL;
        query.scale = scales[i];
        CU_ASSERT_FALSE(fisc_flow_what_if(&books->ctx, &query, &answer, &error));
        fisc_assert_text(error != NULL ? fisc_error_name((FiscError)error->code) : "none", "USAGE",
                         scales[i], __FILE__, __LINE__);
    }
    FiscWhatIfQuery bad = query_of("no header\n");
    g_autoptr(FiscWhatIf) answer = try_query(books, &bad);
    CU_ASSERT_TRUE(answer->refusals->len > 0 && answer->receipt == NULL);
}

/* ---- prices alone ---- */

typedef struct {
    const char *account;
    int64_t amount;
    const char *economic;
} ScaleLine;

static FiscSubmission *
submission_of(const ScaleLine *lines)
{
    FiscSubmission *submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "E";
    entry->reference = "A-1";
    for (; lines->account != NULL; lines++) {
        FiscLine *line = fisc_entry_line(entry);
        line->account = lines->account;
        line->amount = lines->amount;
        line->dim[FISC_DIM_ECONOMIC] = lines->economic;
    }
    fisc_entry_digest(entry);
    return submission;
}

static char *
scale(const ScaleLine *lines, const char *rules, char **out_remark)
{
    g_autoptr(FiscSubmission) submission = submission_of(lines);
    g_autoptr(FiscNation) nation = fisc_nation_new();
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_chart_fill(nation);
    if (!fisc_flow_scale(submission, nation, rules, remarks, refusals, NULL)) {
        return g_strdup("USAGE");
    }
    *out_remark = g_ptr_array_steal_index(remarks, 0);
    if (refusals->len > 0) {
        return g_strdup(fisc_error_name(((FiscRefusal *)refusals->pdata[0])->code));
    }
    const FiscEntry *entry = submission->entries->pdata[0];
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < entry->lines->len; i++) {
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                               g_array_index(entry->lines, FiscLine, i).amount);
    }
    return g_string_free(text, FALSE);
}

static void
test_scaling(void)
{
    static const struct {
        const char *rules;
        ScaleLine lines[6];
        const char *amounts; /* or the code of a refusal */
        const char *remark;  /* the end of it */
    } cases[] = {
        {"economic=22:+5%",
         {{"22", 10000, "22"}, {"3308", -10000, NULL}},
         "10500 -10500",
         "100.00 becomes 105.00, rounded away 0.0000"},
        /* half to even: 10.5 is 10, 31.5 is 32, 52.5 is 52 */
        {"economic=22:+5%",
         {{"22", 10, "22"}, {"3308", -10, NULL}},
         "10 -10",
         "rounded away 0.0050"},
        {"economic=22:+5%",
         {{"22", 30, "22"}, {"3308", -30, NULL}},
         "32 -32",
         "rounded away -0.0050"},
        {"economic=22:+5%",
         {{"22", 50, "22"}, {"3308", -50, NULL}},
         "52 -52",
         "rounded away 0.0050"},
        {"economic=22:-0.001%",
         {{"22", 100000, "22"}, {"3308", -100000, NULL}},
         "99999 -99999",
         "rounded away 0.0000000"},
        {"economic=22:-100%",
         {{"22", 10, "22"}, {"22", 5, "23"}, {"3308", -15, NULL}},
         "0 5 -5",
         "1 line, 0.10 becomes 0.00, rounded away 0.0000"},
        /* only what matches; the others of the other sign share the change */
        {"economic=22:+10%",
         {{"22", 100, "22"}, {"22", 100, "23"}, {"3308", -150, NULL}, {"3202", -50, NULL}},
         "110 100 -157 -53",
         "1 line, 1.00 becomes 1.10, rounded away 0.0000"},
        {"economic=2*:+10%,economic=22:+50%",
         {{"22", 100, "22"}, {"3308", -100, NULL}},
         "110 -110",
         "1 line, 1.00 becomes 1.10, rounded away 0.0000"},
        {"gfs_code=22 economic=23:+10%",
         {{"22", 100, "22"}, {"22", 100, "23"}, {"3308", -200, NULL}},
         "100 110 -210",
         "1 line, 1.00 becomes 1.10, rounded away 0.0000"},
        {"entity=E:+100%",
         {{"22", 7, NULL}, {"3308", -7, NULL}},
         "14 -14",
         "2 lines, 0.14 becomes "
         "0.28, rounded away "
         "0.0000"},
        {"entity=F:+100%",
         {{"22", 7, NULL}, {"3308", -7, NULL}},
         "7 -7",
         "0 lines, 0.00 becomes 0.00, rounded away 0.0000"},
        /* a move of a budget line counts once */
        {"economic=22:+50%",
         {{"B20", 100, "22"}, {"B22", -100, "22"}},
         "150 -150",
         "1 line, 1.00 becomes 1.50, rounded away 0.0000"},
        /* nothing else balances it, or it does not fit */
        {"economic=22:+5%",
         {{"22", 100, "22"}, {"3308", 0, NULL}},
         "ENTRY_UNBALANCED",
         "0 lines, 0.00 becomes 0.00, rounded away 0.0000"},
        {"economic=22:+5%",
         {{"22", INT64_MAX, "22"}, {"3308", -INT64_MAX, NULL}},
         "ENTRY_UNBALANCED",
         "0.00 becomes 0.00, rounded away 0.0000"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *remark = NULL;
        g_autofree char *amounts = scale(cases[i].lines, cases[i].rules, &remark);
        FISC_ASSERT_TEXT(amounts, cases[i].amounts);
        FISC_ASSERT_CONTAINS(remark, cases[i].remark);
    }
}

const FiscTest fisc_what_if_tests[] = {
    {"tells each entry's fate and what every key would have, and writes nothing", test_entries},
    {"tries entries as a group", test_all_or_nothing},
    {"takes virements as posted before", test_against_a_virement},
    {"tries other prices", test_prices},
    {"asks what is on record only under the source that is named", test_what_is_on_record},
    {"says which price change or text makes no sense", test_faulty_words},
    {"changes prices exactly, half to even, and keeps entries balanced", test_scaling},
    {NULL, NULL},
};
