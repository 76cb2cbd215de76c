/* passkey_test.c mirrors core/identity/passkey.c, passkey_client_data.c and passkey_kept.c: devices
 * made for the test register and sign, each time with one thing wrong. */
#include "fisc/passkey.h"
#include "tests/support/device.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_passkey_tests[];

#define ORIGIN "https://fisc.example.org"
#define SITE "fisc.example.org"
#define GOOD_FLAGS (DEVICE_PRESENT | DEVICE_VERIFIED)

/* What is sent, and what is changed of it before. */
typedef struct {
    const char *what;
    const char *type;   /* NULL: the right one */
    const char *origin; /* the same */
    const char *site;
    const char *client_data; /* all of it */
    int flags;               /* 0: good ones */
    bool other_challenge, other_key, other_id;
    int cut;    /* bytes at the end of the authenticator data */
    int growth; /* bytes behind it */
    int flip;   /* a byte of it, from 1 */
    int flip_signature;
    bool no_signature;
    FiscPasskeyFault fault;
} Case;

static FiscPasskeyQuestion
question(void)
{
    FiscPasskeyQuestion asked = {.origin = ORIGIN, .site = SITE};
    memset(asked.challenge, 0xa5, sizeof asked.challenge);
    return asked;
}

static GBytes *
client_data(const Case *given, const char *type)
{
    FiscPasskeyQuestion asked = question();
    asked.challenge[0] ^= given->other_challenge ? 1 : 0;
    return given->client_data != NULL
               ? g_bytes_new_static(given->client_data, strlen(given->client_data))
               : device_client_data(given->type != NULL ? given->type : type, asked.challenge,
                                    given->origin != NULL ? given->origin : ORIGIN);
}

static GBytes *
spoil(const Case *given, GBytes *data)
{
    g_autoptr(GByteArray) bytes = g_bytes_unref_to_array(data);
    if (given->flip > 0) {
        bytes->data[given->flip - 1] ^= 1;
    }
    if (given->cut > 0) {
        g_byte_array_set_size(bytes, bytes->len - (guint)given->cut);
    }
    for (int i = 0; i < given->growth; i++) {
        g_byte_array_append(bytes, (const uint8_t *)"", 1);
    }
    return g_bytes_new(bytes->data, bytes->len);
}

static GBytes *
authenticator_data(const Case *given, const Device *device, int more_flags)
{
    uint8_t flags = (uint8_t)(given->flags != 0 ? given->flags : GOOD_FLAGS | more_flags);
    return device_data(device, given->site != NULL ? given->site : SITE, flags, 7);
}

/* Registration --------------------------------------------------------------------------------- */

static FiscPasskeyFault
offer(const Case *given, const Device *device, FiscPasskey *out_passkey, uint32_t *out_counter)
{
    FiscPasskeyQuestion asked = question();
    g_auto(FiscPasskeyOffer) made = {
        .client_data = client_data(given, "webauthn.create"),
        .authenticator_data = spoil(given, authenticator_data(given, device, DEVICE_WITH_KEY))};
    return fisc_passkey_register(&asked, &made, out_passkey, out_counter);
}

static void
takes_the_keys_it_knows(void)
{
    static const int algorithms[] = {DEVICE_ES256, DEVICE_EDDSA, DEVICE_RS256};
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_autoptr(Device) device = device_new(algorithms[i]);
        g_auto(FiscPasskey) passkey = {0};
        uint32_t counter = 0;
        FISC_ASSERT_INT(offer(&(Case){0}, device, &passkey, &counter), FISC_PASSKEY_NONE);
        FISC_ASSERT_INT(passkey.algorithm, algorithms[i]);
        FISC_ASSERT_INT(counter, 7);
        CU_ASSERT(g_bytes_equal(passkey.id, device_id(device)));
    }
    g_autoptr(Device) other = device_new(DEVICE_ES384);
    g_auto(FiscPasskey) none = {0};
    uint32_t counter = 0;
    FISC_ASSERT_INT(offer(&(Case){0}, other, &none, &counter), FISC_PASSKEY_ALGORITHM);
    CU_ASSERT_PTR_NULL(none.id);
}

/* Offsets of the authenticator data: 37 bytes of fixed layout, 16 of the model, 2 of the length of
 * the id, 20 of the id, then the key. */
