/* passkey.h: keys that stay in a device and sign a challenge (WebAuthn level 2): what a device
 * sends is checked here, without a database and without a clock.
 *
 * A device says two things: client data, which the browser wrote (what was asked, by which site),
 * and authenticator data, which the device wrote (for which site, was anybody there, how often has
 * it signed). The signature covers both. Statements of who built a device are not read: nothing
 * depends on them. libfido2 stays behind core/identity. */
#ifndef FISC_PASSKEY_H
#define FISC_PASSKEY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define FISC_CHALLENGE_SIZE 32
#define FISC_CHALLENGE_TEXT 44 /* base64url without padding */
#define FISC_PASSKEY_ID_MAX 1023
#define FISC_PASSKEY_NAME_TEXT 17 /* how lists and the chain call a passkey: 16 digits */
#define FISC_PASSKEY_LABEL_MAX 64 /* bytes of what its owner calls it */
#define FISC_PASSKEY_HANDLE_SIZE 32

/* The algorithms of COSE that are taken, in the order of preference. X(NAME, number, meaning) */
#define FISC_PASSKEY_ALGORITHMS(X)                                                                 \
    X(ES256, -7, "ECDSA on P-256")                                                                 \
    X(EDDSA, -8, "Ed25519")                                                                        \
    X(RS256, -257, "RSA of 2048 bits")

/* Why something does not count. X(NAME, words): the end of "the passkey ..." */
#define FISC_PASSKEY_FAULTS(X)                                                                     \
    X(NONE, "is good")                                                                             \
    X(MALFORMED, "cannot be read")                                                                 \
    X(KIND, "answers another kind of question")                                                    \
    X(CHALLENGE, "answers another challenge")                                                      \
    X(ORIGIN, "was used on a page of another site")                                                \
    X(CROSS_ORIGIN, "was used on a page inside another site's")                                    \
    X(SITE, "belongs to another site")                                                             \
    X(PRESENCE, "was used without anybody present")                                                \
    X(VERIFICATION, "was used without the device asking who it is")                                \
    X(ALGORITHM, "signs in a way that is not taken")                                               \
    X(OTHER_KEY, "is another one")                                                                 \
    X(SIGNATURE, "has not signed this")                                                            \
    X(COUNTER, "has signed less often than before: there may be a copy of it")

typedef enum {
#define X(name, words) FISC_PASSKEY_##name,
    FISC_PASSKEY_FAULTS(X)
#undef X
} FiscPasskeyFault;

/** The end of "the passkey ...". */
const char *fisc_passkey_words(FiscPasskeyFault fault);

/* What has to be answered, and where. */
typedef struct {
    const char *origin; /* "https://fisc.example.org", as a browser writes it */
    const char *site;   /* "fisc.example.org": what the device keeps the key for */
    uint8_t challenge[FISC_CHALLENGE_SIZE];
} FiscPasskeyQuestion;

/* What a device and its browser send at registration. */
typedef struct {
    GBytes *client_data;
    GBytes *authenticator_data; /* with the new key */
} FiscPasskeyOffer;

/* What they send as proof. */
typedef struct {
    GBytes *id; /* of the passkey */
    GBytes *client_data;
    GBytes *authenticator_data;
    GBytes *signature;
    GBytes *handle; /* of the person, as the device kept it; NULL: it kept none */
} FiscPasskeyProof;

/* What is kept of a passkey. */
typedef struct {
    GBytes *id;
    GBytes *key; /* as libfido2 has it */
    int algorithm;
    char *label; /* what its owner calls it */
} FiscPasskey;

void fisc_passkey_offer_clear(FiscPasskeyOffer *offer);
void fisc_passkey_proof_clear(FiscPasskeyProof *proof);
void fisc_passkey_clear(FiscPasskey *passkey);

/** A new passkey. *out_counter: how often it has signed. @out_passkey's label stays NULL. */
FiscPasskeyFault
fisc_passkey_register(const FiscPasskeyQuestion *question, const FiscPasskeyOffer *offer,
                      FiscPasskey *out_passkey, uint32_t *out_counter);
/** Whether a passkey has answered. Who it belongs to, and its counter, the caller judges. */
FiscPasskeyFault fisc_passkey_check(const FiscPasskeyQuestion *question, const FiscPasskey *passkey,
                                    const FiscPasskeyProof *proof, uint32_t *out_counter);
/** Whether a counter may follow another; devices that do not count say 0 always. */
bool fisc_passkey_may_follow(int64_t before, uint32_t counter);

/** The challenge that an answer claims to answer; NONE or MALFORMED. What it claims is looked up,
 * and then checked with the rest. */
FiscPasskeyFault
fisc_passkey_claimed(GBytes *client_data, uint8_t out_challenge[FISC_CHALLENGE_SIZE]);
/** A challenge that nobody else can have made for this act: of random bytes, and, unless NULL, the
 * digest of what is approved. */
void fisc_passkey_challenge(const uint8_t nonce[FISC_CHALLENGE_SIZE], const uint8_t *action,
                            uint8_t out_challenge[FISC_CHALLENGE_SIZE]);
/** What a device keeps as the person: says nothing of him. */
void
fisc_passkey_handle(int book_id, const char *person, uint8_t out_handle[FISC_PASSKEY_HANDLE_SIZE]);
/** How lists and the chain call a passkey: the beginning of the digest of its id. */
void fisc_passkey_name(GBytes *id, char out_name[FISC_PASSKEY_NAME_TEXT]);

/** The bytes that are kept; they begin with the SHA-256 of the id. Caller unrefs. */
GByteArray *fisc_passkey_pack(const FiscPasskey *passkey);
/** False when it is none. */
bool fisc_passkey_unpack(const uint8_t *data, gsize length, FiscPasskey *out_passkey);

/** Base64url without padding; NULL when it is not that, is empty or longer than @max bytes. Caller
 * unrefs. */
GBytes *fisc_base64url_read(const char *text, gsize max);
/** Caller frees. */
char *fisc_base64url_write(const void *data, gsize length);

/** Origin and site of an address like "https://fisc.example.org/". False when browsers give no
 * passkeys there: by http (but for localhost), or by number. Caller frees both. */
bool fisc_passkey_site(const char *url, char **out_origin, char **out_site);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPasskeyOffer, fisc_passkey_offer_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPasskeyProof, fisc_passkey_proof_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPasskey, fisc_passkey_clear)

#endif
