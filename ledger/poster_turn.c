/* poster_turn.c: fairness between the posters of one book.
 *
 * A poster whose batch was not the first undoes it, reads, decides and writes again. Another that
 * posts without pause needs none of that and would be first again, for ever. So who has lost once
 * takes a turn: a transaction in which nobody else can append, from its last reading to its commit.
 * One conflict for each batch at most, then it is in. How the queue is kept, and what becomes of
 * who stops in his turn, is in sql/routines/ledger/take_turn.sql. */
#include "core/base/kill_point.h"
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

#define WAIT_SECONDS_MAX 60 /* longer than a few others need, each in its turn */
#define IDLE_SECONDS_MAX 10 /* to decide the largest batch takes far less */

/* All that is on record is read before, so what is read while everybody waits is little. */
bool
fisc_poster_take_turn(FiscPoster *poster, FiscTx **out_turn, GError **error)
{
    g_autoptr(FiscTx) turn = NULL;
    g_autoptr(GError) failure = NULL;
    if (!fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error) ||
        !fisc_tx_begin(poster->pool, FISC_TX_WRITE, &turn, error)) {
        return false;
    }
    if (!fisc_tx_query(turn, FISC_SQL_LEDGER_TAKE_TURN,
                       FISC_ARGS(fisc_int4(poster->book_id), fisc_int4(WAIT_SECONDS_MAX),
                                 fisc_int4(IDLE_SECONDS_MAX)),
                       NULL, &failure)) {
        /* Whatever it was, nothing has been sent: asking again is safe and may help. */
        return fisc_fail(error, FISC_ERROR_UNAVAILABLE,
                         "no turn to post to book %d came, nothing was posted: %s", poster->book_id,
                         failure->message);
    }
    fisc_kill_point("poster.in_turn");
    if (!fisc_engine_catch_up_in(poster->engine, turn, poster->book_id, error)) {
        return false;
    }
    *out_turn = g_steal_pointer(&turn);
    return true;
}
