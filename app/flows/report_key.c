/* report_key.c: the words of a question that belong to the names of its figures: written into every
 * key of a report, and read back when a figure is asked about.
 *
 * Only words that change what is counted: how many columns or what language a report has, and which
 * of its statements were printed, a figure does not know. */
#include "app/flows/report_snapshot.h"
#include "app/flows/report_words.h"
#include "reporting/cell_key.h"
#include <string.h>

static const char *const counting[] = {
    "standard", "unconsolidated", "before-closing", "as-of",    "known-at",   "rules-at", "revenue",
    "where",    "comparatives",   "calendar",       "currency", "allocation", "layer",
};

/* NULL: no word of a figure's key. */
static const FiscReportWord *
find_word(const char *name)
{
    bool is_counting = false;
    for (guint i = 0; i < G_N_ELEMENTS(counting); i++) {
        is_counting = is_counting || strcmp(counting[i], name) == 0;
    }
    for (const FiscReportWord *word = fisc_report_words; is_counting && word->option != NULL;
         word++) {
        if (strcmp(word->option, name) == 0) {
            return word;
        }
    }
    return NULL;
}

/* NULL: not given; "" is a switch that is on. */
static const char *
value_of(const FiscReportWord *word, const FiscReportQuery *query)
{
    if (!word->is_switch) {
        return G_STRUCT_MEMBER(const char *, query, word->offset);
    }
    return G_STRUCT_MEMBER(bool, query, word->offset) ? "" : NULL;
}

void
fisc_report_key_cells(const FiscReportQuery *query, FiscTable *table)
{
    const char *words[2 * G_N_ELEMENTS(counting) + 1] = {NULL};
    for (guint i = 0; i < G_N_ELEMENTS(counting); i++) {
        words[2 * i] = counting[i];
        words[2 * i + 1] = value_of(find_word(counting[i]), query);
    }
    fisc_cell_add_words(table, words);
}

bool
fisc_report_query_of_key(const FiscCellKey *key, FiscReportQuery *out_query, GError **error)
{
    bool is_every_unit = strcmp(key->unit, FISC_CELL_EVERY_UNIT) == 0;
    FiscReportQuery query = {
        .name = key->report, .unit = is_every_unit ? NULL : key->unit, .period = key->period};
    for (guint i = 0; i + 1 < key->words->len; i += 2) {
        const char *name = key->words->pdata[i], *value = key->words->pdata[i + 1];
        const FiscReportWord *word = find_word(name);
        if (word == NULL || word->is_switch != (value[0] == '\0')) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s%s%s\" is no word of a figure's key",
                             name, value[0] != '\0' ? "=" : "", value);
        }
        fisc_report_word_set(word, &query, value);
    }
    *out_query = query;
    return true;
}
