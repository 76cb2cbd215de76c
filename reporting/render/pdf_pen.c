/* pdf_pen.c: styles, and writing in them. */
#include "reporting/render/pdf_pen.h"

/* DejaVu has Latin, Cyrillic and Greek with digits of one width; Noto what it has not. */
#define FONTS "DejaVu Sans, Noto Sans, Noto Sans CJK KR, Noto Sans CJK SC, sans-serif"

static const struct {
    double size;
    bool bold;
    FiscInk ink;
} styles[FISC_STYLE_COUNT] = {
    [FISC_STYLE_COVER] = {20, true, FISC_INK_TOTAL},
    [FISC_STYLE_TITLE] = {13.5, true, FISC_INK_TOTAL},
    [FISC_STYLE_BODY] = {8.5, false, FISC_INK_TEXT},
    [FISC_STYLE_STRONG] = {8.5, true, FISC_INK_TEXT},
    [FISC_STYLE_HEADING] = {8.5, true, FISC_INK_SERIES_1},
    [FISC_STYLE_COLUMN] = {8, true, FISC_INK_QUIET},
    [FISC_STYLE_NOTE] = {7.5, false, FISC_INK_QUIET},
    [FISC_STYLE_MARGIN] = {7.5, false, FISC_INK_QUIET},
};

