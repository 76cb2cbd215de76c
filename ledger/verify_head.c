/* verify_head.c: the chain held against heads that were signed earlier: the one thing that a
 * database cannot fake about itself. */
#include "ledger/verify_internal.h"
#include <string.h>

void
fisc_head_check_clear(gpointer data)
{
    FiscHeadCheck *check = data;
    fisc_head_free(check->head);
}

static gint
compare_sizes(gconstpointer a, gconstpointer b)
{
    const FiscHeadCheck *one = a;
    const FiscHeadCheck *other = b;
    return one->head->size < other->head->size ? -1 : one->head->size > other->head->size;
}

static void
find_unsigned(FiscVerifier *verifier, const FiscHead *head, const char *what,
              const FiscSignKey *key)
{
    fisc_verifier_find(verifier, FISC_FINDING_UNSIGNED, "head", head->size, head->time, 0,
                       "%s by key %s (%s)", what, fisc_sign_key_id(key), fisc_sign_key_label(key));
}

static void
check_signatures(FiscVerifier *verifier, const FiscHead *head, const FiscSignKey *head_key,
                 const FiscSignKey *witness_key)
{
    if (head_key != NULL && !fisc_head_is_signed(head, FISC_SIGNER_HEAD, head_key)) {
        find_unsigned(verifier, head, "it is not signed", head_key);
    } else if (head_key != NULL && strcmp(head->environment, fisc_sign_key_label(head_key)) != 0) {
        find_unsigned(verifier, head, "it names another environment than that which is signed",
                      head_key);
    }
    if (witness_key != NULL && !fisc_head_is_signed(head, FISC_SIGNER_WITNESS, witness_key)) {
        find_unsigned(verifier, head, "it is not cosigned", witness_key);
    }
}

static void
meet(FiscHeadCheck *check, const FiscMerkleTree *log)
{
    uint8_t root[32];
    fisc_merkle_tree_root(log, root);
    check->is_met = true;
    check->holds = memcmp(root, check->head->root, 32) == 0;
}

/* Heads are sorted by size, as leaves come. */
static void
meet_all(FiscVerifier *verifier)
{
    for (; verifier->next_head < verifier->heads->len; verifier->next_head++) {
        FiscHeadCheck *check = &g_array_index(verifier->heads, FiscHeadCheck, verifier->next_head);
        if (check->head->size != (int64_t)verifier->log.count) {
            return;
        }
        meet(check, &verifier->log);
    }
}

static bool
load_key(const char *path, FiscSignKey **out_key, GError **error)
{
    return path == NULL || fisc_sign_key_load(path, out_key, error);
}

bool
fisc_verifier_load_heads(FiscVerifier *verifier, GError **error)
{
    const FiscVerifyOptions *options = verifier->options;
    verifier->heads = g_array_new(FALSE, TRUE, sizeof(FiscHeadCheck));
    g_array_set_clear_func(verifier->heads, fisc_head_check_clear);
    if (options->head_file == NULL) {
        fisc_verifier_note(verifier,
                           "no signed head was given: whether the end was cut off, or the "
                           "whole chain sealed anew, cannot be told");
        return true;
    }
    g_autoptr(GPtrArray) heads = NULL;
    g_autoptr(FiscSignKey) head_key = NULL;
    g_autoptr(FiscSignKey) witness_key = NULL;
    if (!fisc_heads_load(options->head_file, &heads, error) ||
        !load_key(options->head_key, &head_key, error) ||
        !load_key(options->witness_key, &witness_key, error)) {
        return false;
    }
    for (guint i = 0; i < heads->len; i++) {
        FiscHeadCheck check = {.head = heads->pdata[i]};
        if (check.head->book_id == verifier->book_id) {
            check.head = g_ptr_array_steal_index(heads, i--);
            check_signatures(verifier, check.head, head_key, witness_key);
            g_array_append_val(verifier->heads, check);
        }
    }
    if (verifier->heads->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no head of book %d",
                         options->head_file, verifier->book_id);
    }
    if (head_key == NULL) {
        fisc_verifier_note(verifier,
                           "who signed the head was not checked: --head-key was not given");
    }
    g_array_sort(verifier->heads, compare_sizes);
    verifier->report->heads = (int)verifier->heads->len;
    meet_all(verifier); /* heads of an empty book */
    return true;
}

void
fisc_verifier_add_leaf(FiscVerifier *verifier, const uint8_t hash[32])
{
    fisc_merkle_tree_add(&verifier->log, hash);
    meet_all(verifier);
}

/* The first head that fails says between which batches the change lies; the others add nothing. */
void
fisc_verifier_report_heads(FiscVerifier *verifier)
{
    int64_t good = 0;
    for (guint i = 0; i < verifier->heads->len; i++) {
        const FiscHeadCheck *check = &g_array_index(verifier->heads, FiscHeadCheck, i);
        const FiscHead *head = check->head;
        if (check->is_met && check->holds) {
            good = head->size;
        } else if (check->is_met) {
            fisc_verifier_find(verifier, FISC_FINDING_ROLLED_BACK, "head", head->size, head->time,
                               0,
                               "batches %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                               " are not those that were signed: at least one was sealed anew, or "
                               "another copy was restored and written on",
                               good + 1, head->size);
            return;
        } else {
            fisc_verifier_find(
                verifier, FISC_FINDING_ROLLED_BACK, "head", head->size, head->time, 0,
                "the chain ends with batch %" G_GINT64_FORMAT ", and %" G_GINT64_FORMAT
                " batches were signed: the end was cut off, or an older copy "
                "restored",
                (int64_t)verifier->log.count, head->size);
            return;
        }
    }
}
