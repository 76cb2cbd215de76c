/* html.c: a dossier as one web page that needs nothing else: no script, no link to the outside, no
 * font. It reads aloud in order, prints, and says under which key each figure is taken apart. */
#include "reporting/render/html.h"
#include "reporting/labels.h"
#include "reporting/render/draw.h"
#include "reporting/render/formats.h"
#include "reporting/render/integrated.h"
#include "reporting/render/page_words.h"
#include <string.h>

#define GRAPH_WIDTH (620 * FISC_POINT)

/* Contrast of texts is 7 and more. */
static const char style[] =
    ":root{color-scheme:light}"
    "body{margin:0 auto;max-width:62rem;padding:0 1rem 3rem;color:#1f2933;background:#fff;"
    "font:0.95rem/1.45 'DejaVu Sans','Noto Sans','Noto Sans CJK KR',sans-serif}"
    ".skip{position:absolute;left:-999rem}"
    ".skip:focus{left:1rem;top:1rem;background:#fff;padding:.5rem;outline:3px solid #2b6cb0}"
    "a{color:#1a4f8b}a:focus,.wide:focus{outline:3px solid #2b6cb0}"
    "h1{font-size:1.7rem;line-height:1.25;color:#243b53;border-bottom:3px solid #2b6cb0;"
    "padding-bottom:.6rem;margin:2rem 0 1rem}"
    "h2{font-size:1.2rem;color:#243b53;margin:2.4rem 0 .6rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem;margin:0 0 1rem}"
    "dt{font-weight:bold;color:#52606d}dd{margin:0}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem}"
    "caption{text-align:left;color:#52606d;padding:.3rem 0}"
    ".unit{float:right}"
    "th,td{padding:.22rem .5rem;text-align:left;vertical-align:top;font-weight:normal;"
    "border-bottom:1px solid #d9dfe5}"
    "thead th{font-weight:bold;color:#52606d;border-bottom:2px solid #52606d;"
    "vertical-align:bottom}"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "tr.s th,tr.s td{font-weight:bold;background:#f0f4f8}"
    "tr.h th{font-weight:bold;color:#1a4f8b;border-bottom:0;padding-top:.8rem}"
    "tr.note td,.notes{font-size:.8rem;color:#52606d}"
    ".l1{padding-left:1.4rem}.l2{padding-left:2.3rem}.l3{padding-left:3.2rem}"
    ".l4{padding-left:4.1rem}.l5{padding-left:5rem}.l6{padding-left:5.9rem}"
    "[data-drill]:hover{text-decoration:underline dotted}"
    "figure{margin:1.5rem 0}svg{max-width:100%;height:auto}"
    "code{font-family:'DejaVu Sans Mono',monospace;background:#f0f4f8;padding:.1rem .3rem}"
    "footer{margin-top:3rem;border-top:1px solid #d9dfe5;color:#52606d;font-size:.8rem}"
    "@media print{body{max-width:none;font-size:8.5pt}.skip,nav{display:none}"
    "section{break-before:page}thead{display:table-header-group}"
    "tr,figure{break-inside:avoid}.wide{overflow:visible}}";

static void
append_element(GString *out, const char *tag, const char *text)
{
    g_string_append_printf(out, "<%s>", tag);
    fisc_html_text(out, text);
    g_string_append_printf(out, "</%s>\n", tag);
}

static void
append_facts(const FiscDossier *dossier, GString *out)
{
    g_string_append(out, dossier->facts->len > 0 ? "<dl>\n" : "");
    for (guint i = 0; i + 1 < dossier->facts->len; i += 2) {
        const char *name = g_ptr_array_index(dossier->facts, i);
        append_element(out, "dt", fisc_label(dossier->language, name));
        append_element(out, "dd", g_ptr_array_index(dossier->facts, i + 1));
    }
    g_string_append(out, dossier->facts->len > 0 ? "</dl>\n" : "");
}

