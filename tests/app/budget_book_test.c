/* budget_book_test.c: the budget book through the flows, on a real database: who voted, changed and
 * signed, as the books are and as they were; and PEFA indicators over years. */
#include "tests/app/officer.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_budget_book_walk_tests[];

#define DETAIL "kind,date,amount,balance,document,maker,approved_by,line,memo"

/* ---- acting ---- */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
must_be_accepted(FiscReceipt *receipt)
{
    g_autofree char *of_events = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(of_events, "");
    FISC_ASSERT_INT(receipt->refused, 0);
    fisc_receipt_free(receipt);
}

/* The second person signs, and the content is posted. */
static void
carry_out(Books *books, const char *id)
{
    FiscReceipt *receipt = NULL;
    g_autofree char *state = NULL;
    GError *error = NULL;
    books->ctx.actor = "anna";
    fisc_flow_document_approve(&books->ctx, id, NULL, &state, &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    FISC_ASSERT_TEXT(state, "done");
}

static void
by_document(Books *books, const char *id, FiscSubmission *content)
{
    FiscDocumentDraft draft = {.id = id, .action = "budget", .reason = "as the law says"};
    FiscReceipt *receipt = NULL;
    g_autofree char *made = NULL;
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_document_propose(&books->ctx, &draft, content, &made, &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    fisc_submission_free(content);
    carry_out(books, id);
}

static void
add_change(FiscSubmission *into, const char *reference, FiscDate on, FiscStage stage,
           const char *programme, int64_t amount, const char *memo)
{
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_PROGRAMME] = programme, [FISC_DIM_ECONOMIC] = "22"};
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = "E";
    entry->reference = fisc_submission_text(into, reference);
    entry->effective = on;
    entry->memo = memo;
    fisc_entry_move(entry, stage, fisc_stage_counterpart(stage), amount, dim, 0);
    fisc_entry_digest(entry);
}

