/* posting.h: entries sent to a server, and what came of them. */
#ifndef FISC_TEST_POSTING_H
#define FISC_TEST_POSTING_H

#include "tests/server/serving.h"

/* Goods on credit for the school, as JSON; a reference of NULL leaves it out. */
char *posting_goods(const char *reference, const char *amount);
/** POST of @body as @type by "ana"; @key NULL: one that nobody else uses, "": none. Returns the
 * status. */
int posting_send(Serving *serving, const char *path, const char *type, const char *key,
                 const char *body, ServingAnswer *out_answer);
/** The same as JSON to /v1/entries. */
int posting_json(Serving *serving, const char *key, const char *body, ServingAnswer *out_answer);
/** A whole request as bytes, for a link of one's own. Caller frees. */
char *posting_request(const char *method, const char *path, const char *headers, const char *body);

#endif
