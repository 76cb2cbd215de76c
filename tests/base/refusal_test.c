/* refusal_test.c: refusals as lines of text, and lists that do not grow without end. */
#include "tests/support/suite.h"
#include "fisc/refusal.h"

extern const FiscTest fisc_refusal_tests[];

static void
test_says_where_and_what(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *refusal = fisc_refusals_add(refusals, FISC_ERROR_AMOUNT_DECIMALS, "journals.csv",
                                             12, "credit", "\"%s\"", "1.234");
    refusal->hint = g_strdup("round it");
    g_autofree char *text = fisc_refusal_to_text(refusal, 2);
    FISC_ASSERT_TEXT(text, "journals.csv:12: credit: AMOUNT_DECIMALS: The amount has more decimals "
                           "than its currency: \"1.234\" (round it)");
}

static void
test_leaves_out_what_is_unknown(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *bare =
        fisc_refusals_add(refusals, FISC_ERROR_ACTOR_MISSING, NULL, 0, NULL, "%s", "");
    g_autofree char *text = fisc_refusal_to_text(bare, 2);
    FISC_ASSERT_TEXT(text, "ACTOR_MISSING: Nobody answers for this write");
    FiscRefusal *row =
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_MISSING, NULL, 3, "name", "empty");
    g_autofree char *row_text = fisc_refusal_to_text(row, 2);
    FISC_ASSERT_TEXT(row_text, "line 3: name: VALUE_MISSING: A required value is missing: empty");
}

static FiscRefusal *
add_funds_refusal(FiscRefusals *refusals)
{
    FiscRefusal *refusal = fisc_refusals_add(refusals, FISC_ERROR_BUDGET_EXCEEDED, "post.csv", 2,
                                             NULL, "entry %s", "A-2");
    refusal->control = g_strdup("chapter");
    refusal->key = g_strdup("entity=001 economic=1 year=2018");
    refusal->limit = 100000;
    refusal->consumed = 40000;
    refusal->requested = 12345600;
    refusal->shortfall = 12285600;
    return refusal;
}

static void
test_tells_the_sums_of_a_funds_refusal(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *refusal = add_funds_refusal(refusals);
    g_autofree char *text = fisc_refusal_to_text(refusal, 2);
    FISC_ASSERT_TEXT(text, "post.csv:2: BUDGET_EXCEEDED: The funds available do not suffice: entry "
                           "A-2; control chapter, key entity=001 economic=1 year=2018, limit "
                           "1,000.00, consumed 400.00, requested 123,456.00, shortfall 122,856.00");
    g_autofree char *won = fisc_refusal_to_text(refusal, 0);
    FISC_ASSERT_CONTAINS(won, "limit 100,000, consumed 40,000");
}

static void
test_tells_where_the_consumed_amount_stands(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *refusal = add_funds_refusal(refusals);
    refusal->stage[FISC_CONSUMED_COMMITTED] = 30000;
    refusal->stage[FISC_CONSUMED_PAID] = 10000;
    refusal->article = g_strdup("Budget Act, art. 46");
    g_autofree char *text = fisc_refusal_to_text(refusal, 2);
    FISC_ASSERT_CONTAINS(text, "consumed 400.00 (committed 300.00, paid 100.00), requested ");
    FISC_ASSERT_CONTAINS(text, "shortfall 122,856.00, by Budget Act, art. 46");
}