static void
move(Books *books, const char *id, int month, const char *amount)
{
    FiscBudgetOrder order = {.id = id,
                             .entity = "E",
                             .on = fisc_date_make(YEAR, month, 1),
                             .amount = amount,
                             .reason = "prices rose",
                             .from[FISC_DIM_PROGRAMME] = "1",
                             .from[FISC_DIM_ECONOMIC] = "22",
                             .to[FISC_DIM_PROGRAMME] = "2",
                             .to[FISC_DIM_ECONOMIC] = "22"};
    FiscReceipt *receipt = NULL;
    g_autofree char *made = NULL;
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_budget_virement(&books->ctx, &order, &made, &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    carry_out(books, id);
}

/* 1,000.00 and 500.00 by the law L-1, 200.00 more by L-2, 130.00 and 20.00 moved by V-1 and V-2,
 * V-2 reversed, 40.00 carried in by hand, 300.00 reserved. */
static Books *
worked_books(void)
{
    Books *books = officer_books();
    FiscSubmission *law = officer_begin();
    officer_appropriate(law, "E", "programme=1 economic=22", 100000);
    officer_appropriate(law, "E", "programme=2 economic=22", 50000);
    by_document(books, "L-1", law);
    FiscSubmission *more = officer_begin();
    add_change(more, "L-2/1", fisc_date_make(YEAR, 6, 1), FISC_STAGE_CHANGE, "1", 20000,
               "Art. 1: flood");
    by_document(books, "L-2", more);
    move(books, "V-1", 3, "130");
    move(books, "V-2", 4, "20");
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_flow_reverse(&books->ctx, "budget", "E/V-2", fisc_date_make(YEAR, 5, 1), "not needed",
                      &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    books->ctx.actor = "tester";
    FiscSubmission *rest = officer_begin();
    add_change(rest, "carry", fisc_date_make(YEAR, 1, 15), FISC_STAGE_CARRY, "1", 4000, NULL);
    officer_reserve(rest, "E", "PR-1", fisc_date_make(YEAR, 7, 1), "programme=1 economic=22",
                    30000);
    officer_must_post(books, rest);
    return books;
}

/* ---- asking ---- */

static char *
ask(Books *books, const FiscReportQuery *query, const char *columns)
{
    FiscReportQuery of_book = *query;
    of_book.name = "budget-book";
    of_book.period = query->period != NULL ? query->period : G_STRINGIFY(YEAR);
    g_autoptr(FiscTable) table = books_report(books, &of_book);
    GString *csv = g_string_new(NULL);
    CU_ASSERT_FATAL(columns == NULL || fisc_table_select(table, columns, NULL));
    fisc_table_render(table, FISC_FORMAT_CSV, csv);
    return g_string_free(csv, FALSE);
}

static void
test_the_book_tells_virements_from_supplements(void)
{
    g_autoptr(Books) books = worked_books();
    g_autofree char *csv = ask(books, &(FiscReportQuery){.unit = "E", .by = "programme"}, NULL);
    FISC_ASSERT_TEXT(
        csv, "programme,original,supplements,virements_in,virements_out,carried_in,revised,blocked,"
             "released,reserved,committed,accrued,paid,available,executed_percent\n"
             "1,1000.00,200.00,0.00,130.00,40.00,1110.00,0.00,0.00,300.00,0.00,0.00,0.00,810.00,"
             "0.00\n"
             "2,500.00,0.00,130.00,0.00,0.00,630.00,0.00,0.00,0.00,0.00,0.00,0.00,630.00,0.00\n");
}

static void
test_each_act_has_its_document_and_those_who_signed(void)
{
    g_autoptr(Books) books = worked_books();
    g_autofree char *csv = ask(
        books,
        &(FiscReportQuery){.by = "programme", .where = "programme=1 economic=2", .detail = true},
        DETAIL);
    FISC_ASSERT_TEXT(csv, DETAIL
                     "\n"
                     "original,2024-01-01,1000.00,1000.00,L-1,mary,anna,programme=1 economic=22,as "
                     "the law says\n"
                     "carry_in,2024-01-15,40.00,1040.00,,tester,,programme=1 economic=22,\n"
                     "virement_out,2024-03-01,-130.00,910.00,V-1,mary,anna,programme=1 economic=22,"
                     "prices rose\n"
                     "virement_out,2024-04-01,-20.00,890.00,V-2,mary,anna,programme=1 economic=22,"
                     "prices rose\n"
                     "virement_out,2024-05-01,20.00,910.00,V-2,anna,anna,programme=1 economic=22,"
                     "not needed\n"
                     "supplement,2024-06-01,200.00,1110.00,L-2,mary,anna,programme=1 economic=22,"
                     "Art. 1: flood\n");
}

static void
test_the_book_as_it_was(void)
{
    static const char columns[] = "programme,original,supplements,virements_out,revised";
    g_autoptr(Books) books = worked_books();
    g_autofree char *then = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(books));
    FiscSubmission *late = officer_begin();
    add_change(late, "L-3/1", fisc_date_make(YEAR, 2, 1), FISC_STAGE_CHANGE, "1", 700, "late");
    by_document(books, "L-3", late);
    static const struct {
        const char *period, *as_of;
        bool known_before;
        const char *expected;
    } cases[] = {
        {"2024", NULL, false, "1,1000.00,207.00,130.00,1117.00"},
        {"2024", NULL, true, "1,1000.00,200.00,130.00,1110.00"},
        {"2024", "2024-04-30", false, "1,1000.00,7.00,150.00,897.00"},
        {"2024", "2024-04-30", true, "1,1000.00,0.00,150.00,890.00"},
        {"2024-Q1", NULL, false, "1,1000.00,7.00,130.00,917.00"},
        {"2024-03", NULL, true, "1,1000.00,0.00,130.00,910.00"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscReportQuery query = {.unit = "E",
                                 .by = "programme=1",
                                 .period = cases[i].period,
                                 .as_of = cases[i].as_of,
                                 .known_at = cases[i].known_before ? then : NULL};
        g_autofree char *csv = ask(books, &query, columns);
        g_autofree char *expected = g_strdup_printf("%s\n%s\n", columns, cases[i].expected);
        FISC_ASSERT_TEXT(csv, expected);
    }
}

/* ---- a law made of a version ---- */

#define VERSION "2024-bill"

static void
take_step(Books *books, const char *actor, const char *path, const char *name)
{
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    fisc_flow_plan_step(&books->ctx, path, name, "in time", &done, &receipt, refusals, &error);
    die_of(error);
    FISC_ASSERT_INT(refusals->len, 0);
    must_be_accepted(receipt);
}

static void
put_lines(Books *books, const char *text)
{
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscPlanText words = {.version = VERSION,
                          .kind = FISC_PART_LINES,
                          .reason = "as negotiated",
                          .name = "lines.csv",
                          .data = text,
                          .length = strlen(text)};
    fisc_flow_plan_put(&books->ctx, &words, &done, &receipt, refusals, &error);
    die_of(error);
    FISC_ASSERT_INT(refusals->len, 0);
    must_be_accepted(receipt);
}

/* A version of 2024 and two later years, from draft to the table of the legislature. */
static void
table_bill(Books *books, const char *lines)
{
    static const struct {
        const char *actor, *path, *step;
    } steps[] = {{"anna", VERSION, "call"},   {"anna", VERSION "/lines", "submit"},
                 {"mary", VERSION, "review"}, {"anna", VERSION "/lines", "accept"},
                 {"anna", VERSION, "agree"},  {"mary", VERSION, "table"}};
    FiscPlanOpening opening = {.version = VERSION,
                               .title = "The budget",
                               .reason = "the law asks for it",
                               .year = YEAR,
                               .years = 3,
                               .decimals = 2};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    put_lines(books, lines);
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        take_step(books, steps[i].actor, steps[i].path, steps[i].step);
    }
}

/* The document that enacts a law may have a name of its own: its signers are those of the law. */
static void
test_a_law_has_signers_and_later_years(void)
{
    g_autoptr(Books) books = officer_books();
    table_bill(books, "line,entity,gfs_code,programme,economic,title,request_2024,request_2025,"
                      "request_2026,article\n"
                      "1,E,22,1,22,Paper,1000,1100,1200,\n"
                      "2,E,22,2,22,Roads,500,0,700,Art. 9\n");
    FiscEnactOrder order = {
        .version = VERSION, .law = "L-9", .title = "Budget law", .article = "Art. 2", .id = "D-9"};
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_budget_enact(&books->ctx, &order, false, &id, &totals, &receipt, &error);
    die_of(error);
    must_be_accepted(receipt);
    carry_out(books, "D-9");
    g_autofree char *years =
        ask(books, &(FiscReportQuery){.by = "programme", .years = "1"},
            "programme,original,revised,original_2023,revised_2023,plan_2025,plan_2026");
    FISC_ASSERT_TEXT(years, "programme,original,revised,original_2023,revised_2023,plan_2025,"
                            "plan_2026\n"
                            "1,1000.00,1000.00,0.00,0.00,1100.00,1200.00\n"
                            "2,500.00,500.00,0.00,0.00,0.00,700.00\n");
    g_autofree char *acts = ask(books, &(FiscReportQuery){.by = "programme", .detail = true},
                                "kind,amount,document,maker,approved_by,article,reference,memo");
    FISC_ASSERT_TEXT(acts, "kind,amount,document,maker,approved_by,article,reference,memo\n"
                           "original,1000.00,L-9,mary,anna,Art. 2,L-9/E/1,Art. 2: Paper\n"
                           "original,500.00,L-9,mary,anna,Art. 2,L-9/E/2,Art. 9: Roads\n");
}

static void
expect_refused(Books *books, FiscReportQuery query, FiscError code)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_flow_report(&books->ctx, &query, &table, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, (int)code));
}

