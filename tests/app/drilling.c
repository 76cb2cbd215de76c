/* drilling.c: see drilling.h. */
#include "tests/app/drilling.h"
#include "fisc/ledger.h"
#include "reporting/cell_key.h"
#include "tests/support/suite.h"
#include <string.h>

#define DIGEST 32

static bool
keep_line(const FiscCodingLine *line, void *data, GError **error)
{
    (void)error;
    Drilling *drilling = data;
    FiscCodingLine kept = *line;
    kept.source = g_string_chunk_insert_const(drilling->chunk, line->source);
    kept.reference = g_string_chunk_insert_const(drilling->chunk, line->reference);
    kept.document = line->document != NULL
                        ? g_string_chunk_insert_const(drilling->chunk, line->document)
                        : NULL;
    kept.memo = NULL;
    uint8_t *digest = g_memdup2(line->digest, DIGEST);
    g_ptr_array_add(drilling->digests, digest);
    kept.digest = digest;
    g_array_append_val(drilling->lines, kept);
    return true;
}

Drilling *
drilling_read(Books *books, FiscPeriod to)
{
    static const FiscMoment now = {0};
    Drilling *drilling = g_new0(Drilling, 1);
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int32_t));
    drilling->lines = g_array_new(FALSE, FALSE, sizeof(FiscCodingLine));
    drilling->chunk = g_string_chunk_new(65536);
    drilling->digests = g_ptr_array_new_with_free_func(g_free);
    if (!fisc_tx_begin(books->pool, FISC_TX_READ, &tx, &error) ||
        !fisc_nation_load(tx, 1, 0, &drilling->nation, &error) ||
        !fisc_balances_load(tx, 1, drilling->nation, to, NULL, NULL, &drilling->balances, &error)) {
        g_error("%s", error->message);
    }
    for (guint i = 0; i < drilling->balances->codings->len; i++) {
        const FiscCoding *coding = drilling->balances->codings->pdata[i];
        int32_t id = coding->coding_id;
        g_array_append_val(ids, id);
    }
    if (!fisc_coding_lines_stream(tx, 1, ids, 0, to, &now, keep_line, drilling, &error)) {
        g_error("%s", error->message);
    }
    return drilling;
}

void
drilling_free(Drilling *drilling)
{
    fisc_balances_free(drilling->balances);
    fisc_nation_free(drilling->nation);
    g_array_unref(drilling->lines);
    g_string_chunk_free(drilling->chunk);
    g_ptr_array_unref(drilling->digests);
    g_free(drilling);
}

static FiscTable *
table_of(const Drilling *drilling, const FiscDrill *drill, FiscDrillLevel level,
         FiscDrillOriginFind find, gpointer data)
{
    g_autoptr(FiscDrillTable) drilled = fisc_drill_table_new(drill, level, 0, find, data);
    g_autoptr(GArray) ids = NULL;
    g_autoptr(GError) error = NULL;
    FiscTable *table = NULL;
    FiscPeriod from, to;
    bool wants = fisc_drill_wants_lines(drill, level, &ids, &from, &to);
    for (guint i = 0; wants && i < drilling->lines->len; i++) {
        const FiscCodingLine *line = &g_array_index(drilling->lines, FiscCodingLine, i);
        if (line->period >= from && line->period <= to) {
            fisc_drill_table_add(drilled, line);
        }
    }
    if (!fisc_drill_table_take(drilled, &table, &error)) {
        g_error("%s", error->message);
    }
    return table;
}

static FiscDrill *
drill_of(const FiscStatementQuery *query, const char *statement, const char *code)
{
    FiscDrill *drill = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_drill_statement(query, statement, code, &drill, &error)) {
        g_error("%s %s of %s: %s", statement, code, query->unit, error->message);
    }
    return drill;
}

FiscTable *
drilling_table(const Drilling *drilling, const FiscStatementQuery *query, const char *statement,
               const char *code, FiscDrillLevel level, FiscDrillOriginFind find, gpointer data)
{
    g_autoptr(FiscDrill) drill = drill_of(query, statement, code);
    return table_of(drilling, drill, level, find, data);
}

__int128
drilling_total(const FiscTable *table)
{
    int column = fisc_table_column(table, "counted");
    __int128 total = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        total += ((const FiscRow *)table->rows->pdata[i])->cells[column].number;
    }
    return total;
}

static void
expect_figure(const Drilling *drilling, const FiscStatementQuery *query, const FiscCell *cell)
{
    g_auto(FiscCellKey) key = {NULL};
    CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(cell->drill, &key, NULL));
    g_autoptr(FiscDrill) drill = drill_of(query, key.part, key.row);
    for (int level = 0; level < FISC_DRILL_LEVEL_COUNT; level++) {
        g_autoptr(FiscTable) table = table_of(drilling, drill, (FiscDrillLevel)level, NULL, NULL);
        fisc_assert_int((long long)drilling_total(table), (long long)cell->number, cell->drill,
                        __FILE__, __LINE__);
    }
}

guint
drilling_expect_all(const Drilling *drilling, const FiscStatementQuery *query,
                    const FiscTable *table)
{
    guint figures = 0, every = fisc_test_is_brief() ? 7 : 1;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (guint column = 0; column < table->columns->len; column++) {
            if (row->cells[column].drill != NULL && figures++ % every == 0) {
                expect_figure(drilling, query, &row->cells[column]);
            }
        }
    }
    return figures;
}
