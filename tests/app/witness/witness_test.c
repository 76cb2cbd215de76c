/* witness_test.c: what the witness cosigns and what it refuses, on logs made by hand. */
#include "app/witness/witness.h"
#include "core/base/hash.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>
#include <sys/stat.h>

#define LOG_MAX 40

/* Two histories that part after batch 20. */
typedef enum { STORY, OTHER_STORY } History;

typedef struct {
    char *folder, *state;
    FiscSignKey *key; /* of the ministry */
    FiscSignKey *own; /* of the witness */
    FiscWitness *witness;
} Desk;

static void
leaf_of(History history, int batch_no, uint8_t out[32])
{
    int words[] = {batch_no > 20 ? (int)history : (int)STORY, batch_no};
    fisc_hash_data(words, sizeof words, out);
}

static FiscHead *
new_head(const Desk *desk, History history, int size, int from)
{
    FiscMerkleTree tree = {0};
    uint8_t root[32];
    FiscMerkleGather *gather = fisc_merkle_gather_new(
        fisc_merkle_plan_consistency((uint64_t)MAX(from, 0), (uint64_t)size));
    for (int batch_no = 1; batch_no <= size; batch_no++) {
        uint8_t leaf[32];
        leaf_of(history, batch_no, leaf);
        fisc_merkle_tree_add(&tree, leaf);
        fisc_merkle_gather_add(gather, leaf);
    }
    fisc_merkle_tree_root(&tree, root);
    FiscHead *head = fisc_head_new(1, size, root, 0, "prod");
    g_array_unref(head->path);
    head->path = fisc_merkle_gather_finish(gather);
    head->from = from;
    fisc_head_sign(head, FISC_SIGNER_HEAD, desk->key);
    return head;
}

static void
open_desk(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    fisc_witness_open(desk->state, &desk->witness, &error);
    g_assert_no_error(error);
}

static Desk
new_desk(void)
{
    Desk desk = {.folder = fisc_test_folder_new()};
    desk.state = g_build_filename(desk.folder, "state", NULL);
    g_assert(fisc_sign_key_new("prod", &desk.key, NULL));
    g_assert(fisc_sign_key_new("witness", &desk.own, NULL));
    open_desk(&desk);
    return desk;
}

static void
end_desk(Desk *desk)
{
    fisc_witness_close(desk->witness);
    fisc_sign_key_free(desk->key);
    fisc_sign_key_free(desk->own);
    fisc_test_folder_remove(desk->folder);
    g_free(desk->folder);
    g_free(desk->state);
}

/* Cosigns, or is refused with @code and a message that contains @says. */
static void
expect(Desk *desk, FiscHead *head, int code, const char *says)
{
    g_autoptr(FiscHead) owned = head;
    g_autoptr(GError) error = NULL;
    bool is_cosigned = fisc_witness_cosign(desk->witness, desk->own, owned, &error);
    FISC_ASSERT_INT(is_cosigned ? 0 : error->code, code);
    if (is_cosigned) {
        CU_ASSERT_TRUE(fisc_head_is_signed(owned, FISC_SIGNER_WITNESS, desk->own));
    } else {
        FISC_ASSERT_CONTAINS(error->message, says);
        CU_ASSERT_FALSE(fisc_head_is_signed(owned, FISC_SIGNER_WITNESS, desk->own));
    }
}

static void
test_follows(void)
{
    Desk desk = new_desk();
    expect(&desk, new_head(&desk, STORY, 5, -1), 0, NULL);
    expect(&desk, new_head(&desk, STORY, 5, -1), 0, NULL);
    expect(&desk, new_head(&desk, STORY, 6, 5), 0, NULL);
    expect(&desk, new_head(&desk, STORY, 25, 6), 0, NULL);
    end_desk(&desk);
}

static void
test_every_step(void)
{
    for (int from = 1; from < LOG_MAX; from += 3) {
        Desk desk = new_desk();
        expect(&desk, new_head(&desk, STORY, from, -1), 0, NULL);
        expect(&desk, new_head(&desk, STORY, LOG_MAX, from), 0, NULL);
        end_desk(&desk);
    }
}

