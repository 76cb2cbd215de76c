/* metrics.c: counters without locks, and their text exposition (Prometheus 0.0.4).
 *
 * Every label has a fixed set of values: routes come from the tables, statuses and codes from
 * lists, and whatever is none of them is counted as "other". So nobody can make a series by asking.
 */
#include "app/server/access.h"
#include "app/server/ops.h"
#include "app/server/resources.h"
#include "app/server/server_internal.h"
#include <dirent.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#define CODES_MAX 160 /* codes of the transport, beyond those of fisc/error.h */

static const int statuses[] = {200, 201, 202, 204, 206, 303, 304, 400, 401, 403, 404, 405, 408,
                               409, 412, 413, 414, 415, 422, 428, 429, 431, 500, 501, 503, 0};
/* Upper bounds in microseconds, and as they are written. */
static const struct {
    int64_t us;
    const char *text;
} buckets[] = {{1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},     {10000, "0.01"},
               {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},     {250000, "0.25"},
               {500000, "0.5"},  {1000000, "1"},   {2500000, "2.5"},    {5000000, "5"},
               {10000000, "10"}, {30000000, "30"}, {G_MAXINT64, "+Inf"}};

static const struct {
    const char *name, *help;
} counter_words[FISC_COUNTER_COUNT] = {
    [FISC_COUNTER_ENTRIES] = {"fisc_entries_posted_total", "Entries posted by this server."},
    [FISC_COUNTER_REPEATED] = {"fisc_entries_repeated_total",
                               "Entries that were on record already: the first receipt again."},
    [FISC_COUNTER_REFUSED] = {"fisc_entries_refused_total", "Entries that were refused."},
    [FISC_COUNTER_FUNDS] = {"fisc_funds_questions_total", "Questions about what is left."},
    [FISC_COUNTER_SIGN_INS] = {"fisc_sign_ins_total", "Sign-ins that opened a session."},
    [FISC_COUNTER_SIGN_INS_FAILED] = {"fisc_sign_ins_failed_total",
                                      "Sign-ins that were refused, or came too often."},
    [FISC_COUNTER_EVENTS_SENT] = {"fisc_events_sent_total", "Events sent to subscribers."},
    [FISC_COUNTER_ROWS] = {"fisc_rows_given_total", "Rows of tables in answers to persons."},
    [FISC_COUNTER_QUOTA_REFUSED] = {"fisc_quota_refused_total",
                                    "Requests refused since a person had had the hour's measure."},
    [FISC_COUNTER_QUOTA_ALARMS] = {"fisc_quota_alarms_total",
                                   "Persons who passed the alarm of rows, once an hour each."},
};
static const struct {
    const char *name, *help;
} gauge_words[FISC_GAUGE_COUNT] = {
    [FISC_GAUGE_SUBSCRIBERS] = {"fisc_event_subscribers", "Open streams of events."},
    [FISC_GAUGE_JOBS] = {"fisc_jobs_running", "Jobs under way."},
};

typedef struct {
    const FiscRoute *route; /* NULL: no route was found */
    gint64 by_status[G_N_ELEMENTS(statuses)];
    gint64 by_bucket[G_N_ELEMENTS(buckets)];
    gint64 total_us;
} RouteCounts;

struct _FiscMetrics {
    GHashTable *index;   /* route -> place in @routes + 1; read only once it is made */
    RouteCounts *routes; /* the first is for what has no route */
    guint route_count;
    gint64 counters[FISC_COUNTER_COUNT];
    gint64 gauges[FISC_GAUGE_COUNT];
    gint64 codes[FISC_ERROR_COUNT];
    GMutex mutex; /* of @others only: codes that are not in fisc/error.h */
    GHashTable *others;
};

static void
add(gint64 *to, int64_t by)
{
    __atomic_fetch_add(to, by, __ATOMIC_RELAXED);
}

static int64_t
value_of(const gint64 *from)
{
    return __atomic_load_n(from, __ATOMIC_RELAXED);
}

FiscMetrics *
fisc_metrics_new(void)
{
    FiscMetrics *metrics = g_new0(FiscMetrics, 1);
    g_autoptr(GPtrArray) routes = g_ptr_array_new();
    metrics->index = g_hash_table_new(NULL, NULL);
    metrics->others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&metrics->mutex);
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            g_ptr_array_add(routes, (gpointer)route);
        }
    }
    metrics->route_count = routes->len + 1;
    metrics->routes = g_new0(RouteCounts, metrics->route_count);
    for (guint i = 0; i < routes->len; i++) {
        metrics->routes[i + 1].route = routes->pdata[i];
        g_hash_table_insert(metrics->index, routes->pdata[i], GUINT_TO_POINTER(i + 1));
    }
    return metrics;
}

