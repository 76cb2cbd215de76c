/* pefa.c: the PEFA indicators that the books answer by themselves: how far what was done is from
 * what was voted, in total and in composition (rule R25).
 *
 * Original budget against what was executed (accrued or paid; recognized or collected), over the
 * last three years. Transactions in financial assets and liabilities are no expenditure and no
 * revenue, nor is what is sold of nonfinancial assets revenue. Marks are given to exact ratios;
 * percentages are rounded only to be shown. */
#include "fisc/budget_book.h"
#include "fisc/money.h"
#include "reporting/fraction.h"
#include "reporting/stages.h"
#include <string.h>

#define YEARS 3
#define YEARS_NEEDED 2 /* "in at least two of the last three years" */
#define GRADES 3       /* A, B, C; what is in none of their bands is D */
#define SOURCE "PEFA 2016 framework"

/* What is measured of a year. */
typedef enum { MEASURE_OUTTURN, MEASURE_COMPOSITION, MEASURE_CONTINGENCY } Measure;

/* Whose lines. */
typedef enum {
    LINES_EXPENDITURE,
    LINES_WITHOUT_CONTINGENCY,
    LINES_WITHOUT_CONTINGENCY_AND_INTEREST,
    LINES_CONTINGENCY,
    LINES_REVENUE,
} Lines;

/* Percent: from @low, which belongs to the band, to @high, which does when @high_too. */
typedef struct {
    int low, high;
    bool high_too;
} Band;

typedef struct {
    const char *code, *name;
    Measure measure;
    Lines lines;
    FiscStageKey head; /* of composition: what the budget is divided by */
    Band bands[GRADES];
} Indicator;

static const Indicator indicators[] = {
    {"PI-1.1",
     "Aggregate expenditure outturn",
     MEASURE_OUTTURN,
     LINES_EXPENDITURE,
     {0},
     {{95, 105, true}, {90, 110, true}, {85, 115, true}}},
    {"PI-2.1",
     "Expenditure composition outturn by function",
     MEASURE_COMPOSITION,
     LINES_WITHOUT_CONTINGENCY_AND_INTEREST,
     {FISC_DIM_FUNCTION, 3},
     {{0, 5, false}, {0, 10, false}, {0, 15, false}}},
    {"PI-2.2",
     "Expenditure composition outturn by economic type",
     MEASURE_COMPOSITION,
     LINES_WITHOUT_CONTINGENCY,
     {FISC_DIM_ECONOMIC, 2},
     {{0, 5, false}, {0, 10, false}, {0, 15, false}}},
    {"PI-2.3",
     "Expenditure from contingency reserves",
     MEASURE_CONTINGENCY,
     LINES_CONTINGENCY,
     {0},
     {{0, 3, false}, {0, 6, true}, {0, 10, false}}},
    {"PI-3.1",
     "Aggregate revenue outturn",
     MEASURE_OUTTURN,
     LINES_REVENUE,
     {0},
     {{97, 106, true}, {94, 112, true}, {92, 116, true}}},
};

/* Voted and done. */
typedef struct {
    __int128 budget, actual;
} Sum;

/* What an indicator says of one year. */
typedef struct {
    int year;
    bool is_on_record;  /* something was voted */
    bool is_measurable; /* and the ratio exists */
    Sum total;
    __int128 deviation;
    FiscFraction ratio;
    char grade;
} Year;

typedef struct {
    const FiscPefaQuery *query;
    const FiscPerimeter *perimeter;
    FiscStageWhere contingency;
} Pefa;

/* Which lines ---------------------------------------------------------------------------------- */

static bool
is_contingency(const Pefa *pefa, const FiscCoding *coding)
{
    return pefa->contingency.count > 0 && fisc_stage_where_has(&pefa->contingency, coding);
}

/* GFSM 2014: 24 interest, 31 nonfinancial assets, 32 financial assets, 33 liabilities. A line
 * without a class, as a contingency, is what its budget says it is. */
static bool
has_class(const FiscCoding *coding, const char *beginning)
{
    return g_str_has_prefix(coding->dim[FISC_DIM_GFS], beginning);
}

