/* publish.c: a report is given to the public: made, kept, and put on record; and what was given so
 * far. */
#include "app/flows/internal.h"
#include "app/flows/publication.h"
#include "ledger/head_log.h"
#include <string.h>

/* Making --------------------------------------------------------------------------------------- */

/* A report that is to be published, pinned to the batch it is known at. */
typedef struct {
    FiscReportQuery query;
    int64_t batch;
    char *known_at;
    char layouts[FISC_HASH_TEXT];
    char content[FISC_HASH_TEXT];
    char *title;
    GString *bytes;
} Edition;

static void
edition_clear(Edition *edition)
{
    g_free(edition->known_at);
    g_free(edition->title);
    g_string_free(edition->bytes, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edition, edition_clear)

static bool
check_order(const FiscPublishOrder *order, const FiscReportQuery *query, GError **error)
{
    static const char *const statuses[] = {"flash", "provisional", "final", NULL};
    if (*order->id == '\0' || strpbrk(order->id, " \t\n/") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a publication has a name without blanks and \"/\", not \"%s\"",
                         order->id);
    }
    if (!g_strv_contains(statuses, order->status)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--status is one of flash, provisional, final, not \"%s\"", order->status);
    }
    if (fisc_dossier_format(order->format) == NULL && fisc_format_find(order->format) < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "there is no format \"%s\" for reports",
                         order->format);
    }
    return query->known_at == NULL ||
           g_ascii_string_to_unsigned(query->known_at, 10, 1, G_MAXINT64, NULL, NULL) ||
           fisc_fail(error, FISC_ERROR_USAGE, "--known-at \"%s\" is no batch number",
                     query->known_at);
}

