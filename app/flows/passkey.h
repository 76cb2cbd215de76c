/* passkey.h: the walks of passkeys: made, shown for signing in and for acts, taken away.
 *
 *   passkey.c           what a person has: made, listed, removed
 *   passkey_ask.c       what a device is asked to sign: good once, for two minutes
 *   passkey_sign_in.c   what it has signed: a session, or the confirmation of acts
 *
 * A passkey is a credential like the others: on record in the chain first. */
#ifndef FISC_FLOWS_PASSKEY_H
#define FISC_FLOWS_PASSKEY_H

#include "app/flows/signin.h"
#include "fisc/passkey.h"

#define FISC_CHALLENGE_LASTS_S (2 * 60)
#define FISC_PASSKEYS_MAX 16 /* of one person */

/* Where passkeys are used: fisc_passkey_site(). */
typedef struct {
    const char *origin, *site;
} FiscPasskeySite;

/* Whoever asks, with his session or token. */
typedef struct {
    const char *person;
    const uint8_t *holder; /* FISC_DIGEST_SIZE bytes */
} FiscPasskeyOwner;

/* What a device is asked. */
typedef struct {
    char challenge[FISC_CHALLENGE_TEXT];
    char handle[FISC_CHALLENGE_TEXT]; /* of the person; "" at signing in */
    char **ids;                       /* of his passkeys, in base64url; NULL at signing in */
} FiscPasskeyAsk;

void fisc_passkey_ask_clear(FiscPasskeyAsk *ask);

/* passkey_ask.c */
/** For a new passkey. CONFLICT when the person has too many. */
bool fisc_flow_passkey_ask_new(FiscContext *ctx, const FiscSignInDesk *desk,
                               const FiscPasskeyOwner *owner, FiscPasskeyAsk *out, GError **error);
/** For whoever signs in: says nothing of anybody. */
bool fisc_flow_passkey_ask_sign_in(FiscContext *ctx, const FiscSignInDesk *desk,
                                   FiscPasskeyAsk *out, GError **error);
/** For acts: the challenge is made of the whole list. NOT_FOUND when the person has none. */
bool fisc_flow_passkey_ask_step(FiscContext *ctx, const FiscSignInDesk *desk,
                                const FiscPasskeyOwner *owner, const FiscStepActs *acts,
                                FiscPasskeyAsk *out, GError **error);

/* passkey.c */
/** Takes a new passkey, and ends all sessions but one (@owner's). VALUE_INVALID says what is wrong
 * with it. */
bool
fisc_flow_passkey_add(FiscContext *ctx, const FiscPasskeySite *site, const FiscPasskeyOwner *owner,
                      const char *label, const FiscPasskeyOffer *offer,
                      char out_name[FISC_PASSKEY_NAME_TEXT], GError **error);
/** Ends all sessions of the person but one (hex; NULL: none is left). */
bool fisc_flow_passkey_remove(FiscContext *ctx, const char *person, const char *name,
                              const char *but, GError **error);
/** @person NULL: of all. */
bool
fisc_flow_passkey_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error);

/* passkey_sign_in.c */
/** A session, strong at once: a device that somebody has, and that knows him. @person: whose it has
 * to be; NULL: whoever's it is. */
bool fisc_flow_passkey_sign_in(FiscContext *ctx, const FiscSignInDesk *desk,
                               const FiscPasskeySite *site, const char *person,
                               const FiscPasskeyProof *proof, FiscSignIn *out, GError **error);
/** The confirmation of the acts that were asked for. FAILED or LIMITED as signing in. */
bool
fisc_flow_passkey_step_up(FiscContext *ctx, const FiscSignInDesk *desk, const FiscPasskeySite *site,
                          const FiscPasskeyOwner *owner, const FiscStepActs *acts,
                          const FiscPasskeyProof *proof, FiscSignIn *out, GError **error);

/* What the files above share. */

/** Whose it is, on record; *out_person (owned) NULL: nobody's. passkey.c */
bool fisc_flow_passkey_find(FiscContext *ctx, GBytes *id, char **out_person,
                            FiscPasskey *out_passkey, GError **error);
/** Ids of the passkeys of a person, in base64url. Caller g_strfreev()s. passkey.c */
bool fisc_flow_passkey_ids(FiscContext *ctx, const char *person, char ***out_ids, GError **error);
/** What was asked by a challenge that an answer claims; *out_asked false: it was not, is over,
 * used, or was for somebody or something else. @owner, @action as it was asked; NULL. passkey_ask.c
 */
bool fisc_flow_challenge_spend(FiscContext *ctx, const char *purpose, GBytes *client_data,
                               const FiscPasskeyOwner *owner, const uint8_t *action,
                               uint8_t out_challenge[FISC_CHALLENGE_SIZE], bool *out_asked,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPasskeyAsk, fisc_passkey_ask_clear)

#endif
