/* sign.h: Ed25519 signatures and the files their keys are kept in.
 *
 * A key file is PEM (RFC 8410) with one line in front, "label NAME", so that other programs read it
 * too: a reader of PEM skips what stands before the first dashes. The label tells people, and a
 * signed head, whose key it is. Whoever holds the private file signs: it never goes near the
 * database. */
#ifndef FISC_BASE_SIGN_H
#define FISC_BASE_SIGN_H

#include "fisc/error.h"
#include <stdint.h>

#define FISC_SIGNATURE_SIZE 64
#define FISC_KEY_ID_TEXT 17

typedef struct _FiscSignKey FiscSignKey;

/** A fresh pair. @label: letters, digits, '-', '_' and '.'; NULL makes sixteen random hex digits.
 */
bool fisc_sign_key_new(const char *label, FiscSignKey **out_key, GError **error);
/** Writes the private key to @path, readable by its owner only, and the public one to @path.pub.
 * Never overwrites: a key that is gone cannot be asked for its signatures. */
bool fisc_sign_key_save(const FiscSignKey *key, const char *path, GError **error);
/** Reads a private or a public key. A private one that others may read is refused. */
bool fisc_sign_key_load(const char *path, FiscSignKey **out_key, GError **error);
void fisc_sign_key_free(FiscSignKey *key); /* NULL does nothing */

bool fisc_sign_key_is_private(const FiscSignKey *key);
const char *fisc_sign_key_label(const FiscSignKey *key);
/** The first eight bytes of the SHA-256 of the public key, in hexadecimal: a name, no proof. */
const char *fisc_sign_key_id(const FiscSignKey *key);

/** The public key as base64, 44 characters: how a register names whose signatures count. Caller
 * frees. */
char *fisc_sign_key_text(const FiscSignKey *key);
/** A public key from such a text. VALUE_INVALID. */
bool fisc_sign_key_read(const char *text, FiscSignKey **out_key, GError **error);

void fisc_sign(const FiscSignKey *private_key, const void *data, gsize length,
               uint8_t out_signature[FISC_SIGNATURE_SIZE]);
bool fisc_sign_check(const FiscSignKey *key, const void *data, gsize length,
                     const uint8_t signature[FISC_SIGNATURE_SIZE]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSignKey, fisc_sign_key_free)

#endif
