/* run.c: a program, its words, its two streams, its status. */
#include "tests/app/cli/run.h"
#include "tests/support/suite.h"
#include <sys/wait.h>

FiscRun
fisc_run(const char *words)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *line = g_strdup_printf("%s %s", program, words);
    return fisc_run_shell(line);
}

FiscRun
fisc_run_shell(const char *line)
{
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    FiscRun run = {-1, NULL, NULL};
    int wait_status = 0;
    g_autoptr(GError) error = NULL;
    if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run.out, &run.err,
                     &wait_status, &error) &&
        WIFEXITED(wait_status)) {
        run.status = WEXITSTATUS(wait_status);
    }
    FISC_ASSERT_TEXT(error != NULL ? error->message : NULL, NULL);
    return run;
}

void
fisc_run_clear(FiscRun *run)
{
    g_free(run->out);
    g_free(run->err);
}

void
fisc_check_step(const FiscStep *step, const char *before)
{
    g_autofree char *line = g_strconcat(before, step->line, NULL);
    g_auto(FiscRun) run = fisc_run_shell(line);
    g_autofree char *got = g_strdup_printf("%s -> %d %s", step->line, run.status,
                                           run.status != step->status ? run.err : "");
    g_autofree char *wanted = g_strdup_printf("%s -> %d ", step->line, step->status);
    FISC_ASSERT_TEXT(got, wanted);
    if (step->out != NULL) {
        FISC_ASSERT_CONTAINS(run.out, step->out);
    } else {
        FISC_ASSERT_TEXT(run.out, "");
    }
    if (step->err != NULL) {
        FISC_ASSERT_CONTAINS(run.err, step->err);
    } else {
        FISC_ASSERT_TEXT(run.err, "");
    }
}
