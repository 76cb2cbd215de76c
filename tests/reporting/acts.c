/* acts.c: what makes a budget, act by act. */
#include "tests/reporting/acts.h"

Acts *
acts_new(void)
{
    Acts *acts = g_new0(Acts, 1);
    acts->books = naive_books_new();
    acts->books->year = 2024;
    acts->limits = fisc_posted_lines_new();
    naive_entity(acts->books, "MIN", "11");
    naive_entity(acts->books, "CITY", "13");
    fisc_nation_add_group(acts->books->nation, "GOV", "Government", "MIN CITY");
    return acts;
}

void
acts_free(Acts *acts)
{
    if (acts == NULL) {
        return;
    }
    fisc_posted_lines_free(acts->limits);
    naive_books_free(acts->books);
    g_free(acts);
}

/* Where the amount comes from; limits are debits, and what draws on them credits. */
static FiscStage
source_of(FiscStage stage)
{
    switch (stage) {
    case FISC_STAGE_COMMITMENT:
        return FISC_STAGE_AUTHORIZATION;
    case FISC_STAGE_OBLIGATION:
        return FISC_STAGE_COMMITMENT;
    case FISC_STAGE_PAYMENT:
        return FISC_STAGE_OBLIGATION;
    case FISC_STAGE_COLLECTION:
        return FISC_STAGE_RECOGNITION;
    default:
        return fisc_stage_counterpart(stage);
    }
}

static bool
is_limit(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE ||
           stage == FISC_STAGE_CARRY || stage == FISC_STAGE_RELEASE ||
           stage == FISC_STAGE_ESTIMATE || stage == FISC_STAGE_ESTIMATE_CHANGE;
}

static void
post_line(Acts *acts, const Act *act, FiscStage stage, int64_t amount, FiscDate on)
{
    NaiveLine line = {
        .entity = act->entity != NULL ? act->entity : "MIN",
        .code = fisc_stage_account(stage),
        .period = fisc_period_of(on),
        .amount = amount,
        .gfs_class = act->gfs_class,
        .cofog = act->cofog,
        .programme = act->programme,
        .economic = act->economic,
    };
    naive_post(acts->books, &line);
}

/* What the ledger's reader would give of the line just posted. */
static void
keep_line(Acts *acts, const Act *act, FiscDate on)
{
    const GArray *rows = acts->books->balances->rows;
    FiscPostedLine line = {
        .entry_id = act->entry,
        .line_no = (int)acts->limits->rows->len + 1,
        .coding = *g_array_index(rows, FiscBalance, rows->len - 1).coding,
        .period = fisc_period_of(on),
        .effective = on,
        .amount = act->amount,
        .reference = "R",
        .document = act->document,
        .source = "test",
        .memo = "why",
        .batch_no = 100 + act->entry,
        .posted_at = "2024-03-02 10:00",
        .maker = "mary",
        .reverses = act->reverses,
    };
    g_array_append_val(acts->limits->rows, line);
}

void
acts_post(Acts *acts, const Act *act)
{
    FiscDate on = 0;
    bool is_date = fisc_date_parse(act->date != NULL ? act->date : "2024-03-01", &on);
    g_assert(is_date);
    int64_t debit = is_limit(act->stage) ? act->amount : -act->amount;
    post_line(acts, act, source_of(act->stage), -debit, on);
    post_line(acts, act, act->stage, debit, on);
    if (is_limit(act->stage) && act->stage != FISC_STAGE_RELEASE) {
        keep_line(acts, act, on);
    }
}

void
acts_post_all(Acts *acts, const Act *list)
{
    for (; list->stage != FISC_STAGE_NONE; list++) {
        acts_post(acts, list);
    }
}
