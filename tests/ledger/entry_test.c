/* entry_test.c: submissions as values, the tables of dimensions and stages, the pure check. */
#include "tests/support/suite.h"
#include "fisc/entry.h"
#include <string.h>

extern const FiscTest fisc_entry_tests[];

static FiscLine *
add_line(FiscEntry *entry, const char *account, int64_t amount, int row)
{
    FiscLine *line = fisc_entry_line(entry);
    line->account = account;
    line->amount = amount;
    line->row = row;
    return line;
}

/* A good entry of two lines, which each case then spoils. */
static FiscEntry *
add_entry(FiscSubmission *submission)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "001";
    entry->reference = "001/A-1";
    entry->effective = fisc_date_make(2024, 3, 1);
    entry->memo = "Salaries of März";
    entry->file = "journals.csv";
    entry->row = 10;
    add_line(entry, "2111", 150000, 10);
    add_line(entry, "3202", -150000, 11);
    return entry;
}

static FiscLine *
line_of(FiscEntry *entry, int index)
{
    return &g_array_index(entry->lines, FiscLine, index);
}

static void
keep(FiscEntry *entry)
{
    (void)entry;
}
static void
drop_reference(FiscEntry *entry)
{
    entry->reference = "";
}
static void
lengthen_reference(FiscEntry *entry)
{
    static char text[202];
    memset(text, 'r', 201);
    entry->reference = text;
}
static void
drop_entity(FiscEntry *entry)
{
    entry->entity = NULL;
}
static void
lengthen_memo(FiscEntry *entry)
{
    static char text[FISC_MEMO_MAX + 2];
    memset(text, 'm', FISC_MEMO_MAX + 1);
    entry->memo = text;
}
static void
break_memo(FiscEntry *entry)
{
    entry->memo = "two\nlines";
}
static void
hide_memo(FiscEntry *entry)
{
    entry->memo = "caf\xc3\xa9 \xc2\x9b";
}
static void
spoil_memo(FiscEntry *entry)
{
    entry->memo = "caf\xe9";
}
static void
break_dimension(FiscEntry *entry)
{
    line_of(entry, 1)->dim[FISC_DIM_FUNCTION] = "70\t9";
}
static void
unbalance(FiscEntry *entry)
{
    line_of(entry, 0)->amount = 150001;
}
static void
unbalance_yen(FiscEntry *entry)
{
    entry->decimals = 0;
    line_of(entry, 0)->amount = 150001;
}
static void
zero_a_line(FiscEntry *entry)
{
    add_line(entry, "22", 0, 12);
}
static void
leave_one_line(FiscEntry *entry)
{
    g_array_set_size(entry->lines, 1);
}
static void
leave_no_line(FiscEntry *entry)
{
    g_array_set_size(entry->lines, 0);
}
static void
drop_account(FiscEntry *entry)
{
    line_of(entry, 0)->account = "";
}
static void
overflow_side(FiscEntry *entry)
{
    line_of(entry, 0)->amount = INT64_MAX;
    line_of(entry, 1)->amount = -INT64_MAX;
    add_line(entry, "22", 1, 12);
    add_line(entry, "3202", -1, 13);
}
static void
put_least_amount(FiscEntry *entry)
{
    line_of(entry, 1)->amount = INT64_MIN;
}
static void
mix_sides(FiscEntry *entry)
{
    line_of(entry, 1)->account = "B24";
}
static void
reverse_nothing(FiscEntry *entry)
{
    entry->reverses = true;
}
static void
spoil_period(FiscEntry *entry)
{
    entry->period = 202414;
}
static void
spoil_flow(FiscEntry *entry)
{
    line_of(entry, 0)->flow = 2;
}
static void
spoil_kind(FiscEntry *entry)
{
    line_of(entry, 1)->kind = 4;
}
static void
add_too_many_lines(FiscEntry *entry)
{
    for (int i = 0; i < FISC_ENTRY_LINES_MAX / 2; i++) {
        add_line(entry, "22", 1, 0);
        add_line(entry, "3202", -1, 0);
    }
}

