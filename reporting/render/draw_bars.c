/* draw_bars.c: bars side by side, stacked, and waterfalls: lying, so that long labels are read
 * without turning the head, with the amount at the end of each. */
#include "reporting/render/draw_graph.h"

enum {
    BAR_ALONE = 1100, /* heights */
    BAR_OF_MANY = 900,
    BETWEEN_ROWS = 550,
    LINE = FISC_LABEL_SIZE * 6 / 5,
    LABEL_LINES_MAX = 2,
    LABEL_SHARE = 40, /* percent of the width that labels may take */
};

/* What all rows share. */
typedef struct {
    FiscPlot *plot;
    int label_width, bar, row;
    __int128 sum; /* of a waterfall so far */
} Rows;

static int
bars_in_row(const FiscGraph *graph)
{
    return graph->kind == FISC_GRAPH_BARS ? (int)graph->series->len : 1;
}

static int
widest_label(const FiscPlot *plot)
{
    int widest = 0;
    for (guint i = 0; i < plot->graph->categories->len; i++) {
        const FiscGraphCategory *category = g_ptr_array_index(plot->graph->categories, i);
        widest = MAX(widest, fisc_text_width(category->label, FISC_LABEL_SIZE));
    }
    return MIN(widest, plot->drawing->width * LABEL_SHARE / 100);
}

/* Amounts stand beside their bars: to the right, and to the left of what is negative. */
static void
place_scale(Rows *rows)
{
    FiscPlot *plot = rows->plot;
    g_autofree char *high = fisc_scale_words(&plot->scale, plot->scale.high);
    g_autofree char *low = fisc_scale_words(&plot->scale, plot->scale.low);
    bool is_left = plot->scale.low < 0 && plot->graph->kind != FISC_GRAPH_WATERFALL;
    int right = MAX(fisc_text_width(high, FISC_LABEL_SIZE), fisc_text_width(low, FISC_LABEL_SIZE));
    plot->scale.from = rows->label_width + FISC_GAP +
                       (is_left ? fisc_text_width(low, FISC_LABEL_SIZE) + FISC_GAP / 2 : 0);
    plot->scale.to = plot->drawing->width - right - FISC_GAP;
}

static void
draw_label(const Rows *rows, const FiscGraphCategory *category, int y)
{
    g_autoptr(GPtrArray) lines =
        fisc_text_wrap(category->label, FISC_LABEL_SIZE, rows->label_width, LABEL_LINES_MAX);
    int bars = bars_in_row(rows->plot->graph) * rows->bar;
    int baseline = y + (bars - (int)lines->len * LINE) / 2 + FISC_LABEL_SIZE * 9 / 10;
    for (guint i = 0; i < lines->len; i++) {
        fisc_draw_text(rows->plot->drawing, FISC_INK_TEXT, rows->label_width,
                       baseline + (int)i * LINE, FISC_LABEL_SIZE, FISC_ANCHOR_END,
                       category->is_total, g_ptr_array_index(lines, i));
    }
}

static void
draw_amount(const Rows *rows, __int128 amount, int x, bool to_the_left, int y, bool bold)
{
    g_autofree char *words = fisc_scale_words(&rows->plot->scale, amount);
    int size = bars_in_row(rows->plot->graph) > 1 ? FISC_SMALL_SIZE : FISC_LABEL_SIZE;
    fisc_draw_text(rows->plot->drawing, FISC_INK_TEXT,
                   to_the_left ? x - FISC_GAP / 2 : x + FISC_GAP / 2,
                   y + rows->bar / 2 + size * 7 / 20, size,
                   to_the_left ? FISC_ANCHOR_END : FISC_ANCHOR_START, bold, words);
}

static void
draw_bar(const Rows *rows, FiscInk ink, __int128 from, __int128 to, int y, guint series,
         guint category)
{
    const FiscScale *scale = &rows->plot->scale;
    int start = fisc_scale_place(scale, from);
    g_autofree char *meaning = fisc_plot_meaning(rows->plot, series, category);
    fisc_draw_box(rows->plot->drawing, ink, start, y, fisc_scale_place(scale, to) - start,
                  rows->bar, meaning);
}

