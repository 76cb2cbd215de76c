/* negotiate.c: in which format an answer goes out: the one that ?format= names, else the one that
 * Accept likes best of those the route has (RFC 9110, 12.5.1). What they look like is left to the
 * renderers. */
#include "app/server/api.h"
#include <string.h>

#define WEIGHT_MAX 1000 /* "q=1", in thousandths */

static const char table_formats[] = "json csv table xlsx";

static const struct {
    const char *word;
    const char *type;
} formats[] = {
    {"json", "application/json"},
    {"csv", "text/csv; charset=utf-8"},
    {"table", "text/plain; charset=utf-8"},
    {"text", "text/plain; charset=utf-8"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"pdf", "application/pdf"},
    {"html", "text/html; charset=utf-8"},
    {"svg", "image/svg+xml"},
    {"sdmx-csv", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"},
    {"sdmx-ml", "application/vnd.sdmx.data+xml; version=3.0.0; charset=utf-8"},
};

const char *
fisc_format_type(const char *format)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_strcmp0(formats[i].word, format) == 0) {
            return formats[i].type;
        }
    }
    return NULL;
}

const char *
fisc_route_formats(const FiscRoute *route)
{
    const FiscApiField *field = fisc_api_field(route->fields, FISC_IN_QUERY, "format");
    if (field != NULL && field->choices != NULL) {
        return field->choices;
    }
    return route->answer != NULL ? "json" : table_formats;
}

/* "0.25" in thousandths; -1 for what is no weight. */
static int
weight_of(const char *text)
{
    static const int places[] = {100, 10, 1};
    int weight = (*text - '0') * WEIGHT_MAX;
    if (*text != '0' && *text != '1') {
        return -1;
    }
    if (text[1] == '\0') {
        return weight;
    }
    if (text[1] != '.') {
        return -1;
    }
    for (gsize i = 0; text[2 + i] != '\0'; i++) {
        if (i >= G_N_ELEMENTS(places) || !g_ascii_isdigit(text[2 + i])) {
            return -1;
        }
        weight += (text[2 + i] - '0') * places[i];
    }
    return weight <= WEIGHT_MAX ? weight : -1;
}

/* How narrowly a range fits: 3 "text/csv", 2 "text" and any, 1 any at all, 0 not. */
static int
fit(const char *range, const char *type)
{
    gsize length = strcspn(type, ";"), family = strcspn(type, "/") + 1;
    if (strcmp(range, "*/*") == 0) {
        return 1;
    }
    if (strlen(range) == family + 1 && range[family] == '*' &&
        g_ascii_strncasecmp(range, type, family) == 0) {
        return 2;
    }
    return strlen(range) == length && g_ascii_strncasecmp(range, type, length) == 0 ? 3 : 0;
}

/* What Accept gives a type: the weight of the narrowest range that fits, 0 when none does. */
static int
weigh(char *const *ranges, const char *type)
{
    int best_fit = 0, weight = 0;
    for (char *const *range = ranges; *range != NULL; range++) {
        g_auto(GStrv) parts = g_strsplit(*range, ";", -1);
        int own = WEIGHT_MAX;
        if (parts[0] == NULL) {
            continue;
        }
        for (char **part = parts; *part != NULL; part++) {
            g_strstrip(*part);
            if (part != parts && g_ascii_strncasecmp(*part, "q=", 2) == 0) {
                own = weight_of(*part + 2);
            }
        }
        int how = fit(parts[0], type);
        if (how > best_fit && own >= 0) {
            best_fit = how;
            weight = own;
        }
    }
    return weight;
}

/* Every field line of that name counts: they are one list. */
static char **
read_accept(const FiscCall *call)
{
    const GPtrArray *headers = call->request->headers;
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; headers != NULL && i + 1 < headers->len; i += 2) {
        if (g_ascii_strcasecmp(headers->pdata[i], "Accept") == 0) {
            g_string_append_printf(all, "%s%s", all->len > 0 ? "," : "",
                                   (const char *)headers->pdata[i + 1]);
        }
    }
    return all->len > 0 ? g_strsplit(all->str, ",", -1) : NULL;
}

/* Texts of a list that ends by NULL and lives as long as the program. */
static const char *
word_in_table(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].word, word) == 0) {
            return formats[i].word;
        }
    }
    return NULL;
}

const char *
fisc_call_format(const FiscCall *call)
{
    const char *asked = fisc_call_text(call, "format"), *best = NULL;
    if (asked != NULL) {
        return word_in_table(asked);
    }
    g_auto(GStrv) words = g_strsplit(fisc_route_formats(call->route), " ", -1);
    g_auto(GStrv) ranges = read_accept(call);
    int best_weight = 0;
    for (char **word = words; *word != NULL; word++) {
        const char *type = fisc_format_type(*word);
        int weight = type == NULL ? 0 : ranges == NULL ? WEIGHT_MAX : weigh(ranges, type);
        if (weight > best_weight) {
            best_weight = weight;
            best = word_in_table(*word);
        }
    }
    return best;
}

bool
fisc_call_check_accept(FiscCall *call)
{
    const FiscRoute *route = call->route;
    bool has_choice = fisc_api_field(route->fields, FISC_IN_QUERY, "format") != NULL ||
                      (route->type == NULL && strcmp(route->method, "GET") == 0);
    if (!has_choice || fisc_call_format(call) != NULL) {
        return true;
    }
    fisc_call_problem(call, 406, "NOT_ACCEPTABLE", NULL, "this is to be had as: %s",
                      fisc_route_formats(route));
    return false;
}
