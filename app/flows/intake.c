/* intake.c: what the intake writes down of its own work, and reads back: documents as they came,
 * runs and their stages, how feeders answer. The books themselves go another way: by the poster. */
#include "app/flows/intake.h"
#include "core/base/hash.h"
#include "fisc/money.h"
#include "integrations/settle.h"
#include <string.h>

void
fisc_delivery_free(FiscDelivery *delivery)
{
    if (delivery != NULL) {
        g_free(delivery->document);
        g_free(delivery->tag);
        g_free(delivery->origin);
        g_free(delivery->status);
        g_free(delivery);
    }
}

/* One statement: it needs no block around it, unless it has to be taken back. */
static bool
ask(FiscContext *ctx, FiscTxMode mode, FiscSql sql, FiscArg *args, int count, FiscRows **out_rows,
    GError **error)
{
    bool is_undone = mode == FISC_TX_WRITE && ctx->is_dry_run;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, is_undone ? FISC_TX_WRITE : FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, sql, args, count, &rows, error) ||
        (!is_undone && !fisc_tx_commit(g_steal_pointer(&tx), error))) {
        return false;
    }
    if (out_rows != NULL) {
        *out_rows = g_steal_pointer(&rows);
    }
    return true;
}

static FiscArg
texts(char **words)
{
    return fisc_text_array((const char *const *)words, (int)g_strv_length(words));
}

/* Documents ------------------------------------------------------------------------------------ */

static FiscDelivery *
read_delivery(const FiscRows *rows, int row)
{
    enum { DOCUMENT, VERSION, DELIVERY, DIGEST, TAG, ORIGIN, STATUS, SIGNER, RECEIVED, BYTES };
    FiscDelivery *delivery = g_new0(FiscDelivery, 1);
    int length = 0;
    const uint8_t *digest = fisc_rows_bytea(rows, row, DIGEST, &length);
    delivery->document = g_strdup(fisc_rows_text(rows, row, DOCUMENT));
    delivery->version = fisc_rows_int4(rows, row, VERSION);
    delivery->delivery_id = fisc_rows_int8(rows, row, DELIVERY);
    delivery->tag = g_strdup(fisc_rows_text(rows, row, TAG));
    delivery->origin = g_strdup(fisc_rows_text(rows, row, ORIGIN));
    delivery->status = g_strdup(fisc_rows_text(rows, row, STATUS));
    delivery->bytes = fisc_rows_int8(rows, row, BYTES);
    if (length == FISC_HASH_SIZE) {
        memcpy(delivery->digest, digest, FISC_HASH_SIZE);
    }
    return delivery;
}

bool
fisc_intake_newest(FiscContext *ctx, const char *feeder, GPtrArray **out_deliveries, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_NEWEST,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder)), &rows, error)) {
        return false;
    }
    *out_deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_delivery_free);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        g_ptr_array_add(*out_deliveries, read_delivery(rows, i));
    }
    return true;
}

bool
fisc_intake_body(FiscContext *ctx, const uint8_t digest[32], GBytes **out_body, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_BODY,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, FISC_HASH_SIZE)), &rows,
             error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        char hex[FISC_HASH_TEXT];
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "nothing was received with the digest %s",
                         fisc_hash_format(digest, hex));
    }
    int length = 0;
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, 0, &length);
    *out_body = g_bytes_new(bytes, (gsize)length);
    return true;
}

bool
fisc_intake_keep(FiscContext *ctx, const FiscFeeder *feeder, GBytes *body, uint8_t out_digest[32],
                 GError **error)
{
    gsize length = 0;
    const void *bytes = g_bytes_get_data(body, &length);
    fisc_hash_data(bytes, length, out_digest);
    return ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_KEEP_BODY,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(out_digest, FISC_HASH_SIZE),
                         fisc_bytea(bytes, length), texts(feeder->entities)),
               NULL, error);
}

bool
fisc_intake_receive(FiscContext *ctx, const FiscFeeder *feeder, const FiscFound *found,
                    const char *tag, GBytes *body, FiscReceived *out_received, GError **error)
{
    enum { DELIVERY, VERSION, IS_NEW, IS_CONFLICT };
    g_autoptr(FiscRows) rows = NULL;
    uint8_t digest[FISC_HASH_SIZE];
    gsize length = 0;
    const void *bytes = g_bytes_get_data(body, &length);
    const char *status = *found->signer != '\0' ? "certified" : "provisional";
    fisc_hash_data(bytes, length, digest);
    if (!ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_RECEIVE,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name), fisc_text(found->name),
                       fisc_bytea(digest, FISC_HASH_SIZE), fisc_bytea(bytes, length),
                       texts(feeder->entities), fisc_text(feeder->at), fisc_text(tag),
                       fisc_text(found->declared), fisc_text(status), fisc_text(found->signer)),
             &rows, error)) {
        return false;
    }
    out_received->version = fisc_rows_int4(rows, 0, VERSION);
    out_received->is_new = fisc_rows_int4(rows, 0, IS_NEW) != 0;
    out_received->is_conflict = fisc_rows_int4(rows, 0, IS_CONFLICT) != 0;
    return true;
}

