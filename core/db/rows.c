/* rows.c: typed reading of binary results. Asking for the wrong type is a bug and stops the
 * program. */
#include "core/db/internal.h"
#include <string.h>

struct _FiscRows {
    PGresult *result;
    int first; /* of a stream: the row that its reader is at */
};

FiscRows *
fisc_rows_new(PGresult *result)
{
    FiscRows *rows = g_new0(FiscRows, 1);
    rows->result = result;
    return rows;
}

void
fisc_rows_free(FiscRows *rows)
{
    if (rows != NULL) {
        PQclear(rows->result);
        g_free(rows);
    }
}

void
fisc_rows_move(FiscRows *rows, int first)
{
    rows->first = first;
}

int
fisc_rows_count(const FiscRows *rows)
{
    return PQntuples(rows->result) - rows->first;
}

bool
fisc_rows_is_null(const FiscRows *rows, int row, int column)
{
    return PQgetisnull(rows->result, rows->first + row, column);
}

static uint32_t
get32(const char *data)
{
    uint32_t wire;
    memcpy(&wire, data, sizeof wire);
    return GUINT32_FROM_BE(wire);
}

static uint64_t
get64(const char *data)
{
    uint64_t wire;
    memcpy(&wire, data, sizeof wire);
    return GUINT64_FROM_BE(wire);
}

int32_t
fisc_rows_int4(const FiscRows *rows, int row, int column)
{
    int64_t value = fisc_rows_int8(rows, row, column);
    g_assert(value >= INT32_MIN && value <= INT32_MAX);
    return (int32_t)value;
}

int64_t
fisc_rows_int8(const FiscRows *rows, int row, int column)
{
    if (PQgetisnull(rows->result, rows->first + row, column)) {
        return 0;
    }
    const char *data = PQgetvalue(rows->result, rows->first + row, column);
    switch (PQftype(rows->result, column)) {
    case FISC_OID_BOOL:
        return data[0] != 0;
    case FISC_OID_INT2:
        return (int16_t)(((uint8_t)data[0] << 8) | (uint8_t)data[1]);
    case FISC_OID_INT4:
    case FISC_OID_DATE:
        return (int32_t)get32(data);
    case FISC_OID_INT8:
        return (int64_t)get64(data);
    default:
        g_error("column %s is not an integer", PQfname(rows->result, column));
    }
}

const char *
fisc_rows_text(const FiscRows *rows, int row, int column)
{
    return PQgetvalue(rows->result, rows->first + row, column);
}

const uint8_t *
fisc_rows_bytea(const FiscRows *rows, int row, int column, int *out_length)
{
    *out_length = PQgetlength(rows->result, rows->first + row, column);
    return (const uint8_t *)PQgetvalue(rows->result, rows->first + row, column);
}

/* A one-dimensional array: dimensions, has-null, element type, length, lower bound, elements. */
static const char *
open_array(const FiscRows *rows, int row, int column, uint32_t element_oid, int *out_count)
{
    *out_count = 0;
    if (PQgetisnull(rows->result, rows->first + row, column)) {
        return NULL;
    }
    const char *data = PQgetvalue(rows->result, rows->first + row, column);
    if (get32(data) == 0) {
        return NULL;
    }
    g_assert(get32(data) == 1 && get32(data + 8) == element_oid);
    *out_count = (int)get32(data + 12);
    return data + 20;
}

int32_t *
fisc_rows_int4_array(const FiscRows *rows, int row, int column, int *out_count)
{
    const char *data = open_array(rows, row, column, FISC_OID_INT4, out_count);
    int32_t *values = *out_count > 0 ? g_new(int32_t, *out_count) : NULL;
    for (int i = 0; i < *out_count; i++, data += 8) {
        values[i] = (int32_t)get32(data + 4);
    }
    return values;
}

int64_t *
fisc_rows_int8_array(const FiscRows *rows, int row, int column, int *out_count)
{
    const char *data = open_array(rows, row, column, FISC_OID_INT8, out_count);
    int64_t *values = *out_count > 0 ? g_new(int64_t, *out_count) : NULL;
    for (int i = 0; i < *out_count; i++, data += 12) {
        values[i] = (int64_t)get64(data + 4);
    }
    return values;
}

char **
fisc_rows_text_array(const FiscRows *rows, int row, int column, int *out_count)
{
    const char *data = open_array(rows, row, column, FISC_OID_TEXT, out_count);
    char **values = g_new0(char *, *out_count + 1);
    for (int i = 0; i < *out_count; i++) {
        int32_t length = (int32_t)get32(data);
        gsize size = length > 0 ? (gsize)length : 0;
        values[i] = g_strndup(data + 4, size);
        data += 4 + size;
    }
    return values;
}
