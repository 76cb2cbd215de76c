/* certificate.h: until when a certificate is good, and whose key it is. */
#ifndef FISC_BASE_CERTIFICATE_H
#define FISC_BASE_CERTIFICATE_H

#include "core/base/hash.h"
#include "fisc/error.h"
#include <stdint.h>

/** Seconds from now to the end of the first certificate of a PEM file; negative when it is over.
 * NOT_FOUND when the file holds none. */
bool fisc_certificate_left(const char *path, int64_t *out_seconds, GError **error);

/** SHA-256 of the public key (SubjectPublicKeyInfo) of the first certificate in @pem: what "pinned
 * keys" are. False when there is none. */
bool fisc_certificate_hash_key(const char *pem, uint8_t out_hash[FISC_HASH_SIZE]);

#endif
