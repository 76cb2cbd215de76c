/* profile_round.c: amounts that a publisher shows with more decimals than the currency has.
 *
 * They are refused unless the profile says that a column is rounded: then each is rounded half away
 * from zero, and a remark tells how many were, by how much together, and what the file adds up to
 * before rounding. The control total of such a column is compared with that sum. */
#include "integrations/profile_round.h"
#include "fisc/money.h"
#include <string.h>

#define DIGITS_MAX 30
#define EXPONENT_MAX 30

static __int128
power_of_ten(int exponent)
{
    __int128 power = 1;
    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

/* "e-12" behind the digits; 0 without. */
static bool
cut_exponent(char *text, int *out_exponent)
{
    gint64 exponent = 0;
    char *at = strpbrk(text, "eE");
    if (at == NULL) {
        *out_exponent = 0;
        return true;
    }
    *at = '\0';
    if (!g_ascii_string_to_signed(at[1] == '+' ? at + 2 : at + 1, 10, -EXPONENT_MAX, EXPONENT_MAX,
                                  &exponent, NULL)) {
        return false;
    }
    *out_exponent = (int)exponent;
    return true;
}

/* Cuts the decimals off and returns how many there were, appended to @digits. */
static int
cut_decimals(char *text, char mark, GString *digits)
{
    char *at = strchr(text, mark);
    if (at == NULL) {
        return 0;
    }
    *at = '\0';
    g_string_append(digits, at + 1);
    return (int)strlen(at + 1);
}

/* @digits without a mark, of which @decimals are behind it, as units of 10^-15. */
static int
gather(const GString *digits, int decimals, __int128 *out_fine)
{
    __int128 number = 0;
    for (gsize i = 0; i < digits->len; i++) {
        number = number * 10 + (digits->str[i] - '0');
    }
    int shift = FISC_FINE_DECIMALS - decimals;
    if (shift > DIGITS_MAX || (shift > 0 && number > power_of_ten(37) / power_of_ten(shift))) {
        return FISC_ERROR_AMOUNT_OVERFLOW;
    }
    *out_fine = shift >= 0            ? number * power_of_ten(shift)
                : shift < -DIGITS_MAX ? 0
                                      : number / power_of_ten(-shift);
    return 0;
}

int
fisc_fine_parse(const char *text, char mark, char group, __int128 *out_fine)
{
    int exponent = 0;
    int64_t whole = 0;
    g_autofree char *number = g_strdup(text);
    g_autoptr(GString) fraction = g_string_new(NULL);
    if (!cut_exponent(number, &exponent)) {
        return FISC_ERROR_AMOUNT_INVALID;
    }
    bool is_negative = *number == '-';
    int decimals = cut_decimals(number, mark, fraction);
    bool is_good = strspn(fraction->str, "0123456789") == fraction->len &&
                   (decimals > 0 || strchr(text, mark) == NULL);
    if (!is_good) {
        return FISC_ERROR_AMOUNT_INVALID;
    }
    /* What stands before the mark is read as everywhere, group marks and all; ".5" has none. */
    bool has_whole = decimals == 0 || strpbrk(number, "0123456789") != NULL;
    int broken = has_whole ? fisc_amount_parse(number, 0, mark, group, &whole) : 0;
    if (broken != 0) {
        return broken;
    }
    g_autoptr(GString) digits = g_string_new(NULL);
    g_string_printf(digits, "%" G_GINT64_FORMAT, whole < 0 ? -whole : whole);
    g_string_append_len(digits, fraction->str, (gssize)fraction->len);
    if (digits->len > DIGITS_MAX) {
        return FISC_ERROR_AMOUNT_DECIMALS;
    }
    broken = gather(digits, decimals - exponent, out_fine);
    *out_fine = broken == 0 && is_negative ? -*out_fine : *out_fine;
    return broken;
}

bool
fisc_fine_round(__int128 fine, int decimals, int64_t *out_amount)
{
    __int128 unit = power_of_ten(FISC_FINE_DECIMALS - decimals);
    __int128 half = fine < 0 ? -(unit / 2) : unit / 2;
    __int128 rounded = (fine + half) / unit;
    if (rounded > INT64_MAX || rounded < -INT64_MAX) {
        return false;
    }
    *out_amount = (int64_t)rounded;
    return true;
}

/* ---- the profile ---- */

void
fisc_profile_parse_round(FiscProfileParser *parser, const char *group, FiscProfileColumn *column)
{
    g_autofree char *how = fisc_profile_get(parser, group, column->name);
    column->is_rounded = true;
    if (g_strcmp0(how, "half_away") != 0 || column->amount < 0) {
        fisc_profile_refuse(parser, group, column->name, FISC_ERROR_VALUE_INVALID,
                            column->amount < 0 ? "the column is not in [amounts]"
                                               : "the only way of rounding is half_away");
    }
}

int
fisc_profile_fine_expected(FiscProfileParser *parser, FiscProfileColumn *column, const char *text)
{
    const char *mark = strchr(text, '.');
    int broken = fisc_fine_parse(text, '.', 0, &column->fine_expected);
    column->expected_decimals = mark != NULL ? (int)strlen(mark + 1) : 0;
    if (broken == 0 && column->expected_decimals > FISC_FINE_DECIMALS) {
        return FISC_ERROR_AMOUNT_DECIMALS;
    }
    return broken != 0 ? broken
           : fisc_fine_round(column->fine_expected, parser->profile->decimals, &column->expected)
               ? 0
               : FISC_ERROR_AMOUNT_OVERFLOW;
}

/* ---- rows and sums ---- */

int
fisc_profile_round(FiscProfileRun *run, const FiscProfileColumn *column, const char *text,
                   int64_t *out_amount)
{
    const FiscProfile *profile = run->profile;
    FiscRounding *rounding = &run->rounding[column->amount];
    __int128 fine = 0;
    int64_t amount = 0;
    int broken = fisc_fine_parse(text, profile->decimal_mark, profile->group_mark, &fine);
    if (broken == 0 && !fisc_fine_round(fine, profile->decimals, &amount)) {
        broken = FISC_ERROR_AMOUNT_OVERFLOW;
    }
    if (broken != 0) {
        return broken;
    }
    __int128 unit = power_of_ten(FISC_FINE_DECIMALS - profile->decimals);
    rounding->fine_sum += fine;
    rounding->count += fine % unit != 0 ? 1 : 0;
    *out_amount = amount;
    return 0;
}

/* "11219830.163": as many decimals as there are, the currency's at least. */
static char *
fine_text(__int128 fine, int decimals)
{
    char text[FISC_SUM_TEXT];
    int kept = FISC_FINE_DECIMALS;
    while (kept > decimals && fine % 10 == 0) {
        fine /= 10;
        kept--;
    }
    return g_strdup(fisc_sum_format(fine, kept, text));
}

static void
check_expected(FiscProfileRun *run, const FiscProfileColumn *column, __int128 sum)
{
    __int128 unit = power_of_ten(FISC_FINE_DECIMALS - column->expected_decimals);
    __int128 difference = (column->is_minus ? -sum : sum) - column->fine_expected;
    if (column->has_expected && (2 * difference > unit || 2 * difference < -unit)) {
        g_autofree char *is = fine_text(sum, run->profile->decimals);
        g_autofree char *expected = fine_text(column->fine_expected, run->profile->decimals);
        FiscPlace place = {.file = run->profile->file, .field = column->published};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL,
                           "the column adds up to %s before rounding, the control total is %s", is,
                           expected);
    }
}

void
fisc_profile_tell_rounding(FiscProfileRun *run, const FiscProfileColumn *column)
{
    const FiscRounding *rounding = &run->rounding[column->amount];
    check_expected(run, column, rounding->fine_sum);
    if (rounding->count == 0) {
        return;
    }
    __int128 unit = power_of_ten(FISC_FINE_DECIMALS - run->profile->decimals);
    __int128 posted = run->profile->sums[column->amount] * (column->is_minus ? -1 : 1);
    g_autofree char *published = fine_text(rounding->fine_sum, run->profile->decimals);
    g_autofree char *by = fine_text(posted * unit - rounding->fine_sum, run->profile->decimals);
    fisc_reader_remark(run->reader,
                       "%s: %s: %d amounts have more decimals than the currency and were rounded "
                       "half away from zero, by %s together: the file adds up to %s",
                       run->profile->file, column->published, rounding->count, by, published);
}
