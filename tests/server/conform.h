/* conform.h: whether an answer is what the table of its route says that it is. */
#ifndef FISC_TEST_CONFORM_H
#define FISC_TEST_CONFORM_H

#include "app/server/api.h"
#include "tests/server/serving.h"

/** NULL when it is; else what is not, "errors/0/code is no text". Caller frees. */
char *conform_answer(const FiscRoute *route, const ServingAnswer *answer);

#endif
