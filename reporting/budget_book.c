/* budget_book.c: the budget by any words of its lines: voted, revised, executed.
 *
 * Stages come from the balances, the parts of the changes from the entries; both must say the same
 * of every cell. What a cell is made of is unfolded in budget_book_detail.c. */
#include "fisc/budget_book.h"
#include "fisc/money.h"
#include "reporting/budget_part.h"
#include "reporting/stages.h"
#include <string.h>

#define YEARS_MAX 10
#define PERCENT_PARTS 10000 /* executed is shown in hundredths of a percent */

/* One cell of the book. */
typedef struct {
    char **words;
    __int128 stage[FISC_STAGE_COUNT]; /* debits positive */
    __int128 part[FISC_BUDGET_PART_COUNT];
    __int128 original[YEARS_MAX], revised[YEARS_MAX]; /* of earlier years, the nearest first */
    __int128 plan[FISC_PLAN_YEARS_MAX];               /* of later years: 1 is the next one */
    bool is_moved;
} Cell;

typedef struct {
    const FiscBookQuery *query;
    const FiscPerimeter *perimeter;
    FiscStageKeys keys;
    FiscStageWhere where;
    GPtrArray *cells;  /* of Cell; owned */
    GHashTable *index; /* joined words -> Cell */
} Book;

static void
cell_free(void *pointer)
{
    Cell *cell = pointer;
    g_strfreev(cell->words);
    g_free(cell);
}

