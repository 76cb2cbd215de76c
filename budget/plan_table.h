/* plan_table.h: the parts of a version that are tables of the whole: ceilings, assumptions,
 * programmes, indicators, circular. What their columns are is data (plan_table.c); the fields are
 * text in the one spelling of plan_value.h. */
#ifndef FISC_BUDGET_PLAN_TABLE_H
#define FISC_BUDGET_PLAN_TABLE_H

#include "budget/plan_value.h"
#include "fisc/formulation.h"

#define FISC_PLAN_TABLE_COLUMNS_MAX 12

typedef struct {
    int row; /* of the text it was read from */
    const char *field[FISC_PLAN_TABLE_COLUMNS_MAX];
} FiscPlanRow;

typedef struct {
    FiscPartKind kind;
    FiscPlanFrame frame; /* without its version's name */
    char *name;          /* of the text, for messages */
    GPtrArray *rows;     /* of FiscPlanRow, in canonical order */
    GStringChunk *chunk;
} FiscPlanTable;

/** Reads a text of a kind that is not lines. NULL with refusals. */
FiscPlanTable *fisc_plan_table_read(FiscPartKind kind, const FiscPlanFrame *frame, const char *name,
                                    const char *data, gsize length, FiscRefusals *refusals);
/** The same from what is on record, or NULL, which has no rows. */
FiscPlanTable *fisc_plan_table_read_text(FiscPartKind kind, const FiscPlanFrame *frame,
                                         const char *text, FiscRefusals *refusals);
void fisc_plan_table_free(FiscPlanTable *table);
/** The canonical text. Caller frees. */
char *fisc_plan_table_write(const FiscPlanTable *table);
/** A field by the name of its column, which exists. "" = not given. */
const char *
fisc_plan_table_field(const FiscPlanTable *table, const FiscPlanRow *row, const char *column);
/** The row of a code in the first column, the first of them; NULL = none. */
const FiscPlanRow *fisc_plan_table_find(const FiscPlanTable *table, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPlanTable, fisc_plan_table_free)

#endif