#define ID_LENGTH_AT 54
#define KEY_AT 76
#define POINT_AT 86

static void
refuses_to_take_what_is_wrong(void)
{
    static const Case cases[] = {
        {"for signing in", .type = "webauthn.get", .fault = FISC_PASSKEY_KIND},
        {"another challenge", .other_challenge = true, .fault = FISC_PASSKEY_CHALLENGE},
        {"another origin", .origin = "https://fisc.example.com", .fault = FISC_PASSKEY_ORIGIN},
        {"another site", .site = "example.org", .fault = FISC_PASSKEY_SITE},
        {"nobody there", .flags = DEVICE_VERIFIED | DEVICE_WITH_KEY,
         .fault = FISC_PASSKEY_PRESENCE},
        {"nobody asked who", .flags = DEVICE_PRESENT | DEVICE_WITH_KEY,
         .fault = FISC_PASSKEY_VERIFICATION},
        {"no key", .flags = GOOD_FLAGS, .fault = FISC_PASSKEY_MALFORMED},
        {"a key cut off", .cut = 1, .fault = FISC_PASSKEY_MALFORMED},
        {"most of it cut off", .cut = 60, .fault = FISC_PASSKEY_MALFORMED},
        {"all but the fixed part cut off", .cut = 115, .fault = FISC_PASSKEY_MALFORMED},
        {"too short to be looked at", .cut = 130, .fault = FISC_PASSKEY_MALFORMED},
        {"an id that is longer than the rest", .flip = ID_LENGTH_AT,
         .fault = FISC_PASSKEY_MALFORMED},
        {"a key that is no map", .flip = KEY_AT, .fault = FISC_PASSKEY_ALGORITHM},
        {"a point beside the curve", .flip = POINT_AT + 5, .fault = FISC_PASSKEY_ALGORITHM},
        {"huge", .growth = 9000, .fault = FISC_PASSKEY_MALFORMED},
    };
    g_autoptr(Device) device = device_new(DEVICE_ES256);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscPasskey) passkey = {0};
        uint32_t counter = 0;
        fisc_assert_text(fisc_passkey_words(offer(&cases[i], device, &passkey, &counter)),
                         fisc_passkey_words(cases[i].fault), cases[i].what, __FILE__, __LINE__);
        CU_ASSERT_PTR_NULL(passkey.id);
    }
}

/* Proof ---------------------------------------------------------------------------------------- */

static FiscPasskey
passkey_of(const Device *device)
{
    FiscPasskey passkey = {0};
    uint32_t counter = 0;
    CU_ASSERT_TRUE_FATAL(offer(&(Case){0}, device, &passkey, &counter) == FISC_PASSKEY_NONE);
    return passkey;
}

/* Signed rightly, and spoilt after that. */
static FiscPasskeyFault
prove(const Case *given, const Device *device, const Device *signer, const FiscPasskey *passkey,
      uint32_t *out_counter)
{
    FiscPasskeyQuestion asked = question();
    g_auto(FiscPasskeyProof) proof = {.id = g_bytes_ref(device_id(device)),
                                      .client_data = client_data(given, "webauthn.get")};
    GBytes *data = authenticator_data(given, device, 0);
    proof.signature = device_sign(signer, data, proof.client_data);
    proof.authenticator_data = spoil(given, data);
    if (given->flip_signature > 0) {
        GByteArray *bytes = g_bytes_unref_to_array(g_steal_pointer(&proof.signature));
        bytes->data[given->flip_signature - 1] ^= 1;
        proof.signature = g_byte_array_free_to_bytes(bytes);
    }
    if (given->no_signature) {
        g_bytes_unref(proof.signature);
        proof.signature = g_bytes_new("", 0);
    }
    return fisc_passkey_check(&asked, passkey, &proof, out_counter);
}

static void
believes_what_was_signed(void)
{
    static const int algorithms[] = {DEVICE_ES256, DEVICE_EDDSA, DEVICE_RS256};
    for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_autoptr(Device) device = device_new(algorithms[i]);
        g_autoptr(Device) other = device_new(algorithms[i]);
        g_auto(FiscPasskey) passkey = passkey_of(device);
        uint32_t counter = 0;
        FISC_ASSERT_INT(prove(&(Case){0}, device, device, &passkey, &counter), FISC_PASSKEY_NONE);
        FISC_ASSERT_INT(counter, 7);
        FISC_ASSERT_INT(prove(&(Case){0}, device, other, &passkey, &counter),
                        FISC_PASSKEY_SIGNATURE);
        FISC_ASSERT_INT(prove(&(Case){0}, other, other, &passkey, &counter),
                        FISC_PASSKEY_OTHER_KEY);
    }
}

