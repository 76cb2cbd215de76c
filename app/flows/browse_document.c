/* browse_document.c: documents, the newest first, for those whose turn it may be: whether it is,
 * the digest that is signed, and of a feed what it brings. */
#include "app/flows/browsing.h"
#include "app/flows/enact.h"
#include "app/flows/feed.h"
#include "app/flows/person.h"
#include "fisc/money.h"
#include <string.h>

enum { DOCUMENT, STATE, ACTION, ENTITY, MAKER, NEEDS, APPROVED_BY, REASON, DIGEST, MAY_APPROVE };
enum { FEEDER = MAY_APPROVE + 1, PART, PERIOD, ENTRIES, REVERSED, VALUE, SUSPENSE };

#define COLUMNS                                                                                    \
    "document,state,action,entity,maker,needs,approved_by,reason,digest,may_approve,feeder,part,"  \
    "period,#entries,#reversed,$value,$suspense"
#define PAYLOAD (DIGEST + 2) /* in a row of the query, which begins with the number */

/* Whose turn ---------------------------------------------------------------------------------- */

/* A text of the query, "" for null. */
static const char *
word(const FiscRows *rows, int at, int column)
{
    return fisc_rows_is_null(rows, at, column + 1) ? "" : fisc_rows_text(rows, at, column + 1);
}

static bool
has_hand(const FiscContext *ctx, const FiscRows *rows, int at)
{
    g_auto(GStrv) approvers = g_strsplit(word(rows, at, APPROVED_BY), " ", -1);
    return strcmp(word(rows, at, MAKER), ctx->actor) == 0 ||
           g_strv_contains((const char *const *)approvers, ctx->actor);
}

/* The engine asks again, and more: whether a delegate signs for somebody who had a hand in it. */
static bool
may_approve(const FiscContext *ctx, const FiscRegistry *registry, const FiscRows *rows, int at)
{
    const char *state = word(rows, at, STATE), *entity = word(rows, at, ENTITY);
    const FiscAct act = {.person = ctx->actor,
                         .principal = ctx->on_behalf,
                         .action = word(rows, at, ACTION),
                         .right = 'A',
                         .entity = strcmp(entity, "*") == 0 ? NULL : entity,
                         .on = fisc_flow_today()};
    bool is_open = strcmp(state, "proposed") == 0 || strcmp(state, "approved") == 0;
    return is_open && ctx->actor != NULL && !has_hand(ctx, rows, at) &&
           (registry == NULL || !fisc_registry_is_enforced(registry) ||
            fisc_registry_judge(registry, &act, NULL));
}

/* What a feed brings -------------------------------------------------------------------------- */

/* Sums too large for an amount are left out: who wants them opens the document. */
static void
set_sum(FiscTable *table, FiscRow *row, int column, const json_t *words, const char *name)
{
    int64_t amount = 0;
    if (fisc_amount_parse(fisc_flow_word(words, name), table->decimals, '.', 0, &amount) == 0) {
        fisc_table_set_amount(table, row, column, amount);
    }
}

static void
set_months(FiscTable *table, FiscRow *row, const json_t *words)
{
    char from[FISC_DATE_TEXT], to[FISC_DATE_TEXT];
    FiscPeriod first = (FiscPeriod)json_integer_value(json_object_get(words, "from"));
    FiscPeriod last = (FiscPeriod)json_integer_value(json_object_get(words, "to"));
    if (first > 0) {
        fisc_period_format(first, from);
        fisc_period_format(last, to);
        g_autofree char *months = g_strconcat(from, "..", to, NULL);
        fisc_table_set_text(table, row, PERIOD, first == last ? from : months);
    }
}

static void
add_feed(FiscTable *table, FiscRow *row, const char *payload)
{
    json_t *words = fisc_flow_read_reference(payload, FISC_FEED);
    if (words != NULL) {
        fisc_table_set_text(table, row, FEEDER, fisc_flow_word(words, "feeder"));
        fisc_table_set_text(table, row, PART, fisc_flow_word(words, "part"));
        set_months(table, row, words);
        fisc_table_set_amount(table, row, ENTRIES,
                              json_integer_value(json_object_get(words, "posted")));
        fisc_table_set_amount(table, row, REVERSED,
                              json_integer_value(json_object_get(words, "reversed")));
        set_sum(table, row, VALUE, words, "value");
        set_sum(table, row, SUSPENSE, words, "suspense");
        json_decref(words);
    }
}

/* The list ------------------------------------------------------------------------------------ */

static FiscTable *
make_table(const FiscContext *ctx, const FiscRegistry *registry, const FiscPageRows *rows)
{
    FiscTable *table = fisc_table_new("documents", "Documents", 2); /* sums of feeds have two */
    fisc_browse_columns(table, COLUMNS);
    for (int i = 0; i < rows->count; i++) {
        FiscRow *row = fisc_table_add_row(table);
        for (int column = 0; column <= DIGEST; column++) {
            fisc_browse_text(table, row, column, rows->rows, i, column + 1);
        }
        fisc_table_set_text(table, row, MAY_APPROVE,
                            may_approve(ctx, registry, rows->rows, i) ? "Y" : "N");
        if (!fisc_rows_is_null(rows->rows, i, PAYLOAD)) {
            add_feed(table, row, fisc_rows_text(rows->rows, i, PAYLOAD));
        }
    }
    g_array_index(table->columns, FiscColumn, DIGEST).for_machines = true;
    g_array_index(table->columns, FiscColumn, MAY_APPROVE).for_machines = true;
    return table;
}

bool
fisc_flow_document_browse(FiscContext *ctx, const FiscDocumentFilter *filter, const FiscPage *page,
                          FiscTable **out_table, char **out_next, GError **error)
{
    g_auto(FiscPageRows) rows = {NULL};
    int64_t before = -1;
    if (!fisc_browse_number(page, &before, error)) {
        return false;
    }
    FiscArg key = fisc_int4((int32_t)CLAMP(before, 0, G_MAXINT32));
    key.length = before < 0 ? -1 : key.length;
    if (!fisc_browse_ask(ctx, page, FISC_SQL_LEDGER_BROWSE_DOCUMENTS,
                         FISC_ARGS(fisc_int4(ctx->book_id), key, fisc_text(filter->state),
                                   fisc_text(filter->entity), fisc_text(filter->maker),
                                   fisc_text(filter->waits_for),
                                   fisc_int4(fisc_browse_limit(page) + 1)),
                         &rows, error)) {
        return false;
    }
    *out_next =
        rows.has_more ? g_strdup_printf("%d", fisc_rows_int4(rows.rows, rows.count - 1, 0)) : NULL;
    *out_table = make_table(ctx, filter->registry, &rows);
    return true;
}
