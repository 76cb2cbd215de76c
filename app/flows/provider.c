/* provider.c: asking the identity provider: its description, its keys, tokens for a code. What it
 * answers is judged by core/identity, how it is reached by core/net. */
#include "app/flows/provider.h"
#include "core/base/log.h"
#include "fisc/fetch.h"
#include <string.h>

#define USUAL_SECONDS 5
#define ANSWER_BYTES_MAX (256 * 1024)
#define FRESH_US                                                                                   \
    (60 * 60 * (int64_t)G_USEC_PER_SEC) /* description and keys are asked for again then */
#define REFETCH_US                                                                                 \
    (60 * (int64_t)G_USEC_PER_SEC) /* between two askings for a key that is not known */
#define FAILURES_MAX 3
#define OPEN_MS 10000
#define LEFT_OUT_MAX 64 /* private addresses */

struct _FiscProvider {
    FiscProviderOptions options;
    GStrv private_addresses;
    GMutex lock; /* of what follows; held while the provider is asked for it */
    FiscProviderPlaces places;
    int64_t places_at_us; /* monotonic; 0: not asked yet */
    FiscKeySet *keys;
    int64_t keys_at_us;
    int64_t refetched_at_us; /* for a key that was not known; 0: never */
    GMutex breaker_lock;
    FiscBreaker breaker;
};

/* Opening -------------------------------------------------------------------------------------- */

/* Without TLS only what does not leave the machine. */
static bool
is_on_this_machine(const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    return host != NULL && (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
                            (g_hostname_is_ip_address(host) && g_str_has_prefix(host, "127.")));
}

static bool
is_address(const char *url)
{
    return g_uri_is_valid(url, G_URI_FLAGS_NONE, NULL) && strpbrk(url, "?#@ ") == NULL &&
           (g_str_has_prefix(url, "https://") ||
            (g_str_has_prefix(url, "http://") && is_on_this_machine(url)));
}

char *
fisc_provider_complaint(const FiscProviderOptions *options)
{
    if (options->issuer == NULL) {
        return NULL;
    }
    if (!is_address(options->issuer)) {
        return g_strdup_printf("provider-issuer: \"%s\" is no https:// address", options->issuer);
    }
    if (options->client_id == NULL || *options->client_id == '\0') {
        return g_strdup("provider-issuer needs provider-client: what the provider calls fisc");
    }
    if (options->return_url == NULL || !is_address(options->return_url)) {
        return g_strdup("provider-issuer needs base-url, an https:// address: the provider sends "
                        "the browser back there");
    }
    return NULL;
}

FiscProvider *
fisc_provider_new(const FiscProviderOptions *options)
{
    FiscProvider *provider = g_new0(FiscProvider, 1);
    g_autoptr(GStrvBuilder) addresses = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit_set(
        options->private_addresses != NULL ? options->private_addresses : "", ", ", LEFT_OUT_MAX);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0') {
            g_strv_builder_add(addresses, *word);
        }
    }
    provider->options = *options;
    provider->private_addresses = g_strv_builder_end(addresses);
    provider->breaker = (FiscBreaker){.failures_max = FAILURES_MAX, .open_ms = OPEN_MS};
    g_mutex_init(&provider->lock);
    g_mutex_init(&provider->breaker_lock);
    return provider;
}

void
fisc_provider_free(FiscProvider *provider)
{
    if (provider == NULL) {
        return;
    }
    g_strfreev(provider->private_addresses);
    fisc_provider_places_clear(&provider->places);
    fisc_key_set_free(provider->keys);
    g_mutex_clear(&provider->lock);
    g_mutex_clear(&provider->breaker_lock);
    g_free(provider);
}

const FiscProviderOptions *
fisc_provider_options(const FiscProvider *provider)
{
    return &provider->options;
}

/* Asking --------------------------------------------------------------------------------------- */

static bool
is_allowed(FiscProvider *provider)
{
    g_mutex_lock(&provider->breaker_lock);
    bool may_ask = fisc_breaker_allow(&provider->breaker, g_get_monotonic_time() / 1000);
    g_mutex_unlock(&provider->breaker_lock);
    return may_ask;
}

static void
record(FiscProvider *provider, bool was_success)
{
    g_mutex_lock(&provider->breaker_lock);
    fisc_breaker_record(&provider->breaker, was_success, g_get_monotonic_time() / 1000);
    g_mutex_unlock(&provider->breaker_lock);
}

static FiscFetchRules
rules_of(const FiscProvider *provider)
{
    int seconds = provider->options.seconds > 0 ? provider->options.seconds : USUAL_SECONDS;
    bool is_plain = g_str_has_prefix(provider->options.issuer, "http://");
    return (FiscFetchRules){
        .schemes = FISC_SCHEME_HTTPS | (is_plain ? FISC_SCHEME_HTTP : 0),
        .private_addresses = (const char *const *)provider->private_addresses,
        .ca_file = provider->options.ca_file,
        .connect_ms = (guint)seconds * 1000,
        .total_ms = (guint)seconds * 1000,
        .bytes_max = ANSWER_BYTES_MAX,
    };
}

