/* feed.c: who listens, and the thread that tells them. See feed.h. */
#include "app/server/feed.h"
#include "app/server/access.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "core/base/log.h"
#include <string.h>

#define LOOK_MS 100 /* at what the server knows; the database is not asked */
#define PAGE_ITEMS 1000
#define PAGES_A_LOOK 8 /* then those who are up to date have their turn again */
#define STREAM_BYTES (4 * 1024 * 1024)
#define STREAM_WAITING_MAX (512 * 1024) /* who has as much before him gets no more for now */
#define STUCK_S 30                      /* and after that he is cut */
#define HEARTBEAT_S 15
#define STREAM_S 600 /* then the client signs in again */
#define PERSON_MAX 8
#define ALL_MAX 512
#define POSITION_S 1

/* Who listens. */
typedef struct {
    char *person;
    FiscScope *scope;
    FiscHttpStream *stream;
    int64_t next; /* the batch that is told next */
    int skip;     /* so many items of it were told before */
    int64_t begun_us, told_us;
    char *unit, *period; /* of the position; NULL: none is wanted */
    int64_t position_batch, position_us;
    bool is_over;
} Listener;

struct _FiscFeed {
    FiscServer *server;
    FiscPool *pool; /* sees the whole book: what is told is cut here */
    GMutex mutex;   /* guards what follows */
    GPtrArray *listeners;
    bool is_ending;
    GCond wake;
    GThread *thread, *figures;
};

static void
listener_free(gpointer data)
{
    Listener *listener = data;
    fisc_http_stream_end(listener->stream);
    fisc_http_stream_unref(listener->stream);
    fisc_scope_free(listener->scope);
    g_free(listener->person);
    g_free(listener->unit);
    g_free(listener->period);
    g_free(listener);
}

/* Telling ------------------------------------------------------------------------------------- */

static void
write_to(Listener *listener, const char *text, gsize length)
{
    if (!fisc_http_stream_write(listener->stream, text, length)) {
        listener->is_over = true;
    }
    listener->told_us = g_get_monotonic_time();
}

static bool
may_see(const Listener *listener, const FiscFeedItem *item)
{
    return item->entity != NULL ? fisc_scope_has(listener->scope, item->entity)
                                : fisc_scope_is_all(listener->scope);
}

/* What a listener may know of the page, from where he is; he is behind it then. */
static void
tell_page(FiscFeed *feed, Listener *listener, const FiscFeedPage *page)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int entries = 0, events = 0, told = 0;
    for (guint i = 0; i < page->items->len; i++) {
        const FiscFeedItem *item = page->items->pdata[i];
        if (item->batch < listener->next) {
            continue;
        }
        bool is_told = item->batch == listener->next && item->item <= listener->skip;
        if (item->is_end) {
            if (!is_told) {
                g_string_append_printf(text,
                                       "id: %" G_GINT64_FORMAT ".%d\nevent: batch\n"
                                       "data: {\"batch\":%" G_GINT64_FORMAT
                                       ",\"at\":\"%s\",\"entries\":%d,\"events\":%d}\n\n",
                                       item->batch, item->item, item->batch, item->text, entries,
                                       events);
            }
            entries = 0;
            events = 0;
        } else if (may_see(listener, item)) {
            entries += item->is_entry ? 1 : 0;
            events += item->is_entry ? 0 : 1;
            if (!is_told) {
                g_string_append(text, item->text);
                told++;
            }
        }
    }
    listener->next = page->last + 1;
    listener->skip = 0;
    if (text->len > 0) {
        write_to(listener, text->str, text->len);
        fisc_ops_count(feed->server, FISC_COUNTER_EVENTS_SENT, told);
    }
}

/* With the mutex held: ends those who are over, and says something to those who hear nothing. */
static void
tend(FiscFeed *feed)
{
    int64_t now = g_get_monotonic_time();
    for (guint i = feed->listeners->len; i > 0; i--) {
        Listener *listener = feed->listeners->pdata[i - 1];
        if (now - listener->told_us > (int64_t)HEARTBEAT_S * G_USEC_PER_SEC &&
            fisc_http_stream_waiting(listener->stream) < STREAM_WAITING_MAX) {
            write_to(listener, ":\n\n", 3);
        }
        listener->is_over |= now - listener->begun_us > (int64_t)STREAM_S * G_USEC_PER_SEC ||
                             now - listener->told_us > (int64_t)STUCK_S * G_USEC_PER_SEC ||
                             fisc_http_stream_is_over(listener->stream);
        if (listener->is_over) {
            g_ptr_array_remove_index_fast(feed->listeners, i - 1);
            fisc_ops_gauge(feed->server, FISC_GAUGE_SUBSCRIBERS, -1);
        }
    }
}

