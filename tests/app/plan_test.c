/* plan_test.c: versions of a budget through the flows, on a real database: what two and three
 * persons do with them, what is refused, what is left of it, and that nothing of it can be altered
 * unseen. */
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <string.h>

extern const FiscTest fisc_plan_walk_tests[];

#define V "2025-draft"
#define LINES_HEAD "line,entity,gfs_code,title,request_2025,request_2026\n"
#define LINES                                                                                      \
    LINES_HEAD "L1,SCH,22,Goods,100.00,110.00\n"                                                   \
               "L2,SCH,21,Staff,300.00,\n"                                                         \
               "L1,CORP,22,\"Repairs, \"\"roof\"\"\",50.50,60.00\n"
#define CEILINGS "ceiling,entity,year,amount\nC1,SCH,2025,400\n"

/* ---- acting ---- */

/* One answer of a flow: "" or the first refusal as text. */
typedef struct {
    char *refusal;
    char *step;
    int changed, unchanged;
} Answer;

static void
answer_clear(Answer *answer)
{
    g_free(answer->refusal);
    g_free(answer->step);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* "ann", or "ann for bob". */
static void
act_as(Books *books, const char *actor)
{
    static char name[64];
    const char *behalf = strstr(actor, " for ");
    g_strlcpy(name, actor, behalf != NULL ? (gsize)(behalf - actor) + 1 : sizeof name);
    books->ctx.actor = name;
    books->ctx.on_behalf = behalf != NULL ? behalf + strlen(" for ") : NULL;
}

static char *
first_refusal(const FiscRefusals *of_text, const FiscReceipt *receipt)
{
    const FiscRefusals *refusals =
        of_text != NULL && of_text->len > 0 ? of_text : receipt->refusals;
    return refusals != NULL && refusals->len > 0 ? fisc_refusal_to_text(refusals->pdata[0], 2)
                                                 : g_strdup("");
}

static Answer
answer_of(const FiscRefusals *refusals, const FiscReceipt *receipt, FiscPlanDone *done)
{
    Answer answer = {.refusal = first_refusal(refusals, receipt),
                     .step = g_steal_pointer(&done->step),
                     .changed = done->changed,
                     .unchanged = done->unchanged};
    return answer;
}

static Answer
put_text(Books *books, const char *actor, const FiscPlanText *words)
{
    FiscPlanDone done = {NULL};
    FiscPlanText text = *words;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    text.length = strlen(text.data);
    text.version = text.version != NULL ? text.version : V;
    text.name = "text";
    text.reason = text.reason != NULL ? text.reason : "because";
    act_as(books, actor);
    fisc_flow_plan_put(&books->ctx, &text, &done, &receipt, refusals, &error);
    die_of(error);
    return answer_of(refusals, receipt, &done);
}

static char *
put(Books *books, const char *actor, FiscPartKind kind, const char *step, const char *data)
{
    const FiscPlanText text = {.kind = kind, .step = step, .data = data};
    g_auto(Answer) answer = put_text(books, actor, &text);
    return g_steal_pointer(&answer.refusal);
}

static char *
take(Books *books, const char *actor, const char *path, const char *step)
{
    FiscPlanDone done = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    GError *error = NULL;
    act_as(books, actor);
    fisc_flow_plan_step(&books->ctx, path, step, "because", &done, &receipt, refusals, &error);
    die_of(error);
    fisc_plan_done_clear(&done);
    return first_refusal(refusals, receipt);
}

static char *
open_version(Books *books, const char *actor, const char *version)
{
    const FiscPlanOpening opening = {.version = version,
                                     .title = "Budget 2025",
                                     .reason = "start",
                                     .year = 2025,
                                     .years = 3,
                                     .decimals = 2};
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    act_as(books, actor);
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    die_of(error);
    return first_refusal(NULL, receipt);
}

static char *
branch(Books *books, const char *actor, const char *from, const char *to)
{
    const FiscPlanOpening opening = {.version = to, .reason = "what if"};
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    act_as(books, actor);
    fisc_flow_plan_branch(&books->ctx, from, &opening, &receipt, &error);
    die_of(error);
    return first_refusal(NULL, receipt);
}

/* Each takes a refusal and expects it to be none, or to say something. */
#define MUST(answer)                                                                               \
    do {                                                                                           \
        g_autofree char *got_ = (answer);                                                          \
        FISC_ASSERT_TEXT(got_, "");                                                                \
    } while (0)
#define REFUSED(answer, part)                                                                      \
    do {                                                                                           \
        g_autofree char *got_ = (answer);                                                          \
        FISC_ASSERT_CONTAINS(got_, part);                                                          \
    } while (0)

/* ---- looking ---- */

static char *
get(Books *books, const char *version, FiscPartKind kind, const char *entity, int step_no)
{
    char *text = NULL;
    g_autofree char *content = NULL;
    GError *error = NULL;
    fisc_flow_plan_get(&books->ctx, version, kind, entity, step_no, &text, &content, &error);
    die_of(error);
    return text;
}

static char *
content_of(Books *books, const char *version, FiscPartKind kind, const char *entity)
{
    char *content = NULL;
    g_autofree char *text = NULL;
    GError *error = NULL;
    fisc_flow_plan_get(&books->ctx, version, kind, entity, 0, &text, &content, &error);
    die_of(error);
    return content;
}

/* Rows of a table as "a b c;..." of some columns. */
static char *
rows_of(const FiscTable *table, const int *columns, int count)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (int k = 0; k < count; k++) {
            g_string_append_printf(text, "%s%s", k > 0 ? " " : "", books_text(row, columns[k]));
        }
        g_string_append_c(text, ';');
    }
    return g_string_free(text, FALSE);
}

