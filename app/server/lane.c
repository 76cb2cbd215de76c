/* lane.c: workers and their queue. Plain POSIX threads, so that the thread sanitizer sees them. */
#include "app/server/lane.h"
#include <pthread.h>

typedef struct {
    gpointer item;
    int64_t since_us;
} Waiting;

struct _FiscLane {
    FiscLaneWork work;
    gpointer data;
    int workers_max, waiting_max;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t come;
    GQueue waiting;  /* of Waiting */
    GArray *workers; /* of pthread_t */
    int idle, busy;
    FiscLaneHold hold; /* at_once 0: none */
    bool is_watched;   /* an idle worker waits for the hold to end */
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
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&lane->mutex, NULL);
    pthread_cond_init(&lane->come, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return lane;
}

/* Workers: with the mutex held ---------------------------------------------------------------- */

/* When the oldest item may be begun; 0: now. */
static int64_t
held_until(FiscLane *lane)
{
    const Waiting *oldest = g_queue_peek_head(&lane->waiting);
    if (oldest == NULL || lane->busy < lane->hold.at_once || lane->hold.at_once == 0) {
        return 0;
    }
    int64_t until = MIN(lane->hold.until_us, oldest->since_us + lane->hold.patience_us);
    return g_get_monotonic_time() < until ? until : 0;
}

/* Of all idle workers one looks at the clock; nobody else would wake them when a hold ends. */
static void
wait_idle(FiscLane *lane, int64_t until_us)
{
    lane->idle++;
    if (until_us == 0 || lane->is_watched) {
        pthread_cond_wait(&lane->come, &lane->mutex);
    } else {
        struct timespec until = {until_us / G_USEC_PER_SEC, until_us % G_USEC_PER_SEC * 1000};
        lane->is_watched = true;
        pthread_cond_timedwait(&lane->come, &lane->mutex, &until);
        lane->is_watched = false;
    }
    lane->idle--;
}

/* NULL when the lane closes. */
static gpointer
wait_for_item(FiscLane *lane)
{
    while (!lane->is_closing) {
        int64_t until_us = held_until(lane);
        if (lane->waiting.length > 0 && until_us == 0) {
            g_autofree Waiting *oldest = g_queue_pop_head(&lane->waiting);
            return oldest->item;
        }
        wait_idle(lane, until_us);
    }
    return NULL;
}

static void *run(void *data);

/* One more worker when nobody is free and there may be more. */
static void
find_worker(FiscLane *lane)
{
    pthread_t worker;
    if (lane->is_watched && held_until(lane) != 0) {
        return;
    }
    if ((int)lane->waiting.length > lane->idle && (int)lane->workers->len < lane->workers_max &&
        pthread_create(&worker, NULL, run, lane) == 0) {
        g_array_append_val(lane->workers, worker);
    }
    pthread_cond_signal(&lane->come);
}

/* While it was held no push called anybody: whoever takes an item calls the next. */
static void
pass_on(FiscLane *lane)
{
    if (lane->waiting.length > 0) {
        find_worker(lane);
    } else if (g_get_monotonic_time() >= lane->hold.until_us) {
        lane->hold.at_once = 0;
    }
}

static void *
run(void *data)
{
    FiscLane *lane = data;
    pthread_mutex_lock(&lane->mutex);
    for (gpointer item = wait_for_item(lane); item != NULL; item = wait_for_item(lane)) {
        lane->busy++;
        if (lane->hold.at_once > 0) {
            pass_on(lane);
        }
        pthread_mutex_unlock(&lane->mutex);
        lane->work(item, lane->data);
        pthread_mutex_lock(&lane->mutex);
        lane->busy--;
    }
    pthread_mutex_unlock(&lane->mutex);
    return NULL;
}

/* What others call ---------------------------------------------------------------------------- */

bool
fisc_lane_push(FiscLane *lane, gpointer item)
{
    pthread_mutex_lock(&lane->mutex);
    bool is_taken = !lane->is_closing && (int)lane->waiting.length < lane->waiting_max;
    if (is_taken) {
        Waiting waiting = {item, g_get_monotonic_time()};
        g_queue_push_tail(&lane->waiting, g_memdup2(&waiting, sizeof waiting));
        find_worker(lane);
    }
    /* Without any worker nobody would ever come for it. */
    if (is_taken && lane->workers->len == 0) {
        g_free(g_queue_pop_tail(&lane->waiting));
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
    *out_busy = lane->busy;
    pthread_mutex_unlock(&lane->mutex);
}

void
fisc_lane_hold(FiscLane *lane, const FiscLaneHold *hold)
{
    pthread_mutex_lock(&lane->mutex);
    lane->hold = *hold;
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
    while (left.length > 0) {
        g_autofree Waiting *oldest = g_queue_pop_head(&left);
        drop(oldest->item, lane->data);
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
