/* head_test.c: signed heads as text: what is written is read again, nothing else is, and a
 * signature holds for exactly that text and that key. */
#include "ledger/head.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static const uint8_t root[32] = {1, 2, 3};

static FiscSignKey *
new_key(const char *label)
{
    FiscSignKey *key = NULL;
    g_assert_true(fisc_sign_key_new(label, &key, NULL));
    return key;
}

static FiscHead *
new_head(void)
{
    return fisc_head_new(1, 1234, root, G_GINT64_CONSTANT(1795289400) * G_USEC_PER_SEC, "prod");
}

static FiscHead *
reread(const FiscHead *head)
{
    g_autofree char *text = fisc_head_to_text(head, true);
    g_autoptr(GPtrArray) heads = NULL;
    g_autoptr(GError) error = NULL;
    fisc_heads_parse(text, &heads, &error);
    g_assert_no_error(error);
    g_assert_cmpint(heads->len, ==, 1);
    return g_ptr_array_steal_index(heads, 0);
}

static void
test_text(void)
{
    g_autoptr(FiscHead) head = new_head();
    g_autofree char *text = fisc_head_to_text(head, true);
    FISC_ASSERT_TEXT(text, "fisc head 1\nbook 1\nsize 1234\n"
                           "root 0102030000000000000000000000000000000000000000000000000000000000\n"
                           "time 2026-11-21T19:30:00Z\nenvironment prod\n\n");
}

static void
test_round_trip(void)
{
    g_autoptr(FiscSignKey) key = new_key("prod");
    g_autoptr(FiscSignKey) witness = new_key("audit-office");
    g_autoptr(FiscHead) head = new_head();
    FiscMerkleHash hash = {9};
    head->from = 1000;
    g_array_append_val(head->path, hash);
    fisc_head_sign(head, FISC_SIGNER_HEAD, key);
    fisc_head_sign(head, FISC_SIGNER_WITNESS, witness);
    g_autoptr(FiscHead) again = reread(head);
    g_autofree char *before = fisc_head_to_text(head, true);
    g_autofree char *after = fisc_head_to_text(again, true);
    FISC_ASSERT_TEXT(after, before);
    FISC_ASSERT_INT(again->from, 1000);
    CU_ASSERT_TRUE(fisc_head_is_signed(again, FISC_SIGNER_HEAD, key));
    CU_ASSERT_TRUE(fisc_head_is_signed(again, FISC_SIGNER_WITNESS, witness));
    CU_ASSERT_FALSE(fisc_head_is_signed(again, FISC_SIGNER_WITNESS, key));
    CU_ASSERT_FALSE(fisc_head_is_signed(again, FISC_SIGNER_HEAD, witness));
}

static void
test_changed_body(void)
{
    g_autoptr(FiscSignKey) key = new_key("prod");
    g_autoptr(FiscHead) head = new_head();
    fisc_head_sign(head, FISC_SIGNER_HEAD, key);
    head->size++;
    CU_ASSERT_FALSE(fisc_head_is_signed(head, FISC_SIGNER_HEAD, key));
    head->size--;
    head->root[31] ^= 1;
    CU_ASSERT_FALSE(fisc_head_is_signed(head, FISC_SIGNER_HEAD, key));
    head->root[31] ^= 1;
    CU_ASSERT_TRUE(fisc_head_is_signed(head, FISC_SIGNER_HEAD, key));
    g_array_index(head->signatures, FiscHeadSignature, 0).signature[5] ^= 1;
    CU_ASSERT_FALSE(fisc_head_is_signed(head, FISC_SIGNER_HEAD, key));
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define BODY(book, size, hash, time)                                                               \
    "fisc head 1\nbook " book "\nsize " size "\nroot " hash "\ntime " time "\nenvironment e\n\n"
#define GOOD_TIME "2026-11-21T19:30:00Z"

static void
test_malformed(void)
{
    static const char *const texts[] = {
        "",
        "fisc head 2\n",
        "fisc head 1\n",
        BODY("x", "1", ZEROS, GOOD_TIME),
        BODY("1", "01", ZEROS, GOOD_TIME),
        BODY("1", "-1", ZEROS, GOOD_TIME),
        BODY("1", "9999999999999999999", ZEROS, GOOD_TIME),
        BODY("99999999999", "1", ZEROS, GOOD_TIME),
        BODY("1", "1", "00", GOOD_TIME),
        BODY("1", "1", "G" ZEROS, GOOD_TIME),
        BODY("1", "1", ZEROS, "yesterday"),
        BODY("1", "1", ZEROS, "2026-02-30T00:00:00Z"),
        BODY("1", "1", ZEROS, GOOD_TIME) "signed-by 0011223344556677 00\n",
        BODY("1", "1", ZEROS, GOOD_TIME) "signed-by\n",
        BODY("1", "1", ZEROS, GOOD_TIME) "approved-by nobody\n",
        BODY("1", "1", ZEROS, GOOD_TIME) "\nconsistent-with x\n",
        BODY("1", "1", ZEROS, GOOD_TIME) "\nconsistent-with 1\n" ZEROS "00\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GPtrArray) heads = NULL;
        g_autoptr(GError) error = NULL;
        bool is_read = fisc_heads_parse(texts[i], &heads, &error);
        fisc_assert_int(is_read, 0, texts[i], __FILE__, __LINE__);
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_VALUE_INVALID));
    }
    g_autoptr(GPtrArray) heads = NULL;
    CU_ASSERT_TRUE(fisc_heads_parse(
        BODY("1", "1", ZEROS, GOOD_TIME) "\n" BODY("1", "2", ZEROS, GOOD_TIME), &heads, NULL));
    FISC_ASSERT_INT(heads->len, 2);
}

