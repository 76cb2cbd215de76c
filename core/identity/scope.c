/* scope.c: a set of entities, or all. */
#include "fisc/scope.h"
#include <string.h>

struct _FiscScope {
    bool is_all;
    GHashTable *entities; /* of char * */
};

FiscScope *
fisc_scope_new(void)
{
    FiscScope *scope = g_new0(FiscScope, 1);
    scope->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return scope;
}

FiscScope *
fisc_scope_new_all(void)
{
    FiscScope *scope = fisc_scope_new();
    scope->is_all = true;
    return scope;
}

void
fisc_scope_add(FiscScope *scope, const char *entity)
{
    g_hash_table_add(scope->entities, g_strdup(entity));
}

FiscScope *
fisc_scope_copy(const FiscScope *scope)
{
    FiscScope *copy = fisc_scope_new();
    GHashTableIter each;
    gpointer code;
    copy->is_all = scope->is_all;
    g_hash_table_iter_init(&each, scope->entities);
    while (g_hash_table_iter_next(&each, &code, NULL)) {
        fisc_scope_add(copy, code);
    }
    return copy;
}

void
fisc_scope_free(FiscScope *scope)
{
    if (scope == NULL) {
        return;
    }
    g_hash_table_unref(scope->entities);
    g_free(scope);
}

bool
fisc_scope_is_all(const FiscScope *scope)
{
    return scope == NULL || scope->is_all;
}

bool
fisc_scope_has(const FiscScope *scope, const char *entity)
{
    return fisc_scope_is_all(scope) ||
           (entity != NULL && g_hash_table_contains(scope->entities, entity));
}

bool
fisc_scope_has_roles(const FiscScope *scope)
{
    return scope != NULL && g_hash_table_size(scope->entities) > 0;
}

bool
fisc_scope_is_own(const FiscScope *scope, const char *entity)
{
    return scope != NULL && g_hash_table_contains(scope->entities, entity);
}

static int
compare_codes(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
fisc_scope_entities(const FiscScope *scope)
{
    GPtrArray *codes = g_ptr_array_new();
    if (!fisc_scope_is_all(scope)) {
        GHashTableIter each;
        gpointer code;
        g_hash_table_iter_init(&each, scope->entities);
        while (g_hash_table_iter_next(&each, &code, NULL)) {
            g_ptr_array_add(codes, g_strdup(code));
        }
    }
    g_ptr_array_sort(codes, compare_codes);
    g_ptr_array_add(codes, NULL);
    return (char **)g_ptr_array_free(codes, FALSE);
}

/* What persons hold ---------------------------------------------------------------------------- */

/* A role that views something beyond its entity views the book: what it may read of it is one. */
static bool
views_all(const FiscRegistry *registry, const char *role)
{
    g_autoptr(GPtrArray) actions = fisc_registry_actions(registry);
    for (guint i = 0; i < actions->len; i++) {
        if (strstr(fisc_registry_rights(registry, role, actions->pdata[i]), "V*") != NULL) {
            return true;
        }
    }
    return false;
}

static void
add_role(const FiscRegistry *registry, FiscScope *scope, const char *role, const char *entity)
{
    scope->is_all = scope->is_all || strcmp(entity, "*") == 0 || views_all(registry, role);
    fisc_scope_add(scope, entity);
}

FiscScope *
fisc_registry_scope(const FiscRegistry *registry, const char *person, FiscDate today)
{
    if (!fisc_registry_is_enforced(registry)) {
        return fisc_scope_new_all();
    }
    FiscScope *scope = fisc_scope_new();
    const FiscPerson *known = fisc_registry_person(registry, person);
    if (known == NULL || !known->is_registered || !known->is_active) {
        return scope;
    }
    g_autoptr(GPtrArray) grants = fisc_registry_grants(registry);
    for (guint i = 0; i < grants->len; i++) {
        const FiscGrant *grant = grants->pdata[i];
        if (strcmp(grant->person, person) == 0 && fisc_grant_holds(grant, today)) {
            add_role(registry, scope, grant->role, grant->entity);
        }
    }
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        if (strcmp(delegation->delegate, person) == 0 && fisc_delegation_holds(delegation, today)) {
            add_role(registry, scope, delegation->role, delegation->entity);
        }
    }
    return scope;
}
