/* id_token_test.c: ID tokens that are right, and all the ways one can be wrong. The keys are made
 * here, the signatures by libcrypto; what is wrong about a token is always the only thing wrong. */
#include "core/base/hash.h"
#include "fisc/provider.h"
#include "tests/identity/jose.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <string.h>

#define ISSUER "https://id.example.org"
#define NOW 1800000000
#define NONCE "n-0S6_WzA2Mj"
#define HEADER "{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"JWT\"}"
#define CLAIMS                                                                                     \
    "{\"iss\":\"" ISSUER "\",\"sub\":\"248289761001\",\"aud\":\"fisc\",\"exp\":1800000300,"        \
    "\"iat\":1799999990,\"nonce\":\"" NONCE "\"}"

static JoseKey *key_a, *key_b, *key_ec;
static FiscKeySet *keys;

static char *
text_of_set(const char *first, const char *second)
{
    return second != NULL ? g_strdup_printf("{\"keys\":[%s,%s]}", first, second)
                          : g_strdup_printf("{\"keys\":[%s]}", first);
}

static FiscKeySet *
set_of(const char *first, const char *second)
{
    g_autoptr(GError) error = NULL;
    FiscKeySet *set = NULL;
    g_autofree char *text = text_of_set(first, second);
    CU_ASSERT_TRUE_FATAL(fisc_key_set_read(text, strlen(text), &set, &error));
    return set;
}

int
id_token_set_up(void)
{
    key_a = jose_rsa(2048);
    key_b = jose_rsa(2048);
    key_ec = jose_ec("P-256");
    g_autofree char *a = jose_jwk(key_a, "a", ",\"use\":\"sig\"");
    g_autofree char *ec = jose_jwk(key_ec, "ec", ",\"alg\":\"ES256\"");
    g_autofree char *text = text_of_set(a, ec);
    return fisc_key_set_read(text, strlen(text), &keys, NULL) ? 0 : 1;
}

int
id_token_tear_down(void)
{
    jose_free(key_a);
    jose_free(key_b);
    jose_free(key_ec);
    fisc_key_set_free(keys);
    return 0;
}

static FiscIdTokenRules
rules_of(void)
{
    return (FiscIdTokenRules){.issuer = ISSUER, .client_id = "fisc", .nonce = NONCE, .now_s = NOW};
}

/* "" for a token that is believed, else why it is not. */
static const char *
judge(const char *token, const FiscIdTokenRules *rules)
{
    g_auto(FiscIdToken) read = {0};
    const char *why = "";
    return fisc_id_token_check(token, keys, rules, &read, &why) == FISC_ID_TOKEN_GOOD ? "" : why;
}

/* The claims with some replaced; null takes one away. Caller frees. */
static char *
claims_with(const char *changes)
{
    json_t *claims = json_loads(CLAIMS, 0, NULL);
    json_t *changed = json_loads(changes, 0, NULL);
    const char *name;
    json_t *value;
    json_object_foreach(changed, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(claims, name);
        } else {
            json_object_set(claims, name, value);
        }
    }
    char *text = json_dumps(claims, JSON_COMPACT);
    json_decref(claims);
    json_decref(changed);
    return text;
}

/* Right ---------------------------------------------------------------------------------------- */

static void
what_a_token_says_is_taken(void)
{
    g_auto(FiscIdToken) read = {0};
    const char *why = NULL;
    FiscIdTokenRules rules = rules_of();
    rules.person_claim = "employee";
    g_autofree char *claims = claims_with(
        "{\"employee\":\"ana\",\"acr\":\"urn:two\",\"amr\":[\"pwd\",\"otp\"],\"more\":{\"x\":1}}");
    g_autofree char *token = jose_sign(key_a, "RS256", HEADER, claims);
    FISC_ASSERT_INT(fisc_id_token_check(token, keys, &rules, &read, &why), FISC_ID_TOKEN_GOOD);
    FISC_ASSERT_TEXT(read.subject, "248289761001");
    FISC_ASSERT_TEXT(read.person, "ana");
    FISC_ASSERT_TEXT(read.acr, "urn:two");
    FISC_ASSERT_TEXT(read.amr[1], "otp");
    CU_ASSERT_PTR_NULL(read.amr[2]);
}

