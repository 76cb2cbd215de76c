/* passkey_kept.c: a passkey as the bytes that are kept of it, and where one may be used. */
#include "core/base/hash.h"
#include "fisc/passkey.h"
#include <string.h>

/* SHA-256 of the id, algorithm (4 bytes), length of the id (2), id, length of the key (2), key,
 * label; numbers big-endian. */
#define HEAD_SIZE (FISC_HASH_SIZE + 4)

static void
add_number(GByteArray *out, uint32_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        uint8_t byte = (uint8_t)(number >> (8 * i));
        g_byte_array_append(out, &byte, 1);
    }
}

static void
add_bytes(GByteArray *out, GBytes *bytes)
{
    gsize length = 0;
    const uint8_t *data = g_bytes_get_data(bytes, &length);
    add_number(out, (uint32_t)length, 2);
    g_byte_array_append(out, data, (guint)length);
}

GByteArray *
fisc_passkey_pack(const FiscPasskey *passkey)
{
    GByteArray *out = g_byte_array_new();
    uint8_t digest[FISC_HASH_SIZE];
    fisc_hash_data(g_bytes_get_data(passkey->id, NULL), g_bytes_get_size(passkey->id), digest);
    g_byte_array_append(out, digest, sizeof digest);
    add_number(out, (uint32_t)passkey->algorithm, 4);
    add_bytes(out, passkey->id);
    add_bytes(out, passkey->key);
    if (passkey->label != NULL) {
        g_byte_array_append(out, (const uint8_t *)passkey->label, (guint)strlen(passkey->label));
    }
    return out;
}

static uint32_t
number_at(const uint8_t *data, int bytes)
{
    uint32_t number = 0;
    for (int i = 0; i < bytes; i++) {
        number = number << 8 | data[i];
    }
    return number;
}

/* The bytes behind their length at *at, which moves on; NULL when there are not so many. */
static GBytes *
take_bytes(const uint8_t *data, gsize length, gsize *at)
{
    if (length - *at < 2) {
        return NULL;
    }
    gsize count = number_at(data + *at, 2);
    if (count == 0 || length - *at - 2 < count) {
        return NULL;
    }
    GBytes *bytes = g_bytes_new(data + *at + 2, count);
    *at += 2 + count;
    return bytes;
}

bool
fisc_passkey_unpack(const uint8_t *data, gsize length, FiscPasskey *out_passkey)
{
    g_auto(FiscPasskey) passkey = {0};
    uint8_t digest[FISC_HASH_SIZE];
    gsize at = HEAD_SIZE;
    if (length < HEAD_SIZE) {
        return false;
    }
    passkey.algorithm = (int)number_at(data + FISC_HASH_SIZE, 4);
    passkey.id = take_bytes(data, length, &at);
    passkey.key = passkey.id != NULL ? take_bytes(data, length, &at) : NULL;
    if (passkey.key == NULL) {
        return false;
    }
    fisc_hash_data(g_bytes_get_data(passkey.id, NULL), g_bytes_get_size(passkey.id), digest);
    if (memcmp(digest, data, sizeof digest) != 0 || length - at > FISC_PASSKEY_LABEL_MAX ||
        !g_utf8_validate((const char *)data + at, (gssize)(length - at), NULL)) {
        return false;
    }
    passkey.label = g_strndup((const char *)data + at, length - at);
    *out_passkey = passkey;
    passkey = (FiscPasskey){0};
    return true;
}

static bool
is_default_port(const char *scheme, int port)
{
    return port < 0 || (strcmp(scheme, "https") == 0 && port == 443) ||
           (strcmp(scheme, "http") == 0 && port == 80);
}

static bool
is_host(const char *host)
{
    return *host != '\0' && !g_hostname_is_ip_address(host) && g_hostname_is_non_ascii(host) == 0 &&
           strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(host);
}

bool
fisc_passkey_site(const char *url, char **out_origin, char **out_site)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *given = uri != NULL ? g_uri_get_host(uri) : NULL;
    if (given == NULL || g_uri_get_userinfo(uri) != NULL) {
        return false;
    }
    const char *scheme = g_uri_get_scheme(uri);
    int port = g_uri_get_port(uri);
    g_autofree char *host = g_ascii_strdown(given, -1);
    bool is_safe = strcmp(scheme, "https") == 0 ||
                   (strcmp(scheme, "http") == 0 && strcmp(host, "localhost") == 0);
    if (!is_safe || !is_host(host)) {
        return false;
    }
    *out_origin = is_default_port(scheme, port) ? g_strconcat(scheme, "://", host, NULL)
                                                : g_strdup_printf("%s://%s:%d", scheme, host, port);
    *out_site = g_steal_pointer(&host);
    return true;
}
