/* plan_consolidated.c: walk 4 for a budget that is being prepared: the lines of a version, and on
 * request what the books have of it, in one snapshot; then pure building. */
#include "app/flows/plan.h"
#include "fisc/budget_consolidated.h"
#include "fisc/ledger.h"

static bool
find_year(const FiscPlanConsolidation *query, const FiscPlanFrame *frame, int *out_index,
          GError **error)
{
    int year = query->year != 0 ? query->year : frame->year;
    if (year < frame->year || year >= frame->year + frame->years) {
        return fisc_fail(error, FISC_ERROR_USAGE, "version %s is of %d to %d, not of %d",
                         query->version, frame->year, frame->year + frame->years - 1, year);
    }
    *out_index = year - frame->year;
    return true;
}

static bool
load_balances(FiscPlanDesk *desk, FiscContext *ctx, const FiscPlanConsolidation *query,
              const FiscNation *nation, int year, FiscBalances **out_balances, GError **error)
{
    g_autoptr(GHashTable) members =
        query->unit != NULL ? fisc_nation_perimeter(nation, query->unit) : NULL;
    return !query->enacted || fisc_balances_load(desk->tx, ctx->book_id, nation, year * 100 + 13,
                                                 NULL, members, out_balances, error);
}

bool
fisc_flow_plan_consolidated(FiscContext *ctx, const FiscPlanConsolidation *query,
                            FiscTable **out_table, GError **error)
{
    g_auto(FiscPlanDesk) desk = {NULL};
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscPlanLines) lines = NULL;
    g_autoptr(FiscBalances) balances = NULL;
    FiscConsolidatedQuery statement = {.unit = query->unit, .by = query->by};
    if (query->pairs && (query->by != NULL || query->enacted)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "pairs go neither --by words nor with --enacted");
    }
    if (!fisc_plan_desk_open(&desk, ctx, query->version, error) ||
        !find_year(query, &desk.version->frame, &statement.year_index, error) ||
        !fisc_nation_load(desk.tx, ctx->book_id, 0, &nation, error) ||
        !fisc_version_lines(desk.tx, desk.version, NULL, &lines, error) ||
        !load_balances(&desk, ctx, query, nation, desk.version->frame.year + statement.year_index,
                       &balances, error)) {
        return false;
    }
    statement.nation = nation;
    statement.lines = lines;
    statement.balances = balances;
    return query->pairs ? fisc_statement_budget_pairs(&statement, out_table, error)
                        : fisc_statement_budget_consolidated(&statement, out_table, error);
}
