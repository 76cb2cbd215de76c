/* load.c: walk 3 from a folder: read, plan, rehearse, post.
 *
 * Nothing is written before everything was read and decided once in memory: a refused package
 * leaves no trace (docs/decisions/0006). Then it is posted in batches; killed half-way, a second
 * run finds what is there by its references and goes on. */
#include "app/flows/internal.h"
#include "core/base/kill_point.h"
#include "fisc/budget.h"
#include "fisc/chart.h"
#include "fisc/ledger.h"
#include <string.h>

#define MANY_ENTRIES 1000 /* so many at once change what the planner should know */

typedef struct {
    FiscContext *ctx;
    FiscPoster *poster;
    FiscNation *nation;
    FiscBudgetView *view;
    GArray *periods; /* of FiscPeriodState */
    FiscPackage *package;
    FiscSubmission *master; /* chart, master data of the package, fiscal years */
    FiscLoadReport *report;
    const char *step_title;
} Load;

static void
step_free(gpointer data)
{
    FiscLoadStep *step = data;
    g_free(step->title);
    g_free(step);
}

static FiscLoadReport *
report_new(void)
{
    FiscLoadReport *report = g_new0(FiscLoadReport, 1);
    report->steps = g_ptr_array_new_with_free_func(step_free);
    report->refusals = fisc_refusals_new();
    return report;
}

void
fisc_load_report_free(FiscLoadReport *report)
{
    if (report != NULL) {
        g_free(report->package);
        g_ptr_array_unref(report->steps);
        g_ptr_array_unref(report->refusals);
        g_clear_pointer(&report->totals, g_ptr_array_unref);
        g_clear_pointer(&report->remarks, g_ptr_array_unref);
        g_free(report);
    }
}

static void
load_clear(Load *load)
{
    fisc_poster_close(load->poster);
    fisc_budget_view_free(load->view);
    fisc_nation_free(load->nation);
    g_clear_pointer(&load->periods, g_array_unref);
    fisc_package_free(load->package);
    fisc_submission_free(load->master);
    fisc_load_report_free(load->report);
}

/* What the ledger has, in one snapshot. */
static bool
read_ledger(Load *load, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    int book_id = load->ctx->book_id;
    if (!fisc_tx_begin(load->ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, book_id, 0, &load->nation, error)) {
        return false;
    }
    load->view = fisc_budget_view_new(load->nation);
    return fisc_budget_view_load(load->view, tx, book_id, error) &&
           fisc_periods_load(tx, book_id, &load->periods, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
has_year(const Load *load, int year)
{
    for (guint i = 0; i < load->periods->len; i++) {
        if (fisc_period_year(g_array_index(load->periods, FiscPeriodState, i).period) == year) {
            return true;
        }
    }
    return false;
}

/* Opens the fiscal years that the package is about and the ledger has never heard of. */
static void
open_years(Load *load)
{
    g_autoptr(GHashTable) opened = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < load->package->steps->len; i++) {
        const FiscPackageStep *step = load->package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            const FiscEntry *entry = step->submission->entries->pdata[k];
            int year = entry->period != 0 ? fisc_period_year(entry->period)
                                          : fisc_date_year(entry->effective);
            if (!has_year(load, year) && g_hash_table_add(opened, GINT_TO_POINTER(year))) {
                fisc_flow_add_year(load->master, year, "open");
            }
        }
    }
}

static void
prepare_master(Load *load)
{
    load->master = fisc_submission_new("package", load->ctx->actor);
    load->master->on_behalf = load->ctx->on_behalf;
    fisc_chart_events(load->master);
    open_years(load);
    fisc_submission_absorb(load->master, g_steal_pointer(&load->package->master));
}

static void
plan(Load *load)
{
    fisc_budget_view_add(load->view, load->master);
    for (guint i = 0; i < load->package->steps->len; i++) {
        const FiscPackageStep *step = load->package->steps->pdata[i];
        fisc_budget_view_add(load->view, step->submission);
    }
    for (guint i = 0; i < load->package->steps->len; i++) {
        const FiscPackageStep *step = load->package->steps->pdata[i];
        step->submission->on_behalf = load->ctx->on_behalf;
        fisc_budget_plan(load->view, step->submission);
        fisc_submission_salt(step->submission);
    }
}

