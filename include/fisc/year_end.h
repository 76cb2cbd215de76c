/* year_end.h: what becomes of a budget when its year ends: what is carried over, by which rule, and
 * what lapses. Pure.
 *
 * For each line paid + accrued + carried + lapsed = budget, to the unit. What is carried leaves the
 * year that ends and comes into the next with its purpose: an order is open again, and what is left
 * of it in the end is blocked (docs/year-end.md). */
#ifndef FISC_YEAR_END_H
#define FISC_YEAR_END_H

#include "fisc/balances.h"
#include "fisc/carry.h"

typedef struct {
    const FiscYearItem *item;
    int64_t open, carried, lapsed;
    const FiscCarryRule *rule; /* NULL: none carries it */
    const char *why;           /* it is not carried, or not all of it; or NULL */
} FiscYearEndItem;

typedef struct {
    const FiscYearLine *line;
    int64_t budget;  /* with what was carried in, less what was carried out already */
    int64_t carried; /* items and free money */
    int64_t lapsed;  /* below zero: more was spent than the budget */
    int64_t free;    /* nobody's, with what lapses of this year's orders; of it is carried: */
    int64_t free_carried;
    const FiscCarryRule *free_rule; /* NULL: none carries it */
    GArray *items;                  /* of FiscYearEndItem, in the order of the line's */
} FiscYearEndLine;

typedef struct {
    const FiscYearPosition *position; /* borrowed, with everything in it */
    GPtrArray *lines;                 /* of FiscYearEndLine, in the order of the position's */
} FiscYearEnd;

FiscYearEnd *fisc_year_end_propose(const FiscYearPosition *position);
void fisc_year_end_free(FiscYearEnd *end);
/** Whether anything has to be posted for a line: it has open items, or free money to carry. */
bool fisc_year_end_moves(const FiscYearEndLine *line);

/** Appends what carries a line over: its events; entries into period @period (12 or 13) of the year
 * that take its items back and carry out; entries into the opening of the next year that carry in
 * and open the items again. Nothing when it has no moves. */
void fisc_year_end_write(const FiscYearEnd *end, const FiscYearEndLine *line, int period,
                         FiscSubmission *into);
/** "E/year-end/2019/programme=1/2/1": what the entries of part @part of run @round of a line are
 * called, before "/out" and "/in". Caller frees. */
char *fisc_year_end_reference(const char *entity, int year, const char *line, int round, int part);

/** Appends the entry that takes one of these entries back, with its @lines as they were posted. */
void fisc_year_end_take_back(const FiscPostedLines *lines, const char *reference, FiscPeriod period,
                             int decimals, FiscSubmission *into);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscYearEnd, fisc_year_end_free)

#endif