static void
three_algorithms_are_taken(void)
{
    const struct {
        JoseKey *key;
        const char *algorithm, *header;
    } cases[] = {
        {key_a, "RS256", HEADER},
        {key_a, "PS256", "{\"alg\":\"PS256\",\"kid\":\"a\"}"},
        {key_ec, "ES256", "{\"alg\":\"ES256\",\"kid\":\"ec\"}"},
        {key_a, "RS256", "{\"alg\":\"RS256\"}"}, /* the only key of its kind */
        {key_ec, "ES256", "{\"typ\":\"jwt\",\"alg\":\"ES256\"}"},
    };
    FiscIdTokenRules rules = rules_of();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *token =
            jose_sign(cases[i].key, cases[i].algorithm, cases[i].header, CLAIMS);
        fisc_assert_text(judge(token, &rules), "", cases[i].header, __FILE__, __LINE__);
    }
}

/* The clocks of two machines are a minute apart, at most. */
static void
a_minute_is_between_two_clocks(void)
{
    static const struct {
        int64_t now;
        const char *why;
    } cases[] = {
        {1800000300, ""},
        {1800000359, ""},
        {1800000360, "is over"},
        {1799999930, ""},
        {1799999929, "is of the future"},
    };
    g_autofree char *token = jose_sign(key_a, "RS256", HEADER, CLAIMS);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscIdTokenRules rules = rules_of();
        rules.now_s = cases[i].now;
        FISC_ASSERT_TEXT(judge(token, &rules), cases[i].why);
    }
}

/* Wrong ---------------------------------------------------------------------------------------- */

static void
wrong_claims_are_not_believed(void)
{
    static const struct {
        const char *changes, *why;
    } cases[] = {
        {"{}", ""},
        {"{\"iss\":\"https://id.example.org/\"}", "is of another issuer"},
        {"{\"iss\":null}", "is of another issuer"},
        {"{\"iss\":[\"" ISSUER "\"]}", "is of another issuer"},
        {"{\"aud\":\"other\"}", "is for somebody else"},
        {"{\"aud\":null}", "is for somebody else"},
        {"{\"aud\":[]}", "is for somebody else"},
        {"{\"aud\":[\"fisc\"]}", ""},
        {"{\"aud\":[\"fisc\",\"other\"]}", "is for somebody else"},
        {"{\"aud\":[\"fisc\",\"other\"],\"azp\":\"other\"}", "is for somebody else"},
        {"{\"aud\":[\"other\",\"fisc\"],\"azp\":\"fisc\"}", ""},
        {"{\"azp\":\"other\"}", "is for somebody else"},
        {"{\"azp\":7}", "is for somebody else"},
        {"{\"exp\":null}", "does not say when it was made and when it ends"},
        {"{\"exp\":\"1800000300\"}", "does not say when it was made and when it ends"},
        {"{\"exp\":1800000300.5}", "does not say when it was made and when it ends"},
        {"{\"exp\":1799999000}", "is over"},
        {"{\"exp\":-9223372036854775807}", "is over"},
        {"{\"iat\":null}", "does not say when it was made and when it ends"},
        {"{\"iat\":1799999000}", "is an old one"},
        {"{\"iat\":9223372036854775807}", "is of the future"},
        {"{\"nbf\":1800000000}", ""},
        {"{\"nbf\":1800000100}", "is of the future"},
        {"{\"nbf\":\"now\"}", "does not say when it was made and when it ends"},
        {"{\"nonce\":null}", "is of another sign-in"},
        {"{\"nonce\":\"other\"}", "is of another sign-in"},
        {"{\"nonce\":\"\"}", "is of another sign-in"},
        {"{\"sub\":null}", "does not say of whom it is"},
        {"{\"sub\":\"\"}", "does not say of whom it is"},
        {"{\"sub\":248289761001}", "does not say of whom it is"},
        {"{\"sub\":\"\\u00e1na\"}", "does not say of whom it is"},
    };
    FiscIdTokenRules rules = rules_of();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *claims = claims_with(cases[i].changes);
        g_autofree char *token = jose_sign(key_a, "RS256", HEADER, claims);
        fisc_assert_text(judge(token, &rules), cases[i].why, cases[i].changes, __FILE__, __LINE__);
    }
}

