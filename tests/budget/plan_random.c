/* plan_random.c: budget lines that are drawn. What they say makes no sense; that they keep it is
 * what the tests ask. */
#include "tests/budget/plan_random.h"
#include <string.h>

static const char *const texts[] = {
    "",
    "Salaries",
    "He said \"no\", twice",
    "two\nlines",
    "a,comma",
    " spaces around ",
    "Ñandú, über, Ελλάς, 日本",
    "=SUM(A1)",
    "\"",
    "tab\there",
    "'quoted'",
};
static const char *const codes[] = {"", "1", "22", "221.00", "ÑU-7", "a b", "\"x\"", "7,5"};
static const char *const numbers[] = {"", "12", "0.5", "3.125"};
static const char *const tags[] = {"", "climate:40", "climate:40 gender", "gender:1"};
static const char *const natures[] = {"", "new", "continuing"};

#define DRAW(random, list) (list)[g_rand_int_range((random), 0, G_N_ELEMENTS(list))]

static void
draw_figures(GRand *random, const FiscPlanFrame *frame, FiscPlanLine *line)
{
    for (int kind = 0; kind < FISC_FIGURE_COUNT; kind++) {
        FiscFigure *figure = &line->figure[kind];
        figure->is_given = g_rand_int_range(random, 0, 3) > 0;
        for (int year = 0; figure->is_given && year < frame->years; year++) {
            figure->amount[year] = (int64_t)g_rand_int(random) * g_rand_int_range(random, 0, 1000);
        }
    }
}

static void
draw_words(GRand *random, FiscPlanLines *lines, FiscPlanLine *line)
{
    line->side = g_rand_boolean(random) ? FISC_SIDE_REVENUE : FISC_SIDE_EXPENDITURE;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        bool is_of_plan =
            i != FISC_DIM_CASH_CODE && i != FISC_DIM_CASH_COUNTERPARTY && i != FISC_DIM_LAYER;
        line->dim[i] = is_of_plan ? fisc_plan_lines_text(lines, DRAW(random, codes)) : "";
    }
    line->dim[FISC_DIM_GFS] = fisc_plan_lines_text(lines, g_rand_boolean(random) ? "211" : "22");
    line->title = fisc_plan_lines_text(lines, DRAW(random, texts));
    line->justification = fisc_plan_lines_text(lines, DRAW(random, texts));
    line->mark_reason = fisc_plan_lines_text(lines, DRAW(random, texts));
    line->amendment_reason = fisc_plan_lines_text(lines, DRAW(random, texts));
    line->nature = fisc_plan_lines_text(lines, DRAW(random, natures));
    /* A quantity without a price asks nothing of the request. */
    line->quantity = fisc_plan_lines_text(lines, DRAW(random, numbers));
    line->tags = fisc_plan_lines_text(lines, DRAW(random, tags));
    line->article = fisc_plan_lines_text(lines, DRAW(random, codes));
    line->annex = fisc_plan_lines_text(lines, DRAW(random, codes));
}

static void
add_drawn(GRand *random, FiscPlanLines *lines, int number)
{
    g_autofree char *entity = g_strdup_printf("E%d", number % 7);
    g_autofree char *name = g_strdup_printf("%d.%s", number, DRAW(random, codes));
    FiscPlanLine *line = fisc_plan_lines_add(lines);
    line->entity = fisc_plan_lines_text(lines, entity);
    line->line = fisc_plan_lines_text(lines, name);
    draw_words(random, lines, line);
    draw_figures(random, &lines->frame, line);
}

FiscPlanLines *
fisc_random_lines(GRand *random, const FiscPlanFrame *frame, int count)
{
    FiscPlanLines *lines = fisc_plan_lines_new(frame);
    for (int i = 0; i < count; i++) {
        add_drawn(random, lines, i);
    }
    return lines;
}

FiscPlanLines *
fisc_read_lines(const FiscPlanFrame *frame, const char *text)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPlanLines *lines = fisc_plan_lines_read(frame, "lines", text, strlen(text), NULL, refusals);
    for (guint i = 0; i < refusals->len; i++) {
        g_autofree char *words = fisc_refusal_to_text(refusals->pdata[i], frame->decimals);
        g_printerr("%s\n", words);
    }
    g_assert(lines != NULL);
    return lines;
}

static void
edit_line(GRand *random, FiscPlanLines *lines, guint index)
{
    FiscPlanLine *line = lines->lines->pdata[index];
    FiscFigure *figure = &line->figure[g_rand_int_range(random, 0, FISC_FIGURE_COUNT)];
    switch (g_rand_int_range(random, 0, 5)) {
    case 0:
        line->title = fisc_plan_lines_text(lines, DRAW(random, texts));
        break;
    case 1:
        draw_figures(random, &lines->frame, line);
        break;
    case 2:
        figure->is_given = true;
        figure->amount[g_rand_int_range(random, 0, lines->frame.years)] += 1;
        break;
    case 3:
        g_ptr_array_remove_index_fast(lines->lines, index);
        break;
    default:
        line->side = FISC_SIDE_EXPENDITURE;
        line->dim[FISC_DIM_FUND] = fisc_plan_lines_text(lines, DRAW(random, codes));
        break;
    }
}

FiscPlanLines *
fisc_random_edit(GRand *random, const FiscPlanLines *lines, int one_in)
{
    g_autofree char *text = fisc_plan_lines_write(lines);
    FiscPlanLines *edited = fisc_read_lines(&lines->frame, text);
    for (guint i = edited->lines->len; i > 0; i--) {
        if (g_rand_int_range(random, 0, one_in) == 0) {
            edit_line(random, edited, i - 1);
        }
    }
    for (int i = 0; i < (int)lines->lines->len / one_in; i++) {
        add_drawn(random, edited, 1000000 + g_rand_int_range(random, 0, 1 << 20) * 8 + i % 8);
    }
    return edited;
}
