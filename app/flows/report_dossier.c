/* report_dossier.c: a report bound for a reader: its statements one by one, with their charts and
 * what they were made from; and rendering it. */
#include "app/flows/internal.h"
#include "fisc/dossier.h"

bool
fisc_flow_dossier(FiscContext *ctx, const FiscReportQuery *query, FiscDossier **out_dossier,
                  GError **error)
{
    FiscTable *table = NULL;
    if (!fisc_flow_report(ctx, query, &table, error)) {
        return false;
    }
    *out_dossier = fisc_dossier_from_table(table);
    return true;
}

const char *const *
fisc_flow_dossier_formats(void)
{
    enum { FORMATS_MAX = 16 };
    static const char *names[2 * FORMATS_MAX + 1];
    int count = 0;
    for (const FiscDossierFormat *format = fisc_dossier_formats(); format->name != NULL; format++) {
        g_assert(count < FORMATS_MAX);
        names[2 * count] = format->name;
        names[2 * count + 1] = format->meaning;
        count++;
    }
    return names;
}

bool
fisc_flow_render(const FiscDossier *dossier, const char *format, GString *out, GError **error)
{
    const FiscDossierFormat *found = fisc_dossier_format(format);
    if (found == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "there is no format \"%s\" for reports", format);
    }
    return found->render(dossier, out, error);
}
