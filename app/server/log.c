/* log.c: one line for each request, as JSON or as key=value pairs, to stderr, where journald reads.
 *
 * No header, body or query is written: they may hold secrets. What is written of the request itself
 * is cut, and everything that is not printable is escaped, so a line is a line and no terminal
 * obeys it. */
#include "app/flows/receipt_json.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALUE_MAX 200

/* One value of a line: a text, or a number when @text is NULL. */
typedef struct {
    const char *name;
    const char *text;
    int64_t number;
} Pair;

#define PAIRS_MAX 18

static gsize
fill_pairs(Pair pairs[PAIRS_MAX], const FiscCall *call, int64_t elapsed_us, bool is_slow,
           const char *time)
{
    const FiscHttpRequest *request = call->request;
    const FiscPrincipal *principal = &call->principal;
    const struct {
        const char *name, *text;
    } texts[] = {
        {"time", time},
        {"level", is_slow || call->reply->status >= 500 ? "warn" : "info"},
        {"message", is_slow ? "slow request" : "request"},
        {"request", request->request_id},
        {"trace", request->trace_id},
        {"person", principal->person},
        {"on_behalf", principal->on_behalf},
        {"session", principal->session},
        {"address", request->address},
        {"method", request->method},
        {"route", call->route != NULL ? call->route->path : NULL},
        {"path", request->path},
        {"code", *call->code != '\0' ? call->code : NULL},
    };
    const struct {
        const char *name;
        int64_t number;
    } numbers[] = {{"status", call->reply->status},
                   {"ms", elapsed_us / 1000},
                   {"bytes", call->reply->body->len},
                   {"batch", call->batch}};
    gsize count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i].text != NULL) {
            pairs[count++] = (Pair){texts[i].name, texts[i].text, 0};
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        pairs[count++] = (Pair){numbers[i].name, NULL, numbers[i].number};
    }
    return count;
}

static bool
is_plain(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at) || strchr("\"\\=", *at) != NULL) {
            return false;
        }
    }
    return *text != '\0';
}

/* Letters of any script stay; controls of any kind, marks of direction and broken bytes do not. */
static void
append_quoted(GString *line, const char *text)
{
    gsize left = MIN(strlen(text), VALUE_MAX);
    g_string_append_c(line, '"');
    while (left > 0) {
        gunichar letter = g_utf8_get_char_validated(text, (gssize)left);
        bool is_letter = letter != (gunichar)-1 && letter != (gunichar)-2;
        gsize size = is_letter ? (gsize)(g_utf8_next_char(text) - text) : 1;
        if (*text == '"' || *text == '\\') {
            g_string_append_printf(line, "\\%c", *text);
        } else if (is_letter && g_unichar_isprint(letter)) {
            g_string_append_len(line, text, (gssize)size);
        } else {
            for (gsize i = 0; i < size; i++) {
                g_string_append_printf(line, "\\x%02x", (guint8)text[i]);
            }
        }
        text += size;
        left -= size;
    }
    g_string_append_c(line, '"');
}

static char *
logfmt_line(const Pair *pairs, gsize count)
{
    GString *line = g_string_new(NULL);
    for (gsize i = 0; i < count; i++) {
        g_string_append_printf(line, "%s%s=", i > 0 ? " " : "", pairs[i].name);
        if (pairs[i].text == NULL) {
            g_string_append_printf(line, "%" G_GINT64_FORMAT, pairs[i].number);
        } else if (is_plain(pairs[i].text) && strlen(pairs[i].text) <= VALUE_MAX) {
            g_string_append(line, pairs[i].text);
        } else {
            append_quoted(line, pairs[i].text);
        }
    }
    g_string_append_c(line, '\n');
    return g_string_free(line, FALSE);
}

static char *
json_line(const Pair *pairs, gsize count)
{
    json_t *object = json_object();
    for (gsize i = 0; i < count; i++) {
        if (pairs[i].text == NULL) {
            json_object_set_new(object, pairs[i].name, json_integer(pairs[i].number));
        } else {
            g_autofree char *cut = g_strndup(pairs[i].text, VALUE_MAX);
            json_object_set_new(object, pairs[i].name, fisc_json_text(cut));
        }
    }
    /* Only ASCII comes out: a control character beyond it is as much of a command to a terminal. */
    char *text = json_dumps(object, JSON_ENSURE_ASCII | JSON_COMPACT);
    char *line = g_strconcat(text, "\n", NULL);
    free(text);
    json_decref(object);
    return line;
}

char *
fisc_log_request_line(FiscServeLog format, const FiscCall *call, int64_t elapsed_us, bool is_slow)
{
    Pair pairs[PAIRS_MAX];
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.%fZ");
    gsize count = fill_pairs(pairs, call, elapsed_us, is_slow, time);
    return format == FISC_SERVE_LOG_JSON ? json_line(pairs, count) : logfmt_line(pairs, count);
}

void
fisc_log_request(const FiscCall *call, int64_t elapsed_us)
{
    const FiscServerOptions *options = &call->server->options;
    bool is_slow = options->slow_ms > 0 && elapsed_us / 1000 >= options->slow_ms;
    if (options->log_format == FISC_SERVE_LOG_NONE) {
        return;
    }
    g_autofree char *line = fisc_log_request_line(options->log_format, call, elapsed_us, is_slow);
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written; /* nobody is left to hear that stderr is closed */
}
