/* fraction.h: ratios of sums, compared and shown without losing anything. */
#ifndef FISC_FRACTION_H
#define FISC_FRACTION_H

#include <stdbool.h>

typedef struct {
    __int128 above, below; /* below > 0 */
} FiscFraction;

/** Less than, equal to or greater than 0, as @a is to @b. Exact, whatever fits into a fraction. */
int fisc_fraction_compare(FiscFraction a, FiscFraction b);
/** Subtracts; false when the result does not fit, and then @out is untouched. */
bool fisc_fraction_subtract(FiscFraction a, FiscFraction b, FiscFraction *out);
/** The sum of @count > 0 fractions compared with @limit, in @out_order; false when it does not fit.
 */
bool
fisc_fraction_compare_sum(const FiscFraction *parts, int count, FiscFraction limit, int *out_order);
/** In tenths of a percent, half away from zero: 1060/1000 is 1060. */
__int128 fisc_fraction_tenths(FiscFraction fraction);

#endif
