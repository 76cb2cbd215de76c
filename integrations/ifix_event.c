/* ifix_event.c: see ifix.h. */
#include "integrations/ifix.h"
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define TIME_MAX_MS INT64_C(7258032000000) /* a day before 2200, with which dates end */
#define ZONE_DEFAULT 330                   /* of India */
#define ZONE_MAX (14 * 60)
#define NAME_HEX 32

static const char *const types[] = {
    "DEMAND",         "BILL",     "RECEIPT",       "PAYMENT",    "INTER_TRANSFER",
    "INTRA_TRANSFER", "SANCTION", "APPROPRIATION", "ALLOCATION", NULL};

/* What iFIX adds to each copy. */
static const char *const added[] = {"id",     "ingestionTime", "auditDetails",
                                    "sender", "version",       NULL};

typedef struct {
    const char *document, *pointer;
    FiscRefusals *refusals;
} Reading;

static void refuse(const Reading *reading, FiscError code, const char *place, const char *format,
                   ...) G_GNUC_PRINTF(4, 5);

static void
refuse(const Reading *reading, FiscError code, const char *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *field = g_strconcat(reading->pointer, place, NULL);
    fisc_refusals_add(reading->refusals, code, reading->document, 0, field, "%s", detail);
}

/* ---- texts and times ---- */

/* "" without a refusal when it is not given and not needed. */
static const char *
read_text(const Reading *reading, json_t *object, const char *name, gsize bytes_max, bool is_needed)
{
    json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    g_autofree char *place = g_strconcat("/", name, NULL);
    bool is_given = value != NULL && !json_is_null(value);
    if (is_given && text == NULL) {
        refuse(reading, FISC_ERROR_VALUE_INVALID, place, "a text is expected here");
    } else if (is_needed && (text == NULL || *text == '\0')) {
        refuse(reading, FISC_ERROR_VALUE_MISSING, place, "an event has to say it");
    } else if (text != NULL && strlen(text) > bytes_max) {
        refuse(reading, FISC_ERROR_VALUE_INVALID, place,
               "it has more than %" G_GSIZE_FORMAT " bytes", bytes_max);
    }
    return text != NULL ? text : "";
}

bool
fisc_ifix_time(const char *text, int64_t *out_ms)
{
    guint64 ms = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)TIME_MAX_MS, &ms, NULL)) {
        return false;
    }
    *out_ms = (int64_t)ms;
    return true;
}

/* Java writes 0 for a time that there is not. */
static int64_t
read_time(const Reading *reading, json_t *object, const char *at, const char *name, bool is_needed)
{
    json_t *value = json_object_get(object, name);
    g_autofree char *place = g_strconcat(at, "/", name, NULL);
    int64_t ms = 0;
    bool is_given = value != NULL && !json_is_null(value);
    if (is_given && (!json_is_string(value) || !fisc_ifix_time(json_string_value(value), &ms))) {
        refuse(reading, FISC_ERROR_DATE_INVALID, place,
               "a time is a whole number of milliseconds since 1970");
    } else if (is_needed && ms == 0) {
        refuse(reading, FISC_ERROR_VALUE_MISSING, place, "an event has to say when it was");
    }
    return ms;
}

bool
fisc_ifix_zone(const char *text, int *out_minutes)
{
    bool has_form = text != NULL && strlen(text) == 6 && strchr("+-", text[0]) != NULL &&
                    text[3] == ':' && g_ascii_isdigit(text[1]) && g_ascii_isdigit(text[2]) &&
                    g_ascii_isdigit(text[4]) && g_ascii_isdigit(text[5]);
    int minutes = ZONE_DEFAULT;
    if (text != NULL && !has_form) {
        return false;
    }
    if (text != NULL) {
        minutes =
            (text[1] - '0') * 600 + (text[2] - '0') * 60 + (text[4] - '0') * 10 + text[5] - '0';
        minutes = text[0] == '-' ? -minutes : minutes;
    }
    *out_minutes = minutes;
    return minutes >= -ZONE_MAX && minutes <= ZONE_MAX && (text == NULL || text[4] < '6');
}

