/* fiscal_event.c: messages of fiscal events, taken apart: each event is kept byte for byte as a
 * document under the name that its source gives it, so that one that comes twice is one. What
 * becomes of the documents is the next pull's. */
#include "fisc/fiscal_event.h"
#include "app/flows/intake.h"
#include "core/base/hash.h"
#include "integrations/ifix.h"
#include <string.h>

#define CONNECTOR "ifix"
#define EVENTS "fiscalEvent"

void
fisc_published_event_free(FiscPublishedEvent *event)
{
    if (event != NULL) {
        g_free(event->id);
        g_free(event->tenant);
        g_free(event->type);
        g_free(event->reference);
        g_free(event->document);
        g_free(event->sha256);
        g_free(event);
    }
}

static void
free_event(gpointer event)
{
    fisc_published_event_free(event);
}

void
fisc_published_events_free(FiscPublishedEvents *events)
{
    if (events != NULL) {
        g_free(events->message);
        g_free(events->version);
        g_free(events->correlation);
        g_free(events->time);
        g_ptr_array_unref(events->events);
        g_free(events);
    }
}

/* A message on its way. */
typedef struct {
    const FiscFeeder *feeder;
    const char *text;
    gsize length;
    GPtrArray *arrivals; /* of FiscArrival, of those that are not said twice in it */
    GPtrArray *found;    /* of FiscFound, whose names the arrivals borrow */
    GHashTable *by_name; /* document -> FiscPublishedEvent: the first of this name */
    FiscPublishedEvents *out;
    FiscRefusals *refusals;
} Taking;

static void
taking_clear(Taking *taking)
{
    g_clear_pointer(&taking->arrivals, g_ptr_array_unref);
    g_clear_pointer(&taking->found, g_ptr_array_unref);
    g_clear_pointer(&taking->by_name, g_hash_table_unref);
    g_clear_pointer(&taking->out, fisc_published_events_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Taking, taking_clear)

/* ---- who publishes for whom ---- */

static bool
find_feeder(FiscContext *ctx, const char *name, FiscFeeder **out_feeder, GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    if (!fisc_feeder_open(ctx, name, &feeder, error)) {
        return false;
    }
    if (strcmp(feeder->connector, CONNECTOR) != 0 ||
        !g_str_has_prefix(feeder->at, FISC_IFIX_PUBLISHED) ||
        strcmp(feeder->state, "active") != 0) {
        return fisc_fail(error, FISC_ERROR_DENIED,
                         "feeder %s takes no events: its connector is %s at %s, and it is %s", name,
                         feeder->connector, feeder->at, feeder->state);
    }
    const char *publisher = g_hash_table_lookup(feeder->trust, "publisher");
    if (ctx->on_behalf != NULL || g_strcmp0(publisher, ctx->actor) != 0) {
        return fisc_fail(error, FISC_ERROR_DENIED, "%s does not publish for feeder %s", ctx->actor,
                         name);
    }
    *out_feeder = g_steal_pointer(&feeder);
    return true;
}

/* ---- the events of a message ---- */

static void
add_arrival(Taking *taking, FiscPublishedEvent *event, GBytes *bytes)
{
    FiscFound *found = fisc_found_new(event->document, "", (int64_t)g_bytes_get_size(bytes));
    /* A content is a version of its own: what was said before and comes again, late or kept by
     * somebody, does not come back over what was said since. */
    g_free(found->declared);
    found->declared = g_strdup(event->sha256);
    g_ptr_array_add(taking->found, found);
    g_ptr_array_add(taking->arrivals, fisc_arrival_new(found, "", bytes));
    g_hash_table_insert(taking->by_name, event->document, event);
}

static void
take_event(Taking *taking, json_t *value, const FiscJsonSpan *span, guint index)
{
    g_autofree char *pointer = g_strdup_printf("/" EVENTS "/%u", index);
    g_autofree char *of_tenant = g_strconcat(pointer, "/tenantId", NULL);
    const char *tenant = g_hash_table_lookup(taking->feeder->trust, "tenant");
    FiscIfixEvent read;
    if (!fisc_ifix_event_read(value, NULL, pointer, &read, taking->refusals)) {
        return;
    }
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_data(taking->text + span->from, span->length, digest);
    FiscPublishedEvent *event = g_new0(FiscPublishedEvent, 1);
    *event = (FiscPublishedEvent){.id = g_strdup(read.id),
                                  .tenant = g_strdup(read.tenant),
                                  .type = g_strdup(read.type),
                                  .reference = g_strdup(read.reference),
                                  .document = fisc_ifix_document(&read),
                                  .sha256 = g_strdup(fisc_hash_format(digest, hex))};
    g_ptr_array_add(taking->out->events, event);
    const FiscPublishedEvent *before = g_hash_table_lookup(taking->by_name, event->document);
    if (g_strcmp0(tenant, read.tenant) != 0) {
        fisc_refusals_add(taking->refusals, FISC_ERROR_DENIED, NULL, 0, of_tenant,
                          "feeder %s speaks for %s, not for %.64s", taking->feeder->name, tenant,
                          read.tenant);
    } else if (fisc_feeder_profile_name(taking->feeder, event->document) == NULL) {
        fisc_refusals_add(taking->refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, pointer,
                          "feeder %s has no document that is called %s", taking->feeder->name,
                          event->document);
    } else if (before == NULL) {
        g_autoptr(GBytes) bytes = g_bytes_new(taking->text + span->from, span->length);
        add_arrival(taking, event, bytes);
    } else if (strcmp(before->sha256, event->sha256) != 0) {
        fisc_refusals_add(taking->refusals, FISC_ERROR_REFERENCE_CONFLICT, NULL, 0, pointer,
                          "the same message has %s %s with another content", event->type,
                          event->reference);
    }
}

static char *
header_text(json_t *root, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(root, "requestHeader"), name));
    return g_strdup(text != NULL ? text : "");
}

