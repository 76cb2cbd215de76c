/* block_test.c: blocks, cuts and draws through the flows: proposed by one officer, approved by
 * others, and what the funds say then. */
#include "tests/app/officer.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_block_flow_tests[];

static FiscDate
summer(void)
{
    return fisc_date_make(YEAR, 6, 15);
}

static Books *
open_books(void)
{
    Books *books = officer_books();
    FiscSubmission *submission = officer_begin();
    officer_add_entity(submission, "MOF");
    fisc_submission_event(submission, "control", "vote", "level", "absolute", "absent", "refuse",
                          "key", "entity programme economic", NULL);
    officer_appropriate(submission, "E", "programme=1 economic=21", 100000);
    officer_appropriate(submission, "E", "programme=1 economic=22", 50001);
    officer_appropriate(submission, "E", "programme=1 economic=31", 70000);
    officer_appropriate(submission, "MOF", "programme=999 economic=9", 60000);
    officer_reserve(submission, "E", "PR-1", summer(), "programme=1 economic=21", 80000);
    officer_must_post(books, submission);
    return books;
}

/* "" or the code of the first refusal. */
static char *
code_of(const FiscReceipt *receipt)
{
    g_autofree char *text = books_first_refusal(
        receipt->refusals != NULL   ? receipt->refusals
        : receipt->results->len > 0 ? ((const FiscResult *)receipt->results->pdata[0])->refusals
                                    : NULL);
    return g_strndup(text, strcspn(text, " "));
}

/* Approved by everybody of a list; the state it comes to. */
static char *
approve(Books *books, const char *id, const char *approvers)
{
    char *state = NULL;
    g_auto(GStrv) persons = g_strsplit(approvers, " ", -1);
    for (int i = 0; persons[i] != NULL; i++) {
        GError *error = NULL;
        FiscReceipt *receipt = NULL;
        g_free(g_steal_pointer(&state));
        books->ctx.actor = persons[i];
        if (!fisc_flow_document_approve(&books->ctx, id, NULL, &state, &receipt, &error)) {
            g_error("%s", error->message);
        }
        if (state == NULL) {
            state = code_of(receipt);
        }
        fisc_receipt_free(receipt);
    }
    books->ctx.actor = "mary";
    return state;
}

static char *
block(Books *books, FiscBlockOrder order, const char *expected, FiscBlockSum *out_sum)
{
    GError *error = NULL;
    char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    order.entity = order.entity != NULL ? order.entity : "E";
    order.on = summer();
    order.reason = "restraint";
    books->ctx.actor = "mary";
    if (!fisc_flow_budget_block(&books->ctx, &order, out_sum, &id, &receipt, &error)) {
        FISC_ASSERT_TEXT(error->message, expected);
        g_error_free(error);
        return NULL;
    }
    g_autofree char *code = code_of(receipt);
    FISC_ASSERT_TEXT(code, expected);
    return id;
}

/* "available" and "blocked" of every key of E, in the order of the keys. */
static char *
funds_of(Books *books, const char *entity)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    static const char *const columns[] = {"blocked", "available"};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    GString *text = g_string_new(NULL);
    if (!fisc_flow_funds(&books->ctx, entity, YEAR, any, &table, &error)) {
        g_error("%s", error->message);
    }
    GHashTable *index = books_index(table, 3);
    GList *keys = g_list_sort(g_hash_table_get_keys(index), (GCompareFunc)strcmp);
    for (GList *key = keys; key != NULL; key = key->next) {
        bool has_blocks = fisc_table_column(table, "blocked") >= 0;
        for (gsize i = has_blocks ? 0 : 1; i < G_N_ELEMENTS(columns); i++) {
            g_string_append_printf(text, "%" G_GINT64_FORMAT "%s",
                                   books_amount(table, index, key->data, columns[i]),
                                   i == 0 ? "+" : " ");
        }
    }
    g_list_free(keys);
    g_hash_table_unref(index);
    return g_string_free(text, FALSE);
}

static void
expect_funds(Books *books, const char *expected)
{
    g_autofree char *text = funds_of(books, "E");
    FISC_ASSERT_TEXT(text, expected);
}

static void
expect_done(Books *books, char *id)
{
    g_autofree char *own = id;
    g_autofree char *state = approve(books, own, "anna");
    FISC_ASSERT_TEXT(state, "done");
}

static void
test_block_and_unblock(void)
{
    FiscBlockSum sum;
    g_autoptr(Books) books = open_books();
    expect_funds(books, "20000 50001 70000 ");
    FiscBlockOrder goods = {.kind = FISC_BLOCK_SET, .percent = "5", .article = "Art. 9"};
    goods.where[FISC_DIM_ECONOMIC] = "2*";
    expect_done(books, block(books, goods, "", &sum));
    FISC_ASSERT_INT(sum.lines, 2);
    FISC_ASSERT_INT(sum.total, 7500); /* 50.00 and 25.0005 */
    expect_funds(books, "5000+15000 2500+47501 0+70000 ");
    g_autoptr(FiscReceipt) refused =
        officer_ask(books, "E", "programme=1 economic=21", summer(), 15001);
    g_autofree char *asked = code_of(refused);
    FISC_ASSERT_TEXT(asked, "BUDGET_EXCEEDED");
    FiscBlockOrder lift = {.kind = FISC_BLOCK_LIFT, .amount = "30.00"};
    expect_done(books, block(books, lift, "", &sum));
    expect_funds(books, "3000+17000 1500+48501 0+70000 ");
    FiscBlockOrder all = {.kind = FISC_BLOCK_LIFT};
    expect_done(books, block(books, all, "", &sum));
    FISC_ASSERT_INT(sum.total, 4500);
    expect_funds(books, "20000 50001 70000 ");
}

