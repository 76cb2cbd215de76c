/* command_post.c: `fisc post` and `fisc reverse`: entries into the books, a JSON object for each.
 */
#include "app/cli/commands.h"

bool
fisc_command_post(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 0);
    const char *name = fisc_cli_input_name(path);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!fisc_cli_read_input(path, bytes, error) || !fisc_cli_open(cli, error)) {
        return false;
    }
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    bool is_dry_run = fisc_cli_has(cli, "dry-run");
    bool is_answered = fisc_flow_post_text(
        &cli->context, name, (const char *)bytes->data, bytes->len, fisc_cli_source(cli),
        fisc_cli_has(cli, "atomic"), is_dry_run, &receipt, refusals, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_answered) {
        return false;
    }
    *out_status = refusals->len > 0 ? fisc_cli_print_refused_text(refusals)
                                    : fisc_cli_print_receipt(receipt, is_dry_run);
    return true;
}

bool
fisc_command_reverse(FiscCli *cli, int *out_status, GError **error)
{
    const char *reason = fisc_cli_require(cli, "reason", error);
    FiscDate date = 0;
    if (reason == NULL || !fisc_cli_date(cli, "date", &date, error)) {
        return false;
    }
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_reverse(&cli->context, fisc_cli_source(cli), fisc_cli_argument(cli, 0), date,
                           reason, &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_receipt(receipt, false);
    return true;
}