FiscDate
fisc_ifix_day(int64_t ms, int zone_minutes)
{
    int64_t local = ms + (int64_t)zone_minutes * 60 * 1000;
    int64_t day = local / DAY_MS - (local % DAY_MS < 0);
    return fisc_date_make(1970, 1, 1) + (FiscDate)day;
}

/* ---- the event ---- */

static const char *
read_type(const Reading *reading, json_t *value)
{
    const char *text = read_text(reading, value, "eventType", 64, true);
    for (int i = 0; types[i] != NULL; i++) {
        if (g_ascii_strcasecmp(types[i], text) == 0) {
            return types[i];
        }
    }
    if (*text != '\0') {
        refuse(reading, FISC_ERROR_VALUE_INVALID, "/eventType", "\"%.64s\" is no kind of event",
               text);
    }
    return "";
}

static void
check_amount(const Reading *outer, json_t *amount, gsize index)
{
    g_autofree char *pointer =
        g_strdup_printf("%s/amountDetails/%" G_GSIZE_FORMAT, outer->pointer, index);
    const Reading reading = {outer->document, pointer, outer->refusals};
    if (!json_is_object(amount)) {
        refuse(&reading, FISC_ERROR_VALUE_INVALID, "", "an object is expected here");
        return;
    }
    const char *text = read_text(&reading, amount, "amount", 64, true);
    g_autofree char *plain = fisc_json_decimal(text);
    bool has_code = *read_text(&reading, amount, "coaCode", 64, false) != '\0';
    has_code = *read_text(&reading, amount, "coaId", 64, false) != '\0' || has_code;
    read_text(&reading, amount, "id", 64, false);
    if (*text != '\0' && plain == NULL) {
        refuse(&reading, FISC_ERROR_AMOUNT_INVALID, "/amount",
               "\"%.64s\" is no decimal of at most 18 digits on a side of its point", text);
    }
    if (!has_code) {
        refuse(&reading, FISC_ERROR_VALUE_MISSING, "/coaCode", "an amount is of an account");
    }
    read_time(&reading, amount, "", "fromBillingPeriod", false);
    read_time(&reading, amount, "", "toBillingPeriod", false);
}

static void
check_amounts(const Reading *reading, json_t *value)
{
    json_t *amounts = json_object_get(value, "amountDetails");
    gsize count = json_array_size(amounts), index;
    json_t *amount;
    if (!json_is_array(amounts) || count == 0 || count > FISC_IFIX_AMOUNTS_MAX) {
        refuse(reading, FISC_ERROR_VALUE_MISSING, "/amountDetails",
               "an event has a list of 1 to %d amounts", FISC_IFIX_AMOUNTS_MAX);
        return;
    }
    json_array_foreach(amounts, index, amount)
    {
        check_amount(reading, amount, index);
    }
}

static void
check_receivers(const Reading *reading, json_t *value)
{
    json_t *receivers = json_object_get(value, "receivers");
    gsize index;
    json_t *receiver;
    bool is_good = receivers == NULL || json_is_null(receivers) || json_is_array(receivers);
    json_array_foreach(receivers, index, receiver)
    {
        is_good = is_good && (json_is_null(receiver) || json_is_string(receiver));
    }
    if (!is_good) {
        refuse(reading, FISC_ERROR_VALUE_INVALID, "/receivers", "a list of texts is expected here");
    }
}

/* The same for the same event, whoever asks; of the form of a UUID (version 8). */
static void
make_id(FiscIfixEvent *event)
{
    g_autofree char *text =
        g_strjoin("\n", "fisc event 1", event->tenant, event->type, event->reference, NULL);
    g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    hex[12] = '8';
    hex[16] = "89ab"[g_ascii_xdigit_value(hex[16]) % 4];
    g_snprintf(event->id, sizeof event->id, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
               hex + 16, hex + 20);
}

