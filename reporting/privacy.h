/* privacy.h: what must not leave the house: rules that drop or mask cells, columns and rows of what
 * is given to the public (docs/publishing.md).
 *
 * Rules stand on record as facts of the kind "privacy". Two come before them: memos, which may name
 * natural persons, never leave; and whoever is a household leaves as its sector. The last rule that
 * fits decides. Pure. */
#ifndef FISC_PRIVACY_H
#define FISC_PRIVACY_H

#include "fisc/nation.h"
#include "fisc/table.h"

#define FISC_PRIVACY_WITHHELD "withheld" /* what stands for a masked text */

typedef struct _FiscPrivacy FiscPrivacy;

/** The rules of a nation, behind those that hold by default. VALUE_INVALID names the rule whose
 * condition cannot be read. @nation is borrowed. */
bool fisc_privacy_new(const FiscNation *nation, FiscPrivacy **out_privacy, GError **error);
void fisc_privacy_free(FiscPrivacy *privacy); /* NULL does nothing */

/** Takes out of @table, known as @file, what must not leave. *out_withheld: rows that were left
 * out. Amounts are never masked: a row leaves or stays. */
bool fisc_privacy_apply(const FiscPrivacy *privacy, const char *file, FiscTable *table,
                        guint *out_withheld, GError **error);
/** Every rule in the order in which it is tried: columns rule,column,action,where,article. */
FiscTable *fisc_privacy_table(const FiscPrivacy *privacy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPrivacy, fisc_privacy_free)

#endif
