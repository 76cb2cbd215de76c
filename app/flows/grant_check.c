/* grant_check.c: the file of a proven grant held against itself, without any database. What is
 * wrong is told by the member that is: first what does not follow from the proofs, then what is not
 * signed. */
#include "app/flows/grant.h"
#include "app/flows/internal.h"
#include "fisc/money.h"
#include "integrations/proof_json.h"
#include "integrations/sealed_json.h"
#include <string.h>

typedef struct {
    const json_t *file;
    const FiscGrantKeys *keys;
    FiscProof *proof;
    GPtrArray *others; /* of FiscProof */
    FiscGrantSides ours, theirs;
} Checking;

static void
free_proof(gpointer proof)
{
    fisc_proof_free(proof);
}

static void
checking_clear(Checking *checking)
{
    fisc_proof_free(checking->proof);
    g_ptr_array_unref(checking->others);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checking, checking_clear)

static const char *
text_of(const Checking *checking, const char *name)
{
    const char *text = json_string_value(json_object_get(checking->file, name));
    return text != NULL ? text : "";
}

/* Proofs -------------------------------------------------------------------------------------- */

static char *
read_one(const json_t *json, const char *name, FiscProof **out_proof)
{
    g_autoptr(GError) failure = NULL;
    if (!fisc_proof_from_json(json, out_proof, &failure)) {
        return g_strdup_printf("%s: %s", name, failure->message);
    }
    g_autofree char *wrong = fisc_proof_check(*out_proof);
    return wrong != NULL ? g_strdup_printf("%s: %s", name, wrong) : NULL;
}

static char *
read_proofs(Checking *checking)
{
    const json_t *others = json_object_get(checking->file, "others");
    char *wrong = read_one(json_object_get(checking->file, "proof"), "proof", &checking->proof);
    if (wrong == NULL && !json_is_array(others)) {
        wrong = g_strdup("others: it is no list");
    }
    for (gsize i = 0; i < json_array_size(others) && wrong == NULL; i++) {
        FiscProof *proof = NULL;
        wrong = read_one(json_array_get(others, i), "others", &proof);
        g_ptr_array_add(checking->others, proof);
    }
    return wrong;
}

/* Of a proof some members are told and not proven, as the numbers of entries: its digest has them.
 */
static char *
check_digests(const Checking *checking)
{
    static const char *const names[] = {"proof", "others"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *member = g_strconcat(names[i], "_sha256", NULL);
        g_autofree char *digest = fisc_grant_digest(json_object_get(checking->file, names[i]));
        if (strcmp(digest, text_of(checking, member)) != 0) {
            return g_strdup_printf("%s: it is not what %s says", names[i], member);
        }
    }
    return NULL;
}

/* What follows from them ---------------------------------------------------------------------- */

static char *
compare(const Checking *checking, const char *name, const char *proven)
{
    const char *said = text_of(checking, name);
    return strcmp(said, proven != NULL ? proven : "") == 0
               ? NULL
               : g_strdup_printf("%s: the file says \"%s\", its entries \"%s\"", name, said,
                                 proven != NULL ? proven : "");
}

static char *
check_amount(const Checking *checking)
{
    const FiscGrantSides *ours = &checking->ours, *theirs = &checking->theirs;
    g_autofree char *amount = g_strdup_printf("%" G_GINT64_FORMAT, ours->given);
    if (ours->paying == 0 || ours->receiving == 0 || ours->given != ours->received) {
        return g_strdup("proof: what was paid is not what was received");
    }
    bool is_both = checking->others->len == 0 || theirs->given + theirs->received == ours->given;
    return is_both ? compare(checking, "amount", amount)
                   : g_strdup("others: the other fisc proves another amount");
}

static char *
check_tie(Checking *checking)
{
    const FiscGrantSides *ours = &checking->ours, *theirs = &checking->theirs;
    const char *transfer = text_of(checking, "transfer");
    char *wrong = fisc_grant_add(&checking->ours, checking->proof, transfer);
    for (guint i = 0; i < checking->others->len && wrong == NULL; i++) {
        wrong = fisc_grant_add(&checking->theirs, checking->others->pdata[i], transfer);
    }
    wrong = wrong != NULL ? wrong : check_amount(checking);
    wrong = wrong != NULL ? wrong : compare(checking, "currency", ours->currency);
    wrong = wrong != NULL ? wrong : compare(checking, "payer", ours->payer);
    wrong = wrong != NULL ? wrong : compare(checking, "receiver", ours->receiver);
    wrong = wrong != NULL ? wrong : compare(checking, "others_payer", theirs->payer);
    return wrong != NULL ? wrong : compare(checking, "others_receiver", theirs->receiver);
}

/* Signatures ---------------------------------------------------------------------------------- */

