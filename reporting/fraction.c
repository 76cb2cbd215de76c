/* fraction.c: ratios of sums of money, exactly.
 *
 * An indicator of 9.99 % and one of 10.0 % get different marks, so nothing is rounded before it is
 * compared, and no product may wrap: comparing goes by Euclid's algorithm, which only divides. */
#include "reporting/fraction.h"

static __int128
floor_divide(__int128 above, __int128 below)
{
    __int128 quotient = above / below;
    return quotient - (above % below < 0 ? 1 : 0);
}

int
fisc_fraction_compare(FiscFraction a, FiscFraction b)
{
    for (;;) {
        __int128 whole_a = floor_divide(a.above, a.below);
        __int128 whole_b = floor_divide(b.above, b.below);
        if (whole_a != whole_b) {
            return whole_a < whole_b ? -1 : 1;
        }
        __int128 rest_a = a.above - whole_a * a.below;
        __int128 rest_b = b.above - whole_b * b.below;
        if (rest_a == 0 || rest_b == 0) {
            return (rest_a != 0) - (rest_b != 0);
        }
        /* Of two fractions below 1, that is less whose inverse is greater. */
        FiscFraction inverse_of_a = {a.below, rest_a};
        a = (FiscFraction){b.below, rest_b};
        b = inverse_of_a;
    }
}

bool
fisc_fraction_subtract(FiscFraction a, FiscFraction b, FiscFraction *out)
{
    __int128 left, right, above, below;
    if (__builtin_mul_overflow(a.above, b.below, &left) ||
        __builtin_mul_overflow(b.above, a.below, &right) ||
        __builtin_sub_overflow(left, right, &above) ||
        __builtin_mul_overflow(a.below, b.below, &below)) {
        return false;
    }
    *out = (FiscFraction){above, below};
    return true;
}

bool
fisc_fraction_compare_sum(const FiscFraction *parts, int count, FiscFraction limit, int *out_order)
{
    for (int i = 0; i + 1 < count; i++) {
        if (!fisc_fraction_subtract(limit, parts[i], &limit)) {
            return false;
        }
    }
    *out_order = fisc_fraction_compare(parts[count - 1], limit);
    return true;
}

__int128
fisc_fraction_tenths(FiscFraction fraction)
{
    bool is_negative = fraction.above < 0;
    __int128 rest = is_negative ? -fraction.above : fraction.above;
    __int128 tenths = rest / fraction.below;
    rest %= fraction.below;
    for (int digit = 0; digit < 3; digit++) {
        tenths = tenths * 10 + rest * 10 / fraction.below;
        rest = rest * 10 % fraction.below;
    }
    tenths += rest >= fraction.below - rest ? 1 : 0;
    return is_negative ? -tenths : tenths;
}
