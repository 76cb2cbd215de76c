/* statement.h: GFSM 2014 statements, eliminations and asymmetries from balances. Pure.
 *
 * Conventions of the package format hold (docs/package-format.md). Layouts are data
 * (reporting/layouts/). Sources: GFSM 2014 chapter 4, 3.152-3.166 on consolidation, A8 on codes. */
#ifndef FISC_STATEMENT_H
#define FISC_STATEMENT_H

#include "fisc/balances.h"
#include "fisc/poster.h"
#include "fisc/table.h"

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances;   /* everything up to @to, of at least the perimeter's entities */
    const FiscBalancesIndex *index; /* of @balances, where many units are asked for; or NULL */
    const char *unit;               /* entity or group */
    FiscPeriod from, to;            /* flows of [from, to]; stocks before @from and after @to */
    bool unconsolidated;            /* add the members up without eliminating */
    const char *statement;          /* only these: "SOO" or "SOO,SSUC"; NULL = all, and memoranda */
    const char *family; /* of layouts: "gfsm2014" when NULL; fisc_statement_families() */
    const char *layout; /* of fisc_statement_national(): "USSGL_SBR", or on record; else NULL */
    const char *layer;  /* "reported", an adjustment layer, several with ","; NULL or "all" = all */
} FiscStatementQuery;

/** Columns statement,unit,code,label,amount; the statements SOO, SSUC, SOEF, BS_OPEN, BS_CLOSE,
 *  STCNW, STOCKFLOW, COFOG, COFOG_DIV, COUNTERPART, and MEMO where memoranda are on record.
 *  STOCKFLOW rows carry opening|transactions|gains|volume in the label (decimal strings).
 *  Notes say what is not covered and, of a group, the residue in transit by owner (convention 15);
 *  those on one statement stand below its title or row, for people, and name it in JSON.
 *  NOT_FOUND when the unit is unknown, USAGE when a statement is. */
bool fisc_statement_build(const FiscStatementQuery *query, FiscTable **out_table, GError **error);

/** NULL-terminated pairs name, description of the families of layouts. */
const char *const *fisc_statement_families(void);

/** A statement by the layout that @query names, a national one (reporting/layouts/national/) or one
 *  on record. Over the account numbers of a national chart a group's is the sum of its members;
 * over GFS codes it is consolidated. Columns as above; NOT_FOUND when the unit is unknown, USAGE
 * when the layout is or no unit is named. */
bool
fisc_statement_national(const FiscStatementQuery *query, FiscTable **out_table, GError **error);

/** Columns function,label,21..28,31,total: COFOG divisions and groups by economic class, with the
 *  eliminations of the statements. The corner is 2M, and what has no function has a row of its own.
 *  @query->unit NULL = every entity. NOT_FOUND when the unit is unknown, USAGE the family. */
bool fisc_statement_cofog_economic(const FiscStatementQuery *query, FiscTable **out_table,
                                   GError **error);

/** IPSAS 24, of whole years of one unit: columns statement,unit,code,label,original,final,actual,
 *  difference. IPSAS24 compares receipts and payments by class of two digits; IPSAS24_CASH and
 *  IPSAS24_EXPENSE lead from the actual spending of the budget to the cash flow statement and to
 * the expenses of the statement of financial performance: docs/ipsas.md. NOT_FOUND, USAGE as above.
 */
bool
fisc_statement_ipsas_budget(const FiscStatementQuery *query, FiscTable **out_table, GError **error);

/** Columns group,journal_id,from_entity,to_entity,gfs_code,kind,amount,level: convention 11; the
 *  level is the smallest roof over the two units: a subsector of general government, else a group.
 *  @lines: posted financial lines with a counterparty, in chain order; groups in order given.
 *  @group NULL = all groups. Entity names must not repeat. */
bool fisc_statement_eliminations(const FiscNation *nation, const FiscPostedLines *lines,
                                 const char *group, FiscTable **out_table, GError **error);
/** The same lines added up, one row for a pair: columns group,from_entity,to_entity,lines and one
 *  for each kind: payable,receivable,asset,financial; a group's totals are a note. */
bool fisc_statement_eliminations_by_pair(const FiscNation *nation, const FiscPostedLines *lines,
                                         const char *group, FiscTable **out_table, GError **error);
/** The same by level: columns group,level,lines and the kinds; inside a subsector first (R26). */
bool fisc_statement_eliminations_by_level(const FiscNation *nation, const FiscPostedLines *lines,
                                          const char *group, FiscTable **out_table, GError **error);

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances; /* up to a year behind @to, where they tell what came late */
    const FiscPostedLines *lines; /* of [from, to]; NULL: days are those of months */
    const char *group;            /* NULL = the widest group (most members, first wins) */
    FiscPeriod from, to;
    bool every_kind; /* of dealing; else grants */
} FiscAsymmetryQuery;

