/* hash_test.c: SHA-256 against published vectors, and the canonical form of fields. */
#include "tests/support/suite.h"
#include "core/base/hash.h"
#include <string.h>

extern const FiscTest fisc_hash_tests[];

static void
test_agrees_with_published_vectors(void)
{
    static const struct {
        const char *text;
        const char *hash;
    } cases[] = {
        /* FIPS 180-2 appendix B, and the empty message */
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t hash[FISC_HASH_SIZE];
        char text[FISC_HASH_TEXT];
        fisc_hash_data(cases[i].text, strlen(cases[i].text), hash);
        FISC_ASSERT_TEXT(fisc_hash_format(hash, text), cases[i].hash);
    }
}

static void
test_hashes_fields_in_their_canonical_form(void)
{
    static const uint8_t form[] = {
        0,    0,    0,    0,    0,    0,    0,    2,    'a', 'b', /* "ab" */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,           /* -2 */
        0,    0,    0,    0,    0,    0,    0,    0,              /* NULL */
        0,    0,    0,    0,    0,    0,    1,    0,              /* 256 */
        'x',                                                      /* one byte as it is */
    };
    uint8_t expected[FISC_HASH_SIZE], got[FISC_HASH_SIZE];
    fisc_hash_data(form, sizeof(form), expected);
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "ab");
    fisc_hash_add_int(hash, -2);
    fisc_hash_add_text(hash, NULL);
    fisc_hash_add_int(hash, 256);
    fisc_hash_add_bytes(hash, "x", 1);
    fisc_hash_finish(hash, got);
    CU_ASSERT_EQUAL(memcmp(got, expected, FISC_HASH_SIZE), 0);
}

static void
test_begins_anew_after_it_finished(void)
{
    uint8_t first[FISC_HASH_SIZE], second[FISC_HASH_SIZE];
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "same");
    fisc_hash_finish(hash, first);
    fisc_hash_add_text(hash, "same");
    fisc_hash_finish(hash, second);
    CU_ASSERT_EQUAL(memcmp(first, second, FISC_HASH_SIZE), 0);
}

static void
test_takes_pieces_of_any_size(void)
{
    enum { LENGTH = 20000 };
    g_autofree uint8_t *data = g_malloc(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
        data[i] = (uint8_t)(i * 7 + i / 251);
    }
    uint8_t expected[FISC_HASH_SIZE], got[FISC_HASH_SIZE];
    fisc_hash_data(data, LENGTH, expected);
    static const int pieces[] = {1, 7, 2047, 2048, 2049, 6000, LENGTH};
    g_autoptr(FiscHash) hash = fisc_hash_new();
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        for (int at = 0; at < LENGTH; at += pieces[i]) {
            fisc_hash_add_bytes(hash, data + at, (gsize)MIN(pieces[i], LENGTH - at));
        }
        fisc_hash_finish(hash, got);
        CU_ASSERT_EQUAL(memcmp(got, expected, FISC_HASH_SIZE), 0);
    }
}

const FiscTest fisc_hash_tests[] = {
    {"agrees with the published vectors of SHA-256", test_agrees_with_published_vectors},
    {"hashes fields in their canonical form", test_hashes_fields_in_their_canonical_form},
    {"begins anew after it finished", test_begins_anew_after_it_finished},
    {"takes pieces of any size", test_takes_pieces_of_any_size},
    {NULL, NULL},
};
