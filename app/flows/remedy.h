/* remedy.h: lawful ways out of what was refused for lack of funds. */
#ifndef FISC_FLOWS_REMEDY_H
#define FISC_FLOWS_REMEDY_H

#include "fisc/nation.h"
#include "fisc/poster.h"

/* What stands before the entries that were refused, beside the books. */
typedef struct {
    const FiscSubmission *submission; /* of the receipt, planned */
    const FiscSubmission *assumed;    /* taken as posted before it; or NULL */
    bool atomic;
    bool is_written; /* what was accepted is in the books; else it was only tried */
} FiscRefusedWork;

/** Adds to the first funds refusal of each refused entry the ways out that were found: each was
 * rehearsed and makes the whole entry pass; or that there is none. The first FISC_REMEDIES_MAX
 * entries only; not where something else than funds refuses, too, or several entries of one group
 * lack funds. */
bool fisc_flow_add_remedies(FiscPoster *poster, const FiscNation *nation,
                            const FiscRefusedWork *work, FiscReceipt *receipt, GError **error);

#define FISC_REMEDIES_MAX 20

#endif
