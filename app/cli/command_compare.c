/* command_compare.c: `fisc budget`: versions beside each other: compared, merged, carried into the
 * next year, and looked at by ceiling, programme and tag. docs/formulation.md walks through them.
 */
#include "app/cli/commands.h"

bool
fisc_budget_compare(FiscCli *cli, int *out_status, GError **error)
{
    const FiscPlanComparison query = {.before = fisc_cli_argument(cli, 1),
                                      .after = fisc_cli_argument(cli, 2),
                                      .entity = fisc_cli_option(cli, "entity"),
                                      .by = fisc_cli_option(cli, "by")};
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return fisc_cli_open(cli, error) &&
           fisc_flow_plan_compare(&cli->context, &query, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
read_prevails(const FiscCli *cli, FiscMergePrevails *out_prevails, GError **error)
{
    bool is_ours = fisc_cli_has(cli, "ours"), is_theirs = fisc_cli_has(cli, "theirs");
    *out_prevails = is_ours ? FISC_MERGE_OURS : is_theirs ? FISC_MERGE_THEIRS : FISC_MERGE_REFUSE;
    return !(is_ours && is_theirs) ||
           fisc_fail(error, FISC_ERROR_USAGE, "only one of --ours and --theirs can prevail");
}

bool
fisc_budget_merge(FiscCli *cli, int *out_status, GError **error)
{
    FiscPlanMerging order = {.from = fisc_cli_argument(cli, 1),
                             .into = fisc_cli_argument(cli, 2),
                             .base = fisc_cli_option(cli, "base")};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_auto(FiscPlanDone) done = {NULL};
    order.reason = fisc_cli_require(cli, "reason", error);
    if (order.reason == NULL || !read_prevails(cli, &order.prevails, error) ||
        !fisc_cli_open(cli, error) ||
        !fisc_flow_plan_merge(&cli->context, &order, &done, &receipt, refusals, error)) {
        return false;
    }
    *out_status = fisc_cli_print_plan_done(cli, order.into, &done, refusals, receipt);
    return true;
}

bool
fisc_budget_baseline(FiscCli *cli, int *out_status, GError **error)
{
    FiscPlanCarrying order = {.from = fisc_cli_argument(cli, 1),
                              .into = fisc_cli_argument(cli, 2),
                              .entity = fisc_cli_option(cli, "entity"),
                              .index = fisc_cli_option(cli, "index"),
                              .reason = fisc_cli_require(cli, "reason", error)};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_auto(FiscPlanDone) done = {NULL};
    if (order.reason == NULL || !fisc_cli_open(cli, error) ||
        !fisc_flow_plan_baseline(&cli->context, &order, &done, &receipt, refusals, error)) {
        return false;
    }
    *out_status = fisc_cli_print_plan_done(cli, order.into, &done, refusals, receipt);
    return true;
}

static bool
look(FiscCli *cli,
     bool (*flow)(FiscContext *ctx, const char *version, FiscTable **out_table, GError **error),
     int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return fisc_cli_open(cli, error) &&
           flow(&cli->context, fisc_cli_argument(cli, 1), &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

bool
fisc_budget_ceilings(FiscCli *cli, int *out_status, GError **error)
{
    return look(cli, fisc_flow_plan_ceilings, out_status, error);
}

bool
fisc_budget_performance(FiscCli *cli, int *out_status, GError **error)
{
    return look(cli, fisc_flow_plan_performance, out_status, error);
}

bool
fisc_budget_tags(FiscCli *cli, int *out_status, GError **error)
{
    return look(cli, fisc_flow_plan_tags, out_status, error);
}
