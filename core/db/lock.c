/* lock.c: flock on a file, with a bound on the wait.
 *
 * The file stays when the lock is released: removing it would let two processes hold "the" lock,
 * one on the old file and one on the new. Who locks what is told in place.h. */
#include "core/db/lock.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RETRY_MS_MAX 50

bool
fisc_lock_is_current(int fd, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

bool
fisc_lock_take(const char *path, int wait_ms, int *out_fd, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)wait_ms * 1000;
    for (int pause_ms = 1;; pause_ms = MIN(pause_ms * 2, RETRY_MS_MAX)) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            return fisc_fail(error, FISC_ERROR_IO, "could not open %s: %s", path, strerror(errno));
        }
        bool is_held = flock(fd, LOCK_EX | LOCK_NB) == 0;
        int reason = errno;
        if (is_held && fisc_lock_is_current(fd, path)) {
            *out_fd = fd;
            return true;
        }
        close(fd);
        if (!is_held && reason != EWOULDBLOCK && reason != EINTR) {
            return fisc_fail(error, FISC_ERROR_IO, "could not lock %s: %s", path, strerror(reason));
        }
        if (g_get_monotonic_time() >= deadline) {
            return fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s is held by another process", path);
        }
        g_usleep((gulong)pause_ms * 1000);
    }
}

void
fisc_lock_release(int fd)
{
    flock(fd, LOCK_UN);
    close(fd);
}
