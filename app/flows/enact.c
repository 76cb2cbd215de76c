/* enact.c: a version becomes law: proposed as a document, carried out by who approves it. What it
 * does is built in enact_expand.c, from the version itself. */
#include "app/flows/feed.h"
#include "app/flows/internal.h"
#include "app/flows/person.h"
#include <stdlib.h>
#include <string.h>

#define LAW_NAME_MAX 60 /* of 200 bytes of a reference */

static const char *
text(const char *word)
{
    return word != NULL ? word : "";
}

/* Totals -------------------------------------------------------------------------------------- */

typedef struct {
    char *entity;
    const char *side;
    int lines;
    __int128 more, less;
} Total;

static void
total_clear(gpointer data)
{
    g_free(((Total *)data)->entity);
}

static const char *
side_of(const FiscEntry *entry)
{
    const char *account = g_array_index(entry->lines, FiscLine, 0).account;
    bool is_revenue = strcmp(account, fisc_stage_account(FISC_STAGE_ESTIMATE)) == 0 ||
                      strcmp(account, fisc_stage_account(FISC_STAGE_ESTIMATE_CHANGE)) == 0;
    bool is_interim = strstr(entry->reference, FISC_LAW_INTERIM) != NULL ||
                      g_str_has_prefix(entry->reference, FISC_INTERIM_PREFIX);
    return is_revenue ? "revenue" : is_interim ? "interim" : "expenditure";
}

static Total *
total_of(GArray *totals, GHashTable *index, const char *entity, const char *side)
{
    g_autofree char *key = g_strconcat(entity, "\x1f", side, NULL);
    gpointer found = NULL;
    if (!g_hash_table_lookup_extended(index, key, NULL, &found)) {
        Total total = {.entity = g_strdup(entity), .side = side};
        found = GUINT_TO_POINTER(totals->len);
        g_array_append_val(totals, total);
        g_hash_table_insert(index, g_steal_pointer(&key), found);
    }
    return &g_array_index(totals, Total, GPOINTER_TO_UINT(found));
}

static int
compare_totals(gconstpointer a, gconstpointer b)
{
    const Total *one = a;
    const Total *other = b;
    int order = strcmp(one->entity, other->entity);
    return order != 0 ? order : strcmp(one->side, other->side);
}

static GArray *
add_up(const FiscSubmission *content)
{
    GArray *totals = g_array_new(FALSE, TRUE, sizeof(Total));
    g_array_set_clear_func(totals, total_clear);
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < content->entries->len; i++) {
        const FiscEntry *entry = content->entries->pdata[i];
        int64_t amount = g_array_index(entry->lines, FiscLine, 0).amount;
        Total *total = total_of(totals, index, entry->entity, side_of(entry));
        total->lines++;
        total->more += MAX(amount, 0);
        total->less -= MIN(amount, 0);
    }
    for (guint i = 0; i < content->events->len; i++) {
        const FiscEvent *event = content->events->pdata[i];
        if (strcmp(event->kind, "budget_line") == 0) {
            total_of(totals, index, fisc_event_field(event, "entity"), "expenditure")->lines++;
        }
    }
    g_array_sort(totals, compare_totals);
    return totals;
}

static void
add_row(FiscTable *table, const char *entity, const Total *total)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, entity);
    fisc_table_set_text(table, row, 1, total->side);
    fisc_table_set_amount(table, row, 2, total->lines);
    fisc_table_set_amount(table, row, 3, total->more);
    fisc_table_set_amount(table, row, 4, total->less);
    fisc_table_set_amount(table, row, 5, total->more - total->less);
}

/* One row a side over all entities, when there are several. */
static void
add_sums(FiscTable *table, const GArray *totals)
{
    static const char *const sides[] = {"expenditure", "interim", "revenue"};
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        Total sum = {.side = sides[i]};
        int count = 0;
        for (guint k = 0; k < totals->len; k++) {
            const Total *total = &g_array_index(totals, Total, k);
            if (strcmp(total->side, sides[i]) == 0) {
                count++;
                sum.lines += total->lines;
                sum.more += total->more;
                sum.less += total->less;
            }
        }
        if (count > 1) {
            add_row(table, "*", &sum);
            ((FiscRow *)table->rows->pdata[table->rows->len - 1])->strong = true;
        }
    }
}

