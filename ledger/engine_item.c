/* engine_item.c: open items: what a reservation, an order, a claim, a payable or an advance still
 * holds, coding by coding, and in whose hands it has been. Here is the state with its undo, and the
 * rule that nothing is taken that is not open; what is given back when a later stage relieves an
 * earlier one is in engine_relief.c (rules R1, R2, R11, R20). */
#include "ledger/engine_internal.h"
#include "fisc/money.h"
#include <string.h>

/* State ------------------------------------------------------------------------------------ */

static guint
hash_name(gconstpointer key)
{
    const FiscItemName *name = key;
    guint hash = (guint)name->entity_id * 2654435761u ^ (guint)name->name * 2246822519u;
    return hash ^ (hash >> 15);
}

static gboolean
equal_name(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscItemName)) == 0;
}

static void
group_free(gpointer data)
{
    FiscItemGroup *group = data;
    g_ptr_array_unref(group->parts);
    g_free(group);
}

static void
item_free(gpointer data)
{
    FiscItem *item = data;
    g_ptr_array_unref(item->groups);
    g_clear_pointer(&item->hands, g_array_unref);
    g_free(item);
}

GHashTable *
fisc_engine_item_table(void)
{
    return g_hash_table_new_full(hash_name, equal_name, NULL, item_free);
}

FiscItem *
fisc_engine_item(const FiscEngine *engine, int32_t entity_id, int32_t name)
{
    FiscItemName key = {entity_id, name};
    return g_hash_table_lookup(engine->items, &key);
}

bool
fisc_engine_is_budgetary(const FiscEngine *engine, int32_t account_id)
{
    const FiscEngineAccount *account = engine->accounts->pdata[account_id - 1];
    return account->class_ == FISC_CLASS_BUDGETARY;
}

static int
year_of(const FiscEngine *engine, const FiscItemMove *move)
{
    return fisc_engine_is_budgetary(engine, move->coding->key.account_id) ? move->year : 0;
}

static FiscItemGroup *
find_group(const FiscItem *item, const FiscCodingKey *key, int year, guint *out_index)
{
    for (guint i = 0; i < item->groups->len; i++) {
        FiscItemGroup *group = item->groups->pdata[i];
        bool is_same =
            year == 0 ? key->dim[FISC_DIM_COUNTERPARTY] == group->key.dim[FISC_DIM_COUNTERPARTY]
                      : memcmp(key->dim, group->key.dim, sizeof key->dim) == 0;
        if (is_same && group->year == year) {
            *out_index = i;
            return group;
        }
    }
    return NULL;
}

void
fisc_engine_item_open(const FiscItemGroup *group, __int128 *out_amount, __int128 *out_foreign)
{
    *out_amount = 0;
    *out_foreign = 0;
    for (guint i = 0; i < group->parts->len; i++) {
        const FiscItemPart *part = group->parts->pdata[i];
        *out_amount += part->amount;
        *out_foreign += part->foreign;
    }
}

/* Rules ------------------------------------------------------------------------------------ */

static int
check_opening(const FiscEngine *engine, const FiscItemMove *move, const char *name,
              char **out_detail)
{
    if (move->amount > 0 && fisc_engine_is_budgetary(engine, move->coding->key.account_id)) {
        *out_detail = g_strdup_printf("\"%s\" was never opened", name);
        return FISC_ERROR_ITEM_UNKNOWN;
    }
    if (move->currency != 0 && move->foreign == 0) {
        *out_detail = g_strdup_printf("\"%s\" opens in %s without a foreign amount", name,
                                      fisc_engine_symbol_text(engine, move->currency));
        return FISC_ERROR_ITEM_MISMATCH;
    }
    return -1;
}

static const char *
currency_text(const FiscEngine *engine, int32_t currency)
{
    return currency != 0 ? fisc_engine_symbol_text(engine, currency) : "its own currency";
}

