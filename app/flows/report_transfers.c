/* report_transfers.c: what the report of transfers reads: lines of grants, from the month on in
 * which what is open began, and as much as who asks may see. */
#include "app/flows/internal.h"
#include "app/flows/report_snapshot.h"
#include "fisc/scope.h"

typedef struct {
    FiscPostedLines *lines;
    GHashTable *codings; /* id -> const FiscCoding *, of the balances */
} Reader;

static const char *
keep_text(const Reader *reader, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(reader->lines->chunk, text) : NULL;
}

static bool
each_line(const FiscCodingLine *line, void *data, GError **error)
{
    (void)error;
    const Reader *reader = data;
    const FiscCoding *coding =
        g_hash_table_lookup(reader->codings, GINT_TO_POINTER(line->coding_id));
    const FiscPostedLine kept = {.entry_id = line->entry_id,
                                 .line_no = line->line_no,
                                 .coding = *coding,
                                 .period = line->period,
                                 .effective = line->effective,
                                 .amount = line->amount,
                                 .reference = keep_text(reader, line->reference),
                                 .document = keep_text(reader, line->document),
                                 .source = keep_text(reader, line->source),
                                 .memo = keep_text(reader, line->memo),
                                 .batch_no = line->batch_no,
                                 .transfer = keep_text(reader, line->transfer),
                                 .corrects = line->corrects};
    g_array_append_val(reader->lines->rows, kept);
    return true;
}

/* Of every coding that has a balance. Caller unrefs. */
static GHashTable *
codings_by_id(const FiscBalances *balances)
{
    GHashTable *codings = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscCoding *coding = g_array_index(balances->rows, FiscBalance, i).coding;
        g_hash_table_insert(codings, GINT_TO_POINTER(coding->coding_id), (gpointer)coding);
    }
    return codings;
}

FiscTransferQuery
fisc_report_transfer_query(const FiscReportSnapshot *snapshot)
{
    return (FiscTransferQuery){.nation = snapshot->nation,
                               .balances = snapshot->balances,
                               .lines = snapshot->lines,
                               .unit = snapshot->query->unit,
                               .from = snapshot->from,
                               .to = snapshot->to,
                               .at = snapshot->moment.has_as_of ? snapshot->moment.as_of : 0,
                               .seen = snapshot->seen};
}

/* NULL for who sees the whole book. Caller unrefs. */
static GHashTable *
list_seen(const FiscContext *ctx)
{
    if (!fisc_flow_is_limited(ctx)) {
        return NULL;
    }
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) entities = fisc_scope_entities(ctx->scope);
    for (char **entity = entities; *entity != NULL; entity++) {
        g_hash_table_add(seen, g_strdup(*entity));
    }
    return seen;
}

bool
fisc_report_read_transfers(FiscTx *tx, FiscContext *ctx, FiscReportSnapshot *snapshot,
                           GError **error)
{
    snapshot->seen = list_seen(ctx);
    const FiscTransferQuery query = fisc_report_transfer_query(snapshot);
    g_autoptr(GHashTable) codings = codings_by_id(snapshot->balances);
    g_autoptr(GArray) ids = NULL;
    FiscPeriod since = 0;
    snapshot->lines = fisc_posted_lines_new();
    Reader reader = {snapshot->lines, codings};
    return fisc_transfers_wanted(&query, &ids, &since, error) &&
           (ids->len == 0 ||
            fisc_coding_lines_stream(tx, ctx->book_id, ids, since, snapshot->to, &snapshot->moment,
                                     each_line, &reader, error));
}
