/* lens_translate.c: every amount in one currency.
 *
 * What was there before the period is a stock, at the closing rate of the day before; a flow is at
 * the average rate of its month; a stock at the end is at the closing rate of the last day. What a
 * stock then is more or less than its beginning and its flows is a holding gain of the same
 * account and counterparty, balanced by net worth (GFSM 2014, 10.21; IPSAS 4 calls it translation
 * difference). So closing = opening + transactions + gains + volume changes holds for each of them,
 * and debits equal credits.
 *
 * Amounts are whole minor units. Rounded one by one, the lines of a month would no longer add up to
 * zero: what is missing is put on one line of the unit, the largest that does not name a unit with
 * books of its own, so that two records of one dealing stay alike. A unit is translated by itself:
 * what group it is seen in changes nothing. */
#include "fisc/lens.h"
#include "fisc/money.h"
#include "reporting/fiscal_year.h"
#include "reporting/rates.h"
#include "reporting/translation.h"
#include <string.h>

static bool
is_named(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Which currencies there are ------------------------------------------------------------------- */

typedef struct {
    GHashTable *entities; /* FiscEntity with amounts, of the unit */
    GPtrArray *currencies;
} Currencies;

/* Units that have something to translate, and their currencies in order of registration. */
static void
find_currencies(const FiscNation *nation, const FiscLensQuery *query, const FiscBalances *balances,
                Currencies *out)
{
    g_autoptr(GHashTable) members =
        query->unit != NULL ? fisc_nation_perimeter(nation, query->unit) : NULL;
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    out->entities = g_hash_table_new(NULL, NULL);
    out->currencies = g_ptr_array_new();
    for (guint i = 0; i < balances->rows->len; i++) {
        g_hash_table_add(codes,
                         (void *)g_array_index(balances->rows, FiscBalance, i).coding->entity);
    }
    for (guint i = 0; i < nation->entities->len; i++) {
        FiscEntity *entity = nation->entities->pdata[i];
        if (!g_hash_table_contains(codes, entity->code) ||
            (members != NULL && !g_hash_table_contains(members, entity->code))) {
            continue;
        }
        g_hash_table_add(out->entities, entity);
        if (is_named(entity->currency) &&
            !g_ptr_array_find_with_equal_func(out->currencies, entity->currency, g_str_equal,
                                              NULL)) {
            g_ptr_array_add(out->currencies, entity->currency);
        }
    }
}

static void
currencies_clear(Currencies *currencies)
{
    g_clear_pointer(&currencies->entities, g_hash_table_unref);
    g_clear_pointer(&currencies->currencies, g_ptr_array_unref);
}

/* One currency is none to choose from: nothing is asked for and nothing is done. */
static bool
check_choice(const FiscLensQuery *query, const Currencies *found, GError **error)
{
    if (query->currency != NULL && fisc_currency_decimals(query->currency) < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--currency \"%s\" is no ISO 4217 code",
                         query->currency);
    }
    if (query->currency != NULL || found->currencies->len < 2) {
        return true;
    }
    g_ptr_array_add(found->currencies, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)found->currencies->pdata);
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "the units of %s keep their books in several currencies (%s): say in which "
                     "one the report is to be, with --currency",
                     query->unit != NULL ? query->unit : "the report", list);
}

static bool
check_named(const FiscNation *nation, const Currencies *found, GError **error)
{
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        if (g_hash_table_contains(found->entities, entity) && !is_named(entity->currency)) {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "the currency of %s is not on record (entities.csv, currency): its "
                             "amounts cannot be translated",
                             entity->code);
        }
    }
    return true;
}

/* Doing it ------------------------------------------------------------------------------------- */

static void
translate_memoranda(const FiscNation *nation, const FiscEntity *entity, int year, FiscFraction rate)
{
    for (guint i = 0; i < nation->memoranda->len; i++) {
        FiscMemorandum *memorandum = nation->memoranda->pdata[i];
        __int128 amount;
        if (memorandum->year == year && g_str_equal(memorandum->unit, entity->code) &&
            fisc_rate_apply(rate, memorandum->amount, &amount)) {
            memorandum->amount = (int64_t)amount;
        }
    }
}

