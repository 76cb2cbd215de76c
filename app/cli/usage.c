/* usage.c: what the commands are, in words, from the same tables that run them. */
#include "app/cli/cli.h"
#include <string.h>

const FiscCliCommand *
fisc_cli_command_find(const char *name)
{
    for (const FiscCliCommand *command = fisc_cli_commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

static void
append_options(GString *page, const char *title, const FiscCliOption *options)
{
    if (options == NULL) {
        return;
    }
    g_string_append_printf(page, "\n%s\n", title);
    for (const FiscCliOption *option = options; option->name != NULL; option++) {
        g_autofree char *left =
            g_strdup_printf("--%s%s%s", option->name, option->value != NULL ? " " : "",
                            option->value != NULL ? option->value : "");
        g_string_append_printf(page, "  %-28s %s\n", left, option->meaning);
    }
}

static void
append_names(GString *page, const FiscCliCommand *command)
{
    if (command->names == NULL) {
        return;
    }
    g_string_append(page, "\nNames:\n");
    for (const char *const *pair = command->names(); *pair != NULL; pair += 2) {
        g_string_append_printf(page, "  %-28s %s\n", pair[0], pair[1]);
    }
}

static void
append_line(GString *page, const FiscCliCommand *command)
{
    g_string_append_printf(page, "usage: fisc %s%s%s\n", command->name,
                           *command->usage != '\0' ? " " : "", command->usage);
}

static char *
command_page(const FiscCliCommand *command)
{
    GString *page = g_string_new(NULL);
    append_line(page, command);
    g_string_append_printf(page, "\n%s\n", command->summary);
    append_names(page, command);
    append_options(page, "Options:", command->options);
    append_options(page, "Options of every command:", fisc_cli_globals);
    return g_string_free(page, FALSE);
}

char *
fisc_cli_usage(const FiscCliCommand *command)
{
    if (command != NULL) {
        return command_page(command);
    }
    GString *page = g_string_new("usage: fisc [OPTIONS] COMMAND ...\n\nCommands:\n");
    for (const FiscCliCommand *each = fisc_cli_commands; each->name != NULL; each++) {
        g_string_append_printf(page, "  %-10s %s\n", each->name, each->summary);
    }
    append_options(page, "Options of every command:", fisc_cli_globals);
    g_string_append(page, "\n`fisc COMMAND --help` tells more.\n");
    return g_string_free(page, FALSE);
}

char *
fisc_cli_usage_hint(const FiscCliCommand *command)
{
    if (command == NULL) {
        return fisc_cli_usage(NULL);
    }
    GString *hint = g_string_new(NULL);
    append_line(hint, command);
    g_string_append_printf(hint, "`fisc %s --help` tells more.\n", command->name);
    return g_string_free(hint, FALSE);
}

/* Levenshtein's distance; both words are short. */
static guint
distance(const char *a, const char *b)
{
    gsize length = strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);
    for (guint k = 0; k <= length; k++) {
        row[k] = k;
    }
    for (guint i = 1; *a != '\0'; a++, i++) {
        guint diagonal = row[0];
        row[0] = i;
        for (gsize k = 1; k <= length; k++) {
            guint replaced = diagonal + (*a != b[k - 1]);
            diagonal = row[k];
            row[k] = MIN(replaced, MIN(row[k], row[k - 1]) + 1);
        }
    }
    return row[length];
}

const char *
fisc_cli_nearest(const char *word)
{
    const char *nearest = NULL;
    guint least = 3; /* more than two slips of the finger is another word */
    if (strlen(word) > 64) {
        return NULL;
    }
    for (const FiscCliCommand *command = fisc_cli_commands; command->name != NULL; command++) {
        guint d = distance(word, command->name);
        if (d < least && d < strlen(command->name)) {
            least = d;
            nearest = command->name;
        }
    }
    return nearest;
}
