/* person_table.c: who is who and who may what, as tables for people and programs. */
#include "app/flows/person.h"
#include <string.h>

static FiscTable *
new_table(const char *name, const char *title, const char *const *columns)
{
    FiscTable *table = fisc_table_new(name, title, 0);
    for (int i = 0; columns[i] != NULL; i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    return table;
}

/* The cells of a row in order, ended by NULL; "" is an empty cell. */
static void add_row(FiscTable *table, ...) G_GNUC_NULL_TERMINATED;

static void
add_row(FiscTable *table, ...)
{
    FiscRow *row = fisc_table_add_row(table);
    va_list cells;
    va_start(cells, table);
    const char *cell;
    for (int column = 0; (cell = va_arg(cells, const char *)) != NULL; column++) {
        fisc_table_set_text(table, row, column, cell);
    }
    va_end(cells);
}

static const char *
text(const char *value)
{
    return value != NULL ? value : "";
}

static const char *
day(FiscDate date, char buffer[FISC_DATE_TEXT])
{
    return date == G_MININT32 || date == G_MAXINT32 ? "" : fisc_date_format(date, buffer);
}

/* Names -------------------------------------------------------------------------------------- */

/* code -> name; a name that is not the one on record is marked, for somebody has changed it behind
 * the books' back. */
static bool
load_names(FiscContext *ctx, const FiscRegistry *registry, GHashTable **out_names, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_PERSON_NAMES, FISC_ARGS(fisc_int4(ctx->book_id)), &rows,
                       error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int length = 0;
        char digest[FISC_IDENTITY_DIGEST];
        const char *name = fisc_rows_text(rows, i, 1);
        const uint8_t *salt = fisc_rows_bytea(rows, i, 2, &length);
        const FiscPerson *person = fisc_registry_person(registry, fisc_rows_text(rows, i, 0));
        bool is_true =
            person != NULL && length == FISC_IDENTITY_SALT &&
            g_strcmp0(fisc_identity_name_digest(salt, name, digest), person->name_digest) == 0;
        g_hash_table_insert(*out_names, g_strdup(fisc_rows_text(rows, i, 0)),
                            is_true ? g_strdup(name)
                                    : g_strconcat(name, " (not the name on record)", NULL));
    }
    return true;
}

/* Persons ------------------------------------------------------------------------------------ */

static const char *
state_of(const FiscPerson *person)
{
    return !person->is_registered ? "not registered" : person->is_active ? "active" : "disabled";
}

/* "approver 001, auditor *": the roles that a person holds today, by delegation in brackets. */
static char *
roles_of(const FiscPerson *person, GPtrArray *grants, GPtrArray *delegations, FiscDate today)
{
    GString *roles = g_string_new(NULL);
    for (guint i = 0; i < grants->len; i++) {
        const FiscGrant *grant = grants->pdata[i];
        if (strcmp(grant->person, person->code) == 0 && fisc_grant_holds(grant, today)) {
            g_string_append_printf(roles, "%s%s %s", roles->len > 0 ? ", " : "", grant->role,
                                   grant->entity);
        }
    }
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        if (strcmp(delegation->delegate, person->code) == 0 &&
            fisc_delegation_holds(delegation, today)) {
            g_string_append_printf(roles, "%s(%s %s for %s)", roles->len > 0 ? ", " : "",
                                   delegation->role, delegation->entity, delegation->principal);
        }
    }
    return g_string_free(roles, FALSE);
}

static FiscTable *
build_list(const FiscRegistry *registry, GHashTable *names)
{
    FiscTable *table = new_table("persons", "Persons",
                                 (const char *const[]){"person", "name", "state", "roles", NULL});
    g_autoptr(GPtrArray) persons = fisc_registry_persons(registry);
    g_autoptr(GPtrArray) grants = fisc_registry_grants(registry);
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < persons->len; i++) {
        const FiscPerson *person = persons->pdata[i];
        g_autofree char *roles = roles_of(person, grants, delegations, fisc_flow_today());
        add_row(table, person->code, text(g_hash_table_lookup(names, person->code)),
                state_of(person), roles, NULL);
    }
    fisc_table_add_note(table, fisc_registry_is_enforced(registry)
                                   ? "Duties are enforced."
                                   : "Duties are not enforced: everybody may do everything.");
    return table;
}

/* Rule R21: who could use both on different chains is allowed to, and reported. */
static FiscTable *
build_both(const FiscRegistry *registry)
{
    FiscTable *table =
        new_table("both-rights", "Persons who hold both of two duties that must not meet",
                  (const char *const[]){"person", "duty", "role", "entity", "other_duty",
                                        "other_role", "other_entity", "reason", "expires", NULL});
    g_autoptr(GPtrArray) both = fisc_registry_both(registry, fisc_flow_today());
    for (guint i = 0; i < both->len; i++) {
        const FiscBothRights *pair = both->pdata[i];
        const FiscGrant *exception = pair->other->expires != NULL ? pair->other : pair->grant;
        add_row(table, pair->person->code, pair->what, pair->grant->role, pair->grant->entity,
                pair->other_what, pair->other->role, pair->other->entity, text(exception->reason),
                text(exception->expires), NULL);
    }
    fisc_table_add_note(table, "Allowed on different chains of documents, refused on one.");
    return table;
}