/* What is known now is known at the newest batch: said so, it can be asked again. */
static bool
pin(FiscContext *ctx, Edition *edition, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscNation) nation = NULL;
    int64_t newest = 0;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_log_size(tx, ctx->book_id, &newest, error)) {
        return false;
    }
    const char *asked = edition->query.known_at;
    edition->batch = asked != NULL ? g_ascii_strtoll(asked, NULL, 10) : newest;
    if (edition->batch > newest || edition->batch < 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "the newest batch is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, newest,
                         edition->batch);
    }
    edition->known_at = g_strdup_printf("%" G_GINT64_FORMAT, edition->batch);
    edition->query.known_at = edition->known_at;
    return fisc_publication_rules(tx, ctx, &edition->query, &nation, error) &&
           fisc_publication_layouts(nation, &edition->query, edition->layouts, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
find_title(FiscContext *ctx, const FiscPublishOrder *order, Edition *edition, GError **error)
{
    if (order->title != NULL) {
        edition->title = g_strdup(order->title);
        return true;
    }
    FiscTable *made = NULL;
    if (!fisc_flow_report(ctx, &edition->query, &made, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = made;
    edition->title = g_strdup(table->title);
    return true;
}

static bool
make(FiscContext *ctx, const FiscPublishOrder *order, Edition *edition, GError **error)
{
    return pin(ctx, edition, error) &&
           fisc_flow_report_bytes(ctx, &edition->query, order->format, edition->bytes, error) &&
           find_title(ctx, order, edition, error) &&
           fisc_publication_keep(ctx, edition->bytes, edition->content, error);
}

/* The record ----------------------------------------------------------------------------------- */

static FiscSubmission *
fact_of(const FiscContext *ctx, const FiscPublishOrder *order, const Edition *edition)
{
    g_autofree char *words = fisc_report_words_write(&edition->query);
    FiscSubmission *submission = fisc_submission_new(FISC_PUBLISH_SOURCE, ctx->actor);
    fisc_submission_event(submission, "publication", order->id, "publication", order->id, "title",
                          edition->title, "query", words, "format", order->format, "batch",
                          edition->known_at, "layouts", edition->layouts, "program", FISC_VERSION,
                          "content", edition->content, "status", order->status, "replaces",
                          order->replaces, NULL);
    return submission;
}

/* The newest batch moves on with the publication itself, so asking again without --known-at would
 * pin another one: what is on record under the name, from the same words and with the same bytes,
 * is the answer. */
static bool
find_same(FiscContext *ctx, const FiscPublishOrder *order, const FiscReportQuery *query,
          Edition *edition, GError **error)
{
    g_auto(FiscPublication) old = {0};
    g_autoptr(GError) missing = NULL;
    if (query->known_at != NULL || !fisc_publication_find(ctx, order->id, &old, &missing)) {
        bool is_new = missing == NULL || g_error_matches(missing, FISC_ERROR, FISC_ERROR_NOT_FOUND);
        if (!is_new) {
            g_propagate_error(error, g_steal_pointer(&missing));
        }
        return is_new;
    }
    FiscReportQuery unpinned = old.words.query;
    unpinned.known_at = NULL;
    g_autofree char *words = fisc_report_words_write(query);
    g_autofree char *words_before = fisc_report_words_write(&unpinned);
    if (strcmp(words, words_before) == 0) {
        edition->known_at = g_strdup(fisc_fact_field(old.fact, "batch"));
        edition->query.known_at = edition->known_at;
    }
    return true;
}

static void
tell(const FiscPublishOrder *order, const Edition *edition, char *document,
     FiscPublished *out_published)
{
    *out_published = (FiscPublished){.id = g_strdup(order->id),
                                     .content = g_strdup(edition->content),
                                     .batch = edition->batch,
                                     .size = edition->bytes->len,
                                     .document = document};
}

bool
fisc_flow_publish_report(FiscContext *ctx, const FiscPublishOrder *order,
                         const FiscReportQuery *query, FiscPublished *out_published,
                         FiscReceipt **out_receipt, GError **error)
{
    g_auto(Edition) edition = {.query = *query, .bytes = g_string_new(NULL)};
    if (!check_order(order, query, error) || !find_same(ctx, order, query, &edition, error)) {
        return false;
    }
    g_autofree char *pinned = g_steal_pointer(&edition.known_at);
    if (!make(ctx, order, &edition, error)) {
        return false;
    }
    g_autofree char *reason = g_strdup_printf("publication %s", order->id);
    g_autoptr(FiscSubmission) fact = fact_of(ctx, order, &edition);
    char *document = NULL;
    if (!fisc_flow_put_facts(ctx, fact, reason, &document, out_receipt, error)) {
        return false;
    }
    tell(order, &edition, document, out_published);
    return true;
}

void
fisc_published_clear(FiscPublished *published)
{
    g_clear_pointer(&published->id, g_free);
    g_clear_pointer(&published->content, g_free);
    g_clear_pointer(&published->document, g_free);
}

/* Looking -------------------------------------------------------------------------------------- */

static const char *const list_columns[] = {"publication", "status",   "format", "batch",
                                           "content",     "replaces", "title",  "query"};

bool
fisc_flow_publication_list(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    if (!fisc_flow_load_nation(ctx, &nation, error)) {
        return false;
    }
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "publication");
    FiscTable *table = fisc_table_new("publications", "Publications", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(list_columns); i++) {
        fisc_table_add_column(table, list_columns[i], FISC_COLUMN_TEXT);
    }
    for (guint k = 0; k < facts->len; k++) {
        FiscRow *row = fisc_table_add_row(table);
        for (gsize i = 0; i < G_N_ELEMENTS(list_columns); i++) {
            fisc_table_set_text(table, row, (int)i,
                                fisc_fact_field(facts->pdata[k], list_columns[i]));
        }
    }
    *out_table = table;
    return true;
}

static void
add_pair(FiscTable *table, const char *name, const char *value)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, name);
    fisc_table_set_text(table, row, 1, value);
}

/* Whether bytes are kept is part of the answer; that the database does not answer is not. */
static bool
add_size(FiscContext *ctx, const FiscFact *fact, FiscTable *table, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autoptr(GError) failure = NULL;
    if (fisc_publication_bytes(ctx, fisc_fact_field(fact, "content"), bytes, &failure)) {
        g_autofree char *size = g_strdup_printf("%" G_GSIZE_FORMAT, bytes->len);
        add_pair(table, "bytes", size);
        return true;
    }
    if (!g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND) &&
        !g_error_matches(failure, FISC_ERROR, FISC_ERROR_TAMPERED)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    add_pair(table, "bytes", failure->message);
    return true;
}

bool
fisc_flow_publication_show(FiscContext *ctx, const char *id, FiscTable **out_table, GError **error)
{
    g_auto(FiscPublication) publication = {0};
    if (!fisc_publication_find(ctx, id, &publication, error)) {
        return false;
    }
    g_autofree char *title = g_strdup_printf("Publication %s", id);
    g_autoptr(FiscTable) table = fisc_table_new("publication", title, 0);
    fisc_table_add_column(table, "name", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "value", FISC_COLUMN_TEXT);
    for (const FiscFactField *field = fisc_fact_kind("publication")->fields; field->name != NULL;
         field++) {
        add_pair(table, field->name, fisc_fact_field(publication.fact, field->name));
    }
    if (!add_size(ctx, publication.fact, table, error)) {
        return false;
    }
    *out_table = g_steal_pointer(&table);
    return true;
}