static const struct {
    void (*spoil)(FiscEntry *entry);
    const char *expected; /* the first refusal; NULL: none */
    guint count;
} check_cases[] = {
    {keep, NULL, 0},
    {drop_reference, "journals.csv:10: reference: VALUE_MISSING", 1},
    {lengthen_reference,
     "journals.csv:10: reference: VALUE_INVALID: The value is not allowed: 201 "
     "bytes, where 200 are the limit",
     1},
    {drop_entity, "journals.csv:10: entity: VALUE_MISSING", 1},
    {lengthen_memo, "journals.csv:10: memo: VALUE_INVALID", 1},
    {break_memo,
     "journals.csv:10: memo: VALUE_INVALID: The value is not allowed: control character "
     "U+000A at position 4",
     1},
    {hide_memo, "control character U+009B at position 7", 1},
    {spoil_memo,
     "journals.csv:10: memo: ENCODING_INVALID: The text is not in the expected encoding: "
     "byte 0xe9 at position 4",
     1},
    {break_dimension, "journals.csv:11: cofog: VALUE_INVALID", 1},
    {unbalance,
     "journals.csv:10: ENTRY_UNBALANCED: Debits and credits of a side differ: financial "
     "side: debit 1,500.01, credit 1,500.00, difference 0.01",
     1},
    {unbalance_yen, "debit 150,001, credit 150,000, difference 1", 1},
    {zero_a_line, "journals.csv:12: amount: ENTRY_SHAPE", 1},
    {leave_one_line,
     "journals.csv:10: ENTRY_SHAPE: An entry needs two lines or more, none of them "
     "zero: the entry has 1 line",
     2},
    {leave_no_line, "the entry has 0 lines", 1},
    {drop_account, "journals.csv:10: account: VALUE_MISSING", 1},
    {overflow_side,
     "journals.csv:10: AMOUNT_OVERFLOW: The amount does not fit: the financial side "
     "adds up to 92,233,720,368,547,758.08",
     1},
    {put_least_amount, "AMOUNT_OVERFLOW", 2},
    {mix_sides, "financial side: debit 1,500.00, credit 0.00, difference 1,500.00", 2},
    {reverse_nothing, "journals.csv:10: corrects: VALUE_MISSING", 1},
    {spoil_period, "journals.csv:10: period: VALUE_INVALID: The value is not allowed: 202414", 1},
    {spoil_flow, "journals.csv:10: flow: VALUE_INVALID", 1},
    {spoil_kind, "journals.csv:11: kind: VALUE_INVALID", 1},
    {add_too_many_lines,
     "journals.csv:10: ENTRY_TOO_LARGE: The entry or group has too many lines: "
     "10002 lines, where 10000 are the limit",
     1},
};

static void
test_checks_an_entry(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(check_cases); i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        FiscEntry *entry = add_entry(submission);
        check_cases[i].spoil(entry);
        fisc_entry_check(entry, refusals);
        FISC_ASSERT_INT(refusals->len, check_cases[i].count);
        if (refusals->len > 0 && check_cases[i].expected != NULL) {
            g_autofree char *text =
                fisc_refusal_to_text(g_ptr_array_index(refusals, 0), entry->decimals);
            FISC_ASSERT_CONTAINS(text, check_cases[i].expected);
        }
    }
}

static void
test_collects_all_refusals_at_once(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscEntry *entry = add_entry(submission);
    drop_reference(entry);
    break_memo(entry);
    zero_a_line(entry);
    unbalance(entry);
    fisc_entry_check(entry, refusals);
    FISC_ASSERT_INT(refusals->len, 4);
}

static void
test_moves_between_stages(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "001";
    entry->reference = "budget/1";
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_COUNTERPARTY] = "002", [FISC_DIM_PROGRAMME] = "15001",
        [FISC_DIM_CASH_CODE] = "21",     [FISC_DIM_CASH_COUNTERPARTY] = "BANK",
        [FISC_DIM_LAYER] = "adjusted",
    };
    fisc_entry_move(entry, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, 500, dim, 7);
    FISC_ASSERT_INT(entry->lines->len, 2);
    const FiscLine *debit = line_of(entry, 0);
    const FiscLine *credit = line_of(entry, 1);
    FISC_ASSERT_TEXT(debit->account, "B11");
    FISC_ASSERT_INT(debit->amount, 500);
    FISC_ASSERT_TEXT(credit->account, "B20");
    FISC_ASSERT_INT(credit->amount, -500);
    FISC_ASSERT_TEXT(credit->dim[FISC_DIM_PROGRAMME], "15001");
    FISC_ASSERT_TEXT(credit->dim[FISC_DIM_LAYER], "adjusted");
    FISC_ASSERT_TEXT(credit->dim[FISC_DIM_COUNTERPARTY], NULL);
    FISC_ASSERT_TEXT(credit->dim[FISC_DIM_CASH_CODE], NULL);
    FISC_ASSERT_TEXT(credit->dim[FISC_DIM_CASH_COUNTERPARTY], NULL);
    FISC_ASSERT_INT(credit->row, 7);
    fisc_entry_check(entry, refusals); /* budgetary lines alone are an entry */
    FISC_ASSERT_INT(refusals->len, 0);
}

static void
test_moves_with_the_words_of_its_own_line(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = fisc_submission_entry(submission);
    add_line(entry, "22", 5, 1)->dim[FISC_DIM_SECTION] = "A1";
    for (int i = 0; i < 100; i++) {
        fisc_entry_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_PAYMENT, 5, line_of(entry, 0)->dim,
                        1);
    }
    FISC_ASSERT_INT(entry->lines->len, 201);
    FISC_ASSERT_TEXT(line_of(entry, 200)->dim[FISC_DIM_SECTION], "A1");
}

