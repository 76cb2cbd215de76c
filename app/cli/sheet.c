/* sheet.c: spreadsheets at the command line: a sheet that is read where a text is expected.
 *
 * A flow takes text and names lines of it; the officer looks at a sheet and wants its row and
 * column. The text is made here, and what is refused of it is put in terms of the sheet here. */
#include "app/cli/cli.h"
#include <string.h>

void
fisc_cli_text_clear(FiscCliText *text)
{
    g_clear_pointer(&text->bytes, g_byte_array_unref);
    g_clear_pointer(&text->sheet, fisc_sheet_text_free);
    *text = (FiscCliText){NULL};
}

bool
fisc_cli_read_text(const FiscCli *cli, const char *path, const char *usual, FiscCliText *out_text,
                   FiscRefusals *refusals, GError **error)
{
    const char *sheet = fisc_cli_option(cli, "sheet");
    g_auto(FiscCliText) text = {.bytes = g_byte_array_new()};
    if (!fisc_cli_read_input(path, text.bytes, error)) {
        return false;
    }
    text.data = (const char *)text.bytes->data;
    text.length = text.bytes->len;
    if (fisc_xlsx_is(text.data, text.length)) {
        g_autofree char *name = g_path_get_basename(fisc_cli_input_name(path));
        text.sheet = fisc_sheet_text_parse(name, text.data, text.length, sheet, usual, refusals);
        text.data = text.sheet != NULL ? text.sheet->text->str : "";
        text.length = text.sheet != NULL ? text.sheet->text->len : 0;
    } else if (sheet != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--sheet: %s is no spreadsheet (.xlsx)",
                         fisc_cli_input_name(path));
    }
    *out_text = text;
    text = (FiscCliText){NULL};
    return true;
}

void
fisc_cli_place_refusals(const FiscCliText *text, FiscRefusals *refusals)
{
    if (text->sheet != NULL) {
        fisc_sheet_text_place(text->sheet, refusals, 0);
    }
}
