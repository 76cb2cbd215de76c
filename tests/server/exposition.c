/* exposition.c: format 0.0.4, line by line: HELP, then TYPE, then all samples of that family and of
 * no other; no sample twice; buckets that rise to +Inf and agree with their count. */
#include "tests/server/exposition.h"
#include <stdbool.h>
#include <string.h>

typedef struct {
    Exposition *found;
    char *family, *type; /* of the lines that are being read */
    bool is_typed;
    char *series;  /* of buckets: the labels without le */
    gint64 below;  /* the bucket before */
    bool is_whole; /* +Inf was read */
} Reader;

static void G_GNUC_PRINTF(3, 4) complain(Reader *reader, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (reader->found->complaint == NULL) {
        reader->found->complaint = g_strdup_printf("line %d: %s", line, text);
    }
}

static bool
matches(const char *pattern, const char *text)
{
    return g_regex_match_simple(pattern, text, 0, 0);
}

static void
read_comment(Reader *reader, int line, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 4);
    if (g_strv_length(words) < 4 || *words[3] == '\0') {
        complain(reader, line, "no comment of the format: %s", text);
    } else if (strcmp(words[1], "HELP") == 0) {
        if (g_hash_table_contains(reader->found->types, words[2])) {
            complain(reader, line, "the family %s stands twice", words[2]);
        }
        g_free(reader->family);
        reader->family = g_strdup(words[2]);
        reader->is_typed = false;
    } else if (strcmp(words[1], "TYPE") == 0) {
        if (g_strcmp0(reader->family, words[2]) != 0 || reader->is_typed) {
            complain(reader, line, "TYPE of %s does not follow its HELP", words[2]);
        }
        if (!matches("^(counter|gauge|histogram)$", words[3])) {
            complain(reader, line, "no type: %s", words[3]);
        }
        g_free(reader->type);
        reader->type = g_strdup(words[3]);
        reader->is_typed = true;
        g_hash_table_insert(reader->found->types, g_strdup(words[2]), g_strdup(words[3]));
    } else {
        complain(reader, line, "neither HELP nor TYPE: %s", words[1]);
    }
}

static bool
is_of_family(const Reader *reader, const char *name)
{
    gsize length = strlen(reader->family);
    if (strncmp(name, reader->family, length) != 0) {
        return false;
    }
    const char *rest = name + length;
    return strcmp(reader->type, "histogram") == 0
               ? strcmp(rest, "_bucket") == 0 || strcmp(rest, "_sum") == 0 ||
                     strcmp(rest, "_count") == 0
               : *rest == '\0';
}

/* Buckets of one series come together, rise, end with +Inf, and their count is the last. */
static void
check_bucket(Reader *reader, int line, const char *name, const char *labels, const char *value)
{
    gint64 count = g_ascii_strtoll(value, NULL, 10);
    if (g_str_has_suffix(name, "_bucket")) {
        const char *le = strstr(labels, ",le=\"");
        g_autofree char *series =
            g_strndup(labels, le != NULL ? (gsize)(le - labels) : strlen(labels));
        bool is_same = g_strcmp0(series, reader->series) == 0;
        if (le == NULL) {
            complain(reader, line, "a bucket without a bound");
            return;
        }
        if (is_same && count < reader->below) {
            complain(reader, line, "a bucket holds less than the one before");
        }
        if (!is_same && reader->series != NULL && !reader->is_whole) {
            complain(reader, line, "the buckets before end without +Inf");
        }
        g_free(reader->series);
        reader->series = g_steal_pointer(&series);
        reader->below = count;
        reader->is_whole = strstr(le, "\"+Inf\"") != NULL;
    } else if (g_str_has_suffix(name, "_count") && (count != reader->below || !reader->is_whole)) {
        complain(reader, line, "the count is not that of the bucket +Inf");
    }
}

static void
read_sample(Reader *reader, int line, const char *text)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) sample = g_regex_new("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[a-zA-Z_][a-zA-Z0-"
                                           "9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])"
                                           "*\",?)*)\\})? ([+-]?(?:[0-9]+(?:\\.[0-9]+)?|Inf|NaN))$",
                                           0, 0, NULL);
    if (!g_regex_match(sample, text, 0, &match)) {
        complain(reader, line, "no sample: %s", text);
        return;
    }
    g_autofree char *name = g_match_info_fetch(match, 1);
    g_autofree char *labels = g_match_info_fetch(match, 2);
    g_autofree char *value = g_match_info_fetch(match, 3);
    if (!reader->is_typed || !is_of_family(reader, name)) {
        complain(reader, line, "%s stands outside of its family", name);
        return;
    }
    g_autofree char *key =
        *labels != '\0' ? g_strdup_printf("%s{%s}", name, labels) : g_strdup(name);
    if (strcmp(reader->type, "counter") == 0 &&
        (!g_str_has_suffix(name, "_total") || *value == '-')) {
        complain(reader, line, "no counter: %s", text);
    }
    if (strcmp(reader->type, "histogram") == 0) {
        check_bucket(reader, line, name, labels, value);
    }
    if (g_hash_table_contains(reader->found->samples, key)) {
        complain(reader, line, "%s stands twice", key);
    }
    g_hash_table_insert(reader->found->samples, g_steal_pointer(&key), g_steal_pointer(&value));
}

Exposition *
exposition_read(const char *text)
{
    Exposition *found = g_new0(Exposition, 1);
    found->samples = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    found->types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Reader reader = {.found = found};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = g_strv_length(lines);
    if (count == 0 || *lines[count - 1] != '\0') {
        complain(&reader, (int)count, "the last line does not end");
    }
    for (guint i = 0; i + 1 < count; i++) {
        if (g_str_has_prefix(lines[i], "# ")) {
            read_comment(&reader, (int)i + 1, lines[i]);
        } else {
            read_sample(&reader, (int)i + 1, lines[i]);
        }
    }
    g_free(reader.family);
    g_free(reader.type);
    g_free(reader.series);
    return found;
}

void
exposition_free(Exposition *exposition)
{
    if (exposition != NULL) {
        g_hash_table_unref(exposition->samples);
        g_hash_table_unref(exposition->types);
        g_free(exposition->complaint);
        g_free(exposition);
    }
}

const char *
exposition_value(const Exposition *exposition, const char *sample)
{
    const char *value = g_hash_table_lookup(exposition->samples, sample);
    return value != NULL ? value : "";
}
