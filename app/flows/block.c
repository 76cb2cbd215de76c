/* block.c: blocks, cuts and what a reserve gives, in the words of an officer. Each is proposed as a
 * document: what is posted is posted by the second person. */
#include "app/flows/internal.h"
#include "fisc/money.h"
#include <string.h>

#define SOURCE "budget"
#define PERCENT_DECIMALS 4
#define PERCENT_WHOLE 1000000 /* 100 with so many decimals */

static const char *const kind_words[] = {
    [FISC_BLOCK_SET] = "block", [FISC_BLOCK_LIFT] = "unblock", [FISC_BLOCK_CUT] = "cut"};

static char *
id_of(const FiscBlockOrder *order)
{
    char day[FISC_DATE_TEXT];
    const char *words[7 + FISC_DIM_COUNT] = {order->entity,
                                             order->amount,
                                             order->percent,
                                             order->of_available ? "available" : NULL,
                                             order->article,
                                             order->reason,
                                             fisc_date_format(order->on, day)};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[7 + i] = order->where[i];
    }
    return order->id != NULL
               ? g_strdup(order->id)
               : fisc_flow_id_of_words(kind_words[order->kind], words, (int)G_N_ELEMENTS(words));
}

/* "Art. 9: why", as it stands in the memo of each entry. */
static char *
memo_of(const char *article, const char *reason)
{
    return article != NULL ? g_strdup_printf("%s: %s", article, reason) : g_strdup(reason);
}

static bool
take_percent(const char *text, int64_t *out_percent, GError **error)
{
    if (fisc_amount_parse(text, PERCENT_DECIMALS, '.', 0, out_percent) == 0 && *out_percent > 0 &&
        *out_percent <= PERCENT_WHOLE) {
        return true;
    }
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "the percentage is above 0 and up to 100, with at most 4 decimals, not \"%s\"",
                     text);
}

/* An amount or a percentage; what is let go, otherwise, is all of it. */
static bool
take_size(const FiscBlockOrder *order, const FiscEntity *entity, FiscBlock *block, GError **error)
{
    if (order->amount != NULL && order->percent != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "either an amount or a percentage, not both");
    }
    if (order->amount != NULL) {
        return fisc_flow_take_amount(order->amount, entity->decimals, &block->amount, error) &&
               (block->amount > 0 ||
                fisc_fail(error, FISC_ERROR_USAGE, "the amount is above zero"));
    }
    if (order->percent != NULL) {
        return take_percent(order->percent, &block->percent, error);
    }
    block->percent = PERCENT_WHOLE;
    return order->kind == FISC_BLOCK_LIFT ||
           fisc_fail(error, FISC_ERROR_USAGE, "say how much: an amount or a percentage");
}

/* Where the lines of the entity stand now. */
static bool
read_position(FiscContext *ctx, FiscBudgetPosition *position, GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscTrial) trial = fisc_trial_new();
    trial->position = position;
    return fisc_flow_open_poster(ctx, &poster, error) &&
           fisc_poster_rehearse_trial(poster, trial, false, error);
}

/* Books that were begun before there were blocks have no account for them. */
static bool
require_account(const FiscNation *nation, FiscStage stage, GError **error)
{
    const char *code = fisc_stage_account(stage);
    return fisc_nation_account(nation, code) != NULL ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND,
                     "the chart has no account %s, \"%s\": bring it on record first", code,
                     fisc_stage_title(stage));
}

bool
fisc_flow_budget_block(FiscContext *ctx, const FiscBlockOrder *order, FiscBlockSum *out_sum,
                       char **out_id, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    const FiscEntity *entity = NULL;
    g_autofree char *id = id_of(order);
    g_autofree char *memo = memo_of(order->article, order->reason);
    FiscBlock block = {.kind = order->kind,
                       .id = id,
                       .reason = memo,
                       .on = order->on,
                       .of_available = order->of_available};
    memcpy(block.where, order->where, sizeof block.where);
    FiscStage stage = order->kind == FISC_BLOCK_CUT ? FISC_STAGE_CHANGE : FISC_STAGE_BLOCK;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, order->entity, &entity, error) ||
        !take_size(order, entity, &block, error) || !require_account(nation, stage, error)) {
        return false;
    }
    g_autoptr(FiscBudgetPosition) position =
        fisc_budget_position_new(entity->code, fisc_period_of(order->on), order->on);
    g_autoptr(FiscSubmission) content = fisc_submission_new(SOURCE, ctx->actor);
    if (!read_position(ctx, position, error)) {
        return false;
    }
    *out_sum = (FiscBlockSum){.decimals = entity->decimals};
    out_sum->lines = fisc_budget_block(content, entity, &block, position, &out_sum->total);
    if (out_sum->lines == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "no budget line of %s in %d that is meant has anything to %s",
                         order->entity, fisc_date_year(order->on), kind_words[order->kind]);
    }
    FiscDocumentDraft draft = {.id = id, .action = "budget", .reason = memo};
    return fisc_flow_document_propose(ctx, &draft, content, out_id, out_receipt, error);
}

