/* check_grant.c: how a role comes into a hand: two persons for a grant, the principal himself for a
 * delegation, and never two roles that exclude each other, by whatever way. */
#include "core/identity/registry.h"
#include <string.h>

#define DAYS_MAX 365 /* a delegation and an exception last a year at most */

static bool
refuse_state(FiscRefusals *refusals, const FiscIdentityEvent *event, const char *before,
             const char *after)
{
    return fisc_identity_refuse(
        refusals, FISC_ERROR_DOCUMENT_STATE, "state", "%s %s: from %s to %s", event->kind,
        event->subject, before != NULL ? before : "nothing", after != NULL ? after : "nothing");
}

static bool
check_person(const FiscRegistry *registry, const char *code, const char *field,
             FiscRefusals *refusals)
{
    const FiscHolder *holder = fisc_identity_holder(registry, code);
    bool is_known = holder != NULL && holder->person.is_registered;
    return (is_known && holder->person.is_active) ||
           fisc_identity_refuse(refusals, FISC_ERROR_PERSON_UNKNOWN, field, "\"%s\" %s", code,
                                is_known ? "is disabled" : "is not registered");
}

/* Incompatible roles ------------------------------------------------------------------------- */

/* A role that a person would hold from now on. */
typedef struct {
    const char *subject; /* of the record that is decided: not held against itself */
    const char *person, *role, *entity;
    FiscDate from, to;
    bool is_exception;
} Holding;

static bool
excludes(const FiscRegistry *registry, const Holding *wanted, const char *role, const char *entity)
{
    const FiscExclusion *exclusion = fisc_identity_exclusion(registry, wanted->role, role);
    return exclusion != NULL &&
           (exclusion->is_everywhere || fisc_identity_overlaps(wanted->entity, entity)) &&
           !(exclusion->has_exception && wanted->is_exception);
}

static bool
refuse_role(const FiscRegistry *registry, const Holding *wanted, const char *role,
            const char *entity, const char *principal, FiscRefusals *refusals)
{
    FiscRefusal *refusal =
        fisc_refusals_add(refusals, FISC_ERROR_ROLE_INCOMPATIBLE, NULL, 0, "role",
                          "%s holds %s of %s%s%s, which excludes %s of %s", wanted->person, role,
                          entity, principal != NULL ? " by delegation of " : "",
                          principal != NULL ? principal : "", wanted->role, wanted->entity);
    if (fisc_identity_exclusion(registry, wanted->role, role)->has_exception) {
        refusal->hint = g_strdup("an exception needs a reason and a last day");
    }
    return false;
}

/* What is over is over: only days from today on can overlap. */
static bool
check_roles(const FiscRegistry *registry, const Holding *wanted, FiscRefusals *refusals)
{
    const FiscHolder *holder = fisc_identity_holder(registry, wanted->person);
    for (guint i = 0; holder != NULL && i < holder->grants->len; i++) {
        const FiscGrant *held = holder->grants->pdata[i];
        if (g_strcmp0(held->state, "active") == 0 && held->from <= wanted->to &&
            wanted->from <= held->to && strcmp(held->subject, wanted->subject) != 0 &&
            excludes(registry, wanted, held->role, held->entity)) {
            return refuse_role(registry, wanted, held->role, held->entity, NULL, refusals);
        }
    }
    for (guint i = 0; holder != NULL && i < holder->received->len; i++) {
        const FiscDelegation *held = holder->received->pdata[i];
        if (g_strcmp0(held->state, "active") == 0 && held->from <= wanted->to &&
            wanted->from <= held->to && strcmp(held->subject, wanted->subject) != 0 &&
            excludes(registry, wanted, held->role, held->entity)) {
            return refuse_role(registry, wanted, held->role, held->entity, held->principal,
                               refusals);
        }
    }
    return true;
}

/* Grants ------------------------------------------------------------------------------------- */

