/* merkle.c: see merkle.h. A leaf is hashed with 0x00 before it, an inner node with 0x01, so that
 * neither can pass for the other. */
#include "ledger/merkle.h"
#include "core/base/hash.h"
#include <string.h>

static void
hash_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32])
{
    uint8_t data[65] = {1};
    for (int i = 0; i < 32; i++) {
        data[1 + i] = left[i];
        data[33 + i] = right[i];
    }
    fisc_hash_data(data, sizeof data, out);
}

static void
hash_leaf(const uint8_t leaf[32], uint8_t out[32])
{
    uint8_t data[33] = {0};
    for (int i = 0; i < 32; i++) {
        data[1 + i] = leaf[i];
    }
    fisc_hash_data(data, sizeof data, out);
}

/* The largest power of two below @count, which is above 1. */
static uint64_t
split_of(uint64_t count)
{
    uint64_t split = 1;
    while (split < count - split) {
        split *= 2;
    }
    return split;
}

void
fisc_merkle_root(const uint8_t (*leaves)[32], gsize count, uint8_t out_root[32])
{
    if (count == 0) {
        fisc_hash_data("", 0, out_root);
        return;
    }
    if (count == 1) {
        hash_leaf(leaves[0], out_root);
        return;
    }
    gsize split = split_of(count);
    uint8_t left[32];
    uint8_t right[32];
    fisc_merkle_root(leaves, split, left);
    fisc_merkle_root(leaves + split, count - split, right);
    hash_node(left, right, out_root);
}

/* Growing ---------------------------------------------------------------------------------- */

/* As many subtrees as the count has ones in binary; adding a leaf merges like adding one. */
static int
subtrees_of(uint64_t count)
{
    return __builtin_popcountll(count);
}

void
fisc_merkle_tree_add(FiscMerkleTree *tree, const uint8_t leaf[32])
{
    int used = subtrees_of(tree->count);
    hash_leaf(leaf, tree->nodes[used]);
    for (uint64_t carry = tree->count; (carry & 1) != 0; carry >>= 1) {
        used--;
        hash_node(tree->nodes[used], tree->nodes[used + 1], tree->nodes[used]);
    }
    tree->count++;
}

void
fisc_merkle_tree_root(const FiscMerkleTree *tree, uint8_t out_root[32])
{
    int used = subtrees_of(tree->count);
    if (used == 0) {
        fisc_hash_data("", 0, out_root);
        return;
    }
    memcpy(out_root, tree->nodes[used - 1], 32);
    for (int i = used - 2; i >= 0; i--) {
        hash_node(tree->nodes[i], out_root, out_root);
    }
}

/* Replacing -------------------------------------------------------------------------------- */

/* Levels from the leaves' hashes up. A node without a right neighbour is its own parent, which
 * gives the tree of the RFC: its left half is always the largest power of two. */
struct _FiscMerkleForm {
    int height;
    FiscMerkleHash *level[65];
    gsize size[65];
};

static void
form_node(FiscMerkleForm *form, int height, gsize index)
{
    const FiscMerkleHash *below = form->level[height - 1];
    if (2 * index + 1 < form->size[height - 1]) {
        hash_node(below[2 * index], below[2 * index + 1], form->level[height][index]);
    } else {
        memcpy(form->level[height][index], below[2 * index], 32);
    }
}

FiscMerkleForm *
fisc_merkle_form_new(const uint8_t (*leaves)[32], gsize count)
{
    FiscMerkleForm *form = g_new0(FiscMerkleForm, 1);
    form->size[0] = count;
    form->level[0] = g_new(FiscMerkleHash, count + 1);
    for (gsize i = 0; i < count; i++) {
        hash_leaf(leaves[i], form->level[0][i]);
    }
    while (form->size[form->height] > 1) {
        gsize size = (form->size[form->height] + 1) / 2;
        form->height++;
        form->size[form->height] = size;
        form->level[form->height] = g_new(FiscMerkleHash, size);
        for (gsize i = 0; i < size; i++) {
            form_node(form, form->height, i);
        }
    }
    return form;
}

void
fisc_merkle_form_free(FiscMerkleForm *form)
{
    if (form != NULL) {
        for (int height = 0; height <= form->height; height++) {
            g_free(form->level[height]);
        }
        g_free(form);
    }
}

void
fisc_merkle_form_set(FiscMerkleForm *form, gsize index, const uint8_t leaf[32])
{
    hash_leaf(leaf, form->level[0][index]);
    for (int height = 1; height <= form->height; height++) {
        index /= 2;
        form_node(form, height, index);
    }
}

const uint8_t *
fisc_merkle_form_root(const FiscMerkleForm *form)
{
    return form->level[form->height][0];
}

GArray *
fisc_merkle_form_path(const FiscMerkleForm *form, gsize index)
{
    GArray *path = g_array_new(FALSE, TRUE, sizeof(FiscMerkleHash));
    for (int height = 0; height < form->height; height++, index /= 2) {
        gsize sibling = index ^ 1;
        if (sibling < form->size[height]) {
            g_array_append_val(path, form->level[height][sibling]);
        }
    }
    return path;
}

/* Proving ---------------------------------------------------------------------------------- */

static void
append_range(GArray *plan, uint64_t from, uint64_t to)
{
    FiscMerkleRange range = {from, to};
    g_array_append_val(plan, range);
}

