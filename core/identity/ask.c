/* ask.c: the registry's answers: may this person do this, do these two share a hand, what could
 * somebody do who holds both rights. */
#include "core/identity/registry.h"
#include <string.h>

#define HINT_ON_BEHALF "act with --on-behalf %s"

bool
fisc_grant_holds(const FiscGrant *grant, FiscDate on)
{
    return g_strcmp0(grant->state, "active") == 0 && grant->from <= on && on <= grant->to;
}

bool
fisc_delegation_holds(const FiscDelegation *delegation, FiscDate on)
{
    return g_strcmp0(delegation->state, "active") == 0 && delegation->from <= on &&
           on <= delegation->to;
}

bool
fisc_identity_covers(const char *held, const char *asked)
{
    return strcmp(held, FISC_EVERY_ENTITY) == 0 || (asked != NULL && strcmp(held, asked) == 0);
}

bool
fisc_identity_overlaps(const char *entity, const char *other)
{
    return fisc_identity_covers(entity, other) || fisc_identity_covers(other, entity);
}

const char *
fisc_identity_policy(const FiscRegistry *registry, const char *name)
{
    GPtrArray *fields = g_hash_table_lookup(registry->policies, "duties");
    return fields != NULL ? fisc_identity_field(fields, name) : NULL;
}

bool
fisc_registry_is_enforced(const FiscRegistry *registry)
{
    return g_strcmp0(fisc_identity_policy(registry, "enforced"), "yes") == 0;
}

bool
fisc_registry_conflict(const FiscRegistry *registry, FiscDuty a, FiscDuty b)
{
    return registry->conflicts[a][b];
}

int
fisc_registry_approvals(const FiscRegistry *registry, const char *action)
{
    const FiscApprovals *approvals = g_hash_table_lookup(registry->approvals, action);
    return approvals != NULL ? approvals->needs : 0;
}

const char *
fisc_registry_rights(const FiscRegistry *registry, const char *role, const char *action)
{
    GHashTable *actions = g_hash_table_lookup(registry->duties, role);
    const char *rights = actions != NULL ? g_hash_table_lookup(actions, action) : NULL;
    return rights != NULL ? rights : "";
}

bool
fisc_identity_is_role(const FiscRegistry *registry, const char *role)
{
    return g_hash_table_size(registry->duties) == 0 ||
           g_hash_table_contains(registry->duties, role);
}

const FiscExclusion *
fisc_identity_exclusion(const FiscRegistry *registry, const char *role, const char *other)
{
    g_autofree char *key = g_strconcat(role, "/", other, NULL);
    const FiscExclusion *exclusion = g_hash_table_lookup(registry->exclusions, key);
    return exclusion != NULL && exclusion->holds ? exclusion : NULL;
}

/* May? --------------------------------------------------------------------------------------- */

/* Whoever views everything does so whatever the entity of the role. */
static bool
allows(const FiscRegistry *registry, const char *role, const char *entity, const FiscAct *act)
{
    const char *rights = fisc_registry_rights(registry, role, act->action);
    char wanted = act->right;
    if (wanted == 'A') {
        const FiscApprovals *approvals = g_hash_table_lookup(registry->approvals, act->action);
        wanted = approvals != NULL ? approvals->by : 'A';
    }
    const char *found = strchr(rights, wanted);
    return found != NULL && (fisc_identity_covers(entity, act->entity) || found[1] == '*');
}

static const FiscGrant *
own_basis(const FiscRegistry *registry, const FiscHolder *holder, const FiscAct *act)
{
    for (guint i = 0; i < holder->grants->len; i++) {
        const FiscGrant *grant = holder->grants->pdata[i];
        if (fisc_grant_holds(grant, act->on) && allows(registry, grant->role, grant->entity, act)) {
            return grant;
        }
    }
    return NULL;
}

/* The principal's own grant that a delegation stands on: it lives and dies with it. */
static const FiscGrant *
delegated_grant(const FiscHolder *principal, const FiscDelegation *delegation, FiscDate on)
{
    for (guint i = 0; i < principal->grants->len; i++) {
        const FiscGrant *grant = principal->grants->pdata[i];
        if (fisc_grant_holds(grant, on) && strcmp(grant->role, delegation->role) == 0 &&
            fisc_identity_covers(grant->entity, delegation->entity)) {
            return grant;
        }
    }
    return NULL;
}

