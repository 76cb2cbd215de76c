/* report.c: walk 4: one snapshot, then pure building. One row per report, so the list is the help.
 */
#include "app/flows/internal.h"
#include "app/flows/report_book.h"
#include "fisc/ledger.h"
#include "fisc/poster.h"
#include <string.h>

/* What a report is built from: one snapshot. */
typedef struct {
    const FiscReportQuery *query;
    FiscNation *nation;
    FiscBalances *balances;
    FiscPostedLines *lines; /* NULL unless the report wants them */
    GPtrArray *funds;       /* of FiscFunds: likewise */
    FiscBookRecord *book;   /* likewise */
    FiscPeriod from, to;
} Snapshot;

typedef bool (*Builder)(const Snapshot *snapshot, FiscTable **out_table, GError **error);

/* Closing entries are in period 13. */
static bool
leave_closing_out(const FiscPeriod *from, FiscPeriod *to, GError **error)
{
    if (*from % 100 == 13) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "period 13 closes the year: there is nothing of "
                         "it before closing");
    }
    *to -= *to % 100 == 13 ? 1 : 0;
    return true;
}

static bool
build_one_gfs(const Snapshot *snapshot, const char *unit, FiscTable **out_table, GError **error)
{
    FiscStatementQuery query = {.nation = snapshot->nation,
                                .balances = snapshot->balances,
                                .unit = unit,
                                .from = snapshot->from,
                                .to = snapshot->to,
                                .unconsolidated = snapshot->query->unconsolidated,
                                .statement = snapshot->query->statement};
    return fisc_statement_build(&query, out_table, error);
}

static bool
build_gfs(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    if (snapshot->query->unit != NULL) {
        return build_one_gfs(snapshot, snapshot->query->unit, out_table, error);
    }
    g_autoptr(FiscTable) whole = NULL;
    const FiscNation *nation = snapshot->nation;
    for (guint i = 0; i < nation->entities->len + nation->groups->len; i++) {
        const FiscEntity *entity = i < nation->entities->len ? nation->entities->pdata[i] : NULL;
        const FiscGroup *group =
            entity == NULL ? nation->groups->pdata[i - nation->entities->len] : NULL;
        FiscTable *part = NULL;
        if (entity != NULL && !entity->reporting) {
            continue;
        }
        if (!build_one_gfs(snapshot, entity != NULL ? entity->code : group->code, &part, error)) {
            return false;
        }
        if (whole == NULL) {
            whole = part;
        } else {
            fisc_table_append(whole, part);
        }
    }
    if (whole == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "no unit has statements yet: load a package first");
    }
    g_free(whole->title);
    whole->title = g_strdup_printf("Government finance statistics (GFSM 2014), every unit, %s",
                                   snapshot->query->period);
    *out_table = g_steal_pointer(&whole);
    return true;
}

static bool
build_eliminations(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    if (query->by == NULL) {
        return fisc_statement_eliminations(snapshot->nation, snapshot->lines, query->unit,
                                           out_table, error);
    }
    if (strcmp(query->by, "pair") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "eliminations go by \"pair\", not by \"%s\"",
                         query->by);
    }
    return fisc_statement_eliminations_by_pair(snapshot->nation, snapshot->lines, query->unit,
                                               out_table, error);
}

static bool
build_asymmetries(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_asymmetries(snapshot->nation, snapshot->balances, snapshot->query->unit,
                                      snapshot->from, snapshot->to, out_table, error);
}

static bool
build_trial_balance(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_trial_balance(snapshot->nation, snapshot->balances, snapshot->query->unit,
                                        snapshot->from, snapshot->to, out_table, error);
}

static bool
build_budget_execution(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_statement_budget_execution(snapshot->nation, snapshot->balances,
                                           snapshot->query->unit, fisc_period_year(snapshot->from),
                                           out_table, error);
}

static bool
build_budget_stages(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    return fisc_statement_budget_stages(snapshot->nation, snapshot->balances, query->unit,
                                        fisc_period_year(snapshot->from),
                                        query->by != NULL ? query->by : "entity,gfs_code",
                                        query->revenue, query->over_only, out_table, error);
}

static bool
build_control_exceptions(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    return fisc_statement_control_exceptions(snapshot->nation, snapshot->funds, query->unit,
                                             fisc_period_year(snapshot->from), query->control,
                                             query->detail, out_table, error);
}

static bool
build_budget_book(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    return fisc_book_report(snapshot->query, snapshot->book, snapshot->nation, snapshot->balances,
                            fisc_period_year(snapshot->to), out_table, error);
}

/* A ratio of a part of a year to the budget of all of it would say nothing. */
static bool
build_pefa(const Snapshot *snapshot, FiscTable **out_table, GError **error)
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
build_budgetary_resources(const Snapshot *snapshot, FiscTable **out_table, GError **error)
{
    FiscStatementQuery query = {.nation = snapshot->nation,
                                .balances = snapshot->balances,
                                .unit = snapshot->query->unit,
                                .from = snapshot->from,
                                .to = snapshot->to,
                                .layout = "USSGL_SBR"};
    return leave_closing_out(&query.from, &query.to, error) &&
           fisc_statement_national(&query, out_table, error);
}

/* What a report reads beside nation and balances. */
typedef enum { WANTS_BALANCES, WANTS_LINES, WANTS_FUNDS, WANTS_BOOK } Wants;

typedef struct {
    const char *name;
    const char *description;
    Wants wants;
    Builder build;
} Report;

