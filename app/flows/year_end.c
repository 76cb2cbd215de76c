/* year_end.c: the walk of a year-end: where every line stands, what is carried over and what
 * lapses, and the documents that do it; and the way back (rule R17).
 *
 * Nothing is posted here: each document is a proposal of whole budget lines, for a second person to
 * approve. Asking again proposes the same, and once everything is approved nothing. */
#include "app/flows/internal.h"
#include "core/base/hash.h"
#include "fisc/ledger.h"
#include "fisc/money.h"
#include "fisc/package.h"
#include "fisc/scope.h"
#include "fisc/year_end.h"
#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 12
/* Of the text of a document, before its entries are named after it. */
#define CONTENT_MAX (FISC_DOCUMENT_PAYLOAD_MAX / 8 * 7)

/* The documents of one entity on their way. */
typedef struct {
    FiscContext *ctx;
    const FiscYearEndOrder *order;
    const FiscNation *nation;
    const char *entity;
    FiscSubmission *content; /* of the document that still grows; NULL = none */
    gsize size;              /* of its text */
    int count;               /* of documents proposed */
    GPtrArray *documents;    /* of char * */
    FiscReceipt *refused;    /* of the first that was refused; NULL = none */
} Binder;

static void
binder_clear(Binder *binder)
{
    fisc_submission_free(binder->content);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Binder, binder_clear)

/* The same content is the same document; a name that was given counts from the second on. */
static char *
id_of(const Binder *binder, const FiscSubmission *content)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    if (binder->order->document != NULL && binder->count == 0) {
        return g_strdup(binder->order->document);
    }
    if (binder->order->document != NULL) {
        return g_strdup_printf("%s-%d", binder->order->document, binder->count + 1);
    }
    fisc_submission_digest(content, digest);
    return g_strdup_printf("year-end-%d-%s-%.*s", binder->order->year, binder->entity, ID_DIGITS,
                           fisc_hash_format(digest, hex));
}

static bool
was_refused(const FiscReceipt *receipt)
{
    return receipt->refusals != NULL || receipt->refused > 0;
}

/* Proposes what has come together. */
static bool
bind(Binder *binder, GError **error)
{
    g_autoptr(FiscSubmission) content = g_steal_pointer(&binder->content);
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *done = NULL;
    if (content == NULL || binder->refused != NULL) {
        return true;
    }
    g_autofree char *id = id_of(binder, content);
    g_autofree char *reason =
        g_strdup_printf("%s %d", binder->order->is_reversal ? "Year-end taken back:" : "Year-end",
                        binder->order->year);
    FiscDocumentDraft draft = {.id = id, .action = "budget", .reason = reason};
    binder->size = 0;
    if (!fisc_flow_document_propose(binder->ctx, &draft, content, &done, &receipt, error)) {
        return false;
    }
    binder->count++;
    if (was_refused(receipt)) {
        binder->refused = g_steal_pointer(&receipt);
    } else {
        g_ptr_array_add(binder->documents, g_steal_pointer(&done));
    }
    return true;
}

/* Takes the content of one line, which no document splits. */
static bool
add_piece(Binder *binder, FiscSubmission *piece, GError **error)
{
    g_autofree char *text = fisc_package_write_entries(piece, binder->nation);
    gsize size = strlen(text);
    gsize most = binder->order->bytes_max != 0 ? binder->order->bytes_max : CONTENT_MAX;
    if (binder->content != NULL && binder->size + size > most && !bind(binder, error)) {
        fisc_submission_free(piece);
        return false;
    }
    binder->size += size;
    if (binder->content == NULL) {
        binder->content = piece;
    } else {
        fisc_submission_absorb(binder->content, piece);
    }
    return true;
}

static FiscSubmission *
new_piece(const FiscContext *ctx)
{
    return fisc_submission_new(FISC_SOURCE_YEAR_END, ctx->actor);
}

/* The table --------------------------------------------------------------------------------- */

