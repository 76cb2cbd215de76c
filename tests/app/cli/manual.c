/* manual.c: reads a page of docs as a session at a terminal and types it again.
 *
 * What a page shows is what the program does today, or the test fails: both streams are compared,
 * and a status other than zero stands on the page as "(exit 6)". */
#include "tests/app/cli/manual.h"
#include "tests/app/cli/run.h"
#include "tests/support/suite.h"
#include <string.h>

static void
step_free(gpointer data)
{
    FiscManualStep *step = data;
    g_free(step->command);
    g_free(step->expected);
    g_free(step);
}

static void
append_line(char **text, const char *line)
{
    char *longer = g_strconcat(*text, line, "\n", NULL);
    g_free(*text);
    *text = longer;
}

static FiscManualStep *
add_step(GPtrArray *steps, int number, const char *command)
{
    FiscManualStep *step = g_new0(FiscManualStep, 1);
    step->line = number;
    step->command = g_strconcat(command, "\n", NULL);
    step->expected = g_strdup("");
    g_ptr_array_add(steps, step);
    return step;
}

GPtrArray *
fisc_manual_parse(const char *page)
{
    GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);
    g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
    FiscManualStep *step = NULL;
    gboolean is_fenced = FALSE;
    for (int i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], "```")) {
            is_fenced = !is_fenced;
            step = NULL;
        } else if (is_fenced && g_str_has_prefix(lines[i], "$ ")) {
            step = add_step(steps, i + 1, lines[i] + 2);
        } else if (step != NULL && g_str_has_prefix(lines[i], "> ") && *step->expected == '\0') {
            append_line(&step->command, lines[i] + 2);
        } else if (step != NULL) {
            append_line(&step->expected, lines[i]);
        }
    }
    return steps;
}

gboolean
fisc_manual_matches(const char *expected, const char *got)
{
    g_auto(GStrv) parts = g_strsplit(expected, "...", -1);
    const char *at = got;
    if (parts[0] == NULL) {
        return *got == '\0';
    }
    if (!g_str_has_prefix(got, parts[0])) {
        return FALSE;
    }
    at += strlen(parts[0]);
    for (int i = 1; parts[i] != NULL; i++) {
        gboolean is_last = parts[i + 1] == NULL;
        const char *found = strstr(at, parts[i]);
        if (is_last) {
            return g_str_has_suffix(at, parts[i]);
        }
        if (found == NULL) {
            return FALSE;
        }
        at = found + strlen(parts[i]);
    }
    return parts[1] != NULL || *at == '\0';
}

/* The functions of the shell in which a page is typed. */
static char *
prologue(const char *folder, const char *uri)
{
    g_autofree char *quoted_folder = g_shell_quote(folder);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf("cd %s; unset FISC_ACTOR FISC_ON_BEHALF; fisc() { %s --db %s \"$@\"; }; "
                           "exec 2>&1\n",
                           quoted_folder, program, quoted_uri);
}

static void
check_step(const FiscManualStep *step, const char *path, const char *before)
{
    g_autofree char *line = g_strconcat(before, step->command, NULL);
    g_auto(FiscRun) run = fisc_run_shell(line);
    g_autofree char *exit = run.status != 0 ? g_strdup_printf("(exit %d)\n", run.status) : NULL;
    g_autofree char *got = g_strconcat(run.out, exit, NULL);
    if (!fisc_manual_matches(step->expected, got)) {
        g_autofree char *place =
            g_strdup_printf("%s:%d: %s\n%s", path, step->line, step->command, got);
        g_autofree char *wanted =
            g_strdup_printf("%s:%d: %s\n%s", path, step->line, step->command, step->expected);
        FISC_ASSERT_TEXT(place, wanted);
    }
}

void
fisc_manual_check(const char *path, const char *folder, const char *uri)
{
    g_autofree char *page = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &page, NULL, &error);
    FISC_ASSERT_TEXT(error != NULL ? error->message : NULL, NULL);
    if (page == NULL) {
        return;
    }
    g_autoptr(GPtrArray) steps = fisc_manual_parse(page);
    g_autofree char *before = prologue(folder, uri);
    FISC_ASSERT_INT(steps->len > 0, 1);
    for (guint i = 0; i < steps->len; i++) {
        check_step(steps->pdata[i], path, before);
    }
}
