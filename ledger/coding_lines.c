/* coding_lines.c: the lines behind some codings, told one by one: what a figure is made of may be
 * more than memory should hold. What is made of them is the caller's. */
#include "fisc/ledger.h"

typedef struct {
    bool (*each)(const FiscCodingLine *line, void *data, GError **error);
    void *data;
} Listener;

static const char *
text_or_null(const FiscRows *rows, int column)
{
    return fisc_rows_is_null(rows, 0, column) ? NULL : fisc_rows_text(rows, 0, column);
}

static bool
each_row(FiscRows *rows, void *data, GError **error)
{
    const Listener *listener = data;
    int digest_length = 0;
    FiscCodingLine line = {.entry_id = fisc_rows_int8(rows, 0, 0),
                           .line_no = fisc_rows_int4(rows, 0, 1),
                           .coding_id = fisc_rows_int4(rows, 0, 2),
                           .period = fisc_rows_int4(rows, 0, 3),
                           .effective = fisc_rows_int4(rows, 0, 4),
                           .amount = fisc_rows_int8(rows, 0, 5),
                           .reference = fisc_rows_text(rows, 0, 6),
                           .document = text_or_null(rows, 7),
                           .source = fisc_rows_text(rows, 0, 8),
                           .memo = text_or_null(rows, 9),
                           .batch_no = fisc_rows_int8(rows, 0, 10),
                           .digest = fisc_rows_bytea(rows, 0, 11, &digest_length),
                           .transfer = text_or_null(rows, 12),
                           .corrects = fisc_rows_int8(rows, 0, 13)};
    return listener->each(&line, listener->data, error);
}

bool
fisc_coding_lines_stream(FiscTx *tx, int book_id, const GArray *coding_ids, FiscPeriod from,
                         FiscPeriod to, const FiscMoment *moment,
                         bool (*each)(const FiscCodingLine *line, void *data, GError **error),
                         void *data, GError **error)
{
    Listener listener = {each, data};
    FiscArg as_of = fisc_date(moment->as_of), known_at = fisc_int8(moment->known_at);
    as_of.length = moment->has_as_of ? as_of.length : -1;
    known_at.length = moment->known_at > 0 ? known_at.length : -1;
    return fisc_tx_stream(tx, FISC_SQL_LEDGER_LINES_OF_CODINGS,
                          FISC_ARGS(fisc_int4(book_id), fisc_int4(from), fisc_int4(to), as_of,
                                    known_at,
                                    fisc_int4_array((const int32_t *)(const void *)coding_ids->data,
                                                    (int)coding_ids->len)),
                          each_row, &listener, error);
}