static void
test_key_files(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *path = g_build_filename(folder, "head.key", NULL);
    g_autofree char *public_path = g_strconcat(path, ".pub", NULL);
    g_autoptr(FiscSignKey) key = new_key("prod");
    g_autoptr(FiscSignKey) private_key = NULL;
    g_autoptr(FiscSignKey) public_key = NULL;
    g_autoptr(GError) error = NULL;
    struct stat status;
    CU_ASSERT_TRUE(fisc_sign_key_save(key, path, &error));
    CU_ASSERT_TRUE(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    CU_ASSERT_TRUE(fisc_sign_key_load(path, &private_key, &error));
    CU_ASSERT_TRUE(fisc_sign_key_load(public_path, &public_key, &error));
    g_assert_no_error(error);
    CU_ASSERT_TRUE(fisc_sign_key_is_private(private_key));
    CU_ASSERT_FALSE(fisc_sign_key_is_private(public_key));
    FISC_ASSERT_TEXT(fisc_sign_key_label(public_key), "prod");
    FISC_ASSERT_TEXT(fisc_sign_key_id(public_key), fisc_sign_key_id(key));
    g_autoptr(FiscHead) head = new_head();
    fisc_head_sign(head, FISC_SIGNER_HEAD, private_key);
    CU_ASSERT_TRUE(fisc_head_is_signed(head, FISC_SIGNER_HEAD, public_key));
    CU_ASSERT_FALSE(fisc_sign_key_save(key, path, &error));
    FISC_ASSERT_CONTAINS(error->message, "is there already");
    g_clear_error(&error);
    g_clear_pointer(&private_key, fisc_sign_key_free);
    g_assert(g_chmod(path, 0644) == 0);
    CU_ASSERT_FALSE(fisc_sign_key_load(path, &private_key, &error));
    FISC_ASSERT_CONTAINS(error->message, "others may read");
    g_clear_error(&error);
    g_assert(g_file_set_contents(path, "label x\nno key\n", -1, NULL));
    CU_ASSERT_FALSE(fisc_sign_key_load(path, &private_key, &error));
    fisc_test_folder_remove(folder);
}

static void
test_labels(void)
{
    static const char *const labels[] = {"", "two words", "new\nline", "a/b"};
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autoptr(FiscSignKey) key = NULL;
        CU_ASSERT_FALSE(fisc_sign_key_new(labels[i], &key, NULL));
    }
    g_autoptr(FiscSignKey) one = new_key(NULL);
    g_autoptr(FiscSignKey) two = new_key(NULL);
    FISC_ASSERT_INT(strlen(fisc_sign_key_label(one)), 16);
    CU_ASSERT_STRING_NOT_EQUAL(fisc_sign_key_label(one), fisc_sign_key_label(two));
    CU_ASSERT_STRING_NOT_EQUAL(fisc_sign_key_id(one), fisc_sign_key_id(two));
}

const FiscTest fisc_head_tests[] = {
    {"writes a head as documented", test_text},
    {"reads a signed and cosigned head with its proof again", test_round_trip},
    {"holds a signature for no other size, root or signature", test_changed_body},
    {"refuses whatever is not exactly a head", test_malformed},
    {"keeps keys in files: private ones for the owner only, never overwritten", test_key_files},
    {"names keys by plain words, or at random", test_labels},
    {NULL, NULL},
};