bool
fisc_flow_person_list(FiscContext *ctx, bool both, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    g_autoptr(GHashTable) names = NULL;
    if (!fisc_flow_registry(ctx, &registry, error) || !load_names(ctx, registry, &names, error)) {
        return false;
    }
    *out_table = both ? build_both(registry) : build_list(registry, names);
    return true;
}

static void
add_grants(FiscTable *table, const FiscRegistry *registry, const char *code)
{
    g_autoptr(GPtrArray) grants = fisc_registry_grants(registry);
    for (guint i = 0; i < grants->len; i++) {
        const FiscGrant *grant = grants->pdata[i];
        char from[FISC_DATE_TEXT];
        char to[FISC_DATE_TEXT];
        if (strcmp(grant->person, code) == 0) {
            add_row(table, "grant", grant->role, grant->entity, text(grant->state),
                    day(grant->from, from), day(grant->to, to), text(grant->maker),
                    text(grant->checker), text(grant->reason), NULL);
        }
    }
}

static void
add_delegations(FiscTable *table, const FiscRegistry *registry, const char *code)
{
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        bool is_given = strcmp(delegation->principal, code) == 0;
        char from[FISC_DATE_TEXT];
        char to[FISC_DATE_TEXT];
        if (is_given || strcmp(delegation->delegate, code) == 0) {
            add_row(table, is_given ? "delegated" : "received", delegation->role,
                    delegation->entity, text(delegation->state), day(delegation->from, from),
                    day(delegation->to, to), delegation->principal, delegation->delegate, "", NULL);
        }
    }
}

bool
fisc_flow_person_show(FiscContext *ctx, const char *code, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    g_autoptr(GHashTable) names = NULL;
    if (!fisc_flow_registry(ctx, &registry, error) || !load_names(ctx, registry, &names, error)) {
        return false;
    }
    const FiscPerson *person = fisc_registry_person(registry, code);
    if (person == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no person \"%s\" is on record", code);
    }
    const char *name = g_hash_table_lookup(names, code);
    g_autofree char *title = g_strdup_printf(
        "%s, %s: %s", code, name != NULL ? name : "name not on record", state_of(person));
    FiscTable *table = new_table("person", title,
                                 (const char *const[]){"what", "role", "entity", "state", "from",
                                                       "to", "maker", "checker", "reason", NULL});
    add_grants(table, registry, code);
    add_delegations(table, registry, code);
    fisc_table_add_note(table, "Of a delegation, maker is the principal and checker the delegate.");
    *out_table = table;
    return true;
}

/* The matrix --------------------------------------------------------------------------------- */

bool
fisc_flow_matrix(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    FiscTable *table = new_table("duties", "Duties: what each role may do",
                                 (const char *const[]){"action", "approvals", NULL});
    g_autoptr(GPtrArray) roles = fisc_registry_roles(registry);
    g_autoptr(GPtrArray) actions = fisc_registry_actions(registry);
    for (guint i = 0; i < roles->len; i++) {
        fisc_table_add_column(table, roles->pdata[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < actions->len; i++) {
        const char *action = actions->pdata[i];
        g_autofree char *needs = g_strdup_printf("%d", fisc_registry_approvals(registry, action));
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, action);
        fisc_table_set_text(table, row, 1, needs);
        for (guint k = 0; k < roles->len; k++) {
            fisc_table_set_text(table, row, (int)k + 2,
                                fisc_registry_rights(registry, roles->pdata[k], action));
        }
    }
    fisc_table_add_note(table, "M make, A approve, R release, V view (V* everything), H hold, P "
                               "propose, S stage, L load what others approved.");
    *out_table = table;
    return true;
}

/* "approver 001", "approver 001 for ana"; "" when nothing allows it. Caller frees. */
static char *
describe_basis(const FiscRegistry *registry, FiscAct *act)
{
    const FiscGrant *own = fisc_registry_basis(registry, act, NULL);
    if (own != NULL) {
        return g_strdup_printf("%s %s", own->role, own->entity);
    }
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        act->principal = delegation->principal;
        if (strcmp(delegation->delegate, act->person) == 0 &&
            fisc_registry_basis(registry, act, NULL) != NULL) {
            return g_strdup_printf("%s %s for %s", delegation->role, delegation->entity,
                                   delegation->principal);
        }
    }
    return g_strdup("");
}

bool
fisc_flow_person_check(FiscContext *ctx, const char *person, const char *action, const char *entity,
                       FiscTable **out_table, GError **error)
{
    static const struct {
        char letter;
        const char *word;
    } rights[] = {
#define X(letter, word) {letter, word},
        FISC_RIGHTS(X)
#undef X
    };
    g_autoptr(FiscRegistry) registry = NULL;
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    if (fisc_registry_person(registry, person) == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no person \"%s\" is on record", person);
    }
    FiscTable *table = new_table(
        "rights", "What a person may do today",
        (const char *const[]){"person", "action", "entity", "right", "allowed", "by", NULL});
    for (gsize i = 0; i < G_N_ELEMENTS(rights); i++) {
        FiscAct act = {.person = person,
                       .action = action,
                       .right = rights[i].letter,
                       .entity = strcmp(entity, "*") != 0 ? entity : NULL,
                       .on = fisc_flow_today()};
        g_autofree char *by = describe_basis(registry, &act);
        add_row(table, person, action, entity, rights[i].word, *by != '\0' ? "yes" : "no", by,
                NULL);
    }
    if (!fisc_registry_is_enforced(registry)) {
        fisc_table_add_note(table, "Duties are not enforced: everybody may do everything.");
    }
    *out_table = table;
    return true;
}
