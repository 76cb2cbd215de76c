/* controls.c: see controls.h. As with the seals, neighbouring slices are compared, so that what the
 * machine does meanwhile meets both alike. A slice begins when the definitions that it needs are
 * committed: changing them is not what is measured. */
#include "bench/controls.h"
#include "bench/result.h"

#define SLICE_US (250 * 1000)

/* Beside the absolute control of every budget line by the year, which is the nation's own: what a
 * treasury would ask for, each kind once. */
static const struct {
    const char *name, *level, *key;
    const char *fields[9]; /* name, value ... ended by NULL */
} controls[] = {
    {"programme", "absolute", "entity programme", {"warn", "90", NULL}},
    {"allotment",
     "absolute",
     "entity programme",
     {"limit", "release", "interval", "quarter", "boundary", "quarter", NULL}},
    {"class", "advisory", "entity economic", {"tolerance", "5", "tolerance_cap", "1000", NULL}},
    {"fund", "track", "entity programme economic fund", {NULL}},
};

static void
add_control(FiscSubmission *submission, gsize at, bool is_in_force)
{
    FiscEvent *event =
        fisc_submission_event(submission, "control", controls[at].name, "level",
                              is_in_force ? controls[at].level : "none", "absent", "refuse", "key",
                              controls[at].key, "entities", "*", NULL);
    for (int i = 0; controls[at].fields[i] != NULL; i++) {
        g_ptr_array_add(event->fields, (char *)controls[at].fields[i]);
    }
}

static bool
submit(const FiscBenchBooks *books, const FiscSubmission *submission, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_poster_submit_each(books->poster, submission, &receipt, error)) {
        return false;
    }
    bool is_good = receipt->refusals == NULL && receipt->refused == 0;
    return is_good || fisc_fail(error, FISC_ERROR_FAILED, "the controls of the bench were refused");
}

static bool
set_controls(const FiscBenchBooks *books, bool are_in_force, GError **error)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_BENCH_SOURCE, FISC_BENCH_ACTOR);
    for (gsize i = 0; i < G_N_ELEMENTS(controls); i++) {
        add_control(submission, i, are_in_force);
    }
    return submit(books, submission, error);
}

bool
fisc_bench_controls_prepare(const FiscBenchBooks *books, int64_t *out_posted, GError **error)
{
    g_autoptr(FiscSubmission) submission = fisc_bench_nation_releases(books->nation);
    if (!submit(books, submission, error) || !set_controls(books, false, error)) {
        return false;
    }
    *out_posted = submission->entries->len;
    return true;
}

/* Answers a second with one control, or with five. */
static bool
measure_slice(const FiscBenchBooks *books, const FiscBenchClients *clients, bool is_five,
              double *out_per_s, GError **error)
{
    if (!set_controls(books, is_five, error)) {
        return false;
    }
    int64_t answered_before = fisc_bench_clients_answered(clients);
    int64_t begun_at_us = g_get_monotonic_time();
    fisc_bench_clients_wait(clients, SLICE_US);
    int64_t answered = fisc_bench_clients_answered(clients) - answered_before;
    *out_per_s = (double)answered / fisc_bench_seconds_since(begun_at_us);
    return true;
}

bool
fisc_bench_controls_measure(const FiscBenchBooks *books, const FiscBenchClients *clients,
                            int seconds, FiscBenchControls *out_controls, GError **error)
{
    int pairs = MAX((int)(seconds * G_USEC_PER_SEC / (2 * SLICE_US)), 1);
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(double));
    *out_controls = (FiscBenchControls){0};
    for (int i = 0; i < pairs; i++) {
        double per_s[2] = {0, 0}; /* one, five */
        int first = i % 2;        /* what drifts meets both alike */
        if (!measure_slice(books, clients, first == 1, &per_s[first], error) ||
            !measure_slice(books, clients, first == 0, &per_s[1 - first], error)) {
            return false;
        }
        out_controls->one_per_s += per_s[0] / pairs;
        out_controls->five_per_s += per_s[1] / pairs;
        double ratio = per_s[0] > 0 ? per_s[1] / per_s[0] : 0;
        g_array_append_val(ratios, ratio);
    }
    out_controls->ratio = fisc_bench_median(ratios);
    return set_controls(books, false, error);
}
