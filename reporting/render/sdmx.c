/* sdmx.c: the figures of a dossier get their SDMX keys.
 *
 * Part of a key is the row's (sdmx_map.c), part is the scope's: who, where, which period, whether
 * consolidated; the rest is the same for all of a government's own figures. Figures that say the
 * same twice (revenue, in two statements) are written once. */
#include "reporting/render/sdmx.h"
#include "fisc/money.h"
#include <string.h>

#define TITLE_MAX 200 /* characters, of the attribute */

typedef struct {
    const FiscDossier *dossier;
    FiscSdmxMap *map;
    FiscSdmxData *data;
    GHashTable *found; /* key -> FiscSdmxObservation */
    const char *frequency;
    const char *sector;
} Collector;

const char *const fisc_sdmx_dimensions[FISC_SDMX_DIMENSIONS] = {"FREQ",
                                                                "ADJUSTMENT",
                                                                "REF_AREA",
                                                                "COUNTERPART_AREA",
                                                                "REF_SECTOR",
                                                                "COUNTERPART_SECTOR",
                                                                "CONSOLIDATION",
                                                                "ACCOUNTING_ENTRY",
                                                                "STO",
                                                                "INSTR_ASSET",
                                                                "MATURITY",
                                                                "EXPENDITURE",
                                                                "UNIT_MEASURE",
                                                                "CURRENCY_DENOM",
                                                                "VALUATION",
                                                                "PRICES",
                                                                "TRANSFORMATION",
                                                                "CUST_BREAKDOWN"};

/* Of every figure: as it is, in the country's own currency, at current prices. */
static const struct {
    const char *dimension;
    const char *code;
} constants[] = {
    {"ADJUSTMENT", "N"},     {"UNIT_MEASURE", "XDC"},  {"PRICES", "V"},
    {"TRANSFORMATION", "N"}, {"CUST_BREAKDOWN", "_T"},
};

/* What several sectors have in common, where the beginning of their codes is another sector. */
static const struct {
    const char *common;
    const char *sector;
} joint_sectors[] = {
    {"S131", "S13"}, /* S131 would be without social security */
    {"S1", "S1ZS"},  /* government and public corporations: the public sector */
};

/* ---- the scope ---- */

static bool
choose_period(Collector *collector, GError **error)
{
    const FiscDossierScope *scope = &collector->dossier->scope;
    int year = fisc_period_year(scope->from);
    int first = scope->from % 100;
    int last = scope->to % 100;
    bool is_one_year = year == fisc_period_year(scope->to);
    if (is_one_year && first <= 1 && last >= 12) {
        collector->frequency = "A";
        collector->data->time_format = "P1Y";
        collector->data->time = g_strdup_printf("%d", year);
    } else if (is_one_year && last - first == 2 && first % 3 == 1) {
        collector->frequency = "Q";
        collector->data->time_format = "P3M";
        collector->data->time = g_strdup_printf("%d-Q%d", year, last / 3);
    } else if (is_one_year && first == last && first >= 1 && first <= 12) {
        collector->frequency = "M";
        collector->data->time_format = "P1M";
        collector->data->time = g_strdup_printf("%d-%02d", year, first);
    } else {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "SDMX knows years, quarters and months: --period 2024, 2024-Q3, 2024-06");
    }
    return true;
}

static bool
check_scope(const FiscDossierScope *scope, GError **error)
{
    if (g_strcmp0(scope->standard, "gfsm2014") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "SDMX keys are those of GFSM 2014, not of %s: leave --standard out",
                         scope->standard != NULL ? scope->standard : "this report");
    }
    if (scope->unit == NULL || *scope->unit == '\0') {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a key of SDMX names a sector, and not every unit: name one by --unit");
    }
    if (scope->area == NULL || *scope->area == '\0') {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "the books do not say which country they are of: load publisher.csv with "
                         "the area, as ES");
    }
    return true;
}

static bool
choose_sector(Collector *collector, GError **error)
{
    const char *common = collector->dossier->scope.sector;
    if (common == NULL || !g_str_has_prefix(common, "S1")) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "the unit's members have no sector of government in common");
    }
    collector->sector = common;
    for (guint i = 0; i < G_N_ELEMENTS(joint_sectors); i++) {
        if (strcmp(joint_sectors[i].common, common) == 0) {
            collector->sector = joint_sectors[i].sector;
        }
    }
    return true;
}

/* When the books were posted to last, as the facts say it: "batch 4, posted 2024-03-01 12:00 UTC".
 * Without that, the end of the period: never the time of the day it is printed. */
