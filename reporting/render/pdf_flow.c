/* pdf_flow.c: blocks onto pages. */
#include "reporting/render/pdf_flow.h"

#define SPACE_BETWEEN_SECTIONS 26.0

typedef struct {
    gpointer data;
    GDestroyNotify free_data;
} Owned;

static void
owned_free(void *pointer)
{
    Owned *owned = pointer;
    owned->free_data(owned->data);
    g_free(owned);
}

FiscSection *
fisc_section_new(const char *title)
{
    FiscSection *section = g_new0(FiscSection, 1);
    section->title = g_strdup(title);
    section->blocks = g_ptr_array_new_with_free_func(g_free);
    section->owned = g_ptr_array_new_with_free_func(owned_free);
    return section;
}

void
fisc_section_free(FiscSection *section)
{
    if (section == NULL) {
        return;
    }
    g_ptr_array_unref(section->blocks);
    g_ptr_array_unref(section->owned);
    g_free(section->title);
    g_free(section->link);
    g_free(section);
}

FiscBlock *
fisc_section_add(FiscSection *section, double height,
                 void (*draw)(const FiscBlock *, const FiscPen *, double, double, bool),
                 gpointer data, guint index)
{
    FiscBlock *block = g_new0(FiscBlock, 1);
    *block = (FiscBlock){.height = height, .draw = draw, .data = data, .index = index};
    g_ptr_array_add(section->blocks, block);
    return block;
}

void
fisc_section_own(FiscSection *section, gpointer data, GDestroyNotify free_data)
{
    Owned *owned = g_new0(Owned, 1);
    *owned = (Owned){data, free_data};
    g_ptr_array_add(section->owned, owned);
}

void
fisc_section_add_space(FiscSection *section, double height)
{
    fisc_section_add(section, height, NULL, NULL, 0)->keeps_next = true;
}

double
fisc_section_width(const FiscSection *section)
{
    return (section->is_landscape ? FISC_PAGE_LONG : FISC_PAGE_SHORT) - 2 * FISC_PAGE_SIDE;
}

/* Placing -------------------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *pages;
    double y;
} Placer;

static double
page_end(const FiscPage *page)
{
    return (page->is_landscape ? FISC_PAGE_SHORT : FISC_PAGE_LONG) - FISC_PAGE_BOTTOM;
}

static FiscPage *
last_page(const Placer *placer)
{
    guint count = placer->pages->len;
    return count > 0 ? g_ptr_array_index(placer->pages, count - 1) : NULL;
}

static void
page_free(void *pointer)
{
    FiscPage *page = pointer;
    g_array_unref(page->placed);
    g_free(page);
}

static FiscPage *
begin_page(Placer *placer, const FiscSection *section)
{
    FiscPage *page = g_new0(FiscPage, 1);
    page->is_landscape = section->is_landscape;
    page->section = section;
    page->placed = g_array_new(FALSE, FALSE, sizeof(FiscPlaced));
    g_ptr_array_add(placer->pages, page);
    placer->y = FISC_PAGE_TOP;
    return page;
}

static void
put(Placer *placer, FiscPage *page, const FiscBlock *block, bool is_again)
{
    FiscPlaced placed = {block, placer->y, is_again};
    g_array_append_val(page->placed, placed);
    placer->y += block->height;
}

/* A block with all that must follow it on the same page. */
static double
height_from(const FiscSection *section, guint first)
{
    double height = 0;
    for (guint i = first; i < section->blocks->len; i++) {
        const FiscBlock *block = g_ptr_array_index(section->blocks, i);
        height += block->height;
        if (!block->keeps_next) {
            break;
        }
    }
    return height;
}

static double
height_of(const FiscSection *section)
{
    double height = 0;
    for (guint i = 0; i < section->blocks->len; i++) {
        height += ((const FiscBlock *)g_ptr_array_index(section->blocks, i))->height;
    }
    return height;
}

/* What is higher than a page goes on it anyway: there is nowhere else. */
static void
place_block(Placer *placer, const FiscSection *section, guint index)
{
    const FiscBlock *block = g_ptr_array_index(section->blocks, index);
    FiscPage *page = last_page(placer);
    bool is_at_top = placer->y <= FISC_PAGE_TOP;
    bool keeps_with_last =
        index > 0 && ((const FiscBlock *)section->blocks->pdata[index - 1])->keeps_next;
    double needed = keeps_with_last ? block->height : height_from(section, index);
    if (block->height > 0 && placer->y + needed > page_end(page) && !is_at_top) {
        page = begin_page(placer, section);
        if (block->head != NULL) {
            put(placer, page, block->head, true);
        }
    }
    put(placer, page, block, false);
}

static void
place_section(Placer *placer, FiscSection *section)
{
    FiscPage *page = last_page(placer);
    bool fits = page != NULL && !section->begins_page &&
                page->is_landscape == section->is_landscape &&
                placer->y + SPACE_BETWEEN_SECTIONS + height_of(section) <= page_end(page);
    if (fits) {
        placer->y += SPACE_BETWEEN_SECTIONS;
    } else {
        begin_page(placer, section);
    }
    section->page = placer->pages->len - 1;
    for (guint i = 0; i < section->blocks->len; i++) {
        place_block(placer, section, i);
    }
}

GPtrArray *
fisc_pages_place(const GPtrArray *sections)
{
    Placer placer = {.pages = g_ptr_array_new_with_free_func(page_free)};
    for (guint i = 0; i < sections->len; i++) {
        place_section(&placer, g_ptr_array_index(sections, i));
    }
    return placer.pages;
}
