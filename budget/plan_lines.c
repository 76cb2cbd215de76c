/* plan_lines.c: lines of a budget that is being prepared, and the words for what is in them. How
 * they are read and written is in plan_text.c, what may become of them in plan_change.c. Pure. */
#include "fisc/formulation.h"
#include <string.h>

static const struct {
    const char *word;
    bool is_of_entity;
} part_kinds[FISC_PART_KIND_COUNT] = {
#define X(name, word, of_entity, meaning) {word, of_entity},
    FISC_PART_KINDS(X)
#undef X
};

static const char *const figure_words[FISC_FIGURE_COUNT] = {
#define X(name, prefix, meaning) prefix,
    FISC_FIGURES(X)
#undef X
};

const char *
fisc_part_word(FiscPartKind kind)
{
    g_assert((int)kind >= 0 && kind < FISC_PART_KIND_COUNT);
    return part_kinds[kind].word;
}

int
fisc_part_find(const char *word)
{
    for (int i = 0; i < FISC_PART_KIND_COUNT; i++) {
        if (strcmp(word, part_kinds[i].word) == 0) {
            return i;
        }
    }
    return -1;
}

bool
fisc_part_is_of_entity(FiscPartKind kind)
{
    g_assert((int)kind >= 0 && kind < FISC_PART_KIND_COUNT);
    return part_kinds[kind].is_of_entity;
}

const char *
fisc_figure_word(FiscFigureKind figure)
{
    g_assert((int)figure >= 0 && figure < FISC_FIGURE_COUNT);
    return figure_words[figure];
}

FiscPlanLines *
fisc_plan_lines_new(const FiscPlanFrame *frame)
{
    g_assert(frame->years >= 1 && frame->years <= FISC_PLAN_YEARS_MAX);
    FiscPlanLines *lines = g_new0(FiscPlanLines, 1);
    lines->chunk = g_string_chunk_new(4096);
    lines->lines = g_ptr_array_new_with_free_func(g_free);
    lines->frame = *frame;
    lines->frame.version = fisc_plan_lines_text(lines, frame->version);
    return lines;
}

void
fisc_plan_lines_free(FiscPlanLines *lines)
{
    if (lines != NULL) {
        g_ptr_array_unref(lines->lines);
        g_string_chunk_free(lines->chunk);
        g_free(lines);
    }
}

const char *
fisc_plan_lines_text(FiscPlanLines *lines, const char *text)
{
    return text != NULL && *text != '\0' ? g_string_chunk_insert_const(lines->chunk, text) : "";
}

FiscPlanLine *
fisc_plan_lines_add(FiscPlanLines *lines)
{
    FiscPlanLine *line = g_new0(FiscPlanLine, 1);
    const char **texts[] = {&line->line,       &line->entity,      &line->title,
                            &line->nature,     &line->quantity,    &line->unit_price,
                            &line->total_cost, &line->tags,        &line->justification,
                            &line->article,    &line->mark_reason, &line->amendment_reason,
                            &line->annex};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        *texts[i] = "";
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = "";
    }
    g_ptr_array_add(lines->lines, line);
    return line;
}

int64_t
fisc_plan_line_amount(const FiscPlanLine *line, int year)
{
    g_assert(year >= 0 && year < FISC_PLAN_YEARS_MAX);
    for (int figure = FISC_FIGURE_AMENDMENT; figure >= FISC_FIGURE_REQUEST; figure--) {
        if (line->figure[figure].is_given) {
            return line->figure[figure].amount[year];
        }
    }
    return 0;
}