/* With the mutex held: where somebody is who can be told more; 0 when there is nobody. */
static int64_t
first_wanted(const FiscFeed *feed, int64_t newest)
{
    int64_t first = 0;
    for (guint i = 0; i < feed->listeners->len; i++) {
        const Listener *listener = feed->listeners->pdata[i];
        bool is_ready = !listener->is_over && listener->next <= newest &&
                        fisc_http_stream_waiting(listener->stream) < STREAM_WAITING_MAX;
        if (is_ready && (first == 0 || listener->next < first)) {
            first = listener->next;
        }
    }
    return first;
}

/* One page, to all who are in it. False when there is nothing to tell. */
static bool
tell(FiscFeed *feed, int64_t newest)
{
    g_autoptr(FiscFeedPage) page = NULL;
    g_autoptr(GError) failure = NULL;
    g_mutex_lock(&feed->mutex);
    int64_t from = first_wanted(feed, newest);
    g_mutex_unlock(&feed->mutex);
    if (from == 0) {
        return false;
    }
    if (!fisc_feed_read(feed->pool, feed->server->options.book_id, from, PAGE_ITEMS, &page,
                        &failure)) {
        fisc_log(FISC_LOG_WARN, "the feed could not read the chain", "error", failure->message,
                 NULL);
        return false;
    }
    g_mutex_lock(&feed->mutex);
    for (guint i = 0; i < feed->listeners->len && page->last >= from; i++) {
        Listener *listener = feed->listeners->pdata[i];
        bool is_in_page = listener->next >= from && listener->next <= page->last;
        if (is_in_page && !listener->is_over &&
            fisc_http_stream_waiting(listener->stream) < STREAM_WAITING_MAX) {
            tell_page(feed, listener, page);
            listener->is_over |= page->changes_roles; /* he asks again, and is judged anew */
        }
    }
    g_mutex_unlock(&feed->mutex);
    return page->last >= from;
}

/* Following ----------------------------------------------------------------------------------- */

/* What this server posted is known at once; what others did, the follower sees (follow.c), so that
 * the database is asked by one thread only. */
static int64_t
newest_known(const FiscFeed *feed)
{
    return MAX(fisc_ops_batch(feed->server), fisc_poster_batch_no(feed->server->poster));
}

static gpointer
follow(gpointer data)
{
    FiscFeed *feed = data;
    g_mutex_lock(&feed->mutex);
    while (!feed->is_ending) {
        tend(feed);
        fisc_ops_watch(feed->server, feed->listeners->len > 0);
        g_mutex_unlock(&feed->mutex);
        int64_t newest = newest_known(feed);
        fisc_ops_note_batch(feed->server, newest);
        bool has_more = true;
        for (int page = 0; page < PAGES_A_LOOK && has_more; page++) {
            has_more = tell(feed, newest);
        }
        g_mutex_lock(&feed->mutex);
        if (!has_more && !feed->is_ending) {
            g_cond_wait_until(&feed->wake, &feed->mutex, g_get_monotonic_time() + LOOK_MS * 1000);
        }
    }
    g_mutex_unlock(&feed->mutex);
    return NULL;
}

/* Positions ----------------------------------------------------------------------------------- */

/* A listener whose figures may have changed, by its parts: he may leave while they are made. */
typedef struct {
    FiscHttpStream *stream;
    char *unit, *period;
    FiscPool *pool;
    FiscScope *scope;
    int64_t batch;
} Wanted;