static void
take_message(Taking *taking, json_t *root)
{
    json_t *list = json_object_get(root, EVENTS);
    g_autoptr(GArray) spans = fisc_json_elements(taking->text, taking->length, EVENTS);
    gsize count = json_array_size(list);
    if (spans == NULL || spans->len != count || count == 0 || count > FISC_EVENTS_MAX) {
        fisc_refusals_add(taking->refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "/" EVENTS,
                          "a list of 1 to %d events is expected here", FISC_EVENTS_MAX);
        return;
    }
    taking->out->message = header_text(root, "msgId");
    taking->out->version = header_text(root, "version");
    taking->out->correlation = header_text(root, "correlationId");
    taking->out->time = header_text(root, "ts");
    for (guint i = 0; i < spans->len; i++) {
        take_event(taking, json_array_get(list, i), &g_array_index(spans, FiscJsonSpan, i), i);
    }
}

static void
read_message(Taking *taking, GBytes *message)
{
    g_autofree char *reason = NULL;
    taking->text = g_bytes_get_data(message, &taking->length);
    taking->arrivals = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_arrival_free);
    taking->found = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_found_free);
    taking->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    taking->out = g_new0(FiscPublishedEvents, 1);
    taking->out->events = g_ptr_array_new_with_free_func(free_event);
    json_t *root =
        fisc_json_read_texts(taking->text != NULL ? taking->text : "", taking->length, &reason);
    if (root == NULL) {
        fisc_refusals_add(taking->refusals, FISC_ERROR_JSON_INVALID, NULL, 0, "", "%s", reason);
    } else {
        take_message(taking, root);
    }
    json_decref(root);
}

/* The first of a name is what was kept of it; what is said again in the message is known. */
static void
note_outcomes(Taking *taking)
{
    for (guint i = 0; i < taking->out->events->len; i++) {
        FiscPublishedEvent *event = taking->out->events->pdata[i];
        event->is_known = true;
    }
    for (guint i = 0; i < taking->arrivals->len; i++) {
        const FiscArrival *arrival = taking->arrivals->pdata[i];
        FiscPublishedEvent *event = g_hash_table_lookup(taking->by_name, arrival->found->name);
        event->is_known = !arrival->is_new;
    }
}

bool
fisc_flow_events_take(FiscContext *ctx, const char *feeder_name, GBytes *message,
                      FiscPublishedEvents **out_events, FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    g_auto(Taking) taking = {.refusals = refusals};
    if (!find_feeder(ctx, feeder_name, &feeder, error)) {
        return false;
    }
    taking.feeder = feeder;
    read_message(&taking, message);
    if (refusals->len > 0) {
        return true;
    }
    if (!ctx->is_dry_run) {
        if (!fisc_intake_receive(ctx, feeder, taking.arrivals, error)) {
            return false;
        }
        note_outcomes(&taking);
    }
    *out_events = g_steal_pointer(&taking.out);
    return true;
}
