/* command_enact.c: `fisc budget enact` and `fisc budget interim`: what makes a version law, and
 * what may be spent while there is none. Both propose a document. */
#include "app/cli/commands.h"
#include <stdio.h>
#include <string.h>

/* The notes of a table that is not printed itself. */
static void
print_notes(const FiscTable *table)
{
    for (guint i = 0; table != NULL && i < table->notes->len; i++) {
        fprintf(stderr, "%s\n", (const char *)table->notes->pdata[i]);
    }
}

/* What was proposed before may have been carried out since. */
static bool
find_state(FiscCli *cli, const char *id, char **out_state, GError **error)
{
    g_autoptr(FiscDocument) document = NULL;
    if (!fisc_flow_document_show(&cli->context, id, &document, error)) {
        return false;
    }
    *out_state = g_strdup(document->state);
    return true;
}

/* Refused: why; a rehearsal: the table; else the document, and behind it the table for people. */
static bool
answer(FiscCli *cli, const char *id, FiscTable *totals, const FiscReceipt *receipt, int *out_status,
       GError **error)
{
    bool is_refused =
        receipt->refused > 0 || (receipt->refusals != NULL && receipt->refusals->len > 0);
    if (!is_refused && fisc_cli_has(cli, "dry-run")) {
        *out_status = 0;
        return fisc_cli_print_table(cli, totals, FISC_FORMAT_TABLE, error);
    }
    g_autofree char *state = NULL;
    if (!is_refused && !find_state(cli, id, &state, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, state, receipt);
    if (is_refused || totals == NULL || fisc_cli_has(cli, "json")) {
        print_notes(is_refused ? NULL : totals);
        return true;
    }
    return fisc_cli_print_table(cli, totals, FISC_FORMAT_TABLE, error);
}

static bool
take_date(const FiscCli *cli, FiscDate *out_date, GError **error)
{
    *out_date = 0;
    return fisc_cli_option(cli, "date") == NULL || fisc_cli_date(cli, "date", out_date, error);
}

bool
fisc_budget_enact_version(FiscCli *cli, int *out_status, GError **error)
{
    FiscEnactOrder order = {.version = fisc_cli_argument(cli, 1),
                            .id = fisc_cli_option(cli, "id"),
                            .kind = fisc_cli_option(cli, "kind"),
                            .article = fisc_cli_option(cli, "article"),
                            .annex = fisc_cli_option(cli, "annex"),
                            .reason = fisc_cli_option(cli, "reason")};
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    order.law = fisc_cli_require(cli, "law", error);
    order.title = order.law != NULL ? fisc_cli_require(cli, "title", error) : NULL;
    return order.title != NULL && take_date(cli, &order.on, error) && fisc_cli_open(cli, error) &&
           fisc_flow_budget_enact(&cli->context, &order, fisc_cli_has(cli, "dry-run"), &id, &totals,
                                  &receipt, error) &&
           answer(cli, id, totals, receipt, out_status, error);
}

static bool
take_number(const char *text, const char *what, int min, int max, int *out_number, GError **error)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(text, 10, (guint64)min, (guint64)max, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is a number from %d to %d, not \"%s\"", what,
                         min, max, text);
    }
    *out_number = (int)number;
    return true;
}

static bool
take_interim(FiscCli *cli, FiscInterimOrder *order, GError **error)
{
    const char *from = fisc_cli_require(cli, "from", error);
    const char *month = from != NULL ? fisc_cli_require(cli, "month", error) : NULL;
    *order = (FiscInterimOrder){.id = fisc_cli_option(cli, "id"),
                                .article = fisc_cli_option(cli, "article"),
                                .reason = fisc_cli_option(cli, "reason")};
    return month != NULL &&
           take_number(fisc_cli_argument(cli, 1), "YEAR", 1900, 2199, &order->year, error) &&
           take_number(from, "--from", 1900, 2199, &order->from_year, error) &&
           take_number(month, "--month", 1, 12, &order->month, error);
}

bool
fisc_budget_interim(FiscCli *cli, int *out_status, GError **error)
{
    FiscInterimOrder order;
    const char *classes = fisc_cli_option(cli, "classes");
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!take_interim(cli, &order, error) ||
        (classes != NULL && !fisc_cli_read_input(classes, bytes, error)) ||
        !fisc_cli_open(cli, error)) {
        return false;
    }
    if (classes != NULL) {
        order.classes = (const char *)bytes->data;
        order.classes_length = bytes->len;
        order.classes_name = fisc_cli_input_name(classes);
    }
    return fisc_flow_budget_interim(&cli->context, &order, &id, &totals, &receipt, error) &&
           answer(cli, id, totals, receipt, out_status, error);
}
