/* error.c: the table behind error.h: names, sentences, statuses and SQLSTATEs of every code.
 *
 * Written once as FISC_ERRORS in the header; this file only looks things up in it. */
#include "fisc/error.h"
#include <string.h>

typedef struct {
    const char *name;
    int exit_status;
    int http_status;
    const char *sqlstate;
    const char *sentence;
} ErrorText;

static const ErrorText error_texts[FISC_ERROR_COUNT] = {
#define X(name, exit_status, http_status, sqlstate, sentence)                                      \
    {#name, exit_status, http_status, sqlstate, sentence},
    FISC_ERRORS(X)
#undef X
};

G_DEFINE_QUARK(fisc - error, fisc_error)

static const ErrorText *
text_of(FiscError code)
{
    g_assert((int)code >= 0 && code < FISC_ERROR_COUNT);
    return &error_texts[code];
}

const char *
fisc_error_name(FiscError code)
{
    return text_of(code)->name;
}

const char *
fisc_error_sentence(FiscError code)
{
    return text_of(code)->sentence;
}

int
fisc_error_exit_status(FiscError code)
{
    return text_of(code)->exit_status;
}

int
fisc_error_http_status(FiscError code)
{
    return text_of(code)->http_status;
}

const char *
fisc_error_sqlstate(FiscError code)
{
    return text_of(code)->sqlstate;
}

int
fisc_error_from_sqlstate(const char *sqlstate)
{
    if (sqlstate == NULL) {
        return -1;
    }
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        if (strcmp(error_texts[code].sqlstate, sqlstate) == 0) {
            return code;
        }
    }
    return -1;
}

bool
fisc_fail(GError **error, FiscError code, const char *format, ...)
{
    if (error == NULL) {
        return false;
    }
    va_list arguments;
    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(FISC_ERROR, (int)code, format, arguments));
    va_end(arguments);
    return false;
}
