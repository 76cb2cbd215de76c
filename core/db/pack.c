/* pack.c: see pack.h. Formats: array_send, record_send of PostgreSQL. */
#include "core/db/pack.h"
#include "core/db/internal.h"
#include <string.h>

FiscPack *
fisc_pack_new(void)
{
    FiscPack *pack = g_new0(FiscPack, 1);
    pack->bytes = g_byte_array_new();
    return pack;
}

void
fisc_pack_free(FiscPack *pack)
{
    if (pack != NULL) {
        if (pack->bytes != NULL) {
            g_byte_array_unref(pack->bytes);
        }
        g_free(pack);
    }
}

static void
put32(FiscPack *pack, uint32_t value)
{
    uint32_t wire = GUINT32_TO_BE(value);
    g_byte_array_append(pack->bytes, (const guint8 *)&wire, sizeof wire);
}

static void
put64(FiscPack *pack, uint64_t value)
{
    uint64_t wire = GUINT64_TO_BE(value);
    g_byte_array_append(pack->bytes, (const guint8 *)&wire, sizeof wire);
}

static void
patch32(FiscPack *pack, guint at, uint32_t value)
{
    uint32_t wire = GUINT32_TO_BE(value);
    memcpy(pack->bytes->data + at, &wire, sizeof wire);
}

/* Dimensions, no nulls, element type; an empty array has no dimension. Returns where the length is.
 */
static guint
put_array_head(FiscPack *pack, uint32_t element_oid, int count)
{
    put32(pack, count != 0 ? 1 : 0);
    put32(pack, 0);
    put32(pack, element_oid);
    guint at = pack->bytes->len;
    if (count != 0) {
        put32(pack, (uint32_t)count);
        put32(pack, 1); /* lower bound */
    }
    return at;
}

void
fisc_pack_array_begin(FiscPack *pack, uint32_t record_oid)
{
    pack->count_at = put_array_head(pack, record_oid, 1);
    pack->records = 0;
}

GByteArray *
fisc_pack_array_end(FiscPack *pack)
{
    patch32(pack, pack->count_at, (uint32_t)pack->records);
    if (pack->records == 0) {
        patch32(pack, pack->count_at - 12, 0);
        g_byte_array_set_size(pack->bytes, pack->count_at);
    }
    return g_steal_pointer(&pack->bytes);
}

void
fisc_pack_record_begin(FiscPack *pack, int fields)
{
    pack->record_at = pack->bytes->len;
    put32(pack, 0);
    put32(pack, (uint32_t)fields);
    pack->records++;
}

void
fisc_pack_record_end(FiscPack *pack)
{
    patch32(pack, pack->record_at, pack->bytes->len - pack->record_at - 4);
}

static void
put_field(FiscPack *pack, uint32_t oid, const void *data, gsize length)
{
    put32(pack, oid);
    put32(pack, (uint32_t)length);
    g_byte_array_append(pack->bytes, data, (guint)length);
}

static void
put_null(FiscPack *pack, uint32_t oid)
{
    put32(pack, oid);
    put32(pack, UINT32_MAX);
}

void
fisc_pack_int2(FiscPack *pack, int16_t value)
{
    uint16_t wire = GUINT16_TO_BE((uint16_t)value);
    put_field(pack, FISC_OID_INT2, &wire, sizeof wire);
}

void
fisc_pack_int4(FiscPack *pack, int32_t value)
{
    uint32_t wire = GUINT32_TO_BE((uint32_t)value);
    put_field(pack, FISC_OID_INT4, &wire, sizeof wire);
}

void
fisc_pack_int8(FiscPack *pack, int64_t value)
{
    uint64_t wire = GUINT64_TO_BE((uint64_t)value);
    put_field(pack, FISC_OID_INT8, &wire, sizeof wire);
}

void
fisc_pack_int8_or_null(FiscPack *pack, int64_t value)
{
    if (value == 0) {
        put_null(pack, FISC_OID_INT8);
    } else {
        fisc_pack_int8(pack, value);
    }
}

