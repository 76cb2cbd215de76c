/* intake_run.c: what the intake writes down of runs: how far they came, how they ended, what they
 * refused, what stands in suspense. Runs of a feeder that go together are written together: a
 * statement, and its commit, cost as much for one as for twenty. */
#include "app/flows/intake.h"
#include "core/base/hash.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    char *name, *detail;
    gint64 at_us;
} Stage;

static void
stage_free(gpointer data)
{
    Stage *stage = data;
    g_free(stage->name);
    g_free(stage->detail);
    g_free(stage);
}

FiscIntakeRun *
fisc_intake_run_new(FiscPullRun *told)
{
    FiscIntakeRun *run = g_new0(FiscIntakeRun, 1);
    run->told = told;
    run->deliveries = g_array_new(FALSE, FALSE, sizeof(int64_t));
    run->stages = g_ptr_array_new_with_free_func(stage_free);
    return run;
}

void
fisc_intake_run_free(FiscIntakeRun *run)
{
    if (run != NULL) {
        g_array_unref(run->deliveries);
        g_ptr_array_unref(run->stages);
        g_free(run->receipt);
        g_free(run);
    }
}

void
fisc_intake_reach(FiscIntakeRun *run, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Stage *stage = g_new0(Stage, 1);
    *stage = (Stage){g_strdup(name), g_strdup_vprintf(format, arguments), g_get_monotonic_time()};
    va_end(arguments);
    if (run->stages->len > 0) { /* the order is told by the time */
        const Stage *before = run->stages->pdata[run->stages->len - 1];
        stage->at_us = MAX(stage->at_us, before->at_us + 1);
    }
    g_ptr_array_add(run->stages, stage);
}

/* Lists, column by column ------------------------------------------------------------------------
 */

/* A column of an argument, grown row by row; texts are borrowed, but for those of text_take(). */
typedef struct {
    GArray *numbers;  /* of int32_t or int64_t */
    GPtrArray *texts; /* of const char * */
    GPtrArray *owned; /* of char *: of the texts */
} Column;

static void
column_clear(Column *column)
{
    g_clear_pointer(&column->numbers, g_array_unref);
    g_clear_pointer(&column->texts, g_ptr_array_unref);
    g_clear_pointer(&column->owned, g_ptr_array_unref);
}

static void
columns_clear(Column *columns, int count)
{
    for (int i = 0; i < count; i++) {
        column_clear(&columns[i]);
    }
}

static void
add_int4(Column *column, int32_t number)
{
    column->numbers =
        column->numbers != NULL ? column->numbers : g_array_new(FALSE, FALSE, sizeof number);
    g_array_append_val(column->numbers, number);
}

static void
add_int8(Column *column, int64_t number)
{
    column->numbers =
        column->numbers != NULL ? column->numbers : g_array_new(FALSE, FALSE, sizeof number);
    g_array_append_val(column->numbers, number);
}

static void
add_text(Column *column, const char *text)
{
    column->texts = column->texts != NULL ? column->texts : g_ptr_array_new();
    g_ptr_array_add(column->texts, (gpointer)(text != NULL ? text : ""));
}

static void
take_text(Column *column, char *text)
{
    column->owned = column->owned != NULL ? column->owned : g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(column->owned, text);
    add_text(column, text);
}

static void
add_sum(Column *column, __int128 sum)
{
    char text[FISC_SUM_TEXT];
    take_text(column, g_strdup(fisc_sum_format(sum, 0, text)));
}

static FiscArg
int4s(const Column *column)
{
    const GArray *numbers = column->numbers;
    return fisc_int4_array(numbers != NULL ? (const int32_t *)(const void *)numbers->data : NULL,
                           numbers != NULL ? (int)numbers->len : 0);
}

static FiscArg
int8s(const Column *column)
{
    const GArray *numbers = column->numbers;
    return fisc_int8_array(numbers != NULL ? (const int64_t *)(const void *)numbers->data : NULL,
                           numbers != NULL ? (int)numbers->len : 0);
}

static FiscArg
texts(const Column *column)
{
    const GPtrArray *words = column->texts;
    return fisc_text_array(words != NULL ? (const char *const *)words->pdata : NULL,
                           words != NULL ? (int)words->len : 0);
}

/* Runs by their numbers. */
static FiscArg
ids_of(const GPtrArray *runs)
{
    Column ids = {0};
    for (guint i = 0; i < runs->len; i++) {
        add_int8(&ids, ((const FiscIntakeRun *)runs->pdata[i])->run_id);
    }
    FiscArg arg = int8s(&ids);
    column_clear(&ids);
    return arg;
}

/* Stages -----------------------------------------------------------------------------------------
 */

enum { PLACE, NAME, DETAIL, AGE, STAGE_COLUMNS };

