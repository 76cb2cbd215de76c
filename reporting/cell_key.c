/* cell_key.c: writing and reading the name of a figure. What it names is drill.c's. */
#include "reporting/cell_key.h"
#include <string.h>

enum { REPORT, UNIT, PERIOD, PART, ROW, SEGMENTS };

/* What stands in a path as itself; all else as %XX, but letters beyond ASCII, which people read. */
#define PATH_PLAIN "=,.:+*()'~!;@$"

static void
append_escaped(GString *into, const char *text)
{
    g_autofree char *escaped = g_uri_escape_string(text, PATH_PLAIN, TRUE);
    g_string_append(into, escaped);
}

/* "2024", "2024-Q3", "2024-06", and, for what no label says, the year: words say the rest. */
static char *
period_word(FiscPeriod from, FiscPeriod to)
{
    int first = from % 100;
    bool is_quarter = first % 3 == 1 && first < 12 && to == from + 2;
    if (from == to) {
        return g_strdup_printf("%04d-%02d", fisc_period_year(from), first);
    }
    return is_quarter ? g_strdup_printf("%04d-Q%d", fisc_period_year(from), first / 3 + 1)
                      : g_strdup_printf("%04d", fisc_period_year(to));
}

char *
fisc_cell_path(const char *report, const char *unit, FiscPeriod from, FiscPeriod to,
               const char *part, const char *row)
{
    g_autofree char *period = period_word(from, to);
    bool is_every_unit = unit == NULL || unit[0] == '\0';
    const char *segments[SEGMENTS] = {report, is_every_unit ? FISC_CELL_EVERY_UNIT : unit, period,
                                      part, row};
    GString *path = g_string_new(NULL);
    for (int i = 0; i < SEGMENTS; i++) {
        g_string_append(path, i > 0 ? "/" : "");
        append_escaped(path, segments[i]);
    }
    return g_string_free(path, FALSE);
}

static void
append_word(GString *into, const char *name, const char *value)
{
    g_string_append(into, into->len > 0 ? "&" : "?");
    append_escaped(into, name);
    if (value[0] != '\0') {
        g_string_append_c(into, '=');
        append_escaped(into, value);
    }
}

void
fisc_cell_add_words(FiscTable *table, const char *const *words)
{
    g_autoptr(GString) tail = g_string_new(NULL);
    for (; words[0] != NULL; words += 2) {
        if (words[1] != NULL) {
            append_word(tail, words[0], words[1]);
        }
    }
    for (guint i = 0; tail->len > 0 && i < table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        for (guint column = 0; column < table->columns->len; column++) {
            const char *path = row->cells[column].drill;
            if (path != NULL) {
                g_autofree char *key = g_strconcat(path, tail->str, NULL);
                fisc_table_set_drill(table, row, (int)column, key);
            }
        }
    }
}

static bool
fail_key(const char *text, GError **error)
{
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "\"%s\" is no figure of a report: a key is REPORT/UNIT/PERIOD/PART/ROW with "
                     "words behind it, like gfs/CITY/2018/SOO/31.1?known-at=5",
                     text);
}

static bool
parse_path(const char *path, FiscCellKey *key)
{
    g_auto(GStrv) segments = g_strsplit(path, "/", -1);
    char **fields[SEGMENTS] = {&key->report, &key->unit, &key->period, &key->part, &key->row};
    if (g_strv_length(segments) != SEGMENTS) {
        return false;
    }
    for (int i = 0; i < SEGMENTS; i++) {
        *fields[i] = g_uri_unescape_string(segments[i], NULL);
        if (*fields[i] == NULL || **fields[i] == '\0') {
            return false;
        }
    }
    return true;
}

/* "name=value" or "name"; a word that stands twice is no question. */
static bool
parse_word(const char *text, FiscCellKey *key)
{
    g_auto(GStrv) halves = g_strsplit(text, "=", 2);
    g_autofree char *name = g_uri_unescape_string(halves[0] != NULL ? halves[0] : "", NULL);
    g_autofree char *value =
        g_uri_unescape_string(halves[0] != NULL && halves[1] != NULL ? halves[1] : "", NULL);
    if (name == NULL || *name == '\0' || value == NULL || fisc_cell_key_word(key, name) != NULL) {
        return false;
    }
    g_ptr_array_add(key->words, g_steal_pointer(&name));
    g_ptr_array_add(key->words, g_steal_pointer(&value));
    return true;
}

bool
fisc_cell_key_parse(const char *text, FiscCellKey *out_key, GError **error)
{
    g_auto(FiscCellKey) key = {.words = g_ptr_array_new_with_free_func(g_free)};
    g_auto(GStrv) halves = g_strsplit(text, "?", 2);
    bool is_cut_off = halves[0] != NULL && halves[1] != NULL && halves[1][0] == '\0';
    if (halves[0] == NULL || is_cut_off || !parse_path(halves[0], &key)) {
        return fail_key(text, error);
    }
    g_auto(GStrv) words = g_strsplit(halves[1] != NULL ? halves[1] : "", "&", -1);
    for (char **word = words; *word != NULL; word++) {
        if (!parse_word(*word, &key)) {
            return fail_key(text, error);
        }
    }
    *out_key = key;
    key = (FiscCellKey){0};
    return true;
}

char *
fisc_cell_key_write(const FiscCellKey *key)
{
    const char *segments[SEGMENTS] = {key->report, key->unit, key->period, key->part, key->row};
    GString *text = g_string_new(NULL);
    for (int i = 0; i < SEGMENTS; i++) {
        g_string_append(text, i > 0 ? "/" : "");
        append_escaped(text, segments[i]);
    }
    g_autoptr(GString) tail = g_string_new(NULL);
    for (guint i = 0; i + 1 < key->words->len; i += 2) {
        append_word(tail, key->words->pdata[i], key->words->pdata[i + 1]);
    }
    g_string_append(text, tail->str);
    return g_string_free(text, FALSE);
}

const char *
fisc_cell_key_word(const FiscCellKey *key, const char *name)
{
    for (guint i = 0; i + 1 < key->words->len; i += 2) {
        if (strcmp(key->words->pdata[i], name) == 0) {
            return key->words->pdata[i + 1];
        }
    }
    return NULL;
}

void
fisc_cell_key_clear(FiscCellKey *key)
{
    g_free(key->report);
    g_free(key->unit);
    g_free(key->period);
    g_free(key->part);
    g_free(key->row);
    g_clear_pointer(&key->words, g_ptr_array_unref);
}