bool
fisc_ifix_event_read(json_t *value, const char *document, const char *pointer,
                     FiscIfixEvent *out_event, FiscRefusals *refusals)
{
    const Reading reading = {document, pointer, refusals};
    guint before = refusals->len;
    if (!json_is_object(value)) {
        refuse(&reading, FISC_ERROR_VALUE_INVALID, "", "an event is an object");
        return false;
    }
    *out_event = (FiscIfixEvent){
        .value = value,
        .tenant = read_text(&reading, value, "tenantId", 256, true),
        .type = read_type(&reading, value),
        .reference = read_text(&reading, value, "referenceId", 64, true),
        .linked_event = read_text(&reading, value, "linkedEventId", 64, false),
        .linked_reference = read_text(&reading, value, "linkedReferenceId", 64, false),
        .event_ms = read_time(&reading, value, "", "eventTime", true),
        .ingestion_ms = read_time(&reading, value, "", "ingestionTime", false),
    };
    const char *id = read_text(&reading, value, "id", 36, false);
    check_amounts(&reading, value);
    check_receivers(&reading, value);
    make_id(out_event);
    if (*id != '\0') {
        g_strlcpy(out_event->id, id, sizeof out_event->id);
    }
    return refusals->len == before;
}

/* ---- names and digests ---- */

/* A reference that would be no name of a file gets one of its digest. */
char *
fisc_ifix_document(const FiscIfixEvent *event)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (strspn(event->reference, plain) == strlen(event->reference)) {
        return g_strconcat(event->type, "-", event->reference, ".json", NULL);
    }
    g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, event->reference, -1);
    hex[NAME_HEX] = '\0';
    return g_strconcat(event->type, "~", hex, ".json", NULL);
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The elements of a list, each once, in the order of what they say. */
static json_t *
sorted(json_t *list)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free);
    json_t *out = json_array(), *item;
    gsize index;
    json_array_foreach(list, index, item)
    {
        g_ptr_array_add(texts, json_dumps(item, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT));
    }
    g_ptr_array_sort(texts, compare_texts);
    for (guint i = 0; i < texts->len; i++) {
        if (i == 0 || strcmp(texts->pdata[i - 1], texts->pdata[i]) != 0) {
            json_array_append_new(out, json_loads(texts->pdata[i], JSON_DECODE_ANY, NULL));
        }
    }
    return out;
}

/* Amounts with ids are copies of iFIX's, in any order and as often as there are receivers. */
json_t *
fisc_ifix_amounts(const FiscIfixEvent *event)
{
    json_t *amounts = json_object_get(event->value, "amountDetails"), *amount;
    gsize index;
    bool has_ids = true;
    json_array_foreach(amounts, index, amount)
    {
        has_ids = has_ids && json_is_string(json_object_get(amount, "id"));
    }
    return has_ids ? sorted(amounts) : json_incref(amounts);
}

static void
drop_added(json_t *object)
{
    for (int i = 0; added[i] != NULL; i++) {
        json_object_del(object, added[i]);
    }
}

char *
fisc_ifix_digest(const FiscIfixEvent *event, bool is_copy)
{
    json_t *said = json_deep_copy(event->value);
    json_t *amounts = fisc_ifix_amounts(event), *amount, *own = json_array();
    gsize index;
    json_array_foreach(amounts, index, amount)
    {
        json_t *copy = json_deep_copy(amount);
        if (!is_copy) {
            drop_added(copy);
        }
        json_array_append_new(own, copy);
    }
    if (!is_copy) {
        drop_added(said);
    }
    json_object_set_new(said, "amountDetails", own);
    json_object_set_new(said, "receivers", sorted(json_object_get(said, "receivers")));
    char *text = json_dumps(said, JSON_SORT_KEYS | JSON_COMPACT);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    free(text);
    json_decref(amounts);
    json_decref(said);
    return digest;
}
