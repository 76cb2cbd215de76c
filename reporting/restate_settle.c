/* restate_settle.c: what successors owe each other when the lines of one entry are shared unlike.
 *
 * School books go to one ministry by their programme, and the cash that paid for them is shared: so
 * the other one has paid for it, and has a claim. The books have no such claim; it goes at once
 * again, as an other volume change. Thus the transactions of each balance and no stock changes. */
#include "reporting/restate_settle.h"
#include "fisc/gfs.h"
#include "fisc/lens.h"
#include <string.h>

/* The transactions of one period. */
typedef struct {
    FiscPeriod period;
    GPtrArray *units; /* of const char *: interned in the settlement */
    GArray *nets;     /* of int64_t: likewise */
} Month;

struct _FiscSettlement {
    const FiscShareRule *rule;
    GPtrArray *months; /* of Month, in order of first mention */
    GHashTable *by_period;
    GStringChunk *words;
};

static void
month_free(gpointer data)
{
    Month *month = data;
    g_ptr_array_unref(month->units);
    g_array_unref(month->nets);
    g_free(month);
}

FiscSettlement *
fisc_settlement_new(const FiscShareRule *rule)
{
    FiscSettlement *settlement = g_new0(FiscSettlement, 1);
    settlement->rule = rule;
    settlement->months = g_ptr_array_new_with_free_func(month_free);
    settlement->by_period = g_hash_table_new(NULL, NULL);
    settlement->words = g_string_chunk_new(1024);
    return settlement;
}

void
fisc_settlement_free(FiscSettlement *settlement)
{
    if (settlement == NULL) {
        return;
    }
    g_ptr_array_unref(settlement->months);
    g_hash_table_unref(settlement->by_period);
    g_string_chunk_free(settlement->words);
    g_free(settlement);
}

static Month *
find_month(FiscSettlement *settlement, FiscPeriod period)
{
    Month *month = g_hash_table_lookup(settlement->by_period, GINT_TO_POINTER(period));
    if (month == NULL) {
        month = g_new0(Month, 1);
        month->period = period;
        month->units = g_ptr_array_new();
        month->nets = g_array_new(FALSE, TRUE, sizeof(int64_t));
        g_ptr_array_add(settlement->months, month);
        g_hash_table_insert(settlement->by_period, GINT_TO_POINTER(period), month);
    }
    return month;
}

static int64_t *
net_of(FiscSettlement *settlement, Month *month, const char *unit)
{
    guint place = 0;
    if (!g_ptr_array_find_with_equal_func(month->units, unit, g_str_equal, &place)) {
        place = month->units->len;
        g_ptr_array_add(month->units, g_string_chunk_insert_const(settlement->words, unit));
        g_array_set_size(month->nets, place + 1);
    }
    return &g_array_index(month->nets, int64_t, place);
}

void
fisc_settlement_add(FiscSettlement *settlement, const char *unit, FiscPeriod period, int64_t net)
{
    *net_of(settlement, find_month(settlement, period), unit) += net;
}

/* What did not balance in the books of the unit that was succeeded is shared, and stays. */
static void
leave_out_imbalance(FiscSettlement *settlement, Month *month)
{
    const FiscShareRule *rule = settlement->rule;
    int64_t total = 0, parts[FISC_SHARES_MAX];
    for (guint i = 0; i < month->nets->len; i++) {
        total += g_array_index(month->nets, int64_t, i);
    }
    fisc_share_rule_split(rule, total, parts);
    for (guint i = 0; i < rule->entities->len; i++) {
        *net_of(settlement, month, rule->entities->pdata[i]) -= parts[i];
    }
}

static const FiscAccount *
find_account(const FiscNation *nation, const char *under)
{
    const FiscAccount *account = fisc_nation_account(nation, under);
    for (guint i = 0; account == NULL && i < nation->accounts->len; i++) {
        const FiscAccount *other = nation->accounts->pdata[i];
        account = fisc_gfs_is_under(other->gfs, under) ? other : NULL;
    }
    return account;
}

static void
add_row(FiscBalances *balances, const char *unit, const FiscAccount *account, const char *other,
        FiscFlow flow, FiscPeriod period, int64_t amount)
{
    FiscCoding *coding = g_new0(FiscCoding, 1);
    coding->coding_id = FISC_CODING_MOVED;
    coding->entity = unit;
    coding->account = account;
    coding->flow = flow;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding->dim[i] = fisc_balances_text(balances, i == FISC_DIM_COUNTERPARTY ? other : "");
    }
    g_ptr_array_add(balances->codings, coding);
    FiscBalance row = {coding, period, MAX(amount, 0), MAX(-amount, 0)};
    g_array_append_val(balances->rows, row);
}

typedef struct {
    const FiscAccount *claim, *debt;
    const FiscNation *nation;
    FiscBalances *balances;
} Accounts;

static const char *
code_of(const Accounts *accounts, const char *unit)
{
    const FiscEntity *entity = fisc_nation_entity(accounts->nation, unit);
    return entity != NULL ? entity->code : fisc_balances_text(accounts->balances, unit);
}

static void
settle_pair(const Accounts *accounts, FiscPeriod period, const char *debtor, const char *creditor,
            int64_t amount)
{
    debtor = code_of(accounts, debtor);
    creditor = code_of(accounts, creditor);
    FiscBalances *balances = accounts->balances;
    add_row(balances, debtor, accounts->debt, creditor, FISC_FLOW_TRANSACTION, period, -amount);
    add_row(balances, debtor, accounts->debt, creditor, FISC_FLOW_VOLUME_CHANGE, period, amount);
    add_row(balances, creditor, accounts->claim, debtor, FISC_FLOW_TRANSACTION, period, amount);
    add_row(balances, creditor, accounts->claim, debtor, FISC_FLOW_VOLUME_CHANGE, period, -amount);
}

/* The first debtor pays the first creditor, until nobody owes anything. */
static void
settle_month(const Accounts *accounts, Month *month)
{
    int64_t *nets = (int64_t *)(void *)month->nets->data;
    guint debtor = 0, creditor = 0, count = month->nets->len;
    while (true) {
        while (debtor < count && nets[debtor] <= 0) {
            debtor++;
        }
        while (creditor < count && nets[creditor] >= 0) {
            creditor++;
        }
        if (debtor == count || creditor == count) {
            return;
        }
        int64_t amount = MIN(nets[debtor], -nets[creditor]);
        settle_pair(accounts, month->period, month->units->pdata[debtor],
                    month->units->pdata[creditor], amount);
        nets[debtor] -= amount;
        nets[creditor] += amount;
    }
}

void
fisc_settlement_post(FiscSettlement *settlement, const FiscNation *nation, FiscBalances *balances)
{
    Accounts accounts = {find_account(nation, "6208"), find_account(nation, "6308"), nation,
                         balances};
    if (accounts.claim == NULL || accounts.debt == NULL) {
        return; /* without a GFS chart there are no statements to balance */
    }
    for (guint i = 0; i < settlement->months->len; i++) {
        Month *month = settlement->months->pdata[i];
        leave_out_imbalance(settlement, month);
        settle_month(&accounts, month);
    }
}