static void
test_refuses(void)
{
    Desk desk = new_desk();
    expect(&desk, new_head(&desk, STORY, 25, -1), 0, NULL);
    expect(&desk, new_head(&desk, STORY, 24, -1), FISC_ERROR_TAMPERED, "rollback: the head has 24");
    expect(&desk, new_head(&desk, STORY, 0, -1), FISC_ERROR_TAMPERED, "rollback");
    expect(&desk, new_head(&desk, OTHER_STORY, 25, -1), FISC_ERROR_TAMPERED,
           "fork: another root was cosigned for 25");
    expect(&desk, new_head(&desk, OTHER_STORY, 30, 25), FISC_ERROR_TAMPERED,
           "fork: its first 25 batches are not those");
    expect(&desk, new_head(&desk, STORY, 30, -1), FISC_ERROR_VALUE_MISSING, "fisc head --from 25");
    expect(&desk, new_head(&desk, STORY, 30, 24), FISC_ERROR_VALUE_MISSING, "fisc head --from 25");
    FiscHead *damaged = new_head(&desk, STORY, 30, 25);
    g_array_index(damaged->path, FiscMerkleHash, 0)[0] ^= 1;
    expect(&desk, damaged, FISC_ERROR_TAMPERED, "fork");
    expect(&desk, new_head(&desk, STORY, 30, 25), 0, NULL);
    end_desk(&desk);
}

static void
test_books_apart(void)
{
    Desk desk = new_desk();
    expect(&desk, new_head(&desk, STORY, 25, -1), 0, NULL);
    FiscHead *second = new_head(&desk, STORY, 3, -1);
    second->book_id = 2;
    expect(&desk, second, 0, NULL);
    expect(&desk, new_head(&desk, STORY, 26, 25), 0, NULL);
    end_desk(&desk);
}

static void
test_environment(void)
{
    Desk desk = new_desk();
    expect(&desk, new_head(&desk, STORY, 5, -1), 0, NULL);
    FiscHead *copy = new_head(&desk, STORY, 6, 5);
    g_free(copy->environment);
    copy->environment = g_strdup("copy");
    expect(&desk, copy, FISC_ERROR_TAMPERED, "of environment copy, the last one of book 1 was of");
    end_desk(&desk);
}

static void
test_remembers(void)
{
    Desk desk = new_desk();
    expect(&desk, new_head(&desk, STORY, 25, -1), 0, NULL);
    expect(&desk, new_head(&desk, STORY, 27, 25), 0, NULL);
    fisc_witness_close(desk.witness);
    /* What a crash may leave: half of a new state beside the old one. */
    g_autofree char *aside = g_build_filename(desk.state, "book-1.head.new", NULL);
    g_autofree char *log = g_build_filename(desk.state, "book-1.log", NULL);
    g_assert(g_file_set_contents(aside, "fisc head 1\nbo", -1, NULL));
    open_desk(&desk);
    expect(&desk, new_head(&desk, STORY, 26, -1), FISC_ERROR_TAMPERED, "rollback");
    expect(&desk, new_head(&desk, STORY, 30, 27), 0, NULL);
    g_autoptr(GPtrArray) heads = NULL;
    CU_ASSERT_TRUE(fisc_heads_load(log, &heads, NULL));
    FISC_ASSERT_INT(heads->len, 3);
    end_desk(&desk);
}

static void
test_trust(void)
{
    Desk desk = new_desk();
    g_autofree char *path = g_build_filename(desk.folder, "head.key", NULL);
    g_autofree char *public_path = g_strconcat(path, ".pub", NULL);
    g_autofree char *own_path = g_build_filename(desk.folder, "own.key", NULL);
    g_autofree char *own_public = g_strconcat(own_path, ".pub", NULL);
    g_autoptr(GError) error = NULL;
    g_assert(fisc_sign_key_save(desk.key, path, NULL));
    g_assert(fisc_sign_key_save(desk.own, own_path, NULL));
    CU_ASSERT_FALSE(fisc_witness_trust(desk.witness, path, &error));
    FISC_ASSERT_CONTAINS(error->message, "is a private key");
    g_clear_error(&error);
    CU_ASSERT_TRUE(fisc_witness_trust(desk.witness, public_path, &error));
    fisc_witness_close(desk.witness);
    open_desk(&desk); /* kept with the state */
    CU_ASSERT_TRUE(fisc_witness_trust(desk.witness, public_path, &error));
    CU_ASSERT_FALSE(fisc_witness_trust(desk.witness, own_public, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_TAMPERED));
    expect(&desk, new_head(&desk, STORY, 5, -1), 0, NULL);
    FiscHead *unsigned_head = new_head(&desk, STORY, 6, 5);
    g_array_set_size(unsigned_head->signatures, 0);
    expect(&desk, unsigned_head, FISC_ERROR_TAMPERED, "the head is not signed by key");
    end_desk(&desk);
}

const FiscTest fisc_witness_tests[] = {
    {"cosigns what follows, and the same head again", test_follows},
    {"cosigns from any size to any later one", test_every_step},
    {"refuses forks, rollbacks and what is not proven to follow", test_refuses},
    {"keeps books apart", test_books_apart},
    {"refuses a head of another environment", test_environment},
    {"remembers what it cosigned, whatever a crash left", test_remembers},
    {"takes only heads of the key it trusts", test_trust},
    {NULL, NULL},
};