/* "lines SCH open;ceilings  set;" */
static char *
parts_of(Books *books, const char *version)
{
    static const int columns[] = {0, 1, 2};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_plan_parts(&books->ctx, version, &table, &error);
    die_of(error);
    return rows_of(table, columns, 3);
}

static void
expect_parts(Books *books, const char *version, const char *expected)
{
    g_autofree char *parts = parts_of(books, version);
    FISC_ASSERT_TEXT(parts, expected);
}

static void
expect_state(Books *books, const char *version, const char *expected)
{
    static const int columns[] = {0, 1};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_plan_versions(&books->ctx, &table, &error);
    die_of(error);
    g_autofree char *rows = rows_of(table, columns, 2);
    g_autofree char *part = g_strdup_printf("%s %s;", version, expected);
    FISC_ASSERT_CONTAINS(rows, part);
}

static FiscVerifyReport *
verify(Books *books)
{
    const FiscVerifyOptions options = {.full = true};
    FiscVerifyReport *report = NULL;
    GError *error = NULL;
    fisc_flow_verify(&books->ctx, &options, &report, &error);
    die_of(error);
    return report;
}

static void
expect_clean(Books *books)
{
    g_autoptr(FiscVerifyReport) report = verify(books);
    g_autofree char *first =
        report->findings->len > 0 ? fisc_finding_to_text(report->findings->pdata[0]) : g_strdup("");
    FISC_ASSERT_TEXT(first, "");
}

/* A version in draft with the lines of two entities and ceilings, all by ann. */
static Books *
drafted(void)
{
    Books *books = school_books();
    MUST(open_version(books, "ann", V));
    MUST(put(books, "ann", FISC_PART_LINES, NULL, LINES));
    MUST(put(books, "ann", FISC_PART_CEILINGS, NULL, CEILINGS));
    return books;
}

static Books *
called(void)
{
    Books *books = drafted();
    MUST(take(books, "bob", V, "call"));
    return books;
}

static Books *
in_review(void)
{
    Books *books = called();
    MUST(take(books, "bob", V "/lines", "submit"));
    MUST(take(books, "ann", V, "review"));
    return books;
}

/* ---- the walk ---- */

static void
test_two_persons_bring_a_version_to_the_table(void)
{
    g_autoptr(Books) books = in_review();
    expect_parts(books, V, "lines CORP submitted;lines SCH submitted;ceilings  set;");
    MUST(put(books, "ann", FISC_PART_LINES, NULL,
             "line,entity,gfs_code,title,request_2025,request_2026,mark_2025,mark_reason\n"
             "L1,SCH,22,Goods,100.00,110.00,90,less paper\n"
             "L2,SCH,21,Staff,300.00,,,\n"));
    expect_parts(books, V, "lines CORP submitted;lines SCH marked;ceilings  set;");
    MUST(take(books, "bob", V "/lines", "accept"));
    MUST(take(books, "bob", V, "agree"));
    MUST(take(books, "ann", V, "table"));
    expect_state(books, V, "tabled");
    MUST(put(books, "ann", FISC_PART_LINES, NULL,
             "line,entity,gfs_code,title,request_2025,request_2026,amendment_2025,"
             "amendment_reason\n"
             "L1,CORP,22,\"Repairs, \"\"roof\"\"\",50.50,60.00,70,the roof leaks\n"));
    expect_parts(books, V, "lines CORP agreed;lines SCH agreed;ceilings  set;");
    expect_clean(books);
    books_expect_whole(books);
}