static void
a_subject_has_255_letters_at_most(void)
{
    FiscIdTokenRules rules = rules_of();
    for (int length = FISC_SUBJECT_MAX; length <= FISC_SUBJECT_MAX + 1; length++) {
        g_autofree char *subject = g_strnfill((gsize)length, 's');
        g_autofree char *changes = g_strdup_printf("{\"sub\":\"%s\"}", subject);
        g_autofree char *claims = claims_with(changes);
        g_autofree char *token = jose_sign(key_a, "RS256", HEADER, claims);
        FISC_ASSERT_TEXT(judge(token, &rules),
                         length <= FISC_SUBJECT_MAX ? "" : "does not say of whom it is");
    }
}

static void
payloads_that_have_two_readings_are_none(void)
{
    static const char why[] = "has no claims that can be read";
    static const char *const payloads[] = {
        "",
        "null",
        "[]",
        "{}x",
        "\"text\"",
        "{\"sub\":\"root\"," /* the first or the last? */
        "\"iss\":\"" ISSUER "\",\"sub\":\"248289761001\",\"aud\":\"fisc\",\"exp\":1800000300,"
        "\"iat\":1799999990,\"nonce\":\"" NONCE "\"}",
        "{\"sub\":\"ana\\u0000\"}",
        "{\"sub\":\"\xff\"}",
    };
    FiscIdTokenRules rules = rules_of();
    for (gsize i = 1; i < G_N_ELEMENTS(payloads); i++) {
        g_autofree char *token = jose_sign(key_a, "RS256", HEADER, payloads[i]);
        fisc_assert_text(judge(token, &rules), why, payloads[i], __FILE__, __LINE__);
    }
    g_autofree char *empty = jose_sign(key_a, "RS256", HEADER, payloads[0]);
    FISC_ASSERT_TEXT(judge(empty, &rules), "is none, or too long");
}

static void
wrong_headers_are_refused(void)
{
    static const char no_algorithm[] = "is signed by no algorithm that is taken";
    static const char extension[] = "asks for an extension";
    static const char unreadable[] = "has no header that can be read";
    static const struct {
        const char *header, *why;
    } cases[] = {
        {"{\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"none\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"None\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"rs256\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"HS256\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"RS384\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"EdDSA\",\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":[\"RS256\"],\"kid\":\"a\"}", no_algorithm},
        {"{\"alg\":\"PS256\",\"kid\":\"a\"}", "has a wrong signature"},
        {"{\"alg\":\"ES256\",\"kid\":\"a\"}", "is signed with a key that is not known"},
        {"{\"alg\":\"ES256\",\"kid\":\"ec\"}", "has a wrong signature"},
        {"{\"alg\":\"RS256\",\"kid\":\"ec\"}", "is signed with a key that is not known"},
        {"{\"alg\":\"RS256\",\"kid\":\"b\"}", "is signed with a key that is not known"},
        {"{\"alg\":\"RS256\",\"kid\":\"\"}", "is signed with a key that is not known"},
        {"{\"alg\":\"RS256\",\"kid\":1}", "names its key by something else than a text"},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"crit\":[\"exp\"],\"exp\":1}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"crit\":[]}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"b64\":false}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"b64\":false,\"crit\":[\"b64\"]}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"zip\":\"DEF\"}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"cty\":\"JWT\"}", extension},
        {"{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"a\"}", extension},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":\"at+jwt\"}", "is of another type"},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"typ\":7}", "is of another type"},
        {"{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"a\"}", unreadable},
        {"{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"a\"}", unreadable},
        {"[\"RS256\"]", unreadable},
        {"{\"alg\":\"RS256\"", unreadable},
    };
    FiscIdTokenRules rules = rules_of();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *token = jose_sign(key_a, "RS256", cases[i].header, CLAIMS);
        fisc_assert_text(judge(token, &rules), cases[i].why, cases[i].header, __FILE__, __LINE__);
    }
}

/* Keys and places of its own are neither used nor asked. */
static void
keys_that_a_token_brings_are_not_looked_at(void)
{
    g_autofree char *own = jose_jwk(key_b, "a", "");
    g_autofree char *header = g_strdup_printf(
        "{\"alg\":\"RS256\",\"kid\":\"a\",\"jwk\":%s,\"jku\":\"http://127.0.0.1:1/keys\","
        "\"x5u\":\"http://127.0.0.1:1/chain\",\"x5c\":[\"MIIB\"]}",
        own);
    g_autofree char *forged = jose_sign(key_b, "RS256", header, CLAIMS);
    g_autofree char *right = jose_sign(key_a, "RS256", header, CLAIMS);
    FiscIdTokenRules rules = rules_of();
    FISC_ASSERT_TEXT(judge(forged, &rules), "has a wrong signature");
    FISC_ASSERT_TEXT(judge(right, &rules), "");
}

