/* plan_compare_test.c: versions beside each other through the flows: who changed what and why, what
 * a merge brings together and refuses, and what the year before leaves to the next. */
#include "app/flows/plan_write.h"
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_plan_compare_tests[];

#define V "2025-draft"
#define ALT "2025-alt"
#define HEAD "line,entity,gfs_code,title,programme,economic,tags,request_2025,request_2026\n"
#define L1 "L1,SCH,22,Goods,1,22,climate:40,100,110\n"
#define L2 "L2,SCH,21,Staff,12,10,,300,0\n"
#define C1 "L1,CORP,22,Roof,2,22,,50.50,60\n"

/* ---- acting ---- */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* The first refusal, or "". */
static char *
answer_of(const FiscRefusals *refusals, const FiscReceipt *receipt, FiscPlanDone *done)
{
    const FiscRefusals *all = refusals != NULL && refusals->len > 0 ? refusals : receipt->refusals;
    fisc_plan_done_clear(done);
    return all != NULL && all->len > 0 ? fisc_refusal_to_text(all->pdata[0], 2) : g_strdup("");
}

static void
must(char *answer)
{
    FISC_ASSERT_TEXT(answer, "");
    g_free(answer);
}

static void
refused(char *answer, const char *part)
{
    FISC_ASSERT_CONTAINS(answer, part);
    g_free(answer);
}

static char *
put(Books *books, const char *actor, const char *version, FiscPartKind kind, const char *data,
    const char *reason)
{
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    const FiscPlanText text = {.version = version,
                               .kind = kind,
                               .reason = reason,
                               .name = "text",
                               .data = data,
                               .length = strlen(data)};
    books->ctx.actor = actor;
    fisc_flow_plan_put(&books->ctx, &text, &done, &receipt, refusals, &error);
    die_of(error);
    return answer_of(refusals, receipt, &done);
}

static void
must_put(Books *books, const char *actor, const char *version, const char *rows, const char *reason)
{
    g_autofree char *data = g_strconcat(HEAD, rows, NULL);
    must(put(books, actor, version, FISC_PART_LINES, data, reason));
}

static void
must_open(Books *books, const char *version, int year)
{
    const FiscPlanOpening opening = {.version = version,
                                     .title = "Budget",
                                     .reason = "start",
                                     .year = year,
                                     .years = 2,
                                     .decimals = 2};
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "ann";
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    die_of(error);
    must(answer_of(NULL, receipt, &done));
}

static void
must_branch(Books *books, const char *from, const char *to)
{
    const FiscPlanOpening opening = {.version = to, .reason = "what if"};
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "bob";
    fisc_flow_plan_branch(&books->ctx, from, &opening, &receipt, &error);
    die_of(error);
    must(answer_of(NULL, receipt, &done));
}

static void
must_step(Books *books, const char *actor, const char *path, const char *step)
{
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    books->ctx.actor = actor;
    fisc_flow_plan_step(&books->ctx, path, step, "because", &done, &receipt, refusals, &error);
    die_of(error);
    must(answer_of(refusals, receipt, &done));
}

static char *
merge(Books *books, const char *from, const char *into, const char *base,
      FiscMergePrevails prevails)
{
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    const FiscPlanMerging order = {
        .from = from, .into = into, .base = base, .prevails = prevails, .reason = "agreed"};
    books->ctx.actor = "ann";
    fisc_flow_plan_merge(&books->ctx, &order, &done, &receipt, refusals, &error);
    die_of(error);
    return answer_of(refusals, receipt, &done);
}

/* A draft with the lines of two entities, and a branch of it. */
static Books *
branched(void)
{
    Books *books = school_books();
    must_open(books, V, 2025);
    must_put(books, "ann", V, L1 L2 C1, "first draft");
    must_branch(books, V, ALT);
    return books;
}

/* ---- looking ---- */

/* Rows as CSV without the column's names; @columns NULL: all of them. */
static char *
csv_of(FiscTable *table, const char *columns)
{
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    if (columns != NULL) {
        fisc_table_select(table, columns, &error);
        die_of(error);
    }
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_strdup(strchr(text->str, '\n') + 1);
}

