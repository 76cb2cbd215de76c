/* fz_sealed.c: what another fisc says. A first byte '{' makes it a part of sealed entries, read and
 * checked as far as its signatures, which nobody could guess; anything else the body of a list,
 * which is signed here. Whatever is taken would be written again as it was. */
#include "integrations/sealed_json.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
check_part(const uint8_t *data, size_t size)
{
    g_auto(FiscSealedDocument) document = {.entity = NULL};
    g_autoptr(GError) failure = NULL;
    uint8_t digest[32];
    int64_t entries = 0;
    json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    bool is_read = json != NULL && fisc_sealed_from_json(json, &document, &failure);
    FUZZ_HOLDS(is_read == (document.proof != NULL));
    json_decref(json);
    if (is_read) {
        g_autofree char *wrong = fisc_proof_check(document.proof);
        fisc_sealed_digest(&document.part, document.proof, digest, &entries);
        FUZZ_HOLDS(entries <= (int64_t)document.proof->items->len);
        fisc_proof_keep_transfer(document.proof, "T-1");
    }
}

static void
check_list(const uint8_t *data, size_t size)
{
    static FiscSignKey *key = NULL;
    char signature[FISC_SEALED_SIGNATURE_TEXT];
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    g_autoptr(FiscSealedList) list = NULL;
    g_autoptr(GError) failure = NULL;
    if (key == NULL) {
        FUZZ_HOLDS(fisc_sign_key_new("fuzz", &key, NULL));
    }
    g_autofree char *body = g_strndup((const char *)data, size);
    fisc_sealed_sign(key, body, signature);
    g_autofree char *text = g_strconcat(body, "\nsigned-by ", signature, "\n", NULL);
    g_ptr_array_add(keys, key);
    bool is_read = fisc_sealed_list_read(text, keys, &list, &failure);
    FUZZ_HOLDS(is_read == (list != NULL) && is_read == (failure == NULL));
    if (is_read) {
        g_autofree char *again = fisc_sealed_list_to_text(list, key);
        FUZZ_HOLDS(strcmp(again, text) == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '{') {
        check_part(data, size);
    } else {
        check_list(data, size);
    }
    return 0;
}
