/* command_period.c: `fisc period`: which periods take entries. */
#include "app/cli/commands.h"
#include <string.h>

static const struct {
    const char *verb;
    const char *state;
} verbs[] = {{"open", "open"}, {"close", "closed"}, {"seal", "sealed"}};

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    if (fisc_cli_argument(cli, 1) != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`period list` takes no period");
    }
    *out_status = 0;
    return fisc_cli_open(cli, error) && fisc_flow_period_list(&cli->context, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
check_label(const char *label, GError **error)
{
    FiscPeriod from, to;
    bool is_year = label != NULL && strlen(label) == 4;
    if (label == NULL || !fisc_period_range_parse(label, &from, &to) || (from != to && !is_year)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a period is a year or a month, like 2024 or 2024-06");
    }
    return true;
}

static bool
set(FiscCli *cli, const char *state, int *out_status, GError **error)
{
    const char *label = fisc_cli_argument(cli, 1);
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!check_label(label, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_period_set(&cli->context, label, state, &receipt, error)) {
        return false;
    }
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(receipt->refusals);
        return true;
    }
    g_autofree char *sentence = g_strdup_printf("%s is %s.", label, state);
    fisc_cli_print_done(cli, sentence, "period", label, "state", state, NULL);
    *out_status = 0;
    return true;
}

bool
fisc_command_period(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    if (strcmp(verb, "list") == 0) {
        return list(cli, out_status, error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            return set(cli, verbs[i].state, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`period` does list, open, close or seal, not \"%s\"",
                     verb);
}
