/* sign.c: see sign.h. Ed25519 by libcrypto; a failure inside it would mean a broken library:
 * asserted. */
#include "core/base/sign.h"
#include "core/base/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC_SIZE 32
#define LABEL_WORD "label "
#define LABEL_MAX 100
#define FILE_MAX 10000

struct _FiscSignKey {
    EVP_PKEY *pair;
    bool is_private;
    char *label;
    char id[FISC_KEY_ID_TEXT];
};

static void
must(int result)
{
    g_assert(result == 1);
}

static bool
is_label(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    return *text != '\0' && strlen(text) <= LABEL_MAX && strspn(text, allowed) == strlen(text);
}

static char *
random_label(void)
{
    uint8_t bytes[FISC_HASH_SIZE] = {0};
    char text[FISC_HASH_TEXT];
    fisc_random_bytes(bytes, 8);
    fisc_hash_format(bytes, text);
    return g_strndup(text, 16);
}

/* Takes @pair. */
static FiscSignKey *
key_of(EVP_PKEY *pair, bool is_private, const char *label)
{
    FiscSignKey *key = g_new0(FiscSignKey, 1);
    uint8_t bytes[PUBLIC_SIZE];
    uint8_t hash[FISC_HASH_SIZE];
    char text[FISC_HASH_TEXT];
    gsize length = sizeof bytes;
    must(EVP_PKEY_get_raw_public_key(pair, bytes, &length));
    fisc_hash_data(bytes, sizeof bytes, hash);
    fisc_hash_format(hash, text);
    memcpy(key->id, text, FISC_KEY_ID_TEXT - 1);
    key->pair = pair;
    key->is_private = is_private;
    key->label = g_strdup(label);
    return key;
}

bool
fisc_sign_key_new(const char *label, FiscSignKey **out_key, GError **error)
{
    g_autofree char *made = label == NULL ? random_label() : NULL;
    const char *chosen = label != NULL ? label : made;
    if (!is_label(chosen)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\" is no name for a key: letters, digits, '-', '_' and '.'", chosen);
    }
    EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    g_assert(pair != NULL);
    *out_key = key_of(pair, true, chosen);
    return true;
}

void
fisc_sign_key_free(FiscSignKey *key)
{
    if (key != NULL) {
        EVP_PKEY_free(key->pair);
        g_free(key->label);
        g_free(key);
    }
}

bool
fisc_sign_key_is_private(const FiscSignKey *key)
{
    return key->is_private;
}

const char *
fisc_sign_key_label(const FiscSignKey *key)
{
    return key->label;
}

const char *
fisc_sign_key_id(const FiscSignKey *key)
{
    return key->id;
}

char *
fisc_sign_key_text(const FiscSignKey *key)
{
    uint8_t bytes[PUBLIC_SIZE];
    gsize length = sizeof bytes;
    must(EVP_PKEY_get_raw_public_key(key->pair, bytes, &length));
    return g_base64_encode(bytes, length);
}

bool
fisc_sign_key_read(const char *text, FiscSignKey **out_key, GError **error)
{
    gsize length = 0;
    g_autofree uint8_t *bytes = g_base64_decode(text, &length);
    /* Letters that are none are passed over there: a slip of the pen would be another key. */
    g_autofree char *again = g_base64_encode(bytes, length);
    EVP_PKEY *pair = length == PUBLIC_SIZE && strcmp(again, text) == 0
                         ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, length)
                         : NULL;
    if (pair == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "\"%s\" is no public key: 44 characters, as `fisc agent --new-key` prints",
                         text);
    }
    *out_key = key_of(pair, false, "");
    return true;
}

/* Files ------------------------------------------------------------------------------------ */

static char *
to_pem(const FiscSignKey *key, bool is_private)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    must(is_private ? PEM_write_bio_PrivateKey(memory, key->pair, NULL, NULL, 0, NULL, NULL)
                    : PEM_write_bio_PUBKEY(memory, key->pair));
    long length = BIO_get_mem_data(memory, &text);
    char *pem = g_strdup_printf(LABEL_WORD "%s\n%.*s", key->label, (int)length, text);
    BIO_free(memory);
    return pem;
}

