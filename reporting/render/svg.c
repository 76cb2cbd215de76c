/* svg.c: a drawing as SVG: text stays text, so that it can be searched, read aloud and copied.
 *
 * The viewBox is in the drawing's own whole units: there are no fractions to print. What a bar
 * stands for is its <title>; the whole has a title and a description. */
#include "fisc/dossier.h"
#include "reporting/render/draw.h"
#include "reporting/render/formats.h"
#include <string.h>

#define GRAPH_WIDTH (480 * FISC_POINT)
#define FONTS "'DejaVu Sans','Noto Sans','Noto Sans CJK KR',sans-serif"

static void
append_escaped(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append(out, escaped);
}

static void
append_box(const FiscMark *mark, GString *out)
{
    g_string_append_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"",
                           mark->x, mark->y, mark->width, mark->height, fisc_ink_colour(mark->ink));
    if (mark->text == NULL) {
        g_string_append(out, "/>\n");
        return;
    }
    g_string_append(out, "><title>");
    append_escaped(out, mark->text);
    g_string_append(out, "</title></rect>\n");
}

static void
append_line(const FiscMark *mark, GString *out)
{
    g_string_append_printf(out,
                           "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#%06x\" "
                           "stroke-width=\"%d\"/>\n",
                           mark->x, mark->y, mark->x + mark->width, mark->y + mark->height,
                           fisc_ink_colour(mark->ink), mark->size);
}

static void
append_text(const FiscMark *mark, GString *out)
{
    static const char *const anchors[] = {
        [FISC_ANCHOR_START] = "start",
        [FISC_ANCHOR_MIDDLE] = "middle",
        [FISC_ANCHOR_END] = "end",
    };
    g_string_append_printf(
        out, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" text-anchor=\"%s\"%s fill=\"#%06x\">",
        mark->x, mark->y, mark->size, anchors[mark->anchor],
        mark->bold ? " font-weight=\"bold\"" : "", fisc_ink_colour(mark->ink));
    append_escaped(out, mark->text);
    g_string_append(out, "</text>\n");
}

static void
append_marks(const FiscDrawing *drawing, GString *out)
{
    static void (*const append[])(const FiscMark *, GString *) = {
        [FISC_MARK_BOX] = append_box,
        [FISC_MARK_LINE] = append_line,
        [FISC_MARK_TEXT] = append_text,
    };
    for (guint i = 0; i < drawing->marks->len; i++) {
        const FiscMark *mark = &g_array_index(drawing->marks, FiscMark, i);
        append[mark->kind](mark, out);
    }
}

void
fisc_drawing_svg(const FiscDrawing *drawing, const char *id, GString *out)
{
    g_string_append_printf(out,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
                           "aria-labelledby=\"%s-title %s-desc\" width=\"%dpt\" height=\"%dpt\" "
                           "viewBox=\"0 0 %d %d\" font-family=\"" FONTS
                           "\">\n<title id=\"%s-title\">",
                           id, id, drawing->width / FISC_POINT, drawing->height / FISC_POINT,
                           drawing->width, drawing->height, id);
    append_escaped(out, drawing->title);
    g_string_append_printf(out, "</title>\n<desc id=\"%s-desc\">", id);
    append_escaped(out, drawing->description);
    g_string_append(out, "</desc>\n");
    append_marks(drawing, out);
    g_string_append(out, "</svg>\n");
}

bool
fisc_graph_svg(const FiscGraph *graph, GString *out, GError **error)
{
    g_autoptr(FiscDrawing) drawing = fisc_draw_graph(graph, NULL, GRAPH_WIDTH);
    if (drawing == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the graph \"%s\" has nothing to show",
                         graph->name);
    }
    fisc_drawing_svg(drawing, "graph", out);
    return true;
}

/* All graphs of a dossier --------------------------------------------------------------------- */

/* Moves the marks of @drawing below those of @sheet. */
static void
put_below(FiscDrawing *sheet, const FiscDrawing *drawing)
{
    for (guint i = 0; i < drawing->marks->len; i++) {
        FiscMark mark = g_array_index(drawing->marks, FiscMark, i);
        mark.text = g_strdup(mark.text);
        mark.y += sheet->height;
        g_array_append_val(sheet->marks, mark);
    }
    sheet->height += drawing->height + 15 * FISC_POINT;
}

static void
put_graphs(FiscDrawing *sheet, GString *description, const FiscDossier *dossier,
           const FiscDossierPart *part)
{
    for (guint i = 0; i < part->graphs->len; i++) {
        g_autoptr(FiscDrawing) drawing =
            fisc_draw_graph(g_ptr_array_index(part->graphs, i), dossier->language, GRAPH_WIDTH);
        if (drawing != NULL) {
            put_below(sheet, drawing);
            g_string_append_printf(description, "%s%s", description->len > 0 ? " " : "",
                                   drawing->description);
        }
    }
}

bool
fisc_render_svg(const FiscDossier *dossier, GString *out, GError **error)
{
    g_autoptr(FiscDrawing) sheet = fisc_drawing_new(GRAPH_WIDTH, dossier->title, "");
    g_autoptr(GString) description = g_string_new(NULL);
    for (guint i = 0; i < dossier->parts->len; i++) {
        put_graphs(sheet, description, dossier, g_ptr_array_index(dossier->parts, i));
    }
    if (sheet->marks->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "\"%s\" has no graphs", dossier->title);
    }
    g_free(sheet->description);
    sheet->description = g_strdup(description->str);
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    fisc_drawing_svg(sheet, "graphs", out);
    return true;
}
