/* poster_year.c: where the budget of an entity stands at the end of a year, asked of the engine at
 * the last batch on record. */
#include "fisc/carry.h"
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

bool
fisc_poster_year_entities(FiscPoster *poster, int year, GHashTable **out_entities, GError **error)
{
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    if (is_ready) {
        *out_entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        fisc_engine_year_entities(poster->engine, year, *out_entities);
    }
    fisc_poster_let_go(poster);
    return is_ready;
}

bool
fisc_poster_year(FiscPoster *poster, FiscYearPosition *position, GError **error)
{
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    if (is_ready) {
        fisc_engine_year(poster->engine, position);
    }
    fisc_poster_let_go(poster);
    return is_ready;
}
