/* plan_value.c: values in the texts of a version: each kind is read strictly and written in one
 * way. Pure. What the values mean together is left to who reads a whole row. */
#include "budget/plan_value.h"
#include "fisc/entry.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

#define TAGS_MAX 50

static bool
refuse(const FiscValuePlace *place, FiscError code, const char *text, const char *why)
{
    fisc_refusals_add(place->refusals, code, place->file, place->row, place->column,
                      "\"%.200s\" %s", text, why);
    return false;
}

static bool
has_control_character(const char *text, const char *allowed)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_iscntrl(c) && (c > 127 || strchr(allowed, (int)c) == NULL)) {
            return true;
        }
    }
    return false;
}

/* Text ------------------------------------------------------------------------------------------
 */

static bool
check_text(const FiscValueRule *rule, const FiscValuePlace *place, const char *text,
           const char *controls_allowed)
{
    gsize limit = rule->bytes_max > 0 ? rule->bytes_max : FISC_CODE_MAX;
    if (strlen(text) > limit) {
        g_autofree char *why =
            g_strdup_printf("... is longer than %" G_GSIZE_FORMAT " bytes", limit);
        return refuse(place, FISC_ERROR_VALUE_INVALID, text, why);
    }
    if (has_control_character(text, controls_allowed)) {
        g_autofree char *shown = g_strescape(text, NULL);
        return refuse(place, FISC_ERROR_VALUE_INVALID, shown, "has control characters");
    }
    return true;
}

static bool
read_code(const FiscValueRule *rule, const FiscValuePlace *place, const char *text, GString *out)
{
    g_string_append(out, text);
    return check_text(rule, place, text, "");
}

/* Spreadsheets end lines inside a cell as their machine does: that is no change of content. */
static bool
read_text(const FiscValueRule *rule, const FiscValuePlace *place, const char *text, GString *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '\r') {
            g_string_append_c(out, *at);
        } else if (at[1] != '\n') {
            g_string_append_c(out, '\n');
        }
    }
    return check_text(rule, place, out->str, "\n\t");
}

static bool
read_word(const FiscValueRule *rule, const FiscValuePlace *place, const char *text, GString *out)
{
    g_string_append(out, text);
    if (g_strv_contains(rule->words, text)) {
        return true;
    }
    g_autofree char *known = g_strjoinv(" or ", (char **)rule->words);
    g_autofree char *why = g_strdup_printf("is not %s", known);
    return refuse(place, FISC_ERROR_VALUE_INVALID, text, why);
}

/* Numbers ---------------------------------------------------------------------------------------
 */

static bool
parse(const FiscValuePlace *place, const char *text, int decimals, bool may_be_negative,
      int64_t *out_amount)
{
    int64_t amount = 0;
    int broken = fisc_amount_parse(text, decimals, '.', 0, &amount);
    if (broken == FISC_ERROR_AMOUNT_DECIMALS) {
        g_autofree char *why = g_strdup_printf("has more than %d decimals", decimals);
        return refuse(place, FISC_ERROR_AMOUNT_DECIMALS, text, why);
    }
    if (broken != 0) {
        return refuse(place, (FiscError)broken, text,
                      broken == FISC_ERROR_AMOUNT_OVERFLOW ? "is too large"
                                                           : "is not a number like 1234.50");
    }
    if (amount < 0 && !may_be_negative) {
        return refuse(place, FISC_ERROR_AMOUNT_INVALID, text, "is negative");
    }
    *out_amount = amount;
    return true;
}

bool
fisc_value_read_amount(const FiscValuePlace *place, const char *text, int64_t *out_amount)
{
    return parse(place, text, place->decimals, false, out_amount);
}

static bool
read_amount(const FiscValuePlace *place, const char *text, GString *out)
{
    char buffer[FISC_AMOUNT_TEXT];
    int64_t amount = 0;
    if (!fisc_value_read_amount(place, text, &amount)) {
        return false;
    }
    g_string_append(out, fisc_amount_format(amount, place->decimals, buffer));
    return true;
}

/* Without the zeros that say nothing: "12.500000" is "12.5". */
static bool
read_number(const FiscValueRule *rule, const FiscValuePlace *place, const char *text, GString *out)
{
    char buffer[FISC_AMOUNT_TEXT];
    int64_t number = 0;
    if (!parse(place, text, FISC_PLAN_NUMBER_DECIMALS, rule->kind == FISC_VALUE_SIGNED, &number)) {
        return false;
    }
    fisc_amount_format(number, FISC_PLAN_NUMBER_DECIMALS, buffer);
    gsize length = strlen(buffer);
    while (buffer[length - 1] == '0') {
        length--;
    }
    length -= buffer[length - 1] == '.' ? 1 : 0;
    g_string_append_len(out, buffer, (gssize)length);
    return true;
}

