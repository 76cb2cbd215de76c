/* succession.h: how what a unit has is shared among those that take over from it.
 *
 * A rule is a list of words, separated by blanks. "HEALTH:3" gives HEALTH three parts of what no
 * other word names. "section=01*:EDU" gives EDU everything whose section begins with 01: any column
 * of a coding, or "account"; the first that fits decides. Without parts the first successor takes
 * what is left. */
#ifndef FISC_SUCCESSION_H
#define FISC_SUCCESSION_H

#include "fisc/balances.h"

typedef struct {
    GPtrArray *entities; /* of char *: who shares what is not picked */
    GArray *weights;     /* of int64_t: likewise, each above zero */
    GArray *picks;       /* of FiscPick, in order */
} FiscShareRule;

typedef struct {
    int dimension; /* FISC_DIM_COUNT: the account */
    char *value;
    bool is_prefix;
    char *entity;
} FiscPick;

#define FISC_SHARES_MAX 100

/** Reads a rule for the successors @into, separated by blanks. NULL with what is wrong in
 * @out_complaint (owned by the caller). */
FiscShareRule *fisc_share_rule_read(const char *text, const char *into, char **out_complaint);
void fisc_share_rule_free(FiscShareRule *rule);
/** The one successor that takes all of a coding; NULL: it is shared. */
const char *fisc_share_rule_pick(const FiscShareRule *rule, const FiscCoding *coding);
/** What a stock is shared by: its unit, account and words, but for those that only tell its flows
 * apart. Codings of one key are one sum. Caller frees. */
char *fisc_share_stock_key(const FiscCoding *coding);
/** The parts of an amount, one for each of rule->entities; they add up to it. */
void
fisc_share_rule_split(const FiscShareRule *rule, int64_t amount, int64_t parts[FISC_SHARES_MAX]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscShareRule, fisc_share_rule_free)

#endif
