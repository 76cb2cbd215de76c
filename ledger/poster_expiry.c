/* poster_expiry.c: which reservations have expired, asked of the engine at the last batch on
 * record. Posting their release is a submission like any other. */
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

bool
fisc_poster_releases(FiscPoster *poster, const char *entity, FiscDate today, FiscSubmission *into,
                     GError **error)
{
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    if (is_ready) {
        fisc_engine_add_releases(poster->engine, entity, today, into);
    }
    fisc_poster_let_go(poster);
    return is_ready;
}
