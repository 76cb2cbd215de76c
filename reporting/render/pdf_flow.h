/* pdf_flow.h: what stands on the pages, block after block, and on which page each comes to stand.
 *
 * First everything is measured and placed, then drawn: the table of contents and "page 3 of 9" need
 * to know. A block is a line, a row, a picture; it is never broken. */
#ifndef FISC_PDF_FLOW_H
#define FISC_PDF_FLOW_H

#include "reporting/render/pdf_pen.h"

/* A4, in points. */
#define FISC_PAGE_SHORT 595.28
#define FISC_PAGE_LONG 841.89
#define FISC_PAGE_SIDE 48.0   /* margins */
#define FISC_PAGE_TOP 64.0    /* with the head of the page */
#define FISC_PAGE_BOTTOM 54.0 /* with its foot */

typedef struct _FiscBlock FiscBlock;

struct _FiscBlock {
    double height;
    bool keeps_next;       /* does not end a page */
    const FiscBlock *head; /* drawn again when this begins a page */
    /* @page begins anew for heads: they are not read aloud again. */
    void (*draw)(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again);
    gpointer data; /* of the section */
    guint index;   /* which row, which line */
};

/* Blocks that belong together, on pages of one shape. */
typedef struct {
    char *title; /* in the head of its pages, the contents and the outline */
    char *link;  /* its name as a destination */
    bool is_landscape;
    bool begins_page;  /* else it follows on the same page when all of it fits */
    bool is_listed;    /* in the contents */
    GPtrArray *blocks; /* of FiscBlock, owned */
    GPtrArray *owned;  /* what their data is, with free functions: FiscOwned */
    guint page;        /* where it begins, from 0; set by placing */
} FiscSection;

FiscSection *fisc_section_new(const char *title);
void fisc_section_free(FiscSection *section);
/** Adds a block; the section owns it. */
FiscBlock *fisc_section_add(FiscSection *section, double height,
                            void (*draw)(const FiscBlock *, const FiscPen *, double, double, bool),
                            gpointer data, guint index);
/** Frees @data with the section. */
void fisc_section_own(FiscSection *section, gpointer data, GDestroyNotify free_data);
/** Empty space. */
void fisc_section_add_space(FiscSection *section, double height);
/** The width between the margins. */
double fisc_section_width(const FiscSection *section);

/* A block at its place. */
typedef struct {
    const FiscBlock *block;
    double y;
    bool is_again;
} FiscPlaced;

typedef struct {
    bool is_landscape;
    const FiscSection *section; /* that the head names: the first that begins there, or goes on */
    GArray *placed;             /* of FiscPlaced */
} FiscPage;

/** The pages that the sections, of FiscSection, come to; sets where each begins. Caller unrefs. */
GPtrArray *fisc_pages_place(const GPtrArray *sections);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSection, fisc_section_free)

#endif
