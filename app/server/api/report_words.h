/* report_words.h: the words of a report as fields of a route: in a query, or in a body that keeps
 * them. They are those of the command line (app/flows/report_words.c) with '_' for '-'. */
#ifndef FISC_SERVER_API_REPORT_WORDS_H
#define FISC_SERVER_API_REPORT_WORDS_H

#include "app/server/api.h"

/* X(name, type, meaning, example) */
#define FISC_REPORT_WORDS(X)                                                                       \
    X("period", FISC_API_PERIOD, "what it covers", "2024")                                         \
    X("unit", FISC_API_TEXT, "an entity or a group", "001")                                        \
    X("as_of", FISC_API_DATE, "only entries effective by then", NULL)                              \
    X("known_at", FISC_API_INTEGER, "as it was known at this batch", NULL)                         \
    X("rules_at", FISC_API_INTEGER, "master data, layouts and rules as of this batch", NULL)       \
    X("standard", FISC_API_TEXT, "gfsm2014, gfsm2001, questionnaire or ipsas", NULL)               \
    X("layout", FISC_API_TEXT, "of layout: the name of one on record", NULL)                       \
    X("statement", FISC_API_TEXT, "only these, SOO,SSUC", NULL)                                    \
    X("by", FISC_API_TEXT, "dimensions of rows", NULL)                                             \
    X("where", FISC_API_TEXT, "only what has these codes: programme=231 economic=2*", NULL)        \
    X("years", FISC_API_INTEGER, "so many earlier years, too", NULL)                               \
    X("control", FISC_API_TEXT, "only this control", NULL)                                         \
    X("contingency", FISC_API_TEXT, "lines of the contingency vote", NULL)                         \
    X("beside", FISC_API_TEXT, "more columns: quarters, months, years=2, members and others",      \
      NULL)                                                                                        \
    X("comparatives", FISC_API_TEXT, "restated or as they were", NULL)                             \
    X("calendar", FISC_API_TEXT, "whose fiscal year", NULL)                                        \
    X("currency", FISC_API_TEXT, "translated into it", NULL)                                       \
    X("allocation", FISC_API_TEXT, "costs allocated by this rule", NULL)                           \
    X("language", FISC_API_TEXT, "of labels and titles: en es ko ru", NULL)                        \
    X("unconsolidated", FISC_API_BOOLEAN, "as a plain sum of the members", NULL)                   \
    X("before_closing", FISC_API_BOOLEAN, "without period 13", NULL)                               \
    X("revenue", FISC_API_BOOLEAN, "of revenue instead of expenditure", NULL)                      \
    X("over", FISC_API_BOOLEAN, "only what is over", NULL)                                         \
    X("detail", FISC_API_BOOLEAN, "each key, or each act", NULL)                                   \
    X("change", FISC_API_BOOLEAN, "with beside: the differences, too", NULL)                       \
    X("across", FISC_API_TEXT, "of pivot: a segment whose words are columns", NULL)                \
    X("measure", FISC_API_TEXT, "of pivot: net when not given, or paid and other stages", NULL)    \
    X("layer", FISC_API_TEXT, "only this adjustment layer", NULL)

#define FISC_REPORT_FIELD_OF_QUERY(word, kind, what, sample)                                       \
    {.name = word, .place = FISC_IN_QUERY, .type = kind, .meaning = what, .example = sample},
#define FISC_REPORT_FIELD_OF_BODY(word, kind, what, sample)                                        \
    {.name = word, .place = FISC_IN_BODY, .type = kind, .meaning = what, .example = sample},

/** The words that the call was given. Texts are borrowed from it; @name is the report's. */
FiscReportQuery fisc_call_report_query(FiscCall *call, const char *name);

#endif
