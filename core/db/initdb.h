/* initdb.h: makes a new cluster.
 *
 * Internal to core/db. */
#ifndef FISC_CORE_DB_INITDB_H
#define FISC_CORE_DB_INITDB_H

#include "core/db/place.h"

/** Makes the cluster of @place, all or nothing. The caller holds the start lock and has seen that
 * there is none yet. */
bool fisc_initdb_make(const FiscPlace *place, GError **error);

#endif
