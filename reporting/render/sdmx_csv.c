/* sdmx_csv.c: a dossier as SDMX-CSV 2.0: one row for each observation, a column for each dimension
 * and attribute. A file of this format has no comments; what was left out is said in the attribute
 * of the whole data set, on the first row. */
#include "fisc/csv.h"
#include "reporting/render/formats.h"
#include "reporting/render/sdmx.h"

#define STRUCTURE FISC_SDMX_AGENCY ":" FISC_SDMX_ID "(" FISC_SDMX_VERSION ")"

static void
append_fields(GString *out, const char *const *fields, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        fisc_csv_append(out, fields[i]);
    }
}

static void
append_header(GString *out)
{
    static const char *const first[] = {"STRUCTURE", "STRUCTURE_ID", "ACTION"};
    static const char *const last[] = {
        "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS",       "CONF_STATUS", "TIME_FORMAT", "DECIMALS",
        "UNIT_MULT",   "CURRENCY",  "TABLE_IDENTIFIER", "TITLE",       "COMMENT_DSET"};
    append_fields(out, first, G_N_ELEMENTS(first));
    g_string_append_c(out, ',');
    append_fields(out, fisc_sdmx_dimensions, FISC_SDMX_DIMENSIONS);
    g_string_append_c(out, ',');
    append_fields(out, last, G_N_ELEMENTS(last));
    g_string_append_c(out, '\n');
}

static void
append_observation(GString *out, const FiscSdmxData *data, const FiscSdmxObservation *observation,
                   const char *comment)
{
    static const char *const first[] = {"datastructure", STRUCTURE, "I"};
    g_autofree char *decimals = g_strdup_printf("%d", data->decimals);
    const char *const last[] = {data->time,
                                observation->value,
                                data->status,
                                "F",
                                data->time_format,
                                decimals,
                                "0",
                                data->currency,
                                observation->table_id,
                                observation->title,
                                comment};
    append_fields(out, first, G_N_ELEMENTS(first));
    g_string_append_c(out, ',');
    append_fields(out, (const char *const *)observation->key, FISC_SDMX_DIMENSIONS);
    g_string_append_c(out, ',');
    append_fields(out, last, G_N_ELEMENTS(last));
    g_string_append_c(out, '\n');
}

bool
fisc_render_sdmx_csv(const FiscDossier *dossier, GString *out, GError **error)
{
    g_autoptr(FiscSdmxData) data = NULL;
    if (!fisc_sdmx_collect(dossier, &data, error)) {
        return false;
    }
    g_autofree char *comment = fisc_sdmx_comment(data);
    append_header(out);
    for (guint i = 0; i < data->observations->len; i++) {
        append_observation(out, data, data->observations->pdata[i], i == 0 ? comment : "");
    }
    return true;
}
