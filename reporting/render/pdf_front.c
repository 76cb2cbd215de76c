/* pdf_front.c: the title page and the contents. */
#include "reporting/render/pdf_front.h"
#include "reporting/labels.h"
#include "reporting/render/page_words.h"
#include "reporting/render/pdf_table.h"
#include <string.h>

/* Points. */
#define COVER_TOP 110.0
#define COVER_RULE 2.5
#define FACT_NAME_WIDTH 150.0
#define FACT_PAD 4.0
#define LINE_PAD 4.0
#define PAGE_NUMBER_WIDTH 34.0

/* Titles --------------------------------------------------------------------------------------- */

typedef struct {
    const FiscSection *section;
    FiscStyle style;
    const char *tag;
} Title;

static void
draw_title(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const Title *title = block->data;
    const FiscSection *section = title->section;
    (void)is_again;
    fisc_pen_begin(pen, "Sect", NULL);
    fisc_pen_begin(pen, title->tag, NULL);
    if (section->link != NULL) {
        g_autofree char *place = g_strdup_printf("name='%s'", section->link);
        fisc_pen_begin(pen, CAIRO_TAG_DEST, place);
    }
    fisc_pen_write(pen, title->style, section->title, x, y, fisc_section_width(section),
                   FISC_ANCHOR_START);
    if (section->link != NULL) {
        fisc_pen_end(pen, CAIRO_TAG_DEST);
    }
    fisc_pen_end(pen, title->tag);
}

void
fisc_pdf_add_title(FiscSection *section, const FiscPen *pen, FiscStyle style, const char *tag)
{
    Title *title = g_new0(Title, 1);
    *title = (Title){section, style, tag};
    fisc_section_own(section, title, g_free);
    double height = fisc_pen_height(pen, style, section->title, fisc_section_width(section));
    fisc_section_add(section, height + 6, draw_title, title, 0)->keeps_next = true;
}

static void
draw_end(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_end(pen, "Sect");
}

void
fisc_pdf_add_end(FiscSection *section)
{
    fisc_section_add(section, 0, draw_end, NULL, 0);
}

/* The title page ------------------------------------------------------------------------------- */

static void
draw_bar(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const FiscSection *cover = block->data;
    (void)is_again;
    fisc_pen_rule(pen, FISC_INK_SERIES_1, x, y + block->height / 3, fisc_section_width(cover),
                  COVER_RULE);
}

typedef struct {
    char *name, *value;
    double width;
} Fact;

static void
fact_free(void *pointer)
{
    Fact *fact = pointer;
    g_free(fact->name);
    g_free(fact->value);
    g_free(fact);
}

static void
draw_fact(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const Fact *fact = block->data;
    (void)is_again;
    fisc_pen_begin(pen, "TR", NULL);
    fisc_pen_begin(pen, "TH", NULL);
    fisc_pen_write(pen, FISC_STYLE_COLUMN, fact->name, x, y + FACT_PAD, FACT_NAME_WIDTH,
                   FISC_ANCHOR_START);
    fisc_pen_end(pen, "TH");
    fisc_pen_begin(pen, "TD", NULL);
    fisc_pen_write(pen, FISC_STYLE_BODY, fact->value, x + FACT_NAME_WIDTH + 10, y + FACT_PAD,
                   fact->width, FISC_ANCHOR_START);
    fisc_pen_end(pen, "TD");
    fisc_pen_end(pen, "TR");
    fisc_pen_rule(pen, FISC_INK_RULE, x, y + block->height, FACT_NAME_WIDTH + 10 + fact->width,
                  0.4);
}

static void
add_fact(FiscSection *cover, const FiscPen *pen, const char *language, const char *name,
         const char *value)
{
    Fact *fact = g_new0(Fact, 1);
    *fact = (Fact){fisc_page_text(fisc_label(language, name)), fisc_page_text(value),
                   fisc_section_width(cover) - FACT_NAME_WIDTH - 10};
    fisc_section_own(cover, fact, fact_free);
    double height = MAX(fisc_pen_height(pen, FISC_STYLE_COLUMN, fact->name, FACT_NAME_WIDTH),
                        fisc_pen_height(pen, FISC_STYLE_BODY, fact->value, fact->width));
    fisc_section_add(cover, height + 2 * FACT_PAD, draw_fact, fact, 0);
}

