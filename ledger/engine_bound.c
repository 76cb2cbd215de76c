/* engine_bound.c: what was carried into a year is bound to the commitment it was carried for (rule
 * R17): what of it is not used for that is blocked, and is nobody's funds.
 *
 * An event of kind "carry" says which item was carried, and from which year. What such an item
 * gives back goes to the funds available as far as the line that relieves it draws on them, for the
 * purpose of the item; the rest goes to the stage of blocks. A reversal puts back what was, and a
 * year-end carries the rest out again: both free nothing. */
#include "ledger/engine_internal.h"
#include <string.h>

/* Events ----------------------------------------------------------------------------------- */

static bool
check_entity(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    g_autofree char *entity = fisc_event_entity(event);
    if (entity != NULL && fisc_engine_entity(engine, entity) != 0) {
        return true;
    }
    fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, NULL, 0, "entity", "%s %s", event->kind,
                      event->subject);
    return false;
}

bool
fisc_engine_check_carry_rule(const FiscEngine *engine, const FiscEvent *event,
                             FiscRefusals *refusals)
{
    (void)engine;
    return fisc_carry_rule_check(event, refusals);
}

bool
fisc_engine_check_carry_item(const FiscEngine *engine, const FiscEvent *event,
                             FiscRefusals *refusals)
{
    return fisc_carry_item_check(event, refusals) && check_entity(engine, event, refusals);
}

bool
fisc_engine_check_carry(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    return fisc_carry_check(event, refusals) && check_entity(engine, event, refusals);
}

/* Bound items ------------------------------------------------------------------------------ */

bool
fisc_engine_is_bound(const FiscEngine *engine, int32_t entity_id, int32_t name, int year)
{
    if (name == 0 || !g_hash_table_contains(engine->numbering, "carry")) {
        return false;
    }
    g_autofree char *subject = g_strconcat(engine->entity_codes->pdata[entity_id - 1], "/",
                                           fisc_engine_symbol_text(engine, name), NULL);
    const FiscMaster *carry = fisc_engine_master(engine, "carry", subject);
    if (carry == NULL || g_strcmp0(fisc_engine_field(carry->fields, "stage"), "free") == 0) {
        return false;
    }
    const char *from = fisc_engine_field(carry->fields, "year");
    const char *amount = fisc_engine_field(carry->fields, "amount");
    bool is_standing = amount != NULL && strpbrk(amount, "123456789") != NULL; /* or taken back */
    return is_standing && from != NULL && year > atoi(from);
}

int32_t
fisc_engine_block_account(const FiscEngine *engine, const FiscEngineAccount *account)
{
    const FiscMaster *ours =
        fisc_engine_master(engine, "account", fisc_stage_account(FISC_STAGE_BLOCK));
    bool is_ours = strcmp(account->code, fisc_stage_account(account->stage)) == 0;
    for (guint i = 0; !is_ours && i < engine->accounts->len; i++) {
        const FiscEngineAccount *other = engine->accounts->pdata[i];
        if (other->stage == FISC_STAGE_BLOCK && (ours == NULL || other->number != ours->number)) {
            return other->number;
        }
    }
    return ours != NULL ? ours->number : 0;
}

static bool
is_budget_dimension(int dimension)
{
    return dimension != FISC_DIM_COUNTERPARTY && dimension != FISC_DIM_CASH_CODE &&
           dimension != FISC_DIM_CASH_COUNTERPARTY;
}

/* Codes are trees by their beginnings: an order for 22 is used by an invoice of 2211. */
bool
fisc_engine_serves(const FiscEngine *engine, const FiscCodingKey *purpose,
                   const FiscCodingKey *used)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_budget_dimension(i) && purpose->dim[i] != used->dim[i] &&
            !g_str_has_prefix(fisc_engine_symbol_text(engine, used->dim[i]),
                              fisc_engine_symbol_text(engine, purpose->dim[i]))) {
            return false;
        }
    }
    return true;
}

static bool
same_line(const FiscCodingKey *a, const FiscCodingKey *b)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_budget_dimension(i) && a->dim[i] != b->dim[i]) {
            return false;
        }
    }
    return true;
}

/* What is taken back ----------------------------------------------------------------------- */

static const FiscEngineCoding *
coding_at(const FiscDecision *decision, guint at)
{
    return decision->engine->codings->pdata[g_array_index(decision->coding[1], int32_t, at) - 1];
}

static int64_t
amount_at(const FiscDecision *decision, guint at)
{
    return g_array_index(decision->amount[1], int64_t, at);
}

/* A line that takes from a bound item. */
static bool
takes_bound(const FiscDecision *decision, guint at)
{
    const FiscLineNote *note = &g_array_index(decision->note[1], FiscLineNote, at);
    return amount_at(decision, at) > 0 && note->item != 0 &&
           fisc_engine_is_bound(decision->engine, decision->entity_id, note->item,
                                fisc_period_year(decision->period));
}

