/* lane.h: a queue with an end, and the workers who take from it. */
#ifndef FISC_SERVER_LANE_H
#define FISC_SERVER_LANE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** For a while others go first: an item is begun only when fewer than @at_once are under way, or
 * when it has waited for @patience_us. Ends at @until_us (monotonic). */
typedef struct {
    int at_once;
    int64_t until_us, patience_us;
} FiscLaneHold;
typedef struct _FiscLane FiscLane;
typedef void (*FiscLaneWork)(gpointer item, gpointer data);

/** Workers begin when there is something to do, and stay. */
FiscLane *fisc_lane_new(int workers_max, int waiting_max, FiscLaneWork work, gpointer data);
/** False when too many wait already, or the lane closes. Waits for nobody. */
bool fisc_lane_push(FiscLane *lane, gpointer item);
void fisc_lane_count(FiscLane *lane, int *out_waiting, int *out_busy);
/** Instead of the hold before; one that ends sooner counts from the next push. What is under way
 * goes on. */
void fisc_lane_hold(FiscLane *lane, const FiscLaneHold *hold);
/** Takes nothing more. What nobody has begun is given to @drop; what has begun is waited for. */
void fisc_lane_end(FiscLane *lane, FiscLaneWork drop);
/** After fisc_lane_end(), when nobody pushes any more. NULL does nothing. */
void fisc_lane_free(FiscLane *lane);

#endif
