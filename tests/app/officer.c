/* officer.c: see officer.h. */
#include "tests/app/officer.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include "tests/support/suite.h"
#include <string.h>

/* ---- books ---- */

FiscSubmission *
officer_begin(void)
{
    return fisc_submission_new("test", "tester");
}

FiscReceipt *
officer_post(Books *books, FiscSubmission *submission)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    if (!fisc_flow_post(&books->ctx, submission, false, false, &receipt, &error)) {
        g_error("%s", error->message);
    }
    fisc_submission_free(submission);
    return receipt;
}

void
officer_must_post(Books *books, FiscSubmission *submission)
{
    g_autoptr(FiscReceipt) receipt = officer_post(books, submission);
    g_autofree char *of_events = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(of_events, "");
    FISC_ASSERT_INT(receipt->refused, 0);
}

void
officer_add_entity(FiscSubmission *submission, const char *code)
{
    fisc_submission_event(submission, "entity", code, "name", code, "sector", "S1311", "cp_code",
                          "11", "reporting", "N", NULL);
}

/* Books with the chart, the year and an entity "E". */
static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    FiscSubmission *submission = officer_begin();
    fisc_chart_events(submission);
    for (int period = YEAR * 100; period <= YEAR * 100 + 13; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(submission, "period", subject, "state", "open", NULL);
    }
    officer_add_entity(submission, "E");
    officer_must_post(books, submission);
}

Books *
officer_books(void)
{
    return books_filled("officer", fill, NULL);
}

/* "programme=1 economic=22" */
static void
parse_line(FiscSubmission *submission, const char *line, const char *dim[FISC_DIM_COUNT])
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        char *value = strchr(words[i], '=');
        *value++ = '\0';
        dim[fisc_dimension_find(words[i])] = fisc_submission_text(submission, value);
    }
}

/* An entry of one move between stages, on a day of the year. */
static void
add_move(FiscSubmission *submission, const char *entity, const char *reference, FiscDate date,
         FiscStage from, FiscStage to, int64_t amount, const char *line)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = fisc_submission_text(submission, entity);
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = date;
    parse_line(submission, line, dim);
    fisc_entry_move(entry, from, to, amount, dim, 0);
    fisc_entry_digest(entry);
}

void
officer_appropriate(FiscSubmission *submission, const char *entity, const char *line,
                    int64_t amount)
{
    g_autofree char *reference = g_strdup_printf("%s/vote/%s", entity, line);
    add_move(submission, entity, reference, fisc_date_make(YEAR, 1, 1), FISC_STAGE_APPROPRIATION,
             FISC_STAGE_AVAILABLE, amount, line);
}

void
officer_allot(FiscSubmission *submission, const char *line, int month, int64_t amount)
{
    g_autofree char *reference = g_strdup_printf("release/%d/%s", month, line);
    add_move(submission, "E", reference, fisc_date_make(YEAR, month, 1), FISC_STAGE_RELEASE,
             FISC_STAGE_ALLOTTED, amount, line);
}

void
officer_reserve(FiscSubmission *submission, const char *entity, const char *reference,
                FiscDate date, const char *line, int64_t amount)
{
    add_move(submission, entity, reference, date, FISC_STAGE_AVAILABLE, FISC_STAGE_AUTHORIZATION,
             amount, line);
}

FiscReceipt *
officer_ask(Books *books, const char *entity, const char *line, FiscDate date, int64_t amount)
{
    FiscSubmission *submission = officer_begin();
    g_autofree char *reference = g_strdup_printf("%s/asked/%s", entity, line);
    officer_reserve(submission, entity, reference, date, line, amount);
    return officer_post(books, submission);
}

const FiscRefusal *
officer_refusal(const FiscReceipt *receipt)
{
    const FiscResult *result = receipt->results->pdata[0];
    return result->refusals != NULL ? result->refusals->pdata[0] : NULL;
}

/* The remedies of a receipt as lines of text. */
static char *
remedies_of(const FiscReceipt *receipt)
{
    const FiscRefusal *refusal = officer_refusal(receipt);
    GString *text = g_string_new(NULL);
    for (guint i = 0; refusal != NULL && refusal->remedies != NULL && i < refusal->remedies->len;
         i++) {
        const FiscRemedy *remedy = refusal->remedies->pdata[i];
        g_autofree char *words = fisc_remedy_to_text(remedy, 0);
        const char *sentence = fisc_remedy_sentence(remedy->kind);
        g_string_append_printf(text, "%d %s%s\n", remedy->option, fisc_remedy_word(remedy->kind),
                               words + strlen(sentence));
    }
    return g_string_free(text, FALSE);
}

