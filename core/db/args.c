/* args.c: typed arguments in PostgreSQL's binary form. A value is made where it is used and freed
 * by the query that takes it. */
#include "core/db/internal.h"
#include "core/db/pack.h"
#include <string.h>

static FiscArg
make(uint32_t oid, const void *data, gsize length)
{
    FiscArg arg = {.oid = oid, .length = (int)length, .data = g_memdup2(data, length)};
    if (arg.data == NULL) {
        arg.data = g_malloc0(1); /* an empty value is not NULL */
    }
    return arg;
}

FiscArg
fisc_int2(int16_t value)
{
    uint16_t wire = GUINT16_TO_BE((uint16_t)value);
    return make(FISC_OID_INT2, &wire, sizeof wire);
}

FiscArg
fisc_int4(int32_t value)
{
    uint32_t wire = GUINT32_TO_BE((uint32_t)value);
    return make(FISC_OID_INT4, &wire, sizeof wire);
}

FiscArg
fisc_int8(int64_t value)
{
    uint64_t wire = GUINT64_TO_BE((uint64_t)value);
    return make(FISC_OID_INT8, &wire, sizeof wire);
}

FiscArg
fisc_bool(bool value)
{
    return make(FISC_OID_BOOL, &(char){value ? 1 : 0}, 1);
}

FiscArg
fisc_text(const char *value)
{
    if (value == NULL) {
        return (FiscArg){.oid = FISC_OID_TEXT, .length = -1, .data = NULL};
    }
    return make(FISC_OID_TEXT, value, strlen(value));
}

FiscArg
fisc_date(FiscDate value)
{
    FiscArg arg = fisc_int4(value);
    arg.oid = FISC_OID_DATE;
    return arg;
}

FiscArg
fisc_bytea(const void *data, gsize length)
{
    return make(FISC_OID_BYTEA, data, length);
}

FiscArg
fisc_int4_array(const int32_t *values, int count)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_int4_array(pack, values, count);
    return make(FISC_OID_INT4_ARRAY, pack->bytes->data, pack->bytes->len);
}

FiscArg
fisc_int8_array(const int64_t *values, int count)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_int8_array(pack, values, count);
    return make(FISC_OID_INT8_ARRAY, pack->bytes->data, pack->bytes->len);
}

FiscArg
fisc_text_array(const char *const *values, int count)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_text_array(pack, values, count);
    return make(FISC_OID_TEXT_ARRAY, pack->bytes->data, pack->bytes->len);
}

FiscArg
fisc_composite_array(uint32_t array_oid, GByteArray *bytes)
{
    gsize length = bytes->len;
    FiscArg arg = {.oid = array_oid, .length = (int)length};
    arg.data = (char *)g_byte_array_free(bytes, FALSE);
    return arg;
}

void
fisc_args_clear(FiscArg *args, int count)
{
    for (int i = 0; i < count; i++) {
        g_free(args[i].data);
        args[i].data = NULL;
    }
}
