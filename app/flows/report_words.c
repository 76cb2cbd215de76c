/* report_words.c: queries of reports as lines of words, and back. What the words mean is left to
 * the reports. */
#include "app/flows/report_words.h"
#include <string.h>

#define TEXT(option, field)                                                                        \
    {                                                                                              \
        option, G_STRUCT_OFFSET(FiscReportQuery, field), false                                     \
    }
#define SWITCH(option, field)                                                                      \
    {                                                                                              \
        option, G_STRUCT_OFFSET(FiscReportQuery, field), true                                      \
    }

/* Every field of a query but its name. A new one is appended: lines on record keep their form. */
const FiscReportWord fisc_report_words[] = {
    TEXT("period", period),
    TEXT("unit", unit),
    TEXT("as-of", as_of),
    TEXT("known-at", known_at),
    TEXT("rules-at", rules_at),
    TEXT("standard", standard),
    TEXT("layout", layout),
    TEXT("statement", statement),
    TEXT("by", by),
    TEXT("where", where),
    TEXT("years", years),
    TEXT("control", control),
    TEXT("contingency", contingency),
    TEXT("beside", beside),
    TEXT("comparatives", comparatives),
    TEXT("calendar", calendar),
    TEXT("currency", currency),
    TEXT("allocation", allocation),
    TEXT("language", language),
    SWITCH("unconsolidated", unconsolidated),
    SWITCH("before-closing", before_closing),
    SWITCH("revenue", revenue),
    SWITCH("over", over_only),
    SWITCH("detail", detail),
    SWITCH("change", change),
    TEXT("across", across),
    TEXT("measure", measure),
    TEXT("layer", layer),
    {NULL, 0, false},
};

#undef TEXT
#undef SWITCH

static const char **
text_of(const FiscReportWord *word, FiscReportQuery *query)
{
    return G_STRUCT_MEMBER_P(query, word->offset);
}

static bool *
switch_of(const FiscReportWord *word, FiscReportQuery *query)
{
    return G_STRUCT_MEMBER_P(query, word->offset);
}

void
fisc_report_word_set(const FiscReportWord *word, FiscReportQuery *query, const char *value)
{
    if (word->is_switch) {
        *switch_of(word, query) = true;
    } else {
        *text_of(word, query) = value;
    }
}

/* Writing -------------------------------------------------------------------------------------- */

static bool
is_plain(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_.,:=@+/-";
    return *text != '\0' && text[strspn(text, plain)] == '\0';
}

static void
append_word(GString *line, const char *text)
{
    g_autofree char *quoted = is_plain(text) ? NULL : g_shell_quote(text);
    g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", quoted != NULL ? quoted : text);
}

char *
fisc_report_words_write(const FiscReportQuery *query)
{
    FiscReportQuery copy = *query;
    GString *line = g_string_new(NULL);
    append_word(line, query->name);
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        const char *value = word->is_switch ? NULL : *text_of(word, &copy);
        if (value != NULL || (word->is_switch && *switch_of(word, &copy))) {
            g_string_append_printf(line, " --%s", word->option);
        }
        if (value != NULL) {
            append_word(line, value);
        }
    }
    return g_string_free(line, FALSE);
}

/* Reading -------------------------------------------------------------------------------------- */

static const FiscReportWord *
find_word(const char *option)
{
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        if (strcmp(word->option, option) == 0) {
            return word;
        }
    }
    return NULL;
}

/* The option at words[*at], with its value behind '=' or in the next word. */
static bool
take_option(FiscReportWords *words, int *at, GError **error)
{
    char *text = words->words[*at] + strlen("--");
    char *value = strchr(text, '=');
    if (value != NULL) {
        *value++ = '\0';
    }
    const FiscReportWord *word = find_word(text);
    if (word == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "reports have no option --%s", text);
    }
    bool is_set =
        word->is_switch ? *switch_of(word, &words->query) : *text_of(word, &words->query) != NULL;
    if (is_set) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s is given twice", word->option);
    }
    if (word->is_switch && value != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s takes no value", word->option);
    }
    if (!word->is_switch && value == NULL) {
        if (words->words[*at + 1] == NULL) {
            return fisc_fail(error, FISC_ERROR_USAGE, "--%s needs its value", word->option);
        }
        value = words->words[++*at];
    }
    fisc_report_word_set(word, &words->query, value);
    return true;
}

static bool
take_words(FiscReportWords *words, int count, GError **error)
{
    for (int at = 0; at < count; at++) {
        char *text = words->words[at];
        bool is_option = g_str_has_prefix(text, "--");
        if (!is_option && words->query.name != NULL) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no option of a report", text);
        }
        if (!is_option) {
            words->query.name = text;
        } else if (!take_option(words, &at, error)) {
            return false;
        }
    }
    if (words->query.name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the words name no report");
    }
    return true;
}

bool
fisc_report_words_read(const char *line, FiscReportWords *out_words, GError **error)
{
    g_auto(FiscReportWords) words = {0};
    g_autoptr(GError) wrong = NULL;
    int count = 0;
    if (!g_shell_parse_argv(line, &count, &words.words, &wrong)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is not the words of a report: %s", line,
                         wrong->message);
    }
    if (!take_words(&words, count, error)) {
        return false;
    }
    *out_words = words;
    words = (FiscReportWords){0};
    return true;
}

void
fisc_report_words_clear(FiscReportWords *words)
{
    g_clear_pointer(&words->words, g_strfreev);
}
