/* gate_link.c: one connection: bytes of the client are vetted and handed on, answers are handed
 * back. Every step moves what can be moved and waits for nothing. */
#include "app/server/gate_internal.h"
#include "app/server/http.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK (16 * 1024)
#define FORWARD_MAX (64 * 1024)     /* vetted bytes that may wait for the library */
#define BACK_MAX (64 * 1024)        /* bytes of an answer that may wait for the client */
#define LEAVE_US ((int64_t)2000000) /* for a client to close, when he was told to */

static int64_t
now_us(void)
{
    return g_get_monotonic_time();
}

FiscGateLink *
fisc_gate_link_new(FiscGate *gate, int socket, bool is_tls)
{
    FiscGateLink *link = g_new0(FiscGateLink, 1);
    link->gate = gate;
    link->peer = fisc_gate_peer_new(++gate->next_id, socket, gate->options.proxies);
    link->peer->is_secure = is_tls;
    link->origin = fisc_gate_peer_origin(link->peer);
    link->wire = fisc_wire_new(socket, is_tls ? gate->tls : NULL);
    link->parser = fisc_gate_parser_new();
    link->phase = is_tls ? LINK_SHAKING : LINK_READING;
    link->hop = -1;
    link->in = g_byte_array_new();
    link->forward = g_byte_array_new();
    link->back = g_byte_array_new();
    link->deadline_us = now_us() + gate->options.limits.head_ms * 1000;
    return link;
}

static void
close_hop(FiscGateLink *link)
{
    if (link->hop >= 0) {
        close(link->hop);
        link->hop = -1;
        link->hop_events = 0;
    }
    g_byte_array_set_size(link->forward, 0);
}

void
fisc_gate_link_free(FiscGateLink *link)
{
    close_hop(link);
    fisc_wire_free(link->wire);
    fisc_gate_parser_free(link->parser);
    fisc_gate_peer_unref(link->peer);
    g_byte_array_unref(link->in);
    g_byte_array_unref(link->forward);
    g_byte_array_unref(link->back);
    g_free(link->origin);
    g_free(link);
}

bool
fisc_gate_link_is_idle(const FiscGateLink *link)
{
    return link->phase == LINK_SHAKING || (link->phase == LINK_READING && link->in->len == 0 &&
                                           fisc_gate_parser_is_idle(link->parser));
}

/* Ending --------------------------------------------------------------------------------------- */

static void
kill_link(FiscGateLink *link)
{
    link->is_dead = true;
}

void
fisc_gate_link_leave(FiscGateLink *link)
{
    if (link->phase == LINK_SHAKING) {
        kill_link(link);
    } else if (link->phase != LINK_LEAVING) {
        close_hop(link);
        g_byte_array_set_size(link->in, 0);
        link->phase = LINK_LEAVING;
        link->deadline_us = 0;
    }
}

static void
append_refusal(GByteArray *back, const FiscGateRefusal *refusal)
{
    char id[FISC_HTTP_ID_SIZE];
    fisc_http_make_id(id);
    g_autofree char *body = fisc_http_problem(refusal->status, refusal->code, refusal->detail, id);
    g_autofree char *head = g_strdup_printf(
        "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
        "X-Request-Id: %s\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "%sConnection: close\r\n\r\n",
        refusal->status, refusal->code, strlen(body), id,
        refusal->status == 503 ? "Retry-After: 1\r\n" : "");
    g_byte_array_append(back, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(back, (const guint8 *)body, (guint)strlen(body));
}

void
fisc_gate_link_refuse(FiscGateLink *link, const FiscGateRefusal *refusal)
{
    const FiscGateOptions *options = &link->gate->options;
    if (!link->is_spoken_for && link->phase != LINK_SHAKING) {
        append_refusal(link->back, refusal);
    }
    if (options->refused != NULL) {
        options->refused(link->peer, refusal, options->data);
    }
    fisc_gate_link_leave(link);
}

static void
refuse_busy(FiscGateLink *link)
{
    static const FiscGateRefusal busy = {503, "BUSY", "The server takes no more requests now"};
    fisc_gate_link_refuse(link, &busy);
}

/* Vetting -------------------------------------------------------------------------------------- */

/* A head is whole: who is it for, and how much may follow? */
static void
begin_request(FiscGateLink *link)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const FiscGateOptions *options = &link->gate->options;
    const FiscGateHead *head = fisc_gate_parser_head(link->parser);
    uint64_t body_max = options->body_max(head->method, head->path, options->data);
    fisc_gate_parser_limit(link->parser, body_max);
    if (link->hop < 0) {
        link->hop = options->connect(link->peer, options->data);
    }
    if (link->hop < 0) {
        refuse_busy(link);
        return;
    }
    if (head->wants_continue && head->length <= body_max && link->in->len == 0) {
        g_byte_array_append(link->back, (const guint8 *)go_on, sizeof(go_on) - 1);
    }
    link->deadline_us = now_us() + options->limits.body_ms * 1000;
}

