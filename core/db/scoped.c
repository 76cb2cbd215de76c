/* scoped.c: what tells the database whose books a transaction may see, and proves it. The proof is
 * an HMAC for one backend and one minute, so that a statement that somebody slipped in can neither
 * widen what is open nor open it again (docs/decisions/0017-a-proven-context.md). Which entities a
 * person may see is decided elsewhere (fisc/scope.h). */
#include "core/base/hash.h"
#include "core/db/internal.h"
#include <string.h>

#define PROOF_SECONDS 60

bool
fisc_scope_key_load(FiscPool *posters, FiscScopeKey *out_key, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    int length = 0;
    if (!fisc_tx_begin(posters, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_ACCESS_KEY, FISC_NO_ARGS, &rows, error)) {
        return false;
    }
    const uint8_t *key = fisc_rows_bytea(rows, 0, 0, &length);
    if (length != sizeof out_key->bytes) {
        return fisc_fail(error, FISC_ERROR_SETUP, "the database has no key for what may be seen");
    }
    memcpy(out_key->bytes, key, sizeof out_key->bytes);
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

char *
fisc_scope_statement(const FiscScopeWords *words, PGconn *connection)
{
    uint8_t proof[FISC_HASH_SIZE];
    char proof_text[FISC_HASH_TEXT];
    gint64 expires = g_get_real_time() / G_USEC_PER_SEC + PROOF_SECONDS;
    g_autofree char *message = g_strdup_printf("see|%d|%" G_GINT64_FORMAT "|%s",
                                               PQbackendPID(connection), expires, words->entities);
    fisc_hash_hmac(words->key.bytes, message, strlen(message), proof);
    char *literal = PQescapeLiteral(connection, words->entities, strlen(words->entities));
    char *statement = g_strdup_printf("select access.see(%s, %" G_GINT64_FORMAT ", '%s')",
                                      literal != NULL ? literal : "''", expires,
                                      fisc_hash_format(proof, proof_text));
    PQfreemem(literal);
    return statement;
}
