/* internal.h: what the flows share. */
#ifndef FISC_FLOWS_INTERNAL_H
#define FISC_FLOWS_INTERNAL_H

#include "core/base/sign.h"
#include "fisc/flow.h"

/** Adds the events that bring the fourteen periods of a year (00 to 13) to a state. */
void fisc_flow_add_year(FiscSubmission *submission, int year, const char *state);

/** A key that can sign; says how to make one when there is none. */
bool fisc_flow_load_private_key(const char *key_file, FiscSignKey **out_key, GError **error);

#endif
