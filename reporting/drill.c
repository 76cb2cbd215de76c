/* drill.c: which codings a figure adds up, and how often each of them counts.
 *
 * Nothing is worked out a second time: a listener hears every amount that figures.c adds to a
 * source, the layout's formula says with which sign it gets into the row, and what was heard must
 * add up to the figure. Figures that are no statement's say themselves what counts
 * (drill_plain.c); rows and lines of tables are drill_table.c's. */
#include "reporting/drill.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include "reporting/figure_sums.h"
#include "reporting/layout.h"
#include "reporting/period_label.h"
#include <string.h>

/* Which turnover of a coding a source takes up. */
typedef enum { TAKES_DURING, TAKES_BEFORE, TAKES_ALL, TAKES_DEBITS, TAKES_CREDITS } Takes;

/* No bridge counts a line more often. */
#define TIMES_MAX 2

/* A figure that the formula takes up. */
typedef struct {
    int sign; /* with the side that the code is printed on */
    FiscSource source;
    const char *code;
} Summand;

typedef struct {
    const FiscStatementQuery *query;
    FiscDrill *drill;
    GArray *summands;   /* of Summand */
    GHashTable *places; /* coding -> place in drill->parts, and 1 */
    GHashTable *sums;   /* coding -> FiscDrillSums */
} Drilling;

FiscDrill *
fisc_drill_new(FiscPeriod from, FiscPeriod to, int decimals)
{
    FiscDrill *drill = g_new0(FiscDrill, 1);
    drill->from = from;
    drill->to = to;
    drill->decimals = decimals;
    drill->parts = g_array_new(FALSE, TRUE, sizeof(FiscDrillPart));
    drill->places = g_hash_table_new(NULL, NULL);
    return drill;
}

void
fisc_drill_free(FiscDrill *drill)
{
    if (drill != NULL) {
        g_free(drill->name);
        g_free(drill->formula);
        g_array_unref(drill->parts);
        g_hash_table_unref(drill->places);
        g_free(drill);
    }
}

bool
fisc_drill_level_find(const char *word, FiscDrillLevel *out_level, GError **error)
{
    static const char *const words[] = {
#define X(name, word, meaning) word,
        FISC_DRILL_LEVELS(X)
#undef X
    };
    g_autoptr(GString) known = g_string_new(NULL);
    for (int i = 0; i < FISC_DRILL_LEVEL_COUNT; i++) {
        if (word == NULL || strcmp(words[i], word) == 0) {
            *out_level = (FiscDrillLevel)i;
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", words[i]);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "--to is one of %s, not \"%s\"", known->str, word);
}

/* Sums ------------------------------------------------------------------------------------------
 */

static bool
has_members(const FiscPerimeter *perimeter, const FiscBalance *row, FiscPeriod to)
{
    return row->period <= to && fisc_perimeter_has(perimeter, row->coding->entity);
}

GHashTable *
fisc_drill_sums(const FiscBalances *balances, const FiscPerimeter *perimeter, FiscPeriod from,
                FiscPeriod to)
{
    GHashTable *sums = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (!has_members(perimeter, row, to)) {
            continue;
        }
        FiscDrillSums *sum = g_hash_table_lookup(sums, row->coding);
        if (sum == NULL) {
            sum = g_new0(FiscDrillSums, 1);
            g_hash_table_insert(sums, (void *)row->coding, sum);
        }
        if (row->period < from) {
            sum->before += (__int128)row->debit - row->credit;
        } else {
            sum->debit += row->debit;
            sum->credit += row->credit;
        }
    }
    return sums;
}

/* Listening --------------------------------------------------------------------------------------
 */

