/* block.c: holding money back, letting it go again, and cutting it, over many budget lines at once;
 * and what a reserve gives, as two halves. Pure.
 *
 * The lines are those of a position, so what is shared out is what stands on record now. Whether
 * each line has so much is for the engine: it refuses the whole document when one has not. */
#include "fisc/budget.h"
#include <string.h>

#define MILLION 1000000

bool
fisc_budget_word_has(const char *word, const char *code)
{
    gsize length = word != NULL ? strlen(word) : 0;
    code = code != NULL ? code : "";
    if (length == 0) {
        return true;
    }
    return word[length - 1] == '*' ? strncmp(code, word, length - 1) == 0 : strcmp(code, word) == 0;
}

static bool
is_meant(const FiscBlock *block, const FiscLinePosition *line)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (!fisc_budget_word_has(block->where[i], line->dim[i])) {
            return false;
        }
    }
    return true;
}

/* What a line's part is a share of. */
static int64_t
base_of(const FiscBlock *block, const FiscLinePosition *line)
{
    int64_t base = block->kind == FISC_BLOCK_LIFT ? line->blocked
                   : block->of_available          ? line->available
                                                  : line->enacted + line->carried;
    return MAX(base, 0);
}

typedef struct {
    const FiscLinePosition *line;
    int64_t base, part;
    __int128 rest; /* what rounding down has left over, in parts of the sum of all bases */
} Part;

static GArray *
parts_of(const FiscBlock *block, const FiscBudgetPosition *position)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    for (guint i = 0; i < position->lines->len; i++) {
        const FiscLinePosition *line = position->lines->pdata[i];
        Part part = {.line = line, .base = base_of(block, line)};
        if (part.base > 0 && is_meant(block, line)) {
            g_array_append_val(parts, part);
        }
    }
    return parts;
}

/* A percentage of each line, half away from zero: the sum may differ from that of the whole. */
static void
share_percent(GArray *parts, int64_t percent)
{
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        __int128 whole = (__int128)part->base * percent;
        part->part = (int64_t)((2 * whole + MILLION) / (2 * MILLION));
    }
}

static gint
compare_rests(gconstpointer a, gconstpointer b)
{
    const Part *left = *(const Part *const *)a;
    const Part *right = *(const Part *const *)b;
    return (left->rest < right->rest) - (left->rest > right->rest);
}

/* In proportion to the bases; what is left over goes to the largest remainders, of equal ones to
 * the first, so that the parts make the whole. */
static void
share_amount(GArray *parts, int64_t amount)
{
    __int128 total = 0;
    int64_t left = amount;
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < parts->len; i++) {
        total += g_array_index(parts, Part, i).base;
    }
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        __int128 whole = (__int128)amount * part->base;
        part->part = (int64_t)(whole / total);
        part->rest = whole % total;
        left -= part->part;
        g_ptr_array_add(order, part);
    }
    g_ptr_array_sort(order, compare_rests); /* stable */
    for (guint i = 0; left > 0; i++, left--) {
        ((Part *)order->pdata[i])->part++;
    }
}

static void
add_entry(FiscSubmission *into, const FiscEntity *entity, const FiscBlock *block, int number,
          const Part *part)
{
    const char *words[FISC_DIM_COUNT];
    FiscEntry *entry = fisc_submission_entry(into);
    g_autofree char *reference = g_strdup_printf("%s/%s/%d", entity->code, block->id, number);
    entry->entity = fisc_submission_text(into, entity->code);
    entry->reference = fisc_submission_text(into, reference);
    entry->effective = block->on;
    entry->memo = fisc_submission_text(into, block->reason);
    entry->decimals = entity->decimals;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[i] =
            *part->line->dim[i] != '\0' ? fisc_submission_text(into, part->line->dim[i]) : NULL;
    }
    if (block->kind == FISC_BLOCK_CUT) {
        fisc_entry_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, -part->part, words, 0);
    } else {
        bool is_lifted = block->kind == FISC_BLOCK_LIFT;
        fisc_entry_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_BLOCK,
                        is_lifted ? -part->part : part->part, words, 0);
    }
    fisc_entry_digest(entry);
}

int
fisc_budget_block(FiscSubmission *into, const FiscEntity *entity, const FiscBlock *block,
                  const FiscBudgetPosition *position, int64_t *out_total)
{
    int count = 0;
    g_autoptr(GArray) parts = parts_of(block, position);
    *out_total = 0;
    if (parts->len == 0) {
        return 0;
    }
    if (block->amount != 0) {
        share_amount(parts, block->amount);
    } else {
        share_percent(parts, block->percent);
    }
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        if (part->part != 0) {
            add_entry(into, entity, block, ++count, part);
            *out_total += part->part;
        }
    }
    return count;
}

/* Reserves ------------------------------------------------------------------------------------ */

static void
add_half(FiscSubmission *into, const FiscEntity *entity, const FiscDraw *draw, const char *half,
         const char *const dim[FISC_DIM_COUNT], int64_t amount)
{
    const char *words[FISC_DIM_COUNT];
    FiscEntry *entry = fisc_submission_entry(into);
    g_autofree char *reference = g_strdup_printf("%s/%s/%s", entity->code, draw->id, half);
    entry->entity = fisc_submission_text(into, entity->code);
    entry->reference = fisc_submission_text(into, reference);
    entry->transfer = fisc_submission_text(into, draw->id);
    entry->effective = draw->on;
    entry->memo = fisc_submission_text(into, draw->reason);
    entry->decimals = entity->decimals;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[i] = fisc_submission_text(into, dim[i]);
    }
    fisc_entry_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, words, 0);
    fisc_entry_digest(entry);
}

void
fisc_budget_draw(FiscSubmission *into, const FiscEntity *reserve, const FiscEntity *receiver,
                 const FiscDraw *draw)
{
    add_half(into, reserve, draw, "out", draw->from, -draw->amount);
    add_half(into, receiver, draw, "in", draw->to, draw->amount);
}
