/* proof_json.c: see proof_json.h. Amounts and times are strings of whole numbers, for readers whose
 * numbers are not whole; hashes are hexadecimal. */
#include "integrations/proof_json.h"
#include "fisc/date.h"
#include <string.h>

#define FORM "fisc proof 1"
#define BYTES_MAX 64

/* Writing ---------------------------------------------------------------------------------- */

static json_t *
hex_value(const uint8_t *bytes, gsize length)
{
    char text[2 * BYTES_MAX + 1];
    for (gsize i = 0; i < length; i++) {
        g_snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return json_stringn(text, 2 * length);
}

static json_t *
whole_value(int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    return json_string(text);
}

static json_t *
path_value(const GArray *path)
{
    json_t *array = json_array();
    for (guint i = 0; i < path->len; i++) {
        json_array_append_new(array, hex_value(g_array_index(path, FiscMerkleHash, i), 32));
    }
    return array;
}

static void
put_int(json_t *object, const char *name, int64_t number)
{
    json_object_set_new(object, name, json_integer(number));
}

static void
put_text(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

static json_t *
lines_value(const FiscLogEntry *entry)
{
    json_t *lines = json_array();
    for (int i = 0; i < entry->count; i++) {
        json_t *line = json_object();
        put_int(line, "coding", entry->coding[i]);
        json_object_set_new(line, "amount", whole_value(entry->amount[i]));
        if (entry->has_items) {
            put_text(line, "item", entry->open_item != NULL ? entry->open_item[i] : "");
            json_object_set_new(line, "foreign",
                                whole_value(entry->foreign != NULL ? entry->foreign[i] : 0));
        }
        json_array_append_new(lines, line);
    }
    return lines;
}

/* Only where the hash has its second form. */
static void
put_items(json_t *object, const FiscLogEntry *entry)
{
    json_t *hands = json_array();
    for (int i = 0; i < entry->hand_count; i++) {
        json_array_append_new(hands, json_integer(entry->hands[i]));
    }
    put_text(object, "currency", entry->currency);
    json_object_set_new(object, "hands", hands);
}

json_t *
fisc_log_entry_to_json(const FiscLogEntry *entry)
{
    char date[FISC_DATE_TEXT];
    json_t *object = json_object();
    put_int(object, "entry", entry->entry_id);
    put_int(object, "item", entry->item.item_id);
    put_int(object, "entity", entry->entity_id);
    put_int(object, "period", entry->period);
    put_text(object, "effective", fisc_date_format(entry->effective, date));
    put_int(object, "source", entry->source_id);
    put_int(object, "financial", entry->financial);
    json_object_set_new(object, "lines", lines_value(entry));
    put_int(object, "maker", entry->maker);
    put_int(object, "corrects", entry->corrects);
    json_object_set_new(object, "reverses", json_boolean(entry->reverses));
    put_text(object, "document", entry->document);
    put_text(object, "transfer", entry->transfer);
    put_text(object, "reference", entry->reference);
    if (entry->memo != NULL) {
        put_text(object, "memo", entry->memo);
        json_object_set_new(object, "memo_salt", hex_value(entry->memo_salt, 16));
    }
    json_object_set_new(object, "memo_hash", hex_value(entry->memo_hash, 32));
    json_object_set_new(object, "digest", hex_value(entry->digest, 32));
    if (entry->has_items) {
        put_items(object, entry);
    }
    return object;
}

json_t *
fisc_log_coding_to_json(const FiscLogCoding *coding)
{
    json_t *object = json_object();
    json_t *dimensions = json_object();
    put_int(object, "coding", coding->coding_id);
    put_int(object, "entity", coding->entity_id);
    put_int(object, "account", coding->account_id);
    put_int(object, "flow", coding->flow);
    put_int(object, "kind", coding->kind);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (*coding->dim[i] != '\0') {
            put_text(dimensions, fisc_dimension_column((FiscDimension)i), coding->dim[i]);
        }
    }
    json_object_set_new(object, "dimensions", dimensions);
    return object;
}

json_t *
fisc_log_event_to_json(const FiscLogEvent *event)
{
    json_t *object = json_object();
    json_t *fields = json_array();
    put_int(object, "item", event->item.item_id);
    put_text(object, "kind", event->kind);
    put_text(object, "subject", event->subject);
    put_int(object, "number", event->number);
    for (int i = 0; i < event->field_count; i++) {
        json_array_append_new(fields, json_string(event->fields[i]));
    }
    json_object_set_new(object, "fields", fields);
    put_int(object, "maker", event->maker);
    return object;
}

static json_t *
item_value(const FiscProvenItem *item)
{
    static const char *const names[] = {[FISC_PROVEN_ENTRY] = "entry",
                                        [FISC_PROVEN_CODING] = "coding",
                                        [FISC_PROVEN_EVENT] = "event"};
    json_t *object = json_object();
    json_t *value = item->kind == FISC_PROVEN_ENTRY    ? fisc_log_entry_to_json(item->entry)
                    : item->kind == FISC_PROVEN_CODING ? fisc_log_coding_to_json(item->coding)
                                                       : fisc_log_event_to_json(item->event);
    put_int(object, "batch", item->batch_no);
    json_object_set_new(object, names[item->kind], value);
    json_object_set_new(object, "path", path_value(item->path));
    return object;
}

json_t *
fisc_log_batch_to_json(const FiscLogBatch *batch)
{
    json_t *object = json_object();
    put_int(object, "batch", batch->batch_no);
    json_object_set_new(object, "prev_hash", hex_value(batch->prev_hash, 32));
    json_object_set_new(object, "root", hex_value(batch->root, 32));
    put_int(object, "first_item", batch->first_item);
    put_int(object, "item_count", batch->item_count);
    put_int(object, "first_entry", batch->first_entry);
    put_int(object, "entry_count", batch->entry_count);
    put_int(object, "line_count", batch->line_count);
    put_int(object, "first_coding", batch->first_coding);
    put_int(object, "coding_count", batch->coding_count);
    put_int(object, "engine", batch->engine);
    json_object_set_new(object, "posted_at_us", whole_value(batch->posted_at_us));
    return object;
}

static json_t *
batch_value(const FiscProvenBatch *proven)
{
    json_t *object = fisc_log_batch_to_json(&proven->batch);
    json_object_set_new(object, "path", path_value(proven->path));
    return object;
}

json_t *
fisc_proof_to_json(const FiscProof *proof)
{
    json_t *object = json_object();
    json_t *items = json_array();
    json_t *batches = json_array();
    g_autofree char *head = fisc_head_to_text(proof->head, false);
    for (guint i = 0; i < proof->items->len; i++) {
        json_array_append_new(items, item_value(proof->items->pdata[i]));
    }
    for (guint i = 0; i < proof->batches->len; i++) {
        json_array_append_new(batches, batch_value(proof->batches->pdata[i]));
    }
    put_text(object, "form", FORM);
    put_int(object, "book", proof->book_id);
    json_object_set_new(object, "items", items);
    json_object_set_new(object, "batches", batches);
    put_text(object, "head", head);
    return object;
}

/* Reading ---------------------------------------------------------------------------------- */

/* Values are taken one after the other; the first that is not there is remembered. */
typedef struct {
    FiscArena *arena;
    const char *wrong;
} Reader;

static int64_t
take_int(Reader *reader, const json_t *object, const char *name, int64_t min, int64_t max)
{
    const json_t *value = json_object_get(object, name);
    int64_t number = json_is_integer(value) ? json_integer_value(value) : 0;
    if (!json_is_integer(value) || number < min || number > max) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : name;
        return 0;
    }
    return number;
}

