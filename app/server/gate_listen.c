/* gate_listen.c: from words like "127.0.0.1:8700" to sockets that listen. */
#include "app/server/gate_internal.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"
#define UNIX_MODE 0660 /* the server's user and its group */
#define BACKLOG 1024

static bool
fail_of(const char *listen, GError **error)
{
    return fisc_fail(error, FISC_ERROR_SETUP, "could not listen on %s: %s", listen,
                     g_strerror(errno));
}

static bool
bind_and_listen(int own, const struct sockaddr *address, socklen_t size)
{
    return bind(own, address, size) == 0 && listen(own, BACKLOG) == 0;
}

/* Whether a file is a socket that nobody listens on any more: left by a server that was killed. */
static bool
is_left_over(const struct sockaddr_un *address)
{
    struct stat status;
    if (stat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return false;
    }
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_refused = connect(probe, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
                      errno == ECONNREFUSED;
    close(probe);
    return is_refused;
}

static bool
listen_on_path(const char *path, FiscListener *out_listener, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (*path == '\0' || strlen(path) >= sizeof(address.sun_path)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no path of a unix socket", path);
    }
    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    if (is_left_over(&address)) {
        unlink(path);
    }
    int own = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* Nobody connects before the mode is set: a socket that does not listen refuses. */
    bool is_open = own >= 0 && bind(own, (struct sockaddr *)&address, sizeof(address)) == 0;
    if (!is_open || chmod(path, UNIX_MODE) != 0 || listen(own, BACKLOG) != 0) {
        fail_of(path, error);
        close(own);
        return false;
    }
    *out_listener = (FiscListener){own, true, g_strdup(path)};
    return true;
}

static bool
find_address(const char *listen, struct addrinfo **out_found, GError **error)
{
    const char *colon = strrchr(listen, ':');
    if (colon == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--listen \"%s\" is no address:port", listen);
    }
    g_autofree char *host = g_strndup(listen, (gsize)(colon - listen));
    char *bare = host;
    if (*host == '[' && host[strlen(host) - 1] == ']') {
        host[strlen(host) - 1] = '\0';
        bare = host + 1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    int status = getaddrinfo(*bare != '\0' ? bare : NULL, colon + 1, &hints, out_found);
    if (status != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--listen \"%s\": %s", listen,
                         gai_strerror(status));
    }
    return true;
}

static bool
listen_on_port(const char *listen, FiscListener *out_listener, GError **error)
{
    struct addrinfo *found = NULL;
    int yes = 1;
    if (!find_address(listen, &found, error)) {
        return false;
    }
    int own = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool is_open = own >= 0 && setsockopt(own, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
                   bind_and_listen(own, found->ai_addr, found->ai_addrlen);
    if (!is_open) {
        fail_of(listen, error);
        close(own);
    } else {
        *out_listener = (FiscListener){own, false, NULL};
    }
    freeaddrinfo(found);
    return is_open;
}

bool
fisc_gate_listen(const char *listen, GArray *listeners, GError **error)
{
    g_auto(GStrv) words = g_strsplit(listen, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        const char *address = g_strstrip(*word);
        FiscListener listener = {0};
        bool is_open = g_str_has_prefix(address, UNIX_PREFIX)
                           ? listen_on_path(address + strlen(UNIX_PREFIX), &listener, error)
                           : listen_on_port(address, &listener, error);
        if (!is_open) {
            return false;
        }
        g_array_append_val(listeners, listener);
    }
    return true;
}

void
fisc_gate_unlisten(GArray *listeners)
{
    for (guint i = 0; i < listeners->len; i++) {
        FiscListener *listener = &g_array_index(listeners, FiscListener, i);
        close(listener->socket);
        if (listener->path != NULL) {
            unlink(listener->path);
            g_free(listener->path);
        }
    }
    g_array_set_size(listeners, 0);
}

int
fisc_gate_listening_port(int socket)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) {
        return 0;
    }
    switch (address.ss_family) {
    case AF_INET:
        return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
    case AF_INET6:
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    default:
        return 0;
    }
}
