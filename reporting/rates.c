/* rates.c: rates on record as fractions, found directly, the other way round, or by way of a third
 * currency. */
#include "reporting/rates.h"
#include "fisc/money.h"
#include <string.h>

#define MISSING_TOLD_MAX 20

static const char closing[] = "closing";
static const char month_average[] = "average";
static const char year_average[] = "year-average";

struct _FiscRates {
    const FiscNation *nation;
    const char *into;
    GHashTable *by_subject; /* "USD/KRW/2024-12-31/closing" -> const FiscFact */
    GHashTable *found;      /* "USD/2024-12-31/closing" -> FiscFraction */
    GPtrArray *missing;     /* of char *: each once */
};

FiscRates *
fisc_rates_new(const FiscNation *nation, const char *into)
{
    FiscRates *rates = g_new0(FiscRates, 1);
    rates->nation = nation;
    rates->into = into;
    rates->by_subject = g_hash_table_new(g_str_hash, g_str_equal);
    rates->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    rates->missing = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "rate");
    for (guint i = 0; i < facts->len; i++) {
        FiscFact *fact = facts->pdata[i];
        g_hash_table_insert(rates->by_subject, fact->subject, fact);
    }
    return rates;
}

void
fisc_rates_free(FiscRates *rates)
{
    if (rates == NULL) {
        return;
    }
    g_hash_table_unref(rates->by_subject);
    g_hash_table_unref(rates->found);
    g_ptr_array_unref(rates->missing);
    g_free(rates);
}

/* Arithmetic ----------------------------------------------------------------------------------- */

static __int128
divisor_of(__int128 a, __int128 b)
{
    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static FiscFraction
reduced(FiscFraction fraction)
{
    __int128 divisor = divisor_of(fraction.above, fraction.below);
    return (FiscFraction){fraction.above / divisor, fraction.below / divisor};
}

static bool
multiply(FiscFraction a, FiscFraction b, FiscFraction *out)
{
    /* Crosswise first, so that the product is as small as it can be. */
    FiscFraction left = reduced((FiscFraction){a.above, b.below});
    FiscFraction right = reduced((FiscFraction){b.above, a.below});
    return !__builtin_mul_overflow(left.above, right.above, &out->above) &&
           !__builtin_mul_overflow(left.below, right.below, &out->below);
}

/* "1300.5" is 2601/2. Its form was checked when it came on record. */
static FiscFraction
parse_rate(const char *text)
{
    FiscFraction rate = {0, 1};
    bool is_behind_point = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '.') {
            is_behind_point = true;
            continue;
        }
        rate.above = rate.above * 10 + (*at - '0');
        rate.below *= is_behind_point ? 10 : 1;
    }
    return reduced(rate);
}

bool
fisc_rate_apply(FiscFraction rate, __int128 amount, __int128 *out_amount)
{
    __int128 product, doubled, raised;
    bool is_negative = amount < 0;
    if (__builtin_mul_overflow(is_negative ? -amount : amount, rate.above, &product) ||
        __builtin_mul_overflow(product, (__int128)2, &doubled) ||
        __builtin_add_overflow(doubled, rate.below, &raised)) {
        return false;
    }
    __int128 rounded = raised / (2 * rate.below);
    *out_amount = is_negative ? -rounded : rounded;
    return true;
}

/* Looking up ----------------------------------------------------------------------------------- */

static const FiscFact *
find_fact(const FiscRates *rates, const char *currency, const char *per, const char *day,
          const char *kind)
{
    g_autofree char *subject = g_strjoin("/", currency, per, day, kind, NULL);
    return g_hash_table_lookup(rates->by_subject, subject);
}

static bool
find_leg(const FiscRates *rates, const char *from, const char *into, const char *day,
         const char *kind, FiscFraction *out_rate)
{
    const FiscFact *fact = find_fact(rates, from, into, day, kind);
    if (fact != NULL) {
        *out_rate = parse_rate(fisc_fact_field(fact, "rate"));
        return true;
    }
    fact = find_fact(rates, into, from, day, kind);
    if (fact == NULL) {
        return false;
    }
    FiscFraction inverse = parse_rate(fisc_fact_field(fact, "rate"));
    *out_rate = (FiscFraction){inverse.below, inverse.above};
    return true;
}

