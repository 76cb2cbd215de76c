/* pdf.c: a dossier as pages for print: a title page, contents with links, each statement with its
 * head on every page, its notes and its graphs, page numbers, an outline, and a structure that can
 * be read aloud. The same dossier gives the same bytes: no clock is asked. */
#include "reporting/labels.h"
#include "reporting/render/formats.h"
#include "reporting/render/integrated.h"
#include "reporting/render/page_words.h"
#include "reporting/render/pdf_amend.h"
#include "reporting/render/pdf_front.h"
#include "reporting/render/pdf_table.h"
#include <cairo-pdf.h>

#define GRAPH_WIDTH (499 * FISC_POINT) /* that of a page which stands */
#define GRAPH_SPACE 22.0
#define HEAD_Y 30.0
#define FOOT_Y 38.0     /* from the lower edge */
#define LISTED_MAX 2000 /* a longer outline helps nobody */

/* A document while it is made. */
typedef struct {
    const FiscDossier *dossier;
    cairo_surface_t *surface;
    FiscPen pen;
    GPtrArray *sections; /* of FiscSection */
    GPtrArray *pages;    /* of FiscPage */
    GPtrArray *pictures; /* of char *: what each figure shows, in order */
} Document;

/* Sections ------------------------------------------------------------------------------------- */

static void
draw_graph(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)is_again;
    fisc_pen_begin(pen, "Figure", NULL);
    fisc_pen_draw(pen, block->data, x, y + GRAPH_SPACE, 1);
    fisc_pen_end(pen, "Figure");
}

static void
add_graph(Document *document, FiscSection *section, const FiscGraph *graph)
{
    FiscDrawing *drawing = fisc_draw_graph(graph, document->dossier->language, GRAPH_WIDTH);
    if (drawing != NULL) {
        fisc_section_own(section, drawing, (GDestroyNotify)fisc_drawing_free);
        fisc_section_add(section, (double)drawing->height / FISC_POINT + GRAPH_SPACE, draw_graph,
                         drawing, 0);
        g_ptr_array_add(document->pictures, g_strdup(drawing->description));
    }
}

static void
add_currency(const Document *document, FiscSection *section)
{
    g_autofree char *words = fisc_page_currency(document->dossier);
    if (*words != '\0') {
        fisc_pdf_add_words(section, &document->pen, FISC_STYLE_NOTE, words);
        FiscBlock *last = g_ptr_array_index(section->blocks, section->blocks->len - 1);
        last->keeps_next = true;
    }
}

static void
add_part(Document *document, const FiscDossierPart *part, guint index)
{
    const char *language = document->dossier->language;
    g_autofree char *title = fisc_page_part_title(part);
    FiscSection *section = fisc_section_new(title);
    section->link = g_strdup_printf("part-%u", index + 1);
    FiscTable *integrated = fisc_integrated_table(part->table, language);
    const FiscTable *table = integrated != NULL ? integrated : part->table;
    if (integrated != NULL) {
        fisc_section_own(section, integrated, (GDestroyNotify)fisc_table_free);
    }
    section->is_landscape = fisc_pdf_is_wide(&document->pen, table, language);
    section->is_listed = index < LISTED_MAX;
    fisc_pdf_add_title(section, &document->pen, FISC_STYLE_TITLE, "H2");
    add_currency(document, section);
    fisc_pdf_add_table(section, &document->pen, table, language);
    for (guint i = 0; i < part->graphs->len; i++) {
        add_graph(document, section, g_ptr_array_index(part->graphs, i));
    }
    fisc_pdf_add_end(section);
    g_ptr_array_add(document->sections, section);
}

static void
add_sections(Document *document)
{
    const FiscDossier *dossier = document->dossier;
    for (guint i = 0; i < dossier->parts->len; i++) {
        add_part(document, g_ptr_array_index(dossier->parts, i), i);
    }
    if (dossier->parts->len > 0) {
        ((FiscSection *)document->sections->pdata[0])->begins_page = true;
    }
    if (dossier->parts->len > 1) {
        g_ptr_array_insert(document->sections, 0,
                           fisc_pdf_contents(&document->pen, dossier, document->sections));
    }
    g_ptr_array_insert(document->sections, 0, fisc_pdf_cover(&document->pen, dossier));
}

/* Pages ---------------------------------------------------------------------------------------- */

static double
page_width(const FiscPage *page)
{
    return page->is_landscape ? FISC_PAGE_LONG : FISC_PAGE_SHORT;
}

static double
page_height(const FiscPage *page)
{
    return page->is_landscape ? FISC_PAGE_SHORT : FISC_PAGE_LONG;
}

