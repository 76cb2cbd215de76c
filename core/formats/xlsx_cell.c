/* xlsx_cell.c: the words of cells: column letters, numbers, days.
 *
 * A spreadsheet computes in binary floating point and stores what it has with up to 17 digits:
 * "1234.5599999999999" is what a person typed as 1234.56. This is the one place where fisc reads
 * such a number as a float: to find the shortest decimal that means the same. What comes out is
 * text, and from there on money is whole minor units as everywhere. */
#include "core/formats/xlsx_cell.h"
#include "fisc/xlsx.h"
#include <stdio.h>
#include <string.h>

const char *
fisc_xlsx_letters(int column, char *buffer)
{
    char letters[FISC_XLSX_LETTERS];
    int count = 0;
    for (int rest = column + 1; rest > 0 && count < FISC_XLSX_LETTERS - 1; rest = (rest - 1) / 26) {
        letters[count++] = (char)('A' + (rest - 1) % 26);
    }
    for (int i = 0; i < count; i++) {
        buffer[i] = letters[count - 1 - i];
    }
    buffer[count] = '\0';
    return buffer;
}

bool
fisc_xlsx_place(const char *text, int *out_column, int *out_row)
{
    int column = 0;
    int row = 0;
    for (; g_ascii_isupper(*text); text++) {
        column = column * 26 + (*text - 'A' + 1);
        if (column > FISC_XLSX_COLUMNS_MAX) {
            return false;
        }
    }
    for (; g_ascii_isdigit(*text); text++) {
        row = row * 10 + (*text - '0');
        if (row > FISC_XLSX_ROWS_MAX) {
            return false;
        }
    }
    if (*text != '\0' || column == 0 || row == 0) {
        return false;
    }
    *out_column = column - 1;
    *out_row = row;
    return true;
}

/* ---- numbers ---- */

#define DIGITS_MAX 40
/* What a spreadsheet keeps of a number that was typed. */
#define TYPED_DIGITS 15
/* What it takes to store any number it has computed. */
#define STORED_DIGITS 17

/* A decimal number: 0.DIGITS times ten to the @point; "1234.5" is 12345 with point 4. */
typedef struct {
    bool is_negative;
    char digits[DIGITS_MAX + 1]; /* without zeros at either end; "" is zero */
    int count;
    int point;
} Decimal;

static void
trim_zeros(Decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
        decimal->digits[--decimal->count] = '\0';
    }
    if (decimal->count == 0) {
        decimal->point = 0;
        decimal->is_negative = false;
    }
}

/* The digits before and behind the decimal point; false when there are none or too many. */
static bool
read_digits(const char **text, Decimal *decimal)
{
    bool has_digit = false;
    bool is_behind_point = false;
    for (; g_ascii_isdigit(**text) || (**text == '.' && !is_behind_point); (*text)++) {
        if (**text == '.') {
            is_behind_point = true;
            continue;
        }
        has_digit = true;
        if (decimal->count == 0 && **text == '0') {
            decimal->point -= is_behind_point ? 1 : 0;
            continue;
        }
        if (decimal->count == DIGITS_MAX) {
            return false;
        }
        decimal->digits[decimal->count++] = **text;
        decimal->point += is_behind_point ? 0 : 1;
    }
    return has_digit;
}

static bool
read_exponent(const char **text, Decimal *decimal)
{
    if (**text != 'e' && **text != 'E') {
        return true;
    }
    (*text)++;
    bool is_negative = **text == '-';
    *text += **text == '-' || **text == '+' ? 1 : 0;
    int exponent = 0;
    int count = 0;
    for (; g_ascii_isdigit(**text) && count < 4; (*text)++, count++) {
        exponent = exponent * 10 + (**text - '0');
    }
    decimal->point += is_negative ? -exponent : exponent;
    return count > 0;
}

