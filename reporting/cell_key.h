/* cell_key.h: the name of one figure of a report: "gfs/CITY/2018/SOO/31.1?known-at=5".
 *
 * A key is a path, REPORT/UNIT/PERIOD/PART/ROW, and the words the report was asked with that change
 * what is counted. Builders, who know the rows, write the path (fisc_cell_path()); the walk, which
 * knows the question, adds its words to every figure at once (fisc_cell_add_words()). What a key
 * asks is asked again by the same words, so that the answer is the same figure.
 *
 * PART and ROW are a statement's name and the code of its row ("SOO/31.1"), a column of the trial
 * balance and an account ("debit/2211"), a stage and the words of a budget line as --by takes them
 * ("paid/entity=001,economic:1=2"). */
#ifndef FISC_CELL_KEY_H
#define FISC_CELL_KEY_H

#include "fisc/table.h"
#include "fisc/date.h"

#define FISC_CELL_STATEMENT "gfs" /* of a family of layouts, whichever it is */
#define FISC_CELL_LAYOUT "layout" /* a layout that stands for itself */
#define FISC_CELL_EVERY_UNIT "*"

typedef struct {
    char *report, *unit, *period, *part, *row;
    GPtrArray *words; /* of char *: name, value ...; "" is the value of a switch */
} FiscCellKey;

/** The path of a figure. @unit NULL or "" = every unit. Caller frees. */
char *fisc_cell_path(const char *report, const char *unit, FiscPeriod from, FiscPeriod to,
                     const char *part, const char *row);
/** Adds "?name=value&switch" to every key of @table. @words: name, value ... ended by NULL; a value
 * of NULL leaves the word out, "" makes it a switch. */
void fisc_cell_add_words(FiscTable *table, const char *const *words);

/** Takes a key apart. USAGE says what it should look like. */
bool fisc_cell_key_parse(const char *text, FiscCellKey *out_key, GError **error);
/** The text that parses to it. Caller frees. */
char *fisc_cell_key_write(const FiscCellKey *key);
/** The value of a word, NULL when the key has none. */
const char *fisc_cell_key_word(const FiscCellKey *key, const char *name);
void fisc_cell_key_clear(FiscCellKey *key);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscCellKey, fisc_cell_key_clear)

#endif