static bool
write_all(int fd, const char *text)
{
    gsize left = strlen(text);
    while (left > 0) {
        gssize written = write(fd, text, left);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text += MAX(written, 0);
        left -= (gsize)MAX(written, 0);
    }
    return fsync(fd) == 0;
}

static bool
write_new(const char *path, const char *text, mode_t mode, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        return errno == EEXIST
                   ? fisc_fail(error, FISC_ERROR_USAGE, "%s is there already: it stays", path)
                   : fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(errno));
    }
    bool is_written = write_all(fd, text);
    int failure = errno;
    is_written = close(fd) == 0 && is_written;
    return is_written || fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(failure));
}

bool
fisc_sign_key_save(const FiscSignKey *key, const char *path, GError **error)
{
    g_assert(key->is_private);
    g_autofree char *public_path = g_strconcat(path, ".pub", NULL);
    g_autofree char *private_text = to_pem(key, true);
    g_autofree char *public_text = to_pem(key, false);
    bool is_saved = write_new(path, private_text, 0600, error) &&
                    write_new(public_path, public_text, 0644, error);
    memset(private_text, 0, strlen(private_text));
    return is_saved;
}

/* The word after "label " in the first line; NULL when there is none. */
static char *
label_of(const char *text)
{
    if (!g_str_has_prefix(text, LABEL_WORD)) {
        return NULL;
    }
    const char *from = text + strlen(LABEL_WORD);
    g_autofree char *label = g_strndup(from, strcspn(from, "\r\n"));
    return is_label(label) ? g_steal_pointer(&label) : NULL;
}

static EVP_PKEY *
read_pem(const char *text, gsize length, bool is_private)
{
    BIO *memory = BIO_new_mem_buf(text, (int)length);
    EVP_PKEY *pair = is_private ? PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL)
                                : PEM_read_bio_PUBKEY(memory, NULL, NULL, NULL);
    BIO_free(memory);
    if (pair != NULL && EVP_PKEY_get_base_id(pair) != EVP_PKEY_ED25519) {
        g_clear_pointer(&pair, EVP_PKEY_free);
    }
    return pair;
}

static bool
parse_key(const char *path, const char *text, gsize length, FiscSignKey **out_key, GError **error)
{
    g_autofree char *label = label_of(text);
    bool is_private = strstr(text, "PRIVATE KEY") != NULL;
    EVP_PKEY *pair = label != NULL ? read_pem(text, length, is_private) : NULL;
    struct stat status;
    if (pair == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%s is no key: a line \"label NAME\", then Ed25519 in PEM", path);
    }
    if (is_private && stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
        EVP_PKEY_free(pair);
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s is a private key that others may read: chmod 600, or make a new one",
                         path);
    }
    *out_key = key_of(pair, is_private, label);
    return true;
}

bool
fisc_sign_key_load(const char *path, FiscSignKey **out_key, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        bool is_missing = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        return fisc_fail(error, is_missing ? FISC_ERROR_NOT_FOUND : FISC_ERROR_IO, "%s",
                         failure->message);
    }
    bool is_done = length <= FILE_MAX
                       ? parse_key(path, text, length, out_key, error)
                       : fisc_fail(error, FISC_ERROR_USAGE, "%s is too long for a key", path);
    memset(text, 0, length);
    return is_done;
}

/* Signing ---------------------------------------------------------------------------------- */

void
fisc_sign(const FiscSignKey *private_key, const void *data, gsize length,
          uint8_t out_signature[FISC_SIGNATURE_SIZE])
{
    g_assert(private_key->is_private);
    gsize size = FISC_SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestSignInit(context, NULL, NULL, NULL, private_key->pair));
    must(EVP_DigestSign(context, out_signature, &size, data, length));
    EVP_MD_CTX_free(context);
    g_assert(size == FISC_SIGNATURE_SIZE);
}

bool
fisc_sign_check(const FiscSignKey *key, const void *data, gsize length,
                const uint8_t signature[FISC_SIGNATURE_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pair));
    bool is_good = EVP_DigestVerify(context, signature, FISC_SIGNATURE_SIZE, data, length) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}
