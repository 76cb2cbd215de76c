/* command_pull.c: `fisc pull`: the books of outside systems are taken, several at once. While it
 * runs it tells how far it is; stopped by Ctrl-C it ends at a sound point, and the next one goes
 * on. */
#include "app/cli/commands.h"
#include "fisc/feeder.h"
#include "fisc/money.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define WORKERS 4
#define CONNECTIONS 12     /* of all workers together: they wait more for others than for ours */
#define MORE_CONNECTIONS 4 /* the lock, the poster and its turn, a checkpoint */
#define BETWEEN_US 200000  /* lines on a terminal */
#define SLOWLY_US 2000000  /* lines in a log */

/* What came of it ------------------------------------------------------------------------------ */

static FiscTable *
make_table(const FiscPullReport *report)
{
    enum {
        FEEDER,
        DOCUMENT,
        OUTCOME,
        FRESH,
        ROWS,
        VALUE,
        CLASSIFIED,
        POSTED,
        REVERSED,
        UNCHANGED,
        RUN,
        NOTE
    };
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[] = {
        {"feeder", FISC_COLUMN_TEXT},      {"document", FISC_COLUMN_TEXT},
        {"outcome", FISC_COLUMN_TEXT},     {"new", FISC_COLUMN_INTEGER},
        {"rows", FISC_COLUMN_INTEGER},     {"value", FISC_COLUMN_AMOUNT},
        {"classified", FISC_COLUMN_TEXT},  {"posted", FISC_COLUMN_INTEGER},
        {"reversed", FISC_COLUMN_INTEGER}, {"unchanged", FISC_COLUMN_INTEGER},
        {"run", FISC_COLUMN_INTEGER},      {"note", FISC_COLUMN_TEXT},
    };
    FiscTable *table = fisc_table_new("pull", "Pulled", 2);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        FiscRow *row = fisc_table_add_row(table);
        const int64_t numbers[] = {run->fresh,    run->rows,      run->posted,
                                   run->reversed, run->unchanged, run->run_id};
        static const int places[] = {FRESH, ROWS, POSTED, REVERSED, UNCHANGED, RUN};
        g_autofree char *classified = fisc_pull_classified(run);
        fisc_table_set_text(table, row, FEEDER, run->feeder);
        fisc_table_set_text(table, row, DOCUMENT, run->part);
        fisc_table_set_text(table, row, OUTCOME, fisc_pull_outcome_word(run->outcome));
        fisc_table_set_amount(table, row, VALUE, run->value);
        fisc_table_set_text(table, row, CLASSIFIED, classified);
        fisc_table_set_text(table, row, NOTE, run->reason);
        for (gsize k = 0; k < G_N_ELEMENTS(places); k++) {
            row->cells[places[k]].number = numbers[k];
            row->cells[places[k]].is_set = true;
        }
    }
    return table;
}

/* The worst of what happened: a quarantined run before an outage, and before an end by force. */
static int
status_of(const FiscPullReport *report, bool has_stopped)
{
    int status = has_stopped ? 7 : 0;
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (run->outcome == FISC_PULL_QUARANTINED) {
            return 6;
        }
        status = run->outcome == FISC_PULL_FAILED ? 7 : status;
    }
    return status;
}

/* While it runs ----------------------------------------------------------------------------------
 */

static volatile sig_atomic_t is_stopped;

static void
take_signal(int number)
{
    (void)number;
    is_stopped = 1;
}

/* Once it stops at a sound point, twice it ends. */
static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = take_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool
should_stop(gpointer data)
{
    (void)data;
    return is_stopped != 0;
}

typedef struct {
    bool is_terminal;
    gint64 shown_at_us;
} Show;

static void
print_progress(const Show *show, const FiscPullProgress *progress)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "%d of %d feeder%s", progress->done, progress->feeders,
                           progress->feeders == 1 ? "" : "s");
    if (progress->quarantined > 0) {
        g_string_append_printf(line, ", %d quarantined", progress->quarantined);
    }
    if (progress->failed > 0) {
        g_string_append_printf(line, ", %d did not answer", progress->failed);
    }
    if (progress->parts > 1) {
        g_string_append_printf(line, "; %s: %d of %d", progress->feeder, progress->parts_done,
                               progress->parts);
    }
    fprintf(stderr, show->is_terminal ? "\r\033[K%s" : "%s\n", line->str);
    fflush(stderr);
}

static void
show_progress(const FiscPullProgress *progress, gpointer data)
{
    Show *show = data;
    gint64 now_us = g_get_monotonic_time();
    bool is_last = progress->done == progress->feeders && progress->parts == 0;
    gint64 between_us = show->is_terminal ? BETWEEN_US : SLOWLY_US;
    if (is_last || now_us - show->shown_at_us >= between_us) {
        show->shown_at_us = now_us;
        print_progress(show, progress);
    }
}

static void
end_progress(const Show *show)
{
    if (show->is_terminal && show->shown_at_us != 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}

/* The command ---------------------------------------------------------------------------------- */

static bool
read_workers(const FiscCli *cli, guint *out_workers, GError **error)
{
    const char *text = fisc_cli_option(cli, "workers");
    guint64 workers = WORKERS;
    if (text != NULL &&
        !g_ascii_string_to_unsigned(text, 10, 1, FISC_PULL_WORKERS_MAX, &workers, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--workers is a number from 1 to %d, not \"%s\"",
                         FISC_PULL_WORKERS_MAX, text);
    }
    *out_workers = (guint)workers;
    return true;
}

static void
tell_left(const FiscPullReport *report)
{
    if (is_stopped) {
        fprintf(stderr,
                "fisc: stopped; %d feeders were not begun. `fisc pull` goes on from here.\n",
                report->left);
    }
}

bool
fisc_command_pull(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(GPtrArray) feeders = g_ptr_array_new();
    g_autoptr(FiscPullReport) report = NULL;
    const char *word;
    guint workers = 0;
    for (guint i = 0; (word = fisc_cli_argument(cli, i)) != NULL; i++) {
        g_ptr_array_add(feeders, (gpointer)word);
    }
    bool is_named = feeders->len > 0;
    g_ptr_array_add(feeders, NULL);
    if (!read_workers(cli, &workers, error)) {
        return false;
    }
    cli->connections = (int)MIN(workers, CONNECTIONS) + MORE_CONNECTIONS;
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    Show show = {.is_terminal = isatty(STDERR_FILENO) == 1};
    const FiscPullOrder order = {
        .feeders = is_named ? (const char *const *)feeders->pdata : NULL,
        .is_replay = fisc_cli_has(cli, "replay"),
        .secrets_dir = fisc_cli_option(cli, "secrets"),
        .key_file = fisc_cli_option(cli, "key"),
        .workers = workers,
        .should_stop = should_stop,
        .progress = show.is_terminal || fisc_cli_has(cli, "progress") ? show_progress : NULL,
        .progress_data = &show};
    catch_signals();
    bool is_done = fisc_flow_pull(&cli->context, &order, &report, error);
    end_progress(&show);
    if (!is_done) {
        return false;
    }
    g_autoptr(FiscTable) table = make_table(report);
    tell_left(report);
    *out_status = status_of(report, is_stopped != 0);
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}
