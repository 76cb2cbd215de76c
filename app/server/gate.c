/* gate.c: the gate's thread: who comes in, what happened on which connection, and whose time is up.
 * What happens on one connection is gate_link.c. */
#include "app/server/gate_internal.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define ACCEPTS_MAX 64     /* at once, before those who are in get their turn */
#define TURNED_AWAY_MAX 64 /* who are beyond the limit, and are told so */
#define TICK_MAX_MS 500
#define SOCKETS_PER_LINK 3    /* the client's, and a pair to the library */
#define SOCKETS_OF_OTHERS 256 /* of the database, files and the rest of the program */

/* Limits -------------------------------------------------------------------------------------- */

/* As many connections as there may be sockets for. */
static void
make_room(FiscServerLimits *limits)
{
    struct rlimit files;
    rlim_t needed = (rlim_t)limits->connections * SOCKETS_PER_LINK + SOCKETS_OF_OTHERS;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= needed) {
        return;
    }
    files.rlim_cur = MIN(needed, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
    int64_t room = ((int64_t)files.rlim_cur - SOCKETS_OF_OTHERS) / SOCKETS_PER_LINK;
    limits->connections = MIN(limits->connections, MAX(room, 1));
}

static int
count_of(const FiscGate *gate, const char *origin)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(gate->origins, origin));
}

static void
count_origin(FiscGate *gate, const char *origin, int change)
{
    int count = origin != NULL ? count_of(gate, origin) + change : 0;
    if (origin == NULL) {
        return;
    }
    if (count > 0) {
        g_hash_table_insert(gate->origins, g_strdup(origin), GINT_TO_POINTER(count));
    } else {
        g_hash_table_remove(gate->origins, origin);
    }
}

/* Connections --------------------------------------------------------------------------------- */

static void
watch(FiscGate *gate, int socket, unsigned events, unsigned *watched, gpointer data)
{
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (events != *watched) {
        int change = *watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
        epoll_ctl(gate->epoll, change, socket, &event);
        *watched = events;
    }
}

/* A pair whose far end is closed speaks up without end, asked or not: it is not listened to when
 * nothing is wanted of it. */
static void
watch_hop(FiscGate *gate, FiscGateLink *link)
{
    unsigned events = fisc_gate_link_hop_events(link);
    if (link->hop >= 0 && events == 0 && link->hop_events != 0) {
        epoll_ctl(gate->epoll, EPOLL_CTL_DEL, link->hop, NULL);
        link->hop_events = 0;
    } else if (link->hop >= 0) {
        watch(gate, link->hop, events, &link->hop_events, link);
    }
}

static void
set_count(FiscGate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    gate->count = (int)g_hash_table_size(gate->links);
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}

/* Freed later: another event at hand may be of the same connection. */
static void
bury(FiscGate *gate, FiscGateLink *link)
{
    epoll_ctl(gate->epoll, EPOLL_CTL_DEL, fisc_wire_socket(link->wire), NULL);
    if (link->hop >= 0 && link->hop_events != 0) {
        epoll_ctl(gate->epoll, EPOLL_CTL_DEL, link->hop, NULL);
    }
    if (link->is_turned_away) {
        gate->turned_away--;
    } else {
        count_origin(gate, link->origin, -1);
    }
    g_hash_table_remove(gate->links, &link->peer->id);
    g_ptr_array_add(gate->dead, link);
}

/* After something happened to it: what it waits for now. */
static void
settle(FiscGate *gate, FiscGateLink *link)
{
    if (!g_hash_table_contains(gate->links, &link->peer->id)) {
        return;
    }
    if (link->is_dead) {
        bury(gate, link);
        return;
    }
    struct epoll_event event = {.events = fisc_gate_link_wire_events(link), .data.ptr = link};
    if (event.events != link->wire_events) {
        epoll_ctl(gate->epoll, EPOLL_CTL_MOD, fisc_wire_socket(link->wire), &event);
        link->wire_events = event.events;
    }
    watch_hop(gate, link);
}

static void
progress(FiscGate *gate, FiscGateLink *link)
{
    fisc_gate_link_progress(link);
    settle(gate, link);
}

/* Both directions of the client's socket are closed, or it is broken: nobody is there to read. */
static void
take_event(FiscGate *gate, FiscGateLink *link, unsigned events)
{
    if (link->is_dead) {
        return;
    }
    fisc_gate_link_progress(link);
    bool is_gone = (events & (EPOLLHUP | EPOLLERR)) != 0 && fisc_wire_is_gone(link->wire);
    link->is_dead = link->is_dead || is_gone;
    settle(gate, link);
}

static bool
has_room(const FiscGate *gate, const FiscGateLink *link)
{
    const FiscServerLimits *limits = &gate->options.limits;
    return (int64_t)g_hash_table_size(gate->links) - gate->turned_away < limits->connections &&
           (link->origin == NULL || count_of(gate, link->origin) < limits->address_connections);
}

