/* jose.c: JSON Web Signatures by libcrypto alone, so that what checks them is not what made them.
 */
#include "tests/identity/jose.h"
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <string.h>

#define COORDINATE 32 /* bytes of a coordinate, and of half a signature, on P-256 */

JoseKey *
jose_rsa(unsigned bits)
{
    return EVP_RSA_gen(bits);
}

JoseKey *
jose_ec(const char *curve)
{
    return EVP_EC_gen(curve);
}

void
jose_free(JoseKey *key)
{
    EVP_PKEY_free(key);
}

char *
jose_letters(const void *data, gsize length)
{
    char *letters = g_base64_encode(data, length);
    g_strdelimit(g_strdelimit(letters, "+", '-'), "/", '_');
    letters[strcspn(letters, "=")] = '\0';
    return letters;
}

static char *
number(JoseKey *key, const char *name, int length)
{
    BIGNUM *value = NULL;
    g_assert(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    int size = length > 0 ? length : BN_num_bytes(value);
    g_autofree uint8_t *bytes = g_malloc((gsize)size);
    g_assert(BN_bn2binpad(value, bytes, size) == size);
    BN_free(value);
    return jose_letters(bytes, (gsize)size);
}

char *
jose_jwk(JoseKey *key, const char *key_id, const char *more)
{
    g_autofree char *id =
        key_id != NULL ? g_strdup_printf(",\"kid\":\"%s\"", key_id) : g_strdup("");
    if (EVP_PKEY_is_a(key, "RSA")) {
        g_autofree char *n = number(key, OSSL_PKEY_PARAM_RSA_N, 0);
        g_autofree char *e = number(key, OSSL_PKEY_PARAM_RSA_E, 0);
        return g_strdup_printf("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s%s}", n, e, id, more);
    }
    int length = (EVP_PKEY_get_bits(key) + 7) / 8;
    g_autofree char *x = number(key, OSSL_PKEY_PARAM_EC_PUB_X, length);
    g_autofree char *y = number(key, OSSL_PKEY_PARAM_EC_PUB_Y, length);
    return g_strdup_printf("{\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"%s%s}",
                           EVP_PKEY_get_bits(key), x, y, id, more);
}

/* ASN.1 into the two numbers side by side. */
static char *
flatten(const uint8_t *der, gsize length)
{
    const uint8_t *at = der;
    uint8_t flat[2 * COORDINATE];
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)length);
    g_assert(BN_bn2binpad(ECDSA_SIG_get0_r(signature), flat, COORDINATE) == COORDINATE);
    g_assert(BN_bn2binpad(ECDSA_SIG_get0_s(signature), flat + COORDINATE, COORDINATE) ==
             COORDINATE);
    ECDSA_SIG_free(signature);
    return jose_letters(flat, sizeof flat);
}

static char *
signature_of(JoseKey *key, const char *algorithm, const char *text)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *own = NULL;
    size_t length = 0;
    g_assert(EVP_DigestSignInit(context, &own, EVP_sha256(), NULL, key) == 1);
    if (strcmp(algorithm, "PS256") == 0) {
        g_assert(EVP_PKEY_CTX_set_rsa_padding(own, RSA_PKCS1_PSS_PADDING) == 1);
        g_assert(EVP_PKEY_CTX_set_rsa_pss_saltlen(own, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    g_assert(EVP_DigestSign(context, NULL, &length, (const uint8_t *)text, strlen(text)) == 1);
    g_autofree uint8_t *bytes = g_malloc(length);
    g_assert(EVP_DigestSign(context, bytes, &length, (const uint8_t *)text, strlen(text)) == 1);
    EVP_MD_CTX_free(context);
    return strcmp(algorithm, "ES256") == 0 ? flatten(bytes, length) : jose_letters(bytes, length);
}

static char *
unsigned_token(const char *header, const char *claims)
{
    g_autofree char *first = jose_letters(header, strlen(header));
    g_autofree char *second = jose_letters(claims, strlen(claims));
    return g_strconcat(first, ".", second, NULL);
}

char *
jose_sign(JoseKey *key, const char *algorithm, const char *header, const char *claims)
{
    g_autofree char *text = unsigned_token(header, claims);
    g_autofree char *signature =
        strcmp(algorithm, "none") == 0 ? g_strdup("") : signature_of(key, algorithm, text);
    return g_strconcat(text, ".", signature, NULL);
}

char *
jose_sign_secret(const char *secret, const char *header, const char *claims)
{
    g_autofree char *text = unsigned_token(header, claims);
    uint8_t bytes[32];
    unsigned length = sizeof bytes;
    g_assert(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)text, strlen(text),
                  bytes, &length) != NULL);
    g_autofree char *signature = jose_letters(bytes, length);
    return g_strconcat(text, ".", signature, NULL);
}
