/* grant.c: a grant proven from both sides, made from the books. Ours and theirs may stand in one
 * book, under one head; a side that was taken from another fisc (integrations/connector_fisc.c) is
 * proven by that fisc, too, from the documents that it sealed and we kept. Those were checked by
 * the reader of documents against the key that the feeder's register pins before they were kept. */
#include "app/flows/grant.h"
#include "app/flows/intake.h"
#include "app/flows/internal.h"
#include "integrations/proof_json.h"
#include "integrations/sealed_json.h"
#include "ledger/head_log.h"
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 1000 /* of one grant */
#define CONNECTOR "fisc"

typedef struct {
    FiscContext *ctx;
    const char *transfer;
    GArray *entries;       /* of int64_t: numbers of ours */
    GHashTable *documents; /* feeder -> GHashTable of names of documents its entries came with */
    GPtrArray *others;     /* of FiscProof: theirs */
    FiscProof *proof;      /* of ours */
} Making;

static void
free_proof(gpointer proof)
{
    fisc_proof_free(proof);
}

static Making
making_new(FiscContext *ctx, const char *transfer)
{
    return (Making){.ctx = ctx,
                    .transfer = transfer,
                    .entries = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                    .documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify)g_hash_table_unref),
                    .others = g_ptr_array_new_with_free_func(free_proof)};
}

static void
making_clear(Making *making)
{
    g_array_unref(making->entries);
    g_hash_table_unref(making->documents);
    g_ptr_array_unref(making->others);
    fisc_proof_free(making->proof);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

/* Ours ---------------------------------------------------------------------------------------- */

/* "sealed-CITY-2024-02-1.json/entries/17" came with the document before the slash. */
static void
note_document(Making *making, const char *source, const char *reference)
{
    const char *slash = strchr(reference, '/');
    if (slash == NULL || !g_str_has_prefix(reference, "sealed-")) {
        return;
    }
    GHashTable *names = g_hash_table_lookup(making->documents, source);
    if (names == NULL) {
        names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(making->documents, g_strdup(source), names);
    }
    g_hash_table_add(names, g_strndup(reference, (gsize)(slash - reference)));
}

static bool
find_entries(Making *making, FiscTx *tx, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_GRANT_ENTRIES,
                       FISC_ARGS(fisc_int4(making->ctx->book_id), fisc_text(making->transfer),
                                 fisc_int4(ENTRIES_MAX + 1)),
                       &rows, error)) {
        return false;
    }
    int count = fisc_rows_count(rows);
    for (int i = 0; i < count; i++) {
        int64_t entry = fisc_rows_int8(rows, i, 0);
        g_array_append_val(making->entries, entry);
        note_document(making, fisc_rows_text(rows, i, 1), fisc_rows_text(rows, i, 2));
    }
    if (count == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no entry bears the id \"%s\"",
                         making->transfer);
    }
    return count <= ENTRIES_MAX ||
           fisc_fail(error, FISC_ERROR_VALUE_INVALID, "more than %d entries bear the id \"%s\"",
                     ENTRIES_MAX, making->transfer);
}

static bool
prove_ours(Making *making, const char *head_file, const char *key_file, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    FiscContext *ctx = making->ctx;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) || !find_entries(making, tx, error) ||
        !fisc_proof_choose_head(ctx, tx, head_file, key_file, &head, error) ||
        !fisc_proof_build_entries(tx, ctx->book_id, (const int64_t *)(void *)making->entries->data,
                                  (int)making->entries->len, head, &making->proof, error)) {
        return false;
    }
    (void)g_steal_pointer(&head); /* the proof has it */
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* Theirs -------------------------------------------------------------------------------------- */

static bool
read_document(Making *making, const char *name, GBytes *bytes, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    g_auto(FiscSealedDocument) document = {.entity = NULL};
    bool is_read = fisc_sealed_from_json(json, &document, error);
    json_decref(json);
    if (!is_read) {
        g_prefix_error(error, "%s: ", name);
        return false;
    }
    if (fisc_proof_keep_transfer(document.proof, making->transfer)) {
        g_ptr_array_add(making->others, g_steal_pointer(&document.proof));
    }
    return true;
}

static bool
read_documents(Making *making, const char *feeder, GHashTable *names, GError **error)
{
    g_autoptr(GPtrArray) deliveries = NULL;
    if (!fisc_intake_newest(making->ctx, feeder, &deliveries, error)) {
        return false;
    }
    for (guint i = 0; i < deliveries->len; i++) {
        const FiscDelivery *delivery = deliveries->pdata[i];
        g_autoptr(GBytes) bytes = NULL;
        if (!g_hash_table_contains(names, delivery->document)) {
            continue;
        }
        if (!fisc_intake_body(making->ctx, delivery->digest, &bytes, error) ||
            !read_document(making, delivery->document, bytes, error)) {
            return false;
        }
    }
    return true;
}

