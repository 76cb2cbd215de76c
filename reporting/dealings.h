/* dealings.h: what kind of dealing between two units a record speaks of, and from which side. */
#ifndef FISC_DEALINGS_H
#define FISC_DEALINGS_H

#include "fisc/balances.h"
#include "reporting/pairs.h"

typedef struct {
    const char *kind; /* "current", "interest", "loans": one word each */
    FiscSide side;
    bool is_grant;
    bool is_stock; /* compared by what is there at the end, not by what moved */
} FiscDealing;

/** False when the record is of no dealing that the other side has on record, too. */
bool fisc_dealing_of(const FiscCoding *coding, FiscDealing *out_dealing);
/** What the record says, positive on its side. */
__int128 fisc_dealing_amount(const FiscDealing *dealing, __int128 debit);

#endif