static const FiscGrant *
delegated_basis(const FiscRegistry *registry, const FiscHolder *principal, const FiscAct *act,
                const FiscDelegation **out_delegation)
{
    for (guint i = 0; i < principal->given->len; i++) {
        const FiscDelegation *delegation = principal->given->pdata[i];
        const FiscGrant *grant = NULL;
        if (strcmp(delegation->delegate, act->person) == 0 &&
            fisc_delegation_holds(delegation, act->on) &&
            allows(registry, delegation->role, delegation->entity, act)) {
            grant = delegated_grant(principal, delegation, act->on);
        }
        if (grant != NULL) {
            *out_delegation = delegation;
            return grant;
        }
    }
    return NULL;
}

static bool
is_active(const FiscHolder *holder)
{
    return holder != NULL && holder->person.is_registered && holder->person.is_active;
}

const FiscGrant *
fisc_registry_basis(const FiscRegistry *registry, const FiscAct *act,
                    const FiscDelegation **out_delegation)
{
    const FiscHolder *holder = fisc_identity_holder(registry, act->person);
    const FiscDelegation *delegation = NULL;
    const FiscGrant *grant = NULL;
    if (is_active(holder) && act->principal == NULL) {
        grant = own_basis(registry, holder, act);
    } else if (is_active(holder)) {
        const FiscHolder *principal = fisc_identity_holder(registry, act->principal);
        grant =
            is_active(principal) ? delegated_basis(registry, principal, act, &delegation) : NULL;
    }
    if (out_delegation != NULL) {
        *out_delegation = delegation;
    }
    return grant;
}

/* Somebody whose duty the person could exercise here; NULL when there is none. */
static const char *
find_principal(const FiscRegistry *registry, const FiscHolder *holder, const FiscAct *act)
{
    for (guint i = 0; i < holder->received->len; i++) {
        const FiscDelegation *delegation = holder->received->pdata[i];
        FiscAct by_delegation = *act;
        by_delegation.principal = delegation->principal;
        if (fisc_registry_basis(registry, &by_delegation, NULL) != NULL) {
            return delegation->principal;
        }
    }
    return NULL;
}

static bool
refuse_stranger(const FiscHolder *holder, const char *code, const char *field,
                FiscRefusals *refusals)
{
    bool is_known = holder != NULL && holder->person.is_registered;
    return fisc_identity_refuse(refusals, FISC_ERROR_PERSON_UNKNOWN, field, "\"%s\" %s", code,
                                is_known ? "is disabled" : "is not registered");
}

static const char *
right_word(char right)
{
    static const struct {
        char letter;
        const char *word;
    } words[] = {
#define X(letter, word) {letter, word},
        FISC_RIGHTS(X)
#undef X
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (words[i].letter == right) {
            return words[i].word;
        }
    }
    return "do";
}

static bool
holds_any_delegation(const FiscHolder *holder, const FiscAct *act)
{
    for (guint i = 0; i < holder->received->len; i++) {
        const FiscDelegation *delegation = holder->received->pdata[i];
        if (strcmp(delegation->principal, act->principal) == 0 &&
            fisc_delegation_holds(delegation, act->on)) {
            return true;
        }
    }
    return false;
}

static bool
refuse_act(const FiscRegistry *registry, const FiscHolder *holder, const FiscAct *act,
           FiscRefusals *refusals)
{
    const char *where = act->entity != NULL ? act->entity : "all entities";
    if (act->principal != NULL) {
        bool has_one = holds_any_delegation(holder, act);
        return fisc_identity_refuse(refusals, FISC_ERROR_DELEGATION_INVALID, "on_behalf",
                                    "%s holds no delegation of %s%s to %s: %s, %s", act->person,
                                    act->principal, has_one ? " that allows" : " today",
                                    right_word(act->right), act->action, where);
    }
    fisc_identity_refuse(refusals, FISC_ERROR_DUTY_MISSING, "actor",
                         "%s holds no role to %s: %s, %s", act->person, right_word(act->right),
                         act->action, where);
    const char *principal = find_principal(registry, holder, act);
    if (principal != NULL) {
        FiscRefusal *refusal = refusals->pdata[refusals->len - 1];
        refusal->hint = g_strdup_printf(HINT_ON_BEHALF, principal);
    }
    return false;
}

bool
fisc_registry_judge(const FiscRegistry *registry, const FiscAct *act, FiscRefusals *refusals)
{
    if (fisc_registry_basis(registry, act, NULL) != NULL) {
        return true;
    }
    const FiscHolder *holder = fisc_identity_holder(registry, act->person);
    const FiscHolder *principal = fisc_identity_holder(registry, act->principal);
    if (refusals == NULL) {
        return false;
    }
    if (!is_active(holder)) {
        return refuse_stranger(holder, act->person, "actor", refusals);
    }
    if (act->principal != NULL && !is_active(principal)) {
        return refuse_stranger(principal, act->principal, "on_behalf", refusals);
    }
    return refuse_act(registry, holder, act, refusals);
}

