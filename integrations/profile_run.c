/* profile_run.c: applies a profile to its published file, row by row: padding, filters, amounts,
 * values, control totals, the publisher's own identities. Entries are profile_make.c. */
#include "integrations/profile_round.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <string.h>

const char *
fisc_profile_fill(FiscProfileRun *run, const FiscTemplate *template_)
{
    fisc_template_fill(template_, run->slots, run->scratch);
    return run->scratch->str;
}

static FiscPlace
row_place(const FiscProfileRun *run, const char *prefix, const char *field)
{
    return (FiscPlace){
        .file = run->profile->file, .line = run->row->line, .prefix = prefix, .field = field};
}

/* ---- one row ---- */

static const char *
pad(FiscProfileRun *run, const char *text, int width)
{
    int length = (int)strlen(text);
    if (length >= width) {
        return text;
    }
    g_string_truncate(run->scratch, 0);
    for (int i = length; i < width; i++) {
        g_string_append_c(run->scratch, '0');
    }
    g_string_append(run->scratch, text);
    return g_string_chunk_insert_const(run->texts, run->scratch->str);
}

bool
fisc_profile_begins(const char *text, char **prefixes)
{
    for (int i = 0; prefixes[i] != NULL; i++) {
        bool is_match = *prefixes[i] == '\0' ? *text == '\0' : g_str_has_prefix(text, prefixes[i]);
        if (is_match) {
            return true;
        }
    }
    return false;
}

bool
fisc_profile_is_skipped(const FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        const char *text = fisc_csv_field(run->csv, run->row, run->field_of[i]);
        if (column->skip != NULL && fisc_profile_begins(text, column->skip)) {
            return true;
        }
    }
    return false;
}

static bool
take_amount(FiscProfileRun *run, const FiscProfileColumn *column, const char *text)
{
    const FiscProfile *profile = run->profile;
    int64_t amount = 0;
    FiscPlace place = row_place(run, "", column->published);
    int broken = column->is_rounded ? fisc_profile_round(run, column, text, &amount) : 0;
    if (broken != 0) {
        return fisc_reader_refuse(run->reader, place, (FiscError)broken, NULL, "\"%s\"", text);
    }
    if (!column->is_rounded &&
        !fisc_reader_amount(run->reader, place, text, profile->decimals, profile->decimal_mark,
                            profile->group_mark, &amount)) {
        return false;
    }
    run->amounts[column->amount] = column->is_minus ? -amount : amount;
    run->profile->sums[column->amount] += run->amounts[column->amount];
    return true;
}

static bool
take_amounts(FiscProfileRun *run)
{
    bool is_good = true;
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        const char *text = fisc_csv_field(run->csv, run->row, run->field_of[i]);
        is_good &= column->amount < 0 || take_amount(run, column, text);
    }
    return is_good;
}

void
fisc_profile_go_to(FiscProfileRun *run, guint row)
{
    run->row = &g_array_index(run->csv->rows, FiscCsvRow, row);
    run->row_number = (int)row + 1;
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        run->slots[i] = pad(run, fisc_profile_field(run, i), column->width);
    }
}

static void
take_built_ins(FiscProfileRun *run)
{
    const char **slots = run->slots + run->profile->columns->len;
    slots[FISC_SLOT_FILE] = run->profile->file;
    g_string_printf(run->scratch, "%d", run->row_number);
    slots[FISC_SLOT_ROW] = g_string_chunk_insert_const(run->texts, run->scratch->str);
    g_string_printf(run->scratch, "%d", run->row->line);
    slots[FISC_SLOT_LINE] = g_string_chunk_insert_const(run->texts, run->scratch->str);
}

static bool
holds(const FiscProfileRun *run, const GArray *conditions, guint at)
{
    const FiscProfileCondition *condition = &g_array_index(conditions, FiscProfileCondition, at);
    return fisc_profile_begins(run->slots[condition->slot], condition->prefixes);
}

bool
fisc_profile_meets(const FiscProfileRun *run, const GArray *conditions)
{
    for (guint i = 0; i < conditions->len; i++) {
        if (!holds(run, conditions, i)) {
            return false;
        }
    }
    return true;
}