static const Report reports[] = {
    {"gfs", "every GFSM 2014 statement of a unit or group", WANTS_BALANCES, build_gfs},
    {"eliminations", "each line left out of a group, or their sums (--by pair)", WANTS_LINES,
     build_eliminations},
    {"asymmetries", "grants that payer and receiver record differently", WANTS_BALANCES,
     build_asymmetries},
    {"budget-execution", "original, virement, final, accrued, paid, available by line",
     WANTS_BALANCES, build_budget_execution},
    {"budget-stages", "every stage by any segments (--by), spending or --revenue", WANTS_BALANCES,
     build_budget_stages},
    {"budget-book", "original, changes by kind, revised, executed, by any segments (--by)",
     WANTS_BOOK, build_budget_book},
    {"pefa", "the PEFA indicators of outturn against the voted budget, over three years",
     WANTS_BALANCES, build_pefa},
    {"control-exceptions", "how many keys of each control are over; each of them (--detail)",
     WANTS_FUNDS, build_control_exceptions},
    {"trial-balance", "turnovers and balance by entity and account", WANTS_BALANCES,
     build_trial_balance},
    {"budgetary-resources", "Statement of Budgetary Resources of a chart like the USSGL",
     WANTS_BALANCES, build_budgetary_resources},
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

static bool
parse_moment(const FiscReportQuery *query, FiscMoment *out_moment, GError **error)
{
    *out_moment = (FiscMoment){0};
    if (query->as_of != NULL) {
        out_moment->has_as_of = fisc_date_parse(query->as_of, &out_moment->as_of);
        if (!out_moment->has_as_of) {
            return fisc_fail(error, FISC_ERROR_USAGE, "--as-of \"%s\" is no date", query->as_of);
        }
    }
    if (query->known_at != NULL) {
        guint64 number = 0;
        if (!g_ascii_string_to_unsigned(query->known_at, 10, 1, G_MAXINT64, &number, NULL)) {
            return fisc_fail(error, FISC_ERROR_USAGE, "--known-at \"%s\" is no batch number",
                             query->known_at);
        }
        out_moment->known_at = (int64_t)number;
    }
    return true;
}

/* The engine answers, as it would judge the next entry: not as of a day, nor as known before. */
static bool
read_funds(FiscContext *ctx, const FiscMoment *moment, Snapshot *snapshot, GError **error)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(FiscPoster) poster = NULL;
    if (moment->has_as_of || moment->known_at > 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "report %s knows the books as they are, not --as-of or --known-at",
                         snapshot->query->name);
    }
    return fisc_poster_open(ctx->pool, ctx->book_id, &poster, error) &&
           fisc_poster_funds(poster, NULL, fisc_period_year(snapshot->from), any, &snapshot->funds,
                             error);
}

/* Only the units that are asked about are read; what is asked of one must not cost what all do. */
static bool
read_balances(FiscTx *tx, FiscContext *ctx, const FiscMoment *moment, Snapshot *snapshot,
              GError **error)
{
    const char *unit = snapshot->query->unit;
    g_autoptr(GHashTable) members =
        unit != NULL ? fisc_nation_perimeter(snapshot->nation, unit) : NULL;
    return fisc_balances_load(tx, ctx->book_id, snapshot->nation, snapshot->to, moment, members,
                              &snapshot->balances, error);
}

static bool
read_snapshot(FiscContext *ctx, const FiscMoment *moment, Wants wants, Snapshot *snapshot,
              GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, ctx->book_id, moment->known_at, &snapshot->nation, error) &&
           read_balances(tx, ctx, moment, snapshot, error) &&
           (wants != WANTS_LINES ||
            fisc_posted_lines_load(tx, ctx->book_id, snapshot->nation, snapshot->from, snapshot->to,
                                   moment, &snapshot->lines, error)) &&
           (wants != WANTS_BOOK ||
            fisc_book_record_load(tx, ctx->book_id, snapshot->nation, snapshot->to, moment,
                                  snapshot->query, &snapshot->book, error)) &&
           fisc_tx_commit(g_steal_pointer(&tx), error) &&
           (wants != WANTS_FUNDS || read_funds(ctx, moment, snapshot, error));
}

bool
fisc_flow_report(FiscContext *ctx, const FiscReportQuery *query, FiscTable **out_table,
                 GError **error)
{
    const Report *report = find_report(query->name);
    FiscMoment moment;
    Snapshot snapshot = {.query = query};
    if (report == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no report \"%s\"", query->name);
    }
    if (query->statement != NULL && report->build != build_gfs) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report %s has no statements to choose from",
                         query->name);
    }
    if (query->standard != NULL && strcmp(query->standard, "gfsm2014") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "standard \"%s\" is not offered: gfsm2014",
                         query->standard);
    }
    if (query->period == NULL ||
        !fisc_period_range_parse(query->period, &snapshot.from, &snapshot.to)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--period \"%s\" is none of 2024, 2024-Q3, 2024-06",
                         query->period != NULL ? query->period : "");
    }
    if (!parse_moment(query, &moment, error) ||
        (query->before_closing && !leave_closing_out(&snapshot.from, &snapshot.to, error))) {
        return false;
    }
    bool is_done = read_snapshot(ctx, &moment, report->wants, &snapshot, error) &&
                   report->build(&snapshot, out_table, error);
    g_clear_pointer(&snapshot.funds, g_ptr_array_unref);
    fisc_book_record_free(snapshot.book);
    fisc_posted_lines_free(snapshot.lines);
    fisc_balances_free(snapshot.balances);
    fisc_nation_free(snapshot.nation);
    return is_done;
}