/* Runs ----------------------------------------------------------------------------------------- */

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

GPtrArray *
fisc_intake_stages_new(void)
{
    return g_ptr_array_new_with_free_func(stage_free);
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

/* Stages as three arguments: names, details, microseconds ago. */
typedef struct {
    const char **names, **details;
    int64_t *ages;
    int count;
} StageArgs;

static StageArgs
stage_args(const FiscIntakeRun *run)
{
    guint count = run->stages->len;
    gint64 now_us = g_get_monotonic_time();
    StageArgs args = {g_new0(const char *, count + 1), g_new0(const char *, count + 1),
                      g_new0(int64_t, count + 1), (int)count};
    for (guint i = 0; i < count; i++) {
        const Stage *stage = run->stages->pdata[i];
        args.names[i] = stage->name;
        args.details[i] = stage->detail;
        args.ages[i] = now_us - stage->at_us;
    }
    return args;
}

static void
stage_args_clear(StageArgs *args)
{
    g_free(args->names);
    g_free(args->details);
    g_free(args->ages);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StageArgs, stage_args_clear)

#define STAGE_ARGS(args)                                                                           \
    fisc_text_array((args).names, (args).count), fisc_text_array((args).details, (args).count),    \
        fisc_int8_array((args).ages, (args).count)

bool
fisc_intake_begin(FiscContext *ctx, const FiscFeeder *feeder, const char *part,
                  const uint8_t map[32], const GArray *deliveries, FiscIntakeRun *run,
                  GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_auto(StageArgs) stages = stage_args(run);
    if (ctx->is_dry_run) {
        return true;
    }
    if (!ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_BEGIN_RUN,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name), fisc_text(part),
                       texts(feeder->entities), fisc_bytea(map, FISC_HASH_SIZE),
                       fisc_int8_array((const int64_t *)(const void *)deliveries->data,
                                       (int)deliveries->len),
                       STAGE_ARGS(stages)),
             &rows, error)) {
        return false;
    }
    g_ptr_array_set_size(run->stages, 0);
    run->run_id = fisc_rows_int8(rows, 0, 0);
    run->told->run_id = run->run_id;
    return true;
}

bool
fisc_intake_keep_stages(FiscContext *ctx, FiscIntakeRun *run, GError **error)
{
    g_auto(StageArgs) stages = stage_args(run);
    if (ctx->is_dry_run) {
        return true;
    }
    bool is_done =
        ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_REACH,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run->run_id), STAGE_ARGS(stages)), NULL,
            error);
    g_ptr_array_set_size(run->stages, 0);
    return is_done;
}

static bool
note_rejects(FiscContext *ctx, const FiscIntakeRun *run, GError **error)
{
    const FiscRefusals *refusals = run->told->refusals;
    guint count = refusals != NULL ? refusals->len : 0;
    if (count == 0) {
        return true;
    }
    g_autofree const char **files = g_new0(const char *, count);
    g_autofree int32_t *lines = g_new0(int32_t, count);
    g_autofree const char **fields = g_new0(const char *, count);
    g_autofree const char **codes = g_new0(const char *, count);
    g_autofree const char **details = g_new0(const char *, count);
    for (guint i = 0; i < count; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        files[i] = refusal->file != NULL ? refusal->file : "";
        lines[i] = refusal->line;
        fields[i] = refusal->field != NULL ? refusal->field : "";
        codes[i] = fisc_error_name(refusal->code);
        details[i] = refusal->detail != NULL ? refusal->detail : fisc_error_sentence(refusal->code);
    }
    int length = (int)count;
    return ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_REJECTS,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run->run_id),
                         fisc_text_array(files, length), fisc_int4_array(lines, length),
                         fisc_text_array(fields, length), fisc_text_array(codes, length),
                         fisc_text_array(details, length)),
               NULL, error);
}