void
officer_expect(const FiscReceipt *receipt, const char *expected)
{
    g_autofree char *remedies = remedies_of(receipt);
    FISC_ASSERT_TEXT(remedies, expected);
}

/* ---- taking a remedy, as an officer would ---- */

static void
approve(Officer *officer, bool is_proposed, char *id, FiscReceipt *proposal, GError *error)
{
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!is_proposed) {
        g_error("%s", error->message);
    }
    g_autofree char *refused = books_first_refusal(proposal->refusals);
    FISC_ASSERT_TEXT(refused, "");
    officer->books->ctx.actor = officer->approver;
    if (!fisc_flow_document_approve(&officer->books->ctx, id, NULL, &state, &receipt, &error)) {
        g_error("%s", error->message);
    }
    officer->books->ctx.actor = officer->maker;
    FISC_ASSERT_TEXT(state, "done");
    fisc_receipt_free(proposal);
    g_free(id);
}

static void
order(Officer *officer, const FiscRemedy *remedy, bool is_release)
{
    char amount[FISC_AMOUNT_TEXT];
    g_autofree char *period = NULL;
    FiscBudgetOrder words = {.entity = officer->entity,
                             .on = officer->date,
                             .amount = fisc_amount_format(remedy->amount, 2, amount),
                             .reason = "remedy"};
    char day[FISC_DATE_TEXT];
    char *id = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    parse_line(officer->words, remedy->to, words.to);
    bool is_done = false;
    if (is_release) {
        period = g_strndup(fisc_date_format(remedy->date, day), strlen("2024-03"));
        words.period = period;
        is_done = fisc_flow_budget_release(&officer->books->ctx, &words, &id, &receipt, &error);
    } else {
        parse_line(officer->words, remedy->from, words.from);
        is_done = fisc_flow_budget_virement(&officer->books->ctx, &words, &id, &receipt, &error);
    }
    approve(officer, is_done, id, receipt, error);
}

static void
order_override(Officer *officer, const FiscRemedy *remedy)
{
    char amount[FISC_AMOUNT_TEXT];
    FiscOverrideOrder words = {.control = remedy->rule,
                               .key = remedy->to,
                               .amount = fisc_amount_format(remedy->amount, 2, amount),
                               .expires = "2199-12-31",
                               .reason = "remedy"};
    char *id = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    bool is_done = fisc_flow_budget_override(&officer->books->ctx, &words, &id, &receipt, &error);
    approve(officer, is_done, id, receipt, error);
}

/* Takes all steps of an option; WAIT changes the day on which it is asked again. */
void
officer_take(Officer *officer, const GPtrArray *remedies, int option)
{
    for (guint i = 0; i < remedies->len; i++) {
        const FiscRemedy *remedy = remedies->pdata[i];
        if (remedy->option != option) {
            continue;
        }
        switch (remedy->kind) {
        case FISC_REMEDY_VIREMENT:
        case FISC_REMEDY_RELEASE:
            order(officer, remedy, remedy->kind == FISC_REMEDY_RELEASE);
            break;
        case FISC_REMEDY_OVERRIDE:
            order_override(officer, remedy);
            break;
        case FISC_REMEDY_WAIT:
            officer->date = remedy->date;
            break;
        case FISC_REMEDY_ASK:   /* somebody else acts */
        case FISC_REMEDY_COVER: /* the engine draws by itself */
        case FISC_REMEDY_NONE:
            break;
        }
    }
}

/* Takes one option and asks again. */
void
officer_expect_cure(Books *books, const char *entity, const char *line, FiscDate date,
                    int64_t amount, const FiscReceipt *refused, int option, const char *approver)
{
    Officer officer = {
        .books = books, .entity = entity, .date = date, .maker = "tester", .approver = approver};
    officer.words = officer_begin();
    officer_take(&officer, officer_refusal(refused)->remedies, option);
    fisc_submission_free(officer.words);
    g_autoptr(FiscReceipt) again = officer_ask(books, entity, line, officer.date, amount);
    g_autofree char *text = remedies_of(again);
    fisc_assert_text(text, "", "the entry passes once the remedy is taken", __FILE__, __LINE__);
    FISC_ASSERT_INT(again->posted, 1);
}