static bool
meets_conditions(const FiscProfileRun *run, const FiscProfileValue *value)
{
    for (guint i = 0; i < value->exceptions->len; i++) {
        if (holds(run, value->exceptions, i)) {
            return false;
        }
    }
    return fisc_profile_meets(run, value->conditions);
}

/* NULL after a refusal. */
static const char *
look_up(FiscProfileRun *run, guint at)
{
    const FiscProfileValue *value = run->profile->values->pdata[at];
    if (run->reader->lookups != NULL) {
        fisc_profile_note_lookup(run, at);
    }
    const char *code = fisc_profile_fill(run, value->text);
    const char *result = fisc_mapping_find(value->mapping, code);
    fisc_profile_count_mapped(run, at, code, result == NULL);
    if (result == NULL && value->suspense != NULL) {
        return value->suspense;
    }
    if (result == NULL && value->may_be_missing) {
        return "";
    }
    if (result == NULL) {
        fisc_reader_refuse(run->reader, row_place(run, value->label, "of"),
                           FISC_ERROR_MAPPING_MISSING, "add a prefix to the map",
                           "no prefix of \"%s\" is known", code);
    }
    return result;
}

static const char *
find_cash_row(FiscProfileRun *run, const FiscProfileValue *value)
{
    char buffer[FISC_GFS_CODE];
    const char *code = fisc_profile_fill(run, value->text);
    const char *row = *code != '\0' ? fisc_gfs_cash_code(code, buffer) : NULL;
    return row != NULL ? g_string_chunk_insert_const(run->texts, row) : "";
}

static const char *
compute(FiscProfileRun *run, guint at)
{
    const FiscProfileValue *value = run->profile->values->pdata[at];
    if (!meets_conditions(run, value)) {
        return "";
    }
    if (value->mapping != NULL) {
        return look_up(run, at);
    }
    if (value->is_cash_row) {
        return find_cash_row(run, value);
    }
    return g_string_chunk_insert_const(run->texts, fisc_profile_fill(run, value->text));
}

static bool
take_values(FiscProfileRun *run)
{
    bool is_good = true;
    const char **slots = run->slots + run->profile->columns->len + FISC_SLOT_BUILT_IN_COUNT;
    for (guint i = 0; i < run->profile->values->len; i++) {
        const char *text = compute(run, i);
        is_good &= text != NULL;
        slots[i] = text != NULL ? text : "";
    }
    return is_good;
}

/* A key names one row: other files refer to it, and entries are called after it. */
static bool
take_key(FiscProfileRun *run)
{
    FiscProfile *profile = run->profile;
    if (profile->key == NULL) {
        return true;
    }
    const char *key = fisc_profile_fill(run, profile->key);
    int line = GPOINTER_TO_INT(g_hash_table_lookup(run->line_of_key, key));
    if (line != 0) {
        return fisc_reader_refuse(run->reader, row_place(run, "", NULL), FISC_ERROR_DUPLICATE_ROW,
                                  NULL, "the key \"%s\" stands at line %d already", key, line);
    }
    g_hash_table_insert(run->line_of_key, g_strdup(key), GINT_TO_POINTER(run->row->line));
    g_hash_table_insert(profile->amounts_by_key, g_strdup(key),
                        g_memdup2(run->amounts, sizeof(int64_t) * (gsize)profile->amount_count));
    return true;
}

/* ---- the publisher's own figures ---- */

static void
tell_difference(FiscProfileRun *run, const FiscProfileCheck *check, int64_t difference, int count)
{
    char amount[FISC_AMOUNT_TEXT];
    fisc_amount_format(difference, run->profile->decimals, amount);
    if (check->is_refused) {
        fisc_reader_refuse(run->reader, row_place(run, "", check->name), FISC_ERROR_CONTROL_TOTAL,
                           NULL, "%s: by %s", check->text, amount);
    } else if (count <= FISC_CHECK_REMARKS_MAX) {
        fisc_reader_remark(run->reader, "%s:%d: %s: by %s", run->profile->file, run->row->line,
                           check->text, amount);
        fisc_profile_note_check(run, check);
    }
}

