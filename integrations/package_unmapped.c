/* package_unmapped.c: what of a nation's own chart no GFS statement will show.
 *
 * An account without a meaning in GFS is posted and stands in trial balances. That it is nowhere
 * else is said once a load, with the amounts, so that nothing vanishes in silence. */
#include "fisc/money.h"
#include "integrations/package_internal.h"
#include <string.h>

#define ACCOUNTS_NAMED_MAX 12
#define DECIMALS_MAX 4 /* of any currency */

typedef struct {
    const FiscAccount *account;
    __int128 debit, credit;
} Turnover;

static void
add_entry(FiscReader *reader, const FiscEntry *entry, GHashTable *turnovers)
{
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        const FiscAccount *account = fisc_nation_account(reader->nation, line->account);
        if (account == NULL || !account->national || account->gfs[0] != '\0' ||
            account->class_ == FISC_CLASS_BUDGETARY) {
            continue;
        }
        Turnover *turnover = g_hash_table_lookup(turnovers, account->code);
        if (turnover == NULL) {
            turnover = g_new0(Turnover, 1);
            turnover->account = account;
            g_hash_table_insert(turnovers, account->code, turnover);
        }
        turnover->debit += line->amount > 0 ? line->amount : 0;
        turnover->credit += line->amount < 0 ? -(__int128)line->amount : 0;
    }
}

static int
compare_turnovers(const void *a, const void *b)
{
    const Turnover *left = *(const Turnover *const *)a;
    const Turnover *right = *(const Turnover *const *)b;
    return strcmp(left->account->code, right->account->code);
}

/* "101000 10,000.00/6,100.00, 175000 ...": debits and credits of each, the first of them. */
static char *
name_accounts(GPtrArray *turnovers, int decimals)
{
    GString *names = g_string_new(NULL);
    char debit[FISC_SUM_TEXT], credit[FISC_SUM_TEXT];
    for (guint i = 0; i < MIN(turnovers->len, ACCOUNTS_NAMED_MAX); i++) {
        const Turnover *turnover = turnovers->pdata[i];
        g_string_append_printf(names, "%s%s %s/%s", i > 0 ? ", " : "", turnover->account->code,
                               fisc_sum_format_grouped(turnover->debit, decimals, debit),
                               fisc_sum_format_grouped(turnover->credit, decimals, credit));
    }
    if (turnovers->len > ACCOUNTS_NAMED_MAX) {
        g_string_append_printf(names, " and %u more", turnovers->len - ACCOUNTS_NAMED_MAX);
    }
    return g_string_free(names, FALSE);
}

static void
remark_turnovers(FiscReader *reader, GHashTable *by_account, int decimals)
{
    __int128 debit = 0, credit = 0;
    char debits[FISC_SUM_TEXT], credits[FISC_SUM_TEXT];
    g_autoptr(GPtrArray) turnovers = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, by_account);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        debit += ((const Turnover *)value)->debit;
        credit += ((const Turnover *)value)->credit;
        g_ptr_array_add(turnovers, value);
    }
    g_ptr_array_sort(turnovers, compare_turnovers);
    g_autofree char *names = name_accounts(turnovers, decimals);
    fisc_reader_remark(reader,
                       "%u account%s without a meaning in GFS: debits of %s and credits of %s are "
                       "in trial balances and in no GFS statement (%s)",
                       turnovers->len, turnovers->len == 1 ? "" : "s",
                       fisc_sum_format_grouped(debit, decimals, debits),
                       fisc_sum_format_grouped(credit, decimals, credits), names);
}

void
fisc_package_remark_unmapped(FiscReader *reader)
{
    /* Amounts of currencies with other decimals are not added up: one remark for each kind. */
    GHashTable *by_decimals[DECIMALS_MAX + 1] = {NULL};
    for (guint i = 0; i < reader->package->steps->len; i++) {
        const FiscPackageStep *step = reader->package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            const FiscEntry *entry = step->submission->entries->pdata[k];
            GHashTable **turnovers = &by_decimals[CLAMP(entry->decimals, 0, DECIMALS_MAX)];
            if (*turnovers == NULL) {
                *turnovers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
            }
            add_entry(reader, entry, *turnovers);
        }
    }
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
        if (by_decimals[decimals] != NULL && g_hash_table_size(by_decimals[decimals]) > 0) {
            remark_turnovers(reader, by_decimals[decimals], decimals);
        }
        g_clear_pointer(&by_decimals[decimals], g_hash_table_unref);
    }
}
