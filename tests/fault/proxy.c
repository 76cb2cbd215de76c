/* proxy.c: see proxy.h. One thread, one poll over all lines: what passes and when it is cut is
 * decided in one place. */
#include "tests/fault/proxy.h"
#include "tests/support/database.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINES_MAX 16
#define CHUNK_BYTES 16384
#define SOCKET_NAME ".s.PGSQL.5432"

typedef struct {
    int end[2]; /* the server's, the client's: a direction is the end it goes to */
} Line;

struct _FaultProxy {
    char *folder, *uri;
    struct sockaddr_un server;
    int listener;
    int wake[2];
    GThread *thread;
    GMutex mutex;
    Line lines[LINES_MAX];
    int line_count;
    int64_t passed[2];
    FaultDirection direction;
    int64_t cut_after; /* of direction; -1: no cut */
    bool has_cut, is_shut, shuts_at_cut, is_over;
};

static struct sockaddr_un
address_of(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_autofree char *path = g_build_filename(folder, SOCKET_NAME, NULL);
    g_assert(strlen(path) < sizeof address.sun_path);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    return address;
}

/* With the mutex held. */
static void
drop_line(FaultProxy *proxy, int at)
{
    close(proxy->lines[at].end[0]);
    close(proxy->lines[at].end[1]);
    proxy->lines[at] = proxy->lines[--proxy->line_count];
}

static void
drop_all(FaultProxy *proxy)
{
    while (proxy->line_count > 0) {
        drop_line(proxy, 0);
    }
}

static void
take_line(FaultProxy *proxy)
{
    int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_through = !proxy->is_shut && proxy->line_count < LINES_MAX && client >= 0 &&
                      connect(server, (struct sockaddr *)&proxy->server, sizeof proxy->server) == 0;
    if (is_through) {
        proxy->lines[proxy->line_count++] = (Line){{server, client}};
        return;
    }
    close(client);
    close(server);
}

static bool
send_all(int fd, const char *data, ssize_t length)
{
    for (ssize_t done = 0; done < length;) {
        ssize_t sent = send(fd, data + done, (size_t)(length - done), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        done += MAX(sent, 0);
    }
    return true;
}

/* How much of a chunk may pass. */
static ssize_t
allow(const FaultProxy *proxy, FaultDirection direction, ssize_t length)
{
    if (proxy->cut_after < 0 || proxy->has_cut || direction != proxy->direction) {
        return length;
    }
    return (ssize_t)MIN((int64_t)length, proxy->cut_after - proxy->passed[direction]);
}

static bool
is_time_to_cut(const FaultProxy *proxy)
{
    return proxy->cut_after >= 0 && !proxy->has_cut &&
           proxy->passed[proxy->direction] >= proxy->cut_after;
}

/* False when the line is gone. */
static bool
pass(FaultProxy *proxy, int at, FaultDirection direction)
{
    char chunk[CHUNK_BYTES];
    ssize_t length = recv(proxy->lines[at].end[1 - direction], chunk, sizeof chunk, 0);
    if (length <= 0) {
        drop_line(proxy, at);
        return false;
    }
    ssize_t allowed = allow(proxy, direction, length);
    bool is_sent = send_all(proxy->lines[at].end[direction], chunk, allowed);
    proxy->passed[direction] += allowed;
    /* A cut after byte 0 needs a byte that wants to pass: the exchange has begun. */
    if (is_time_to_cut(proxy)) {
        proxy->has_cut = true;
        proxy->is_shut = proxy->is_shut || proxy->shuts_at_cut;
        drop_all(proxy);
        return false;
    }
    if (!is_sent) {
        drop_line(proxy, at);
    }
    return is_sent;
}

static void
serve_lines(FaultProxy *proxy, const struct pollfd *fds, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        bool is_there = i < proxy->line_count;
        for (int direction = 0; is_there && direction < 2; direction++) {
            if (fds[2 * i + (1 - direction)].revents != 0) {
                is_there = pass(proxy, i, (FaultDirection)direction);
            }
        }
    }
}

