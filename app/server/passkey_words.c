/* passkey_words.c: see passkey_words.h. */
#include "app/server/passkey_words.h"
#include "app/server/server_internal.h"
#include <string.h>

#define PART_MAX 16384 /* bytes of any part of what a device says; less is taken of each */
#define LOCAL "localhost"

/* Where ---------------------------------------------------------------------------------------- */

void
fisc_call_site_clear(FiscCallSite *site)
{
    g_free(site->origin);
    g_free(site->site);
}

/* Without an address for people there is one place where browsers give passkeys without TLS, and no
 * other host can take the name. */
static bool
find_site(const FiscCall *call, FiscCallSite *out_site)
{
    const char *host = fisc_http_header(call->request, "Host");
    const char *base = call->server->options.base_url;
    g_autofree char *asked =
        g_strconcat(call->request->is_secure ? "https://" : "http://", host, NULL);
    g_autoptr(GUri) uri = g_uri_parse(asked, G_URI_FLAGS_NONE, NULL);
    if (host == NULL || uri == NULL || g_uri_get_host(uri) == NULL ||
        !fisc_passkey_site(base != NULL ? base : asked, &out_site->origin, &out_site->site)) {
        return false;
    }
    return g_ascii_strcasecmp(g_uri_get_host(uri), out_site->site) == 0 &&
           (base != NULL || strcmp(out_site->site, LOCAL) == 0);
}

bool
fisc_server_has_passkeys(const FiscCall *call)
{
    g_auto(FiscCallSite) site = {0};
    return !call->server->options.is_read_only && find_site(call, &site);
}

bool
fisc_call_site(FiscCall *call, FiscCallSite *out_site)
{
    const char *base = call->server->options.base_url;
    if (find_site(call, out_site)) {
        return true;
    }
    fisc_call_problem(call, 404, "NOT_FOUND", NULL,
                      "passkeys are used by a browser at %s, and nowhere else",
                      base != NULL ? base : "http://" LOCAL ", or where base-url says");
    return false;
}

/* What is asked -------------------------------------------------------------------------------- */

static const FiscApiField creation_fields[] = {
    {.name = "options",
     .type = FISC_API_OBJECT,
     .is_required = true,
     .meaning = "for navigator.credentials.create(): PublicKeyCredentialCreationOptionsJSON"},
    {NULL},
};
const FiscApiShape fisc_shape_passkey_creation = {
    "PasskeyCreation", "What a device is asked for a new passkey", creation_fields};
static const FiscApiField request_fields[] = {
    {.name = "options",
     .type = FISC_API_OBJECT,
     .is_required = true,
     .meaning = "for navigator.credentials.get(): PublicKeyCredentialRequestOptionsJSON"},
    {NULL},
};
const FiscApiShape fisc_shape_passkey_request = {"PasskeyRequest", "What a device is asked to sign",
                                                 request_fields};

static json_t *
algorithms_value(void)
{
    static const int numbers[] = {
#define X(name, number, meaning) number,
        FISC_PASSKEY_ALGORITHMS(X)
#undef X
    };
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        json_array_append_new(list,
                              json_pack("{s:s, s:i}", "type", "public-key", "alg", numbers[i]));
    }
    return list;
}

static json_t *
ids_value(char **ids)
{
    json_t *list = json_array();
    for (char **id = ids; id != NULL && *id != NULL; id++) {
        json_array_append_new(list, json_pack("{s:s, s:s}", "type", "public-key", "id", *id));
    }
    return list;
}

/* A key that the device finds by itself, so that nobody has to be told which ones somebody has. */
json_t *
fisc_passkey_creation_value(const FiscCall *call, const FiscCallSite *site,
                            const FiscPasskeyAsk *ask, const char *name)
{
    return json_pack("{s:{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:o, s:i, s:o, "
                     "s:{s:s, s:b, s:s}, s:s}}",
                     "options", "challenge", ask->challenge, "rp", "id", site->site, "name", "fisc",
                     "user", "id", ask->handle, "name", call->principal.person, "displayName", name,
                     "pubKeyCredParams", algorithms_value(), "timeout",
                     FISC_CHALLENGE_LASTS_S * 1000, "excludeCredentials", ids_value(ask->ids),
                     "authenticatorSelection", "residentKey", "required", "requireResidentKey", 1,
                     "userVerification", "required", "attestation", "none");
}

json_t *
fisc_passkey_request_value(const FiscCallSite *site, const FiscPasskeyAsk *ask)
{
    return json_pack("{s:{s:s, s:s, s:i, s:o, s:s}}", "options", "challenge", ask->challenge,
                     "rpId", site->site, "timeout", FISC_CHALLENGE_LASTS_S * 1000,
                     "allowCredentials", ids_value(ask->ids), "userVerification", "required");
}

/* What is answered ----------------------------------------------------------------------------- */

static GBytes *
part(const json_t *object, const char *name)
{
    return fisc_base64url_read(json_string_value(json_object_get(object, name)), PART_MAX);
}

/* NULL when one is missing: the reply is a problem that names it. */
static GBytes *
needed_part(FiscCall *call, const char *field, const json_t *object, const char *inside,
            const char *name)
{
    GBytes *bytes = part(object, name);
    if (bytes == NULL) {
        g_autofree char *pointer = g_strconcat("/", field, inside, "/", name, NULL);
        fisc_call_problem(call, 422, "VALUE_INVALID", pointer,
                          "%s: base64url of what the device said is expected", name);
    }
    return bytes;
}

bool
fisc_call_offer(FiscCall *call, const char *field, FiscPasskeyOffer *out_offer)
{
    const json_t *response = json_object_get(fisc_call_value(call, field), "response");
    return (out_offer->client_data =
                needed_part(call, field, response, "/response", "clientDataJSON")) != NULL &&
           (out_offer->authenticator_data =
                needed_part(call, field, response, "/response", "authenticatorData")) != NULL;
}

bool
fisc_call_proof(FiscCall *call, const char *field, FiscPasskeyProof *out_proof)
{
    const json_t *object = fisc_call_value(call, field);
    const json_t *response = json_object_get(object, "response");
    out_proof->handle = part(response, "userHandle");
    return (out_proof->id = needed_part(call, field, object, "", "id")) != NULL &&
           (out_proof->client_data =
                needed_part(call, field, response, "/response", "clientDataJSON")) != NULL &&
           (out_proof->authenticator_data =
                needed_part(call, field, response, "/response", "authenticatorData")) != NULL &&
           (out_proof->signature = needed_part(call, field, response, "/response", "signature")) !=
               NULL;
}