static char *
choose_prepared(const FiscDossier *dossier)
{
    g_autoptr(GRegex) moment =
        g_regex_new("posted (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d)", 0, 0, NULL);
    for (guint i = 1; i < dossier->facts->len; i += 2) {
        g_autoptr(GMatchInfo) match = NULL;
        if (g_regex_match(moment, dossier->facts->pdata[i], 0, &match)) {
            g_autofree char *day = g_match_info_fetch(match, 1);
            g_autofree char *minute = g_match_info_fetch(match, 2);
            return g_strdup_printf("%sT%s:00Z", day, minute);
        }
    }
    return g_strdup_printf("%d-%02d-01T00:00:00Z", fisc_period_year(dossier->scope.to),
                           CLAMP(dossier->scope.to % 100, 1, 12));
}

/* "provisional: 2,500 of 2,605 units": how a report says that units are missing, among its facts
 * and in notes. */
static bool
tells_of_missing_units(const char *words)
{
    return g_str_has_prefix(words, "provisional") || g_str_has_prefix(words, "flash");
}

static const char *
choose_status(const FiscDossier *dossier)
{
    bool is_missing = false;
    for (guint i = 1; i < dossier->facts->len; i += 2) {
        is_missing = is_missing || tells_of_missing_units(dossier->facts->pdata[i]);
    }
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = dossier->parts->pdata[i];
        for (guint k = 0; k < part->table->notes->len; k++) {
            is_missing = is_missing || tells_of_missing_units(part->table->notes->pdata[k]);
        }
    }
    return is_missing ? "P" : "A";
}

/* ---- keys ---- */

static const char *
scope_code(const Collector *collector, const char *dimension)
{
    const FiscDossierScope *scope = &collector->dossier->scope;
    const struct {
        const char *dimension;
        const char *code;
    } codes[] = {{"FREQ", collector->frequency},
                 {"REF_AREA", scope->area},
                 {"REF_SECTOR", collector->sector},
                 {"CONSOLIDATION", scope->unconsolidated ? "N" : "C"}};
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (strcmp(codes[i].dimension, dimension) == 0) {
            return codes[i].code;
        }
    }
    return NULL;
}

/* The row's own code, else the scope's, else what all figures have. */
static const char *
code_of(const Collector *collector, const char *statement, const char *code, const char *dimension)
{
    const char *own = fisc_sdmx_map_find(collector->map, statement, code, dimension);
    if (own != NULL && *own != '\0') {
        return own;
    }
    const char *scope = scope_code(collector, dimension);
    for (guint i = 0; i < G_N_ELEMENTS(constants) && scope == NULL; i++) {
        scope = strcmp(constants[i].dimension, dimension) == 0 ? constants[i].code : NULL;
    }
    g_assert(scope != NULL); /* a test holds the map against the dimensions */
    return scope;
}

static void
observation_free(void *pointer)
{
    FiscSdmxObservation *observation = pointer;
    for (int i = 0; i < FISC_SDMX_DIMENSIONS; i++) {
        g_free(observation->key[i]);
    }
    g_free(observation->table_id);
    g_free(observation->title);
    g_free(observation->value);
    g_free(observation);
}

static char *
title_of(const Collector *collector, const char *label)
{
    const FiscDossierScope *scope = &collector->dossier->scope;
    g_autofree char *title =
        g_strdup_printf("%s %s: %s", scope->unit, scope->name != NULL ? scope->name : "", label);
    return g_utf8_substring(title, 0, MIN(g_utf8_strlen(title, -1), TITLE_MAX));
}

static FiscSdmxObservation *
new_observation(const Collector *collector, const char *statement, const char *code)
{
    FiscSdmxObservation *observation = g_new0(FiscSdmxObservation, 1);
    for (int i = 0; i < FISC_SDMX_DIMENSIONS; i++) {
        observation->key[i] =
            g_strdup(code_of(collector, statement, code, fisc_sdmx_dimensions[i]));
    }
    observation->table_id =
        g_strdup(fisc_sdmx_map_find(collector->map, statement, code, "TABLE_IDENTIFIER"));
    return observation;
}

static bool
keep(Collector *collector, FiscSdmxObservation *observation, GError **error)
{
    g_autoptr(GString) key = g_string_new(NULL);
    for (int i = 0; i < FISC_SDMX_DIMENSIONS; i++) {
        g_string_append_printf(key, "%s%s", i > 0 ? "." : "", observation->key[i]);
    }
    const FiscSdmxObservation *same = g_hash_table_lookup(collector->found, key->str);
    bool is_conflict = same != NULL && strcmp(same->value, observation->value) != 0;
    if (is_conflict) {
        fisc_fail(error, FISC_ERROR_FAILED, "two figures have the key %s: %s and %s", key->str,
                  same->value, observation->value);
    }
    if (same != NULL) {
        observation_free(observation);
        return !is_conflict;
    }
    g_ptr_array_add(collector->data->observations, observation);
    g_hash_table_insert(collector->found, g_strdup(key->str), observation);
    return true;
}