static void
test_a_marker_does_not_accept_his_own_marks(void)
{
    g_autoptr(Books) books = in_review();
    const FiscPlanText mark = {.kind = FISC_PART_LINES,
                               .is_patch = true,
                               .data = "line,entity,mark_2025,mark_reason\nL1,SCH,80,less\n"};
    g_auto(Answer) answer = put_text(books, "carl", &mark);
    FISC_ASSERT_TEXT(answer.refusal, "");
    FISC_ASSERT_TEXT(answer.step, "mark");
    FISC_ASSERT_INT(answer.changed, 1);
    REFUSED(take(books, "carl", V "/lines/SCH", "accept"), "SECOND_PERSON");
    MUST(take(books, "bob", V "/lines/SCH", "accept"));
}

static void
test_every_step_is_refused_out_of_its_turn(void)
{
    static const struct {
        const char *actor, *path, *step, *says;
    } cases[] = {
        {"ann", V, "call", "SECOND_PERSON"},
        {"bob", V, "review", "CASE_STATE"},
        {"bob", V, "agree", "CASE_STATE"},
        {"bob", V, "table", "CASE_STATE"},
        {"bob", V "/lines/SCH", "submit", "CASE_STATE"},
        {"bob", V "/lines/SCH", "accept", "CASE_STATE"},
        {"bob", V "/lines", "accept", "no part of " V "/lines can take the step"},
        {"bob", V "/lines/BANK", "submit", "no part of " V "/lines/BANK"},
    };
    g_autoptr(Books) books = drafted();
    int64_t before = books_batch(books);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refusal = take(books, cases[i].actor, cases[i].path, cases[i].step);
        fisc_assert_contains(refusal, cases[i].says, cases[i].step, __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(books_batch(books), before);
}

static void
test_words_that_make_no_sense(void)
{
    static const struct {
        const char *path, *step, *says;
        FiscError code;
    } cases[] = {
        {"2031", "call", "there is no version", FISC_ERROR_NOT_FOUND},
        {V, "fly", "its steps are open, call, review", FISC_ERROR_USAGE},
        {V, "enact", "comes with a document", FISC_ERROR_USAGE},
        {V "/papers", "submit", "is no VERSION", FISC_ERROR_USAGE},
        {V "/ceilings/SCH", "set", "is no VERSION", FISC_ERROR_USAGE},
        {V "@1", "call", "that stays", FISC_ERROR_USAGE},
        {V "@x/lines", "submit", "that stays", FISC_ERROR_USAGE},
    };
    g_autoptr(Books) books = drafted();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPlanDone done = {NULL};
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_plan_step(&books->ctx, cases[i].path, cases[i].step, NULL, &done,
                                            &receipt, refusals, &error));
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, (int)cases[i].code));
        fisc_assert_contains(error != NULL ? error->message : "", cases[i].says, cases[i].path,
                             __FILE__, __LINE__);
    }
}

/* ---- texts ---- */

static void
test_a_file_of_several_entities_is_one_change(void)
{
    g_autoptr(Books) books = drafted();
    books_expect(books,
                 "select count(distinct batch_no) || ' ' || count(*) from ledger.event"
                 " where kind = 'case' and subject like 'budget_part/%'",
                 "1 2");
    int64_t before = books_batch(books);
    REFUSED(put(books, "ann", FISC_PART_LINES, NULL,
                LINES_HEAD "L1,SCH,22,Goods,1.00,2.00\n"
                           "L1,CORP,22,Roof,1.001,2.00\n"),
            "AMOUNT_DECIMALS");
    REFUSED(put(books, "ann", FISC_PART_LINES, NULL,
                LINES_HEAD "L1,SCH,22,Goods,1.00,2.00\n"
                           "L1,NOWHERE,22,Roof,1.00,2.00\n"),
            "ENTITY_UNKNOWN");
    FISC_ASSERT_INT(books_batch(books), before);
    REFUSED(put(books, "ann", FISC_PART_LINES, NULL, LINES_HEAD), "FILE_EMPTY");
}

