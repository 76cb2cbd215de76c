/* report.c: walk 4: one snapshot, then pure building. One row per report, so the list is the help.
 */
#include "app/flows/internal.h"
#include "app/flows/report_snapshot.h"
#include "fisc/pivot.h"
#include "fisc/poster.h"
#include "reporting/labels.h"
#include <string.h>

FiscStatementQuery
fisc_report_statement_query(const FiscReportSnapshot *snapshot, const char *unit)
{
    return (FiscStatementQuery){.nation = snapshot->nation,
                                .balances = fisc_report_balances_of(snapshot, unit),
                                .unit = unit,
                                .from = snapshot->from,
                                .to = snapshot->to,
                                .unconsolidated = snapshot->query->unconsolidated,
                                .statement = snapshot->query->statement,
                                .family = snapshot->query->standard,
                                .layer = snapshot->query->layer};
}

static bool
build_one_gfs(const FiscReportSnapshot *snapshot, const char *unit, FiscTable **out_table,
              GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, unit);
    return fisc_statement_build(&query, out_table, error);
}

static const char *
family_title(const char *name)
{
    const char *const *pair = fisc_statement_families();
    while (name != NULL && strcmp(pair[0], name) != 0) {
        pair += 2; /* it was found before a statement was built */
    }
    return pair[1];
}

static void
append_unit(FiscTable *part, gpointer data)
{
    FiscTable **whole = data;
    if (*whole == NULL) {
        *whole = part;
    } else {
        fisc_table_append(*whole, part);
    }
}

static bool
build_gfs(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    if (snapshot->query->unit != NULL) {
        return build_one_gfs(snapshot, snapshot->query->unit, out_table, error);
    }
    g_autoptr(FiscTable) whole = NULL;
    if (!fisc_report_each_unit(snapshot, NULL, append_unit, &whole, error)) {
        return false;
    }
    g_free(whole->title);
    whole->title = g_strdup_printf("%s, every unit, %s", family_title(snapshot->query->standard),
                                   snapshot->query->period);
    *out_table = g_steal_pointer(&whole);
    return true;
}

static bool
build_cofog_economic(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_statement_cofog_economic(&query, out_table, error);
}

static bool
build_eliminations(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    if (query->by == NULL) {
        return fisc_statement_eliminations(snapshot->nation, snapshot->lines, query->unit,
                                           out_table, error);
    }
    if (strcmp(query->by, "level") == 0) {
        return fisc_statement_eliminations_by_level(snapshot->nation, snapshot->lines, query->unit,
                                                    out_table, error);
    }
    if (strcmp(query->by, "pair") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "eliminations go by \"pair\" or \"level\", not by \"%s\"", query->by);
    }
    return fisc_statement_eliminations_by_pair(snapshot->nation, snapshot->lines, query->unit,
                                               out_table, error);
}

static bool
build_asymmetries(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    FiscAsymmetryQuery asymmetry = {.nation = snapshot->nation,
                                    .balances = snapshot->balances,
                                    .lines = snapshot->lines,
                                    .group = query->unit,
                                    .from = snapshot->from,
                                    .to = snapshot->to,
                                    .every_kind = query->by != NULL};
    if (query->by != NULL && strcmp(query->by, "kind") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "asymmetries go by \"kind\", not by \"%s\"",
                         query->by);
    }
    return query->detail ? fisc_statement_asymmetry_records(&asymmetry, out_table, error)
                         : fisc_statement_asymmetries(&asymmetry, out_table, error);
}

static bool
build_transfers(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscTransferQuery query = fisc_report_transfer_query(snapshot);
    return fisc_statement_transfers(&query, out_table, error);
}

static bool
build_adjustments(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_adjustments(snapshot->nation, snapshot->lines, snapshot->query->unit,
                                      snapshot->query->layer, snapshot->from, snapshot->to,
                                      out_table, error);
}

static bool
build_completeness(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_completeness_table(snapshot->nation, snapshot->balances,
                                             snapshot->query->unit, snapshot->from, snapshot->to,
                                             out_table, error);
}

static bool
build_trial_balance(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_trial_balance(snapshot->nation, snapshot->balances, snapshot->query->unit,
                                        snapshot->from, snapshot->to, out_table, error);
}

static bool
build_budget_execution(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_budget_execution(snapshot->nation, snapshot->balances,
                                           snapshot->query->unit, fisc_period_year(snapshot->from),
                                           out_table, error);
}