#define STAGE_ARGS(stages)                                                                         \
    int4s(&(stages)[PLACE]), texts(&(stages)[NAME]), texts(&(stages)[DETAIL]), int8s(&(stages)[AGE])

/* Stages of all runs, each with the place of its run, from 1, and as so many microseconds ago. */
static void
list_stages(const GPtrArray *runs, Column stages[STAGE_COLUMNS])
{
    gint64 now_us = g_get_monotonic_time();
    for (guint i = 0; i < runs->len; i++) {
        const FiscIntakeRun *run = runs->pdata[i];
        for (guint k = 0; k < run->stages->len; k++) {
            const Stage *stage = run->stages->pdata[k];
            add_int4(&stages[PLACE], (int32_t)i + 1);
            add_text(&stages[NAME], stage->name);
            add_text(&stages[DETAIL], stage->detail);
            add_int8(&stages[AGE], now_us - stage->at_us);
        }
    }
}

static void
forget_stages(GPtrArray *runs)
{
    for (guint i = 0; i < runs->len; i++) {
        g_ptr_array_set_size(((FiscIntakeRun *)runs->pdata[i])->stages, 0);
    }
}

static void
take_numbers(const FiscRows *rows, GPtrArray *runs)
{
    int count = 0;
    g_autofree int64_t *numbers = fisc_rows_int8_array(rows, 0, 0, &count);
    g_assert(count == (int)runs->len);
    for (guint i = 0; i < runs->len; i++) {
        FiscIntakeRun *run = runs->pdata[i];
        run->run_id = run->told->run_id = numbers[i];
    }
}

bool
fisc_intake_begin(FiscContext *ctx, const FiscFeeder *feeder, const uint8_t map[32],
                  GPtrArray *runs, GError **error)
{
    enum { PART, DELIVERY_PLACE, DELIVERY, COLUMNS };
    Column columns[COLUMNS] = {0}, stages[STAGE_COLUMNS] = {0};
    g_autoptr(FiscRows) rows = NULL;
    if (ctx->is_dry_run) {
        return true;
    }
    for (guint i = 0; i < runs->len; i++) {
        const FiscIntakeRun *run = runs->pdata[i];
        add_text(&columns[PART], run->told->part);
        for (guint k = 0; k < run->deliveries->len; k++) {
            add_int4(&columns[DELIVERY_PLACE], (int32_t)i + 1);
            add_int8(&columns[DELIVERY], g_array_index(run->deliveries, int64_t, k));
        }
    }
    list_stages(runs, stages);
    bool is_done = fisc_intake_ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_BEGIN_RUNS,
                                   FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name),
                                             fisc_text_array((const char *const *)feeder->entities,
                                                             (int)g_strv_length(feeder->entities)),
                                             fisc_bytea(map, FISC_HASH_SIZE), texts(&columns[PART]),
                                             int4s(&columns[DELIVERY_PLACE]),
                                             int8s(&columns[DELIVERY]), STAGE_ARGS(stages)),
                                   &rows, error);
    columns_clear(columns, COLUMNS);
    columns_clear(stages, STAGE_COLUMNS);
    if (is_done) {
        forget_stages(runs);
        take_numbers(rows, runs);
    }
    return is_done;
}

bool
fisc_intake_keep_stages(FiscContext *ctx, GPtrArray *runs, GError **error)
{
    Column stages[STAGE_COLUMNS] = {0};
    if (ctx->is_dry_run || runs->len == 0) {
        return true;
    }
    list_stages(runs, stages);
    bool is_done = fisc_intake_ask(
        ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_REACH,
        FISC_ARGS(fisc_int4(ctx->book_id), ids_of(runs), STAGE_ARGS(stages)), NULL, error);
    columns_clear(stages, STAGE_COLUMNS);
    forget_stages(runs);
    return is_done;
}

/* The end ----------------------------------------------------------------------------------------
 */

static bool
note_rejects(FiscContext *ctx, const GPtrArray *runs, GError **error)
{
    enum { RUN, ORDINAL, FILE_NAME, LINE, FIELD, CODE, DETAILS, COLUMNS };
    Column columns[COLUMNS] = {0};
    for (guint i = 0; i < runs->len; i++) {
        const FiscIntakeRun *run = runs->pdata[i];
        const FiscRefusals *refusals = run->told->refusals;
        for (guint k = 0; refusals != NULL && k < refusals->len; k++) {
            const FiscRefusal *refusal = refusals->pdata[k];
            add_int8(&columns[RUN], run->run_id);
            add_int4(&columns[ORDINAL], (int32_t)k + 1);
            add_text(&columns[FILE_NAME], refusal->file);
            add_int4(&columns[LINE], refusal->line);
            add_text(&columns[FIELD], refusal->field);
            add_text(&columns[CODE], fisc_error_name(refusal->code));
            add_text(&columns[DETAILS], refusal->detail != NULL
                                            ? refusal->detail
                                            : fisc_error_sentence(refusal->code));
        }
    }
    bool is_done = columns[RUN].numbers == NULL ||
                   fisc_intake_ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_REJECTS,
                                   FISC_ARGS(fisc_int4(ctx->book_id), int8s(&columns[RUN]),
                                             int4s(&columns[ORDINAL]), texts(&columns[FILE_NAME]),
                                             int4s(&columns[LINE]), texts(&columns[FIELD]),
                                             texts(&columns[CODE]), texts(&columns[DETAILS])),
                                   NULL, error);
    columns_clear(columns, COLUMNS);
    return is_done;
}