/* With the mutex held. */
static bool
find_wanted(FiscFeed *feed, int64_t newest, Wanted *out_wanted)
{
    int64_t now = g_get_monotonic_time();
    for (guint i = 0; i < feed->listeners->len; i++) {
        Listener *listener = feed->listeners->pdata[i];
        if (listener->unit != NULL && !listener->is_over && listener->position_batch < newest &&
            now - listener->position_us >= (int64_t)POSITION_S * G_USEC_PER_SEC) {
            listener->position_batch = newest;
            listener->position_us = now;
            *out_wanted = (Wanted){.stream = fisc_http_stream_ref(listener->stream),
                                   .unit = g_strdup(listener->unit),
                                   .period = g_strdup(listener->period),
                                   .pool = fisc_access_pool(feed->server, listener->scope),
                                   .scope = fisc_scope_copy(listener->scope),
                                   .batch = newest};
            return true;
        }
    }
    return false;
}

static void
tell_position(FiscFeed *feed, Wanted *wanted)
{
    g_autoptr(GError) failure = NULL;
    FiscContext ctx = {.pool = wanted->pool,
                       .book_id = feed->server->options.book_id,
                       .poster = feed->server->poster,
                       .scope = wanted->scope};
    g_autofree char *data =
        fisc_feed_position(&ctx, wanted->unit, wanted->period, wanted->batch, &failure);
    if (data != NULL) {
        g_autofree char *text = g_strdup_printf("event: position\ndata: %s\n\n", data);
        fisc_http_stream_write(wanted->stream, text, strlen(text));
    } else {
        fisc_log(FISC_LOG_WARN, "a position could not be told", "error", failure->message, NULL);
    }
    fisc_http_stream_unref(wanted->stream);
    fisc_pool_close(wanted->pool);
    fisc_scope_free(wanted->scope);
    g_free(wanted->unit);
    g_free(wanted->period);
}

static gpointer
make_figures(gpointer data)
{
    FiscFeed *feed = data;
    Wanted wanted;
    g_mutex_lock(&feed->mutex);
    while (!feed->is_ending) {
        int64_t newest = fisc_ops_batch(feed->server);
        if (find_wanted(feed, newest, &wanted)) {
            g_mutex_unlock(&feed->mutex);
            tell_position(feed, &wanted);
            g_mutex_lock(&feed->mutex);
        } else {
            g_cond_wait_until(&feed->wake, &feed->mutex,
                              g_get_monotonic_time() + 2 * LOOK_MS * 1000);
        }
    }
    g_mutex_unlock(&feed->mutex);
    return NULL;
}

/* Subscribing --------------------------------------------------------------------------------- */

/* "12.3" or "12"; false when it is neither. */
static bool
parse_place(const char *text, int64_t *out_next, int *out_skip)
{
    char *end = NULL;
    gint64 batch = g_ascii_strtoll(text, &end, 10);
    bool is_batch = end != text && batch >= 0 && *text != '+' && *text != '-';
    *out_next = *end == '\0' ? batch + 1 : batch;
    *out_skip = 0;
    if (is_batch && *end == '.') {
        gint64 item = 0;
        is_batch = g_ascii_string_to_signed(end + 1, 10, 0, G_MAXINT32, &item, NULL);
        *out_skip = (int)item;
        return is_batch;
    }
    return is_batch && *end == '\0';
}

static bool
find_place(const FiscFeed *feed, FiscCall *call, Listener *listener)
{
    const char *after = fisc_http_header(call->request, "Last-Event-ID");
    after = after != NULL ? after : fisc_call_text(call, "after");
    if (after == NULL) {
        listener->next = newest_known(feed) + 1;
        return true;
    }
    if (parse_place(after, &listener->next, &listener->skip)) {
        return true;
    }
    fisc_call_problem(call, 400, "VALUE_INVALID", "?after",
                      "a place in the chain is a batch, or \"batch.item\" as in the ids of events");
    return false;
}

/* With the mutex held: whoever opens one too many loses his oldest. That one may well be of a
 * client who has left: a connection that sleeps is not seen to be closed until something is sent.
 */
static bool
make_room(FiscFeed *feed, const char *person)
{
    Listener *oldest = NULL;
    int own = 0;
    for (guint i = 0; i < feed->listeners->len; i++) {
        Listener *listener = feed->listeners->pdata[i];
        if (strcmp(listener->person, person) == 0 && !listener->is_over) {
            own++;
            oldest = oldest == NULL || listener->begun_us < oldest->begun_us ? listener : oldest;
        }
    }
    if (own >= PERSON_MAX) {
        oldest->is_over = true;
        fisc_http_stream_end(oldest->stream);
    }
    return feed->listeners->len < ALL_MAX && !feed->is_ending;
}

