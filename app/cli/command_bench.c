/* command_bench.c: `fisc bench`: the figures of docs/performance.md, measured on this machine. */
#include "app/cli/commands.h"
#include "bench/bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number that an option gives, within its limits. */
static bool
read_number(const FiscCli *cli, const char *option, int64_t fallback, int64_t least, int64_t most,
            int64_t *out_number, GError **error)
{
    const char *text = fisc_cli_option(cli, option);
    gint64 number = fallback;
    if (text != NULL && !g_ascii_string_to_signed(text, 10, least, most, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--%s is a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                         ", not \"%s\"",
                         option, least, most, text);
    }
    *out_number = number;
    return true;
}

static bool
read_settings(FiscCli *cli, FiscBenchSettings *settings, GError **error)
{
    int64_t seconds, rounds, clients, seed, units = 0;
    if (!read_number(cli, "seconds", FISC_BENCH_SECONDS, 1, 600, &seconds, error) ||
        !read_number(cli, "rounds", FISC_BENCH_ROUNDS, 1, 100, &rounds, error) ||
        !read_number(cli, "clients", FISC_BENCH_CLIENTS, 1, FISC_BENCH_CLIENTS_MAX, &clients,
                     error) ||
        !read_number(cli, "entries", FISC_BENCH_ENTRIES, 1, 2000000, &settings->entries, error) ||
        !read_number(cli, "lines", FISC_BENCH_LINES, 1000, 100000000, &settings->lines, error) ||
        !read_number(cli, "units", FISC_BENCH_GOVERNMENTS, 2, 9999, &units, error) ||
        !read_number(cli, "seed", FISC_BENCH_SEED, 0, G_MAXINT64, &seed, error)) {
        return false;
    }
    settings->seconds = (int)seconds;
    settings->rounds = (int)rounds;
    settings->clients = (int)clients;
    settings->units = (int)units;
    settings->seed = (uint64_t)seed;
    settings->progress = fisc_cli_progress;
    settings->progress_data = &cli->progress;
    return true;
}

static bool
check_name(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const char *const *pair = fisc_bench_names(); *pair != NULL; pair += 2) {
        if (strcmp(pair[0], name) == 0) {
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", pair[0]);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "there is no bench \"%s\"; there are: %s", name,
                     known->str);
}

/* The server, not the books: a bench works in a database of its own. */
static bool
find_server(FiscCli *cli, const char **out_uri, GError **error)
{
    *out_uri = fisc_cli_option(cli, "db");
    if (*out_uri != NULL) {
        return true;
    }
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    if (!fisc_cluster_open(data_dir, &cli->cluster, error)) {
        return false;
    }
    *out_uri = cli->cluster->admin_uri;
    return true;
}

bool
fisc_command_bench(FiscCli *cli, int *out_status, GError **error)
{
    FiscBenchSettings settings = {0};
    const char *name = fisc_cli_argument(cli, 0);
    g_autoptr(GError) unreadable = NULL;
    g_autofree char *program = g_file_read_link("/proc/self/exe", &unreadable);
    g_autoptr(FiscBenchResult) result = NULL;
    settings.program = program != NULL ? program : "fisc";
    if (!check_name(name, error) || !read_settings(cli, &settings, error) ||
        !find_server(cli, &settings.server_uri, error) ||
        !fisc_bench_run(name, &settings, &result, error)) {
        return false;
    }
    fisc_cli_progress_end(&cli->progress);
    g_autofree char *text = fisc_cli_has(cli, "json") ? fisc_bench_result_to_json(result)
                                                      : fisc_bench_result_to_text(result);
    fisc_cli_print("%s\n", text);
    *out_status = 0;
    return true;
}
