/* scale.h: other prices for entries that are only tried. */
#ifndef FISC_FLOWS_SCALE_H
#define FISC_FLOWS_SCALE_H

#include "fisc/entry.h"
#include "fisc/nation.h"

/** Multiplies the amounts of the matching lines of every entry, by rules like
 * "economic=22 programme=3:+5%,gfs_code=31*:-2.5%"; the first rule that matches a line is taken.
 * Amounts are rounded half to even. The change falls on the entry's other lines of the same side
 * that have the opposite sign, in proportion, so that it still balances. @remarks (of char *) gets
 * a sentence for each rule: how many lines, from how much to how much, what was rounded away.
 * Refusals name entries that nothing else balances; then nothing of them was changed. False: a rule
 * makes no sense (USAGE). */
bool fisc_flow_scale(FiscSubmission *submission, const FiscNation *nation, const char *rules,
                     GPtrArray *remarks, FiscRefusals *refusals, GError **error);

#endif