static void
collect_refusals(FiscLoadReport *report, const FiscReceipt *receipt)
{
    for (guint i = 0; receipt->refusals != NULL && i < receipt->refusals->len; i++) {
        g_ptr_array_add(report->refusals, fisc_refusal_copy(receipt->refusals->pdata[i]));
    }
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        for (guint k = 0; result->refusals != NULL && k < result->refusals->len; k++) {
            if (report->refusals->len < FISC_REFUSALS_MAX) {
                g_ptr_array_add(report->refusals, fisc_refusal_copy(result->refusals->pdata[k]));
            }
        }
    }
}

/* Decides the whole package in memory. True with refusals in the report, if there are any. */
static bool
rehearse(Load *load, GError **error)
{
    g_autoptr(GPtrArray) submissions = g_ptr_array_new();
    g_autoptr(GPtrArray) receipts = NULL;
    g_ptr_array_add(submissions, load->master);
    for (guint i = 0; i < load->package->steps->len; i++) {
        g_ptr_array_add(submissions,
                        ((FiscPackageStep *)load->package->steps->pdata[i])->submission);
    }
    if (!fisc_poster_rehearse(load->poster, submissions, &receipts, error)) {
        return false;
    }
    for (guint i = 0; i < receipts->len; i++) {
        collect_refusals(load->report, receipts->pdata[i]);
    }
    return true;
}

static void
report_progress(int64_t done, int64_t total, void *data)
{
    Load *load = data;
    if (load->ctx->progress != NULL) {
        load->ctx->progress(load->step_title, done, total, load->ctx->progress_data);
    }
}

static bool
post_step(Load *load, const char *title, FiscSubmission *submission, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    load->step_title = title;
    if (!fisc_flow_submit_each(load->ctx, load->poster, submission, &receipt, error)) {
        g_prefix_error(error, "%s: ", title);
        return false;
    }
    collect_refusals(load->report, receipt);
    load->report->events += receipt->events;
    FiscLoadStep *step = g_new0(FiscLoadStep, 1);
    *step = (FiscLoadStep){g_strdup(title), receipt->posted, receipt->repeated, receipt->refused};
    g_ptr_array_add(load->report->steps, step);
    return true;
}

bool
fisc_flow_refresh_statistics(FiscContext *ctx, int64_t posted, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return ctx->is_dry_run || posted < MANY_ENTRIES ||
           (fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) &&
            fisc_tx_query(tx, FISC_SQL_LEDGER_REFRESH_STATISTICS, FISC_NO_ARGS, NULL, error) &&
            fisc_tx_commit(g_steal_pointer(&tx), error));
}

static int64_t
count_posted(const FiscLoadReport *report)
{
    int64_t posted = 0;
    for (guint i = 0; i < report->steps->len; i++) {
        posted += ((const FiscLoadStep *)report->steps->pdata[i])->posted;
    }
    return posted;
}

static bool
post_all(Load *load, GError **error)
{
    fisc_poster_set_progress(load->poster, report_progress, load);
    if (!post_step(load, "master data", load->master, error)) {
        return false;
    }
    for (guint i = 0; i < load->package->steps->len && load->report->refusals->len == 0; i++) {
        const FiscPackageStep *step = load->package->steps->pdata[i];
        fisc_kill_point("load.between_steps");
        if (!post_step(load, step->title, step->submission, error)) {
            return false;
        }
    }
    return fisc_poster_checkpoint(load->poster, error) &&
           fisc_flow_refresh_statistics(load->ctx, count_posted(load->report), error);
}

static bool
run(Load *load, const char *dir, GError **error)
{
    if (!read_ledger(load, error) ||
        !fisc_package_read(dir, load->nation, load->ctx->actor, &load->package,
                           load->report->refusals, error)) {
        return false;
    }
    if (load->package == NULL) {
        return true; /* the refusals are the answer */
    }
    load->report->package = g_strdup(load->package->name);
    load->report->totals = g_ptr_array_ref(load->package->totals);
    load->report->remarks = g_ptr_array_ref(load->package->remarks);
    fisc_kill_point("load.after_read");
    prepare_master(load);
    plan(load);
    if (!fisc_flow_open_poster(load->ctx, &load->poster, error) || !rehearse(load, error)) {
        return false;
    }
    fisc_kill_point("load.after_rehearsal");
    return load->report->refusals->len > 0 || post_all(load, error);
}

bool
fisc_flow_load(FiscContext *ctx, const char *dir, FiscLoadReport **out_report, GError **error)
{
    Load load = {.ctx = ctx, .report = report_new()};
    bool is_done = run(&load, dir, error);
    if (is_done) {
        *out_report = g_steal_pointer(&load.report);
    }
    load_clear(&load);
    return is_done;
}
