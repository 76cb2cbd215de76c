/* provider.h: the identity provider as the rest of fisc sees it: asked over the network, within
 * seconds, remembered for as long as that is safe.
 *
 * Nothing is asked before somebody signs in by it, so a provider that is away keeps no server from
 * starting. After three failures in a row it is left alone for ten seconds: who comes then is told
 * so at once. May be used by many threads. */
#ifndef FISC_FLOWS_PROVIDER_H
#define FISC_FLOWS_PROVIDER_H

#include "app/flows/signin.h"
#include "fisc/provider.h"

typedef struct _FiscProvider FiscProvider;

/* Borrowed for as long as the provider lives. */
typedef struct {
    const char *issuer; /* NULL: there is no provider */
    const char *client_id;
    const char *client_secret;     /* NULL: a public client */
    const char *return_url;        /* where the provider sends the browser back to */
    const char *name;              /* what people call it */
    const char *scope;             /* "openid", and what else is needed for the claim */
    const char *person_claim;      /* whose value is a person's code; NULL: persons are linked */
    const char *acr;               /* words: any of them means two factors; NULL: none does */
    const char *amr;               /* the same of means */
    const char *ca_file;           /* NULL: the system's authorities */
    const char *private_addresses; /* where it may be besides public ones; NULL: nowhere */
    int seconds;                   /* for one answer of it; 0: 5 */
} FiscProviderOptions;

/** What is wrong with the options, naming the setting; caller frees. NULL when nothing is. */
char *fisc_provider_complaint(const FiscProviderOptions *options);
FiscProvider *fisc_provider_new(const FiscProviderOptions *options);
void fisc_provider_free(FiscProvider *provider); /* NULL does nothing */
const FiscProviderOptions *fisc_provider_options(const FiscProvider *provider);

/* Each fails with PEER_UNAVAILABLE, in words for who signs in, when the provider cannot be asked;
 * what exactly went wrong is in the log. */

/** Where to ask it. */
bool fisc_provider_places(FiscProvider *provider, FiscProviderPlaces *out_places, GError **error);
/** Gives a code back for tokens. *out_is_good is false when the provider will not have it. */
bool fisc_provider_redeem(FiscProvider *provider, const char *code, const char *verifier,
                          FiscProviderGrant *out_grant, bool *out_is_good, GError **error);
/** Whether the ID token is to be believed. A key that is not known is asked for, once a minute at
 * most. *out_why: NULL, or what is wrong with it. */
bool fisc_provider_check(FiscProvider *provider, const FiscProviderGrant *grant, const char *nonce,
                         FiscIdToken *out_token, const char **out_why, GError **error);

/* signin_provider.c: the walks -------------------------------------------------------------------
 */

#define FISC_PROVIDER_LOGIN_LASTS_S (10 * 60)

/* A sign-in on its way to the provider. */
typedef struct {
    char secret[FISC_SECRET_TEXT]; /* for the browser's cookie */
    char *url;                     /* where the browser goes */
} FiscProviderLogin;

void fisc_provider_login_clear(FiscProviderLogin *login);
/** @page: of the own site, to go to afterwards. @before: digest of the session that the browser
 * has; NULL: none. */
bool fisc_flow_provider_begin(FiscContext *ctx, const FiscSignInDesk *desk, FiscProvider *provider,
                              const char *page, const uint8_t *before, FiscProviderLogin *out_login,
                              GError **error);

/* What the browser brings back. */
typedef struct {
    const char *secret;                          /* in the cookie; NULL: none */
    const char *state, *code, *issuer, *mistake; /* of the query; NULL: not there */
} FiscProviderReturn;

/** Whoever it is, it is said in one way that he is not signed in; the log of sign-ins says why.
 * *out_page (owned): where to go when it went well. */
bool fisc_flow_provider_finish(FiscContext *ctx, const FiscSignInDesk *desk, FiscProvider *provider,
                               const FiscProviderReturn *back, FiscSignIn *out, char **out_page,
                               GError **error);

/** A path of the own site that a browser may be sent to: no other host, not the API. */
bool fisc_provider_is_page(const char *page);

/** Whom a subject of a provider is. By somebody who may grant. */
bool fisc_flow_provider_link(FiscContext *ctx, const char *person, const char *issuer,
                             const char *subject, GError **error);
/** Ends the sessions of the person, too. */
bool fisc_flow_provider_unlink(FiscContext *ctx, const char *person, const char *issuer,
                               const char *subject, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscProviderLogin, fisc_provider_login_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscProvider, fisc_provider_free)

#endif