static void
admit(FiscGate *gate, int socket, bool is_unix)
{
    static const FiscGateRefusal full = {503, "BUSY", "There are too many connections"};
    int yes = 1;
    FiscGateLink *link = fisc_gate_link_new(gate, socket, gate->tls != NULL && !is_unix);
    bool is_admitted = has_room(gate, link);
    if (!is_admitted && gate->turned_away >= TURNED_AWAY_MAX) {
        fisc_gate_link_free(link);
        return;
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    g_hash_table_insert(gate->links, &link->peer->id, link);
    struct epoll_event event = {.data.ptr = link};
    epoll_ctl(gate->epoll, EPOLL_CTL_ADD, socket, &event);
    if (is_admitted) {
        count_origin(gate, link->origin, 1);
    } else {
        link->is_turned_away = true;
        gate->turned_away++;
        fisc_gate_link_refuse(link, &full);
    }
    progress(gate, link);
}

/* Listening ----------------------------------------------------------------------------------- */

static void
set_accepting(FiscGate *gate, bool is_accepting)
{
    for (guint i = 0; i < gate->listeners->len && gate->is_accepting != is_accepting; i++) {
        FiscListener *listener = &g_array_index(gate->listeners, FiscListener, i);
        struct epoll_event event = {.events = is_accepting ? EPOLLIN : 0u,
                                    .data.ptr = gate->listeners};
        epoll_ctl(gate->epoll, EPOLL_CTL_MOD, listener->socket, &event);
    }
    gate->is_accepting = is_accepting;
}

/* Out of sockets or memory: waits for a tick, rather than being told so without end. */
static void
accept_from(FiscGate *gate, const FiscListener *listener)
{
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int socket = accept4(listener->socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            admit(gate, socket, listener->is_unix);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            set_accepting(gate, false);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

static void
accept_all(FiscGate *gate)
{
    for (guint i = 0; i < gate->listeners->len; i++) {
        accept_from(gate, &g_array_index(gate->listeners, FiscListener, i));
    }
}

/* As they are now: what is done to one may take it from the table. Caller unrefs. */
static GPtrArray *
list_links(const FiscGate *gate)
{
    GPtrArray *links = g_ptr_array_new();
    GHashTableIter iter;
    gpointer link;
    g_hash_table_iter_init(&iter, gate->links);
    while (g_hash_table_iter_next(&iter, NULL, &link)) {
        g_ptr_array_add(links, link);
    }
    return links;
}

/* The thread ---------------------------------------------------------------------------------- */

static void
for_each_link(FiscGate *gate, void (*act)(FiscGateLink *link, int64_t now), int64_t now)
{
    g_autoptr(GPtrArray) links = list_links(gate);
    for (guint i = 0; i < links->len; i++) {
        act(links->pdata[i], now);
        settle(gate, links->pdata[i]);
    }
}

static void
leave_when_idle(FiscGateLink *link, int64_t now)
{
    (void)now;
    if (fisc_gate_link_is_idle(link)) {
        fisc_gate_link_leave(link);
        fisc_gate_link_progress(link);
    }
}

/* What other threads had to say. False when the gate is to end. */
static bool
take_words(FiscGate *gate)
{
    uint64_t count = 0;
    (void)!read(gate->wake, &count, sizeof(count));
    pthread_mutex_lock(&gate->mutex);
    g_autoptr(GArray) answered = gate->answered;
    gate->answered = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    bool is_draining = gate->is_draining, is_ending = gate->is_ending;
    pthread_mutex_unlock(&gate->mutex);
    for (guint i = 0; i < answered->len; i++) {
        FiscGateLink *link =
            g_hash_table_lookup(gate->links, &g_array_index(answered, uint64_t, i));
        if (link != NULL) {
            link->is_answered = true;
            link->is_hop_dry = false;
            progress(gate, link);
        }
    }
    if (is_draining && gate->listeners->len > 0) {
        gate->is_leaving = true;
        fisc_gate_unlisten(gate->listeners);
        for_each_link(gate, leave_when_idle, 0);
    }
    return !is_ending;
}

static void
take_events(FiscGate *gate, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == gate->listeners) {
            accept_all(gate);
        } else if (events[i].data.ptr != gate) {
            take_event(gate, events[i].data.ptr, events[i].events);
        }
    }
}

static int
tick_of(const FiscServerLimits *limits)
{
    int64_t least =
        MIN(MIN(limits->head_ms, limits->body_ms), MIN(limits->reply_ms, limits->idle_ms));
    return (int)CLAMP(least / 4, 5, TICK_MAX_MS);
}

static void *
run(void *data)
{
    FiscGate *gate = data;
    struct epoll_event events[EVENTS_MAX];
    int tick_ms = tick_of(&gate->options.limits);
    int64_t next_tick_us = 0;
    for (bool goes_on = true; goes_on;) {
        bool is_timed = g_hash_table_size(gate->links) > 0 || !gate->is_accepting;
        int count = epoll_wait(gate->epoll, events, EVENTS_MAX, is_timed ? tick_ms : -1);
        take_events(gate, events, MAX(count, 0));
        goes_on = take_words(gate);
        int64_t now = g_get_monotonic_time();
        if (now >= next_tick_us) {
            next_tick_us = now + tick_ms * 1000;
            for_each_link(gate, fisc_gate_link_check_time, now);
            set_accepting(gate, true);
        }
        g_ptr_array_set_size(gate->dead, 0);
        set_count(gate);
    }
    return NULL;
}

/* Opening and closing ------------------------------------------------------------------------- */

static void
free_link(gpointer link)
{
    fisc_gate_link_free(link);
}

static bool
ready(FiscGate *gate, GError **error)
{
    FiscGateOptions *options = &gate->options;
    fisc_server_limits_fill(&options->limits);
    make_room(&options->limits);
    if (options->tls_cert != NULL && !fisc_tls_open(options->tls_cert, options->tls_key,
                                                    options->tls_client_ca, &gate->tls, error)) {
        return false;
    }
    if (!fisc_gate_listen(options->listen, gate->listeners, error)) {
        return false;
    }
    struct epoll_event wake = {.events = EPOLLIN, .data.ptr = gate};
    epoll_ctl(gate->epoll, EPOLL_CTL_ADD, gate->wake, &wake);
    for (guint i = 0; i < gate->listeners->len; i++) {
        int socket = g_array_index(gate->listeners, FiscListener, i).socket;
        struct epoll_event come = {.events = EPOLLIN, .data.ptr = gate->listeners};
        epoll_ctl(gate->epoll, EPOLL_CTL_ADD, socket, &come);
        gate->port = gate->port > 0 ? gate->port : fisc_gate_listening_port(socket);
    }
    gate->is_accepting = true;
    return true;
}

bool
fisc_gate_start(FiscGate *gate, GError **error)
{
    gate->is_running = pthread_create(&gate->thread, NULL, run, gate) == 0;
    return gate->is_running ||
           fisc_fail(error, FISC_ERROR_SETUP, "no thread could be made for the gate");
}

bool
fisc_gate_open(const FiscGateOptions *options, FiscGate **out_gate, GError **error)
{
    FiscGate *gate = g_new0(FiscGate, 1);
    pthread_condattr_t monotonic;
    gate->options = *options;
    gate->listeners = g_array_new(FALSE, FALSE, sizeof(FiscListener));
    gate->links = g_hash_table_new(g_int64_hash, g_int64_equal);
    gate->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gate->dead = g_ptr_array_new_with_free_func(free_link);
    gate->answered = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    gate->epoll = epoll_create1(EPOLL_CLOEXEC);
    gate->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!ready(gate, error)) {
        fisc_gate_close(gate);
        return false;
    }
    *out_gate = gate;
    return true;
}