bool
fisc_registry_share_hand(const FiscRegistry *registry, const char *a, const char *b, FiscDate on)
{
    const FiscHolder *holder = fisc_identity_holder(registry, a);
    bool is_shared = strcmp(a, b) == 0;
    for (guint i = 0; holder != NULL && !is_shared && i < holder->given->len; i++) {
        const FiscDelegation *delegation = holder->given->pdata[i];
        is_shared = strcmp(delegation->delegate, b) == 0 && fisc_delegation_holds(delegation, on);
    }
    for (guint i = 0; holder != NULL && !is_shared && i < holder->received->len; i++) {
        const FiscDelegation *delegation = holder->received->pdata[i];
        is_shared = strcmp(delegation->principal, b) == 0 && fisc_delegation_holds(delegation, on);
    }
    return is_shared;
}

bool
fisc_registry_has_delegated(const FiscRegistry *registry, const char *principal,
                            const char *delegate)
{
    const FiscHolder *holder = fisc_identity_holder(registry, principal);
    for (guint i = 0; holder != NULL && i < holder->given->len; i++) {
        const FiscDelegation *delegation = holder->given->pdata[i];
        if (strcmp(delegation->delegate, delegate) == 0) {
            return true;
        }
    }
    return false;
}

/* Nobody is locked out ----------------------------------------------------------------------- */

/* True when a grant lets its holder make or approve grants for ever and everywhere. */
static bool
is_keeper(const FiscRegistry *registry, const FiscGrant *grant, char right, const FiscLoss *loss)
{
    g_autofree char *duty = g_strconcat(grant->role, "/grant", NULL);
    bool is_changed = loss != NULL && g_strcmp0(loss->duty, duty) == 0;
    const char *rights =
        is_changed ? loss->rights : fisc_registry_rights(registry, grant->role, "grant");
    bool is_lost = loss != NULL && g_strcmp0(loss->grant, grant->subject) == 0;
    return !is_lost && g_strcmp0(grant->state, "active") == 0 && grant->to == G_MAXINT32 &&
           strcmp(grant->entity, FISC_EVERY_ENTITY) == 0 && strchr(rights, right) != NULL;
}

static bool
keeps(const FiscRegistry *registry, const FiscHolder *holder, char right, const FiscLoss *loss)
{
    bool is_lost = loss != NULL && g_strcmp0(loss->person, holder->person.code) == 0;
    for (guint i = 0; !is_lost && is_active(holder) && i < holder->grants->len; i++) {
        if (is_keeper(registry, holder->grants->pdata[i], right, loss)) {
            return true;
        }
    }
    return false;
}

bool
fisc_identity_can_grant(const FiscRegistry *registry, const FiscLoss *loss)
{
    int makers = 0;
    int checkers = 0;
    int both = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, registry->holders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        bool is_maker = keeps(registry, value, 'M', loss);
        bool is_checker = keeps(registry, value, 'A', loss);
        makers += is_maker ? 1 : 0;
        checkers += is_checker ? 1 : 0;
        both += is_maker && is_checker ? 1 : 0;
    }
    /* One person who is the only maker and the only checker is nobody's second person. */
    return makers > 0 && checkers > 0 && !(both == 1 && makers == 1 && checkers == 1);
}

/* Lists -------------------------------------------------------------------------------------- */

const FiscPerson *
fisc_registry_person(const FiscRegistry *registry, const char *code)
{
    const FiscHolder *holder = fisc_identity_holder(registry, code);
    return holder != NULL && holder->person.number != 0 ? &holder->person : NULL;
}

const char *
fisc_registry_code(const FiscRegistry *registry, int number)
{
    bool is_known = number > 0 && number <= (int)registry->by_number->len;
    const FiscHolder *holder = is_known ? registry->by_number->pdata[number - 1] : NULL;
    return holder != NULL ? holder->person.code : NULL;
}

const FiscGrant *
fisc_registry_grant(const FiscRegistry *registry, const char *subject)
{
    return g_hash_table_lookup(registry->grants, subject);
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
sorted_keys(GHashTable *table)
{
    GPtrArray *keys = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_ptr_array_add(keys, key);
    }
    g_ptr_array_sort(keys, compare_keys);
    return keys;
}

/* Puts what stands under each key in its place. */
static GPtrArray *
sorted_values(GHashTable *table)
{
    GPtrArray *values = sorted_keys(table);
    for (guint i = 0; i < values->len; i++) {
        values->pdata[i] = g_hash_table_lookup(table, values->pdata[i]);
    }
    return values;
}

