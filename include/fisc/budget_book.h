/* budget_book.h: the budget as it was voted, as it became, and what was done with it. Pure.
 *
 * Balances know how much a line was changed, not by which acts: what is a virement and what is a
 * supplement is told by the entries, so the book needs both, of one snapshot, and compares them. */
#ifndef FISC_BUDGET_BOOK_H
#define FISC_BUDGET_BOOK_H

#include "fisc/balances.h"
#include "fisc/formulation.h"
#include "fisc/table.h"

/* What is on record about a document that changed the budget. No word is NULL. */
typedef struct {
    const char *document;
    const char *approved_by;  /* persons, separated by spaces; "" when it took no document */
    const char *approved_for; /* whom some of them acted for; likewise */
    const char *article;      /* of the law it carried out */
    const char *reason;
} FiscBookSigners;

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances; /* everything up to the moment, of at least the unit */
    const FiscPostedLines *lines; /* of the year: fisc_limit_lines_load() */
    const GPtrArray *signers;     /* of FiscBookSigners; NULL = none are known */
    const FiscPlanLines *plan;    /* of the version that is law, for its outer years; NULL = none */
    const char *unit;             /* entity or group; NULL = every entity */
    int year;
    int earlier_years; /* so many, with their original and revised budgets */
    const char *by;    /* "entity,programme:1,economic=22": docs/budget-book.md */
    const char
        *where; /* "programme=231 economic=22": only lines whose codes begin so; NULL = all */
    bool revenue;
} FiscBookQuery;

/** One row for each cell: the words of @by, then of spending
 *  original,supplements,virements_in,virements_out,carried_in,revised,blocked,released,reserved,
 *  committed,accrued,paid,available,executed_percent, of revenue
 *  original,supplements,revised,recognized,collected,outstanding,executed_percent; then
 *  original_YEAR,revised_YEAR of earlier years and plan_YEAR of later ones.
 *  revised = original + supplements + virements_in - virements_out + carried_in;
 *  revised - blocked - reserved - committed - accrued - paid = available.
 *  USAGE for a wrong @by or @where, NOT_FOUND for the unit, TAMPERED when entries and balances of a
 *  cell differ. */
bool fisc_budget_book_build(const FiscBookQuery *query, FiscTable **out_table, GError **error);

/** What the revised budget of each cell is made of, in order of date: the words of @by, then
 *  kind,date,amount,balance,document,maker,approved_by,article,reference,line,memo,batch,posted_at,
 *  entry. The amounts of a cell sum to its revised budget, balance is the sum so far. */
bool fisc_budget_book_unfold(const FiscBookQuery *query, FiscTable **out_table, GError **error);

/* PEFA ---------------------------------------------------------------------------------------- */

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances;
    const char *unit;        /* NULL = every entity */
    int year;                /* the last of three */
    const char *contingency; /* the lines of the contingency vote, "programme=929"; NULL = none */
} FiscPefaQuery;

/** The indicators that the books answer by themselves: PI-1.1, 2.1, 2.2, 2.3, 3.1. Columns
 *  indicator,name,year,budget,actual,deviation,percent,score: a row for each of the last three
 * years that is on record, then one with the score over all of them, whose year is empty. */
bool fisc_pefa_build(const FiscPefaQuery *query, FiscTable **out_table, GError **error);

#endif