static int
check_match(const FiscEngine *engine, const FiscItem *item, const FiscItemMove *move,
            const char *name, char **out_detail)
{
    int32_t account_id = move->coding->key.account_id;
    if (item->account_id != account_id) {
        *out_detail = g_strdup_printf(
            "\"%s\" stands on account %s, not on %s", name,
            ((const FiscEngineAccount *)engine->accounts->pdata[item->account_id - 1])->code,
            ((const FiscEngineAccount *)engine->accounts->pdata[account_id - 1])->code);
        return FISC_ERROR_ITEM_MISMATCH;
    }
    if (item->currency != move->currency) {
        *out_detail = g_strdup_printf("\"%s\" stands in %s, not in %s", name,
                                      currency_text(engine, item->currency),
                                      currency_text(engine, move->currency));
        return FISC_ERROR_ITEM_MISMATCH;
    }
    return -1;
}

bool
fisc_engine_is_overdrawn(const FiscEngine *engine, const FiscItemMove *move)
{
    const FiscItem *item = fisc_engine_item(engine, move->entity_id, move->name);
    __int128 amount = 0;
    __int128 foreign = 0;
    guint at = 0;
    const FiscItemGroup *group =
        item != NULL ? find_group(item, &move->coding->key, year_of(engine, move), &at) : NULL;
    if (group != NULL) {
        fisc_engine_item_open(group, &amount, &foreign);
    }
    return group != NULL && (amount * item->sign < 0 || foreign * item->sign < 0);
}

/* What is taken must be open, in both currencies. */
static int
check_taking(const FiscEngine *engine, const FiscItem *item, const FiscItemMove *move,
             const char *name, int decimals, char **out_detail)
{
    __int128 amount = 0;
    __int128 foreign = 0;
    guint at = 0;
    const FiscItemGroup *group = find_group(item, &move->coding->key, year_of(engine, move), &at);
    if (group != NULL) {
        fisc_engine_item_open(group, &amount, &foreign);
    }
    bool is_short = (amount + move->amount) * item->sign < 0;
    if (!is_short && (foreign + move->foreign) * item->sign >= 0) {
        return -1;
    }
    int places = is_short ? decimals
                          : fisc_currency_decimals(fisc_engine_symbol_text(engine, item->currency));
    __int128 open = is_short ? amount : foreign;
    __int128 taken = is_short ? move->amount : move->foreign;
    char open_text[FISC_SUM_TEXT];
    char taken_text[FISC_SUM_TEXT];
    *out_detail =
        g_strdup_printf("\"%s\": %s%s open here, %s to be taken", name,
                        fisc_sum_format_grouped(open * item->sign, MAX(places, 0), open_text),
                        is_short ? "" : " in its currency",
                        fisc_sum_format_grouped(-taken * item->sign, MAX(places, 0), taken_text));
    return FISC_ERROR_ITEM_EXCEEDED;
}

int
fisc_engine_check_item(const FiscEngine *engine, const FiscItemMove *move, int decimals,
                       char **out_detail)
{
    const char *name = fisc_engine_symbol_text(engine, move->name);
    const FiscItem *item = fisc_engine_item(engine, move->entity_id, move->name);
    if (item == NULL) {
        return check_opening(engine, move, name, out_detail);
    }
    int broken = check_match(engine, item, move, name, out_detail);
    bool is_taking = (move->amount > 0) != (item->sign > 0);
    return broken < 0 && is_taking ? check_taking(engine, item, move, name, decimals, out_detail)
                                   : broken;
}

/* Folding ---------------------------------------------------------------------------------- */

static FiscItem *
add_item(FiscEngine *engine, const FiscItemMove *move, int sign)
{
    FiscItem *item = g_new0(FiscItem, 1);
    item->name = (FiscItemName){move->entity_id, move->name};
    item->account_id = move->coding->key.account_id;
    item->currency = move->currency;
    item->sign = sign;
    item->groups = g_ptr_array_new_with_free_func(group_free);
    g_hash_table_insert(engine->items, &item->name, item);
    return item;
}

