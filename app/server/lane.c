/* lane.c: workers and their queue. Plain POSIX threads, so that the thread sanitizer sees them. */
#include "app/server/lane.h"
#include <pthread.h>

struct _FiscLane {
    FiscLaneWork work;
    gpointer data;
    int workers_max, waiting_max;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t come;
    GQueue waiting;
    GArray *workers; /* of pthread_t */
    int idle;
    bool is_closing;
};

FiscLane *
fisc_lane_new(int workers_max, int waiting_max, FiscLaneWork work, gpointer data)
{
    FiscLane *lane = g_new0(FiscLane, 1);
    *lane = (FiscLane){.work = work,
                       .data = data,
                       .workers_max = workers_max,
                       .waiting_max = waiting_max,
                       .workers = g_array_new(FALSE, FALSE, sizeof(pthread_t))};
    g_queue_init(&lane->waiting);
    pthread_mutex_init(&lane->mutex, NULL);
    pthread_cond_init(&lane->come, NULL);
    return lane;
}

static void *
run(void *data)
{
    FiscLane *lane = data;
    pthread_mutex_lock(&lane->mutex);
    for (;;) {
        while (lane->waiting.length == 0 && !lane->is_closing) {
            lane->idle++;
            pthread_cond_wait(&lane->come, &lane->mutex);
            lane->idle--;
        }
        gpointer item = g_queue_pop_head(&lane->waiting);
        if (item == NULL) {
            break;
        }
        pthread_mutex_unlock(&lane->mutex);
        lane->work(item, lane->data);
        pthread_mutex_lock(&lane->mutex);
    }
    pthread_mutex_unlock(&lane->mutex);
    return NULL;
}

/* With the mutex held: one more worker when nobody is free and there may be more. */
static void
find_worker(FiscLane *lane)
{
    pthread_t worker;
    if ((int)lane->waiting.length > lane->idle && (int)lane->workers->len < lane->workers_max &&
        pthread_create(&worker, NULL, run, lane) == 0) {
        g_array_append_val(lane->workers, worker);
    }
    pthread_cond_signal(&lane->come);
}

bool
fisc_lane_push(FiscLane *lane, gpointer item)
{
    pthread_mutex_lock(&lane->mutex);
    bool is_taken = !lane->is_closing && (int)lane->waiting.length < lane->waiting_max;
    if (is_taken) {
        g_queue_push_tail(&lane->waiting, item);
        find_worker(lane);
    }
    /* Without any worker nobody would ever come for it. */
    if (is_taken && lane->workers->len == 0) {
        g_queue_pop_tail(&lane->waiting);
        is_taken = false;
    }
    pthread_mutex_unlock(&lane->mutex);
    return is_taken;
}

void
fisc_lane_count(FiscLane *lane, int *out_waiting, int *out_busy)
{
    pthread_mutex_lock(&lane->mutex);
    *out_waiting = (int)lane->waiting.length;
    *out_busy = (int)lane->workers->len - lane->idle;
    pthread_mutex_unlock(&lane->mutex);
}

void
fisc_lane_end(FiscLane *lane, FiscLaneWork drop)
{
    pthread_mutex_lock(&lane->mutex);
    lane->is_closing = true;
    GQueue left = lane->waiting;
    g_queue_init(&lane->waiting);
    pthread_cond_broadcast(&lane->come);
    pthread_mutex_unlock(&lane->mutex);
    for (gpointer item = g_queue_pop_head(&left); item != NULL; item = g_queue_pop_head(&left)) {
        drop(item, lane->data);
    }
    for (guint i = 0; i < lane->workers->len; i++) {
        pthread_join(g_array_index(lane->workers, pthread_t, i), NULL);
    }
    g_array_set_size(lane->workers, 0);
}

void
fisc_lane_free(FiscLane *lane)
{
    if (lane == NULL) {
        return;
    }
    g_array_unref(lane->workers);
    pthread_mutex_destroy(&lane->mutex);
    pthread_cond_destroy(&lane->come);
    g_free(lane);
}
