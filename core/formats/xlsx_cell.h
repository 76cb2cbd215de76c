/* xlsx_cell.h: the words of cells: column letters, numbers, days. */
#ifndef FISC_XLSX_CELL_H
#define FISC_XLSX_CELL_H

#include <glib.h>
#include <stdbool.h>

#define FISC_XLSX_LETTERS 8
/** "A" for 0, "AA" for 26. @buffer of FISC_XLSX_LETTERS bytes. Returns @buffer. */
const char *fisc_xlsx_letters(int column, char *buffer);
/** "C12" into column 2 and row 12; false when it is no cell of a sheet. */
bool fisc_xlsx_place(const char *text, int *out_column, int *out_row);

/** A number as a file of XLSX stores it ("1.5E3", "1234.5599999999999") as decimal text ("1500",
 * "1234.56"). NULL when it is none, or has more than 40 digits. Caller frees. */
char *fisc_xlsx_number(const char *stored);
/** True when a spreadsheet that stores the number @decimal says exactly this decimal again. */
bool fisc_xlsx_is_exact(const char *decimal);

/** The day number @serial (as fisc_xlsx_number() gives it) as "2019-01-31", with a time of day
 * behind it when it has a fraction: "2019-01-31T12:30:00". NULL when it is no day. Caller frees. */
char *fisc_xlsx_day(const char *serial, bool is_1904);
/** Whether a number format shows days: by its number, or by its code (NULL when built in). */
bool fisc_xlsx_is_day_format(int id, const char *code);

/** Gives the text with "_x000D_" replaced by the character it stands for, in place. */
void fisc_xlsx_unescape(char *text);
/** A text that unescapes to @text. Caller frees. */
char *fisc_xlsx_escape(const char *text);

#endif
