/* pack.h: PostgreSQL's binary form of arrays and of arrays of composites, written field by field.
 *
 * A batch goes to the database as arrays of ledger.posting and its kin in one call; this is how
 * they are made. Begin an array, begin a record, add its fields in the type's order, end both. */
#ifndef FISC_PACK_H
#define FISC_PACK_H

#include "fisc/date.h"
#include <glib.h>

typedef struct {
    GByteArray *bytes;
    guint count_at;  /* where the array's length stands */
    guint record_at; /* where the record's length stands */
    int records;
} FiscPack;

FiscPack *fisc_pack_new(void);
void fisc_pack_free(FiscPack *pack);

void fisc_pack_array_begin(FiscPack *pack, uint32_t record_oid);
/** Takes the bytes out of the pack. */
GByteArray *fisc_pack_array_end(FiscPack *pack);
void fisc_pack_record_begin(FiscPack *pack, int fields);
void fisc_pack_record_end(FiscPack *pack);

/* Fields of a record. */
void fisc_pack_int2(FiscPack *pack, int16_t value);
void fisc_pack_int4(FiscPack *pack, int32_t value);
void fisc_pack_int8(FiscPack *pack, int64_t value);
void fisc_pack_int8_or_null(FiscPack *pack, int64_t value); /* 0 is null */
void fisc_pack_bool(FiscPack *pack, bool value);
void fisc_pack_date(FiscPack *pack, FiscDate value);
void fisc_pack_text(FiscPack *pack, const char *value); /* NULL is null */
void fisc_pack_bytea(FiscPack *pack, const uint8_t *data, int length);
void fisc_pack_bytea_or_null(FiscPack *pack, const uint8_t *data, int length); /* NULL is null */
void fisc_pack_int4s(FiscPack *pack, const int32_t *values, int count);
void fisc_pack_int8s(FiscPack *pack, const int64_t *values, int count);
void fisc_pack_texts(FiscPack *pack, const char *const *values, int count);
/* The same, where NULL is null. */
void fisc_pack_int4s_or_null(FiscPack *pack, const int32_t *values, int count);
void fisc_pack_int8s_or_null(FiscPack *pack, const int64_t *values, int count);
void fisc_pack_texts_or_null(FiscPack *pack, const char *const *values, int count);

/* Whole arrays, without the field's type and length before them. */
void fisc_pack_int4_array(FiscPack *pack, const int32_t *values, int count);
void fisc_pack_int8_array(FiscPack *pack, const int64_t *values, int count);
void fisc_pack_text_array(FiscPack *pack, const char *const *values, int count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPack, fisc_pack_free)

#endif