/* Both against a third currency; the first on record wins, so that every run uses the same. */
static bool
find_way(const FiscRates *rates, const char *from, const char *day, const char *kind,
         FiscFraction *out_rate)
{
    if (find_leg(rates, from, rates->into, day, kind, out_rate)) {
        return true;
    }
    g_autoptr(GPtrArray) facts = fisc_nation_facts(rates->nation, "rate");
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        const char *currency = fisc_fact_field(fact, "currency");
        const char *per = fisc_fact_field(fact, "per");
        const char *third = g_str_equal(currency, from) ? per : currency;
        FiscFraction first, second;
        if ((third == per || g_str_equal(per, from)) &&
            find_leg(rates, from, third, day, kind, &first) &&
            find_leg(rates, third, rates->into, day, kind, &second) &&
            multiply(first, second, out_rate)) {
            return true;
        }
    }
    return false;
}

/* From minor units to minor units: 1 USD = 1300 KRW is 100 cents = 1300 won. */
static bool
scale(const FiscRates *rates, const char *currency, FiscFraction rate, FiscFraction *out_rate)
{
    FiscFraction decimals = {1, 1};
    for (int i = fisc_currency_decimals(rates->into); i > 0; i--) {
        decimals.above *= 10;
    }
    for (int i = fisc_currency_decimals(currency); i > 0; i--) {
        decimals.below *= 10;
    }
    return multiply(rate, decimals, out_rate);
}

static bool
find_rate(FiscRates *rates, const char *currency, FiscDate date, const char *kind,
          FiscFraction *out_rate)
{
    char day[FISC_DATE_TEXT];
    fisc_date_format(date, day);
    g_autofree char *key = g_strjoin("/", currency, day, kind, NULL);
    const FiscFraction *known = g_hash_table_lookup(rates->found, key);
    FiscFraction rate;
    if (known != NULL) {
        *out_rate = *known;
        return true;
    }
    if (!find_way(rates, currency, day, kind, &rate) || !scale(rates, currency, rate, out_rate)) {
        return false;
    }
    g_hash_table_insert(rates->found, g_steal_pointer(&key), g_memdup2(out_rate, sizeof *out_rate));
    return true;
}

static FiscFraction
tell_missing(FiscRates *rates, const char *currency, FiscDate date, const char *kind)
{
    char day[FISC_DATE_TEXT];
    char *words = g_strdup_printf("%s per %s, %s, %s", currency, rates->into,
                                  fisc_date_format(date, day), kind);
    if (g_ptr_array_find_with_equal_func(rates->missing, words, g_str_equal, NULL)) {
        g_free(words);
    } else {
        g_ptr_array_add(rates->missing, words);
    }
    return (FiscFraction){1, 1};
}

FiscDate
fisc_rates_last_day(FiscPeriod period)
{
    int month = period % 100;
    int year = fisc_period_year(period);
    bool is_december = month == 0 || month >= 12;
    return is_december ? fisc_date_make(year, 12, 31) : fisc_date_make(year, month + 1, 1) - 1;
}

FiscFraction
fisc_rates_closing(FiscRates *rates, const char *currency, FiscDate day)
{
    FiscFraction rate;
    return find_rate(rates, currency, day, closing, &rate)
               ? rate
               : tell_missing(rates, currency, day, closing);
}

bool
fisc_rates_year(FiscRates *rates, const char *currency, int year, FiscFraction *out_rate)
{
    return find_rate(rates, currency, fisc_date_make(year, 12, 31), year_average, out_rate);
}

FiscFraction
fisc_rates_average(FiscRates *rates, const char *currency, FiscPeriod period)
{
    int year = fisc_period_year(period);
    FiscDate day = fisc_rates_last_day(period % 100 == 0 ? period + 1 : period);
    FiscFraction rate;
    if (find_rate(rates, currency, day, month_average, &rate) ||
        fisc_rates_year(rates, currency, year, &rate)) {
        return rate;
    }
    return tell_missing(rates, currency, day, month_average);
}

bool
fisc_rates_check(const FiscRates *rates, GError **error)
{
    guint count = rates->missing->len;
    if (count == 0) {
        return true;
    }
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < MIN(count, MISSING_TOLD_MAX); i++) {
        g_string_append_printf(list, "%s%s", i > 0 ? "; " : "",
                               (const char *)rates->missing->pdata[i]);
    }
    if (count > MISSING_TOLD_MAX) {
        g_string_append_printf(list, "; and %u more", count - MISSING_TOLD_MAX);
    }
    return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no rate is on record for %s (rates.csv)",
                     list->str);
}
