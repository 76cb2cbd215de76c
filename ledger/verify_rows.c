/* verify_rows.c: see verify_rows.h. Arrays are taken from the wire byte by byte with every bound
 * checked: a row that was tampered with must become a finding, not a crash. */
#include "ledger/verify_rows.h"
#include <string.h>

static const char *
keep_text(FiscArena *arena, const char *text)
{
    gsize size = strlen(text) + 1;
    return memcpy(fisc_arena_alloc(arena, size), text, size);
}

/* Values of one row ------------------------------------------------------------------------ */

static const char *
text_of(FiscArena *arena, const FiscRows *rows, int column)
{
    const char *text = fisc_rows_text(rows, 0, column);
    return *text != '\0' ? keep_text(arena, text) : "";
}

/* Bytes of a fixed length; zeros and false when they are none. */
static bool
bytes_of(const FiscRows *rows, int column, uint8_t *out, int length)
{
    int actual = 0;
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, column, &actual);
    bool is_good = !fisc_rows_is_null(rows, 0, column) && actual == length;
    if (is_good) {
        memcpy(out, bytes, (gsize)length);
    } else {
        memset(out, 0, (gsize)length);
    }
    return is_good;
}

static uint32_t
get32(const uint8_t *data)
{
    uint32_t wire;
    memcpy(&wire, data, sizeof wire);
    return GUINT32_FROM_BE(wire);
}

static int64_t
get64(const uint8_t *data)
{
    uint64_t wire;
    memcpy(&wire, data, sizeof wire);
    return (int64_t)GUINT64_FROM_BE(wire);
}

/* An array as PostgreSQL sends it: dimensions, has-null, element type, length, lower bound, and for
 * each element its size and bytes. */
typedef struct {
    const uint8_t *at, *end;
    int count;
} Array;

static bool
open_array(const FiscRows *rows, int column, Array *out_array)
{
    int length = 0;
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, column, &length);
    *out_array = (Array){bytes, bytes + length, 0};
    if (fisc_rows_is_null(rows, 0, column) || length < 12) {
        return false;
    }
    if (get32(bytes) == 0) {
        return true;
    }
    if (get32(bytes) != 1 || get32(bytes + 4) != 0 || length < 20) {
        return false; /* a matrix, or a null inside */
    }
    out_array->count = (int)get32(bytes + 12);
    out_array->at = bytes + 20;
    return out_array->count >= 0 && out_array->count <= (length - 20) / 4;
}

/* The bytes of the next element; NULL when there are not so many. */
static const uint8_t *
next_element(Array *array, int *out_length)
{
    if (array->end - array->at < 4) {
        return NULL;
    }
    int32_t length = (int32_t)get32(array->at);
    const uint8_t *bytes = array->at + 4;
    if (length < 0 || length > array->end - bytes) {
        return NULL;
    }
    array->at = bytes + length;
    *out_length = length;
    return bytes;
}

static bool
int4s_of(FiscArena *arena, const FiscRows *rows, int column, int32_t **out_values, int *out_count)
{
    Array array;
    bool is_good = open_array(rows, column, &array);
    int count = is_good ? array.count : 0;
    int32_t *values = fisc_arena_alloc(arena, (gsize)count * sizeof *values + 1);
    for (int i = 0; is_good && i < count; i++) {
        int length = 0;
        const uint8_t *bytes = next_element(&array, &length);
        is_good = bytes != NULL && length == 4;
        values[i] = is_good ? (int32_t)get32(bytes) : 0;
    }
    *out_values = values;
    *out_count = is_good ? count : 0;
    return is_good;
}

static bool
int8s_of(FiscArena *arena, const FiscRows *rows, int column, int64_t **out_values, int *out_count)
{
    Array array;
    bool is_good = open_array(rows, column, &array);
    int count = is_good ? array.count : 0;
    int64_t *values = fisc_arena_alloc(arena, (gsize)count * sizeof *values + 1);
    for (int i = 0; is_good && i < count; i++) {
        int length = 0;
        const uint8_t *bytes = next_element(&array, &length);
        is_good = bytes != NULL && length == 8;
        values[i] = is_good ? get64(bytes) : 0;
    }
    *out_values = values;
    *out_count = is_good ? count : 0;
    return is_good;
}