static void
test_what_changes_nothing_is_no_event(void)
{
    g_autoptr(Books) books = drafted();
    int64_t before = books_batch(books);
    const FiscPlanText again = {.kind = FISC_PART_LINES, .data = LINES};
    g_auto(Answer) answer = put_text(books, "joan", &again);
    FISC_ASSERT_TEXT(answer.refusal, "");
    FISC_ASSERT_INT(answer.changed, 0);
    FISC_ASSERT_INT(answer.unchanged, 2);
    FISC_ASSERT_INT(books_batch(books), before);
    const FiscPlanText one = {.kind = FISC_PART_LINES,
                              .data = LINES_HEAD "L1,SCH,22,Goods,1.00,\n"
                                                 "L1,CORP,22,\"Repairs, \"\"roof\"\"\",50.50,60\n"};
    g_auto(Answer) second = put_text(books, "joan", &one);
    FISC_ASSERT_INT(second.changed, 1);
    FISC_ASSERT_INT(second.unchanged, 1);
}

/* One letter wrong, and a ceiling would bind nobody. */
static void
test_ceilings_speak_of_units_there_are(void)
{
    static const char head[] = "ceiling,entity,year,amount\n";
    static const char *const wrong[] = {"SHC", "X*", "sch"};
    g_autoptr(Books) books = drafted();
    int64_t before = books_batch(books);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text =
            g_strdup_printf("%sC1,SCH,2025,400\nC2,%s,2025,5\n", head, wrong[i]);
        g_autofree char *expected = g_strdup_printf("\"%s\" is not registered", wrong[i]);
        g_autofree char *refusal = put(books, "ann", FISC_PART_CEILINGS, NULL, text);
        FISC_ASSERT_CONTAINS(refusal, "text:3: entity: ENTITY_UNKNOWN");
        FISC_ASSERT_CONTAINS(refusal, expected);
    }
    FISC_ASSERT_INT(books_batch(books), before);
    g_autofree char *right = g_strconcat(head, "C1,SCH,2025,400\nC2,S*,2025,5\nC3,,2025,9\n", NULL);
    MUST(put(books, "ann", FISC_PART_CEILINGS, NULL, right));
}

static void
test_the_same_content_comes_back_by_its_bytes(void)
{
    g_autoptr(Books) books = drafted();
    g_autofree char *all = get(books, V, FISC_PART_LINES, NULL, 0);
    g_autofree char *ceilings = get(books, V, FISC_PART_CEILINGS, NULL, 0);
    g_autofree char *before = content_of(books, V, FISC_PART_LINES, "CORP");
    int64_t batch = books_batch(books);
    FISC_ASSERT_CONTAINS(all, "\"Repairs, \"\"roof\"\"\"");
    MUST(put(books, "joan", FISC_PART_LINES, NULL, all));
    MUST(put(books, "joan", FISC_PART_CEILINGS, NULL, ceilings));
    FISC_ASSERT_INT(books_batch(books), batch);
    g_autofree char *after = content_of(books, V, FISC_PART_LINES, "CORP");
    FISC_ASSERT_TEXT(after, before);
}

static void
test_an_edit_of_an_older_state_is_refused(void)
{
    g_autoptr(Books) books = drafted();
    g_autofree char *seen = content_of(books, V, FISC_PART_LINES, "SCH");
    const FiscPlanText first = {.kind = FISC_PART_LINES,
                                .entity = "SCH",
                                .base = seen,
                                .data = LINES_HEAD "L1,SCH,22,Goods,111.00,\n"};
    const FiscPlanText second = {.kind = FISC_PART_LINES,
                                 .entity = "SCH",
                                 .base = seen,
                                 .data = LINES_HEAD "L1,SCH,22,Goods,222.00,\n"};
    g_auto(Answer) taken = put_text(books, "ann", &first);
    g_auto(Answer) late = put_text(books, "joan", &second);
    FISC_ASSERT_TEXT(taken.refusal, "");
    FISC_ASSERT_CONTAINS(late.refusal, "CASE_CHANGED");
    g_autofree char *text = get(books, V, FISC_PART_LINES, "SCH", 0);
    FISC_ASSERT_CONTAINS(text, "111.00");
}

