/* stage_columns.c: the columns of a budget by stage, as two tables.
 *
 * Amounts are cumulative: what was paid was also obligated, committed and authorized. */
#include "reporting/stage_columns.h"
#include <string.h>

static const FiscStageColumn spending_columns[] = {
    {"original", true, FISC_STAGE_APPROPRIATION, FISC_STAGE_APPROPRIATION},
    {"change", true, FISC_STAGE_CHANGE, FISC_STAGE_CHANGE},
    {"final", true, FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE},
    {"authorized", false, FISC_STAGE_AUTHORIZATION, FISC_STAGE_PAYMENT},
    {"committed", false, FISC_STAGE_COMMITMENT, FISC_STAGE_PAYMENT},
    {"obligated", false, FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT},
    {"paid", false, FISC_STAGE_PAYMENT, FISC_STAGE_PAYMENT},
    {"available", false, FISC_STAGE_AVAILABLE, FISC_STAGE_AVAILABLE},
};

static const FiscStageColumn revenue_columns[] = {
    {"original", true, FISC_STAGE_ESTIMATE, FISC_STAGE_ESTIMATE},
    {"change", true, FISC_STAGE_ESTIMATE_CHANGE, FISC_STAGE_ESTIMATE_CHANGE},
    {"final", true, FISC_STAGE_ESTIMATE, FISC_STAGE_ESTIMATE_CHANGE},
    {"recognized", false, FISC_STAGE_RECOGNITION, FISC_STAGE_COLLECTION},
    {"collected", false, FISC_STAGE_COLLECTION, FISC_STAGE_COLLECTION},
    {"outstanding", false, FISC_STAGE_OUTSTANDING, FISC_STAGE_OUTSTANDING},
};

const FiscStageColumn *
fisc_stage_columns(bool revenue, guint *out_count)
{
    *out_count = revenue ? G_N_ELEMENTS(revenue_columns) : G_N_ELEMENTS(spending_columns);
    return revenue ? revenue_columns : spending_columns;
}

const FiscStageColumn *
fisc_stage_column_find(const char *name, bool revenue)
{
    guint count = 0;
    const FiscStageColumn *columns = fisc_stage_columns(revenue, &count);
    for (guint i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}
