/* plan_column.h: the columns of budget lines as data: what reading, writing, comparing, merging and
 * the rights of a step have in common. */
#ifndef FISC_BUDGET_PLAN_COLUMN_H
#define FISC_BUDGET_PLAN_COLUMN_H

#include "budget/plan_value.h"
#include "fisc/formulation.h"
#include "fisc/money.h"

#define FISC_PLAN_LINE_MAX 100 /* bytes of a line's name: references are made of it */

typedef enum { FISC_PLAN_TEXT, FISC_PLAN_SIDE, FISC_PLAN_FIGURE } FiscPlanColumnKind;

typedef struct {
    char name[24]; /* "mark_2019" */
    FiscPlanColumnKind kind;
    FiscValueRule rule;
    bool is_needed;
    bool is_key;
    FiscFigureKind goes_with; /* who may change this figure may change the column */
    gsize offset;             /* TEXT: of the pointer in FiscPlanLine */
    int year;                 /* FIGURE: 2019 */
} FiscPlanColumn;

/** All columns of @years years in canonical order: of FiscPlanColumn. Caller unrefs. */
GArray *fisc_plan_columns_new(int year, int years);

/** The value as it is written; "" = not given, or of a year outside the frame. @buffer is used for
 * figures. */
const char *fisc_plan_column_text(const FiscPlanColumn *column, const FiscPlanFrame *frame,
                                  const FiscPlanLine *line, char buffer[FISC_AMOUNT_TEXT]);
/** The string of a TEXT column. */
const char **fisc_plan_column_string(const FiscPlanColumn *column, FiscPlanLine *line);

/** Order of entity, then line. */
int fisc_plan_line_compare(const FiscPlanLine *a, const FiscPlanLine *b);
/** The lines in that order: of const FiscPlanLine. Caller unrefs. */
GPtrArray *fisc_plan_lines_in_order(const FiscPlanLines *lines);
/** Puts the lines themselves in that order. */
void fisc_plan_lines_sort(FiscPlanLines *lines);
/** A set of lines, to be asked with any line of the same entity and name. Caller unrefs. */
GHashTable *fisc_plan_index_new(const FiscPlanLines *lines);
GHashTable *fisc_plan_index_new_empty(void);

#endif
