/* key_set.c: the public keys of a provider (RFC 7517), and signatures by them (RFC 7515). A key is
 * for one kind of signature: whatever a token claims, an RSA key checks RSA signatures only. */
#include "core/identity/key_set.h"
#include <cjose/cjose.h>
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define KEYS_MAX 64
#define SET_BYTES_MAX (256 * 1024)
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192 /* a longer one is there to keep us busy */

typedef struct {
    cjose_jwk_t *key;
    char *id;                /* kid; NULL: none */
    FiscAlgorithm algorithm; /* that the provider says it is for; NONE: not said */
    bool is_rsa;
} Key;

struct _FiscKeySet {
    GMutex lock;  /* cjose counts references to a key without one */
    GArray *keys; /* of Key */
};

static const struct {
    const char *name;
    bool is_rsa;
} algorithms[] = {
    [FISC_ALGORITHM_RS256] = {"RS256", true},
    [FISC_ALGORITHM_PS256] = {"PS256", true},
    [FISC_ALGORITHM_ES256] = {"ES256", false},
};

FiscAlgorithm
fisc_algorithm_parse(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        if (algorithms[i].name != NULL && g_strcmp0(algorithms[i].name, name) == 0) {
            return (FiscAlgorithm)i;
        }
    }
    return FISC_ALGORITHM_NONE;
}

/* Reading -------------------------------------------------------------------------------------- */

static void
key_clear(gpointer data)
{
    Key *key = data;
    cjose_jwk_release(key->key);
    g_free(key->id);
}

static bool
is_fit(const cjose_jwk_t *key, bool is_rsa)
{
    cjose_err failure;
    size_t bits = cjose_jwk_get_keysize(key, &failure);
    return is_rsa ? bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX
                  : cjose_jwk_EC_get_curve(key, &failure) == CJOSE_JWK_EC_P_256;
}

/* What says that it is for something else is for something else. */
static bool
is_for_signing(const json_t *value)
{
    const char *use = json_string_value(json_object_get(value, "use"));
    const char *algorithm = json_string_value(json_object_get(value, "alg"));
    return (use == NULL || strcmp(use, "sig") == 0) &&
           (algorithm == NULL || fisc_algorithm_parse(algorithm) != FISC_ALGORITHM_NONE);
}

/* Whether @length characters are what cjose takes for bytes: it ends the program on some that are
 * not (libcjose 0.6.2, an assertion in its base64.c). */
