/* sdmx_map.c: reporting/sdmx/na_sec.csv, read: rows of statements and their codes in SDMX lists.
 *
 * The file is ours, compiled in, and without quotes; tests/reporting holds each of its codes
 * against the lists. */
#include "reporting/render/sdmx.h"
#include <string.h>

extern const char fisc_sdmx_na_sec[]; /* tools/text2c.py */

struct _FiscSdmxMap {
    char **columns;
    GHashTable *rows; /* "SOO/1" -> char **, by column */
};

FiscSdmxMap *
fisc_sdmx_map_new(void)
{
    FiscSdmxMap *map = g_new0(FiscSdmxMap, 1);
    g_auto(GStrv) lines = g_strsplit(fisc_sdmx_na_sec, "\n", -1);
    map->columns = g_strsplit(lines[0], ",", -1);
    map->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    for (char **line = lines + 1; *line != NULL; line++) {
        if (**line != '\0') {
            char **fields = g_strsplit(*line, ",", -1);
            g_assert(g_strv_length(fields) == g_strv_length(map->columns));
            bool is_new = g_hash_table_insert(map->rows,
                                              g_strconcat(fields[0], "/", fields[1], NULL), fields);
            g_assert(is_new);
        }
    }
    return map;
}

void
fisc_sdmx_map_free(FiscSdmxMap *map)
{
    if (map == NULL) {
        return;
    }
    g_strfreev(map->columns);
    g_hash_table_unref(map->rows);
    g_free(map);
}

static int
find_column(const FiscSdmxMap *map, const char *column)
{
    for (int i = 0; map->columns[i] != NULL; i++) {
        if (strcmp(map->columns[i], column) == 0) {
            return i;
        }
    }
    return -1;
}

bool
fisc_sdmx_map_has(const FiscSdmxMap *map, const char *column)
{
    return find_column(map, column) >= 0;
}

const char *
fisc_sdmx_map_find(const FiscSdmxMap *map, const char *statement, const char *code,
                   const char *column)
{
    g_autofree char *key = g_strconcat(statement, "/", code, NULL);
    char **fields = g_hash_table_lookup(map->rows, key);
    int index = find_column(map, column);
    return fields != NULL && index >= 0 ? fields[index] : NULL;
}