static bool
read_decimal(const char *text, Decimal *out_decimal)
{
    Decimal decimal = {.is_negative = *text == '-'};
    text += *text == '-' || *text == '+' ? 1 : 0;
    if (!read_digits(&text, &decimal) || !read_exponent(&text, &decimal) || *text != '\0') {
        return false;
    }
    decimal.digits[decimal.count] = '\0';
    trim_zeros(&decimal);
    *out_decimal = decimal;
    return true;
}

/* Plain decimal text; NULL when it would be unreasonably long. */
static char *
write_decimal(const Decimal *decimal)
{
    if (decimal->point > DIGITS_MAX || decimal->point < -DIGITS_MAX) {
        return NULL;
    }
    GString *text = g_string_new(decimal->is_negative ? "-" : "");
    for (int i = 0; i < MAX(decimal->point, 1); i++) {
        bool has_digit = decimal->point > 0 && i < decimal->count;
        g_string_append_c(text, has_digit ? decimal->digits[i] : '0');
    }
    if (decimal->count > decimal->point && decimal->count > 0) {
        g_string_append_c(text, '.');
        for (int i = MIN(decimal->point, 0); i < 0; i++) {
            g_string_append_c(text, '0');
        }
        g_string_append(text, decimal->digits + MAX(decimal->point, 0));
    }
    return g_string_free(text, FALSE);
}

/* What was typed, when 16 or 17 digits are only how binary says 15 or fewer. Not where numbers are
 * so large that cents run together: there the digits stay, and an amount is refused for them. */
static void
take_noise_away(const char *stored, Decimal *decimal)
{
    if (decimal->count <= TYPED_DIGITS || decimal->count > STORED_DIGITS || decimal->point > 12) {
        return;
    }
    double value = g_ascii_strtod(stored, NULL);
    char text[64];
    Decimal typed;
    snprintf(text, sizeof(text), "%.*e", TYPED_DIGITS - 1, value);
    if (g_ascii_strtod(text, NULL) == value && read_decimal(text, &typed)) {
        *decimal = typed;
    }
}

char *
fisc_xlsx_number(const char *stored)
{
    Decimal decimal;
    if (!read_decimal(stored, &decimal)) {
        return NULL;
    }
    take_noise_away(stored, &decimal);
    return write_decimal(&decimal);
}

bool
fisc_xlsx_is_exact(const char *decimal)
{
    Decimal wanted, stored;
    char text[64];
    if (!read_decimal(decimal, &wanted) || wanted.count > TYPED_DIGITS) {
        return false;
    }
    /* The library stores a number with these 16 digits. */
    snprintf(text, sizeof(text), "%.16G", g_ascii_strtod(decimal, NULL));
    return read_decimal(text, &stored) && stored.is_negative == wanted.is_negative &&
           stored.point == wanted.point && strcmp(stored.digits, wanted.digits) == 0;
}

/* ---- days ---- */

#define SECONDS_OF_DAY 86400
#define LAST_DAY 2958465 /* 9999-12-31 */
#define DAYS_TO_1904 1462

/* The fraction of a day as seconds, rounded, from its digits. */
static int
seconds_of(const char *fraction)
{
    int64_t billionths = 0;
    for (int i = 0; i < 9; i++) {
        billionths = billionths * 10 + (*fraction != '\0' ? *fraction++ - '0' : 0);
    }
    return (int)((billionths * SECONDS_OF_DAY + 500000000) / 1000000000);
}

/* Day 1 is 1900-01-01, and day 60 the 29th of February of a year that was no leap year: a mistake
 * that every spreadsheet repeats. */
static char *
day_text(int day, int seconds)
{
    GDate date;
    char time[16] = "";
    if (seconds > 0) {
        snprintf(time, sizeof(time), "T%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
    }
    if (day == 60) {
        return g_strdup_printf("1900-02-29%s", time);
    }
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, day < 60 ? 31 : 30, G_DATE_DECEMBER, 1899);
    g_date_add_days(&date, (guint)day);
    return g_strdup_printf("%04d-%02d-%02d%s", g_date_get_year(&date), g_date_get_month(&date),
                           g_date_get_day(&date), time);
}