void
fisc_pack_bool(FiscPack *pack, bool value)
{
    put_field(pack, FISC_OID_BOOL, &(char){value ? 1 : 0}, 1);
}

void
fisc_pack_date(FiscPack *pack, FiscDate value)
{
    uint32_t wire = GUINT32_TO_BE((uint32_t)value);
    put_field(pack, FISC_OID_DATE, &wire, sizeof wire);
}

void
fisc_pack_text(FiscPack *pack, const char *value)
{
    if (value == NULL) {
        put_null(pack, FISC_OID_TEXT);
    } else {
        put_field(pack, FISC_OID_TEXT, value, strlen(value));
    }
}

void
fisc_pack_bytea(FiscPack *pack, const uint8_t *data, int length)
{
    put_field(pack, FISC_OID_BYTEA, data, (gsize)length);
}

void
fisc_pack_bytea_or_null(FiscPack *pack, const uint8_t *data, int length)
{
    if (data == NULL) {
        put_null(pack, FISC_OID_BYTEA);
    } else {
        fisc_pack_bytea(pack, data, length);
    }
}

void
fisc_pack_int4_array(FiscPack *pack, const int32_t *values, int count)
{
    put_array_head(pack, FISC_OID_INT4, count);
    for (int i = 0; i < count; i++) {
        put32(pack, 4);
        put32(pack, (uint32_t)values[i]);
    }
}

void
fisc_pack_int8_array(FiscPack *pack, const int64_t *values, int count)
{
    put_array_head(pack, FISC_OID_INT8, count);
    for (int i = 0; i < count; i++) {
        put32(pack, 8);
        put64(pack, (uint64_t)values[i]);
    }
}

void
fisc_pack_text_array(FiscPack *pack, const char *const *values, int count)
{
    put_array_head(pack, FISC_OID_TEXT, count);
    for (int i = 0; i < count; i++) {
        const char *value = values[i] != NULL ? values[i] : "";
        gsize length = strlen(value);
        put32(pack, (uint32_t)length);
        g_byte_array_append(pack->bytes, (const guint8 *)value, (guint)length);
    }
}

/* An array as a field: its type, then its length once it is known. */
static guint
begin_array_field(FiscPack *pack, uint32_t oid)
{
    put32(pack, oid);
    guint at = pack->bytes->len;
    put32(pack, 0);
    return at;
}

static void
end_array_field(FiscPack *pack, guint at)
{
    patch32(pack, at, pack->bytes->len - at - 4);
}

void
fisc_pack_int4s(FiscPack *pack, const int32_t *values, int count)
{
    guint at = begin_array_field(pack, FISC_OID_INT4_ARRAY);
    fisc_pack_int4_array(pack, values, count);
    end_array_field(pack, at);
}

void
fisc_pack_int8s(FiscPack *pack, const int64_t *values, int count)
{
    guint at = begin_array_field(pack, FISC_OID_INT8_ARRAY);
    fisc_pack_int8_array(pack, values, count);
    end_array_field(pack, at);
}

void
fisc_pack_texts(FiscPack *pack, const char *const *values, int count)
{
    guint at = begin_array_field(pack, FISC_OID_TEXT_ARRAY);
    fisc_pack_text_array(pack, values, count);
    end_array_field(pack, at);
}

void
fisc_pack_int4s_or_null(FiscPack *pack, const int32_t *values, int count)
{
    if (values == NULL) {
        put_null(pack, FISC_OID_INT4_ARRAY);
    } else {
        fisc_pack_int4s(pack, values, count);
    }
}

void
fisc_pack_int8s_or_null(FiscPack *pack, const int64_t *values, int count)
{
    if (values == NULL) {
        put_null(pack, FISC_OID_INT8_ARRAY);
    } else {
        fisc_pack_int8s(pack, values, count);
    }
}

void
fisc_pack_texts_or_null(FiscPack *pack, const char *const *values, int count)
{
    if (values == NULL) {
        put_null(pack, FISC_OID_TEXT_ARRAY);
    } else {
        fisc_pack_texts(pack, values, count);
    }
}
