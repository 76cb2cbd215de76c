/* gfs.h: the digit arithmetic of GFSM 2014 classification codes.
 *
 * Paragraphs A8.3-A8.4: first digit 1 revenue, 2 expense, 3 transactions in assets and
 * liabilities, 4 holding gains, 5 other volume changes, 6 stocks, 7 COFOG, 8 by counterparty,
 * 9 = 4 + 5. The digits after the first are shared by 3, 4, 5, 6 and 9. In 31, the suffixes .1
 * acquisitions, .2 disposals, .3 consumption of fixed capital tell the kind. */
#ifndef FISC_GFS_H
#define FISC_GFS_H

#include "fisc/entry.h"

#define FISC_GFS_CODE 24 /* bytes that hold any code */

/** Takes a posted code apart: "3111.1" is stock account "6111", flow transaction, kind 1; "4304" is
 *  "6304", holding gain; "6202" is "6202", opening; "4" and "5" alone are net worth "6"; "1111" and
 *  "22" are themselves. False when no posting can have the code ("7..", "8..", "9..", "C11"). */
bool
fisc_gfs_parse(const char *code, char out_account[FISC_GFS_CODE], int *out_flow, int *out_kind);
/** The inverse: "6111", transaction, 1 gives "3111.1". */
void fisc_gfs_compose(const char *account, int flow, int kind, char out_code[FISC_GFS_CODE]);

/** +1 when a debit raises the code (2, 31x, 31x.1, 32, 42, 52, 61, 62), -1 when a credit does (1,
 *  33, 43, 53, 63, 6; and 31x.2, 31x.3 which are credits shown positive). */
int fisc_gfs_sign(const char *code);
bool fisc_gfs_is_under(const char *code, const char *parent); /* by digits; suffix ignored */
/** The cash statement row for the payment of a claim of this class: 2111 is "21", 311.1 is
 *  "31.1", 311.2 is "31.2", 11411 is "11", 3204 and 3303 are themselves. NULL: no cash row. */
const char *fisc_gfs_cash_code(const char *code, char buffer[FISC_GFS_CODE]);
/** True for expenditure: 2x, and 31x without suffix or with .1 (what a budget appropriates). */
bool fisc_gfs_is_expenditure(const char *code);

#endif