/* A public key is public: whoever takes it for a secret can sign anything. */
static void
a_public_key_is_no_secret(void)
{
    g_autofree char *jwk = jose_jwk(key_a, "a", ",\"use\":\"sig\"");
    FiscIdTokenRules rules = rules_of();
    static const char *const headers[] = {"{\"alg\":\"HS256\",\"kid\":\"a\"}", HEADER};
    static const char *const whys[] = {"is signed by no algorithm that is taken",
                                       "has a wrong signature"};
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autofree char *token = jose_sign_secret(jwk, headers[i], CLAIMS);
        FISC_ASSERT_TEXT(judge(token, &rules), whys[i]);
    }
}

static void
what_was_altered_has_a_wrong_signature(void)
{
    FiscIdTokenRules rules = rules_of();
    g_autofree char *token = jose_sign(key_a, "RS256", HEADER, CLAIMS);
    g_autofree char *other = claims_with("{\"sub\":\"root\"}");
    g_autofree char *letters = jose_letters(other, strlen(other));
    g_auto(GStrv) parts = g_strsplit(token, ".", -1);
    g_autofree char *swapped = g_strjoin(".", parts[0], letters, parts[2], NULL);
    FISC_ASSERT_TEXT(judge(swapped, &rules), "has a wrong signature");
    g_autofree char *foreign = jose_sign(key_b, "RS256", HEADER, CLAIMS);
    FISC_ASSERT_TEXT(judge(foreign, &rules), "has a wrong signature");
    parts[2][10] = parts[2][10] == 'A' ? 'B' : 'A';
    g_autofree char *bent = g_strjoinv(".", parts);
    FISC_ASSERT_TEXT(judge(bent, &rules), "has a wrong signature");
}

static void
what_is_no_signed_token_is_none(void)
{
    static const char why[] = "is none, or too long";
    FiscIdTokenRules rules = rules_of();
    g_autofree char *token = jose_sign(key_a, "RS256", HEADER, CLAIMS);
    g_autofree char *without = jose_sign(key_a, "none", HEADER, CLAIMS);
    g_autofree char *padded = g_strconcat(token, "=", NULL);
    g_autofree char *blank = g_strconcat(token, "\n", NULL);
    g_autofree char *encrypted = g_strconcat(token, ".QQ.QQ", NULL); /* five parts: a JWE */
    g_autofree char *letters = g_strnfill(FISC_ID_TOKEN_BYTES_MAX, 'A');
    g_autofree char *huge = g_strconcat("QQ.", letters, ".QQ", NULL);
    const char *const cases[] = {"",      ".",    "..",  "a.b",     "a..c", ".b.c",
                                 without, padded, blank, encrypted, huge,   "{\"payload\":\"\"}"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_TEXT(judge(cases[i], &rules), why);
    }
    FISC_ASSERT_TEXT(judge("QQ.QQ.QQ", &rules), "has no header that can be read");
}

static void
an_access_token_belongs_to_its_id_token(void)
{
    uint8_t digest[FISC_HASH_SIZE];
    fisc_hash_data("SlAV32hkKG", 10, digest);
    g_autofree char *half = jose_letters(digest, FISC_HASH_SIZE / 2);
    g_autofree char *changes = g_strdup_printf("{\"at_hash\":\"%s\"}", half);
    g_autofree char *claims = claims_with(changes);
    g_autofree char *token = jose_sign(key_a, "RS256", HEADER, claims);
    FiscIdTokenRules rules = rules_of();
    FISC_ASSERT_TEXT(judge(token, &rules), "");
    rules.access_token = "SlAV32hkKG";
    FISC_ASSERT_TEXT(judge(token, &rules), "");
    rules.access_token = "another";
    FISC_ASSERT_TEXT(judge(token, &rules), "belongs to another access token");
}