static void
end_request(FiscGateLink *link)
{
    link->phase = LINK_ANSWERING;
    link->is_answered = link->is_hop_dry = false;
    link->deadline_us = 0; /* from here on it is for us to be quick */
}

/* True when a step was made. */
static bool
vet(FiscGateLink *link)
{
    FiscGateStep step = FISC_GATE_MORE;
    gsize taken = fisc_gate_parser_feed(link->parser, (const char *)link->in->data, link->in->len,
                                        link->forward, &step);
    g_byte_array_remove_range(link->in, 0, (guint)taken);
    if (step == FISC_GATE_REFUSED) {
        fisc_gate_link_refuse(link, fisc_gate_parser_refusal(link->parser));
    } else if (step == FISC_GATE_HEAD) {
        begin_request(link);
    } else if (step == FISC_GATE_END) {
        end_request(link);
    }
    return taken > 0 || step != FISC_GATE_MORE;
}

static bool
take_input(FiscGateLink *link)
{
    bool has_moved = false;
    while (link->phase == LINK_READING && link->forward->len < FORWARD_MAX && vet(link)) {
        has_moved = true;
    }
    return has_moved;
}

/* Bytes ---------------------------------------------------------------------------------------- */

static bool
wants_input(const FiscGateLink *link)
{
    return (link->phase == LINK_READING && link->in->len == 0 &&
            link->forward->len < FORWARD_MAX) ||
           (link->phase == LINK_LEAVING && link->is_shut);
}

/* What a client sends after he was told to go is read and forgotten: unread, it would make the
 * kernel take back what he was told. */
static void
accept_bytes(FiscGateLink *link, const guint8 *data, gsize count)
{
    const FiscServerLimits *limits = &link->gate->options.limits;
    if (link->phase == LINK_LEAVING) {
        return;
    }
    if (fisc_gate_parser_is_idle(link->parser)) {
        link->is_spoken_for = false;
        link->deadline_us = now_us() + limits->head_ms * 1000;
    } else if (fisc_gate_parser_head(link->parser)->method != NULL) {
        link->deadline_us += (int64_t)count * 1000000 / limits->bytes_per_second;
    }
    g_byte_array_append(link->in, data, (guint)count);
}

static bool
read_wire(FiscGateLink *link)
{
    guint8 block[BLOCK];
    gssize count =
        wants_input(link) ? fisc_wire_read(link->wire, block, sizeof(block)) : FISC_WIRE_AGAIN;
    if (count > 0) {
        accept_bytes(link, block, (gsize)count);
        return true;
    }
    if (count == FISC_WIRE_BROKEN || (count == FISC_WIRE_END && link->back->len == 0)) {
        kill_link(link);
    } else if (count == FISC_WIRE_END) {
        fisc_gate_link_leave(link);
    }
    return false;
}

/* How long a reader may let his answer wait: the more he takes, the longer. */
static void
extend_back_deadline(FiscGateLink *link, gsize written)
{
    const FiscServerLimits *limits = &link->gate->options.limits;
    int64_t latest = now_us() + limits->reply_ms * 1000;
    if (link->back->len == 0) {
        link->back_deadline_us = 0;
    } else if (link->back_deadline_us == 0) {
        link->back_deadline_us = latest;
    } else {
        link->back_deadline_us += (int64_t)written * 1000000 / limits->bytes_per_second;
        link->back_deadline_us = MIN(link->back_deadline_us, latest);
    }
}

static bool
write_wire(FiscGateLink *link)
{
    if (link->back->len == 0 || link->is_shut) {
        return false;
    }
    gssize count = fisc_wire_write(link->wire, link->back->data, link->back->len);
    if (count == FISC_WIRE_BROKEN) {
        kill_link(link);
        return false;
    }
    gsize written = count > 0 ? (gsize)count : 0;
    g_byte_array_remove_range(link->back, 0, (guint)written);
    extend_back_deadline(link, written);
    return written > 0;
}

