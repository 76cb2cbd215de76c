/* browse_entry.c: entries, the newest first, and one of them with its lines. */
#include "app/flows/browsing.h"
#include "app/flows/internal.h"
#include "fisc/gfs.h"
#include <string.h>

/* The list ------------------------------------------------------------------------------------- */

/* Columns of the query, in its order. */
enum {
    ENTRY,
    REFERENCE,
    SOURCE,
    EFFECTIVE,
    ENTITY,
    MEMO,
    DOCUMENT,
    BATCH,
    POSTED_AT,
    ACTOR,
    AMOUNT
};

/* Every unit has decimals of its own; a list has those of its units when they agree, else two. */
static int
decimals_of(const FiscNation *nation, const char *entity)
{
    const FiscEntity *found = entity != NULL ? fisc_nation_entity(nation, entity) : NULL;
    int decimals = found != NULL ? found->decimals : -1;
    for (guint i = 0; found == NULL && i < nation->entities->len; i++) {
        const FiscEntity *one = nation->entities->pdata[i];
        decimals = decimals == -1 || decimals == one->decimals ? one->decimals : 2;
    }
    return decimals >= 0 ? decimals : 2;
}

static void
add_entry(FiscTable *table, const FiscRows *rows, int at)
{
    static const int texts[] = {REFERENCE, SOURCE, ENTITY, MEMO, DOCUMENT, POSTED_AT, ACTOR};
    char date[FISC_DATE_TEXT];
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_amount(table, row, ENTRY, fisc_rows_int8(rows, at, ENTRY));
    fisc_table_set_amount(table, row, BATCH, fisc_rows_int8(rows, at, BATCH));
    fisc_table_set_amount(table, row, AMOUNT, fisc_rows_int8(rows, at, AMOUNT));
    fisc_date_format(fisc_rows_int4(rows, at, EFFECTIVE), date);
    fisc_table_set_text(table, row, EFFECTIVE, date);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        fisc_browse_text(table, row, texts[i], rows, at, texts[i]);
    }
}

static FiscArg
date_or_any(bool is_given, FiscDate date)
{
    FiscArg arg = fisc_date(date);
    if (!is_given) {
        arg.length = -1;
    }
    return arg;
}

static FiscArg
number_or_any(int64_t number)
{
    FiscArg arg = fisc_int8(number);
    if (number < 0) {
        arg.length = -1;
    }
    return arg;
}

bool
fisc_flow_entry_list(FiscContext *ctx, const FiscEntryFilter *filter, const FiscPage *page,
                     FiscTable **out_table, char **out_next, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_auto(FiscPageRows) rows = {NULL};
    int64_t before = -1;
    if (!fisc_browse_number(page, &before, error) || !fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_browse_ask(
            ctx, page, FISC_SQL_LEDGER_BROWSE_ENTRIES,
            FISC_ARGS(fisc_int4(ctx->book_id), number_or_any(before), fisc_text(filter->entity),
                      date_or_any(filter->has_from, filter->from),
                      date_or_any(filter->has_to, filter->to), fisc_text(filter->account),
                      fisc_text(filter->document), fisc_int4(fisc_browse_limit(page) + 1)),
            &rows, error)) {
        return false;
    }
    rows.table = fisc_table_new("entries", "Entries", decimals_of(nation, filter->entity));
    fisc_browse_columns(rows.table, "#entry,reference,source,date,entity,memo,document,#batch,"
                                    "posted_at,actor,$amount");
    for (int i = 0; i < rows.count; i++) {
        add_entry(rows.table, rows.rows, i);
    }
    *out_next = rows.has_more ? g_strdup_printf("%" G_GINT64_FORMAT,
                                                fisc_rows_int8(rows.rows, rows.count - 1, ENTRY))
                              : NULL;
    *out_table = g_steal_pointer(&rows.table);
    return true;
}

/* One entry ------------------------------------------------------------------------------------ */

void
fisc_entry_card_clear(FiscEntryCard *card)
{
    char **texts[] = {&card->reference, &card->source,   &card->entity,   &card->memo,
                      &card->document,  &card->transfer, &card->corrects, &card->posted_at,
                      &card->actor,     &card->digest,   &card->receipt,  &card->currency};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_clear_pointer(texts[i], g_free);
    }
    g_clear_pointer(&card->lines, fisc_table_free);
}

static char *
text_or_null(const FiscRows *rows, int column)
{
    return fisc_rows_is_null(rows, 0, column) ? NULL : g_strdup(fisc_rows_text(rows, 0, column));
}

static char *
hex_of(const FiscRows *rows, int column)
{
    int length = 0;
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, column, &length);
    GString *hex = g_string_new(NULL);
    for (int i = 0; i < length; i++) {
        g_string_append_printf(hex, "%02x", bytes[i]);
    }
    return g_string_free(hex, FALSE);
}

