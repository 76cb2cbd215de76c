/* process.c: see process.h. */
#include "bench/process.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* The processor's time ---------------------------------------------------------------------------
 */

static double
seconds_of(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / G_USEC_PER_SEC;
}

double
fisc_bench_process_own(void)
{
    struct rusage own = {0}, children = {0};
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds_of(&own) + seconds_of(&children);
}

typedef struct {
    int parent;
    unsigned long own, children; /* in ticks of the clock; of children it has waited for */
} Usage;

static bool
read_usage(const char *pid, Usage *out_usage)
{
    g_autofree char *path = g_build_filename("/proc", pid, "stat", NULL);
    g_autofree char *text = NULL;
    unsigned long user, system, children_user, children_system;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return false;
    }
    const char *at = strrchr(text, ')'); /* the name may have any characters */
    if (at == NULL ||
        sscanf(at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu",
               &out_usage->parent, &user, &system, &children_user, &children_system) != 5) {
        return false;
    }
    out_usage->own = user + system;
    out_usage->children = children_user + children_system;
    return true;
}

static bool
is_postgres(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "comm", NULL);
    g_autofree char *name = NULL;
    return g_file_get_contents(path, &name, NULL, NULL) && g_str_has_prefix(name, "postgres");
}

/* The server waits for its processes as they end; those that run are asked one by one. */
double
fisc_bench_process_server(int connection_pid)
{
    g_autofree char *connection = g_strdup_printf("%d", connection_pid);
    Usage usage = {0};
    if (!is_postgres(connection) || !read_usage(connection, &usage)) {
        return 0;
    }
    int server = usage.parent;
    unsigned long ticks = 0;
    GDir *processes = g_dir_open("/proc", 0, NULL);
    const char *pid;
    while (processes != NULL && (pid = g_dir_read_name(processes)) != NULL) {
        if (!g_ascii_isdigit(*pid) || !read_usage(pid, &usage)) {
            continue;
        }
        bool is_server = g_ascii_strtoll(pid, NULL, 10) == server;
        ticks += is_server || usage.parent == server ? usage.own : 0;
        ticks += is_server ? usage.children : 0;
    }
    g_clear_pointer(&processes, g_dir_close);
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}
