/* hash.c: SHA-256 through libcrypto, with a small buffer in front.
 *
 * Fields are short and many, and each call into libcrypto costs more than copying eight bytes, so
 * they are gathered first. A failure inside libcrypto would mean a broken library: asserted. */
#include "core/base/hash.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <string.h>

#define BUFFER_SIZE 2048

struct _FiscHash {
    EVP_MD_CTX *context;
    bool is_begun; /* the context has seen bytes */
    gsize used;
    uint8_t buffer[BUFFER_SIZE];
};

static void
must(int result)
{
    g_assert(result == 1);
}

void
fisc_hash_hmac(const uint8_t key[FISC_HASH_SIZE], const void *data, gsize length,
               uint8_t out_hash[FISC_HASH_SIZE])
{
    g_assert(HMAC(EVP_sha256(), key, FISC_HASH_SIZE, data, length, out_hash, NULL) != NULL);
}

void
fisc_random_bytes(void *out, gsize length)
{
    must(RAND_bytes(out, (int)length));
}

static void
destroy(gpointer data)
{
    FiscHash *hash = data;
    if (hash != NULL) {
        EVP_MD_CTX_free(hash->context);
        g_free(hash);
    }
}

/* Looking the algorithm up costs more than hashing an entry, so each thread keeps one hash for the
 * next. */
static GPrivate kept = G_PRIVATE_INIT(destroy);

FiscHash *
fisc_hash_new(void)
{
    FiscHash *hash = g_private_get(&kept);
    if (hash != NULL) {
        g_private_set(&kept, NULL);
        return hash;
    }
    hash = g_new(FiscHash, 1);
    hash->used = 0;
    hash->is_begun = false;
    hash->context = EVP_MD_CTX_new();
    g_assert(hash->context != NULL);
    must(EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL));
    return hash;
}

void
fisc_hash_free(FiscHash *hash)
{
    if (hash == NULL) {
        return;
    }
    if (g_private_get(&kept) != NULL) {
        destroy(hash);
        return;
    }
    hash->used = 0;
    if (hash->is_begun) {
        must(EVP_DigestInit_ex(hash->context, NULL, NULL));
        hash->is_begun = false;
    }
    g_private_set(&kept, hash);
}

void
fisc_hash_data(const void *data, gsize length, uint8_t out_hash[FISC_HASH_SIZE])
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_bytes(hash, data, length);
    fisc_hash_finish(hash, out_hash);
}

static void
flush(FiscHash *hash)
{
    must(EVP_DigestUpdate(hash->context, hash->buffer, hash->used));
    hash->is_begun = true;
    hash->used = 0;
}

void
fisc_hash_add_bytes(FiscHash *hash, const void *data, gsize length)
{
    if (length > BUFFER_SIZE - hash->used) {
        flush(hash);
    }
    if (length > BUFFER_SIZE) {
        must(EVP_DigestUpdate(hash->context, data, length));
        hash->is_begun = true;
    } else if (length > 0) {
        memcpy(hash->buffer + hash->used, data, length);
        hash->used += length;
    }
}

void
fisc_hash_add_int(FiscHash *hash, int64_t value)
{
    uint64_t big_endian = GUINT64_TO_BE((uint64_t)value);
    fisc_hash_add_bytes(hash, &big_endian, sizeof(big_endian));
}

void
fisc_hash_add_text(FiscHash *hash, const char *text)
{
    gsize length = text != NULL ? strlen(text) : 0;
    fisc_hash_add_int(hash, (int64_t)length);
    fisc_hash_add_bytes(hash, text, length);
}

void
fisc_hash_finish(FiscHash *hash, uint8_t out_hash[FISC_HASH_SIZE])
{
    flush(hash);
    unsigned size = 0;
    must(EVP_DigestFinal_ex(hash->context, out_hash, &size));
    g_assert(size == FISC_HASH_SIZE);
    must(EVP_DigestInit_ex(hash->context, NULL, NULL));
    hash->is_begun = false;
}

const char *
fisc_hash_format(const uint8_t hash[FISC_HASH_SIZE], char *buffer)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < FISC_HASH_SIZE; i++) {
        buffer[2 * i] = digits[hash[i] >> 4];
        buffer[2 * i + 1] = digits[hash[i] & 15];
    }
    buffer[2 * FISC_HASH_SIZE] = '\0';
    return buffer;
}
