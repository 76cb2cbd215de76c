/* check.c: what an event of a person, a duty or the policy must obey before it is on record.
 *
 * Whether its maker holds a right is asked elsewhere (the engine's judge_event); here stands what
 * holds for everybody, in open books too, and what a replay of the chain finds again. */
#include "core/identity/registry.h"
#include <string.h>

#define FIELDS_MAX 8
#define CODE_MAX 64
#define APPROVALS_MAX 9

bool
fisc_identity_refuse(FiscRefusals *refusals, FiscError code, const char *field, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(refusals, code, NULL, 0, field, "%s", detail);
    return false;
}

static bool
refuse_value(FiscRefusals *refusals, const FiscIdentityEvent *event, const char *field,
             const char *wanted)
{
    const char *value = fisc_identity_field(event->fields, field);
    return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, field,
                                "%s %s: \"%s\" is not %s", event->kind, event->subject,
                                value != NULL ? value : "", wanted);
}

static bool
is_one_of(const char *word, const char *const *words)
{
    return word != NULL && g_strv_contains(words, word);
}

/* A word of the matrix: a role, an action. */
static bool
is_word(const char *text)
{
    return *text != '\0' && strlen(text) <= CODE_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

/* Persons ------------------------------------------------------------------------------------ */

/* Slashes take subjects apart, and a star stands for everything. */
static bool
is_code(const char *code)
{
    bool is_good = *code != '\0' && strlen(code) <= CODE_MAX && strcmp(code, "*") != 0;
    for (const char *at = code; is_good && *at != '\0'; at++) {
        is_good = *at != '/' && !g_ascii_isspace(*at) && !g_ascii_iscntrl(*at);
    }
    return is_good;
}

static bool
is_digest(const char *text)
{
    return text != NULL && strlen(text) == FISC_IDENTITY_DIGEST - 1 &&
           strspn(text, "0123456789abcdef") == FISC_IDENTITY_DIGEST - 1;
}

/* One human being, one account: what is on record under an identity stays its only person, disabled
 * or not, and a person's identity never becomes another one. */
static bool
check_identity(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    const char *id = fisc_identity_field(event->fields, "id_digest");
    const FiscHolder *holder = fisc_identity_holder(registry, event->subject);
    if (holder != NULL && holder->person.id_digest != NULL &&
        strcmp(holder->person.id_digest, id) != 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_MASTER_CONFLICT, "id_digest",
                                    "%s is on record with another national identity",
                                    event->subject);
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, registry->holders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscPerson *other = &((FiscHolder *)value)->person;
        if (strcmp(other->code, event->subject) != 0 && g_strcmp0(other->id_digest, id) == 0) {
            FiscRefusal *refusal = fisc_refusals_add(
                refusals, FISC_ERROR_MASTER_CONFLICT, NULL, 0, "id_digest",
                "the national identity of %s is that of %s", event->subject, other->code);
            refusal->hint = g_strdup_printf("one person has one account: use %s", other->code);
            return false;
        }
    }
    return true;
}

/* Whoever acts in an open book is put on record with his code for a name, and is nobody in
 * particular; a registered person does not become nobody again. */
static bool
is_first_act(const FiscRegistry *registry, const FiscIdentityEvent *event)
{
    const FiscHolder *holder = fisc_identity_holder(registry, event->subject);
    return event->fields->len == 2 &&
           g_strcmp0(fisc_identity_field(event->fields, "name"), event->subject) == 0 &&
           (holder == NULL || !holder->person.is_registered);
}