static void
test_a_step_changes_its_own_figures_only(void)
{
    static const struct {
        const char *step, *data, *says;
    } cases[] = {
        {"mark",
         "line,entity,gfs_code,title,request_2025,request_2026,mark_2025\n"
         "L1,SCH,22,Goods,99.00,110.00,80\nL2,SCH,21,Staff,300.00,,\n",
         "request_2025"},
        {"mark",
         "line,entity,gfs_code,title,request_2025,request_2026\nL1,SCH,22,Goods,100.00,110.00\n",
         "L2"},
        {NULL,
         "line,entity,gfs_code,title,request_2025,request_2026,amendment_2025\n"
         "L1,SCH,22,Goods,100.00,110.00,80\nL2,SCH,21,Staff,300.00,,\n",
         "amendment_2025"},
    };
    g_autoptr(Books) books = in_review();
    int64_t before = books_batch(books);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refusal = put(books, "ann", FISC_PART_LINES, cases[i].step, cases[i].data);
        fisc_assert_contains(refusal, cases[i].says, cases[i].says, __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(books_batch(books), before);
}

static void
test_a_request_over_its_ceiling_is_not_submitted(void)
{
    g_autoptr(Books) books = called();
    MUST(put(books, "ann", FISC_PART_LINES, NULL,
             LINES_HEAD "L1,SCH,22,Goods,100.01,110.00\nL2,SCH,21,Staff,300.00,\n"));
    REFUSED(take(books, "bob", V "/lines/SCH", "submit"), "CEILING_EXCEEDED");
    REFUSED(take(books, "bob", V "/lines", "submit"), "CEILING_EXCEEDED");
    expect_parts(books, V, "lines CORP open;lines SCH open;ceilings  set;");
    MUST(put(books, "ann", FISC_PART_CEILINGS, NULL,
             "ceiling,entity,year,amount\nC1,SCH,2025,500\n"));
    MUST(take(books, "bob", V "/lines", "submit"));
    books_expect(books,
                 "select count(*) from ledger.master m,"
                 "  lateral (select jsonb_object(m.fields) ->> 'requires' as r) x"
                 " where m.kind = 'case' and x.r ~ '^budget_table/" V "/ceilings=[0-9a-f]{64}$'",
                 "2");
}

static void
test_a_version_is_agreed_with_every_part(void)
{
    g_autoptr(Books) books = in_review();
    MUST(take(books, "carl", V "/lines/SCH", "accept"));
    REFUSED(take(books, "bob", V, "agree"), "lines/CORP");
    MUST(take(books, "carl", V "/lines/CORP", "accept"));
    MUST(take(books, "ann", V "/lines/CORP", "return"));
    REFUSED(take(books, "bob", V, "agree"), "lines/CORP");
    MUST(take(books, "ann", V, "reopen"));
    MUST(take(books, "carl", V "/lines", "submit"));
    MUST(take(books, "ann", V, "review"));
    MUST(take(books, "carl", V "/lines", "accept"));
    MUST(take(books, "bob", V, "agree"));
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscVersion) version = NULL;
    GError *error = NULL;
    fisc_tx_begin(books->pool, FISC_TX_READ, &tx, &error);
    fisc_version_load(tx, 1, V, &version, &error);
    die_of(error);
    FISC_ASSERT_INT(version->round, 2);
    FISC_ASSERT_TEXT(fisc_case_field(version->fields, "children"), version->children);
    FISC_ASSERT_INT(version->frame.years, 3);
}

/* ---- branches and earlier states ---- */

static void
test_a_branch_begins_with_the_same_contents(void)
{
    g_autoptr(Books) books = called();
    g_autofree char *before = books_ask(books, "select count(*) from budget.content");
    MUST(branch(books, "joan", V, "2025-b"));
    expect_state(books, "2025-b", "draft");
    expect_parts(books, "2025-b", "lines CORP open;lines SCH open;ceilings  set;");
    books_expect(books, "select count(*) from budget.content", before);
    g_autofree char *theirs = content_of(books, V, FISC_PART_LINES, "SCH");
    g_autofree char *ours = content_of(books, "2025-b", FISC_PART_LINES, "SCH");
    FISC_ASSERT_TEXT(ours, theirs);
    const FiscPlanText other = {
        .version = "2025-b", .kind = FISC_PART_LINES, .data = LINES_HEAD "L1,SCH,22,Goods,7.00,\n"};
    g_auto(Answer) answer = put_text(books, "joan", &other);
    FISC_ASSERT_TEXT(answer.refusal, "");
    g_autofree char *still = content_of(books, V, FISC_PART_LINES, "SCH");
    FISC_ASSERT_TEXT(still, theirs);
    REFUSED(branch(books, "joan", V, "2025-b"), "CASE_CHANGED"); /* it has gone on since */
    expect_clean(books);
}

