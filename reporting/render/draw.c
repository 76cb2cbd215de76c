/* draw.c: marks on a sheet, and about how wide a text is. */
#include "reporting/render/draw.h"
#include "reporting/render/page_words.h"
#include <string.h>

/* Told apart by lightness, too: for printers without colour, and eyes that see few. Each has a
 * contrast of at least 3 to white; those of texts, of 7. */
static const guint32 colours[FISC_INK_COUNT] = {
    [FISC_INK_TEXT] = 0x1f2933,     [FISC_INK_QUIET] = 0x52606d,    [FISC_INK_RULE] = 0xd9dfe5,
    [FISC_INK_TINT] = 0xf0f4f8,     [FISC_INK_TOTAL] = 0x243b53,    [FISC_INK_LESS] = 0xc05621,
    [FISC_INK_SERIES_1] = 0x2b6cb0, [FISC_INK_SERIES_2] = 0xdd8a2b, [FISC_INK_SERIES_3] = 0x2f855a,
    [FISC_INK_SERIES_4] = 0x6b46c1, [FISC_INK_SERIES_5] = 0x1a365d, [FISC_INK_SERIES_6] = 0x8d6e4b,
};

guint32
fisc_ink_colour(FiscInk ink)
{
    return colours[ink];
}

static void
clear_mark(void *pointer)
{
    FiscMark *mark = pointer;
    g_free(mark->text);
}

FiscDrawing *
fisc_drawing_new(int width, const char *title, const char *description)
{
    FiscDrawing *drawing = g_new0(FiscDrawing, 1);
    drawing->width = width;
    drawing->title = fisc_page_text(title);
    drawing->description = fisc_page_text(description);
    drawing->marks = g_array_new(FALSE, TRUE, sizeof(FiscMark));
    g_array_set_clear_func(drawing->marks, clear_mark);
    return drawing;
}

void
fisc_drawing_free(FiscDrawing *drawing)
{
    if (drawing == NULL) {
        return;
    }
    g_free(drawing->title);
    g_free(drawing->description);
    g_array_unref(drawing->marks);
    g_free(drawing);
}

void
fisc_draw_box(FiscDrawing *drawing, FiscInk ink, int x, int y, int width, int height,
              const char *meaning)
{
    FiscMark mark = {.kind = FISC_MARK_BOX,
                     .ink = ink,
                     .x = MIN(x, x + width),
                     .y = MIN(y, y + height),
                     .width = ABS(width),
                     .height = ABS(height),
                     .text = meaning != NULL ? fisc_page_text(meaning) : NULL};
    g_array_append_val(drawing->marks, mark);
}

void
fisc_draw_line(FiscDrawing *drawing, FiscInk ink, int x, int y, int to_x, int to_y, int thickness)
{
    FiscMark mark = {.kind = FISC_MARK_LINE,
                     .ink = ink,
                     .x = x,
                     .y = y,
                     .width = to_x - x,
                     .height = to_y - y,
                     .size = thickness};
    g_array_append_val(drawing->marks, mark);
}

void
fisc_draw_text(FiscDrawing *drawing, FiscInk ink, int x, int y, int size, FiscAnchor anchor,
               bool bold, const char *text)
{
    FiscMark mark = {.kind = FISC_MARK_TEXT,
                     .ink = ink,
                     .x = x,
                     .y = y,
                     .size = size,
                     .anchor = anchor,
                     .bold = bold,
                     .text = fisc_page_text(text)};
    g_array_append_val(drawing->marks, mark);
}

/* Texts ---------------------------------------------------------------------------------------- */

/* Hundredths of the size, as of a wide sans serif: a label estimated too wide still fits. */
static int
character_width(gunichar character)
{
    static const char narrow[] = "iljtfr|!.,:;'()[]- ";
    static const char broad[] = "mwMW%@";
    if (g_unichar_iszerowidth(character)) {
        return 0;
    }
    if (g_unichar_iswide(character)) {
        return 100;
    }
    if (character < 128 && strchr(narrow, (int)character) != NULL) {
        return 37;
    }
    if (character < 128 && strchr(broad, (int)character) != NULL) {
        return 97;
    }
    return g_unichar_isupper(character) ? 70 : 63;
}

int
fisc_text_width(const char *text, int size)
{
    int width = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        width += character_width(g_utf8_get_char(at));
    }
    return width * size / 100;
}

/* Cuts the last line so that it ends in "...". */
static void
shorten(GString *line, int size, int width)
{
    while (line->len > 0) {
        g_autofree char *cut = g_strconcat(line->str, "...", NULL);
        if (fisc_text_width(cut, size) <= width) {
            break;
        }
        g_string_truncate(
            line, (gsize)(g_utf8_find_prev_char(line->str, line->str + line->len) - line->str));
    }
    g_string_append(line, "...");
}

/* A word that is wider than a line stands alone and is cut. */
static void
end_line(GPtrArray *lines, GString *line, int size, int width)
{
    if (fisc_text_width(line->str, size) > width) {
        shorten(line, size, width);
    }
    g_ptr_array_add(lines, g_strdup(line->str));
    g_string_truncate(line, 0);
}

GPtrArray *
fisc_text_wrap(const char *text, int size, int width, guint lines_max)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GString) line = g_string_new(NULL);
    for (char **word = words; *word != NULL; word++) {
        g_autofree char *longer =
            line->len > 0 ? g_strconcat(line->str, " ", *word, NULL) : g_strdup(*word);
        bool fits = fisc_text_width(longer, size) <= width;
        if (!fits && line->len > 0 && lines->len + 1 == lines_max) {
            shorten(line, size, width);
            break;
        }
        if (!fits && line->len > 0) {
            end_line(lines, line, size, width);
        }
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", *word);
    }
    end_line(lines, line, size, width);
    return lines;
}
