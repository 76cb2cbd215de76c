/* budget.c: changes of a budget in the words of an officer: an allotment, a virement, leave to
 * exceed a control once. Each is proposed as a document: what is posted is posted by the second
 * person. Also the rules that hold. */
#include "app/flows/internal.h"
#include "core/base/hash.h"
#include "fisc/budget.h"
#include "fisc/ledger.h"
#include "fisc/money.h"
#include <string.h>

#define SOURCE "budget"
#define ID_DIGITS 12

char *
fisc_flow_id_of_words(const char *what, const char *const *words, int count)
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_add_text(hash, what);
    for (int i = 0; i < count; i++) {
        fisc_hash_add_text(hash, words[i]);
    }
    fisc_hash_finish(hash, digest);
    return g_strdup_printf("%s-%.*s", what, ID_DIGITS, fisc_hash_format(digest, hex));
}

static char *
id_of_order(const char *what, const FiscBudgetOrder *order)
{
    char day[FISC_DATE_TEXT];
    const char *words[5 + 2 * FISC_DIM_COUNT] = {order->entity, order->period, order->amount,
                                                 order->reason, fisc_date_format(order->on, day)};
    if (order->id != NULL) {
        return g_strdup(order->id);
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[5 + i] = order->from[i];
        words[5 + FISC_DIM_COUNT + i] = order->to[i];
    }
    return fisc_flow_id_of_words(what, words, (int)G_N_ELEMENTS(words));
}

bool
fisc_flow_load_nation(FiscContext *ctx, FiscNation **out_nation, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, ctx->book_id, 0, out_nation, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_flow_find_entity(const FiscNation *nation, const char *code, const FiscEntity **out_entity,
                      GError **error)
{
    *out_entity = fisc_nation_entity(nation, code);
    return *out_entity != NULL ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no entity \"%s\"", code);
}

bool
fisc_flow_take_amount(const char *text, int decimals, int64_t *out_amount, GError **error)
{
    int broken = fisc_amount_parse(text, decimals, '.', 0, out_amount);
    if (broken == 0 && *out_amount != 0) {
        return true;
    }
    return fisc_fail(
        error, FISC_ERROR_USAGE,
        "the amount is a decimal number other than zero%s, "
        "not \"%s\"",
        broken == FISC_ERROR_AMOUNT_DECIMALS ? " with no more decimals than the currency" : "",
        text);
}

static bool
propose(FiscContext *ctx, const char *action, const char *id, const char *reason,
        FiscSubmission *content, char **out_id, FiscReceipt **out_receipt, GError **error)
{
    FiscDocumentDraft draft = {.id = id, .action = action, .reason = reason};
    return fisc_flow_document_propose(ctx, &draft, content, out_id, out_receipt, error);
}

bool
fisc_flow_budget_release(FiscContext *ctx, const FiscBudgetOrder *order, char **out_id,
                         FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    const FiscEntity *entity = NULL;
    FiscPeriod from = 0, to = 0;
    int64_t amount = 0;
    if (!fisc_period_range_parse(order->period, &from, &to) || from % 100 == 13) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a release is for 2024, 2024-Q1 or 2024-03, not \"%s\"", order->period);
    }
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, order->entity, &entity, error) ||
        !fisc_flow_take_amount(order->amount, entity->decimals, &amount, error)) {
        return false;
    }
    g_autofree char *id = id_of_order("release", order);
    g_autofree char *reference = g_strdup_printf("%s/%s", entity->code, id);
    g_autoptr(FiscSubmission) content = fisc_submission_new(SOURCE, ctx->actor);
    fisc_budget_release(content, entity, reference, from, order->to, amount, order->reason);
    return propose(ctx, "budget", id, order->reason, content, out_id, out_receipt, error);
}

bool
fisc_flow_budget_virement(FiscContext *ctx, const FiscBudgetOrder *order, char **out_id,
                          FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    const FiscEntity *entity = NULL;
    int64_t amount = 0;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, order->entity, &entity, error) ||
        !fisc_flow_take_amount(order->amount, entity->decimals, &amount, error)) {
        return false;
    }
    if (amount < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "what goes the other way is a virement from the "
                         "other line");
    }
    g_autofree char *id = id_of_order("virement", order);
    g_autofree char *reference = g_strdup_printf("%s/%s", entity->code, id);
    g_autoptr(FiscSubmission) content = fisc_submission_new(SOURCE, ctx->actor);
    fisc_budget_virement(content, entity, reference, order->on, order->from, order->to, amount,
                         order->reason);
    return propose(ctx, "budget", id, order->reason, content, out_id, out_receipt, error);
}