static void
test_questions_without_answer(void)
{
    static const FiscReportQuery questions[] = {
        {.name = "budget-book", .period = "2024", .by = "colour"},
        {.name = "budget-book", .period = "2024", .where = "programme"},
        {.name = "budget-book", .period = "2024", .years = "some"},
        {.name = "budget-book", .period = "2024", .years = "11"},
        {.name = "pefa", .period = "2024-Q1"},
        {.name = "pefa", .period = "2024-06"},
        {.name = "pefa", .period = "2024", .contingency = "programme"},
    };
    g_autoptr(Books) books = officer_books();
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        expect_refused(books, questions[i], FISC_ERROR_USAGE);
    }
    expect_refused(books, (FiscReportQuery){.name = "pefa", .period = "2024", .unit = "NOBODY"},
                   FISC_ERROR_NOT_FOUND);
}

static void
test_indicators_of_what_is_on_record(void)
{
    g_autoptr(Books) books = officer_books();
    FiscSubmission *year = officer_begin();
    officer_appropriate(year, "E", "programme=1 economic=22 cofog=701 gfs_code=22", 100000);
    officer_appropriate(year, "E", "programme=929 economic=50", 10000);
    officer_must_post(books, year);
    g_autofree char *text = books_report_csv(
        books,
        &(FiscReportQuery){.name = "pefa", .period = "2024", .contingency = "programme=929"});
    FISC_ASSERT_TEXT(text,
                     "indicator,name,year,budget,actual,deviation,percent,score\n"
                     "PI-1.1,Aggregate expenditure outturn,2024,1100.00,0.00,-1100.00,0.0,D\n"
                     "PI-1.1,Aggregate expenditure outturn,,,,,,\n"
                     "PI-2.1,Expenditure composition outturn by function,2024,1000.00,0.00,,,\n"
                     "PI-2.1,Expenditure composition outturn by function,,,,,,\n"
                     "PI-2.2,Expenditure composition outturn by economic type,2024,1000.00,0.00,"
                     ",,\n"
                     "PI-2.2,Expenditure composition outturn by economic type,,,,,,\n"
                     "PI-2.3,Expenditure from contingency reserves,2024,1100.00,0.00,,0.0,\n"
                     "PI-2.3,Expenditure from contingency reserves,,,,,,\n"
                     "PI-3.1,Aggregate revenue outturn,,,,,,\n");
}

const FiscTest fisc_budget_book_walk_tests[] = {
    {"the book tells virements from supplements", test_the_book_tells_virements_from_supplements},
    {"each act has its document and those who signed",
     test_each_act_has_its_document_and_those_who_signed},
    {"the book as it was", test_the_book_as_it_was},
    {"a law in the book has signers and later years", test_a_law_has_signers_and_later_years},
    {"questions the book cannot answer", test_questions_without_answer},
    {"indicators of what is on record", test_indicators_of_what_is_on_record},
    {NULL, NULL},
};
