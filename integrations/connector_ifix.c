/* connector_ifix.c: the fiscal events of a tenant of an iFIX, by its _search; each event is a
 * document. Events that are published to us come by another way (app/flows/fiscal_event.c), and
 * there is nothing to be fetched of them then.
 *
 * They are asked for by the time at which iFIX took them, not by their own: one that is late would
 * be missed otherwise. iFIX writes them down a while after it took them, so that each pull begins a
 * day before the last one ended. Its pages are in an order that says nothing of events of the same
 * moment; so all pages of a span of time are read until two readings one after the other say the
 * same, and nothing twice. */
#include "integrations/connector.h"
#include "integrations/ifix.h"
#include <string.h>

#define SEARCH "fiscal/events/v1/_search"
#define OVERLAP_MS (INT64_C(24) * 3600 * 1000)
#define PAGE 500
#define SPAN_EVENTS_MAX 10000 /* of one span, and of one pull but for its last span */
#define READINGS_MAX 5

typedef struct {
    char *id, *document, *digest; /* digest: of this copy */
    GBytes *body;
    int64_t ingestion_ms;
} Copy;

typedef struct {
    FiscDoor *door;
    char *url;
    const char *tenant;
    int64_t from_ms, to_ms; /* what is asked for */
    GHashTable *copies;     /* id -> Copy: of this reading */
    GHashTable *documents;  /* document -> Copy: of all that was read */
    bool is_doubtful;       /* something was there twice */
    bool is_full;
} Search;

static void
copy_clear(gpointer data)
{
    Copy *copy = data;
    g_free(copy->id);
    g_free(copy->document);
    g_free(copy->digest);
    g_bytes_unref(copy->body);
}

static void
copy_unref(gpointer copy)
{
    g_rc_box_release_full(copy, copy_clear);
}

static GHashTable *
copies_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, copy_unref);
}

