/* log.c: formats a line of key=value pairs and writes it with one call, so that lines of several
 * processes do not mix. The level is read from the environment each time: no state here. */
#include "core/base/log.h"
#include <string.h>
#include <unistd.h>

static const char *const level_words[] = {"error", "warn", "info", "debug"};

bool
fisc_log_is_on(FiscLogLevel level)
{
    const char *chosen = g_getenv("FISC_LOG");
    for (gsize i = 0; chosen != NULL && i < G_N_ELEMENTS(level_words); i++) {
        if (strcmp(chosen, level_words[i]) == 0) {
            return level <= (FiscLogLevel)i;
        }
    }
    return level <= FISC_LOG_WARN;
}

static bool
is_plain(const char *value)
{
    if (*value == '\0') {
        return false;
    }
    for (const char *at = value; *at != '\0'; at++) {
        if (g_ascii_isspace(*at) || g_ascii_iscntrl(*at) || strchr("\"\\=", *at) != NULL) {
            return false;
        }
    }
    return true;
}

static void
append_value(GString *line, const char *value)
{
    if (is_plain(value)) {
        g_string_append(line, value);
        return;
    }
    g_string_append_c(line, '"');
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            g_string_append_printf(line, "\\%c", *at);
        } else if (*at == '\n') {
            g_string_append(line, "\\n");
        } else if (g_ascii_iscntrl(*at)) {
            g_string_append_printf(line, "\\x%02x", (unsigned char)*at);
        } else {
            g_string_append_c(line, *at);
        }
    }
    g_string_append_c(line, '"');
}

static char *
format_line(FiscLogLevel level, const char *message, va_list pairs)
{
    GString *line = g_string_new("level=");
    g_string_append_printf(line, "%s message=", level_words[level]);
    append_value(line, message);
    const char *key;
    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL) {
            g_string_append_printf(line, " %s=", key);
            append_value(line, value);
        }
    }
    g_string_append_c(line, '\n');
    return g_string_free(line, FALSE);
}

char *
fisc_log_format(FiscLogLevel level, const char *message, ...)
{
    va_list pairs;
    va_start(pairs, message);
    char *line = format_line(level, message, pairs);
    va_end(pairs);
    return line;
}

void
fisc_log(FiscLogLevel level, const char *message, ...)
{
    if (!fisc_log_is_on(level)) {
        return;
    }
    va_list pairs;
    va_start(pairs, message);
    g_autofree char *line = format_line(level, message, pairs);
    va_end(pairs);
    /* Nobody is left to hear that stderr is closed. */
    ssize_t written = write(STDERR_FILENO, line, strlen(line));
    (void)written;
}
