/* progress.c: one line on the terminal for what takes over a second. */
#include "app/cli/cli.h"
#include <stdio.h>
#include <inttypes.h>
#include <unistd.h>

#define QUIET_US (1000 * 1000)
#define BETWEEN_US (200 * 1000)

static void
begin(FiscCliProgress *progress, const char *what, int64_t now_us)
{
    fisc_cli_progress_end(progress);
    progress->what = g_strdup(what);
    progress->begun_at_us = now_us;
}

void
fisc_cli_progress(const char *what, int64_t done, int64_t total, void *data)
{
    FiscCliProgress *progress = data;
    if (isatty(STDERR_FILENO) != 1) {
        return;
    }
    int64_t now_us = g_get_monotonic_time();
    if (g_strcmp0(progress->what, what) != 0) {
        begin(progress, what, now_us);
    }
    bool is_quiet = now_us - progress->begun_at_us < QUIET_US;
    if (is_quiet || now_us - progress->shown_at_us < BETWEEN_US) {
        return;
    }
    progress->shown_at_us = now_us;
    if (total > 0) {
        int percent = (int)((__int128)CLAMP(done, 0, total) * 100 / total);
        fprintf(stderr, "\r\033[K%s: %" PRId64 " of %" PRId64 " (%d %%)", what, done, total,
                percent);
    } else {
        fprintf(stderr, "\r\033[K%s: %" PRId64, what, done);
    }
    fflush(stderr);
}

void
fisc_cli_progress_end(FiscCliProgress *progress)
{
    if (progress->shown_at_us != 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    g_clear_pointer(&progress->what, g_free);
    progress->shown_at_us = 0;
}
