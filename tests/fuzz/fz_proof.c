/* fz_proof.c: a proof that somebody shows us. Either it holds, and then still holds when it is
 * written and read again, or what is wrong is told. */
#include "integrations/proof_json.h"
#include "tests/fuzz/fuzz.h"

static void
check_again(const FiscProof *proof)
{
    g_autoptr(FiscProof) again = NULL;
    g_autoptr(GError) error = NULL;
    json_t *json = fisc_proof_to_json(proof);
    FUZZ_HOLDS(fisc_proof_from_json(json, &again, &error));
    g_autofree char *wrong = fisc_proof_check(again);
    FUZZ_HOLDS(wrong == NULL);
    json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(FiscProof) proof = NULL;
    g_autoptr(GError) error = NULL;
    json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (json != NULL && fisc_proof_from_json(json, &proof, &error)) {
        g_autofree char *wrong = fisc_proof_check(proof);
        FUZZ_HOLDS(wrong == NULL || *wrong != '\0');
        if (wrong == NULL) {
            check_again(proof);
        }
    } else {
        FUZZ_HOLDS(json == NULL || error != NULL);
    }
    json_decref(json);
    return 0;
}
