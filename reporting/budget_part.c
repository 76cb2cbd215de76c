/* budget_part.c: telling virements from supplements, entry by entry.
 *
 * The balance of a line's changes does not say which of them moved money and which created it; the
 * entry does (docs/documents.md, section 4). What a cell of the budget book adds up is elsewhere.
 */
#include "reporting/budget_part.h"

/* Adds what the entry does to one coding. */
static void
add_net(GHashTable *nets, const FiscPostedLine *line)
{
    gpointer key = GINT_TO_POINTER(line->coding.coding_id);
    int64_t *net = g_hash_table_lookup(nets, key);
    if (net == NULL) {
        net = g_new0(int64_t, 1);
        g_hash_table_insert(nets, key, net);
    }
    *net += line->amount;
}

/* The lines [from, to) are those of one entry. */
static bool
is_virement(const FiscPostedLines *lines, guint from, guint to)
{
    g_autoptr(GHashTable) nets = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    __int128 sum = 0;
    for (guint i = from; i < to; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        if (line->coding.account->stage == FISC_STAGE_CHANGE) {
            sum += line->amount;
            add_net(nets, line);
        }
    }
    GHashTableIter iter;
    gpointer net;
    g_hash_table_iter_init(&iter, nets);
    while (sum == 0 && g_hash_table_iter_next(&iter, NULL, &net)) {
        if (*(int64_t *)net < 0) {
            return true;
        }
    }
    return false;
}

/* What a reversal takes from a line had come in, and what it gives back had gone out. */
static FiscBudgetPart
virement_part(const FiscPostedLine *line)
{
    return (line->amount > 0) != line->reverses ? FISC_BUDGET_PART_VIREMENT_IN
                                                : FISC_BUDGET_PART_VIREMENT_OUT;
}

static int
part_of(const FiscPostedLine *line, bool virement, bool revenue)
{
    static const struct {
        FiscStage stage, revenue_stage;
    } stages[] = {
#define X(name, stage, revenue_stage) {FISC_STAGE_##stage, FISC_STAGE_##revenue_stage},
        FISC_BUDGET_PARTS(X)
#undef X
    };
    FiscStage stage = line->coding.account->stage;
    for (int i = 0; i < FISC_BUDGET_PART_COUNT; i++) {
        if (stage != FISC_STAGE_NONE &&
            stage == (revenue ? stages[i].revenue_stage : stages[i].stage)) {
            return i == FISC_BUDGET_PART_SUPPLEMENT && virement ? (int)virement_part(line) : i;
        }
    }
    return -1;
}

GArray *
fisc_budget_parts_of(const FiscPostedLines *lines, bool revenue)
{
    GArray *parts = g_array_sized_new(FALSE, FALSE, sizeof(int), lines->rows->len);
    guint to = 0;
    for (guint from = 0; from < lines->rows->len; from = to) {
        const FiscPostedLine *first = &g_array_index(lines->rows, FiscPostedLine, from);
        const FiscPostedLine *line = first;
        while (to < lines->rows->len &&
               (line = &g_array_index(lines->rows, FiscPostedLine, to))->entry_id ==
                   first->entry_id) {
            to++;
        }
        bool virement = !revenue && to - from > 1 && is_virement(lines, from, to);
        for (guint i = from; i < to; i++) {
            line = &g_array_index(lines->rows, FiscPostedLine, i);
            int part = part_of(line, virement, revenue);
            g_array_append_val(parts, part);
        }
    }
    return parts;
}

const char *
fisc_budget_part_word(FiscBudgetPart part, int64_t amount)
{
    static const char *const words[FISC_BUDGET_PART_COUNT] = {
        [FISC_BUDGET_PART_ORIGINAL] = "original",
        [FISC_BUDGET_PART_SUPPLEMENT] = "supplement",
        [FISC_BUDGET_PART_VIREMENT_IN] = "virement_in",
        [FISC_BUDGET_PART_VIREMENT_OUT] = "virement_out",
        [FISC_BUDGET_PART_CARRY] = "carry_in",
    };
    return part == FISC_BUDGET_PART_SUPPLEMENT && amount < 0 ? "cut" : words[part];
}