static void
run_checks(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->checks->len; i++) {
        const FiscProfileCheck *check = run->profile->checks->pdata[i];
        int64_t difference = 0;
        if (check->within != NULL) {
            fisc_profile_even_take(run, i);
        } else if (!fisc_terms_sum(check->terms, run->amounts, &difference) || difference != 0) {
            run->differences[i]++;
            tell_difference(run, check, difference, run->differences[i]);
        }
    }
}

static void
count_differences(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->checks->len; i++) {
        const FiscProfileCheck *check = run->profile->checks->pdata[i];
        if (!check->is_refused && run->differences[i] > FISC_CHECK_REMARKS_MAX) {
            fisc_reader_remark(run->reader, "%s: %s: in %d rows, the first %d are listed",
                               run->profile->file, check->text, run->differences[i],
                               FISC_CHECK_REMARKS_MAX);
        }
    }
}

void
fisc_profile_return_to(FiscProfileRun *run, guint row)
{
    fisc_profile_go_to(run, row);
    take_built_ins(run);
    take_values(run);
}

/* A line that the next period of a cumulative file has no more. */
static void
take_back(FiscProfileRun *run)
{
    if (run->series != NULL && fisc_profile_cumulative_ends(run) && take_values(run)) {
        fisc_profile_make_entries(run);
    }
}

static void
take_row(FiscProfileRun *run)
{
    if (fisc_profile_is_skipped(run) || fisc_profile_is_total_row(run)) {
        run->rows_skipped++;
        return;
    }
    run->rows_taken++;
    take_built_ins(run);
    bool has_amounts = take_amounts(run);
    fisc_profile_take_parts(run);
    run->is_first_look = has_amounts;
    bool has_values = take_values(run);
    run->is_first_look = false;
    fisc_profile_listed_take(run);
    if (has_amounts) {
        run_checks(run);
    }
    if (has_amounts && has_values && take_key(run) && fisc_profile_sum_row(run) &&
        (run->series == NULL || fisc_profile_cumulative_take(run))) {
        fisc_profile_make_entries(run);
        fisc_profile_make_lines(run);
        fisc_profile_cancel_take(run);
        take_back(run);
    }
}

/* ---- the whole file against its control totals ---- */

static void
add_total(FiscProfileRun *run, const FiscProfileColumn *column)
{
    FiscControlTotal *total = g_new0(FiscControlTotal, 1);
    const FiscProfile *profile = run->profile;
    total->file = g_strdup(profile->file);
    total->column = g_strdup(profile->has_header ? column->published : column->name);
    total->rows = run->rows_taken;
    total->sum = profile->sums[column->amount];
    total->has_expected = column->has_expected;
    total->expected = column->expected;
    g_ptr_array_add(run->reader->package->totals, total);
    if (column->is_rounded) {
        fisc_profile_tell_rounding(run, column);
    } else if (total->has_expected && total->sum != total->expected) {
        char sum[FISC_SUM_TEXT], expected[FISC_SUM_TEXT];
        FiscPlace place = {.file = profile->file, .field = total->column};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL,
                           "the column adds up to %s, the control total is %s",
                           fisc_sum_format(total->sum, profile->decimals, sum),
                           fisc_sum_format(total->expected, profile->decimals, expected));
    }
}

static void
take_totals(FiscProfileRun *run)
{
    const FiscProfile *profile = run->profile;
    for (guint i = 0; i < profile->columns->len; i++) {
        const FiscProfileColumn *column = profile->columns->pdata[i];
        if (column->amount >= 0) {
            add_total(run, column);
        }
    }
    if (profile->rows_expected >= 0 && profile->rows_expected != run->rows_taken) {
        FiscPlace place = {.file = profile->file};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL,
                           "the file has %" G_GINT64_FORMAT " rows, the control total is "
                           "%" G_GINT64_FORMAT,
                           run->rows_taken, profile->rows_expected);
    }
    if (run->rows_skipped > 0) {
        fisc_reader_remark(run->reader,
                           "%s: %" G_GINT64_FORMAT " rows were skipped as the profile "
                           "says",
                           profile->file, run->rows_skipped);
    }
}

/* ---- other profiles ---- */

