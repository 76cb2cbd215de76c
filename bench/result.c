/* result.c: see result.h. Medians are taken when somebody asks, so that every round stays visible
 * beside them. */
#include "bench/result.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

/* A ratio or figure with the values of its rounds. */
typedef struct {
    char *name;
    char *meaning;
    FiscBenchBoundKind bound_kind;
    double bound;
    GArray *runs; /* of double */
} Series;

typedef struct {
    char *name;
    char *value;
} Setting;

struct _FiscBenchResult {
    char *name;
    GArray *ratios;   /* of Series */
    GArray *figures;  /* of Series */
    GArray *settings; /* of Setting */
    GPtrArray *notes; /* of char * */
};

static void
series_clear(gpointer data)
{
    Series *series = data;
    g_free(series->name);
    g_free(series->meaning);
    g_array_unref(series->runs);
}

static void
setting_clear(gpointer data)
{
    Setting *setting = data;
    g_free(setting->name);
    g_free(setting->value);
}

FiscBenchResult *
fisc_bench_result_new(const char *name)
{
    FiscBenchResult *result = g_new0(FiscBenchResult, 1);
    result->name = g_strdup(name);
    result->ratios = g_array_new(FALSE, TRUE, sizeof(Series));
    result->figures = g_array_new(FALSE, TRUE, sizeof(Series));
    result->settings = g_array_new(FALSE, TRUE, sizeof(Setting));
    result->notes = g_ptr_array_new_with_free_func(g_free);
    g_array_set_clear_func(result->ratios, series_clear);
    g_array_set_clear_func(result->figures, series_clear);
    g_array_set_clear_func(result->settings, setting_clear);
    return result;
}

void
fisc_bench_result_free(FiscBenchResult *result)
{
    if (result == NULL) {
        return;
    }
    g_free(result->name);
    g_array_unref(result->ratios);
    g_array_unref(result->figures);
    g_array_unref(result->settings);
    g_ptr_array_unref(result->notes);
    g_free(result);
}

/* ---- taking values ---- */

static Series *
find_series(GArray *list, const char *name)
{
    for (guint i = 0; i < list->len; i++) {
        Series *series = &g_array_index(list, Series, i);
        if (strcmp(series->name, name) == 0) {
            return series;
        }
    }
    return NULL;
}

static void
add_value(GArray *list, const FiscBenchRatio *what, double value)
{
    Series *series = find_series(list, what->name);
    if (series == NULL) {
        Series fresh = {g_strdup(what->name), g_strdup(what->meaning), what->bound_kind,
                        what->bound, g_array_new(FALSE, FALSE, sizeof(double))};
        g_array_append_val(list, fresh);
        series = &g_array_index(list, Series, list->len - 1);
    }
    g_array_append_val(series->runs, value);
}

void
fisc_bench_result_add_ratio(FiscBenchResult *result, const FiscBenchRatio *ratio, double value)
{
    add_value(result->ratios, ratio, value);
}

void
fisc_bench_result_add_figure(FiscBenchResult *result, const FiscBenchFigure *figure, double value)
{
    FiscBenchRatio unbound = {figure->name, figure->meaning, FISC_BENCH_NO_BOUND, 0};
    add_value(result->figures, &unbound, value);
}

void
fisc_bench_result_set(FiscBenchResult *result, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    for (guint i = 0; i < result->settings->len; i++) {
        Setting *setting = &g_array_index(result->settings, Setting, i);
        if (strcmp(setting->name, name) == 0) {
            g_free(setting->value);
            setting->value = value;
            return;
        }
    }
    Setting fresh = {g_strdup(name), value};
    g_array_append_val(result->settings, fresh);
}

