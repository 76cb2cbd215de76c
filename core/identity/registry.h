/* registry.h: what the files of the registry share: the folded records, and how they are found. */
#ifndef FISC_IDENTITY_REGISTRY_H
#define FISC_IDENTITY_REGISTRY_H

#include "fisc/identity.h"

#define FISC_EVERY_ENTITY "*"

typedef struct {
    FiscPerson person;
    GPtrArray *grants;   /* of FiscGrant: his own, in any state */
    GPtrArray *given;    /* of FiscDelegation: he is the principal */
    GPtrArray *received; /* of FiscDelegation: he is the delegate */
} FiscHolder;

typedef struct {
    bool is_everywhere; /* binds whatever the entities of the two roles are */
    bool has_exception; /* an exception with reason and last day is possible */
    bool holds;
} FiscExclusion;

typedef struct {
    int needs;
    char by; /* the right that approves: A, or R */
} FiscApprovals;

struct _FiscRegistry {
    GHashTable *holders;     /* code -> FiscHolder */
    GPtrArray *by_number;    /* number - 1 -> FiscHolder or NULL */
    GHashTable *grants;      /* subject -> FiscGrant */
    GHashTable *delegations; /* subject -> FiscDelegation */
    GHashTable *duties;      /* role -> action -> rights */
    GHashTable *exclusions;  /* "a/b", both ways -> FiscExclusion */
    GHashTable *approvals;   /* action -> FiscApprovals */
    GHashTable *policies;    /* subject -> its fields as GPtrArray */
    bool conflicts[FISC_DUTY_COUNT][FISC_DUTY_COUNT];
};

/** The value of a field among name, value pairs; NULL when it is not there or empty. */
const char *fisc_identity_field(GPtrArray *fields, const char *name);
/** A subject taken apart at its first @count - 1 slashes; NULL when a part is missing or empty. */
char **fisc_identity_split(const char *subject, int count);
/** A day, or the bound when there is none; false when it is no day. */
bool fisc_identity_day(const char *text, FiscDate bound, FiscDate *out_day);
/** The value of the policy's field; NULL when there is none. */
const char *fisc_identity_policy(const FiscRegistry *registry, const char *name);
const FiscHolder *fisc_identity_holder(const FiscRegistry *registry, const char *code);
/** NULL when the roles do not exclude each other. */
const FiscExclusion *
fisc_identity_exclusion(const FiscRegistry *registry, const char *role, const char *other);
/** True when a role held for @held is held for @asked (NULL: for all). */
bool fisc_identity_covers(const char *held, const char *asked);
bool fisc_identity_overlaps(const char *entity, const char *other);
/** True for a role of the matrix; in a book without one, for every role. */
bool fisc_identity_is_role(const FiscRegistry *registry, const char *role);
/** True when a second person would be left to confirm what a first one grants, each for ever and
 * for all entities, if @person, the grant @grant, or the @rights of the role of duty @duty were
 * gone (NULL: nothing is gone). */
typedef struct {
    const char *person, *grant, *duty, *rights;
} FiscLoss;
bool fisc_identity_can_grant(const FiscRegistry *registry, const FiscLoss *loss);

/* check_grant.c */
bool fisc_identity_check_grant(const FiscRegistry *registry, const FiscIdentityEvent *event,
                               FiscRefusals *refusals);
bool fisc_identity_check_delegation(const FiscRegistry *registry, const FiscIdentityEvent *event,
                                    FiscRefusals *refusals);

/** Adds a refusal about a field; always false. */
bool fisc_identity_refuse(FiscRefusals *refusals, FiscError code, const char *field,
                          const char *format, ...) G_GNUC_PRINTF(4, 5);

#endif
