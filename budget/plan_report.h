/* plan_report.h: what a version says, as tables: who is over a ceiling, what programmes cost and
 * reach, what tags come to. And what of it is carried into the next year. Pure. */
#ifndef FISC_BUDGET_PLAN_REPORT_H
#define FISC_BUDGET_PLAN_REPORT_H

#include "budget/plan_table.h"
#include "fisc/table.h"

/** Columns ceiling,key,lines,limit,requested,marked,proposed,room,over. NULL with refusals. */
FiscTable *
fisc_plan_ceilings_table(const FiscPlanLines *lines, const char *ceilings, FiscRefusals *refusals);
/** Programmes as a tree, each with what is proposed for it and those below it, its indicators
 * behind it: columns programme,title,indicator,year,unit,baseline,target,result,reached,
 * proposed_YEAR ...,objective. Texts NULL = none. NULL with refusals. */
FiscTable *fisc_plan_performance_table(const FiscPlanLines *lines, const char *programmes,
                                       const char *indicators, FiscRefusals *refusals);
/** What of the spending counts for each tag, by programme: columns tag,programme,proposed_YEAR ...
 * The tag "*" is what has none. Cells of a tag add up to its total: what rounding leaves over goes
 * to the largest remainders. */
FiscTable *fisc_plan_tags_table(const FiscPlanLines *lines);

/** Adds a column "proposed_YEAR" for each year of the frame. The index of the first. */
int fisc_plan_add_year_columns(FiscTable *table, const FiscPlanFrame *frame);

/** Gives @into the baseline that follows from what @last proposes, the version of an earlier year:
 * lines that are there get the figure, others are added. Years that @last plans are taken from its
 * plan; for the years behind them its last year is carried on, raised by an assumption where @index
 * names one for the line: "economic=2:inflation economic=1:wages", by beginnings of codes, the
 * first that fits. Where @last has nothing for any outer year, only its budget year is a plan.
 * @assumptions: a canonical text, or NULL. False with refusals. */
bool fisc_plan_baseline(FiscPlanLines *into, const FiscPlanLines *last, const char *assumptions,
                        const char *index, FiscRefusals *refusals);

#endif