/* Of the feeders that are another fisc. */
static bool
prove_theirs(Making *making, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    GHashTableIter each;
    gpointer source, names;
    if (!fisc_flow_load_nation(making->ctx, &nation, error)) {
        return false;
    }
    g_hash_table_iter_init(&each, making->documents);
    while (g_hash_table_iter_next(&each, &source, &names)) {
        g_autoptr(FiscFeeder) feeder = NULL;
        if (!fisc_feeder_find(nation, source, &feeder, NULL) ||
            strcmp(feeder->connector, CONNECTOR) != 0) {
            continue; /* only a name that looks like one */
        }
        if (!read_documents(making, source, names, error)) {
            return false;
        }
    }
    return true;
}

/* The file ------------------------------------------------------------------------------------ */

static bool
fail_tie(const Making *making, char *wrong, GError **error)
{
    fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s: %s", making->transfer, wrong);
    g_free(wrong);
    return false;
}

static bool
tie(const Making *making, FiscGrantSides *ours, FiscGrantSides *theirs, GError **error)
{
    char *wrong = fisc_grant_add(ours, making->proof, making->transfer);
    for (guint i = 0; i < making->others->len && wrong == NULL; i++) {
        wrong = fisc_grant_add(theirs, making->others->pdata[i], making->transfer);
    }
    if (wrong == NULL && (ours->paying == 0 || ours->receiving == 0)) {
        wrong = g_strdup_printf("no %s is on record", ours->paying == 0 ? "payment" : "receipt");
    }
    if (wrong == NULL && ours->given != ours->received) {
        wrong = g_strdup_printf("amount: %" G_GINT64_FORMAT " were paid and %" G_GINT64_FORMAT
                                " received, in minor units",
                                ours->given, ours->received);
    }
    return wrong == NULL || fail_tie(making, wrong, error);
}

static json_t *
others_value(const Making *making)
{
    json_t *others = json_array();
    for (guint i = 0; i < making->others->len; i++) {
        json_array_append_new(others, fisc_proof_to_json(making->others->pdata[i]));
    }
    return others;
}

/* With a signature over all that stands in it. */
static json_t *
make_file(const Making *making, const FiscGrantSides *ours, const FiscGrantSides *theirs,
          const FiscSignKey *key)
{
    char signature[FISC_SEALED_SIGNATURE_TEXT];
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *amount = g_strdup_printf("%" G_GINT64_FORMAT, ours->given);
    json_t *file =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "form",
                  FISC_GRANT_FORM, "transfer", making->transfer, "amount", amount, "currency",
                  ours->currency, "payer", ours->payer, "receiver", ours->receiver, "others_payer",
                  theirs->payer != NULL ? theirs->payer : "", "others_receiver",
                  theirs->receiver != NULL ? theirs->receiver : "", "time", time, "proof",
                  fisc_proof_to_json(making->proof), "others", others_value(making));
    g_autofree char *proof = fisc_grant_digest(json_object_get(file, "proof"));
    g_autofree char *others = fisc_grant_digest(json_object_get(file, "others"));
    json_object_set_new(file, "proof_sha256", json_string(proof));
    json_object_set_new(file, "others_sha256", json_string(others));
    g_autofree char *body = fisc_grant_body(file);
    fisc_sealed_sign(key, body, signature);
    json_object_set_new(file, "signed_by", json_string(signature));
    return file;
}

bool
fisc_flow_grant_proof(FiscContext *ctx, const char *transfer, const char *head_file,
                      const char *key_file, char **out_json, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_auto(Making) making = making_new(ctx, transfer);
    FiscGrantSides ours = {NULL}, theirs = {NULL};
    if (!fisc_flow_load_private_key(key_file, &key, error) ||
        !prove_ours(&making, head_file, key_file, error) || !prove_theirs(&making, error) ||
        !tie(&making, &ours, &theirs, error)) {
        return false;
    }
    if (theirs.given + theirs.received != (making.others->len > 0 ? ours.given : 0)) {
        return fail_tie(&making, g_strdup("others: the other fisc proves another amount"), error);
    }
    json_t *file = make_file(&making, &ours, &theirs, key);
    char *text = json_dumps(file, JSON_INDENT(1));
    *out_json = g_strdup(text);
    free(text);
    json_decref(file);
    return true;
}