static void
book_clear(Book *book)
{
    fisc_stage_keys_clear(&book->keys);
    fisc_stage_where_clear(&book->where);
    g_clear_pointer(&book->cells, g_ptr_array_unref);
    g_clear_pointer(&book->index, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Book, book_clear)

/* The cell of some words, which are copied. NULL when the words are not those asked for. */
static Cell *
cell_of(Book *book, char **words)
{
    if (!fisc_stage_keys_want(&book->keys, words)) {
        return NULL;
    }
    g_autofree char *joined = g_strjoinv("\x1f", words);
    Cell *cell = g_hash_table_lookup(book->index, joined);
    if (cell == NULL) {
        cell = g_new0(Cell, 1);
        cell->words = g_strdupv(words);
        g_ptr_array_add(book->cells, cell);
        g_hash_table_insert(book->index, g_steal_pointer(&joined), cell);
    }
    return cell;
}

static Cell *
cell_of_coding(Book *book, const FiscCoding *coding)
{
    g_auto(GStrv) words = fisc_stage_key_words(book->keys.keys, book->keys.count, coding);
    return cell_of(book, words);
}

/* Filling -------------------------------------------------------------------------------------- */

/* The stages that one side of the budget consists of. */
static bool
is_of_side(FiscStage stage, bool revenue)
{
    switch (stage) {
    case FISC_STAGE_ESTIMATE:
    case FISC_STAGE_ESTIMATE_CHANGE:
    case FISC_STAGE_OUTSTANDING:
    case FISC_STAGE_RECOGNITION:
    case FISC_STAGE_COLLECTION:
        return revenue;
    case FISC_STAGE_APPROPRIATION:
    case FISC_STAGE_CHANGE:
    case FISC_STAGE_CARRY:
    case FISC_STAGE_AVAILABLE:
    case FISC_STAGE_AUTHORIZATION:
    case FISC_STAGE_COMMITMENT:
    case FISC_STAGE_OBLIGATION:
    case FISC_STAGE_PAYMENT:
    case FISC_STAGE_BLOCK:
    case FISC_STAGE_RELEASE:
        return !revenue;
    default:
        return false;
    }
}

static bool
is_moved_on(const FiscStageSum *sum, bool revenue)
{
    for (int stage = 0; stage < FISC_STAGE_COUNT; stage++) {
        if (sum->is_moved[stage] && is_of_side(stage, revenue)) {
            return true;
        }
    }
    return false;
}

static __int128
original_of(const __int128 *stage, bool revenue)
{
    return stage[revenue ? FISC_STAGE_ESTIMATE : FISC_STAGE_APPROPRIATION];
}

static __int128
revised_of(const __int128 *stage, bool revenue)
{
    return revenue ? stage[FISC_STAGE_ESTIMATE] + stage[FISC_STAGE_ESTIMATE_CHANGE]
                   : stage[FISC_STAGE_APPROPRIATION] + stage[FISC_STAGE_CHANGE] +
                         stage[FISC_STAGE_CARRY];
}

static void
add_year(Book *book, int years_ago)
{
    const FiscBookQuery *query = book->query;
    g_autoptr(GPtrArray) sums =
        fisc_stages_sum_where(book->perimeter, query->balances, query->year - years_ago,
                              book->keys.keys, book->keys.count, &book->where);
    for (guint i = 0; i < sums->len; i++) {
        const FiscStageSum *sum = g_ptr_array_index(sums, i);
        Cell *cell = is_moved_on(sum, query->revenue) ? cell_of(book, sum->words) : NULL;
        if (cell == NULL) {
            continue;
        }
        cell->is_moved = true;
        if (years_ago == 0) {
            memcpy(cell->stage, sum->balance, sizeof cell->stage);
        } else {
            cell->original[years_ago - 1] = original_of(sum->balance, query->revenue);
            cell->revised[years_ago - 1] = revised_of(sum->balance, query->revenue);
        }
    }
}

static void
add_parts(Book *book)
{
    const FiscPostedLines *lines = book->query->lines;
    g_autoptr(GArray) parts = fisc_budget_parts_of(lines, book->query->revenue);
    for (guint i = 0; i < lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        int part = g_array_index(parts, int, i);
        if (part < 0 || fisc_period_year(line->period) != book->query->year ||
            !fisc_perimeter_has(book->perimeter, line->coding.entity) ||
            !fisc_stage_where_has(&book->where, &line->coding)) {
            continue;
        }
        Cell *cell = cell_of_coding(book, &line->coding);
        if (cell != NULL) {
            cell->part[part] += line->amount;
        }
    }
}

/* What the version that is law plans for the years behind this one. */
static void
add_plan(Book *book)
{
    const FiscPlanLines *plan = book->query->plan;
    for (guint i = 0; plan != NULL && i < plan->lines->len; i++) {
        const FiscPlanLine *line = g_ptr_array_index(plan->lines, i);
        FiscCoding coding = {.entity = line->entity};
        memcpy(coding.dim, line->dim, sizeof coding.dim);
        if ((line->side == FISC_SIDE_REVENUE) != book->query->revenue ||
            !fisc_perimeter_has(book->perimeter, line->entity) ||
            !fisc_stage_where_has(&book->where, &coding)) {
            continue;
        }
        Cell *cell = cell_of_coding(book, &coding);
        for (int year = 1; cell != NULL && year < plan->frame.years; year++) {
            cell->plan[year] += fisc_plan_line_amount(line, year);
            cell->is_moved = true;
        }
    }
}

/* Entries and balances are two records of one thing: they must not disagree. */
static bool
check_cell(const Book *book, const Cell *cell, GError **error)
{
    const __int128 *stage = cell->stage;
    const __int128 *part = cell->part;
    bool revenue = book->query->revenue;
    __int128 changes = part[FISC_BUDGET_PART_SUPPLEMENT] + part[FISC_BUDGET_PART_VIREMENT_IN] +
                       part[FISC_BUDGET_PART_VIREMENT_OUT];
    FiscStage change = revenue ? FISC_STAGE_ESTIMATE_CHANGE : FISC_STAGE_CHANGE;
    if (part[FISC_BUDGET_PART_ORIGINAL] == original_of(stage, revenue) &&
        changes == stage[change] &&
        (revenue || part[FISC_BUDGET_PART_CARRY] == stage[FISC_STAGE_CARRY])) {
        return true;
    }
    g_autofree char *words = g_strjoinv(" ", cell->words);
    return fisc_fail(error, FISC_ERROR_TAMPERED,
                     "the entries of \"%s\" in %d do not sum to its balances: fisc verify tells "
                     "which row",
                     words, book->query->year);
}

static bool
fill(Book *book, GError **error)
{
    book->cells = g_ptr_array_new_with_free_func(cell_free);
    book->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int ago = 0; ago <= book->query->earlier_years; ago++) {
        add_year(book, ago);
    }
    add_parts(book);
    add_plan(book);
    for (guint i = 0; i < book->cells->len; i++) {
        if (!check_cell(book, g_ptr_array_index(book->cells, i), error)) {
            return false;
        }
    }
    return true;
}

/* Columns -------------------------------------------------------------------------------------- */

typedef __int128 (*CellAmount)(const Cell *cell);

