/* command_unit.c: `fisc unit`: units and groups that change, and what successors take over. */
#include "app/cli/commands.h"
#include "fisc/unit.h"
#include <string.h>

/* What became of a fact: on record, or waiting for a second person, or refused. */
static int
print_outcome(const FiscCli *cli, const char *what, const char *document,
              const FiscReceipt *receipt)
{
    if (receipt != NULL && receipt->refusals != NULL && receipt->refusals->len > 0) {
        return fisc_cli_print_refusals(receipt->refusals);
    }
    g_autofree char *sentence =
        document != NULL
            ? g_strdup_printf("%s waits for approval as document %s (fisc doc approve).", what,
                              document)
            : g_strdup_printf("%s is on record.", what);
    fisc_cli_print_done(cli, sentence, "what", what, "document", document, NULL);
    return 0;
}

static const char *
require_unit(const FiscCli *cli, const char *verb, GError **error)
{
    const char *entity = fisc_cli_argument(cli, 1);
    if (entity == NULL) {
        fisc_fail(error, FISC_ERROR_USAGE, "fisc unit %s ENTITY", verb);
    }
    return entity;
}

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    FiscDate on = 0;
    *out_status = 0;
    return fisc_cli_date(cli, "date", &on, error) && fisc_cli_open(cli, error) &&
           fisc_flow_unit_list(&cli->context, on, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
show(FiscCli *cli, int *out_status, GError **error)
{
    const char *entity = require_unit(cli, "show", error);
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return entity != NULL && fisc_cli_open(cli, error) &&
           fisc_flow_unit_show(&cli->context, entity, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
change(FiscCli *cli, int *out_status, GError **error)
{
    FiscUnitChange order = {.entity = require_unit(cli, "change", error),
                            .name = fisc_cli_option(cli, "name"),
                            .sector = fisc_cli_option(cli, "sector"),
                            .cp_code = fisc_cli_option(cli, "cp-code"),
                            .reporting = fisc_cli_option(cli, "statements"),
                            .article = fisc_cli_option(cli, "article")};
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (order.entity == NULL || !fisc_cli_date(cli, "date", &order.from, error) ||
        !fisc_cli_open(cli, error) ||
        !fisc_flow_unit_change(&cli->context, &order, &document, &receipt, error)) {
        return false;
    }
    g_autofree char *what = g_strdup_printf("The change of %s", order.entity);
    *out_status = print_outcome(cli, what, document, receipt);
    return true;
}

static bool
change_membership(FiscCli *cli, bool is_end, int *out_status, GError **error)
{
    FiscMembership order = {.entity = require_unit(cli, is_end ? "leave" : "join", error),
                            .is_end = is_end,
                            .article = fisc_cli_option(cli, "article")};
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    order.group = order.entity != NULL ? fisc_cli_require(cli, "group", error) : NULL;
    if (order.group == NULL || !fisc_cli_date(cli, "date", &order.day, error) ||
        !fisc_cli_open(cli, error) ||
        !fisc_flow_unit_membership(&cli->context, &order, &document, &receipt, error)) {
        return false;
    }
    g_autofree char *what =
        g_strdup_printf("The membership of %s in %s", order.entity, order.group);
    *out_status = print_outcome(cli, what, document, receipt);
    return true;
}

static bool
join(FiscCli *cli, int *out_status, GError **error)
{
    return change_membership(cli, false, out_status, error);
}

static bool
leave(FiscCli *cli, int *out_status, GError **error)
{
    return change_membership(cli, true, out_status, error);
}

/* Successions ---------------------------------------------------------------------------------- */

/* What is proposed, for whoever reads; in JSON the ids. */
static bool
print_succession(FiscCli *cli, const FiscSuccessionOrder *order, const FiscSuccessionDone *done,
                 int *out_status, GError **error)
{
    *out_status = 0;
    if (!order->is_dry) {
        *out_status = print_outcome(cli, "The succession", done->facts, done->receipt);
    }
    if (*out_status != 0) {
        return true;
    }
    if (done->entries != NULL) {
        *out_status = fisc_cli_print_document(cli, done->entries, "proposed", done->receipt);
    } else if (!order->is_dry && !fisc_cli_has(cli, "json")) {
        fisc_cli_print("Nothing is left to be moved.\n");
    }
    return fisc_cli_has(cli, "json") || done->moves->rows->len == 0 ||
           fisc_cli_print_table(cli, done->moves, FISC_FORMAT_TABLE, error);
}

static bool
succeed(FiscCli *cli, const char *verb, bool has_several, int *out_status, GError **error)
{
    g_autoptr(GPtrArray) entities = g_ptr_array_new();
    g_auto(FiscSuccessionDone) done = {0};
    FiscSuccessionOrder order = {.rule = fisc_cli_option(cli, "rule"),
                                 .article = fisc_cli_option(cli, "article"),
                                 .is_dry = fisc_cli_has(cli, "dry-run")};
    for (guint i = 1; i < cli->words->arguments->len; i++) {
        g_ptr_array_add(entities, cli->words->arguments->pdata[i]);
    }
    g_ptr_array_add(entities, NULL);
    order.entities = (const char *const *)entities->pdata;
    if (entities->len < 2 || (entities->len > 2 && !has_several)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc unit %s ENTITY%s --into %s --date D", verb,
                         has_several ? " ..." : "", has_several ? "ENTITY" : "\"ENTITY ...\"");
    }
    order.into = fisc_cli_require(cli, "into", error);
    return order.into != NULL && fisc_cli_require(cli, "date", error) != NULL &&
           fisc_cli_date(cli, "date", &order.on, error) && fisc_cli_open(cli, error) &&
           fisc_flow_unit_succeed(&cli->context, &order, &done, error) &&
           print_succession(cli, &order, &done, out_status, error);
}

static bool
split(FiscCli *cli, int *out_status, GError **error)
{
    return succeed(cli, "split", false, out_status, error);
}

static bool
merge(FiscCli *cli, int *out_status, GError **error)
{
    return succeed(cli, "merge", true, out_status, error);
}

static bool
close_unit(FiscCli *cli, int *out_status, GError **error)
{
    return succeed(cli, "close", false, out_status, error);
}

static const struct {
    const char *verb, *meaning;
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} verbs[] = {
    {"list", "every unit as it is on a day (--date)", list},
    {"show", "what is on record of one", show},
    {"change", "what it is from --date on: --name, --sector, --cp-code, --statements", change},
    {"join", "it belongs to --group from --date on", join},
    {"leave", "--date is its last day in --group", leave},
    {"split", "others take over, by a --rule: --into \"EDU HEALTH\"", split},
    {"merge", "several become one: merge A B --into C", merge},
    {"close", "another takes over all of it: --into C", close_unit},
};

const char *const *
fisc_unit_verbs(void)
{
    static const char *names[2 * G_N_ELEMENTS(verbs) + 1];
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        names[2 * i] = verbs[i].verb;
        names[2 * i + 1] = verbs[i].meaning;
    }
    return names;
}

bool
fisc_command_unit(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    FiscFormat format;
    if (!fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error)) {
        return false;
    }
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].verb, verb) == 0) {
            return verbs[i].run(cli, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "fisc unit has no verb \"%s\"", verb);
}