char *
fisc_xlsx_day(const char *serial, bool is_1904)
{
    gsize digits = strspn(serial, "0123456789");
    if (digits == 0 || digits > 7 || (serial[digits] != '\0' && serial[digits] != '.')) {
        return NULL;
    }
    int day = (int)g_ascii_strtoll(serial, NULL, 10) + (is_1904 ? DAYS_TO_1904 : 0);
    int seconds = serial[digits] == '.' ? seconds_of(serial + digits + 1) : 0;
    if (seconds == SECONDS_OF_DAY) {
        day++;
        seconds = 0;
    }
    return day >= 1 && day <= LAST_DAY ? day_text(day, seconds) : NULL;
}

/* The next letter of a format code that is neither quoted nor escaped nor in brackets; 0 at the end
 * of its first section. */
static char
next_letter(const char **code)
{
    for (const char *cursor = *code; *cursor != '\0' && *cursor != ';'; cursor++) {
        const char *end = NULL;
        if (*cursor == '"' || *cursor == '[') {
            end = strchr(cursor + 1, *cursor == '"' ? '"' : ']');
            cursor = end != NULL ? end : cursor;
        } else if (*cursor == '\\' || *cursor == '_' || *cursor == '*') {
            cursor += cursor[1] != '\0' ? 1 : 0;
        } else if (g_ascii_isalpha(*cursor)) {
            *code = cursor + 1;
            return g_ascii_tolower(*cursor);
        }
    }
    return '\0';
}

static bool
is_day_code(const char *code)
{
    bool has_day = false;
    bool has_month = false;
    bool has_time = false;
    if (g_ascii_strcasecmp(code, "general") == 0) {
        return false;
    }
    for (char letter = next_letter(&code); letter != '\0'; letter = next_letter(&code)) {
        has_day = has_day || letter == 'd' || letter == 'y';
        has_month = has_month || letter == 'm';
        has_time = has_time || letter == 'h' || letter == 's';
    }
    return has_day || (has_month && !has_time); /* "mm:ss" are minutes */
}

bool
fisc_xlsx_is_day_format(int id, const char *code)
{
    if (code != NULL) {
        return is_day_code(code);
    }
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) ||
           (id >= 50 && id <= 58);
}

/* ---- text ---- */

#define ESCAPE_BYTES 7

/* The character that "_x000D_" at the beginning of @text stands for; 0 when it is no escape. */
static gunichar
escaped_character(const char *text)
{
    gunichar character = 0;
    if (text[0] != '_' || text[1] != 'x' || strnlen(text, ESCAPE_BYTES) < ESCAPE_BYTES ||
        text[ESCAPE_BYTES - 1] != '_') {
        return 0;
    }
    for (int i = 2; i < ESCAPE_BYTES - 1; i++) {
        if (!g_ascii_isxdigit(text[i])) {
            return 0;
        }
        character = character * 16 + (gunichar)g_ascii_xdigit_value(text[i]);
    }
    return g_unichar_validate(character) ? character : 0;
}

void
fisc_xlsx_unescape(char *text)
{
    char *out = text;
    while (*text != '\0') {
        gunichar character = escaped_character(text);
        if (character != 0) {
            out += g_unichar_to_utf8(character, out); /* three bytes at most, for seven */
            text += ESCAPE_BYTES;
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
}

char *
fisc_xlsx_escape(const char *text)
{
    GString *escaped = g_string_new(NULL);
    for (; *text != '\0'; text++) {
        g_string_append(escaped, escaped_character(text) != 0 ? "_x005F" : "");
        g_string_append_c(escaped, *text);
    }
    return g_string_free(escaped, FALSE);
}
