/* gfs_table.h: the compiled code list (tools/gfs2c.py), read by ledger/chart.c and nobody else. */
#ifndef FISC_LEDGER_GFS_TABLE_H
#define FISC_LEDGER_GFS_TABLE_H

#include "fisc/chart.h"

extern const int fisc_gfs_table_count;
extern const FiscGfsCode fisc_gfs_table[]; /* in the order of the file */
extern const int fisc_gfs_table_order[];   /* positions in it, by code */

#endif
