/* funds.c: where the money of a key stands, right now. */
#include "app/flows/internal.h"
#include "fisc/money.h"

/* X(NAME, column, kind) in the order of the table; which of them it has, is_shown() says. */
#define COLUMNS(X)                                                                                 \
    X(CONTROL, "control", FISC_COLUMN_TEXT)                                                        \
    X(LEVEL, "level", FISC_COLUMN_TEXT)                                                            \
    X(KEY, "key", FISC_COLUMN_TEXT)                                                                \
    X(BUDGET, "budget", FISC_COLUMN_AMOUNT)                                                        \
    X(RELEASED, "released", FISC_COLUMN_AMOUNT)                                                    \
    X(BLOCKED, "blocked", FISC_COLUMN_AMOUNT)                                                      \
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
    bool has_blocks;
} Shape;

static Shape
shape_of(const GPtrArray *funds)
{
    Shape shape = {false, false, false};
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        shape.has_releases |= item->stage[FISC_STAGE_RELEASE] != 0;
        shape.has_tolerance |= item->ceiling != item->limit;
        shape.has_blocks |= item->stage[FISC_STAGE_BLOCK] != 0;
    }
    return shape;
}

static bool
is_shown(const Shape *shape, int column)
{
    return column == COLUMN_BLOCKED   ? shape->has_blocks
           : column >= COLUMN_CEILING ? shape->has_tolerance
                                      : true;
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
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (is_shown(shape, i)) {
            fisc_table_add_column(table, columns[i].name, columns[i].kind);
        }
    }
    return table;
}

/* In hundredths of a percent, which two decimals show. */
static __int128
used_of(const FiscFunds *item)
{
    return item->limit > 0 ? (__int128)item->consumed * 10000 / item->limit : 0;
}

static void
add_row(FiscTable *table, const FiscFunds *item, const Shape *shape)
{
    const char *texts[] = {item->control, item->level, item->key};
    __int128 amounts[COLUMN_COUNT] = {
        [COLUMN_BUDGET] = item->limit,
        [COLUMN_RELEASED] = shape->has_releases ? item->stage[FISC_STAGE_RELEASE] : item->limit,
        [COLUMN_BLOCKED] = item->stage[FISC_STAGE_BLOCK],
        [COLUMN_RESERVED] = item->stage[FISC_STAGE_AUTHORIZATION],
        [COLUMN_COMMITTED] = item->stage[FISC_STAGE_COMMITMENT],
        [COLUMN_ACCRUED] = item->stage[FISC_STAGE_OBLIGATION],
        [COLUMN_PAID] = item->stage[FISC_STAGE_PAYMENT],
        [COLUMN_AVAILABLE] = item->available,
        [COLUMN_CEILING] = item->ceiling,
        [COLUMN_USED] = used_of(item),
    };
    FiscRow *row = fisc_table_add_row(table);
    int at = 0;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool has_value = i != COLUMN_USED || item->limit > 0;
        if (!is_shown(shape, i)) {
            continue;
        }
        if (i <= COLUMN_KEY) {
            fisc_table_set_text(table, row, at, texts[i]);
        } else if (has_value) {
            fisc_table_set_amount(table, row, at, amounts[i]);
        }
        at++;
    }
}

/* What the budget of a key has grown by is part of it: the reader sees how much, and by which
 * article. */
static void
add_growth_note(FiscTable *table, const FiscFunds *item, int decimals)
{
    char amount[FISC_AMOUNT_TEXT];
    if (item->growth != NULL) {
        fisc_table_add_note(table, "The budget of \"%s\" includes %s by growth %s.", item->key,
                            fisc_amount_format_grouped(item->grown, decimals, amount),
                            item->growth);
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
    fisc_table_add_note(table, "%s",
                        shape.has_blocks
                            ? "Each amount stands in the stage it has reached: budget = blocked + "
                              "reserved + committed + accrued + paid + available."
                            : "Each amount stands in the stage it has reached: budget = reserved + "
                              "committed + accrued + paid + available.");
    if (!shape.has_releases) {
        fisc_table_add_note(table,
                            "No release is on record: all of the budget counts as released.");
    }
    if (shape.has_tolerance) {
        fisc_table_add_note(table, "Between budget and ceiling entries are tolerated, with a "
                                   "warning.");
    }
    for (guint i = 0; i < funds->len; i++) {
        add_growth_note(table, funds->pdata[i], decimals);
    }
    return table;
}

bool
fisc_flow_funds(FiscContext *ctx, const char *entity, int year,
                const char *const dim[FISC_DIM_COUNT], FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(GPtrArray) funds = NULL;
    if (!fisc_flow_open_poster(ctx, &poster, error) ||
        !fisc_poster_funds(poster, entity, year, dim, &funds, error)) {
        return false;
    }
    fisc_flow_keep_funds(ctx, funds);
    if (funds->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no budget of %s in %d matches", entity,
                         year);
    }
    *out_table = build_table(funds, 2);
    return true;
}
