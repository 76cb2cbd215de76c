/* restore.c: see restore.h. Masters before codings, codings before amounts. */
#include "ledger/restore.h"

static bool
load_masters(FiscTx *tx, FiscEngine *engine, int book_id, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS,
                       FISC_ARGS(fisc_int4(book_id), fisc_int8(fisc_engine_next_item(engine))),
                       &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 3, &count);
        fisc_engine_restore_event(engine, fisc_rows_text(rows, i, 0), fisc_rows_text(rows, i, 1),
                                  fisc_rows_int4(rows, i, 2), fields, count);
    }
    return true;
}

static bool
each_coding(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    const char *dim[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] = fisc_rows_text(rows, 0, 5 + i);
    }
    fisc_engine_restore_coding(data, fisc_rows_int4(rows, 0, 0), fisc_rows_int4(rows, 0, 1),
                               fisc_rows_int4(rows, 0, 2), fisc_rows_int4(rows, 0, 3),
                               fisc_rows_int4(rows, 0, 4), dim);
    return true;
}

static bool
load_codings(FiscTx *tx, FiscEngine *engine, int book_id, GError **error)
{
    return fisc_tx_stream(tx, FISC_SQL_LEDGER_CODINGS,
                          FISC_ARGS(fisc_int4(book_id), fisc_int4(fisc_engine_next_coding(engine))),
                          each_coding, engine, error);
}

static bool
each_balance(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    fisc_engine_restore_amount(data, fisc_rows_int4(rows, 0, 0), fisc_rows_int4(rows, 0, 1),
                               fisc_rows_int8(rows, 0, 2), fisc_rows_int8(rows, 0, 3));
    return true;
}

static bool
load_balances(FiscTx *tx, FiscEngine *engine, int book_id, GError **error)
{
    return fisc_tx_stream(tx, FISC_SQL_LEDGER_CHECKPOINT_TOTALS, FISC_ARGS(fisc_int4(book_id)),
                          each_balance, engine, error);
}

static bool
each_item(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    int hands = 0;
    bool has_currency = !fisc_rows_is_null(rows, 0, 6);
    g_autofree int32_t *hand =
        fisc_rows_is_null(rows, 0, 8) ? NULL : fisc_rows_int4_array(rows, 0, 8, &hands);
    fisc_engine_restore_item(
        data, fisc_rows_int4(rows, 0, 0), fisc_rows_text(rows, 0, 1), fisc_rows_int4(rows, 0, 2),
        fisc_rows_int4(rows, 0, 3), fisc_rows_int4(rows, 0, 4), fisc_rows_int8(rows, 0, 5),
        has_currency ? fisc_rows_text(rows, 0, 6) : NULL, fisc_rows_int8(rows, 0, 7), hand, hands);
    return true;
}

static bool
load_items(FiscTx *tx, FiscEngine *engine, int book_id, GError **error)
{
    return fisc_tx_stream(tx, FISC_SQL_LEDGER_CHECKPOINT_ITEMS, FISC_ARGS(fisc_int4(book_id)),
                          each_item, engine, error);
}

/* The open items of an entry of the tail. */
static void
restore_items(FiscRows *rows, FiscEngine *engine, int32_t *coding, int64_t *amount, int count)
{
    int items = 0;
    int foreigns = 0;
    FiscDecidedEntry entry = {.period = fisc_rows_int4(rows, 0, 0),
                              .entity_id = fisc_rows_int4(rows, 0, 3),
                              .financial = fisc_rows_int4(rows, 0, 4),
                              .count = count,
                              .coding = coding,
                              .amount = amount};
    g_auto(GStrv) item = fisc_rows_text_array(rows, 0, 5, &items);
    g_autofree int64_t *foreign =
        fisc_rows_is_null(rows, 0, 7) ? NULL : fisc_rows_int8_array(rows, 0, 7, &foreigns);
    g_autofree int32_t *hands =
        fisc_rows_is_null(rows, 0, 8) ? NULL : fisc_rows_int4_array(rows, 0, 8, &entry.hand_count);
    entry.open_item = (const char **)item;
    entry.currency = fisc_rows_text(rows, 0, 6);
    entry.foreign = foreign;
    entry.hands = hands;
    fisc_engine_restore_entry_items(engine, &entry);
}

static bool
each_entry(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    int count = 0;
    int amounts = 0;
    FiscPeriod period = fisc_rows_int4(rows, 0, 0);
    g_autofree int32_t *coding = fisc_rows_int4_array(rows, 0, 1, &count);
    g_autofree int64_t *amount = fisc_rows_int8_array(rows, 0, 2, &amounts);
    for (int i = 0; i < count; i++) {
        fisc_engine_restore_amount(data, coding[i], period, amount[i] > 0 ? amount[i] : 0,
                                   amount[i] < 0 ? -amount[i] : 0);
    }
    if (!fisc_rows_is_null(rows, 0, 5)) {
        restore_items(rows, data, coding, amount, count);
    }
    return true;
}

/* At first the entries after the checkpoint, when one snapshot shows both; later, or without it,
 * those after our own last one. */
static bool
load_tail(FiscTx *tx, FiscEngine *engine, int book_id, bool is_snapshot, GError **error)
{
    int64_t from = fisc_engine_next_entry(engine);
    if (is_snapshot && fisc_engine_next_item(engine) == 1) {
        g_autoptr(FiscRows) rows = NULL;
        if (!load_balances(tx, engine, book_id, error) || !load_items(tx, engine, book_id, error) ||
            !fisc_tx_query(tx, FISC_SQL_LEDGER_CHECKPOINT, FISC_ARGS(fisc_int4(book_id)), &rows,
                           error)) {
            return false;
        }
        from = fisc_rows_count(rows) > 0 ? fisc_rows_int8(rows, 0, 1) + 1 : 1;
    }
    return fisc_tx_stream(tx, FISC_SQL_LEDGER_ENTRIES_AFTER,
                          FISC_ARGS(fisc_int4(book_id), fisc_int8(from)), each_entry, engine,
                          error);
}

static bool
catch_up(FiscTx *tx, FiscEngine *engine, int book_id, bool is_snapshot, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_CHAIN_END, FISC_ARGS(fisc_int4(book_id)), &rows,
                       error)) {
        return false;
    }
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "book %d has not been opened", book_id);
    }
    int64_t batch_no = fisc_rows_int8(rows, 0, 0);
    if (batch_no == fisc_engine_batch_no(engine)) {
        return true;
    }
    int length = 0;
    const uint8_t *hash = fisc_rows_bytea(rows, 0, 1, &length);
    if (!load_masters(tx, engine, book_id, error) || !load_codings(tx, engine, book_id, error) ||
        !load_tail(tx, engine, book_id, is_snapshot, error)) {
        return false;
    }
    fisc_engine_restore_head(engine, batch_no, hash, fisc_rows_int8(rows, 0, 2),
                             fisc_rows_int8(rows, 0, 3));
    return true;
}

bool
fisc_engine_catch_up(FiscEngine *engine, FiscPool *pool, int book_id, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_READ, &tx, error) ||
        !catch_up(tx, engine, book_id, true, error)) {
        g_prefix_error(error, "reading the state of book %d: ", book_id);
        return false;
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_engine_catch_up_in(FiscEngine *engine, FiscTx *turn, int book_id, GError **error)
{
    if (!catch_up(turn, engine, book_id, false, error)) {
        g_prefix_error(error, "reading the state of book %d: ", book_id);
        return false;
    }
    return true;
}
