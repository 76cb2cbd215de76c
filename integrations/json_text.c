/* json_text.c: see json_text.h. */
#include "integrations/json_text.h"
#include "core/base/depth.h"
#include <string.h>

#define SIDE_DIGITS_MAX 18

/* Behind a text that begins at @at; @length when it does not end. */
static gsize
skip_text(const char *text, gsize length, gsize at)
{
    for (at++; at < length && text[at] != '"'; at++) {
        at += text[at] == '\\';
    }
    return MIN(at + 1, length);
}

static gsize
count_digits(const char *text, gsize length)
{
    gsize count = 0;
    while (count < length && g_ascii_isdigit(text[count])) {
        count++;
    }
    return count;
}

/* Whether @length bytes are a number of JSON: -12.30e+4, without leading zeros. */
static bool
is_number(const char *text, gsize length)
{
    gsize at = length > 0 && text[0] == '-' ? 1 : 0;
    gsize whole = count_digits(text + at, length - at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) {
        return false;
    }
    at += whole;
    if (at < length && text[at] == '.') {
        gsize part = count_digits(text + at + 1, length - at - 1);
        if (part == 0) {
            return false;
        }
        at += 1 + part;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < length && (text[at] == '+' || text[at] == '-');
        gsize part = count_digits(text + at, length - at);
        if (part == 0) {
            return false;
        }
        at += part;
    }
    return at == length;
}

static gsize
number_length(const char *text, gsize length)
{
    gsize count = 0;
    while (count < length && (g_ascii_isdigit(text[count]) ||
                              (text[count] != '\0' && strchr("+-.eE", text[count])))) {
        count++;
    }
    return count;
}

/* NULL: something that begins as a number is none. */
static GString *
quote_numbers(const char *text, gsize length)
{
    GString *out = g_string_sized_new(length + length / 4);
    gsize at = 0;
    while (at < length) {
        gsize end = at + 1;
        bool is_digit = text[at] == '-' || g_ascii_isdigit(text[at]);
        if (is_digit) {
            end = at + number_length(text + at, length - at);
            if (!is_number(text + at, end - at)) {
                g_string_free(out, TRUE);
                return NULL;
            }
            g_string_append_c(out, '"');
        } else if (text[at] == '"') {
            end = skip_text(text, length, at);
        }
        g_string_append_len(out, text + at, (gssize)(end - at));
        if (is_digit) {
            g_string_append_c(out, '"');
        }
        at = end;
    }
    return out;
}

json_t *
fisc_json_read_texts(const char *text, gsize length, char **out_reason)
{
    json_error_t fault = {0};
    if (fisc_json_is_deep(text, length)) {
        *out_reason = g_strdup("it is deeper than any document of ours");
        return NULL;
    }
    GString *quoted = quote_numbers(text, length);
    if (quoted == NULL) {
        *out_reason = g_strdup("something that begins as a number is none");
        return NULL;
    }
    json_t *root = json_loadb(quoted->str, quoted->len, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL) {
        *out_reason = g_strdup_printf("line %d: %s", fault.line, fault.text);
    }
    g_string_free(quoted, TRUE);
    return root;
}

/* ---- where elements lie ---- */

static gsize
skip_blanks(const char *text, gsize length, gsize at)
{
    while (at < length && g_ascii_isspace(text[at])) {
        at++;
    }
    return at;
}

/* Behind the value that begins at @at. */
static gsize
skip_value(const char *text, gsize length, gsize at)
{
    int depth = 0;
    do {
        if (at < length && text[at] == '"') {
            at = skip_text(text, length, at);
        } else if (at < length && strchr("[{", text[at]) != NULL) {
            depth++;
            at++;
        } else if (at < length && strchr("]}", text[at]) != NULL) {
            depth--;
            at++;
        } else if (depth > 0) {
            at++;
        } else {
            while (at < length && strchr(",]} \t\r\n", text[at]) == NULL) {
                at++;
            }
        }
    } while (depth > 0 && at < length);
    return MIN(at, length);
}

/* A name may be written with escapes. */
static bool
is_named(const char *text, gsize length, const char *name)
{
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    bool is_it = g_strcmp0(json_string_value(value), name) == 0;
    json_decref(value);
    return is_it;
}

static GArray *
read_elements(const char *text, gsize length, gsize at)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(FiscJsonSpan));
    at = skip_blanks(text, length, at + 1);
    while (at < length && text[at] != ']') {
        gsize end = skip_value(text, length, at);
        FiscJsonSpan span = {at, end - at};
        g_array_append_val(spans, span);
        at = skip_blanks(text, length, end);
        if (at < length && text[at] == ',') {
            at = skip_blanks(text, length, at + 1);
        }
    }
    return spans;
}

GArray *
fisc_json_elements(const char *text, gsize length, const char *name)
{
    gsize at = skip_blanks(text, length, 0);
    if (at >= length || text[at] != '{') {
        return NULL;
    }
    at = skip_blanks(text, length, at + 1);
    while (at < length && text[at] == '"') {
        gsize end = skip_text(text, length, at);
        bool is_it = is_named(text + at, end - at, name);
        at = skip_blanks(text, length, end);
        at = skip_blanks(text, length, at + 1); /* the colon */
        if (is_it) {
            return at < length && text[at] == '[' ? read_elements(text, length, at) : NULL;
        }
        at = skip_blanks(text, length, skip_value(text, length, at));
        if (at < length && text[at] == ',') {
            at = skip_blanks(text, length, at + 1);
        }
    }
    return NULL;
}

/* ---- decimals ---- */

/* Its digits without the point; *out_point: how many of them stand before it. */
static GString *
take_digits(const char *text, gint64 *out_point)
{
    GString *digits = g_string_new(NULL);
    bool has_point = false;
    const char *at = text;
    *out_point = 0;
    for (; g_ascii_isdigit(*at) || *at == '.'; at++) {
        if (*at == '.') {
            has_point = true;
        } else {
            g_string_append_c(digits, *at);
            *out_point += !has_point;
        }
    }
    if (*at != '\0') {
        *out_point += CLAMP(g_ascii_strtoll(at + 1, NULL, 10), -G_MAXINT, G_MAXINT);
    }
    return digits;
}

/* Without zeros that say nothing. */
static void
trim_digits(GString *digits, gint64 *point)
{
    gsize zeros = strspn(digits->str, "0");
    g_string_erase(digits, 0, (gssize)zeros);
    *point -= (gint64)zeros;
    while (digits->len > 0 && digits->str[digits->len - 1] == '0') {
        g_string_truncate(digits, digits->len - 1);
    }
}

static char *
write_decimal(const GString *digits, gint64 point, bool is_negative)
{
    GString *out = g_string_new(is_negative ? "-" : "");
    for (gint64 i = MIN(point, 0); i < MAX(point, (gint64)digits->len); i++) {
        if (i == point) {
            g_string_append(out, point <= 0 ? "0." : ".");
        }
        g_string_append_c(out, i < 0 || i >= (gint64)digits->len ? '0' : digits->str[i]);
    }
    return g_string_free(out, FALSE);
}

char *
fisc_json_decimal(const char *text)
{
    bool is_negative = *text == '-';
    gint64 point = 0;
    if (!is_number(text, strlen(text))) {
        return NULL;
    }
    g_autoptr(GString) digits = take_digits(text + is_negative, &point);
    trim_digits(digits, &point);
    if (digits->len == 0) {
        return g_strdup("0");
    }
    if (point > SIDE_DIGITS_MAX || (gint64)digits->len - point > SIDE_DIGITS_MAX) {
        return NULL;
    }
    return write_decimal(digits, point, is_negative);
}