static void
expect_compared(Books *books, const FiscPlanComparison *query, const char *columns,
                const char *expected)
{
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_plan_compare(&books->ctx, query, &table, &error);
    die_of(error);
    g_autofree char *rows = csv_of(table, columns);
    FISC_ASSERT_TEXT(rows, expected);
}

static void
expect_changes(Books *books, const char *before, const char *after, const char *expected)
{
    const FiscPlanComparison query = {.before = before, .after = after};
    expect_compared(books, &query, "entity,line,what,before,after,who,reason", expected);
}

/* ---- comparing ---- */

static void
test_names_who_changed_what_and_why(void)
{
    g_autoptr(Books) books = branched();
    expect_changes(books, V, ALT, "");
    must_put(books, "joan", ALT, "L1,SCH,22,Goods,1,22,climate:40,90,110\n" L2, "less paper");
    must_put(books, "carl", ALT,
             "L1,SCH,22,Goods,1,22,climate:40,90,110\n"
             "L2,SCH,21,Teachers,12,10,,300,0\nL3,SCH,22,Bus,1,22,,7,7\n",
             "a bus");
    expect_changes(books, V, ALT,
                   "SCH,L1,request_2025,100.00,90.00,joan,less paper\n"
                   "SCH,L2,title,Staff,Teachers,carl,a bus\n"
                   "SCH,L3,added,,7.00,carl,a bus\n");
    /* The other way round they are the changes that V does not have: nobody made them there. */
    const FiscPlanComparison back = {.before = ALT, .after = V, .entity = "CORP"};
    expect_compared(books, &back, NULL, "");
}

static void
test_follows_a_branch_to_where_it_came_from(void)
{
    g_autoptr(Books) books = branched();
    must_put(books, "joan", ALT, "L1,CORP,22,Roof,2,22,,55,60\n", "prices");
    must_branch(books, ALT, "2025-third");
    expect_changes(books, V "@1", "2025-third",
                   "CORP,L1,added,,55.00,joan,prices\n"
                   "SCH,L1,added,,100.00,ann,first draft\n"
                   "SCH,L2,added,,300.00,ann,first draft\n");
}

static void
test_compares_with_what_it_was(void)
{
    g_autoptr(Books) books = branched();
    must_step(books, "bob", V, "call");
    must_put(books, "joan", V, "L1,CORP,22,Roof,2,22,,40,60\n", "cheaper");
    must_step(books, "bob", V, "withdraw");
    expect_changes(books, V "@1", V "@2",
                   "CORP,L1,added,,50.50,ann,first draft\n"
                   "SCH,L1,added,,100.00,ann,first draft\n"
                   "SCH,L2,added,,300.00,ann,first draft\n");
    expect_changes(books, V "@2", V "@3", "CORP,L1,request_2025,50.50,40.00,joan,cheaper\n");
    expect_changes(books, V "@3", V, "");
}

static void
test_sums_by_any_classification(void)
{
    g_autoptr(Books) books = branched();
    must_put(books, "joan", ALT, "L1,SCH,22,Goods,1,22,,90,110\nL9,SCH,11,Fees,,,,5,5\n", "x");
    const FiscPlanComparison entities = {.before = V, .after = ALT, .by = "entity"};
    expect_compared(books, &entities, NULL,
                    "expenditure,CORP,2025,50.50,50.50,0.00\n"
                    "expenditure,CORP,2026,60.00,60.00,0.00\n"
                    "expenditure,SCH,2025,400.00,95.00,-305.00\n"
                    "expenditure,SCH,2026,110.00,115.00,5.00\n");
    const FiscPlanComparison chapters = {
        .before = V, .after = ALT, .entity = "SCH", .by = "economic:1,programme"};
    expect_compared(books, &chapters, NULL,
                    "expenditure,,,2025,0.00,5.00,5.00\n"
                    "expenditure,,,2026,0.00,5.00,5.00\n"
                    "expenditure,1,12,2025,300.00,0.00,-300.00\n"
                    "expenditure,1,12,2026,0.00,0.00,0.00\n"
                    "expenditure,2,1,2025,100.00,90.00,-10.00\n"
                    "expenditure,2,1,2026,110.00,110.00,0.00\n");
}

