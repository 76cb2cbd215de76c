/* funds_board.h: what every key of every control held at the last committed batch, for the many who
 * ask while batches are being decided and written.
 *
 * The engine is ahead of the record: it has decided what is not written yet. So whoever seals a
 * batch takes the news out of the engine, and puts them on the board when the batch is in. Asking
 * takes a lock for as long as the answer is copied, and waits for no batch. */
#ifndef FISC_LEDGER_FUNDS_BOARD_H
#define FISC_LEDGER_FUNDS_BOARD_H

#include "fisc/poster.h"
#include "ledger/engine.h"

typedef struct _FiscFundsBoard FiscFundsBoard;
typedef struct _FiscFundsNews FiscFundsNews;

FiscFundsBoard *fisc_funds_board_new(void);
void fisc_funds_board_free(FiscFundsBoard *board);

/** From now on the engine remembers which keys change. The first news are of all of them. */
void fisc_engine_keep_news(FiscEngine *engine);
/** What has changed since the last news; NULL when nothing has. By whoever owns the engine. */
FiscFundsNews *fisc_engine_take_news(FiscEngine *engine);
void fisc_funds_news_free(FiscFundsNews *news);

/** Puts news on the board; takes them, NULL does nothing. Thread-safe, in the order of batches. */
void fisc_funds_board_put(FiscFundsBoard *board, FiscFundsNews *news);
/** As fisc_engine_funds() was at the last news. Thread-safe. */
void fisc_funds_board_ask(FiscFundsBoard *board, const char *entity, int year,
                          const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFundsNews, fisc_funds_news_free)

#endif