void
fisc_pen_open(FiscPen *pen, cairo_surface_t *surface, const char *language)
{
    pen->cr = cairo_create(surface);
    /* Fonts of its own, which go with it: what was set before has no say in how this looks. */
    PangoFontMap *fonts = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(fonts);
    g_object_unref(fonts);
    pango_cairo_update_context(pen->cr, context);
    pen->language = language;
    pen->scale = 1;
    pango_context_set_language(context, pango_language_from_string(language));
    /* Letters where the sheet has them, not where a screen would: pages are the same everywhere. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72);
    cairo_font_options_destroy(options);
    pen->layout = pango_layout_new(context);
    g_object_unref(context);
}

void
fisc_pen_close(FiscPen *pen)
{
    g_clear_object(&pen->layout);
    g_clear_pointer(&pen->cr, cairo_destroy);
}

static void
set_font(const FiscPen *pen, double size, bool bold)
{
    PangoFontDescription *font = pango_font_description_from_string(FONTS);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
}

/* Sets all that the layout remembers: it is used for everything. @width < 0: no limit. */
static void
set_text(const FiscPen *pen, FiscStyle style, const char *text, double width)
{
    static const PangoWrapMode wrap = PANGO_WRAP_WORD_CHAR;
    set_font(pen, styles[style].size * pen->scale, styles[style].bold);
    pango_layout_set_ellipsize(pen->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_alignment(pen->layout, PANGO_ALIGN_LEFT);
    pango_layout_set_wrap(pen->layout, wrap);
    pango_layout_set_width(pen->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_text(pen->layout, text, -1);
}

static void
set_ink(const FiscPen *pen, FiscInk ink)
{
    guint32 colour = fisc_ink_colour(ink);
    cairo_set_source_rgb(pen->cr, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0);
}

double
fisc_pen_width(const FiscPen *pen, FiscStyle style, const char *text)
{
    int width;
    set_text(pen, style, text, -1);
    pango_layout_get_size(pen->layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

double
fisc_pen_line(const FiscPen *pen, FiscStyle style)
{
    return fisc_pen_height(pen, style, "0", -1);
}

double
fisc_pen_height(const FiscPen *pen, FiscStyle style, const char *text, double width)
{
    int height;
    set_text(pen, style, text, width);
    pango_layout_get_size(pen->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static void
show(const FiscPen *pen, FiscStyle style, double x, double y, FiscAnchor anchor)
{
    static const PangoAlignment alignments[] = {
        [FISC_ANCHOR_START] = PANGO_ALIGN_LEFT,
        [FISC_ANCHOR_MIDDLE] = PANGO_ALIGN_CENTER,
        [FISC_ANCHOR_END] = PANGO_ALIGN_RIGHT,
    };
    pango_layout_set_alignment(pen->layout, alignments[anchor]);
    set_ink(pen, styles[style].ink);
    cairo_move_to(pen->cr, x, y);
    pango_cairo_show_layout(pen->cr, pen->layout);
}

void
fisc_pen_write(const FiscPen *pen, FiscStyle style, const char *text, double x, double y,
               double width, FiscAnchor anchor)
{
    set_text(pen, style, text, width);
    show(pen, style, x, y, anchor);
}

double
fisc_pen_baseline(const FiscPen *pen, FiscStyle style, const char *text)
{
    set_text(pen, style, text, -1);
    return (double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE;
}

void
fisc_pen_write_line(const FiscPen *pen, FiscStyle style, const char *text, double x, double y,
                    double width, FiscAnchor anchor)
{
    set_text(pen, style, text, width);
    pango_layout_set_ellipsize(pen->layout, PANGO_ELLIPSIZE_END);
    show(pen, style, x, y, anchor);
}

void
fisc_pen_rule(const FiscPen *pen, FiscInk ink, double x, double y, double width, double thickness)
{
    set_ink(pen, ink);
    cairo_set_line_width(pen->cr, thickness);
    cairo_move_to(pen->cr, x, y);
    cairo_line_to(pen->cr, x + width, y);
    cairo_stroke(pen->cr);
}

void
fisc_pen_fill(const FiscPen *pen, FiscInk ink, double x, double y, double width, double height)
{
    set_ink(pen, ink);
    cairo_rectangle(pen->cr, x, y, width, height);
    cairo_fill(pen->cr);
}

/* Drawings ------------------------------------------------------------------------------------- */

static void
draw_box(const FiscPen *pen, const FiscMark *mark)
{
    cairo_rectangle(pen->cr, mark->x, mark->y, mark->width, mark->height);
    cairo_fill(pen->cr);
}

static void
draw_line(const FiscPen *pen, const FiscMark *mark)
{
    cairo_set_line_width(pen->cr, mark->size);
    cairo_move_to(pen->cr, mark->x, mark->y);
    cairo_line_to(pen->cr, mark->x + mark->width, mark->y + mark->height);
    cairo_stroke(pen->cr);
}

static void
draw_text(const FiscPen *pen, const FiscMark *mark)
{
    int width;
    set_font(pen, mark->size, mark->bold);
    pango_layout_set_ellipsize(pen->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_width(pen->layout, -1);
    pango_layout_set_text(pen->layout, mark->text, -1);
    pango_layout_get_size(pen->layout, &width, NULL);
    double shift = (double)width / PANGO_SCALE * (int)mark->anchor / 2;
    double baseline = (double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE;
    cairo_move_to(pen->cr, mark->x - shift, mark->y - baseline);
    pango_cairo_show_layout(pen->cr, pen->layout);
}

void
fisc_pen_draw(const FiscPen *pen, const FiscDrawing *drawing, double x, double y, double factor)
{
    static void (*const draw[])(const FiscPen *, const FiscMark *) = {
        [FISC_MARK_BOX] = draw_box,
        [FISC_MARK_LINE] = draw_line,
        [FISC_MARK_TEXT] = draw_text,
    };
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x, y);
    cairo_scale(pen->cr, factor / FISC_POINT, factor / FISC_POINT);
    for (guint i = 0; i < drawing->marks->len; i++) {
        const FiscMark *mark = &g_array_index(drawing->marks, FiscMark, i);
        set_ink(pen, mark->ink);
        draw[mark->kind](pen, mark);
    }
    cairo_restore(pen->cr);
}

void
fisc_pen_begin(const FiscPen *pen, const char *tag, const char *attributes)
{
    cairo_tag_begin(pen->cr, tag, attributes);
}

void
fisc_pen_end(const FiscPen *pen, const char *tag)
{
    cairo_tag_end(pen->cr, tag);
}