static bool
note_suspense(FiscContext *ctx, const GPtrArray *runs, GError **error)
{
    enum { RUN, MAP, CODE, ROWS, VALUE, COLUMNS };
    Column columns[COLUMNS] = {0};
    for (guint i = 0; i < runs->len; i++) {
        const FiscIntakeRun *run = runs->pdata[i];
        for (guint k = 0; k < run->told->unknown->len; k++) {
            const FiscSuspense *one = run->told->unknown->pdata[k];
            add_int8(&columns[RUN], run->run_id);
            add_text(&columns[MAP], one->map);
            add_text(&columns[CODE], one->code);
            add_int8(&columns[ROWS], one->rows);
            add_sum(&columns[VALUE], one->value);
        }
    }
    bool is_done = columns[RUN].numbers == NULL ||
                   fisc_intake_ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_SUSPENSE,
                                   FISC_ARGS(fisc_int4(ctx->book_id), int8s(&columns[RUN]),
                                             texts(&columns[MAP]), texts(&columns[CODE]),
                                             int8s(&columns[ROWS]), texts(&columns[VALUE])),
                                   NULL, error);
    columns_clear(columns, COLUMNS);
    return is_done;
}

enum {
    OUTCOME,
    REASON,
    ROW_COUNT,
    VALUE,
    MAPPED,
    SUSPENSE,
    POSTED,
    REVERSED,
    UNCHANGED,
    BATCH,
    RECEIPT,
    SIGNATURE,
    END_COLUMNS
};

static char *
format_signature(const FiscIntakeRun *run)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; run->is_signed && i < sizeof run->signature; i++) {
        g_string_append_printf(text, "%02x", run->signature[i]);
    }
    return g_string_free(text, FALSE);
}

static void
list_end(const FiscIntakeRun *run, Column columns[END_COLUMNS])
{
    const FiscPullRun *told = run->told;
    add_text(&columns[OUTCOME], fisc_pull_outcome_word(told->outcome));
    add_text(&columns[REASON], told->reason);
    add_int8(&columns[ROW_COUNT], told->rows);
    add_sum(&columns[VALUE], told->value);
    add_sum(&columns[MAPPED], told->mapped);
    add_sum(&columns[SUSPENSE], told->suspense);
    add_int4(&columns[POSTED], told->posted);
    add_int4(&columns[REVERSED], told->reversed);
    add_int4(&columns[UNCHANGED], told->unchanged);
    add_int8(&columns[BATCH], run->batch_no);
    add_text(&columns[RECEIPT], run->receipt);
    take_text(&columns[SIGNATURE], format_signature(run));
}

static bool
write_ends(FiscContext *ctx, GPtrArray *runs, GError **error)
{
    Column columns[END_COLUMNS] = {0}, stages[STAGE_COLUMNS] = {0};
    for (guint i = 0; i < runs->len; i++) {
        list_end(runs->pdata[i], columns);
    }
    list_stages(runs, stages);
    bool is_done = fisc_intake_ask(
        ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_END_RUNS,
        FISC_ARGS(fisc_int4(ctx->book_id), ids_of(runs), texts(&columns[OUTCOME]),
                  texts(&columns[REASON]), int8s(&columns[ROW_COUNT]), texts(&columns[VALUE]),
                  texts(&columns[MAPPED]), texts(&columns[SUSPENSE]), int4s(&columns[POSTED]),
                  int4s(&columns[REVERSED]), int4s(&columns[UNCHANGED]), int8s(&columns[BATCH]),
                  texts(&columns[RECEIPT]), texts(&columns[SIGNATURE]), STAGE_ARGS(stages)),
        NULL, error);
    columns_clear(columns, END_COLUMNS);
    columns_clear(stages, STAGE_COLUMNS);
    return is_done;
}

bool
fisc_intake_end(FiscContext *ctx, GPtrArray *runs, GError **error)
{
    return ctx->is_dry_run || runs->len == 0 ||
           (note_rejects(ctx, runs, error) && note_suspense(ctx, runs, error) &&
            write_ends(ctx, runs, error));
}
