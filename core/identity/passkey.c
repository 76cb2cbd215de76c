/* passkey.c: registering a passkey and checking what it signed, as WebAuthn level 2, 7.1 and 7.2,
 * has it. The data of a device begin with a part of fixed layout, which is looked at here so that a
 * refusal has a name; the rest, and every signature, is libfido2's to read. */
#include "fisc/passkey.h"
#include "core/base/hash.h"
#include "core/identity/passkey_client_data.h"
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

#define AUTHENTICATOR_DATA_MAX 8192
#define SIGNATURE_MAX 1024
#define SITE_AT 0 /* SHA-256 of the site */
#define FLAGS_AT 32
#define COUNTER_AT 33
#define FIXED_SIZE 37

#define MODEL_SIZE 16 /* of a new key: the make of the device, the length of the id, the id */
#define ID_LENGTH_SIZE 2

#define CBOR_BYTES 2 /* kinds of a head */
#define CBOR_TEXT 3
#define CBOR_MAP 5

#define ES256_SIZE 64 /* of the keys, as libfido2 has them: both coordinates */
#define ED25519_SIZE 32
#define RSA_SIZE 259 /* modulus, exponent */

#define FLAG_PRESENT 0x01
#define FLAG_VERIFIED 0x04
#define FLAG_WITH_KEY 0x40

static const int algorithms[] = {
#define X(name, number, meaning) number,
    FISC_PASSKEY_ALGORITHMS(X)
#undef X
};

G_STATIC_ASSERT(COSE_ES256 == -7 && COSE_EDDSA == -8 && COSE_RS256 == -257);

const char *
fisc_passkey_words(FiscPasskeyFault fault)
{
    static const char *const words[] = {
#define X(name, text) text,
        FISC_PASSKEY_FAULTS(X)
#undef X
    };
    return words[fault];
}

void
fisc_passkey_offer_clear(FiscPasskeyOffer *offer)
{
    g_clear_pointer(&offer->client_data, g_bytes_unref);
    g_clear_pointer(&offer->authenticator_data, g_bytes_unref);
}

void
fisc_passkey_proof_clear(FiscPasskeyProof *proof)
{
    g_clear_pointer(&proof->id, g_bytes_unref);
    g_clear_pointer(&proof->client_data, g_bytes_unref);
    g_clear_pointer(&proof->authenticator_data, g_bytes_unref);
    g_clear_pointer(&proof->signature, g_bytes_unref);
    g_clear_pointer(&proof->handle, g_bytes_unref);
}

void
fisc_passkey_clear(FiscPasskey *passkey)
{
    g_clear_pointer(&passkey->id, g_bytes_unref);
    g_clear_pointer(&passkey->key, g_bytes_unref);
    g_clear_pointer(&passkey->label, g_free);
}

/* Challenges and names ------------------------------------------------------------------------- */

void
fisc_passkey_challenge(const uint8_t nonce[FISC_CHALLENGE_SIZE], const uint8_t *action,
                       uint8_t out_challenge[FISC_CHALLENGE_SIZE])
{
    static const uint8_t nothing[FISC_CHALLENGE_SIZE] = {0};
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, action != NULL ? "fisc: approves" : "fisc: signs in");
    fisc_hash_add_bytes(hash, nonce, FISC_CHALLENGE_SIZE);
    fisc_hash_add_bytes(hash, action != NULL ? action : nothing, FISC_CHALLENGE_SIZE);
    fisc_hash_finish(hash, out_challenge);
}

void
fisc_passkey_handle(int book_id, const char *person, uint8_t out_handle[FISC_PASSKEY_HANDLE_SIZE])
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "fisc: whose passkey");
    fisc_hash_add_int(hash, book_id);
    fisc_hash_add_text(hash, person);
    fisc_hash_finish(hash, out_handle);
}

void
fisc_passkey_name(GBytes *id, char out_name[FISC_PASSKEY_NAME_TEXT])
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_data(g_bytes_get_data(id, NULL), g_bytes_get_size(id), digest);
    g_strlcpy(out_name, fisc_hash_format(digest, hex), FISC_PASSKEY_NAME_TEXT);
}

/* Authenticator data --------------------------------------------------------------------------- */

static bool
is_fitting(GBytes *bytes, gsize least, gsize most)
{
    return bytes != NULL && g_bytes_get_size(bytes) >= least && g_bytes_get_size(bytes) <= most;
}

static FiscPasskeyFault
check_fixed(const FiscPasskeyQuestion *question, GBytes *authenticator_data, uint32_t *out_counter)
{
    uint8_t site[FISC_HASH_SIZE];
    if (!is_fitting(authenticator_data, FIXED_SIZE, AUTHENTICATOR_DATA_MAX)) {
        return FISC_PASSKEY_MALFORMED;
    }
    const uint8_t *data = g_bytes_get_data(authenticator_data, NULL);
    fisc_hash_data(question->site, strlen(question->site), site);
    if (memcmp(data + SITE_AT, site, sizeof site) != 0) {
        return FISC_PASSKEY_SITE;
    }
    if ((data[FLAGS_AT] & FLAG_PRESENT) == 0) {
        return FISC_PASSKEY_PRESENCE;
    }
    if ((data[FLAGS_AT] & FLAG_VERIFIED) == 0) {
        return FISC_PASSKEY_VERIFICATION;
    }
    *out_counter = (uint32_t)data[COUNTER_AT] << 24 | (uint32_t)data[COUNTER_AT + 1] << 16 |
                   (uint32_t)data[COUNTER_AT + 2] << 8 | data[COUNTER_AT + 3];
    return FISC_PASSKEY_NONE;
}

