/* year_end.c: what becomes of a budget when its year ends: what of each line is carried over, by
 * which rule, and what lapses (rule R17). Pure: from where the lines stand and the rules that hold
 * to a proposal. Its entries are written in year_end_write.c.
 *
 * Obligations stay charged to the year: what is owed is paid from it, whenever. Open orders and
 * requests are carried one by one, as far as a rule says so and the line has the money; free money
 * is carried only where the law lets an appropriation outlive its year. Everything else lapses. So
 * for each line paid + accrued + carried + lapsed = budget, to the unit. */
#include "fisc/year_end.h"
#include <string.h>

#define MILLION 1000000

static void
line_free(gpointer data)
{
    FiscYearEndLine *line = data;
    g_array_unref(line->items);
    g_free(line);
}

/* Rules ------------------------------------------------------------------------------------ */

/* Why a rule does not carry an item; NULL: it does. */
static const char *
find_objection(const FiscCarryRule *rule, const FiscYearItem *item)
{
    FiscStage stage =
        rule->stage == FISC_CARRY_COMMITMENT ? FISC_STAGE_COMMITMENT : FISC_STAGE_AUTHORIZATION;
    bool is_again = item->before.kind >= 0;
    if (rule->stage == FISC_CARRY_FREE || item->stage != stage ||
        !fisc_carry_rule_fits(rule, item->dim)) {
        return "no rule speaks of it";
    }
    /* What was carried once stays what it was carried as: another rule is no way around. */
    if (is_again && (item->before.kind != (int)rule->kind || !rule->may_again)) {
        return "it was carried before, and may not be carried again";
    }
    return rule->is_listed && item->listed != (int)rule->kind ? "it is on no list" : NULL;
}

static const FiscCarryRule *
find_rule(const FiscYearPosition *position, const FiscYearItem *item, const char **out_why)
{
    *out_why = "no rule speaks of it";
    for (guint i = 0; i < position->rules->len; i++) {
        const FiscCarryRule *rule = position->rules->pdata[i];
        const char *objection = find_objection(rule, item);
        if (objection == NULL) {
            *out_why = NULL;
            return rule;
        }
        if (strcmp(objection, "no rule speaks of it") != 0) {
            *out_why = objection; /* the one that comes closest */
        }
    }
    return NULL;
}

/* Lines ------------------------------------------------------------------------------------ */

/* What is left of a line for all that may be carried out of it. */
static __int128
money_of(const FiscYearLine *line)
{
    return (__int128)line->appropriation + line->carry - line->paid - line->accrued;
}

static void
decide_item(const FiscYearPosition *position, const FiscYearItem *item, __int128 *money,
            FiscYearEndItem *out)
{
    *out = (FiscYearEndItem){.item = item, .open = item->open};
    out->rule = find_rule(position, item, &out->why);
    if (out->rule != NULL) {
        out->carried = (int64_t)CLAMP(*money, 0, (__int128)item->open);
        out->why = out->carried < item->open ? "the line has no more" : NULL;
        *money -= out->carried;
    }
    out->lapsed = out->open - out->carried;
}

/* Of free money that was carried in and may not be carried again, what is still there: it was spent
 * first. */
static __int128
kept_back(const FiscCarryRule *rule, const FiscYearLine *line)
{
    __int128 used = (__int128)line->paid + line->accrued + line->committed + line->reserved;
    bool is_kept = line->before.kind >= 0 && !rule->may_again;
    return is_kept ? MAX((__int128)line->before.amount - used, 0) : 0;
}

/* The most that a rule carries of the free money of a line. */
static __int128
free_room(const FiscCarryRule *rule, const FiscYearLine *line, __int128 free)
{
    __int128 room = free - kept_back(rule, line);
    if (rule->cap >= 0) {
        __int128 cap = (__int128)MAX(line->appropriation, 0) * rule->cap / MILLION;
        room = MIN(room, cap - line->free_done);
    }
    return MAX(room, 0);
}

static const FiscCarryRule *
find_free_rule(const FiscYearPosition *position, const FiscYearLine *line)
{
    const FiscYearRow *row = line->rows->len > 0 ? line->rows->pdata[0] : NULL;
    for (guint i = 0; row != NULL && i < position->rules->len; i++) {
        const FiscCarryRule *rule = position->rules->pdata[i];
        if (rule->stage == FISC_CARRY_FREE && fisc_carry_rule_fits(rule, row->dim)) {
            return rule;
        }
    }
    return NULL;
}

/* What stays out of the free money: orders and requests that are no items, and what lapses of those
 * that were carried in, for it has one purpose. What lapses of others is free. */
static __int128
open_of(const FiscYearEndLine *out)
{
    __int128 open = (__int128)out->line->committed + out->line->reserved;
    for (guint i = 0; i < out->items->len; i++) {
        const FiscYearEndItem *item = &g_array_index(out->items, FiscYearEndItem, i);
        open -= item->item->before.kind >= 0 ? item->carried : item->open;
    }
    return open;
}

static void
decide_free(const FiscYearPosition *position, __int128 money, FiscYearEndLine *out)
{
    const FiscYearLine *line = out->line;
    __int128 free = money - open_of(out) - line->blocked;
    const FiscCarryRule *rule = find_free_rule(position, line);
    out->free = (int64_t)MAX(free, 0);
    if (rule != NULL && free > 0) {
        __int128 carried = MIN(free_room(rule, line, free), MAX(money, 0));
        out->free_carried = (int64_t)carried;
        out->free_rule = carried > 0 ? rule : NULL;
    }
}

static FiscYearEndLine *
decide_line(const FiscYearPosition *position, const FiscYearLine *line)
{
    FiscYearEndLine *out = g_new0(FiscYearEndLine, 1);
    __int128 money = money_of(line);
    out->line = line;
    out->budget = line->appropriation + line->carry;
    out->items = g_array_new(FALSE, TRUE, sizeof(FiscYearEndItem));
    for (guint i = 0; i < line->items->len; i++) {
        FiscYearEndItem item;
        decide_item(position, line->items->pdata[i], &money, &item);
        out->carried += item.carried;
        g_array_append_val(out->items, item);
    }
    decide_free(position, money, out);
    out->carried += out->free_carried;
    out->lapsed = (int64_t)(money_of(line) - out->carried);
    return out;
}

FiscYearEnd *
fisc_year_end_propose(const FiscYearPosition *position)
{
    FiscYearEnd *end = g_new0(FiscYearEnd, 1);
    end->position = position;
    end->lines = g_ptr_array_new_with_free_func(line_free);
    for (guint i = 0; i < position->lines->len; i++) {
        g_ptr_array_add(end->lines, decide_line(position, position->lines->pdata[i]));
    }
    return end;
}

void
fisc_year_end_free(FiscYearEnd *end)
{
    if (end != NULL) {
        g_ptr_array_unref(end->lines);
        g_free(end);
    }
}

bool
fisc_year_end_moves(const FiscYearEndLine *line)
{
    return line->items->len > 0 || line->free_carried > 0;
}
