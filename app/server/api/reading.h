/* reading.h: what the routes share that only read. */
#ifndef FISC_SERVER_API_READING_H
#define FISC_SERVER_API_READING_H

#include "app/server/resources.h"
#include "fisc/browse.h"

/* Fields of a query, one a line; those of a path are in api.h. */
#define FISC_ASKED(word, kind, what, sample)                                                       \
    {                                                                                              \
        .name = word, .place = FISC_IN_QUERY, .type = kind, .meaning = what, .example = sample,    \
    }
#define FISC_ASKED_FOR(word, kind, what, sample)                                                   \
    {                                                                                              \
        .name = word, .place = FISC_IN_QUERY, .type = kind, .is_required = true, .meaning = what,  \
        .example = sample,                                                                         \
    }
#define FISC_ASKED_OF(word, what, words)                                                           \
    {                                                                                              \
        .name = word, .place = FISC_IN_QUERY, .meaning = what, .choices = words,                   \
    }
/* Of every table. */
#define FISC_TABLE_WORDS                                                                           \
    FISC_ASKED_OF("format", "of the answer; Accept asks for it, too", "json csv table xlsx"),      \
        FISC_ASKED("columns", FISC_API_TEXT, "only these columns, in this order: a,b,c", NULL)
/* Of what goes page by page. */
#define FISC_PAGE_WORDS                                                                            \
    FISC_ASKED("limit", FISC_API_INTEGER, "rows of a page, 1 to 1000; 100 when not given", "50"),  \
        FISC_ASKED("cursor", FISC_API_TEXT, "as the page before gives it as next", NULL)
#define FISC_SEARCH_WORDS                                                                          \
    FISC_ASKED("q", FISC_API_TEXT, "words: each begins a code or stands in a name", "b")

/** The page that is asked for; *out_key owns its cursor. False: the reply is a problem. */
bool fisc_call_page(FiscCall *call, FiscPage *out_page, char **out_key);
/** A date of the query; false when it was not given. */
bool fisc_call_query_date(const FiscCall *call, const char *name, FiscDate *out_date);
/** A text; "" is null. Caller owns it. */
json_t *fisc_call_text_or_null(const char *text);
/** Whether what the newest batch determines is what who asks has: then the reply is 304. False with
 * the error set when it cannot be told. */
bool fisc_call_check_batch(FiscCall *call, bool *out_unchanged, GError **error);

#endif