bool
fisc_log_texts(FiscArena *arena, const FiscRows *rows, int column, char ***out_values,
               int *out_count)
{
    Array array;
    bool is_good = open_array(rows, column, &array);
    int count = is_good ? array.count : 0;
    char **values = fisc_arena_alloc(arena, (gsize)(count + 1) * sizeof *values);
    for (int i = 0; is_good && i < count; i++) {
        int length = 0;
        const uint8_t *bytes = next_element(&array, &length);
        is_good = bytes != NULL;
        values[i] = fisc_arena_alloc(arena, is_good ? (gsize)length + 1 : 1);
        memcpy(values[i], is_good ? (const char *)bytes : "", is_good ? (gsize)length : 0);
        values[i][is_good ? length : 0] = '\0';
    }
    *out_values = values;
    *out_count = is_good ? count : 0;
    return is_good;
}

/* Rows ------------------------------------------------------------------------------------- */

bool
fisc_log_read_batches(FiscTx *tx, int book_id, int64_t from, int limit, GArray *out, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_VERIFY_BATCHES,
                       FISC_ARGS(fisc_int4(book_id), fisc_int8(from), fisc_int8(limit)), &rows,
                       error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscLogBatch batch = {.batch_no = fisc_rows_int8(rows, i, 0)};
        uint8_t *hashes[] = {batch.prev_hash, batch.root, batch.hash};
        for (int k = 0; k < 3; k++) {
            int length = 0;
            const uint8_t *bytes = fisc_rows_bytea(rows, i, 1 + k, &length);
            memcpy(hashes[k], bytes, (gsize)MIN(length, 32));
        }
        batch.first_item = fisc_rows_int8(rows, i, 4);
        batch.item_count = fisc_rows_int8(rows, i, 5);
        batch.first_entry = fisc_rows_int8(rows, i, 6);
        batch.entry_count = fisc_rows_int8(rows, i, 7);
        batch.line_count = fisc_rows_int8(rows, i, 8);
        batch.first_coding = fisc_rows_int8(rows, i, 9);
        batch.coding_count = fisc_rows_int8(rows, i, 10);
        batch.engine = fisc_rows_int4(rows, i, 11);
        int length = 0; /* a timestamp is eight bytes on the wire: microseconds since 2000 */
        const uint8_t *time = fisc_rows_bytea(rows, i, 12, &length);
        batch.posted_at_us = length == 8 ? get64(time) : 0;
        g_array_append_val(out, batch);
    }
    return true;
}

typedef struct {
    FiscLogChunk *chunk;
    FiscHash *hash;
    int book_id;
} Reading;

static bool
each_coding(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    Reading *reading = data;
    FiscArena *arena = reading->chunk->arena;
    FiscLogCoding *coding = fisc_arena_alloc(arena, sizeof *coding);
    coding->coding_id = fisc_rows_int8(rows, 0, 0);
    coding->entity_id = fisc_rows_int4(rows, 0, 1);
    coding->account_id = fisc_rows_int4(rows, 0, 2);
    coding->flow = fisc_rows_int4(rows, 0, 3);
    coding->kind = fisc_rows_int4(rows, 0, 4);
    bytes_of(rows, 5, coding->stored, 32);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding->dim[i] = text_of(arena, rows, 6 + i);
    }
    fisc_log_hash_coding(reading->hash, reading->book_id, coding, coding->computed);
    g_ptr_array_add(reading->chunk->codings, coding);
    return true;
}

static void
read_memo(FiscArena *arena, FiscRows *rows, int column, FiscLogEntry *entry)
{
    entry->memo = fisc_rows_is_null(rows, 0, column) ? NULL : text_of(arena, rows, column);
    entry->has_salt = !fisc_rows_is_null(rows, 0, column + 1);
    bytes_of(rows, column + 1, entry->memo_salt, 16);
    bytes_of(rows, column + 2, entry->memo_hash, 32);
}