const FiscProfile *
fisc_profile_find_earlier(FiscProfileRun *run, const GPtrArray *earlier, const char *group,
                          const char *name, const char *amount, int *out_amount)
{
    FiscPlace place = {.file = run->profile->profile_name, .field = group};
    for (guint i = 0; i < earlier->len; i++) {
        const FiscProfile *profile = earlier->pdata[i];
        if (strcmp(profile->profile_name, name) != 0) {
            continue;
        }
        *out_amount = fisc_profile_amount(profile, amount);
        if (*out_amount < 0) {
            fisc_reader_refuse(run->reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                               "%s has no amount \"%s\"", name, amount);
        }
        return *out_amount < 0 ? NULL : profile;
    }
    fisc_reader_refuse(run->reader, place, FISC_ERROR_VALUE_INVALID,
                       "give this profile a higher order",
                       "no profile \"%s\" was read before this one", name);
    return NULL;
}

static void
run_compare(FiscProfileRun *run, const GPtrArray *earlier, const FiscProfileCompare *compare)
{
    int amount = -1;
    const FiscProfile *other = fisc_profile_find_earlier(
        run, earlier, compare->group, compare->profile, compare->other_amount, &amount);
    if (other == NULL || other->sums == NULL) {
        return;
    }
    __int128 difference = run->profile->sums[compare->amount] - other->sums[amount];
    if (difference != 0) {
        char text[FISC_SUM_TEXT];
        fisc_reader_remark(run->reader, "%s: %s: by %s", run->profile->file, compare->text,
                           fisc_sum_format(difference, run->profile->decimals, text));
        fisc_profile_note_compare(run, compare, other->sums[amount]);
    }
}

/* Copies what the other file says may be paid: paying takes it away. */
static bool
prepare_relief(FiscProfileRun *run, const GPtrArray *earlier)
{
    const FiscProfileRelief *relief = &run->profile->relief;
    int amount = -1;
    if (relief->profile == NULL) {
        return true;
    }
    const FiscProfile *other = fisc_profile_find_earlier(run, earlier, "[relief]", relief->profile,
                                                         relief->amount, &amount);
    if (other == NULL) {
        return false;
    }
    GHashTableIter iterator;
    void *key, *amounts;
    g_hash_table_iter_init(&iterator, other->amounts_by_key);
    while (g_hash_table_iter_next(&iterator, &key, &amounts)) {
        g_hash_table_insert(run->left_by_key, g_strdup(key),
                            g_memdup2((int64_t *)amounts + amount, sizeof(int64_t)));
    }
    return true;
}

/* ---- the whole file ---- */

static FiscCsvOptions
table_options(const FiscProfile *profile, GPtrArray *names)
{
    for (guint i = 0; profile->has_header && i < profile->columns->len; i++) {
        const FiscProfileColumn *column = profile->columns->pdata[i];
        if (column->above_line == 0) {
            g_ptr_array_add(names, g_strdup(column->published));
        }
    }
    for (int i = 1; !profile->has_header && i <= profile->field_count; i++) {
        g_ptr_array_add(names, g_strdup_printf("%d", i));
    }
    g_ptr_array_add(names, NULL);
    const char *const *list = (const char *const *)names->pdata;
    return (FiscCsvOptions){.encoding = profile->encoding,
                            .separator = profile->separator,
                            .no_header = !profile->has_header,
                            .columns = profile->has_header ? NULL : list,
                            .required = profile->has_header ? list : NULL,
                            .preamble = profile->above_count,
                            .allow_unknown = true,
                            .allow_comments = profile->has_comments};
}

static bool
read_table(FiscProfileRun *run, GError **error)
{
    const FiscProfile *profile = run->profile;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    FiscCsvOptions options = table_options(profile, names);
    guint refusals_before = run->reader->refusals->len;
    if (!fisc_reader_csv(run->reader, profile->path, &options, &run->csv, error)) {
        return false;
    }
    if (run->csv == NULL && run->reader->refusals->len == refusals_before) {
        FiscPlace place = {.file = profile->profile_name, .field = "[file] name"};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                           "there is no file \"%s\" in the folder", profile->path);
    }
    return true;
}

