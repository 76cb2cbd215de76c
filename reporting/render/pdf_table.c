/* pdf_table.c: rows, heads and notes as blocks. */
#include "reporting/render/pdf_table.h"
#include "reporting/labels.h"
#include "reporting/render/page_words.h"
#include "reporting/render/pdf_grid.h"
#include <string.h>

#define INDENT 9.0 /* of one level */
#define PAD 2.4    /* above and below the words of a row */
#define RULE 0.4
#define RULE_STRONG 0.8
/* Letters above this in a portrait page need the page to lie. */
#define SCALE_OF_PORTRAIT 0.85

/* One table on the pages: what its blocks draw from. */
typedef struct {
    const FiscTable *table;
    FiscGrid *grid;
    int label;
    FiscBlock *head;
} Sheet;

static void
sheet_free(void *pointer)
{
    Sheet *sheet = pointer;
    g_array_unref(sheet->grid->columns);
    g_free(sheet->grid);
    g_free(sheet);
}

static FiscPen
pen_of(const Sheet *sheet, const FiscPen *pen)
{
    FiscPen scaled = *pen;
    scaled.scale = sheet->grid->scale;
    return scaled;
}

static FiscStyle
style_of(const FiscRow *row)
{
    return row->strong ? FISC_STYLE_STRONG : FISC_STYLE_BODY;
}

static double
indent_of(const Sheet *sheet, const FiscRow *row, guint column)
{
    return (int)column == sheet->label ? row->level * INDENT * sheet->grid->scale : 0;
}

/* Tags ----------------------------------------------------------------------------------------- */

static void
begin_table(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    (void)block, (void)x, (void)y, (void)is_again;
    fisc_pen_begin(pen, "Table", NULL);
}

static void
end_table(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const Sheet *sheet = block->data;
    (void)is_again;
    fisc_pen_end(pen, "Table");
    fisc_pen_rule(pen, FISC_INK_QUIET, x, y, sheet->grid->width, RULE_STRONG);
}

/* Letters of all cells stand on one line, whatever their script: how far below the row's words
 * begin. Only what is not ASCII can be higher than the rest. */
static double
baseline_of(const Sheet *sheet, const FiscPen *pen, const FiscRow *row)
{
    double baseline = fisc_pen_baseline(pen, style_of(row), "0");
    for (guint i = 0; i < sheet->grid->columns->len; i++) {
        guint column = g_array_index(sheet->grid->columns, FiscGridColumn, i).column;
        g_autofree char *words = fisc_page_cell(sheet->table, row, column);
        if (!g_str_is_ascii(words)) {
            baseline = MAX(baseline, fisc_pen_baseline(pen, style_of(row), words));
        }
    }
    return baseline;
}

/* Rows ----------------------------------------------------------------------------------------- */

static double
head_height(const Sheet *sheet, const FiscPen *pen)
{
    double height = 0;
    for (guint i = 0; i < sheet->grid->columns->len; i++) {
        const FiscGridColumn *column = &g_array_index(sheet->grid->columns, FiscGridColumn, i);
        height =
            MAX(height, fisc_pen_height(pen, FISC_STYLE_COLUMN, column->words, column->width + 1));
    }
    return height + 2 * PAD;
}

/* On later pages the head is for the eye only. */
static void
draw_head(const FiscBlock *block, const FiscPen *page_pen, double x, double y, bool is_again)
{
    const Sheet *sheet = block->data;
    FiscPen pen = pen_of(sheet, page_pen);
    if (!is_again) {
        fisc_pen_begin(&pen, "TR", NULL);
    }
    for (guint i = 0; i < sheet->grid->columns->len; i++) {
        const FiscGridColumn *column = &g_array_index(sheet->grid->columns, FiscGridColumn, i);
        if (!is_again) {
            fisc_pen_begin(&pen, "TH", NULL);
        }
        fisc_pen_write(&pen, FISC_STYLE_COLUMN, column->words,
                       x + column->x - (column->is_number ? 1 : 0), y + PAD, column->width + 1,
                       column->is_number ? FISC_ANCHOR_END : FISC_ANCHOR_START);
        if (!is_again) {
            fisc_pen_end(&pen, "TH");
        }
    }
    if (!is_again) {
        fisc_pen_end(&pen, "TR");
    }
    fisc_pen_rule(&pen, FISC_INK_QUIET, x, y + block->height, sheet->grid->width, RULE_STRONG);
}

