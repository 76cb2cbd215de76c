/* profile_path.h: the folders that profiles may share. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PROFILE_PATH_H
#define FISC_INTEGRATIONS_PROFILE_PATH_H

#include "integrations/profile.h"

/* The folders beside a package, or beside the folder it lies in, that its profiles may read: maps
 * that several packages use, and files as their publishers left them. */
#define FISC_SHELF_MAPS "maps"
#define FISC_SHELF_PUBLISHED "published"

/** "../maps/x.csv", "../../maps/x.csv", "../published/town/x.csv" on their shelf: two folders up
 * and two names below at most. */
bool fisc_shelf_path_is_good(const char *path, const char *shelf);
/** Refuses a path that is neither the name of a file in the folder nor one on the @shelf. */
bool fisc_profile_check_path(FiscProfileParser *parser, const char *group, const char *key,
                             const char *path, const char *shelf);

#endif
