/* merkle.h: the Merkle tree of RFC 9162 section 2.1: roots, and proofs that one leaf is in a tree
 * (inclusion) or that one tree begins another (consistency).
 *
 * Pure, and of no use but to count hashes: the witness and the offline check link this file and no
 * database. A proof is made in two steps, so that it costs one pass over the leaves and no memory:
 * a plan says which ranges of leaves have to be summed up, a gathering sums them as leaves go by.
 */
#ifndef FISC_LEDGER_MERKLE_H
#define FISC_LEDGER_MERKLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef uint8_t FiscMerkleHash[32];

/** Root over @count leaves of 32 bytes each; the root of no leaves is the hash of nothing. */
void fisc_merkle_root(const uint8_t (*leaves)[32], gsize count, uint8_t out_root[32]);

/* A tree that grows leaf by leaf: the roots of its complete subtrees, biggest first. */
typedef struct {
    uint64_t count;
    FiscMerkleHash nodes[64];
} FiscMerkleTree;

void fisc_merkle_tree_add(FiscMerkleTree *tree, const uint8_t leaf[32]);
/** The root so far; the tree may grow on. */
void fisc_merkle_tree_root(const FiscMerkleTree *tree, uint8_t out_root[32]);

/* A tree kept whole, so that a leaf can be replaced for the price of its path. */
typedef struct _FiscMerkleForm FiscMerkleForm;
FiscMerkleForm *fisc_merkle_form_new(const uint8_t (*leaves)[32], gsize count);
void fisc_merkle_form_set(FiscMerkleForm *form, gsize index, const uint8_t leaf[32]);
/** Borrowed; of a tree with leaves. */
const uint8_t *fisc_merkle_form_root(const FiscMerkleForm *form);
/** What proves leaf @index, as fisc_merkle_plan_inclusion() and a gathering would: an array of
 * FiscMerkleHash. For many leaves of one tree. */
GArray *fisc_merkle_form_path(const FiscMerkleForm *form, gsize index);
void fisc_merkle_form_free(FiscMerkleForm *form); /* NULL does nothing */

/* The leaves from, from + 1 ... to - 1, whose root is one hash of a proof. */
typedef struct {
    uint64_t from, to;
} FiscMerkleRange;

/** What proves leaf @index (from 0) of a tree of @size: an array of FiscMerkleRange, lowest first.
 */
GArray *fisc_merkle_plan_inclusion(uint64_t index, uint64_t size);
/** What proves that the first @from leaves of a tree of @size are the tree of @from leaves. */
GArray *fisc_merkle_plan_consistency(uint64_t from, uint64_t size);

typedef struct _FiscMerkleGather FiscMerkleGather;
/** Takes @plan. */
FiscMerkleGather *fisc_merkle_gather_new(GArray *plan);
/** The next leaf of the tree, from the first on. */
void fisc_merkle_gather_add(FiscMerkleGather *gather, const uint8_t leaf[32]);
/** The hashes of the plan, in its order: an array of FiscMerkleHash. Frees @gather. */
GArray *fisc_merkle_gather_finish(FiscMerkleGather *gather);
void fisc_merkle_gather_free(FiscMerkleGather *gather); /* NULL does nothing */

/** @path: an array of FiscMerkleHash. */
bool fisc_merkle_check_inclusion(const uint8_t leaf[32], uint64_t index, uint64_t size,
                                 const GArray *path, const uint8_t root[32]);
bool fisc_merkle_check_consistency(uint64_t from, const uint8_t from_root[32], uint64_t size,
                                   const uint8_t root[32], const GArray *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMerkleForm, fisc_merkle_form_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMerkleGather, fisc_merkle_gather_free)

#endif
