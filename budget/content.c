/* content.c: the texts that versions are made of, kept under their digests.
 *
 * A text is kept before the event that names it is decided: killed in between, it is a text that
 * nobody names. What is read is held against its name, so nobody reads another text than the one
 * that the chain speaks of. */
#include "core/base/hash.h"
#include "fisc/formulation.h"
#include <string.h>

#define KEEP_BYTES_MAX (16 * 1024 * 1024) /* sent in one call, unless one text alone is larger */

char *
fisc_content_digest(const char *text)
{
    uint8_t hash[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_data(text, strlen(text), hash);
    return g_strdup(fisc_hash_format(hash, hex));
}

bool
fisc_content_keep(FiscTx *tx, const char *const *texts, guint text_count, GError **error)
{
    guint first = 0;
    while (first < text_count) {
        gsize bytes = 0;
        guint end = first;
        do {
            bytes += strlen(texts[end++]);
        } while (end < text_count && bytes + strlen(texts[end]) <= KEEP_BYTES_MAX);
        if (!fisc_tx_query(tx, FISC_SQL_BUDGET_KEEP_CONTENT,
                           FISC_ARGS(fisc_text_array(texts + first, (int)(end - first))), NULL,
                           error)) {
            g_prefix_error(error, "keeping the texts of a version: ");
            return false;
        }
        first = end;
    }
    return true;
}

static bool
each_content(FiscRows *row, void *data, GError **error)
{
    GHashTable *texts = data;
    const char *digest = fisc_rows_text(row, 0, 0);
    const char *text = fisc_rows_text(row, 0, 1);
    g_autofree char *found = fisc_content_digest(text);
    if (strcmp(found, digest) != 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the text kept under %s is another one: its digest is %s", digest, found);
    }
    g_hash_table_insert(texts, g_strdup(digest), g_strdup(text));
    return true;
}

bool
fisc_contents_load(FiscTx *tx, const char *const *digests, guint digest_count,
                   GHashTable **out_texts, GError **error)
{
    g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < digest_count; i++) {
        if (strlen(digests[i]) != FISC_HASH_TEXT - 1 ||
            strspn(digests[i], "0123456789abcdef") != FISC_HASH_TEXT - 1) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "\"%s\" is no SHA-256", digests[i]);
        }
    }
    if (digest_count > 0 && !fisc_tx_stream(tx, FISC_SQL_BUDGET_CONTENTS,
                                            FISC_ARGS(fisc_text_array(digests, (int)digest_count)),
                                            each_content, texts, error)) {
        return false;
    }
    for (guint i = 0; i < digest_count; i++) {
        if (!g_hash_table_contains(texts, digests[i])) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no text is kept under %s", digests[i]);
        }
    }
    *out_texts = g_steal_pointer(&texts);
    return true;
}

bool
fisc_content_load(FiscTx *tx, const char *digest, char **out_text, GError **error)
{
    g_autoptr(GHashTable) texts = NULL;
    if (!fisc_contents_load(tx, &digest, 1, &texts, error)) {
        return false;
    }
    *out_text = g_strdup(g_hash_table_lookup(texts, digest));
    return true;
}
