/* merkle.c: see merkle.h. A leaf is hashed with 0x00 before it, an inner node with 0x01, so that
 * neither can pass for the other. */
#include "ledger/merkle.h"
#include "core/base/hash.h"

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
    gsize split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    uint8_t left[32];
    uint8_t right[32];
    fisc_merkle_root(leaves, split, left);
    fisc_merkle_root(leaves + split, count - split, right);
    hash_node(left, right, out_root);
}
