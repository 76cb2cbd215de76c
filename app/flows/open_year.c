/* open_year.c: the walk of a year that begins: what was committed for it in earlier years, under an
 * authority, becomes a commitment of its own budget.
 *
 * The appropriations of the year are there by then, or the controls say what is short. One document
 * an entity, for a second person to approve; asking again finds what is left. */
#include "app/flows/internal.h"
#include "fisc/csv.h"
#include "fisc/ledger.h"
#include "fisc/money.h"
#include "fisc/scope.h"
#include <string.h>

#define SOURCE "open-year"
#define HEADER                                                                                     \
    "journal_id,date,period,entity,stage,debit,credit,item,relieves,final,currency,amount_fc,memo"

/* Columns of the query. */
enum { ROW_ENTITY, ROW_ITEM, ROW_AMOUNT, ROW_CURRENCY, ROW_FOREIGN, ROW_DIMENSIONS };

/* The dimensions of a budget line, as the query has them. */
static const FiscDimension dimensions[] = {
    FISC_DIM_FUNCTION, FISC_DIM_GFS,     FISC_DIM_SECTION, FISC_DIM_PROGRAMME, FISC_DIM_ECONOMIC,
    FISC_DIM_FUND,     FISC_DIM_PROJECT, FISC_DIM_REGION,  FISC_DIM_SOURCE,    FISC_DIM_LAYER,
};

typedef struct {
    FiscContext *ctx;
    const FiscOpenYearOrder *order;
    const FiscNation *nation;
    FiscRows *rows;
    FiscTable *table;
    GPtrArray *documents; /* of char * */
} Opening;

static void
append_field(GString *text, const char *field)
{
    g_string_append_c(text, ',');
    fisc_csv_append(text, field);
}

static void
append_amount(GString *text, int64_t amount, int decimals)
{
    char buffer[FISC_AMOUNT_TEXT];
    append_field(text, fisc_amount_format(amount, decimals, buffer));
}

/* One row of a journal: the commitment relieves what was committed before, whole. */
static void
append_row(const Opening *opening, int row, GString *text)
{
    const char *code = fisc_rows_text(opening->rows, row, ROW_ENTITY);
    const char *item = fisc_rows_text(opening->rows, row, ROW_ITEM);
    const FiscEntity *entity = fisc_nation_entity(opening->nation, code);
    int year = opening->order->year;
    bool is_foreign = !fisc_rows_is_null(opening->rows, row, ROW_CURRENCY);
    g_autofree char *becomes = g_strdup_printf("%s/%d", item, year);
    g_autofree char *journal = g_strdup_printf("%s/opened", becomes);
    fisc_csv_append(text, journal);
    g_string_append_printf(text, ",%d-01-01,%d-00", year, year);
    append_field(text, code);
    g_string_append(text, ",commitment");
    append_amount(text, fisc_rows_int8(opening->rows, row, ROW_AMOUNT), entity->decimals);
    g_string_append_c(text, ',');
    append_field(text, becomes);
    append_field(text, item);
    g_string_append(text, ",Y");
    append_field(text, fisc_rows_text(opening->rows, row, ROW_CURRENCY));
    if (is_foreign) {
        append_amount(text, fisc_rows_int8(opening->rows, row, ROW_FOREIGN),
                      fisc_currency_decimals(fisc_rows_text(opening->rows, row, ROW_CURRENCY)));
    } else {
        g_string_append_c(text, ',');
    }
    g_string_append_printf(text, ",Committed before %d began", year);
    for (gsize i = 0; i < G_N_ELEMENTS(dimensions); i++) {
        append_field(text, fisc_rows_text(opening->rows, row, ROW_DIMENSIONS + (int)i));
    }
    g_string_append_c(text, '\n');
}

static void
add_to_table(const Opening *opening, int row)
{
    const char *code = fisc_rows_text(opening->rows, row, ROW_ENTITY);
    const char *item = fisc_rows_text(opening->rows, row, ROW_ITEM);
    const FiscEntity *entity = fisc_nation_entity(opening->nation, code);
    g_autofree char *becomes = g_strdup_printf("%s/%d", item, opening->order->year);
    __int128 amount = fisc_rows_int8(opening->rows, row, ROW_AMOUNT);
    for (int i = entity->decimals; i < opening->table->decimals; i++) {
        amount *= 10;
    }
    FiscRow *cells = fisc_table_add_row(opening->table);
    fisc_table_set_text(opening->table, cells, 0, code);
    fisc_table_set_text(opening->table, cells, 1, item);
    fisc_table_set_text(opening->table, cells, 2, becomes);
    fisc_table_set_amount(opening->table, cells, 3, amount);
}