/* Only what may be wider than its column, or higher than its line, is measured. */
static double
row_height(const Sheet *sheet, const FiscPen *pen, const FiscRow *row, double line)
{
    double height = line;
    for (guint i = 0; i < sheet->grid->columns->len; i++) {
        const FiscGridColumn *column = &g_array_index(sheet->grid->columns, FiscGridColumn, i);
        double width = column->width - indent_of(sheet, row, column->column);
        g_autofree char *words = fisc_page_cell(sheet->table, row, column->column);
        double estimate = fisc_text_width(words, 1000) * pen->scale / 100;
        if (!column->is_number && (estimate > width || !g_str_is_ascii(words))) {
            height = MAX(height, fisc_pen_height(pen, style_of(row), words, width + 1));
        }
    }
    return height + 2 * PAD * pen->scale;
}

static void
draw_cell(const Sheet *sheet, const FiscPen *pen, const FiscRow *row, guint index, double x,
          double baseline)
{
    const FiscGridColumn *column = &g_array_index(sheet->grid->columns, FiscGridColumn, index);
    bool is_label = (int)column->column == sheet->label;
    const char *tag = is_label ? "TH" : "TD";
    double indent = indent_of(sheet, row, column->column);
    g_autofree char *words = fisc_page_cell(sheet->table, row, column->column);
    double y = baseline - fisc_pen_baseline(pen, style_of(row), words);
    fisc_pen_begin(pen, tag, NULL);
    /* A point of room for rounding: a number is never broken. */
    fisc_pen_write(pen, style_of(row), words, x + column->x + indent - (column->is_number ? 1 : 0),
                   y, column->width - indent + 1,
                   column->is_number ? FISC_ANCHOR_END : FISC_ANCHOR_START);
    fisc_pen_end(pen, tag);
}

static void
draw_row(const FiscBlock *block, const FiscPen *page_pen, double x, double y, bool is_again)
{
    const Sheet *sheet = block->data;
    const FiscRow *row = g_ptr_array_index(sheet->table->rows, block->index);
    FiscPen pen = pen_of(sheet, page_pen);
    double baseline = y + PAD * pen.scale + baseline_of(sheet, &pen, row);
    (void)is_again;
    if (row->strong) {
        fisc_pen_fill(&pen, FISC_INK_TINT, x, y + RULE_STRONG, sheet->grid->width,
                      block->height - RULE_STRONG);
    }
    fisc_pen_begin(&pen, "TR", NULL);
    for (guint i = 0; i < sheet->grid->columns->len; i++) {
        draw_cell(sheet, &pen, row, i, x, baseline);
    }
    fisc_pen_end(&pen, "TR");
    fisc_pen_rule(&pen, FISC_INK_RULE, x, y + block->height, sheet->grid->width, RULE);
}

static void
draw_heading(const FiscBlock *block, const FiscPen *page_pen, double x, double y, bool is_again)
{
    const Sheet *sheet = block->data;
    const FiscRow *row = g_ptr_array_index(sheet->table->rows, block->index);
    FiscPen pen = pen_of(sheet, page_pen);
    bool is_note = fisc_page_is_note(sheet->table, row);
    const char *tag = is_note ? "TD" : "TH";
    g_autofree char *words = fisc_page_heading(sheet->table, row);
    (void)is_again;
    fisc_pen_begin(&pen, "TR", NULL);
    fisc_pen_begin(&pen, tag, NULL);
    fisc_pen_write(&pen, is_note ? FISC_STYLE_NOTE : FISC_STYLE_HEADING, words, x,
                   y + (is_note ? 1 : 3) * PAD, sheet->grid->width, FISC_ANCHOR_START);
    fisc_pen_end(&pen, tag);
    fisc_pen_end(&pen, "TR");
}

static void
add_heading(FiscSection *section, Sheet *sheet, const FiscPen *pen, guint index)
{
    const FiscRow *row = g_ptr_array_index(sheet->table->rows, index);
    bool is_note = fisc_page_is_note(sheet->table, row);
    g_autofree char *words = fisc_page_heading(sheet->table, row);
    double height = fisc_pen_height(pen, is_note ? FISC_STYLE_NOTE : FISC_STYLE_HEADING, words,
                                    sheet->grid->width);
    FiscBlock *block =
        fisc_section_add(section, height + (is_note ? 2 : 4) * PAD, draw_heading, sheet, index);
    block->keeps_next = !is_note;
    block->head = sheet->head;
}

