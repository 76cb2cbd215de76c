/* provider.c: what a provider says of itself (OpenID Connect Discovery 1.0), and how it is asked:
 * forms, the client's credentials, the proof of the code flow (RFC 7636). */
#include "fisc/provider.h"
#include "core/base/hash.h"
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define DESCRIPTION_BYTES_MAX (256 * 1024)
#define PLACE_BYTES_MAX 2048

G_STATIC_ASSERT(FISC_SECRET_TEXT >= 44); /* 32 bytes in base64 */

void
fisc_provider_places_clear(FiscProviderPlaces *places)
{
    g_free(places->authorization_endpoint);
    g_free(places->token_endpoint);
    g_free(places->jwks_uri);
    *places = (FiscProviderPlaces){0};
}

/* Its description ------------------------------------------------------------------------------ */

/* What is secret on its way goes by TLS; only who tries it out on one machine has an http:// issuer
 * (the settings see to that). */
static bool
is_place(const json_t *value, bool may_be_plain)
{
    const char *text = json_string_value(value);
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at)) {
            return false; /* it goes into a header */
        }
    }
    return text != NULL && strlen(text) <= PLACE_BYTES_MAX &&
           strpbrk(text, "\"<>\\^`{|}#") == NULL &&
           (g_str_has_prefix(text, "https://") ||
            (may_be_plain && g_str_has_prefix(text, "http://")));
}

/* @usual: what holds when the description does not say. */
static bool
lists(const json_t *description, const char *member, const char *word, bool usual)
{
    const json_t *list = json_object_get(description, member);
    if (!json_is_array(list)) {
        return usual;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (g_strcmp0(json_string_value(json_array_get(list, i)), word) == 0) {
            return true;
        }
    }
    return false;
}

static const char *
judge(const json_t *description, const char *issuer)
{
    static const char *const places[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
    bool may_be_plain = g_str_has_prefix(issuer, "http://");
    if (!json_is_object(description)) {
        return "cannot be read";
    }
    if (g_strcmp0(json_string_value(json_object_get(description, "issuer")), issuer) != 0) {
        return "is that of another issuer";
    }
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        if (!is_place(json_object_get(description, places[i]), may_be_plain)) {
            return "lacks an endpoint, or has one that is not https://";
        }
    }
    if (!lists(description, "response_types_supported", "code", true)) {
        return "does not offer the code flow";
    }
    return lists(description, "code_challenge_methods_supported", "S256", true)
               ? NULL
               : "does not offer S256";
}

static char *
text_of(const json_t *description, const char *member)
{
    return g_strdup(json_string_value(json_object_get(description, member)));
}

bool
fisc_provider_places_read(const char *json, gsize length, const char *issuer,
                          FiscProviderPlaces *out_places, GError **error)
{
    static const char methods[] = "token_endpoint_auth_methods_supported";
    json_t *description = length <= DESCRIPTION_BYTES_MAX
                              ? json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL)
                              : NULL;
    const char *complaint = judge(description, issuer);
    if (complaint == NULL) {
        *out_places = (FiscProviderPlaces){
            .authorization_endpoint = text_of(description, "authorization_endpoint"),
            .token_endpoint = text_of(description, "token_endpoint"),
            .jwks_uri = text_of(description, "jwks_uri"),
            .names_itself = json_is_true(
                json_object_get(description, "authorization_response_iss_parameter_supported")),
            .wants_secret_post = !lists(description, methods, "client_secret_basic", true) &&
                                 lists(description, methods, "client_secret_post", false)};
    }
    json_decref(description);
    return complaint == NULL || fisc_fail(error, FISC_ERROR_FAILED,
                                          "the provider's description of itself %s", complaint);
}

/* Asking --------------------------------------------------------------------------------------- */

char *
fisc_provider_form(const char *const *pairs)
{
    GString *form = g_string_new(NULL);
    for (const char *const *pair = pairs; pair[0] != NULL; pair += 2) {
        if (pair[1] != NULL) {
            g_string_append_printf(form, "%s%s=", form->len > 0 ? "&" : "", pair[0]);
            g_string_append_uri_escaped(form, pair[1], NULL, FALSE);
        }
    }
    return g_string_free(form, FALSE);
}

char *
fisc_provider_basic(const char *client_id, const char *client_secret)
{
    g_autofree char *id = g_uri_escape_string(client_id, NULL, FALSE);
    g_autofree char *secret = g_uri_escape_string(client_secret, NULL, FALSE);
    g_autofree char *both = g_strconcat(id, ":", secret, NULL);
    g_autofree char *letters = g_base64_encode((const guchar *)both, strlen(both));
    fisc_secret_wipe(both);
    fisc_secret_wipe(secret);
    return g_strconcat("Basic ", letters, NULL);
}

static void
format_digest(const uint8_t digest[FISC_HASH_SIZE], char out_text[FISC_SECRET_TEXT])
{
    sodium_bin2base64(out_text, FISC_SECRET_TEXT, digest, FISC_HASH_SIZE,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *
fisc_provider_challenge(const char *verifier)
{
    uint8_t digest[FISC_HASH_SIZE];
    char text[FISC_SECRET_TEXT];
    fisc_hash_data(verifier, strlen(verifier), digest);
    format_digest(digest, text);
    return g_strdup(text);
}

void
fisc_provider_derive(const char *secret, const char *purpose, char out_text[FISC_SECRET_TEXT])
{
    uint8_t digest[FISC_HASH_SIZE];
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "fisc: sign-in by a provider");
    fisc_hash_add_text(hash, purpose);
    fisc_hash_add_text(hash, secret);
    fisc_hash_finish(hash, digest);
    format_digest(digest, out_text);
}

/* Its answer ----------------------------------------------------------------------------------- */

void
fisc_provider_grant_clear(FiscProviderGrant *grant)
{
    fisc_secret_wipe(grant->access_token);
    g_free(grant->id_token);
    g_free(grant->access_token);
    *grant = (FiscProviderGrant){0};
}

bool
fisc_provider_grant_read(const char *json, gsize length, FiscProviderGrant *out_grant)
{
    json_t *answer = length <= DESCRIPTION_BYTES_MAX
                         ? json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL)
                         : NULL;
    const char *token = json_string_value(json_object_get(answer, "id_token"));
    bool is_one = token != NULL;
    if (is_one) {
        *out_grant = (FiscProviderGrant){.id_token = g_strdup(token),
                                         .access_token = text_of(answer, "access_token")};
    }
    json_decref(answer);
    return is_one;
}
