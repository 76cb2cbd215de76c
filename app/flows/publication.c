/* publication.c: publications on record, and the bytes that the chain names by their digests.
 *
 * Bytes are kept before the fact that names them is decided: killed in between, they are bytes that
 * nobody names. What is read is held against its name. */
#include "app/flows/internal.h"
#include "app/flows/publication.h"
#include "reporting/layout.h"
#include <string.h>

/* The record ----------------------------------------------------------------------------------- */

/* The word of a batch on record; 0 when it is none. */
static int64_t
read_batch(const char *word)
{
    guint64 batch = 0;
    bool is_batch =
        word != NULL && g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &batch, NULL);
    return is_batch ? (int64_t)batch : 0;
}

bool
fisc_publication_rules(FiscTx *tx, FiscContext *ctx, const FiscReportQuery *query,
                       FiscNation **out_nation, GError **error)
{
    const char *word = query->rules_at != NULL ? query->rules_at : query->known_at;
    int64_t batch = read_batch(word);
    if (batch == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no batch number",
                         word != NULL ? word : "");
    }
    return fisc_nation_load(tx, ctx->book_id, batch, out_nation, error);
}

static bool
load_record(FiscTx *tx, FiscContext *ctx, const char *id, FiscPublication *publication,
            GError **error)
{
    if (!fisc_nation_load(tx, ctx->book_id, 0, &publication->now, error)) {
        return false;
    }
    publication->fact = fisc_nation_fact(publication->now, "publication", id);
    if (publication->fact == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no publication \"%s\"", id);
    }
    return fisc_report_words_read(fisc_fact_field(publication->fact, "query"), &publication->words,
                                  error) &&
           fisc_publication_rules(tx, ctx, &publication->words.query, &publication->rules, error);
}

bool
fisc_publication_find(FiscContext *ctx, const char *id, FiscPublication *out_publication,
                      GError **error)
{
    g_auto(FiscPublication) publication = {0};
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !load_record(tx, ctx, id, &publication, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_publication = publication;
    publication = (FiscPublication){0};
    return true;
}

void
fisc_publication_clear(FiscPublication *publication)
{
    g_clear_pointer(&publication->now, fisc_nation_free);
    g_clear_pointer(&publication->rules, fisc_nation_free);
    fisc_report_words_clear(&publication->words);
}

bool
fisc_publication_layouts(const FiscNation *nation, const FiscReportQuery *query,
                         char out_digest[FISC_HASH_TEXT], GError **error)
{
    return fisc_layout_digest(nation, query->standard, query->layout, out_digest, error);
}

/* The bytes ------------------------------------------------------------------------------------ */

bool
fisc_publication_keep(FiscContext *ctx, const GString *bytes, char out_digest[FISC_HASH_TEXT],
                      GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_REPORTING_KEEP_CONTENT,
                       FISC_ARGS(fisc_bytea(bytes->str, bytes->len)), NULL, error) ||
        !fisc_flow_end_write(ctx, g_steal_pointer(&tx), error)) {
        g_prefix_error(error, "keeping what is published: ");
        return false;
    }
    fisc_hash_data(bytes->str, bytes->len, digest);
    fisc_hash_format(digest, out_digest);
    return true;
}

static bool
take_bytes(const FiscRows *rows, const char *digest, GString *out_bytes, GError **error)
{
    uint8_t hash[FISC_HASH_SIZE];
    char found[FISC_HASH_TEXT];
    int length = 0;
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no bytes are kept under %s", digest);
    }
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, 1, &length);
    fisc_hash_data(bytes, (gsize)length, hash);
    fisc_hash_format(hash, found);
    if (strcmp(found, digest) != 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the bytes kept under %s are others: their digest is %s", digest, found);
    }
    g_string_append_len(out_bytes, (const char *)bytes, length);
    return true;
}

bool
fisc_publication_bytes(FiscContext *ctx, const char *digest, GString *out_bytes, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_tx_query(tx, FISC_SQL_REPORTING_CONTENTS, FISC_ARGS(fisc_text_array(&digest, 1)),
                         &rows, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error) &&
           take_bytes(rows, digest, out_bytes, error);
}
