/* proof_test.c: proofs of entries: they hold as made, under every head that covers them, and no
 * part of one can be changed. */
#include "ledger/proof.h"
#include "ledger/head_log.h"
#include "tests/ledger/sealed_book.h"
#include "tests/support/suite.h"
#include <string.h>

#define SEED 11

static FiscSignKey *
new_key(void)
{
    FiscSignKey *key = NULL;
    g_assert(fisc_sign_key_new("test", &key, NULL));
    return key;
}

static SealedBook *
new_book(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    SealedBook *book = sealed_book_new(random, 8);
    g_rand_free(random);
    return book;
}

static FiscHead *
make_head(const SealedBook *book, int64_t from)
{
    g_autoptr(FiscSignKey) key = new_key();
    g_autoptr(FiscTx) tx = NULL;
    FiscHead *head = NULL;
    g_autoptr(GError) error = NULL;
    g_assert(fisc_tx_begin(book->pool, FISC_TX_READ, &tx, NULL));
    fisc_head_make(tx, 1, key, from, 0, &head, &error);
    g_assert_no_error(error);
    return head;
}

static FiscProof *
build(const SealedBook *book, const char *source, const char *reference, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = make_head(book, -1);
    FiscProof *proof = NULL;
    g_assert(fisc_tx_begin(book->pool, FISC_TX_READ, &tx, NULL));
    if (fisc_proof_build(tx, 1, source, reference, head, &proof, error)) {
        (void)g_steal_pointer(&head);
    }
    return proof;
}

static void
test_every_entry(void)
{
    g_autoptr(SealedBook) book = new_book();
    int64_t count = sealed_book_number(book, "select count(*) from ledger.reference");
    CU_ASSERT_TRUE(count > 20);
    for (int64_t i = 0; i < count; i++) {
        g_autofree char *pair =
            sealed_book_ask(book,
                            "select m.subject || ' ' || r.reference from ledger.reference r"
                            " join ledger.master m on m.kind = 'source' and m.number = r.source_id"
                            " order by r.entry_id offset %" G_GINT64_FORMAT " limit 1",
                            i);
        g_auto(GStrv) words = g_strsplit(pair, " ", 2);
        g_autoptr(GError) error = NULL;
        g_autoptr(FiscProof) proof = build(book, words[0], words[1], &error);
        fisc_assert_text(error != NULL ? error->message : "", "", pair, __FILE__, __LINE__);
    }
}

static void
expect_broken(const FiscProof *proof, const char *why)
{
    g_autofree char *wrong = fisc_proof_check(proof);
    CU_ASSERT_PTR_NOT_NULL(wrong);
    fisc_assert_contains(wrong != NULL ? wrong : "it holds", why, why, __FILE__, __LINE__);
}

static void
flip(uint8_t *byte, const FiscProof *proof, const char *why)
{
    *byte ^= 1;
    expect_broken(proof, why);
    *byte ^= 1;
}

static void
test_no_part_changes(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autofree char *reference = sealed_book_ask(
        book, "select reference from ledger.entry where memo is not null and batch_no > 3 limit 1");
    g_autoptr(FiscProof) proof = build(book, "random", reference, NULL);
    g_assert(proof != NULL);
    FiscProvenItem *first = proof->items->pdata[0];
    FiscLogEntry *entry = (FiscLogEntry *)first->entry;
    FiscProvenBatch *batch = proof->batches->pdata[0];
    static const char item_breaks[] = "does not lead to the root of its batch";
    flip((uint8_t *)&entry->amount[0], proof, item_breaks);
    flip((uint8_t *)&entry->effective, proof, item_breaks);
    flip(entry->digest, proof, item_breaks);
    flip(entry->memo_salt, proof, "has a memo that is not the sealed one");
    flip((uint8_t *)&entry->item.item_id, proof, item_breaks);
    flip((uint8_t *)&batch->batch.item_count, proof, "does not lead to the root of the head");
    flip((uint8_t *)&batch->batch.posted_at_us, proof, "does not lead to the root of the head");
    flip(batch->batch.root, proof, "does not lead to the root of the head");
    flip(proof->head->root, proof, "does not lead to the root of the head");
    for (guint i = 0; i < proof->items->len; i++) {
        FiscProvenItem *item = proof->items->pdata[i];
        for (guint k = 0; k < item->path->len; k++) {
            flip(g_array_index(item->path, FiscMerkleHash, k), proof, item_breaks);
        }
    }
    for (guint i = 0; i < proof->batches->len; i++) {
        FiscProvenBatch *other = proof->batches->pdata[i];
        for (guint k = 0; k < other->path->len; k++) {
            flip(g_array_index(other->path, FiscMerkleHash, k), proof,
                 "does not lead to the root of the head");
        }
    }
    g_autofree char *wrong = fisc_proof_check(proof);
    CU_ASSERT_PTR_NULL(wrong);
}