static void
test_every_state_a_part_had_is_there(void)
{
    static const char *const amounts[] = {"1.00", "2.00", "3.00", "4.00"};
    g_autoptr(Books) books = school_books();
    MUST(open_version(books, "ann", V));
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        g_autofree char *data = g_strdup_printf(LINES_HEAD "L1,SCH,22,Goods,%s,\n", amounts[i]);
        MUST(put(books, "ann", FISC_PART_LINES, NULL, data));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        g_autofree char *text = get(books, V, FISC_PART_LINES, "SCH", (int)i + 1);
        FISC_ASSERT_CONTAINS(text, amounts[i]);
    }
    MUST(take(books, "bob", V, "call"));
    MUST(put(books, "ann", FISC_PART_LINES, NULL, LINES_HEAD "L1,SCH,22,Goods,9.00,\n"));
    g_autofree char *at_call = get(books, V "@2", FISC_PART_LINES, NULL, 0);
    g_autofree char *at_open = get(books, V, FISC_PART_LINES, NULL, 1);
    g_autofree char *now = get(books, V, FISC_PART_LINES, NULL, 0);
    FISC_ASSERT_CONTAINS(at_call, "4.00");
    CU_ASSERT_PTR_NULL(strstr(at_open, "SCH"));
    FISC_ASSERT_CONTAINS(now, "9.00");
    MUST(branch(books, "ann", V "@2", "2025-old"));
    g_autofree char *old = get(books, "2025-old", FISC_PART_LINES, NULL, 0);
    FISC_ASSERT_TEXT(old, at_call);
}

static void
test_history_names_who_and_why(void)
{
    static const int columns[] = {2, 4, 5, 6, 7, 8};
    g_autoptr(Books) books = called();
    g_autoptr(FiscTable) whole = NULL;
    g_autoptr(FiscTable) part = NULL;
    GError *error = NULL;
    MUST(take(books, "bob", V "/lines/SCH", "submit"));
    CU_ASSERT_TRUE(fisc_flow_plan_history(&books->ctx, V "/lines/SCH", &part, &error));
    CU_ASSERT_TRUE(fisc_flow_plan_history(&books->ctx, V, &whole, &error));
    g_autofree char *rows = rows_of(part, columns, 6);
    FISC_ASSERT_TEXT(rows, "ann budget_part/" V "/lines/SCH prepare - open because;"
                           "bob budget_part/" V "/lines/SCH submit open submitted because;");
    FISC_ASSERT_INT(whole->rows->len, 6);
    CU_ASSERT_FALSE(fisc_flow_plan_history(&books->ctx, V "/lines/BANK", &whole, &error));
    g_clear_error(&error);
}

/* ---- duties ---- */

static char *
day_from_now(int days)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) day = g_date_time_add_days(now, days);
    return g_date_time_format(day, "%Y-%m-%d");
}

/* Persons with roles of the shipped matrix; duties are in force. */
static Books *
books_with_duties(void)
{
    const BooksOffice office = {"ada", "sol"};
    Books *books = school_books();
    g_autoptr(FiscReceipt) delegated = NULL;
    GError *error = NULL;
    books_must_init_duties(books, office);
    books_must_register(books, "sub");
    books_must_give(books, office, "mona", "ministry_officer", NULL);
    books_must_give(books, office, "mark", "ministry_officer", NULL);
    books_must_give(books, office, "acc", "agency_accountant", "SCH");
    books_must_give(books, office, "app", "approver", "SCH");
    g_autofree char *from = day_from_now(-1);
    g_autofree char *to = day_from_now(30);
    const FiscGrantWords words = {
        .person = "sub", .role = "approver", .entity = "SCH", .from = from, .to = to};
    act_as(books, "app");
    fisc_flow_delegate(&books->ctx, "app", &words, false, &delegated, &error);
    die_of(error);
    MUST(first_refusal(NULL, delegated));
    books_must_enforce(books, office);
    return books;
}

/* The procedures are rules of the book: two persons put them there. */
static void
open_with_procedures(Books *books)
{
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    REFUSED(open_version(books, "mona", V), "fisc doc approve budget-procedures");
    act_as(books, "mark");
    fisc_flow_document_approve(&books->ctx, "budget-procedures", NULL, &state, &receipt, &error);
    die_of(error);
    FISC_ASSERT_TEXT(state, "done");
    MUST(open_version(books, "mona", V));
}