#define RIGHT_CHALLENGE "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU"
#define SAYS(more)                                                                                 \
    "{\"type\":\"webauthn.get\",\"challenge\":\"" RIGHT_CHALLENGE "\",\"origin\":\"" ORIGIN        \
    "\"" more "}"

static void
refuses_to_believe_what_is_wrong(void)
{
    static const Case cases[] = {
        {"for a new one", .type = "webauthn.create", .fault = FISC_PASSKEY_KIND},
        {"for paying", .type = "payment.get", .fault = FISC_PASSKEY_KIND},
        {"another challenge", .other_challenge = true, .fault = FISC_PASSKEY_CHALLENGE},
        {"another origin", .origin = "https://evil.example", .fault = FISC_PASSKEY_ORIGIN},
        {"without TLS", .origin = "http://" SITE, .fault = FISC_PASSKEY_ORIGIN},
        {"another port", .origin = ORIGIN ":8443", .fault = FISC_PASSKEY_ORIGIN},
        {"an origin that begins like ours", .origin = ORIGIN ".evil.example",
         .fault = FISC_PASSKEY_ORIGIN},
        {"another site", .site = "evil.example", .fault = FISC_PASSKEY_SITE},
        {"nobody there", .flags = DEVICE_VERIFIED, .fault = FISC_PASSKEY_PRESENCE},
        {"nobody asked who", .flags = DEVICE_PRESENT, .fault = FISC_PASSKEY_VERIFICATION},
        {"a site that was changed", .flip = 1, .fault = FISC_PASSKEY_SITE},
        {"a flag that was changed", .flags = GOOD_FLAGS | 0x10, .flip = 33,
         .fault = FISC_PASSKEY_PRESENCE},
        {"a counter that was changed", .flip = 37, .fault = FISC_PASSKEY_SIGNATURE},
        {"cut off", .cut = 1, .fault = FISC_PASSKEY_MALFORMED},
        {"something behind it", .growth = 1, .fault = FISC_PASSKEY_SIGNATURE},
        {"huge", .growth = 9000, .fault = FISC_PASSKEY_MALFORMED},
        {"extensions that are not there", .flags = GOOD_FLAGS | 0x80,
         .fault = FISC_PASSKEY_MALFORMED},
        {"a key that nobody asked for", .flags = GOOD_FLAGS | DEVICE_WITH_KEY,
         .fault = FISC_PASSKEY_MALFORMED},
        {"a signature that was changed", .flip_signature = 20, .fault = FISC_PASSKEY_SIGNATURE},
        {"no signature", .no_signature = true, .fault = FISC_PASSKEY_MALFORMED},
        {"said well", .client_data = SAYS(",\"crossOrigin\":false"), .fault = FISC_PASSKEY_NONE},
        {"by an old browser", .client_data = SAYS(""), .fault = FISC_PASSKEY_NONE},
        {"with more than is known", .client_data = SAYS(",\"later\":{\"x\":[1]}"),
         .fault = FISC_PASSKEY_NONE},
        {"inside another page", .client_data = SAYS(",\"crossOrigin\":true"),
         .fault = FISC_PASSKEY_CROSS_ORIGIN},
        {"inside a page that is named", .client_data = SAYS(",\"topOrigin\":\"https://x.example\""),
         .fault = FISC_PASSKEY_CROSS_ORIGIN},
        {"a text for false", .client_data = SAYS(",\"crossOrigin\":\"false\""),
         .fault = FISC_PASSKEY_CROSS_ORIGIN},
        {"an origin twice", .client_data = SAYS(",\"origin\":\"https://evil.example\""),
         .fault = FISC_PASSKEY_MALFORMED},
        {"a challenge with padding",
         .client_data = "{\"type\":\"webauthn.get\",\"challenge\":\"" RIGHT_CHALLENGE
                        "=\",\"origin\":\"" ORIGIN "\"}",
         .fault = FISC_PASSKEY_CHALLENGE},
        {"a challenge that is longer",
         .client_data = "{\"type\":\"webauthn.get\",\"challenge\":\"" RIGHT_CHALLENGE
                        "AAAA\",\"origin\":\"" ORIGIN "\"}",
         .fault = FISC_PASSKEY_CHALLENGE},
        {"no object", .client_data = "[1]", .fault = FISC_PASSKEY_MALFORMED},
        {"no JSON", .client_data = "{\"type\":", .fault = FISC_PASSKEY_MALFORMED},
        {"nothing", .client_data = "", .fault = FISC_PASSKEY_MALFORMED},
    };
    g_autoptr(Device) device = device_new(DEVICE_ES256);
    g_auto(FiscPasskey) passkey = passkey_of(device);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint32_t counter = 0;
        FiscPasskeyFault fault = prove(&cases[i], device, device, &passkey, &counter);
        fisc_assert_text(fisc_passkey_words(fault), fisc_passkey_words(cases[i].fault),
                         cases[i].what, __FILE__, __LINE__);
    }
}

