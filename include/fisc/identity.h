/* identity.h: who may do what: persons, the roles they hold, the duties of the roles, delegations.
 *
 * The registry is a fold of the events on record, and pure: it has no clock, no database. Persons
 * are human beings, not user names: one national identity, one person. What a role may do, which
 * roles exclude each other and which duties must not meet in one hand is data of the book; what the
 * program ships is a beginning (fisc_matrix_events). Every rule that an event of these kinds must
 * obey is here, so whoever replays the chain finds the same:
 *
 *   person      <code>                                      name_digest id_digest state
 *   duty        <role>/<action>                             rights
 *   exclusion   <role>/<role>                               scope exception holds
 *   conflict    <duty>/<duty>                               holds
 *   approvals   <action>                                    needs by
 *   policy      duties                                      enforced maker checker
 *   grant       <person>/<role>/<entity or *>               state from to maker checker reason
 *                                                           expires
 *   delegation  <principal>/<delegate>/<role>/<entity or *> state from to
 *   credential  <person>/<what>[/<name>]                    state digest
 *
 * A book without the policy "enforced" lets everybody act; grants need two persons even then. */
#ifndef FISC_IDENTITY_H
#define FISC_IDENTITY_H

#include "fisc/date.h"
#include "fisc/refusal.h"

/* The duties whose holders must not meet over one chain of documents. X(NAME, word, what it is) */
#define FISC_DUTIES(X)                                                                             \
    X(NONE, "", "")                                                                                \
    X(BUDGET, "budget", "appropriation, allotment, virement")                                      \
    X(COMMITMENT, "commitment", "reservation, order")                                              \
    X(CLAIM, "claim", "verified invoice, voucher: it orders the disbursement")                     \
    X(PAYMENT, "payment", "the cash goes out")                                                     \
    X(REVENUE, "revenue", "assessment, receipt")                                                   \
    X(JOURNAL, "journal", "a manual journal, a reversal")

typedef enum {
#define X(name, word, meaning) FISC_DUTY_##name,
    FISC_DUTIES(X)
#undef X
        FISC_DUTY_COUNT
} FiscDuty;

/** "commitment": also the action that makes an entry of this duty. */
const char *fisc_duty_word(FiscDuty duty);
/** FISC_DUTY_NONE when the word is no duty. */
FiscDuty fisc_duty_find(const char *word);

/* What a role may do with an action. X(letter, word) */
#define FISC_RIGHTS(X)                                                                             \
    X('M', "make")                                                                                 \
    X('A', "approve")                                                                              \
    X('R', "release")                                                                              \
    X('V', "view")                                                                                 \
    X('H', "hold")                                                                                 \
    X('P', "propose: somebody else makes it")                                                      \
    X('S', "stage: somebody else takes it over")                                                   \
    X('L', "load what others approved")
/* After V, a star: view beyond the entity of the role. */

typedef struct {
    char *code;
    int number;         /* the engine's; 0: only named by a grant so far */
    bool is_registered; /* false: has acted, but nobody has said who it is */
    bool is_active;
    char *name_digest, *id_digest; /* SHA-256 in hex, salted; NULL: not known */
} FiscPerson;

typedef struct {
    char *subject;
    char *person, *role, *entity; /* entity "*": all */
    char *state;                  /* proposed active revoked refused */
    FiscDate from, to;            /* G_MININT32, G_MAXINT32: no bound. @to is the earlier of the
                                     fields to and expires */
    char *maker, *checker, *reason, *expires;
} FiscGrant;

typedef struct {
    char *subject;
    char *principal, *delegate, *role, *entity;
    char *state; /* active revoked */
    FiscDate from, to;
} FiscDelegation;

typedef struct _FiscRegistry FiscRegistry;

FiscRegistry *fisc_registry_new(void);
void fisc_registry_free(FiscRegistry *registry);
/** True for the kinds of events that make up the registry. */
bool fisc_registry_reads(const char *kind);
/** Takes the newest record of a subject: @fields are name, value pairs of char *. */
void fisc_registry_set(FiscRegistry *registry, const char *kind, const char *subject, int number,
                       GPtrArray *fields);
/** As if there had never been one. */
void fisc_registry_remove(FiscRegistry *registry, const char *kind, const char *subject);

/* An event on its way into the chain. */
typedef struct {
    const char *kind, *subject;
    GPtrArray *fields;
    const char *actor; /* who submits it, not on whose behalf */
    FiscDate today;
} FiscIdentityEvent;

/** What an event of the registry's kinds must obey, whoever may make it. Pure: false with refusals.
 */
bool fisc_registry_check(const FiscRegistry *registry, const FiscIdentityEvent *event,
                         FiscRefusals *refusals);

