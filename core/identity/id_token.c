/* id_token.c: whether an ID token (OpenID Connect Core 1.0, 3.1.3.7) is to be believed. One reading
 * of each thing: a member that stands twice, or is of another type, is wrong and not a question of
 * who reads it. */
#include "core/base/hash.h"
#include "core/identity/key_set.h"
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define AUDIENCES_MAX 16
#define MEANS_MAX 32

void
fisc_id_token_clear(FiscIdToken *token)
{
    g_free(token->subject);
    g_free(token->person);
    g_free(token->acr);
    g_strfreev(token->amr);
    *token = (FiscIdToken){0};
}

/* Bytes ---------------------------------------------------------------------------------------- */

/* Three parts of letters, none of them empty: signed, and in the compact form. */
static bool
is_compact(const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int dots = 0;
    gsize part = 0;
    if (strlen(text) > FISC_ID_TOKEN_BYTES_MAX) {
        return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '.') {
            dots++;
            if (part == 0) {
                return false;
            }
            part = 0;
        } else if (strchr(letters, *at) != NULL) {
            part++;
        } else {
            return false;
        }
    }
    return dots == 2 && part > 0;
}

static json_t *
read_object(const void *data, gsize length)
{
    json_t *value = json_loadb(data, length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(value)) {
        json_decref(value);
        return NULL;
    }
    return value;
}

static json_t *
read_header(const char *token)
{
    gsize letters = strcspn(token, "."), length = 0;
    g_autofree uint8_t *bytes = g_malloc(letters);
    if (sodium_base642bin(bytes, letters, token, letters, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return NULL;
    }
    return read_object(bytes, length);
}

/* The header ----------------------------------------------------------------------------------- */

/* What asks for a key or a place of its own (jku, jwk, x5u, x5c) is not looked at: keys come from
 * the provider. What says that the bytes mean something else is refused. */
static const char *
judge_header(const json_t *header, FiscAlgorithm *out_algorithm)
{
    static const char *const refused[] = {"crit", "b64", "enc", "zip", "cty"};
    const json_t *key_id = json_object_get(header, "kid"), *type = json_object_get(header, "typ");
    if (header == NULL) {
        return "has no header that can be read";
    }
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (json_object_get(header, refused[i]) != NULL) {
            return "asks for an extension";
        }
    }
    if (type != NULL &&
        (!json_is_string(type) || g_ascii_strcasecmp(json_string_value(type), "JWT") != 0)) {
        return "is of another type";
    }
    if (key_id != NULL && !json_is_string(key_id)) {
        return "names its key by something else than a text";
    }
    *out_algorithm = fisc_algorithm_parse(json_string_value(json_object_get(header, "alg")));
    return *out_algorithm != FISC_ALGORITHM_NONE ? NULL : "is signed by no algorithm that is taken";
}

/* The claims ----------------------------------------------------------------------------------- */

static bool
is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

static const char *
judge_audience(const json_t *claims, const FiscIdTokenRules *rules)
{
    const json_t *audience = json_object_get(claims, "aud"),
                 *party = json_object_get(claims, "azp");
    bool is_ours = is_text(audience, rules->client_id);
    if (json_is_array(audience)) {
        size_t count = json_array_size(audience);
        for (size_t i = 0; i < count && count <= AUDIENCES_MAX; i++) {
            is_ours = is_ours || is_text(json_array_get(audience, i), rules->client_id);
        }
        is_ours = is_ours && (count == 1 || party != NULL);
    }
    if (!is_ours || (party != NULL && !is_text(party, rules->client_id))) {
        return "is for somebody else";
    }
    return NULL;
}

static const char *
judge_time(const json_t *claims, const FiscIdTokenRules *rules)
{
    const json_t *end = json_object_get(claims, "exp"), *made = json_object_get(claims, "iat");
    const json_t *begin = json_object_get(claims, "nbf");
    int64_t now = rules->now_s;
    if (!json_is_integer(end) || !json_is_integer(made) ||
        (begin != NULL && !json_is_integer(begin))) {
        return "does not say when it was made and when it ends";
    }
    if (json_integer_value(end) <= now - FISC_ID_TOKEN_SKEW_S) {
        return "is over";
    }
    if (json_integer_value(made) > now + FISC_ID_TOKEN_SKEW_S ||
        (begin != NULL && json_integer_value(begin) > now + FISC_ID_TOKEN_SKEW_S)) {
        return "is of the future";
    }
    return json_integer_value(made) < now - FISC_ID_TOKEN_AGE_S ? "is an old one" : NULL;
}