static bool
check_person(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    static const char *const states[] = {"active", "disabled", NULL};
    const char *state = fisc_identity_field(event->fields, "state");
    if (is_first_act(registry, event)) {
        return true;
    }
    if (fisc_identity_field(event->fields, "name") != NULL) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "name",
                                    "the chain keeps no names, only their digests");
    }
    if (!is_code(event->subject)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "person",
                                    "\"%s\" is no code for a person", event->subject);
    }
    if (!is_one_of(state, states)) {
        return refuse_value(refusals, event, "state", "active or disabled");
    }
    if (!is_digest(fisc_identity_field(event->fields, "name_digest"))) {
        return refuse_value(refusals, event, "name_digest", "a digest");
    }
    if (!is_digest(fisc_identity_field(event->fields, "id_digest"))) {
        return refuse_value(refusals, event, "id_digest", "a digest");
    }
    FiscLoss loss = {.person = event->subject};
    if (strcmp(state, "disabled") == 0 && fisc_registry_is_enforced(registry) &&
        !fisc_identity_can_grant(registry, &loss)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "state",
                                    "without %s nobody could grant any more", event->subject);
    }
    return check_identity(registry, event, refusals);
}

/* The matrix --------------------------------------------------------------------------------- */

static bool
is_rights(const char *rights)
{
    static const char letters[] = {
#define X(letter, word) letter,
        FISC_RIGHTS(X)
#undef X
            '\0'};
    for (const char *at = rights; *at != '\0'; at++) {
        bool is_star = *at == '*' && at > rights && at[-1] == 'V';
        if ((!is_star && strchr(letters, *at) == NULL) || (*at != '*' && strchr(at + 1, *at))) {
            return false;
        }
    }
    return true;
}

static bool
check_duty(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    g_auto(GStrv) parts = fisc_identity_split(event->subject, 2);
    const char *rights = fisc_identity_field(event->fields, "rights");
    rights = rights != NULL ? rights : "";
    if (parts == NULL || !is_word(parts[0]) || !is_word(parts[1])) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "duty",
                                    "\"%s\" is not ROLE/ACTION", event->subject);
    }
    if (!is_rights(rights)) {
        return refuse_value(refusals, event, "rights", "letters of rights");
    }
    FiscLoss loss = {.duty = event->subject, .rights = rights};
    if (fisc_registry_is_enforced(registry) && !fisc_identity_can_grant(registry, &loss)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "rights",
                                    "then nobody could grant any more");
    }
    return true;
}

static const char *const yes_or_no[] = {"yes", "no", NULL};

static bool
is_holds(const FiscIdentityEvent *event)
{
    const char *holds = fisc_identity_field(event->fields, "holds");
    return holds == NULL || is_one_of(holds, yes_or_no);
}

/* A pair has one subject, or two records of it could disagree. */
static bool
is_ordered(char **parts)
{
    return parts != NULL && strcmp(parts[0], parts[1]) < 0;
}

static bool
check_exclusion(const FiscRegistry *registry, const FiscIdentityEvent *event,
                FiscRefusals *refusals)
{
    static const char *const scopes[] = {"entity", "everywhere", NULL};
    static const char *const exceptions[] = {"never", "expiry", NULL};
    (void)registry;
    g_auto(GStrv) parts = fisc_identity_split(event->subject, 2);
    if (!is_ordered(parts) || !is_word(parts[0]) || !is_word(parts[1])) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "exclusion",
                                    "\"%s\" is not ROLE/ROLE in order of the alphabet",
                                    event->subject);
    }
    if (!is_one_of(fisc_identity_field(event->fields, "scope"), scopes)) {
        return refuse_value(refusals, event, "scope", "entity or everywhere");
    }
    if (!is_one_of(fisc_identity_field(event->fields, "exception"), exceptions)) {
        return refuse_value(refusals, event, "exception", "never or expiry");
    }
    return is_holds(event) || refuse_value(refusals, event, "holds", "yes or no");
}

static bool
check_conflict(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    (void)registry;
    g_auto(GStrv) parts = fisc_identity_split(event->subject, 2);
    if (!is_ordered(parts) || fisc_duty_find(parts[0]) == FISC_DUTY_NONE ||
        fisc_duty_find(parts[1]) == FISC_DUTY_NONE) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "conflict",
                                    "\"%s\" is not DUTY/DUTY in order of the alphabet",
                                    event->subject);
    }
    return is_holds(event) || refuse_value(refusals, event, "holds", "yes or no");
}