/* The last row does not stand alone on a page: it is a total, as a rule. */
static void
add_row(FiscSection *section, Sheet *sheet, const FiscPen *pen, guint index, double line)
{
    const FiscRow *row = g_ptr_array_index(sheet->table->rows, index);
    FiscBlock *block =
        fisc_section_add(section, row_height(sheet, pen, row, line), draw_row, sheet, index);
    block->keeps_next = index + 2 == sheet->table->rows->len;
    block->head = sheet->head;
}

static void
add_sheet(FiscSection *section, const FiscPen *page_pen, const FiscTable *table, FiscGrid *grid)
{
    Sheet *sheet = g_new0(Sheet, 1);
    *sheet = (Sheet){.table = table, .grid = grid, .label = fisc_page_label_column(table)};
    fisc_section_own(section, sheet, sheet_free);
    FiscPen pen = pen_of(sheet, page_pen);
    double line = fisc_pen_line(&pen, FISC_STYLE_STRONG);
    fisc_section_add(section, 0, begin_table, sheet, 0)->keeps_next = true;
    sheet->head = fisc_section_add(section, head_height(sheet, &pen), draw_head, sheet, 0);
    sheet->head->keeps_next = true;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading) {
            add_heading(section, sheet, &pen, i);
        } else {
            add_row(section, sheet, &pen, i, line);
        }
    }
    fisc_section_add(section, 0, end_table, sheet, 0);
}

/* Paragraphs ----------------------------------------------------------------------------------- */

typedef struct {
    FiscStyle style;
    char *words;
    double width;
} Paragraph;

static void
paragraph_free(void *pointer)
{
    Paragraph *paragraph = pointer;
    g_free(paragraph->words);
    g_free(paragraph);
}

static void
draw_words(const FiscBlock *block, const FiscPen *pen, double x, double y, bool is_again)
{
    const Paragraph *paragraph = block->data;
    (void)is_again;
    fisc_pen_begin(pen, "P", NULL);
    fisc_pen_write(pen, paragraph->style, paragraph->words, x, y + PAD, paragraph->width,
                   FISC_ANCHOR_START);
    fisc_pen_end(pen, "P");
}

void
fisc_pdf_add_words(FiscSection *section, const FiscPen *pen, FiscStyle style, const char *words)
{
    Paragraph *paragraph = g_new0(Paragraph, 1);
    *paragraph = (Paragraph){style, fisc_page_text(words), fisc_section_width(section)};
    fisc_section_own(section, paragraph, paragraph_free);
    double height = fisc_pen_height(pen, style, paragraph->words, paragraph->width);
    fisc_section_add(section, height + 2 * PAD, draw_words, paragraph, 0);
}

static void
add_notes(FiscSection *section, const FiscPen *pen, const FiscTable *table)
{
    bool is_first = true;
    for (guint i = 0; i < table->notes->len; i++) {
        if (g_array_index(table->note_places, FiscNotePlace, i).is_beside) {
            continue; /* stands among the rows */
        }
        if (is_first) {
            fisc_section_add_space(section, 2 * PAD);
            is_first = false;
        }
        fisc_pdf_add_words(section, pen, FISC_STYLE_NOTE, g_ptr_array_index(table->notes, i));
    }
}

bool
fisc_pdf_is_wide(const FiscPen *pen, const FiscTable *table, const char *language)
{
    g_autoptr(GPtrArray) grids =
        fisc_grids_new(pen, table, language, FISC_PAGE_SHORT - 2 * FISC_PAGE_SIDE);
    const FiscGrid *first = grids->len > 0 ? g_ptr_array_index(grids, 0) : NULL;
    return grids->len > 1 || (first != NULL && first->scale < SCALE_OF_PORTRAIT);
}

void
fisc_pdf_add_table(FiscSection *section, const FiscPen *pen, const FiscTable *table,
                   const char *language)
{
    g_autoptr(GPtrArray) grids = fisc_grids_new(pen, table, language, fisc_section_width(section));
    guint count = grids->len;
    g_ptr_array_set_free_func(grids, NULL); /* the sheets take them */
    for (guint i = 0; i < count; i++) {
        if (count > 1) {
            g_autofree char *words =
                g_strdup_printf("%s %u/%u", fisc_label(language, "Columns, part"), i + 1, count);
            fisc_pdf_add_words(section, pen, FISC_STYLE_NOTE, words);
            ((FiscBlock *)g_ptr_array_index(section->blocks, section->blocks->len - 1))
                ->keeps_next = true;
        }
        add_sheet(section, pen, table, g_ptr_array_index(grids, i));
        if (i + 1 < count) {
            fisc_section_add_space(section, 16);
        }
    }
    add_notes(section, pen, table);
}
