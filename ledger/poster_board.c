/* poster_board.c: what a poster tells those who only ask, without stopping: the funds at the last
 * batch on record, that batch's number, and whether master data have changed.
 *
 * News are taken out of the engine when a batch is sealed and told when it is in (poster.c), or
 * both at once while nothing is under way. */
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

void
fisc_poster_publish(FiscPoster *poster, int64_t batch_no, FiscFundsNews *news, bool brings_masters)
{
    if (brings_masters) {
        g_atomic_int_inc(&poster->masters_version);
    }
    if (poster->board != NULL) {
        fisc_funds_board_put(poster->board, news);
    }
    __atomic_store_n(&poster->published_batch, batch_no, __ATOMIC_RELEASE);
}

void
fisc_poster_publish_all(FiscPoster *poster)
{
    int64_t restored = fisc_engine_restored_masters(poster->engine);
    bool brings_masters = poster->brings_masters || restored != poster->restored_masters;
    poster->brings_masters = false;
    poster->restored_masters = restored;
    fisc_poster_publish(poster, fisc_engine_batch_no(poster->engine),
                        fisc_engine_take_news(poster->engine), brings_masters);
}

void
fisc_poster_keep_board(FiscPoster *poster)
{
    fisc_poster_hold(poster);
    if (poster->board == NULL) {
        poster->board = fisc_funds_board_new();
        fisc_engine_keep_news(poster->engine);
    }
    fisc_poster_let_go(poster);
}

int64_t
fisc_poster_batch_no(const FiscPoster *poster)
{
    return __atomic_load_n(&poster->published_batch, __ATOMIC_ACQUIRE);
}

int
fisc_poster_masters_version(const FiscPoster *poster)
{
    return g_atomic_int_get(&poster->masters_version);
}

bool
fisc_poster_follow_to(FiscPoster *poster, int64_t batch_no, GError **error)
{
    if (fisc_poster_batch_no(poster) >= batch_no) {
        return true;
    }
    fisc_poster_hold(poster);
    bool is_there = fisc_engine_batch_no(poster->engine) >= batch_no ||
                    fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    fisc_poster_let_go(poster);
    return is_there;
}