/* libcbor makes room for as many members as a head announces, before it looks for them: a head that
 * announces more than there are bytes is not shown to it. Heads follow one another, however deep.
 */
static bool
is_modest(const uint8_t *data, gsize length)
{
    gsize at = 0;
    while (at < length) {
        int kind = data[at] >> 5, info = data[at] & 31;
        uint64_t count = (uint64_t)info;
        at++;
        if (info >= 24) {
            gsize size = (gsize)1 << (info - 24);
            if (info > 27 || size > length - at) {
                return false; /* reserved, without an end, or cut off */
            }
            count = 0;
            for (gsize i = 0; i < size; i++) {
                count = count << 8 | data[at++];
            }
        }
        if (kind >= CBOR_BYTES && kind <= CBOR_MAP && count > length - at) {
            return false;
        }
        at += kind == CBOR_BYTES || kind == CBOR_TEXT ? (gsize)count : 0;
    }
    return true;
}

bool
fisc_passkey_may_follow(int64_t before, uint32_t counter)
{
    return counter > before || (counter == 0 && before <= 0);
}

/* Registration --------------------------------------------------------------------------------- */

static void
begin_library(void)
{
    static gsize is_begun = 0;
    if (g_once_init_enter(&is_begun)) {
        fido_init(0);
        g_once_init_leave(&is_begun, 1);
    }
}

/* libfido2 reads a key only as the algorithm it is told. */
static bool
read_key(GBytes *authenticator_data, int algorithm, FiscPasskey *out_passkey)
{
    gsize length = 0;
    const uint8_t *data = g_bytes_get_data(authenticator_data, &length);
    fido_cred_t *made = fido_cred_new();
    bool is_read = made != NULL && fido_cred_set_type(made, algorithm) == FIDO_OK &&
                   fido_cred_set_authdata_raw(made, data, length) == FIDO_OK &&
                   fido_cred_id_len(made) > 0 && fido_cred_id_len(made) <= FISC_PASSKEY_ID_MAX &&
                   fido_cred_pubkey_len(made) > 0;
    if (is_read) {
        *out_passkey = (FiscPasskey){
            .id = g_bytes_new(fido_cred_id_ptr(made), fido_cred_id_len(made)),
            .key = g_bytes_new(fido_cred_pubkey_ptr(made), fido_cred_pubkey_len(made)),
            .algorithm = algorithm};
    }
    fido_cred_free(&made);
    return is_read;
}

static void *open_key(const FiscPasskey *passkey);
static void close_key(int algorithm, void *key);

/* A key that is none, like a point that is not on the curve, would be found at the first use. */
static bool
is_key(const FiscPasskey *passkey)
{
    void *key = open_key(passkey);
    bool is_good = key != NULL;
    close_key(passkey->algorithm, key);
    return is_good;
}

/* Whether a key is there, and what stands behind its id announces no more than there is. */
static bool
has_modest_key(GBytes *authenticator_data)
{
    gsize length = 0, id_at = FIXED_SIZE + MODEL_SIZE + ID_LENGTH_SIZE;
    const uint8_t *data = g_bytes_get_data(authenticator_data, &length);
    if ((data[FLAGS_AT] & FLAG_WITH_KEY) == 0 || length < id_at) {
        return false;
    }
    gsize id_length = (gsize)data[id_at - 2] << 8 | data[id_at - 1];
    return id_length > 0 && id_length <= FISC_PASSKEY_ID_MAX && id_length < length - id_at &&
           is_modest(data + id_at + id_length, length - id_at - id_length);
}

FiscPasskeyFault
fisc_passkey_register(const FiscPasskeyQuestion *question, const FiscPasskeyOffer *offer,
                      FiscPasskey *out_passkey, uint32_t *out_counter)
{
    FiscPasskeyFault fault =
        fisc_client_data_check(question, "webauthn.create", offer->client_data);
    begin_library();
    if (fault == FISC_PASSKEY_NONE) {
        fault = check_fixed(question, offer->authenticator_data, out_counter);
    }
    if (fault != FISC_PASSKEY_NONE) {
        return fault;
    }
    if (!has_modest_key(offer->authenticator_data)) {
        return FISC_PASSKEY_MALFORMED;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_auto(FiscPasskey) passkey = {0};
        if (read_key(offer->authenticator_data, algorithms[i], &passkey) && is_key(&passkey)) {
            *out_passkey = passkey;
            passkey = (FiscPasskey){0};
            return FISC_PASSKEY_NONE;
        }
    }
    return FISC_PASSKEY_ALGORITHM;
}

/* Proof ---------------------------------------------------------------------------------------- */