/* A key of one kind does not pass for one of another. */
static void
holds_a_key_to_its_algorithm(void)
{
    g_autoptr(Device) device = device_new(DEVICE_ES256);
    g_auto(FiscPasskey) passkey = passkey_of(device);
    static const int others[] = {DEVICE_EDDSA, DEVICE_RS256, DEVICE_ES384, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        uint32_t counter = 0;
        passkey.algorithm = others[i];
        FISC_ASSERT_INT(prove(&(Case){0}, device, device, &passkey, &counter),
                        FISC_PASSKEY_ALGORITHM);
    }
}

/* Heads that announce 2^32 members, or 2^63 bytes, and bring none. */
static void
is_not_impressed_by_large_numbers(void)
{
    static const char *const heads[] = {
        "\xbb\x01\x01\x01\x01\x01\x01\x01\x01", "\x9b\x01\x01\x01\x01\x01\x01\x01\x01",
        "\x5b\x7f\x01\x01\x01\x01\x01\x01\x01", "\xba\x7f\xff\xff\xff",
        "\xa1\x01\xba\x7f\xff\xff\xff",         "\xbf\x01\x01\xff"};
    g_autoptr(Device) device = device_new(DEVICE_ES256);
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        FiscPasskeyQuestion asked = question();
        g_auto(FiscPasskey) passkey = {0};
        uint32_t counter = 0;
        GByteArray *data =
            g_bytes_unref_to_array(device_data(device, SITE, GOOD_FLAGS | DEVICE_WITH_KEY, 1));
        g_byte_array_set_size(data, KEY_AT - 1);
        g_byte_array_append(data, (const uint8_t *)heads[i], (guint)strlen(heads[i]));
        g_auto(FiscPasskeyOffer) made = {.client_data = client_data(&(Case){0}, "webauthn.create"),
                                         .authenticator_data = g_byte_array_free_to_bytes(data)};
        FISC_ASSERT_INT(fisc_passkey_register(&asked, &made, &passkey, &counter),
                        FISC_PASSKEY_MALFORMED);
    }
}

/* Counters, names, what is kept ---------------------------------------------------------------- */

static void
counters_do_not_go_back(void)
{
    static const struct {
        int64_t before;
        uint32_t counter;
        bool may;
    } cases[] = {
        {-1, 0, true}, {0, 0, true},  {0, 1, true},  {1, 2, true},           {1, 4000000000U, true},
        {1, 1, false}, {2, 1, false}, {1, 0, false}, {4294967295, 0, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_passkey_may_follow(cases[i].before, cases[i].counter), cases[i].may);
    }
}

static void
is_kept_and_read_again(void)
{
    g_autoptr(Device) device = device_new(DEVICE_RS256);
    g_auto(FiscPasskey) passkey = passkey_of(device);
    g_auto(FiscPasskey) again = {0};
    passkey.label = g_strdup("Teléfono de Ana");
    g_autoptr(GByteArray) kept = fisc_passkey_pack(&passkey);
    CU_ASSERT_TRUE_FATAL(fisc_passkey_unpack(kept->data, kept->len, &again));
    CU_ASSERT(g_bytes_equal(again.id, passkey.id) && g_bytes_equal(again.key, passkey.key));
    FISC_ASSERT_INT(again.algorithm, DEVICE_RS256);
    FISC_ASSERT_TEXT(again.label, "Teléfono de Ana");
    for (guint length = 0; length < kept->len - strlen(passkey.label); length++) {
        g_auto(FiscPasskey) part = {0};
        CU_ASSERT_FALSE(fisc_passkey_unpack(kept->data, length, &part));
    }
    kept->data[40] ^= 1; /* of the id: no longer what its digest says */
    CU_ASSERT_FALSE(fisc_passkey_unpack(kept->data, kept->len, &again));
}

