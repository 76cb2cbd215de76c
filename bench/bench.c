/* bench.c: the table of benches. */
#include "bench/benches.h"
#include <string.h>

typedef bool (*Run)(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);

static const struct {
    const char *name;
    const char *description;
    Run run;
} benches[] = {
    {"post", "posting against row-locking SQL, a plpgsql function and COPY", fisc_bench_post},
    {"load", "a text journal to a trial balance, against ledger and hledger", fisc_bench_load},
    {"report", "statements against GROUP BY over the lines", fisc_bench_report},
    {"statements",
     "statements of 2,656 units: over reading their balances, as known before, all of them",
     fisc_bench_statements},
    {"feeders", "trial balances of 2,605 towns pulled by 16 workers, over a bulk load of the same",
     fisc_bench_feeders},
    {"http", "posts and questions over HTTP, against a reply that costs nothing", fisc_bench_http},
    {"memory", "what a poster holds of a book, by the balances on record", fisc_bench_memory},
    {"position", "questions while posting, and what they cost it", fisc_bench_position},
};

const char *const *
fisc_bench_names(void)
{
    static const char *names[2 * G_N_ELEMENTS(benches) + 1];
    for (gsize i = 0; i < G_N_ELEMENTS(benches); i++) {
        names[2 * i] = benches[i].name;
        names[2 * i + 1] = benches[i].description;
    }
    return names;
}

bool
fisc_bench_run(const char *name, const FiscBenchSettings *settings, FiscBenchResult **out_result,
               GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(benches); i++) {
        if (strcmp(benches[i].name, name) == 0) {
            g_autoptr(FiscBenchResult) result = fisc_bench_result_new(name);
            if (!benches[i].run(settings, result, error)) {
                return false;
            }
            *out_result = g_steal_pointer(&result);
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no bench \"%s\"", name);
}

void
fisc_bench_progress(const FiscBenchSettings *settings, int64_t done, int64_t total,
                    const char *format, ...)
{
    if (settings->progress == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    settings->progress(what, done, total, settings->progress_data);
}