static bool
is_head_signed(const FiscHead *head, FiscSigner signer, const char *key_file, bool *out_is_signed,
               GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (key_file == NULL) {
        return true;
    }
    if (!fisc_sign_key_load(key_file, &key, error)) {
        return false;
    }
    *out_is_signed = *out_is_signed && fisc_head_is_signed(head, signer, key);
    return true;
}

static bool
is_file_signed(const Checking *checking, bool *out_is_signed, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    if (checking->keys->head == NULL) {
        return true;
    }
    if (!fisc_sign_key_load(checking->keys->head, &key, error)) {
        return false;
    }
    g_ptr_array_add(keys, key);
    g_autofree char *body = fisc_grant_body(checking->file);
    *out_is_signed = fisc_sealed_is_signed(body, text_of(checking, "signed_by"), keys);
    return true;
}

static bool
check_signatures(const Checking *checking, char **out_wrong, GError **error)
{
    const FiscGrantKeys *keys = checking->keys;
    bool is_signed = true, is_cosigned = true, is_theirs = true, is_whole = true;
    if (!is_head_signed(checking->proof->head, FISC_SIGNER_HEAD, keys->head, &is_signed, error) ||
        !is_head_signed(checking->proof->head, FISC_SIGNER_WITNESS, keys->witness, &is_cosigned,
                        error) ||
        !is_file_signed(checking, &is_whole, error)) {
        return false;
    }
    for (guint i = 0; i < checking->others->len; i++) {
        const FiscProof *other = checking->others->pdata[i];
        if (!is_head_signed(other->head, FISC_SIGNER_HEAD, keys->other, &is_theirs, error)) {
            return false;
        }
    }
    *out_wrong =
        g_strdup(!is_signed     ? "proof: its head is not signed by the key of --head-key"
                 : !is_cosigned ? "proof: its head is not cosigned by the key of --witness-key"
                 : !is_theirs   ? "others: a head is not signed by the key of --other-key"
                 : !is_whole    ? "signed_by: the file, its time included, is not what the key of "
                                  "--head-key signed"
                                : NULL);
    return true;
}

/* In words ------------------------------------------------------------------------------------ */

static void
say_proof(GString *text, const FiscProof *proof, const char *whose)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscLogEntry *entry = ((const FiscProvenItem *)proof->items->pdata[i])->entry;
        char date[FISC_DATE_TEXT];
        if (entry != NULL) {
            g_string_append_printf(text, "  %s: %s of %s, %s, %s\n", whose, entry->reference,
                                   fisc_proof_event(proof, "entity", entry->entity_id)->subject,
                                   fisc_date_format(entry->effective, date),
                                   fisc_proof_event(proof, "source", entry->source_id)->subject);
        }
    }
    g_string_append_printf(
        text, "  %s: under the head of %" G_GINT64_FORMAT " batches at %s, environment %s\n", whose,
        proof->head->size, proof->head->time, proof->head->environment);
}

static char *
say(const Checking *checking)
{
    const FiscGrantSides *ours = &checking->ours;
    char amount[FISC_AMOUNT_TEXT];
    int decimals = fisc_currency_decimals(ours->currency);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "the grant %s of %s to %s, %s%s%s, is recorded by both sides%s\n",
                           text_of(checking, "transfer"), ours->payer, ours->receiver,
                           fisc_amount_format(ours->given, decimals >= 0 ? decimals : 2, amount),
                           *ours->currency != '\0' ? " " : "", ours->currency,
                           checking->others->len > 0 ? ", and proven by another fisc" : "");
    say_proof(text, checking->proof, "here");
    for (guint i = 0; i < checking->others->len; i++) {
        say_proof(text, checking->others->pdata[i], "there");
    }
    g_string_truncate(text, text->len - 1);
    return g_string_free(text, FALSE);
}

/* The check ----------------------------------------------------------------------------------- */

static bool
check(const json_t *file, const FiscGrantKeys *keys, char **out_wrong, char **out_says,
      GError **error)
{
    g_auto(Checking) checking = {
        .file = file, .keys = keys, .others = g_ptr_array_new_with_free_func(free_proof)};
    char *wrong = read_proofs(&checking);
    wrong = wrong != NULL ? wrong : check_tie(&checking);
    wrong = wrong != NULL ? wrong : check_digests(&checking);
    if (wrong == NULL && !check_signatures(&checking, &wrong, error)) {
        return false;
    }
    *out_says = wrong == NULL ? say(&checking) : NULL;
    *out_wrong = wrong;
    return true;
}

bool
fisc_flow_grant_check(const char *file, const FiscGrantKeys *keys, bool *out_is_grant,
                      char **out_wrong, char **out_says, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    *out_is_grant = false;
    if (!g_file_get_contents(file, &text, &length, NULL)) {
        return true; /* which the check of a proof tells */
    }
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *form = json_string_value(json_object_get(json, "form"));
    *out_is_grant = g_strcmp0(form, FISC_GRANT_FORM) == 0;
    bool is_done = !*out_is_grant || check(json, keys, out_wrong, out_says, error);
    json_decref(json);
    return is_done;
}