static bool
check_approvals(const FiscRegistry *registry, const FiscIdentityEvent *event,
                FiscRefusals *refusals)
{
    static const char *const rights[] = {"A", "R", NULL};
    (void)registry;
    const char *needs = fisc_identity_field(event->fields, "needs");
    const char *by = fisc_identity_field(event->fields, "by");
    guint64 number = 0;
    if (!is_word(event->subject)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "approvals",
                                    "\"%s\" is no action", event->subject);
    }
    if (needs == NULL || !g_ascii_string_to_unsigned(needs, 10, 0, APPROVALS_MAX, &number, NULL)) {
        return refuse_value(refusals, event, "needs", "a number up to " G_STRINGIFY(APPROVALS_MAX));
    }
    /* That two can always grant is counted by the right A: is_keeper() in ask.c. */
    if (strcmp(event->subject, "grant") == 0 && g_strcmp0(by, "R") == 0) {
        return refuse_value(refusals, event, "by", "the right that confirms grants, A");
    }
    return by == NULL || is_one_of(by, rights) || refuse_value(refusals, event, "by", "A or R");
}

/* The policy --------------------------------------------------------------------------------- */

/* Enforcing is proposed by one and confirmed by another of those who can grant; once in force, two
 * of them must always be left, so the book can never be closed to everybody. */
static bool
check_enforcement(const FiscRegistry *registry, const FiscIdentityEvent *event,
                  FiscRefusals *refusals)
{
    const char *maker = fisc_identity_field(event->fields, "maker");
    if (g_strcmp0(maker, fisc_identity_policy(registry, "maker")) != 0 ||
        g_strcmp0(fisc_identity_field(event->fields, "checker"), event->actor) != 0) {
        return refuse_value(refusals, event, "checker", "who confirms what another has proposed");
    }
    if (strcmp(maker, event->actor) == 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "checker",
                                    "%s has proposed to enforce the duties", maker);
    }
    if (fisc_registry_share_hand(registry, maker, event->actor, event->today)) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SOD_SAME_PRINCIPAL, "checker",
                                    "%s and %s act for one another", maker, event->actor);
    }
    const char *persons[] = {maker, event->actor};
    for (int i = 0; i < 2; i++) {
        if (!fisc_registry_holds_grants(registry, persons[i], NULL, event->today)) {
            return fisc_identity_refuse(refusals, FISC_ERROR_DUTY_MISSING, "checker",
                                        "%s neither makes nor confirms grants", persons[i]);
        }
    }
    return fisc_identity_can_grant(registry, NULL) ||
           fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "enforced",
                                "two persons must be able to grant, for all entities and for ever");
}

/* Who could not confirm it cannot propose it: nobody could ever say yes to it. One that nobody can
 * say yes to any more is proposed anew. */
static bool
check_proposal(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    const char *maker = fisc_identity_field(event->fields, "maker");
    if (g_strcmp0(maker, event->actor) != 0) {
        return refuse_value(refusals, event, "maker", "who proposes it");
    }
    if (fisc_registry_enforcement(registry, event->today) != NULL) {
        return refuse_value(refusals, event, "enforced", "a step from what it is");
    }
    return fisc_registry_holds_grants(registry, maker, NULL, event->today) ||
           fisc_identity_refuse(refusals, FISC_ERROR_DUTY_MISSING, "maker",
                                "%s neither makes nor confirms grants", maker);
}

