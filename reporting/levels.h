/* levels.h: at which level two units first stand under one roof: where consolidation leaves their
 * dealings out first. */
#ifndef FISC_LEVELS_H
#define FISC_LEVELS_H

#include "fisc/nation.h"

typedef struct _FiscLevels FiscLevels;

FiscLevels *fisc_levels_new(const FiscNation *nation);
void fisc_levels_free(FiscLevels *levels);
/** The subsector of general government that holds both units (entities, or groups as classes):
 * inside one subsector first, then between those (GFSM 2014, 3.157); where there is none, the
 * smallest group on record that does; "" when nothing does. */
const char *fisc_levels_of(FiscLevels *levels, const char *one, const char *other);
/** Where a level stands in that order: less comes first. */
int fisc_levels_rank(const FiscLevels *levels, const char *level);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLevels, fisc_levels_free)

#endif
