/* jose.h: signed tokens as a test wants them, right or wrong: whatever stands in header and claims
 * is signed as it is, byte for byte. */
#ifndef FISC_TEST_JOSE_H
#define FISC_TEST_JOSE_H

#include <glib.h>

typedef struct evp_pkey_st JoseKey;

JoseKey *jose_rsa(unsigned bits);
/** @curve: "P-256", "P-384". */
JoseKey *jose_ec(const char *curve);
void jose_free(JoseKey *key);

/** The public key as a JWK. @more: further members with a comma before each, or "". Caller frees.
 */
char *jose_jwk(JoseKey *key, const char *key_id, const char *more);
/** @algorithm: what is really done, RS256, PS256, ES256 or none; @header says what it likes. Caller
 * frees. */
char *jose_sign(JoseKey *key, const char *algorithm, const char *header, const char *claims);
/** The same by HS256 with these bytes as the secret. Caller frees. */
char *jose_sign_secret(const char *secret, const char *header, const char *claims);
/** Caller frees. */
char *jose_letters(const void *data, gsize length);

/* id_token_test.c: its keys, which take a moment to make. */
int id_token_set_up(void);
int id_token_tear_down(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JoseKey, jose_free)

#endif
