/* scope.h: what a person may see: the entities whose books are open to him, or the whole book.
 *
 * One value decides it everywhere: the database's row-level security is told it with every
 * transaction of a scoped pool, and whatever answers from memory asks it here. What is in no scope
 * is not there: no row, no sum, no count, no message tells of it. */
#ifndef FISC_SCOPE_H
#define FISC_SCOPE_H

#include "fisc/date.h"
#include "fisc/identity.h"

typedef struct _FiscScope FiscScope;

/** Nothing may be seen. */
FiscScope *fisc_scope_new(void);
/** The whole book. */
FiscScope *fisc_scope_new_all(void);
void fisc_scope_add(FiscScope *scope, const char *entity);
FiscScope *fisc_scope_copy(const FiscScope *scope);
void fisc_scope_free(FiscScope *scope);
bool fisc_scope_is_all(const FiscScope *scope);
/** NULL: whoever operates the book sees all. */
bool fisc_scope_has(const FiscScope *scope, const char *entity);
/** True when roles are behind it: false for operators and for books without duties. */
bool fisc_scope_has_roles(const FiscScope *scope);
/** True when a role is held at this very entity: others are only looked at. */
bool fisc_scope_is_own(const FiscScope *scope, const char *entity);
/** The entities, in order, ended by NULL; empty when the scope is all. Caller frees with
 * g_strfreev. */
char **fisc_scope_entities(const FiscScope *scope);
/** What a person may see on a day: the entities of the roles he holds, by grant or delegation, and
 * all when one of them is held for all or views beyond its entity. A book whose duties are not
 * enforced is its operators': who is known to it sees all. */
FiscScope *fisc_registry_scope(const FiscRegistry *registry, const char *person, FiscDate today);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscScope, fisc_scope_free)

#endif