static void
test_rights_are_asked_where_duties_are_in_force(void)
{
    g_autoptr(Books) books = books_with_duties();
    open_with_procedures(books);
    REFUSED(put(books, "acc", FISC_PART_LINES, "prepare", LINES_HEAD "L1,SCH,22,Goods,1.00,\n"),
            "DUTY_MISSING");
    MUST(put(books, "mona", FISC_PART_CEILINGS, NULL, CEILINGS));
    REFUSED(take(books, "mona", V, "call"), "SECOND_PERSON");
    MUST(take(books, "mark", V, "call"));
    REFUSED(put(books, "acc", FISC_PART_LINES, NULL, LINES), "DUTY_MISSING");
    MUST(put(books, "acc", FISC_PART_LINES, NULL, LINES_HEAD "L1,SCH,22,Goods,300.00,\n"));
    REFUSED(take(books, "acc", V "/lines/SCH", "submit"), "SECOND_PERSON");
    REFUSED(take(books, "sub", V "/lines/SCH", "submit"), "DUTY_MISSING");
    MUST(take(books, "sub for app", V "/lines/SCH", "submit"));
    MUST(take(books, "mona", V, "review"));
    const FiscPlanText mark = {.kind = FISC_PART_LINES,
                               .is_patch = true,
                               .data = "line,entity,mark_2025,mark_reason\nL1,SCH,80,less\n"};
    g_auto(Answer) marked = put_text(books, "acc", &mark);
    FISC_ASSERT_CONTAINS(marked.refusal, "DUTY_MISSING");
    REFUSED(take(books, "app", V "/lines/SCH", "accept"), "DUTY_MISSING");
    MUST(take(books, "mark", V "/lines/SCH", "accept"));
    MUST(take(books, "mark", V, "agree"));
    expect_clean(books);
}

/* ---- altered behind the books ---- */

static void
expect_found(Books *books, const char *what, const char *part)
{
    g_autoptr(FiscVerifyReport) report = verify(books);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        g_string_append_printf(all, "%s\n", text);
    }
    fisc_assert_contains(all->str, part, what, __FILE__, __LINE__);
}

/* As a superuser, who may do everything. */
static void
run_sql(const Books *books, const char *sql)
{
    PGconn *connection = PQconnectdb(books->admin);
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        g_error("%s: %s", sql, PQerrorMessage(connection));
    }
    PQclear(result);
    PQfinish(connection);
}

static void
test_altered_contents_are_found(void)
{
    static const struct {
        const char *what, *sql, *found;
    } cases[] = {
        {"altered", "update budget.content set body = replace(body, '100.00', '900.00')",
         "case budget_part/" V "/lines/SCH: altered: its content "},
        {"deleted", "delete from budget.content where body like '%Repairs%'",
         "case budget_part/" V "/lines/CORP: missing: its content "},
        {"swapped",
         "update budget.content c set body = o.body from budget.content o"
         " where c.digest <> o.digest and c.body like 'line,%' and o.body like 'line,%'",
         "was replaced by that of budget_part/" V "/lines/"},
        {"given another name",
         "update budget.content set digest = sha256('x') where body like '%Repairs%'",
         "case budget_part/" V "/lines/CORP: missing: its content "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Books) books = drafted();
        expect_clean(books);
        run_sql(books, "alter table budget.content drop constraint content_has_its_digest");
        run_sql(books, cases[i].sql);
        expect_found(books, cases[i].what, cases[i].found);
        GError *error = NULL;
        char *text = NULL;
        char *content = NULL;
        bool is_read =
            fisc_flow_plan_get(&books->ctx, V, FISC_PART_LINES, NULL, 0, &text, &content, &error);
        CU_ASSERT_FALSE(is_read); /* nobody reads another text than the chain names */
        g_clear_error(&error);
    }
}

static void
test_the_database_keeps_contents_under_their_digests(void)
{
    g_autoptr(Books) books = drafted();
    g_autofree char *before =
        books_ask(books, "select string_agg(digest::text, ',' order by digest)"
                         " from budget.content");
    books_expect(books,
                 "select string_agg(r || ' ' || p, ', ')"
                 "  from unnest(array['fisc_poster', 'fisc_reader']) r,"
                 "       unnest(array['insert', 'update', 'delete', 'truncate']) p"
                 " where has_table_privilege(r, 'budget.content', p)",
                 "");
    books_expect(
        books,
        "select count(*) from information_schema.check_constraints"
        " where constraint_schema = 'budget' and constraint_name = 'content_has_its_digest'",
        "1");
    FISC_ASSERT_INT((int)strlen(before) > 0, 1);
}

/* ---- half done ---- */

