/* money.h: amounts are int64 minor units; at the edges they are decimal strings. Never a float.
 *
 * Sums that may not fit are refused, not wrapped. Signed amounts: debit positive. */
#ifndef FISC_MONEY_H
#define FISC_MONEY_H

#include "fisc/error.h"
#include <stdint.h>

/** Parses "-1234.50" with @mark as decimal mark ('.' or ',') and @group as an optional thousands
 *  separator (0 for none) into minor units of a currency with @decimals decimals.
 *  Returns 0, or the code of the rule that was broken: AMOUNT_INVALID, AMOUNT_DECIMALS,
 *  AMOUNT_OVERFLOW (as int, compare with FISC_ERROR_*); trailing zero decimals are allowed.
 *  @out_amount is untouched on refusal. */
int fisc_amount_parse(const char *text, int decimals, char mark, char group, int64_t *out_amount);

/** "-1234.50". @buffer of FISC_AMOUNT_TEXT bytes. Returns @buffer. */
#define FISC_AMOUNT_TEXT 32
const char *fisc_amount_format(int64_t amount, int decimals, char *buffer);
/** For people: "-1,234.50". Same buffer size. */
const char *fisc_amount_format_grouped(int64_t amount, int decimals, char *buffer);
/** The same for sums, which are 128 bits wide. @buffer of FISC_SUM_TEXT bytes. */
#define FISC_SUM_TEXT 64
const char *fisc_sum_format(__int128 sum, int decimals, char *buffer);
const char *fisc_sum_format_grouped(__int128 sum, int decimals, char *buffer);

/** Adds; false when the sum does not fit (then @out_sum is untouched). */
bool fisc_amount_add(int64_t a, int64_t b, int64_t *out_sum);

/** Splits @total over @count shares in proportion to @weights (all >= 0, sum > 0), half away
 *  from zero per share, the remainder given to the largest share, so the parts equal the whole. */
void fisc_amount_split(int64_t total, const int64_t *weights, int count, int64_t *out_parts);

/** Decimals of an ISO 4217 currency (KRW 0, KWD 3, most 2). NULL or "" is 2. -1: not a code. */
int fisc_currency_decimals(const char *currency);

#endif
