/* profile_cumulative.c: files whose amounts count from the beginning of the year: what a row adds
 * is its amount less that of the same line a period before.
 *
 * A line that has no row in the next period of the file has been taken back (its code was abolished
 * or split): what it had goes again, in the words of its last row, dated by the period that lacks
 * it. The sums of what is posted are then those of the file, period for period. */
#include "fisc/money.h"
#include "integrations/profile_run.h"
#include <string.h>

/* A row of a line of the file. */
typedef struct {
    const char *by;   /* its period, as the column says */
    int64_t *amounts; /* as published */
    guint row;
} Step;

struct FiscProfileSeries {
    GHashTable *lines;   /* restart and within -> GArray of Step, by period */
    GHashTable *periods; /* restart -> GPtrArray of period, ascending */
    guint *place;        /* by row: 1 + its position in its line; 0: not taken */
};

/* The group [cumulative] ----------------------------------------------------------------------- */

/* Lines are told apart by columns: values are known only when a row is taken. */
static int
find_column(const char *name, void *data)
{
    return fisc_profile_column(data, name);
}

static FiscTemplate *
compile(FiscProfileParser *parser, const char *key)
{
    g_autofree char *text = fisc_profile_require(parser, "cumulative", key);
    g_autofree char *wrong = NULL;
    if (text == NULL) {
        return NULL;
    }
    FiscTemplate *template_ = fisc_template_compile(text, find_column, parser->profile, &wrong);
    if (template_ == NULL) {
        fisc_profile_refuse(parser, "cumulative", key, FISC_ERROR_VALUE_INVALID, "%s", wrong);
    }
    return template_;
}

void
fisc_profile_parse_cumulative(FiscProfileParser *parser)
{
    FiscProfileCumulative *cumulative = &parser->profile->cumulative;
    cumulative->by = -1;
    if (!g_key_file_has_group(parser->keys, "cumulative")) {
        return;
    }
    cumulative->within = compile(parser, "within");
    cumulative->restart = compile(parser, "restart");
    g_autofree char *by = fisc_profile_require(parser, "cumulative", "by");
    cumulative->by = by != NULL ? fisc_profile_column(parser->profile, by) : -1;
    if (by != NULL && cumulative->by < 0) {
        fisc_profile_refuse(parser, "cumulative", "by", FISC_ERROR_VALUE_INVALID,
                            "there is no column \"%s\"", by);
    }
    if (parser->profile->cancel.within != NULL || parser->profile->relief.profile != NULL) {
        fisc_profile_refuse(parser, "cumulative", NULL, FISC_ERROR_VALUE_INVALID,
                            "it does not go together with [cancel] or [relief]");
    }
}

void
fisc_profile_cumulative_clear(FiscProfileCumulative *cumulative)
{
    fisc_template_free(cumulative->within);
    fisc_template_free(cumulative->restart);
}

/* All rows, before any is taken ---------------------------------------------------------------- */

static void
step_clear(void *pointer)
{
    g_free(((Step *)pointer)->amounts);
}

static int
compare_steps(const void *a, const void *b)
{
    return strcmp(((const Step *)a)->by, ((const Step *)b)->by);
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What cannot be read counts as nothing here: it is refused when the row is taken. */
static int64_t *
read_amounts(const FiscProfileRun *run)
{
    const FiscProfile *profile = run->profile;
    int64_t *amounts = g_new0(int64_t, (gsize)profile->amount_count + 1);
    for (guint i = 0; i < profile->columns->len; i++) {
        const FiscProfileColumn *column = profile->columns->pdata[i];
        int64_t amount = 0;
        if (column->amount >= 0 &&
            fisc_amount_parse(fisc_csv_field(run->csv, run->row, run->field_of[i]),
                              profile->decimals, profile->decimal_mark, profile->group_mark,
                              &amount) == 0) {
            amounts[column->amount] = column->is_minus ? -amount : amount;
        }
    }
    return amounts;
}

static char *
line_name(FiscProfileRun *run)
{
    g_autofree char *restart = g_strdup(fisc_profile_fill(run, run->profile->cumulative.restart));
    return g_strconcat(restart, "\x1f", fisc_profile_fill(run, run->profile->cumulative.within),
                       NULL);
}

static GArray *
line_of(FiscProfileSeries *series, const char *name)
{
    GArray *line = g_hash_table_lookup(series->lines, name);
    if (line == NULL) {
        line = g_array_new(FALSE, FALSE, sizeof(Step));
        g_array_set_clear_func(line, step_clear);
        g_hash_table_insert(series->lines, g_strdup(name), line);
    }
    return line;
}

static void
add_period(FiscProfileRun *run, const char *by)
{
    const char *restart = fisc_profile_fill(run, run->profile->cumulative.restart);
    GPtrArray *periods = g_hash_table_lookup(run->series->periods, restart);
    if (periods == NULL) {
        periods = g_ptr_array_new();
        g_hash_table_insert(run->series->periods, g_strdup(restart), periods);
    }
    for (guint i = periods->len; i > 0; i--) {
        if (strcmp(periods->pdata[i - 1], by) == 0) {
            return;
        }
    }
    g_ptr_array_add(periods, (void *)by);
}

static void
add_row(FiscProfileRun *run, guint row)
{
    const char *by =
        g_string_chunk_insert_const(run->texts, run->slots[run->profile->cumulative.by]);
    g_autofree char *name = line_name(run);
    Step step = {.by = by, .amounts = read_amounts(run), .row = row};
    GArray *line = line_of(run->series, name);
    g_array_append_val(line, step);
    add_period(run, by);
}

static void
sort_lines(FiscProfileSeries *series)
{
    GHashTableIter iterator;
    void *value = NULL;
    g_hash_table_iter_init(&iterator, series->lines);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        GArray *line = value;
        g_array_sort(line, compare_steps);
        for (guint i = 0; i < line->len; i++) {
            series->place[g_array_index(line, Step, i).row] = i + 1;
        }
    }
    g_hash_table_iter_init(&iterator, series->periods);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        g_ptr_array_sort(value, compare_words);
    }
}