/* Columns that most entries leave null. What is there has one value for each line. */
static void
read_items(FiscArena *arena, const FiscRows *rows, int column, FiscLogEntry *entry)
{
    int items = entry->count;
    int foreigns = entry->count;
    bool is_good = true;
    entry->has_items = false;
    entry->open_item = NULL;
    entry->foreign = NULL;
    entry->hands = NULL;
    entry->hand_count = 0;
    entry->currency = text_of(arena, rows, column + 1);
    for (int i = 0; i < 4; i++) {
        entry->has_items |= !fisc_rows_is_null(rows, 0, column + i);
    }
    if (!fisc_rows_is_null(rows, 0, column)) {
        is_good = fisc_log_texts(arena, rows, column, &entry->open_item, &items);
    }
    if (!fisc_rows_is_null(rows, 0, column + 2)) {
        is_good = int8s_of(arena, rows, column + 2, &entry->foreign, &foreigns) && is_good;
    }
    if (!fisc_rows_is_null(rows, 0, column + 3)) {
        is_good = int4s_of(arena, rows, column + 3, &entry->hands, &entry->hand_count) && is_good;
    }
    if (!is_good || items != entry->count || foreigns != entry->count) {
        entry->item.is_malformed = true;
        entry->count = MIN(entry->count, MIN(items, foreigns));
    }
}

static bool
each_entry(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    Reading *reading = data;
    FiscArena *arena = reading->chunk->arena;
    FiscLogEntry *entry = fisc_arena_alloc(arena, sizeof *entry);
    int amounts = 0;
    entry->item.kind = FISC_ITEM_ENTRY;
    entry->entry_id = fisc_rows_int8(rows, 0, 0);
    entry->item.batch_no = fisc_rows_int8(rows, 0, 1);
    entry->item.item_id = fisc_rows_int8(rows, 0, 2);
    entry->entity_id = fisc_rows_int4(rows, 0, 3);
    entry->period = fisc_rows_int4(rows, 0, 4);
    entry->effective = fisc_rows_int4(rows, 0, 5);
    entry->source_id = fisc_rows_int4(rows, 0, 6);
    entry->financial = fisc_rows_int4(rows, 0, 7);
    bool is_good = int4s_of(arena, rows, 8, &entry->coding, &entry->count);
    is_good = int8s_of(arena, rows, 9, &entry->amount, &amounts) && is_good;
    entry->item.is_malformed = !is_good || amounts != entry->count;
    entry->count = MIN(entry->count, amounts);
    entry->maker = fisc_rows_int4(rows, 0, 10);
    entry->corrects = fisc_rows_int8(rows, 0, 11);
    entry->reverses = fisc_rows_int4(rows, 0, 12) != 0;
    entry->document = text_of(arena, rows, 13);
    entry->transfer = text_of(arena, rows, 14);
    entry->reference = text_of(arena, rows, 15);
    read_memo(arena, rows, 16, entry);
    bytes_of(rows, 19, entry->digest, 32);
    bytes_of(rows, 20, entry->item.stored, 32);
    read_items(arena, rows, 21, entry);
    fisc_log_hash_entry(reading->hash, reading->book_id, entry, entry->item.computed);
    g_ptr_array_add(reading->chunk->entries, entry);
    return true;
}

static bool
each_event(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    Reading *reading = data;
    FiscArena *arena = reading->chunk->arena;
    FiscLogEvent *event = fisc_arena_alloc(arena, sizeof *event);
    event->item.kind = FISC_ITEM_EVENT;
    event->item.item_id = fisc_rows_int8(rows, 0, 0);
    event->item.batch_no = fisc_rows_int8(rows, 0, 1);
    event->kind = text_of(arena, rows, 2);
    event->subject = text_of(arena, rows, 3);
    event->number = fisc_rows_int4(rows, 0, 4);
    event->item.is_malformed = !fisc_log_texts(arena, rows, 5, &event->fields, &event->field_count);
    event->maker = fisc_rows_int4(rows, 0, 6);
    bytes_of(rows, 7, event->item.stored, 32);
    fisc_log_hash_event(reading->hash, reading->book_id, event, event->item.computed);
    g_ptr_array_add(reading->chunk->events, event);
    return true;
}