void
fisc_bench_result_note(FiscBenchResult *result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(result->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* ---- medians ---- */

static int
compare_values(gconstpointer a, gconstpointer b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

static GArray *
sort_values(GArray *values)
{
    GArray *sorted = g_array_copy(values);
    g_array_sort(sorted, compare_values);
    return sorted;
}

double
fisc_bench_median(GArray *values)
{
    g_assert(values->len > 0);
    g_autoptr(GArray) sorted = sort_values(values);
    guint middle = sorted->len / 2;
    double upper = g_array_index(sorted, double, middle);
    return sorted->len % 2 == 1 ? upper : (g_array_index(sorted, double, middle - 1) + upper) / 2;
}

static bool
find_median(GArray *list, const char *name, double *out_median)
{
    const Series *series = find_series(list, name);
    if (series == NULL) {
        return false;
    }
    *out_median = fisc_bench_median(series->runs);
    return true;
}

bool
fisc_bench_result_ratio(const FiscBenchResult *result, const char *name, double *out_median)
{
    return find_median(result->ratios, name, out_median);
}

bool
fisc_bench_result_figure(const FiscBenchResult *result, const char *name, double *out_median)
{
    return find_median(result->figures, name, out_median);
}

/* ---- for programs ---- */

/* Four significant digits are more than a noisy machine can promise. */
static json_t *
number_to_json(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return json_real(g_ascii_strtod(g_ascii_formatd(text, sizeof text, "%.4g", value), NULL));
}

static json_t *
medians_to_json(GArray *list)
{
    json_t *object = json_object();
    for (guint i = 0; i < list->len; i++) {
        const Series *series = &g_array_index(list, Series, i);
        json_object_set_new(object, series->name, number_to_json(fisc_bench_median(series->runs)));
    }
    return object;
}

static void
add_runs(json_t *object, GArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        const Series *series = &g_array_index(list, Series, i);
        json_t *runs = json_array();
        for (guint k = 0; k < series->runs->len; k++) {
            json_array_append_new(runs, number_to_json(g_array_index(series->runs, double, k)));
        }
        json_object_set_new(object, series->name, runs);
    }
}

static json_t *
settings_to_json(const FiscBenchResult *result)
{
    json_t *object = json_object();
    for (guint i = 0; i < result->settings->len; i++) {
        const Setting *setting = &g_array_index(result->settings, Setting, i);
        json_object_set_new(object, setting->name, json_string(setting->value));
    }
    return object;
}

char *
fisc_bench_result_to_json(const FiscBenchResult *result)
{
    json_t *object = json_object();
    json_t *runs = json_object();
    json_t *notes = json_array();
    add_runs(runs, result->ratios);
    add_runs(runs, result->figures);
    for (guint i = 0; i < result->notes->len; i++) {
        json_array_append_new(notes, json_string(result->notes->pdata[i]));
    }
    json_object_set_new(object, "bench", json_string(result->name));
    json_object_set_new(object, "ratios", medians_to_json(result->ratios));
    json_object_set_new(object, "absolute", medians_to_json(result->figures));
    json_object_set_new(object, "runs", runs);
    json_object_set_new(object, "settings", settings_to_json(result));
    json_object_set_new(object, "notes", notes);
    char *text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    return text;
}

/* ---- for people ---- */

static const char *
format_value(double value, char buffer[G_ASCII_DTOSTR_BUF_SIZE])
{
    double size = fabs(value);
    const char *format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

static void
append_bound(GString *text, const Series *series)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (series->bound_kind == FISC_BENCH_NO_BOUND) {
        g_string_append_printf(text, " %16s", "");
        return;
    }
    bool is_floor = series->bound_kind == FISC_BENCH_AT_LEAST;
    g_autofree char *bound = g_strdup_printf("%s %s", is_floor ? "at least" : "at most",
                                             format_value(series->bound, buffer));
    g_string_append_printf(text, " %16s", bound);
}

static void
append_series(GString *text, GArray *list, const char *heading, bool has_bounds)
{
    if (list->len == 0) {
        return;
    }
    g_string_append_printf(text, "\n%-32s %10s %10s %10s", heading, "median", "least", "most");
    g_string_append_printf(text, has_bounds ? " %16s\n" : "%.0s\n", "wanted");
    for (guint i = 0; i < list->len; i++) {
        const Series *series = &g_array_index(list, Series, i);
        g_autoptr(GArray) sorted = sort_values(series->runs);
        char median[G_ASCII_DTOSTR_BUF_SIZE];
        char least[G_ASCII_DTOSTR_BUF_SIZE];
        char most[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(text, "%-32s %10s %10s %10s", series->name,
                               format_value(fisc_bench_median(series->runs), median),
                               format_value(g_array_index(sorted, double, 0), least),
                               format_value(g_array_index(sorted, double, sorted->len - 1), most));
        if (has_bounds) {
            append_bound(text, series);
        }
        g_string_append_printf(text, "  %s\n", series->meaning);
    }
}

char *
fisc_bench_result_to_text(const FiscBenchResult *result)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "fisc bench %s\n", result->name);
    append_series(text, result->ratios, "ratio", true);
    append_series(text, result->figures, "figure", false);
    g_string_append(text, "\nsettings\n");
    for (guint i = 0; i < result->settings->len; i++) {
        const Setting *setting = &g_array_index(result->settings, Setting, i);
        g_string_append_printf(text, "%-32s %s\n", setting->name, setting->value);
    }
    for (guint i = 0; i < result->notes->len; i++) {
        g_string_append_printf(text, "\n%s\n", (const char *)result->notes->pdata[i]);
    }
    return g_string_free(text, FALSE);
}
