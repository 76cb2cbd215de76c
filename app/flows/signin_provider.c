/* signin_provider.c: signing in by an identity provider: the browser goes there with a state that
 * is good once, and comes back with a code for a token that says who he is. Whom the provider's
 * subject is here, an administrator has said before: nobody is made a person by signing in. */
#include "app/flows/provider.h"
#include "core/base/hash.h"
#include <string.h>

#define LOGINS_OF_ADDRESS_MAX 200 /* on their way at once; the oldest give way */
#define PAGE_BYTES_MAX 2048
#define CODE_BYTES_MAX 4096
#define NAME_LETTERS 16 /* of the issuer's digest, as the name of a link */
#define HOME "/"

void
fisc_provider_login_clear(FiscProviderLogin *login)
{
    fisc_secret_wipe(login->secret);
    g_free(login->url);
    login->url = NULL;
}

/* Links ---------------------------------------------------------------------------------------- */

/* What stands in the chain has no slashes; its digest covers the whole of @secret. */
typedef struct {
    char name[FISC_DIGEST_HEX];
    char *secret; /* issuer and subject, a line each */
} Link;

static void
link_clear(Link *link)
{
    g_free(link->secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Link, link_clear)

static Link
link_of(const char *issuer, const char *subject)
{
    Link link = {.secret = g_strconcat(issuer, "\n", subject, NULL)};
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_digest_of(issuer, digest);
    fisc_digest_format(digest, link.name);
    link.name[NAME_LETTERS] = '\0';
    return link;
}

static bool
find_linked(FiscContext *ctx, const Link *link, char **out_person, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_PROVIDER,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(link->secret, strlen(link->secret))),
            &rows, error)) {
        return false;
    }
    *out_person = fisc_rows_count(rows) > 0 ? g_strdup(fisc_rows_text(rows, 0, 0)) : NULL;
    return true;
}

static bool
is_line(const char *text, gsize bytes_max)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isprint(*at)) {
            return false;
        }
    }
    return *text != '\0' && strlen(text) <= bytes_max;
}

static bool
check_words(const char *issuer, const char *subject, GError **error)
{
    bool is_issuer = is_line(issuer, PAGE_BYTES_MAX) &&
                     (g_str_has_prefix(issuer, "https://") || g_str_has_prefix(issuer, "http://"));
    if (!is_issuer) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "the issuer is the address of the provider, as in provider-issuer");
    }
    return is_line(subject, FISC_SUBJECT_MAX) ||
           fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                     "the subject is 1 to %d ASCII characters, as the provider writes it",
                     FISC_SUBJECT_MAX);
}

bool
fisc_flow_provider_link(FiscContext *ctx, const char *person, const char *issuer,
                        const char *subject, GError **error)
{
    g_auto(Link) link = link_of(issuer, subject);
    g_autofree char *holder = NULL;
    if (!check_words(issuer, subject, error) || !find_linked(ctx, &link, &holder, error)) {
        return false;
    }
    if (holder != NULL && strcmp(holder, person) != 0) {
        return fisc_fail(error, FISC_ERROR_MASTER_CONFLICT, "this subject is %s", holder);
    }
    return fisc_flow_credential_keep(ctx, person, "provider", link.name, "set", link.secret,
                                     strlen(link.secret), error);
}

bool
fisc_flow_provider_unlink(FiscContext *ctx, const char *person, const char *issuer,
                          const char *subject, GError **error)
{
    g_auto(Link) link = link_of(issuer, subject);
    g_autofree char *holder = NULL;
    int ended = 0;
    if (!find_linked(ctx, &link, &holder, error)) {
        return false;
    }
    if (g_strcmp0(holder, person) != 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s is not this subject", person);
    }
    return fisc_flow_credential_drop(ctx, person, "provider", link.name, link.secret,
                                     strlen(link.secret), error) &&
           (ctx->is_dry_run || fisc_flow_session_end(ctx, person, NULL, NULL, &ended, error));
}

