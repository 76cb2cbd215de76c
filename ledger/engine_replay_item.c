/* engine_replay_item.c: the open items of posted entries, judged again. The lines of an entry stand
 * in the order they were decided in, reliefs last, so each is held against the same rule. What a
 * line relieved, the log does not say; that nothing was taken twice, it does.
 *
 * A relief takes from all codings of a budget line at once. What one of them has of the foreign
 * amount need not have the item's sign: a line may then take more than all of them have at that
 * moment, and the next one brings it back. So whether too much was taken is asked of a line, and
 * when the answer is yes, again of the entry that is through. */
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

static FiscItemMove
move_of(FiscEngine *engine, const FiscDecidedEntry *entry, int line)
{
    FiscItemMove move = {.entity_id = entry->entity_id,
                         .name = fisc_engine_symbol(engine, entry->open_item[line]),
                         .coding = engine->codings->pdata[entry->coding[line] - 1],
                         .year = fisc_period_year(entry->period),
                         .amount = entry->amount[line],
                         .foreign = entry->foreign != NULL ? entry->foreign[line] : 0};
    move.currency = currency_of(engine, entry, line, move.name);
    return move;
}

/* What is wrong with a line, in words; NULL: nothing. Caller frees. */
static char *
replay_line(FiscEngine *engine, const FiscDecidedEntry *entry, int line, int *out_broken)
{
    FiscItemMove move = move_of(engine, entry, line);
    char *detail = NULL;
    *out_broken = fisc_engine_check_item(engine, &move, 0, &detail);
    fisc_engine_move_item(engine, &move);
    return detail;
}

/* Whether it was only in between that a line took too much. */
static bool
is_made_good(FiscEngine *engine, const FiscDecidedEntry *entry, int line, int broken)
{
    const FiscItemMove move = move_of(engine, entry, line);
    return broken == FISC_ERROR_ITEM_EXCEEDED && move.foreign != 0 &&
           !fisc_engine_is_overdrawn(engine, &move);
}

void
fisc_engine_replay_items(FiscEngine *engine, const FiscDecidedEntry *entry,
                         FiscRefusals *objections)
{
    int lines = entry->open_item != NULL ? entry->count : 0;
    g_autoptr(GPtrArray) details = g_ptr_array_new_full((guint)lines, g_free);
    g_autofree int *broken = g_new0(int, MAX(lines, 1));
    for (int i = 0; i < lines; i++) {
        bool has_item = *entry->open_item[i] != '\0';
        g_ptr_array_add(details, has_item ? replay_line(engine, entry, i, &broken[i]) : NULL);
    }
    for (int i = 0; i < lines; i++) {
        if (details->pdata[i] != NULL && !is_made_good(engine, entry, i, broken[i])) {
            fisc_refusals_add(
                objections, (FiscError)broken[i], NULL, 0, NULL, "line %d: %s: open item %s", i + 1,
                fisc_error_name((FiscError)broken[i]), (const char *)details->pdata[i]);
        }
    }
}
