/* quota.c: how much one person asks and takes away within an hour, on this server. The measures are
 * a table (access.quota), read when the server opens; the counts are forgotten with the hour, so
 * they do not grow. */
#include "app/server/access.h"

#define HOUR_US (3600 * (gint64)G_USEC_PER_SEC)
#define PERSONS_MAX 100000 /* counted at once; the next is counted when the hour is over */
#define EVERYBODY "*"

typedef struct {
    int64_t requests, rows, alarm;
} Limit;

typedef struct {
    int64_t requests, rows;
} Use;

struct _FiscQuotas {
    GMutex mutex;
    GHashTable *limits; /* char * -> Limit */
    GHashTable *uses;   /* char * -> Use, of the hour */
    gint64 hour;
};

static bool
load_limits(FiscQuotas *quotas, FiscPool *posters, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(posters, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_ACCESS_QUOTAS, FISC_NO_ARGS, &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        Limit *limit = g_new0(Limit, 1);
        *limit = (Limit){fisc_rows_int8(rows, i, 1), fisc_rows_int8(rows, i, 2),
                         fisc_rows_int8(rows, i, 3)};
        g_hash_table_insert(quotas->limits, g_strdup(fisc_rows_text(rows, i, 0)), limit);
    }
    return true;
}

bool
fisc_quotas_open(FiscPool *posters, FiscQuotas **out_quotas, GError **error)
{
    FiscQuotas *quotas = g_new0(FiscQuotas, 1);
    g_mutex_init(&quotas->mutex);
    quotas->limits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    quotas->uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    *out_quotas = quotas;
    return load_limits(quotas, posters, error);
}

void
fisc_quotas_free(FiscQuotas *quotas)
{
    if (quotas == NULL) {
        return;
    }
    g_hash_table_unref(quotas->limits);
    g_hash_table_unref(quotas->uses);
    g_mutex_clear(&quotas->mutex);
    g_free(quotas);
}

static Limit
limit_of(const FiscQuotas *quotas, const char *person)
{
    const Limit *limit = g_hash_table_lookup(quotas->limits, person);
    limit = limit != NULL ? limit : g_hash_table_lookup(quotas->limits, EVERYBODY);
    return limit != NULL ? *limit : (Limit){G_MAXINT64, G_MAXINT64, G_MAXINT64};
}

/* NULL when too many are counted already. */
static Use *
use_of(FiscQuotas *quotas, const char *person, gint64 now_us)
{
    if (quotas->hour != now_us / HOUR_US) {
        quotas->hour = now_us / HOUR_US;
        g_hash_table_remove_all(quotas->uses);
    }
    Use *use = g_hash_table_lookup(quotas->uses, person);
    if (use == NULL && g_hash_table_size(quotas->uses) < PERSONS_MAX) {
        use = g_new0(Use, 1);
        g_hash_table_insert(quotas->uses, g_strdup(person), use);
    }
    return use;
}

bool
fisc_quotas_take(FiscQuotas *quotas, const char *person, gint64 now_us, int *out_wait_s)
{
    g_mutex_lock(&quotas->mutex);
    Use *use = use_of(quotas, person, now_us);
    Limit limit = limit_of(quotas, person);
    bool is_within = use == NULL || (use->requests < limit.requests && use->rows < limit.rows);
    if (use != NULL && is_within) {
        use->requests++;
    }
    g_mutex_unlock(&quotas->mutex);
    *out_wait_s = (int)((HOUR_US - now_us % HOUR_US + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    return is_within;
}

bool
fisc_quotas_add(FiscQuotas *quotas, const char *person, gint64 now_us, int64_t rows,
                int64_t *out_rows)
{
    g_mutex_lock(&quotas->mutex);
    Use *use = use_of(quotas, person, now_us);
    int64_t alarm = limit_of(quotas, person).alarm;
    int64_t before = use != NULL ? use->rows : 0;
    if (use != NULL) {
        use->rows += rows;
    }
    g_mutex_unlock(&quotas->mutex);
    *out_rows = before + rows;
    return use != NULL && before <= alarm && before + rows > alarm;
}

int
fisc_quotas_alarmed(FiscQuotas *quotas, gint64 now_us)
{
    GHashTableIter each;
    gpointer person, use;
    int count = 0;
    g_mutex_lock(&quotas->mutex);
    g_hash_table_iter_init(&each, quotas->uses);
    while (quotas->hour == now_us / HOUR_US && g_hash_table_iter_next(&each, &person, &use)) {
        count += ((const Use *)use)->rows > limit_of(quotas, person).alarm ? 1 : 0;
    }
    g_mutex_unlock(&quotas->mutex);
    return count;
}