static bool
is_among(const Pefa *pefa, Lines lines, const FiscCoding *coding)
{
    if (has_class(coding, "32") || has_class(coding, "33")) {
        return false;
    }
    switch (lines) {
    case LINES_EXPENDITURE:
        return true;
    case LINES_WITHOUT_CONTINGENCY:
        return !is_contingency(pefa, coding);
    case LINES_WITHOUT_CONTINGENCY_AND_INTEREST:
        return !is_contingency(pefa, coding) && !has_class(coding, "24");
    case LINES_CONTINGENCY:
        return is_contingency(pefa, coding);
    case LINES_REVENUE:
        return !has_class(coding, "31");
    }
    return false;
}

static void
add_balance(Sum *sum, const FiscBalance *balance, bool revenue)
{
    FiscStage stage = balance->coding->account->stage;
    __int128 debit = (__int128)balance->debit - balance->credit;
    if (stage == (revenue ? FISC_STAGE_ESTIMATE : FISC_STAGE_APPROPRIATION)) {
        sum->budget += debit;
    } else if (stage == (revenue ? FISC_STAGE_RECOGNITION : FISC_STAGE_OBLIGATION) ||
               stage == (revenue ? FISC_STAGE_COLLECTION : FISC_STAGE_PAYMENT)) {
        sum->actual -= debit;
    }
}

static Sum *
head_of(GHashTable *heads, const FiscStageKey *key, const FiscCoding *coding)
{
    g_auto(GStrv) words = fisc_stage_key_words(key, 1, coding);
    Sum *sum = g_hash_table_lookup(heads, words[0]);
    if (sum == NULL) {
        sum = g_new0(Sum, 1);
        g_hash_table_insert(heads, g_strdup(words[0]), sum);
    }
    return sum;
}

/* Adds up one year's lines; by head, too, when @heads is given. */
static Sum
sum_year(const Pefa *pefa, Lines lines, int year, const FiscStageKey *key, GHashTable *heads)
{
    Sum total = {0, 0};
    const GArray *rows = pefa->query->balances->rows;
    bool revenue = lines == LINES_REVENUE;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *balance = &g_array_index(rows, FiscBalance, i);
        const FiscCoding *coding = balance->coding;
        if (coding->account->class_ != FISC_CLASS_BUDGETARY ||
            fisc_period_year(balance->period) != year ||
            !fisc_perimeter_has(pefa->perimeter, coding->entity) ||
            !is_among(pefa, lines, coding)) {
            continue;
        }
        add_balance(&total, balance, revenue);
        if (heads != NULL) {
            add_balance(head_of(heads, key, coding), balance, revenue);
        }
    }
    return total;
}

/* One year ------------------------------------------------------------------------------------- */

static bool
overflows(GError **error)
{
    return fisc_fail(error, FISC_ERROR_FAILED,
                     "the budget is too large: its indicators cannot be worked out exactly");
}

/* Half away from zero. */
static __int128
divide_rounded(__int128 above, __int128 below)
{
    __int128 rest = above % below;
    return above / below + (rest >= below - rest ? 1 : 0);
}

/* The sum over heads of |actual - adjusted budget| by the adjusted budget, where the adjusted
 * budget of a head is its budget times all that was spent by all that was voted. Both sides are
 * multiplied by what was voted, so that nothing has to be divided. */
static bool
measure_composition(Year *year, GHashTable *heads, GError **error)
{
    Sum total = year->total;
    year->is_measurable = total.budget > 0 && total.actual > 0;
    if (!year->is_measurable) {
        return true;
    }
    __int128 deviation = 0;
    GHashTableIter iter;
    gpointer head;
    g_hash_table_iter_init(&iter, heads);
    while (g_hash_table_iter_next(&iter, NULL, &head)) {
        const Sum *sum = head;
        __int128 done, voted, difference;
        if (__builtin_mul_overflow(sum->actual, total.budget, &done) ||
            __builtin_mul_overflow(sum->budget, total.actual, &voted) ||
            __builtin_sub_overflow(done, voted, &difference) ||
            __builtin_add_overflow(deviation, difference < 0 ? -difference : difference,
                                   &deviation)) {
            return overflows(error);
        }
    }
    year->deviation = divide_rounded(deviation, total.budget);
    year->ratio.above = deviation;
    return !__builtin_mul_overflow(total.budget, total.actual, &year->ratio.below) ||
           overflows(error);
}

