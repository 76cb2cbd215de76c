/* proof.c: one entry proven to somebody outside, and such a proof checked without any database. */
#include "app/flows/grant.h"
#include "app/flows/internal.h"
#include "integrations/proof_json.h"
#include "fisc/date.h"
#include "fisc/money.h"
#include "ledger/head_log.h"
#include <stdlib.h>
#include <string.h>

#define DECIMALS 2 /* of amounts shown to people */

/* Making ----------------------------------------------------------------------------------- */

/* The newest head of a file that covers the book; or a fresh one. */
bool
fisc_proof_choose_head(FiscContext *ctx, FiscTx *tx, const char *head_file, const char *key_file,
                       FiscHead **out_head, GError **error)
{
    if (head_file == NULL) {
        g_autoptr(FiscSignKey) key = NULL;
        return fisc_flow_load_private_key(key_file, &key, error) &&
               fisc_head_make(tx, ctx->book_id, key, -1, g_get_real_time(), out_head, error);
    }
    g_autoptr(GPtrArray) heads = NULL;
    if (!fisc_heads_load(head_file, &heads, error)) {
        return false;
    }
    int newest = -1;
    for (guint i = 0; i < heads->len; i++) {
        const FiscHead *head = heads->pdata[i];
        bool is_newer = newest < 0 || head->size > ((const FiscHead *)heads->pdata[newest])->size;
        newest = head->book_id == ctx->book_id && is_newer ? (int)i : newest;
    }
    if (newest < 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no head of book %d", head_file,
                         ctx->book_id);
    }
    *out_head = g_ptr_array_steal_index(heads, (guint)newest);
    return true;
}

bool
fisc_flow_proof(FiscContext *ctx, const char *source, const char *reference, const char *head_file,
                const char *key_file, char **out_json, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    g_autoptr(FiscProof) proof = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_proof_choose_head(ctx, tx, head_file, key_file, &head, error) ||
        !fisc_proof_build(tx, ctx->book_id, source, reference, head, &proof, error)) {
        return false;
    }
    (void)g_steal_pointer(&head); /* the proof has it */
    json_t *json = fisc_proof_to_json(proof);
    char *text = json_dumps(json, JSON_INDENT(1));
    *out_json = g_strdup(text);
    free(text);
    json_decref(json);
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* Checking --------------------------------------------------------------------------------- */

static bool
read_proof(const char *file, FiscProof **out_proof, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) failure = NULL;
    json_error_t place;
    if (!g_file_get_contents(file, &text, &length, &failure)) {
        bool is_missing = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        return fisc_fail(error, is_missing ? FISC_ERROR_NOT_FOUND : FISC_ERROR_IO, "%s",
                         failure->message);
    }
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &place);
    if (json == NULL) {
        return fisc_fail(error, FISC_ERROR_JSON_INVALID, "%s:%d: %s", file, place.line, place.text);
    }
    bool is_read = fisc_proof_from_json(json, out_proof, error);
    json_decref(json);
    if (!is_read) {
        g_prefix_error(error, "%s: ", file);
    }
    return is_read;
}

/* Says in *out_wrong, unless something is wrong already, that the key has not signed. */
static bool
check_signer(const FiscHead *head, FiscSigner signer, const char *key_file, const char *what,
             char **out_wrong, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (key_file == NULL || *out_wrong != NULL) {
        return true;
    }
    if (!fisc_sign_key_load(key_file, &key, error)) {
        return false;
    }
    if (!fisc_head_is_signed(head, signer, key)) {
        *out_wrong = g_strdup_printf("its head is not %s by key %s (%s)", what,
                                     fisc_sign_key_id(key), fisc_sign_key_label(key));
    }
    return true;
}

static const char *
subject_of(const FiscProof *proof, const char *kind, int number)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_EVENT && item->event->number == number &&
            strcmp(item->event->kind, kind) == 0) {
            return item->event->subject;
        }
    }
    return "?";
}

static const FiscLogCoding *
coding_of(const FiscProof *proof, int coding_id)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_CODING && item->coding->coding_id == coding_id) {
            return item->coding;
        }
    }
    return NULL;
}

static void
say_line(GString *text, const FiscProof *proof, const FiscLogEntry *entry, int line)
{
    char amount[FISC_AMOUNT_TEXT];
    const FiscLogCoding *coding = coding_of(proof, entry->coding[line]);
    g_string_append_printf(text, "  line %d: account %s, %s", line + 1,
                           subject_of(proof, "account", coding->account_id),
                           fisc_amount_format(entry->amount[line], DECIMALS, amount));
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (*coding->dim[i] != '\0') {
            g_string_append_printf(text, ", %s %s", fisc_dimension_column((FiscDimension)i),
                                   coding->dim[i]);
        }
    }
    g_string_append_c(text, '\n');
}

/* What has been proven, in words. */
static char *
say(const FiscProof *proof)
{
    const FiscProvenItem *first = proof->items->pdata[0];
    const FiscLogEntry *entry = first->entry;
    const FiscHead *head = proof->head;
    char date[FISC_DATE_TEXT];
    char period[FISC_DATE_TEXT];
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "%s of source %s is in book %d: entity %s, period %s, %s, by %s; item %" G_GINT64_FORMAT
        " in batch %" G_GINT64_FORMAT "\n",
        entry->reference, subject_of(proof, "source", entry->source_id), proof->book_id,
        subject_of(proof, "entity", entry->entity_id), fisc_period_format(entry->period, period),
        fisc_date_format(entry->effective, date), subject_of(proof, "person", entry->maker),
        entry->item.item_id, first->batch_no);
    for (int i = 0; i < entry->count; i++) {
        say_line(text, proof, entry, i);
    }
    g_string_append_printf(text,
                           "under the head of %" G_GINT64_FORMAT " batches at %s, environment %s",
                           head->size, head->time, head->environment);
    return g_string_free(text, FALSE);
}

bool
fisc_flow_proof_check(const char *file, const char *head_key, const char *witness_key,
                      char **out_wrong, char **out_says, GError **error)
{
    g_autoptr(FiscProof) proof = NULL;
    g_autofree char *wrong = NULL;
    if (!read_proof(file, &proof, error)) {
        return false;
    }
    wrong = fisc_proof_check(proof);
    if (!check_signer(proof->head, FISC_SIGNER_HEAD, head_key, "signed", &wrong, error) ||
        !check_signer(proof->head, FISC_SIGNER_WITNESS, witness_key, "cosigned", &wrong, error)) {
        return false;
    }
    *out_says = wrong == NULL ? say(proof) : NULL;
    *out_wrong = g_steal_pointer(&wrong);
    return true;
}
