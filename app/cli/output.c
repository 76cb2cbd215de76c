/* output.c: results to stdout, refusals to stderr.
 *
 * A result that did not arrive is a failure, but it is asked for once, at the end: stdio remembers
 * that a write failed. */
#include "app/cli/cli.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
fisc_cli_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stdout, format, arguments);
    va_end(arguments);
}

void
fisc_cli_print_done(const FiscCli *cli, const char *sentence, ...)
{
    if (!fisc_cli_has(cli, "json")) {
        fisc_cli_print("%s\n", sentence);
        return;
    }
    json_t *object = json_object();
    va_list pairs;
    va_start(pairs, sentence);
    const char *name;
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        json_object_set_new(object, name, fisc_json_text(value));
    }
    va_end(pairs);
    char *line = json_dumps(object, JSON_COMPACT);
    fisc_cli_print("%s\n", line);
    free(line);
    json_decref(object);
}

bool
fisc_cli_format(const FiscCli *cli, FiscFormat fallback, FiscFormat *out_format, GError **error)
{
    const char *word = fisc_cli_option(cli, "format");
    if (word == NULL) {
        *out_format = fisc_cli_has(cli, "json") ? FISC_FORMAT_JSON : fallback;
        return true;
    }
    int format = fisc_format_find(word);
    if (format < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--format is " FISC_FORMAT_WORDS ", not \"%s\"",
                         word);
    }
    if (format == FISC_FORMAT_XLSX && isatty(STDOUT_FILENO) == 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a spreadsheet is no text for a terminal: add \"> file.xlsx\"");
    }
    *out_format = (FiscFormat)format;
    return true;
}

/* What --depth and --columns leave of a table. */
static bool
narrow(const FiscCli *cli, FiscTable *table, GError **error)
{
    const char *depth = fisc_cli_option(cli, "depth");
    const char *columns = fisc_cli_option(cli, "columns");
    guint64 level = 0;
    if (depth != NULL && !g_ascii_string_to_unsigned(depth, 10, 0, G_MAXINT, &level, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--depth is a number from 0, not \"%s\"", depth);
    }
    if (depth != NULL) {
        fisc_table_cut(table, (int)level);
    }
    return columns == NULL || fisc_table_select(table, columns, error);
}

bool
fisc_cli_print_table(const FiscCli *cli, FiscTable *table, FiscFormat fallback, GError **error)
{
    FiscFormat format;
    if (!fisc_cli_format(cli, fallback, &format, error) || !narrow(cli, table, error)) {
        return false;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    if (format != FISC_FORMAT_XLSX) {
        fisc_table_render(table, format, text);
    } else if (!fisc_xlsx_write(table, text, error)) {
        return false;
    }
    fwrite(text->str, 1, text->len, stdout);
    return true;
}

int
fisc_cli_print_refusals(const FiscRefusals *refusals)
{
    for (guint i = 0; i < refusals->len; i++) {
        g_autofree char *text =
            fisc_refusal_to_text(g_ptr_array_index(refusals, i), FISC_JSON_DECIMALS);
        fprintf(stderr, "%s\n", text);
    }
    return fisc_refusals_exit_status(refusals);
}

bool
fisc_cli_flush(GError **error)
{
    bool had_failed = ferror(stdout) != 0;
    errno = 0;
    if (fflush(stdout) == 0 && !had_failed) {
        return true;
    }
    return fisc_fail(error, FISC_ERROR_IO, "the result could not be written: %s",
                     errno != 0 ? strerror(errno) : "standard output is closed or full");
}