int
fisc_gate_port(const FiscGate *gate)
{
    return gate->port;
}

static void
wake(FiscGate *gate)
{
    const uint64_t one = 1;
    (void)!write(gate->wake, &one, sizeof(one));
}

void
fisc_gate_answered(FiscGate *gate, uint64_t peer_id)
{
    pthread_mutex_lock(&gate->mutex);
    bool is_first = gate->answered->len == 0;
    g_array_append_val(gate->answered, peer_id);
    pthread_mutex_unlock(&gate->mutex);
    if (is_first) {
        wake(gate);
    }
}

void
fisc_gate_drain(FiscGate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    gate->is_draining = true;
    pthread_mutex_unlock(&gate->mutex);
    wake(gate);
}

int
fisc_gate_count(FiscGate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    int count = gate->count;
    pthread_mutex_unlock(&gate->mutex);
    return count;
}

bool
fisc_gate_wait(FiscGate *gate, int64_t wait_ms)
{
    int64_t until_us = g_get_monotonic_time() + wait_ms * 1000;
    struct timespec until = {until_us / 1000000, until_us % 1000000 * 1000};
    int status = 0;
    pthread_mutex_lock(&gate->mutex);
    while (gate->count > 0 && status == 0) {
        status = pthread_cond_timedwait(&gate->changed, &gate->mutex, &until);
    }
    bool is_empty = gate->count == 0;
    pthread_mutex_unlock(&gate->mutex);
    return is_empty;
}

void
fisc_gate_stop(FiscGate *gate)
{
    if (gate->is_running) {
        pthread_mutex_lock(&gate->mutex);
        gate->is_ending = true;
        pthread_mutex_unlock(&gate->mutex);
        wake(gate);
        pthread_join(gate->thread, NULL);
        gate->is_running = false;
    }
    fisc_gate_unlisten(gate->listeners);
    g_autoptr(GPtrArray) links = list_links(gate);
    g_hash_table_remove_all(gate->links);
    g_ptr_array_set_free_func(links, free_link);
}

void
fisc_gate_close(FiscGate *gate)
{
    if (gate == NULL) {
        return;
    }
    fisc_gate_stop(gate);
    g_hash_table_unref(gate->links);
    g_hash_table_unref(gate->origins);
    g_ptr_array_unref(gate->dead);
    g_array_unref(gate->listeners);
    g_array_unref(gate->answered);
    fisc_tls_close(gate->tls);
    close(gate->epoll);
    close(gate->wake);
    pthread_mutex_destroy(&gate->mutex);
    pthread_cond_destroy(&gate->changed);
    g_free(gate);
}
