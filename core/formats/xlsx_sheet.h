/* xlsx_sheet.h: a table written on one sheet of a workbook. */
#ifndef FISC_XLSX_SHEET_H
#define FISC_XLSX_SHEET_H

#include "core/formats/xlsx_looks.h"

typedef struct {
    const FiscWorkbook *book; /* that the sheet is bound in; NULL: it stands alone */
    const FiscTable *table;
    const char *front; /* name of the sheet to link back to */
} FiscXlsxPage;

/** Writes title, header, rows and notes; of a table whose title is "" only header and rows, with
 *  all columns. A sheet of a book has its details outlined, the keys of its figures in hidden
 *  columns, and is set up for printing. */
void fisc_xlsx_sheet_write(FiscXlsxLooks *looks, lxw_worksheet *sheet, const FiscXlsxPage *page);

/** A text as it goes into a cell. Caller frees. */
char *fisc_xlsx_cell_text(const char *text);
/** The words of @book's language. */
const char *fisc_xlsx_say(const FiscWorkbook *book, const char *words);
/** Landscape on A4, as many pages high as it takes; @words at the foot. */
void fisc_xlsx_sheet_set_print(FiscXlsxLooks *looks, lxw_worksheet *sheet, const char *words);

#endif
