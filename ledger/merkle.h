/* merkle.h: the Merkle tree of RFC 9162 section 2.1: root of a list of leaf hashes. */
#ifndef FISC_LEDGER_MERKLE_H
#define FISC_LEDGER_MERKLE_H

#include <glib.h>
#include <stdint.h>

/** Root over @count leaves of 32 bytes each; the root of no leaves is the hash of nothing. */
void fisc_merkle_root(const uint8_t (*leaves)[32], gsize count, uint8_t out_root[32]);

#endif
