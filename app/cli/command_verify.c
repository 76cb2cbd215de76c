/* command_verify.c: `fisc verify`: are the books what was posted? Exit 0 when they are, 8 when not,
 * with every finding on stdout. */
#include "app/cli/backups.h"
#include "app/cli/commands.h"
#include "app/flows/verify_json.h"
#include "core/base/hash.h"
#include <stdlib.h>

static void
print_json(const FiscVerifyReport *report)
{
    json_t *object = fisc_json_verification(report);
    char *text = json_dumps(object, JSON_INDENT(1));
    fisc_cli_print("%s\n", text);
    free(text);
    json_decref(object);
}

static void
print_text(const FiscVerifyReport *report, bool is_clean)
{
    char hash[FISC_HASH_TEXT];
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(g_ptr_array_index(report->findings, i));
        fisc_cli_print("%s\n", text);
    }
    if (report->dropped > 0) {
        fisc_cli_print("and %d more\n", report->dropped);
    }
    fisc_cli_print("%s: batches %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                   " entries with %" G_GINT64_FORMAT " lines, %" G_GINT64_FORMAT
                   " events, %" G_GINT64_FORMAT " refusals, %" G_GINT64_FORMAT " codings\n",
                   is_clean ? "clean" : "TAMPERED", report->first_batch, report->last_batch,
                   report->entries, report->lines, report->events, report->refusals,
                   report->codings);
    fisc_cli_print("last batch %s\n", fisc_hash_format(report->hash, hash));
    for (guint i = 0; i < report->notes->len; i++) {
        fisc_cli_print("note: %s\n", (const char *)g_ptr_array_index(report->notes, i));
    }
}

static bool
read_since(const FiscCli *cli, int64_t *out_since, GError **error)
{
    const char *word = fisc_cli_option(cli, "since");
    gint64 since = 0;
    if (word != NULL && !g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &since, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--since is the number of a batch, not \"%s\"",
                         word);
    }
    *out_since = since;
    return true;
}

/* For `fisc doctor`. That it cannot be written changes nothing of what was found. */
static void
record_verification(const FiscCli *cli)
{
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    g_autofree char *path = g_build_filename(data_dir, FISC_LAST_VERIFICATION, NULL);
    g_autofree char *time = fisc_cli_time_text(g_get_real_time());
    g_file_set_contents_full(path, time, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

bool
fisc_command_verify(FiscCli *cli, int *out_status, GError **error)
{
    FiscVerifyOptions options = {.full = fisc_cli_has(cli, "full"),
                                 .head_file = fisc_cli_option(cli, "head"),
                                 .head_key = fisc_cli_option(cli, "head-key"),
                                 .witness_key = fisc_cli_option(cli, "witness-key")};
    g_autoptr(FiscVerifyReport) report = NULL;
    if (!read_since(cli, &options.since, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_verify(&cli->context, &options, &report, error)) {
        return false;
    }
    fisc_cli_progress_end(&cli->progress);
    bool is_clean = report->findings->len == 0;
    if (fisc_cli_has(cli, "json")) {
        print_json(report);
    } else {
        print_text(report, is_clean);
    }
    if (is_clean && options.since <= 1 && !fisc_cli_has(cli, "db")) {
        record_verification(cli);
    }
    *out_status = is_clean ? 0 : fisc_error_exit_status(FISC_ERROR_TAMPERED);
    return true;
}
