/* signin_answer.c: what somebody who asks is told of who he is, and that he has to wait. */
#include "app/flows/person.h"
#include "app/server/signin.h"
#include <string.h>

static void
add_role(json_t *roles, const char *role, const char *entity, FiscDate from, FiscDate to,
         const char *principal)
{
    char first[FISC_DATE_TEXT], last[FISC_DATE_TEXT];
    json_array_append_new(
        roles,
        json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "role", role, "entity", entity, "from",
                  from == G_MININT32 ? NULL : fisc_date_format(from, first), "to",
                  to == G_MAXINT32 ? NULL : fisc_date_format(to, last), "principal", principal));
}

static json_t *
roles_of(const FiscRegistry *registry, const char *person)
{
    json_t *roles = json_array();
    FiscDate today = fisc_flow_today();
    g_autoptr(GPtrArray) grants = fisc_registry_grants(registry);
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < grants->len; i++) {
        const FiscGrant *grant = grants->pdata[i];
        if (strcmp(grant->person, person) == 0 && fisc_grant_holds(grant, today)) {
            add_role(roles, grant->role, grant->entity, grant->from, grant->to, NULL);
        }
    }
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *given = delegations->pdata[i];
        if (strcmp(given->delegate, person) == 0 && fisc_delegation_holds(given, today)) {
            add_role(roles, given->role, given->entity, given->from, given->to, given->principal);
        }
    }
    return roles;
}

static json_t *
scope_value(const FiscScope *scope)
{
    json_t *entities = json_array();
    g_auto(GStrv) codes = fisc_scope_entities(scope);
    for (char **code = codes; *code != NULL; code++) {
        json_array_append_new(entities, json_string(*code));
    }
    return json_pack("{s:b, s:o}", "all", fisc_scope_is_all(scope), "entities", entities);
}

static json_t *
factors_value(const FiscFactors *factors)
{
    json_t *list = json_array();
    const struct {
        const char *name;
        bool is_there;
    } rows[] = {{"password", factors->has_password},
                {"totp", factors->has_code},
                {"passkey", factors->has_passkey}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].is_there) {
            json_array_append_new(list, json_string(rows[i].name));
        }
    }
    return list;
}

bool
fisc_server_answer_session(FiscCall *call, int status, FiscRoll *roll, const FiscBearer *bearer,
                           const char *secret, GError **error)
{
    char csrf[FISC_DIGEST_HEX];
    g_autofree char *name = NULL;
    FiscFactors factors = {0};
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    const FiscRegistry *registry = fisc_roll_registry(roll);
    if (!fisc_flow_person_name(&ctx, registry, bearer->person, &name, error) ||
        !fisc_flow_find_factors(&ctx, bearer->person, &factors, error)) {
        return false;
    }
    if (secret != NULL) {
        fisc_csrf_of(secret, csrf);
    }
    g_autoptr(FiscScope) scope = fisc_roll_scope(roll, bearer->person, bearer->entity);
    fisc_call_answer_json(call, status,
                          json_pack("{s:s, s:s, s:o, s:o, s:b, s:o, s:s?, s:s?}", "person",
                                    bearer->person, "name", name != NULL ? name : bearer->person,
                                    "roles", roles_of(registry, bearer->person), "scope",
                                    scope_value(scope), "strong", bearer->is_strong, "factors",
                                    factors_value(&factors), "csrf", secret != NULL ? csrf : NULL,
                                    "expires_at", bearer->expires_at));
    return true;
}

void
fisc_server_answer_limited(FiscCall *call, int wait_s)
{
    g_autofree char *wait = g_strdup_printf("%d", wait_s);
    fisc_http_reply_header(call->reply, "Retry-After", wait);
    fisc_call_problem(call, 429, "RATE_LIMITED", NULL,
                      "too many attempts were wrong: wait %d seconds", wait_s);
}