static int
take_int32(Reader *reader, const json_t *object, const char *name)
{
    return (int)take_int(reader, object, name, G_MININT32, G_MAXINT32);
}

static const char *
take_text(Reader *reader, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : name;
        text = "";
    }
    gsize size = strlen(text) + 1;
    return memcpy(fisc_arena_alloc(reader->arena, size), text, size);
}

static int64_t
take_whole(Reader *reader, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    gint64 number = 0;
    if (text == NULL ||
        !g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL)) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : name;
    }
    return number;
}

static bool
parse_hex(const char *text, uint8_t *out, gsize length)
{
    if (text == NULL || strlen(text) != 2 * length) {
        return false;
    }
    for (gsize i = 0; i < length; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]);
        int low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static void
take_hex(Reader *reader, const json_t *object, const char *name, uint8_t *out, gsize length)
{
    if (!parse_hex(json_string_value(json_object_get(object, name)), out, length)) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : name;
    }
}

static GArray *
take_path(Reader *reader, const json_t *object)
{
    const json_t *value = json_object_get(object, "path");
    GArray *path = g_array_new(FALSE, TRUE, sizeof(FiscMerkleHash));
    reader->wrong = json_is_array(value) || reader->wrong != NULL ? reader->wrong : "path";
    for (gsize i = 0; i < json_array_size(value); i++) {
        FiscMerkleHash hash = {0};
        if (!parse_hex(json_string_value(json_array_get(value, i)), hash, 32)) {
            reader->wrong = reader->wrong != NULL ? reader->wrong : "path";
        }
        g_array_append_val(path, hash);
    }
    return path;
}