/* X(name of the column, its amount) */
#define SPENDING_COLUMNS(X)                                                                        \
    X(original, cell->part[FISC_BUDGET_PART_ORIGINAL])                                             \
    X(supplements, cell->part[FISC_BUDGET_PART_SUPPLEMENT])                                        \
    X(virements_in, cell->part[FISC_BUDGET_PART_VIREMENT_IN])                                      \
    X(virements_out, -cell->part[FISC_BUDGET_PART_VIREMENT_OUT])                                   \
    X(carried_in, cell->part[FISC_BUDGET_PART_CARRY])                                              \
    X(revised, revised_of(cell->stage, false))                                                     \
    X(blocked, -cell->stage[FISC_STAGE_BLOCK])                                                     \
    X(released, cell->stage[FISC_STAGE_RELEASE])                                                   \
    X(reserved, -cell->stage[FISC_STAGE_AUTHORIZATION])                                            \
    X(committed, -cell->stage[FISC_STAGE_COMMITMENT])                                              \
    X(accrued, -cell->stage[FISC_STAGE_OBLIGATION])                                                \
    X(paid, -cell->stage[FISC_STAGE_PAYMENT])                                                      \
    X(available, -cell->stage[FISC_STAGE_AVAILABLE])

#define REVENUE_COLUMNS(X)                                                                         \
    X(original, cell->part[FISC_BUDGET_PART_ORIGINAL])                                             \
    X(supplements, cell->part[FISC_BUDGET_PART_SUPPLEMENT])                                        \
    X(revised, revised_of(cell->stage, true))                                                      \
    X(recognized, -cell->stage[FISC_STAGE_RECOGNITION])                                            \
    X(collected, -cell->stage[FISC_STAGE_COLLECTION])                                              \
    X(outstanding, -cell->stage[FISC_STAGE_OUTSTANDING])

#define X(name, amount)                                                                            \
    static __int128 spending_##name(const Cell *cell)                                              \
    {                                                                                              \
        return amount;                                                                             \
    }
SPENDING_COLUMNS(X)
#undef X
#define X(name, amount)                                                                            \
    static __int128 revenue_##name(const Cell *cell)                                               \
    {                                                                                              \
        return amount;                                                                             \
    }
REVENUE_COLUMNS(X)
#undef X

typedef struct {
    const char *name;
    CellAmount amount;
} Column;

static const Column spending_columns[] = {
#define X(name, amount) {#name, spending_##name},
    SPENDING_COLUMNS(X)
#undef X
        {NULL, NULL},
};

static const Column revenue_columns[] = {
#define X(name, amount) {#name, revenue_##name},
    REVENUE_COLUMNS(X)
#undef X
        {NULL, NULL},
};

static const Column *
columns_of(const Book *book)
{
    return book->query->revenue ? revenue_columns : spending_columns;
}

/* Of spending what was accrued or paid, of revenue what was recognized or collected. */
static __int128
executed_of(const Cell *cell, bool revenue)
{
    return revenue ? revenue_recognized(cell) + revenue_collected(cell)
                   : spending_accrued(cell) + spending_paid(cell);
}

/* "83.12", half away from zero; NULL where there is no budget to compare with. */
static char *
percent_text(__int128 part, __int128 whole)
{
    char text[FISC_SUM_TEXT];
    if (whole == 0) {
        return NULL;
    }
    bool is_negative = (part < 0) != (whole < 0);
    __int128 above = part < 0 ? -part : part;
    __int128 below = whole < 0 ? -whole : whole;
    __int128 parts = (above * PERCENT_PARTS * 2 + below) / (below * 2);
    return g_strdup(fisc_sum_format(is_negative ? -parts : parts, 2, text));
}

/* Listing -------------------------------------------------------------------------------------- */

static int
compare_cells(const void *a, const void *b)
{
    const Cell *left = *(const Cell *const *)a;
    const Cell *right = *(const Cell *const *)b;
    int order = 0;
    for (guint i = 0; order == 0 && left->words[i] != NULL; i++) {
        order = strcmp(left->words[i], right->words[i]);
    }
    return order;
}

static void
add_year_column(FiscTable *table, const char *what, int year)
{
    g_autofree char *name = g_strdup_printf("%s_%d", what, year);
    fisc_table_add_column(table, name, FISC_COLUMN_AMOUNT);
}

static int
plan_years(const Book *book)
{
    return book->query->plan != NULL ? book->query->plan->frame.years : 1;
}