/* X(NAME, column, kind) */
#define COLUMNS(X)                                                                                 \
    X(ENTITY, "entity", FISC_COLUMN_TEXT)                                                          \
    X(LINE, "line", FISC_COLUMN_TEXT)                                                              \
    X(ITEM, "item", FISC_COLUMN_TEXT)                                                              \
    X(STAGE, "stage", FISC_COLUMN_TEXT)                                                            \
    X(KIND, "kind", FISC_COLUMN_TEXT)                                                              \
    X(BUDGET, "budget", FISC_COLUMN_AMOUNT)                                                        \
    X(PAID, "paid", FISC_COLUMN_AMOUNT)                                                            \
    X(ACCRUED, "accrued", FISC_COLUMN_AMOUNT)                                                      \
    X(CARRIED, "carried", FISC_COLUMN_AMOUNT)                                                      \
    X(LAPSED, "lapsed", FISC_COLUMN_AMOUNT)                                                        \
    X(RULE, "rule", FISC_COLUMN_TEXT)                                                              \
    X(ARTICLE, "article", FISC_COLUMN_TEXT)                                                        \
    X(WHY, "why", FISC_COLUMN_TEXT)

typedef enum {
#define X(name, column, kind) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} Column;

static FiscTable *
table_new(const FiscYearEndOrder *order, int decimals)
{
    g_autofree char *title = g_strdup_printf("Year-end %d", order->year);
    FiscTable *table = fisc_table_new("year-end", title, decimals);
#define X(name, column, kind) fisc_table_add_column(table, column, kind);
    COLUMNS(X)
#undef X
    return table;
}

/* Tables have one number of decimals, entities each their own. */
static __int128
scaled(const FiscTable *table, int decimals, int64_t amount)
{
    __int128 scaled = amount;
    for (int i = decimals; i < table->decimals; i++) {
        scaled *= 10;
    }
    return scaled;
}

static void
set_rule(FiscTable *table, FiscRow *row, const FiscCarryRule *rule)
{
    if (rule != NULL) {
        fisc_table_set_text(table, row, COLUMN_KIND, fisc_carry_kind_word(rule->kind));
        fisc_table_set_text(table, row, COLUMN_RULE, rule->name);
        fisc_table_set_text(table, row, COLUMN_ARTICLE, rule->article);
    }
}

static FiscRow *
add_row(FiscTable *table, const FiscYearEnd *end, const FiscYearEndLine *line, int64_t carried,
        int64_t lapsed)
{
    FiscRow *row = fisc_table_add_row(table);
    int decimals = end->position->decimals;
    fisc_table_set_text(table, row, COLUMN_ENTITY, end->position->entity);
    fisc_table_set_text(table, row, COLUMN_LINE, line->line->name);
    fisc_table_set_amount(table, row, COLUMN_CARRIED, scaled(table, decimals, carried));
    fisc_table_set_amount(table, row, COLUMN_LAPSED, scaled(table, decimals, lapsed));
    return row;
}

static void
add_item(FiscTable *table, const FiscYearEnd *end, const FiscYearEndLine *line,
         const FiscYearEndItem *item)
{
    FiscRow *row = add_row(table, end, line, item->carried, item->lapsed);
    fisc_table_set_text(table, row, COLUMN_ITEM, item->item->name);
    fisc_table_set_text(table, row, COLUMN_STAGE, fisc_stage_word(item->item->stage));
    fisc_table_set_text(table, row, COLUMN_WHY, item->why);
    set_rule(table, row, item->rule);
}

/* The line as a whole, then what it consists of. */
static void
add_line(FiscTable *table, const FiscYearEnd *end, const FiscYearEndLine *line)
{
    int decimals = end->position->decimals;
    FiscRow *row = add_row(table, end, line, line->carried, line->lapsed);
    fisc_table_set_amount(table, row, COLUMN_BUDGET, scaled(table, decimals, line->budget));
    fisc_table_set_amount(table, row, COLUMN_PAID, scaled(table, decimals, line->line->paid));
    fisc_table_set_amount(table, row, COLUMN_ACCRUED, scaled(table, decimals, line->line->accrued));
    for (guint i = 0; i < line->items->len; i++) {
        add_item(table, end, line, &g_array_index(line->items, FiscYearEndItem, i));
    }
    if (line->free_carried > 0) {
        row = add_row(table, end, line, line->free_carried, line->free - line->free_carried);
        fisc_table_set_text(table, row, COLUMN_STAGE, "free");
        set_rule(table, row, line->free_rule);
    }
}

/* Carrying over ----------------------------------------------------------------------------- */

static bool
end_entity(Binder *binder, FiscPoster *poster, const FiscEntity *entity, FiscTable *table,
           GError **error)
{
    int year = binder->order->year;
    int period = binder->order->period != 0 ? binder->order->period : 13;
    g_autoptr(FiscYearPosition) position =
        fisc_year_position_new(entity->code, year, entity->decimals);
    if (!fisc_poster_year(poster, position, error)) {
        return false;
    }
    g_autoptr(FiscYearEnd) end = fisc_year_end_propose(position);
    for (guint i = 0; i < end->lines->len; i++) {
        const FiscYearEndLine *line = end->lines->pdata[i];
        add_line(table, end, line);
        if (binder->order->is_dry || !fisc_year_end_moves(line)) {
            continue;
        }
        FiscSubmission *piece = new_piece(binder->ctx);
        fisc_year_end_write(end, line, period, piece);
        if (!add_piece(binder, piece, error)) {
            return false;
        }
    }
    return bind(binder, error);
}

/* Taking back ------------------------------------------------------------------------------- */

/* What is on record of year-ends. */
typedef struct {
    FiscTx *tx;
    GArray *runs, *carries; /* of FiscRecord */
} Records;

static void
records_clear(Records *records)
{
    g_clear_pointer(&records->runs, g_array_unref);
    g_clear_pointer(&records->carries, g_array_unref);
    g_clear_pointer(&records->tx, fisc_tx_rollback); /* it only read */
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Records, records_clear)

static bool
records_load(Records *records, FiscContext *ctx, GError **error)
{
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &records->tx, error) &&
           fisc_records_load(records->tx, ctx->book_id, "year_end", &records->runs, error) &&
           fisc_records_load(records->tx, ctx->book_id, "carry", &records->carries, error);
}

