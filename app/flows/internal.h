/* internal.h: what the flows share. */
#ifndef FISC_FLOWS_INTERNAL_H
#define FISC_FLOWS_INTERNAL_H

#include "fisc/flow.h"

/** Adds the events that bring the fourteen periods of a year (00 to 13) to a state. */
void fisc_flow_add_year(FiscSubmission *submission, int year, const char *state);

#endif
