/* lane_test.c: workers and their queue, while others go first. */
#include "app/server/lane.h"
#include "tests/support/suite.h"
#include <pthread.h>

extern const FiscTest fisc_lane_tests[];

#define WORKERS 8
#define LONG_US ((int64_t)600 * G_USEC_PER_SEC)
#define SHORT_US ((int64_t)200 * 1000)
#define STEP_US 1000
#define STEPS_MAX 20000 /* before a test gives up */

/* What is done is to wait at a door. */
typedef struct {
    FiscLane *lane;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    bool is_open;
    int inside, most_inside;
    GArray *begun; /* of int: the items, in the order in which they were begun */
    int dropped;
} Door;

static void
pass(gpointer item, gpointer data)
{
    Door *door = data;
    int number = GPOINTER_TO_INT(item);
    pthread_mutex_lock(&door->mutex);
    g_array_append_val(door->begun, number);
    door->inside++;
    door->most_inside = MAX(door->most_inside, door->inside);
    while (!door->is_open) {
        pthread_cond_wait(&door->changed, &door->mutex);
    }
    door->inside--;
    pthread_mutex_unlock(&door->mutex);
}

static void
turn_away(gpointer item, gpointer data)
{
    (void)item;
    ((Door *)data)->dropped++;
}

static void
door_init(Door *door, bool is_open)
{
    *door = (Door){.is_open = is_open, .begun = g_array_new(FALSE, FALSE, sizeof(int))};
    pthread_mutex_init(&door->mutex, NULL);
    pthread_cond_init(&door->changed, NULL);
    door->lane = fisc_lane_new(WORKERS, 1000, pass, door);
}

static void
door_open(Door *door)
{
    pthread_mutex_lock(&door->mutex);
    door->is_open = true;
    pthread_cond_broadcast(&door->changed);
    pthread_mutex_unlock(&door->mutex);
}

static void
door_end(Door *door)
{
    door_open(door);
    fisc_lane_end(door->lane, turn_away);
    fisc_lane_free(door->lane);
    g_array_unref(door->begun);
    pthread_cond_destroy(&door->changed);
    pthread_mutex_destroy(&door->mutex);
}

static void
push(Door *door, int count)
{
    for (int i = 1; i <= count; i++) {
        CU_ASSERT(fisc_lane_push(door->lane, GINT_TO_POINTER(i)));
    }
}

static void
hold(Door *door, int at_once, int64_t for_us, int64_t patience_us)
{
    const FiscLaneHold held = {at_once, g_get_monotonic_time() + for_us, patience_us};
    fisc_lane_hold(door->lane, &held);
}

static int
count_begun(Door *door)
{
    pthread_mutex_lock(&door->mutex);
    int count = (int)door->begun->len;
    pthread_mutex_unlock(&door->mutex);
    return count;
}

/* Waits until so many have begun; how many have. */
static int
wait_for_begun(Door *door, int wanted)
{
    for (int step = 0; step < STEPS_MAX && count_begun(door) < wanted; step++) {
        g_usleep(STEP_US);
    }
    return count_begun(door);
}

static void
expect_count(Door *door, int waiting, int busy)
{
    int is_waiting = 0, is_busy = 0;
    fisc_lane_count(door->lane, &is_waiting, &is_busy);
    FISC_ASSERT_INT(is_waiting, waiting);
    FISC_ASSERT_INT(is_busy, busy);
}

static void
test_all_at_once(void)
{
    Door door;
    door_init(&door, false);
    push(&door, WORKERS + 2);
    FISC_ASSERT_INT(wait_for_begun(&door, WORKERS), WORKERS);
    expect_count(&door, 2, WORKERS);
    door_open(&door);
    FISC_ASSERT_INT(wait_for_begun(&door, WORKERS + 2), WORKERS + 2);
    door_end(&door);
}

static void
test_few_at_once(void)
{
    Door door;
    door_init(&door, true);
    hold(&door, 1, LONG_US, LONG_US);
    push(&door, 200);
    FISC_ASSERT_INT(wait_for_begun(&door, 200), 200);
    FISC_ASSERT_INT(door.most_inside, 1);
    for (int i = 0; i < 200; i++) {
        FISC_ASSERT_INT(g_array_index(door.begun, int, i), i + 1); /* in the order they came */
    }
    door_end(&door);
}

/* Nobody pushes, and nobody comes out: the end is noticed all the same. */
static void
test_hold_ends(void)
{
    Door door;
    door_init(&door, false);
    hold(&door, 2, SHORT_US, LONG_US);
    push(&door, WORKERS);
    FISC_ASSERT_INT(wait_for_begun(&door, WORKERS), WORKERS);
    expect_count(&door, 0, WORKERS);
    door_end(&door);
}

static void
test_patience_ends(void)
{
    Door door;
    door_init(&door, false);
    hold(&door, 1, LONG_US, SHORT_US);
    push(&door, WORKERS);
    FISC_ASSERT_INT(wait_for_begun(&door, WORKERS), WORKERS);
    door_end(&door);
}

/* A lane that was held is one like any other afterwards. */
static void
test_wide_again(void)
{
    Door door;
    door_init(&door, false);
    hold(&door, 1, LONG_US, LONG_US);
    push(&door, 3);
    FISC_ASSERT_INT(wait_for_begun(&door, 1), 1);
    hold(&door, 1, -1, LONG_US); /* is over */
    push(&door, WORKERS - 3);
    FISC_ASSERT_INT(wait_for_begun(&door, WORKERS), WORKERS);
    door_end(&door);
}

static void
test_end_while_held(void)
{
    Door door;
    door_init(&door, false);
    hold(&door, 1, LONG_US, LONG_US);
    push(&door, 5);
    FISC_ASSERT_INT(wait_for_begun(&door, 1), 1);
    expect_count(&door, 4, 1);
    door_open(&door);
    fisc_lane_end(door.lane, turn_away);
    FISC_ASSERT_INT((int)door.begun->len + door.dropped, 5);
    CU_ASSERT_FALSE(fisc_lane_push(door.lane, GINT_TO_POINTER(6)));
    door_end(&door);
}

const FiscTest fisc_lane_tests[] = {
    {"has as many under way as it has workers", test_all_at_once},
    {"has few under way while others go first, in the order they came", test_few_at_once},
    {"goes on when the others are through, though nobody comes or goes", test_hold_ends},
    {"lets nobody wait beyond his patience", test_patience_ends},
    {"is as wide as before when nobody goes first any more", test_wide_again},
    {"ends while it is held, and forgets nobody", test_end_while_held},
    {NULL, NULL},
};