static void
test_cut(void)
{
    FiscBlockSum sum;
    g_autoptr(Books) books = open_books();
    FiscBlockOrder cut = {.kind = FISC_BLOCK_CUT, .amount = "300.00"};
    cut.where[FISC_DIM_ECONOMIC] = "31";
    expect_done(books, block(books, cut, "", &sum));
    expect_funds(books, "20000 50001 40000 ");
}

/* What one line does not have, none of them holds back. */
static void
test_refusals(void)
{
    FiscBlockSum sum;
    g_autoptr(Books) books = open_books();
    FiscBlockOrder goods = {.percent = "21"};
    goods.where[FISC_DIM_ECONOMIC] = "2*";
    g_autofree char *id = block(books, goods, "", &sum);
    g_autofree char *state = approve(books, id, "anna");
    FISC_ASSERT_TEXT(state, "BUDGET_EXCEEDED");
    static const struct {
        FiscBlockOrder order;
        const char *expected;
    } cases[] = {
        {{.percent = "0"},
         "the percentage is above 0 and up to 100, with at most 4 decimals, not \"0\""},
        {{.percent = "5", .amount = "5"}, "either an amount or a percentage, not both"},
        {{.entity = "E"}, "say how much: an amount or a percentage"},
        {{.amount = "-5"}, "the amount is above zero"},
        {{.percent = "5", .entity = "X"}, "there is no entity \"X\""},
        {{.kind = FISC_BLOCK_LIFT},
         "no budget line of E in 2024 that is meant has anything to unblock"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_free(block(books, cases[i].order, cases[i].expected, &sum));
    }
    expect_funds(books, "20000 50001 70000 ");
}

/* Draws --------------------------------------------------------------------------------------- */

static void
add_person(FiscSubmission *submission, const char *code)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, code, -1);
    fisc_submission_event(submission, "person", code, "name_digest", digest, "id_digest", digest,
                          "state", "active", NULL);
}

static void
grant(Books *books, const char *person, const char *role)
{
    g_autofree char *duty = g_strdup_printf("%s/budget", role);
    g_autofree char *subject = g_strdup_printf("%s/%s/*", person, role);
    FiscSubmission *proposal = fisc_submission_new("test", "root");
    add_person(proposal, person);
    add_person(proposal, "sec");
    fisc_submission_event(proposal, "duty", duty, "rights", "A", NULL);
    fisc_submission_event(proposal, "grant", subject, "state", "proposed", "maker", "root", NULL);
    officer_must_post(books, proposal);
    FiscSubmission *confirmation = fisc_submission_new("test", "sec");
    fisc_submission_event(confirmation, "grant", subject, "state", "active", "maker", "root",
                          "checker", "sec", NULL);
    officer_must_post(books, confirmation);
}

static char *
draw(Books *books, const char *amount, const char *expected)
{
    GError *error = NULL;
    char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    FiscBudgetOrder order = {.entity = "E", .on = summer(), .amount = amount, .reason = "flood"};
    order.from[FISC_DIM_PROGRAMME] = "999";
    order.from[FISC_DIM_ECONOMIC] = "9";
    order.to[FISC_DIM_PROGRAMME] = "1";
    order.to[FISC_DIM_ECONOMIC] = "22";
    if (!fisc_flow_budget_draw(&books->ctx, "MOF", &order, &id, &receipt, &error)) {
        g_error("%s", error->message);
    }
    g_autofree char *code = code_of(receipt);
    FISC_ASSERT_TEXT(code, expected);
    return id;
}

static void
test_draw(void)
{
    g_autoptr(Books) books = open_books();
    FiscSubmission *rule = officer_begin();
    fisc_submission_event(rule, "reserve_rule", "contingency", "line", "entity=MOF programme=9*",
                          "approvals", "finance cabinet head_of_state", "article", "Art. 22", NULL);
    officer_must_post(books, rule);
    grant(books, "fin", "finance");
    grant(books, "cab", "cabinet");
    grant(books, "pres", "head_of_state");
    g_autofree char *first = draw(books, "550.00", "");
    g_autofree char *waiting = approve(books, first, "fin cab");
    FISC_ASSERT_TEXT(waiting, "proposed");
    g_autofree char *done = approve(books, first, "pres");
    FISC_ASSERT_TEXT(done, "done");
    expect_funds(books, "20000 105001 70000 ");
    g_autofree char *more = draw(books, "60.00", "");
    g_autofree char *short_of = approve(books, more, "fin cab pres");
    FISC_ASSERT_TEXT(short_of, "BUDGET_EXCEEDED");
    FiscSubmission *cut = officer_begin();
    fisc_submission_event(cut, "cut_line", "E/22", "entity", "E", "year", "2024", "economic", "22",
                          NULL);
    g_autofree char *second = draw(books, "50.00", "");
    g_autofree char *wrong = approve(books, second, "cab fin pres");
    FISC_ASSERT_TEXT(wrong, "RESERVE_RULE");
    officer_must_post(books, cut);
    g_free(draw(books, "40.00", "RESERVE_RULE")); /* the maker hears that at once */
    expect_funds(books, "20000 105001 70000 ");
}

const FiscTest fisc_block_flow_tests[] = {
    {"holds back a percentage of many lines, and lets it go again", test_block_and_unblock},
    {"cuts many lines by one document", test_cut},
    {"tells the maker why nothing can be held back", test_refusals},
    {"R15: draws on a reserve by a document of three roles", test_draw},
    {NULL, NULL},
};
