/* xlsx_looks.h: a workbook while it is written, and how its cells look. */
#ifndef FISC_XLSX_LOOKS_H
#define FISC_XLSX_LOOKS_H

#include "fisc/xlsx.h"
#include <xlsxwriter.h>

#define FISC_XLSX_INDENTS_MAX 15 /* indentations that a spreadsheet knows */
#define FISC_XLSX_DECIMALS_MAX 12

/* Formats belong to the workbook and are made when first needed. */
typedef struct {
    lxw_workbook *workbook;
    bool is_broken; /* texts that are longer than their cell go on in a line below */
    lxw_format *title, *header, *header_number, *note, *link;
    lxw_format *text[FISC_XLSX_INDENTS_MAX + 1][2];    /* by level, and whether it is strong */
    lxw_format *number[FISC_XLSX_DECIMALS_MAX + 1][2]; /* by decimals, and whether it is strong */
    lxw_error problem;                                 /* the first */
} FiscXlsxLooks;

#define FISC_XLSX_TITLE_POINTS 14
#define FISC_XLSX_TEXT_POINTS 11
void fisc_xlsx_looks_make(FiscXlsxLooks *looks, lxw_workbook *workbook, bool is_broken);
lxw_format *fisc_xlsx_text_look(FiscXlsxLooks *looks, int level, bool is_strong);
lxw_format *fisc_xlsx_number_look(FiscXlsxLooks *looks, int decimals, bool is_strong);
/** Remembers the first thing that went wrong. */
void fisc_xlsx_keep_problem(FiscXlsxLooks *looks, lxw_error problem);

#endif
