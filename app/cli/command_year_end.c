/* command_year_end.c: `fisc budget year-end`: what of a year is carried over, as documents that a
 * second person approves; and how it is taken back. `fisc budget open-year`: what was committed for
 * a year before it began. */
#include "app/cli/commands.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

static bool
read_year(const FiscCli *cli, int *out_year, GError **error)
{
    const char *text = fisc_cli_argument(cli, 1);
    guint64 year = 0;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1900, 2199, &year, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the year is a number, not \"%s\"",
                         text != NULL ? text : "");
    }
    *out_year = (int)year;
    return true;
}

static bool
read_order(const FiscCli *cli, FiscYearEndOrder *order, GError **error)
{
    const char *period = fisc_cli_option(cli, "in-period");
    *order = (FiscYearEndOrder){.entity = fisc_cli_option(cli, "entity"),
                                .document = fisc_cli_option(cli, "document"),
                                .is_dry = fisc_cli_has(cli, "dry-run"),
                                .is_reversal = fisc_cli_has(cli, "reverse"),
                                .period = period != NULL ? atoi(period) : 0};
    if (period != NULL && order->period != 12 && order->period != 13) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--in-period is 12 or 13, not \"%s\"", period);
    }
    if (order->document != NULL && order->entity == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a document is of one entity: name it, --entity");
    }
    if (order->is_dry && order->is_reversal) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--dry-run tells what is carried over, and "
                         "--reverse carries nothing");
    }
    return read_year(cli, &order->year, error);
}

/* @nothing: said when nothing was proposed; NULL: silence. */
static int
print_outcome(const FiscCli *cli, const char *walk, const char *nothing, const GPtrArray *documents,
              const FiscReceipt *receipt)
{
    for (guint i = 0; i < documents->len; i++) {
        g_autoptr(FiscReceipt) proposed = fisc_receipt_new();
        fisc_cli_print_document(cli, documents->pdata[i], "proposed", proposed);
    }
    if (receipt->refusals != NULL || receipt->refused > 0) {
        return fisc_cli_print_document(cli, walk, "proposed", receipt);
    }
    if (documents->len == 0 && nothing != NULL) {
        fisc_cli_print_done(cli, nothing, "documents", "0", NULL);
    }
    return 0;
}

bool
fisc_budget_year_end(FiscCli *cli, int *out_status, GError **error)
{
    FiscYearEndOrder order;
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!read_order(cli, &order, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_year_end(&cli->context, &order, &table, &documents, &receipt, error)) {
        return false;
    }
    if (!order.is_reversal && !fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error)) {
        return false;
    }
    const char *nothing = order.is_dry        ? NULL
                          : order.is_reversal ? "Nothing was carried over that could be taken back."
                                              : "Nothing is left to carry over.";
    *out_status = print_outcome(cli, "year-end", nothing, documents, receipt);
    return true;
}

bool
fisc_budget_open_year(FiscCli *cli, int *out_status, GError **error)
{
    FiscOpenYearOrder order = {.entity = fisc_cli_option(cli, "entity"),
                               .document = fisc_cli_option(cli, "document"),
                               .is_dry = fisc_cli_has(cli, "dry-run")};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (order.document != NULL && order.entity == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a document is of one entity: name it, --entity");
    }
    if (!read_year(cli, &order.year, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_open_year(&cli->context, &order, &table, &documents, &receipt, error) ||
        !fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error)) {
        return false;
    }
    *out_status = print_outcome(cli, "open-year",
                                order.is_dry ? NULL : "Nothing waits to become a commitment.",
                                documents, receipt);
    return true;
}
