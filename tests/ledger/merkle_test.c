/* merkle_test.c: the tree against the definitions of RFC 9162 written down as they stand, for every
 * size up to 300, and against forged proofs. */
#include "ledger/merkle.h"
#include "core/base/hash.h"
#include "tests/support/suite.h"
#include <string.h>

#define SIZE_MAX_TESTED 300

static FiscMerkleHash leaves[SIZE_MAX_TESTED];

static void
fill_leaves(void)
{
    for (int i = 0; i < SIZE_MAX_TESTED; i++) {
        fisc_hash_data(&i, sizeof i, leaves[i]);
    }
}

/* MTH(D[from:to]), by its definition. */
static void
naive_root(int from, int to, uint8_t out_root[32])
{
    uint8_t data[65] = {0};
    if (to == from) {
        fisc_hash_data("", 0, out_root);
        return;
    }
    if (to - from == 1) {
        memcpy(data + 1, leaves[from], 32);
        fisc_hash_data(data, 33, out_root);
        return;
    }
    int split = 1;
    while (split * 2 < to - from) {
        split *= 2;
    }
    data[0] = 1;
    naive_root(from, from + split, data + 1);
    naive_root(from + split, to, data + 33);
    fisc_hash_data(data, 65, out_root);
}

static GArray *
gather(GArray *plan, int size)
{
    FiscMerkleGather *work = fisc_merkle_gather_new(plan);
    for (int i = 0; i < size; i++) {
        fisc_merkle_gather_add(work, leaves[i]);
    }
    return fisc_merkle_gather_finish(work);
}

/* The path of a plan, by the definition; each range is summed up once for all trees. */
static GArray *
naive_path(GArray *plan)
{
    static FiscMerkleHash known[SIZE_MAX_TESTED + 1][SIZE_MAX_TESTED + 1];
    static bool is_known[SIZE_MAX_TESTED + 1][SIZE_MAX_TESTED + 1];
    GArray *path = g_array_new(FALSE, FALSE, sizeof(FiscMerkleHash));
    for (guint i = 0; i < plan->len; i++) {
        FiscMerkleRange range = g_array_index(plan, FiscMerkleRange, i);
        if (!is_known[range.from][range.to]) {
            naive_root((int)range.from, (int)range.to, known[range.from][range.to]);
            is_known[range.from][range.to] = true;
        }
        g_array_append_vals(path, known[range.from][range.to], 1);
    }
    g_array_unref(plan);
    return path;
}

static void
test_roots(void)
{
    fill_leaves();
    FiscMerkleTree tree = {0};
    int wrong = 0;
    for (int size = 0; size <= SIZE_MAX_TESTED; size++) {
        uint8_t naive[32], whole[32], grown[32];
        naive_root(0, size, naive);
        fisc_merkle_root((const uint8_t(*)[32])leaves, (gsize)size, whole);
        fisc_merkle_tree_root(&tree, grown);
        wrong += memcmp(naive, whole, 32) != 0 || memcmp(naive, grown, 32) != 0;
        if (size < SIZE_MAX_TESTED) {
            fisc_merkle_tree_add(&tree, leaves[size]);
        }
    }
    FISC_ASSERT_INT(wrong, 0);
}

/* One leaf of 32 zero bytes: 33 zero bytes, by sha256sum. */
static void
test_known_root(void)
{
    FiscMerkleHash zero = {0};
    uint8_t root[32];
    char text[FISC_HASH_TEXT];
    fisc_merkle_root((const uint8_t(*)[32]) & zero, 1, root);
    FISC_ASSERT_TEXT(fisc_hash_format(root, text),
                     "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9");
}

static void
test_inclusion(void)
{
    fill_leaves();
    int refused = 0;
    int64_t steps = 0;
    for (int size = 1; size <= SIZE_MAX_TESTED; size++) {
        uint8_t root[32];
        naive_root(0, size, root);
        for (int index = 0; index < size; index++) {
            g_autoptr(GArray) path =
                naive_path(fisc_merkle_plan_inclusion((uint64_t)index, (uint64_t)size));
            steps += path->len;
            refused += !fisc_merkle_check_inclusion(leaves[index], (uint64_t)index, (uint64_t)size,
                                                    path, root);
        }
    }
    FISC_ASSERT_INT(refused, 0);
    CU_ASSERT_TRUE(steps > 300000);
}

static void
test_consistency(void)
{
    fill_leaves();
    static FiscMerkleHash roots[SIZE_MAX_TESTED + 1];
    int refused = 0;
    for (int size = 0; size <= SIZE_MAX_TESTED; size++) {
        naive_root(0, size, roots[size]);
        for (int from = 0; from <= size; from++) {
            g_autoptr(GArray) path =
                naive_path(fisc_merkle_plan_consistency((uint64_t)from, (uint64_t)size));
            refused += !fisc_merkle_check_consistency((uint64_t)from, roots[from], (uint64_t)size,
                                                      roots[size], path);
        }
    }
    FISC_ASSERT_INT(refused, 0);
}

/* As leaves go by, every range of a plan is summed up, and none else. */
static void
test_gathering(void)
{
    fill_leaves();
    int different = 0;
    for (int size = 1; size <= SIZE_MAX_TESTED; size += 13) {
        for (int from = 0; from < size; from += 3) {
            GArray *plan = fisc_merkle_plan_consistency((uint64_t)from, (uint64_t)size);
            g_autoptr(GArray) naive = naive_path(g_array_ref(plan));
            g_autoptr(GArray) path = gather(plan, size);
            different += naive->len != path->len;
            for (guint i = 0; i < MIN(naive->len, path->len); i++) {
                different += memcmp(g_array_index(naive, FiscMerkleHash, i),
                                    g_array_index(path, FiscMerkleHash, i), 32) != 0;
            }
        }
    }
    FISC_ASSERT_INT(different, 0);
}

