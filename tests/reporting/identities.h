/* identities.h: what must hold of the statements of any unit and group, in any books: the
 * accounting identities of GFSM 2014, chapter 4, and GFSM 2001. */
#ifndef FISC_TEST_IDENTITIES_H
#define FISC_TEST_IDENTITIES_H

#include "fisc/table.h"

/** Asserts them of all statements of one unit, in GFSM 2014 or 2001. What the notes say to be in
 * transit or unclassified is counted with what lacks it, to the cent. */
void identities_check(const FiscTable *table);

#endif
