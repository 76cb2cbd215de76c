/* head_log.h: the log tree of a book, read from its batches, and the head that names it. */
#ifndef FISC_LEDGER_HEAD_LOG_H
#define FISC_LEDGER_HEAD_LOG_H

#include "fisc/db.h"
#include "ledger/head.h"

/** The number of batches, without the genesis batch. NOT_FOUND when there is no such book. */
bool fisc_log_size(FiscTx *tx, int book_id, int64_t *out_size, GError **error);
/** Sums up the batches 1 .. @size, and lets each of @gathers (of FiscMerkleGather; NULL = none) see
 * every leaf. TAMPERED when one is missing. */
bool fisc_log_tree_read(FiscTx *tx, int book_id, int64_t size, GPtrArray *gathers,
                        uint8_t out_root[32], GError **error);
/** The tree itself, for many paths of it. TAMPERED as above, and when there are no batches. The
 * caller frees. */
bool fisc_log_form_read(FiscTx *tx, int book_id, int64_t size, FiscMerkleForm **out_form,
                        GError **error);
/** A head of the book as it is, signed with @key, with a proof that it follows the first @from
 * batches (-1: without). TAMPERED when there are fewer than @from. */
bool fisc_head_make(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t from, int64_t time_us,
                    FiscHead **out_head, GError **error);
/** A head of the first @size batches, as it could have been signed when there were no more.
 * TAMPERED when there are fewer. */
bool fisc_head_make_at(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t size,
                       int64_t time_us, FiscHead **out_head, GError **error);
/** The same with a proof that it follows the first @from batches (-1: without). TAMPERED when @from
 * is more. */
bool fisc_head_make_between(FiscTx *tx, int book_id, const FiscSignKey *key, int64_t from,
                            int64_t size, int64_t time_us, FiscHead **out_head, GError **error);

#endif