static void
take_lines(Reader *reader, const json_t *object, FiscLogEntry *entry)
{
    const json_t *lines = json_object_get(object, "lines");
    gsize count = json_array_size(lines);
    if (count == 0 || count > FISC_ENTRY_LINES_MAX) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : "lines";
        count = 0;
    }
    entry->count = (int)count;
    entry->coding = fisc_arena_alloc(reader->arena, (count + 1) * sizeof *entry->coding);
    entry->amount = fisc_arena_alloc(reader->arena, (count + 1) * sizeof *entry->amount);
    for (gsize i = 0; i < count; i++) {
        const json_t *line = json_array_get(lines, i);
        entry->coding[i] = take_int32(reader, line, "coding");
        entry->amount[i] = take_whole(reader, line, "amount");
    }
}

/* Members that an entry without open items and foreign amounts has not. */
static void
take_items(Reader *reader, const json_t *object, FiscLogEntry *entry)
{
    const json_t *hands = json_object_get(object, "hands");
    entry->has_items = hands != NULL;
    if (!entry->has_items) {
        return;
    }
    gsize lines = (gsize)entry->count + 1;
    gsize count = json_array_size(hands);
    entry->currency = take_text(reader, object, "currency");
    entry->open_item = fisc_arena_alloc(reader->arena, lines * sizeof *entry->open_item);
    entry->foreign = fisc_arena_alloc(reader->arena, lines * sizeof *entry->foreign);
    for (int i = 0; i < entry->count; i++) {
        const json_t *line = json_array_get(json_object_get(object, "lines"), (gsize)i);
        entry->open_item[i] = (char *)take_text(reader, line, "item");
        entry->foreign[i] = take_whole(reader, line, "foreign");
    }
    entry->hands = fisc_arena_alloc(reader->arena, (count + 1) * sizeof *entry->hands);
    entry->hand_count = (int)count;
    for (gsize i = 0; i < count; i++) {
        const json_t *hand = json_array_get(hands, i);
        reader->wrong = json_is_integer(hand) || reader->wrong != NULL ? reader->wrong : "hands";
        entry->hands[i] = (int32_t)json_integer_value(hand);
    }
}

static void
take_memo(Reader *reader, const json_t *object, FiscLogEntry *entry)
{
    if (json_object_get(object, "memo") != NULL) {
        entry->memo = take_text(reader, object, "memo");
        entry->has_salt = true;
        take_hex(reader, object, "memo_salt", entry->memo_salt, 16);
    }
    take_hex(reader, object, "memo_hash", entry->memo_hash, 32);
}