static bool
check_policy(const FiscRegistry *registry, const FiscIdentityEvent *event, FiscRefusals *refusals)
{
    const char *before = fisc_identity_policy(registry, "enforced");
    const char *after = fisc_identity_field(event->fields, "enforced");
    before = before != NULL ? before : "no";
    if (strcmp(event->subject, "duties") != 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, "policy",
                                    "there is no policy \"%s\"", event->subject);
    }
    if (g_strcmp0(after, "no") == 0) {
        return true; /* out of force by an approved document: the engine asks for it */
    }
    if (g_strcmp0(after, "proposed") == 0 && strcmp(before, "yes") != 0) {
        return check_proposal(registry, event, refusals);
    }
    if (g_strcmp0(after, "yes") == 0 && strcmp(before, "proposed") == 0) {
        return check_enforcement(registry, event, refusals);
    }
    if (g_strcmp0(after, "yes") == 0 && strcmp(before, "no") == 0) {
        return fisc_identity_refuse(refusals, FISC_ERROR_SECOND_PERSON, "enforced",
                                    "nobody has proposed it");
    }
    return refuse_value(refusals, event, "enforced", "a step from what it is");
}

/* Credentials -------------------------------------------------------------------------------- */

/* "ana/password", "ana/totp", "ana/token/feed", "ana/certificate/5f0c", "ana/passkey/51d2": what it
 * is, never the thing itself. */
static bool
check_credential(const FiscRegistry *registry, const FiscIdentityEvent *event,
                 FiscRefusals *refusals)
{
    static const char *const whats[] = {"password", "totp",     "token", "certificate",
                                        "passkey",  "provider", NULL};
    static const char *const states[] = {"start", "set", "removed", NULL};
    (void)registry;
    g_auto(GStrv) parts = g_strsplit(event->subject, "/", -1);
    guint count = g_strv_length(parts);
    bool is_named = count == 3 && is_code(parts[2]);
    if ((count != 2 && !is_named) || !is_code(parts[0]) || !is_one_of(parts[1], whats)) {
        return refuse_value(refusals, event, "subject", "PERSON/WHAT or PERSON/WHAT/NAME");
    }
    if (!is_one_of(fisc_identity_field(event->fields, "state"), states)) {
        return refuse_value(refusals, event, "state", "start, set or removed");
    }
    return is_digest(fisc_identity_field(event->fields, "digest")) ||
           refuse_value(refusals, event, "digest", "a SHA-256 in hex");
}

/* All kinds ---------------------------------------------------------------------------------- */

static const struct {
    const char *kind;
    const char *fields[FIELDS_MAX];
    bool (*check)(const FiscRegistry *registry, const FiscIdentityEvent *event,
                  FiscRefusals *refusals);
} kinds[] = {
    {"person", {"name_digest", "id_digest", "state", "name"}, check_person},
    {"duty", {"rights"}, check_duty},
    {"exclusion", {"scope", "exception", "holds"}, check_exclusion},
    {"conflict", {"holds"}, check_conflict},
    {"approvals", {"needs", "by"}, check_approvals},
    {"policy", {"enforced", "maker", "checker"}, check_policy},
    {"grant",
     {"state", "from", "to", "maker", "checker", "reason", "expires"},
     fisc_identity_check_grant},
    {"delegation", {"state", "from", "to"}, fisc_identity_check_delegation},
    {"credential", {"state", "digest"}, check_credential},
};

/* A field that nobody reads would be believed by whoever sees it. */
static bool
check_fields(const FiscIdentityEvent *event, const char *const *allowed, FiscRefusals *refusals)
{
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        if (!is_one_of(event->fields->pdata[i], allowed)) {
            return fisc_identity_refuse(refusals, FISC_ERROR_VALUE_INVALID, event->fields->pdata[i],
                                        "%s %s has no such field", event->kind, event->subject);
        }
    }
    return true;
}

bool
fisc_registry_check(const FiscRegistry *registry, const FiscIdentityEvent *event,
                    FiscRefusals *refusals)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].kind, event->kind) == 0) {
            return check_fields(event, kinds[i].fields, refusals) &&
                   kinds[i].check(registry, event, refusals);
        }
    }
    return true;
}