static bool
read_days(const FiscIdentityEvent *event, FiscDate *out_from, FiscDate *out_to,
          FiscRefusals *refusals)
{
    static const char *const names[] = {"from", "to", "expires"};
    FiscDate days[G_N_ELEMENTS(names)];
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        FiscDate bound = i == 0 ? G_MININT32 : G_MAXINT32;
        const char *text = fisc_identity_field(event->fields, names[i]);
        if (!fisc_identity_day(text, bound, &days[i])) {
            return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, names[i],
                                        "\"%s\" is no day", text);
        }
    }
    *out_from = MAX(days[0], event->today);
    *out_to = MIN(days[1], days[2]);
    return *out_from <= *out_to || fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "to",
                                                        "%s %s would be over before it begins",
                                                        event->kind, event->subject);
}

static bool
is_exception(const FiscIdentityEvent *event, FiscDate to)
{
    return fisc_identity_field(event->fields, "expires") != NULL &&
           fisc_identity_field(event->fields, "reason") != NULL && to - event->today <= DAYS_MAX;
}

/* Who is granted what: asked when it is proposed, and again when it is confirmed. */
static bool
check_content(const FiscRegistry *registry, const FiscIdentityEvent *event, char **parts,
              FiscRefusals *refusals)
{
    Holding wanted = {
        .subject = event->subject, .person = parts[0], .role = parts[1], .entity = parts[2]};
    if (!check_person(registry, parts[0], "person", refusals)) {
        return false;
    }
    if (!fisc_identity_is_role(registry, parts[1])) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "role",
                                    "there is no role \"%s\"", parts[1]);
    }
    if (!read_days(event, &wanted.from, &wanted.to, refusals)) {
        return false;
    }
    wanted.is_exception = is_exception(event, wanted.to);
    return check_roles(registry, &wanted, refusals);
}

static bool
check_proposal(const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    if (g_strcmp0(fisc_identity_field(event->fields, "maker"), event->actor) != 0 ||
        fisc_identity_field(event->fields, "checker") != NULL) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "maker",
                                    "%s proposes, and nobody has confirmed yet", event->actor);
    }
    return true;
}

/* From proposal to end a grant stays what was proposed. */
static bool
is_same_day(GPtrArray *fields, const char *name, FiscDate bound, FiscDate on_record)
{
    FiscDate day;
    return fisc_identity_day(fisc_identity_field(fields, name), bound, &day) && day == on_record;
}

static bool
check_unchanged(const FiscGrant *old, const FiscIdentityEvent *event, bool may_explain,
                FiscRefusals *refusals)
{
    GPtrArray *fields = event->fields;
    FiscDate to = G_MAXINT32;
    FiscDate expires = G_MAXINT32;
    bool is_day = fisc_identity_day(fisc_identity_field(fields, "to"), G_MAXINT32, &to) &&
                  fisc_identity_day(fisc_identity_field(fields, "expires"), G_MAXINT32, &expires);
    bool is_same = is_day && is_same_day(fields, "from", G_MININT32, old->from) &&
                   MIN(to, expires) == old->to &&
                   g_strcmp0(fisc_identity_field(fields, "maker"), old->maker) == 0 &&
                   g_strcmp0(fisc_identity_field(fields, "expires"), old->expires) == 0;
    if (!may_explain) {
        is_same = is_same && g_strcmp0(fisc_identity_field(fields, "reason"), old->reason) == 0;
    }
    return is_same || fisc_identity_refuse(refusals, FISC_ERROR_DOCUMENT_CHANGED, "grant",
                                           "%s is not what %s has proposed", event->subject,
                                           old->maker != NULL ? old->maker : "nobody");
}

/* The second person: neither who proposes nor who receives, nor whoever acts for one of them. */
static bool
check_checker(const FiscRegistry *registry, const FiscGrant *old, const FiscIdentityEvent *event,
              FiscRefusals *refusals)
{
    const char *others[] = {old->maker, old->person};
    const char *actor = event->actor;
    if (g_strcmp0(fisc_identity_field(event->fields, "checker"), actor) != 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "checker",
                                    "%s is who confirms", actor);
    }
    for (int i = 0; i < 2; i++) {
        if (others[i] != NULL && strcmp(others[i], actor) == 0) {
            return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "checker", "%s %s",
                                        actor, i == 0 ? "has proposed it" : "would hold the role");
        }
    }
    for (int i = 0; i < 2; i++) {
        if (others[i] != NULL &&
            fisc_registry_share_hand(registry, others[i], actor, event->today)) {
            return fisc_identity_refuse(refusals, FISC_ERROR_SOD_SAME_PRINCIPAL, "checker",
                                        "%s and %s, who %s, act for one another", actor, others[i],
                                        i == 0 ? "has proposed it" : "would hold the role");
        }
    }
    return check_person(registry, actor, "checker", refusals);
}