static void
test_says_when_tables_differ(void)
{
    g_autoptr(Books) books = branched();
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    const FiscPlanComparison query = {.before = V, .after = ALT};
    must(put(books, "ann", ALT, FISC_PART_CEILINGS, "ceiling,year,amount\nall,2025,5\n", "limit"));
    fisc_flow_plan_compare(&books->ctx, &query, &table, &error);
    die_of(error);
    FISC_ASSERT_INT(table->rows->len, 0);
    FISC_ASSERT_INT(table->notes->len, 1);
    FISC_ASSERT_TEXT(table->notes->pdata[0], "Their ceilings differ, too.");
}

static void
test_words_that_make_no_sense(void)
{
    static const struct {
        const char *before, *after, *entity, *by, *says;
        FiscError code;
    } cases[] = {
        {"2031", V, NULL, NULL, "no version \"2031\"", FISC_ERROR_NOT_FOUND},
        {V, V "@9", NULL, NULL, "1 steps, not 9", FISC_ERROR_NOT_FOUND},
        {V, V "@x", NULL, NULL, "2019-draft@3", FISC_ERROR_USAGE},
        {V, ALT, "BANK", NULL, "lines of BANK", FISC_ERROR_NOT_FOUND},
        {V, ALT, NULL, "colour", "\"colour\" is no dimension", FISC_ERROR_USAGE},
    };
    g_autoptr(Books) books = branched();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscPlanComparison query = {.before = cases[i].before,
                                          .after = cases[i].after,
                                          .entity = cases[i].entity,
                                          .by = cases[i].by};
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_plan_compare(&books->ctx, &query, &table, &error));
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, (int)cases[i].code));
        fisc_assert_contains(error != NULL ? error->message : "", cases[i].says, cases[i].before,
                             __FILE__, __LINE__);
    }
}

/* ---- merging ---- */

static void
test_merges_what_both_changed_apart(void)
{
    g_autoptr(Books) books = branched();
    must_branch(books, V, "2025-base");
    must_put(books, "joan", ALT, "L1,SCH,22,Goods,1,22,climate:40,90,110\n" L2, "less paper");
    must_put(books, "carl", ALT, "L1,CORP,22,Roof,2,22,,70,60\n", "prices");
    must_put(books, "ann", V, L1 "L2,SCH,21,Teachers,12,10,,300,0\n", "names");
    must(merge(books, ALT, V, "2025-base", FISC_MERGE_REFUSE));
    expect_changes(books, "2025-base", V,
                   "CORP,L1,request_2025,50.50,70.00,ann,agreed\n"
                   "SCH,L1,request_2025,100.00,90.00,ann,agreed\n"
                   "SCH,L2,title,Staff,Teachers,ann,names\n");
    int64_t batch = books_batch(books);
    must(merge(books, ALT, V, "2025-base", FISC_MERGE_REFUSE));
    FISC_ASSERT_INT(books_batch(books), batch);
}

static void
test_refuses_conflicts_by_name_until_somebody_decides(void)
{
    g_autoptr(Books) books = branched();
    must_branch(books, V, "2025-base");
    must_put(books, "joan", ALT, "L1,SCH,22,Goods,1,22,climate:40,90,110\n" L2, "less paper");
    must_put(books, "carl", ALT, "L1,CORP,22,Roof,2,22,,70,60\n", "prices");
    must_put(books, "ann", V, "L1,SCH,22,Goods,1,22,climate:40,80,110\n" L2, "much less");
    int64_t batch = books_batch(books);
    refused(merge(books, ALT, V, "2025-base", FISC_MERGE_REFUSE),
            "request_2025: CASE_CHANGED: Somebody else changed it first: look again: line L1 of "
            "SCH: \"80.00\" in 2025-draft, \"90.00\" in 2025-alt");
    FISC_ASSERT_INT(books_batch(books), batch);
    must(merge(books, ALT, V, "2025-base", FISC_MERGE_OURS));
    expect_changes(books, "2025-base", V,
                   "CORP,L1,request_2025,50.50,70.00,ann,agreed\n"
                   "SCH,L1,request_2025,100.00,80.00,ann,much less\n");
    must(merge(books, ALT, V, "2025-base", FISC_MERGE_THEIRS));
    expect_changes(books, ALT, V, "");
}

