/* profile_cancel.c: changes that are published net, line by line, parted into what moved between
 * the lines and what came from outside.
 *
 * A publisher who shows one change for each line does not say which acts made it. What cancels
 * among lines that may give to each other needs no other source than these lines: it is one entry,
 * a virement. The rest, which they cannot have from each other, is an entry for each line. Where
 * the lines together got more than others gave, each got its part in proportion: that is derived,
 * and the README of the data says so. */
#include "integrations/profile_run.h"
#include <string.h>

/* Reading ------------------------------------------------------------------------------------- */

static int
find_entry(FiscProfileParser *parser, const char *key, FiscProfileAmount given)
{
    g_autofree char *name = fisc_profile_require(parser, "cancel", key);
    for (guint i = 0; name != NULL && i < parser->profile->entries->len; i++) {
        const FiscProfileEntry *entry = parser->profile->entries->pdata[i];
        if (strcmp(entry->name, name) == 0 && entry->given == given) {
            return (int)i;
        }
    }
    if (name != NULL) {
        fisc_profile_refuse(parser, "cancel", key, FISC_ERROR_VALUE_INVALID,
                            "there is no [entry %s] with the amount %s", name,
                            given == FISC_PROFILE_CANCELLED ? "cancelled" : "rest");
    }
    return -1;
}

/* What is known only after the last row is a move, whatever else the row says. */
static void
check_entries(FiscProfileParser *parser)
{
    const FiscProfileCancel *cancel = &parser->profile->cancel;
    for (guint i = 0; i < parser->profile->entries->len; i++) {
        const FiscProfileEntry *entry = parser->profile->entries->pdata[i];
        if (entry->given != FISC_PROFILE_CANCELLED && entry->given != FISC_PROFILE_REST) {
            continue;
        }
        if ((int)i != cancel->together && (int)i != cancel->rest) {
            fisc_profile_refuse(parser, entry->group, "amount", FISC_ERROR_VALUE_INVALID,
                                "[cancel] does not name this entry");
        }
        if (entry->from == FISC_STAGE_NONE || entry->debit != NULL || entry->when != NULL ||
            entry->relieves) {
            fisc_profile_refuse(parser, entry->group, NULL, FISC_ERROR_VALUE_INVALID,
                                "what cancels is a move, without debit, credit, when, relieves");
        }
    }
}

void
fisc_profile_parse_cancel(FiscProfileParser *parser)
{
    FiscProfileCancel *cancel = &parser->profile->cancel;
    if (g_key_file_has_group(parser->keys, "cancel")) {
        cancel->amount = fisc_profile_terms(parser, "cancel", "amount");
        cancel->within = fisc_profile_template(parser, "cancel", "within", true);
        cancel->together = find_entry(parser, "together", FISC_PROFILE_CANCELLED);
        cancel->rest = find_entry(parser, "rest", FISC_PROFILE_REST);
    }
    check_entries(parser);
}

void
fisc_profile_cancel_clear(FiscProfileCancel *cancel)
{
    g_clear_pointer(&cancel->amount, g_array_unref);
    fisc_template_free(cancel->within);
}

/* Rows ---------------------------------------------------------------------------------------- */

/* The rows that may give to each other. */
typedef struct {
    __int128 gives, gets; /* both >= 0 */
    __int128 seen;        /* of the larger side, by the rows before */
    FiscEntry *entry;     /* of what cancels; NULL until there is some */
} Pool;

/* A row that waits for the last one. */
typedef struct {
    guint row;
    int64_t amount;
    Pool *pool;
} Waiting;

struct FiscProfilePools {
    GArray *waiting;     /* of Waiting */
    GHashTable *by_text; /* -> Pool */
};

FiscProfilePools *
fisc_profile_pools_new(void)
{
    FiscProfilePools *pools = g_new0(FiscProfilePools, 1);
    pools->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    pools->by_text = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return pools;
}

void
fisc_profile_pools_free(FiscProfilePools *pools)
{
    g_array_unref(pools->waiting);
    g_hash_table_unref(pools->by_text);
    g_free(pools);
}

void
fisc_profile_cancel_take(FiscProfileRun *run)
{
    const FiscProfileCancel *cancel = &run->profile->cancel;
    int64_t amount = 0;
    if (cancel->within == NULL) {
        return;
    }
    if (!fisc_terms_sum(cancel->amount, run->amounts, &amount)) {
        FiscPlace place = {run->profile->file, run->row->line, "", "cancel"};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_OVERFLOW, NULL,
                           "the sum of the columns");
        return;
    }
    if (amount == 0) {
        return;
    }
    const char *text = fisc_profile_fill(run, cancel->within);
    Pool *pool = g_hash_table_lookup(run->pools->by_text, text);
    if (pool == NULL) {
        pool = g_new0(Pool, 1);
        g_hash_table_insert(run->pools->by_text, g_strdup(text), pool);
    }
    pool->gets += amount > 0 ? amount : 0;
    pool->gives -= amount < 0 ? amount : 0;
    Waiting waiting = {(guint)run->row_number - 1, amount, pool};
    g_array_append_val(run->pools->waiting, waiting);
}

/* What of the row's amount cancels: all of the smaller side, a part of the larger. Parts are the
 * differences of rounded running sums, so they add up to the smaller side exactly, and none is
 * larger than its row. */
static int64_t
cancelled_of(Waiting *waiting)
{
    Pool *pool = waiting->pool;
    __int128 smaller = MIN(pool->gives, pool->gets);
    __int128 larger = MAX(pool->gives, pool->gets);
    bool is_of_larger = waiting->amount > 0 ? pool->gets == larger : pool->gives == larger;
    if (!is_of_larger || smaller == larger) {
        return waiting->amount;
    }
    __int128 size = waiting->amount > 0 ? waiting->amount : -(__int128)waiting->amount;
    int64_t part =
        (int64_t)(smaller * (pool->seen + size) / larger - smaller * pool->seen / larger);
    pool->seen += size;
    return waiting->amount > 0 ? part : -part;
}

void
fisc_profile_cancel_finish(FiscProfileRun *run)
{
    const FiscProfileCancel *cancel = &run->profile->cancel;
    for (guint i = 0; i < run->pools->waiting->len; i++) {
        Waiting *waiting = &g_array_index(run->pools->waiting, Waiting, i);
        int64_t cancelled = cancelled_of(waiting);
        fisc_profile_return_to(run, waiting->row);
        if (cancelled != 0) {
            waiting->pool->entry =
                fisc_profile_make_entry(run, run->profile->entries->pdata[cancel->together],
                                        waiting->pool->entry, cancelled);
        }
        if (cancelled != waiting->amount) {
            fisc_profile_make_entry(run, run->profile->entries->pdata[cancel->rest], NULL,
                                    waiting->amount - cancelled);
        }
    }
}
