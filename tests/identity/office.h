/* office.h: a registry to try events on: the shipped matrix, and a few persons with their roles.
 *
 * It is 2024-06-15. Ada administers, Sol is the security officer; both hold their roles everywhere
 * and for ever, so grants can be made and confirmed. */
#ifndef FISC_TEST_OFFICE_H
#define FISC_TEST_OFFICE_H

#include "fisc/identity.h"

typedef struct {
    FiscRegistry *registry;
    FiscDate today;
    int persons;
} Office;

/** With the persons ada, sol, u1, u2, u3, u4 registered, and the first two in their roles. */
Office *office_new(void);
void office_free(Office *office);

/** Checks an event, name, value pairs ended by NULL, and takes it when nothing is wrong. Returns ""
 * or "CODE field" of the first refusal; caller frees. */
char *office_say(Office *office, const char *actor, const char *kind, const char *subject,
                 ...) G_GNUC_NULL_TERMINATED;
/** The same, compared. */
void office_expect(Office *office, const char *expected, const char *actor, const char *kind,
                   const char *subject, ...) G_GNUC_NULL_TERMINATED;
/** Registers a person of a national identity of his own. */
void office_person(Office *office, const char *code);
/** Ada proposes and Sol confirms "person/role/entity": the refusal of the step that fails, or "".
 */
char *office_grant(Office *office, const char *subject, const char *from, const char *to);
void office_must_grant(Office *office, const char *subject);
/** "" or the code of why the person may not. Caller frees. */
char *office_may(const Office *office, const char *person, const char *principal,
                 const char *action, char right, const char *entity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_free)

#endif
