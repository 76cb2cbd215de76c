/* hash.h: SHA-256, of bytes at once or of typed fields one after the other.
 *
 * The field form is canonical: an integer is eight bytes, big-endian, two's complement; a string is
 * its length in bytes as such an integer, then its bytes. No two lists of fields look alike. What
 * is hashed, and in which order, is written in docs/hashes.md. */
#ifndef FISC_BASE_HASH_H
#define FISC_BASE_HASH_H

#include <glib.h>
#include <stdint.h>

#define FISC_HASH_SIZE 32
#define FISC_HASH_TEXT (2 * FISC_HASH_SIZE + 1)

typedef struct _FiscHash FiscHash;

/** SHA-256 of @length bytes. */
void fisc_hash_data(const void *data, gsize length, uint8_t out_hash[FISC_HASH_SIZE]);

/** HMAC-SHA-256 (RFC 2104) of @length bytes. */
void fisc_hash_hmac(const uint8_t key[FISC_HASH_SIZE], const void *data, gsize length,
                    uint8_t out_hash[FISC_HASH_SIZE]);

/** Random bytes fit for keys and salts. */
void fisc_random_bytes(void *out, gsize length);

FiscHash *fisc_hash_new(void);
void fisc_hash_free(FiscHash *hash); /* NULL does nothing */
/** Bytes as they are, for what has a fixed length: another hash. */
void fisc_hash_add_bytes(FiscHash *hash, const void *data, gsize length);
void fisc_hash_add_int(FiscHash *hash, int64_t value);
/** NULL counts as "". */
void fisc_hash_add_text(FiscHash *hash, const char *text);
/** Gives the hash of everything added, and begins anew. */
void fisc_hash_finish(FiscHash *hash, uint8_t out_hash[FISC_HASH_SIZE]);

/** Lower-case hexadecimal. @buffer of FISC_HASH_TEXT bytes. Returns @buffer. */
const char *fisc_hash_format(const uint8_t hash[FISC_HASH_SIZE], char *buffer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscHash, fisc_hash_free)

#endif
