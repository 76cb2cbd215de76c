/* passkey_words.h: what devices are asked and say, in the words of WebAuthn: the objects that
 * browsers read and write (PublicKeyCredentialCreationOptionsJSON and its like). */
#ifndef FISC_SERVER_PASSKEY_WORDS_H
#define FISC_SERVER_PASSKEY_WORDS_H

#include "app/flows/passkey.h"
#include "app/server/signin.h"

/* Where passkeys are used, for one request. */
typedef struct {
    char *origin, *site;
} FiscCallSite;

void fisc_call_site_clear(FiscCallSite *site);
/** False: they are not used where the request came to, and the reply says where they are. */
bool fisc_call_site(FiscCall *call, FiscCallSite *out_site);

/** {"options": ...} of a new passkey of who asks. @name: what he is called. */
json_t *fisc_passkey_creation_value(const FiscCall *call, const FiscCallSite *site,
                                    const FiscPasskeyAsk *ask, const char *name);
/** {"options": ...} of a passkey that is used. */
json_t *fisc_passkey_request_value(const FiscCallSite *site, const FiscPasskeyAsk *ask);

/** What a browser sends for a new passkey, in a field of the body. False: the reply is a problem.
 */
bool fisc_call_offer(FiscCall *call, const char *field, FiscPasskeyOffer *out_offer);
/** What it sends for one that is used. */
bool fisc_call_proof(FiscCall *call, const char *field, FiscPasskeyProof *out_proof);

extern const FiscApiShape fisc_shape_passkey_creation, fisc_shape_passkey_request;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscCallSite, fisc_call_site_clear)

#endif
