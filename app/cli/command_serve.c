/* command_serve.c: `fisc serve`: answers over HTTP until it is told to end. */
#include "app/cli/commands.h"
#include "app/server/server.h"
#include <signal.h>
#include <string.h>

#define LISTEN "127.0.0.1:8700"

bool
fisc_command_serve(FiscCli *cli, int *out_status, GError **error)
{
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    sigset_t ends;
    int signal_number = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads */
    const char *db = fisc_cli_option(cli, "db");
    g_autofree char *reader =
        db != NULL ? g_strdup(db)
                   : g_strconcat(cli->cluster->poster_uri, "&user=fisc_reader", NULL);
    const char *given = fisc_cli_option(cli, "listen");
    FiscServerOptions options = {
        .listen = given != NULL ? given : LISTEN,
        .poster_uri = db != NULL ? db : cli->cluster->poster_uri,
        .poster_role = db != NULL ? "fisc_poster" : NULL,
        .reader_uri = reader,
        .reader_role = db != NULL ? "fisc_reader" : NULL,
        .web_dir = fisc_cli_option(cli, "web"),
        .book_id = cli->context.book_id,
    };
    FiscServer *server = NULL;
    if (!fisc_serve_open(&options, &server, error)) {
        return false;
    }
    fisc_cli_print("fisc listens on port %d\n", fisc_serve_port(server));
    fflush(stdout);
    sigwait(&ends, &signal_number);
    fisc_serve_close(server);
    *out_status = 0;
    return true;
}