static FiscItemPart *
find_part(const FiscItemGroup *group, int32_t coding_id)
{
    for (guint i = 0; i < group->parts->len; i++) {
        FiscItemPart *part = group->parts->pdata[i];
        if (part->coding_id == coding_id) {
            return part;
        }
    }
    return NULL;
}

/* The place of a coding in its item; made, with undo, when it is new. */
static FiscItemPart *
take_part(FiscEngine *engine, FiscItem *item, const FiscEngineCoding *coding, int year)
{
    guint at = item->groups->len;
    FiscItemGroup *group = find_group(item, &coding->key, year, &at);
    FiscItemPart *part = group != NULL ? find_part(group, coding->id) : NULL;
    if (part != NULL) {
        return part;
    }
    if (group == NULL) {
        group = g_new0(FiscItemGroup, 1);
        group->key = coding->key;
        group->year = year;
        group->parts = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(item->groups, group);
    }
    part = g_new0(FiscItemPart, 1);
    part->coding_id = coding->id;
    g_ptr_array_add(group->parts, part);
    FiscUndo undo = {.kind = FISC_UNDO_ITEM, .item = item, .old = at};
    g_array_append_val(engine->current->undo, undo);
    return part;
}

static FiscItem *
fold(FiscEngine *engine, const FiscItemMove *move, int sign, int year)
{
    FiscItem *item = fisc_engine_item(engine, move->entity_id, move->name);
    if (item == NULL) {
        item = add_item(engine, move, sign);
    }
    FiscItemPart *part = take_part(engine, item, move->coding, year);
    fisc_engine_add(engine, &part->amount, move->amount);
    if (move->foreign != 0) {
        fisc_engine_add(engine, &part->foreign, move->foreign);
    }
    return item;
}

void
fisc_engine_move_item(FiscEngine *engine, const FiscItemMove *move)
{
    fold(engine, move, move->amount > 0 ? 1 : -1, year_of(engine, move));
}

/* Groups and codings came one after the other, so the newest is the last. */
void
fisc_engine_undo_item(FiscEngine *engine, const FiscUndo *undo)
{
    FiscItem *item = undo->item;
    FiscItemGroup *group = item->groups->pdata[undo->old];
    g_ptr_array_set_size(group->parts, (int)group->parts->len - 1);
    if (group->parts->len == 0) {
        g_assert(undo->old == (int64_t)item->groups->len - 1);
        g_ptr_array_set_size(item->groups, (int)undo->old);
    }
    if (item->groups->len == 0) {
        g_hash_table_remove(engine->items, &item->name);
    }
}

/* Hands ------------------------------------------------------------------------------------ */

static bool
has_hand(const GArray *hands, int32_t duty, int32_t person, guint *out_at)
{
    guint at = 0;
    for (; at < hands->len; at += 2) {
        int32_t has_duty = g_array_index(hands, int32_t, at);
        int32_t has_person = g_array_index(hands, int32_t, at + 1);
        if (has_duty > duty || (has_duty == duty && has_person >= person)) {
            *out_at = at;
            return has_duty == duty && has_person == person;
        }
    }
    *out_at = at;
    return false;
}

/* Sorted pairs into sorted pairs; each once. */
void
fisc_engine_join_hands(GArray *into, const int32_t *hands, guint count)
{
    for (guint i = 0; i + 1 < count; i += 2) {
        guint at = 0;
        if (!has_hand(into, hands[i], hands[i + 1], &at)) {
            g_array_insert_vals(into, at, &hands[i], 2);
        }
    }
}

