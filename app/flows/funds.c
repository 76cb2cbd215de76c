/* funds.c: where the money of a key stands, right now. */
#include "app/flows/internal.h"

/* X(NAME, column, kind) in the order of the table. */
#define COLUMNS(X)                                                                                 \
    X(CONTROL, "control", FISC_COLUMN_TEXT)                                                        \
    X(LEVEL, "level", FISC_COLUMN_TEXT)                                                            \
    X(KEY, "key", FISC_COLUMN_TEXT)                                                                \
    X(BUDGET, "budget", FISC_COLUMN_AMOUNT)                                                        \
    X(RELEASED, "released", FISC_COLUMN_AMOUNT)                                                    \
    X(RESERVED, "reserved", FISC_COLUMN_AMOUNT)                                                    \
    X(COMMITTED, "committed", FISC_COLUMN_AMOUNT)                                                  \
    X(ACCRUED, "accrued", FISC_COLUMN_AMOUNT)                                                      \
    X(PAID, "paid", FISC_COLUMN_AMOUNT)                                                            \
    X(AVAILABLE, "available", FISC_COLUMN_AMOUNT)                                                  \
    X(CEILING, "ceiling", FISC_COLUMN_AMOUNT)                                                      \
    X(USED, "used_percent", FISC_COLUMN_AMOUNT)

typedef enum {
#define X(name, column, kind) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} Column;

/* What the answer as a whole has to show. */
typedef struct {
    bool has_releases;
    bool has_tolerance;
} Shape;

static Shape
shape_of(const GPtrArray *funds)
{
    Shape shape = {false, false};
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        shape.has_releases |= item->stage[FISC_STAGE_RELEASE] != 0;
        shape.has_tolerance |= item->ceiling != item->limit;
    }
    return shape;
}

static FiscTable *
table_new(const Shape *shape, int decimals)
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[COLUMN_COUNT] = {
#define X(name, column, kind) {column, kind},
        COLUMNS(X)
#undef X
    };
    FiscTable *table = fisc_table_new("funds", "Funds available", decimals);
    for (int i = 0; i < (shape->has_tolerance ? COLUMN_COUNT : COLUMN_CEILING); i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    return table;
}

/* In hundredths of a percent, which two decimals show. */
static void
set_used(FiscTable *table, FiscRow *row, const FiscFunds *item)
{
    if (item->limit > 0) {
        fisc_table_set_amount(table, row, COLUMN_USED,
                              (__int128)item->consumed * 10000 / item->limit);
    }
}

static void
add_row(FiscTable *table, const FiscFunds *item, const Shape *shape)
{
    int64_t released = shape->has_releases ? item->stage[FISC_STAGE_RELEASE] : item->limit;
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, COLUMN_CONTROL, item->control);
    fisc_table_set_text(table, row, COLUMN_LEVEL, item->level);
    fisc_table_set_text(table, row, COLUMN_KEY, item->key);
    fisc_table_set_amount(table, row, COLUMN_BUDGET, item->limit);
    fisc_table_set_amount(table, row, COLUMN_RELEASED, released);
    fisc_table_set_amount(table, row, COLUMN_RESERVED, item->stage[FISC_STAGE_AUTHORIZATION]);
    fisc_table_set_amount(table, row, COLUMN_COMMITTED, item->stage[FISC_STAGE_COMMITMENT]);
    fisc_table_set_amount(table, row, COLUMN_ACCRUED, item->stage[FISC_STAGE_OBLIGATION]);
    fisc_table_set_amount(table, row, COLUMN_PAID, item->stage[FISC_STAGE_PAYMENT]);
    fisc_table_set_amount(table, row, COLUMN_AVAILABLE, item->available);
    if (shape->has_tolerance) {
        fisc_table_set_amount(table, row, COLUMN_CEILING, item->ceiling);
        set_used(table, row, item);
    }
}

static FiscTable *
build_table(GPtrArray *funds, int decimals)
{
    Shape shape = shape_of(funds);
    FiscTable *table = table_new(&shape, decimals);
    for (guint i = 0; i < funds->len; i++) {
        add_row(table, funds->pdata[i], &shape);
    }
    fisc_table_add_note(table,
                        "Each amount stands in the stage it has reached: budget = reserved + "
                        "committed + accrued + paid + available.");
    if (!shape.has_releases) {
        fisc_table_add_note(table,
                            "No release is on record: all of the budget counts as released.");
    }
    if (shape.has_tolerance) {
        fisc_table_add_note(table, "Between budget and ceiling entries are tolerated, with a "
                                   "warning.");
    }
    return table;
}

bool
fisc_flow_funds(FiscContext *ctx, const char *entity, int year,
                const char *const dim[FISC_DIM_COUNT], FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(GPtrArray) funds = NULL;
    if (!fisc_poster_open(ctx->pool, ctx->book_id, &poster, error) ||
        !fisc_poster_funds(poster, entity, year, dim, &funds, error)) {
        return false;
    }
    if (funds->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no budget of %s in %d matches", entity,
                         year);
    }
    *out_table = build_table(funds, 2);
    return true;
}
