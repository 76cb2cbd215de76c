/* lens.h: ways to look at the same balances: what stands between the books and a statement.
 *
 * Each lens takes balances as loaded and changes them in place: units that were split or
 * renumbered are seen under another name, fiscal years and currencies become those of the group,
 * costs are shared out. The books themselves are never touched. What a lens did is said in @notes
 * (of char *), which stand below the statement. A lens that is not asked for, or has nothing to
 * do, changes nothing and says nothing. Pure. */
#ifndef FISC_LENS_H
#define FISC_LENS_H

#include "fisc/balances.h"

typedef struct {
    const char *unit; /* of the statement; NULL = every entity */
    FiscPeriod from, to;
    const char *comparatives; /* "restated": earlier figures under the units and accounts of the
                                 period's end, "restated=2024" of that of another; NULL or
                                 "reported": as they were */
    const char *calendar;     /* "own": each unit's fiscal year that ends in the period's year;
                                 NULL or "common": the same months for all */
    const char *currency;     /* ISO 4217: of the statement; NULL = that of the units, which must
                                 then be one */
    const char *allocation;   /* name of the allocation to apply; NULL = none */
} FiscLensQuery;

/** The period at whose end units and accounts are looked for; 0: as they were. USAGE. */
bool fisc_lens_restated_at(const FiscLensQuery *query, FiscPeriod *out_at, GError **error);
/** Units and accounts as they are at the end of a period: successions, renumberings. */
bool fisc_lens_restate(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                       GPtrArray *notes, GError **error);
/** Moves each unit's months of its own fiscal year to those of the period. */
bool fisc_lens_calendar(const FiscNation *nation, const FiscLensQuery *query,
                        FiscBalances *balances, GPtrArray *notes, GError **error);
/** The last period that has to be loaded so that fisc_lens_calendar() sees all it needs. */
FiscPeriod fisc_lens_calendar_end(const FiscNation *nation, const FiscLensQuery *query);
/* coding_id of what no entry posted: the stock of an account in another currency, and what a change
 * of rates makes of it. */
#define FISC_CODING_TRANSLATED (-1)
#define FISC_CODING_TRANSLATION (-2)
/* A stock that comes in or goes out with a unit, or is shown under another one. */
#define FISC_CODING_MOVED (-3)

/** Every amount in one currency: stocks at the closing rate, flows at the average, the difference
 * as a holding gain of its own (docs/consolidation.md); @lines, or NULL, at the rates of their
 * months. The units then have that currency. USAGE when the units have several and none was asked
 * for, NOT_FOUND when a rate is missing. */
bool fisc_lens_translate(FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                         FiscPostedLines *lines, GPtrArray *notes, GError **error);
/** Shares costs out by their drivers, as a layer of the report. */
bool fisc_lens_allocate(const FiscNation *nation, const FiscLensQuery *query,
                        FiscBalances *balances, GPtrArray *notes, GError **error);

#endif