/* PATH of RFC 9162 2.1.3.1, on the leaves [from, to). */
static void
plan_inclusion(GArray *plan, uint64_t index, uint64_t from, uint64_t to)
{
    if (to - from == 1) {
        return;
    }
    uint64_t middle = from + split_of(to - from);
    if (index < middle) {
        plan_inclusion(plan, index, from, middle);
        append_range(plan, middle, to);
    } else {
        plan_inclusion(plan, index, middle, to);
        append_range(plan, from, middle);
    }
}

GArray *
fisc_merkle_plan_inclusion(uint64_t index, uint64_t size)
{
    g_assert(index < size);
    GArray *plan = g_array_new(FALSE, FALSE, sizeof(FiscMerkleRange));
    plan_inclusion(plan, index, 0, size);
    return plan;
}

/* SUBPROOF of RFC 9162 2.1.4.1: @is_known while the old root is a node of the new tree. */
static void
plan_consistency(GArray *plan, uint64_t old_end, uint64_t from, uint64_t to, bool is_known)
{
    if (old_end == to) {
        if (!is_known) {
            append_range(plan, from, to);
        }
        return;
    }
    uint64_t middle = from + split_of(to - from);
    if (old_end <= middle) {
        plan_consistency(plan, old_end, from, middle, is_known);
        append_range(plan, middle, to);
    } else {
        plan_consistency(plan, old_end, middle, to, false);
        append_range(plan, from, middle);
    }
}

GArray *
fisc_merkle_plan_consistency(uint64_t from, uint64_t size)
{
    g_assert(from <= size);
    GArray *plan = g_array_new(FALSE, FALSE, sizeof(FiscMerkleRange));
    if (from > 0) { /* everything follows nothing */
        plan_consistency(plan, from, 0, size, true);
    }
    return plan;
}

struct _FiscMerkleGather {
    GArray *plan;
    FiscMerkleTree *trees; /* one for each range */
    uint64_t next;
};

FiscMerkleGather *
fisc_merkle_gather_new(GArray *plan)
{
    FiscMerkleGather *gather = g_new0(FiscMerkleGather, 1);
    gather->plan = plan;
    gather->trees = g_new0(FiscMerkleTree, plan->len + 1);
    return gather;
}

void
fisc_merkle_gather_free(FiscMerkleGather *gather)
{
    if (gather != NULL) {
        g_array_unref(gather->plan);
        g_free(gather->trees);
        g_free(gather);
    }
}

void
fisc_merkle_gather_add(FiscMerkleGather *gather, const uint8_t leaf[32])
{
    uint64_t index = gather->next++;
    for (guint i = 0; i < gather->plan->len; i++) {
        const FiscMerkleRange *range = &g_array_index(gather->plan, FiscMerkleRange, i);
        if (index >= range->from && index < range->to) {
            fisc_merkle_tree_add(&gather->trees[i], leaf);
            return; /* the ranges of a plan do not overlap */
        }
    }
}

GArray *
fisc_merkle_gather_finish(FiscMerkleGather *gather)
{
    GArray *path = g_array_new(FALSE, TRUE, sizeof(FiscMerkleHash));
    g_array_set_size(path, gather->plan->len);
    for (guint i = 0; i < gather->plan->len; i++) {
        const FiscMerkleRange *range = &g_array_index(gather->plan, FiscMerkleRange, i);
        g_assert(gather->trees[i].count == range->to - range->from);
        fisc_merkle_tree_root(&gather->trees[i], g_array_index(path, FiscMerkleHash, i));
    }
    fisc_merkle_gather_free(gather);
    return path;
}

/* Checking --------------------------------------------------------------------------------- */

/* RFC 9162 2.1.3.2. */
bool
fisc_merkle_check_inclusion(const uint8_t leaf[32], uint64_t index, uint64_t size,
                            const GArray *path, const uint8_t root[32])
{
    if (index >= size) {
        return false;
    }
    uint64_t at = index;
    uint64_t last = size - 1;
    uint8_t hash[32];
    hash_leaf(leaf, hash);
    for (guint i = 0; i < path->len; i++) {
        const uint8_t *step = g_array_index(path, FiscMerkleHash, i);
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            hash_node(step, hash, hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash_node(hash, step, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(hash, root, 32) == 0;
}

/* RFC 9162 2.1.4.2, for 0 < from < size. */
static bool
check_growth(uint64_t from, const uint8_t from_root[32], uint64_t size, const uint8_t root[32],
             const GArray *path)
{
    uint64_t at = from - 1;
    uint64_t last = size - 1;
    guint next = 0;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    /* A complete old tree is a node of the new one; its root is known and not in the path. */
    bool is_complete = (from & (from - 1)) == 0;
    if (!is_complete && path->len == 0) {
        return false;
    }
    const uint8_t *begin = is_complete ? from_root : g_array_index(path, FiscMerkleHash, next++);
    uint8_t old_hash[32];
    uint8_t new_hash[32];
    memcpy(old_hash, begin, 32);
    memcpy(new_hash, begin, 32);
    for (; next < path->len; next++) {
        const uint8_t *step = g_array_index(path, FiscMerkleHash, next);
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            hash_node(step, old_hash, old_hash);
            hash_node(step, new_hash, new_hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash_node(new_hash, step, new_hash);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && memcmp(old_hash, from_root, 32) == 0 && memcmp(new_hash, root, 32) == 0;
}

bool
fisc_merkle_check_consistency(uint64_t from, const uint8_t from_root[32], uint64_t size,
                              const uint8_t root[32], const GArray *path)
{
    if (from > size) {
        return false;
    }
    if (from == size) {
        return path->len == 0 && memcmp(from_root, root, 32) == 0;
    }
    return from == 0 ? path->len == 0 : check_growth(from, from_root, size, root, path);
}
