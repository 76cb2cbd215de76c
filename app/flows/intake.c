/* intake.c: what the intake writes down of its own work, and reads back: documents as they came,
 * how feeders answer; runs are in intake_run.c. The books themselves go another way: by the poster.
 */
#include "app/flows/intake.h"
#include "core/base/hash.h"
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

bool
fisc_intake_ask(FiscContext *ctx, FiscTxMode mode, FiscSql sql, FiscArg *args, int count,
                FiscRows **out_rows, GError **error)
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
    if (!fisc_intake_ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_NEWEST,
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
    if (!fisc_intake_ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_BODY,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, FISC_HASH_SIZE)),
                         &rows, error)) {
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
    return fisc_intake_ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_KEEP_BODY,
                           FISC_ARGS(fisc_int4(ctx->book_id),
                                     fisc_bytea(out_digest, FISC_HASH_SIZE),
                                     fisc_bytea(bytes, length), texts(feeder->entities)),
                           NULL, error);
}

FiscArrival *
fisc_arrival_new(const FiscFound *found, const char *tag, GBytes *body)
{
    FiscArrival *arrival = g_new0(FiscArrival, 1);
    arrival->found = found;
    arrival->tag = g_strdup(tag);
    arrival->body = g_bytes_ref(body);
    return arrival;
}

void
fisc_arrival_free(FiscArrival *arrival)
{
    if (arrival != NULL) {
        g_free(arrival->tag);
        g_bytes_unref(arrival->body);
        g_free(arrival);
    }
}

/* Bodies end to end, and their digests. */
static void
append_body(const FiscArrival *arrival, GByteArray *digests, GByteArray *bodies, int64_t *out_size)
{
    uint8_t digest[FISC_HASH_SIZE];
    gsize length = 0;
    const void *bytes = g_bytes_get_data(arrival->body, &length);
    fisc_hash_data(bytes, length, digest);
    g_byte_array_append(digests, digest, sizeof digest);
    if (length > 0) {
        g_byte_array_append(bodies, bytes, (guint)length);
    }
    *out_size = (int64_t)length;
}

bool
fisc_intake_receive(FiscContext *ctx, const FiscFeeder *feeder, GPtrArray *arrivals, GError **error)
{
    enum { IS_NEW, IS_CONFLICT };
    int count = (int)arrivals->len;
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GByteArray) digests = g_byte_array_new();
    g_autoptr(GByteArray) bodies = g_byte_array_new();
    g_autofree int64_t *sizes = g_new0(int64_t, arrivals->len);
    g_autofree const char **words = g_new0(const char *, 5 * (gsize)arrivals->len);
    const char **names = words, **tags = names + count, **declared = tags + count,
               **statuses = declared + count, **signers = statuses + count;
    for (int i = 0; i < count; i++) {
        const FiscArrival *arrival = arrivals->pdata[i];
        append_body(arrival, digests, bodies, &sizes[i]);
        names[i] = arrival->found->name;
        tags[i] = arrival->tag;
        declared[i] = arrival->found->declared;
        statuses[i] = *arrival->found->signer != '\0' ? "certified" : "provisional";
        signers[i] = arrival->found->signer;
    }
    if (!fisc_intake_ask(
            ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_RECEIVE_ALL,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name), texts(feeder->entities),
                      fisc_text(feeder->at), fisc_text_array(names, count),
                      fisc_bytea(digests->data, digests->len),
                      fisc_bytea(bodies->data, bodies->len), fisc_int8_array(sizes, count),
                      fisc_text_array(tags, count), fisc_text_array(declared, count),
                      fisc_text_array(statuses, count), fisc_text_array(signers, count)),
            &rows, error)) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        FiscArrival *arrival = arrivals->pdata[i];
        arrival->is_new = fisc_rows_int4(rows, i, IS_NEW) != 0;
        arrival->is_conflict = fisc_rows_int4(rows, i, IS_CONFLICT) != 0;
    }
    return true;
}

/* Feeders ---------------------------------------------------------------------------------------
 */

bool
fisc_intake_note_try(FiscContext *ctx, const FiscFeeder *feeder, const char *cursor,
                     bool has_succeeded, const char *note, int64_t wait_s, GError **error)
{
    return fisc_intake_ask(ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NOTE_TRY,
                           FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder->name),
                                     texts(feeder->entities), fisc_text(cursor),
                                     fisc_bool(has_succeeded), fisc_text(note), fisc_int8(wait_s)),
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
    if (!fisc_intake_ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_WATCH,
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
    if (!fisc_intake_ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_SETTLED,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder),
                                   fisc_bytea(map, FISC_HASH_SIZE), fisc_bool(with_quarantined)),
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

static void
posted_free(gpointer posted)
{
    g_array_unref(posted);
}

bool
fisc_intake_posted(FiscContext *ctx, const char *source, const char *const *parts, int count,
                   GHashTable **out_posted, GError **error)
{
    enum { PART, REFERENCE, PERIOD, DIGEST };
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_intake_ask(
            ctx, FISC_TX_READ, FISC_SQL_INTAKE_REFERENCES,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(source), fisc_text_array(parts, count)),
            &rows, error)) {
        return false;
    }
    *out_posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, posted_free);
    for (int i = 0; i < count; i++) {
        GArray *posted = g_array_new(FALSE, TRUE, sizeof(FiscPostedReference));
        g_array_set_clear_func(posted, fisc_posted_reference_clear);
        g_hash_table_replace(*out_posted, g_strdup(parts[i]), posted);
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int length = 0;
        const uint8_t *digest = fisc_rows_bytea(rows, i, DIGEST, &length);
        GArray *posted = g_hash_table_lookup(*out_posted, fisc_rows_text(rows, i, PART));
        FiscPostedReference row = {.reference = g_strdup(fisc_rows_text(rows, i, REFERENCE)),
                                   .period = fisc_rows_int4(rows, i, PERIOD)};
        memcpy(row.digest, digest, MIN((gsize)length, sizeof row.digest));
        g_array_append_val(posted, row);
    }
    return true;
}
