/* sdmx.h: the figures of a dossier as SDMX observations: what SDMX-CSV and SDMX-ML are written
 * from.
 *
 * The structure is ESTAT:NA_SEC(1.5), which Eurostat, the ECB, the IMF and the OECD share for
 * government finance. Which row has which key is data (reporting/sdmx/na_sec.csv); a row that is
 * not there has no key and is left out, and the number of those is told. */
#ifndef FISC_RENDER_SDMX_H
#define FISC_RENDER_SDMX_H

#include "fisc/dossier.h"

#define FISC_SDMX_AGENCY "ESTAT"
#define FISC_SDMX_ID "NA_SEC"
#define FISC_SDMX_VERSION "1.5"
#define FISC_SDMX_DIMENSIONS 18

extern const char *const fisc_sdmx_dimensions[FISC_SDMX_DIMENSIONS]; /* "FREQ" ... in order */

typedef struct {
    char *key[FISC_SDMX_DIMENSIONS];
    char *table_id; /* CL_NA_TABLEID: "IMF_GFS_SO" */
    char *title;    /* "MAD Madrid: Revenue" */
    char *value;    /* a decimal */
} FiscSdmxObservation;

typedef struct {
    GPtrArray *observations; /* of FiscSdmxObservation: one for each key */
    guint left_out;          /* rows without a key */
    char *time;              /* "2024", "2024-Q3", "2024-06" */
    const char *time_format; /* CL_TIME_FORMAT: "P1Y" */
    const char *status;      /* CL_OBS_STATUS: "A", "P" while the group is not complete */
    char *prepared;          /* "2024-03-01T12:00:00Z": when the newest batch of the books was
                                posted, so that the same books give the same bytes */
    const char *currency;
    int decimals;
} FiscSdmxData;

/** USAGE when a key cannot be given: no period that SDMX knows, no area, no sector, another
 *  standard, several units, or no row with a key. */
bool fisc_sdmx_collect(const FiscDossier *dossier, FiscSdmxData **out_data, GError **error);
void fisc_sdmx_data_free(FiscSdmxData *data);
/** "12 rows have no key in ESTAT:NA_SEC(1.5) and are left out". Caller frees. */
char *fisc_sdmx_comment(const FiscSdmxData *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSdmxData, fisc_sdmx_data_free)

/* What a row of a statement says in the lists of the structure (sdmx_map.c). */
typedef struct _FiscSdmxMap FiscSdmxMap;
FiscSdmxMap *fisc_sdmx_map_new(void);
void fisc_sdmx_map_free(FiscSdmxMap *map);
/** The code of a row in a column of the map, "" when it leaves it open; NULL when the row has no
 *  key. */
const char *fisc_sdmx_map_find(const FiscSdmxMap *map, const char *statement, const char *code,
                               const char *column);
/** True when the map has such a column. */
bool fisc_sdmx_map_has(const FiscSdmxMap *map, const char *column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSdmxMap, fisc_sdmx_map_free)

#endif