int64_t
fisc_value_millionths(const char *text)
{
    int64_t number = 0;
    int broken =
        *text == '\0' ? 0 : fisc_amount_parse(text, FISC_PLAN_NUMBER_DECIMALS, '.', 0, &number);
    g_assert(broken == 0); /* it was read with fisc_value_read() */
    return number;
}

/* Days ------------------------------------------------------------------------------------------
 */

static bool
read_year(const FiscValuePlace *place, const char *text, GString *out)
{
    bool is_year = strlen(text) == 4 && strspn(text, "0123456789") == 4 && atoi(text) >= 1900 &&
                   atoi(text) <= 2199;
    g_string_append(out, text);
    return is_year || refuse(place, FISC_ERROR_VALUE_INVALID, text, "is not a year like 2024");
}

static bool
read_date(const FiscValuePlace *place, const char *text, GString *out)
{
    FiscDate date = 0;
    char buffer[FISC_DATE_TEXT];
    if (!fisc_date_parse(text, &date)) {
        return refuse(place, FISC_ERROR_DATE_INVALID, text, "is not a day like 2024-06-30");
    }
    g_string_append(out, fisc_date_format(date, buffer));
    return true;
}

/* Tags ------------------------------------------------------------------------------------------
 */

static bool
is_tag_name(const char *name, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(name[i]) && strchr("-_.", name[i]) == NULL && (name[i] & 0x80) == 0) {
            return false;
        }
    }
    return length > 0;
}

/* "climate:40" as "climate:40", "gender:100" as "gender". NULL when it is no tag. */
static char *
spell_tag(const char *word)
{
    const char *colon = strchr(word, ':');
    gsize length = colon != NULL ? (gsize)(colon - word) : strlen(word);
    if (!is_tag_name(word, length)) {
        return NULL;
    }
    if (colon == NULL) {
        return g_strdup(word);
    }
    const char *digits = colon + 1;
    gsize count = strlen(digits);
    if (count == 0 || count > 3 || strspn(digits, "0123456789") != count || atoi(digits) < 1 ||
        atoi(digits) > 100) {
        return NULL;
    }
    return atoi(digits) == 100 ? g_strndup(word, length)
                               : g_strdup_printf("%.*s:%d", (int)length, word, atoi(digits));
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_same_tag(const char *a, const char *b)
{
    gsize length = strcspn(a, ":");
    return length == strcspn(b, ":") && strncmp(a, b, length) == 0;
}

static bool
is_new_tag(const GPtrArray *tags, const char *tag)
{
    for (guint i = 0; i < tags->len; i++) {
        if (is_same_tag(tags->pdata[i], tag)) {
            return false;
        }
    }
    return true;
}

static bool
read_tags(const FiscValuePlace *place, const char *text, GString *out)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; words[i] != NULL; i++) {
        g_autofree char *tag = *words[i] != '\0' ? spell_tag(words[i]) : NULL;
        if (*words[i] == '\0') {
            continue;
        }
        if (tag == NULL) {
            return refuse(place, FISC_ERROR_VALUE_INVALID, words[i],
                          "is not a tag like \"climate\" or \"climate:40\"");
        }
        if (!is_new_tag(tags, tag)) {
            return refuse(place, FISC_ERROR_VALUE_INVALID, words[i], "names a tag again");
        }
        if (tags->len >= TAGS_MAX) {
            return refuse(place, FISC_ERROR_VALUE_INVALID, words[i], "is one tag too many");
        }
        g_ptr_array_add(tags, g_steal_pointer(&tag));
    }
    qsort(tags->pdata, tags->len, sizeof(void *), compare_words);
    for (guint i = 0; i < tags->len; i++) {
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", (const char *)tags->pdata[i]);
    }
    return true;
}

bool
fisc_value_next_tag(const char **at, const char **out_name, gsize *out_length, int *out_percent)
{
    const char *word = *at + strspn(*at, " ");
    gsize length = strcspn(word, " ");
    if (length == 0) {
        return false;
    }
    *out_name = word;
    *out_length = strcspn(word, ": ");
    *out_percent = *out_length < length ? atoi(word + *out_length + 1) : 100;
    *at = word + length;
    return true;
}

bool
fisc_value_read(const FiscValueRule *rule, const FiscValuePlace *place, const char *text,
                GString *out)
{
    g_string_truncate(out, 0);
    switch (rule->kind) {
    case FISC_VALUE_CODE:
        return read_code(rule, place, text, out);
    case FISC_VALUE_TEXT:
        return read_text(rule, place, text, out);
    case FISC_VALUE_NUMBER:
    case FISC_VALUE_SIGNED:
        return read_number(rule, place, text, out);
    case FISC_VALUE_AMOUNT:
        return read_amount(place, text, out);
    case FISC_VALUE_TAGS:
        return read_tags(place, text, out);
    case FISC_VALUE_YEAR:
        return read_year(place, text, out);
    case FISC_VALUE_DATE:
        return read_date(place, text, out);
    case FISC_VALUE_WORD:
        return read_word(rule, place, text, out);
    }
    g_assert_not_reached();
}
