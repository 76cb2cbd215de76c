/* balancer.c: see balancer.h. A thread takes connections; each is relayed by a thread of its own,
 * because the clients of a test are few. */
#include "tests/server/balancer.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NODES_MAX 4
#define BACKLOG 64
#define BLOCK 16384

struct _Balancer {
    Node *nodes[NODES_MAX];
    int count, turn;
    gint passed[NODES_MAX]; /* atomic */
    int listener, port;
    GThread *thread;
    GThreadPool *relays;
};

static struct sockaddr_in
loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* -1 when nobody takes it. */
static int
connect_to(int port)
{
    struct sockaddr_in address = loopback(port);
    int own = port > 0 ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (own >= 0 && connect(own, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(own);
        return -1;
    }
    return own;
}

/* In turn; past those that are down. */
static int
choose(Balancer *balancer)
{
    for (int i = 0; i < balancer->count; i++) {
        int node = balancer->turn++ % balancer->count;
        int own = connect_to(g_atomic_int_get(&balancer->nodes[node]->port));
        if (own >= 0) {
            g_atomic_int_inc(&balancer->passed[node]);
            return own;
        }
    }
    return -1;
}

/* False at the end of either side. */
static bool
pass_on(int from, int to)
{
    char block[BLOCK];
    ssize_t length = recv(from, block, sizeof(block), 0);
    for (ssize_t sent = 0; sent < length;) {
        ssize_t piece = send(to, block + sent, (size_t)(length - sent), MSG_NOSIGNAL);
        if (piece <= 0) {
            return false;
        }
        sent += piece;
    }
    return length > 0;
}

static void
relay(gpointer data, gpointer user_data G_GNUC_UNUSED)
{
    int *ends = data;
    struct pollfd polled[2] = {{.fd = ends[0], .events = POLLIN},
                               {.fd = ends[1], .events = POLLIN}};
    bool goes_on = true;
    while (goes_on && poll(polled, 2, -1) >= 0) {
        for (int i = 0; i < 2 && goes_on; i++) {
            goes_on = polled[i].revents == 0 || pass_on(ends[i], ends[1 - i]);
        }
    }
    close(ends[0]);
    close(ends[1]);
    g_free(ends);
}

static gpointer
take(gpointer data)
{
    Balancer *balancer = data;
    int client;
    while ((client = accept4(balancer->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        int server = choose(balancer);
        if (server < 0) {
            close(client);
            continue;
        }
        int *ends = g_new(int, 2);
        ends[0] = client;
        ends[1] = server;
        g_thread_pool_push(balancer->relays, ends, NULL);
    }
    return NULL;
}

Balancer *
balancer_new(Node *const *nodes, int count)
{
    Balancer *balancer = g_new0(Balancer, 1);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    g_assert(count <= NODES_MAX);
    memcpy(balancer->nodes, nodes, (gsize)count * sizeof(*nodes));
    balancer->count = count;
    balancer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(balancer->listener, (struct sockaddr *)&address, length) != 0 ||
        listen(balancer->listener, BACKLOG) != 0 ||
        getsockname(balancer->listener, (struct sockaddr *)&address, &length) != 0) {
        g_error("the balancer has no port");
    }
    balancer->port = ntohs(address.sin_port);
    balancer->relays = g_thread_pool_new(relay, NULL, -1, FALSE, NULL);
    balancer->thread = g_thread_new("balancer", take, balancer);
    return balancer;
}

int
balancer_port(const Balancer *balancer)
{
    return balancer->port;
}

int
balancer_passed(Balancer *balancer, int node)
{
    return g_atomic_int_get(&balancer->passed[node]);
}

void
balancer_free(Balancer *balancer)
{
    shutdown(balancer->listener, SHUT_RDWR); /* ends accept */
    g_thread_join(balancer->thread);
    g_thread_pool_free(balancer->relays, FALSE, TRUE);
    close(balancer->listener);
    g_free(balancer);
}
