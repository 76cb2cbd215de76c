/* report_beside.c: a report in several columns: periods, moments, standards or units side by side.
 */
#include "app/flows/report_snapshot.h"

bool
fisc_report_beside(FiscContext *ctx, const FiscReportQuery *query, FiscReportWants wants,
                   FiscReportBuilder build_one, FiscTable **out_table, GError **error)
{
    (void)ctx, (void)wants, (void)build_one, (void)out_table;
    return fisc_fail(error, FISC_ERROR_USAGE, "--beside \"%s\" is not known", query->beside);
}