static void
begin_facts(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_begin(pen, "Table", NULL);
}

static void
end_facts(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_end(pen, "Table");
}

FiscSection *
fisc_pdf_cover(const FiscPen *pen, const FiscDossier *dossier)
{
    g_autofree char *title = fisc_page_text(dossier->title);
    char *of = strstr(title, ", "); /* "Statement, unit, period" */
    if (of != NULL) {
        *of = '\0';
    }
    FiscSection *cover = fisc_section_new(title);
    cover->begins_page = true;
    fisc_section_add_space(cover, COVER_TOP);
    fisc_pdf_add_title(cover, pen, FISC_STYLE_COVER, "H1");
    if (of != NULL) {
        fisc_pdf_add_words(cover, pen, FISC_STYLE_TITLE, of + strlen(", "));
    }
    fisc_section_add(cover, 40, draw_bar, cover, 0);
    if (dossier->facts->len > 0) {
        fisc_section_add(cover, 0, begin_facts, NULL, 0);
        for (guint i = 0; i + 1 < dossier->facts->len; i += 2) {
            add_fact(cover, pen, dossier->language, g_ptr_array_index(dossier->facts, i),
                     g_ptr_array_index(dossier->facts, i + 1));
        }
        fisc_section_add(cover, 0, end_facts, NULL, 0);
    }
    fisc_pdf_add_end(cover);
    return cover;
}

/* Contents ------------------------------------------------------------------------------------- */

static void
draw_dots(const FiscPen *pen, double from, double to, double y)
{
    static const double dashes[] = {0.8, 3};
    cairo_save(pen->cr);
    cairo_set_dash(pen->cr, dashes, G_N_ELEMENTS(dashes), 0);
    fisc_pen_rule(pen, FISC_INK_QUIET, from, y, MAX(to - from, 0), 0.8);
    cairo_restore(pen->cr);
}

static void
draw_line(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const FiscSection *to = block->data;
    double width = FISC_PAGE_SHORT - 2 * FISC_PAGE_SIDE;
    double title_width = width - PAGE_NUMBER_WIDTH;
    double written = MIN(fisc_pen_width(pen, FISC_STYLE_BODY, to->title), title_width);
    g_autofree char *place = g_strdup_printf("dest='%s'", to->link);
    g_autofree char *page = g_strdup_printf("%u", to->page + 1);
    (void)is_again;
    fisc_pen_begin(pen, "TOCI", NULL);
    fisc_pen_begin(pen, CAIRO_TAG_LINK, place);
    fisc_pen_write_line(pen, FISC_STYLE_BODY, to->title, x, y + LINE_PAD, title_width,
                        FISC_ANCHOR_START);
    fisc_pen_write_line(pen, FISC_STYLE_BODY, page, x + title_width, y + LINE_PAD,
                        PAGE_NUMBER_WIDTH, FISC_ANCHOR_END);
    fisc_pen_end(pen, CAIRO_TAG_LINK);
    fisc_pen_end(pen, "TOCI");
    draw_dots(pen, x + written + 6, x + width - PAGE_NUMBER_WIDTH / 2, y + block->height - 6);
}

static void
begin_contents(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_begin(pen, "TOC", NULL);
}

static void
end_contents(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_end(pen, "TOC");
}

FiscSection *
fisc_pdf_contents(const FiscPen *pen, const FiscDossier *dossier, const GPtrArray *sections)
{
    FiscSection *contents = fisc_section_new(fisc_label(dossier->language, "Contents"));
    double line = fisc_pen_line(pen, FISC_STYLE_BODY);
    contents->begins_page = true;
    fisc_pdf_add_title(contents, pen, FISC_STYLE_TITLE, "H2");
    fisc_section_add(contents, 0, begin_contents, NULL, 0);
    for (guint i = 0; i < sections->len; i++) {
        const FiscSection *section = g_ptr_array_index(sections, i);
        if (section->is_listed) {
            fisc_section_add(contents, line + 2 * LINE_PAD, draw_line, (gpointer)section, 0);
        }
    }
    fisc_section_add(contents, 0, end_contents, NULL, 0);
    fisc_pdf_add_end(contents);
    return contents;
}
