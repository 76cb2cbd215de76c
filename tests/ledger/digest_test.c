/* digest_test.c: the digest is what docs/hashes.md says, and every word of an entry counts. */
#include "tests/support/suite.h"
#include "core/base/hash.h"
#include "fisc/entry.h"
#include <string.h>

extern const FiscTest fisc_digest_tests[];

static FiscEntry *
add_entry(FiscSubmission *submission)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "001";
    entry->reference = "001/A-1";
    entry->effective = fisc_date_make(2024, 3, 1);
    entry->memo = "Salaries";
    for (int i = 0; i < 2; i++) {
        FiscLine *line = fisc_entry_line(entry);
        line->account = i == 0 ? "2111" : "3202";
        line->amount = i == 0 ? 150000 : -150000;
        line->dim[FISC_DIM_FUNCTION] = i == 0 ? "709" : NULL;
    }
    return entry;
}

/* The same bytes as docs/hashes.md lists for this entry, written out by hand. */
static void
write_int(GByteArray *bytes, int64_t value)
{
    uint64_t big_endian = GUINT64_TO_BE((uint64_t)value);
    g_byte_array_append(bytes, (const guint8 *)&big_endian, sizeof(big_endian));
}

static void
write_text(GByteArray *bytes, const char *text)
{
    write_int(bytes, (int64_t)strlen(text));
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static void
write_line(GByteArray *bytes, const char *account, int64_t amount)
{
    write_text(bytes, account);
    write_int(bytes, 0); /* flow */
    write_int(bytes, 0); /* kind */
    write_int(bytes, amount);
    write_int(bytes, 0); /* if_budgeted */
}

static void
test_has_the_documented_form(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = add_entry(submission);
    fisc_entry_digest(entry);

    g_autoptr(GByteArray) bytes = g_byte_array_new();
    write_text(bytes, "fisc digest 1");
    write_text(bytes, "001");
    write_text(bytes, "001/A-1");
    write_int(bytes, 8826); /* 2024-03-01 */
    write_int(bytes, 0);    /* period */
    write_text(bytes, "");  /* document */
    write_text(bytes, "");  /* transfer */
    write_text(bytes, "");  /* corrects */
    write_int(bytes, 0);    /* reverses */
    write_int(bytes, 2);    /* lines */
    write_line(bytes, "2111", 150000);
    write_int(bytes, 1); /* dimensions given */
    write_text(bytes, "cofog");
    write_text(bytes, "709");
    write_line(bytes, "3202", -150000);
    write_int(bytes, 0);
    uint8_t expected[FISC_HASH_SIZE];
    fisc_hash_data(bytes->data, bytes->len, expected);
    CU_ASSERT_EQUAL(memcmp(entry->digest, expected, FISC_HASH_SIZE), 0);
}

/* What a line says of open items is counted and written as dimensions are. */
static void
test_form_of_items(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = add_entry(submission);
    FiscLine *line = &g_array_index(entry->lines, FiscLine, 1);
    line->item = "PO-1";
    line->relieves = "PR-1";
    line->is_final = true;
    line->currency = "USD";
    line->foreign = -100000;
    fisc_entry_digest(entry);

    g_autoptr(GByteArray) bytes = g_byte_array_new();
    write_text(bytes, "fisc digest 1");
    write_text(bytes, "001");
    write_text(bytes, "001/A-1");
    write_int(bytes, 8826);
    for (int i = 0; i < 5; i++) {
        write_int(bytes, 0); /* period, document, transfer, corrects, reverses */
    }
    write_int(bytes, 2);
    write_line(bytes, "2111", 150000);
    write_int(bytes, 1);
    write_text(bytes, "cofog");
    write_text(bytes, "709");
    write_line(bytes, "3202", -150000);
    write_int(bytes, 5);
    static const char *const words[] = {"item", "PO-1",     "relieves", "PR-1",      "final",
                                        "Y",    "currency", "USD",      "amount_fc", "-100000"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        write_text(bytes, words[i]);
    }
    uint8_t expected[FISC_HASH_SIZE];
    fisc_hash_data(bytes->data, bytes->len, expected);
    CU_ASSERT_EQUAL(memcmp(entry->digest, expected, FISC_HASH_SIZE), 0);
}

static void
test_every_word_counts(void)
{
    /* One change a round; no two rounds and no round and the original may agree. */
    enum { ROUNDS = 19 };
    char seen[ROUNDS][FISC_HASH_TEXT];
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
        FiscEntry *entry = add_entry(submission);
        FiscLine *line = &g_array_index(entry->lines, FiscLine, 0);
        entry->entity = round == 1 ? "002" : entry->entity;
        entry->reference = round == 2 ? "001/A-2" : entry->reference;
        entry->effective += round == 3;
        entry->period = round == 4 ? 202413 : 0;
        entry->document = round == 5 ? "V" : NULL;
        entry->transfer = round == 6 ? "V" : NULL;
        entry->corrects = round == 7 ? "V" : NULL;
        entry->reverses = round == 8;
        line->account = round == 9 ? "2112" : line->account;
        line->flow = round == 10 ? 3 : 0;
        line->kind = round == 11 ? 1 : 0;
        line->amount += round == 12;
        line->dim[FISC_DIM_FUNCTION] = round == 13 ? NULL : "709";
        line->item = round == 14 ? "V" : NULL;
        line->relieves = round == 15 ? "V" : NULL;
        line->is_final = round == 16;
        line->currency = round == 17 ? "USD" : NULL;
        line->foreign = round == 18;
        fisc_entry_digest(entry);
        fisc_hash_format(entry->digest, seen[round]);
        for (int before = 0; before < round; before++) {
            CU_ASSERT_NOT_EQUAL(strcmp(seen[round], seen[before]), 0);
        }
    }
}