bool
fisc_flow_budget_override(FiscContext *ctx, const FiscOverrideOrder *order, char **out_id,
                          FiscReceipt **out_receipt, GError **error)
{
    const char *words[] = {order->control, order->key,     order->amount,
                           order->expires, order->article, order->reason};
    g_autofree char *id = order->id != NULL
                              ? g_strdup(order->id)
                              : fisc_flow_id_of_words("override", words, (int)G_N_ELEMENTS(words));
    g_autoptr(FiscSubmission) content = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(content, "override", id, "control", order->control, "key", order->key,
                          "amount", order->amount, "expires", order->expires, "reason",
                          order->reason, "article", order->article, NULL);
    return propose(ctx, "override", id, order->reason, content, out_id, out_receipt, error);
}

/* Rules ---------------------------------------------------------------------------------------
 */

static const char *const rule_kinds[] = {"control",    "virement_rule", "growth",   "reserve_rule",
                                         "carry_rule", "cover",         "override", "linked_set"};
/* What has a column of its own. */
static const char *const own_columns[] = {"from", "to", "article", "expires", NULL};

/* A bound that is not a day does not bind: the engine would not have taken it. */
static bool
holds_on(const FiscRecord *record, FiscDate on)
{
    FiscDate day;
    const char *from = fisc_record_field(record, "from");
    const char *to = fisc_record_field(record, "to");
    const char *expires = fisc_record_field(record, "expires");
    const char *last = to != NULL ? to : expires;
    bool has_begun = from == NULL || !fisc_date_parse(from, &day) || day <= on;
    bool has_ended = last != NULL && fisc_date_parse(last, &day) && day < on;
    return has_begun && !has_ended;
}

static char *
describe(const FiscRecord *record)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i + 1 < record->count; i += 2) {
        if (!g_strv_contains(own_columns, record->fields[i]) && *record->fields[i + 1] != '\0') {
            bool is_quoted = strchr(record->fields[i + 1], ' ') != NULL;
            g_string_append_printf(text, is_quoted ? "%s%s=\"%s\"" : "%s%s=%s",
                                   text->len > 0 ? " " : "", record->fields[i],
                                   record->fields[i + 1]);
        }
    }
    return g_string_free(text, FALSE);
}

static void
add_rule(FiscTable *table, const char *kind, const FiscRecord *record)
{
    FiscRow *row = fisc_table_add_row(table);
    const char *to = fisc_record_field(record, "to");
    g_autofree char *rule = describe(record);
    fisc_table_set_text(table, row, 0, kind);
    fisc_table_set_text(table, row, 1, record->subject);
    fisc_table_set_text(table, row, 2, fisc_record_field(record, "from"));
    fisc_table_set_text(table, row, 3, to != NULL ? to : fisc_record_field(record, "expires"));
    fisc_table_set_text(table, row, 4, fisc_record_field(record, "article"));
    fisc_table_set_text(table, row, 5, rule);
}

bool
fisc_flow_budget_rules(FiscContext *ctx, FiscDate on, FiscTable **out_table, GError **error)
{
    static const char *const names[] = {"kind", "name", "from", "to", "article", "rule"};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscTable) table = fisc_table_new("rules", "Rules of the budget", 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], FISC_COLUMN_TEXT);
    }
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    for (guint k = 0; k < G_N_ELEMENTS(rule_kinds); k++) {
        g_autoptr(GArray) records = NULL;
        if (!fisc_records_load(tx, ctx->book_id, rule_kinds[k], &records, error)) {
            return false;
        }
        for (guint i = 0; i < records->len; i++) {
            const FiscRecord *record = &g_array_index(records, FiscRecord, i);
            if (holds_on(record, on)) {
                add_rule(table, rule_kinds[k], record);
            }
        }
    }
    *out_table = g_steal_pointer(&table);
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}