/* Going there ---------------------------------------------------------------------------------- */

/* A browser reads "//host" and "/\host" as another host. */
bool
fisc_provider_is_page(const char *page)
{
    return page != NULL && page[0] == '/' && page[1] != '/' && is_line(page, PAGE_BYTES_MAX) &&
           strpbrk(page, "\\ \"<>") == NULL && strcmp(page, "/v1") != 0 &&
           !g_str_has_prefix(page, "/v1/") && !g_str_has_prefix(page, "/v1?");
}

static bool
keep(FiscContext *ctx, const FiscSignInDesk *desk, const char *state, const char *secret,
     const char *page, const uint8_t *before, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE], browser[FISC_DIGEST_SIZE];
    g_autofree char *origin = fisc_address_class(desk->address);
    fisc_digest_of(state, digest);
    fisc_digest_of(secret, browser);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_OPEN_PROVIDER_LOGIN,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, FISC_DIGEST_SIZE),
                  fisc_bytea(browser, FISC_DIGEST_SIZE), fisc_text(page),
                  fisc_bytea(before, before != NULL ? FISC_DIGEST_SIZE : 0) /* empty: none */,
                  fisc_text(origin), fisc_int4(FISC_PROVIDER_LOGIN_LASTS_S),
                  fisc_int4(LOGINS_OF_ADDRESS_MAX)),
        NULL, error);
}

/* Where the browser goes. Caller frees. */
static char *
url_of(const FiscProviderOptions *options, const FiscProviderPlaces *places, const char *state,
       const char *secret)
{
    char nonce[FISC_SECRET_TEXT], verifier[FISC_SECRET_TEXT];
    fisc_provider_derive(secret, "nonce", nonce);
    fisc_provider_derive(secret, "verifier", verifier);
    g_autofree char *challenge = fisc_provider_challenge(verifier);
    const char *const pairs[] = {"response_type",
                                 "code",
                                 "client_id",
                                 options->client_id,
                                 "redirect_uri",
                                 options->return_url,
                                 "scope",
                                 options->scope != NULL ? options->scope : "openid",
                                 "state",
                                 state,
                                 "nonce",
                                 nonce,
                                 "code_challenge",
                                 challenge,
                                 "code_challenge_method",
                                 "S256",
                                 "acr_values",
                                 options->acr,
                                 NULL};
    g_autofree char *form = fisc_provider_form(pairs);
    const char *place = places->authorization_endpoint;
    return g_strconcat(place, strchr(place, '?') != NULL ? "&" : "?", form, NULL);
}

bool
fisc_flow_provider_begin(FiscContext *ctx, const FiscSignInDesk *desk, FiscProvider *provider,
                         const char *page, const uint8_t *before, FiscProviderLogin *out_login,
                         GError **error)
{
    g_auto(FiscProviderPlaces) places = {0};
    FiscProviderLogin login = {0};
    char state[FISC_SECRET_TEXT];
    fisc_secret_make("", login.secret);
    fisc_secret_make("", state);
    if (!fisc_provider_places(provider, &places, error) ||
        !keep(ctx, desk, state, login.secret, fisc_provider_is_page(page) ? page : HOME, before,
              error)) {
        return false;
    }
    login.url = url_of(fisc_provider_options(provider), &places, state, login.secret);
    *out_login = login;
    return true;
}

/* Coming back ---------------------------------------------------------------------------------- */

/* What began here, taken once. */
typedef struct {
    char *page; /* NULL: nothing began here, or not in this browser */
    bool has_before;
    uint8_t before[FISC_DIGEST_SIZE];
} Begun;

