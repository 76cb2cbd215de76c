/* perimeter.h: the units a statement is about, and what passes between two of them. */
#ifndef FISC_PERIMETER_H
#define FISC_PERIMETER_H

#include "fisc/nation.h"

typedef struct {
    const FiscNation *nation;
    const char *unit; /* entity or group; "" = every entity */
    const char *name;
    int decimals;          /* of its currency */
    GHashTable *members;   /* entity codes */
    GHashTable *is_inside; /* counterparty -> answer found before */
} FiscPerimeter;

/** The perimeter of an entity or group; @unit NULL is every entity. NOT_FOUND when unknown. */
bool fisc_perimeter_find(const FiscNation *nation, const char *unit, FiscPerimeter **out_perimeter,
                         GError **error);
/** The group with most members, the first of them: where dealings are compared unless a unit is
 *  named. NULL when there are no groups. */
const char *fisc_perimeter_widest(const FiscNation *nation);
void fisc_perimeter_free(FiscPerimeter *perimeter);

bool fisc_perimeter_has(const FiscPerimeter *perimeter, const char *entity);
/** True when a counterparty, an entity or a class of them, lies wholly inside. "" does not. */
bool fisc_perimeter_is_inside(const FiscPerimeter *perimeter, const char *counterparty);
/** True when consolidation leaves a line of this GFS code out (convention 3): its counterparty is
 *  inside, whatever the code, except social contributions, which name households. */
bool fisc_perimeter_eliminates(const FiscPerimeter *perimeter, const char *gfs_code,
                               const char *counterparty);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPerimeter, fisc_perimeter_free)

#endif
