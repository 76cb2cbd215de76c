/* device.c: see device.h. */
#include "tests/support/device.h"
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

#define ID_SIZE 20
#define RSA_SIZE 256

struct _Device {
    int algorithm;
    EVP_PKEY *key;
    GBytes *id, *handle;
};

static EVP_PKEY *
make_key(int algorithm)
{
    switch (algorithm) {
    case DEVICE_EDDSA:
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    case DEVICE_RS256:
        return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)(8 * RSA_SIZE));
    case DEVICE_ES384:
        return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
    default:
        return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    }
}

Device *
device_new(int algorithm)
{
    Device *device = g_new0(Device, 1);
    uint8_t id[ID_SIZE];
    RAND_bytes(id, sizeof id);
    device->algorithm = algorithm;
    device->key = make_key(algorithm);
    device->id = g_bytes_new(id, sizeof id);
    g_assert(device->key != NULL);
    return device;
}

void
device_free(Device *device)
{
    EVP_PKEY_free(device->key);
    g_bytes_unref(device->id);
    g_clear_pointer(&device->handle, g_bytes_unref);
    g_free(device);
}

GBytes *
device_id(const Device *device)
{
    return device->id;
}

void
device_keep_handle(Device *device, GBytes *handle)
{
    g_clear_pointer(&device->handle, g_bytes_unref);
    device->handle = handle != NULL ? g_bytes_ref(handle) : NULL;
}

GBytes *
device_handle(const Device *device)
{
    return device->handle;
}

static char *
base64url(const uint8_t *data, gsize length)
{
    char *text = g_base64_encode(data, length);
    text[strcspn(text, "=")] = '\0';
    g_strdelimit(text, "+", '-');
    return g_strdelimit(text, "/", '_');
}

GBytes *
device_client_data(const char *type, const uint8_t challenge[32], const char *origin)
{
    g_autofree char *text = base64url(challenge, 32);
    char *json = g_strdup_printf(
        "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}", type,
        text, origin);
    return g_bytes_new_take(json, strlen(json));
}

/* The public key as COSE has it ---------------------------------------------------------------- */

static void
add(GByteArray *out, const void *data, gsize length)
{
    g_byte_array_append(out, data, (guint)length);
}

static void
add_point(const Device *device, GByteArray *out, const char *head, gsize head_length, gsize size)
{
    uint8_t point[1 + 2 * 48];
    size_t length = 0;
    const uint8_t bytes = 0x58, y_label = 0x22, count = (uint8_t)size;
    g_assert(EVP_PKEY_get_octet_string_param(device->key, OSSL_PKEY_PARAM_PUB_KEY, point,
                                             sizeof point, &length) == 1 &&
             length == 1 + 2 * size);
    add(out, head, head_length);
    add(out, point + 1, size);
    add(out, &y_label, 1);
    add(out, &bytes, 1);
    add(out, &count, 1);
    add(out, point + 1 + size, size);
}

static void
add_rsa(const Device *device, GByteArray *out)
{
    uint8_t bytes[RSA_SIZE];
    BIGNUM *modulus = NULL;
    g_assert(EVP_PKEY_get_bn_param(device->key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1);
    BN_bn2binpad(modulus, bytes, sizeof bytes);
    BN_free(modulus);
    add(out, "\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00", 11);
    add(out, bytes, sizeof bytes);
    add(out, "\x21\x43\x01\x00\x01", 5);
}

static void
add_key(const Device *device, GByteArray *out)
{
    uint8_t raw[32];
    size_t length = sizeof raw;
    switch (device->algorithm) {
    case DEVICE_EDDSA:
        EVP_PKEY_get_raw_public_key(device->key, raw, &length);
        add(out, "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20", 10);
        add(out, raw, length);
        break;
    case DEVICE_RS256:
        add_rsa(device, out);
        break;
    case DEVICE_ES384:
        add_point(device, out, "\xa5\x01\x02\x03\x38\x22\x20\x02\x21\x58\x30", 11, 48);
        break;
    default:
        add_point(device, out, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10, 32);
        break;
    }
}

GBytes *
device_data(const Device *device, const char *site, uint8_t flags, uint32_t counter)
{
    static const uint8_t model[16] = {0};
    GByteArray *out = g_byte_array_new();
    uint8_t hash[32];
    const uint8_t count[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                              (uint8_t)(counter >> 8), (uint8_t)counter};
    EVP_Q_digest(NULL, "SHA256", NULL, site, strlen(site), hash, NULL);
    add(out, hash, sizeof hash);
    add(out, &flags, 1);
    add(out, count, sizeof count);
    if ((flags & DEVICE_WITH_KEY) != 0) {
        add(out, model, sizeof model);
        add(out, "\0\x14", 2);
        add(out, g_bytes_get_data(device->id, NULL), ID_SIZE);
        add_key(device, out);
    }
    return g_byte_array_free_to_bytes(out);
}

GBytes *
device_sign(const Device *device, GBytes *data, GBytes *client_data)
{
    uint8_t hash[32], signature[512];
    size_t length = sizeof signature;
    gsize data_length = 0, client_length = 0;
    const void *bytes = g_bytes_get_data(data, &data_length);
    const void *client = g_bytes_get_data(client_data, &client_length);
    g_autoptr(GByteArray) signed_data = g_byte_array_new();
    EVP_Q_digest(NULL, "SHA256", NULL, client, client_length, hash, NULL);
    add(signed_data, bytes, data_length);
    add(signed_data, hash, sizeof hash);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const char *digest = device->algorithm == DEVICE_EDDSA ? NULL : "SHA256";
    g_assert(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, device->key, NULL) == 1 &&
             EVP_DigestSign(context, signature, &length, signed_data->data, signed_data->len) == 1);
    EVP_MD_CTX_free(context);
    return g_bytes_new(signature, length);
}
