/* head.c: signing what the book is at this moment, with a key that the database never sees. */
#include "app/flows/internal.h"
#include "core/base/sign.h"
#include "ledger/head_log.h"
#include <errno.h>
#include <sys/stat.h>

bool
fisc_flow_head_key(const char *key_file, const char *environment, char **out_key_id, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autofree char *folder = g_path_get_dirname(key_file);
    if (!fisc_sign_key_new(environment, &key, error)) {
        return false;
    }
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", folder, g_strerror(errno));
    }
    if (!fisc_sign_key_save(key, key_file, error)) {
        return false;
    }
    *out_key_id = g_strdup(fisc_sign_key_id(key));
    return true;
}

bool
fisc_flow_head(FiscContext *ctx, const char *key_file, int64_t from, char **out_note,
               GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    if (!fisc_flow_load_private_key(key_file, &key, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_head_make(tx, ctx->book_id, key, from, g_get_real_time(), &head, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_note = fisc_head_to_text(head, true);
    return true;
}

bool
fisc_flow_head_between(FiscContext *ctx, const char *key_file, int64_t from, int64_t size,
                       char **out_note, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    int64_t newest = 0;
    if (!fisc_flow_load_private_key(key_file, &key, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_log_size(tx, ctx->book_id, &newest, error)) {
        return false;
    }
    if (size > newest || from > size) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "the book has %" G_GINT64_FORMAT " batches: of %" G_GINT64_FORMAT
                         " there is no head that follows one of %" G_GINT64_FORMAT,
                         newest, size, from);
    }
    if (!fisc_head_make_between(tx, ctx->book_id, key, from, size, g_get_real_time(), &head,
                                error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_note = fisc_head_to_text(head, true);
    return true;
}

bool
fisc_flow_load_private_key(const char *key_file, FiscSignKey **out_key, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (!fisc_sign_key_load(key_file, &key, error)) {
        if (error != NULL && g_error_matches(*error, FISC_ERROR, FISC_ERROR_NOT_FOUND)) {
            g_prefix_error(error, "there is no key to sign with (fisc head --new-key makes one): ");
        }
        return false;
    }
    if (!fisc_sign_key_is_private(key)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is a public key: it cannot sign", key_file);
    }
    *out_key = g_steal_pointer(&key);
    return true;
}
