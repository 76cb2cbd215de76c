/* feed.c: see feed.h. */
#include "app/flows/feed.h"
#include "app/flows/person.h"
#include "app/flows/pull.h"
#include "core/base/hash.h"
#include "fisc/signin.h"
#include "integrations/settle.h"
#include <stdlib.h>
#include <string.h>

bool
fisc_feed_is_feed(const FiscDocument *document)
{
    return strcmp(document->action, FISC_FEED) == 0;
}

/* Basis --------------------------------------------------------------------------------------- */

FiscPeriod
fisc_feed_open_period(const GArray *periods, FiscPeriod period)
{
    bool has_year = false;
    FiscPeriod next = 0;
    for (guint i = 0; i < periods->len; i++) {
        const FiscPeriodState *row = &g_array_index(periods, FiscPeriodState, i);
        bool is_open = strcmp(row->state, "open") == 0;
        has_year = has_year || fisc_period_year(row->period) == fisc_period_year(period);
        bool is_month = row->period % 100 >= 1 && row->period % 100 <= 12;
        if (row->period == period && is_open) {
            return period;
        }
        if (row->period > period && is_month && is_open && (next == 0 || row->period < next)) {
            next = row->period;
        }
    }
    return has_year ? next : period;
}

static void
add_period(FiscHash *hash, const GArray *periods, FiscPeriod period)
{
    fisc_hash_add_int(hash, period);
    fisc_hash_add_int(hash, fisc_feed_open_period(periods, period));
}

char *
fisc_feed_basis(const uint8_t map[32], const GArray *deliveries, const GArray *posted,
                const GArray *periods, FiscPeriod from, FiscPeriod to)
{
    FiscHash *hash = fisc_hash_new();
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_add_bytes(hash, map, FISC_HASH_SIZE);
    for (guint i = 0; i < deliveries->len; i++) {
        fisc_hash_add_int(hash, g_array_index(deliveries, int64_t, i));
    }
    for (guint i = 0; posted != NULL && i < posted->len; i++) {
        const FiscPostedReference *row = &g_array_index(posted, FiscPostedReference, i);
        fisc_hash_add_text(hash, row->reference);
        fisc_hash_add_bytes(hash, row->digest, FISC_HASH_SIZE);
        add_period(hash, periods, row->period);
    }
    for (FiscPeriod period = from; period <= to; period++) {
        if (period % 100 <= 13) {
            add_period(hash, periods, period);
        }
    }
    fisc_hash_finish(hash, digest);
    fisc_hash_free(hash);
    return g_strdup(fisc_hash_format(digest, hex));
}

/* Still so? ----------------------------------------------------------------------------------- */

static FiscPeriod
period_of(const json_t *words, const char *name)
{
    return (FiscPeriod)json_integer_value(json_object_get(words, name));
}

/* The newest versions of what the run has read. Caller unrefs. */
static bool
find_deliveries(FiscContext *ctx, const json_t *words, GArray **out_ids, GError **error)
{
    const char *part = fisc_flow_word(words, "part");
    g_autoptr(GPtrArray) newest = NULL;
    if (!fisc_intake_newest(ctx, fisc_flow_word(words, "feeder"), &newest, error)) {
        return false;
    }
    *out_ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < newest->len; i++) {
        const FiscDelivery *delivery = newest->pdata[i];
        if (*part == '\0' || strcmp(part, delivery->document) == 0) {
            g_array_append_val(*out_ids, delivery->delivery_id);
        }
    }
    return true;
}

