/* fz_passkey.c: what devices and browsers send. The first byte says what the rest is; whatever it
 * is, nothing that was not signed is believed, and what is taken can be kept and read again. */
#include "fisc/passkey.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define SITE "localhost"

/* The point of P-256 that everybody knows: nobody here can sign for it. */
static const uint8_t generator[64] = {
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

#define CLIENT_DATA(type)                                                                          \
    "{\"type\":\"" type "\",\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","        \
    "\"origin\":\"http://localhost\",\"crossOrigin\":false}"

static GBytes *
fixed(const char *text)
{
    return g_bytes_new_static(text, strlen(text));
}

static void
check_kept(const FiscPasskey *passkey)
{
    g_auto(FiscPasskey) again = {0};
    g_autoptr(GByteArray) kept = fisc_passkey_pack(passkey);
    FUZZ_HOLDS(fisc_passkey_unpack(kept->data, kept->len, &again));
    FUZZ_HOLDS(g_bytes_equal(again.id, passkey->id) && g_bytes_equal(again.key, passkey->key));
}

static void
try_new(const FiscPasskeyQuestion *question, GBytes *client_data, GBytes *data)
{
    g_auto(FiscPasskey) passkey = {0};
    uint32_t counter = 0;
    const FiscPasskeyOffer offer = {.client_data = client_data, .authenticator_data = data};
    if (fisc_passkey_register(question, &offer, &passkey, &counter) == FISC_PASSKEY_NONE) {
        check_kept(&passkey);
    }
}

static void
try_proof(const FiscPasskeyQuestion *question, GBytes *client_data, GBytes *data, GBytes *signature)
{
    uint32_t counter = 0;
    g_autoptr(GBytes) id = g_bytes_new_static("id", 2);
    g_autoptr(GBytes) key = g_bytes_new_static(generator, sizeof generator);
    const FiscPasskey passkey = {.id = id, .key = key, .algorithm = -7};
    const FiscPasskeyProof proof = {
        .id = id, .client_data = client_data, .authenticator_data = data, .signature = signature};
    FUZZ_HOLDS(fisc_passkey_check(question, &passkey, &proof, &counter) != FISC_PASSKEY_NONE);
}

static void
try_texts(const uint8_t *data, size_t size)
{
    g_auto(FiscPasskey) passkey = {0};
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *origin = NULL, *site = NULL;
    g_autoptr(GBytes) bytes = fisc_base64url_read(text, 64);
    if (bytes != NULL) {
        g_autofree char *again =
            fisc_base64url_write(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        FUZZ_HOLDS(strcmp(again, text) == 0);
    }
    if (fisc_passkey_site(text, &origin, &site)) {
        FUZZ_HOLDS(g_str_has_prefix(origin, "http") && strstr(origin, site) != NULL);
    }
    if (fisc_passkey_unpack(data, size, &passkey)) {
        check_kept(&passkey);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FiscPasskeyQuestion question = {.origin = "http://localhost", .site = SITE};
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    if (size == 0) {
        return 0;
    }
    g_autoptr(GBytes) rest = g_bytes_new(data + 1, size - 1);
    g_autoptr(GBytes) creating = fixed(CLIENT_DATA("webauthn.create"));
    g_autoptr(GBytes) getting = fixed(CLIENT_DATA("webauthn.get"));
    fisc_passkey_claimed(rest, challenge);
    switch (data[0] % 4) {
    case 0:
        try_new(&question, creating, rest);
        break;
    case 1:
        try_new(&question, rest, rest);
        try_proof(&question, rest, rest, rest);
        break;
    case 2:
        try_proof(&question, getting, rest, rest);
        break;
    default:
        try_texts(data + 1, size - 1);
        break;
    }
    return 0;
}