static bool
check_end(const FiscRegistry *registry, const FiscGrant *old, const FiscIdentityEvent *event,
          FiscRefusals *refusals)
{
    FiscLoss loss = {.grant = event->subject};
    if (g_strcmp0(fisc_identity_field(event->fields, "checker"), old->checker) != 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_DOCUMENT_CHANGED, "checker",
                                    "%s was confirmed by %s", event->subject,
                                    old->checker != NULL ? old->checker : "nobody");
    }
    if (fisc_registry_is_enforced(registry) && !fisc_identity_can_grant(registry, &loss)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "state",
                                    "without %s nobody could grant any more", event->subject);
    }
    return true;
}

bool
fisc_identity_check_grant(const FiscRegistry *registry, const FiscIdentityEvent *event,
                          FiscRefusals *refusals)
{
    g_auto(GStrv) parts = fisc_identity_split(event->subject, 3);
    if (parts == NULL) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "grant",
                                    "\"%s\" is not PERSON/ROLE/ENTITY", event->subject);
    }
    const FiscGrant *old = fisc_registry_grant(registry, event->subject);
    const char *before = old != NULL ? old->state : NULL;
    const char *after = fisc_identity_field(event->fields, "state");
    bool is_proposed = g_strcmp0(before, "proposed") == 0;
    bool is_active = g_strcmp0(before, "active") == 0;
    if (g_strcmp0(after, "proposed") == 0 && !is_proposed && !is_active) {
        return check_proposal(event, refusals) && check_content(registry, event, parts, refusals);
    }
    if (g_strcmp0(after, "active") == 0 && is_proposed) {
        return check_unchanged(old, event, false, refusals) &&
               check_checker(registry, old, event, refusals) &&
               check_content(registry, event, parts, refusals);
    }
    if (g_strcmp0(after, "active") == 0 && !is_active) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "state",
                                    "one person has to propose %s, another to confirm it",
                                    event->subject);
    }
    if (g_strcmp0(after, "refused") == 0 && is_proposed) {
        return check_unchanged(old, event, true, refusals);
    }
    if (g_strcmp0(after, "revoked") == 0 && is_active) {
        return check_unchanged(old, event, true, refusals) &&
               check_end(registry, old, event, refusals);
    }
    return refuse_state(refusals, event, before, after);
}

/* Delegations -------------------------------------------------------------------------------- */

#define REFUSE(...) fisc_identity_refuse(refusals, FISC_ERROR_DELEGATION_INVALID, __VA_ARGS__)

static bool
read_window(const FiscIdentityEvent *event, FiscDate *out_from, FiscDate *out_to,
            FiscRefusals *refusals)
{
    const char *from = fisc_identity_field(event->fields, "from");
    const char *to = fisc_identity_field(event->fields, "to");
    if (from == NULL || to == NULL || !fisc_date_parse(from, out_from) ||
        !fisc_date_parse(to, out_to)) {
        return REFUSE("from", "a delegation has a first and a last day: %s", event->subject);
    }
    if (*out_to < *out_from || *out_to < event->today) {
        return REFUSE("to", "%s would be over before it begins", event->subject);
    }
    return *out_to - *out_from <= DAYS_MAX ||
           REFUSE("to", "%s would last longer than a year", event->subject);
}

/* Own, in force, and not narrower than what is passed on in role, entity or days. */
static bool
stands_on_own_grant(const FiscHolder *principal, char **parts, FiscDate from, FiscDate to)
{
    for (guint i = 0; principal != NULL && i < principal->grants->len; i++) {
        const FiscGrant *grant = principal->grants->pdata[i];
        if (g_strcmp0(grant->state, "active") == 0 && strcmp(grant->role, parts[2]) == 0 &&
            fisc_identity_covers(grant->entity, parts[3]) && grant->from <= from &&
            to <= grant->to) {
            return true;
        }
    }
    return false;
}

