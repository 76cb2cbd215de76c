/* token.c: secrets that are handed out once, and what is kept of them. 256 random bits need no
 * slow hash: whoever has the digest cannot try them all. */
#include "core/base/hash.h"
#include "fisc/signin.h"
#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#define SECRET_SIZE 32
#define SECRET_LETTERS 43 /* of 32 bytes in base64 without padding */

G_STATIC_ASSERT(FISC_DIGEST_SIZE == FISC_HASH_SIZE);

void
fisc_secret_make(const char *prefix, char out_text[FISC_SECRET_TEXT])
{
    uint8_t bytes[SECRET_SIZE];
    char letters[SECRET_LETTERS + 1];
    fisc_random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(letters, sizeof letters, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    g_snprintf(out_text, FISC_SECRET_TEXT, "%s%s", prefix, letters);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(letters, sizeof letters);
}

static bool
is_letter(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_';
}

bool
fisc_secret_digest(const char *prefix, const char *text, uint8_t out_digest[FISC_DIGEST_SIZE])
{
    if (text == NULL || !g_str_has_prefix(text, prefix) ||
        strlen(text) != strlen(prefix) + SECRET_LETTERS) {
        return false;
    }
    for (const char *at = text + strlen(prefix); *at != '\0'; at++) {
        if (!is_letter(*at)) {
            return false;
        }
    }
    fisc_hash_data(text, strlen(text), out_digest);
    return true;
}

void
fisc_digest_of(const char *text, uint8_t out_digest[FISC_DIGEST_SIZE])
{
    fisc_hash_data(text, strlen(text), out_digest);
}

const char *
fisc_digest_format(const uint8_t digest[FISC_DIGEST_SIZE], char out_hex[FISC_DIGEST_HEX])
{
    return fisc_hash_format(digest, out_hex);
}

bool
fisc_digest_parse(const char *hex, uint8_t out_digest[FISC_DIGEST_SIZE])
{
    if (hex == NULL || strlen(hex) != FISC_DIGEST_HEX - 1 ||
        strspn(hex, "0123456789abcdef") != FISC_DIGEST_HEX - 1) {
        return false;
    }
    for (int i = 0; i < FISC_DIGEST_SIZE; i++) {
        out_digest[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    return true;
}

void
fisc_csrf_of(const char *session, char out_hex[FISC_DIGEST_HEX])
{
    uint8_t digest[FISC_DIGEST_SIZE];
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "fisc: goes back with writes"); /* another digest than the one kept */
    fisc_hash_add_text(hash, session);
    fisc_hash_finish(hash, digest);
    fisc_hash_format(digest, out_hex);
}

bool
fisc_secret_equal(const char *a, const char *b)
{
    return a != NULL && b != NULL && strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(a)) == 0;
}

void
fisc_secret_wipe(char *text)
{
    if (text != NULL) {
        sodium_memzero(text, strlen(text));
    }
}

/* What a token is good for -------------------------------------------------------------------- */

static const struct {
    const char *word;
    unsigned bit;
} uses_known[] = {
#define X(name, word, meaning) {word, FISC_USE_##name},
    FISC_USES(X)
#undef X
};

unsigned
fisc_uses_parse(const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, ",", -1);
    unsigned uses = 0;
    for (char **word = list; *word != NULL; word++) {
        unsigned bit = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(uses_known); i++) {
            bit |= strcmp(uses_known[i].word, *word) == 0 ? uses_known[i].bit : 0;
        }
        if (bit == 0 || (uses & bit) != 0) {
            return 0;
        }
        uses |= bit;
    }
    return uses;
}

char *
fisc_uses_format(unsigned uses)
{
    GString *words = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(uses_known); i++) {
        if ((uses & uses_known[i].bit) != 0) {
            g_string_append_printf(words, "%s%s", words->len > 0 ? "," : "", uses_known[i].word);
        }
    }
    return g_string_free(words, FALSE);
}

/* Addresses ----------------------------------------------------------------------------------- */

/* Whoever has one address of IPv6 has 2^64 of them. */
char *
fisc_address_class(const char *address)
{
    struct in6_addr bytes;
    if (address == NULL || inet_pton(AF_INET6, address, &bytes) != 1 ||
        IN6_IS_ADDR_V4MAPPED(&bytes)) {
        return g_strdup(address != NULL ? address : "");
    }
    char text[INET6_ADDRSTRLEN];
    memset(bytes.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &bytes, text, sizeof text);
    return g_strconcat(text, "/64", NULL);
}
