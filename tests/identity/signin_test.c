/* signin_test.c: the arithmetic of signing in: codes, passwords, secrets, seals. */
#include "fisc/signin.h"
#include "tests/support/suite.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Codes --------------------------------------------------------------------------------------- */

static const uint8_t rfc_seed[FISC_SEED_SIZE] = "12345678901234567890";

static void
codes_are_those_of_rfc_6238(void)
{
    static const struct {
        int64_t time_s;
        const char *code;
    } cases[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char code[9];
        fisc_totp_code(rfc_seed, sizeof rfc_seed, fisc_totp_step(cases[i].time_s), 8, code);
        FISC_ASSERT_TEXT(code, cases[i].code);
    }
}

static void
a_clock_may_be_one_step_off(void)
{
    static const struct {
        int64_t off, found; /* in steps; -9: it is not */
    } cases[] = {{-2, -9}, {-1, -1}, {0, 0}, {1, 1}, {2, -9}};
    int64_t now_s = 1111111111, now = fisc_totp_step(now_s);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char code[FISC_CODE_DIGITS + 1];
        fisc_totp_code(rfc_seed, sizeof rfc_seed, now + cases[i].off, FISC_CODE_DIGITS, code);
        FISC_ASSERT_INT(fisc_totp_find(rfc_seed, code, now_s, -1),
                        cases[i].found == -9 ? -1 : now + cases[i].found);
    }
}

static void
no_code_counts_behind_the_last(void)
{
    char code[FISC_CODE_DIGITS + 1];
    int64_t now_s = 1111111111, now = fisc_totp_step(now_s);
    fisc_totp_code(rfc_seed, sizeof rfc_seed, now, FISC_CODE_DIGITS, code);
    FISC_ASSERT_INT(fisc_totp_find(rfc_seed, code, now_s, now - 1), now);
    FISC_ASSERT_INT(fisc_totp_find(rfc_seed, code, now_s, now), -1);
    FISC_ASSERT_INT(fisc_totp_find(rfc_seed, code, now_s, now + 1), -1);
}

static void
what_is_no_code_is_wrong(void)
{
    static const char *const texts[] = {"", "12345", "1234567", "abcdef", "      ", "０５０４７１"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        FISC_ASSERT_INT(fisc_totp_find(rfc_seed, texts[i], 1111111111, -1), -1);
    }
}