static bool
read_periods(FiscContext *ctx, GArray **out_periods, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_periods_load(tx, ctx->book_id, out_periods, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* The map that the feeder is read by today; false: there is none. */
static bool
find_map(const FiscNation *nation, const char *feeder, uint8_t out_digest[32])
{
    const FiscFact *fact = fisc_nation_fact(nation, "feeder", feeder);
    g_autoptr(GHashTable) maps = fisc_feeder_maps(nation, fisc_flow_today());
    const FiscFact *map =
        fact != NULL ? g_hash_table_lookup(maps, fisc_feeder_map_owner(fact)) : NULL;
    return map != NULL && fisc_feeder_map_read(map, feeder, out_digest, NULL);
}

/* The basis as it is now; "" when there is none any more. Caller frees. */
static bool
read_basis(FiscContext *ctx, const FiscNation *nation, const json_t *words, char **out_basis,
           GError **error)
{
    const char *feeder = fisc_flow_word(words, "feeder");
    const char *part = fisc_flow_word(words, "part");
    uint8_t map[FISC_HASH_SIZE];
    g_autoptr(GArray) deliveries = NULL;
    g_autoptr(GArray) periods = NULL;
    g_autoptr(GHashTable) posted = NULL;
    if (!find_map(nation, feeder, map)) {
        *out_basis = g_strdup("");
        return true;
    }
    if (!find_deliveries(ctx, words, &deliveries, error) || !read_periods(ctx, &periods, error) ||
        !fisc_intake_posted(ctx, feeder, &part, 1, &posted, error)) {
        return false;
    }
    *out_basis = fisc_feed_basis(map, deliveries, g_hash_table_lookup(posted, part), periods,
                                 period_of(words, "from"), period_of(words, "to"));
    return true;
}

bool
fisc_feed_check(FiscContext *ctx, const FiscNation *nation, const FiscDocument *document,
                FiscRefusals *refusals, GError **error)
{
    g_autofree char *basis = NULL;
    json_t *words = fisc_flow_read_reference(document->payload, FISC_FEED);
    bool is_done = read_basis(ctx, nation, words, &basis, error);
    bool is_so = is_done && *basis != '\0' && strcmp(basis, fisc_flow_word(words, "basis")) == 0;
    if (is_done && !is_so) {
        fisc_refusals_add(refusals, FISC_ERROR_DOCUMENT_CHANGED, NULL, 0, NULL,
                          "document %s: %s would post something else by now: a newer version came, "
                          "the map is another one, or the books have changed; the next pull stages "
                          "it anew",
                          document->id, fisc_flow_word(words, "feeder"));
    }
    json_decref(words);
    return is_done;
}

/* What became of it --------------------------------------------------------------------------- */

static const FiscDocumentStep *
last_step(const FiscDocument *document)
{
    return &g_array_index(document->steps, FiscDocumentStep, document->steps->len - 1);
}

/* What the source is told: as it was staged, with what came of it. Caller frees. */
static char *
make_receipt(const FiscDocument *document, int64_t batch_no)
{
    static const char *const own[] = {"basis", "content", "from", "to", "restated"};
    json_t *words = fisc_flow_read_reference(document->payload, FISC_FEED);
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
        json_object_del(words, own[i]);
    }
    json_object_set_new(words, "outcome", json_string("posted"));
    json_object_set_new(words, "batch", json_integer(batch_no));
    char *dumped = json_dumps(words, JSON_SORT_KEYS | JSON_COMPACT);
    char *text = g_strdup(dumped);
    free(dumped);
    json_decref(words);
    return text;
}

static char *
sign(const FiscSignKey *key, const char *receipt)
{
    uint8_t signature[64];
    GString *hex = g_string_new(NULL);
    if (key != NULL) {
        fisc_sign(key, receipt, strlen(receipt), signature);
        for (gsize i = 0; i < sizeof signature; i++) {
            g_string_append_printf(hex, "%02x", signature[i]);
        }
    }
    return g_string_free(hex, FALSE);
}

static char *
word_of(const FiscDocument *document, const char *name)
{
    json_t *words = fisc_flow_read_reference(document->payload, FISC_FEED);
    char *word = g_strdup(fisc_flow_word(words, name));
    json_decref(words);
    return word;
}

bool
fisc_feed_close(FiscContext *ctx, const FiscDocument *document, bool acknowledges,
                const FiscSignKey *key, GError **error)
{
    const FiscDocumentStep *last = last_step(document);
    bool is_done = strcmp(document->state, "done") == 0;
    bool is_rejected = strcmp(document->state, "rejected") == 0;
    if (!is_done && !is_rejected && strcmp(document->state, "withdrawn") != 0) {
        return true;
    }
    g_autofree char *feeder = word_of(document, "feeder");
    g_autofree char *why = g_strdup_printf("%s: %s by %s%s%s", document->id, document->state,
                                           last->person, *last->remark != '\0' ? ": " : "",
                                           *last->remark != '\0' ? last->remark : "");
    g_autofree char *receipt =
        is_done && acknowledges ? make_receipt(document, last->batch_no) : g_strdup("");
    g_autofree char *signature = *receipt != '\0' ? sign(key, receipt) : g_strdup("");
    const FiscStagedEnd end = {.outcome = is_done       ? "posted"
                                          : is_rejected ? "quarantined"
                                                        : "superseded",
                               .reason = is_done ? "" : why,
                               .batch_no = is_done ? last->batch_no : 0,
                               .receipt = receipt,
                               .signature = signature};
    return fisc_intake_close_staged(ctx, feeder, document->id, &end, error);
}

/* Content ------------------------------------------------------------------------------------- */

static bool
read_content(FiscExpansion *expansion, const char *content, GBytes **out_body, GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    int length = 0;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_digest_parse(content, digest)) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the document names no content");
    }
    if (!fisc_tx_query(expansion->tx, FISC_SQL_INTAKE_BODY,
                       FISC_ARGS(fisc_int4(expansion->book_id), fisc_bytea(digest, sizeof digest)),
                       &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the content %s is not kept here", content);
    }
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, 0, &length);
    *out_body = g_bytes_new(bytes, (gsize)length);
    return true;
}

bool
fisc_flow_expand_feed(FiscExpansion *expansion, GError **error)
{
    g_autoptr(GBytes) body = NULL;
    return read_content(expansion, fisc_flow_word(expansion->words, "content"), &body, error) &&
           fisc_feed_content_read(expansion->into, g_bytes_get_data(body, NULL),
                                  g_bytes_get_size(body), error);
}