/* A key of another length is one of another algorithm, of which libfido2 would take the beginning.
 */
static bool
is_length_of(int algorithm, gsize length)
{
    return length == (algorithm == COSE_ES256   ? ES256_SIZE
                      : algorithm == COSE_EDDSA ? ED25519_SIZE
                                                : RSA_SIZE);
}

static void *
open_key(const FiscPasskey *passkey)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(passkey->key, &length);
    int status = FIDO_ERR_INVALID_ARGUMENT;
    void *key = NULL;
    if (!is_length_of(passkey->algorithm, length)) {
        return NULL;
    }
    switch (passkey->algorithm) {
    case COSE_ES256:
        key = es256_pk_new();
        status = key != NULL ? es256_pk_from_ptr(key, data, length) : status;
        break;
    case COSE_EDDSA:
        key = eddsa_pk_new();
        status = key != NULL ? eddsa_pk_from_ptr(key, data, length) : status;
        break;
    case COSE_RS256:
        key = rs256_pk_new();
        status = key != NULL ? rs256_pk_from_ptr(key, data, length) : status;
        break;
    default:
        break;
    }
    if (status != FIDO_OK) {
        close_key(passkey->algorithm, key);
        return NULL;
    }
    return key;
}

static void
close_key(int algorithm, void *key)
{
    es256_pk_t *es256 = key;
    eddsa_pk_t *eddsa = key;
    rs256_pk_t *rs256 = key;
    if (key != NULL && algorithm == COSE_ES256) {
        es256_pk_free(&es256);
    } else if (key != NULL && algorithm == COSE_EDDSA) {
        eddsa_pk_free(&eddsa);
    } else if (key != NULL && algorithm == COSE_RS256) {
        rs256_pk_free(&rs256);
    }
}

/* False also when the data of the device cannot be read. */
static bool
fill(fido_assert_t *proof, const FiscPasskeyQuestion *question, const FiscPasskeyProof *shown)
{
    gsize data_length = 0, client_length = 0, signature_length = 0;
    const uint8_t *data = g_bytes_get_data(shown->authenticator_data, &data_length);
    const uint8_t *client = g_bytes_get_data(shown->client_data, &client_length);
    const uint8_t *signature = g_bytes_get_data(shown->signature, &signature_length);
    return fido_assert_set_rp(proof, question->site) == FIDO_OK &&
           fido_assert_set_clientdata(proof, client, client_length) == FIDO_OK &&
           fido_assert_set_count(proof, 1) == FIDO_OK &&
           fido_assert_set_authdata_raw(proof, 0, data, data_length) == FIDO_OK &&
           fido_assert_set_sig(proof, 0, signature, signature_length) == FIDO_OK &&
           fido_assert_set_up(proof, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_uv(proof, FIDO_OPT_TRUE) == FIDO_OK;
}

static FiscPasskeyFault
check_signature(const FiscPasskeyQuestion *question, const FiscPasskey *passkey,
                const FiscPasskeyProof *shown)
{
    void *key = open_key(passkey);
    fido_assert_t *proof = fido_assert_new();
    FiscPasskeyFault fault = FISC_PASSKEY_MALFORMED;
    if (key == NULL) {
        fault = FISC_PASSKEY_ALGORITHM;
    } else if (proof != NULL && fill(proof, question, shown)) {
        fault = fido_assert_verify(proof, 0, passkey->algorithm, key) == FIDO_OK
                    ? FISC_PASSKEY_NONE
                    : FISC_PASSKEY_SIGNATURE;
    }
    fido_assert_free(&proof);
    close_key(passkey->algorithm, key);
    return fault;
}

/* A proof brings no key; extensions, of which none is asked for, may stand behind. */
static bool
is_plain(GBytes *authenticator_data)
{
    gsize length = 0;
    const uint8_t *data = g_bytes_get_data(authenticator_data, &length);
    return (data[FLAGS_AT] & FLAG_WITH_KEY) == 0 &&
           is_modest(data + FIXED_SIZE, length - FIXED_SIZE);
}

FiscPasskeyFault
fisc_passkey_check(const FiscPasskeyQuestion *question, const FiscPasskey *passkey,
                   const FiscPasskeyProof *proof, uint32_t *out_counter)
{
    begin_library();
    if (!is_fitting(proof->id, 1, FISC_PASSKEY_ID_MAX) ||
        !is_fitting(proof->signature, 1, SIGNATURE_MAX)) {
        return FISC_PASSKEY_MALFORMED;
    }
    if (!g_bytes_equal(proof->id, passkey->id)) {
        return FISC_PASSKEY_OTHER_KEY;
    }
    FiscPasskeyFault fault = fisc_client_data_check(question, "webauthn.get", proof->client_data);
    if (fault == FISC_PASSKEY_NONE) {
        fault = check_fixed(question, proof->authenticator_data, out_counter);
    }
    if (fault == FISC_PASSKEY_NONE && !is_plain(proof->authenticator_data)) {
        fault = FISC_PASSKEY_MALFORMED;
    }
    return fault == FISC_PASSKEY_NONE ? check_signature(question, passkey, proof) : fault;
}