/* A tree that is kept gives the same paths as one that goes by. */
static void
test_paths_of_form(void)
{
    fill_leaves();
    int different = 0;
    for (int size = 1; size <= SIZE_MAX_TESTED; size += 7) {
        g_autoptr(FiscMerkleForm) form =
            fisc_merkle_form_new((const uint8_t(*)[32])leaves, (gsize)size);
        for (int index = 0; index < size; index += 3) {
            GArray *plan = fisc_merkle_plan_inclusion((uint64_t)index, (uint64_t)size);
            g_autoptr(GArray) expected = gather(plan, size);
            g_autoptr(GArray) path = fisc_merkle_form_path(form, (gsize)index);
            different += expected->len != path->len ||
                         (path->len > 0 && /* of one leaf there is no path, and no memory */
                          memcmp(expected->data, path->data, (gsize)path->len * 32) != 0);
        }
    }
    FISC_ASSERT_INT(different, 0);
}

static void
test_replacing(void)
{
    fill_leaves();
    int different = 0;
    for (int size = 1; size <= SIZE_MAX_TESTED; size += 7) {
        g_autoptr(FiscMerkleForm) form =
            fisc_merkle_form_new((const uint8_t(*)[32])leaves, (gsize)size);
        for (int index = 0; index < size; index += 5) {
            FiscMerkleHash kept;
            uint8_t root[32];
            memcpy(kept, leaves[index], 32);
            leaves[index][7] ^= 1;
            naive_root(0, size, root);
            fisc_merkle_form_set(form, (gsize)index, leaves[index]);
            different += memcmp(root, fisc_merkle_form_root(form), 32) != 0;
            memcpy(leaves[index], kept, 32);
            fisc_merkle_form_set(form, (gsize)index, kept);
        }
        uint8_t root[32];
        naive_root(0, size, root);
        different += memcmp(root, fisc_merkle_form_root(form), 32) != 0;
    }
    FISC_ASSERT_INT(different, 0);
}

/* Each hash of a proof changed by one bit, dropped, or doubled; another index, another size. */
static void
test_forged_inclusion(void)
{
    fill_leaves();
    int accepted = 0;
    for (int size = 2; size <= 40; size++) {
        uint8_t root[32];
        naive_root(0, size, root);
        for (int index = 0; index < size; index++) {
            GArray *plan = fisc_merkle_plan_inclusion((uint64_t)index, (uint64_t)size);
            g_autoptr(GArray) path = gather(plan, size);
            for (guint i = 0; i < path->len; i++) {
                g_array_index(path, FiscMerkleHash, i)[i % 32] ^= 1;
                accepted += fisc_merkle_check_inclusion(leaves[index], (uint64_t)index,
                                                        (uint64_t)size, path, root);
                g_array_index(path, FiscMerkleHash, i)[i % 32] ^= 1;
            }
            for (int other = 0; other < size; other++) {
                accepted +=
                    other != index && fisc_merkle_check_inclusion(leaves[index], (uint64_t)other,
                                                                  (uint64_t)size, path, root);
                accepted +=
                    other != index && fisc_merkle_check_inclusion(leaves[other], (uint64_t)index,
                                                                  (uint64_t)size, path, root);
            }
            g_array_append_vals(path, leaves[0], 1);
            accepted += fisc_merkle_check_inclusion(leaves[index], (uint64_t)index, (uint64_t)size,
                                                    path, root);
            g_array_set_size(path, path->len - 2);
            accepted += fisc_merkle_check_inclusion(leaves[index], (uint64_t)index, (uint64_t)size,
                                                    path, root);
        }
    }
    FISC_ASSERT_INT(accepted, 0);
}

static void
test_forged_consistency(void)
{
    fill_leaves();
    int accepted = 0;
    for (int size = 2; size <= 40; size++) {
        uint8_t root[32];
        naive_root(0, size, root);
        for (int from = 1; from < size; from++) {
            uint8_t from_root[32];
            naive_root(0, from, from_root);
            GArray *plan = fisc_merkle_plan_consistency((uint64_t)from, (uint64_t)size);
            g_autoptr(GArray) path = gather(plan, size);
            uint64_t old = (uint64_t)from;
            uint64_t new = (uint64_t)size;
            accepted += fisc_merkle_check_consistency(old, root, new, root, path);
            accepted += fisc_merkle_check_consistency(old, from_root, new, from_root, path);
            accepted += fisc_merkle_check_consistency(new, from_root, old, root, path);
            for (guint i = 0; i < path->len; i++) {
                g_array_index(path, FiscMerkleHash, i)[0] ^= 128;
                accepted += fisc_merkle_check_consistency(old, from_root, new, root, path);
                g_array_index(path, FiscMerkleHash, i)[0] ^= 128;
            }
            g_array_set_size(path, path->len - 1);
            accepted += fisc_merkle_check_consistency(old, from_root, new, root, path);
        }
    }
    FISC_ASSERT_INT(accepted, 0);
}

const FiscTest fisc_merkle_tests[] = {
    {"gives the root of RFC 9162 for every size up to 300, at once and leaf by leaf", test_roots},
    {"gives the root of one leaf as worked by hand", test_known_root},
    {"sums up what a proof needs while leaves go by", test_gathering},
    {"gives the paths of a tree that is kept", test_paths_of_form},
    {"replaces leaves", test_replacing},
    {"proves every leaf of a tree", test_inclusion},
    {"proves every tree to begin every later one", test_consistency},
    {"refuses a proof of inclusion that was changed anywhere", test_forged_inclusion},
    {"refuses a proof of consistency that was changed anywhere", test_forged_consistency},
    {NULL, NULL},
};
