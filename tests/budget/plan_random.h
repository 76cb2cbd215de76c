/* plan_random.h: budget lines that are drawn: awkward texts, figures with gaps, and random edits.
 */
#ifndef FISC_TEST_PLAN_RANDOM_H
#define FISC_TEST_PLAN_RANDOM_H

#include "fisc/formulation.h"

/** @count lines of several entities, each name once. Caller frees. */
FiscPlanLines *fisc_random_lines(GRand *random, const FiscPlanFrame *frame, int count);
/** A copy in which about one of @one_in lines was changed, taken away or added. Caller frees. */
FiscPlanLines *fisc_random_edit(GRand *random, const FiscPlanLines *lines, int one_in);
/** Reads canonical lines, which must be right. Caller frees. */
FiscPlanLines *fisc_read_lines(const FiscPlanFrame *frame, const char *text);

#endif