FiscTable *
fisc_flow_content_totals(const FiscSubmission *content, const FiscNation *nation)
{
    g_autoptr(GArray) totals = add_up(content);
    const FiscEntity *first =
        totals->len > 0 ? fisc_nation_entity(nation, g_array_index(totals, Total, 0).entity) : NULL;
    FiscTable *table =
        fisc_table_new("enactment", "What the document does", first != NULL ? first->decimals : 2);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "side", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "more", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "less", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    for (guint i = 0; i < totals->len; i++) {
        const Total *total = &g_array_index(totals, Total, i);
        add_row(table, total->entity, total);
    }
    add_sums(table, totals);
    return table;
}

bool
fisc_flow_document_totals(FiscContext *ctx, const FiscDocument *document, FiscTable **out_totals,
                          GError **error)
{
    *out_totals = NULL;
    if (!fisc_flow_is_reference(document->payload)) {
        return true;
    }
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscBudgetView) view = NULL;
    g_autoptr(FiscSubmission) content = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_flow_read_nation(ctx, &nation, &view, error) ||
        !fisc_flow_expand(ctx, nation, document->payload, document->source, &content, refusals,
                          error)) {
        return false;
    }
    if (content != NULL) {
        *out_totals = fisc_feed_is_feed(document) ? fisc_feed_totals(content, nation)
                                                  : fisc_flow_content_totals(content, nation);
    }
    return true;
}

/* Limits -------------------------------------------------------------------------------------- */

/* Whether a control refuses what goes beyond appropriations. */
static bool
is_limit(const FiscRecord *control)
{
    return g_strcmp0(fisc_record_field(control, "level"), "absolute") == 0 &&
           fisc_record_field(control, "accounts") == NULL;
}

static bool
is_limited(const GArray *controls, const char *entity)
{
    bool is_limited = false;
    for (guint i = 0; !is_limited && i < controls->len; i++) {
        const FiscRecord *control = &g_array_index(controls, FiscRecord, i);
        const char *entities = fisc_record_field(control, "entities");
        g_auto(GStrv) codes = g_strsplit(text(entities), " ", -1);
        is_limited = is_limit(control) && (entities == NULL || strcmp(entities, "*") == 0 ||
                                           g_strv_contains((const char *const *)codes, entity));
    }
    return is_limited;
}

/* A law that no control holds anybody to is on record, and that is all. */
static void
note_unlimited(FiscTable *totals, const GArray *controls)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < totals->rows->len; i++) {
        const FiscRow *row = totals->rows->pdata[i];
        if (strcmp(row->cells[1].text, "expenditure") == 0 &&
            strcmp(row->cells[0].text, "*") != 0 && !is_limited(controls, row->cells[0].text)) {
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", row->cells[0].text);
        }
    }
    if (names->len > 0) {
        fisc_table_add_note(totals, "Nothing limits %s yet: see docs/controls.md.", names->str);
    }
}

/* The order ----------------------------------------------------------------------------------- */

/* A law on its way to a document. */
typedef struct {
    FiscContext *ctx;
    const FiscEnactOrder *order;
    const char *id;
    FiscNation *nation;
    FiscVersion *version;
    char *base, *base_lines;  /* "" = it is an original budget */
    char *children, *interim; /* as the document says, when it was carried out before */
    GArray *controls;
    FiscRefusals *refusals;
} Making;

