/* stage_columns.h: the columns of a budget by stage: which stages each adds up. */
#ifndef FISC_STAGE_COLUMNS_H
#define FISC_STAGE_COLUMNS_H

#include "fisc/balances.h"

/* A column adds up the balances of neighbouring stages. Limits lie on the debit side, what draws on
 * them on the credit side; both are shown positive. */
typedef struct {
    const char *name;
    bool is_limit;
    FiscStage first, last;
} FiscStageColumn;

/** Those of spending, or of revenue. */
const FiscStageColumn *fisc_stage_columns(bool revenue, guint *out_count);
const FiscStageColumn *fisc_stage_column_find(const char *name, bool revenue); /* NULL: none */

#endif
