/* draw_graph.h: parts that all kinds of graphs are drawn with. */
#ifndef FISC_DRAW_GRAPH_H
#define FISC_DRAW_GRAPH_H

#include "reporting/render/draw.h"
#include "reporting/render/draw_scale.h"

/* Sizes, in hundredths of a point. */
enum {
    FISC_TITLE_SIZE = 1050,
    FISC_LABEL_SIZE = 800,
    FISC_SMALL_SIZE = 720,
    FISC_GAP = 500,
    FISC_LINE_THIN = 50,
};

/* A graph while it is drawn. */
typedef struct {
    const FiscGraph *graph;
    FiscDrawing *drawing;
    FiscScale scale;
    int top, bottom; /* of the plot */
} FiscPlot;

__int128 fisc_graph_amount(const FiscGraph *graph, guint series, guint category);
FiscInk fisc_series_ink(guint series);
/** "Taxes, 2024: 2,580.00": what a bar stands for. Caller frees. */
char *fisc_plot_meaning(const FiscPlot *plot, guint series, guint category);
/** Title, unit and, for several series, the legend; sets @plot->top below them. */
void fisc_plot_head(FiscPlot *plot, const char *language);

/* Kinds: draw between the head and the bottom they choose. */
void fisc_plot_bars(FiscPlot *plot);
void fisc_plot_lines(FiscPlot *plot);

#endif
