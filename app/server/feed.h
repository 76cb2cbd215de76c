/* feed.h: what happens in the books, told to those who listen (GET /v1/events).
 *
 * One thread follows the chain by the number of its batches, whoever appended them. What a listener
 * is told has a place in the chain, "batch.item", so that who was cut off resumes where he was: by
 * reading on, without gap and without anything twice. Everybody is told what is in his scope.
 *
 *   feed.c           subscribers, and the thread
 *   feed_read.c      pages of the chain as texts
 *   feed_position.c  the figures of a unit and period, once a second at most */
#ifndef FISC_SERVER_FEED_H
#define FISC_SERVER_FEED_H

#include "app/server/api.h"

typedef struct _FiscFeed FiscFeed;

/* One thing that is told. */
typedef struct {
    int64_t batch;
    int item;     /* from 1 within its batch; what closes a batch is behind its last item */
    char *entity; /* NULL: of the whole book; of what closes a batch: everybody's */
    bool is_end;  /* closes the batch */
    char *text;   /* the message, whole; of an end: when it was posted */
    bool is_entry;
} FiscFeedItem;

/* Batches from one on. */
typedef struct {
    int64_t last;       /* the last of them; the one before the first when there are none */
    GPtrArray *items;   /* of FiscFeedItem, in order */
    bool changes_roles; /* who may see what is another question now */
} FiscFeedPage;

FiscFeed *fisc_feed_new(FiscServer *server);
/** Ends every stream: who listened asks another server, or this one when it is back. */
void fisc_feed_end(FiscFeed *feed);
void fisc_feed_free(FiscFeed *feed);
/** Begins to tell the caller, as his query and Last-Event-ID say; the reply is the stream or a
 * problem. */
bool fisc_feed_subscribe(FiscCall *call, GError **error);
/** Tells something to a person alone, in all his streams: how far his work has come. */
void fisc_feed_tell(FiscFeed *feed, const char *person, const char *event, const char *data);

/* feed_read.c */
/** Reads whole batches from @from on, as many as make about @items_max items, at least one. */
bool fisc_feed_read(FiscPool *pool, int book_id, int64_t from, int items_max,
                    FiscFeedPage **out_page, GError **error);
void fisc_feed_page_free(FiscFeedPage *page);

/* feed_position.c */
/** {"unit","period","batch","figures":{code:amount}} of what the context may see. Caller frees. */
char *fisc_feed_position(FiscContext *ctx, const char *unit, const char *period, int64_t batch,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFeedPage, fisc_feed_page_free)

#endif