static bool
build_budget_stages(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    return fisc_statement_budget_stages(snapshot->nation, snapshot->balances, query->unit,
                                        fisc_period_year(snapshot->from),
                                        query->by != NULL ? query->by : "entity,gfs_code",
                                        query->revenue, query->over_only, out_table, error);
}

static bool
build_control_exceptions(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    return fisc_statement_control_exceptions(snapshot->nation, snapshot->funds, query->unit,
                                             fisc_period_year(snapshot->from), query->control,
                                             query->detail, out_table, error);
}

static bool
build_budget_book(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_book_report(snapshot->query, snapshot->book, snapshot->nation, snapshot->balances,
                            fisc_period_year(snapshot->to), out_table, error);
}

/* A ratio of a part of a year to the budget of all of it would say nothing. */
static bool
build_pefa(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    FiscPefaQuery pefa = {.nation = snapshot->nation,
                          .balances = snapshot->balances,
                          .unit = query->unit,
                          .year = fisc_period_year(snapshot->to),
                          .contingency = query->contingency};
    if (snapshot->from % 100 != 0 || snapshot->to % 100 < 12) {
        return fisc_fail(error, FISC_ERROR_USAGE, "PEFA indicators are of whole years: --period %d",
                         pefa.year);
    }
    return fisc_pefa_build(&pefa, out_table, error);
}

/* Its lines are defined on the books before they are closed. */
static bool
build_budgetary_resources(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    FiscStatementQuery query = {.nation = snapshot->nation,
                                .balances = snapshot->balances,
                                .unit = snapshot->query->unit,
                                .from = snapshot->from,
                                .to = snapshot->to,
                                .layout = "USSGL_SBR"};
    return fisc_report_before_closing(&query.from, &query.to, error) &&
           fisc_statement_national(&query, out_table, error);
}

static bool
build_ipsas_budget(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    if (snapshot->from % 100 != 0 || snapshot->to % 100 < 12) {
        return fisc_fail(error, FISC_ERROR_USAGE, "IPSAS 24 compares whole years: --period %d",
                         fisc_period_year(snapshot->to));
    }
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_statement_ipsas_budget(&query, out_table, error);
}

static bool
build_layout(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    query.layout = snapshot->query->layout;
    return fisc_statement_national(&query, out_table, error);
}

static bool
build_pivot(const FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    const FiscPivotQuery pivot = {.nation = snapshot->nation,
                                  .balances = snapshot->balances,
                                  .unit = query->unit,
                                  .from = snapshot->from,
                                  .to = snapshot->to,
                                  .by = query->by,
                                  .across = query->across,
                                  .where = query->where,
                                  .measure = query->measure};
    return fisc_pivot_build(&pivot, out_table, error);
}

#define IPSAS "ipsas" /* gfs by another standard: fisc_report_complete() */

typedef struct {
    const char *name;
    const char *description;
    FiscReportWants wants;
    FiscReportBuilder build;
} Report;

static const Report reports[] = {
    {"gfs", "every GFSM 2014 statement of a unit or group", FISC_REPORT_BALANCES, build_gfs},
    {"cofog-economic", "expenditure by function and economic class at once", FISC_REPORT_BALANCES,
     build_cofog_economic},
    {"eliminations", "each line left out of a group, or their sums (--by pair, --by level)",
     FISC_REPORT_LINES, build_eliminations},
    {"asymmetries", "grants, or every --by kind of dealing, that two units record differently",
     FISC_REPORT_DEALINGS, build_asymmetries},
    {"transfers",
     "grants, payer's and receiver's entries matched; what is in transit, whose, how old",
     FISC_REPORT_TRANSFERS, build_transfers},
    {"adjustments", "each entry in an adjustment layer, with who approved it", FISC_REPORT_LAYERS,
     build_adjustments},
    {"completeness", "which units' reports are due, came, are missing, and their share of value",
     FISC_REPORT_BALANCES, build_completeness},
    {"budget-execution", "original, virement, final, accrued, paid, available by line",
     FISC_REPORT_BALANCES, build_budget_execution},
    {"budget-stages", "every stage by any segments (--by), spending or --revenue",
     FISC_REPORT_BALANCES, build_budget_stages},
    {"budget-book", "original, changes by kind, revised, executed, by any segments (--by)",
     FISC_REPORT_BOOK, build_budget_book},
    {"pefa", "the PEFA indicators of outturn against the voted budget, over three years",
     FISC_REPORT_BALANCES, build_pefa},
    {"control-exceptions", "how many keys of each control are over; each of them (--detail)",
     FISC_REPORT_FUNDS, build_control_exceptions},
    {"pivot", "any --measure by any segments, down (--by) and --across, --where what is meant",
     FISC_REPORT_BALANCES, build_pivot},
    {"trial-balance", "turnovers and balance by entity and account", FISC_REPORT_BALANCES,
     build_trial_balance},
    {"budgetary-resources", "Statement of Budgetary Resources of a chart like the USSGL",
     FISC_REPORT_BALANCES, build_budgetary_resources},
    {IPSAS, "financial statements by IPSAS, beside those of the year before", FISC_REPORT_BALANCES,
     build_gfs},
    {"ipsas24", "IPSAS 24: budget against actual, reconciled to cash and to expenses",
     FISC_REPORT_BALANCES, build_ipsas_budget},
    {"layout", "a statement of one's own, by a layout on record (--layout)", FISC_REPORT_BALANCES,
     build_layout},
};

