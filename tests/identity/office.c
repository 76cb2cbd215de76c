/* office.c: see office.h. */
#include "tests/identity/office.h"
#include "tests/support/suite.h"
#include <string.h>

static void
take_matrix(const char *kind, const char *subject, GPtrArray *fields, void *office)
{
    fisc_registry_set(((Office *)office)->registry, kind, subject, 0, fields);
}

Office *
office_new(void)
{
    static const char *const persons[] = {"ada", "sol", "u1", "u2", "u3", "u4"};
    Office *office = g_new0(Office, 1);
    office->registry = fisc_registry_new();
    office->today = fisc_date_make(2024, 6, 15);
    fisc_matrix_events(take_matrix, office);
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        office_person(office, persons[i]);
    }
    office_expect(office, "", "ada", "grant", "ada/administrator/*", "state", "proposed", "maker",
                  "ada", NULL);
    office_expect(office, "", "sol", "grant", "ada/administrator/*", "state", "active", "maker",
                  "ada", "checker", "sol", NULL);
    office_expect(office, "", "sol", "grant", "sol/security_officer/*", "state", "proposed",
                  "maker", "sol", NULL);
    office_expect(office, "", "ada", "grant", "sol/security_officer/*", "state", "active", "maker",
                  "sol", "checker", "ada", NULL);
    return office;
}

void
office_free(Office *office)
{
    if (office != NULL) {
        fisc_registry_free(office->registry);
        g_free(office);
    }
}

static GPtrArray *
read_pairs(va_list pairs)
{
    GPtrArray *fields = g_ptr_array_new();
    const char *name;
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL) {
            g_ptr_array_add(fields, (char *)name);
            g_ptr_array_add(fields, (char *)value);
        }
    }
    return fields;
}

static char *
say(Office *office, const char *actor, const char *kind, const char *subject, GPtrArray *fields)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscIdentityEvent event = {
        .kind = kind, .subject = subject, .fields = fields, .actor = actor, .today = office->today};
    bool is_good = fisc_registry_check(office->registry, &event, refusals);
    CU_ASSERT_EQUAL(is_good, refusals->len == 0);
    if (!is_good) {
        const FiscRefusal *refusal = refusals->pdata[0];
        return g_strdup_printf("%s %s", fisc_error_name(refusal->code), refusal->field);
    }
    bool is_new =
        strcmp(kind, "person") == 0 && fisc_registry_person(office->registry, subject) == NULL;
    fisc_registry_set(office->registry, kind, subject, is_new ? ++office->persons : 0, fields);
    return g_strdup("");
}

char *
office_say(Office *office, const char *actor, const char *kind, const char *subject, ...)
{
    va_list pairs;
    va_start(pairs, subject);
    g_autoptr(GPtrArray) fields = read_pairs(pairs);
    va_end(pairs);
    return say(office, actor, kind, subject, fields);
}

void
office_expect(Office *office, const char *expected, const char *actor, const char *kind,
              const char *subject, ...)
{
    va_list pairs;
    va_start(pairs, subject);
    g_autoptr(GPtrArray) fields = read_pairs(pairs);
    va_end(pairs);
    g_autofree char *got = say(office, actor, kind, subject, fields);
    fisc_assert_text(got, expected, subject, __FILE__, __LINE__);
}

void
office_person(Office *office, const char *code)
{
    static const uint8_t salt[FISC_IDENTITY_SALT] = {7};
    char name[FISC_IDENTITY_DIGEST];
    char id[FISC_IDENTITY_DIGEST];
    office_expect(office, "", "ada", "person", code, "name_digest",
                  fisc_identity_name_digest(salt, code, name), "id_digest",
                  fisc_identity_id_digest(salt, code, id), "state", "active", NULL);
}

char *
office_grant(Office *office, const char *subject, const char *from, const char *to)
{
    char *refused = office_say(office, "ada", "grant", subject, "state", "proposed", "from", from,
                               "to", to, "maker", "ada", NULL);
    if (*refused != '\0') {
        return refused;
    }
    g_free(refused);
    return office_say(office, "sol", "grant", subject, "state", "active", "from", from, "to", to,
                      "maker", "ada", "checker", "sol", NULL);
}

void
office_must_grant(Office *office, const char *subject)
{
    g_autofree char *refused = office_grant(office, subject, NULL, NULL);
    fisc_assert_text(refused, "", subject, __FILE__, __LINE__);
}

char *
office_may(const Office *office, const char *person, const char *principal, const char *action,
           char right, const char *entity)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscAct act = {.person = person,
                   .principal = principal,
                   .action = action,
                   .right = right,
                   .entity = entity,
                   .on = office->today};
    bool may = fisc_registry_judge(office->registry, &act, refusals);
    CU_ASSERT_EQUAL(may, refusals->len == 0);
    return g_strdup(may ? "" : fisc_error_name(((const FiscRefusal *)refusals->pdata[0])->code));
}
