/* ifix_rows.c: a fiscal event of iFIX as rows, one for each of its amounts. What its kind and its
 * accounts mean, profiles and their maps say. */
#include "fisc/csv.h"
#include "integrations/connector.h"
#include "integrations/ifix.h"
#include <string.h>

#define ATTRIBUTES_MAX 500

static const char header[] = "tenant,type,reference,line,id,linked_event,linked_reference,chain,"
                             "date,coa,amount,from,to,receivers,attributes\n";

typedef struct {
    const FiscIfixEvent *event;
    int zone_minutes;
    char *receivers, *attributes;
    int line;
    GString *out;
} Writing;

static const char *
text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

/* "" for a time that is not given. */
static const char *
day_of(const Writing *writing, const char *text, char buffer[FISC_DATE_TEXT])
{
    int64_t ms = 0;
    buffer[0] = '\0';
    return fisc_ifix_time(text, &ms) && ms != 0
               ? fisc_date_format(fisc_ifix_day(ms, writing->zone_minutes), buffer)
               : buffer;
}

/* What it follows, as its source calls that; else as iFIX does; else itself: the same for an event
 * and those that follow it. */
static const char *
chain_of(const FiscIfixEvent *event)
{
    return *event->linked_reference != '\0' ? event->linked_reference
           : *event->linked_event != '\0'   ? event->linked_event
                                            : event->reference;
}

static void
write_row(Writing *writing, json_t *amount)
{
    const FiscIfixEvent *event = writing->event;
    char date[FISC_DATE_TEXT], from[FISC_DATE_TEXT], to[FISC_DATE_TEXT];
    g_autofree char *line = g_strdup_printf("%d", ++writing->line);
    g_autofree char *plain = fisc_json_decimal(text_of(amount, "amount"));
    const char *code = text_of(amount, "coaCode");
    const char *const fields[] = {
        event->tenant,
        event->type,
        event->reference,
        line,
        event->id,
        event->linked_event,
        event->linked_reference,
        chain_of(event),
        fisc_date_format(fisc_ifix_day(event->event_ms, writing->zone_minutes), date),
        *code != '\0' ? code : text_of(amount, "coaId"),
        plain,
        day_of(writing, text_of(amount, "fromBillingPeriod"), from),
        day_of(writing, text_of(amount, "toBillingPeriod"), to),
        writing->receivers,
        writing->attributes,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_string_append(writing->out, i == 0 ? "" : ",");
        fisc_csv_append(writing->out, fields[i]);
    }
    g_string_append_c(writing->out, '\n');
}

static char *
join_receivers(json_t *event)
{
    GString *out = g_string_new(NULL);
    gsize index;
    json_t *receiver;
    json_array_foreach(json_object_get(event, "receivers"), index, receiver)
    {
        const char *text = json_string_value(receiver);
        if (text != NULL) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", text);
        }
    }
    return g_string_free(out, FALSE);
}

static char *
join_attributes(json_t *event)
{
    json_t *attributes = json_object_get(event, "attributes");
    char *dumped = json_object_size(attributes) > 0
                       ? json_dumps(attributes, JSON_SORT_KEYS | JSON_COMPACT)
                       : NULL;
    char *text =
        g_utf8_substring(dumped != NULL ? dumped : "", 0,
                         MIN(ATTRIBUTES_MAX, dumped != NULL ? g_utf8_strlen(dumped, -1) : 0));
    free(dumped);
    return text;
}

static void
write_rows(Writing *writing)
{
    json_t *amounts = fisc_ifix_amounts(writing->event), *amount;
    gsize index;
    writing->receivers = join_receivers(writing->event->value);
    writing->attributes = join_attributes(writing->event->value);
    g_string_append(writing->out, header);
    json_array_foreach(amounts, index, amount)
    {
        write_row(writing, amount);
    }
    json_decref(amounts);
    g_free(writing->receivers);
    g_free(writing->attributes);
}

/* A feeder's events are those of its tenant. */
static bool
check_tenant(const FiscFeeder *feeder, const char *document, const FiscIfixEvent *event,
             FiscRefusals *refusals)
{
    const char *tenant = feeder != NULL ? g_hash_table_lookup(feeder->trust, "tenant") : NULL;
    if (tenant == NULL || strcmp(tenant, event->tenant) == 0) {
        return true;
    }
    fisc_refusals_add(refusals, FISC_ERROR_DENIED, document, 0, "/tenantId",
                      "feeder %s speaks for %s, not for %.64s", feeder->name, tenant,
                      event->tenant);
    return false;
}

bool
fisc_ifix_convert(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                  FiscRefusals *refusals)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);
    g_autofree char *reason = NULL;
    FiscIfixEvent event;
    Writing writing = {.event = &event};
    const char *zone = feeder != NULL ? g_hash_table_lookup(feeder->trust, "zone") : NULL;
    json_t *root = fisc_json_read_texts(text != NULL ? text : "", length, &reason);
    if (root == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_JSON_INVALID, document, 0, NULL, "%s", reason);
    } else if (fisc_ifix_zone(zone, &writing.zone_minutes) &&
               fisc_ifix_event_read(root, document, "", &event, refusals) &&
               check_tenant(feeder, document, &event, refusals)) {
        writing.out = g_string_new(NULL);
        write_rows(&writing);
        *out_text = g_string_free_to_bytes(writing.out);
    }
    json_decref(root);
    return *out_text != NULL;
}
