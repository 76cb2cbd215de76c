/* engine_block.c: what is blocked is held back, not spent; what is given back of it was blocked on
 * the same line before. Otherwise lifting a block that was never set would make money. */
#include "ledger/engine_internal.h"
#include "fisc/money.h"

/* Blocked on a coding in the year; the lines that are judged are not folded yet. */
static __int128
blocked_on(const FiscEngineCoding *coding, int year)
{
    __int128 debit = 0;
    __int128 credit = 0;
    fisc_engine_turnover(coding, year, &debit, &credit);
    return credit - debit;
}

/* What lines from @first on do to a coding, debit positive: what they lift. */
static __int128
lifted_from(const int32_t *codings, const int64_t *amounts, int first, int count)
{
    __int128 lifted = 0;
    for (int i = first; i < count; i++) {
        lifted += codings[i] == codings[first] ? amounts[i] : 0;
    }
    return lifted;
}

static bool
is_seen(const int32_t *codings, int at)
{
    for (int i = 0; i < at; i++) {
        if (codings[i] == codings[at]) {
            return true;
        }
    }
    return false;
}

/* The first line of a coding from which more is lifted than is blocked; -1: none. */
static int
find_excess(const FiscEngine *engine, const int32_t *codings, const int64_t *amounts, int count,
            int year, __int128 *out_blocked, __int128 *out_lifted)
{
    for (int i = 0; i < count; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[codings[i] - 1];
        if (coding->stage != FISC_STAGE_BLOCK || is_seen(codings, i)) {
            continue;
        }
        *out_blocked = blocked_on(coding, year);
        *out_lifted = lifted_from(codings, amounts, i, count);
        if (*out_lifted > 0 && *out_lifted > *out_blocked) {
            return i;
        }
    }
    return -1;
}

void
fisc_engine_judge_blocks(FiscDecision *decision)
{
    __int128 blocked = 0;
    __int128 lifted = 0;
    const FiscEntry *entry = decision->entry;
    int at = find_excess(decision->engine, (const int32_t *)(const void *)decision->coding[1]->data,
                         (const int64_t *)(const void *)decision->amount[1]->data,
                         (int)decision->coding[1]->len, fisc_period_year(decision->period),
                         &blocked, &lifted);
    if (at >= 0) {
        char blocked_text[FISC_SUM_TEXT];
        char lifted_text[FISC_SUM_TEXT];
        fisc_refusals_add(decision->refusals, FISC_ERROR_ITEM_EXCEEDED, entry->file, entry->row,
                          NULL, "\"%s\": %s blocked here, %s to be lifted", entry->reference,
                          fisc_sum_format_grouped(blocked, entry->decimals, blocked_text),
                          fisc_sum_format_grouped(lifted, entry->decimals, lifted_text));
    }
}

void
fisc_engine_object_blocks(const FiscEngine *engine, const FiscDecidedEntry *entry,
                          FiscRefusals *objections)
{
    __int128 blocked = 0;
    __int128 lifted = 0;
    int at = find_excess(engine, entry->coding, entry->amount, entry->count,
                         fisc_period_year(entry->period), &blocked, &lifted);
    if (at >= 0) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "line %d: it lifts more than was blocked", at + 1);
    }
}