/* What the submitted lines do to one budget line. */
typedef struct {
    __int128 taken;       /* from bound items */
    __int128 taken_free;  /* from others */
    __int128 freed;       /* into the funds available */
    __int128 kept;        /* carried out, or blocked, by the same entry */
    int32_t available_id; /* the account that took it; 0 = none */
} Taking;

static Taking
sum_taking(const FiscDecision *decision, guint submitted, const FiscCodingKey *line)
{
    Taking sum = {0};
    for (guint i = 0; i < submitted; i++) {
        const FiscEngineCoding *coding = coding_at(decision, i);
        int64_t amount = amount_at(decision, i);
        if (!same_line(&coding->key, line)) {
            continue;
        }
        bool is_bound = takes_bound(decision, i);
        bool is_item = g_array_index(decision->note[1], FiscLineNote, i).item != 0;
        sum.taken += is_bound ? amount : 0;
        sum.taken_free += is_item && !is_bound ? MAX(amount, 0) : 0;
        if (coding->stage == FISC_STAGE_AVAILABLE && amount < 0) {
            sum.freed -= amount;
            sum.available_id = coding->key.account_id;
        } else if (coding->stage == FISC_STAGE_CARRY || coding->stage == FISC_STAGE_BLOCK) {
            sum.kept -= MIN(amount, 0);
        }
    }
    return sum;
}

static void
append_block(FiscDecision *decision, const FiscCodingKey *line, const Taking *sum, int64_t amount)
{
    const FiscEngineAccount *available = decision->engine->accounts->pdata[sum->available_id - 1];
    int32_t block = fisc_engine_block_account(decision->engine, available);
    if (block == 0) {
        return; /* a book whose chart is older than the stage */
    }
    FiscCodingKey key = {.entity_id = line->entity_id, .flow = FISC_FLOW_TRANSACTION};
    FiscLineNote note = {.row = decision->entry->row};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        key.dim[i] = is_budget_dimension(i) ? line->dim[i] : 0;
    }
    key.account_id = sum->available_id;
    fisc_engine_append_line(decision, &key, amount, &note);
    key.account_id = block;
    fisc_engine_append_line(decision, &key, -amount, &note);
}

/* True for the first line of a budget line that takes from a bound item. */
static bool
is_first(const FiscDecision *decision, guint at)
{
    for (guint i = 0; i < at; i++) {
        if (takes_bound(decision, i) &&
            same_line(&coding_at(decision, i)->key, &coding_at(decision, at)->key)) {
            return false;
        }
    }
    return true;
}

void
fisc_engine_bind_taken(FiscDecision *decision, guint submitted)
{
    if (decision->entry->reverses || !g_hash_table_contains(decision->engine->numbering, "carry")) {
        return;
    }
    for (guint i = 0; i < submitted; i++) {
        if (!takes_bound(decision, i) || !is_first(decision, i)) {
            continue;
        }
        FiscCodingKey line = coding_at(decision, i)->key; /* the list may move */
        Taking sum = sum_taking(decision, submitted, &line);
        /* What others held was carried out first. */
        __int128 kept = MAX(sum.kept - sum.taken_free, 0);
        __int128 unused = MIN(sum.taken, sum.freed) - kept;
        if (unused > 0) {
            append_block(decision, &line, &sum, (int64_t)unused);
        }
    }
}

/* On record -------------------------------------------------------------------------------- */

/* What leaves bound items is spent, blocked or carried out: nothing of it becomes free. By which
 * line it was relieved the log does not say, so spending counts wherever the entry has it. */
void
fisc_engine_object_bound(const FiscEngine *engine, const FiscDecidedEntry *entry,
                         FiscRefusals *objections)
{
    __int128 taken = 0;
    __int128 kept = 0;
    if (entry->open_item == NULL || entry->reverses ||
        !g_hash_table_contains(engine->numbering, "carry")) {
        return;
    }
    for (int i = entry->financial; i < entry->count; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[entry->coding[i] - 1];
        gconstpointer name = g_hash_table_lookup(engine->symbols, entry->open_item[i]);
        int32_t symbol = GPOINTER_TO_INT(name);
        if (entry->amount[i] > 0 && fisc_engine_is_bound(engine, entry->entity_id, symbol,
                                                         fisc_period_year(entry->period))) {
            taken += entry->amount[i];
        } else if (entry->amount[i] < 0 && coding->stage != FISC_STAGE_AVAILABLE) {
            kept -= entry->amount[i];
        }
    }
    if (taken > kept) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "what was carried over for one purpose became free for another");
    }
}
