/* command_sql.c: `fisc sql`: psql on the books, as a reader: read-only by role and by setting. It
 * replaces this process, so that the terminal, its signals and its status are psql's. */
#include "app/cli/commands.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PASS_HOURS 24

/* The embedded cluster lets its owner sign in as the reader. Elsewhere the one who signs in takes
 * the role, by PGOPTIONS. */
static char *
reader_uri(const FiscCli *cli)
{
    if (cli->cluster != NULL) {
        return g_strconcat(cli->cluster->poster_uri, "&user=fisc_reader", NULL);
    }
    return g_strdup(fisc_cli_option(cli, "db"));
}

/* Options in a URI would put PGOPTIONS out of force, and with it everything that keeps psql
 * reading. */
static bool
check_uri(const FiscCli *cli, GError **error)
{
    const char *db = fisc_cli_option(cli, "db");
    if (db != NULL && strstr(db, "options") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--db must not set options for `sql`: they would lift read-only");
    }
    return true;
}

/* Whoever operates a book sees all of it; row-level security shows a reader nothing otherwise. The
 * pass is good for as long as somebody sits before it. */
static bool
make_pass(const FiscContext *ctx, char **out_pass, GError **error)
{
    static const char *const whole_book[] = {"*"};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_ACCESS_PASS,
                       FISC_ARGS(fisc_text_array(whole_book, 1), fisc_int4(PASS_HOURS)), &rows,
                       error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_pass = g_strdup(fisc_rows_text(rows, 0, 0));
    return true;
}

static bool
run_psql(const FiscCli *cli, const char *pass, GError **error)
{
    g_autofree char *psql = fisc_cli_postgres_program("psql");
    if (psql == NULL) {
        return fisc_fail(error, FISC_ERROR_SETUP, "psql is not installed");
    }
    g_autofree char *uri = reader_uri(cli);
    g_autofree char *options = g_strdup_printf(
        "-c default_transaction_read_only=on -c role=fisc_reader -c fisc.pass=%s", pass);
    g_setenv("PGOPTIONS", options, TRUE);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, psql);
    g_ptr_array_add(words, (char *)"--dbname");
    g_ptr_array_add(words, uri);
    for (guint i = 0; i < cli->words->arguments->len; i++) {
        g_ptr_array_add(words, g_ptr_array_index(cli->words->arguments, i));
    }
    g_ptr_array_add(words, NULL);
    signal(SIGPIPE, SIG_DFL); /* main() ignores it, and psql would inherit that */
    execv(psql, (char **)words->pdata);
    return fisc_fail(error, FISC_ERROR_SETUP, "could not start %s: %s", psql, strerror(errno));
}

bool
fisc_command_sql(FiscCli *cli, int *out_status, GError **error)
{
    g_autofree char *pass = NULL;
    *out_status = 1;
    if (!check_uri(cli, error) || !fisc_cli_open(cli, error) ||
        !make_pass(&cli->context, &pass, error)) {
        return false;
    }
    g_clear_pointer(&cli->context.pool, fisc_pool_close);
    return run_psql(cli, pass, error);
}