static Listener *
listener_new(FiscCall *call)
{
    const char *unit = fisc_call_text(call, "unit"), *period = fisc_call_text(call, "period");
    Listener *listener = g_new0(Listener, 1);
    listener->person = g_strdup(call->principal.person);
    listener->scope = fisc_scope_copy(call->principal.scope);
    listener->stream = fisc_http_stream_new(STREAM_BYTES);
    listener->begun_us = listener->told_us = g_get_monotonic_time();
    if (unit != NULL && period != NULL) {
        listener->unit = g_strdup(unit);
        listener->period = g_strdup(period);
    }
    return listener;
}

bool
fisc_feed_subscribe(FiscCall *call, GError **error)
{
    (void)error;
    FiscFeed *feed = call->server->feed;
    Listener *listener = listener_new(call);
    if (!find_place(feed, call, listener)) {
        listener_free(listener);
        return true;
    }
    g_mutex_lock(&feed->mutex);
    bool has_place = make_room(feed, listener->person);
    if (has_place) {
        call->reply->stream = fisc_http_stream_ref(listener->stream);
        write_to(listener, "retry: 2000\n\n", strlen("retry: 2000\n\n"));
        g_ptr_array_add(feed->listeners, listener);
        g_cond_broadcast(&feed->wake);
    }
    g_mutex_unlock(&feed->mutex);
    if (!has_place) {
        listener_free(listener);
        fisc_http_reply_header(call->reply, "Retry-After", "30");
        fisc_call_problem(call, 429, "RATE_LIMITED", NULL,
                          "as many streams are open as this server has room for");
        return true;
    }
    fisc_ops_gauge(feed->server, FISC_GAUGE_SUBSCRIBERS, 1);
    fisc_http_reply_header(call->reply, "Content-Type", "text/event-stream");
    fisc_http_reply_header(call->reply, "X-Accel-Buffering", "no");
    return true;
}

void
fisc_feed_tell(FiscFeed *feed, const char *person, const char *event, const char *data)
{
    g_autofree char *text = g_strdup_printf("event: %s\ndata: %s\n\n", event, data);
    g_mutex_lock(&feed->mutex);
    for (guint i = 0; i < feed->listeners->len; i++) {
        Listener *listener = feed->listeners->pdata[i];
        if (strcmp(listener->person, person) == 0 && !listener->is_over) {
            write_to(listener, text, strlen(text));
        }
    }
    g_mutex_unlock(&feed->mutex);
}

/* Opening and closing ------------------------------------------------------------------------- */

FiscFeed *
fisc_feed_new(FiscServer *server)
{
    FiscFeed *feed = g_new0(FiscFeed, 1);
    feed->server = server;
    feed->pool = server->posters; /* readers see no counts of the whole book */
    g_mutex_init(&feed->mutex);
    g_cond_init(&feed->wake);
    feed->listeners = g_ptr_array_new_with_free_func(listener_free);
    feed->thread = g_thread_new("fisc-feed", follow, feed);
    feed->figures = g_thread_new("fisc-figures", make_figures, feed);
    return feed;
}

void
fisc_feed_end(FiscFeed *feed)
{
    if (feed == NULL || feed->thread == NULL) {
        return;
    }
    g_mutex_lock(&feed->mutex);
    feed->is_ending = true;
    g_cond_broadcast(&feed->wake);
    g_mutex_unlock(&feed->mutex);
    g_clear_pointer(&feed->thread, g_thread_join);
    g_clear_pointer(&feed->figures, g_thread_join);
    g_mutex_lock(&feed->mutex);
    g_ptr_array_set_size(feed->listeners, 0); /* ends their streams */
    g_mutex_unlock(&feed->mutex);
}

void
fisc_feed_free(FiscFeed *feed)
{
    if (feed != NULL) {
        fisc_feed_end(feed);
        g_ptr_array_unref(feed->listeners);
        g_mutex_clear(&feed->mutex);
        g_cond_clear(&feed->wake);
        g_free(feed);
    }
}