static void
test_merges_tables_as_wholes(void)
{
    static const char one[] = "ceiling,year,amount\nall,2025,500\n";
    static const char other[] = "ceiling,year,amount\nall,2025,600\n";
    g_autoptr(Books) books = branched();
    must(put(books, "ann", ALT, FISC_PART_CEILINGS, one, "limit"));
    must(merge(books, ALT, V, V "@1", FISC_MERGE_REFUSE));
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_plan_ceilings(&books->ctx, V, &table, &error);
    die_of(error);
    g_autofree char *rows = csv_of(table, NULL);
    FISC_ASSERT_TEXT(rows, "all,year=2025,3,500.00,450.50,450.50,450.50,49.50,\n");
    must(put(books, "ann", V, FISC_PART_CEILINGS, other, "more"));
    refused(merge(books, ALT, V, V "@1", FISC_MERGE_REFUSE), "ceilings: CASE_CHANGED");
}

static void
test_merges_only_into_a_draft(void)
{
    g_autoptr(Books) books = branched();
    must_put(books, "joan", ALT, "L1,CORP,22,Roof,2,22,,70,60\n", "prices");
    must_step(books, "bob", V, "call");
    refused(merge(books, ALT, V, V "@2", FISC_MERGE_REFUSE), "CASE_STATE");
}

static void
test_knows_what_a_branch_began_with(void)
{
    g_autoptr(Books) books = branched();
    must_put(books, "joan", ALT, "L1,SCH,22,Goods,1,22,climate:40,90,110\n" L2, "less paper");
    must_put(books, "ann", V, L1 "L2,SCH,21,Teachers,12,10,,300,0\n", "names");
    must(put(books, "carl", ALT, FISC_PART_CEILINGS, "ceiling,year,amount\na,2025,1\n", "new"));
    must(merge(books, ALT, V, NULL, FISC_MERGE_REFUSE));
    expect_changes(books, V, ALT, "SCH,L2,title,Teachers,Staff,ann,first draft\n");
    /* And back: what the trunk has, the branch gets. */
    must(merge(books, V, ALT, NULL, FISC_MERGE_REFUSE));
    expect_changes(books, V, ALT, "");
    must_open(books, "2025-other", 2025);
    g_autoptr(GError) error = NULL;
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const FiscPlanMerging order = {.from = "2025-other", .into = V, .reason = "x"};
    CU_ASSERT_FALSE(fisc_flow_plan_merge(&books->ctx, &order, &done, &receipt, refusals, &error));
    FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", "2025-other is no branch of " V);
}

/* What was computed from a content is not written over a newer one. */
static void
test_whoever_is_slower_is_refused(void)
{
    g_autoptr(Books) books = branched();
    g_auto(FiscPlanDesk) desk = {NULL};
    g_autoptr(GPtrArray) parts = fisc_plan_new_parts();
    g_autoptr(FiscReceipt) receipt = NULL;
    FiscPlanDone done = {NULL};
    GError *error = NULL;
    books->ctx.actor = "ann";
    fisc_plan_desk_open(&desk, &books->ctx, V, &error);
    die_of(error);
    const FiscPart *other = fisc_version_part(desk.version, FISC_PART_LINES, "CORP");
    fisc_plan_new_parts_add_kept(parts, desk.version, FISC_PART_LINES, "SCH", other->content);
    must_put(books, "joan", V, "L1,SCH,22,Goods,1,22,,1,1\n", "faster");
    fisc_plan_write(&books->ctx, &desk, "merge", "slower", parts, &done, &receipt, &error);
    die_of(error);
    refused(answer_of(NULL, receipt, &done), "CASE_CHANGED");
}

/* ---- looking at a version ---- */

