/* restore.h: brings an engine to the newest batch on record. */
#ifndef FISC_LEDGER_RESTORE_H
#define FISC_LEDGER_RESTORE_H

#include "fisc/db.h"
#include "ledger/engine.h"

/** Reads, in one snapshot, what the book has beyond the engine's head, and folds it in: at first
 * the checkpoint and the tail, later the batches of another writer. Nothing is decided again. */
bool fisc_engine_catch_up(FiscEngine *engine, FiscPool *pool, int book_id, GError **error);
/** The same inside a transaction that holds the book's turn: each statement there sees the newest,
 * and nobody can append between two of them. Never uses the checkpoint, which may still move. */
bool fisc_engine_catch_up_in(FiscEngine *engine, FiscTx *turn, int book_id, GError **error);

#endif