/* ---- rows ---- */

/* The columns of a statement; the first column of amounts is the one that the scope speaks of. */
typedef struct {
    int statement, code, label, amount;
} Columns;

static bool
find_columns(const FiscTable *table, Columns *columns)
{
    *columns = (Columns){.statement = fisc_table_column(table, "statement"),
                         .code = fisc_table_column(table, "code"),
                         .label = fisc_table_column(table, "label"),
                         .amount = -1};
    for (guint i = 0; i < table->columns->len && columns->amount < 0; i++) {
        bool is_amount = g_array_index(table->columns, FiscColumn, i).kind == FISC_COLUMN_AMOUNT;
        columns->amount = is_amount ? (int)i : -1;
    }
    return columns->statement >= 0 && columns->code >= 0 && columns->label >= 0 &&
           columns->amount >= 0;
}

static bool
collect_row(Collector *collector, const FiscTable *table, const Columns *columns,
            const FiscRow *row, GError **error)
{
    const char *statement = row->cells[columns->statement].text;
    const char *code = row->cells[columns->code].text;
    const char *label = row->cells[columns->label].text;
    char value[FISC_SUM_TEXT];
    if (row->heading) {
        return true;
    }
    if (statement == NULL || code == NULL || !row->cells[columns->amount].is_set ||
        fisc_sdmx_map_find(collector->map, statement, code, "STO") == NULL) {
        collector->data->left_out++;
        return true;
    }
    FiscSdmxObservation *observation = new_observation(collector, statement, code);
    fisc_sum_format(row->cells[columns->amount].number, table->decimals, value);
    observation->value = g_strdup(value);
    observation->title = title_of(collector, label != NULL ? label : "");
    return keep(collector, observation, error);
}

static bool
collect_part(Collector *collector, const FiscTable *table, GError **error)
{
    Columns columns;
    if (!find_columns(table, &columns)) {
        collector->data->left_out += table->rows->len;
        return true;
    }
    collector->data->decimals = table->decimals;
    for (guint i = 0; i < table->rows->len; i++) {
        if (!collect_row(collector, table, &columns, table->rows->pdata[i], error)) {
            return false;
        }
    }
    return true;
}

static bool
collect(Collector *collector, GError **error)
{
    const FiscDossier *dossier = collector->dossier;
    FiscSdmxData *data = collector->data;
    if (!check_scope(&dossier->scope, error) || !choose_period(collector, error) ||
        !choose_sector(collector, error)) {
        return false;
    }
    data->status = choose_status(dossier);
    data->prepared = choose_prepared(dossier);
    data->currency = dossier->scope.currency != NULL ? dossier->scope.currency : "";
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = dossier->parts->pdata[i];
        if (!collect_part(collector, part->table, error)) {
            return false;
        }
    }
    if (data->observations->len == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "no row of this report has a key in SDMX: the statements of gfs have");
    }
    return true;
}

bool
fisc_sdmx_collect(const FiscDossier *dossier, FiscSdmxData **out_data, GError **error)
{
    g_autoptr(FiscSdmxMap) map = fisc_sdmx_map_new();
    g_autoptr(FiscSdmxData) data = g_new0(FiscSdmxData, 1);
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    data->observations = g_ptr_array_new_with_free_func(observation_free);
    Collector collector = {.dossier = dossier, .map = map, .data = data, .found = found};
    if (!collect(&collector, error)) {
        return false;
    }
    *out_data = g_steal_pointer(&data);
    return true;
}

char *
fisc_sdmx_comment(const FiscSdmxData *data)
{
    return g_strdup_printf("%u row%s no key in " FISC_SDMX_AGENCY ":" FISC_SDMX_ID
                           "(" FISC_SDMX_VERSION ") and %s left out",
                           data->left_out, data->left_out == 1 ? " has" : "s have",
                           data->left_out == 1 ? "is" : "are");
}

void
fisc_sdmx_data_free(FiscSdmxData *data)
{
    if (data == NULL) {
        return;
    }
    g_ptr_array_unref(data->observations);
    g_free(data->time);
    g_free(data->prepared);
    g_free(data);
}