static FiscTable *
new_table(const Book *book)
{
    const FiscBookQuery *query = book->query;
    const FiscPerimeter *perimeter = book->perimeter;
    g_autofree char *title =
        g_strdup_printf("Budget book%s, %s %s, %d", query->revenue ? ", revenue" : "",
                        perimeter->unit, perimeter->name, query->year);
    FiscTable *table = fisc_table_new("budget-book", title, perimeter->decimals);
    for (guint i = 0; i < book->keys.count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&book->keys.keys[i]), FISC_COLUMN_TEXT);
    }
    for (const Column *column = columns_of(book); column->name != NULL; column++) {
        fisc_table_add_column(table, column->name, FISC_COLUMN_AMOUNT);
    }
    fisc_table_add_column(table, "executed_percent", FISC_COLUMN_TEXT);
    for (int ago = query->earlier_years; ago > 0; ago--) {
        add_year_column(table, "original", query->year - ago);
        add_year_column(table, "revised", query->year - ago);
    }
    for (int year = 1; year < plan_years(book); year++) {
        add_year_column(table, "plan", query->year + year);
    }
    return table;
}

static void
list_cell(FiscTable *table, const Book *book, const Cell *cell)
{
    FiscRow *row = fisc_table_add_row(table);
    int at = 0;
    for (guint i = 0; i < book->keys.count; i++) {
        fisc_table_set_text(table, row, at++, cell->words[i]);
    }
    for (const Column *column = columns_of(book); column->name != NULL; column++) {
        fisc_table_set_amount(table, row, at++, column->amount(cell));
    }
    bool revenue = book->query->revenue;
    g_autofree char *percent =
        percent_text(executed_of(cell, revenue), revised_of(cell->stage, revenue));
    fisc_table_set_text(table, row, at++, percent);
    for (int ago = book->query->earlier_years; ago > 0; ago--) {
        fisc_table_set_amount(table, row, at++, cell->original[ago - 1]);
        fisc_table_set_amount(table, row, at++, cell->revised[ago - 1]);
    }
    for (int year = 1; year < plan_years(book); year++) {
        fisc_table_set_amount(table, row, at++, cell->plan[year]);
    }
}

static void
note_total(FiscTable *table, const Book *book)
{
    __int128 original = 0, revised = 0, executed = 0;
    bool revenue = book->query->revenue;
    char first[FISC_SUM_TEXT], second[FISC_SUM_TEXT], third[FISC_SUM_TEXT];
    for (guint i = 0; i < book->cells->len; i++) {
        const Cell *cell = g_ptr_array_index(book->cells, i);
        original += original_of(cell->stage, revenue);
        revised += revised_of(cell->stage, revenue);
        executed += executed_of(cell, revenue);
    }
    g_autofree char *percent = percent_text(executed, revised);
    fisc_table_add_note(table, "In all: original %s, revised %s, executed %s%s%s%s.",
                        fisc_sum_format_grouped(original, table->decimals, first),
                        fisc_sum_format_grouped(revised, table->decimals, second),
                        fisc_sum_format_grouped(executed, table->decimals, third),
                        percent != NULL ? " (" : "", percent != NULL ? percent : "",
                        percent != NULL ? " %)" : "");
}

/* What the source of the budget leaves open between its own figures is shown, never mended. */
static void
note_differences(FiscTable *table, const FiscPerimeter *perimeter)
{
    for (guint i = 0; i < perimeter->nation->notes->len; i++) {
        const FiscNote *note = g_ptr_array_index(perimeter->nation->notes, i);
        if (g_str_equal(note->statement, "BOOK") &&
            (g_str_equal(note->unit, perimeter->unit) ||
             fisc_perimeter_is_inside(perimeter, note->unit))) {
            fisc_table_add_note(table, "The source differs from itself, %s: %s", note->unit,
                                note->text);
        }
    }
}

bool
fisc_budget_book_build(const FiscBookQuery *query, FiscTable **out_table, GError **error)
{
    g_auto(Book) book = {.query = query};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (query->earlier_years < 0 || query->earlier_years > YEARS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a book shows at most %d earlier years",
                         YEARS_MAX);
    }
    if (!fisc_stage_keys_read(query->by, &book.keys, error) ||
        !fisc_stage_where_read(query->nation, query->where, &book.where, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    book.perimeter = perimeter;
    if (!fill(&book, error)) {
        return false;
    }
    g_ptr_array_sort(book.cells, compare_cells);
    g_autoptr(FiscTable) table = new_table(&book);
    for (guint i = 0; i < book.cells->len; i++) {
        const Cell *cell = g_ptr_array_index(book.cells, i);
        if (cell->is_moved) {
            list_cell(table, &book, cell);
        }
    }
    note_total(table, &book);
    note_differences(table, perimeter);
    *out_table = g_steal_pointer(&table);
    return true;
}
