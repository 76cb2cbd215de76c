/* nation.h: the public sector as the ledger knows it: units, groups, chart, controls.
 *
 * A snapshot of the master data at one batch, for readers. Everything is owned by the nation. */
#ifndef FISC_NATION_H
#define FISC_NATION_H

#include "fisc/fact.h"

typedef struct {
    char *code;
    char *name;
    char *sector;   /* SNA codes joined by '+', as given: "S13111" */
    char *cp_code;  /* counterparty code, the digits after 82/83: "11", "152" */
    bool reporting; /* has statements */
    char *currency; /* "" = two decimals */
    int decimals;
    char *first_sector; /* as registered, where a history says another now; NULL = @sector */
} FiscEntity;

/* Months in which an entity belongs to a group: 12 * year + month - 1, both included. */
typedef struct {
    const char *entity; /* the nation's string */
    int from, to;
} FiscStay;

typedef struct {
    char *code;
    char *name;
    GPtrArray *members; /* of char *: entity codes, in the order given */
    GArray *stays;      /* of FiscStay: members that come or go; the others always belong. NULL =
                           nobody does: see fisc/history.h */
} FiscGroup;

typedef enum {
    FISC_CLASS_REVENUE = 1,
    FISC_CLASS_EXPENSE = 2,
    FISC_CLASS_NONFINANCIAL_ASSET = 3,
    FISC_CLASS_FINANCIAL_ASSET = 4,
    FISC_CLASS_LIABILITY = 5,
    FISC_CLASS_NET_WORTH = 6,
    FISC_CLASS_BUDGETARY = 7,
    FISC_CLASS_PROPRIETARY = 8, /* financial, of a chart that says no more: no meaning in GFS */
} FiscClass;

typedef struct {
    char *code;
    char *name;
    FiscClass class_;
    char *gfs;     /* stem: "6111", "22", "1111"; "" = no meaning in GFS: in trial balances only */
    int kind;      /* default kind; 0 = none */
    bool national; /* from accounts.csv: posted by its number; else by GFS code */
    int normal;    /* side on which its balance is expected: 1 debit, -1 credit, 0 = not said */
    FiscStage stage;
} FiscAccount;

typedef struct {
    char *unit;      /* entity or group */
    char *statement; /* "SSUC", "BS_OPEN", ... or "*" for all */
    char *text;
} FiscNote; /* what a statement does not cover: printed with it */

typedef struct {
    char *unit;
    int year;
    char *code; /* "6M5" */
    char *label;
    int64_t amount;
    char *note;
} FiscMemorandum;

typedef struct {
    int book_id;
    int64_t batch_no;     /* known at */
    GPtrArray *entities;  /* of FiscEntity, in order of registration */
    GPtrArray *groups;    /* of FiscGroup */
    GPtrArray *accounts;  /* of FiscAccount */
    GPtrArray *notes;     /* of FiscNote */
    GPtrArray *memoranda; /* of FiscMemorandum */
    GPtrArray *facts;     /* of FiscFact: those of a kind together, in order of first mention */
    GPtrArray *outside;   /* of FiscEntity: members of a group in months when they are none, to be
                             named as counterparties; found by code alone */
    GHashTable *by_entity, *by_group, *by_account; /* code -> the above */
} FiscNation;

FiscNation *fisc_nation_new(void);
void fisc_nation_free(FiscNation *nation);
/** Add to a nation (used by the loader from the database and by tests). Takes copies. */
FiscEntity *
fisc_nation_add_entity(FiscNation *nation, const char *code, const char *name, const char *sector,
                       const char *cp_code, bool reporting, const char *currency);
FiscGroup *
fisc_nation_add_group(FiscNation *nation, const char *code, const char *name, const char *members);
FiscAccount *
fisc_nation_add_account(FiscNation *nation, const char *code, const char *name, FiscClass class_,
                        const char *gfs, int kind, bool national, FiscStage stage);
/** @fields: name, value ... A subject is added once. */
FiscFact *fisc_nation_add_fact(FiscNation *nation, const char *kind, const char *subject,
                               char *const *fields, int count);
/** The facts of a kind, of const FiscFact, in order of first mention. Caller unrefs. */
GPtrArray *fisc_nation_facts(const FiscNation *nation, const char *kind);
const FiscFact *fisc_nation_fact(const FiscNation *nation, const char *kind, const char *subject);
const FiscEntity *fisc_nation_entity(const FiscNation *nation, const char *code);
const FiscGroup *fisc_nation_group(const FiscNation *nation, const char *code);
const FiscAccount *fisc_nation_account(const FiscNation *nation, const char *code);

/** True when @code (an entity, or a group used as a class of entities) lies wholly inside the
 *  perimeter @members (entity codes as keys). */
bool fisc_nation_is_inside(const FiscNation *nation, GHashTable *members, const char *code);
/** The member entities of a unit: the group's, or the entity itself. NULL when unknown.
 *  Keys are the nation's strings. Caller unrefs. */
GHashTable *fisc_nation_perimeter(const FiscNation *nation, const char *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscNation, fisc_nation_free)

#endif
