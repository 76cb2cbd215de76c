/* feed_read.c: pages of the chain, as what subscribers are told. */
#include "app/flows/receipt_json.h"
#include "app/server/feed.h"
#include <stdlib.h>
#include <string.h>

#define BATCHES_MAX 256

/* The columns of the queries. */
enum { BATCH_NO, POSTED_AT, FIRST_ITEM, ITEM_COUNT, FIRST_ENTRY, ENTRY_COUNT };
enum { ITEM_ID, ENTRY_ID, ENTITY, SOURCE, REFERENCE, DOCUMENT, EFFECTIVE, PERIOD, MAKER };
enum { EVENT_ITEM, KIND, SUBJECT, FIELDS };

static void
item_free(gpointer data)
{
    FiscFeedItem *item = data;
    g_free(item->entity);
    g_free(item->text);
    g_free(item);
}

void
fisc_feed_page_free(FiscFeedPage *page)
{
    if (page != NULL) {
        g_ptr_array_unref(page->items);
        g_free(page);
    }
}

/* The batches of a page, to find the one that an item is in. */
typedef struct {
    FiscFeedPage *page;
    FiscRows *rows;
    int count; /* of @rows, those that are in the page */
    int at;    /* items come in order */
} Reading;

static int64_t
end_of(const Reading *reading, int row)
{
    return fisc_rows_int8(reading->rows, row, FIRST_ITEM) +
           fisc_rows_int4(reading->rows, row, ITEM_COUNT);
}

/* Adds what is told; takes @data. */
static FiscFeedItem *
add_item(Reading *reading, int row, int item, const char *entity, const char *event, json_t *data)
{
    int64_t batch = fisc_rows_int8(reading->rows, row, BATCH_NO);
    char *json = json_dumps(data, JSON_COMPACT);
    FiscFeedItem *told = g_new0(FiscFeedItem, 1);
    told->batch = batch;
    told->item = item;
    told->entity = g_strdup(entity);
    told->text = g_strdup_printf("id: %" G_GINT64_FORMAT ".%d\nevent: %s\ndata: %s\n\n", batch,
                                 item, event, json);
    g_ptr_array_add(reading->page->items, told);
    free(json);
    json_decref(data);
    return told;
}

/* The batch that item @item_id is in, and its place there. */
static int
place_of(Reading *reading, int64_t item_id, int *out_row)
{
    while (item_id >= end_of(reading, reading->at)) {
        reading->at++;
    }
    *out_row = reading->at;
    return (int)(item_id - fisc_rows_int8(reading->rows, reading->at, FIRST_ITEM)) + 1;
}

static void
add_entry(Reading *reading, FiscRows *rows, int i)
{
    char date[FISC_DATE_TEXT];
    int row = 0;
    int item = place_of(reading, fisc_rows_int8(rows, i, ITEM_ID), &row);
    bool has_document = !fisc_rows_is_null(rows, i, DOCUMENT);
    json_t *data =
        json_pack("{s:I, s:s, s:s, s:s, s:s, s:i, s:o, s:s, s:I, s:s}", "entry",
                  (json_int_t)fisc_rows_int8(rows, i, ENTRY_ID), "reference",
                  fisc_rows_text(rows, i, REFERENCE), "source", fisc_rows_text(rows, i, SOURCE),
                  "entity", fisc_rows_text(rows, i, ENTITY), "date",
                  fisc_date_format(fisc_rows_int4(rows, i, EFFECTIVE), date), "period",
                  fisc_rows_int4(rows, i, PERIOD), "document",
                  fisc_json_text(has_document ? fisc_rows_text(rows, i, DOCUMENT) : NULL), "actor",
                  fisc_rows_text(rows, i, MAKER), "batch",
                  (json_int_t)fisc_rows_int8(reading->rows, row, BATCH_NO), "posted_at",
                  fisc_rows_text(reading->rows, row, POSTED_AT));
    add_item(reading, row, item, fisc_rows_text(rows, i, ENTITY), "entry", data)->is_entry = true;
}

static const char *
field_of(char *const *fields, int count, const char *name)
{
    for (int i = 0; i + 1 < count; i += 2) {
        if (strcmp(fields[i], name) == 0) {
            return fields[i + 1];
        }
    }
    return NULL;
}

static bool
is_about_roles(const char *kind)
{
    static const char *const kinds[] = {"person", "duty",      "grant",    "delegation",
                                        "policy", "exclusion", "conflict", NULL};
    return g_strv_contains(kinds, kind);
}