static void
test_finds_dimensions_and_stages(void)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        FISC_ASSERT_INT(fisc_dimension_find(fisc_dimension_column(i)), i);
    }
    FISC_ASSERT_INT(fisc_dimension_find("function"), FISC_DIM_FUNCTION);
    FISC_ASSERT_INT(fisc_dimension_find("counterparty"), FISC_DIM_COUNTERPARTY);
    FISC_ASSERT_INT(fisc_dimension_find("colour"), -1);
    for (int i = FISC_STAGE_NONE + 1; i < FISC_STAGE_COUNT; i++) {
        FISC_ASSERT_INT(fisc_stage_find(fisc_stage_word(i)), i);
        CU_ASSERT_TRUE(strlen(fisc_stage_account(i)) == 3 && strlen(fisc_stage_title(i)) > 0);
        CU_ASSERT_TRUE(fisc_stage_counterpart(i) != FISC_STAGE_NONE);
    }
    FISC_ASSERT_INT(fisc_stage_find(""), -1);
    FISC_ASSERT_INT(fisc_stage_find("promise"), -1);
    FISC_ASSERT_INT(fisc_stage_counterpart(FISC_STAGE_CHANGE), FISC_STAGE_AVAILABLE);
    FISC_ASSERT_INT(fisc_stage_counterpart(FISC_STAGE_OBLIGATION), FISC_STAGE_AVAILABLE);
    FISC_ASSERT_INT(fisc_stage_counterpart(FISC_STAGE_COLLECTION), FISC_STAGE_OUTSTANDING);
}

static void
test_keeps_the_fields_of_events(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    char name[] = "City";
    FiscEvent *event = fisc_submission_event(submission, "entity", "001", "name", name, "sector",
                                             NULL, "cp_code", "", NULL);
    name[0] = 'X'; /* the submission has its own copy */
    FISC_ASSERT_TEXT(event->kind, "entity");
    FISC_ASSERT_TEXT(event->subject, "001");
    FISC_ASSERT_INT(event->fields->len, 4);
    FISC_ASSERT_TEXT(fisc_event_field(event, "name"), "City");
    FISC_ASSERT_TEXT(fisc_event_field(event, "sector"), NULL);
    FISC_ASSERT_TEXT(fisc_event_field(event, "cp_code"), "");
    FISC_ASSERT_TEXT(fisc_event_field(event, "City"), NULL);
}

/* A submission whose strings lie in its own memory, so that a sanitizer sees them die too early. */
static FiscSubmission *
one_entry(const char *reference)
{
    FiscSubmission *submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = fisc_submission_text(submission, reference);
    fisc_submission_event(submission, "note", reference, NULL);
    return submission;
}

static void
test_absorbs_other_submissions(void)
{
    g_autoptr(FiscSubmission) first = one_entry("A");
    FiscSubmission *second = one_entry("B");
    fisc_submission_absorb(second, one_entry("C"));
    fisc_submission_absorb(first, second);
    fisc_submission_absorb(first, one_entry("D"));
    FISC_ASSERT_INT(first->entries->len, 4);
    for (guint i = 0; i < 4; i++) {
        const char expected[] = {(char)('A' + i), '\0'};
        const FiscEntry *entry = g_ptr_array_index(first->entries, i);
        const FiscEvent *event = g_ptr_array_index(first->events, i);
        FISC_ASSERT_TEXT(entry->reference, expected);
        FISC_ASSERT_TEXT(event->subject, expected);
    }
}

static void
test_frees_receipts_with_all_they_hold(void)
{
    FiscReceipt *receipt = fisc_receipt_new();
    FiscResult *result = g_new0(FiscResult, 1);
    result->reference = g_strdup("A-1");
    result->refusals = fisc_refusals_new();
    fisc_refusals_add(result->refusals, FISC_ERROR_NO_BUDGET, NULL, 0, NULL, "none");
    g_ptr_array_add(receipt->results, result);
    FISC_ASSERT_INT(receipt->results->len, 1);
    fisc_receipt_free(receipt);
    fisc_receipt_free(NULL);
    fisc_submission_free(NULL);
}

const FiscTest fisc_entry_tests[] = {
    {"refuses each way an entry can be wrong, with file, line and field", test_checks_an_entry},
    {"collects all refusals of an entry at once", test_collects_all_refusals_at_once},
    {"moves an amount between stages with two balanced lines", test_moves_between_stages},
    {"moves with the words of a line of the same entry", test_moves_with_the_words_of_its_own_line},
    {"finds every dimension and stage by its word", test_finds_dimensions_and_stages},
    {"keeps the given fields of an event", test_keeps_the_fields_of_events},
    {"absorbs other submissions with their strings", test_absorbs_other_submissions},
    {"frees a receipt with all it holds", test_frees_receipts_with_all_they_hold},
    {NULL, NULL},
};