/** Columns payer,receiver,kind,payer_amount,receiver_amount,difference,class,owner,since,days:
 *  convention 12 and docs/consolidation.md; grants first. A record whose counterparty is a group (a
 *  class of units the source does not name one by one) is compared with the sum of that class. A
 *  note gives all grants inside the group, as payers and as receivers record them. */
bool
fisc_statement_asymmetries(const FiscAsymmetryQuery *query, FiscTable **out_table, GError **error);
/** The lines behind them: columns payer,receiver,kind,side,entity,date,reference,document,gfs_code,
 *  amount. @query->lines are needed. */
bool fisc_statement_asymmetry_records(const FiscAsymmetryQuery *query, FiscTable **out_table,
                                      GError **error);

/* How many of the units whose reports are due have reported (rule R31). */
typedef struct {
    int due, received; /* units */
    int flash, provisional, final;
    __int128 value_due, value_received; /* their expenditure of the year before */
    const char *status;                 /* "flash" "provisional" "final"; NULL: nothing is due */
} FiscCompleteness;

/** @unit NULL = every entity. NOT_FOUND when it is unknown. */
bool fisc_statement_completeness(const FiscNation *nation, const FiscBalances *balances,
                                 const char *unit, FiscPeriod from, FiscPeriod to,
                                 FiscCompleteness *out, GError **error);
/** Columns unit,name,state,due_on,received_on,days_late,value,share, the missing ones first; the
 *  count is a note. */
bool fisc_statement_completeness_table(const FiscNation *nation, const FiscBalances *balances,
                                       const char *unit, FiscPeriod from, FiscPeriod to,
                                       FiscTable **out_table, GError **error);

/** Entries of adjustment layers: columns layer,entity,reference,date,document,account,
 *  counterparty_entity,amount,memo,made_by,approved_by,posted_at,batch. @lines: of
 *  fisc_layer_lines_load(). @layer as of FiscStatementQuery. @unit NULL = every entity. */
bool fisc_statement_adjustments(const FiscNation *nation, const FiscPostedLines *lines,
                                const char *unit, const char *layer, FiscPeriod from, FiscPeriod to,
                                FiscTable **out_table, GError **error);

/** Columns entity,account,debit,credit,balance,title,side: turnovers of [from, to], balance after
 *  @to, of both sides. The account of a GFS posting is the code as posted. @unit NULL = every
 *  entity. A note names the accounts whose balance is not on the side their chart calls normal. */
bool fisc_statement_trial_balance(const FiscNation *nation, const FiscBalances *balances,
                                  const char *unit, FiscPeriod from, FiscPeriod to,
                                  FiscTable **out_table, GError **error);

/** Columns entity,gfs_code,cofog,original,virement,final,accrued,paid,available_after_accrual of
 *  the keys that have an appropriation. */
bool
fisc_statement_budget_execution(const FiscNation *nation, const FiscBalances *balances,
                                const char *unit, int year, FiscTable **out_table, GError **error);

/** All stages by any dimensions: @by is a comma separated list of dimension columns, each with an
 *  optional ":N" for its first N characters, and "=WORD" to see only what has that word there
 *  ("entity,section=027,economic:1"). Columns: those, then
 *  original,change,final,authorized,committed,obligated,paid,available (spending keys), or with
 *  @revenue original,change,final,recognized,collected,outstanding. Stage amounts are cumulative:
 *  what was paid was also obligated, committed, authorized.
 *  @over_only: only the keys where authorized exceeds final, the largest excess first, with a note
 *  that counts and adds them up. */
bool fisc_statement_budget_stages(const FiscNation *nation, const FiscBalances *balances,
                                  const char *unit, int year, const char *by, bool revenue,
                                  bool over_only, FiscTable **out_table, GError **error);

/** Which controls are over, and by how much: columns control,level,keys,keys_over,over; with
 *  @detail one row for each key over, largest first: control,level,key,article,limit,consumed,over.
 *  @funds: of FiscFunds, every key on record in the year (fisc_poster_funds()). @unit NULL = every
 *  entity, @control NULL = all. NOT_FOUND when the unit is unknown or the control has no key. */
bool fisc_statement_control_exceptions(const FiscNation *nation, const GPtrArray *funds,
                                       const char *unit, int year, const char *control, bool detail,
                                       FiscTable **out_table, GError **error);

#endif
