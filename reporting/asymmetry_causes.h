/* asymmetry_causes.h: why two records of one dealing differ, whose it is to mend, since when. */
#ifndef FISC_ASYMMETRY_CAUSES_H
#define FISC_ASYMMETRY_CAUSES_H

#include "fisc/statement.h"
#include "reporting/dealings.h"

/* One pair that differs, and what was found out about it. */
typedef struct {
    const FiscPair *pair;
    FiscDealing dealing;
    GHashTable *months; /* FiscPeriod -> __int128: difference of the month */
    __int128 gains;     /* difference of holding gains */
    bool has_side[2];   /* something was recorded, in any month */
    const char *class_; /* "timing" "classification" "valuation" "coverage" "unknown" */
    char *owner;        /* who is to mend it */
    FiscDate since;
} FiscAsymmetry;

/** An asymmetry of @pair, which is borrowed. */
FiscAsymmetry *fisc_asymmetry_new(const FiscPair *pair, const FiscDealing *dealing);
void fisc_asymmetry_free(FiscAsymmetry *asymmetry);
/** Adds what one side recorded in a month, positive on its side. */
void fisc_asymmetry_add(FiscAsymmetry *asymmetry, const FiscCoding *coding, FiscSide side,
                        FiscPeriod period, __int128 amount);

/** Fills class, owner and since of each of @list, of FiscAsymmetry, for [from, to]. What is on
 * record about them prevails. */
void
fisc_asymmetry_explain(GPtrArray *list, const FiscNation *nation, FiscPeriod from, FiscPeriod to);

/** Who is to act on a difference of @pair in [from, to]: as was found out and put on record, else
 * by level. */
const char *fisc_asymmetry_owner(const FiscNation *nation, const FiscPair *pair, FiscPeriod from,
                                 FiscPeriod to);

#endif
