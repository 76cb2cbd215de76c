/* whatif.c: what would be, if: entries, virements, releases and other prices are decided against
 * every control ledger as the next entries of the books would be, and taken back. */
#include "app/flows/internal.h"
#include "app/flows/remedy.h"
#include "app/flows/scale.h"
#include "fisc/budget.h"
#include "fisc/ledger.h"
#include <string.h>

/* On its way from words to answer. */
typedef struct {
    FiscContext *ctx;
    const FiscWhatIfQuery *query;
    FiscWhatIf *answer;
    FiscNation *nation;
    FiscBudgetView *view;
} WhatIf;

void
fisc_what_if_free(FiscWhatIf *answer)
{
    if (answer != NULL) {
        fisc_receipt_free(answer->receipt);
        fisc_receipt_free(answer->against);
        fisc_table_free(answer->keys);
        g_clear_pointer(&answer->refusals, g_ptr_array_unref);
        g_clear_pointer(&answer->remarks, g_ptr_array_unref);
        fisc_submission_free(answer->submission);
        fisc_submission_free(answer->assumed);
        g_free(answer);
    }
}

static FiscWhatIf *
answer_new(void)
{
    FiscWhatIf *answer = g_new0(FiscWhatIf, 1);
    answer->refusals = fisc_refusals_new();
    answer->remarks = g_ptr_array_new_with_free_func(g_free);
    return answer;
}

/* Reading ---------------------------------------------------------------------------------------
 */

static bool
read_text(WhatIf *walk, const char *name, const char *data, gsize length,
          FiscSubmission **out_submission, GError **error)
{
    return fisc_package_read_entries(name, data, length, walk->nation, walk->query->source,
                                     walk->ctx->actor, out_submission, walk->answer->refusals,
                                     error);
}

static bool
read_texts(WhatIf *walk, GError **error)
{
    const FiscWhatIfQuery *query = walk->query;
    FiscWhatIf *answer = walk->answer;
    if (query->against != NULL && !read_text(walk, query->against_name, query->against,
                                             query->against_length, &answer->assumed, error)) {
        return false;
    }
    if (!read_text(walk, query->name, query->data, query->length, &answer->submission, error)) {
        return false;
    }
    return query->scale == NULL || answer->submission == NULL ||
           fisc_flow_scale(answer->submission, walk->nation, query->scale, answer->remarks,
                           answer->refusals, error);
}

static void
plan(FiscBudgetView *view, FiscSubmission *submission)
{
    fisc_budget_view_add(view, submission);
    fisc_budget_plan(view, submission);
}

/* Keys ------------------------------------------------------------------------------------------
 */

static FiscTable *
table_new(void)
{
    static const char *const names[] = {"control", "level", "key",     "before", "effect",
                                        "after",   "limit", "ceiling", "over"};
    FiscTable *table = fisc_table_new("what-if", "Funds, if it were posted", 2);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], i < 3 ? FISC_COLUMN_TEXT : FISC_COLUMN_AMOUNT);
    }
    return table;
}

static FiscTable *
build_keys(const FiscContext *ctx, const GPtrArray *changes)
{
    FiscTable *table = table_new();
    for (guint i = 0; i < changes->len; i++) {
        const FiscFundsChange *change = changes->pdata[i];
        const FiscFunds *named = change->after != NULL ? change->after : change->before;
        if (!fisc_flow_sees_key(ctx, named->key)) {
            continue;
        }
        __int128 before = change->before != NULL ? change->before->available : 0;
        __int128 after = change->after != NULL ? change->after->available : 0;
        __int128 limit = change->after != NULL ? change->after->limit : 0;
        __int128 ceiling = change->after != NULL ? change->after->ceiling : 0;
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, named->control);
        fisc_table_set_text(table, row, 1, named->level);
        fisc_table_set_text(table, row, 2, named->key);
        fisc_table_set_amount(table, row, 3, before);
        fisc_table_set_amount(table, row, 4, after - before);
        fisc_table_set_amount(table, row, 5, after);
        fisc_table_set_amount(table, row, 6, limit);
        fisc_table_set_amount(table, row, 7, ceiling);
        fisc_table_set_amount(table, row, 8, after < 0 ? -after : 0);
    }
    return table;
}

/* The walk --------------------------------------------------------------------------------------
 */

static bool
rehearse(WhatIf *walk, FiscPoster *poster, GError **error)
{
    FiscWhatIf *answer = walk->answer;
    g_autoptr(FiscTrial) trial = fisc_trial_new();
    if (answer->assumed != NULL) {
        fisc_trial_add(trial, answer->assumed, true, true);
        trial->baseline = 1;
    }
    fisc_trial_add(trial, answer->submission, !walk->query->atomic, false);
    if (!fisc_poster_rehearse_trial(poster, trial, true, error)) {
        return false;
    }
    answer->receipt = fisc_trial_take_receipt(trial, trial->baseline);
    if (trial->baseline > 0) {
        answer->against = fisc_trial_take_receipt(trial, 0);
    }
    answer->keys = build_keys(walk->ctx, trial->changes);
    FiscRefusedWork work = {.submission = answer->submission,
                            .assumed = answer->assumed,
                            .atomic = walk->query->atomic};
    fisc_flow_hide(walk->ctx, answer->against);
    fisc_flow_hide(walk->ctx, answer->receipt);
    return fisc_flow_add_remedies(poster, walk->nation, &work, answer->receipt, error);
}

static bool
check_units(WhatIf *walk, const FiscSubmission *submission)
{
    return submission == NULL ||
           fisc_flow_check_content(walk->ctx, submission, walk->answer->refusals);
}

static bool
walk_to_answer(WhatIf *walk, GError **error)
{
    FiscWhatIf *answer = walk->answer;
    g_autoptr(FiscPoster) poster = NULL;
    if (!fisc_flow_read_nation(walk->ctx, &walk->nation, &walk->view, error) ||
        !read_texts(walk, error)) {
        return false;
    }
    if (answer->refusals->len > 0 || answer->submission == NULL ||
        !check_units(walk, answer->assumed) || !check_units(walk, answer->submission)) {
        return true;
    }
    if (answer->assumed != NULL) {
        plan(walk->view, answer->assumed);
    }
    plan(walk->view, answer->submission);
    return fisc_flow_open_poster(walk->ctx, &poster, error) && rehearse(walk, poster, error);
}

bool
fisc_flow_what_if(FiscContext *ctx, const FiscWhatIfQuery *query, FiscWhatIf **out_answer,
                  GError **error)
{
    g_autoptr(FiscWhatIf) answer = answer_new();
    WhatIf walk = {.ctx = ctx, .query = query, .answer = answer};
    bool is_answered = walk_to_answer(&walk, error);
    fisc_budget_view_free(walk.view);
    fisc_nation_free(walk.nation);
    if (is_answered) {
        *out_answer = g_steal_pointer(&answer);
    }
    return is_answered;
}