/* The officer who signs in can do nothing about it but come in by the other door; whoever operates
 * the server finds the reason in its log. */
static bool
fail_away(const FiscProvider *provider, const char *what, const char *why, GError **error)
{
    fisc_log(FISC_LOG_WARN, "the identity provider cannot be used", "issuer",
             provider->options.issuer, "asked", what, "because", why, NULL);
    return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE,
                     "%s does not answer as it should: sign in with your password, or try again "
                     "in a minute",
                     provider->options.name);
}

/* One request. True with an answer, whatever its status, but for those that ask for patience. */
static bool
ask(FiscProvider *provider, const char *what, const FiscFetchRequest *request,
    FiscFetchReply **out_reply, GError **error)
{
    FiscFetchRules rules = rules_of(provider);
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) failure = NULL;
    if (!is_allowed(provider)) {
        return fail_away(provider, what, "it failed just now, and is left alone for a while",
                         error);
    }
    bool is_answered = fisc_fetch(&rules, request, &reply, &failure);
    bool is_away = !is_answered || reply->status >= 500 ||
                   fisc_fetch_answer(reply->status) == FISC_ANSWER_LATER;
    record(provider, !is_away);
    if (is_away) {
        g_autofree char *status =
            is_answered ? g_strdup_printf("it answered %u", reply->status) : NULL;
        return fail_away(provider, what, is_answered ? status : failure->message, error);
    }
    *out_reply = g_steal_pointer(&reply);
    return true;
}

/* Its description and its keys ----------------------------------------------------------------- */

/* @out_reply: with status 200. */
static bool
get(FiscProvider *provider, const char *what, const char *url, FiscFetchReply **out_reply,
    GError **error)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    FiscFetchRequest request = {.url = url, .headers = headers};
    g_autoptr(FiscFetchReply) reply = NULL;
    if (!ask(provider, what, &request, &reply, error)) {
        return false;
    }
    if (reply->status != 200) {
        g_autofree char *status = g_strdup_printf("it answered %u", reply->status);
        return fail_away(provider, what, status, error);
    }
    *out_reply = g_steal_pointer(&reply);
    return true;
}

static bool
is_fresh(int64_t at_us)
{
    return at_us != 0 && g_get_monotonic_time() - at_us < FRESH_US;
}

/* With the lock held. */
static bool
refresh_places(FiscProvider *provider, GError **error)
{
    static const char what[] = "for its description";
    FiscProviderPlaces places = {0};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) failure = NULL;
    if (is_fresh(provider->places_at_us)) {
        return true;
    }
    const char *issuer = provider->options.issuer;
    g_autofree char *url =
        g_strdup_printf("%.*s" FISC_PROVIDER_WELL_KNOWN,
                        (int)strlen(issuer) - (g_str_has_suffix(issuer, "/") ? 1 : 0), issuer);
    gsize length = 0;
    if (!get(provider, what, url, &reply, error)) {
        return false;
    }
    const char *text = g_bytes_get_data(reply->body, &length);
    if (!fisc_provider_places_read(text, length, issuer, &places, &failure)) {
        return fail_away(provider, what, failure->message, error);
    }
    fisc_provider_places_clear(&provider->places);
    provider->places = places;
    provider->places_at_us = g_get_monotonic_time();
    return true;
}

/* With the lock held. */
static bool
fetch_keys(FiscProvider *provider, GError **error)
{
    static const char what[] = "for its keys";
    FiscKeySet *keys = NULL;
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) failure = NULL;
    gsize length = 0;
    if (!refresh_places(provider, error) ||
        !get(provider, what, provider->places.jwks_uri, &reply, error)) {
        return false;
    }
    const char *text = g_bytes_get_data(reply->body, &length);
    if (!fisc_key_set_read(text, length, &keys, &failure)) {
        return fail_away(provider, what, failure->message, error);
    }
    fisc_key_set_free(provider->keys);
    provider->keys = keys;
    provider->keys_at_us = g_get_monotonic_time();
    return true;
}

bool
fisc_provider_places(FiscProvider *provider, FiscProviderPlaces *out_places, GError **error)
{
    g_mutex_lock(&provider->lock);
    bool is_known = refresh_places(provider, error);
    if (is_known) {
        const FiscProviderPlaces *places = &provider->places;
        *out_places =
            (FiscProviderPlaces){.authorization_endpoint = g_strdup(places->authorization_endpoint),
                                 .token_endpoint = g_strdup(places->token_endpoint),
                                 .jwks_uri = g_strdup(places->jwks_uri),
                                 .names_itself = places->names_itself,
                                 .wants_secret_post = places->wants_secret_post};
    }
    g_mutex_unlock(&provider->lock);
    return is_known;
}

