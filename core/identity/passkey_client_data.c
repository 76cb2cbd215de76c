/* passkey_client_data.c: see passkey_client_data.h. It is JSON that the browser wrote; the device
 * has signed its hash, so it is read only to see what was signed. */
#include "core/identity/passkey_client_data.h"
#include "fisc/signin.h"
#include <jansson.h>
#include <sodium.h>
#include <string.h>

/* libsodium takes some bytes beyond ASCII for letters. */
static bool
is_letters(const char *text)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isalnum(*text) && *text != '-' && *text != '_') {
            return false;
        }
    }
    return true;
}

GBytes *
fisc_base64url_read(const char *text, gsize max)
{
    gsize length = text != NULL ? strlen(text) : 0, count = 0;
    const char *end = NULL;
    if (length == 0 || length / 4 * 3 > max || !is_letters(text)) {
        return NULL;
    }
    g_autofree uint8_t *bytes = g_malloc(length);
    bool is_read = sodium_base642bin(bytes, length, text, length, NULL, &count, &end,
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                   end == text + length && count > 0 && count <= max;
    return is_read ? g_bytes_new(bytes, count) : NULL;
}

char *
fisc_base64url_write(const void *data, gsize length)
{
    gsize size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = g_malloc(size);
    sodium_bin2base64(text, size, data, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

/* NULL when it is no object, or a member stands twice. */
static json_t *
read_object(GBytes *client_data)
{
    gsize length = 0;
    const char *text = client_data != NULL ? g_bytes_get_data(client_data, &length) : NULL;
    if (text == NULL || length > FISC_CLIENT_DATA_MAX) {
        return NULL;
    }
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    if (object != NULL && !json_is_object(object)) {
        g_clear_pointer(&object, json_decref);
    }
    return object;
}

/* "" when it is missing, or no text. */
static const char *
member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static bool
read_challenge(const json_t *object, uint8_t out_challenge[FISC_CHALLENGE_SIZE])
{
    gsize length = 0;
    g_autoptr(GBytes) bytes = fisc_base64url_read(member(object, "challenge"), FISC_CHALLENGE_SIZE);
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;
    if (length != FISC_CHALLENGE_SIZE) {
        return false;
    }
    memcpy(out_challenge, data, FISC_CHALLENGE_SIZE);
    return true;
}

FiscPasskeyFault
fisc_passkey_claimed(GBytes *client_data, uint8_t out_challenge[FISC_CHALLENGE_SIZE])
{
    json_t *object = read_object(client_data);
    bool is_read = object != NULL && read_challenge(object, out_challenge);
    json_decref(object);
    return is_read ? FISC_PASSKEY_NONE : FISC_PASSKEY_MALFORMED;
}

/* A browser that says nothing of pages inside others is an old one, and there was no such page. */
static bool
is_inside_another(const json_t *object)
{
    const json_t *value = json_object_get(object, "crossOrigin");
    return (value != NULL && !json_is_false(value)) || json_object_get(object, "topOrigin") != NULL;
}

static FiscPasskeyFault
judge(const FiscPasskeyQuestion *question, const char *kind, const json_t *object)
{
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    if (object == NULL) {
        return FISC_PASSKEY_MALFORMED;
    }
    if (strcmp(member(object, "type"), kind) != 0) {
        return FISC_PASSKEY_KIND;
    }
    if (!read_challenge(object, challenge) ||
        sodium_memcmp(challenge, question->challenge, sizeof challenge) != 0) {
        return FISC_PASSKEY_CHALLENGE;
    }
    if (strcmp(member(object, "origin"), question->origin) != 0) {
        return FISC_PASSKEY_ORIGIN;
    }
    return is_inside_another(object) ? FISC_PASSKEY_CROSS_ORIGIN : FISC_PASSKEY_NONE;
}

FiscPasskeyFault
fisc_client_data_check(const FiscPasskeyQuestion *question, const char *kind, GBytes *client_data)
{
    json_t *object = read_object(client_data);
    FiscPasskeyFault fault = judge(question, kind, object);
    json_decref(object);
    return fault;
}
