/* xlsx_looks.c: how the cells of a spreadsheet look. What stands in them is xlsx_sheet.c's. */
#include "core/formats/xlsx_looks.h"

#define HEADER_COLOUR 0xD9E1F2
#define LINK_COLOUR 0x1F3864

static lxw_format *
new_look(FiscXlsxLooks *looks, bool is_strong)
{
    lxw_format *format = workbook_add_format(looks->workbook);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (is_strong) {
        format_set_bold(format);
    }
    return format;
}

static lxw_format *
new_words(FiscXlsxLooks *looks, bool is_strong)
{
    lxw_format *format = new_look(looks, is_strong);
    if (looks->is_broken) {
        format_set_text_wrap(format);
    }
    return format;
}

static lxw_format *
new_header(FiscXlsxLooks *looks)
{
    lxw_format *format = new_look(looks, true);
    format_set_bg_color(format, HEADER_COLOUR);
    format_set_bottom(format, LXW_BORDER_THIN);
    return format;
}

void
fisc_xlsx_looks_make(FiscXlsxLooks *looks, lxw_workbook *workbook, bool is_broken)
{
    *looks = (FiscXlsxLooks){.workbook = workbook, .is_broken = is_broken};
    looks->title = new_words(looks, true);
    format_set_font_size(looks->title, FISC_XLSX_TITLE_POINTS);
    looks->header = new_header(looks);
    looks->header_number = new_header(looks);
    format_set_align(looks->header_number, LXW_ALIGN_RIGHT);
    looks->note = new_words(looks, false);
    format_set_italic(looks->note);
    looks->link = new_look(looks, false);
    format_set_underline(looks->link, LXW_UNDERLINE_SINGLE);
    format_set_font_color(looks->link, LINK_COLOUR);
}

lxw_format *
fisc_xlsx_text_look(FiscXlsxLooks *looks, int level, bool is_strong)
{
    int indent = CLAMP(level, 0, FISC_XLSX_INDENTS_MAX);
    lxw_format **format = &looks->text[indent][is_strong];
    if (*format == NULL) {
        *format = new_words(looks, is_strong);
        format_set_num_format(*format, "@"); /* a code stays text when somebody types over it */
        format_set_indent(*format, (uint8_t)indent);
    }
    return *format;
}

lxw_format *
fisc_xlsx_number_look(FiscXlsxLooks *looks, int decimals, bool is_strong)
{
    int places = CLAMP(decimals, 0, FISC_XLSX_DECIMALS_MAX);
    lxw_format **format = &looks->number[places][is_strong];
    if (*format == NULL) {
        g_autoptr(GString) code = g_string_new("#,##0");
        for (int i = 0; i < places; i++) {
            g_string_append(code, i == 0 ? ".0" : "0");
        }
        *format = new_look(looks, is_strong);
        format_set_num_format(*format, code->str);
        format_set_align(*format, LXW_ALIGN_RIGHT); /* of a number that is text, too */
    }
    return *format;
}

void
fisc_xlsx_keep_problem(FiscXlsxLooks *looks, lxw_error problem)
{
    looks->problem = looks->problem != LXW_NO_ERROR ? looks->problem : problem;
}