static bool
refuse_wider(const FiscHolder *principal, char **parts, FiscRefusals *refusals)
{
    bool has_own = false;
    for (guint i = 0; principal != NULL && i < principal->grants->len; i++) {
        const FiscGrant *grant = principal->grants->pdata[i];
        has_own = has_own ||
                  (g_strcmp0(grant->state, "active") == 0 && strcmp(grant->role, parts[2]) == 0);
    }
    for (guint i = 0; principal != NULL && !has_own && i < principal->received->len; i++) {
        const FiscDelegation *received = principal->received->pdata[i];
        if (strcmp(received->role, parts[2]) == 0) {
            return REFUSE("role", "%s holds %s only by delegation, which is not passed on",
                          parts[0], parts[2]);
        }
    }
    return has_own ? REFUSE("entity", "%s would delegate more of %s than is his own", parts[0],
                            parts[2])
                   : REFUSE("role", "%s does not hold %s", parts[0], parts[2]);
}

static bool
check_new_delegation(const FiscRegistry *registry, const FiscIdentityEvent *event, char **parts,
                     FiscRefusals *refusals)
{
    const FiscHolder *principal = fisc_identity_holder(registry, parts[0]);
    FiscDate from = 0;
    FiscDate to = 0;
    if (strcmp(parts[0], event->actor) != 0) {
        return REFUSE("principal", "only %s can delegate what is his, not %s", parts[0],
                      event->actor);
    }
    if (strcmp(parts[0], parts[1]) == 0) {
        return REFUSE("delegate", "%s cannot be the delegate of %s", parts[1], parts[0]);
    }
    if (!check_person(registry, parts[0], "principal", refusals) ||
        !check_person(registry, parts[1], "delegate", refusals) ||
        !read_window(event, &from, &to, refusals)) {
        return false;
    }
    if (!stands_on_own_grant(principal, parts, from, to)) {
        return refuse_wider(principal, parts, refusals);
    }
    Holding wanted = {.subject = event->subject,
                      .person = parts[1],
                      .role = parts[2],
                      .entity = parts[3],
                      .from = MAX(from, event->today),
                      .to = to};
    return check_roles(registry, &wanted, refusals);
}

/* Either of the two ends it, or who makes or confirms grants there. */
static bool
may_end(const FiscRegistry *registry, const FiscIdentityEvent *event, char **parts)
{
    FiscAct act = {.person = event->actor,
                   .action = "grant",
                   .entity = strcmp(parts[3], FISC_EVERY_ENTITY) == 0 ? NULL : parts[3],
                   .on = event->today};
    bool may = strcmp(parts[0], event->actor) == 0 || strcmp(parts[1], event->actor) == 0;
    for (const char *right = "MA"; !may && *right != '\0'; right++) {
        act.right = *right;
        may = fisc_registry_judge(registry, &act, NULL);
    }
    return may;
}

bool
fisc_identity_check_delegation(const FiscRegistry *registry, const FiscIdentityEvent *event,
                               FiscRefusals *refusals)
{
    g_auto(GStrv) parts = fisc_identity_split(event->subject, 4);
    if (parts == NULL) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "delegation",
                                    "\"%s\" is not PRINCIPAL/DELEGATE/ROLE/ENTITY", event->subject);
    }
    const FiscDelegation *old = g_hash_table_lookup(registry->delegations, event->subject);
    const char *before = old != NULL ? old->state : NULL;
    const char *after = fisc_identity_field(event->fields, "state");
    if (g_strcmp0(after, "active") == 0) {
        return check_new_delegation(registry, event, parts, refusals);
    }
    if (g_strcmp0(after, "revoked") != 0 || g_strcmp0(before, "active") != 0) {
        return refuse_state(refusals, event, before, after);
    }
    return may_end(registry, event, parts) ||
           REFUSE("actor", "%s cannot end a delegation of %s", event->actor, parts[0]);
}