static const FiscLogEntry *
take_entry(Reader *reader, const json_t *object)
{
    FiscLogEntry *entry = fisc_arena_alloc(reader->arena, sizeof *entry);
    const char *effective = json_string_value(json_object_get(object, "effective"));
    memset(entry, 0, sizeof *entry);
    entry->item.kind = FISC_ITEM_ENTRY;
    entry->entry_id = take_int(reader, object, "entry", 1, G_MAXINT64);
    entry->item.item_id = take_int(reader, object, "item", 1, G_MAXINT64);
    entry->entity_id = take_int32(reader, object, "entity");
    entry->period = take_int32(reader, object, "period");
    if (effective == NULL || !fisc_date_parse(effective, &entry->effective)) {
        reader->wrong = reader->wrong != NULL ? reader->wrong : "effective";
    }
    entry->source_id = take_int32(reader, object, "source");
    take_lines(reader, object, entry);
    entry->financial = (int)take_int(reader, object, "financial", 0, entry->count);
    entry->maker = take_int32(reader, object, "maker");
    entry->corrects = take_int(reader, object, "corrects", 0, G_MAXINT64);
    entry->reverses = json_is_true(json_object_get(object, "reverses"));
    entry->document = take_text(reader, object, "document");
    entry->transfer = take_text(reader, object, "transfer");
    entry->reference = take_text(reader, object, "reference");
    take_memo(reader, object, entry);
    take_hex(reader, object, "digest", entry->digest, 32);
    take_items(reader, object, entry);
    return entry;
}

static const FiscLogCoding *
take_coding(Reader *reader, const json_t *object)
{
    FiscLogCoding *coding = fisc_arena_alloc(reader->arena, sizeof *coding);
    const json_t *dimensions = json_object_get(object, "dimensions");
    memset(coding, 0, sizeof *coding);
    coding->coding_id = take_int(reader, object, "coding", 1, G_MAXINT32);
    coding->entity_id = take_int32(reader, object, "entity");
    coding->account_id = take_int32(reader, object, "account");
    coding->flow = take_int32(reader, object, "flow");
    coding->kind = take_int32(reader, object, "kind");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const char *column = fisc_dimension_column((FiscDimension)i);
        bool is_given = json_object_get(dimensions, column) != NULL;
        coding->dim[i] = is_given ? take_text(reader, dimensions, column) : "";
    }
    return coding;
}

static const FiscLogEvent *
take_event(Reader *reader, const json_t *object)
{
    FiscLogEvent *event = fisc_arena_alloc(reader->arena, sizeof *event);
    const json_t *fields = json_object_get(object, "fields");
    gsize count = json_array_size(fields);
    memset(event, 0, sizeof *event);
    event->item.kind = FISC_ITEM_EVENT;
    event->item.item_id = take_int(reader, object, "item", 1, G_MAXINT64);
    event->kind = take_text(reader, object, "kind");
    event->subject = take_text(reader, object, "subject");
    event->number = take_int32(reader, object, "number");
    event->field_count = (int)MIN(count, G_MAXINT32);
    event->fields = fisc_arena_alloc(reader->arena, (count + 1) * sizeof *event->fields);
    for (gsize i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(fields, i));
        reader->wrong = text != NULL || reader->wrong != NULL ? reader->wrong : "fields";
        gsize size = strlen(text != NULL ? text : "") + 1;
        event->fields[i] =
            memcpy(fisc_arena_alloc(reader->arena, size), text != NULL ? text : "", size);
    }
    event->maker = take_int32(reader, object, "maker");
    return event;
}

static void
take_item(Reader *reader, const json_t *object, FiscProof *proof)
{
    const json_t *entry = json_object_get(object, "entry");
    const json_t *coding = json_object_get(object, "coding");
    int64_t batch_no = take_int(reader, object, "batch", 1, G_MAXINT64);
    FiscProvenItem *item = fisc_proof_add_item(proof,
                                               entry != NULL    ? FISC_PROVEN_ENTRY
                                               : coding != NULL ? FISC_PROVEN_CODING
                                                                : FISC_PROVEN_EVENT,
                                               batch_no);
    if (entry != NULL) {
        item->entry = take_entry(reader, entry);
    } else if (coding != NULL) {
        item->coding = take_coding(reader, coding);
    } else {
        item->event = take_event(reader, json_object_get(object, "event"));
    }
    item->path = take_path(reader, object);
}

