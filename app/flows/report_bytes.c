/* report_bytes.c: a report in any format there is, as bytes. A renderer has no clock: what is dated
 * in it comes from the books. */
#include "fisc/publish.h"
#include "fisc/xlsx.h"

static bool
render_table(FiscContext *ctx, const FiscReportQuery *query, FiscFormat format, GString *out_bytes,
             GError **error)
{
    FiscTable *made = NULL;
    if (!fisc_flow_report(ctx, query, &made, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = made;
    if (format == FISC_FORMAT_XLSX) {
        return fisc_xlsx_write(table, out_bytes, error);
    }
    fisc_table_render(table, format, out_bytes);
    return true;
}

bool
fisc_flow_report_bytes(FiscContext *ctx, const FiscReportQuery *query, const char *format,
                       GString *out_bytes, GError **error)
{
    if (fisc_dossier_format(format) != NULL) {
        g_autoptr(FiscDossier) dossier = NULL;
        return fisc_flow_dossier(ctx, query, &dossier, error) &&
               fisc_flow_render(dossier, format, out_bytes, error);
    }
    int found = fisc_format_find(format);
    if (found < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "there is no format \"%s\" for reports", format);
    }
    return render_table(ctx, query, (FiscFormat)found, out_bytes, error);
}