static void
the_claim_that_names_a_person_has_to_be_there(void)
{
    static const char why[] = "does not name a person by the claim that is asked for";
    static const char *const changes[] = {"{}", "{\"employee\":\"\"}", "{\"employee\":7}",
                                          "{\"employee\":[\"ana\"]}"};
    FiscIdTokenRules rules = rules_of();
    rules.person_claim = "employee";
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *claims = claims_with(changes[i]);
        g_autofree char *token = jose_sign(key_a, "RS256", HEADER, claims);
        FISC_ASSERT_TEXT(judge(token, &rules), why);
    }
}

/* Keys ----------------------------------------------------------------------------------------- */

static void
keys_that_cannot_be_ours_are_left_out(void)
{
    g_autoptr(JoseKey) weak = jose_rsa(1024);
    g_autoptr(JoseKey) other_curve = jose_ec("P-384");
    const struct {
        char *jwk;
        int count;
    } cases[] = {
        {jose_jwk(key_a, "a", ""), 1},
        {jose_jwk(key_a, "a", ",\"use\":\"enc\""), 0},
        {jose_jwk(key_a, "a", ",\"alg\":\"RSA-OAEP\""), 0},
        {jose_jwk(key_a, NULL, ",\"alg\":\"PS256\""), 1},
        {jose_jwk(weak, "a", ""), 0},
        {jose_jwk(other_curve, "a", ""), 0},
        {g_strdup("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"a\"}"), 0},
        {g_strdup("{\"kty\":\"RSA\",\"n\":\"AQ\"}"), 0},
        {g_strdup("{\"kty\":\"RSA\",\"n\":7,\"e\":[]}"), 0},
        {g_strdup("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}"), 0},
        {g_strdup("7"), 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscKeySet) set = set_of(cases[i].jwk, NULL);
        fisc_assert_int(fisc_key_set_count(set), cases[i].count, cases[i].jwk, __FILE__, __LINE__);
        g_free(cases[i].jwk);
    }
}

static void
of_two_keys_that_fit_none_is_taken(void)
{
    g_autofree char *first = jose_jwk(key_a, "a", "");
    g_autofree char *second = jose_jwk(key_b, "a", "");
    g_autofree char *third = jose_jwk(key_b, "b", "");
    g_autoptr(FiscKeySet) twins = set_of(first, second);
    g_autoptr(FiscKeySet) both = set_of(first, third);
    g_autofree char *named = jose_sign(key_a, "RS256", HEADER, CLAIMS);
    g_autofree char *unnamed = jose_sign(key_a, "RS256", "{\"alg\":\"RS256\"}", CLAIMS);
    FiscIdTokenRules rules = rules_of();
    g_auto(FiscIdToken) read = {0};
    const char *why = NULL;
    FISC_ASSERT_INT(fisc_id_token_check(named, twins, &rules, &read, &why),
                    FISC_ID_TOKEN_KEY_UNKNOWN);
    FISC_ASSERT_INT(fisc_id_token_check(unnamed, both, &rules, &read, &why),
                    FISC_ID_TOKEN_KEY_UNKNOWN);
    FISC_ASSERT_INT(fisc_id_token_check(named, both, &rules, &read, &why), FISC_ID_TOKEN_GOOD);
}

static void
what_is_no_set_of_keys_is_refused(void)
{
    static const char *const texts[] = {
        "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]} x", "{\"keys\":[],\"keys\":[]}", "<html>"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        FiscKeySet *set = NULL;
        CU_ASSERT_FALSE(fisc_key_set_read(texts[i], strlen(texts[i]), &set, &error));
        CU_ASSERT_PTR_NOT_NULL(error);
    }
}

/* The provider's description ------------------------------------------------------------------- */

#define DESCRIPTION(issuer, token, more)                                                           \
    "{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"https://id.example.org/auth\","       \
    "\"token_endpoint\":\"" token "\",\"jwks_uri\":\"https://keys.example.org/set\"" more "}"

