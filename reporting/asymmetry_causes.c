/* asymmetry_causes.c: the causes that the books themselves show.
 *
 * In this order: what somebody found out and put on record; the same amount in another month
 * (timing); the opposite difference in another class of the same two units (classification); a
 * difference of holding gains only (valuation); nothing at all on one side (coverage). What is none
 * of these is unknown. The record of the higher level of government prevails, so the lower one is
 * to mend it; between equals the payer is. */
#include "reporting/asymmetry_causes.h"
#include <stdlib.h>
#include <string.h>

FiscAsymmetry *
fisc_asymmetry_new(const FiscPair *pair, const FiscDealing *dealing)
{
    FiscAsymmetry *asymmetry = g_new0(FiscAsymmetry, 1);
    asymmetry->pair = pair;
    asymmetry->dealing = *dealing;
    asymmetry->months = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return asymmetry;
}

void
fisc_asymmetry_free(FiscAsymmetry *asymmetry)
{
    if (asymmetry == NULL) {
        return;
    }
    g_hash_table_unref(asymmetry->months);
    g_free(asymmetry->owner);
    g_free(asymmetry);
}

void
fisc_asymmetry_add(FiscAsymmetry *asymmetry, const FiscCoding *coding, FiscSide side,
                   FiscPeriod period, __int128 amount)
{
    __int128 *month = g_hash_table_lookup(asymmetry->months, GINT_TO_POINTER(period));
    __int128 signed_amount = side == FISC_SIDE_FROM ? amount : -amount;
    if (month == NULL) {
        month = g_new0(__int128, 1);
        g_hash_table_insert(asymmetry->months, GINT_TO_POINTER(period), month);
    }
    *month += signed_amount;
    asymmetry->gains += coding->flow == FISC_FLOW_HOLDING_GAIN ? signed_amount : 0;
    asymmetry->has_side[side] = asymmetry->has_side[side] || amount != 0;
}

static __int128
difference_of(const FiscPair *pair)
{
    return pair->amount[FISC_SIDE_FROM] - pair->amount[FISC_SIDE_TO];
}

/* Months --------------------------------------------------------------------------------------- */

static int
compare_periods(const void *a, const void *b)
{
    return *(const FiscPeriod *)a - *(const FiscPeriod *)b;
}

/* In order. Caller unrefs. */
static GArray *
list_months(const FiscAsymmetry *asymmetry)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(FiscPeriod));
    GHashTableIter iterator;
    void *key = NULL;
    g_hash_table_iter_init(&iterator, asymmetry->months);
    while (g_hash_table_iter_next(&iterator, &key, NULL)) {
        FiscPeriod period = GPOINTER_TO_INT(key);
        g_array_append_val(list, period);
    }
    g_array_sort(list, compare_periods);
    return list;
}

static __int128
month_of(const FiscAsymmetry *asymmetry, FiscPeriod period)
{
    return *(__int128 *)g_hash_table_lookup(asymmetry->months, GINT_TO_POINTER(period));
}

/* The other side's record came, or comes, in a month around the period. */
static bool
is_timing(const FiscAsymmetry *asymmetry, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(GArray) months = list_months(asymmetry);
    __int128 wanted = -difference_of(asymmetry->pair);
    __int128 later = 0;
    for (guint i = 0; i < months->len; i++) {
        FiscPeriod period = g_array_index(months, FiscPeriod, i);
        bool is_before = period < from;
        if ((!is_before && period <= to) || (is_before && asymmetry->dealing.is_stock) ||
            (is_before && period < from - 100)) {
            continue;
        }
        __int128 month = month_of(asymmetry, period);
        later += is_before ? 0 : month;
        if (month == wanted || (!is_before && later == wanted)) {
            return true;
        }
    }
    return false;
}

/* The first day of the month since which the records have differed without a break. */
static FiscDate
standing_since(const FiscAsymmetry *asymmetry, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(GArray) months = list_months(asymmetry);
    __int128 sum = 0;
    FiscPeriod since = from;
    for (guint i = 0; i < months->len; i++) {
        FiscPeriod period = g_array_index(months, FiscPeriod, i);
        if (period > to || (period < from && !asymmetry->dealing.is_stock)) {
            continue;
        }
        since = sum == 0 ? period : since;
        sum += month_of(asymmetry, period);
    }
    int month = CLAMP(since % 100, 1, 12);
    return fisc_date_make(fisc_period_year(since), month, 1);
}

/* Classes -------------------------------------------------------------------------------------- */

static bool
has_opposite(const GPtrArray *list, const FiscAsymmetry *asymmetry)
{
    for (guint i = 0; i < list->len; i++) {
        const FiscAsymmetry *other = list->pdata[i];
        if (other != asymmetry && strcmp(other->pair->from, asymmetry->pair->from) == 0 &&
            strcmp(other->pair->to, asymmetry->pair->to) == 0 &&
            difference_of(other->pair) == -difference_of(asymmetry->pair)) {
            return true;
        }
    }
    return false;
}

static const char *
class_of(const GPtrArray *list, const FiscAsymmetry *asymmetry, FiscPeriod from, FiscPeriod to)
{
    if (is_timing(asymmetry, from, to)) {
        return "timing";
    }
    if (has_opposite(list, asymmetry)) {
        return "classification";
    }
    if (asymmetry->dealing.is_stock && asymmetry->gains == difference_of(asymmetry->pair)) {
        return "valuation";
    }
    bool is_whole = asymmetry->has_side[FISC_SIDE_FROM] && asymmetry->has_side[FISC_SIDE_TO];
    return is_whole ? "unknown" : "coverage";
}

/* All of it --------------------------------------------------------------------------------------
 */

/* The finding that is on record for the pair and a period that touches the one asked about; the
 * last one said prevails. */
static const FiscFact *
find_finding(const GPtrArray *facts, const FiscPair *pair, FiscPeriod from, FiscPeriod to)
{
    for (guint i = facts->len; i > 0; i--) {
        const FiscFact *fact = facts->pdata[i - 1];
        FiscPeriod first, last;
        if (g_str_equal(fisc_fact_field(fact, "from_entity"), pair->from) &&
            g_str_equal(fisc_fact_field(fact, "to_entity"), pair->to) &&
            g_str_equal(fisc_fact_field(fact, "what"), pair->what) &&
            fisc_period_range_parse(fisc_fact_field(fact, "period"), &first, &last) &&
            first <= to && last >= from) {
            return fact;
        }
    }
    return NULL;
}

static const char *
owner_of(const FiscNation *nation, const FiscPair *pair, const FiscFact *finding)
{
    const char *owner = finding != NULL ? fisc_fact_field(finding, "owner") : "";
    return *owner != '\0' ? owner : fisc_pair_owner(nation, pair);
}

const char *
fisc_asymmetry_owner(const FiscNation *nation, const FiscPair *pair, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "asymmetry");
    return owner_of(nation, pair, find_finding(facts, pair, from, to));
}

void
fisc_asymmetry_explain(GPtrArray *list, const FiscNation *nation, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "asymmetry");
    for (guint i = 0; i < list->len; i++) {
        FiscAsymmetry *asymmetry = list->pdata[i];
        const FiscFact *fact = find_finding(facts, asymmetry->pair, from, to);
        asymmetry->class_ =
            fact != NULL ? fisc_fact_field(fact, "class") : class_of(list, asymmetry, from, to);
        asymmetry->owner = g_strdup(owner_of(nation, asymmetry->pair, fact));
        asymmetry->since = standing_since(asymmetry, from, to);
    }
}
