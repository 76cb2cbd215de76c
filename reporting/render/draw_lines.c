/* draw_lines.c: series over time: lines with a dot for each amount, upright scale. */
#include "reporting/render/draw_graph.h"

enum {
    PLOT_HEIGHT = 15000,
    LINE_THICKNESS = 160,
    DOT = 360,
};

static void
draw_grid(const FiscPlot *plot, int left, int right)
{
    for (__int128 at = plot->scale.low; at <= plot->scale.high; at += plot->scale.step) {
        int y = fisc_scale_place(&plot->scale, at);
        g_autofree char *words = fisc_scale_words(&plot->scale, at);
        fisc_draw_line(plot->drawing, at == 0 ? FISC_INK_QUIET : FISC_INK_RULE, left, y, right, y,
                       FISC_LINE_THIN);
        fisc_draw_text(plot->drawing, FISC_INK_QUIET, left - FISC_GAP / 2,
                       y + FISC_SMALL_SIZE * 7 / 20, FISC_SMALL_SIZE, FISC_ANCHOR_END, false,
                       words);
    }
}

static int
widest_amount(const FiscPlot *plot)
{
    int widest = 0;
    for (__int128 at = plot->scale.low; at <= plot->scale.high; at += plot->scale.step) {
        g_autofree char *words = fisc_scale_words(&plot->scale, at);
        widest = MAX(widest, fisc_text_width(words, FISC_SMALL_SIZE));
    }
    return widest;
}

/* Every label, or every second, third ... of them: as many as there is room for. */
static guint
labels_apart(const FiscPlot *plot, int between)
{
    int widest = 0;
    for (guint i = 0; i < plot->graph->categories->len; i++) {
        const FiscGraphCategory *category = g_ptr_array_index(plot->graph->categories, i);
        widest = MAX(widest, fisc_text_width(category->label, FISC_SMALL_SIZE) + FISC_GAP);
    }
    return (guint)((widest + between - 1) / MAX(between, 1));
}

/* In the middle below its place, as far as it fits before @right. */
static void
draw_label(const FiscPlot *plot, guint category, int x, int right)
{
    const FiscGraphCategory *of = g_ptr_array_index(plot->graph->categories, category);
    g_autoptr(GPtrArray) lines = fisc_text_wrap(of->label, FISC_SMALL_SIZE, right / 2, 1);
    const char *words = g_ptr_array_index(lines, 0);
    int half = (fisc_text_width(words, FISC_SMALL_SIZE) + 1) / 2;
    fisc_draw_text(plot->drawing, FISC_INK_QUIET, CLAMP(x, half, right - half),
                   plot->bottom + FISC_SMALL_SIZE * 3 / 2, FISC_SMALL_SIZE, FISC_ANCHOR_MIDDLE,
                   false, words);
}

static void
draw_series(const FiscPlot *plot, guint series, int first, int between)
{
    FiscInk ink = fisc_series_ink(series);
    int before = 0;
    for (guint i = 0; i < plot->graph->categories->len; i++) {
        __int128 amount = fisc_graph_amount(plot->graph, series, i);
        int x = first + between * (int)i;
        int y = fisc_scale_place(&plot->scale, amount);
        g_autofree char *meaning = fisc_plot_meaning(plot, series, i);
        if (i > 0) {
            fisc_draw_line(plot->drawing, ink, x - between, before, x, y, LINE_THICKNESS);
        }
        fisc_draw_box(plot->drawing, ink, x - DOT / 2, y - DOT / 2, DOT, DOT, meaning);
        before = y;
    }
}

void
fisc_plot_lines(FiscPlot *plot)
{
    int count = (int)plot->graph->categories->len;
    int left = widest_amount(plot) + FISC_GAP;
    int right = plot->drawing->width;
    int between = (right - left) / count;
    guint apart = MAX(labels_apart(plot, between), 1);
    plot->bottom = plot->top + PLOT_HEIGHT;
    plot->scale.from = plot->bottom;
    plot->scale.to = plot->top + FISC_GAP;
    draw_grid(plot, left, right);
    for (int i = 0; i < count; i += (int)apart) {
        draw_label(plot, (guint)i, left + between / 2 + between * i, right);
    }
    for (guint i = 0; i < plot->graph->series->len; i++) {
        draw_series(plot, i, left + between / 2, between);
    }
    plot->drawing->height = plot->bottom + FISC_SMALL_SIZE * 5 / 2;
}
