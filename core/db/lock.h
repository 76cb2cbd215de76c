/* lock.h: locks on files, which the kernel releases when their holder dies.
 *
 * Internal to core/db. */
#ifndef FISC_CORE_DB_LOCK_H
#define FISC_CORE_DB_LOCK_H

#include "fisc/error.h"

/** Takes the lock on @path, making the file if needed; UNAVAILABLE when another process still holds
 * it after @wait_ms. */
bool fisc_lock_take(const char *path, int wait_ms, int *out_fd, GError **error);
/** Gives it back, also when a forked process has inherited the descriptor. */
void fisc_lock_release(int fd);
/** True while @path is the file behind @fd; false when it was deleted or replaced. */
bool fisc_lock_is_current(int fd, const char *path);

#endif