void
fisc_metrics_free(FiscMetrics *metrics)
{
    if (metrics == NULL) {
        return;
    }
    g_hash_table_unref(metrics->index);
    g_hash_table_unref(metrics->others);
    g_mutex_clear(&metrics->mutex);
    g_free(metrics->routes);
    g_free(metrics);
}

/* Counting ------------------------------------------------------------------------------------ */

static gsize
status_place(int status)
{
    gsize at = 0;
    while (statuses[at] != 0 && statuses[at] != status) {
        at++;
    }
    return at;
}

void
fisc_metrics_request(FiscMetrics *metrics, const FiscRoute *route, const char *method, int status,
                     int64_t elapsed_us)
{
    (void)method; /* a route has one; HEAD counts as the GET that it is */
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(metrics->index, route));
    RouteCounts *counts = &metrics->routes[place];
    gsize bucket = 0;
    while (elapsed_us > buckets[bucket].us) {
        bucket++;
    }
    add(&counts->by_status[status_place(status)], 1);
    add(&counts->by_bucket[bucket], 1);
    add(&counts->total_us, elapsed_us);
}

void
fisc_metrics_code(FiscMetrics *metrics, const char *code)
{
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        if (strcmp(fisc_error_name((FiscError)i), code) == 0) {
            add(&metrics->codes[i], 1);
            return;
        }
    }
    g_mutex_lock(&metrics->mutex);
    gint64 *count = g_hash_table_lookup(metrics->others, code);
    if (count == NULL && g_hash_table_size(metrics->others) < CODES_MAX) {
        count = g_new0(gint64, 1);
        g_hash_table_insert(metrics->others, g_strdup(code), count);
    }
    if (count != NULL) {
        add(count, 1);
    }
    g_mutex_unlock(&metrics->mutex);
}

void
fisc_metrics_count(FiscMetrics *metrics, FiscCounter counter, int64_t by)
{
    add(&metrics->counters[counter], by);
}

void
fisc_metrics_gauge(FiscMetrics *metrics, FiscGauge gauge, int by)
{
    add(&metrics->gauges[gauge], by);
}

/* Writing ---------------------------------------------------------------------------------------
 */

static void
write_head(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
write_one(GString *text, const char *name, const char *type, const char *help, int64_t value)
{
    write_head(text, name, type, help);
    g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", name, value);
}

/* Microseconds as seconds, without a float. */
static void
append_seconds(GString *text, int64_t us)
{
    g_string_append_printf(text, "%" G_GINT64_FORMAT ".%06d", us / G_USEC_PER_SEC,
                           (int)(us % G_USEC_PER_SEC));
}

static void
write_seconds(GString *text, const char *name, const char *help, int64_t us)
{
    write_head(text, name, "gauge", help);
    g_string_append_printf(text, "%s ", name);
    append_seconds(text, us);
    g_string_append_c(text, '\n');
}

static const char *
route_path(const RouteCounts *counts)
{
    return counts->route != NULL ? counts->route->path : "none";
}

static const char *
route_method(const RouteCounts *counts)
{
    return counts->route != NULL ? counts->route->method : "any";
}

static void
write_requests(const FiscMetrics *metrics, GString *text)
{
    write_head(text, "fisc_http_requests_total", "counter", "Requests answered.");
    for (guint i = 0; i < metrics->route_count; i++) {
        const RouteCounts *counts = &metrics->routes[i];
        for (gsize s = 0; s < G_N_ELEMENTS(statuses); s++) {
            int64_t count = value_of(&counts->by_status[s]);
            g_autofree char *status =
                statuses[s] != 0 ? g_strdup_printf("%d", statuses[s]) : g_strdup("other");
            if (count > 0) {
                g_string_append_printf(text,
                                       "fisc_http_requests_total{route=\"%s\",method=\"%s\","
                                       "status=\"%s\"} %" G_GINT64_FORMAT "\n",
                                       route_path(counts), route_method(counts), status, count);
            }
        }
    }
}

/* A histogram of one route; nothing when it was never asked. The count is that of its own buckets,
 * so that they agree however many are counting. */
static void
write_histogram(const RouteCounts *counts, GString *text)
{
    static const char name[] = "fisc_http_request_duration_seconds";
    g_autofree char *labels =
        g_strdup_printf("route=\"%s\",method=\"%s\"", route_path(counts), route_method(counts));
    int64_t below[G_N_ELEMENTS(buckets)];
    int64_t sum = 0;
    for (gsize b = 0; b < G_N_ELEMENTS(buckets); b++) {
        sum += value_of(&counts->by_bucket[b]);
        below[b] = sum;
    }
    for (gsize b = 0; sum > 0 && b < G_N_ELEMENTS(buckets); b++) {
        g_string_append_printf(text, "%s_bucket{%s,le=\"%s\"} %" G_GINT64_FORMAT "\n", name, labels,
                               buckets[b].text, below[b]);
    }
    if (sum > 0) {
        g_string_append_printf(text, "%s_sum{%s} ", name, labels);
        append_seconds(text, value_of(&counts->total_us));
        g_string_append_printf(text, "\n%s_count{%s} %" G_GINT64_FORMAT "\n", name, labels, sum);
    }
}

static void
write_latencies(const FiscMetrics *metrics, GString *text)
{
    write_head(text, "fisc_http_request_duration_seconds", "histogram",
               "From the head of a request to its reply.");
    for (guint i = 0; i < metrics->route_count; i++) {
        write_histogram(&metrics->routes[i], text);
    }
}

static void
write_code(GString *text, const char *code, int64_t count)
{
    if (count > 0) {
        g_string_append_printf(text, "fisc_refusals_total{code=\"%s\"} %" G_GINT64_FORMAT "\n",
                               code, count);
    }
}

static void
write_codes(FiscMetrics *metrics, GString *text)
{
    GHashTableIter iter;
    gpointer code, count;
    write_head(text, "fisc_refusals_total", "counter",
               "Problems answered and refusals in receipts, by code.");
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        write_code(text, fisc_error_name((FiscError)i), value_of(&metrics->codes[i]));
    }
    g_mutex_lock(&metrics->mutex);
    g_hash_table_iter_init(&iter, metrics->others);
    while (g_hash_table_iter_next(&iter, &code, &count)) {
        write_code(text, code, value_of(count));
    }
    g_mutex_unlock(&metrics->mutex);
}