/* Reserves ------------------------------------------------------------------------------------ */

/* "entity=MOF programme=9*": whether the line that gives is one of these. */
static bool
is_reserve(const char *line, const char *entity, const char *const dim[FISC_DIM_COUNT])
{
    g_auto(GStrv) words = g_strsplit(line != NULL ? line : "", " ", -1);
    bool is_it = line != NULL;
    for (int i = 0; words[i] != NULL && is_it; i++) {
        g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
        if (*words[i] == '\0') {
            continue;
        }
        int dimension = fisc_dimension_find(pair[0]);
        const char *code = dimension >= 0 ? dim[dimension] : entity;
        is_it = fisc_budget_word_has(pair[1], code);
    }
    return is_it;
}

static int
count_words(const char *text)
{
    int count = 0;
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        count += *words[i] != '\0' ? 1 : 0;
    }
    return count;
}

/* As many approvals as the rule of the reserve names roles; 0 when it has no rule. */
static bool
read_needs(FiscContext *ctx, const char *entity, const char *const dim[FISC_DIM_COUNT],
           int *out_needs, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) records = NULL;
    *out_needs = 0;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_records_load(tx, ctx->book_id, "reserve_rule", &records, error)) {
        return false;
    }
    for (guint i = 0; i < records->len; i++) {
        const FiscRecord *record = &g_array_index(records, FiscRecord, i);
        if (is_reserve(fisc_record_field(record, "line"), entity, dim)) {
            *out_needs = MAX(*out_needs, count_words(fisc_record_field(record, "approvals")));
        }
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

static char *
id_of_draw(const char *reserve, const FiscBudgetOrder *order)
{
    char day[FISC_DATE_TEXT];
    const char *words[5 + 2 * FISC_DIM_COUNT] = {reserve, order->entity, order->amount,
                                                 order->reason, fisc_date_format(order->on, day)};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[5 + i] = order->from[i];
        words[5 + FISC_DIM_COUNT + i] = order->to[i];
    }
    return order->id != NULL ? g_strdup(order->id)
                             : fisc_flow_id_of_words("draw", words, (int)G_N_ELEMENTS(words));
}

bool
fisc_flow_budget_draw(FiscContext *ctx, const char *reserve, const FiscBudgetOrder *order,
                      char **out_id, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    const FiscEntity *giver = NULL;
    const FiscEntity *receiver = NULL;
    g_autofree char *id = id_of_draw(reserve, order);
    FiscDraw draw = {.id = id, .reason = order->reason, .on = order->on};
    FiscDocumentDraft draft = {.id = id, .action = "budget", .reason = order->reason};
    memcpy(draw.from, order->from, sizeof draw.from);
    memcpy(draw.to, order->to, sizeof draw.to);
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, reserve, &giver, error) ||
        !fisc_flow_find_entity(nation, order->entity, &receiver, error) ||
        !fisc_flow_take_amount(order->amount, giver->decimals, &draw.amount, error) ||
        !read_needs(ctx, reserve, order->from, &draft.needs, error)) {
        return false;
    }
    if (draw.amount < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "what is not needed is given back by a reversal of the draw");
    }
    if (strcmp(giver->currency, receiver->currency) != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s and %s have different currencies",
                         giver->code, receiver->code);
    }
    g_autoptr(FiscSubmission) content = fisc_submission_new(SOURCE, ctx->actor);
    fisc_budget_draw(content, giver, receiver, &draw);
    return fisc_flow_document_propose(ctx, &draft, content, out_id, out_receipt, error);
}
