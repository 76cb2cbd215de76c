/* process.c: see process.h. */
#include "bench/process.h"

bool
fisc_bench_process_run(const char *const *argv, double *out_seconds, GError **error)
{
    g_autofree char *said = NULL;
    g_autoptr(GError) failure = NULL;
    int status = 0;
    int64_t begun_at_us = g_get_monotonic_time();
    bool is_run =
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                     NULL, NULL, NULL, &said, &status, &failure);
    int64_t spent_us = g_get_monotonic_time() - begun_at_us;
    if (!is_run || !g_spawn_check_wait_status(status, &failure)) {
        return fisc_fail(error, FISC_ERROR_FAILED, "%s: %s%s%s", argv[0], failure->message,
                         said != NULL ? "\n" : "", said != NULL ? g_strchomp(said) : "");
    }
    *out_seconds = (double)spent_us / G_USEC_PER_SEC;
    return true;
}
