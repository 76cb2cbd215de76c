/* invariants.h: what must hold in the books whatever happened: asked of the database by SQL and by
 * reading the lines again, never by asking the engine to agree with itself. */
#ifndef FISC_FAULT_INVARIANTS_H
#define FISC_FAULT_INVARIANTS_H

#include "tests/fault/rig.h"

/** Everything that is wrong, one line each; "" when nothing is. Caller frees. */
char *fault_check_books(const char *admin_uri);
/** The books, and in addition what the submitters were told: every acknowledged request exactly
 * once under its digest, entry and receipt; no refused one; every unknown one at most once. */
char *fault_check_rig(const FaultRig *rig);
/** Only what a reader must see at every moment while others post. */
char *fault_check_snapshot(const char *admin_uri);
/** A trial balance as it was known at a batch: the same bytes at any later time. Caller frees. */
char *fault_report_at(const char *uri, int64_t batch_no);

#endif