static void
join_item(FiscDecision *decision, int32_t name)
{
    const FiscItem *item =
        name != 0 ? fisc_engine_item(decision->engine, decision->entity_id, name) : NULL;
    if (item != NULL && item->hands != NULL) {
        fisc_engine_join_hands(decision->hands, (const int32_t *)(const void *)item->hands->data,
                               item->hands->len);
    }
}

void
fisc_engine_item_hands(FiscDecision *decision)
{
    for (int side = 0; decision->has_items && side < 2; side++) {
        for (guint i = 0; i < decision->note[side]->len; i++) {
            const FiscLineNote *note = &g_array_index(decision->note[side], FiscLineNote, i);
            join_item(decision, note->item);
            join_item(decision, note->relieves);
        }
    }
}

static bool
same_hands(const GArray *a, const GArray *b)
{
    return a != NULL && a->len == b->len && memcmp(a->data, b->data, a->len * sizeof(int32_t)) == 0;
}

static void
set_hands(FiscEngine *engine, FiscItem *item, GArray *hands)
{
    if (same_hands(item->hands, hands)) {
        return;
    }
    FiscUndo undo = {.kind = FISC_UNDO_HANDS, .item = item, .hands = item->hands};
    g_array_append_val(engine->current->undo, undo);
    item->hands = g_array_ref(hands);
}

void
fisc_engine_fold_items(FiscDecision *decision)
{
    if (!decision->has_items || decision->hands->len == 0) {
        return;
    }
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->note[side]->len; i++) {
            int32_t name = g_array_index(decision->note[side], FiscLineNote, i).item;
            FiscItem *item =
                name != 0 ? fisc_engine_item(decision->engine, decision->entity_id, name) : NULL;
            if (item != NULL) {
                set_hands(decision->engine, item, decision->hands);
            }
        }
    }
}

void
fisc_engine_undo_hands(FiscEngine *engine, FiscUndo *undo)
{
    (void)engine;
    g_clear_pointer(&undo->item->hands, g_array_unref);
    undo->item->hands = g_steal_pointer(&undo->hands);
}

/* Restoring -------------------------------------------------------------------------------- */

void
fisc_engine_restore_item(FiscEngine *engine, int entity_id, const char *item, int side,
                         int coding_id, int year, int64_t amount, const char *currency,
                         int64_t foreign, const int32_t *hands, int hand_count)
{
    FiscItemMove move = {.entity_id = entity_id,
                         .name = fisc_engine_symbol(engine, item),
                         .coding = engine->codings->pdata[coding_id - 1],
                         .amount = amount,
                         .currency = currency != NULL ? fisc_engine_symbol(engine, currency) : 0,
                         .foreign = foreign};
    FiscItem *found = fold(engine, &move, side, year);
    if (found->currency == 0) {
        found->currency = move.currency; /* a revaluation names none, and may be read first */
    }
    if (hand_count > 0) {
        GArray *joined = g_array_new(FALSE, FALSE, sizeof(int32_t));
        if (found->hands != NULL) {
            g_array_append_vals(joined, found->hands->data, found->hands->len);
        }
        fisc_engine_join_hands(joined, hands, (guint)hand_count);
        g_clear_pointer(&found->hands, g_array_unref);
        found->hands = joined;
    }
    g_array_set_size(engine->current->undo, 0);
}

void
fisc_engine_restore_entry_items(FiscEngine *engine, const FiscDecidedEntry *entry)
{
    int year = fisc_period_year(entry->period);
    for (int i = 0; entry->open_item != NULL && i < entry->count; i++) {
        if (*entry->open_item[i] == '\0') {
            continue;
        }
        int64_t foreign = entry->foreign != NULL ? entry->foreign[i] : 0;
        fisc_engine_restore_item(
            engine, entry->entity_id, entry->open_item[i], entry->amount[i] > 0 ? 1 : -1,
            entry->coding[i], i < entry->financial ? 0 : year, entry->amount[i],
            foreign != 0 ? entry->currency : NULL, foreign, entry->hands, entry->hand_count);
    }
}
