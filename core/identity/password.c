/* password.c: passwords, hashed so that a stolen table is of little use, and few at once, so that a
 * flood of sign-ins takes neither the memory nor all workers.
 *
 * Long ones, and no rules about kinds of letters: people then write down what they cannot keep in
 * mind. No password ends by itself either. */
#include "fisc/signin.h"
#include <sodium.h>
#include <string.h>

#define MEMORY_BYTES ((gsize)64 << 20)
#define PASSES 3
#define AT_ONCE 2
#define WAITING_MAX 32
#define REST_MIN 8 /* characters that a password has beside the person's code */

extern const char fisc_identity_common_passwords[];

/* Choosing ------------------------------------------------------------------------------------ */

/* The same letters in the same order, whichever way a keyboard composed them. */
static char *
normalize(const char *password)
{
    return g_utf8_normalize(password, -1, G_NORMALIZE_ALL_COMPOSE);
}

static bool
is_common(const char *folded)
{
    g_auto(GStrv) lines = g_strsplit(fisc_identity_common_passwords, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *known = g_utf8_casefold(*line, -1);
        if (**line != '\0' && strcmp(known, folded) == 0) {
            return true;
        }
    }
    return false;
}

/* A few letters over and over: "abcabcabcabcabc". */
static bool
is_repeated(const char *text)
{
    gsize length = strlen(text);
    for (gsize period = 1; period <= 5; period++) {
        gsize at = period;
        while (at < length && text[at] == text[at - period]) {
            at++;
        }
        if (at == length) {
            return true;
        }
    }
    return false;
}

static bool
is_made_of(const char *folded, const char *person)
{
    g_autofree char *code = g_utf8_casefold(person, -1);
    if (*code == '\0' || strstr(folded, code) == NULL) {
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(folded, code, -1);
    g_autofree char *rest = g_strjoinv("", parts);
    return g_utf8_strlen(rest, -1) < REST_MIN;
}

const char *
fisc_password_complaint(const char *password, const char *person)
{
    if (!g_utf8_validate(password, -1, NULL)) {
        return "is not valid UTF-8";
    }
    g_autofree char *plain = normalize(password);
    g_autofree char *folded = g_utf8_casefold(plain, -1);
    glong length = g_utf8_strlen(plain, -1);
    const char *complaint = length < FISC_PASSWORD_MIN   ? "has to have 15 characters or more"
                            : length > FISC_PASSWORD_MAX ? "has to have 256 characters or less"
                            : is_common(folded)          ? "is one of the most common ones"
                            : is_repeated(folded) ? "is the same few characters over and over"
                            : is_made_of(folded, person) ? "is made of the person's code"
                                                         : NULL;
    fisc_secret_wipe(plain);
    fisc_secret_wipe(folded);
    return complaint;
}

/* Hashing ------------------------------------------------------------------------------------- */

struct _FiscHasher {
    GMutex lock;
    GCond is_free;
    int busy, waiting;
    int64_t count;
    char *nobody; /* what the passwords of names that nobody has are checked against */
};

FiscHasher *
fisc_hasher_new(void)
{
    g_assert(sodium_init() >= 0);
    FiscHasher *hasher = g_new0(FiscHasher, 1);
    g_mutex_init(&hasher->lock);
    g_cond_init(&hasher->is_free);
    return hasher;
}

void
fisc_hasher_free(FiscHasher *hasher)
{
    if (hasher != NULL) {
        g_mutex_clear(&hasher->lock);
        g_cond_clear(&hasher->is_free);
        g_free(hasher->nobody);
        g_free(hasher);
    }
}

int64_t
fisc_hasher_count(FiscHasher *hasher)
{
    g_mutex_lock(&hasher->lock);
    int64_t count = hasher->count;
    g_mutex_unlock(&hasher->lock);
    return count;
}

static bool
enter(FiscHasher *hasher, GError **error)
{
    g_mutex_lock(&hasher->lock);
    bool is_let_in = hasher->busy < AT_ONCE || hasher->waiting < WAITING_MAX;
    if (is_let_in) {
        hasher->waiting++;
        while (hasher->busy >= AT_ONCE) {
            g_cond_wait(&hasher->is_free, &hasher->lock);
        }
        hasher->waiting--;
        hasher->busy++;
        hasher->count++;
    }
    g_mutex_unlock(&hasher->lock);
    return is_let_in ||
           fisc_fail(error, FISC_ERROR_UNAVAILABLE, "too many sign in at once: try again");
}

static void
leave(FiscHasher *hasher)
{
    g_mutex_lock(&hasher->lock);
    hasher->busy--;
    g_cond_signal(&hasher->is_free);
    g_mutex_unlock(&hasher->lock);
}

static bool
hash(const char *password, char out_text[crypto_pwhash_STRBYTES], GError **error)
{
    g_autofree char *plain = normalize(password);
    int status = crypto_pwhash_str_alg(out_text, plain, strlen(plain), PASSES, MEMORY_BYTES,
                                       crypto_pwhash_ALG_ARGON2ID13);
    fisc_secret_wipe(plain);
    return status == 0 ||
           fisc_fail(error, FISC_ERROR_UNAVAILABLE, "no memory to hash a password with");
}

bool
fisc_hasher_make(FiscHasher *hasher, const char *password, char **out_verifier, GError **error)
{
    char text[crypto_pwhash_STRBYTES];
    if (!enter(hasher, error)) {
        return false;
    }
    bool is_done = hash(password, text, error);
    leave(hasher);
    if (is_done) {
        *out_verifier = g_strdup(text);
    }
    return is_done;
}

/* A verifier that no password fits, of the usual cost; made when it is first needed. */
static bool
find_nobody(FiscHasher *hasher, GError **error)
{
    char secret[FISC_SECRET_TEXT], text[crypto_pwhash_STRBYTES];
    g_mutex_lock(&hasher->lock);
    bool is_there = hasher->nobody != NULL;
    g_mutex_unlock(&hasher->lock);
    if (is_there) {
        return true;
    }
    fisc_secret_make("", secret);
    if (!hash(secret, text, error)) {
        return false;
    }
    g_mutex_lock(&hasher->lock);
    if (hasher->nobody == NULL) {
        hasher->nobody = g_strdup(text);
    }
    g_mutex_unlock(&hasher->lock);
    return true;
}

bool
fisc_hasher_check(FiscHasher *hasher, const char *verifier, const char *password, bool *out_right,
                  GError **error)
{
    if (!enter(hasher, error)) {
        return false;
    }
    bool is_ready = find_nobody(hasher, error);
    if (is_ready) {
        g_autofree char *plain =
            g_utf8_validate(password, -1, NULL) ? normalize(password) : g_strdup(password);
        const char *against = verifier != NULL ? verifier : hasher->nobody;
        bool is_right = crypto_pwhash_str_verify(against, plain, strlen(plain)) == 0;
        *out_right = is_right && verifier != NULL;
        fisc_secret_wipe(plain);
    }
    leave(hasher);
    return is_ready;
}