static void
making_clear(Making *making)
{
    fisc_nation_free(making->nation);
    fisc_version_free(making->version);
    g_free(making->base);
    g_free(making->base_lines);
    g_free(making->children);
    g_free(making->interim);
    g_clear_pointer(&making->controls, g_array_unref);
    g_clear_pointer(&making->refusals, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static bool
check_words(const FiscEnactOrder *order, GError **error)
{
    const char *kind = order->kind;
    if (*order->law == '\0' || strlen(order->law) > LAW_NAME_MAX ||
        strpbrk(order->law, " \t\n/") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a law has a short name without spaces and slashes, at most %d bytes, as "
                         "L-2018-6; not \"%s\"",
                         LAW_NAME_MAX, order->law);
    }
    return kind == NULL || strcmp(kind, "original") == 0 || strcmp(kind, "supplement") == 0 ||
           fisc_fail(error, FISC_ERROR_USAGE, "--kind is original or supplement, not \"%s\"", kind);
}

/* The law that this one changes: the version that ours was branched from, when that is law for the
 * same year. */
static bool
find_base(Making *making, FiscTx *tx, GError **error)
{
    const char *kind = making->order->kind;
    const char *parent = making->version->parent;
    g_autoptr(FiscVersion) base = NULL;
    making->base = g_strdup("");
    making->base_lines = g_strdup("");
    if (*parent != '\0' && g_strcmp0(kind, "original") != 0) {
        if (!fisc_version_load(tx, making->ctx->book_id, parent, &base, error)) {
            return false;
        }
        if (strcmp(base->state, "enacted") == 0 &&
            base->frame.year == making->version->frame.year) {
            g_free(making->base);
            g_free(making->base_lines);
            making->base = g_strdup(parent);
            making->base_lines = fisc_flow_lines_digest(base);
        }
    }
    if (g_strcmp0(kind, "supplement") == 0 && *making->base == '\0') {
        fisc_refusals_add(making->refusals, FISC_ERROR_CASE_STATE, NULL, 0, "kind",
                          "%s was not branched from a version that is law for %d",
                          making->version->version, making->version->frame.year);
    }
    return true;
}

/* What the law ends: the interim budget as it is now, "-" when there is none to end, and nothing
 * when the law is no original budget or another law has ended it. */
static bool
find_interim(Making *making, FiscTx *tx, GError **error)
{
    g_autofree char *state = NULL;
    g_autofree char *content = NULL;
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    g_autoptr(GArray) rules = NULL;
    g_ptr_array_add(subjects, (char *)"interim/end");
    if (!fisc_flow_interim_state(tx, making->ctx->book_id, making->version->frame.year, &state,
                                 &content, error) ||
        !fisc_records_find(tx, making->ctx->book_id, "procedure", subjects, &rules, error)) {
        return false;
    }
    bool is_ended = *making->base != '\0' || strcmp(state, "ended") == 0 || rules->len == 0;
    making->interim = g_strdup(is_ended ? "" : *content != '\0' ? content : "-");
    return true;
}

/* What was said when it was proposed, for a law that is enacted already. */
static bool
recall(Making *making, FiscTx *tx, GError **error)
{
    g_autoptr(FiscDocument) document = NULL;
    if (!fisc_document_load(tx, making->ctx->book_id, making->id, &document, error)) {
        return false;
    }
    json_t *words = document != NULL && strcmp(document->state, "done") == 0
                        ? fisc_flow_read_reference(document->payload, "enactment")
                        : NULL;
    if (words != NULL) {
        g_free(making->children);
        g_free(making->interim);
        making->children = g_strdup(fisc_flow_word(words, "children"));
        making->interim = g_strdup(fisc_flow_word(words, "interim"));
        json_decref(words);
    }
    return true;
}

static void
check_state(Making *making)
{
    const FiscVersion *version = making->version;
    bool is_own =
        strcmp(version->state, "enacted") == 0 && strcmp(version->law, making->order->law) == 0;
    if (!is_own && strcmp(version->state, "tabled") != 0) {
        fisc_refusals_add(making->refusals, FISC_ERROR_CASE_STATE, NULL, 0, "version",
                          "%s is %s: what is enacted was tabled before", version->version,
                          version->state);
    }
}

static bool
load(Making *making, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    int book_id = making->ctx->book_id;
    making->refusals = fisc_refusals_new();
    if (!fisc_tx_begin(making->ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, book_id, 0, &making->nation, error) ||
        !fisc_version_load(tx, book_id, making->order->version, &making->version, error)) {
        return false;
    }
    check_state(making);
    making->children = g_strdup(making->version->children);
    return find_base(making, tx, error) && find_interim(making, tx, error) &&
           recall(making, tx, error) &&
           fisc_records_load(tx, book_id, "control", &making->controls, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static char *
write_payload(const Making *making)
{
    const FiscEnactOrder *order = making->order;
    char day[FISC_DATE_TEXT];
    bool is_original = *making->base == '\0';
    FiscDate on = order->on != 0 ? order->on
                  : is_original  ? fisc_date_make(making->version->frame.year, 1, 1)
                                 : fisc_flow_today();
    g_autofree char *lines = fisc_flow_lines_digest(making->version);
    const char *const pairs[][2] = {
        {"law", order->law},
        {"title", order->title},
        {"date", fisc_date_format(on, day)},
        {"version", order->version},
        {"children", making->children},
        {"lines", lines},
        {"base", making->base},
        {"base_lines", making->base_lines},
        {"interim", making->interim},
        {"article", text(order->article)},
        {"annex", text(order->annex)},
        {"reason", text(order->reason)},
    };
    json_t *words = json_object();
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (*pairs[i][1] != '\0') {
            json_object_set_new(words, pairs[i][0], json_string(pairs[i][1]));
        }
    }
    return fisc_flow_write_reference("enactment", words);
}

/* What the end of the interim budget would leave overdrawn: lines that were spent on and that the
 * law does not have, or not as much. Each entry is decided by itself here, so that all are named.
 */
static bool
check_interim(Making *making, const FiscSubmission *content, GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscTrial) trial = fisc_trial_new();
    if (!fisc_flow_open_poster(making->ctx, &poster, error)) {
        return false;
    }
    fisc_trial_add(trial, content, true, true);
    if (!fisc_poster_rehearse_trial(poster, trial, false, error)) {
        return false;
    }
    const FiscReceipt *receipt = fisc_trial_receipt(trial, 0);
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        bool is_end = strstr(result->reference, FISC_LAW_INTERIM) != NULL;
        for (guint k = 0; is_end && result->refusals != NULL && k < result->refusals->len; k++) {
            const FiscRefusal *refusal = result->refusals->pdata[k];
            if (refusal->code == FISC_ERROR_BUDGET_EXCEEDED ||
                refusal->code == FISC_ERROR_NO_BUDGET) {
                g_ptr_array_add(making->refusals, fisc_refusal_copy(refusal));
            }
        }
    }
    return true;
}

