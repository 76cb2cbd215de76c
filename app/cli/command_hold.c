/* command_hold.c: `fisc hold`: what an auditor holds, so that nothing of it is posted or paid. */
#include "app/cli/commands.h"
#include "fisc/hold.h"
#include <string.h>

static const char *const verbs[] = {
    "place",   "hold a document, a payee, an entity or lines, with --reason",
    "release", "let it go again, with --reason",
    "list",    "all holds, or those of --state",
    NULL,
};

const char *const *
fisc_hold_verbs(void)
{
    return verbs;
}

static int
print_step(const FiscCli *cli, const char *id, const char *state, const FiscReceipt *receipt)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return fisc_cli_print_refusals(receipt->refusals);
    }
    g_autofree char *sentence = g_strdup_printf("%s is %s.", id, state);
    fisc_cli_print_done(cli, sentence, "hold", id, "state", state, NULL);
    return 0;
}

static bool
place(FiscCli *cli, const char *document, int *out_status, GError **error)
{
    const FiscHoldOrder order = {.id = fisc_cli_option(cli, "id"),
                                 .document = document,
                                 .payee = fisc_cli_option(cli, "payee"),
                                 .line = fisc_cli_option(cli, "line"),
                                 .entity = fisc_cli_option(cli, "entity"),
                                 .reason = fisc_cli_require(cli, "reason", error)};
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (order.reason == NULL || !fisc_cli_open(cli, error) ||
        !fisc_flow_hold_place(&cli->context, &order, &id, &receipt, error)) {
        return false;
    }
    *out_status = print_step(cli, id, "placed", receipt);
    return true;
}

static bool
release(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    const char *reason = fisc_cli_require(cli, "reason", error);
    if (reason == NULL) {
        return false;
    }
    if (id == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`hold release` takes the name of the hold");
    }
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_hold_release(&cli->context, id, reason, &receipt, error)) {
        return false;
    }
    *out_status = print_step(cli, id, "released", receipt);
    return true;
}

static bool
list(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    if (id != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`hold list` takes no hold");
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_hold_list(&cli->context, fisc_cli_option(cli, "state"), &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

bool
fisc_command_hold(FiscCli *cli, int *out_status, GError **error)
{
    static const struct {
        const char *verb;
        bool (*run)(FiscCli *cli, const char *about, int *out_status, GError **error);
    } runs[] = {{"place", place}, {"release", release}, {"list", list}};
    const char *verb = fisc_cli_argument(cli, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
        if (strcmp(verb, runs[i].verb) == 0) {
            return runs[i].run(cli, fisc_cli_argument(cli, 1), out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`hold` does place, release or list, not \"%s\"",
                     verb);
}
