/* manual.h: a page of docs that is a session at a terminal, typed again and compared. */
#ifndef FISC_TEST_CLI_MANUAL_H
#define FISC_TEST_CLI_MANUAL_H

#include <glib.h>

/* One command of the page and what the page says comes of it. */
typedef struct {
    int line;       /* of the page */
    char *command;  /* with its continuation lines */
    char *expected; /* "..." stands for anything */
} FiscManualStep;

/** The commands in the fenced blocks of @page: lines that begin with "$ ", continued by lines that
 * begin with "> "; what follows is their output. Of FiscManualStep; caller unrefs. */
GPtrArray *fisc_manual_parse(const char *page);
/** Whether @got is what the page says: equal, but for "...". */
gboolean fisc_manual_matches(const char *expected, const char *got);
/** Types every command of the page in @folder, against the database @uri, and checks what comes. */
void fisc_manual_check(const char *path, const char *folder, const char *uri);

#endif
