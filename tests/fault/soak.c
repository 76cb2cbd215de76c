/* soak.c: posts at seven tenths of the peak for a while and prints how the poster's memory and
 * descriptors went: "fisc_fault_soak SECONDS". tools/dev soak runs it. */
#include "fisc/cluster.h"
#include "fisc/db.h"
#include "tests/fault/invariants.h"
#include "tests/support/database.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEAK_SECONDS 5
#define WARM_PERCENT 20 /* of the time: caches fill, so it does not count */
#define SHARE_PERCENT 70
#define SAMPLE_SECONDS 1
#define SEED 20240704u

typedef struct {
    double seconds;
    double memory_kb;
    double descriptors;
} Sample;

typedef struct {
    FaultRig *rig;
    int desk;
    int first;
    int64_t until_us;
    int64_t pause_us; /* between the beginnings of two requests; 0: none */
    int requests;
} Client;

static gpointer
ask_until(gpointer data)
{
    Client *client = data;
    int64_t next = g_get_monotonic_time();
    for (int number = client->first; g_get_monotonic_time() < client->until_us; number++) {
        g_autofree char *line = g_strdup_printf("race %u %d 1 1\n", SEED, number);
        g_autofree char *answer = fault_ask(client->rig, client->desk, line);
        if (answer == NULL || strncmp(answer, "done", 4) != 0) {
            g_error("the poster said \"%s\"", answer != NULL ? answer : "nothing");
        }
        client->requests++;
        next += client->pause_us;
        int64_t wait = next - g_get_monotonic_time();
        if (wait > 0) {
            g_usleep((gulong)wait);
        }
    }
    return NULL;
}

static double
memory_kb_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_error("the poster is gone");
    }
    const char *line = strstr(text, "VmRSS:");
    return line != NULL ? atof(line + strlen("VmRSS:")) : 0;
}

static double
descriptors_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", (int)pid);
    g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
    int count = 0;
    while (names != NULL && g_dir_read_name(names) != NULL) {
        count++;
    }
    return count;
}

/* Least squares, per hour. */
static double
slope(const GArray *samples, bool of_memory)
{
    double n = 0, sum_x = 0, sum_y = 0, sum_xy = 0, sum_xx = 0;
    for (guint i = samples->len * WARM_PERCENT / 100; i < samples->len; i++) {
        const Sample *sample = &g_array_index(samples, Sample, i);
        double y = of_memory ? sample->memory_kb : sample->descriptors;
        n++;
        sum_x += sample->seconds;
        sum_y += y;
        sum_xy += sample->seconds * y;
        sum_xx += sample->seconds * sample->seconds;
    }
    double below = n * sum_xx - sum_x * sum_x;
    return below > 0 ? (n * sum_xy - sum_x * sum_y) / below * 3600 : 0;
}

/* All clients for some seconds; takes samples when @samples is there. Returns requests a second. */
static double
run(FaultRig *rig, int first, int seconds, int64_t pause_us, GArray *samples)
{
    Client clients[FAULT_CLIENTS];
    GThread *threads[FAULT_CLIENTS];
    int64_t begin = g_get_monotonic_time();
    int64_t until = begin + seconds * G_USEC_PER_SEC;
    int requests = 0;
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        clients[i] = (Client){rig, i, first + i * 100000000, until, pause_us, 0};
        threads[i] = g_thread_new("client", ask_until, &clients[i]);
    }
    while (samples != NULL && g_get_monotonic_time() < until) {
        Sample sample = {(double)(g_get_monotonic_time() - begin) / 1e6, memory_kb_of(rig->victim),
                         descriptors_of(rig->victim)};
        g_array_append_val(samples, sample);
        g_usleep(SAMPLE_SECONDS * G_USEC_PER_SEC);
    }
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        g_thread_join(threads[i]);
        requests += clients[i].requests;
    }
    return (double)requests / seconds;
}

int
main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : 0;
    if (seconds < 10) {
        fprintf(stderr, "usage: %s SECONDS (10 or more)\n", argv[0]);
        return 2;
    }
    FaultRig rig;
    g_autofree char *uri = fisc_test_database_new();
    g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    fault_rig_open(&rig, uri, SEED);
    if (!fault_victim_start(&rig, NULL, false)) {
        return 1;
    }
    double peak = run(&rig, 1, PEAK_SECONDS, 0, NULL);
    double rate = peak * SHARE_PERCENT / 100;
    printf("peak %.0f requests a second over %d connections; soaking at %.0f for %d s\n", peak,
           FAULT_CLIENTS, rate, seconds);
    fflush(stdout);
    double reached = run(&rig, 50000000, seconds, (int64_t)(FAULT_CLIENTS * 1e6 / rate), samples);
    const Sample *first = &g_array_index(samples, Sample, samples->len * WARM_PERCENT / 100);
    const Sample *last = &g_array_index(samples, Sample, samples->len - 1);
    printf("%.0f requests a second; memory %.0f kB, later %.0f kB: %+.0f kB an hour; descriptors "
           "%.0f, later %.0f: %+.2f an hour\n",
           reached, first->memory_kb, last->memory_kb, slope(samples, true), first->descriptors,
           last->descriptors, slope(samples, false));
    fault_victim_wait(&rig);
    g_autofree char *complaints = fault_check_books(uri);
    printf("%s", *complaints != '\0' ? complaints : "the books are whole\n");
    bool is_good = *complaints == '\0' && last->descriptors <= first->descriptors;
    fault_rig_close(&rig);
    fisc_test_cluster_down();
    return is_good ? 0 : 1;
}