static void
draw_bars(Rows *rows, guint category, int y)
{
    const FiscGraph *graph = rows->plot->graph;
    for (guint i = 0; i < graph->series->len; i++) {
        __int128 amount = fisc_graph_amount(graph, i, category);
        int top = y + (int)i * rows->bar;
        draw_bar(rows, fisc_series_ink(i), 0, amount, top, i, category);
        draw_amount(rows, amount, fisc_scale_place(&rows->plot->scale, amount), amount < 0, top,
                    false);
    }
}

/* What adds goes to the right, what takes away to the left; the amount is the sum of all. */
static void
draw_stack(Rows *rows, guint category, int y)
{
    const FiscGraph *graph = rows->plot->graph;
    __int128 above = 0, below = 0;
    for (guint i = 0; i < graph->series->len; i++) {
        __int128 amount = fisc_graph_amount(graph, i, category);
        __int128 *end = amount < 0 ? &below : &above;
        draw_bar(rows, fisc_series_ink(i), *end, *end + amount, y, i, category);
        *end += amount;
    }
    draw_amount(rows, above + below, fisc_scale_place(&rows->plot->scale, above), false, y, false);
}

static void
draw_step(Rows *rows, guint category, int y)
{
    FiscPlot *plot = rows->plot;
    const FiscGraphCategory *of = g_ptr_array_index(plot->graph->categories, category);
    __int128 amount = fisc_graph_amount(plot->graph, 0, category);
    __int128 before = of->is_total ? 0 : rows->sum;
    __int128 after = before + amount;
    FiscInk ink = of->is_total ? FISC_INK_TOTAL : amount < 0 ? FISC_INK_LESS : FISC_INK_SERIES_1;
    draw_bar(rows, ink, before, after, y, 0, category);
    int ends[] = {fisc_scale_place(&plot->scale, before), fisc_scale_place(&plot->scale, after)};
    draw_amount(rows, amount, MAX(ends[0], ends[1]), false, y, of->is_total);
    if (category + 1 < plot->graph->categories->len) {
        fisc_draw_line(plot->drawing, FISC_INK_QUIET, ends[1], y + rows->bar, ends[1],
                       y + rows->row, FISC_LINE_THIN);
    }
    rows->sum = after;
}

static void
draw_grid(const Rows *rows)
{
    FiscPlot *plot = rows->plot;
    for (__int128 at = plot->scale.low; at <= plot->scale.high; at += plot->scale.step) {
        int x = fisc_scale_place(&plot->scale, at);
        g_autofree char *words = fisc_scale_words(&plot->scale, at);
        fisc_draw_line(plot->drawing, at == 0 ? FISC_INK_QUIET : FISC_INK_RULE, x, plot->top, x,
                       plot->bottom, FISC_LINE_THIN);
        fisc_draw_text(plot->drawing, FISC_INK_QUIET, x, plot->bottom + FISC_SMALL_SIZE * 5 / 4,
                       FISC_SMALL_SIZE, FISC_ANCHOR_MIDDLE, false, words);
    }
}

void
fisc_plot_bars(FiscPlot *plot)
{
    static void (*const draw[])(Rows *, guint, int) = {
        [FISC_GRAPH_BARS] = draw_bars,
        [FISC_GRAPH_STACKED] = draw_stack,
        [FISC_GRAPH_WATERFALL] = draw_step,
    };
    Rows rows = {.plot = plot, .label_width = widest_label(plot)};
    rows.bar = bars_in_row(plot->graph) > 1 ? BAR_OF_MANY : BAR_ALONE;
    rows.row = MAX(bars_in_row(plot->graph) * rows.bar + BETWEEN_ROWS, 2 * LINE + FISC_GAP / 5);
    place_scale(&rows);
    plot->bottom = plot->top + rows.row * (int)plot->graph->categories->len + BETWEEN_ROWS;
    draw_grid(&rows);
    for (guint i = 0; i < plot->graph->categories->len; i++) {
        int y = plot->top + BETWEEN_ROWS + rows.row * (int)i;
        draw_label(&rows, g_ptr_array_index(plot->graph->categories, i), y);
        draw[plot->graph->kind](&rows, i, y);
    }
    plot->drawing->height = plot->bottom + 2 * FISC_SMALL_SIZE;
}