/* What an opening posting brings was there before the period. */
static bool
takes_of(FiscSource source, const FiscCoding *coding, Takes *out_takes)
{
    bool is_opening = coding->flow == FISC_FLOW_OPENING;
    switch (source) {
    case FISC_SOURCE_FLOW:
    case FISC_SOURCE_DOMESTIC:
    case FISC_SOURCE_EXTERNAL:
    case FISC_SOURCE_COUNTERPART:
    case FISC_SOURCE_CASH:
    case FISC_SOURCE_CASH_DOMESTIC:
    case FISC_SOURCE_CASH_EXTERNAL:
    case FISC_SOURCE_FUNCTION:
        *out_takes = TAKES_DURING;
        return true;
    case FISC_SOURCE_OPEN:
    case FISC_SOURCE_ACCOUNT_OPEN:
        *out_takes = is_opening ? TAKES_ALL : TAKES_BEFORE;
        return true;
    case FISC_SOURCE_CLOSE:
    case FISC_SOURCE_CLOSE_DOMESTIC:
    case FISC_SOURCE_CLOSE_EXTERNAL:
    case FISC_SOURCE_COUNTERPART_CLOSE:
    case FISC_SOURCE_ACCOUNT_CLOSE:
        *out_takes = TAKES_ALL;
        return true;
    case FISC_SOURCE_ACCOUNT_DEBIT:
        *out_takes = TAKES_DEBITS;
        return true;
    case FISC_SOURCE_ACCOUNT_CREDIT:
        *out_takes = TAKES_CREDITS;
        return true;
    default:
        return false; /* a source that nobody has taught this file: its amounts are made */
    }
}

/* As a sum of lines, debits positive. */
static __int128
taken_sum(Takes takes, const FiscDrillSums *sums)
{
    switch (takes) {
    case TAKES_DURING:
        return sums->debit - sums->credit;
    case TAKES_BEFORE:
        return sums->before;
    case TAKES_ALL:
        return sums->before + sums->debit - sums->credit;
    case TAKES_DEBITS:
        return sums->debit;
    case TAKES_CREDITS:
        return -sums->credit;
    }
    g_assert_not_reached();
}

static void
weigh(FiscDrillPart *part, Takes takes, int times)
{
    part->before += takes == TAKES_BEFORE || takes == TAKES_ALL ? times : 0;
    part->debit += takes != TAKES_BEFORE && takes != TAKES_CREDITS ? times : 0;
    part->credit += takes != TAKES_BEFORE && takes != TAKES_DEBITS ? times : 0;
}

/* The bridge to another standard may count a coding with another sign, or twice: what was heard
 * tells. What is no multiple of the lines was made by the report. */
static void
take_up(Drilling *drilling, const FiscCoding *coding, FiscSource source, __int128 amount)
{
    FiscDrillPart *part = fisc_drill_part(drilling->drill, drilling->places, coding);
    const FiscDrillSums *sums = g_hash_table_lookup(drilling->sums, coding);
    Takes takes;
    part->counted += amount;
    if (sums == NULL || !takes_of(source, coding, &takes)) {
        return;
    }
    __int128 sum = taken_sum(takes, sums);
    __int128 times = sum != 0 && amount % sum == 0 ? amount / sum : 0;
    if (times >= -TIMES_MAX && times <= TIMES_MAX) {
        weigh(part, takes, (int)times);
    }
}

/* figures.c adds "3111.1" to 3111, 311, 31, 3 and, as an acquisition, to 3111.1 ... 3.1. */
static bool
is_above(const char *above, const char *code)
{
    gsize digits = (gsize)(strchrnul(above, '.') - above);
    const char *suffix = strchrnul(code, '.');
    return digits <= (gsize)(suffix - code) && strncmp(above, code, digits) == 0 &&
           (above[digits] == '\0' || strcmp(above + digits, suffix) == 0);
}

static void
hear(const FiscCoding *coding, FiscSource source, const char *code, __int128 amount, gpointer data)
{
    Drilling *drilling = data;
    for (guint i = 0; i < drilling->summands->len; i++) {
        const Summand *summand = &g_array_index(drilling->summands, Summand, i);
        if (summand->source == source && is_above(summand->code, code)) {
            take_up(drilling, coding, source, amount * summand->sign);
        }
    }
}

FiscDrillPart *
fisc_drill_part(FiscDrill *drill, GHashTable *places, const FiscCoding *coding)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, coding));
    if (place == 0) {
        FiscDrillPart part = {.coding = coding};
        g_array_append_val(drill->parts, part);
        place = drill->parts->len;
        g_hash_table_insert(places, (void *)coding, GUINT_TO_POINTER(place));
    }
    return &g_array_index(drill->parts, FiscDrillPart, place - 1);
}

__int128
fisc_drill_weighed(const FiscDrillPart *part, const FiscDrillSums *sums)
{
    return part->before * sums->before + part->debit * sums->debit - part->credit * sums->credit;
}

static bool
is_idle(const FiscDrillPart *part)
{
    return part->counted == 0 && part->before == 0 && part->debit == 0 && part->credit == 0;
}

