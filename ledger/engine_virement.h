/* engine_virement.h: virement rules: shared by the files that read definitions
 * (engine_virement_rule.c) and judge entries (engine_virement.c). */
#ifndef FISC_LEDGER_ENGINE_VIREMENT_H
#define FISC_LEDGER_ENGINE_VIREMENT_H

#include "ledger/engine_control.h"

/* Lines that may not give, or not get: those whose code begins so. */
typedef struct {
    FiscKeyPart part; /* whole: what the beginning is looked for in */
    char *prefix;
} FiscVirementBar;

typedef struct {
    char *name;
    int order;                            /* rules are tried in ascending order, then by name */
    GHashTable *entities;                 /* codes; NULL = every entity */
    FiscDate from, to;                    /* it holds for entries effective from .. to */
    FiscKeyPart same[FISC_KEY_PARTS_MAX]; /* what giver and receiver share */
    int same_count;
    GArray *donor_not, *receiver_not;    /* of FiscVirementBar */
    FiscKeyPart key[FISC_KEY_PARTS_MAX]; /* the line whose outflow is capped */
    int key_count;
    int64_t cap;    /* parts of FISC_MILLION of its original appropriation; -1 = none */
    char *approval; /* the role that has to approve; NULL = any */
    int approvals;  /* how many have to; 0 = no document is needed */
    char *article;
} FiscVirementRule;

/* engine_virement_rule.c */
/** In the order in which they are tried; NULL when there was never a rule. */
const GPtrArray *fisc_engine_virement_rules(const FiscEngine *engine);
bool fisc_virement_rule_holds(const FiscVirementRule *rule, const char *entity, FiscDate on);

#endif
