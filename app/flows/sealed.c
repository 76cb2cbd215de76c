/* sealed.c: our entries for another fisc that takes them: which there are, and each part with its
 * proof, signed. The other side is integrations/connector_fisc.c. */
#include "app/flows/internal.h"
#include "fisc/scope.h"
#include "integrations/sealed_json.h"
#include "ledger/head_log.h"
#include <stdlib.h>
#include <string.h>

bool
fisc_flow_sealed_list(FiscContext *ctx, const char *key_file, const char *const *entities,
                      char **out_text, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    int64_t size = 0;
    uint8_t root[32];
    FiscArg wanted =
        fisc_text_array(entities, entities != NULL ? (int)g_strv_length((char **)entities) : 0);
    wanted.length = entities != NULL ? wanted.length : -1;
    if (!fisc_flow_load_private_key(key_file, &key, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_log_size(tx, ctx->book_id, &size, error) ||
        !fisc_log_tree_read(tx, ctx->book_id, size, NULL, root, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_SEALED_PERIODS,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(size), wanted), &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    g_autoptr(FiscSealedList) list = fisc_sealed_list_new(ctx->book_id, size, root);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        fisc_sealed_list_add(list, fisc_rows_text(rows, i, 0), fisc_rows_int4(rows, i, 1),
                             fisc_rows_int8(rows, i, 2));
    }
    *out_text = fisc_sealed_list_to_text(list, key);
    return true;
}

/* A part -------------------------------------------------------------------------------------- */

/* Under which head: the newest when @order names none. */
static bool
choose_size(FiscTx *tx, int book_id, const FiscSealedOrder *order, int64_t *out_size,
            GError **error)
{
    int64_t newest = 0;
    if (!fisc_log_size(tx, book_id, &newest, error)) {
        return false;
    }
    *out_size = order->size > 0 ? order->size : newest;
    return *out_size <= newest || fisc_fail(error, FISC_ERROR_NOT_FOUND,
                                            "the book has %" G_GINT64_FORMAT " batches", newest);
}

static bool
find_entries(FiscTx *tx, int book_id, const FiscSealedOrder *order, int64_t size,
             GArray *out_entries, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int64_t before = (int64_t)(order->part - 1) * FISC_SEALED_PART_ENTRIES;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_SEALED_ENTRIES,
                       FISC_ARGS(fisc_int4(book_id), fisc_text(order->entity),
                                 fisc_int4(order->period), fisc_int8(size), fisc_int8(before),
                                 fisc_int4(FISC_SEALED_PART_ENTRIES)),
                       &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int64_t entry = fisc_rows_int8(rows, i, 0);
        g_array_append_val(out_entries, entry);
    }
    return out_entries->len > 0 ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no such part of the entries of %s",
                     order->entity);
}

static bool
prove_part(FiscContext *ctx, FiscPool *whole, const FiscSignKey *key, const FiscSealedOrder *order,
           GArray *entries, FiscProof **out_proof, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    int64_t size = 0;
    if (!fisc_tx_begin(whole, FISC_TX_READ, &tx, error) ||
        !choose_size(tx, ctx->book_id, order, &size, error) ||
        !find_entries(tx, ctx->book_id, order, size, entries, error) ||
        !fisc_head_make_between(tx, ctx->book_id, key, -1, size, g_get_real_time(), &head, error) ||
        !fisc_proof_build_entries(tx, ctx->book_id, (const int64_t *)(void *)entries->data,
                                  (int)entries->len, head, out_proof, error)) {
        return false;
    }
    (void)g_steal_pointer(&head); /* the proof has it */
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

static char *
seal(const FiscSealedOrder *order, const FiscProof *proof, const GArray *entries,
     const FiscSignKey *key)
{
    char signature[FISC_SEALED_SIGNATURE_TEXT];
    FiscSealedPart part = {.entity = order->entity,
                           .period = order->period,
                           .part = order->part,
                           .first = g_array_index(entries, int64_t, 0),
                           .last = g_array_index(entries, int64_t, entries->len - 1)};
    fisc_sealed_digest(&part, proof, part.digest, &part.entries);
    g_autofree char *body = fisc_sealed_part_body(&part, proof->head);
    fisc_sealed_sign(key, body, signature);
    json_t *json = fisc_sealed_to_json(&part, proof, signature);
    char *text = json_dumps(json, JSON_COMPACT);
    char *copy = g_strdup(text);
    free(text);
    json_decref(json);
    return copy;
}

bool
fisc_flow_sealed_part(FiscContext *ctx, FiscPool *whole, const char *key_file,
                      const FiscSealedOrder *order, char **out_json, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(FiscProof) proof = NULL;
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!fisc_scope_has(ctx->scope, order->entity)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no such part of the entries of %s",
                         order->entity);
    }
    if (!fisc_flow_load_private_key(key_file, &key, error) ||
        !prove_part(ctx, whole, key, order, entries, &proof, error)) {
        return false;
    }
    *out_json = seal(order, proof, entries, key);
    return true;
}