static char
grade_of(const Indicator *indicator, const Year *year)
{
    for (int i = 0; i < GRADES; i++) {
        const Band *band = &indicator->bands[i];
        int over = fisc_fraction_compare(year->ratio, (FiscFraction){band->high, 100});
        if (fisc_fraction_compare(year->ratio, (FiscFraction){band->low, 100}) >= 0 &&
            (over < 0 || (over == 0 && band->high_too))) {
            return (char)('A' + i);
        }
    }
    return 'D';
}

static bool
measure_year(const Pefa *pefa, const Indicator *indicator, Year *year, GError **error)
{
    bool composition = indicator->measure == MEASURE_COMPOSITION;
    g_autoptr(GHashTable) heads =
        composition ? g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) : NULL;
    year->total = sum_year(pefa, indicator->lines, year->year, &indicator->head, heads);
    if (indicator->measure == MEASURE_CONTINGENCY) {
        /* What was charged to the vote, by all that was voted. */
        year->total.budget = sum_year(pefa, LINES_EXPENDITURE, year->year, NULL, NULL).budget;
    }
    year->is_on_record = year->total.budget > 0;
    if (composition) {
        if (!measure_composition(year, heads, error)) {
            return false;
        }
    } else {
        year->is_measurable = year->is_on_record;
        year->deviation = year->total.actual - year->total.budget;
        year->ratio = (FiscFraction){year->total.actual, year->total.budget};
    }
    /* What is drawn from a contingency is judged on average, never by the year. */
    bool has_grade = year->is_measurable && indicator->measure != MEASURE_CONTINGENCY;
    year->grade = has_grade ? grade_of(indicator, year) : '\0';
    return true;
}

/* Over the years ------------------------------------------------------------------------------- */

/* The best mark that enough of the years have, or are above. */
static char
grade_of_years(const Year *years, int count)
{
    for (char grade = 'A'; grade <= 'C'; grade++) {
        int good = 0;
        for (int i = 0; i < count; i++) {
            good += years[i].grade <= grade ? 1 : 0;
        }
        if (good >= YEARS_NEEDED) {
            return grade;
        }
    }
    return 'D';
}

/* The average of the years' ratios: its mark, and its tenths of a percent. */
static bool
grade_average(const Indicator *indicator, const Year *years, int count, char *out_grade,
              __int128 *out_tenths, GError **error)
{
    FiscFraction ratios[YEARS];
    for (int i = 0; i < count; i++) {
        ratios[i] = years[i].ratio;
    }
    __int128 tenths = 0;
    char grade = 'D';
    int order = 0;
    for (int i = GRADES - 1; i >= 0; i--) {
        const Band *band = &indicator->bands[i];
        FiscFraction limit = {(__int128)band->high * count, 100};
        if (!fisc_fraction_compare_sum(ratios, count, limit, &order)) {
            return overflows(error);
        }
        grade = order < 0 || (order == 0 && band->high_too) ? (char)('A' + i) : grade;
    }
    for (int i = 0; i < count; i++) {
        tenths += ratios[i].above * 1000 / ratios[i].below / count;
    }
    /* Cut off, so it may be a little wrong by now: up to where less than half a tenth is missing.
     */
    tenths -= count;
    for (order = 0; order >= 0;) {
        FiscFraction next = {(2 * tenths + 1) * count, 2000};
        if (!fisc_fraction_compare_sum(ratios, count, next, &order)) {
            return overflows(error);
        }
        tenths += order >= 0 ? 1 : 0;
    }
    *out_grade = grade;
    *out_tenths = tenths;
    return true;
}

/* Listing -------------------------------------------------------------------------------------- */

enum { CODE, NAME, YEAR, BUDGET, ACTUAL, DEVIATION, PERCENT, SCORE };

