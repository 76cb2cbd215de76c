/* measure.c: the measures, as a table: which codings each is about, and how their lines count. */
#include "reporting/measure.h"
#include "fisc/gfs.h"
#include "reporting/stage_columns.h"
#include <string.h>

#define CASH "6202" /* currency and deposits */

struct _FiscMeasure {
    const char *name;
    bool (*is_of)(const FiscCoding *coding); /* NULL: the stages of @column */
    FiscDrillPart weights;
    FiscStageColumn column;
};

static bool
is_financial(const FiscCoding *coding)
{
    return coding->account->class_ != FISC_CLASS_BUDGETARY;
}

/* What is opened was there before: it is no flow. */
static bool
is_flow(const FiscCoding *coding)
{
    return is_financial(coding) && coding->flow != FISC_FLOW_OPENING;
}

static bool
is_revenue(const FiscCoding *coding)
{
    return coding->account->class_ == FISC_CLASS_REVENUE;
}

static bool
is_expense(const FiscCoding *coding)
{
    return coding->account->class_ == FISC_CLASS_EXPENSE;
}

static bool
is_cash(const FiscCoding *coding)
{
    return is_flow(coding) && coding->flow == FISC_FLOW_TRANSACTION &&
           coding->account->gfs != NULL && fisc_gfs_is_under(coding->account->gfs, CASH);
}

/* Limits lie on the debit side of budgetary accounts, draws on the credit side. */
#define STAGES(name, is_limit, first, last)                                                        \
    {                                                                                              \
        name, NULL, {.debit = (is_limit) ? 1 : -1, .credit = (is_limit) ? 1 : -1},                 \
        {                                                                                          \
            name, is_limit, FISC_STAGE_##first, FISC_STAGE_##last                                  \
        }                                                                                          \
    }

static const FiscMeasure measures[] = {
    {"net", is_flow, {.debit = 1, .credit = 1}, {NULL}},
    {"debit", is_flow, {.debit = 1}, {NULL}},
    {"credit", is_flow, {.credit = -1}, {NULL}},
    {"balance", is_financial, {.before = 1, .debit = 1, .credit = 1}, {NULL}},
    {"revenue", is_revenue, {.debit = -1, .credit = -1}, {NULL}},
    {"expense", is_expense, {.debit = 1, .credit = 1}, {NULL}},
    {"cash-in", is_cash, {.debit = 1}, {NULL}},
    {"cash-out", is_cash, {.credit = -1}, {NULL}},
    STAGES("original", true, APPROPRIATION, APPROPRIATION),
    STAGES("change", true, CHANGE, CHANGE),
    STAGES("final", true, APPROPRIATION, CHANGE),
    STAGES("authorized", false, AUTHORIZATION, PAYMENT),
    STAGES("committed", false, COMMITMENT, PAYMENT),
    STAGES("obligated", false, OBLIGATION, PAYMENT),
    STAGES("paid", false, PAYMENT, PAYMENT),
    STAGES("available", false, AVAILABLE, AVAILABLE),
    STAGES("estimated", true, ESTIMATE, ESTIMATE_CHANGE),
    STAGES("recognized", false, RECOGNITION, COLLECTION),
    STAGES("collected", false, COLLECTION, COLLECTION),
};

bool
fisc_measure_find(const char *name, const FiscMeasure **out_measure, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(measures); i++) {
        if (name == NULL || strcmp(measures[i].name, name) == 0) {
            *out_measure = &measures[i];
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", measures[i].name);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no measure; there are: %s", name,
                     known->str);
}

const char *
fisc_measure_name(const FiscMeasure *measure)
{
    return measure->name;
}

bool
fisc_measure_weigh(const FiscMeasure *measure, const FiscCoding *coding, FiscDrillPart *part)
{
    FiscStage stage = coding->account->stage;
    *part = measure->weights;
    if (measure->is_of != NULL) {
        return measure->is_of(coding);
    }
    return coding->account->class_ == FISC_CLASS_BUDGETARY && stage >= measure->column.first &&
           stage <= measure->column.last;
}