static void
digest_with_dimension(FiscDimension dimension, const char *value, uint8_t out[FISC_HASH_SIZE])
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *entry = add_entry(submission);
    g_array_index(entry->lines, FiscLine, 1).dim[dimension] = value;
    fisc_entry_digest(entry);
    memcpy(out, entry->digest, FISC_HASH_SIZE);
}

static void
test_dimensions_do_not_mix(void)
{
    uint8_t plain[FISC_HASH_SIZE], empty[FISC_HASH_SIZE], given[FISC_DIM_COUNT][FISC_HASH_SIZE];
    digest_with_dimension(FISC_DIM_FUND, NULL, plain);
    digest_with_dimension(FISC_DIM_FUND, "", empty);
    CU_ASSERT_EQUAL(memcmp(plain, empty, FISC_HASH_SIZE), 0);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        digest_with_dimension(i, "X", given[i]);
        CU_ASSERT_NOT_EQUAL(memcmp(given[i], plain, FISC_HASH_SIZE), 0);
        for (int k = 0; k < i; k++) {
            CU_ASSERT_NOT_EQUAL(memcmp(given[i], given[k], FISC_HASH_SIZE), 0);
        }
    }
}

static void
test_where_it_came_from_does_not_count(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *one = add_entry(submission);
    FiscEntry *other = add_entry(submission);
    other->file = "elsewhere.csv";
    other->row = 99;
    other->document = "";
    g_array_index(other->lines, FiscLine, 0).row = 99;
    fisc_entry_digest(one);
    fisc_entry_digest(other);
    CU_ASSERT_EQUAL(memcmp(one->digest, other->digest, FISC_HASH_SIZE), 0);
}

static void
test_memo_stays_outside(void)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    FiscEntry *one = add_entry(submission);
    FiscEntry *other = add_entry(submission);
    other->memo = "Salary of A. Person";
    fisc_entry_digest(one);
    fisc_entry_digest(other);
    CU_ASSERT_EQUAL(memcmp(one->digest, other->digest, FISC_HASH_SIZE), 0);
    fisc_submission_salt(submission);
    CU_ASSERT_NOT_EQUAL(memcmp(one->memo_salt, other->memo_salt, 16), 0);
    uint8_t hashes[3][FISC_HASH_SIZE];
    fisc_entry_memo_hash("Salary", one->memo_salt, hashes[0]);
    fisc_entry_memo_hash("Salary", other->memo_salt, hashes[1]);
    fisc_entry_memo_hash(NULL, other->memo_salt, hashes[2]);
    CU_ASSERT_NOT_EQUAL(memcmp(hashes[0], hashes[1], FISC_HASH_SIZE), 0);
    for (int i = 0; i < FISC_HASH_SIZE; i++) {
        CU_ASSERT_EQUAL(hashes[2][i], 0);
    }
}

const FiscTest fisc_digest_tests[] = {
    {"keeps the memo outside, behind a salt", test_memo_stays_outside},
    {"has the documented form, byte by byte", test_has_the_documented_form},
    {"has the documented form with open items, byte by byte", test_form_of_items},
    {"changes with every word of an entry", test_every_word_counts},
    {"tells the dimensions of a line apart, and empty from nothing not",
     test_dimensions_do_not_mix},
    {"does not depend on the file and row an entry came from",
     test_where_it_came_from_does_not_count},
    {NULL, NULL},
};