/* A proof whose numbers mean nothing proves nothing: each event and coding is needed. */
static void
test_needs_meaning(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(FiscProof) proof = build(book, "random", "first/1", NULL);
    g_assert(proof != NULL);
    for (guint i = 1; i < proof->items->len; i++) {
        gpointer item = g_ptr_array_steal_index(proof->items, i);
        expect_broken(proof, "not in the proof");
        g_ptr_array_insert(proof->items, (int)i, item);
    }
    g_ptr_array_set_size(proof->items, 0);
    expect_broken(proof, "has no entry");
}

static void
test_not_found(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(GError) error = NULL;
    CU_ASSERT_PTR_NULL(build(book, "random", "no such thing", &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    g_clear_error(&error);
    CU_ASSERT_PTR_NULL(build(book, "nowhere", "first/1", &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

static void
test_altered_books(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(SealedBook) copy = sealed_book_copy(book);
    g_autoptr(GError) error = NULL;
    sealed_book_run(copy, "update ledger.entry set maker = maker + 1 where reference = 'first/1'");
    CU_ASSERT_PTR_NULL(build(copy, "random", "first/1", &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_TAMPERED));
}

/* All entries under one head, in the order of their numbers, and what they correct. */
static void
test_many_entries(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(FiscTx) tx = NULL;
    FiscHead *head = make_head(book, -1);
    g_autoptr(FiscProof) proof = NULL;
    g_autoptr(GError) error = NULL;
    int count = (int)sealed_book_number(book, "select count(*) from ledger.entry");
    g_autofree int64_t *numbers = g_new0(int64_t, count);
    for (int i = 0; i < count; i++) {
        numbers[i] = i + 1;
    }
    g_assert(fisc_tx_begin(book->pool, FISC_TX_READ, &tx, NULL));
    bool is_built = fisc_proof_build_entries(tx, 1, numbers, count, head, &proof, &error);
    fisc_assert_text(error != NULL ? error->message : "", "", "all entries", __FILE__, __LINE__);
    CU_ASSERT_TRUE_FATAL(is_built);
    for (int i = 0; i < count; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        CU_ASSERT_TRUE_FATAL(item->kind == FISC_PROVEN_ENTRY);
        FISC_ASSERT_INT(item->entry->entry_id, i + 1);
    }
    CU_ASSERT_TRUE(((const FiscProvenItem *)proof->items->pdata[count])->kind != FISC_PROVEN_ENTRY);
}

static void
test_corrected_entries(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(FiscTx) tx = NULL;
    FiscHead *head = make_head(book, -1);
    g_autoptr(FiscProof) proof = NULL;
    int64_t entry = sealed_book_number(
        book, "select max(entry_id) from ledger.entry where corrects is not null");
    int64_t corrected = sealed_book_number(
        book, "select corrects from ledger.entry where entry_id = %" G_GINT64_FORMAT, entry);
    g_assert(fisc_tx_begin(book->pool, FISC_TX_READ, &tx, NULL));
    CU_ASSERT_TRUE_FATAL(fisc_proof_build_entries(tx, 1, &entry, 1, head, &proof, NULL));
    FISC_ASSERT_INT(((const FiscProvenItem *)proof->items->pdata[0])->entry->entry_id, entry);
    FISC_ASSERT_INT(((const FiscProvenItem *)proof->items->pdata[1])->entry->entry_id, corrected);
}

static void
test_heads_follow(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(FiscHead) last = make_head(book, -1);
    for (int64_t from = 0; from <= last->size; from++) {
        g_autoptr(FiscHead) head = make_head(book, from);
        FISC_ASSERT_INT(head->size, last->size);
        uint8_t root[32];
        g_autoptr(FiscTx) tx = NULL;
        g_assert(fisc_tx_begin(book->pool, FISC_TX_READ, &tx, NULL));
        if (from > 0) {
            g_assert(fisc_log_tree_read(tx, 1, from, NULL, root, NULL));
        } else {
            fisc_merkle_root(NULL, 0, root);
        }
        CU_ASSERT_TRUE(fisc_merkle_check_consistency((uint64_t)from, root, (uint64_t)head->size,
                                                     head->root, head->path));
    }
}

const FiscTest fisc_proof_tests[] = {
    {"proves every entry of a book", test_every_entry},
    {"holds only as it was made", test_no_part_changes},
    {"says what its numbers mean, or does not hold", test_needs_meaning},
    {"knows what is not in the books", test_not_found},
    {"cannot be made from altered books", test_altered_books},
    {"proves many entries under one head", test_many_entries},
    {"proves what an entry corrects beside it", test_corrected_entries},
    {"makes heads that follow every earlier one", test_heads_follow},
    {NULL, NULL},
};
