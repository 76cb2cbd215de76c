/* unit.h: the walks of units and groups that change: docs/master-data.md.
 *
 * Changes of master data are facts with a date: put on record at once, or, where duties are
 * enforced, proposed as a document: *out_document is then its id, else NULL. */
#ifndef FISC_UNIT_H
#define FISC_UNIT_H

#include "fisc/context.h"
#include "fisc/entry.h"
#include "fisc/table.h"

/** Every unit as it is on a day: columns entity,name,sector,cp_code,statements,groups. */
bool fisc_flow_unit_list(FiscContext *ctx, FiscDate on, FiscTable **out_table, GError **error);
/** What is on record of one: columns from,to,what,value,article. NOT_FOUND. */
bool
fisc_flow_unit_show(FiscContext *ctx, const char *entity, FiscTable **out_table, GError **error);

/* What a unit is from a day on; NULL: that stays. */
typedef struct {
    const char *entity;
    FiscDate from;
    const char *name, *sector, *cp_code;
    const char *reporting; /* "Y" or "N" */
    const char *article;
} FiscUnitChange;

bool fisc_flow_unit_change(FiscContext *ctx, const FiscUnitChange *change, char **out_document,
                           FiscReceipt **out_receipt, GError **error);

typedef struct {
    const char *entity, *group;
    FiscDate day; /* the first, or of who leaves the last */
    bool is_end;
    const char *article;
} FiscMembership;

/** Joins a group, or leaves it. NOT_FOUND when who leaves is no member. */
bool fisc_flow_unit_membership(FiscContext *ctx, const FiscMembership *membership,
                               char **out_document, FiscReceipt **out_receipt, GError **error);

typedef struct {
    const char *const *entities; /* that end, or give a part away; ended by NULL */
    const char *into;            /* successors, separated by blanks */
    const char *rule;            /* fisc/succession.h; NULL: the first takes all */
    const char *article;
    FiscDate on; /* the first day of the successors */
    bool is_dry; /* only the table */
} FiscSuccessionOrder;

typedef struct {
    FiscTable *moves;     /* entity,account,counterparty,amount: what is proposed to be posted */
    char *facts;          /* document of the successions; NULL: they are on record */
    char *entries;        /* document of the entries; NULL: nothing is to be moved */
    FiscReceipt *receipt; /* of what was refused, or of the last of both; NULL of a dry run */
} FiscSuccessionDone;

/** Puts the successions on record and proposes, as one document, the entries that move every stock
 * as other volume changes. What was moved is not moved again. NOT_FOUND, USAGE. */
bool fisc_flow_unit_succeed(FiscContext *ctx, const FiscSuccessionOrder *order,
                            FiscSuccessionDone *out_done, GError **error);
void fisc_succession_done_clear(FiscSuccessionDone *done);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscSuccessionDone, fisc_succession_done_clear)

#endif