/* What of the title and of the section's there is room for. */
static void
draw_head(const Document *document, const FiscPage *page)
{
    double width = page_width(page) - 2 * FISC_PAGE_SIDE;
    g_autofree char *title = fisc_page_text(document->dossier->title);
    fisc_pen_write_line(&document->pen, FISC_STYLE_MARGIN, title, FISC_PAGE_SIDE, HEAD_Y,
                        width * 0.62, FISC_ANCHOR_START);
    fisc_pen_write_line(&document->pen, FISC_STYLE_MARGIN, page->section->title,
                        FISC_PAGE_SIDE + width * 0.65, HEAD_Y, width * 0.35, FISC_ANCHOR_END);
    fisc_pen_rule(&document->pen, FISC_INK_RULE, FISC_PAGE_SIDE, HEAD_Y + 14, width, 0.6);
}

static void
draw_foot(const Document *document, const FiscPage *page, guint number)
{
    const char *language = document->dossier->language;
    double width = page_width(page) - 2 * FISC_PAGE_SIDE;
    double y = page_height(page) - FOOT_Y;
    g_autofree char *place =
        g_strdup_printf("%s %u / %u", fisc_label(language, "Page"), number, document->pages->len);
    fisc_pen_write_line(&document->pen, FISC_STYLE_MARGIN, place, FISC_PAGE_SIDE + width / 2, y,
                        width / 2, FISC_ANCHOR_END);
    if (document->dossier->scope.batch_no > 0) {
        g_autofree char *batch =
            g_strdup_printf("%s %" G_GINT64_FORMAT, fisc_label(language, "Known at batch"),
                            document->dossier->scope.batch_no);
        fisc_pen_write_line(&document->pen, FISC_STYLE_MARGIN, batch, FISC_PAGE_SIDE, y, width / 2,
                            FISC_ANCHOR_START);
    }
}

static void
draw_page(Document *document, guint index)
{
    const FiscPage *page = g_ptr_array_index(document->pages, index);
    g_autofree char *label = g_strdup_printf("%u", index + 1);
    cairo_pdf_surface_set_size(document->surface, page_width(page), page_height(page));
    cairo_pdf_surface_set_page_label(document->surface, label);
    if (index == 0) {
        fisc_pen_begin(&document->pen, "Document",
                       NULL); /* setting a size forgets what was begun */
    }
    for (guint i = 0; i < page->placed->len; i++) {
        const FiscPlaced *placed = &g_array_index(page->placed, FiscPlaced, i);
        if (placed->block->draw != NULL) {
            placed->block->draw(placed->block, &document->pen, FISC_PAGE_SIDE, placed->y,
                                placed->is_again);
        }
    }
    if (index > 0) {
        draw_head(document, page);
    }
    draw_foot(document, page, index + 1);
    if (index + 1 == document->pages->len) {
        fisc_pen_end(&document->pen, "Document");
    }
    cairo_show_page(document->pen.cr);
}

static void
add_outline(const Document *document)
{
    for (guint i = 0; i < document->sections->len; i++) {
        const FiscSection *section = g_ptr_array_index(document->sections, i);
        if (section->is_listed) {
            g_autofree char *place = g_strdup_printf("dest='%s'", section->link);
            cairo_pdf_surface_add_outline(document->surface, CAIRO_PDF_OUTLINE_ROOT, section->title,
                                          place, (cairo_pdf_outline_flags_t)0);
        }
    }
}

static void
set_metadata(const Document *document)
{
    const FiscDossier *dossier = document->dossier;
    g_autofree char *title = fisc_page_text(dossier->title);
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_CREATOR, "fisc");
    /* When it was made is not part of what it says. */
    cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
}

static void
draw_document(Document *document)
{
    set_metadata(document);
    add_sections(document);
    document->pages = fisc_pages_place(document->sections);
    add_outline(document);
    for (guint i = 0; i < document->pages->len; i++) {
        draw_page(document, i);
    }
}

static cairo_status_t
append_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    g_string_append_len(closure, (const char *)data, length);
    return CAIRO_STATUS_SUCCESS;
}

bool
fisc_render_pdf(const FiscDossier *dossier, GString *out, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    Document document = {.dossier = dossier};
    document.surface =
        cairo_pdf_surface_create_for_stream(append_bytes, bytes, FISC_PAGE_SHORT, FISC_PAGE_LONG);
    document.sections = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_section_free);
    document.pictures = g_ptr_array_new_with_free_func(g_free);
    fisc_pen_open(&document.pen, document.surface, dossier->language);
    draw_document(&document);
    cairo_status_t status = cairo_status(document.pen.cr);
    fisc_pen_close(&document.pen);
    cairo_surface_finish(document.surface);
    status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_status(document.surface) : status;
    cairo_surface_destroy(document.surface);
    bool is_made = status == CAIRO_STATUS_SUCCESS;
    if (is_made) {
        fisc_pdf_amend(bytes, dossier->language, document.pictures);
        g_string_append_len(out, bytes->str, (gssize)bytes->len);
    } else {
        fisc_fail(error, FISC_ERROR_IO, "the pages could not be made: %s",
                  cairo_status_to_string(status));
    }
    g_ptr_array_unref(document.sections);
    g_ptr_array_unref(document.pages);
    g_ptr_array_unref(document.pictures);
    return is_made;
}
