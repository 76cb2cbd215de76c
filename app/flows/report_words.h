/* report_words.h: the words of a report: "gfs --period 2018 --unit CITY --unconsolidated".
 *
 * One table says which option fills which field of a query. The command line reads it, and so do
 * publications and saved questions, which keep their words on record and ask again years later. */
#ifndef FISC_REPORT_WORDS_H
#define FISC_REPORT_WORDS_H

#include "fisc/flow.h"

typedef struct {
    const char *option; /* "unit": given as --unit */
    gsize offset;       /* of the field in FiscReportQuery: const char *, or bool of a switch */
    bool is_switch;
} FiscReportWord;

/** In canonical order, ended by a NULL option. */
extern const FiscReportWord fisc_report_words[];

/** Sets the field of @word; @value is borrowed, and means nothing to a switch. */
void fisc_report_word_set(const FiscReportWord *word, FiscReportQuery *query, const char *value);

/** The query as one line: the name, then every option that was given, in the order of the table,
 * quoted as for a shell where needed. Equal queries have equal lines. Caller frees. */
char *fisc_report_words_write(const FiscReportQuery *query);

/* A query read from a line, with the strings it borrows. */
typedef struct {
    FiscReportQuery query;
    char **words;
} FiscReportWords;

/** The inverse. USAGE names the word that is no option of a report, lacks its value, or comes
 * twice. */
bool fisc_report_words_read(const char *line, FiscReportWords *out_words, GError **error);
void fisc_report_words_clear(FiscReportWords *words);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscReportWords, fisc_report_words_clear)

#endif