static void
write_lanes(FiscServer *server, GString *text)
{
    static const char *const names[FISC_HTTP_LANES] = {[FISC_HTTP_QUICK] = "quick",
                                                       [FISC_HTTP_POST] = "post",
                                                       [FISC_HTTP_REPORT] = "report",
                                                       [FISC_HTTP_PROVIDER] = "provider"};
    static const struct {
        const char *name, *help;
    } kinds[] = {{"fisc_lane_queue", "Requests that wait for a worker."},
                 {"fisc_lane_busy", "Workers that answer one."}};
    for (gsize kind = 0; server->http != NULL && kind < G_N_ELEMENTS(kinds); kind++) {
        write_head(text, kinds[kind].name, "gauge", kinds[kind].help);
        for (int lane = 0; lane < FISC_HTTP_LANES; lane++) {
            int waiting = 0, busy = 0;
            fisc_http_lane_count(server->http, (FiscHttpLane)lane, &waiting, &busy);
            g_string_append_printf(text, "%s{lane=\"%s\"} %d\n", kinds[kind].name, names[lane],
                                   kind == 0 ? waiting : busy);
        }
    }
}

static void
write_pools(FiscServer *server, GString *text)
{
    const struct {
        const char *name;
        FiscPool *pool;
    } pools[] = {{"posters", server->posters}, {"readers", server->readers}};
    write_head(text, "fisc_pool_connections", "gauge", "Connections to the database.");
    for (gsize i = 0; i < G_N_ELEMENTS(pools); i++) {
        int open = 0, idle = 0;
        fisc_pool_count(pools[i].pool, &open, &idle);
        g_string_append_printf(text,
                               "fisc_pool_connections{pool=\"%s\",state=\"busy\"} %d\n"
                               "fisc_pool_connections{pool=\"%s\",state=\"idle\"} %d\n",
                               pools[i].name, MAX(open - idle, 0), pools[i].name, idle);
    }
}

static void
write_chain(FiscServer *server, GString *text)
{
    FiscSight sight = fisc_ops_sight(server);
    g_autofree char *trouble = fisc_ops_why_not_ready(server);
    int64_t age_us = sight.batch_at_us > 0 ? MAX(g_get_real_time() - sight.batch_at_us, 0) : 0;
    write_one(text, "fisc_ready", "gauge", "1 when requests should come here.", trouble == NULL);
    write_one(text, "fisc_newest_batch", "gauge", "Number of the newest batch that is known here.",
              fisc_ops_batch(server));
    write_seconds(text, "fisc_newest_batch_age_seconds", "Since the newest batch was posted.",
                  age_us);
    write_seconds(text, "fisc_replica_lag_seconds",
                  "Since this replica last had everything; 0 on a primary.",
                  sight.behind_ms * 1000);
    write_one(text, "fisc_batches_total", "counter", "Batches that this server committed.",
              sight.batches);
    write_one(text, "fisc_conflicts_total", "counter",
              "Batches that met another writer's and were decided again.", sight.conflicts);
}

