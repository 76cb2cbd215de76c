/* soak_sample.c: reads /proc and pg_stat_activity; works out trends; prints the table. */
#include "tests/server/soak_sample.h"
#include "tests/server/exposition.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TCP_LISTENS "0A" /* a state of /proc/net/tcp */
#define SOCKET "socket:["

/* The processes ------------------------------------------------------------------------------- */

/* A file of a process; "" when it is gone. */
static char *
read_process(int pid, const char *name)
{
    char *text = NULL;
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, name);
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

/* "VmHWM:    12 kB" -> 12; 0 when there is none. */
static int64_t
number_of(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at != NULL ? g_ascii_strtoll(at + strlen(name), NULL, 10) : 0;
}

static int64_t
least_of(int64_t before, int64_t now)
{
    return before == 0 ? now : now == 0 ? before : MIN(before, now);
}

/* 0 when it does not say. */
static int64_t
used_kb(const Node *node, const char *headers)
{
    g_auto(ServingAnswer) answer = {0};
    if (!node_ask(node->port, "GET", "/metrics", headers, NULL, &answer) || answer.status != 200) {
        return 0;
    }
    g_autoptr(Exposition) found = exposition_read(answer.body);
    return g_ascii_strtoll(exposition_value(found, "fisc_heap_used_bytes"), NULL, 10) / 1024;
}

void
soak_look(const Node *node, const char *headers, SoakSample *sample)
{
    g_autofree char *pages = read_process((int)node->pid, "statm");
    const char *resident = strchr(pages, ' ');
    int64_t kb = resident != NULL
                     ? g_ascii_strtoll(resident, NULL, 10) * (int64_t)(sysconf(_SC_PAGESIZE) / 1024)
                     : 0;
    sample->resident_kb = least_of(sample->resident_kb, kb);
    sample->used_kb = least_of(sample->used_kb, used_kb(node, headers));
}

/* The inodes in a table of the kernel: those of the rows whose word @column is @value, when that is
 * given. */
static GHashTable *
read_inodes(const char *path, int inode_column, int column, const char *value)
{
    GHashTable *inodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *table = NULL;
    if (!g_file_get_contents(path, &table, NULL, NULL)) {
        g_error("%s is not to be read", path);
    }
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) all = g_strsplit(g_strstrip(*line), " ", -1);
        g_autoptr(GPtrArray) words = g_ptr_array_new();
        for (char **word = all; *word != NULL; word++) {
            if (**word != '\0') {
                g_ptr_array_add(words, *word);
            }
        }
        if ((int)words->len > MAX(inode_column, column) &&
            (value == NULL || strcmp(words->pdata[column], value) == 0)) {
            g_hash_table_add(inodes, g_strdup(words->pdata[inode_column]));
        }
    }
    return inodes;
}

/* A socket is a line to PostgreSQL, what listens, or else of a client: of those that were cut off
 * the kernel's tables tell nothing any more, though the server may still hold them. */
static void
sample_descriptors(int pid, SoakSample *sample)
{
    g_autoptr(GHashTable) lines = read_inodes("/proc/net/unix", 6, 0, NULL);
    g_autoptr(GHashTable) doors = read_inodes("/proc/net/tcp", 9, 3, TCP_LISTENS);
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", pid);
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    const char *name;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);
        bool is_socket = target != NULL && g_str_has_prefix(target, SOCKET);
        g_autofree char *inode =
            is_socket ? g_strndup(target + strlen(SOCKET), strcspn(target + strlen(SOCKET), "]"))
                      : NULL;
        sample->descriptors++;
        if (is_socket && g_hash_table_contains(lines, inode)) {
            sample->lines++;
        } else if (is_socket && !g_hash_table_contains(doors, inode)) {
            sample->client_connections++;
        }
    }
}

static void
sample_backends(const Books *books, SoakSample *sample)
{
    g_autofree char *found =
        books_ask(books, "select count(*) - 1 || coalesce(string_agg(' ' || pid, '')"
                         " filter (where datname = current_database() and pid <> pg_backend_pid()),"
                         " '') from pg_stat_activity where backend_type = 'client backend'");
    g_auto(GStrv) words = g_strsplit(found, " ", -1);
    sample->connections = atoi(words[0]);
    for (char **pid = words + 1; *pid != NULL; pid++) {
        g_autofree char *status = read_process(atoi(*pid), "status");
        sample->backends++;
        sample->backends_kb += number_of(status, "RssAnon:");
    }
}

void
soak_sample(const Node *node, const char *headers, const Books *books, SoakSample *sample)
{
    int pid = (int)node->pid;
    g_autofree char *memory = read_process(pid, "smaps_rollup");
    g_autofree char *status = read_process(pid, "status");
    sample->pss_kb = number_of(memory, "\nPss:");
    sample->peak_kb = number_of(status, "VmHWM:");
    sample->threads = (int)number_of(status, "Threads:");
    sample_descriptors(pid, sample);
    sample_backends(books, sample);
    soak_look(node, headers, sample);
}

int
soak_own_descriptors(const SoakSample *sample)
{
    return sample->descriptors - sample->client_connections - sample->lines;
}

/* Over time ----------------------------------------------------------------------------------- */

static int
compare_slopes(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

double
soak_trend(const GArray *samples, guint first, SoakValue value)
{
    g_autoptr(GArray) slopes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = first; i < samples->len; i++) {
        const SoakSample *left = &g_array_index(samples, SoakSample, i);
        for (guint k = i + 1; k < samples->len; k++) {
            const SoakSample *right = &g_array_index(samples, SoakSample, k);
            double slope = (value(right) - value(left)) / (right->seconds - left->seconds) * 3600;
            g_array_append_val(slopes, slope);
        }
    }
    g_array_sort(slopes, compare_slopes);
    return slopes->len > 0 ? g_array_index(slopes, double, slopes->len / 2) : 0;
}

void
soak_print(const GArray *samples, guint rows_max)
{
    guint step = MAX(1, (samples->len + rows_max - 1) / rows_max);
    printf("\n%8s %9s %9s %9s %9s %6s %8s %8s %9s %12s %11s %9s\n", "second", "RSS kB", "used kB",
           "PSS kB", "peak kB", "open", "clients", "threads", "backends", "backends kB",
           "connections", "requests");
    for (guint i = 0; i < samples->len; i += step) {
        const SoakSample *at = &g_array_index(samples, SoakSample, i);
        printf("%8.0f %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT
               " %9" G_GINT64_FORMAT " %6d %8d %8d %9d %12" G_GINT64_FORMAT " %11d %9d\n",
               at->seconds, at->resident_kb, at->used_kb, at->pss_kb, at->peak_kb, at->descriptors,
               at->client_connections, at->threads, at->backends, at->backends_kb, at->connections,
               at->requests);
    }
}