static gpointer
run(gpointer data)
{
    FaultProxy *proxy = data;
    struct pollfd fds[2 * LINES_MAX + 2];
    g_mutex_lock(&proxy->mutex);
    while (!proxy->is_over) {
        int count = proxy->line_count;
        for (int i = 0; i < count; i++) {
            fds[2 * i] = (struct pollfd){.fd = proxy->lines[i].end[0], .events = POLLIN};
            fds[2 * i + 1] = (struct pollfd){.fd = proxy->lines[i].end[1], .events = POLLIN};
        }
        fds[2 * count] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
        fds[2 * count + 1] = (struct pollfd){.fd = proxy->wake[0], .events = POLLIN};
        g_mutex_unlock(&proxy->mutex);
        poll(fds, (nfds_t)(2 * count + 2), -1);
        g_mutex_lock(&proxy->mutex);
        if (fds[2 * count + 1].revents != 0) {
            char token;
            if (read(proxy->wake[0], &token, 1) == 1 && token == 'd') {
                drop_all(proxy);
            }
            continue;
        }
        serve_lines(proxy, fds, count);
        if (fds[2 * count].revents != 0) {
            take_line(proxy);
        }
    }
    drop_all(proxy);
    g_mutex_unlock(&proxy->mutex);
    return NULL;
}

static void
wake(FaultProxy *proxy, char token)
{
    bool is_told = write(proxy->wake[1], &token, 1) == 1;
    g_assert(is_told);
}

/* "postgresql:///db?host=ESCAPED&port=..": the folder named there. Caller frees. */
static char *
host_of(const char *uri, const char **out_end)
{
    const char *begin = strstr(uri, "host=");
    g_assert(begin != NULL);
    begin += strlen("host=");
    *out_end = begin + strcspn(begin, "&");
    g_autofree char *escaped = g_strndup(begin, (gsize)(*out_end - begin));
    return g_uri_unescape_string(escaped, NULL);
}

FaultProxy *
fault_proxy_new(const char *uri)
{
    FaultProxy *proxy = g_new0(FaultProxy, 1);
    const char *rest = NULL;
    g_autofree char *host = host_of(uri, &rest);
    g_mutex_init(&proxy->mutex);
    proxy->cut_after = -1;
    proxy->server = address_of(host);
    proxy->folder = fisc_test_folder_new();
    g_autofree char *escaped = g_uri_escape_string(proxy->folder, NULL, FALSE);
    proxy->uri =
        g_strdup_printf("%.*shost=%s%s", (int)(strstr(uri, "host=") - uri), uri, escaped, rest);
    struct sockaddr_un own = address_of(proxy->folder);
    proxy->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_ready = bind(proxy->listener, (struct sockaddr *)&own, sizeof own) == 0 &&
                    listen(proxy->listener, LINES_MAX) == 0 && pipe(proxy->wake) == 0;
    g_assert(is_ready);
    proxy->thread = g_thread_new("proxy", run, proxy);
    return proxy;
}

void
fault_proxy_free(FaultProxy *proxy)
{
    if (proxy == NULL) {
        return;
    }
    g_mutex_lock(&proxy->mutex);
    proxy->is_over = true;
    g_mutex_unlock(&proxy->mutex);
    wake(proxy, 'o');
    g_thread_join(proxy->thread);
    close(proxy->listener);
    close(proxy->wake[0]);
    close(proxy->wake[1]);
    fisc_test_folder_remove(proxy->folder);
    g_mutex_clear(&proxy->mutex);
    g_free(proxy->folder);
    g_free(proxy->uri);
    g_free(proxy);
}

const char *
fault_proxy_uri(const FaultProxy *proxy)
{
    return proxy->uri;
}

void
fault_proxy_arm(FaultProxy *proxy, FaultDirection direction, int64_t bytes)
{
    g_mutex_lock(&proxy->mutex);
    proxy->direction = direction;
    proxy->cut_after = bytes;
    proxy->passed[0] = proxy->passed[1] = 0;
    proxy->has_cut = false;
    proxy->shuts_at_cut = false;
    g_mutex_unlock(&proxy->mutex);
}

int64_t
fault_proxy_passed(FaultProxy *proxy, FaultDirection direction)
{
    g_mutex_lock(&proxy->mutex);
    int64_t passed = proxy->passed[direction];
    g_mutex_unlock(&proxy->mutex);
    return passed;
}

bool
fault_proxy_has_cut(FaultProxy *proxy)
{
    g_mutex_lock(&proxy->mutex);
    bool has_cut = proxy->has_cut;
    g_mutex_unlock(&proxy->mutex);
    return has_cut;
}

void
fault_proxy_shut(FaultProxy *proxy, bool is_shut)
{
    g_mutex_lock(&proxy->mutex);
    proxy->is_shut = is_shut;
    g_mutex_unlock(&proxy->mutex);
    if (is_shut) {
        wake(proxy, 'd');
    }
}

void
fault_proxy_shut_at_cut(FaultProxy *proxy)
{
    g_mutex_lock(&proxy->mutex);
    proxy->shuts_at_cut = true;
    g_mutex_unlock(&proxy->mutex);
}