void
fisc_profile_cumulative_begin(FiscProfileRun *run)
{
    FiscProfileSeries *series = g_new0(FiscProfileSeries, 1);
    series->lines =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    series->periods =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    series->place = g_new0(guint, (gsize)run->csv->rows->len + 1);
    run->series = series;
    for (guint i = 0; i < run->csv->rows->len; i++) {
        fisc_profile_go_to(run, i);
        if ((run->is_taken == NULL || run->is_taken[i]) && !fisc_profile_is_skipped(run)) {
            add_row(run, i);
        }
    }
    sort_lines(series);
}

void
fisc_profile_series_free(FiscProfileSeries *series)
{
    if (series != NULL) {
        g_hash_table_unref(series->lines);
        g_hash_table_unref(series->periods);
        g_free(series->place);
        g_free(series);
    }
}

/* A row ---------------------------------------------------------------------------------------- */

static const Step *
step_at(FiscProfileRun *run, GArray **out_line, guint *out_place)
{
    g_autofree char *name = line_name(run);
    *out_line = g_hash_table_lookup(run->series->lines, name);
    *out_place = run->series->place[run->row_number - 1] - 1;
    return &g_array_index(*out_line, Step, *out_place);
}

/* The period of the file behind another of the same year; NULL: there is none. */
static const char *
next_period(FiscProfileRun *run, const char *by)
{
    const char *restart = fisc_profile_fill(run, run->profile->cumulative.restart);
    const GPtrArray *periods = g_hash_table_lookup(run->series->periods, restart);
    for (guint i = 0; i + 1 < periods->len; i++) {
        if (strcmp(periods->pdata[i], by) == 0) {
            return periods->pdata[i + 1];
        }
    }
    return NULL;
}

/* A row behind a gap begins anew: what the line had before was taken back. */
bool
fisc_profile_cumulative_take(FiscProfileRun *run)
{
    GArray *line = NULL;
    guint place = 0;
    const Step *step = step_at(run, &line, &place);
    const Step *before = place > 0 ? &g_array_index(line, Step, place - 1) : NULL;
    if (before != NULL && strcmp(before->by, step->by) == 0) {
        FiscPlace where = {.file = run->profile->file, .line = run->row->line};
        return fisc_reader_refuse(run->reader, where, FISC_ERROR_DUPLICATE_ROW,
                                  "two rows of one line and period: which holds?",
                                  "the line has a row for \"%s\" already", step->by);
    }
    bool follows = before != NULL && g_strcmp0(next_period(run, before->by), step->by) == 0;
    for (int i = 0; follows && i < run->profile->amount_count; i++) {
        run->amounts[i] -= before->amounts[i];
    }
    return true;
}

bool
fisc_profile_cumulative_ends(FiscProfileRun *run)
{
    GArray *line = NULL;
    guint place = 0;
    bool is_any = false;
    const Step *step = step_at(run, &line, &place);
    const char *next = next_period(run, step->by);
    const Step *after = place + 1 < line->len ? &g_array_index(line, Step, place + 1) : NULL;
    if (next == NULL || (after != NULL && strcmp(after->by, next) == 0)) {
        return false;
    }
    for (int i = 0; i < run->profile->amount_count; i++) {
        run->amounts[i] = -step->amounts[i];
        is_any = is_any || step->amounts[i] != 0;
    }
    run->slots[run->profile->cumulative.by] = next;
    return is_any;
}