static void
begun_clear(Begun *begun)
{
    g_free(begun->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Begun, begun_clear)

static bool
spend(FiscContext *ctx, const FiscProviderReturn *back, Begun *out_begun, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE], browser[FISC_DIGEST_SIZE];
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_secret_digest("", back->state, digest) ||
        !fisc_secret_digest("", back->secret, browser)) {
        return true;
    }
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_SPEND_PROVIDER_LOGIN,
                                  FISC_ARGS(fisc_int4(ctx->book_id),
                                            fisc_bytea(digest, FISC_DIGEST_SIZE),
                                            fisc_bytea(browser, FISC_DIGEST_SIZE)),
                                  &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) > 0) {
        int length = 0;
        out_begun->page = g_strdup(fisc_rows_text(rows, 0, 0));
        const uint8_t *before =
            fisc_rows_is_null(rows, 0, 1) ? NULL : fisc_rows_bytea(rows, 0, 1, &length);
        out_begun->has_before = before != NULL && length == FISC_DIGEST_SIZE;
        if (out_begun->has_before) {
            memcpy(out_begun->before, before, FISC_DIGEST_SIZE);
        }
    }
    return true;
}

/* What the provider says instead of a code, as far as it is a word of the standard. */
static const char *
name_mistake(const char *mistake)
{
    static const char *const known[] = {
        "access_denied",   "login_required",      "consent_required", "interaction_required",
        "invalid_request", "unauthorized_client", "invalid_scope",    "account_selection_required"};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(known[i], mistake) == 0) {
            return known[i];
        }
    }
    return "it was refused";
}

/* Why the answer of the provider is not gone into; NULL when it is. Caller frees. */
static char *
judge_return(const FiscProviderReturn *back, const Begun *begun, const FiscProviderPlaces *places,
             const char *issuer)
{
    if (begun->page == NULL) {
        return g_strdup("provider: no such sign-in");
    }
    if (back->issuer != NULL ? strcmp(back->issuer, issuer) != 0 : places->names_itself) {
        return g_strdup("provider: an answer of another issuer");
    }
    if (back->mistake != NULL) {
        return g_strconcat("provider: ", name_mistake(back->mistake), NULL);
    }
    return back->code != NULL && is_line(back->code, CODE_BYTES_MAX)
               ? NULL
               : g_strdup("provider: an answer without a code");
}

/* *out_why (owned) when the code gives no token that is to be believed. */
static bool
redeem(FiscProvider *provider, const FiscProviderReturn *back, FiscIdToken *out_token,
       char **out_why, GError **error)
{
    g_auto(FiscProviderGrant) grant = {0};
    char nonce[FISC_SECRET_TEXT], verifier[FISC_SECRET_TEXT];
    const char *why = NULL;
    bool is_good = false;
    fisc_provider_derive(back->secret, "nonce", nonce);
    fisc_provider_derive(back->secret, "verifier", verifier);
    if (!fisc_provider_redeem(provider, back->code, verifier, &grant, &is_good, error) ||
        (is_good && !fisc_provider_check(provider, &grant, nonce, out_token, &why, error))) {
        return false;
    }
    *out_why = !is_good      ? g_strdup("provider: the code is not good")
               : why != NULL ? g_strconcat("provider: the token ", why, NULL)
                             : NULL;
    return true;
}

/* NULL in *out_person when it is nobody here; then *out_why (owned). */
static bool
find_person(FiscContext *ctx, const FiscSignInDesk *desk, const FiscProviderOptions *options,
            const FiscIdToken *token, char **out_person, char **out_why, GError **error)
{
    g_auto(Link) link = link_of(options->issuer, token->subject);
    g_autofree char *person = NULL;
    if (token->person != NULL) {
        /* The provider is believed whom it names; that he is somebody here, it cannot make so. */
        const FiscPerson *known = fisc_registry_person(desk->registry, token->person);
        person = known != NULL && known->is_registered ? g_strdup(token->person) : NULL;
    } else if (!find_linked(ctx, &link, &person, error)) {
        return false;
    }
    if (person == NULL) {
        *out_why = is_line(token->subject, FISC_SUBJECT_MAX)
                       ? g_strconcat("provider: unknown subject ", token->subject, NULL)
                       : g_strdup("provider: unknown subject");
    }
    *out_person = g_steal_pointer(&person);
    return true;
}