gpointer
fisc_drill_place_key(int coding_id, FiscPeriod period)
{
    G_STATIC_ASSERT(sizeof(gpointer) >= sizeof(int64_t));
    return GSIZE_TO_POINTER(((gsize)coding_id << 24) | (gsize)period);
}

/* A coding may be another unit's or another counterparty's from some month on: then its lines are
 * told to its parts by month. */
static void
place_lines(FiscDrill *drill, const FiscBalances *balances)
{
    g_autoptr(GHashTable) by_coding = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < drill->parts->len; i++) {
        const FiscDrillPart *part = &g_array_index(drill->parts, FiscDrillPart, i);
        g_hash_table_insert(by_coding, (void *)part->coding, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        gpointer place = g_hash_table_lookup(by_coding, row->coding);
        gpointer key = fisc_drill_place_key(row->coding->coding_id, row->period);
        if (place != NULL && row->coding->coding_id > 0 &&
            !g_hash_table_contains(drill->places, key)) {
            g_hash_table_insert(drill->places, key, place);
        }
    }
}

void
fisc_drill_settle(FiscDrill *drill, const FiscBalances *balances, GHashTable *sums)
{
    guint kept = 0;
    drill->figure = 0;
    for (guint i = 0; i < drill->parts->len; i++) {
        FiscDrillPart part = g_array_index(drill->parts, FiscDrillPart, i);
        const FiscDrillSums *sum = g_hash_table_lookup(sums, part.coding);
        if (is_idle(&part)) {
            continue;
        }
        if (sum != NULL) {
            part.posted = (part.before != 0 ? sum->before : 0) +
                          (part.debit != 0 ? sum->debit : 0) - (part.credit != 0 ? sum->credit : 0);
        }
        bool has_lines = sum != NULL && part.coding->coding_id > 0;
        part.made = part.counted - (has_lines ? fisc_drill_weighed(&part, sum) : 0);
        drill->figure += part.counted;
        g_array_index(drill->parts, FiscDrillPart, kept++) = part;
    }
    g_array_set_size(drill->parts, kept);
    place_lines(drill, balances);
}

/* The formula ------------------------------------------------------------------------------------
 */

static const FiscLayoutRow *
find_single(const FiscLayout *layout, const char *code)
{
    for (guint i = 0; i < layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(layout->rows, i);
        if (row->kind == FISC_LAYOUT_ROW && g_strcmp0(row->code, code) == 0) {
            return row;
        }
    }
    return NULL;
}

/* The list that prints a code, one for each that something was posted to. */
static const FiscLayoutRow *
find_list(const FiscLayout *layout, const char *code)
{
    for (guint i = 0; i < layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(layout->rows, i);
        bool is_list = row->kind == FISC_LAYOUT_LIST || row->kind == FISC_LAYOUT_INTEGRATED;
        if (is_list && is_above(g_array_index(row->terms, FiscTerm, 0).code, code)) {
            return row;
        }
    }
    return NULL;
}

static void
add_summand(GArray *summands, int sign, FiscSource source, const char *code)
{
    Summand summand = {sign * fisc_figure_side(source, code), source, code};
    g_array_append_val(summands, summand);
}

/* Rows stand on rows above them, so this ends. */
static void
add_terms(GArray *summands, const FiscLayout *layout, const FiscLayoutRow *row, int sign)
{
    for (guint i = 0; i < row->terms->len; i++) {
        const FiscTerm *term = &g_array_index(row->terms, FiscTerm, i);
        if (term->source >= 0) {
            add_summand(summands, sign * term->sign, (FiscSource)term->source, term->code);
        } else {
            add_terms(summands, layout, find_single(layout, term->code), sign * term->sign);
        }
    }
}

static const char *
word_of(int source)
{
    static const char *const words[] = {
#define X(name, text, meaning) [FISC_SOURCE_##name] = text,
        FISC_SOURCES(X)
#undef X
    };
    return words[source];
}

static void
append_term(GString *formula, int sign, const char *source, const char *code)
{
    bool is_first = formula->len == 0;
    g_string_append(formula, sign < 0 ? (is_first ? "-" : " - ") : (is_first ? "" : " + "));
    g_string_append_printf(formula, "%s%s%s", source, source[0] != '\0' ? " " : "", code);
}

