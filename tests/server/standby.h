/* standby.h: a streaming replica of an embedded cluster, as a data folder of its own. */
#ifndef FISC_TEST_STANDBY_H
#define FISC_TEST_STANDBY_H

#include <glib.h>
#include <stdbool.h>

/** Copies the running cluster at @primary_dir to @replica_dir, from where it follows the first as
 * soon as it is opened. */
bool standby_make(const char *primary_dir, const char *replica_dir, GError **error);

#endif
