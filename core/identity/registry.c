/* registry.c: folds events of persons, duties, grants and delegations into what is asked of them.
 *
 * Records come in any order when a book is restored (a grant before its person), so nothing is
 * refused here: that is check.c, before an event is on record. What makes no sense is left out. */
#include "core/identity/registry.h"
#include "core/base/hash.h"
#include <string.h>

static const struct {
    const char *word;
} duty_words[] = {
#define X(name, word, meaning) {word},
    FISC_DUTIES(X)
#undef X
};

const char *
fisc_duty_word(FiscDuty duty)
{
    return duty_words[duty].word;
}

FiscDuty
fisc_duty_find(const char *word)
{
    for (int duty = 1; word != NULL && duty < FISC_DUTY_COUNT; duty++) {
        if (strcmp(duty_words[duty].word, word) == 0) {
            return (FiscDuty)duty;
        }
    }
    return FISC_DUTY_NONE;
}

const char *
fisc_identity_field(GPtrArray *fields, const char *name)
{
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        const char *value = fields->pdata[i + 1];
        if (strcmp(fields->pdata[i], name) == 0) {
            return value != NULL && *value != '\0' ? value : NULL;
        }
    }
    return NULL;
}

char **
fisc_identity_split(const char *subject, int count)
{
    char **parts = g_strsplit(subject, "/", count);
    bool is_whole = (int)g_strv_length(parts) == count;
    for (int i = 0; is_whole && i < count; i++) {
        is_whole = *parts[i] != '\0';
    }
    if (!is_whole) {
        g_clear_pointer(&parts, g_strfreev);
    }
    return parts;
}

bool
fisc_identity_day(const char *text, FiscDate bound, FiscDate *out_day)
{
    *out_day = bound;
    return text == NULL || fisc_date_parse(text, out_day);
}

/* The parts ---------------------------------------------------------------------------------- */

static void
holder_free(gpointer data)
{
    FiscHolder *holder = data;
    g_free(holder->person.code);
    g_free(holder->person.name_digest);
    g_free(holder->person.id_digest);
    g_ptr_array_unref(holder->grants);
    g_ptr_array_unref(holder->given);
    g_ptr_array_unref(holder->received);
    g_free(holder);
}

static void
grant_free(gpointer data)
{
    FiscGrant *grant = data;
    char *texts[] = {grant->subject, grant->person,  grant->role,   grant->entity, grant->state,
                     grant->maker,   grant->checker, grant->reason, grant->expires};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(texts[i]);
    }
    g_free(grant);
}

static void
delegation_free(gpointer data)
{
    FiscDelegation *delegation = data;
    char *texts[] = {delegation->subject, delegation->principal, delegation->delegate,
                     delegation->role,    delegation->entity,    delegation->state};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(texts[i]);
    }
    g_free(delegation);
}

static void
unref_table(gpointer data)
{
    g_hash_table_unref(data);
}

static void
unref_array(gpointer data)
{
    g_ptr_array_unref(data);
}

FiscRegistry *
fisc_registry_new(void)
{
    FiscRegistry *registry = g_new0(FiscRegistry, 1);
    registry->holders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, holder_free);
    registry->by_number = g_ptr_array_new();
    registry->grants = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, grant_free);
    registry->delegations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, delegation_free);
    registry->duties = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_table);
    registry->exclusions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    registry->approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    registry->policies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_array);
    return registry;
}

void
fisc_registry_free(FiscRegistry *registry)
{
    if (registry == NULL) {
        return;
    }
    GHashTable *tables[] = {registry->holders, registry->grants,     registry->delegations,
                            registry->duties,  registry->exclusions, registry->approvals,
                            registry->policies};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_hash_table_unref(tables[i]);
    }
    g_ptr_array_unref(registry->by_number);
    g_free(registry);
}

const FiscHolder *
fisc_identity_holder(const FiscRegistry *registry, const char *code)
{
    return code != NULL ? g_hash_table_lookup(registry->holders, code) : NULL;
}

