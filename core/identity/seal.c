/* seal.c: XChaCha20-Poly1305 with a key in a file, so that a copy of the database gives no seed
 * away. */
#include "core/base/hash.h"
#include "fisc/signin.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_SIZE crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_TEXT (2 * KEY_SIZE)

struct _FiscSeal {
    uint8_t key[KEY_SIZE];
};

static bool
fail(GError **error, const char *path, const char *what)
{
    return fisc_fail(error, FISC_ERROR_SETUP, "%s: %s: %s", path, what, g_strerror(errno));
}

/* Written beside and linked into place: whoever finds the file finds all of it, and of two who make
 * one at once the second takes the first's. */
static bool
make_file(const char *path, GError **error)
{
    uint8_t key[KEY_SIZE];
    char text[KEY_TEXT + 2];
    fisc_random_bytes(key, sizeof key);
    sodium_bin2hex(text, sizeof text, key, sizeof key);
    strcat(text, "\n");
    g_autofree char *beside = g_strdup_printf("%s.%d.new", path, (int)getpid());
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_written =
        file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
    bool is_done = is_written && (link(beside, path) == 0 || errno == EEXIST);
    if (!is_done) {
        fail(error, path, "the key could not be written");
    }
    if (file >= 0) {
        close(file);
        unlink(beside);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return is_done;
}

static bool
read_key(int file, const char *path, uint8_t out_key[KEY_SIZE], GError **error)
{
    char text[KEY_TEXT + 2] = "";
    gsize length = 0;
    struct stat status;
    if (fstat(file, &status) != 0) {
        return fail(error, path, "cannot be looked at");
    }
    if ((status.st_mode & 077) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "%s: others may read it; chmod 600 it", path);
    }
    ssize_t count = read(file, text, sizeof text - 1);
    bool is_key = count >= (ssize_t)KEY_TEXT &&
                  sodium_hex2bin(out_key, KEY_SIZE, text, KEY_TEXT, NULL, &length, NULL) == 0 &&
                  length == KEY_SIZE;
    sodium_memzero(text, sizeof text);
    return is_key || fisc_fail(error, FISC_ERROR_SETUP, "%s: is no key of 64 hex digits", path);
}

bool
fisc_seal_open(const char *key_file, FiscSeal **out_seal, GError **error)
{
    int file = open(key_file, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        if (!make_file(key_file, error)) {
            return false;
        }
        file = open(key_file, O_RDONLY | O_CLOEXEC);
    }
    if (file < 0) {
        return fail(error, key_file, "cannot be read");
    }
    FiscSeal *seal = g_new0(FiscSeal, 1);
    bool is_read = read_key(file, key_file, seal->key, error);
    close(file);
    if (!is_read) {
        fisc_seal_free(seal);
        return false;
    }
    *out_seal = seal;
    return true;
}

void
fisc_seal_free(FiscSeal *seal)
{
    if (seal != NULL) {
        sodium_memzero(seal->key, sizeof seal->key);
        g_free(seal);
    }
}

GByteArray *
fisc_seal_close(const FiscSeal *seal, const char *about, const void *secret, gsize length)
{
    GByteArray *sealed = g_byte_array_new();
    g_byte_array_set_size(sealed, (guint)(NONCE_SIZE + length + TAG_SIZE));
    fisc_random_bytes(sealed->data, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed->data + NONCE_SIZE, NULL, secret, length,
                                               (const uint8_t *)about, strlen(about), NULL,
                                               sealed->data, seal->key);
    return sealed;
}

bool
fisc_seal_break(const FiscSeal *seal, const char *about, const uint8_t *sealed, gsize length,
                void *out_secret, gsize out_length, GError **error)
{
    if (length != NONCE_SIZE + out_length + TAG_SIZE ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(out_secret, NULL, NULL, sealed + NONCE_SIZE,
                                                   length - NONCE_SIZE, (const uint8_t *)about,
                                                   strlen(about), sealed, seal->key) != 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the sealed seed of %s does not open with this key", about);
    }
    return true;
}