static int
number_of(const FiscRecord *record, const char *field)
{
    const char *text = fisc_record_field(record, field);
    return text != NULL ? atoi(text) : 0;
}

static bool
is_about(const FiscRecord *record, const char *entity)
{
    gsize length = strlen(entity);
    return strncmp(record->subject, entity, length) == 0 && record->subject[length] == '/';
}

/* What was carried is again as it was before the run. */
static void
restore_carry(const FiscRecord *carry, FiscSubmission *into)
{
    const char *kind = fisc_record_field(carry, "before_kind");
    const char *year = fisc_record_field(carry, "before_year");
    const char *amount = fisc_record_field(carry, "before_amount");
    bool has_before = kind != NULL;
    fisc_submission_event(into, "carry", carry->subject, "kind",
                          has_before ? kind : fisc_record_field(carry, "kind"), "year",
                          has_before ? year : fisc_record_field(carry, "year"), "amount",
                          has_before ? amount : "0", "stage", fisc_record_field(carry, "stage"),
                          "line", fisc_record_field(carry, "line"), NULL);
}

static void
restore_carries(const Binder *binder, const Records *records, const char *line,
                FiscSubmission *into)
{
    for (guint i = 0; i < records->carries->len; i++) {
        const FiscRecord *carry = &g_array_index(records->carries, FiscRecord, i);
        if (is_about(carry, binder->entity) && number_of(carry, "year") == binder->order->year &&
            g_strcmp0(fisc_record_field(carry, "line"), line) == 0) {
            restore_carry(carry, into);
        }
    }
}

static void
record_reversal(const FiscRecord *run, FiscSubmission *into)
{
    static const char *const kept[] = {"line", "round", NULL};
    FiscEvent *event = fisc_submission_event(into, "year_end", run->subject, NULL, NULL);
    for (int i = 0; kept[i] != NULL; i++) {
        g_ptr_array_add(event->fields, (char *)kept[i]);
        g_ptr_array_add(event->fields,
                        (char *)fisc_submission_text(into, fisc_record_field(run, kept[i])));
    }
    g_ptr_array_add(event->fields, (char *)"reversed");
    g_ptr_array_add(event->fields,
                    (char *)fisc_submission_text(into, fisc_record_field(run, "round")));
}

/* Appends what takes one entry back; *out_found: there is such an entry. */
static bool
take_entry_back(const Binder *binder, const Records *records, const char *reference, int decimals,
                FiscSubmission *into, bool *out_found, GError **error)
{
    g_autoptr(FiscPostedLines) lines = NULL;
    if (!fisc_posted_lines_of(records->tx, binder->ctx->book_id, binder->nation,
                              FISC_SOURCE_YEAR_END, reference, &lines, error)) {
        return false;
    }
    if (lines->rows->len > 0) {
        FiscPeriod period = g_array_index(lines->rows, FiscPostedLine, 0).period;
        fisc_year_end_take_back(lines, reference, period, decimals, into);
        *out_found = true;
    }
    return true;
}

/* The entries of one run of a line: into the new year first, for what was used there cannot come
 * back. */