static void
test_lists_remedies(void)
{
    static const struct {
        FiscRemedy remedy;
        const char *line;
    } cases[] = {
        {{.kind = FISC_REMEDY_VIREMENT,
          .from = (char *)"entity=1 economic=22 year=2024",
          .to = (char *)"entity=1 economic=21 year=2024",
          .amount = 1000,
          .approval = (char *)"minister",
          .approvals = 1,
          .rule = (char *)"within-programme",
          .article = (char *)"art. 46"},
         "a virement inside the rules: 10.00 from \"entity=1 economic=22 year=2024\" to "
         "\"entity=1 economic=21 year=2024\" (rule within-programme, art. 46, approved by "
         "minister)"},
        {{.kind = FISC_REMEDY_RELEASE,
          .to = (char *)"entity=1 year=2024",
          .amount = 123456,
          .approvals = 1},
         "a release of what is appropriated and not yet allotted: 1,234.56 to \"entity=1 "
         "year=2024\" (approved by a second person)"},
        {{.kind = FISC_REMEDY_RELEASE, .amount = 1, .approval = (char *)"cfo", .approvals = 2},
         "a release of what is appropriated and not yet allotted: 0.01 (approved by cfo (2 "
         "persons))"},
        {{.kind = FISC_REMEDY_NONE, .rule = (char *)"unused"}, "there is no lawful way"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = fisc_remedy_to_text(&cases[i].remedy, 2);
        FISC_ASSERT_TEXT(line, cases[i].line);
    }
    FiscRemedy wait = {.kind = FISC_REMEDY_WAIT, .date = fisc_date_make(2024, 4, 1)};
    g_autofree char *line = fisc_remedy_to_text(&wait, 2);
    FISC_ASSERT_TEXT(line, "the next release that is already on record on 2024-04-01");
}

static void
test_puts_remedies_below_the_refusal(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *refusal = add_funds_refusal(refusals);
    refusal->remedies = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
    FiscRemedy *remedy = fisc_remedy_new(FISC_REMEDY_OVERRIDE);
    remedy->option = 1;
    remedy->amount = 12285600;
    g_ptr_array_add(refusal->remedies, remedy);
    FiscRefusal *copy = fisc_refusal_copy(refusal);
    g_ptr_array_add(copy->remedies, fisc_remedy_new(FISC_REMEDY_NONE));
    g_autofree char *text = fisc_refusal_to_text(copy, 2);
    FISC_ASSERT_CONTAINS(text, "shortfall 122,856.00\n    remedy 1: an override by who may give "
                               "one: 122,856.00\n    remedy: there is no lawful way");
    FISC_ASSERT_INT(refusal->remedies->len, 1);
    fisc_refusal_free(copy);
}

static void
test_copies_deeply(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscRefusal *refusal = add_funds_refusal(refusals);
    FiscRefusal *copy = fisc_refusal_copy(refusal);
    g_autofree char *text = fisc_refusal_to_text(refusal, 2);
    g_autofree char *copied = fisc_refusal_to_text(copy, 2);
    FISC_ASSERT_TEXT(copied, text);
    CU_ASSERT_TRUE(copy->key != refusal->key && copy->detail != refusal->detail);
    fisc_refusal_free(copy);
    fisc_refusal_free(NULL);
}

static void
test_counts_what_is_beyond_the_cap(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    for (int i = 1; i <= FISC_REFUSALS_MAX + 500; i++) {
        FiscRefusal *refusal =
            fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, "big.csv", i, "x", "row %d", i);
        g_free(refusal->hint); /* none is set on a new refusal */
        refusal->hint = g_strdup("mine");
    }
    FISC_ASSERT_INT(refusals->len, FISC_REFUSALS_MAX + 1);
    const FiscRefusal *kept = g_ptr_array_index(refusals, FISC_REFUSALS_MAX - 1);
    FISC_ASSERT_INT(kept->line, FISC_REFUSALS_MAX);
    FISC_ASSERT_INT(kept->dropped, 0);
    const FiscRefusal *last = g_ptr_array_index(refusals, FISC_REFUSALS_MAX);
    FISC_ASSERT_INT(last->dropped, 500);
    FISC_ASSERT_CONTAINS(last->detail, "500 more");
}

static void
test_ends_with_conflict_only_when_all_conflict(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FISC_ASSERT_INT(fisc_refusals_exit_status(refusals), 6);
    for (int i = 0; i < FISC_REFUSALS_MAX + 2; i++) {
        fisc_refusals_add(refusals, FISC_ERROR_REFERENCE_CONFLICT, NULL, 0, NULL, "%d", i);
    }
    FISC_ASSERT_INT(fisc_refusals_exit_status(refusals), 5);
    fisc_refusals_add(refusals, FISC_ERROR_BUDGET_EXCEEDED, NULL, 0, NULL, "beyond the cap");
    fisc_refusals_add(refusals, FISC_ERROR_REFERENCE_CONFLICT, NULL, 0, NULL, "again");
    FISC_ASSERT_INT(fisc_refusals_exit_status(refusals), 6);
}

const FiscTest fisc_refusal_tests[] = {
    {"says file, line, field, rule, value and hint", test_says_where_and_what},
    {"leaves out what is unknown", test_leaves_out_what_is_unknown},
    {"tells the sums of a funds refusal", test_tells_the_sums_of_a_funds_refusal},
    {"tells in which stages the consumed amount stands, and the article",
     test_tells_where_the_consumed_amount_stands},
    {"says a remedy in one line: what, how much, from where, by which rule and whose approval",
     test_lists_remedies},
    {"puts the remedies below their refusal, and copies them with it",
     test_puts_remedies_below_the_refusal},
    {"copies a refusal with all its words", test_copies_deeply},
    {"counts the refusals beyond the cap in the last one", test_counts_what_is_beyond_the_cap},
    {"ends with the status of a conflict only when every refusal is one",
     test_ends_with_conflict_only_when_all_conflict},
    {NULL, NULL},
};