/* A grant may name a person who comes later: restoring has its own order. */
static FiscHolder *
make_holder(FiscRegistry *registry, const char *code)
{
    FiscHolder *holder = g_hash_table_lookup(registry->holders, code);
    if (holder == NULL) {
        holder = g_new0(FiscHolder, 1);
        holder->person.code = g_strdup(code);
        holder->grants = g_ptr_array_new();
        holder->given = g_ptr_array_new();
        holder->received = g_ptr_array_new();
        g_hash_table_insert(registry->holders, holder->person.code, holder);
    }
    return holder;
}

/* Taking records ----------------------------------------------------------------------------- */

static void
replace_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

static void
set_number(FiscRegistry *registry, FiscHolder *holder, int number)
{
    if ((int)registry->by_number->len < number) {
        g_ptr_array_set_size(registry->by_number, number);
    }
    registry->by_number->pdata[number - 1] = holder;
    holder->person.number = number;
}

static void
set_person(FiscRegistry *registry, const char *code, int number, GPtrArray *fields)
{
    FiscHolder *holder = make_holder(registry, code);
    FiscPerson *person = &holder->person;
    const char *state = fisc_identity_field(fields, "state");
    if (number > 0) {
        set_number(registry, holder, number);
    }
    person->is_registered = state != NULL;
    person->is_active = g_strcmp0(state, "active") == 0;
    replace_text(&person->name_digest, fisc_identity_field(fields, "name_digest"));
    replace_text(&person->id_digest, fisc_identity_field(fields, "id_digest"));
}

static void
set_duty(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    g_auto(GStrv) parts = fisc_identity_split(subject, 2);
    if (parts == NULL) {
        return;
    }
    GHashTable *actions = g_hash_table_lookup(registry->duties, parts[0]);
    if (actions == NULL) {
        actions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(registry->duties, g_strdup(parts[0]), actions);
    }
    const char *rights = fisc_identity_field(fields, "rights");
    g_hash_table_insert(actions, g_strdup(parts[1]), g_strdup(rights != NULL ? rights : ""));
}

static void
set_exclusion(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    g_auto(GStrv) parts = fisc_identity_split(subject, 2);
    if (parts == NULL) {
        return;
    }
    FiscExclusion exclusion = {
        .is_everywhere = g_strcmp0(fisc_identity_field(fields, "scope"), "entity") != 0,
        .has_exception = g_strcmp0(fisc_identity_field(fields, "exception"), "expiry") == 0,
        .holds = g_strcmp0(fisc_identity_field(fields, "holds"), "no") != 0};
    for (int way = 0; way < 2; way++) {
        g_hash_table_insert(registry->exclusions,
                            g_strconcat(parts[way], "/", parts[1 - way], NULL),
                            g_memdup2(&exclusion, sizeof exclusion));
    }
}

static void
put_conflict(FiscRegistry *registry, const char *subject, bool holds)
{
    g_auto(GStrv) parts = fisc_identity_split(subject, 2);
    FiscDuty a = parts != NULL ? fisc_duty_find(parts[0]) : FISC_DUTY_NONE;
    FiscDuty b = parts != NULL ? fisc_duty_find(parts[1]) : FISC_DUTY_NONE;
    if (a != FISC_DUTY_NONE && b != FISC_DUTY_NONE) {
        registry->conflicts[a][b] = holds;
        registry->conflicts[b][a] = holds;
    }
}

static void
set_conflict(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    put_conflict(registry, subject, g_strcmp0(fisc_identity_field(fields, "holds"), "no") != 0);
}

static void
set_approvals(FiscRegistry *registry, const char *action, int number, GPtrArray *fields)
{
    (void)number;
    const char *needs = fisc_identity_field(fields, "needs");
    const char *by = fisc_identity_field(fields, "by");
    FiscApprovals *approvals = g_new0(FiscApprovals, 1);
    approvals->needs = needs != NULL ? (int)g_ascii_strtoll(needs, NULL, 10) : 0;
    approvals->by = by != NULL ? *by : 'A';
    g_hash_table_insert(registry->approvals, g_strdup(action), approvals);
}

static void
set_policy(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(copy, g_strdup(fields->pdata[i]));
    }
    g_hash_table_insert(registry->policies, g_strdup(subject), copy);
}