static bool
note_suspense(FiscContext *ctx, const FiscIntakeRun *run, GError **error)
{
    const GPtrArray *unknown = run->told->unknown;
    guint count = unknown->len;
    if (count == 0) {
        return true;
    }
    g_autofree const char **maps = g_new0(const char *, count);
    g_autofree const char **codes = g_new0(const char *, count);
    g_autofree int64_t *rows = g_new0(int64_t, count);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < count; i++) {
        const FiscSuspense *one = unknown->pdata[i];
        char text[FISC_SUM_TEXT];
        maps[i] = one->map;
        codes[i] = one->code;
        rows[i] = one->rows;
        g_ptr_array_add(values, g_strdup(fisc_sum_format(one->value, 0, text)));
    }
    int length = (int)count;
    return ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_SUSPENSE,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run->run_id),
                         fisc_text_array(maps, length), fisc_text_array(codes, length),
                         fisc_int8_array(rows, length),
                         fisc_text_array((const char *const *)values->pdata, length)),
               NULL, error);
}

bool
fisc_intake_end(FiscContext *ctx, FiscIntakeRun *run, GError **error)
{
    const FiscPullRun *told = run->told;
    g_auto(StageArgs) stages = stage_args(run);
    char value[FISC_SUM_TEXT], mapped[FISC_SUM_TEXT], suspense[FISC_SUM_TEXT];
    if (ctx->is_dry_run) {
        return true;
    }
    return note_rejects(ctx, run, error) && note_suspense(ctx, run, error) &&
           ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_END_RUN,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run->run_id),
                         fisc_text(fisc_pull_outcome_word(told->outcome)), fisc_text(told->reason),
                         fisc_int8(told->rows), fisc_text(fisc_sum_format(told->value, 0, value)),
                         fisc_text(fisc_sum_format(told->mapped, 0, mapped)),
                         fisc_text(fisc_sum_format(told->suspense, 0, suspense)),
                         fisc_int4(told->posted), fisc_int4(told->reversed),
                         fisc_int4(told->unchanged), fisc_int8(run->batch_no),
                         fisc_text(run->receipt),
                         fisc_bytea(run->is_signed ? run->signature : NULL,
                                    run->is_signed ? sizeof run->signature : 0),
                         STAGE_ARGS(stages)),
               NULL, error);
}

bool
fisc_intake_note_try(FiscContext *ctx, const FiscFeeder *feeder, const char *cursor,
                     bool has_succeeded, const char *note, int64_t wait_s, GError **error)
{
    return ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_TRY,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name), texts(feeder->entities),
                         fisc_text(cursor), fisc_bool(has_succeeded), fisc_text(note),
                         fisc_int8(wait_s)),
               NULL, error);
}

void
fisc_watch_clear(FiscWatch *watch)
{
    g_clear_pointer(&watch->cursor, g_free);
}

bool
fisc_intake_watch(FiscContext *ctx, const char *feeder, FiscWatch *out_watch, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_WATCH,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder)), &rows, error)) {
        return false;
    }
    bool is_known = fisc_rows_count(rows) > 0;
    out_watch->cursor = g_strdup(is_known ? fisc_rows_text(rows, 0, 0) : "");
    out_watch->failures = is_known ? fisc_rows_int4(rows, 0, 1) : 0;
    out_watch->is_due = !is_known || fisc_rows_int4(rows, 0, 2) != 0;
    return true;
}

bool
fisc_intake_settled(FiscContext *ctx, const char *feeder, const uint8_t map[32],
                    bool with_quarantined, GHashTable **out_ids, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_SETTLED,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder), fisc_bytea(map, FISC_HASH_SIZE),
                       fisc_bool(with_quarantined)),
             &rows, error)) {
        return false;
    }
    *out_ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int64_t id = fisc_rows_int8(rows, i, 0);
        g_hash_table_add(*out_ids, g_memdup2(&id, sizeof id));
    }
    return true;
}

/* The books ------------------------------------------------------------------------------------ */

bool
fisc_intake_posted(FiscContext *ctx, const char *source, const char *prefix, GArray **out_posted,
                   GError **error)
{
    enum { REFERENCE, PERIOD, DIGEST };
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_REFERENCES,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(source), fisc_text(prefix)), &rows,
             error)) {
        return false;
    }
    GArray *posted = g_array_new(FALSE, TRUE, sizeof(FiscPostedReference));
    g_array_set_clear_func(posted, fisc_posted_reference_clear);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int length = 0;
        const uint8_t *digest = fisc_rows_bytea(rows, i, DIGEST, &length);
        FiscPostedReference row = {.reference = g_strdup(fisc_rows_text(rows, i, REFERENCE)),
                                   .period = fisc_rows_int4(rows, i, PERIOD)};
        memcpy(row.digest, digest, MIN((gsize)length, sizeof row.digest));
        g_array_append_val(posted, row);
    }
    *out_posted = posted;
    return true;
}