static bool
has_word(const char *words, const char *word)
{
    g_auto(GStrv) list = g_strsplit(words != NULL ? words : "", " ", -1);
    return word != NULL && *word != '\0' && g_strv_contains((const char *const *)list, word);
}

/* Two factors were shown there, by what the settings take for that. */
static bool
is_strong(const FiscProviderOptions *options, const FiscIdToken *token)
{
    bool is_so = has_word(options->acr, token->acr);
    for (char **means = token->amr; means != NULL && *means != NULL; means++) {
        is_so = is_so || has_word(options->amr, *means);
    }
    return is_so;
}

static bool
open_session(FiscContext *ctx, const FiscSignInDesk *desk, const FiscProviderOptions *options,
             const char *person, const FiscIdToken *token, const Begun *begun, FiscSignIn *out,
             GError **error)
{
    g_auto(FiscCredentials) credentials = {0};
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error)) {
        return false;
    }
    credentials.is_start = false; /* whoever comes this way needs no password */
    return fisc_flow_sign_in_note(ctx, desk, person, "provider: the token is good", error) &&
           fisc_flow_sign_in_go_on(ctx, desk, person, &credentials, is_strong(options, token), out,
                                   error) &&
           (!begun->has_before ||
            fisc_flow_identity_query(
                ctx, FISC_SQL_IDENTITY_END_SESSION,
                FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(begun->before, FISC_DIGEST_SIZE)),
                NULL, error));
}

/* True with FAILED in @out when it is not to be believed, or it is nobody here. */
static bool
go_into(FiscContext *ctx, const FiscSignInDesk *desk, FiscProvider *provider,
        const FiscProviderReturn *back, const Begun *begun, FiscSignIn *out, GError **error)
{
    const FiscProviderOptions *options = fisc_provider_options(provider);
    g_auto(FiscProviderPlaces) places = {0};
    g_auto(FiscIdToken) token = {0};
    g_autofree char *person = NULL;
    g_autofree char *why = NULL;
    if (begun->page != NULL && !fisc_provider_places(provider, &places, error)) {
        return false;
    }
    why = judge_return(back, begun, &places, options->issuer);
    if ((why == NULL && !redeem(provider, back, &token, &why, error)) ||
        (why == NULL && !find_person(ctx, desk, options, &token, &person, &why, error))) {
        return false;
    }
    bool is_let_in = why == NULL && fisc_flow_may_sign_in(desk->registry, person);
    if (!is_let_in) {
        *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
        return fisc_flow_sign_in_note(ctx, desk, person, why != NULL ? why : "disabled", error);
    }
    return open_session(ctx, desk, options, person, &token, begun, out, error);
}

/* A state is as good a name as any: what counts is from where many wrong ones come. */
bool
fisc_flow_provider_finish(FiscContext *ctx, const FiscSignInDesk *desk, FiscProvider *provider,
                          const FiscProviderReturn *back, FiscSignIn *out, char **out_page,
                          GError **error)
{
    FiscAttempt attempt = {0};
    g_auto(Begun) begun = {0};
    FiscSignIn result = {0};
    if (!fisc_flow_attempt_begin(ctx, desk, back->state != NULL ? back->state : "", &attempt,
                                 error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        *out = (FiscSignIn){.state = FISC_SIGN_IN_LIMITED, .wait_s = attempt.wait_s};
        return fisc_flow_sign_in_note(ctx, desk, NULL, "too many", error);
    }
    if (!spend(ctx, back, &begun, error)) {
        return false;
    }
    bool is_answered = go_into(ctx, desk, provider, back, &begun, &result, error);
    bool is_wrong = is_answered && result.state == FISC_SIGN_IN_FAILED;
    /* That the provider is away is nobody's wrong attempt. */
    if (!is_wrong && !fisc_flow_attempt_withdraw(ctx, &attempt, is_answered ? error : NULL)) {
        return false;
    }
    if (is_answered) {
        *out = result;
        *out_page = g_steal_pointer(&begun.page);
    }
    return is_answered;
}