/* Tokens --------------------------------------------------------------------------------------- */

/* What a client sends for a code; where its secret goes the provider has said. Caller frees. */
static char *
redeem_form(const FiscProvider *provider, const FiscProviderPlaces *places, const char *code,
            const char *verifier)
{
    const FiscProviderOptions *options = &provider->options;
    bool is_in_header = options->client_secret != NULL && !places->wants_secret_post;
    const char *const pairs[] = {"grant_type",
                                 "authorization_code",
                                 "code",
                                 code,
                                 "redirect_uri",
                                 options->return_url,
                                 "code_verifier",
                                 verifier,
                                 "client_id",
                                 is_in_header ? NULL : options->client_id,
                                 "client_secret",
                                 is_in_header ? NULL : options->client_secret,
                                 NULL};
    return fisc_provider_form(pairs);
}

static bool
post_code(FiscProvider *provider, const FiscProviderPlaces *places, const char *code,
          const char *verifier, FiscFetchReply **out_reply, GError **error)
{
    const FiscProviderOptions *options = &provider->options;
    g_autofree char *form = redeem_form(provider, places, code, verifier);
    g_autofree char *proof = options->client_secret != NULL
                                 ? fisc_provider_basic(options->client_id, options->client_secret)
                                 : NULL;
    g_autofree char *authorization = g_strconcat("Authorization: ", proof, NULL);
    g_autoptr(GBytes) body = g_bytes_new(form, strlen(form));
    const char *const headers[] = {
        "Accept: application/json", "Content-Type: application/x-www-form-urlencoded",
        proof != NULL && !places->wants_secret_post ? authorization : NULL, NULL};
    FiscFetchRequest request = {
        .method = "POST", .url = places->token_endpoint, .headers = headers, .body = body};
    bool is_answered = ask(provider, "for tokens", &request, out_reply, error);
    fisc_secret_wipe(form);
    fisc_secret_wipe(authorization);
    fisc_secret_wipe(proof);
    return is_answered;
}

/* invalid_client is the operator's to mend; what else it refuses is the code. */
static bool
is_our_fault(const FiscFetchReply *reply)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(reply->body, &length);
    return reply->status == 401 || g_strstr_len(text, (gssize)length, "invalid_client") != NULL ||
           g_strstr_len(text, (gssize)length, "unauthorized_client") != NULL;
}

bool
fisc_provider_redeem(FiscProvider *provider, const char *code, const char *verifier,
                     FiscProviderGrant *out_grant, bool *out_is_good, GError **error)
{
    g_auto(FiscProviderPlaces) places = {0};
    g_autoptr(FiscFetchReply) reply = NULL;
    gsize length = 0;
    if (!fisc_provider_places(provider, &places, error) ||
        !post_code(provider, &places, code, verifier, &reply, error)) {
        return false;
    }
    if (reply->status != 200 && is_our_fault(reply)) {
        return fail_away(provider, "for tokens",
                         "it does not know this client, or its secret: provider-client, "
                         "provider-secret",
                         error);
    }
    const char *text = g_bytes_get_data(reply->body, &length);
    *out_is_good = reply->status == 200 && fisc_provider_grant_read(text, length, out_grant);
    return true;
}

bool
fisc_provider_check(FiscProvider *provider, const FiscProviderGrant *grant, const char *nonce,
                    FiscIdToken *out_token, const char **out_why, GError **error)
{
    FiscIdTokenRules rules = {.issuer = provider->options.issuer,
                              .client_id = provider->options.client_id,
                              .nonce = nonce,
                              .access_token = grant->access_token,
                              .person_claim = provider->options.person_claim,
                              .now_s = g_get_real_time() / G_USEC_PER_SEC};
    g_mutex_lock(&provider->lock);
    bool is_asked = is_fresh(provider->keys_at_us) || fetch_keys(provider, error);
    if (is_asked && fisc_id_token_check(grant->id_token, provider->keys, &rules, out_token,
                                        out_why) == FISC_ID_TOKEN_KEY_UNKNOWN) {
        int64_t now_us = g_get_monotonic_time();
        if (provider->refetched_at_us == 0 || now_us - provider->refetched_at_us >= REFETCH_US) {
            provider->refetched_at_us = now_us;
            is_asked = fetch_keys(provider, error);
            if (is_asked) {
                fisc_id_token_check(grant->id_token, provider->keys, &rules, out_token, out_why);
            }
        }
    }
    g_mutex_unlock(&provider->lock);
    return is_asked;
}