static void
append_contents(const FiscDossier *dossier, GString *out)
{
    const char *words = fisc_label(dossier->language, "Contents");
    g_string_append(out, "<nav aria-label=\"");
    fisc_html_text(out, words);
    g_string_append(out, "\">\n<ol>\n");
    for (guint i = 0; i < dossier->parts->len; i++) {
        g_autofree char *title = fisc_page_part_title(g_ptr_array_index(dossier->parts, i));
        g_string_append_printf(out, "<li><a href=\"#part-%u\">", i + 1);
        fisc_html_text(out, title);
        g_string_append(out, "</a></li>\n");
    }
    g_string_append(out, "</ol>\n</nav>\n");
}

static bool
has_keys(const FiscDossier *dossier)
{
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscTable *table =
            ((const FiscDossierPart *)g_ptr_array_index(dossier->parts, i))->table;
        for (guint k = 0; k < table->rows->len; k++) {
            const FiscRow *row = g_ptr_array_index(table->rows, k);
            for (guint column = 0; column < table->columns->len; column++) {
                if (row->cells[column].drill != NULL) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void
append_hint(const FiscDossier *dossier, GString *out)
{
    const char *words = fisc_label(
        dossier->language,
        "Point at a figure to see the command that takes it apart, down to its source rows:");
    g_string_append(out, "<p>");
    fisc_html_text(out, words);
    g_string_append(out, " <code>fisc drill KEY</code></p>\n");
}

static void
append_graphs(const FiscDossier *dossier, const FiscDossierPart *part, guint index, GString *out)
{
    for (guint i = 0; i < part->graphs->len; i++) {
        g_autoptr(FiscDrawing) drawing =
            fisc_draw_graph(g_ptr_array_index(part->graphs, i), dossier->language, GRAPH_WIDTH);
        if (drawing != NULL) {
            g_autofree char *id = g_strdup_printf("graph-%u-%u", index + 1, i + 1);
            g_string_append(out, "<figure>\n");
            fisc_drawing_svg(drawing, id, out);
            g_string_append(out, "</figure>\n");
        }
    }
}

static void
append_part(const FiscDossier *dossier, guint index, GString *out)
{
    const FiscDossierPart *part = g_ptr_array_index(dossier->parts, index);
    g_autoptr(FiscTable) integrated = fisc_integrated_table(part->table, dossier->language);
    g_autofree char *title = fisc_page_part_title(part);
    g_string_append_printf(
        out, "<section id=\"part-%u\" aria-labelledby=\"title-%u\">\n<h2 id=\"title-%u\">",
        index + 1, index + 1, index + 1);
    fisc_html_text(out, title);
    g_string_append(out, "</h2>\n");
    fisc_html_table(dossier, integrated != NULL ? integrated : part->table, title, out);
    append_graphs(dossier, part, index, out);
    g_string_append(out, "</section>\n");
}

static void
append_foot(const FiscDossier *dossier, GString *out)
{
    g_string_append(out, "<footer>\n<p>fisc");
    if (dossier->scope.batch_no > 0) {
        g_string_append(out, ". ");
        fisc_html_text(out, fisc_label(dossier->language, "Known at batch"));
        g_string_append_printf(out, " %" G_GINT64_FORMAT, dossier->scope.batch_no);
    }
    g_string_append(out, "</p>\n</footer>\n");
}

bool
fisc_render_html(const FiscDossier *dossier, GString *out, GError **error)
{
    (void)error;
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"");
    fisc_html_text(out, dossier->language);
    g_string_append(out, "\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                         "<meta name=\"viewport\" content=\"width=device-width\"/>\n");
    append_element(out, "title", dossier->title);
    g_string_append_printf(out, "<style>%s</style>\n</head>\n<body>\n", style);
    g_string_append(out, "<a class=\"skip\" href=\"#main\">");
    fisc_html_text(out, fisc_label(dossier->language, "To the figures"));
    g_string_append(out, "</a>\n<header>\n");
    append_element(out, "h1", dossier->title);
    append_facts(dossier, out);
    g_string_append(out, "</header>\n");
    if (dossier->parts->len > 1) {
        append_contents(dossier, out);
    }
    g_string_append(out, "<main id=\"main\">\n");
    if (has_keys(dossier)) {
        append_hint(dossier, out);
    }
    for (guint i = 0; i < dossier->parts->len; i++) {
        append_part(dossier, i, out);
    }
    g_string_append(out, "</main>\n");
    append_foot(dossier, out);
    g_string_append(out, "</body>\n</html>\n");
    return true;
}
