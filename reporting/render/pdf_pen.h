/* pdf_pen.h: writing on pages: styles, measured and written by Pango, with tags for those who have
 * the page read aloud. Places are points from the upper left corner. */
#ifndef FISC_PDF_PEN_H
#define FISC_PDF_PEN_H

#include "reporting/render/draw.h"
#include <cairo.h>
#include <pango/pangocairo.h>

typedef enum {
    FISC_STYLE_COVER, /* the title of the document */
    FISC_STYLE_TITLE, /* of a section */
    FISC_STYLE_BODY,
    FISC_STYLE_STRONG,
    FISC_STYLE_HEADING, /* among the rows */
    FISC_STYLE_COLUMN,  /* heads of columns */
    FISC_STYLE_NOTE,
    FISC_STYLE_MARGIN, /* head and foot of a page */
    FISC_STYLE_COUNT
} FiscStyle;

typedef struct {
    cairo_t *cr;
    PangoLayout *layout;
    const char *language;
    double scale; /* of letters: 1, or less where a table is wide */
} FiscPen;

/** A pen for a surface; the language decides which forms of Han characters are chosen. */
void fisc_pen_open(FiscPen *pen, cairo_surface_t *surface, const char *language);
void fisc_pen_close(FiscPen *pen);

double fisc_pen_width(const FiscPen *pen, FiscStyle style, const char *text);
/** The height of one line. */
double fisc_pen_line(const FiscPen *pen, FiscStyle style);
/** The height of @text on lines of @width. */
double fisc_pen_height(const FiscPen *pen, FiscStyle style, const char *text, double width);
/** How far below its upper edge the letters of a text stand: other scripts have higher lines. */
double fisc_pen_baseline(const FiscPen *pen, FiscStyle style, const char *text);
/** Writes at @x, @y, on lines of @width. */
void fisc_pen_write(const FiscPen *pen, FiscStyle style, const char *text, double x, double y,
                    double width, FiscAnchor anchor);
/** One line, cut with an ellipsis when it is too long. */
void fisc_pen_write_line(const FiscPen *pen, FiscStyle style, const char *text, double x, double y,
                         double width, FiscAnchor anchor);
void
fisc_pen_rule(const FiscPen *pen, FiscInk ink, double x, double y, double width, double thickness);
void
fisc_pen_fill(const FiscPen *pen, FiscInk ink, double x, double y, double width, double height);
/** Scaled by @factor. */
void
fisc_pen_draw(const FiscPen *pen, const FiscDrawing *drawing, double x, double y, double factor);

/** Begins and ends a tag of the structure; attributes may be NULL. */
void fisc_pen_begin(const FiscPen *pen, const char *tag, const char *attributes);
void fisc_pen_end(const FiscPen *pen, const char *tag);

#endif
