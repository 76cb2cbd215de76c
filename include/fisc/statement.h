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
    const FiscBalances *balances; /* everything up to @to, of at least the perimeter's entities */
    const char *unit;             /* entity or group */
    FiscPeriod from, to;          /* flows of [from, to]; stocks before @from and after @to */
    bool unconsolidated;          /* add the members up without eliminating */
    const char *statement;        /* only these: "SOO" or "SOO,SSUC"; NULL = all, and memoranda */
    const char *family;           /* of layouts: "gfsm2014" when NULL; fisc_statement_families() */
    const char *layout;           /* of fisc_statement_national(): "USSGL_SBR"; else NULL */
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

/** A statement over the account numbers of a national chart, by the layout @query names
 *  (reporting/layouts/national/): a group's is the sum of its members. Columns as above; NOT_FOUND
 *  when the unit is unknown, USAGE when the layout is or no unit is named. */
bool
fisc_statement_national(const FiscStatementQuery *query, FiscTable **out_table, GError **error);

/** Columns group,journal_id,from_entity,to_entity,gfs_code,kind,amount: convention 11.
 *  @lines: posted financial lines with a counterparty, in chain order; groups in order given.
 *  @group NULL = all groups. Entity names must not repeat. */
bool fisc_statement_eliminations(const FiscNation *nation, const FiscPostedLines *lines,
                                 const char *group, FiscTable **out_table, GError **error);
/** The same lines added up, one row for a pair: columns group,from_entity,to_entity,lines and one
 *  for each kind: payable,receivable,asset,financial; a group's totals are a note. */
bool fisc_statement_eliminations_by_pair(const FiscNation *nation, const FiscPostedLines *lines,
                                         const char *group, FiscTable **out_table, GError **error);

/** Columns payer,receiver,kind,payer_amount,receiver_amount,difference: convention 12. A record
 *  whose counterparty is a group (a class of units the source does not name one by one) is compared
 *  with the sum of that class. @group NULL = the widest group (most members, first wins). A note
 *  gives all grants inside the group, as payers and as receivers record them. */
bool fisc_statement_asymmetries(const FiscNation *nation, const FiscBalances *balances,
                                const char *group, FiscPeriod from, FiscPeriod to,
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
