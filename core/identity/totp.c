/* totp.c: one-time codes as RFC 6238 has them, and the codes that stand in for a lost device. */
#include "core/base/hash.h"
#include "fisc/signin.h"
#include <sodium.h>
#include <string.h>

#define STEP_S 30
#define WINDOW 1 /* steps that a clock may be off, each way */
#define DIGITS_MAX 8
#define RECOVERY_SIZE 10 /* bytes: 80 bits */
#define RECOVERY_LETTERS 16
#define RECOVERY_GROUP 4

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/* Without letters that are taken for one another. */
static const char clear32[] = "abcdefghjkmnpqrstuvwxyz023456789";

static void
encode(const uint8_t *bytes, gsize length, const char *letters, char *out_text)
{
    guint bits = 0, held = 0;
    for (gsize i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        held += 8;
        while (held >= 5) {
            held -= 5;
            *out_text++ = letters[bits >> held & 31];
        }
    }
    *out_text = '\0';
}

void
fisc_totp_code(const uint8_t *seed, gsize length, int64_t step, int digits, char *out_code)
{
    uint8_t counter[8], mac[20];
    gsize mac_length = sizeof mac;
    for (int i = 0; i < 8; i++) {
        counter[i] = (uint8_t)(step >> (56 - 8 * i));
    }
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, seed, length);
    g_hmac_update(hmac, counter, sizeof counter);
    g_hmac_get_digest(hmac, mac, &mac_length);
    g_hmac_unref(hmac);
    int at = mac[19] & 15;
    uint32_t number = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
                      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    char text[16];
    g_snprintf(text, sizeof text, "%010u", number);
    g_strlcpy(out_code, text + 10 - digits, (gsize)digits + 1);
}

int64_t
fisc_totp_step(int64_t unix_time_s)
{
    return unix_time_s / STEP_S;
}

int64_t
fisc_totp_find(const uint8_t seed[FISC_SEED_SIZE], const char *code, int64_t unix_time_s,
               int64_t last_step)
{
    char right[DIGITS_MAX + 1];
    int64_t now = fisc_totp_step(unix_time_s), found = -1;
    for (int64_t step = now - WINDOW; step <= now + WINDOW; step++) {
        fisc_totp_code(seed, FISC_SEED_SIZE, step, FISC_CODE_DIGITS, right);
        if (fisc_secret_equal(code, right) && step > last_step && found < 0) {
            found = step;
        }
    }
    sodium_memzero(right, sizeof right);
    return found;
}

void
fisc_seed_format(const uint8_t seed[FISC_SEED_SIZE], char out_text[FISC_SEED_TEXT])
{
    encode(seed, FISC_SEED_SIZE, base32, out_text);
}

char *
fisc_totp_uri(const uint8_t seed[FISC_SEED_SIZE], const char *person)
{
    char text[FISC_SEED_TEXT];
    fisc_seed_format(seed, text);
    g_autofree char *name = g_uri_escape_string(person, NULL, false);
    char *uri = g_strdup_printf(
        "otpauth://totp/fisc:%s?secret=%s&issuer=fisc&algorithm=SHA1&digits=%d&period=%d", name,
        text, FISC_CODE_DIGITS, STEP_S);
    sodium_memzero(text, sizeof text);
    return uri;
}

/* Recovery codes ------------------------------------------------------------------------------ */

void
fisc_recovery_make(char out_code[FISC_RECOVERY_TEXT])
{
    uint8_t bytes[RECOVERY_SIZE];
    char letters[RECOVERY_LETTERS + 1];
    fisc_random_bytes(bytes, sizeof bytes);
    encode(bytes, sizeof bytes, clear32, letters);
    for (int i = 0; i < RECOVERY_LETTERS; i++) {
        if (i > 0 && i % RECOVERY_GROUP == 0) {
            *out_code++ = '-';
        }
        *out_code++ = letters[i];
    }
    *out_code = '\0';
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(letters, sizeof letters);
}

bool
fisc_recovery_digest(const char *code, const char *person, uint8_t out_digest[FISC_DIGEST_SIZE])
{
    char letters[RECOVERY_LETTERS + 1];
    int count = 0;
    for (const char *at = code; *at != '\0'; at++) {
        char letter = g_ascii_tolower(*at);
        if (letter == '-' || letter == ' ') {
            continue;
        }
        if (count == RECOVERY_LETTERS || strchr(clear32, letter) == NULL) {
            return false;
        }
        letters[count++] = letter;
    }
    letters[count] = '\0';
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, person);
    fisc_hash_add_text(hash, letters);
    fisc_hash_finish(hash, out_digest);
    sodium_memzero(letters, sizeof letters);
    return count == RECOVERY_LETTERS;
}