static void
search_clear(Search *search)
{
    g_free(search->url);
    g_clear_pointer(&search->copies, g_hash_table_unref);
    g_clear_pointer(&search->documents, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static bool
fail_answer(const Search *search, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool
fail_answer(const Search *search, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s: %s", search->url, reason);
}

/* ---- one page ---- */

static GBytes *
question_of(const Search *search, gsize offset, const char *message)
{
    json_t *question = json_pack(
        "{s:{s:I, s:s, s:s}, s:{s:s, s:I, s:I, s:I, s:i}}", "requestHeader", "ts",
        (json_int_t)(g_get_real_time() / 1000), "version", "1.0.0", "msgId", message, "criteria",
        "tenantId", search->tenant, "fromIngestionTime", (json_int_t)search->from_ms,
        "toIngestionTime", (json_int_t)search->to_ms, "offset", (json_int_t)offset, "limit", PAGE);
    char *text = json_dumps(question, JSON_COMPACT);
    json_decref(question);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

/* An event that is asked for, and no other. One whose amounts are wrong is a document all the same:
 * whoever makes rows of it says what is wrong. */
static bool
take_event(Search *search, json_t *value, const char *text, gsize length, gsize index,
           GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *pointer = g_strdup_printf("/fiscalEvent/%" G_GSIZE_FORMAT, index);
    FiscIfixEvent event = {0};
    fisc_ifix_event_read(value, NULL, pointer, &event, refusals);
    const char *id = json_string_value(json_object_get(value, "id"));
    if (!json_is_object(value) || id == NULL || *event.type == '\0' || *event.reference == '\0' ||
        strlen(event.reference) > 64) {
        return fail_answer(search, error, "%s: an event without id, kind or reference", pointer);
    }
    if (strcmp(event.tenant, search->tenant) != 0 || event.ingestion_ms < search->from_ms ||
        event.ingestion_ms > search->to_ms) {
        return fail_answer(search, error, "%s: an event that was not asked for", pointer);
    }
    Copy *copy = g_rc_box_new0(Copy);
    *copy = (Copy){.id = g_strdup(id),
                   .document = fisc_ifix_document(&event),
                   .digest = fisc_ifix_digest(&event, true),
                   .body = g_bytes_new(text, length),
                   .ingestion_ms = event.ingestion_ms};
    search->is_doubtful =
        !g_hash_table_replace(search->copies, copy->id, copy) || search->is_doubtful;
    return true;
}

static bool
take_events(Search *search, json_t *root, const char *text, gsize length, gsize *out_count,
            GError **error)
{
    json_t *events = json_object_get(root, "fiscalEvent");
    g_autoptr(GArray) spans = fisc_json_elements(text, length, "fiscalEvent");
    if (spans == NULL || spans->len != json_array_size(events)) {
        return fail_answer(search, error, "no list of fiscalEvent");
    }
    if (spans->len > PAGE) {
        return fail_answer(search, error, "more events than were asked for");
    }
    for (guint i = 0; i < spans->len; i++) {
        const FiscJsonSpan *span = &g_array_index(spans, FiscJsonSpan, i);
        if (!take_event(search, json_array_get(events, i), text + span->from, span->length, i,
                        error)) {
            return false;
        }
    }
    *out_count = spans->len;
    return true;
}

/* It says the id of the message again: an answer to another question is none. */
static bool
check_header(const Search *search, json_t *root, const char *message, GError **error)
{
    json_t *header = json_object_get(root, "responseHeader");
    const char *answered = json_string_value(json_object_get(header, "msgId"));
    return g_strcmp0(answered, message) == 0 ||
           fail_answer(search, error, "no answer to this question");
}

static bool
read_page(Search *search, gsize offset, gsize *out_count, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autofree char *message = g_uuid_string_random();
    g_autofree char *reason = NULL;
    g_autoptr(GBytes) question = question_of(search, offset, message);
    gsize length = 0;
    if (!fisc_door_ask_json(search->door, SEARCH, question, &reply, error)) {
        return false;
    }
    const char *text = g_bytes_get_data(reply->body, &length);
    json_t *root = fisc_json_read_texts(text != NULL ? text : "", length, &reason);
    bool is_done = root != NULL ? check_header(search, root, message, error) &&
                                      take_events(search, root, text, length, out_count, error)
                                : fail_answer(search, error, "no JSON: %s", reason);
    json_decref(root);
    return is_done;
}

/* ---- one span of time ---- */

/* A server may give fewer than it is asked for: only an empty page is the last. */
static bool
read_once(Search *search, GError **error)
{
    gsize offset = 0, count = 0;
    g_clear_pointer(&search->copies, g_hash_table_unref);
    search->copies = copies_new();
    search->is_doubtful = false;
    search->is_full = false;
    do {
        if (!read_page(search, offset, &count, error)) {
            return false;
        }
        offset += count;
        search->is_full = offset > SPAN_EVENTS_MAX;
    } while (count > 0 && !search->is_full);
    return true;
}

static bool
is_same(GHashTable *one, GHashTable *other)
{
    GHashTableIter iter;
    gpointer id, value;
    if (one == NULL || g_hash_table_size(one) != g_hash_table_size(other)) {
        return false;
    }
    g_hash_table_iter_init(&iter, one);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        const Copy *copy = g_hash_table_lookup(other, id);
        if (copy == NULL || strcmp(copy->digest, ((const Copy *)value)->digest) != 0) {
            return false;
        }
    }
    return true;
}

/* Reads until two readings say the same; or the span has too much, search->is_full. */
static bool
read_whole(Search *search, GError **error)
{
    g_autoptr(GHashTable) before = NULL;
    for (int reading = 0; reading < READINGS_MAX; reading++) {
        if (!read_once(search, error)) {
            return false;
        }
        if (search->is_full || (!search->is_doubtful && is_same(before, search->copies))) {
            return true;
        }
        g_clear_pointer(&before, g_hash_table_unref);
        before = search->is_doubtful ? NULL : g_hash_table_ref(search->copies);
    }
    return fail_answer(search, error, "the events change while they are read");
}

/* ---- which documents there are ---- */

/* Of several copies of an event the one that iFIX took last counts. */
static void
keep_newest(Search *search, Copy *copy)
{
    const Copy *before = g_hash_table_lookup(search->documents, copy->document);
    if (before == NULL || copy->ingestion_ms > before->ingestion_ms ||
        (copy->ingestion_ms == before->ingestion_ms && strcmp(copy->id, before->id) > 0)) {
        g_hash_table_replace(search->documents, copy->document, g_rc_box_acquire(copy));
    }
}

static void
keep_all(Search *search)
{
    GHashTableIter iter;
    gpointer copy;
    g_hash_table_iter_init(&iter, search->copies);
    while (g_hash_table_iter_next(&iter, NULL, &copy)) {
        keep_newest(search, copy);
    }
}

static int
compare_found(gconstpointer a, gconstpointer b)
{
    return strcmp((*(FiscFound *const *)a)->name, (*(FiscFound *const *)b)->name);
}

/* What was read is kept in the door until it is asked for. */
static void
bring(Search *search, GPtrArray *found)
{
    FiscDoor *door = search->door;
    GHashTableIter iter;
    gpointer value;
    door->brought =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    g_hash_table_iter_init(&iter, search->documents);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Copy *copy = value;
        if (fisc_feeder_profile_name(door->feeder, copy->document) != NULL) {
            g_ptr_array_add(found, fisc_found_new(copy->document, copy->digest,
                                                  (int64_t)g_bytes_get_size(copy->body)));
            g_hash_table_insert(door->brought, g_strdup(copy->document), g_bytes_ref(copy->body));
        }
    }
    g_ptr_array_sort(found, compare_found);
}

/* Spans one after the other, each small enough to be held; what is left of a long time is for the
 * next pull. */
static bool
read_spans(Search *search, int64_t now_ms, GError **error)
{
    int64_t length_ms = now_ms - search->from_ms;
    search->documents = copies_new();
    while (search->from_ms <= now_ms && g_hash_table_size(search->documents) < SPAN_EVENTS_MAX) {
        search->to_ms = MIN(search->from_ms + length_ms, now_ms);
        if (!read_whole(search, error)) {
            return false;
        }
        if (!search->is_full) {
            keep_all(search);
            search->from_ms = search->to_ms + 1;
        } else if (length_ms == 0) {
            return fail_answer(search, error, "more than %d events of one moment", SPAN_EVENTS_MAX);
        } else {
            length_ms /= 2;
        }
    }
    return true;
}

/* "1735689600000 pb https://ifix.example/": of another tenant or address nothing was read yet. */
static int64_t
read_cursor(const FiscDoor *door, const char *tenant)
{
    char *rest = NULL;
    int64_t cursor_ms = g_ascii_strtoll(door->cursor, &rest, 10);
    g_autofree char *of = g_strdup_printf(" %s %s", tenant, door->feeder->at);
    return strcmp(rest, of) == 0 ? cursor_ms : 0;
}

bool
fisc_ifix_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    const char *at = door->feeder->at;
    const char *tenant = g_hash_table_lookup(door->feeder->trust, "tenant");
    int64_t now_ms = g_get_real_time() / 1000;
    if (g_str_has_prefix(at, FISC_IFIX_PUBLISHED)) {
        return true;
    }
    g_auto(Search) search = {
        .door = door,
        .url = fisc_door_url(door, SEARCH),
        .tenant = tenant,
        .from_ms = MAX(read_cursor(door, tenant) - OVERLAP_MS, 1),
    };
    if (!read_spans(&search, now_ms, error)) {
        return false;
    }
    bring(&search, found);
    door->next_cursor =
        g_strdup_printf("%" G_GINT64_FORMAT " %s %s", search.from_ms - 1, tenant, at);
    return true;
}

bool
fisc_ifix_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
              char **out_tag, GError **error)
{
    (void)error;
    *out_tag = g_strdup(found->tag);
    if (g_strcmp0(known_tag, found->tag) != 0) {
        *out_body = g_bytes_ref(g_hash_table_lookup(door->brought, found->name));
    }
    return true;
}