static void
take_batch_columns(Reader *reader, const json_t *object, FiscLogBatch *batch)
{
    batch->batch_no = take_int(reader, object, "batch", 1, G_MAXINT64);
    take_hex(reader, object, "prev_hash", batch->prev_hash, 32);
    take_hex(reader, object, "root", batch->root, 32);
    batch->first_item = take_int(reader, object, "first_item", 1, G_MAXINT64 / 2);
    batch->item_count = take_int(reader, object, "item_count", 0, G_MAXINT32);
    batch->first_entry = take_int(reader, object, "first_entry", 1, G_MAXINT64 / 2);
    batch->entry_count = take_int(reader, object, "entry_count", 0, G_MAXINT32);
    batch->line_count = take_int(reader, object, "line_count", 0, G_MAXINT32);
    batch->first_coding = take_int(reader, object, "first_coding", 1, G_MAXINT32);
    batch->coding_count = take_int(reader, object, "coding_count", 0, G_MAXINT32);
    batch->engine = take_int32(reader, object, "engine");
    batch->posted_at_us = take_whole(reader, object, "posted_at_us");
}

static void
take_batch(Reader *reader, const json_t *object, FiscProof *proof)
{
    FiscProvenBatch *proven = fisc_proof_add_batch(proof);
    take_batch_columns(reader, object, &proven->batch);
    proven->path = take_path(reader, object);
}

static bool
take_head(const json_t *json, FiscProof *proof, GError **error)
{
    const char *text = json_string_value(json_object_get(json, "head"));
    g_autoptr(GPtrArray) heads = NULL;
    if (text == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "it has no head");
    }
    if (!fisc_heads_parse(text, &heads, error)) {
        return false;
    }
    if (heads->len != 1) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "it has more than one head");
    }
    proof->head = g_ptr_array_steal_index(heads, 0);
    return true;
}

bool
fisc_proof_from_json(const json_t *json, FiscProof **out_proof, GError **error)
{
    const char *form = json_string_value(json_object_get(json, "form"));
    if (g_strcmp0(form, FORM) != 0) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "it is no \"" FORM "\"");
    }
    g_autoptr(FiscProof) proof = fisc_proof_new(0);
    Reader reader = {.arena = proof->arena};
    proof->book_id = take_int32(&reader, json, "book");
    const json_t *items = json_object_get(json, "items");
    const json_t *batches = json_object_get(json, "batches");
    for (gsize i = 0; i < json_array_size(items); i++) {
        take_item(&reader, json_array_get(items, i), proof);
    }
    for (gsize i = 0; i < json_array_size(batches); i++) {
        take_batch(&reader, json_array_get(batches, i), proof);
    }
    if (reader.wrong != NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "\"%s\" is missing somewhere, or no such value", reader.wrong);
    }
    if (!take_head(json, proof, error)) {
        return false;
    }
    *out_proof = g_steal_pointer(&proof);
    return true;
}

/* Rows alone ------------------------------------------------------------------------------- */

const FiscLogEntry *
fisc_log_entry_from_json(FiscArena *arena, const json_t *json, const char **out_wrong)
{
    Reader reader = {.arena = arena, .wrong = *out_wrong};
    const FiscLogEntry *entry = take_entry(&reader, json);
    *out_wrong = reader.wrong;
    return entry;
}

const FiscLogCoding *
fisc_log_coding_from_json(FiscArena *arena, const json_t *json, const char **out_wrong)
{
    Reader reader = {.arena = arena, .wrong = *out_wrong};
    const FiscLogCoding *coding = take_coding(&reader, json);
    *out_wrong = reader.wrong;
    return coding;
}

const FiscLogEvent *
fisc_log_event_from_json(FiscArena *arena, const json_t *json, const char **out_wrong)
{
    Reader reader = {.arena = arena, .wrong = *out_wrong};
    const FiscLogEvent *event = take_event(&reader, json);
    *out_wrong = reader.wrong;
    return event;
}

void
fisc_log_batch_from_json(const json_t *json, FiscLogBatch *out_batch, const char **out_wrong)
{
    Reader reader = {.wrong = *out_wrong};
    take_batch_columns(&reader, json, out_batch);
    *out_wrong = reader.wrong;
}