static void
a_challenge_is_of_its_act(void)
{
    uint8_t nonce[32] = {1}, other_nonce[32] = {2}, act[32] = {3}, other_act[32] = {4};
    uint8_t challenges[4][32];
    fisc_passkey_challenge(nonce, act, challenges[0]);
    fisc_passkey_challenge(nonce, other_act, challenges[1]);
    fisc_passkey_challenge(other_nonce, act, challenges[2]);
    fisc_passkey_challenge(nonce, NULL, challenges[3]);
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < i; k++) {
            CU_ASSERT(memcmp(challenges[i], challenges[k], 32) != 0);
        }
    }
}

static void
knows_where_browsers_give_passkeys(void)
{
    static const struct {
        const char *url, *origin, *site; /* NULL: nowhere */
    } cases[] = {
        {"https://fisc.example.org", "https://fisc.example.org", "fisc.example.org"},
        {"https://Fisc.Example.Org:443/", "https://fisc.example.org", "fisc.example.org"},
        {"https://fisc.example.org:8443", "https://fisc.example.org:8443", "fisc.example.org"},
        {"http://localhost:8700", "http://localhost:8700", "localhost"},
        {"http://localhost", "http://localhost", "localhost"},
        {"http://fisc.example.org", NULL, NULL},
        {"https://127.0.0.1:8700", NULL, NULL},
        {"https://[::1]", NULL, NULL},
        {"http://localhost.evil.example", NULL, NULL},
        {"https://ana@fisc.example.org", NULL, NULL},
        {"https://", NULL, NULL},
        {"ftp://localhost", NULL, NULL},
        {"fisc.example.org", NULL, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *origin = NULL, *site = NULL;
        FISC_ASSERT_INT(fisc_passkey_site(cases[i].url, &origin, &site), cases[i].site != NULL);
        FISC_ASSERT_TEXT(origin, cases[i].origin);
        FISC_ASSERT_TEXT(site, cases[i].site);
    }
}

static void
reads_base64url_strictly(void)
{
    static const struct {
        const char *text;
        int length; /* -1: it is none */
    } cases[] = {
        {"AA", 1},    {"AAA", 2},     {"AAAA", 3},     {"-_-_", 3},
        {"", -1},     {NULL, -1},     {"A", -1},       {"AB", -1},
        {"AA==", -1}, {"AA AA", -1},  {"+/+/", -1},    {"AAAAAAAAAAAA", -1},
        {"A\n", -1},  {"AAAA\n", -1}, {"AA\xb5l", -1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = fisc_base64url_read(cases[i].text, 8);
        int length = bytes != NULL ? (int)g_bytes_get_size(bytes) : -1;
        fisc_assert_int(length, cases[i].length, cases[i].text, __FILE__, __LINE__);
    }
}

const FiscTest fisc_passkey_tests[] = {
    {"takes new passkeys of three algorithms", takes_the_keys_it_knows},
    {"refuses a new passkey with one thing wrong", refuses_to_take_what_is_wrong},
    {"believes what a passkey has signed", believes_what_was_signed},
    {"believes nothing with one thing wrong", refuses_to_believe_what_is_wrong},
    {"holds a key to its algorithm", holds_a_key_to_its_algorithm},
    {"is not impressed by large numbers in a new passkey", is_not_impressed_by_large_numbers},
    {"knows a counter that went back", counters_do_not_go_back},
    {"keeps a passkey and reads it again", is_kept_and_read_again},
    {"makes a challenge of its act", a_challenge_is_of_its_act},
    {"knows where browsers give passkeys", knows_where_browsers_give_passkeys},
    {"reads base64url strictly", reads_base64url_strictly},
    {NULL, NULL},
};