static void
run_begin(FiscProfileRun *run)
{
    FiscProfile *profile = run->profile;
    gsize columns = profile->columns->len;
    run->texts = g_string_chunk_new(4096);
    run->scratch = g_string_new(NULL);
    run->steps = g_ptr_array_new();
    run->field_of = g_new0(int, columns);
    run->slots = g_new0(const char *, columns + FISC_SLOT_BUILT_IN_COUNT + profile->values->len);
    run->differences = g_new0(int, (gsize)profile->checks->len + 1);
    run->amounts = g_new0(int64_t, (gsize)profile->amount_count + 1);
    run->line_of_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run->left_by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    run->excess_by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run->gathered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run->gathered_lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    run->evens = g_ptr_array_new();
    g_ptr_array_set_size(run->evens, (int)profile->checks->len);
    run->rounding = g_new0(FiscRounding, (gsize)profile->amount_count + 1);
    run->mapped = g_ptr_array_new();
    g_ptr_array_set_size(run->mapped, (int)profile->values->len);
    run->pools = fisc_profile_pools_new();
    profile->sums_by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    profile->sums = g_new0(__int128, (gsize)profile->amount_count + 1);
    profile->amounts_by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; profile->steps != NULL && profile->steps[i] != NULL; i++) {
        g_autofree char *title = g_strdup_printf("%s: %s", profile->file, profile->steps[i]);
        g_ptr_array_add(run->steps, fisc_reader_step(run->reader, title, profile->source));
    }
}

static void
run_end(FiscProfileRun *run)
{
    fisc_csv_free(run->csv);
    g_string_chunk_free(run->texts);
    g_string_free(run->scratch, TRUE);
    g_ptr_array_unref(run->steps);
    g_free(run->field_of);
    g_free(run->slots);
    g_free(run->amounts);
    g_free(run->differences);
    g_free(run->rounding);
    g_ptr_array_unref(run->mapped);
    g_free(run->is_taken);
    g_hash_table_unref(run->line_of_key);
    g_hash_table_unref(run->left_by_key);
    g_hash_table_unref(run->excess_by_key);
    g_hash_table_unref(run->gathered);
    g_hash_table_unref(run->gathered_lines);
    g_ptr_array_unref(run->evens);
    fisc_profile_pools_free(run->pools);
    fisc_profile_series_free(run->series);
}

static void
take_rows(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        run->field_of[i] =
            column->above_line > 0 ? -1 : fisc_csv_column(run->csv, column->published);
    }
    if (!fisc_profile_above_begin(run)) {
        return;
    }
    if (run->profile->tree.within != NULL) {
        fisc_profile_grow_tree(run);
    }
    if (run->profile->cumulative.within != NULL) {
        fisc_profile_cumulative_begin(run);
    }
    for (guint i = 0; i < run->csv->rows->len; i++) {
        if (run->is_taken == NULL || run->is_taken[i]) {
            fisc_profile_go_to(run, i);
            take_row(run);
        }
    }
}

/* Entries grow until the last row (the excess does), so they are judged after it. */
static void
finish_steps(FiscProfileRun *run)
{
    for (guint i = 0; i < run->steps->len; i++) {
        const FiscSubmission *submission = run->steps->pdata[i];
        for (guint j = 0; j < submission->entries->len; j++) {
            fisc_reader_finish_entry(run->reader, submission, submission->entries->pdata[j]);
        }
    }
}

static void
take_file(FiscProfileRun *run, const GPtrArray *earlier)
{
    const FiscProfile *profile = run->profile;
    if (!prepare_relief(run, earlier) || !fisc_profile_listed_begin(run, earlier)) {
        return;
    }
    take_rows(run);
    fisc_profile_cancel_finish(run);
    fisc_profile_gather_finish(run);
    fisc_profile_even_finish(run); /* first: what the publisher should mend */
    finish_steps(run);
    take_totals(run);
    fisc_profile_tell_mapped(run);
    count_differences(run);
    for (guint i = 0; i < profile->compares->len; i++) {
        run_compare(run, earlier, profile->compares->pdata[i]);
    }
}

bool
fisc_profile_run(FiscReader *reader, FiscProfile *profile, const GPtrArray *earlier, GError **error)
{
    FiscProfileRun run = {.reader = reader, .profile = profile};
    run_begin(&run);
    bool is_read = read_table(&run, error);
    if (is_read && run.csv != NULL) {
        take_file(&run, earlier);
    }
    run_end(&run);
    return is_read;
}