static char *
rate_words(const FiscEntity *entity, const FiscTranslation *done, const char *into)
{
    char gains[FISC_SUM_TEXT], rounded[FISC_SUM_TEXT], day[FISC_DATE_TEXT];
    int decimals = fisc_currency_decimals(into);
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append_printf(words,
                           "Currency: %s from %s to %s, stocks at the rate of %s, flows at "
                           "average rates; change of rates, as holding gains: %s",
                           entity->code, entity->currency, into,
                           fisc_date_format(done->closing_day, day),
                           fisc_sum_format_grouped(done->gains, decimals, gains));
    if (done->roundings > 0) {
        g_string_append_printf(words, "; %d rounding%s placed, %s in all", done->roundings,
                               done->roundings == 1 ? "" : "s",
                               fisc_sum_format_grouped(done->rounded, decimals, rounded));
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

/* Takes the rows of units that change their currency out of the balances: code -> GArray. */
static GHashTable *
take_rows(const FiscNation *nation, const FiscLensQuery *query, const Currencies *found,
          FiscBalances *balances)
{
    GHashTable *taken =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    guint kept = 0;
    for (guint i = 0; i < balances->rows->len; i++) {
        FiscBalance row = g_array_index(balances->rows, FiscBalance, i);
        FiscEntity *entity = (FiscEntity *)fisc_nation_entity(nation, row.coding->entity);
        if (!g_hash_table_contains(found->entities, entity) ||
            g_str_equal(entity->currency, query->currency)) {
            g_array_index(balances->rows, FiscBalance, kept++) = row;
            continue;
        }
        GArray *rows = g_hash_table_lookup(taken, entity->code);
        if (rows == NULL) {
            rows = g_array_new(FALSE, FALSE, sizeof(FiscBalance));
            g_hash_table_insert(taken, entity->code, rows);
        }
        g_array_append_val(rows, row);
    }
    g_array_set_size(balances->rows, kept);
    return taken;
}

static bool
translate_entity(FiscNation *nation, const FiscLensQuery *query, FiscEntity *entity,
                 const GArray *rows, FiscRates *rates, FiscBalances *balances, GPtrArray *notes,
                 GError **error)
{
    FiscTranslation done = {.nation = nation,
                            .balances = balances,
                            .rates = rates,
                            .entity = entity->code,
                            .currency = entity->currency,
                            .from = query->from,
                            .to = query->to,
                            .shift = fisc_fiscal_year_shift(nation, query, entity->code)};
    if (!fisc_translation_run(&done, rows, error)) {
        return false;
    }
    translate_memoranda(nation, entity, fisc_period_year(query->to), done.closing);
    g_ptr_array_add(notes, rate_words(entity, &done, query->currency));
    return true;
}

/* What is opened was there the day before its month. */
static FiscFraction
rate_of_line(FiscRates *rates, const char *currency, const FiscPostedLine *line)
{
    if (line->coding.flow != FISC_FLOW_OPENING) {
        return fisc_rates_average(rates, currency, line->period);
    }
    FiscPeriod month = line->period % 100 == 0 ? line->period + 1 : line->period;
    return fisc_rates_closing(rates, currency, fisc_rates_last_day(fisc_period_shift(month, -1)));
}

/* Lines are shown one by one: nothing has to add up. */
static bool
translate_lines(const FiscNation *nation, const FiscLensQuery *query, const Currencies *found,
                FiscRates *rates, FiscPostedLines *lines, GError **error)
{
    for (guint i = 0; lines != NULL && i < lines->rows->len; i++) {
        FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        FiscEntity *entity = (FiscEntity *)fisc_nation_entity(nation, line->coding.entity);
        if (!g_hash_table_contains(found->entities, entity) ||
            g_str_equal(entity->currency, query->currency)) {
            continue;
        }
        __int128 amount;
        FiscFraction rate = rate_of_line(rates, entity->currency, line);
        if (!fisc_rate_apply(rate, line->amount, &amount) || amount > G_MAXINT64 ||
            amount < -G_MAXINT64) {
            return fisc_fail(error, FISC_ERROR_AMOUNT_OVERFLOW,
                             "an amount of %s does not fit when translated", entity->code);
        }
        line->amount = (int64_t)amount;
    }
    return true;
}

static void
rename_currency(FiscNation *nation, const Currencies *found, const char *currency)
{
    for (guint i = 0; i < nation->entities->len; i++) {
        FiscEntity *entity = nation->entities->pdata[i];
        if (g_hash_table_contains(found->entities, entity)) {
            g_free(entity->currency);
            entity->currency = g_strdup(currency);
            entity->decimals = fisc_currency_decimals(currency);
        }
    }
}

static bool
translate_all(FiscNation *nation, const FiscLensQuery *query, const Currencies *found,
              FiscBalances *balances, FiscPostedLines *lines, GPtrArray *notes, GError **error)
{
    g_autoptr(FiscRates) rates = fisc_rates_new(nation, query->currency);
    g_autoptr(GHashTable) taken = take_rows(nation, query, found, balances);
    for (guint i = 0; i < nation->entities->len; i++) {
        FiscEntity *entity = nation->entities->pdata[i];
        const GArray *rows = g_hash_table_lookup(taken, entity->code);
        if (rows != NULL &&
            !translate_entity(nation, query, entity, rows, rates, balances, notes, error)) {
            return false;
        }
    }
    if (!translate_lines(nation, query, found, rates, lines, error) ||
        !fisc_rates_check(rates, error)) {
        return false;
    }
    rename_currency(nation, found, query->currency);
    return true;
}

bool
fisc_lens_translate(FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                    FiscPostedLines *lines, GPtrArray *notes, GError **error)
{
    Currencies found;
    find_currencies(nation, query, balances, &found);
    bool is_good = check_choice(query, &found, error);
    if (is_good && query->currency != NULL) {
        is_good = check_named(nation, &found, error) &&
                  translate_all(nation, query, &found, balances, lines, notes, error);
    }
    currencies_clear(&found);
    return is_good;
}