/* Six arrays that run in step. */
static void
read_reasons(FiscArena *arena, FiscRows *rows, int column, FiscLogRefusal *refusal)
{
    int counts[6];
    bool is_good = fisc_log_texts(arena, rows, column, &refusal->code, &counts[0]);
    is_good = fisc_log_texts(arena, rows, column + 1, &refusal->control, &counts[1]) && is_good;
    is_good = fisc_log_texts(arena, rows, column + 2, &refusal->key, &counts[2]) && is_good;
    is_good = int8s_of(arena, rows, column + 3, &refusal->ceiling, &counts[3]) && is_good;
    is_good = int8s_of(arena, rows, column + 4, &refusal->consumed, &counts[4]) && is_good;
    is_good = int8s_of(arena, rows, column + 5, &refusal->requested, &counts[5]) && is_good;
    refusal->count = counts[0];
    for (int i = 1; i < 6; i++) {
        is_good = is_good && counts[i] == counts[0];
        refusal->count = MIN(refusal->count, counts[i]);
    }
    refusal->item.is_malformed = !is_good;
}

static bool
each_refusal(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    Reading *reading = data;
    FiscArena *arena = reading->chunk->arena;
    FiscLogRefusal *refusal = fisc_arena_alloc(arena, sizeof *refusal);
    refusal->item.kind = FISC_ITEM_REFUSAL;
    refusal->item.item_id = fisc_rows_int8(rows, 0, 0);
    refusal->item.batch_no = fisc_rows_int8(rows, 0, 1);
    refusal->source_id = fisc_rows_int4(rows, 0, 2);
    refusal->reference = text_of(arena, rows, 3);
    refusal->entity_id = fisc_rows_int4(rows, 0, 4);
    refusal->period = fisc_rows_int4(rows, 0, 5);
    read_reasons(arena, rows, 6, refusal);
    refusal->maker = fisc_rows_int4(rows, 0, 12);
    bytes_of(rows, 13, refusal->digest, 32);
    bytes_of(rows, 14, refusal->item.stored, 32);
    fisc_log_hash_refusal(reading->hash, reading->book_id, refusal, refusal->item.computed);
    g_ptr_array_add(reading->chunk->refusals, refusal);
    return true;
}

/* A chunk ---------------------------------------------------------------------------------- */

FiscLogChunk *
fisc_log_chunk_new(void)
{
    FiscLogChunk *chunk = g_new0(FiscLogChunk, 1);
    chunk->arena = fisc_arena_new();
    chunk->codings = g_ptr_array_new();
    chunk->entries = g_ptr_array_new();
    chunk->events = g_ptr_array_new();
    chunk->refusals = g_ptr_array_new();
    return chunk;
}

void
fisc_log_chunk_free(FiscLogChunk *chunk)
{
    if (chunk != NULL) {
        g_ptr_array_unref(chunk->refusals);
        g_ptr_array_unref(chunk->events);
        g_ptr_array_unref(chunk->entries);
        g_ptr_array_unref(chunk->codings);
        fisc_arena_free(chunk->arena);
        g_free(chunk);
    }
}

bool
fisc_log_read_chunk(FiscTx *tx, int book_id, const FiscLogPlace *from, const FiscLogPlace *until,
                    FiscHash *hash, FiscLogChunk *chunk, GError **error)
{
    const struct {
        FiscSql sql;
        int64_t from, until;
        bool (*each)(FiscRows *, void *, GError **);
        GPtrArray *rows;
    } reads[] = {
        {FISC_SQL_LEDGER_VERIFY_CODINGS, from->coding, until->coding, each_coding, chunk->codings},
        {FISC_SQL_LEDGER_VERIFY_ENTRIES, from->entry, until->entry, each_entry, chunk->entries},
        {FISC_SQL_LEDGER_VERIFY_EVENTS, from->item, until->item, each_event, chunk->events},
        {FISC_SQL_LEDGER_VERIFY_REFUSALS, from->item, until->item, each_refusal, chunk->refusals},
    };
    Reading reading = {.chunk = chunk, .hash = hash, .book_id = book_id};
    fisc_arena_reset(chunk->arena);
    for (gsize i = 0; i < G_N_ELEMENTS(reads); i++) {
        g_ptr_array_set_size(reads[i].rows, 0);
        if (!fisc_tx_stream(
                tx, reads[i].sql,
                FISC_ARGS(fisc_int4(book_id), fisc_int8(reads[i].from), fisc_int8(reads[i].until)),
                reads[i].each, &reading, error)) {
            return false;
        }
    }
    return true;
}
