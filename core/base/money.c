/* money.c: amounts in and out of words, sums that say when they do not fit, exact splits.
 *
 * Parsing is strict: an amount that two readers could understand differently is refused, so the
 * thousands separator must stand where thousands are. */
#include "fisc/money.h"
#include <string.h>

/* Where the parts of an amount lie in its text; nothing is converted yet. */
typedef struct {
    bool is_negative;
    const char *whole; /* digits, possibly with group marks */
    gsize whole_length;
    const char *fraction; /* digits only */
    gsize fraction_length;
} AmountParts;

/* "1.234.567": one to three digits, then groups of exactly three. Without a group mark any number
 * of digits; none at all only before a fraction (",50"). */
static bool
is_whole_part(const char *text, gsize length, char group)
{
    gsize run = 0;
    bool is_grouped = false;
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_isdigit(text[i])) {
            run++;
        } else if (group != 0 && text[i] == group) {
            if (run == 0 || run > 3 || (is_grouped && run != 3)) {
                return false;
            }
            is_grouped = true;
            run = 0;
        } else {
            return false;
        }
    }
    return !is_grouped || run == 3;
}

static bool
find_parts(const char *text, char mark, char group, AmountParts *out)
{
    out->is_negative = *text == '-';
    if (*text == '-' || *text == '+') {
        text++;
    }
    const char *at = strchr(text, mark);
    out->whole = text;
    out->whole_length = at != NULL ? (gsize)(at - text) : strlen(text);
    out->fraction = at != NULL ? at + 1 : "";
    out->fraction_length = strlen(out->fraction);
    if (at != NULL && out->fraction_length == 0) {
        return false;
    }
    for (gsize i = 0; i < out->fraction_length; i++) {
        if (!g_ascii_isdigit(out->fraction[i])) {
            return false;
        }
    }
    return out->whole_length + out->fraction_length > 0 &&
           is_whole_part(out->whole, out->whole_length, group);
}

/* Digits are gathered below zero, because INT64_MIN has no positive twin. */
static bool
push_digit(int64_t *negative, int digit)
{
    return !__builtin_mul_overflow(*negative, (int64_t)10, negative) &&
           !__builtin_sub_overflow(*negative, (int64_t)digit, negative);
}

static bool
gather(const AmountParts *parts, int decimals, int64_t *out_amount)
{
    int64_t negative = 0;
    for (gsize i = 0; i < parts->whole_length; i++) {
        char c = parts->whole[i];
        if (g_ascii_isdigit(c) && !push_digit(&negative, c - '0')) {
            return false;
        }
    }
    for (int i = 0; i < decimals; i++) {
        int digit = (gsize)i < parts->fraction_length ? parts->fraction[i] - '0' : 0;
        if (!push_digit(&negative, digit)) {
            return false;
        }
    }
    if (!parts->is_negative && negative == INT64_MIN) {
        return false;
    }
    *out_amount = parts->is_negative ? negative : -negative;
    return true;
}

int
fisc_amount_parse(const char *text, int decimals, char mark, char group, int64_t *out_amount)
{
    g_assert(decimals >= 0 && mark != 0 && mark != group);
    AmountParts parts;
    if (text == NULL || !find_parts(text, mark, group, &parts)) {
        return FISC_ERROR_AMOUNT_INVALID;
    }
    for (gsize i = (gsize)decimals; i < parts.fraction_length; i++) {
        if (parts.fraction[i] != '0') {
            return FISC_ERROR_AMOUNT_DECIMALS;
        }
    }
    return gather(&parts, decimals, out_amount) ? 0 : FISC_ERROR_AMOUNT_OVERFLOW;
}

/* Writes from the last digit to the first, at the end of @buffer, and moves the text to its front.
 */
static const char *
format(__int128 sum, int decimals, bool is_grouped, char *buffer, int size)
{
    unsigned __int128 rest = sum < 0 ? -(unsigned __int128)sum : (unsigned __int128)sum;
    char *end = buffer + size - 1;
    char *at = end;
    *at = '\0';
    for (int digits = 0; digits <= decimals || rest != 0; digits++) {
        if (digits == decimals && decimals > 0) {
            *--at = '.';
        }
        int place = digits - decimals;
        if (is_grouped && place > 0 && place % 3 == 0) {
            *--at = ',';
        }
        *--at = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    if (sum < 0) {
        *--at = '-';
    }
    g_assert(at >= buffer);
    return memmove(buffer, at, (gsize)(end - at) + 1);
}

const char *
fisc_amount_format(int64_t amount, int decimals, char *buffer)
{
    return format(amount, decimals, false, buffer, FISC_AMOUNT_TEXT);
}

const char *
fisc_amount_format_grouped(int64_t amount, int decimals, char *buffer)
{
    return format(amount, decimals, true, buffer, FISC_AMOUNT_TEXT);
}

const char *
fisc_sum_format(__int128 sum, int decimals, char *buffer)
{
    return format(sum, decimals, false, buffer, FISC_SUM_TEXT);
}

const char *
fisc_sum_format_grouped(__int128 sum, int decimals, char *buffer)
{
    return format(sum, decimals, true, buffer, FISC_SUM_TEXT);
}

bool
fisc_amount_add(int64_t a, int64_t b, int64_t *out_sum)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out_sum = sum;
    return true;
}

/* total * weight / sum, half away from zero. Unsigned, because twice the product needs 128 bits. */
static int64_t
share_of(int64_t total, int64_t weight, unsigned __int128 sum)
{
    unsigned __int128 magnitude = total < 0 ? -(unsigned __int128)total : (unsigned __int128)total;
    unsigned __int128 share = (2 * magnitude * (unsigned __int128)weight + sum) / (2 * sum);
    return (int64_t)(total < 0 ? -(__int128)share : (__int128)share);
}

void
fisc_amount_split(int64_t total, const int64_t *weights, int count, int64_t *out_parts)
{
    g_assert(count > 0);
    unsigned __int128 sum = 0;
    int largest = 0;
    for (int i = 0; i < count; i++) {
        g_assert(weights[i] >= 0);
        sum += (unsigned __int128)weights[i];
        largest = weights[i] > weights[largest] ? i : largest;
    }
    g_assert(sum > 0);
    __int128 given = 0;
    for (int i = 0; i < count; i++) {
        out_parts[i] = share_of(total, weights[i], sum);
        given += out_parts[i];
    }
    out_parts[largest] = (int64_t)(out_parts[largest] + (total - given));
}