/* The left half of the digest of the access token that came with it. */
static const char *
judge_companion(const json_t *claims, const FiscIdTokenRules *rules)
{
    const json_t *given = json_object_get(claims, "at_hash");
    uint8_t digest[FISC_HASH_SIZE];
    char half[sodium_base64_ENCODED_LEN(FISC_HASH_SIZE / 2,
                                        sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    if (given == NULL || rules->access_token == NULL) {
        return NULL;
    }
    fisc_hash_data(rules->access_token, strlen(rules->access_token), digest);
    sodium_bin2base64(half, sizeof half, digest, FISC_HASH_SIZE / 2,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return is_text(given, half) ? NULL : "belongs to another access token";
}

static bool
is_subject(const json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL && *text != '\0' && strlen(text) <= FISC_SUBJECT_MAX &&
           g_str_is_ascii(text);
}

static const char *
judge_claims(const json_t *claims, const FiscIdTokenRules *rules)
{
    const char *complaint = NULL;
    if (claims == NULL) {
        return "has no claims that can be read";
    }
    if (!is_text(json_object_get(claims, "iss"), rules->issuer)) {
        return "is of another issuer";
    }
    if ((complaint = judge_audience(claims, rules)) != NULL ||
        (complaint = judge_time(claims, rules)) != NULL) {
        return complaint;
    }
    if (!fisc_secret_equal(json_string_value(json_object_get(claims, "nonce")), rules->nonce)) {
        return "is of another sign-in";
    }
    if (!is_subject(json_object_get(claims, "sub"))) {
        return "does not say of whom it is";
    }
    return judge_companion(claims, rules);
}

/* What is taken of it -------------------------------------------------------------------------- */

static char **
take_means(const json_t *list)
{
    g_autoptr(GStrvBuilder) means = g_strv_builder_new();
    if (!json_is_array(list)) {
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(list) && i < MEANS_MAX; i++) {
        const char *word = json_string_value(json_array_get(list, i));
        if (word != NULL) {
            g_strv_builder_add(means, word);
        }
    }
    return g_strv_builder_end(means);
}

static const char *
take_claims(const json_t *claims, const FiscIdTokenRules *rules, FiscIdToken *out_token)
{
    const char *person = NULL;
    if (rules->person_claim != NULL) {
        person = json_string_value(json_object_get(claims, rules->person_claim));
        if (person == NULL || *person == '\0') {
            return "does not name a person by the claim that is asked for";
        }
    }
    *out_token =
        (FiscIdToken){.subject = g_strdup(json_string_value(json_object_get(claims, "sub"))),
                      .person = g_strdup(person),
                      .acr = g_strdup(json_string_value(json_object_get(claims, "acr"))),
                      .amr = take_means(json_object_get(claims, "amr"))};
    return NULL;
}

static const char *
judge_payload(const GByteArray *payload, const FiscIdTokenRules *rules, FiscIdToken *out_token)
{
    json_t *claims = read_object(payload->data, payload->len);
    const char *complaint = judge_claims(claims, rules);
    if (complaint == NULL) {
        complaint = take_claims(claims, rules, out_token);
    }
    json_decref(claims);
    return complaint;
}

FiscIdTokenState
fisc_id_token_check(const char *text, const FiscKeySet *keys, const FiscIdTokenRules *rules,
                    FiscIdToken *out_token, const char **out_why)
{
    FiscAlgorithm algorithm = FISC_ALGORITHM_NONE;
    g_autoptr(GByteArray) payload = NULL;
    if (!is_compact(text)) {
        *out_why = "is none, or too long";
        return FISC_ID_TOKEN_BAD;
    }
    json_t *header = read_header(text);
    FiscIdTokenState state = FISC_ID_TOKEN_BAD;
    *out_why = judge_header(header, &algorithm);
    if (*out_why == NULL) {
        const char *key_id = json_string_value(json_object_get(header, "kid"));
        state = fisc_key_set_verify(keys, text, key_id, algorithm, &payload);
        *out_why = state == FISC_ID_TOKEN_KEY_UNKNOWN ? "is signed with a key that is not known"
                   : state == FISC_ID_TOKEN_BAD       ? "has a wrong signature"
                                                      : judge_payload(payload, rules, out_token);
    }
    json_decref(header);
    return state == FISC_ID_TOKEN_GOOD && *out_why != NULL ? FISC_ID_TOKEN_BAD : state;
}