static FiscTable *
new_table(const FiscPerimeter *perimeter, int year)
{
    static const char *const words[] = {"indicator", "name", "year"};
    static const char *const amounts[] = {"budget", "actual", "deviation"};
    g_autofree char *title = g_strdup_printf("PEFA indicators, %s %s, %d to %d", perimeter->unit,
                                             perimeter->name, year - YEARS + 1, year);
    FiscTable *table = fisc_table_new("pefa", title, perimeter->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        fisc_table_add_column(table, words[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < G_N_ELEMENTS(amounts); i++) {
        fisc_table_add_column(table, amounts[i], FISC_COLUMN_AMOUNT);
    }
    fisc_table_add_column(table, "percent", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "score", FISC_COLUMN_TEXT);
    return table;
}

static FiscRow *
add_row(FiscTable *table, const Indicator *indicator)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, CODE, indicator->code);
    fisc_table_set_text(table, row, NAME, indicator->name);
    return row;
}

static void
set_percent(FiscTable *table, FiscRow *row, __int128 tenths)
{
    char text[FISC_SUM_TEXT];
    fisc_table_set_text(table, row, PERCENT, fisc_sum_format(tenths, 1, text));
}

static void
set_score(FiscTable *table, FiscRow *row, char grade)
{
    const char text[] = {grade, '\0'};
    if (grade != '\0') {
        fisc_table_set_text(table, row, SCORE, text);
    }
}

static void
list_year(FiscTable *table, const Indicator *indicator, const Year *year)
{
    FiscRow *row = add_row(table, indicator);
    g_autofree char *number = g_strdup_printf("%d", year->year);
    fisc_table_set_text(table, row, YEAR, number);
    fisc_table_set_amount(table, row, BUDGET, year->total.budget);
    fisc_table_set_amount(table, row, ACTUAL, year->total.actual);
    if (!year->is_measurable) {
        return;
    }
    if (indicator->measure != MEASURE_CONTINGENCY) {
        fisc_table_set_amount(table, row, DEVIATION, year->deviation);
    }
    set_percent(table, row, fisc_fraction_tenths(year->ratio));
    set_score(table, row, year->grade);
}

/* @years: those that can be measured. */
static bool
list_score(FiscTable *table, const Indicator *indicator, const Year *years, int count,
           GError **error)
{
    FiscRow *row = add_row(table, indicator);
    row->strong = true;
    if (count < YEARS_NEEDED) {
        fisc_table_add_note(table, "%s: no score: of the last three years %d can be measured.",
                            indicator->code, count);
        return true;
    }
    if (indicator->measure != MEASURE_CONTINGENCY) {
        set_score(table, row, grade_of_years(years, count));
        return true;
    }
    __int128 tenths = 0;
    char grade = '\0';
    if (!grade_average(indicator, years, count, &grade, &tenths, error)) {
        return false;
    }
    set_percent(table, row, tenths);
    set_score(table, row, grade);
    return true;
}

static bool
list_indicator(FiscTable *table, const Pefa *pefa, const Indicator *indicator, GError **error)
{
    Year years[YEARS];
    int count = 0;
    for (int i = 0; i < YEARS; i++) {
        Year year = {.year = pefa->query->year - YEARS + 1 + i};
        if (!measure_year(pefa, indicator, &year, error)) {
            return false;
        }
        if (year.is_on_record) {
            list_year(table, indicator, &year);
        }
        if (year.is_measurable) {
            years[count++] = year;
        }
    }
    return list_score(table, indicator, years, count, error);
}

bool
fisc_pefa_build(const FiscPefaQuery *query, FiscTable **out_table, GError **error)
{
    g_auto(FiscStageWhere) contingency = {.count = 0};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_stage_where_read(query->nation, query->contingency, &contingency, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    Pefa pefa = {query, perimeter, contingency};
    g_autoptr(FiscTable) table = new_table(perimeter, query->year);
    for (guint i = 0; i < G_N_ELEMENTS(indicators); i++) {
        bool is_left_out = indicators[i].measure == MEASURE_CONTINGENCY && contingency.count == 0;
        if (!is_left_out && !list_indicator(table, &pefa, &indicators[i], error)) {
            return false;
        }
    }
    if (contingency.count == 0) {
        fisc_table_add_note(table, "PI-2.3 is left out: no lines are named as the contingency "
                                   "vote (--contingency).");
    }
    fisc_table_add_note(table, "Bands: " SOURCE ". Original budget against what was accrued or "
                               "paid, recognized or collected, without transactions in financial "
                               "assets and liabilities. Members of a group are added up, nothing "
                               "is consolidated.");
    *out_table = g_steal_pointer(&table);
    return true;
}