static FiscGrant *
make_grant(FiscRegistry *registry, const char *subject)
{
    FiscGrant *grant = g_hash_table_lookup(registry->grants, subject);
    g_auto(GStrv) parts = grant == NULL ? fisc_identity_split(subject, 3) : NULL;
    if (parts != NULL) {
        grant = g_new0(FiscGrant, 1);
        grant->subject = g_strdup(subject);
        grant->person = g_strdup(parts[0]);
        grant->role = g_strdup(parts[1]);
        grant->entity = g_strdup(parts[2]);
        g_hash_table_insert(registry->grants, grant->subject, grant);
        g_ptr_array_add(make_holder(registry, parts[0])->grants, grant);
    }
    return grant;
}

static void
set_grant(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    FiscGrant *grant = make_grant(registry, subject);
    if (grant == NULL) {
        return;
    }
    FiscDate expires = G_MAXINT32;
    replace_text(&grant->state, fisc_identity_field(fields, "state"));
    replace_text(&grant->maker, fisc_identity_field(fields, "maker"));
    replace_text(&grant->checker, fisc_identity_field(fields, "checker"));
    replace_text(&grant->reason, fisc_identity_field(fields, "reason"));
    replace_text(&grant->expires, fisc_identity_field(fields, "expires"));
    fisc_identity_day(fisc_identity_field(fields, "from"), G_MININT32, &grant->from);
    fisc_identity_day(fisc_identity_field(fields, "to"), G_MAXINT32, &grant->to);
    fisc_identity_day(grant->expires, G_MAXINT32, &expires);
    grant->to = MIN(grant->to, expires);
}

static FiscDelegation *
make_delegation(FiscRegistry *registry, const char *subject)
{
    FiscDelegation *delegation = g_hash_table_lookup(registry->delegations, subject);
    g_auto(GStrv) parts = delegation == NULL ? fisc_identity_split(subject, 4) : NULL;
    if (parts != NULL) {
        delegation = g_new0(FiscDelegation, 1);
        delegation->subject = g_strdup(subject);
        delegation->principal = g_strdup(parts[0]);
        delegation->delegate = g_strdup(parts[1]);
        delegation->role = g_strdup(parts[2]);
        delegation->entity = g_strdup(parts[3]);
        g_hash_table_insert(registry->delegations, delegation->subject, delegation);
        g_ptr_array_add(make_holder(registry, parts[0])->given, delegation);
        g_ptr_array_add(make_holder(registry, parts[1])->received, delegation);
    }
    return delegation;
}

static void
set_delegation(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields)
{
    (void)number;
    FiscDelegation *delegation = make_delegation(registry, subject);
    if (delegation != NULL) {
        replace_text(&delegation->state, fisc_identity_field(fields, "state"));
        /* Without its days it holds on none. */
        fisc_identity_day(fisc_identity_field(fields, "from"), G_MAXINT32, &delegation->from);
        fisc_identity_day(fisc_identity_field(fields, "to"), G_MININT32, &delegation->to);
    }
}

/* Forgetting records ------------------------------------------------------------------------- */

/* What others say of the person stays. */
static void
remove_person(FiscRegistry *registry, const char *code)
{
    FiscHolder *holder = g_hash_table_lookup(registry->holders, code);
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    if (holder != NULL) {
        set_person(registry, code, 0, nothing);
        if (holder->person.number > 0) {
            registry->by_number->pdata[holder->person.number - 1] = NULL;
        }
        holder->person.number = 0;
    }
}

static void
remove_duty(FiscRegistry *registry, const char *subject)
{
    g_auto(GStrv) parts = fisc_identity_split(subject, 2);
    GHashTable *actions = parts != NULL ? g_hash_table_lookup(registry->duties, parts[0]) : NULL;
    if (actions != NULL) {
        g_hash_table_remove(actions, parts[1]);
        if (g_hash_table_size(actions) == 0) {
            g_hash_table_remove(registry->duties, parts[0]);
        }
    }
}