/* The journal of the rows of one entity; *row moves behind them. */
static char *
write_journal(const Opening *opening, int *row)
{
    GString *text = g_string_new(HEADER);
    g_autofree char *code = g_strdup(fisc_rows_text(opening->rows, *row, ROW_ENTITY));
    for (gsize i = 0; i < G_N_ELEMENTS(dimensions); i++) {
        append_field(text, fisc_dimension_column(dimensions[i]));
    }
    g_string_append_c(text, '\n');
    for (; *row < fisc_rows_count(opening->rows) &&
           strcmp(fisc_rows_text(opening->rows, *row, ROW_ENTITY), code) == 0;
         (*row)++) {
        append_row(opening, *row, text);
        add_to_table(opening, *row);
    }
    return g_string_free(text, FALSE);
}

/* *out_receipt: NULL unless it was refused. */
static bool
propose_journal(const Opening *opening, const char *text, FiscReceipt **out_receipt, GError **error)
{
    g_autofree char *reason = g_strdup_printf("Opening of %d", opening->order->year);
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscDocumentDraft draft = {
        .id = opening->order->document, .action = "commitment", .reason = reason};
    if (!fisc_flow_document_propose_text(opening->ctx, &draft, "open-year", text, strlen(text),
                                         SOURCE, &id, &receipt, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_receipt = fisc_receipt_new();
        (*out_receipt)->refusals = g_steal_pointer(&refusals);
    } else if (receipt->refusals != NULL || receipt->refused > 0) {
        *out_receipt = g_steal_pointer(&receipt);
    } else {
        g_ptr_array_add(opening->documents, g_steal_pointer(&id));
    }
    return true;
}

static bool
open_entities(Opening *opening, FiscReceipt **out_receipt, GError **error)
{
    for (int row = 0; row < fisc_rows_count(opening->rows) && *out_receipt == NULL;) {
        if (!fisc_scope_has(opening->ctx->scope, fisc_rows_text(opening->rows, row, 0))) {
            row++;
            continue;
        }
        g_autofree char *text = write_journal(opening, &row);
        if (!opening->order->is_dry && !propose_journal(opening, text, out_receipt, error)) {
            return false;
        }
    }
    return true;
}

static bool
load(FiscContext *ctx, const FiscOpenYearOrder *order, FiscNation **out_nation, FiscRows **out_rows,
     GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, ctx->book_id, 0, out_nation, error) &&
           fisc_tx_query(
               tx, FISC_SQL_BUDGET_LATER_COMMITMENTS,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_int4(order->year), fisc_text(order->entity)),
               out_rows, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static FiscTable *
new_table(const FiscNation *nation, int year)
{
    int decimals = 0;
    for (guint i = 0; i < nation->entities->len; i++) {
        decimals = MAX(decimals, ((const FiscEntity *)nation->entities->pdata[i])->decimals);
    }
    g_autofree char *title = g_strdup_printf("What was committed for %d before it began", year);
    FiscTable *table = fisc_table_new("open-year", title, decimals);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "item", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "becomes", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

bool
fisc_flow_open_year(FiscContext *ctx, const FiscOpenYearOrder *order, FiscTable **out_table,
                    GPtrArray **out_documents, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!load(ctx, order, &nation, &rows, error)) {
        return false;
    }
    if (order->entity != NULL && fisc_nation_entity(nation, order->entity) == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no entity \"%s\"", order->entity);
    }
    g_autoptr(FiscTable) table = new_table(nation, order->year);
    g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(FiscReceipt) refused = NULL;
    Opening opening = {ctx, order, nation, rows, table, documents};
    if (!open_entities(&opening, &refused, error)) {
        return false;
    }
    *out_table = g_steal_pointer(&table);
    *out_documents = g_steal_pointer(&documents);
    *out_receipt = refused != NULL ? g_steal_pointer(&refused) : fisc_receipt_new();
    return true;
}
