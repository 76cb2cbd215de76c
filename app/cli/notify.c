/* notify.c: one datagram to the socket that the service manager names. */
#include "app/cli/notify.h"
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
fisc_notify(const char *format, ...)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gsize length = path != NULL ? strlen(path) : 0;
    if (length < 2 || length >= sizeof(address.sun_path) || (*path != '/' && *path != '@')) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (*path == '@') {
        address.sun_path[0] = '\0'; /* a name in no folder */
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
        ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (void *)&address, size);
        (void)sent; /* who asked to be told and does not listen is not our trouble */
        close(fd);
    }
}

int
fisc_notify_watchdog_ms(void)
{
    guint64 usec = 0, pid = 0;
    const char *text = g_getenv("WATCHDOG_USEC");
    const char *whom = g_getenv("WATCHDOG_PID");
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &usec, NULL)) {
        return 0;
    }
    if (whom != NULL && (!g_ascii_string_to_unsigned(whom, 10, 1, G_MAXINT, &pid, NULL) ||
                         pid != (guint64)getpid())) {
        return 0;
    }
    return MAX((int)(usec / 2000), 1);
}
