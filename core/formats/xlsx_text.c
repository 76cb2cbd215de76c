/* xlsx_text.c: a sheet as CSV text, for the readers that take text, and the way back from what they
 * refuse to the cell a person has to correct.
 *
 * The text is made in memory and lives as long as one command. A record of it may begin on another
 * line than its row has in the sheet (empty rows, cells of several lines), so both are kept. */
#include "fisc/xlsx.h"
#include <string.h>

#define TEXT_BYTES_MAX (256 * 1024 * 1024)

typedef struct {
    int line; /* of the text, where the record begins */
    int row;  /* of the sheet */
} Place;

/* Line ends as a reader of CSV counts them: CR, LF and CR LF are one each. */
static int
count_line_ends(const char *text)
{
    int count = 0;
    for (const char *cursor = text; *cursor != '\0'; cursor++) {
        count += *cursor == '\n' || (*cursor == '\r' && cursor[1] != '\n');
    }
    return count;
}

static void
append_record(FiscSheetText *text, const char *const *fields, guint count, int row, int *line)
{
    Place place = {*line, row};
    g_array_append_val(text->places, place);
    for (guint i = 0; i < count; i++) {
        if (i > 0) {
            g_string_append_c(text->text, ',');
        }
        fisc_csv_append(text->text, fields[i]);
        *line += count_line_ends(fields[i]);
    }
    g_string_append_c(text->text, '\n');
    (*line)++;
}

/* False when it would be too long: many cells may share one long text. */
static bool
append_rows(FiscSheetText *text)
{
    const FiscCsv *csv = text->csv;
    int line = 1;
    append_record(text, (const char *const *)csv->columns->pdata, csv->columns->len,
                  csv->header_line, &line);
    for (guint i = 0; i < csv->rows->len && text->text->len <= TEXT_BYTES_MAX; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        append_record(text, row->fields, csv->columns->len, row->line, &line);
    }
    return text->text->len <= TEXT_BYTES_MAX;
}

FiscSheetText *
fisc_sheet_text_parse(const char *name, const char *data, gsize length, const char *sheet,
                      const char *usual, FiscRefusals *refusals)
{
    const FiscCsvOptions options = {.allow_unknown = true, .sheet = usual};
    g_autoptr(FiscSheetText) text = g_new0(FiscSheetText, 1);
    text->text = g_string_new(NULL);
    text->places = g_array_new(FALSE, FALSE, sizeof(Place));
    fisc_xlsx_parse(name, data, length, sheet, &options, &text->csv, refusals);
    if (text->csv == NULL) {
        return NULL;
    }
    if (!append_rows(text)) {
        fisc_refusals_add(refusals, FISC_ERROR_LINE_TOO_LONG, text->csv->file, 0, NULL,
                          "the texts of the sheet are longer than %d MB in all",
                          TEXT_BYTES_MAX / (1024 * 1024));
        return NULL;
    }
    return g_steal_pointer(&text);
}

/* The row of the record that begins on this line, or holds it. */
static int
find_row(const FiscSheetText *text, int line)
{
    guint low = 0;
    guint high = text->places->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(text->places, Place, middle).line <= line) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return g_array_index(text->places, Place, low).row;
}

void
fisc_sheet_text_place(const FiscSheetText *text, FiscRefusals *refusals, guint from)
{
    for (guint i = from; i < refusals->len; i++) {
        FiscRefusal *refusal = refusals->pdata[i];
        if (refusal->line > 0) {
            refusal->line = find_row(text, refusal->line);
        }
        if (refusal->file != NULL) {
            g_free(refusal->file);
            refusal->file = g_strdup(text->csv->file);
        }
    }
    fisc_csv_place_refusals(text->csv, refusals, from);
}

void
fisc_sheet_text_free(FiscSheetText *text)
{
    if (text == NULL) {
        return;
    }
    g_string_free(text->text, TRUE);
    g_array_unref(text->places);
    fisc_csv_free(text->csv);
    g_free(text);
}