static void
remove_exclusion(FiscRegistry *registry, const char *subject)
{
    g_auto(GStrv) parts = fisc_identity_split(subject, 2);
    for (int way = 0; parts != NULL && way < 2; way++) {
        g_autofree char *key = g_strconcat(parts[way], "/", parts[1 - way], NULL);
        g_hash_table_remove(registry->exclusions, key);
    }
}

static void
remove_conflict(FiscRegistry *registry, const char *subject)
{
    put_conflict(registry, subject, false);
}

static void
remove_approvals(FiscRegistry *registry, const char *action)
{
    g_hash_table_remove(registry->approvals, action);
}

static void
remove_policy(FiscRegistry *registry, const char *subject)
{
    g_hash_table_remove(registry->policies, subject);
}

static void
remove_grant(FiscRegistry *registry, const char *subject)
{
    FiscGrant *grant = g_hash_table_lookup(registry->grants, subject);
    if (grant != NULL) {
        g_ptr_array_remove(make_holder(registry, grant->person)->grants, grant);
        g_hash_table_remove(registry->grants, subject);
    }
}

static void
remove_delegation(FiscRegistry *registry, const char *subject)
{
    FiscDelegation *delegation = g_hash_table_lookup(registry->delegations, subject);
    if (delegation != NULL) {
        g_ptr_array_remove(make_holder(registry, delegation->principal)->given, delegation);
        g_ptr_array_remove(make_holder(registry, delegation->delegate)->received, delegation);
        g_hash_table_remove(registry->delegations, subject);
    }
}

static const struct {
    const char *kind;
    void (*set)(FiscRegistry *registry, const char *subject, int number, GPtrArray *fields);
    void (*remove)(FiscRegistry *registry, const char *subject);
} kinds[] = {
    {"person", set_person, remove_person},
    {"duty", set_duty, remove_duty},
    {"exclusion", set_exclusion, remove_exclusion},
    {"conflict", set_conflict, remove_conflict},
    {"approvals", set_approvals, remove_approvals},
    {"policy", set_policy, remove_policy},
    {"grant", set_grant, remove_grant},
    {"delegation", set_delegation, remove_delegation},
};

static int
find_kind(const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool
fisc_registry_reads(const char *kind)
{
    return find_kind(kind) >= 0;
}

void
fisc_registry_set(FiscRegistry *registry, const char *kind, const char *subject, int number,
                  GPtrArray *fields)
{
    int found = find_kind(kind);
    if (found >= 0) {
        kinds[found].set(registry, subject, number, fields);
    }
}

void
fisc_registry_remove(FiscRegistry *registry, const char *kind, const char *subject)
{
    int found = find_kind(kind);
    if (found >= 0) {
        kinds[found].remove(registry, subject);
    }
}

/* Digests ------------------------------------------------------------------------------------ */

static const char *
digest(const char *what, const uint8_t salt[FISC_IDENTITY_SALT], const char *text,
       char out_hex[FISC_IDENTITY_DIGEST])
{
    uint8_t hash[FISC_HASH_SIZE];
    g_autoptr(FiscHash) state = fisc_hash_new();
    fisc_hash_add_text(state, what);
    fisc_hash_add_bytes(state, salt, FISC_IDENTITY_SALT);
    fisc_hash_add_text(state, text);
    fisc_hash_finish(state, hash);
    return fisc_hash_format(hash, out_hex);
}

const char *
fisc_identity_name_digest(const uint8_t salt[FISC_IDENTITY_SALT], const char *name,
                          char out_hex[FISC_IDENTITY_DIGEST])
{
    return digest("name", salt, name, out_hex);
}

/* One identity in two ways of writing must not become two persons. */
const char *
fisc_identity_id_digest(const uint8_t salt[FISC_IDENTITY_SALT], const char *id,
                        char out_hex[FISC_IDENTITY_DIGEST])
{
    GString *plain = g_string_new(NULL);
    for (const char *at = id; *at != '\0'; at++) {
        if (strchr(" .-/", *at) == NULL) {
            g_string_append_c(plain, g_ascii_toupper(*at));
        }
    }
    digest("id", salt, plain->str, out_hex);
    g_string_free(plain, TRUE);
    return out_hex;
}