GPtrArray *
fisc_registry_persons(const FiscRegistry *registry)
{
    g_autoptr(GPtrArray) holders = sorted_values(registry->holders);
    GPtrArray *persons = g_ptr_array_new();
    for (guint i = 0; i < holders->len; i++) {
        FiscHolder *holder = holders->pdata[i];
        if (holder->person.number != 0) {
            g_ptr_array_add(persons, &holder->person);
        }
    }
    return persons;
}

GPtrArray *
fisc_registry_grants(const FiscRegistry *registry)
{
    return sorted_values(registry->grants);
}

GPtrArray *
fisc_registry_delegations(const FiscRegistry *registry)
{
    return sorted_values(registry->delegations);
}

GPtrArray *
fisc_registry_roles(const FiscRegistry *registry)
{
    return sorted_keys(registry->duties);
}

GPtrArray *
fisc_registry_actions(const FiscRegistry *registry)
{
    g_autoptr(GHashTable) actions = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) roles = sorted_keys(registry->duties);
    for (guint i = 0; i < roles->len; i++) {
        GHashTableIter iter;
        gpointer action;
        g_hash_table_iter_init(&iter, g_hash_table_lookup(registry->duties, roles->pdata[i]));
        while (g_hash_table_iter_next(&iter, &action, NULL)) {
            g_hash_table_add(actions, action);
        }
    }
    return sorted_keys(actions);
}

/* Both rights -------------------------------------------------------------------------------- */

static void
both_free(gpointer data)
{
    FiscBothRights *both = data;
    g_free(both->what);
    g_free(both->other_what);
    g_free(both);
}

static bool
makes(const FiscRegistry *registry, const FiscGrant *grant, const char *action)
{
    return strchr(fisc_registry_rights(registry, grant->role, action), 'M') != NULL;
}

static void
add_both(GPtrArray *out, const FiscPerson *person, const FiscGrant *grant, const FiscGrant *other,
         FiscDuty duty, FiscDuty other_duty)
{
    FiscBothRights *both = g_new0(FiscBothRights, 1);
    both->person = person;
    both->grant = grant;
    both->other = other;
    both->what = g_strconcat(fisc_duty_word(duty), " M", NULL);
    both->other_what = g_strconcat(fisc_duty_word(other_duty), " M", NULL);
    g_ptr_array_add(out, both);
}

/* One pair of conflicting duties in two grants, or in one. */
static void
collect_pairs(const FiscRegistry *registry, const FiscPerson *person, const FiscGrant *grant,
              const FiscGrant *other, GPtrArray *out)
{
    for (int a = 1; a < FISC_DUTY_COUNT; a++) {
        for (int b = grant == other ? a + 1 : 1; b < FISC_DUTY_COUNT; b++) {
            if (registry->conflicts[a][b] && makes(registry, grant, fisc_duty_word((FiscDuty)a)) &&
                makes(registry, other, fisc_duty_word((FiscDuty)b))) {
                add_both(out, person, grant, other, (FiscDuty)a, (FiscDuty)b);
            }
        }
    }
}

GPtrArray *
fisc_registry_both(const FiscRegistry *registry, FiscDate on)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(both_free);
    g_autoptr(GPtrArray) holders = sorted_values(registry->holders);
    for (guint i = 0; i < holders->len; i++) {
        const FiscHolder *holder = holders->pdata[i];
        for (guint a = 0; is_active(holder) && a < holder->grants->len; a++) {
            for (guint b = a; b < holder->grants->len; b++) {
                const FiscGrant *grant = holder->grants->pdata[a];
                const FiscGrant *other = holder->grants->pdata[b];
                if (fisc_grant_holds(grant, on) && fisc_grant_holds(other, on) &&
                    fisc_identity_overlaps(grant->entity, other->entity)) {
                    collect_pairs(registry, &holder->person, grant, other, out);
                }
            }
        }
    }
    return out;
}

bool
fisc_registry_holds_grants(const FiscRegistry *registry, const char *person, const char *principal,
                           FiscDate today)
{
    FiscAct act = {.person = person, .principal = principal, .action = "grant", .on = today};
    for (const char *right = "MA"; *right != '\0'; right++) {
        act.right = *right;
        if (fisc_registry_judge(registry, &act, NULL)) {
            return true;
        }
    }
    return false;
}

const char *
fisc_registry_enforcement(const FiscRegistry *registry, FiscDate today)
{
    const char *maker = fisc_identity_policy(registry, "maker");
    bool is_open = g_strcmp0(fisc_identity_policy(registry, "enforced"), "proposed") == 0 &&
                   fisc_registry_holds_grants(registry, maker, NULL, today);
    return is_open ? maker : NULL;
}
