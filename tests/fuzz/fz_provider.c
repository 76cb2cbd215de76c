/* fz_provider.c: what an identity provider says, or somebody in its place. Nothing that its key did
 * not sign is believed. The first byte says what the rest is. */
#include "fisc/provider.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define ISSUER "https://id.example"
/* The generator of P-256 as a key: nobody here can sign for it. */
#define KEYS                                                                                       \
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"use\":\"sig\",\"alg\":"          \
    "\"ES256\",\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\","                             \
    "\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}]}"

static void
try_token(const char *text)
{
    static FiscKeySet *keys;
    const FiscIdTokenRules rules = {
        .issuer = ISSUER, .client_id = "fisc", .nonce = "n", .now_s = 1700000000};
    g_auto(FiscIdToken) token = {0};
    const char *why = NULL;
    if (keys == NULL) {
        FUZZ_HOLDS(fisc_key_set_read(KEYS, strlen(KEYS), &keys, NULL));
        FUZZ_HOLDS(fisc_key_set_count(keys) == 1);
    }
    FUZZ_HOLDS(fisc_id_token_check(text, keys, &rules, &token, &why) != FISC_ID_TOKEN_GOOD);
    FUZZ_HOLDS(token.subject == NULL);
}

static void
try_places(const char *json, gsize length)
{
    g_auto(FiscProviderPlaces) places = {0};
    g_autoptr(GError) error = NULL;
    if (fisc_provider_places_read(json, length, ISSUER, &places, &error)) {
        FUZZ_HOLDS(g_str_has_prefix(places.authorization_endpoint, "https://"));
        FUZZ_HOLDS(g_str_has_prefix(places.token_endpoint, "https://"));
        FUZZ_HOLDS(g_str_has_prefix(places.jwks_uri, "https://"));
    } else {
        FUZZ_HOLDS(error != NULL);
    }
}

static void
try_grant(const char *json, gsize length)
{
    g_auto(FiscProviderGrant) grant = {0};
    FUZZ_HOLDS(fisc_provider_grant_read(json, length, &grant) == (grant.id_token != NULL));
}

static void
try_keys(const char *json, gsize length)
{
    g_autoptr(FiscKeySet) keys = NULL;
    g_autoptr(GError) error = NULL;
    FUZZ_HOLDS(fisc_key_set_read(json, length, &keys, &error) == (error == NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    /* With its end, and a copy of exactly that size. */
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    switch (data[0] % 4) {
    case 0:
        try_token(text);
        break;
    case 1:
        try_places(text, strlen(text));
        break;
    case 2:
        try_grant(text, strlen(text));
        break;
    default:
        try_keys(text, strlen(text));
        break;
    }
    return 0;
}
