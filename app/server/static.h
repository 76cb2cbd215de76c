/* static.h: the files of the workplace, from one directory and from nowhere else. */
#ifndef FISC_SERVER_STATIC_H
#define FISC_SERVER_STATIC_H

#include "app/server/http.h"

/** SETUP when @directory holds no workplace, with what makes one. */
bool fisc_static_check(const char *directory, GError **error);

/** Answers GET and HEAD: a file of @directory, or index.html where the path names none, so that a
 * link into the workplace opens there. False, with @reply untouched: not a matter of files (paths
 * of the API, other methods, @directory NULL), or there is no such file. */
bool
fisc_static_answer(const char *directory, const FiscHttpRequest *request, FiscHttpReply *reply);

#endif