/* One question: may this person do this, there, on this day? */
typedef struct {
    const char *person;
    const char *principal; /* whose duty is exercised by delegation; NULL: his own */
    const char *action;
    char right; /* a letter of FISC_RIGHTS. 'A' stands for the right that approves the action:
                   a payment is released */
    const char *entity; /* NULL: the whole of the books; only a role held for "*" will do */
    FiscDate on;
} FiscAct;

/** Whether the policy is in force: otherwise nothing is refused for want of a duty. */
bool fisc_registry_is_enforced(const FiscRegistry *registry);
/** Whether the person makes or confirms grants on that day; @principal: as in FiscAct. */
bool fisc_registry_holds_grants(const FiscRegistry *registry, const char *person,
                                const char *principal, FiscDate today);
/** Who has proposed to enforce the duties, while nobody has confirmed it; NULL otherwise, and when
 * who did no longer holds grants: then somebody else proposes it. */
const char *fisc_registry_enforcement(const FiscRegistry *registry, FiscDate today);
/** True when the person may; else a refusal says what is missing (@refusals NULL: nobody asks).
 * Does not ask whether the policy is enforced. */
bool fisc_registry_judge(const FiscRegistry *registry, const FiscAct *act, FiscRefusals *refusals);
/** The grant that allows it, and the delegation it comes by (or NULL). NULL when nothing does. */
const FiscGrant *fisc_registry_basis(const FiscRegistry *registry, const FiscAct *act,
                                     const FiscDelegation **out_delegation);
/** True when the two are one person, or one is a delegate of the other on this day. */
bool
fisc_registry_share_hand(const FiscRegistry *registry, const char *a, const char *b, FiscDate on);
/** Whether the principal has ever passed a role on to the delegate. */
bool fisc_registry_has_delegated(const FiscRegistry *registry, const char *principal,
                                 const char *delegate);
/** Whether two duties must never meet in one hand over a chain. */
bool fisc_registry_conflict(const FiscRegistry *registry, FiscDuty a, FiscDuty b);
/** How many approvals an action needs: 0 = none. */
int fisc_registry_approvals(const FiscRegistry *registry, const char *action);
/** "MA"; "" when the role has no part in the action. */
const char *
fisc_registry_rights(const FiscRegistry *registry, const char *role, const char *action);
/** Whether a grant or a delegation of this state and these dates holds on a day. */
bool fisc_grant_holds(const FiscGrant *grant, FiscDate on);
bool fisc_delegation_holds(const FiscDelegation *delegation, FiscDate on);

/** NULL when there is none. */
const FiscPerson *fisc_registry_person(const FiscRegistry *registry, const char *code);
/** The code of a person's number; NULL when nobody has it. */
const char *fisc_registry_code(const FiscRegistry *registry, int number);
const FiscGrant *fisc_registry_grant(const FiscRegistry *registry, const char *subject);
/** All of them in order of code or subject; the array is the caller's, its elements are not. */
GPtrArray *fisc_registry_persons(const FiscRegistry *registry);
GPtrArray *fisc_registry_grants(const FiscRegistry *registry);
GPtrArray *fisc_registry_delegations(const FiscRegistry *registry);
/** The roles and the actions of the duties on record, in order of the alphabet: of const char *. */
GPtrArray *fisc_registry_roles(const FiscRegistry *registry);
GPtrArray *fisc_registry_actions(const FiscRegistry *registry);

/* Two rights that must not be used on one chain, in one person: allowed, and reported (R21). */
typedef struct {
    const FiscPerson *person;
    const FiscGrant *grant, *other; /* of the same entity, or one of them of all */
    char *what;                     /* "claim M" */
    char *other_what;               /* "payment M" */
} FiscBothRights;
/** Every such pair that holds on a day. Caller unrefs. */
GPtrArray *fisc_registry_both(const FiscRegistry *registry, FiscDate on);

/** The matrix that the program ships, as events: calls @take for each with kind, subject and name,
 * value pairs. */
void fisc_matrix_events(void (*take)(const char *kind, const char *subject, GPtrArray *fields,
                                     void *data),
                        void *data);

/* Salted SHA-256 in hex of what names a human being: only this is on record. */
#define FISC_IDENTITY_SALT 16
#define FISC_IDENTITY_DIGEST (2 * 32 + 1)
/** Of a name, or of a national id, which is taken without spaces, dots and hyphens, in capitals. */
const char *fisc_identity_name_digest(const uint8_t salt[FISC_IDENTITY_SALT], const char *name,
                                      char out_hex[FISC_IDENTITY_DIGEST]);
const char *fisc_identity_id_digest(const uint8_t salt[FISC_IDENTITY_SALT], const char *id,
                                    char out_hex[FISC_IDENTITY_DIGEST]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRegistry, fisc_registry_free)

#endif