static void
test_shows_programmes_and_tags(void)
{
    g_autoptr(Books) books = branched();
    g_autoptr(FiscTable) performance = NULL, tags = NULL;
    GError *error = NULL;
    must(put(books, "ann", V, FISC_PART_PROGRAMMES,
             "programme,parent,title,objective\n1,,Schools,All can read\n12,1,Teachers,\n",
             "tree"));
    must(put(books, "ann", V, FISC_PART_INDICATORS,
             "indicator,programme,title,unit,year,target,result\n"
             "reading,12,Can read,percent,2025,95,96.5\n",
             "goals"));
    fisc_flow_plan_performance(&books->ctx, V, &performance, &error);
    die_of(error);
    g_autofree char *rows = csv_of(performance, NULL);
    FISC_ASSERT_TEXT(rows, "1,Schools,,,,,,,,400.00,110.00,All can read\n"
                           "12,Teachers,,,,,,,,300.00,0.00,\n"
                           "12,Can read,reading,2025,percent,,95,96.5,yes,,,\n"
                           ",Programmes that are not listed,,,,,,,,50.50,60.00,\n"
                           ",Total expenditure,,,,,,,,450.50,170.00,\n");
    fisc_flow_plan_tags(&books->ctx, V, &tags, &error);
    die_of(error);
    g_autofree char *tagged = csv_of(tags, NULL);
    FISC_ASSERT_TEXT(tagged, "*,,350.50,60.00\n*,12,300.00,0.00\n*,2,50.50,60.00\n"
                             "climate,,40.00,44.00\nclimate,1,40.00,44.00\n");
}

/* ---- the year before ---- */

static char *
carry(Books *books, const char *index)
{
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    const FiscPlanCarrying order = {
        .from = V, .into = "2026-draft", .index = index, .reason = "baseline"};
    books->ctx.actor = "ann";
    fisc_flow_plan_baseline(&books->ctx, &order, &done, &receipt, refusals, &error);
    die_of(error);
    return answer_of(refusals, receipt, &done);
}

static void
test_carries_a_baseline_into_the_next_year(void)
{
    g_autoptr(Books) books = branched();
    must_open(books, "2026-draft", 2026);
    must(put(books, "ann", "2026-draft", FISC_PART_LINES,
             "line,entity,gfs_code,request_2026\nL1,SCH,22,120\n", "asked"));
    must(put(books, "ann", "2026-draft", FISC_PART_ASSUMPTIONS,
             "name,unit,year,value\ninflation,percent,2027,2.5\n", "forecast"));
    refused(carry(books, "economic=2:growth"), "\"growth\" is not among the assumptions");
    must(carry(books, "economic=2:inflation"));
    expect_changes(books, "2026-draft@1", "2026-draft",
                   "CORP,L1,added,,0.00,ann,baseline\n"
                   "SCH,L1,added,,120.00,ann,baseline\n"
                   "SCH,L2,added,,0.00,ann,baseline\n");
    char *text = NULL;
    g_autofree char *content = NULL;
    GError *error = NULL;
    fisc_flow_plan_get(&books->ctx, "2026-draft", FISC_PART_LINES, NULL, 0, &text, &content,
                       &error);
    die_of(error);
    FISC_ASSERT_CONTAINS(text, ",60.00,61.50,");          /* CORP's roof */
    FISC_ASSERT_CONTAINS(text, ",110.00,112.75,120.00,"); /* what was asked stays */
    g_free(text);
    int64_t batch = books_batch(books);
    must(carry(books, "economic=2:inflation"));
    FISC_ASSERT_INT(books_batch(books), batch);
}

const FiscTest fisc_plan_compare_tests[] = {
    {"names for every change who made it and why", test_names_who_changed_what_and_why},
    {"follows a branch to the step where it came from",
     test_follows_a_branch_to_where_it_came_from},
    {"compares a version with what it was", test_compares_with_what_it_was},
    {"sums by any classification before and after", test_sums_by_any_classification},
    {"says when tables of two versions differ", test_says_when_tables_differ},
    {"a comparison of what there is not says so", test_words_that_make_no_sense},
    {"merges what two branches changed apart, once", test_merges_what_both_changed_apart},
    {"refuses conflicts with both values until somebody decides",
     test_refuses_conflicts_by_name_until_somebody_decides},
    {"merges a branch without being told where it came from", test_knows_what_a_branch_began_with},
    {"merges tables as wholes", test_merges_tables_as_wholes},
    {"merges only into a draft", test_merges_only_into_a_draft},
    {"what was made of an older content is refused", test_whoever_is_slower_is_refused},
    {"shows programmes with their money and goals, and tags", test_shows_programmes_and_tags},
    {"carries a baseline into the next year", test_carries_a_baseline_into_the_next_year},
    {NULL, NULL},
};