/* In the order of the query's columns. */
static void
fill_card(FiscEntryCard *card, const FiscRows *rows)
{
    *card = (FiscEntryCard){
        .entry = fisc_rows_int8(rows, 0, 0),
        .reference = text_or_null(rows, 1),
        .source = text_or_null(rows, 2),
        .entity = text_or_null(rows, 3),
        .period = fisc_rows_int4(rows, 0, 4),
        .date = fisc_rows_int4(rows, 0, 5),
        .memo = text_or_null(rows, 6),
        .document = text_or_null(rows, 7),
        .transfer = text_or_null(rows, 8),
        .corrects = text_or_null(rows, 9),
        .is_reversal = fisc_rows_int4(rows, 0, 10) != 0,
        .batch = fisc_rows_int8(rows, 0, 11),
        .posted_at = text_or_null(rows, 12),
        .actor = text_or_null(rows, 13),
        .digest = hex_of(rows, 14),
        .receipt = hex_of(rows, 15),
        .currency = text_or_null(rows, 16),
    };
}

static const char *const flow_words[] = {
    [FISC_FLOW_TRANSACTION] = "transaction",
    [FISC_FLOW_HOLDING_GAIN] = "holding gain",
    [FISC_FLOW_VOLUME_CHANGE] = "volume change",
    [FISC_FLOW_OPENING] = "opening",
};

/* Columns of the query of lines, and of the table of lines. */
enum { L_NO, L_ACCOUNT, L_NAME, L_FLOW, L_KIND, L_DIMS, L_AMOUNT, L_ITEM, L_FOREIGN };
enum { T_LINE, T_ACCOUNT, T_NAME, T_FLOW, T_DEBIT, T_CREDIT, T_ITEM, T_FOREIGN, T_DIMS };

static void
add_line(FiscTable *table, const FiscRows *rows, int at)
{
    FiscRow *row = fisc_table_add_row(table);
    int64_t amount = fisc_rows_int8(rows, at, L_AMOUNT);
    int flow = fisc_rows_int4(rows, at, L_FLOW), count = 0;
    g_auto(GStrv) codes = fisc_rows_text_array(rows, at, L_DIMS, &count);
    fisc_table_set_amount(table, row, T_LINE, fisc_rows_int4(rows, at, L_NO));
    fisc_browse_text(table, row, T_ACCOUNT, rows, at, L_ACCOUNT);
    fisc_browse_text(table, row, T_NAME, rows, at, L_NAME);
    if (flow >= FISC_FLOW_TRANSACTION && flow <= FISC_FLOW_OPENING) {
        fisc_table_set_text(table, row, T_FLOW, flow_words[flow]);
    }
    fisc_table_set_amount(table, row, amount > 0 ? T_DEBIT : T_CREDIT, ABS(amount));
    fisc_browse_text(table, row, T_ITEM, rows, at, L_ITEM);
    int64_t foreign = fisc_rows_int8(rows, at, L_FOREIGN);
    if (foreign != 0) {
        fisc_table_set_amount(table, row, T_FOREIGN, foreign);
    }
    for (int i = 0; i < FISC_DIM_COUNT && i < count; i++) {
        if (*codes[i] != '\0') {
            fisc_table_set_text(table, row, T_DIMS + i, codes[i]);
        }
    }
}

static FiscTable *
make_lines(const FiscNation *nation, const FiscEntryCard *card, const FiscRows *rows)
{
    g_autofree char *title = g_strdup_printf("Lines of %s", card->reference);
    FiscTable *table = fisc_table_new("lines", title, decimals_of(nation, card->entity));
    fisc_browse_columns(table, "#line,account,name,flow,$debit,$credit,item,$foreign_amount");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        fisc_browse_columns(table, fisc_dimension_column((FiscDimension)i));
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        add_line(table, rows, i);
    }
    return table;
}

/* One reference may be several sources' own. */
static bool
find_entry(FiscTx *tx, int book_id, const char *source, const char *reference, FiscRows **out_rows,
           GError **error)
{
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_BROWSE_ENTRY,
                       FISC_ARGS(fisc_int4(book_id), fisc_text(reference), fisc_text(source)),
                       out_rows, error)) {
        return false;
    }
    if (fisc_rows_count(*out_rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no entry has the reference \"%s\"",
                         reference);
    }
    return fisc_rows_count(*out_rows) == 1 ||
           fisc_fail(error, FISC_ERROR_USAGE,
                     "several sources have an entry \"%s\": say which, as \"%s\"", reference,
                     fisc_rows_text(*out_rows, 0, 2));
}

bool
fisc_flow_entry_show(FiscContext *ctx, const char *source, const char *reference,
                     FiscEntryCard *out_card, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(FiscRows) lines = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, ctx->book_id, 0, &nation, error) ||
        !find_entry(tx, ctx->book_id, source, reference, &rows, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BROWSE_ENTRY_LINES,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(fisc_rows_int8(rows, 0, 0))),
                       &lines, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    fill_card(out_card, rows);
    out_card->lines = make_lines(nation, out_card, lines);
    return true;
}