static void
an_authenticator_reads_the_seed(void)
{
    g_autofree char *uri = fisc_totp_uri(rfc_seed, "ana maría");
    FISC_ASSERT_TEXT(uri,
                     "otpauth://totp/fisc:ana%20mar%C3%ADa?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                     "&issuer=fisc&algorithm=SHA1&digits=6&period=30");
}

static void
a_recovery_code_is_read_as_people_write_it(void)
{
    char code[FISC_RECOVERY_TEXT], other[FISC_RECOVERY_TEXT];
    uint8_t digest[FISC_DIGEST_SIZE], again[FISC_DIGEST_SIZE];
    fisc_recovery_make(code);
    fisc_recovery_make(other);
    CU_ASSERT(strcmp(code, other) != 0);
    CU_ASSERT(fisc_recovery_digest(code, "ana", digest));
    g_autofree char *loud = g_ascii_strup(code, -1);
    for (char *at = loud; *at != '\0'; at++) {
        *at = *at == '-' ? ' ' : *at;
    }
    CU_ASSERT(fisc_recovery_digest(loud, "ana", again));
    CU_ASSERT(memcmp(digest, again, sizeof digest) == 0);
    CU_ASSERT(fisc_recovery_digest(code, "ben", again));
    CU_ASSERT(memcmp(digest, again, sizeof digest) != 0);
    CU_ASSERT(!fisc_recovery_digest("abcd-efgh-jkmn", "ana", again));
    CU_ASSERT(!fisc_recovery_digest("abcd-efgh-jkmn-pqr1", "ana", again));
    CU_ASSERT(!fisc_recovery_digest("abcd-efgh-jkmn-pqrs-tuvw", "ana", again));
}

/* Passwords ----------------------------------------------------------------------------------- */

static void
a_password_is_long_and_not_a_common_one(void)
{
    static const struct {
        const char *password, *complaint; /* NULL: it will do */
    } cases[] = {
        {"blue horses run slowly", NULL},
        {"ñandú ñandú ñandú!", NULL},
        {"", "has to have 15 characters or more"},
        {"fourteen chars", "has to have 15 characters or more"},
        {"ññññññññññññññ", "has to have 15 characters or more"}, /* 14 characters, 28 bytes */
        {"Correct Horse Battery Staple", "is one of the most common ones"},
        {"MINISTERIO DE HACIENDA", "is one of the most common ones"},
        {"aaaaaaaaaaaaaaaaaaaa", "is the same few characters over and over"},
        {"abcabcabcabcabcabc", "is the same few characters over and over"},
        {"ana.ruizana.ruizana.ruiz", "is made of the person's code"},
        {"Ana.Ruiz-2024-1", "is made of the person's code"},
        {"\xff\xfe not text at all", "is not valid UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *complaint = fisc_password_complaint(cases[i].password, "ana.ruiz");
        FISC_ASSERT_TEXT(complaint != NULL ? complaint : "none",
                         cases[i].complaint != NULL ? cases[i].complaint : "none");
    }
    g_autofree char *long_one = g_strnfill(FISC_PASSWORD_MAX, 'x');
    g_autofree char *longer = g_strconcat(long_one, "y", NULL);
    FISC_ASSERT_TEXT(fisc_password_complaint(longer, "ana"), "has to have 256 characters or less");
}

static bool
fits(FiscHasher *hasher, const char *verifier, const char *password)
{
    bool is_right = false;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FATAL(fisc_hasher_check(hasher, verifier, password, &is_right, &error));
    return is_right;
}

static void
a_password_is_kept_as_argon2id(void)
{
    g_autoptr(FiscHasher) hasher = fisc_hasher_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *verifier = NULL;
    CU_ASSERT_FATAL(fisc_hasher_make(hasher, "caf\xc3\xa9 con leche y sol", &verifier, &error));
    CU_ASSERT(g_str_has_prefix(verifier, "$argon2id$v=19$m=65536,t=3,p=1$"));
    CU_ASSERT(fits(hasher, verifier, "caf\xc3\xa9 con leche y sol"));
    CU_ASSERT(fits(hasher, verifier, "cafe\xcc\x81 con leche y sol")); /* composed otherwise */
    CU_ASSERT(!fits(hasher, verifier, "cafe con leche y sol"));
    CU_ASSERT(!fits(hasher, verifier, ""));
    CU_ASSERT(!fits(hasher, verifier, "\xff"));
}

static void
a_name_that_nobody_has_takes_the_same_work(void)
{
    g_autoptr(FiscHasher) hasher = fisc_hasher_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *verifier = NULL;
    CU_ASSERT_FATAL(fisc_hasher_make(hasher, "blue horses run slowly", &verifier, &error));
    int64_t before = fisc_hasher_count(hasher);
    CU_ASSERT(!fits(hasher, verifier, "green horses run slowly"));
    int64_t wrong = fisc_hasher_count(hasher) - before;
    CU_ASSERT(!fits(hasher, NULL, "blue horses run slowly"));
    int64_t nobody = fisc_hasher_count(hasher) - before - wrong;
    FISC_ASSERT_INT(wrong, 1);
    FISC_ASSERT_INT(nobody, 1);
}

/* Secrets ------------------------------------------------------------------------------------- */

static void
a_secret_is_long_and_read_strictly(void)
{
    char token[FISC_SECRET_TEXT], other[FISC_SECRET_TEXT];
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make(FISC_TOKEN_PREFIX, token);
    fisc_secret_make(FISC_TOKEN_PREFIX, other);
    CU_ASSERT(strcmp(token, other) != 0);
    FISC_ASSERT_INT(strlen(token), 48);
    CU_ASSERT(fisc_secret_digest(FISC_TOKEN_PREFIX, token, digest));
    CU_ASSERT(!fisc_secret_digest("", token, digest));
    CU_ASSERT(!fisc_secret_digest(FISC_TOKEN_PREFIX, NULL, digest));
    CU_ASSERT(!fisc_secret_digest(FISC_TOKEN_PREFIX, "fisc_", digest));
    token[20] = '\'';
    CU_ASSERT(!fisc_secret_digest(FISC_TOKEN_PREFIX, token, digest));
}

static void
what_a_page_sends_back_is_not_the_session(void)
{
    char session[FISC_SECRET_TEXT], csrf[FISC_DIGEST_HEX], kept[FISC_DIGEST_HEX];
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make("", session);
    fisc_csrf_of(session, csrf);
    CU_ASSERT_FATAL(fisc_secret_digest("", session, digest));
    CU_ASSERT(strcmp(csrf, fisc_digest_format(digest, kept)) != 0);
    CU_ASSERT(strstr(csrf, session) == NULL);
    CU_ASSERT(fisc_secret_equal(csrf, csrf));
    CU_ASSERT(!fisc_secret_equal(csrf, kept));
    CU_ASSERT(!fisc_secret_equal(csrf, NULL));
    CU_ASSERT(!fisc_secret_equal("", csrf));
}

static void
a_digest_is_64_digits_of_lower_case(void)
{
    static const char *const wrong[] = {
        "", "00", "G000000000000000000000000000000000000000000000000000000000000000",
        "A000000000000000000000000000000000000000000000000000000000000000",
        "a0000000000000000000000000000000000000000000000000000000000000000"};
    uint8_t digest[FISC_DIGEST_SIZE];
    char hex[FISC_DIGEST_HEX];
    const char *right = "a0000000000000000000000000000000000000000000000000000000000000f9";
    CU_ASSERT_FATAL(fisc_digest_parse(right, digest));
    FISC_ASSERT_TEXT(fisc_digest_format(digest, hex), right);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        CU_ASSERT(!fisc_digest_parse(wrong[i], digest));
    }
    CU_ASSERT(!fisc_digest_parse(NULL, digest));
}

static void
uses_are_words_joined_by_commas(void)
{
    static const struct {
        const char *words;
        unsigned uses;
    } cases[] = {
        {"read", FISC_USE_READ},
        {"read,post", FISC_USE_READ | FISC_USE_POST},
        {"approve,read", FISC_USE_READ | FISC_USE_APPROVE},
        {"admin", FISC_USE_ADMIN},
        {"", 0},
        {"read,", 0},
        {"read,read", 0},
        {"Read", 0},
        {"read post", 0},
        {"all", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_uses_parse(cases[i].words), cases[i].uses);
    }
    g_autofree char *all = fisc_uses_format(FISC_USE_ALL);
    FISC_ASSERT_TEXT(all, "read,post,approve,admin");
}

static void
attempts_from_one_network_count_together(void)
{
    static const struct {
        const char *address, *origin;
    } cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"2001:db8:1:2::1", "2001:db8:1:2::/64"},
        {"::1", "::/64"},
        {"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
        {"unix", "unix"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *origin = fisc_address_class(cases[i].address);
        FISC_ASSERT_TEXT(origin, cases[i].origin);
    }
}

/* Seals --------------------------------------------------------------------------------------- */

static void
a_seal_opens_for_what_it_was_made_for(void)
{
    g_autofree char *folder = g_dir_make_tmp("fisc-seal-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "secret.key", NULL);
    g_autofree char *other_path = g_build_filename(folder, "other.key", NULL);
    g_autoptr(FiscSeal) seal = NULL;
    g_autoptr(FiscSeal) again = NULL;
    g_autoptr(FiscSeal) other = NULL;
    g_autoptr(GError) error = NULL;
    uint8_t opened[FISC_SEED_SIZE];
    CU_ASSERT_FATAL(fisc_seal_open(path, &seal, &error));
    CU_ASSERT_FATAL(fisc_seal_open(path, &again, &error));
    CU_ASSERT_FATAL(fisc_seal_open(other_path, &other, &error));
    g_autoptr(GByteArray) sealed = fisc_seal_close(seal, "ana", rfc_seed, sizeof rfc_seed);
    CU_ASSERT(memmem(sealed->data, sealed->len, rfc_seed, 8) == NULL);
    CU_ASSERT(
        fisc_seal_break(again, "ana", sealed->data, sealed->len, opened, sizeof opened, NULL));
    CU_ASSERT(memcmp(opened, rfc_seed, sizeof opened) == 0);
    CU_ASSERT(
        !fisc_seal_break(seal, "ben", sealed->data, sealed->len, opened, sizeof opened, NULL));
    CU_ASSERT(
        !fisc_seal_break(other, "ana", sealed->data, sealed->len, opened, sizeof opened, NULL));
    CU_ASSERT(!fisc_seal_break(seal, "ana", sealed->data, 3, opened, sizeof opened, NULL));
    sealed->data[30] ^= 1;
    CU_ASSERT(
        !fisc_seal_break(seal, "ana", sealed->data, sealed->len, opened, sizeof opened, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_TAMPERED);
    g_unlink(path);
    g_unlink(other_path);
    g_rmdir(folder);
}

static void
a_key_is_for_its_owner_alone(void)
{
    g_autofree char *folder = g_dir_make_tmp("fisc-seal-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "secret.key", NULL);
    g_autoptr(FiscSeal) seal = NULL;
    g_autoptr(FiscSeal) refused = NULL;
    g_autoptr(GError) error = NULL;
    struct stat status;
    CU_ASSERT_FATAL(fisc_seal_open(path, &seal, &error));
    CU_ASSERT_FATAL(stat(path, &status) == 0);
    FISC_ASSERT_INT(status.st_mode & 0777, 0600);
    chmod(path, 0640);
    CU_ASSERT(!fisc_seal_open(path, &refused, &error));
    FISC_ASSERT_CONTAINS(error->message, "others may read it");
    g_clear_error(&error);
    g_file_set_contents(path, "not a key\n", -1, NULL);
    chmod(path, 0600);
    CU_ASSERT(!fisc_seal_open(path, &refused, &error));
    FISC_ASSERT_CONTAINS(error->message, "is no key");
    g_unlink(path);
    g_rmdir(folder);
}

const FiscTest fisc_signin_tests[] = {
    {"codes are those of RFC 6238", codes_are_those_of_rfc_6238},
    {"a clock may be one step off", a_clock_may_be_one_step_off},
    {"no code counts at or before the last one", no_code_counts_behind_the_last},
    {"what is no code is wrong", what_is_no_code_is_wrong},
    {"an authenticator reads the seed", an_authenticator_reads_the_seed},
    {"a recovery code is read as people write it", a_recovery_code_is_read_as_people_write_it},
    {"a password is long and not a common one", a_password_is_long_and_not_a_common_one},
    {"a password is kept as argon2id", a_password_is_kept_as_argon2id},
    {"a name that nobody has takes the same work", a_name_that_nobody_has_takes_the_same_work},
    {"a secret is long and read strictly", a_secret_is_long_and_read_strictly},
    {"what a page sends back is not the session", what_a_page_sends_back_is_not_the_session},
    {"a digest is 64 digits of lower case", a_digest_is_64_digits_of_lower_case},
    {"uses are words joined by commas", uses_are_words_joined_by_commas},
    {"attempts from one network count together", attempts_from_one_network_count_together},
    {"a seal opens for what it was made for", a_seal_opens_for_what_it_was_made_for},
    {"a key is for its owner alone", a_key_is_for_its_owner_alone},
    {NULL, NULL},
};