const char *const *
fisc_flow_report_names(void)
{
    static const char *names[2 * G_N_ELEMENTS(reports) + 1];
    for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
        names[2 * i] = reports[i].name;
        names[2 * i + 1] = reports[i].description;
    }
    return names;
}

static const Report *
find_report(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
        if (strcmp(reports[i].name, name) == 0) {
            return &reports[i];
        }
    }
    return NULL;
}

/* Only statements over layouts have a choice of them. */
static bool
check_words(const Report *report, const FiscReportQuery *query, GError **error)
{
    bool has_statements = report->build == build_gfs;
    if (query->statement != NULL && !has_statements) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report %s has no statements to choose from",
                         query->name);
    }
    if (query->layer != NULL && !has_statements && report->build != build_layout &&
        report->build != build_cofog_economic && report->build != build_adjustments) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report %s knows no layers to choose from",
                         query->name);
    }
    bool is_of_lines = report->wants == FISC_REPORT_LINES || report->wants == FISC_REPORT_LAYERS ||
                       report->wants == FISC_REPORT_TRANSFERS;
    if (is_of_lines && g_strcmp0(query->calendar, "own") == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "report %s lists entries in their own months: it knows no --calendar",
                         query->name);
    }
    bool has_standards = has_statements || report->build == build_cofog_economic;
    if (query->standard != NULL && !has_standards) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report %s knows no standards to choose from",
                         query->name);
    }
    if (strcmp(report->name, IPSAS) == 0 && strcmp(query->standard, "ipsas") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report ipsas is of the standard ipsas only");
    }
    if ((query->layout != NULL) != (report->build == build_layout)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--layout goes with report layout, and only there");
    }
    return true;
}

void
fisc_report_write_notes(const FiscReportSnapshot *snapshot, FiscTable *table)
{
    for (guint i = 0; i < snapshot->notes->len; i++) {
        fisc_table_add_note(table, "%s", (const char *)snapshot->notes->pdata[i]);
    }
}

static bool
build_column(FiscContext *ctx, const FiscReportQuery *query, const Report *report,
             FiscReportSnapshot *snapshot, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_report_read_words(query, snapshot, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_report_read(tx, ctx, report->wants, snapshot, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error) ||
        !report->build(snapshot, out_table, error)) {
        return false;
    }
    fisc_report_write_notes(snapshot, *out_table);
    fisc_report_key_cells(query, *out_table);
    return true;
}

FiscReportQuery
fisc_report_complete(const FiscReportQuery *query)
{
    FiscReportQuery whole = *query;
    if (g_strcmp0(query->name, IPSAS) == 0) {
        whole.standard = query->standard != NULL ? query->standard : "ipsas";
        whole.beside = query->beside != NULL ? query->beside : "years=1";
    }
    return whole;
}

bool
fisc_report_make(FiscContext *ctx, const FiscReportQuery *query, FiscReportSnapshot *out_snapshot,
                 FiscTable **out_table, GError **error)
{
    const Report *report = find_report(query->name);
    if (report == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no report \"%s\"", query->name);
    }
    if (!check_words(report, query, error) || !fisc_label_check_language(query->language, error)) {
        return false;
    }
    return query->beside != NULL ? fisc_report_beside(ctx, query, report->wants, report->build,
                                                      out_snapshot, out_table, error)
                                 : build_column(ctx, query, report, out_snapshot, out_table, error);
}

bool
fisc_flow_report(FiscContext *ctx, const FiscReportQuery *query, FiscTable **out_table,
                 GError **error)
{
    g_auto(FiscReportSnapshot) snapshot = {0};
    const FiscReportQuery whole = fisc_report_complete(query);
    if (!fisc_report_make(ctx, &whole, &snapshot, out_table, error)) {
        return false;
    }
    fisc_labels_translate(*out_table, query->language);
    return true;
}
