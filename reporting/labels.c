/* labels.c: looking labels up in the catalogs compiled in, and a whole table put into a language.
 *
 * A catalog is a .mo file in memory: two tables of lengths and places, the originals sorted, so a
 * binary search finds one. Reading it here instead of by libintl keeps the locale of the process
 * out of reports, which have to be the same bytes everywhere. What language a report is in is its
 * caller's decision. */
#include "reporting/labels.h"
#include <string.h>

/* The head of a .mo file: numbers of four bytes, little end first. */
enum { WORD_COUNT = 2, WORD_ORIGINALS = 3, WORD_TRANSLATIONS = 4 };

#define SOURCE_LANGUAGE "en"

static bool
is_source_language(const char *language)
{
    return language == NULL || strcmp(language, SOURCE_LANGUAGE) == 0;
}

static const FiscCatalog *
find_catalog(const char *language)
{
    for (const FiscCatalog *catalog = fisc_catalogs; catalog->language != NULL; catalog++) {
        if (strcmp(catalog->language, language) == 0) {
            return catalog;
        }
    }
    return NULL;
}

static guint32
number_at(const FiscCatalog *catalog, gsize offset)
{
    guint32 number;
    memcpy(&number, catalog->bytes + offset, sizeof number);
    return GUINT32_FROM_LE(number);
}

/* The string of a row: each row is its length and where it stands; it is ended by a zero byte. */
static const char *
string_at(const FiscCatalog *catalog, int table, guint32 row)
{
    gsize start = number_at(catalog, (gsize)table * sizeof(guint32));
    return (const char *)catalog->bytes + number_at(catalog, start + (8 * (gsize)row) + 4);
}

/* NULL: not in the catalog. */
static const char *
look_up(const FiscCatalog *catalog, const char *msgid)
{
    guint32 low = 0;
    guint32 high = number_at(catalog, WORD_COUNT * sizeof(guint32));
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        int order = strcmp(msgid, string_at(catalog, WORD_ORIGINALS, middle));
        if (order == 0) {
            return string_at(catalog, WORD_TRANSLATIONS, middle);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const char *
fisc_label(const char *language, const char *msgid)
{
    /* The empty label is the head of a catalog. */
    const FiscCatalog *catalog =
        is_source_language(language) || *msgid == '\0' ? NULL : find_catalog(language);
    const char *words = catalog != NULL ? look_up(catalog, msgid) : NULL;
    return words != NULL ? words : msgid;
}

bool
fisc_label_has(const char *language, const char *msgid)
{
    const FiscCatalog *catalog = is_source_language(language) ? NULL : find_catalog(language);
    return is_source_language(language) || (catalog != NULL && look_up(catalog, msgid) != NULL);
}

bool
fisc_label_check_language(const char *language, GError **error)
{
    if (is_source_language(language) || find_catalog(language) != NULL) {
        return true;
    }
    g_autoptr(GString) known = g_string_new(SOURCE_LANGUAGE);
    for (const FiscCatalog *catalog = fisc_catalogs; catalog->language != NULL; catalog++) {
        g_string_append_printf(known, ", %s", catalog->language);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "there are no labels in \"%s\"; there are: %s",
                     language, known->str);
}

/* A table in a language ------------------------------------------------------------------------ */

char *
fisc_label_words(const char *language, const char *words)
{
    const char *whole = fisc_label(language, words);
    if (whole != words) {
        return g_strdup(whole);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit(words, ", ", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", fisc_label(language, parts[i]));
    }
    return g_steal_pointer(&text->str);
}

static void
replace_words(char **words, const char *language)
{
    char *translated = fisc_label_words(language, *words);
    g_free(*words);
    *words = translated;
}

/* Of a row that is a heading, any text is words; of others the label is. */
static void
translate_row(FiscTable *table, FiscRow *row, int label, const char *language)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (row->cells[i].text != NULL && (row->heading || (int)i == label)) {
            replace_words(&row->cells[i].text, language);
        }
    }
}

void
fisc_labels_translate(FiscTable *table, const char *language)
{
    if (is_source_language(language)) {
        return;
    }
    int label = fisc_table_column(table, "label");
    for (guint i = 0; i < table->rows->len; i++) {
        translate_row(table, g_ptr_array_index(table->rows, i), label, language);
    }
    if (table->title != NULL) {
        replace_words(&table->title, language);
    }
}
