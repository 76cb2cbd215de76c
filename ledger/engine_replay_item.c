/* engine_replay_item.c: the open items of posted entries, judged again. The lines of an entry stand
 * in the order they were decided in, reliefs last, so each is held against the same rule. What a
 * line relieved, the log does not say; that nothing was taken twice, it does. */
#include "ledger/engine_internal.h"

/* The currency a line stands in: a revaluation has no foreign amount and follows its item. */
static int32_t
currency_of(FiscEngine *engine, const FiscDecidedEntry *entry, int line, int32_t name)
{
    const FiscItem *item = fisc_engine_item(engine, entry->entity_id, name);
    bool has_foreign = entry->foreign != NULL && entry->foreign[line] != 0;
    if (!has_foreign) {
        return item != NULL ? item->currency : 0;
    }
    return fisc_engine_symbol(engine, entry->currency != NULL ? entry->currency : "");
}

static void
replay_line(FiscEngine *engine, const FiscDecidedEntry *entry, int line, FiscRefusals *objections)
{
    FiscItemMove move = {.entity_id = entry->entity_id,
                         .name = fisc_engine_symbol(engine, entry->open_item[line]),
                         .coding = engine->codings->pdata[entry->coding[line] - 1],
                         .year = fisc_period_year(entry->period),
                         .amount = entry->amount[line],
                         .foreign = entry->foreign != NULL ? entry->foreign[line] : 0};
    move.currency = currency_of(engine, entry, line, move.name);
    g_autofree char *detail = NULL;
    int broken = fisc_engine_check_item(engine, &move, 0, &detail);
    if (broken >= 0) {
        fisc_refusals_add(objections, (FiscError)broken, NULL, 0, NULL, "line %d: %s: open item %s",
                          line + 1, fisc_error_name((FiscError)broken), detail);
    }
    fisc_engine_move_item(engine, &move);
}

void
fisc_engine_replay_items(FiscEngine *engine, const FiscDecidedEntry *entry,
                         FiscRefusals *objections)
{
    for (int i = 0; entry->open_item != NULL && i < entry->count; i++) {
        if (*entry->open_item[i] != '\0') {
            replay_line(engine, entry, i, objections);
        }
    }
}