/* A step of a document; of other events only who sees the whole book is told, by their names. */
static void
add_event(Reading *reading, FiscRows *rows, int i)
{
    int row = 0, count = 0;
    int item = place_of(reading, fisc_rows_int8(rows, i, EVENT_ITEM), &row);
    const char *kind = fisc_rows_text(rows, i, KIND);
    g_auto(GStrv) fields = fisc_rows_text_array(rows, i, FIELDS, &count);
    const char *entity = field_of(fields, count, "entity");
    json_int_t batch = (json_int_t)fisc_rows_int8(reading->rows, row, BATCH_NO);
    reading->page->changes_roles |= is_about_roles(kind);
    if (strcmp(kind, "document") != 0) {
        add_item(reading, row, item, NULL, "record",
                 json_pack("{s:s, s:s, s:I}", "kind", kind, "subject",
                           fisc_rows_text(rows, i, SUBJECT), "batch", batch));
        return;
    }
    bool is_of_all = entity == NULL || strcmp(entity, "*") == 0;
    json_t *data =
        json_pack("{s:s, s:o, s:o, s:o, s:I}", "document", fisc_rows_text(rows, i, SUBJECT),
                  "state", fisc_json_text(field_of(fields, count, "state")), "action",
                  fisc_json_text(field_of(fields, count, "action")), "entity",
                  fisc_json_text(entity), "batch", batch);
    add_item(reading, row, item, is_of_all ? NULL : entity, "document", data);
}

static void
add_end(Reading *reading, int row)
{
    FiscFeedItem *end = g_new0(FiscFeedItem, 1);
    end->batch = fisc_rows_int8(reading->rows, row, BATCH_NO);
    end->item = fisc_rows_int4(reading->rows, row, ITEM_COUNT) + 1;
    end->is_end = true;
    end->text = g_strdup(fisc_rows_text(reading->rows, row, POSTED_AT));
    g_ptr_array_add(reading->page->items, end);
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const FiscFeedItem *left = *(FiscFeedItem *const *)a, *right = *(FiscFeedItem *const *)b;
    return left->batch != right->batch ? (left->batch < right->batch ? -1 : 1)
                                       : left->item - right->item;
}

/* How many of the rows make a page. */
static int
count_page(const FiscRows *rows, int items_max)
{
    int items = 0, count = 0;
    while (count < fisc_rows_count(rows) && (count == 0 || items < items_max)) {
        items += fisc_rows_int4(rows, count++, ITEM_COUNT);
    }
    return count;
}

static bool
read_items(Reading *reading, FiscTx *tx, int book_id, GError **error)
{
    g_autoptr(FiscRows) entries = NULL;
    g_autoptr(FiscRows) events = NULL;
    int last = reading->count - 1;
    int64_t to_entry = fisc_rows_int8(reading->rows, last, FIRST_ENTRY) +
                       fisc_rows_int4(reading->rows, last, ENTRY_COUNT);
    if (!fisc_tx_query(tx, FISC_SQL_SERVER_FEED_ENTRIES,
                       FISC_ARGS(fisc_int4(book_id),
                                 fisc_int8(fisc_rows_int8(reading->rows, 0, FIRST_ENTRY)),
                                 fisc_int8(to_entry)),
                       &entries, error) ||
        !fisc_tx_query(tx, FISC_SQL_SERVER_FEED_EVENTS,
                       FISC_ARGS(fisc_int4(book_id),
                                 fisc_int8(fisc_rows_int8(reading->rows, 0, FIRST_ITEM)),
                                 fisc_int8(end_of(reading, last))),
                       &events, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(entries); i++) {
        add_entry(reading, entries, i);
    }
    reading->at = 0;
    for (int i = 0; i < fisc_rows_count(events); i++) {
        add_event(reading, events, i);
    }
    return true;
}

bool
fisc_feed_read(FiscPool *pool, int book_id, int64_t from, int items_max, FiscFeedPage **out_page,
               GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(FiscFeedPage) page = g_new0(FiscFeedPage, 1);
    page->items = g_ptr_array_new_with_free_func(item_free);
    page->last = from - 1;
    if (!fisc_tx_begin(pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_SERVER_FEED_BATCHES,
                       FISC_ARGS(fisc_int4(book_id), fisc_int8(from), fisc_int4(BATCHES_MAX)),
                       &rows, error)) {
        return false;
    }
    Reading reading = {.page = page, .rows = rows, .count = count_page(rows, items_max)};
    if (reading.count > 0 && !read_items(&reading, tx, book_id, error)) {
        return false;
    }
    for (int row = 0; row < reading.count; row++) {
        add_end(&reading, row);
        page->last = fisc_rows_int8(rows, row, BATCH_NO);
    }
    g_ptr_array_sort(page->items, compare_items);
    *out_page = g_steal_pointer(&page);
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}
