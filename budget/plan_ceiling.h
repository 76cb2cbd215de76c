/* plan_ceiling.h: ceilings with what the lines they speak of come to. */
#ifndef FISC_BUDGET_PLAN_CEILING_H
#define FISC_BUDGET_PLAN_CEILING_H

#include "budget/plan_table.h"

/* Strings are the table's. */
typedef struct {
    const char *name, *entity, *nature, *article;
    const char *prefix[4]; /* programme, section, economic, gfs_code */
    int year;
    int64_t limit;
    int lines;
    __int128 requested; /* what the agencies ask for */
    __int128 marked;    /* with the marks of the ministry, where it made one */
    __int128 proposed;  /* with the amendments, too */
} FiscPlanCeiling;

/** The ceilings of a canonical text (NULL = none), each with its sums over @lines: of
 * FiscPlanCeiling. NULL with refusals. Caller unrefs the list, then frees the table. */
FiscPlanTable *fisc_plan_ceilings_read(const FiscPlanLines *lines, const char *text,
                                       GPtrArray **out_ceilings, FiscRefusals *refusals);
/** What a ceiling says of entities: "MIN" is that one, "A*" are all whose code begins so, "" is
 * everybody. */
bool fisc_plan_ceiling_is_of(const char *pattern, const char *entity);
/** "entity=MIN programme=2 year=2019". Caller frees. */
char *fisc_plan_ceiling_key(const FiscPlanCeiling *ceiling);

#endif