static void
a_description_is_the_issuers_own_and_whole(void)
{
    static const char token[] = "https://id.example.org/token";
    static const struct {
        const char *text, *why; /* NULL: it is taken */
    } cases[] = {
        {DESCRIPTION("https://id.example.org", "https://id.example.org/token", ""), NULL},
        {DESCRIPTION("https://id.example.org/", "https://id.example.org/token", ""),
         "another issuer"},
        {DESCRIPTION("https://evil.example", "https://id.example.org/token", ""), "another issuer"},
        {DESCRIPTION("https://id.example.org", "http://id.example.org/token", ""), "not https://"},
        {DESCRIPTION("https://id.example.org", "javascript:alert(1)", ""), "not https://"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/to ken", ""),
         "not https://"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/\\r\\nX: 1", ""),
         "not https://"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/\xc3\xa9", ""),
         "not https://"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/token",
                     ",\"response_types_supported\":[\"id_token\"]"),
         "the code flow"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/token",
                     ",\"code_challenge_methods_supported\":[\"plain\"]"),
         "S256"},
        {DESCRIPTION("https://id.example.org", "https://id.example.org/token",
                     ",\"issuer\":\"https://evil.example\""),
         "cannot be read"},
        {"{\"issuer\":\"https://id.example.org\"}", "lacks an endpoint"},
        {"no", "cannot be read"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscProviderPlaces) places = {0};
        g_autoptr(GError) error = NULL;
        bool is_taken = fisc_provider_places_read(cases[i].text, strlen(cases[i].text), ISSUER,
                                                  &places, &error);
        fisc_assert_int(is_taken, cases[i].why == NULL, cases[i].text, __FILE__, __LINE__);
        if (is_taken) {
            FISC_ASSERT_TEXT(places.token_endpoint, token);
        } else {
            FISC_ASSERT_CONTAINS(error->message, cases[i].why);
        }
    }
}

/* The vector of RFC 7636, appendix B; forms and credentials as RFC 6749 has them. */
static void
a_client_asks_as_the_standards_say(void)
{
    const char *const pairs[] = {"a", "1 2&3", "b", NULL, "c", "\xc3\xa9/", NULL};
    g_autofree char *challenge =
        fisc_provider_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    g_autofree char *form = fisc_provider_form(pairs);
    g_autofree char *basic = fisc_provider_basic("s6:Bh", "7Fj fp");
    char first[FISC_SECRET_TEXT], second[FISC_SECRET_TEXT], again[FISC_SECRET_TEXT];
    FISC_ASSERT_TEXT(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    FISC_ASSERT_TEXT(form, "a=1%202%263&c=%C3%A9%2F");
    FISC_ASSERT_TEXT(basic, "Basic czYlM0FCaDo3RmolMjBmcA==");
    fisc_provider_derive("secret", "nonce", first);
    fisc_provider_derive("secret", "verifier", second);
    fisc_provider_derive("secret", "nonce", again);
    FISC_ASSERT_TEXT(first, again);
    CU_ASSERT_STRING_NOT_EQUAL(first, second);
    FISC_ASSERT_INT(strlen(first), 43);
}

const FiscTest fisc_id_token_tests[] = {
    {"what a token says is taken", what_a_token_says_is_taken},
    {"RS256, PS256 and ES256 are taken", three_algorithms_are_taken},
    {"a minute is between two clocks", a_minute_is_between_two_clocks},
    {"wrong claims are not believed", wrong_claims_are_not_believed},
    {"a subject has 255 letters at most", a_subject_has_255_letters_at_most},
    {"payloads that have two readings are none", payloads_that_have_two_readings_are_none},
    {"headers that ask for anything else are refused", wrong_headers_are_refused},
    {"keys that a token brings are not looked at", keys_that_a_token_brings_are_not_looked_at},
    {"a public key is no secret", a_public_key_is_no_secret},
    {"what was altered has a wrong signature", what_was_altered_has_a_wrong_signature},
    {"what is no signed token is none", what_is_no_signed_token_is_none},
    {"an access token belongs to its ID token", an_access_token_belongs_to_its_id_token},
    {"the claim that names a person has to be there",
     the_claim_that_names_a_person_has_to_be_there},
    {"keys that cannot be the right ones are left out", keys_that_cannot_be_ours_are_left_out},
    {"of two keys that fit none is taken", of_two_keys_that_fit_none_is_taken},
    {"what is no set of keys is refused", what_is_no_set_of_keys_is_refused},
    {"a description is the issuer's own, and whole", a_description_is_the_issuers_own_and_whole},
    {"a client asks as the standards say", a_client_asks_as_the_standards_say},
    {NULL, NULL},
};
