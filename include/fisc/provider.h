/* provider.h: what an identity provider (OpenID Connect) says, and whether it is to be believed:
 * the arithmetic of it, without a network and without a database.
 *
 * An ID token is believed when one of the provider's own keys has signed it, for this client, for
 * this very sign-in, just now. Whatever else a token or its header may ask for (other keys, other
 * algorithms, extensions) is refused or not looked at. cjose stays behind core/identity. */
#ifndef FISC_PROVIDER_H
#define FISC_PROVIDER_H

#include "fisc/error.h"
#include "fisc/signin.h"

/* What the provider says of itself ------------------------------------------------------------- */

#define FISC_PROVIDER_WELL_KNOWN "/.well-known/openid-configuration"

typedef struct {
    char *authorization_endpoint;
    char *token_endpoint;
    char *jwks_uri;
    bool names_itself;      /* its answers carry iss (RFC 9207): one without is not its own */
    bool wants_secret_post; /* the client's secret goes into the body, not into a header */
} FiscProviderPlaces;

void fisc_provider_places_clear(FiscProviderPlaces *places);
/** Reads the provider's description of itself. FAILED, naming what is wrong, when it is another
 * issuer's, lacks a place, has one without TLS (unless the issuer itself is http://), or cannot do
 * the code flow with S256. */
bool fisc_provider_places_read(const char *json, gsize length, const char *issuer,
                               FiscProviderPlaces *out_places, GError **error);

/** "name=value&..." of pairs ended by NULL; pairs with a NULL value are left out. Caller frees. */
char *fisc_provider_form(const char *const *pairs);
/** What stands in Authorization for a client with a secret (RFC 6749, 2.3.1). Caller frees. */
char *fisc_provider_basic(const char *client_id, const char *client_secret);
/** The challenge of a verifier by S256 (RFC 7636). Caller frees. */
char *fisc_provider_challenge(const char *verifier);
/** Another secret made of one, for a purpose: the same purpose gives the same. */
void fisc_provider_derive(const char *secret, const char *purpose, char out_text[FISC_SECRET_TEXT]);

/* What the token endpoint gives. */
typedef struct {
    char *id_token;
    char *access_token; /* NULL: none */
} FiscProviderGrant;

void fisc_provider_grant_clear(FiscProviderGrant *grant);
/** False when it is no answer of a token endpoint, or has no ID token. */
bool fisc_provider_grant_read(const char *json, gsize length, FiscProviderGrant *out_grant);

/* Keys ----------------------------------------------------------------------------------------- */

/* The provider's public keys. May be used by many threads. */
typedef struct _FiscKeySet FiscKeySet;

/** Those that can sign tokens for us: RSA of 2048 bits or more, EC on P-256. Others are left out.
 * FAILED when it is no set of keys. */
bool fisc_key_set_read(const char *json, gsize length, FiscKeySet **out_keys, GError **error);
void fisc_key_set_free(FiscKeySet *keys); /* NULL does nothing */
int fisc_key_set_count(const FiscKeySet *keys);

/* ID tokens ------------------------------------------------------------------------------------ */

#define FISC_ID_TOKEN_SKEW_S 60 /* how far two clocks may be apart */
#define FISC_ID_TOKEN_AGE_S 600 /* how long ago it may have been made: it was fetched just now */
#define FISC_ID_TOKEN_BYTES_MAX 32768
#define FISC_SUBJECT_MAX 255 /* bytes of sub */

typedef struct {
    const char *issuer;
    const char *client_id;
    const char *nonce;
    const char *access_token; /* that came with it; NULL: none */
    const char *person_claim; /* the claim that names the person; NULL: not looked at */
    int64_t now_s;            /* unix time */
} FiscIdTokenRules;

typedef struct {
    char *subject;
    char *person; /* the value of person_claim; NULL: it was not asked for */
    char *acr;    /* how he signed in there; NULL: not said */
    char **amr;   /* by which means; NULL: not said */
} FiscIdToken;

void fisc_id_token_clear(FiscIdToken *token);

typedef enum {
    FISC_ID_TOKEN_GOOD,
    FISC_ID_TOKEN_BAD,
    FISC_ID_TOKEN_KEY_UNKNOWN, /* signed with a key that is not in the set: perhaps a new one */
} FiscIdTokenState;

/** Whether a token is to be believed. *out_why: when it is not, what is wrong, as the end of "the
 * token ...", a constant. *out_token is set when it is GOOD. */
FiscIdTokenState
fisc_id_token_check(const char *text, const FiscKeySet *keys, const FiscIdTokenRules *rules,
                    FiscIdToken *out_token, const char **out_why);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscProviderPlaces, fisc_provider_places_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscProviderGrant, fisc_provider_grant_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscIdToken, fisc_id_token_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscKeySet, fisc_key_set_free)

#endif