static bool
take_run_back(const Binder *binder, const Records *records, const char *line, int round,
              int decimals, FiscSubmission *into, GError **error)
{
    static const char *const ways[] = {"in", "out"};
    bool is_found = true;
    for (int part = 1; is_found; part++) {
        g_autofree char *name =
            fisc_year_end_reference(binder->entity, binder->order->year, line, round, part);
        is_found = false;
        for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
            g_autofree char *reference = g_strconcat(name, "/", ways[i], NULL);
            if (!take_entry_back(binder, records, reference, decimals, into, &is_found, error)) {
                return false;
            }
        }
    }
    return true;
}

static bool
take_line_back(Binder *binder, const Records *records, const FiscRecord *run, int decimals,
               GError **error)
{
    g_autoptr(FiscSubmission) piece = new_piece(binder->ctx);
    const char *line = fisc_record_field(run, "line");
    int reversed = number_of(run, "reversed");
    restore_carries(binder, records, line, piece);
    record_reversal(run, piece);
    for (int round = number_of(run, "round"); round > reversed; round--) {
        if (!take_run_back(binder, records, line, round, decimals, piece, error)) {
            return false;
        }
    }
    return add_piece(binder, g_steal_pointer(&piece), error);
}

static bool
take_entity_back(Binder *binder, const Records *records, const FiscEntity *entity, GError **error)
{
    g_autofree char *prefix = g_strdup_printf("%s/%d/", entity->code, binder->order->year);
    for (guint i = 0; i < records->runs->len; i++) {
        const FiscRecord *run = &g_array_index(records->runs, FiscRecord, i);
        bool stands = number_of(run, "round") > number_of(run, "reversed");
        if (g_str_has_prefix(run->subject, prefix) && stands &&
            !take_line_back(binder, records, run, entity->decimals, error)) {
            return false;
        }
    }
    return bind(binder, error);
}

/* The walk ---------------------------------------------------------------------------------- */

static bool
walk_entities(Binder *binder, FiscPoster *poster, const Records *records, FiscTable *table,
              GError **error)
{
    const FiscNation *nation = binder->nation;
    g_autoptr(GHashTable) budgets = NULL;
    bool is_good = fisc_poster_year_entities(poster, binder->order->year, &budgets, error);
    for (guint i = 0; is_good && binder->refused == NULL && i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        bool is_one =
            (binder->order->entity == NULL || strcmp(binder->order->entity, entity->code) == 0) &&
            fisc_scope_has(binder->ctx->scope, entity->code);
        if (is_one && g_hash_table_contains(budgets, entity->code)) {
            binder->entity = entity->code;
            is_good = binder->order->is_reversal ? take_entity_back(binder, records, entity, error)
                                                 : end_entity(binder, poster, entity, table, error);
        }
    }
    return is_good;
}

static int
decimals_of(const FiscNation *nation, const char *only)
{
    int most = only == NULL ? 0 : -1;
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        if (only == NULL || strcmp(entity->code, only) == 0) {
            most = MAX(most, entity->decimals);
        }
    }
    return most;
}

bool
fisc_flow_year_end(FiscContext *ctx, const FiscYearEndOrder *order, FiscTable **out_table,
                   GPtrArray **out_documents, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscBudgetView) view = NULL;
    g_autoptr(FiscPoster) poster = NULL;
    g_auto(Records) records = {NULL};
    if (order->period != 0 && order->period != 12 && order->period != 13) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a year ends in period 12 or 13, not in %d",
                         order->period);
    }
    if (!fisc_flow_read_nation(ctx, &nation, &view, error) ||
        !fisc_flow_open_poster(ctx, &poster, error) ||
        (order->is_reversal && !records_load(&records, ctx, error))) {
        return false;
    }
    int decimals = decimals_of(nation, order->entity);
    if (decimals < 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no entity \"%s\"", order->entity);
    }
    g_autoptr(FiscTable) table = table_new(order, decimals);
    g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(g_free);
    g_auto(Binder) binder = {.ctx = ctx, .order = order, .nation = nation, .documents = documents};
    if (!walk_entities(&binder, poster, &records, table, error)) {
        fisc_receipt_free(binder.refused);
        return false;
    }
    *out_table = g_steal_pointer(&table);
    *out_documents = g_steal_pointer(&documents);
    *out_receipt = binder.refused != NULL ? binder.refused : fisc_receipt_new();
    return true;
}
