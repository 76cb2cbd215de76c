/* asking.h: questions to a server whose answers have to go well, for tests that look at figures. */
#ifndef FISC_TEST_ASKING_H
#define FISC_TEST_ASKING_H

#include "tests/server/serving.h"

#define ASKING_PERSON "ana"

/** GET as ASKING_PERSON. @more: header lines, or NULL. */
void asking_get(Serving *serving, const char *path, const char *more, ServingAnswer *out_answer);
/** The same; fails the test unless the status is as expected. */
void asking_expect(Serving *serving, const char *path, int status, ServingAnswer *out_answer);
/** A write with a key of its own; fails the test unless the status is as expected. */
void asking_send(Serving *serving, const char *method, const char *path, const char *type,
                 const char *body, int status, ServingAnswer *out_answer);
/** A cell of a table: of the row whose @key column has @value; "" when there is none. Borrowed. */
const char *
asking_cell(const ServingAnswer *answer, const char *key, const char *value, const char *column);
/** How many rows the table has; -1: it is none. */
int asking_rows(const ServingAnswer *answer);

#endif
