/* pull_told.c: what is told of runs, and what a failure says about whom. */
#include "app/flows/pull.h"

const char *
fisc_pull_outcome_word(FiscPullOutcome outcome)
{
    static const char *const words[] = {"posted", "unchanged", "quarantined",
                                        "failed", "skipped",   "staged"};
    return words[outcome];
}

char *
fisc_pull_classified(const FiscPullRun *run)
{
    if (run->mapped == 0) {
        return g_strdup("");
    }
    int tenths = (int)((run->mapped - run->suspense) * 1000 / run->mapped);
    return g_strdup_printf("%d.%d %%", tenths / 10, tenths % 10);
}

static void
suspense_free(gpointer data)
{
    FiscSuspense *one = data;
    g_free(one->map);
    g_free(one->code);
    g_free(one);
}

FiscPullRun *
fisc_pull_run_new(const char *feeder, const char *part)
{
    FiscPullRun *run = g_new0(FiscPullRun, 1);
    run->feeder = g_strdup(feeder);
    run->part = g_strdup(part);
    run->reason = g_strdup("");
    run->outcome = FISC_PULL_QUARANTINED;
    run->refusals = fisc_refusals_new();
    run->unknown = g_ptr_array_new_with_free_func(suspense_free);
    run->remarks = g_ptr_array_new_with_free_func(g_free);
    return run;
}

void
fisc_pull_run_free(FiscPullRun *run)
{
    if (run != NULL) {
        g_free(run->feeder);
        g_free(run->part);
        g_free(run->reason);
        g_free(run->document);
        g_ptr_array_unref(run->refusals);
        g_ptr_array_unref(run->unknown);
        g_ptr_array_unref(run->remarks);
        g_free(run);
    }
}

void
fisc_pull_run_set(FiscPullRun *run, FiscPullOutcome outcome, const char *reason)
{
    run->outcome = outcome;
    g_free(run->reason);
    run->reason = g_strdup(reason);
}

void
fisc_pull_run_refuse(FiscPullRun *run)
{
    g_autofree char *sentence = fisc_refusal_to_text(run->refusals->pdata[0], 2);
    fisc_pull_run_set(run, FISC_PULL_QUARANTINED, sentence);
}

GPtrArray *
fisc_pull_runs_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)fisc_pull_run_free);
}

void
fisc_pull_report_free(FiscPullReport *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->runs);
        g_free(report);
    }
}

bool
fisc_pull_is_theirs(const GError *failure)
{
    return g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_UNAVAILABLE) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_FORBIDDEN) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_FAULT) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_SETUP);
}

bool
fisc_pull_is_of_feeder(const GError *failure)
{
    return fisc_pull_is_theirs(failure) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_VALUE_INVALID) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_TAMPERED) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_FAILED);
}

bool
fisc_pull_run_fail(FiscPullRun *run, GError *failure, GError **error)
{
    if (!fisc_pull_is_of_feeder(failure)) {
        g_propagate_error(error, failure);
        return false;
    }
    fisc_pull_run_set(run, FISC_PULL_FAILED, failure->message);
    g_error_free(failure);
    return true;
}
