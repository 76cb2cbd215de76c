/* draw.h: a drawing as values: boxes, lines and texts on a sheet.
 *
 * Coordinates are whole hundredths of a point from the upper left corner, so that a drawing is the
 * same bytes on every machine. What draws it, on a page or as SVG, adds nothing of its own. Widths
 * of texts are estimates that do not ask which fonts are installed. */
#ifndef FISC_DRAW_H
#define FISC_DRAW_H

#include "fisc/graph.h"

#define FISC_POINT 100 /* one typographic point */

typedef enum {
    FISC_INK_TEXT,
    FISC_INK_QUIET, /* axes, captions */
    FISC_INK_RULE,  /* grid */
    FISC_INK_TINT,  /* behind totals */
    FISC_INK_TOTAL,
    FISC_INK_LESS,     /* a step down */
    FISC_INK_SERIES_1, /* series, in order */
    FISC_INK_SERIES_2,
    FISC_INK_SERIES_3,
    FISC_INK_SERIES_4,
    FISC_INK_SERIES_5,
    FISC_INK_SERIES_6,
    FISC_INK_COUNT
} FiscInk;
#define FISC_INK_SERIES_COUNT (FISC_INK_COUNT - FISC_INK_SERIES_1)
/** 0xRRGGBB. */
guint32 fisc_ink_colour(FiscInk ink);

typedef enum { FISC_MARK_BOX, FISC_MARK_LINE, FISC_MARK_TEXT } FiscMarkKind;
typedef enum { FISC_ANCHOR_START, FISC_ANCHOR_MIDDLE, FISC_ANCHOR_END } FiscAnchor;

typedef struct {
    FiscMarkKind kind;
    FiscInk ink;
    int x, y;          /* of a text: its baseline */
    int width, height; /* of a box; of a line: to its other end */
    int size;          /* of a text: of its letters; of a line: its thickness */
    FiscAnchor anchor;
    bool bold;
    char *text; /* of a text; of a box: what it stands for */
} FiscMark;

typedef struct {
    int width, height;
    char *title, *description;
    GArray *marks; /* of FiscMark */
} FiscDrawing;

FiscDrawing *fisc_drawing_new(int width, const char *title, const char *description);
void fisc_drawing_free(FiscDrawing *drawing);
void fisc_draw_box(FiscDrawing *drawing, FiscInk ink, int x, int y, int width, int height,
                   const char *meaning);
void
fisc_draw_line(FiscDrawing *drawing, FiscInk ink, int x, int y, int to_x, int to_y, int thickness);
void fisc_draw_text(FiscDrawing *drawing, FiscInk ink, int x, int y, int size, FiscAnchor anchor,
                    bool bold, const char *text);

/** About how wide a text is. */
int fisc_text_width(const char *text, int size);
/** @text on lines of at most @width, of char *: at most @lines_max, the last ends in "..." when
 *  something is left out. Caller unrefs. */
GPtrArray *fisc_text_wrap(const char *text, int size, int width, guint lines_max);

/** The graph, @width wide and as high as it needs. NULL when there is nothing to show. */
FiscDrawing *fisc_draw_graph(const FiscGraph *graph, const char *language, int width);
/** One <svg> element, with a title and a description that names of ids begin with @id. */
void fisc_drawing_svg(const FiscDrawing *drawing, const char *id, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDrawing, fisc_drawing_free)

#endif