/* What a process leaves that dies between content and event. */
static void
test_a_content_without_event_is_nothing(void)
{
    const char *texts[] = {"line,entity\nnobody,names me\n"};
    g_autoptr(Books) books = drafted();
    g_autoptr(FiscTx) tx = NULL;
    g_autofree char *before = get(books, V, FISC_PART_LINES, NULL, 0);
    GError *error = NULL;
    fisc_tx_begin(books->pool, FISC_TX_WRITE, &tx, &error);
    fisc_content_keep(tx, texts, 1, &error);
    fisc_tx_commit(g_steal_pointer(&tx), &error);
    die_of(error);
    g_autofree char *after = get(books, V, FISC_PART_LINES, NULL, 0);
    FISC_ASSERT_TEXT(after, before);
    expect_clean(books);
}

/* ---- many ---- */

#define MANY_ENTITIES 120
#define MANY_LINES 40

static void
test_many_lines_are_one_change(void)
{
    g_autoptr(Books) books = school_books();
    g_autoptr(GString) text = g_string_new(LINES_HEAD);
    FiscSubmission *entities = fisc_submission_new("test", "tester");
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    for (int i = 0; i < MANY_ENTITIES; i++) {
        g_autofree char *code = g_strdup_printf("M%03d", i);
        fisc_submission_event(entities, "entity", code, "name", code, "sector", "S1311", "cp_code",
                              "11", "reporting", "N", NULL);
        for (int k = 0; k < MANY_LINES; k++) {
            g_string_append_printf(text, "L%d,%s,22,Goods,%d.00,%d.50\n", k, code, i + k, i * k);
        }
    }
    fisc_flow_post(&books->ctx, entities, true, false, &receipt, &error);
    die_of(error);
    fisc_receipt_free(receipt);
    fisc_submission_free(entities);
    MUST(open_version(books, "ann", V));
    int64_t before = books_batch(books);
    MUST(put(books, "ann", FISC_PART_LINES, NULL, text->str));
    FISC_ASSERT_INT(books_batch(books), before + 1);
    MUST(take(books, "bob", V, "call"));
    MUST(take(books, "bob", V "/lines", "submit"));
    MUST(take(books, "ann", V, "review"));
    MUST(take(books, "bob", V "/lines", "accept"));
    MUST(take(books, "bob", V, "agree"));
    FISC_ASSERT_INT(books_batch(books), before + 6);
    g_autofree char *all = get(books, V, FISC_PART_LINES, NULL, 0);
    MUST(branch(books, "ann", V, "2025-again"));
    g_autofree char *branched = get(books, "2025-again", FISC_PART_LINES, NULL, 0);
    FISC_ASSERT_TEXT(branched, all);
    expect_clean(books);
}

const FiscTest fisc_plan_walk_tests[] = {
    {"lets two persons bring a version to the table",
     test_two_persons_bring_a_version_to_the_table},
    {"lets nobody accept his own marks", test_a_marker_does_not_accept_his_own_marks},
    {"refuses every step out of its turn", test_every_step_is_refused_out_of_its_turn},
    {"says which words of a step make no sense", test_words_that_make_no_sense},
    {"takes a file of several entities as one change",
     test_a_file_of_several_entities_is_one_change},
    {"keeps no event of what changes nothing", test_what_changes_nothing_is_no_event},
    {"takes ceilings of units there are", test_ceilings_speak_of_units_there_are},
    {"gives a content back by its bytes", test_the_same_content_comes_back_by_its_bytes},
    {"refuses an edit of an older state", test_an_edit_of_an_older_state_is_refused},
    {"lets a step change its own figures only", test_a_step_changes_its_own_figures_only},
    {"does not submit a request over its ceiling",
     test_a_request_over_its_ceiling_is_not_submitted},
    {"agrees on a version with every part of it", test_a_version_is_agreed_with_every_part},
    {"begins a branch with the same contents", test_a_branch_begins_with_the_same_contents},
    {"has every state that a part had", test_every_state_a_part_had_is_there},
    {"names in its history who and why", test_history_names_who_and_why},
    {"asks for rights where duties are in force", test_rights_are_asked_where_duties_are_in_force},
    {"finds contents that were altered", test_altered_contents_are_found},
    {"keeps contents under their digests", test_the_database_keeps_contents_under_their_digests},
    {"takes a content without event for nothing", test_a_content_without_event_is_nothing},
    {"takes thousands of lines as one change", test_many_lines_are_one_change},
    {NULL, NULL},
};
