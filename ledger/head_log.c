/* head_log.c: see head_log.h. One pass over the hashes of the batches, whatever is asked. */
#include "ledger/head_log.h"
#include <string.h>

bool
fisc_log_size(FiscTx *tx, int book_id, int64_t *out_size, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(book_id)), &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "book %d has not been opened", book_id);
    }
    *out_size = fisc_rows_int8(rows, 0, 0);
    return true;
}

typedef struct {
    FiscMerkleTree tree;
    GPtrArray *gathers;
} Reading;

static bool
each_hash(FiscRows *rows, void *data, GError **error)
{
    Reading *reading = data;
    int length = 0;
    const uint8_t *hash = fisc_rows_bytea(rows, 0, 1, &length);
    int64_t expected = (int64_t)reading->tree.count + 1;
    if (fisc_rows_int8(rows, 0, 0) != expected || length != 32) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "batch %" G_GINT64_FORMAT " is missing or has no hash: fisc verify tells "
                         "more",
                         expected);
    }
    fisc_merkle_tree_add(&reading->tree, hash);
    for (guint i = 0; reading->gathers != NULL && i < reading->gathers->len; i++) {
        fisc_merkle_gather_add(reading->gathers->pdata[i], hash);
    }
    return true;
}

bool
fisc_log_tree_read(FiscTx *tx, int book_id, int64_t size, GPtrArray *gathers, uint8_t out_root[32],
                   GError **error)
{
    g_autofree Reading *reading = g_new0(Reading, 1);
    reading->gathers = gathers;
    if (!fisc_tx_stream(tx, FISC_SQL_LEDGER_VERIFY_HASHES,
                        FISC_ARGS(fisc_int4(book_id), fisc_int8(size)), each_hash, reading,
                        error)) {
        return false;
    }
    if ((int64_t)reading->tree.count != size) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the chain ends with batch %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                         (int64_t)reading->tree.count, size);
    }
    fisc_merkle_tree_root(&reading->tree, out_root);
    return true;
}

/* The hashes of all batches, one behind the other. */
static bool
each_leaf(FiscRows *rows, void *data, GError **error)
{
    GByteArray *leaves = data;
    int length = 0;
    const uint8_t *hash = fisc_rows_bytea(rows, 0, 1, &length);
    int64_t expected = (int64_t)leaves->len / 32 + 1;
    if (fisc_rows_int8(rows, 0, 0) != expected || length != 32) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "batch %" G_GINT64_FORMAT " is missing or has no hash: fisc verify tells "
                         "more",
                         expected);
    }
    g_byte_array_append(leaves, hash, 32);
    return true;
}

bool
fisc_log_form_read(FiscTx *tx, int book_id, int64_t size, FiscMerkleForm **out_form, GError **error)
{
    g_autoptr(GByteArray) leaves = g_byte_array_new();
    if (!fisc_tx_stream(tx, FISC_SQL_LEDGER_VERIFY_HASHES,
                        FISC_ARGS(fisc_int4(book_id), fisc_int8(size)), each_leaf, leaves, error)) {
        return false;
    }
    if ((int64_t)leaves->len / 32 != size || size == 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the chain ends with batch %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                         (int64_t)leaves->len / 32, size);
    }
    *out_form = fisc_merkle_form_new((const uint8_t(*)[32])(const void *)leaves->data, (gsize)size);
    return true;
}

static bool
make(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t from, int64_t size, int64_t time_us,
     FiscHead **out_head, GError **error)
{
    g_autoptr(GPtrArray) gathers = g_ptr_array_new();
    uint8_t root[32];
    g_autoptr(FiscMerkleGather) gather = NULL;
    if (from >= 0) {
        gather =
            fisc_merkle_gather_new(fisc_merkle_plan_consistency((uint64_t)from, (uint64_t)size));
        g_ptr_array_add(gathers, gather);
    }
    if (!fisc_log_tree_read(tx, book_id, size, gathers, root, error)) {
        return false;
    }
    FiscHead *head = fisc_head_new(book_id, size, root, time_us, fisc_sign_key_label(key));
    if (gather != NULL) {
        g_array_unref(head->path);
        head->path = fisc_merkle_gather_finish(g_steal_pointer(&gather));
        head->from = from;
    }
    fisc_head_sign(head, FISC_SIGNER_HEAD, key);
    *out_head = head;
    return true;
}

bool
fisc_head_make(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t from, int64_t time_us,
               FiscHead **out_head, GError **error)
{
    int64_t size = 0;
    if (!fisc_log_size(tx, book_id, &size, error)) {
        return false;
    }
    if (from > size) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the chain ends with batch %" G_GINT64_FORMAT
                         ": it does not follow a head "
                         "of %" G_GINT64_FORMAT " batches",
                         size, from);
    }
    return make(tx, book_id, key, from, size, time_us, out_head, error);
}

bool
fisc_head_make_at(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t size, int64_t time_us,
                  FiscHead **out_head, GError **error)
{
    return make(tx, book_id, key, -1, size, time_us, out_head, error);
}

bool
fisc_head_make_between(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t from, int64_t size,
                       int64_t time_us, FiscHead **out_head, GError **error)
{
    if (from > size) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "a head of %" G_GINT64_FORMAT " batches does not follow one of "
                         "%" G_GINT64_FORMAT,
                         size, from);
    }
    return make(tx, book_id, key, from, size, time_us, out_head, error);
}