static void
write_verification(FiscServer *server, GString *text)
{
    int64_t findings = 0, at_us = 0;
    fisc_ops_last_verification(server, &findings, &at_us);
    write_one(text, "fisc_unbalanced", "gauge",
              "Findings of the last verification of the whole book; must be 0.", findings);
    write_seconds(text, "fisc_last_verification_timestamp_seconds",
                  "When this server last verified the whole book; 0 = not since it started.",
                  at_us);
}

/* What the program holds, and what its allocator does: only the first tells of a leak, for the
 * second keeps the room of the largest things that ever were. */
static void
write_heap(GString *text)
{
    const struct mallinfo2 heap = mallinfo2();
    write_one(text, "fisc_heap_used_bytes", "gauge", "Memory of the heap that is in use.",
              (int64_t)(heap.uordblks + heap.hblkhd));
    write_one(text, "fisc_heap_bytes", "gauge", "Memory that the heap has taken from the system.",
              (int64_t)(heap.arena + heap.hblkhd));
}

/* Of /proc/self: resident memory and open files. */
static void
write_process(GString *text)
{
    g_autofree char *statm = NULL;
    int64_t pages = 0;
    int files = 0;
    if (g_file_get_contents("/proc/self/statm", &statm, NULL, NULL)) {
        const char *second = strchr(statm, ' ');
        pages = second != NULL ? g_ascii_strtoll(second, NULL, 10) : 0;
    }
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL) {
        files++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    write_one(text, "process_resident_memory_bytes", "gauge", "Resident memory.",
              pages * sysconf(_SC_PAGESIZE));
    write_one(text, "process_open_fds", "gauge", "Open files.", MAX(files - 3, 0));
    write_heap(text);
}

void
fisc_metrics_write(FiscServer *server, GString *text)
{
    FiscMetrics *metrics = fisc_ops_metrics(server);
    write_head(text, "fisc_build_info", "gauge", "The program that runs.");
    g_string_append_printf(text, "fisc_build_info{version=\"%s\"} 1\n", FISC_VERSION);
    write_chain(server, text);
    for (int i = 0; i < FISC_COUNTER_COUNT; i++) {
        write_one(text, counter_words[i].name, "counter", counter_words[i].help,
                  value_of(&metrics->counters[i]));
    }
    for (int i = 0; i < FISC_GAUGE_COUNT; i++) {
        write_one(text, gauge_words[i].name, "gauge", gauge_words[i].help,
                  value_of(&metrics->gauges[i]));
    }
    write_one(text, "fisc_quota_alarmed_persons", "gauge",
              "Persons beyond the alarm of rows in this hour; look at who they are at once.",
              fisc_access_alarmed(server));
    write_codes(metrics, text);
    write_verification(server, text);
    write_lanes(server, text);
    write_pools(server, text);
    write_process(text);
    write_requests(metrics, text);
    write_latencies(metrics, text);
}

/* Who may read --------------------------------------------------------------------------------- */

static bool
is_same(const char *given, const char *wanted)
{
    gsize length = strlen(wanted);
    guint8 differs = strlen(given) != length;
    for (gsize i = 0; i < length && given[i] != '\0'; i++) {
        differs |= (guint8)(given[i] ^ wanted[i]);
    }
    return differs == 0;
}

bool
fisc_metrics_may_read(const FiscCall *call)
{
    const FiscServerOptions *options = &call->server->options;
    const char *given = fisc_http_header(call->request, "Authorization");
    if (options->is_metrics_open) {
        return true;
    }
    if (given != NULL && options->metrics_token != NULL && *options->metrics_token != '\0' &&
        g_str_has_prefix(given, "Bearer ")) {
        return is_same(given + 7, options->metrics_token);
    }
    if (call->request->is_forwarded) {
        return false; /* somebody behind a proxy of this machine is not on this machine */
    }
    const char *address = call->request->address;
    return strcmp(address, "unix") == 0 || strcmp(address, "::1") == 0 ||
           g_str_has_prefix(address, "127.") || g_str_has_prefix(address, "::ffff:127.");
}