static bool
read_hop(FiscGateLink *link)
{
    guint8 block[BLOCK];
    if (link->hop < 0 || link->back->len >= BACK_MAX) {
        return false;
    }
    ssize_t count = recv(link->hop, block, sizeof(block), 0);
    if (count > 0) {
        link->is_spoken_for = true;
        g_byte_array_append(link->back, block, (guint)count);
        return true;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        link->is_hop_dry = errno == EAGAIN;
        return false;
    }
    fisc_gate_link_leave(link); /* the library has closed: so does the answer say */
    return true;
}

static bool
write_hop(FiscGateLink *link)
{
    if (link->hop < 0 || link->forward->len == 0) {
        return false;
    }
    ssize_t count = send(link->hop, link->forward->data, link->forward->len, MSG_NOSIGNAL);
    if (count > 0) {
        g_byte_array_remove_range(link->forward, 0, (guint)count);
    } else if (errno != EAGAIN && errno != EINTR) {
        g_byte_array_set_size(link->forward, 0); /* what it still says is read before it closes */
    }
    return count > 0;
}

/* Phases --------------------------------------------------------------------------------------- */

static bool
shake(FiscGateLink *link)
{
    if (link->phase != LINK_SHAKING) {
        return false;
    }
    int status = fisc_wire_shake(link->wire);
    if (status == FISC_WIRE_BROKEN) {
        kill_link(link);
    } else if (status > 0) {
        link->peer->subject = fisc_wire_subject(link->wire);
        link->phase = LINK_READING;
        return true;
    }
    return false;
}

/* A buffer keeps the room of the longest it held: that dies with the request. */
static void
renew(GByteArray **buffer)
{
    if ((*buffer)->len == 0) {
        g_byte_array_unref(*buffer);
        *buffer = g_byte_array_new();
    }
}

/* The answer is through: the next request may come. */
static bool
end_answer(FiscGateLink *link)
{
    if (link->phase != LINK_ANSWERING || !link->is_answered || !link->is_hop_dry) {
        return false;
    }
    if (link->gate->is_leaving) {
        fisc_gate_link_leave(link);
        return true;
    }
    const FiscServerLimits *limits = &link->gate->options.limits;
    renew(&link->forward);
    renew(&link->back);
    link->phase = LINK_READING;
    link->is_spoken_for = false;
    link->deadline_us = now_us() + (link->in->len > 0 ? limits->head_ms : limits->idle_ms) * 1000;
    return true;
}

static bool
shut(FiscGateLink *link)
{
    if (link->phase != LINK_LEAVING || link->is_shut || link->back->len > 0) {
        return false;
    }
    fisc_wire_shut(link->wire);
    link->is_shut = true;
    link->deadline_us = now_us() + LEAVE_US;
    return true;
}

void
fisc_gate_link_progress(FiscGateLink *link)
{
    bool (*const steps[])(FiscGateLink *) = {shake,      write_wire, read_hop,  write_hop,
                                             end_answer, take_input, read_wire, shut};
    bool has_moved = true;
    while (has_moved && !link->is_dead) {
        has_moved = false;
        for (gsize i = 0; i < G_N_ELEMENTS(steps) && !link->is_dead; i++) {
            has_moved = steps[i](link) || has_moved;
        }
    }
}

unsigned
fisc_gate_link_wire_events(const FiscGateLink *link)
{
    if (link->phase == LINK_SHAKING) {
        return fisc_wire_shaking_events(link->wire);
    }
    return (wants_input(link) ? EPOLLIN : 0u) |
           (link->back->len > 0 && !link->is_shut ? EPOLLOUT : 0u);
}

unsigned
fisc_gate_link_hop_events(const FiscGateLink *link)
{
    if (link->hop < 0) {
        return 0;
    }
    return (link->back->len < BACK_MAX ? EPOLLIN : 0u) | (link->forward->len > 0 ? EPOLLOUT : 0u);
}

void
fisc_gate_link_check_time(FiscGateLink *link, int64_t now)
{
    static const FiscGateRefusal late = {408, "TIMEOUT", "The request did not come in time"};
    if (link->back_deadline_us != 0 && now > link->back_deadline_us) {
        kill_link(link);
    } else if (link->deadline_us == 0 || now <= link->deadline_us) {
        return;
    } else if (link->phase == LINK_LEAVING || fisc_gate_link_is_idle(link)) {
        kill_link(link);
    } else {
        fisc_gate_link_refuse(link, &late);
        fisc_gate_link_progress(link);
    }
}
