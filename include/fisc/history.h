/* history.h: units and groups as they are at a date: names, sectors, who belongs to a group.
 *
 * Made from the facts "history" and "membership" of a nation (docs/master-data.md). A month counts
 * for where a unit belongs on its last day; opening balances for the December before. */
#ifndef FISC_HISTORY_H
#define FISC_HISTORY_H

#include "fisc/succession.h"

/** The month of a period, 12 * year + month - 1: 202400 is December of 2023, 202413 of 2024. */
int fisc_month_number(FiscPeriod period);
/** "2024-06". @buffer of FISC_DATE_TEXT bytes. */
const char *fisc_month_format(int month, char *buffer);

/** Makes every unit what it is at the end of @to, and the members of a group all that belong to it
 * between the opening of @from and the end of @to: who does not all of that time has stays there,
 * and a note says so. Once per nation. */
void fisc_nation_during(FiscNation *nation, FiscPeriod from, FiscPeriod to);
/** The same of one moment, the end of @to: who belongs then always did. */
void fisc_nation_at(FiscNation *nation, FiscPeriod to);

/** True when an entity that is in @sector belongs to the group that is made. */
typedef bool (*FiscBelongs)(const char *sector, gconstpointer data);
/** Adds a group of this nation alone: the members of @within, NULL = every entity, while @belongs
 * is true of their sector. Its stays and notes are made as those of the others were. */
FiscGroup *
fisc_nation_add_group_of(FiscNation *nation, const char *code, const char *name, const char *within,
                         FiscPeriod from, FiscPeriod to, FiscBelongs belongs, gconstpointer data);
/** Adds a group for a sector that is asked about as a unit ("S1313"): every entity with a code that
 * begins so. False when @sector is no such code, or something has that code, or nobody has. */
bool fisc_nation_add_sector(FiscNation *nation, const char *sector, FiscPeriod from, FiscPeriod to);

/** The code of a unit in months when it is outside: of a counterparty. Caller frees. */
char *fisc_outside_code(const char *entity);
/** The balances as a group's statements see them, some of whose members come and go: flows of the
 * months of a stay; stocks that come in and go out as other volume changes; and as outside what
 * is dealt with others before or after. NULL when @unit is no group with stays. Codings that did
 * not change are those of @balances, which must live longer. */
FiscBalances *
fisc_balances_of_stays(const FiscNation *nation, const char *unit, const FiscBalances *balances);

/* One amount that goes from one unit, or from one counterparty, to another. */
typedef struct {
    const char *entity; /* in whose books */
    const FiscCoding *coding;
    const char *counterparty; /* instead of the coding's */
    int64_t amount;           /* debit positive */
} FiscMove;

/** What has to be posted, as other volume changes, so that the stocks of @entities at the end of
 * @to are their successors': all of it out of their books, and into the others' by the rule; claims
 * of third units on them, on their successors. Of FiscMove, by unit, ordered by their words. What
 * is left against net worth, unit by unit, is not among them. */
GArray *
fisc_succession_moves(const FiscNation *nation, const FiscBalances *balances,
                      const char *const *entities, const FiscShareRule *rule, FiscPeriod to);

#endif
