/* main.c: the program `fisc`: reads the words, runs the command, sees its output off, and ends with
 * the status that scripts rely on. */
#include "app/cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A stream that the caller closed must not become the number of a connection to the database: what
 * is printed would go there. Opened for reading only, so that writing to it fails. */
static void
occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd) {
            abort();
        }
    }
}

static int
fail(const GError *error, const FiscCliCommand *command)
{
    bool is_ours = error->domain == FISC_ERROR;
    FiscError code = is_ours ? (FiscError)error->code : FISC_ERROR_FAILED;
    if (code == FISC_ERROR_USAGE) {
        g_autofree char *usage = fisc_cli_usage_hint(command);
        fprintf(stderr, "fisc: %s\n%s", error->message, usage);
    } else {
        fprintf(stderr, "fisc: %s: %s\n", fisc_error_name(code), error->message);
    }
    return fisc_error_exit_status(code);
}

static int
finish(int status)
{
    g_autoptr(GError) error = NULL;
    return fisc_cli_flush(&error) ? status : fail(error, NULL);
}

static bool
check_arguments(const FiscCliWords *words, GError **error)
{
    const FiscCliCommand *command = words->command;
    if (command == NULL) {
        if (words->arguments->len == 0) {
            return fisc_fail(error, FISC_ERROR_USAGE, "a command is missing");
        }
        const char *word = g_ptr_array_index(words->arguments, 0);
        const char *nearest = fisc_cli_nearest(word);
        return fisc_fail(error, FISC_ERROR_USAGE, "there is no command \"%s\"%s%s%s", word,
                         nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                         nearest != NULL ? "\"?" : "");
    }
    guint count = words->arguments->len;
    if (count < (guint)command->arguments_min || count > (guint)command->arguments_max) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`%s` takes other arguments", command->name);
    }
    return true;
}

/* --on-behalf, FISC_ON_BEHALF, or NULL: the actor acts for himself. */
static const char *
principal_of(const FiscCli *cli)
{
    const char *given = fisc_cli_option(cli, "on-behalf");
    const char *principal = given != NULL ? given : g_getenv("FISC_ON_BEHALF");
    return principal != NULL && *principal != '\0' ? principal : NULL;
}

/* --actor, FISC_ACTOR, or who is signed in to this machine. */
static const char *
actor_of(const FiscCli *cli)
{
    const char *candidates[] = {fisc_cli_option(cli, "actor"), g_getenv("FISC_ACTOR")};
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        if (candidates[i] != NULL && *candidates[i] != '\0') {
            return candidates[i];
        }
    }
    return g_get_user_name();
}

static int
run(FiscCli *cli)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (fisc_cli_has(cli, "version")) {
        fisc_cli_print("fisc %s\n", FISC_VERSION);
        return 0;
    }
    if (fisc_cli_has(cli, "help")) {
        g_autofree char *usage = fisc_cli_usage(cli->words->command);
        fisc_cli_print("%s", usage);
        return 0;
    }
    if (fisc_cli_has(cli, "data") && fisc_cli_has(cli, "db")) {
        fisc_fail(&error, FISC_ERROR_USAGE, "--data and --db exclude each other");
    } else if (check_arguments(cli->words, &error)) {
        cli->words->command->run(cli, &status, &error);
    }
    fisc_cli_close(cli);
    return error != NULL ? fail(error, cli->words->command) : status;
}

int
main(int argc, char **argv)
{
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a reader who left is a failed write, not a silent death */
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    g_autoptr(FiscCliWords) words = fisc_cli_words_new();
    g_autoptr(GError) error = NULL;
    if (!fisc_cli_words_parse(words, argc, argv, &error)) {
        return finish(fail(error, words->command));
    }
    FiscCli cli = {.words = words};
    cli.actor = actor_of(&cli);
    cli.on_behalf = principal_of(&cli);
    return finish(run(&cli));
}