static char *
formula_of_row(const FiscLayoutRow *row)
{
    GString *formula = g_string_new(NULL);
    for (guint i = 0; i < row->terms->len; i++) {
        const FiscTerm *term = &g_array_index(row->terms, FiscTerm, i);
        append_term(formula, term->sign, term->source >= 0 ? word_of(term->source) : "row",
                    term->code);
    }
    return g_string_free(formula, FALSE);
}

/* Fills summands and the words that say them. */
static bool
read_formula(const FiscLayout *layout, const char *code, GArray *summands, FiscDrill *drill,
             const char **out_label, GError **error)
{
    const FiscLayoutRow *row = find_single(layout, code);
    const FiscLayoutRow *list = row == NULL ? find_list(layout, code) : NULL;
    if (row == NULL && list == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no row \"%s\"", layout->statement,
                         code);
    }
    *out_label = row != NULL && row->label[0] != '\0' ? row->label : fisc_gfs_label(code);
    if (row != NULL) {
        add_terms(summands, layout, row, 1);
        drill->formula = formula_of_row(row);
        return true;
    }
    int source = g_array_index(list->terms, FiscTerm, 0).source;
    add_summand(summands, 1, (FiscSource)source, code);
    drill->formula = g_strdup_printf("%s %s", word_of(source), code);
    return true;
}

/* All of it --------------------------------------------------------------------------------------
 */

static bool
find_layout(const FiscStatementQuery *query, const char *statement, FiscLayout **out_layout,
            GError **error)
{
    const FiscLayoutFamily *family = NULL;
    FiscLayoutFile found;
    if (query->layout != NULL) {
        return fisc_layout_find(query->nation, query->layout, &found, error) &&
               fisc_layout_parse(&found, out_layout, error);
    }
    if (!fisc_layout_family_find(query->family, &family, error)) {
        return false;
    }
    for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
        if (strcmp(file->statement, statement) == 0) {
            return fisc_layout_parse(file, out_layout, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no statement \"%s\" with figures",
                     family->title, statement);
}

static __int128
evaluate(const FiscFigures *figures, const GArray *summands)
{
    __int128 sum = 0;
    for (guint i = 0; i < summands->len; i++) {
        const Summand *summand = &g_array_index(summands, Summand, i);
        int side = fisc_figure_side(summand->source, summand->code);
        sum += summand->sign * side * fisc_figures_get(figures, summand->source, summand->code);
    }
    return sum;
}

/* What was heard is what the statement prints, or something here is wrong. */
static bool
check(const Drilling *drilling, const FiscFigures *figures, GError **error)
{
    char printed[FISC_SUM_TEXT], heard[FISC_SUM_TEXT];
    const FiscDrill *drill = drilling->drill;
    __int128 figure = evaluate(figures, drilling->summands);
    return figure == drill->figure ||
           fisc_fail(error, FISC_ERROR_FAILED, "the figure is %s, but its parts are %s",
                     fisc_sum_format(figure, drill->decimals, printed),
                     fisc_sum_format(drill->figure, drill->decimals, heard));
}

static bool
listen(const FiscStatementQuery *query, const FiscPerimeter *perimeter, GArray *summands,
       FiscDrill *drill, GError **error)
{
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) sums =
        fisc_drill_sums(query->balances, perimeter, query->from, query->to);
    Drilling drilling = {query, drill, summands, places, sums};
    g_autoptr(FiscFigures) figures = fisc_figures_new_heard(query, perimeter, hear, &drilling);
    fisc_drill_settle(drill, query->balances, sums);
    return check(&drilling, figures, error);
}

bool
fisc_drill_statement(const FiscStatementQuery *query, const char *statement, const char *code,
                     FiscDrill **out_drill, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    g_autoptr(FiscLayout) layout = NULL;
    g_autoptr(GArray) summands = g_array_new(FALSE, FALSE, sizeof(Summand));
    const char *label = "";
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error) ||
        !find_layout(query, statement, &layout, error)) {
        return false;
    }
    g_autoptr(FiscDrill) drill = fisc_drill_new(query->from, query->to, perimeter->decimals);
    g_autofree char *period = fisc_period_label(query->from, query->to);
    if (!read_formula(layout, code, summands, drill, &label, error) ||
        !listen(query, perimeter, summands, drill, error)) {
        return false;
    }
    drill->name =
        g_strdup_printf("%s %s, %s, %s: %s", statement, code, perimeter->unit, period, label);
    *out_drill = g_steal_pointer(&drill);
    return true;
}
