/* signin.h: how people and programs prove who they are: the arithmetic of it, without a database.
 *
 * Passwords (argon2id), one-time codes (RFC 6238), secrets that are handed out once (tokens,
 * session ids), seeds sealed with a key that is not in the database. What is kept of any of them is
 * never the thing itself. libsodium stays behind core/identity. */
#ifndef FISC_SIGNIN_H
#define FISC_SIGNIN_H

#include "fisc/error.h"
#include <stdint.h>

#define FISC_DIGEST_SIZE 32
#define FISC_DIGEST_HEX (2 * FISC_DIGEST_SIZE + 1)

/* Passwords ----------------------------------------------------------------------------------- */

#define FISC_PASSWORD_MIN 15  /* characters */
#define FISC_PASSWORD_MAX 256 /* characters */

/** What is wrong with a new password, as the end of "the password ..."; NULL when nothing is. */
const char *fisc_password_complaint(const char *password, const char *person);

/* Where passwords are hashed: each takes 64 MiB, so few at once, and few may wait. */
typedef struct _FiscHasher FiscHasher;
FiscHasher *fisc_hasher_new(void);
void fisc_hasher_free(FiscHasher *hasher);
/** UNAVAILABLE when too many wait already. Caller frees *out_verifier. */
bool
fisc_hasher_make(FiscHasher *hasher, const char *password, char **out_verifier, GError **error);
/** The same work when @verifier is NULL, because nobody has this name: then it is wrong. */
bool fisc_hasher_check(FiscHasher *hasher, const char *verifier, const char *password,
                       bool *out_right, GError **error);
/** How many passwords were hashed or checked so far. */
int64_t fisc_hasher_count(FiscHasher *hasher);

/* One-time codes: RFC 6238, SHA-1, 30 seconds ------------------------------------------------- */

#define FISC_SEED_SIZE 20
#define FISC_SEED_TEXT 33 /* base32 */
#define FISC_CODE_DIGITS 6

/** The code of a time step. */
void fisc_totp_code(const uint8_t *seed, gsize length, int64_t step, int digits, char *out_code);
int64_t fisc_totp_step(int64_t unix_time_s);
/** The step whose code this is, at most one away from now and behind @last_step; -1 when there is
 * none. */
int64_t fisc_totp_find(const uint8_t seed[FISC_SEED_SIZE], const char *code, int64_t unix_time_s,
                       int64_t last_step);
/** "otpauth://totp/fisc:ana?secret=...": what an authenticator reads. Caller frees. */
char *fisc_totp_uri(const uint8_t seed[FISC_SEED_SIZE], const char *person);
/** Base32 without padding. */
void fisc_seed_format(const uint8_t seed[FISC_SEED_SIZE], char out_text[FISC_SEED_TEXT]);

#define FISC_RECOVERY_CODES 10
#define FISC_RECOVERY_TEXT 20 /* "abcd-efgh-jkmn-pqrs" */
void fisc_recovery_make(char out_code[FISC_RECOVERY_TEXT]);
/** Whatever its case, with or without hyphens. False when it cannot be one. */
bool
fisc_recovery_digest(const char *code, const char *person, uint8_t out_digest[FISC_DIGEST_SIZE]);

/* Secrets that are handed out once ------------------------------------------------------------ */

#define FISC_TOKEN_PREFIX "fisc_"
#define FISC_SECRET_TEXT 64 /* room for a prefix and 43 letters */

/** @prefix and 256 random bits in letters that fit a URL, a header and a cookie. */
void fisc_secret_make(const char *prefix, char out_text[FISC_SECRET_TEXT]);
/** False when the text cannot be one. */
bool fisc_secret_digest(const char *prefix, const char *text, uint8_t out_digest[FISC_DIGEST_SIZE]);
/** The digest of whatever was shown. */
void fisc_digest_of(const char *text, uint8_t out_digest[FISC_DIGEST_SIZE]);
const char *
fisc_digest_format(const uint8_t digest[FISC_DIGEST_SIZE], char out_hex[FISC_DIGEST_HEX]);
/** False unless it is 64 digits of lower-case hex. */
bool fisc_digest_parse(const char *hex, uint8_t out_digest[FISC_DIGEST_SIZE]);
/** What a page has to send back with writes, made of the session's secret, which it cannot read. */
void fisc_csrf_of(const char *session, char out_hex[FISC_DIGEST_HEX]);
/** Whether two texts are one, in a time that says nothing of where they differ. */
bool fisc_secret_equal(const char *a, const char *b);
/** Overwrites a secret that is no longer needed; NULL does nothing. */
void fisc_secret_wipe(char *text);

/* What a token is good for. X(NAME, word, meaning) */
#define FISC_USES(X)                                                                               \
    X(READ, "read", "look at what the person may see")                                             \
    X(POST, "post", "post entries, propose documents")                                             \
    X(APPROVE, "approve", "approve and reject documents")                                          \
    X(ADMIN, "admin", "everything the person may")

enum {
    FISC_USE_READ = 1 << 0,
    FISC_USE_POST = 1 << 1,
    FISC_USE_APPROVE = 1 << 2,
    FISC_USE_ADMIN = 1 << 3,
    FISC_USE_ALL = (1 << 4) - 1,
};
/** "read,post" as bits; 0 when a word is none of them, or stands twice. */
unsigned fisc_uses_parse(const char *words);
/** "read,post". Caller frees. */
char *fisc_uses_format(unsigned uses);

/** What attempts from an address are counted under: the address, of IPv6 its network. Caller frees.
 */
char *fisc_address_class(const char *address);

/* Sealing: XChaCha20-Poly1305 with a key in a file -------------------------------------------- */

typedef struct _FiscSeal FiscSeal;
/** Reads the key; makes the file, readable to its owner alone, when there is none. SETUP when
 * others may read it, or it is no key. */
bool fisc_seal_open(const char *key_file, FiscSeal **out_seal, GError **error);
void fisc_seal_free(FiscSeal *seal);
/** @about: what it belongs to; opens with the same only. Caller unrefs. */
GByteArray *
fisc_seal_close(const FiscSeal *seal, const char *about, const void *secret, gsize length);
/** TAMPERED when it was sealed with another key, belongs to something else, or was altered. */
bool fisc_seal_break(const FiscSeal *seal, const char *about, const uint8_t *sealed, gsize length,
                     void *out_secret, gsize out_length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscHasher, fisc_hasher_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSeal, fisc_seal_free)

#endif
