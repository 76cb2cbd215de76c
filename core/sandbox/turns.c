/* turns.c: see turns.h. Neither side waits for the other while it has something to say: a copy
 * reads all it is given before it answers. Ours waits for neither beyond the time of a turn. */
#include "core/sandbox/turns.h"
#include "core/sandbox/child.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING_S 10               /* a copy that is asked no more ends at once */
#define LENGTH_MAX (1024 * 1024)  /* of what is asked in turn, which is small */
#define FIRST_BYTES (guint64)4096 /* room for what comes grows with what came */

struct _FiscTurns {
    FiscNursery *nursery;
    char *program, *kind; /* of the copy */
    int socket;           /* to it; -1: there is none */
};

/* ---- who asks ---- */

FiscTurns *
fisc_turns_new(FiscNursery *nursery)
{
    FiscTurns *turns = g_new0(FiscTurns, 1);
    *turns = (FiscTurns){.nursery = nursery, .socket = -1};
    return turns;
}

static gint64
in_seconds(guint seconds)
{
    return g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
}

void
fisc_turns_stop(FiscTurns *turns)
{
    int unused = 0;
    if (turns->socket >= 0) {
        close(turns->socket);
        turns->socket = -1;
        fisc_nursery_wait(turns->nursery, turns->program, in_seconds(ENDING_S), &unused);
    }
    g_clear_pointer(&turns->program, g_free);
    g_clear_pointer(&turns->kind, g_free);
}

void
fisc_turns_free(FiscTurns *turns)
{
    if (turns != NULL) {
        fisc_turns_stop(turns);
        g_free(turns);
    }
}

static bool
begin_copy(FiscTurns *turns, const FiscTurn *turn)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    int theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, FISC_CHILD_DESCRIPTORS);
    const int descriptors[] = {theirs, theirs, theirs};
    bool is_begun =
        theirs >= 0 && fisc_nursery_begin(turns->nursery, turn->program, descriptors, NULL);
    close(ends[1]);
    if (theirs >= 0) {
        close(theirs);
    }
    if (!is_begun) {
        close(ends[0]);
        return false;
    }
    turns->socket = ends[0];
    turns->program = g_strdup(turn->program);
    turns->kind = g_strdup(turn->kind);
    return true;
}

static bool
wait_until_ready(int socket, short events, gint64 until_us)
{
    for (;;) {
        gint64 left_ms = (until_us - g_get_monotonic_time()) / 1000;
        struct pollfd poll_for = {.fd = socket, .events = events};
        int ready = left_ms > 0 ? poll(&poll_for, 1, (int)MIN(left_ms, G_MAXINT)) : 0;
        if (ready >= 0 || errno != EINTR) {
            return ready > 0;
        }
    }
}

static bool
may_go_on(gssize moved)
{
    return moved > 0 || (moved < 0 && (errno == EINTR || errno == EAGAIN));
}

static bool
send_all(int socket, gint64 until_us, gconstpointer bytes, gsize length)
{
    const guint8 *at = bytes;
    while (length > 0) {
        gssize taken = send(socket, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (!may_go_on(taken) || (taken < 0 && !wait_until_ready(socket, POLLOUT, until_us))) {
            return false;
        }
        at += MAX(taken, 0);
        length -= (gsize)MAX(taken, 0);
    }
    return true;
}

static bool
receive_all(int socket, gint64 until_us, gpointer bytes, gsize length)
{
    guint8 *at = bytes;
    while (length > 0) {
        gssize got =
            wait_until_ready(socket, POLLIN, until_us) ? recv(socket, at, length, MSG_DONTWAIT) : 0;
        if (!may_go_on(got)) {
            return false;
        }
        at += MAX(got, 0);
        length -= (gsize)MAX(got, 0);
    }
    return true;
}

static bool
send_turn(int socket, gint64 until_us, const FiscTurn *turn)
{
    gsize lengths[2];
    const void *request = g_bytes_get_data(turn->request, &lengths[0]);
    const void *document = g_bytes_get_data(turn->document, &lengths[1]);
    const guint64 head[] = {lengths[0], lengths[1]};
    return send_all(socket, until_us, head, sizeof head) &&
           send_all(socket, until_us, request, lengths[0]) &&
           send_all(socket, until_us, document, lengths[1]);
}

/* How much it says that it says is not believed: room is made as it comes. */
static GBytes *
receive_answer(int socket, gint64 until_us, gsize answer_max)
{
    guint64 left = 0;
    if (!receive_all(socket, until_us, &left, sizeof left) || left > answer_max) {
        return NULL;
    }
    GByteArray *answer = g_byte_array_new();
    while (left > 0) {
        guint have = answer->len;
        guint more = (guint)MIN(left, MAX(FIRST_BYTES, have));
        g_byte_array_set_size(answer, have + more);
        if (!receive_all(socket, until_us, answer->data + have, more)) {
            g_byte_array_unref(answer);
            return NULL;
        }
        left -= more;
    }
    return g_byte_array_free_to_bytes(answer);
}

bool
fisc_turns_ask(FiscTurns *turns, const FiscTurn *turn, GBytes **out_answer)
{
    gint64 until_us = in_seconds(turn->wall_s);
    bool is_other = turns->socket >= 0 && (strcmp(turns->program, turn->program) != 0 ||
                                           strcmp(turns->kind, turn->kind) != 0);
    if (is_other) {
        fisc_turns_stop(turns);
    }
    if (turns->socket < 0 && !begin_copy(turns, turn)) {
        return false;
    }
    GBytes *answer = send_turn(turns->socket, until_us, turn)
                         ? receive_answer(turns->socket, until_us, turn->answer_max)
                         : NULL;
    if (answer == NULL) {
        fisc_turns_stop(turns);
        return false;
    }
    *out_answer = answer;
    return true;
}

/* ---- the program ---- */

bool
fisc_turns_are_asked(void)
{
    struct stat state;
    return fstat(FISC_CHILD_REQUEST, &state) == 0 && S_ISSOCK(state.st_mode);
}

static bool
read_whole(gpointer bytes, gsize length)
{
    guint8 *at = bytes;
    while (length > 0) {
        gssize got = read(FISC_CHILD_REQUEST, at, length);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        at += MAX(got, 0);
        length -= (gsize)MAX(got, 0);
    }
    return true;
}

static GBytes *
read_bytes(guint64 length)
{
    char *bytes = length <= LENGTH_MAX ? g_malloc((gsize)length + 1) : NULL;
    if (bytes == NULL || !read_whole(bytes, (gsize)length)) {
        g_free(bytes);
        return NULL;
    }
    return g_bytes_new_take(bytes, (gsize)length);
}

bool
fisc_turns_request(GBytes **out_request, guint64 *out_length)
{
    guint64 head[2];
    GBytes *request = read_whole(head, sizeof head) ? read_bytes(head[0]) : NULL;
    if (request == NULL) {
        return false;
    }
    *out_request = request;
    *out_length = head[1];
    return true;
}

GBytes *
fisc_turns_document(guint64 length)
{
    return read_bytes(length);
}

static bool
write_whole(gconstpointer bytes, gsize length)
{
    const guint8 *at = bytes;
    while (length > 0) {
        gssize taken = write(FISC_CHILD_ANSWER, at, length);
        if (taken < 0 && errno != EINTR) {
            return false;
        }
        at += MAX(taken, 0);
        length -= (gsize)MAX(taken, 0);
    }
    return true;
}

bool
fisc_turns_answer(const GByteArray *answer)
{
    const guint64 length = answer->len;
    return write_whole(&length, sizeof length) && write_whole(answer->data, answer->len);
}
