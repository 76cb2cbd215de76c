/* sdmx_ml.c: a dossier as SDMX-ML 2.1 generic data: a series for each key, with one observation.
 *
 * The time it was prepared is that of the books, so the same books give the same bytes. */
#include "reporting/render/formats.h"
#include "reporting/render/sdmx.h"

#define SCHEMAS "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"

/* XML 1.0 has no control characters but tab and line ends. */
static void
append_escaped(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (char *at = valid; *at != '\0'; at++) {
        *at = (guchar)*at < 0x20 ? ' ' : *at;
    }
    g_autofree char *escaped = g_markup_escape_text(valid, -1);
    g_string_append(out, escaped);
}

static void
append_value(GString *out, const char *id, const char *value)
{
    g_string_append_printf(out, "        <gen:Value id=\"%s\" value=\"", id);
    append_escaped(out, value);
    g_string_append(out, "\"/>\n");
}

static void
append_head(GString *out, const FiscSdmxData *data, const FiscDossier *dossier)
{
    g_autofree char *comment = fisc_sdmx_comment(data);
    g_string_append(out,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<mes:GenericData xmlns:mes=\"" SCHEMAS "message\""
                    " xmlns:gen=\"" SCHEMAS "data/generic\" xmlns:com=\"" SCHEMAS "common\">\n");
    g_string_append_printf(
        out,
        "  <!-- %s -->\n"
        "  <mes:Header>\n"
        "    <mes:ID>FISC-%s-%" G_GINT64_FORMAT "</mes:ID>\n"
        "    <mes:Test>false</mes:Test>\n"
        "    <mes:Prepared>%s</mes:Prepared>\n"
        "    <mes:Sender id=\"FISC\"/>\n"
        "    <mes:Structure structureID=\"" FISC_SDMX_ID
        "\" dimensionAtObservation=\"TIME_PERIOD\">\n"
        "      <com:Structure><Ref agencyID=\"" FISC_SDMX_AGENCY "\" id=\"" FISC_SDMX_ID
        "\" version=\"" FISC_SDMX_VERSION "\"/></com:Structure>\n"
        "    </mes:Structure>\n"
        "  </mes:Header>\n"
        "  <mes:DataSet structureRef=\"" FISC_SDMX_ID "\" action=\"Information\">\n",
        comment, data->time, dossier->scope.batch_no, data->prepared);
}

static void
append_series(GString *out, const FiscSdmxData *data, const FiscSdmxObservation *observation)
{
    g_autofree char *decimals = g_strdup_printf("%d", data->decimals);
    const char *const attributes[][2] = {{"TIME_FORMAT", data->time_format},
                                         {"DECIMALS", decimals},
                                         {"UNIT_MULT", "0"},
                                         {"CURRENCY", data->currency},
                                         {"TABLE_IDENTIFIER", observation->table_id},
                                         {"TITLE", observation->title}};
    g_string_append(out, "    <gen:Series>\n      <gen:SeriesKey>\n");
    for (int i = 0; i < FISC_SDMX_DIMENSIONS; i++) {
        append_value(out, fisc_sdmx_dimensions[i], observation->key[i]);
    }
    g_string_append(out, "      </gen:SeriesKey>\n      <gen:Attributes>\n");
    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        if (*attributes[i][1] != '\0') {
            append_value(out, attributes[i][0], attributes[i][1]);
        }
    }
    g_string_append_printf(out,
                           "      </gen:Attributes>\n"
                           "      <gen:Obs>\n"
                           "        <gen:ObsDimension value=\"%s\"/>\n"
                           "        <gen:ObsValue value=\"%s\"/>\n"
                           "        <gen:Attributes>\n"
                           "          <gen:Value id=\"OBS_STATUS\" value=\"%s\"/>\n"
                           "          <gen:Value id=\"CONF_STATUS\" value=\"F\"/>\n"
                           "        </gen:Attributes>\n"
                           "      </gen:Obs>\n"
                           "    </gen:Series>\n",
                           data->time, observation->value, data->status);
}

bool
fisc_render_sdmx_ml(const FiscDossier *dossier, GString *out, GError **error)
{
    g_autoptr(FiscSdmxData) data = NULL;
    if (!fisc_sdmx_collect(dossier, &data, error)) {
        return false;
    }
    append_head(out, data, dossier);
    for (guint i = 0; i < data->observations->len; i++) {
        append_series(out, data, data->observations->pdata[i]);
    }
    g_string_append(out, "  </mes:DataSet>\n</mes:GenericData>\n");
    return true;
}
