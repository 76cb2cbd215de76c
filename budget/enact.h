/* enact.h: what laws and interim budgets share: the entries and the lines of zero that they make.
 */
#ifndef FISC_BUDGET_ENACT_H
#define FISC_BUDGET_ENACT_H

#include "fisc/enactment.h"

/** Whether a budget line knows the dimension: not who is paid, nor what stands in the cash
 * statement. */
bool fisc_enact_is_dimension(int dimension);
/** "MIN/programme=1/economic=22", without what a budget does not know. Caller frees. */
char *fisc_enact_line_name(const char *entity, const char *const dim[FISC_DIM_COUNT]);
/** Appends an event about a budget line of a year: its key exists, or is marked by @kind. Further
 * pairs name, value may be appended. */
FiscEvent *fisc_enact_line_event(FiscSubmission *into, const char *kind, const char *entity,
                                 int year, const char *const dim[FISC_DIM_COUNT]);
/** Appends an entry that moves @amount from @from to its counterpart; NULL words are none. Its
 * digest is set. */
FiscEntry *fisc_enact_entry(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                            const char *document, FiscDate on, const char *memo, FiscStage from,
                            int64_t amount, const char *const dim[FISC_DIM_COUNT]);
/** The line of an interim budget with this name, which is made when there is none. */
FiscInterimLine *
fisc_interim_line(FiscInterim *interim, const char *entity, const char *const dim[FISC_DIM_COUNT]);

#endif
