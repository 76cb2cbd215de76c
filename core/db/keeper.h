/* keeper.h: the process that stops an idle cluster.
 *
 * Internal to core/db. */
#ifndef FISC_CORE_DB_KEEPER_H
#define FISC_CORE_DB_KEEPER_H

#include "core/db/place.h"

/** Starts a keeper for the running cluster of @place, unless it has one. The caller holds the start
 *  lock. The keeper is a fork of the caller: call this before any thread is started. */
bool fisc_keeper_ensure(const FiscPlace *place, GError **error);

#endif