/* NULL in *out_content with refusals. */
static bool
build(Making *making, const char *payload, FiscSubmission **out_content, GError **error)
{
    g_autoptr(FiscSubmission) content = NULL;
    bool has_interim = *making->interim != '\0' && strcmp(making->interim, "-") != 0;
    if (making->refusals->len > 0) {
        return true;
    }
    if (!fisc_flow_expand(making->ctx, making->nation, payload, FISC_SOURCE_LAW, &content,
                          making->refusals, error) ||
        (content != NULL && has_interim && !check_interim(making, content, error))) {
        return false;
    }
    *out_content = making->refusals->len == 0 ? g_steal_pointer(&content) : NULL;
    return true;
}

static bool
propose(Making *making, const char *payload, FiscSubmission *content, FiscReceipt **out_receipt,
        GError **error)
{
    g_autofree char *id = NULL;
    FiscDocumentDraft draft = {
        .id = making->id, .action = "budget", .reason = making->order->reason, .payload = payload};
    return fisc_flow_document_propose(making->ctx, &draft, content, &id, out_receipt, error);
}

bool
fisc_flow_budget_enact(FiscContext *ctx, const FiscEnactOrder *order, bool dry_run, char **out_id,
                       FiscTable **out_totals, FiscReceipt **out_receipt, GError **error)
{
    g_auto(Making)
        making = {.ctx = ctx, .order = order, .id = order->id != NULL ? order->id : order->law};
    g_autoptr(FiscSubmission) content = NULL;
    g_autoptr(FiscTable) totals = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!check_words(order, error) || !fisc_flow_check_book(ctx, error) || !load(&making, error)) {
        return false;
    }
    g_autofree char *payload = write_payload(&making);
    if (!build(&making, payload, &content, error)) {
        return false;
    }
    if (content != NULL) {
        totals = fisc_flow_content_totals(content, making.nation);
        note_unlimited(totals, making.controls);
    }
    if (content != NULL && !dry_run && !propose(&making, payload, content, &receipt, error)) {
        return false;
    }
    if (receipt == NULL) {
        receipt = fisc_receipt_new();
    }
    if (making.refusals->len > 0) {
        receipt->refusals = g_steal_pointer(&making.refusals);
    }
    *out_id = g_strdup(making.id);
    *out_totals = g_steal_pointer(&totals);
    *out_receipt = g_steal_pointer(&receipt);
    return true;
}
