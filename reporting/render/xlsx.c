/* xlsx.c: a dossier as a spreadsheet: a sheet for each part.
 *
 * How a sheet looks is core/formats'; charts are left to pages. */
#include "fisc/xlsx.h"
#include "reporting/labels.h"
#include "reporting/render/formats.h"
#include "reporting/render/integrated.h"
#include <string.h>

/* Several units have a statement of the same name: then the unit tells the sheets apart. */
static bool
is_repeated(const FiscDossier *dossier, const char *name)
{
    guint count = 0;
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = dossier->parts->pdata[i];
        count += strcmp(part->name, name) == 0;
    }
    return count > 1;
}

static char *
sheet_name(const FiscDossier *dossier, const FiscDossierPart *part)
{
    int unit = fisc_table_column(part->table, "unit");
    const char *code = NULL;
    for (guint i = 0; i < part->table->rows->len && unit >= 0 && code == NULL; i++) {
        const FiscRow *row = part->table->rows->pdata[i];
        code = row->heading ? NULL : row->cells[unit].text;
    }
    if (code == NULL || !is_repeated(dossier, part->name)) {
        return g_strdup(part->name);
    }
    return g_strdup_printf("%s %s", part->name, code);
}

bool
fisc_render_xlsx(const FiscDossier *dossier, GString *out, GError **error)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_table_free);
    g_autofree FiscWorkbookSheet *sheets = g_new0(FiscWorkbookSheet, MAX(dossier->parts->len, 1));
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = dossier->parts->pdata[i];
        FiscTable *integrated = fisc_integrated_table(part->table, dossier->language);
        sheets[i].name = sheet_name(dossier, part);
        sheets[i].table = integrated != NULL ? integrated : part->table;
        g_ptr_array_add(owned, (void *)sheets[i].name);
        if (integrated != NULL) {
            g_ptr_array_add(tables, integrated);
        }
    }
    FiscWorkbook book = {.title = dossier->title,
                         .language = dossier->language,
                         .say = fisc_label,
                         .facts = dossier->facts,
                         .sheets = sheets,
                         .count = dossier->parts->len};
    return fisc_xlsx_write_book(&book, out, error);
}
