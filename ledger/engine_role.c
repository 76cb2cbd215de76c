/* engine_role.c: who holds a role by word of the law: a rule may ask for the approval of "cabinet"
 * or "finance", whatever those may do otherwise. */
#include "ledger/engine_internal.h"
#include <string.h>

static bool
holds_by_grant(const FiscEngine *engine, const char *person, const char *role, const char *entity)
{
    g_autofree char *subject = g_strdup_printf("%s/%s/%s", person, role, entity);
    const FiscGrant *grant = fisc_registry_grant(engine->registry, subject);
    return grant != NULL && fisc_grant_holds(grant, fisc_engine_today(engine));
}

static bool
holds_by_delegation(const FiscEngine *engine, const char *person, const char *role,
                    const char *entity)
{
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(engine->registry);
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        bool is_here =
            strcmp(delegation->entity, "*") == 0 || strcmp(delegation->entity, entity) == 0;
        if (strcmp(delegation->delegate, person) == 0 && strcmp(delegation->role, role) == 0 &&
            is_here && fisc_delegation_holds(delegation, fisc_engine_today(engine)) &&
            (holds_by_grant(engine, delegation->principal, role, entity) ||
             holds_by_grant(engine, delegation->principal, role, "*"))) {
            return true;
        }
    }
    return false;
}

/* By a grant on record, in a book whose duties are not enforced, too: otherwise the word of the law
 * would name nobody. */
bool
fisc_engine_holds_role(const FiscEngine *engine, const char *person, const char *role,
                       const char *entity)
{
    return role == NULL || holds_by_grant(engine, person, role, entity) ||
           holds_by_grant(engine, person, role, "*") ||
           holds_by_delegation(engine, person, role, entity);
}
