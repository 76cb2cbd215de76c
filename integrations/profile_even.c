/* profile_even.c: checks of a profile over rows: what the rows of an account, or of all accounts,
 * add up to. A balance that was, what changed it and what it is now stand in rows of their own, so
 * no row alone shows whether they agree. */
#include "fisc/money.h"
#include "integrations/profile_run.h"

typedef struct {
    char *text;
    __int128 sum;
    int line; /* of its first row */
} Even;

typedef struct {
    GHashTable *by_text;
    GPtrArray *in_order; /* of Even: as the file has them */
} Evens;

static void
even_free(gpointer data)
{
    Even *even = data;
    g_free(even->text);
    g_free(even);
}

static void
evens_free(Evens *evens)
{
    g_hash_table_unref(evens->by_text);
    g_ptr_array_unref(evens->in_order);
    g_free(evens);
}

static Evens *
evens_of(FiscProfileRun *run, guint check)
{
    if (run->evens->pdata[check] == NULL) {
        Evens *evens = g_new0(Evens, 1);
        evens->by_text = g_hash_table_new(g_str_hash, g_str_equal);
        evens->in_order = g_ptr_array_new_with_free_func(even_free);
        run->evens->pdata[check] = evens;
    }
    return run->evens->pdata[check];
}

void
fisc_profile_even_take(FiscProfileRun *run, guint check)
{
    const FiscProfileCheck *of = run->profile->checks->pdata[check];
    Evens *evens = evens_of(run, check);
    const char *text = fisc_profile_fill(run, of->within);
    Even *even = g_hash_table_lookup(evens->by_text, text);
    if (even == NULL) {
        even = g_new0(Even, 1);
        even->text = g_strdup(text);
        even->line = run->row->line;
        g_ptr_array_add(evens->in_order, even);
        g_hash_table_insert(evens->by_text, even->text, even);
    }
    for (guint i = 0; i < of->terms->len; i++) {
        const FiscTerm *term = &g_array_index(of->terms, FiscTerm, i);
        __int128 amount = run->amounts[term->slot];
        even->sum += term->is_minus ? -amount : amount;
    }
}

static void
tell(FiscProfileRun *run, const FiscProfileCheck *check, const Even *even, int count)
{
    char amount[FISC_SUM_TEXT];
    FiscPlace place = {.file = run->profile->file, .line = even->line, .field = check->name};
    fisc_sum_format(even->sum, run->profile->decimals, amount);
    if (check->is_refused) {
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL, "%s: \"%s\" by %s",
                           check->text, even->text, amount);
    } else if (count <= FISC_CHECK_REMARKS_MAX) {
        fisc_reader_remark(run->reader, "%s:%d: %s: \"%s\" by %s", run->profile->file, even->line,
                           check->text, even->text, amount);
    }
}

void
fisc_profile_even_finish(FiscProfileRun *run)
{
    for (guint i = 0; i < run->evens->len; i++) {
        Evens *evens = run->evens->pdata[i];
        for (guint k = 0; evens != NULL && k < evens->in_order->len; k++) {
            const Even *even = evens->in_order->pdata[k];
            if (even->sum != 0) {
                tell(run, run->profile->checks->pdata[i], even, ++run->differences[i]);
            }
        }
        g_clear_pointer(&evens, evens_free);
        run->evens->pdata[i] = NULL;
    }
}