static bool
is_packed(const char *text, gsize length)
{
    gsize bytes = 0;
    g_autofree uint8_t *space = g_malloc(length + 1);
    return sodium_base642bin(space, length, text, length, NULL, &bytes, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

/* The public part of a key alone, when its members can be read: cjose is given nothing else. NULL:
 * it is none. Caller frees. */
static char *
public_part(const json_t *value, bool is_rsa)
{
    static const char *const rsa[] = {"n", "e", NULL}, *const ec[] = {"x", "y", NULL};
    const char *const *names = is_rsa ? rsa : ec;
    json_t *part = json_pack("{s:s}", "kty", is_rsa ? "RSA" : "EC");
    bool is_good = is_rsa || json_object_set(part, "crv", json_object_get(value, "crv")) == 0;
    for (int i = 0; names[i] != NULL; i++) {
        json_t *member = json_object_get(value, names[i]);
        is_good = is_good && json_is_string(member) && json_string_length(member) > 0 &&
                  is_packed(json_string_value(member), json_string_length(member)) &&
                  json_object_set(part, names[i], member) == 0;
    }
    char *text = is_good ? json_dumps(part, JSON_COMPACT) : NULL;
    json_decref(part);
    return text;
}

static void
take_key(FiscKeySet *set, const json_t *value)
{
    const char *type = json_string_value(json_object_get(value, "kty"));
    bool is_rsa = g_strcmp0(type, "RSA") == 0;
    if ((!is_rsa && g_strcmp0(type, "EC") != 0) || !is_for_signing(value)) {
        return;
    }
    cjose_err failure;
    char *text = public_part(value, is_rsa);
    cjose_jwk_t *imported = text != NULL ? cjose_jwk_import(text, strlen(text), &failure) : NULL;
    free(text);
    if (imported == NULL || !is_fit(imported, is_rsa)) {
        cjose_jwk_release(imported);
        return;
    }
    Key key = {.key = imported,
               .id = g_strdup(json_string_value(json_object_get(value, "kid"))),
               .algorithm = fisc_algorithm_parse(json_string_value(json_object_get(value, "alg"))),
               .is_rsa = is_rsa};
    g_array_append_val(set->keys, key);
}

bool
fisc_key_set_read(const char *json, gsize length, FiscKeySet **out_keys, GError **error)
{
    json_t *document =
        length <= SET_BYTES_MAX ? json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const json_t *list = json_object_get(document, "keys");
    if (!json_is_array(list) || json_array_size(list) > KEYS_MAX) {
        json_decref(document);
        return fisc_fail(error, FISC_ERROR_FAILED, "what the provider gives is no set of keys");
    }
    FiscKeySet *set = g_new0(FiscKeySet, 1);
    g_mutex_init(&set->lock);
    set->keys = g_array_new(FALSE, TRUE, sizeof(Key));
    g_array_set_clear_func(set->keys, key_clear);
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        take_key(set, value);
    }
    json_decref(document);
    *out_keys = set;
    return true;
}

void
fisc_key_set_free(FiscKeySet *keys)
{
    if (keys != NULL) {
        g_array_unref(keys->keys);
        g_mutex_clear(&keys->lock);
        g_free(keys);
    }
}

int
fisc_key_set_count(const FiscKeySet *keys)
{
    return (int)keys->keys->len;
}

/* Signatures ----------------------------------------------------------------------------------- */

static bool
is_key_for(const Key *key, const char *key_id, FiscAlgorithm algorithm)
{
    return key->is_rsa == algorithms[algorithm].is_rsa &&
           (key->algorithm == FISC_ALGORITHM_NONE || key->algorithm == algorithm) &&
           (key_id == NULL || g_strcmp0(key->id, key_id) == 0);
}

/* The only one that fits; of several it could be any, and none is taken. */
static const Key *
find_key(const FiscKeySet *set, const char *key_id, FiscAlgorithm algorithm)
{
    const Key *found = NULL;
    for (guint i = 0; i < set->keys->len; i++) {
        const Key *key = &g_array_index(set->keys, Key, i);
        if (is_key_for(key, key_id, algorithm)) {
            if (found != NULL) {
                return NULL;
            }
            found = key;
        }
    }
    return found;
}

/* Header, claims and signature, each of them bytes. */
static bool
is_compact(const char *token)
{
    g_auto(GStrv) parts = g_strsplit(token, ".", 4);
    bool is_good = g_strv_length(parts) == 3;
    for (int i = 0; is_good && parts[i] != NULL; i++) {
        is_good = *parts[i] != '\0' && is_packed(parts[i], strlen(parts[i]));
    }
    return is_good;
}

static bool
verify(const Key *key, const char *token, GByteArray **out_payload)
{
    if (!is_compact(token)) {
        return false;
    }
    cjose_err failure;
    uint8_t *data = NULL;
    size_t length = 0;
    cjose_jws_t *jws = cjose_jws_import(token, strlen(token), &failure);
    bool is_good = jws != NULL && cjose_jws_verify(jws, key->key, &failure) &&
                   cjose_jws_get_plaintext(jws, &data, &length, &failure);
    if (is_good) {
        *out_payload = g_byte_array_append(g_byte_array_new(), data, (guint)length);
    }
    if (jws != NULL) {
        cjose_jws_release(jws);
    }
    return is_good;
}

FiscIdTokenState
fisc_key_set_verify(const FiscKeySet *keys, const char *token, const char *key_id,
                    FiscAlgorithm algorithm, GByteArray **out_payload)
{
    FiscKeySet *own = (FiscKeySet *)keys;
    const Key *key = find_key(keys, key_id, algorithm);
    if (key == NULL) {
        return FISC_ID_TOKEN_KEY_UNKNOWN;
    }
    g_mutex_lock(&own->lock);
    bool is_good = verify(key, token, out_payload);
    g_mutex_unlock(&own->lock);
    return is_good ? FISC_ID_TOKEN_GOOD : FISC_ID_TOKEN_BAD;
}
