/* datapackage.c: the description of a bundle for machines: a Fiscal Data Package. It is also a
 * tabular data package of Frictionless Data, which is what most tools read. */
#include "fisc/money.h"
#include "reporting/bundle.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DAY_TEXT 11

/* What columns mean, by the names they have in every file. */
static const struct {
    const char *column;
    const char *type;   /* of a text that is more than a text; NULL = by the column's kind */
    const char *fiscal; /* columnType of a Fiscal Data Package, or NULL */
} meanings[] = {
    {"entity", NULL, "administrative:generic:level1:code"},
    {"section", NULL, "administrative:generic:level2:code"},
    {"programme", NULL, "activity:generic:program:code"},
    {"project", NULL, "activity:generic:project:code"},
    {"economic", NULL, "economic-classification:generic:code"},
    {"gfs_code", NULL, "economic-classification:gfsm2014:code"},
    {"cofog", NULL, "functional-classification:cofog:code"},
    {"fund", NULL, "fin-source:generic:code"},
    {"source_of_finance", NULL, "fin-source:generic:code"},
    {"region", NULL, "geo-source:code"},
    {"original", NULL, "value"},
    {"final", NULL, "value"},
    {"paid", NULL, "value"},
    {"amount", NULL, "value"},
    {"date", "date", "date:generic"},
    {"entry", "integer", NULL},
    {"line", "integer", NULL},
    {"batch", "integer", NULL},
};

static const char *
type_of(const FiscColumn *column, const char **out_fiscal)
{
    const char *type = column->kind == FISC_COLUMN_TEXT      ? "string"
                       : column->kind == FISC_COLUMN_INTEGER ? "integer"
                                                             : "number";
    *out_fiscal = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (strcmp(meanings[i].column, column->name) == 0) {
            *out_fiscal = meanings[i].fiscal;
            type = meanings[i].type != NULL ? meanings[i].type : type;
        }
    }
    return type;
}

static json_t *
fields_of(const FiscTable *table)
{
    json_t *fields = json_array();
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        const char *fiscal = NULL;
        const char *type = type_of(column, &fiscal);
        json_t *field = json_pack("{s:s, s:s}", "name", column->name, "type", type);
        if (fiscal != NULL) {
            json_object_set_new(field, "columnType", json_string(fiscal));
        }
        json_array_append_new(fields, field);
    }
    return fields;
}

static json_t *
words_of(const char *list)
{
    json_t *array = json_array();
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        json_array_append_new(array, json_string(*word));
    }
    return array;
}

/* The sum of every column of amounts, so that whoever reads the file can tell that he has all. */
static json_t *
totals_of(const FiscTable *table)
{
    json_t *totals = json_object();
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        __int128 sum = 0;
        char text[FISC_SUM_TEXT];
        for (guint k = 0; k < table->rows->len; k++) {
            const FiscRow *row = g_ptr_array_index(table->rows, k);
            sum += row->heading || !row->cells[i].is_set ? 0 : row->cells[i].number;
        }
        if (column->kind == FISC_COLUMN_AMOUNT) {
            json_object_set_new(totals, column->name,
                                json_string(fisc_sum_format(sum, table->decimals, text)));
        }
    }
    return totals;
}

static json_t *
resource_of(const FiscBundleFile *file)
{
    g_autofree char *hash = g_strconcat("sha256:", file->digest, NULL);
    json_t *schema =
        json_pack("{s:o, s:[s]}", "fields", fields_of(file->table), "missingValues", "");
    if (file->is_keyed) {
        json_object_set_new(schema, "primaryKey", words_of(file->key));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:I, s:I, s:o, s:o}", "profile",
                     "tabular-data-resource", "name", file->name, "path", file->path, "title",
                     file->title, "format", "csv", "mediatype", "text/csv", "encoding", "utf-8",
                     "bytes", (json_int_t)file->text->len, "hash", hash, "rows",
                     (json_int_t)file->rows, "rowsWithheld", (json_int_t)file->withheld, "totals",
                     totals_of(file->table), "schema", schema);
}

static const char *
day_of(FiscPeriod period, bool is_end, char text[DAY_TEXT])
{
    int year = fisc_period_year(period);
    int month = CLAMP(period % 100, 1, 12);
    int last = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
    g_snprintf(text, DAY_TEXT, "%04d-%02d-%02d", year, month, is_end ? last : 1);
    return text;
}

static json_t *
provenance_of(const FiscBundleScope *scope)
{
    json_t *previous =
        scope->previous > 0 ? json_integer((json_int_t)scope->previous) : json_null();
    return json_pack("{s:I, s:o, s:s, s:s, s:s, s:s, s:s}", "batch", (json_int_t)scope->batch,
                     "previousBatch", previous, "unit", scope->unit, "period", scope->period,
                     "program", scope->program, "head", "head.txt", "changes", "CHANGES.csv");
}

static void
add_publisher(json_t *package, const FiscBundleScope *scope)
{
    if (*scope->publisher != '\0') {
        json_object_set_new(package, "contributors",
                            json_pack("[{s:s, s:s, s:s}]", "title", scope->publisher, "role",
                                      "publisher", "email", scope->contact));
    }
    if (*scope->area != '\0') {
        json_object_set_new(package, "countryCode", json_string(scope->area));
    }
    if (*scope->licence != '\0') {
        json_object_set_new(package, "licenses", json_pack("[{s:s}]", "name", scope->licence));
    }
}

char *
fisc_bundle_package(const FiscBundleScope *scope, const GPtrArray *files)
{
    char first[DAY_TEXT], last[DAY_TEXT];
    g_autofree char *code = g_ascii_strdown(*scope->unit != '\0' ? scope->unit : "all", -1);
    g_autofree char *name = g_strdup_printf("fisc-%s-%s", code, scope->period);
    g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT ".0.0", scope->batch);
    json_t *resources = json_array();
    for (guint i = 0; i < files->len; i++) {
        json_array_append_new(resources, resource_of(g_ptr_array_index(files, i)));
    }
    json_t *package =
        json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "profile", "fiscal-data-package",
                  "name", name, "version", version, "created", scope->created, "fiscalPeriod",
                  "start", day_of(scope->from, false, first), "end", day_of(scope->to, true, last),
                  "fisc", provenance_of(scope));
    add_publisher(package, scope);
    json_object_set_new(package, "resources", resources);
    char *made = json_dumps(package, JSON_INDENT(1));
    char *text = g_strconcat(made, "\n", NULL);
    free(made);
    json_decref(package);
    return text;
}
