/* pairs.h: what two units say of the same dealing, side by side.
 *
 * Each record names its own unit and the other party, which may be a class (a group). Records that
 * can speak of the same dealings are put together, so that "the city paid its agencies 10" meets
 * what every agency says it had from the city. */
#ifndef FISC_PAIRS_H
#define FISC_PAIRS_H

#include "reporting/perimeter.h"

typedef enum {
    FISC_SIDE_FROM, /* the payer, the creditor */
    FISC_SIDE_TO,   /* the receiver, the debtor */
} FiscSide;

typedef struct {
    char *from; /* an entity, or the class that was named */
    char *to;
    char *what;
    __int128 amount[2]; /* by FiscSide */
    gint64 set;         /* of the records that were compared: fisc_pairs_set() */
} FiscPair;

typedef struct _FiscPairs FiscPairs;

/** Records of units of @perimeter, which is borrowed. */
FiscPairs *fisc_pairs_new(const FiscPerimeter *perimeter);
void fisc_pairs_free(FiscPairs *pairs);
/** Adds what @entity, on its @side, recorded against @counterparty. False, with nothing added, when
 *  the two are one and the same unit. */
bool fisc_pairs_add(FiscPairs *pairs, FiscSide side, const char *entity, const char *counterparty,
                    const char *what, __int128 amount);
/** The set of records that such a record was, or would be, compared with, as FiscPair.set; -1:
 * none. Adds nothing. */
gint64 fisc_pairs_set(FiscPairs *pairs, FiscSide side, const char *entity, const char *counterparty,
                      const char *what);
/** The pairs whose two records differ, as FiscPair, sorted by from, to, what. Caller unrefs. */
GPtrArray *fisc_pairs_list(const FiscPairs *pairs);

/** Who is to mend a difference: the lower level of government, because the record of the higher one
 *  prevails (GFSM 2014, 3.165); between equals the payer. */
const char *fisc_pair_owner(const FiscNation *nation, const FiscPair *pair);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPairs, fisc_pairs_free)

#endif
