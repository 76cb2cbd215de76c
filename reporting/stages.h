/* stages.h: sums of the budgetary accounts by stage, grouped by any words of their codings. */
#ifndef FISC_STAGES_H
#define FISC_STAGES_H

#include "fisc/balances.h"
#include "reporting/perimeter.h"
#include "reporting/stage_keys.h"

typedef struct {
    char **words;                       /* one per key, ended by NULL */
    __int128 balance[FISC_STAGE_COUNT]; /* debits positive */
    bool is_moved[FISC_STAGE_COUNT];    /* has postings, even if they add up to nothing */
} FiscStageSum;

/** The sums of one fiscal year, as FiscStageSum, in the order their keys first come up in the
 *  codings. Caller unrefs. */
GPtrArray *fisc_stages_sum(const FiscPerimeter *perimeter, const FiscBalances *balances, int year,
                           const FiscStageKey *keys, guint key_count);
/** The same of some lines only. @where NULL = all. */
GPtrArray *
fisc_stages_sum_where(const FiscPerimeter *perimeter, const FiscBalances *balances, int year,
                      const FiscStageKey *keys, guint key_count, const FiscStageWhere *where);

#endif
